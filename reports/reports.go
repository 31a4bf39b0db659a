// Package reports turns an [analysis.Report] into bytes a person or a program
// reads: a terminal table, Markdown, HTML, CSV and JSON. It formats and sorts;
// it never measures or judges. Text that came from a tracker is hostile to every
// renderer and neutralised the way its format needs.
package reports

import (
	"fmt"
	"io"
	"strings"
	"time"

	"defacto/analysis"
)

// Renderer writes a report in one format. The same report and options give the
// same bytes; a Renderer may be used by several goroutines at once and never
// changes the report.
type Renderer interface {
	Render(w io.Writer, r *analysis.Report) error
}

// Options says for whom a report is rendered. The zero value is a plain report,
// 80 columns wide, with times in UTC.
type Options struct {
	Width int            // columns of the terminal table; 0 means 80, below 40 means 40
	Color bool           // escape codes and box lines in the terminal table; false when piped
	Zone  *time.Location // where the reader's clock is; nil means UTC
	Trend bool           // table and Markdown show the periods side by side and leave the rest out

	at place // in the pages of a server
}

type format struct {
	name string
	make func(Options) Renderer
}

// formats is the one list of formats; a format is a file and a line here.
func formats() []format {
	return []format{
		{"table", func(o Options) Renderer { return table{o} }},
		{"markdown", func(o Options) Renderer { return markdown{o} }},
		{"html", func(o Options) Renderer { return page{o} }},
		{"json", func(Options) Renderer { return jsonFormat{} }},
		{"csv", func(Options) Renderer { return csvFormat{} }},
	}
}

// Names lists the formats [ByName] knows.
func Names() []string {
	var names []string
	for _, f := range formats() {
		names = append(names, f.name)
	}
	return names
}

// ByName returns the renderer of a format, or an error that lists the formats
// there are.
func ByName(name string, o Options) (Renderer, error) {
	for _, f := range formats() {
		if f.name == name {
			return f.make(o.normal()), nil
		}
	}
	return nil, fmt.Errorf("format %q is not one of %s", name, strings.Join(Names(), ", "))
}

func (o Options) normal() Options {
	if o.Width <= 0 {
		o.Width = 80
	}
	o.Width = max(o.Width, 40)
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	return o
}
