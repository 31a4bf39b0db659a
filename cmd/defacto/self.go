package main

import (
	"context"

	"github.com/spf13/cobra"

	"defacto/analysis"
	"defacto/backlog"
	"defacto/config"
	"defacto/reports"
)

func selfCommand(p *program) *cobra.Command {
	var q question
	var me string
	cmd := &cobra.Command{
		Use:     "self --me PERSON",
		Short:   "Look at your own page: where your attention went",
		GroupID: "ask",
		Long: `Self is a product manager's own page: touches at roadmap and story level by week, what pulled
the attention down (scopes, duties, people), the roadmap items gone quiet, how it moved since
the period before, and the stories somebody else could own. It is about one person, for
that person.`,
		Example: `  defacto self --me "Alice Ng"
  defacto self --me alice@acme.example --period 2026-Q1..2026-Q4
  defacto self --me "Alice Ng" --format html > me.html`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if me == "" {
				return advise(usage("--me says whose page it is, and is missing"), "defacto people list shows who there is")
			}
			if err := q.shown(); err != nil {
				return err
			}
			return p.ask(cmd, func(ctx context.Context, c *config.Config, f *facts) error {
				return p.self(ctx, c, f, me, q)
			})
		},
	}
	p.askFlags(cmd, &q)
	cmd.Flags().StringVar(&me, "me", "", "whose page: a `PERSON` by id, account, e-mail or name")
	return cmd
}

func (p *program) self(ctx context.Context, c *config.Config, f *facts, me string, q question) error {
	person, err := analysis.FindPerson(f.site, me)
	if err != nil {
		return usageError{err}
	}
	if person == backlog.Nobody {
		return advise(usage("there is nobody called %q in the store", me), "defacto people list shows who there is")
	}
	o, _, err := p.options(ctx, c, f, q)
	if err != nil {
		return err
	}
	s, err := analysis.Mirror(ctx, f.site, f.load, o, person)
	if err != nil {
		return err
	}
	return reports.Self(p.out, s, q.format, reports.Options{Width: p.width(), Color: p.color(p.out), Zone: c.Calendar.Zone})
}
