package reports

import (
	"fmt"
	"io"
	"strings"

	"github.com/fatih/color"

	"defacto/analysis"
)

const noPart = "It plays no part in the scopes and periods looked at: name others with --scope and --period."

// Explain writes what is behind a number, a person, an issue or a finding: the
// arithmetic step by step, and every event. Format is table, html or
// json.
func Explain(w io.Writer, e *analysis.Explanation, format string, o Options) error {
	if format == "json" {
		return document(w, e)
	}
	o = o.normal()
	if format == "html" {
		return explanationHTML(w, e, o)
	}
	if format != "table" {
		return fmt.Errorf("an explanation is written as table, html or json, not %q", format)
	}
	t := terminal{width: o.Width, color: o.Color}
	p := peopleOf(&analysis.Report{People: e.People})
	t.text(clean(e.Title), 0, color.Bold)
	last := ""
	for i := range e.Parts {
		s := &e.Parts[i]
		if where := clean(s.Scope) + ", " + s.Period; where != last {
			t.line("")
			t.rule("=", "═")
			t.text(where, 0, color.Bold)
			last = where
		}
		t.head(clean(s.Title))
		for _, l := range s.Lines {
			t.text(clean(l), 0)
		}
		if err := events(&t, p, s.Events, o); err != nil {
			return err
		}
	}
	if len(e.Parts) == 0 {
		t.text(noPart, 0)
	}
	_, err := w.Write(t.Bytes())
	return err
}

// events writes evidence as a table, with the links under it where there are any.
func events(t *terminal, p people, list []analysis.Evidence, o Options) error {
	if len(list) == 0 {
		return nil
	}
	rows := make([][]string, 0, len(list))
	for _, e := range list {
		what := e.What
		if e.From != "" || e.To != "" {
			what += ": " + orDash(clean(e.From)) + " → " + orDash(clean(e.To))
		}
		weight := ""
		if e.Weight > 0 {
			weight = number(e.Weight)
		}
		rows = append(rows, []string{when(e.At, o.Zone), clean(e.Issue), p.or(e.Person, ""), what, e.Event, weight, clean(e.Why)})
	}
	wide := max(12, (t.width-64)/2)
	err := t.grid([]column{{head: "when"}, {head: "issue"}, {head: "who", width: 18}, {head: "what", width: wide}, {head: "event", tight: true, width: 18}, {head: "weight", right: true}, {head: "why", width: wide}}, rows)
	if base, ok := strings.CutSuffix(list[0].URL, list[0].Issue); ok && base != "" {
		t.text("Each issue opens at "+clean(base)+"KEY.", 0)
	}
	return err
}

func orDash(s string) string {
	if strings.TrimSpace(s) == "" {
		return "–"
	}
	return s
}
