package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"defacto/config"
	"defacto/connectors"
	"defacto/connectors/sample"
	"defacto/reports"
)

// demoSeed makes the demo's organisation: another seed, another organisation.
const demoSeed = 1

func demoCommand(p *program) *cobra.Command {
	var dir string
	var truth bool
	cmd := &cobra.Command{
		Use:     "demo",
		Short:   "See it work on a made-up organisation, without account or configuration",
		GroupID: "ask",
		Long: `Demo makes up an organisation of six teams over four quarters, copies it into a store the
way a tracker would be, audits the last quarter and writes an HTML page of all four.
The organisation is the same every time, and what is true of it is known: --truth shows
it beside what was found.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.demo(cmd.Context(), dir, truth)
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "defacto-demo", "`FOLDER` for the store, its configuration and the page")
	cmd.Flags().BoolVar(&truth, "truth", false, "show what is true beside what was found")
	return cmd
}

// demo takes the road of real data: a source, a store, people, an audit, reports.
func (p *program) demo(ctx context.Context, dir string, truth bool) error {
	org := sample.Demo(demoSeed)
	c, err := p.demoConfig(dir, org)
	if err != nil {
		return err
	}
	st, err := p.openStore(ctx, c)
	if err != nil {
		return err
	}
	defer st.Close()
	if site, err := st.Site(ctx); err != nil {
		return err
	} else if others := len(site.Sources); others > 1 || others == 1 && site.Sources[0].Name != org.Name() {
		return advise(usage("%s holds other facts than the demo's", c.Store), "name another folder with --dir: made-up people must not mix with real ones")
	}
	if _, err := connectors.Sync(ctx, org, st, connectors.Options{Now: p.now}); err != nil {
		return err
	}
	f, err := p.read(ctx, st, c)
	if err != nil {
		return err
	}
	all, err := p.measure(ctx, c, f, question{period: "all"})
	if err != nil {
		return err
	}
	page := filepath.Join(dir, "report.html")
	if err := p.write(all, reports.Options{Zone: c.Calendar.Zone}, []output{{"html", page}}); err != nil {
		return err
	}
	if truth {
		return p.compare(all, org.Truth(), f.site)
	}
	last, err := p.measure(ctx, c, f, question{})
	if err != nil {
		return err
	}
	if err := p.write(last, reports.Options{Zone: c.Calendar.Zone}, []output{{"table", "-"}}); err != nil {
		return err
	}
	p.tell("next: open %s, or ask more: defacto audit --config %s --period all", page, c.Path)
	return nil
}

// demoConfig writes the configuration of the made-up organisation, which declares
// its roles, and reads it back as anybody's would be.
func (p *program) demoConfig(dir string, org *sample.Org) (*config.Config, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make a folder for the demo: %w", err)
	}
	path := filepath.Join(dir, "defacto.yaml")
	text := demoYAML(org)
	if err := writeFile(path, text); err != nil {
		return nil, fmt.Errorf("write the demo's configuration: %w", err)
	}
	opt := p.configOptions()
	opt.Path, opt.Data = path, text
	opt.Getenv = func(string) string { return "" } // nobody's settings but its own
	return config.Load(opt)
}

func demoYAML(org *sample.Org) []byte {
	var b strings.Builder
	b.WriteString("# The configuration of the made-up organisation that defacto demo shows.\nstore: defacto.db\nroles:\n")
	for _, d := range org.Declared() {
		if d.Origin != sample.Configured {
			continue
		}
		fmt.Fprintf(&b, "  - {person: %q, role: %s, scopes: [%q]", org.Name()+":"+d.Account, d.Role, org.Name()+"/"+d.Scope)
		if !d.From.IsZero() {
			fmt.Fprintf(&b, ", from: %s", d.From.Format(time.DateOnly))
		}
		if !d.Until.IsZero() {
			fmt.Fprintf(&b, ", until: %s", d.Until.AddDate(0, 0, -1).Format(time.DateOnly))
		}
		fmt.Fprintf(&b, "} # %s\n", d.Name)
	}
	return []byte(b.String())
}
