package main

import (
	"context"

	"github.com/spf13/cobra"

	"defacto/config"
	"defacto/reports"
)

func trendCommand(p *program) *cobra.Command {
	var q question
	cmd := &cobra.Command{
		Use:     "trend",
		Short:   "Set periods side by side: who held each duty, the forest index, the waits",
		GroupID: "ask",
		Long: `Trend audits several periods and shows them side by side: who held each duty and role, the
forest index of whoever a role finding concerns, how long questions waited, and how many
findings were raised.`,
		Example: `  defacto trend
  defacto trend --period 2026-Q1..2026-Q4 --scope acme/PAY
  defacto trend --format markdown`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if q.period == "" {
				q.period = "all"
			}
			to, err := outputs(q.format, nil)
			if err != nil {
				return err
			}
			return p.ask(cmd, func(ctx context.Context, c *config.Config, f *facts) error {
				report, err := p.measure(ctx, c, f, q)
				if err != nil {
					return err
				}
				return p.write(report, reports.Options{Zone: c.Calendar.Zone, Trend: true}, to)
			})
		},
	}
	p.askFlags(cmd, &q)
	cmd.Flags().Lookup("format").DefValue, q.format = "", ""
	cmd.Flags().Lookup("format").Usage = "`FORMAT`: table, markdown, html, json or csv"
	return cmd
}
