package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"defacto/analysis"
	"defacto/backlog"
	"defacto/config"
	"defacto/reports"
)

func explainCommand(p *program) *cobra.Command {
	var q question
	cmd := &cobra.Command{
		Use:     "explain FINDING|NUMBER|PERSON|ISSUE",
		Short:   "Show the arithmetic and every event behind a number",
		GroupID: "ask",
		Long: `Explain shows what is behind a finding (by the id a report prints), a number, a person (by id,
account, e-mail or name) or an issue (by key): the arithmetic step by step, and every event
with who, when, from and to. Acts that were left out are shown too, each with the reason.

A number is named SCOPE/PERIOD/NAME, its name one of write, prioritise, accept, answer,
roadmap, market, product-owner, product-manager, waits and forest.

A finding's and a number's scope and period are in their names; for people and issues they are those of
--scope and --period, the last complete quarter with data where none is given.`,
		Example: `  defacto explain acme/PAY/2026-Q3/po-differs/p1a2b3c4d
  defacto explain acme/PAY/2026-Q3/accept
  defacto explain "Alice Ng" --period 2026-Q1..2026-Q3
  defacto explain PAY-12 --period all
  defacto explain PAY-12 --format html > PAY-12.html`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := q.shown(); err != nil {
				return err
			}
			return p.ask(cmd, func(ctx context.Context, c *config.Config, f *facts) error {
				return p.explain(ctx, c, f, args[0], q)
			})
		},
	}
	p.askFlags(cmd, &q)
	return cmd
}

func (p *program) explain(ctx context.Context, c *config.Config, f *facts, text string, q question) error {
	subject, err := analysis.ParseSubject(f.site, text)
	if err != nil {
		return usageError{err}
	}
	if subject.Placed() {
		scope, period := placeOf(text)
		if q.period == "" {
			q.period = period
		}
		if len(q.scopes) == 0 && !strings.Contains(text, "/po-stretched/") { // that one needs every scope
			q.scopes = []string{scope}
		}
	}
	o, _, err := p.options(ctx, c, f, q)
	if err != nil {
		return err
	}
	e, err := analysis.Explain(ctx, f.site, f.load, o, subject)
	if err != nil {
		return err
	}
	if subject.Finding && (len(e.Parts) == 0 || e.Parts[0].Title != analysis.TheFinding) {
		return advise(usage("%s is not raised in the store as it is now", text), "defacto audit --period "+q.period+" lists the findings there are")
	}
	if subject.Number != "" && len(e.Parts) == 0 {
		return advise(usage("%s is not in the store", text), "name a scope and a period as defacto audit prints them")
	}
	return reports.Explain(p.out, e, q.format, reports.Options{Width: p.width(), Color: p.color(p.out), Zone: c.Calendar.Zone})
}

// placeOf reads the scope and the period out of a finding's id or a number's name,
// SOURCE/KEY[/part:NAME]/PERIOD/code[/…]. A part's name may hold anything, so the last
// word that is a period counts; where none is, the third word is taken for one.
func placeOf(text string) (scope, period string) {
	parts := strings.Split(text, "/")
	for i := len(parts) - 2; i >= 2; i-- {
		if parts[i] != "" && backlog.CheckPeriods(parts[i]) == nil {
			return strings.Join(parts[:i], "/"), parts[i]
		}
	}
	return strings.Join(parts[:2], "/"), parts[2]
}
