package main

import (
	"fmt"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// list writes rows to stdout: as a table on a terminal, elsewhere one line each
// with tabs between the columns and no heading, for cut and awk.
func (p *program) list(head []string, rows [][]string) error {
	for _, row := range rows {
		for i, cell := range row {
			row[i] = printable(strings.Join(strings.Fields(cell), " "))
		}
	}
	if _, ok := terminal(p.out); ok {
		return p.table(head, rows)
	}
	for _, row := range rows {
		if _, err := fmt.Fprintln(p.out, strings.Join(row, "\t")); err != nil {
			return fmt.Errorf("write the list: %w", err)
		}
	}
	return nil
}

func (p *program) table(head []string, rows [][]string) error {
	t := tablewriter.NewTable(p.out,
		tablewriter.WithEastAsian(tw.Off), // widths must not depend on the reader's locale
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders:  tw.BorderNone,
			Settings: tw.Settings{Lines: tw.LinesNone, Separators: tw.SeparatorsNone},
		})),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone), tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithPadding(tw.Padding{Right: "  ", Overwrite: true}),
		tablewriter.WithAlignment(tw.MakeAlign(len(head), tw.AlignLeft)),
		tablewriter.WithHeaderAlignment(tw.AlignLeft),
	)
	t.Header(head)
	if err := t.Bulk(rows); err != nil {
		return fmt.Errorf("write the list: %w", err)
	}
	if err := t.Render(); err != nil {
		return fmt.Errorf("write the list: %w", err)
	}
	return nil
}
