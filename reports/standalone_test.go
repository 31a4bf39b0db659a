package reports

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"defacto/analysis"
)

// One's own page and an explanation as files: they fetch nothing, run nothing but
// their own script, and show hostile text as text.
func TestStandalone(t *testing.T) {
	const evil = "\"><script>alert(1)</script>\u202e\x1b[31m\r\n=HYPERLINK()"
	people := []analysis.Person{{ID: "p1", Name: evil, Kind: "person"}}
	acts := []analysis.Evidence{{Issue: evil, URL: "javascript:alert(1)", Event: evil, At: time.Unix(0, 0), Person: "p1", What: evil, From: evil, To: strings.Repeat("x", 10000), Why: evil}}
	low, high, index := .1, .3, .2
	for name, write := range map[string]func(b *bytes.Buffer) error{
		"self": func(b *bytes.Buffer) error {
			return Self(b, &analysis.Self{
				Person: people[0], People: people, Limits: []string{evil},
				Periods: []analysis.SelfPeriod{{Period: evil, Roadmap: 5, Story: 20, Index: &index, Low: &low, High: &high, Touched: acts}},
			}, "html", Options{})
		},
		"explanation": func(b *bytes.Buffer) error {
			return Explain(b, &analysis.Explanation{
				Title: evil, People: people, Parts: []analysis.Step{{Scope: evil, Period: "2026-Q1", Title: evil, Lines: []string{evil}, Events: acts}},
			}, "html", Options{})
		},
		"nothing to explain": func(b *bytes.Buffer) error {
			return Explain(b, &analysis.Explanation{Title: evil}, "html", Options{})
		},
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		elements, text := parse(t, b.String())
		scripts := 0
		for _, e := range elements {
			if e.name == "script" {
				scripts++
			}
			if href := e.attr["href"]; e.name == "a" && !strings.HasPrefix(href, "#") {
				t.Errorf("%s: a link to %q", name, href)
			}
			for a := range e.attr {
				if strings.HasPrefix(a, "on") {
					t.Errorf("%s: %s has %s", name, e.name, a)
				}
			}
		}
		if scripts != 1 || !strings.Contains(text, "<script>alert(1)</script>") || strings.ContainsAny(text, "\x1b\u202e") {
			t.Errorf("%s: %d scripts, or the text is not as it should be", name, scripts)
		}
		if strings.Contains(b.String(), strings.Repeat("x", 1000)) || !strings.Contains(b.String(), "default-src &#39;none&#39;") {
			t.Errorf("%s: a text without end, or no policy", name)
		}
	}
}
