package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"defacto/backlog"
	"defacto/config"
	"defacto/store"
)

func peopleForget(p *program) *cobra.Command {
	var w word
	var yes bool
	cmd := &cobra.Command{
		Use:   "forget PERSON",
		Short: "Erase a person: names, accounts and texts, for good",
		Long: `Forget erases a person from the store: names, addresses, account ids, comments, titles
and descriptions they wrote, and their full name, address or handle in what others wrote. What
they did stays counted, as done by "a former member". A salted hash of what named them
is kept, so that no later sync or import brings them back.

It cannot be undone. Out of its reach are backups, reports and exports made before, the tracker
itself, defacto.yaml (it says which lines name them), and a first name alone in the
words of others.`,
		Example: `  defacto people forget "Anna Lee" --why "asked for on 3 May"
  defacto people forget acme:5b10ac8d82e05b22cc7d4ef6 --yes`,
		Args: cobra.ExactArgs(1),
		RunE: p.withFacts(func(ctx context.Context, c *config.Config, f *facts, args []string) error {
			people, err := f.persons(args)
			if err != nil {
				return err
			}
			person := people[0]
			if !yes {
				fmt.Fprintf(p.out, "Erase %s with %s (%s) from %s? This cannot be undone.\n", printable(person.Name), count(len(person.Accounts), "account"),
					printable(strings.Join(person.Accounts, " ")), printable(c.Store))
				answer, err := newAsker(p).line("Type yes to erase", "no")
				if err != nil {
					return err
				}
				if answer != "yes" {
					return advise(usage("nobody was erased"), "answer yes, or run it with --yes")
				}
			}
			return p.forget(ctx, c, f, person, w)
		}),
	}
	w.flags(cmd)
	cmd.Flags().BoolVar(&yes, "yes", false, "erase without asking")
	return cmd
}

func (p *program) forget(ctx context.Context, c *config.Config, f *facts, person backlog.Person, w word) error {
	lines := configLines(c, person)
	done, err := f.store.Forget(ctx, person.ID, w.why, p.signer(w.by))
	if err != nil && !errors.Is(err, store.ErrTraces) {
		return err
	}
	if _, err := fmt.Fprintf(p.out, "erased %s, %s, %s and names in %s; decision %d\n", count(done.Accounts, "account"), count(done.Comments, "comment"),
		count(done.Texts, "other text"), count(done.Names, "text"), done.Decision); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	if len(lines) > 0 {
		p.tell("%s still names them, on %s", c.Path, strings.Join(lines, ", "))
	}
	p.tell("backups, reports and exports made before may name them still: remove those too")
	if err != nil {
		return advise(shortError{err.Error()}, "end that process, then run defacto store vacuum")
	}
	_, err = p.read(ctx, f.store, c)
	return err
}

// configLines says where a configuration names a person.
func configLines(c *config.Config, person backlog.Person) []string {
	names := func(text string) bool {
		return strings.EqualFold(text, person.Name) || person.Email != "" && strings.EqualFold(text, person.Email) || slices.Contains(person.Accounts, text)
	}
	var lines []string
	add := func(line int) { lines = append(lines, fmt.Sprintf("line %d", line)) }
	for _, r := range c.Roles {
		if names(r.Person) {
			add(r.Line)
		}
	}
	for _, other := range c.People {
		if names(other.Name) || slices.ContainsFunc(other.Accounts, names) {
			add(other.Line)
		}
	}
	for _, a := range c.Absences {
		if names(a.Person) {
			add(a.Line)
		}
	}
	return lines
}
