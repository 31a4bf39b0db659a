package reports

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/fatih/color"
	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// terminal collects the lines of a page that is so many columns wide.
type terminal struct {
	bytes.Buffer
	width int
	color bool
}

// column is one column of a grid. Cells wider than its width are wrapped, or
// cut where tight is set; a width of 0 takes what the cells need.
type column struct {
	head  string
	width int
	right bool
	tight bool
}

// paint colours a text on a colour terminal and leaves it alone elsewhere.
func (t *terminal) paint(s string, attrs ...color.Attribute) string {
	if !t.color || s == "" || len(attrs) == 0 {
		return s
	}
	c := color.New(attrs...)
	c.EnableColor()
	lines := strings.Split(s, "\n") // a cell's lines stand apart on the screen
	for i := range lines {
		lines[i] = c.Sprint(lines[i])
	}
	return strings.Join(lines, "\n")
}

func (t *terminal) line(s string) {
	t.WriteString(strings.TrimRight(s, " "))
	t.WriteByte('\n')
}

// text writes a paragraph, wrapped and indented.
func (t *terminal) text(s string, indent int, attrs ...color.Attribute) {
	t.hanging(strings.Repeat(" ", indent), indent, s, attrs...)
}

// hanging writes a paragraph behind a lead; its other lines are indented.
func (t *terminal) hanging(lead string, indent int, s string, attrs ...color.Attribute) {
	for i, l := range wrap(s, t.width-indent) {
		if i > 0 {
			lead = strings.Repeat(" ", indent)
		}
		t.line(lead + t.paint(l, attrs...))
	}
}

// head writes a heading with a blank line before it.
func (t *terminal) head(s string) {
	t.line("")
	t.line(t.paint(strings.ToUpper(s), color.Bold))
}

func (t *terminal) rule(ascii, light string) {
	if t.color {
		ascii = light
	}
	t.line(strings.Repeat(ascii, t.width))
}

// grid writes a table: plain letters and dashes when piped, light lines in colour.
func (t *terminal) grid(cols []column, rows [][]string) error {
	heads := make([]string, len(cols))
	align := make(tw.Alignment, len(cols))
	for i, c := range cols {
		heads[i] = t.paint(fitCell(column{width: c.width}, c.head), color.Bold)
		align[i] = tw.AlignLeft
		if c.right {
			align[i] = tw.AlignRight
		}
	}
	style := tw.StyleASCII
	if t.color {
		style = tw.StyleLight
	}
	var b bytes.Buffer
	out := tablewriter.NewTable(&b,
		// The width of a letter must not depend on the reader's locale.
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders: tw.BorderNone,
			Symbols: tw.NewSymbols(style),
			Settings: tw.Settings{
				Lines:      tw.Lines{ShowTop: tw.Off, ShowBottom: tw.Off, ShowHeaderLine: tw.On, ShowFooterLine: tw.Off},
				Separators: tw.SeparatorsNone,
			},
		})),
		tablewriter.WithHeaderAutoFormat(tw.Off), tablewriter.WithRowAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone), tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithPadding(tw.Padding{Left: "", Right: "  ", Overwrite: true}),
		tablewriter.WithAlignment(align),
		tablewriter.WithHeaderAlignmentConfig(tw.CellAlignment{PerColumn: align}),
	)
	out.Header(anys(heads)...)
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, c := range row {
			cells[i] = fitCell(cols[i], c)
		}
		if err := out.Append(cells); err != nil {
			return fmt.Errorf("reports: table: %w", err)
		}
	}
	if err := out.Render(); err != nil {
		return fmt.Errorf("reports: table: %w", err)
	}
	lines := strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
	widest := 0
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
		if i != ruleLine(lines) {
			widest = max(widest, columns(lines[i]))
		}
	}
	for i, l := range lines {
		if i == ruleLine(lines) {
			l = headOf(l, widest) // it also runs under the padding of the last column
		}
		t.line(l)
	}
	return nil
}

// ruleLine finds the line under a grid's heads.
func ruleLine(lines []string) int {
	return slices.IndexFunc(lines, func(l string) bool { return l != "" && strings.Trim(l, "-─") == "" })
}

func fitCell(c column, s string) string {
	switch {
	case c.width == 0:
		return s
	case c.tight:
		return fit(s, c.width)
	}
	return strings.Join(wrap(s, c.width), "\n")
}

func anys(s []string) []any {
	a := make([]any, len(s))
	for i := range s {
		a[i] = s[i]
	}
	return a
}
