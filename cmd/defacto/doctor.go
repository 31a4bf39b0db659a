package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"defacto/config"
)

func doctorCommand(p *program) *cobra.Command {
	var offline bool
	cmd := &cobra.Command{
		Use:     "doctor [SOURCE…]",
		Short:   "Say what is wrong, and the next step for each",
		GroupID: "keep",
		Long: `Doctor looks at the configuration, at each tracker (credentials, permissions per project,
what stays invisible, custom fields, the clock), at the store (how complete each scope is,
what statuses were taken for and why, people who may be one, declared roles that name
nobody) and at the mail server and what it left in doubt. It changes nothing and sends nothing.

Each line says how it is: fine, note, warning (it works, but something stays unseen) or
problem; and what can be done. It exits with 4 when a tracker refuses the credentials, with 2
when a secret is absent, with 5 when something is missing, else with 0.`,
		Example: `  defacto doctor
  defacto doctor acme
  defacto doctor --offline`,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := p.configure(cmd, !offline)
			var invalid *config.InvalidError
			if err != nil && (!errors.As(err, &invalid) || !invalid.OnlyMissing()) {
				return err
			}
			return p.examine(cmd.Context(), c, invalid, args, offline)
		},
	}
	cmd.Flags().BoolVar(&offline, "offline", false, "ask no tracker and no mail server")
	return cmd
}

// patient is what doctor looks at, and what it has found so far.
type patient struct {
	*program
	config  *config.Config
	sources []config.Source
	list    remarks
	failed  failures
}

func (p *program) examine(ctx context.Context, c *config.Config, absent *config.InvalidError, names []string, offline bool) error {
	x := &patient{program: p, config: c, sources: c.Sources}
	if len(names) > 0 {
		var err error
		if x.sources, err = chosen(c, names); err != nil {
			return err
		}
	}
	x.configuration(absent)
	if !offline {
		for _, s := range x.sources {
			x.tracker(ctx, s, absent != nil)
		}
	}
	if err := x.store(ctx); err != nil {
		return err
	}
	if !offline {
		x.mail(ctx)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := p.remarks(x.list); err != nil {
		return err
	}
	if absent != nil {
		x.failed = append(x.failed, absent)
	}
	if n := x.list.count(problem); n > 0 {
		x.failed = append(x.failed, advise(shortError{count(n, "problem") + " found"}, "the lines marked problem say what to do"))
	}
	if len(x.failed) > 0 {
		return x.failed
	}
	return nil
}

// remarks shows what was found: on a terminal a block each, elsewhere a line with
// tabs.
func (p *program) remarks(list remarks) error {
	if _, ok := terminal(p.out); !ok {
		return p.list(nil, list.rows())
	}
	for _, r := range list {
		text := fmt.Sprintf("%-8s %s: %s\n", r.grade, r.about, r.what)
		if r.next != "" {
			text += strings.Repeat(" ", 9) + "next: " + r.next + "\n"
		}
		if _, err := fmt.Fprint(p.out, printable(text)); err != nil {
			return fmt.Errorf("write what was found: %w", err)
		}
	}
	return nil
}

func (x *patient) configuration(absent *config.InvalidError) {
	c := x.config
	switch {
	case c.Path == "":
		x.list.add(note, "configuration", "there is no defacto.yaml", "make one with defacto init; a store from defacto import does without")
	default:
		x.list.add(fine, "configuration", fmt.Sprintf("%s: %s, %s, %s", c.Path, count(len(c.Sources), "source"), count(len(c.Roles), "declared role"), count(len(c.Reports), "report")), "")
	}
	if absent != nil {
		for _, m := range absent.Mistakes {
			x.list.add(problem, "configuration", m.String(), "set it where defacto runs; the value itself never stands in the file")
		}
	}
	if info, err := os.Stat(c.Path); err == nil && info.Mode().Perm()&0o022 != 0 {
		x.list.add(warning, "configuration", "others may write to "+c.Path, "chmod 600 "+c.Path)
	}
	for _, s := range c.Sources {
		for _, path := range s.Paths {
			if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
				x.list.add(problem, s.Name, "there is nothing at "+path, "correct paths in "+c.Path)
			}
		}
	}
	if c.Calendar.Zone.String() == "UTC" && len(c.Calendar.Holidays) == 0 {
		x.list.add(note, "calendar", "waits count from "+c.Calendar.Hours+" in UTC, "+c.Calendar.Days+", without holidays", "set calendar.zone and calendar.holidays in defacto.yaml")
	}
}
