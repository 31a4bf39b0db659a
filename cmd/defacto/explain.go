package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"defacto/analysis"
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
		parts := strings.Split(text, "/")
		if q.period == "" {
			q.period = periodOf(parts)
		}
		if len(q.scopes) == 0 && !strings.Contains(text, "/po-stretched/") { // that one needs every scope
			q.scopes = []string{scopeOf(parts)}
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

// scopeOf and periodOf read a finding's id: SOURCE/KEY[/part:NAME]/PERIOD/code[/…].
func scopeOf(parts []string) string {
	if strings.Contains(parts[2], ":") {
		return strings.Join(parts[:3], "/")
	}
	return strings.Join(parts[:2], "/")
}

func periodOf(parts []string) string {
	if strings.Contains(parts[2], ":") && len(parts) > 3 {
		return parts[3]
	}
	return parts[2]
}
