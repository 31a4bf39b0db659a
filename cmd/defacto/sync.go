package main

import (
	"context"

	"github.com/spf13/cobra"

	"defacto/config"
)

func syncCommand(p *program) *cobra.Command {
	var full bool
	cmd := &cobra.Command{
		Use:     "sync [SOURCE…]",
		Short:   "Pull what changed in the configured sources since the last time",
		GroupID: "read",
		Long: `Sync reads what changed in each configured source (or in those named) since the last
time into the store. It may be stopped at any moment: what came is stored, and the next
run goes on from there. It says what it could not get and then exits with 5.

Nothing is ever written to a tracker.`,
		Example: `  defacto sync
  defacto sync acme --full`,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := p.configure(cmd, true)
			if err != nil {
				return err
			}
			return p.sync(cmd.Context(), c, args, full)
		},
	}
	cmd.Flags().BoolVar(&full, "full", false, "read everything again, not only what changed")
	return cmd
}

// sync pulls the named sources one after another; one that fails keeps no other
// from being pulled.
func (p *program) sync(ctx context.Context, c *config.Config, names []string, full bool) error {
	wanted, err := chosen(c, names)
	if err != nil {
		return err
	}
	st, err := p.openStore(ctx, c)
	if err != nil {
		return err
	}
	defer st.Close()
	var failed failures
	for _, s := range wanted {
		src, err := p.source(s)
		if err == nil {
			err = p.pull(ctx, st, src, full)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			failed = append(failed, err)
		}
	}
	if _, err := p.read(ctx, st, c); err != nil {
		failed = append(failed, err)
	}
	if len(failed) > 0 {
		return failed
	}
	return nil
}

// chosen returns the configured sources of these names, all when there are none.
func chosen(c *config.Config, names []string) ([]config.Source, error) {
	if len(c.Sources) == 0 {
		return nil, advise(usage("no source is configured"), "write one into defacto.yaml (docs/defacto.yaml shows how), or read files with defacto import")
	}
	if len(names) == 0 {
		return c.Sources, nil
	}
	var list []config.Source
	for _, name := range names {
		s, ok := c.Source(name)
		if !ok {
			return nil, usage("no source is called %q; the configuration has %s", name, sourceNames(c))
		}
		list = append(list, s)
	}
	return list, nil
}
