package reports

import (
	"regexp"
	"strings"
	"testing"
)

func TestMarkdownEscapes(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"plain", "plain"},
		{"a|b", `a\|b`},
		{"<b>", "&lt;b&gt;"},
		{"&amp;", "&amp;amp;"},
		{"`x`", "\\`x\\`"},
		{"**x**", `\*\*x\*\*`},
		{"[a](javascript:b)", `\[a\](javascript:b)`},
		{"![x]", `\!\[x\]`},
		{"@team", "@\u200bteam"},
		{"a@b.example", "a@\u200bb.example"},
		{"http://x", `http\://x`},
		{"www.x", `www\.x`},
		{"#1", `\#1`},
		{"# h", `\# h`},
		{"1. x", `1\. x`},
		{"- x", `\- x`},
		{"+ x", `\+ x`},
		{"a-b", "a-b"},
		{`\`, `\\`},
		{"~~x~~", `\~\~x\~\~`},
		{"snake_case", `snake\_case`},
		{"3.5 h", `3\.5 h`},
	} {
		if got := md(c.in); got != c.want {
			t.Errorf("md(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// TestMarkdownTablesKeepTheirColumns counts the bars that are not escaped.
func TestMarkdownTablesKeepTheirColumns(t *testing.T) {
	bar := regexp.MustCompile(`\\.|\|`)
	for _, name := range fixtures() {
		want := 0
		for i, l := range strings.Split(render(t, "markdown", Options{}, fixture(t, name)), "\n") {
			n := 0
			for _, m := range bar.FindAllString(l, -1) {
				if m == "|" {
					n++
				}
			}
			if !strings.HasPrefix(l, "|") {
				if n > 0 && !strings.Contains(l, "`") {
					t.Errorf("%s line %d: a bar outside a table: %.200q", name, i+1, l)
				}
				want = 0
				continue
			}
			if want == 0 {
				want = n
			}
			if n != want {
				t.Errorf("%s line %d: %d bars, want %d: %.200q", name, i+1, n, want, l)
			}
		}
	}
}

func TestMarkdownLinksOnlyToTheWeb(t *testing.T) {
	out := render(t, "markdown", Options{}, fixture(t, "hostile"))
	for _, m := range regexp.MustCompile(`\]\(<([^>]*)>\)`).FindAllStringSubmatch(out, -1) {
		if !strings.HasPrefix(m[1], "https://") || strings.ContainsAny(m[1], "\"' ") || strings.Contains(m[1], "secret") {
			t.Errorf("a link to %q", m[1])
		}
	}
	for _, bad := range []string{"<script", "<img", "<b>", "<iframe", "<details", "\r"} {
		if strings.Contains(out, bad) {
			t.Errorf("%q is in the page", bad)
		}
	}
}
