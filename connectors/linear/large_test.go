package linear

import (
	"fmt"
	"strings"
	"testing"
)

// large are texts made of nothing but what takes a parser the square of its number.
func large() map[string]string {
	const size = 1 << 16
	texts := map[string]string{}
	for _, seed := range []string{
		"word ", "[", "]", "[a](", "[a](<", `[a](b "`, `[a](b '`, "[a](b(", "![", "![a](b", "{", "`", "``a", "``\n\\", "```\n", "*", "_a", "**a ", "***", "_*", "~~", "|", "|a", "|a|\n|-|\n", "a|b\n", "\\", "\\[",
		">", "> ", ">a\n", "a> ", "- ", "* ", "+ a\n", "1. ", "- > ", "> - 1. ", "  - a\n", "[ ] ", "- a\n\n", "# \n", "=\n", "-\n", "https://", "http://\n", "http://a_b.c", "www.a", "a@b.c ", "<", "<a ", `<a href="`, "<https://", "<!--", "&", "&#", "&amp;",
		"[a](https://x.example/)", "[a][b] ", "[x][", "[[]", "[^1]", "[a]: b\n", "[a]: b\n[a] ", "@k ", "\n", "\t",
	} {
		texts[seed] = strings.Repeat(seed, size/len(seed))
	}
	return texts
}

// BenchmarkLargeTexts shows how long the worst of them takes: before what is nested and
// what is left open was bounded, the parser alone took up to 98 seconds.
func BenchmarkLargeTexts(b *testing.B) {
	for seed, text := range large() {
		b.Run(fmt.Sprintf("%q", seed), func(b *testing.B) {
			for b.Loop() {
				markdown(text)
			}
		})
	}
}

// TestLargeTexts holds what the parser is given to its bounds, and what comes out of it.
func TestLargeTexts(t *testing.T) {
	for seed, text := range large() {
		inARow, most := 0, mostInARow+strings.Count(text, "](")/mostInARow // a line is broken after so many links
		for line := range strings.Lines(bounded(text)) {
			if strings.TrimSpace(line) == "" {
				inARow = 0
			} else if inARow++; inARow > most {
				t.Errorf("%q: more than %d lines in a row", seed, most)
				break
			}
			rest, nested := line, 0
			for n := opener(rest); n > 0; n = opener(rest) {
				rest, nested = rest[n:], nested+1
			}
			if links := strings.Count(rest, "]("); nested > mostNested || links > mostInARow {
				t.Errorf("%q: a line of %d openers and %d links", seed, nested, links)
				break
			}
		}
		got := markdown(text)
		if total := len(got.Prose) + len(strings.Join(got.Quotes, "")) + len(strings.Join(got.Code, "")); total > 2*len(text) {
			t.Errorf("%q: %d bytes came of %d", seed, total, len(text))
		}
	}
	var md, doc strings.Builder
	const many = 20000
	for i := range many {
		fmt.Fprintf(&md, "[a](https://x.example/%d) @n%d ", i, i)
		fmt.Fprintf(&doc, `{"type":"text","text":"x","marks":[{"type":"link","attrs":{"href":"https://x.example/%d"}}]},{"type":"mention","attrs":{"id":"%d"}},`, i, i)
	}
	if got := markdown(md.String()); len(got.Links) != many || len(handles(got.Prose)) != many {
		t.Errorf("%d links, %d names", len(got.Links), len(handles(got.Prose)))
	}
	if got, ok := document(`{"type":"doc","content":[` + doc.String() + `{}]}`); !ok || len(got.Links) != many || len(got.Mentions) != many {
		t.Errorf("%d links, %d mentions", len(got.Links), len(got.Mentions))
	}
	for depth, want := range map[int]bool{4000: true, 1_000_000: false} { // the decoder's own limit lies between
		if _, ok := document(`{"type":"doc","content":[` + strings.Repeat(`{"type":"x","content":[`, depth) + strings.Repeat(`]}`, depth) + `]}`); ok != want {
			t.Errorf("%d deep: read %t", depth, ok)
		}
	}
}

// TestBounded: what people write is left as it is.
func TestBounded(t *testing.T) {
	row := "| [a](b) | [c](d) |\n"
	for _, s := range []string{
		strings.Repeat(row, mostInARow) + "\n" + row, strings.Repeat("> > - 1. [x](y)\n", mostInARow), "- [ ] a\n  - [x] b\n" + strings.Repeat("12. c\n", 40),
		strings.Repeat("a - b 1. > c\n", 50), strings.Repeat("-----\n***\n", 40),
		strings.Repeat("[a](b) ", mostInARow-1),
	} {
		if got := bounded(s); got != s {
			t.Errorf("%.60q became %.60q", s, got)
		}
	}
	links := strings.Repeat("[a](https://x.example) ", 3*mostInARow)
	if got, short := markdown(links), markdown(links[:23]); got.Prose != strings.TrimSpace(strings.Repeat("a ", 3*mostInARow)) || len(got.Links) != 1 || got.Links[0] != short.Links[0] {
		t.Errorf("many links on a line: %+v", got)
	}
	if lines := strings.Repeat("a\n", 3*mostInARow); markdown(lines).Prose != strings.TrimSpace(lines) {
		t.Errorf("many lines: %q", markdown(lines).Prose)
	}
	if got := markdown(strings.Repeat("> ", 500) + "x"); len(got.Quotes) != 1 || got.Quotes[0] != "x" {
		t.Errorf("deep quotes: %+v", got)
	}
}
