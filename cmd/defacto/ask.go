package main

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"defacto/config"
)

// askFlags are the flags of commands that look closer at part of an audit.
func (p *program) askFlags(cmd *cobra.Command, q *question) {
	f := cmd.Flags()
	f.StringVar(&q.period, "period", "", "`PERIOD` to look at, as defacto audit takes it")
	f.StringArrayVar(&q.scopes, "scope", nil, "only this `SCOPE`, as defacto audit takes it; may be repeated")
	f.StringVar(&q.format, "format", "table", "`FORMAT`: table, html or json")
	f.StringVar(&q.asOf, "as-of", "", "as of the end of this `DAY`, or this time")
}

// shown refuses a format that such commands do not write.
func (q question) shown() error {
	if !slices.Contains([]string{"table", "html", "json"}, q.format) {
		return usage("--format %q is not one of table, html, json", q.format)
	}
	return nil
}

// ask opens what a question is asked of: the configuration, the store that is
// there, and its accounts put together into people.
func (p *program) ask(cmd *cobra.Command, answer func(context.Context, *config.Config, *facts) error) error {
	c, err := p.configure(cmd, false)
	if err != nil {
		return err
	}
	ctx := cmd.Context()
	st, err := p.existingStore(ctx, c)
	if err != nil {
		return err
	}
	defer st.Close()
	f, err := p.read(ctx, st, c)
	if err != nil {
		return err
	}
	return answer(ctx, c, f)
}
