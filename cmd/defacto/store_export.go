package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"defacto/reports"
	"defacto/store"
)

func storeExport(p *program) *cobra.Command {
	opt := store.ExportOptions{Cell: reports.Cell}
	var withNames bool
	cmd := &cobra.Command{
		Use:   "export DIR",
		Short: "Write the open views as Parquet or CSV, for other programs",
		Long: `Export writes the open views as they are at one moment into a new folder, cut by
source and quarter in folders DuckDB, Spark and Trino know how to read:

  DIR/v_changes/source=acme/quarter=2026-Q3/part-0001.parquet

Parquet holds every value as it is. CSV is for people: a text that a spreadsheet
would take for a formula gets an apostrophe in front. The folder appears whole or
not at all, and only its owner may read it: it names people and holds what they
wrote. With privacy.pseudonyms it therefore takes --with-names.`,
		Example: `  defacto store acts && defacto store export warehouse
  defacto store export --format csv --views v_issues,v_acts sheets
  defacto store export --replace warehouse`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			c, err := p.configure(cmd, false)
			if err != nil {
				return err
			}
			if opt.Format != store.Parquet && opt.Format != store.CSV {
				return usage("--format is %q: it is %s or %s", opt.Format, store.Parquet, store.CSV)
			}
			for _, v := range opt.Views {
				if !slices.Contains(store.ExportedViews(), v) {
					return usage("--views names %q: the views are %s", v, strings.Join(store.ExportedViews(), ", "))
				}
			}
			if c.Privacy.Pseudonyms && !withNames {
				return advise(usage("an export names people, and privacy.pseudonyms is set"), "add --with-names if whoever reads it may know them, or export an audit with --format csv, which has pseudonyms")
			}
			st, err := p.existingStore(ctx, c)
			if err != nil {
				return err
			}
			opt.Dir = args[0]
			return errors.Join(p.export(ctx, st, opt), st.Close())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&opt.Format, "format", store.Parquet, "`FORMAT` of the files: parquet or csv")
	flags.StringSliceVar(&opt.Views, "views", nil, "the `VIEWS` to write (default all): "+strings.Join(store.ExportedViews(), ", "))
	flags.BoolVar(&opt.Replace, "replace", false, "put the new export in the place of an earlier one")
	flags.BoolVar(&withNames, "with-names", false, "export in spite of privacy.pseudonyms")
	return cmd
}

func (p *program) export(ctx context.Context, st *store.Store, opt store.ExportOptions) error {
	list, err := st.Export(ctx, opt)
	switch {
	case errors.Is(err, store.ErrNoActs):
		return advise(err, "fill it with defacto store acts, or name the other views with --views")
	case errors.Is(err, store.ErrOccupied):
		return advise(usageError{err}, "name a folder that is not there yet, or replace an earlier export with --replace")
	case err != nil:
		return err
	}
	for _, done := range list {
		fmt.Fprintf(p.out, "%s\t%s\t%s\n", done.View, count(int(done.Rows), "row"), count(done.Files, "file"))
		if done.View == "v_acts" {
			if err := p.warnOfOldActs(ctx, st); err != nil {
				return err
			}
		}
	}
	p.tell("wrote %s", opt.Dir)
	return nil
}

// warnOfOldActs says so where facts have come in since v_acts was filled.
func (p *program) warnOfOldActs(ctx context.Context, st *store.Store) error {
	stamp, err := st.ActsStamp(ctx)
	if err != nil {
		return err
	}
	site, err := st.Site(ctx)
	if err != nil {
		return err
	}
	now := newest(site.Syncs).Format(time.RFC3339)
	if then, _, _ := strings.Cut(strings.TrimPrefix(stamp, "as of "), ","); then != now {
		p.tell("v_acts is as of %s, the facts are as of %s: fill it anew with defacto store acts", then, now)
	}
	return nil
}
