package reports

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"plain text", "plain text"},
		{"  two  spaces ", "two spaces"},
		{"a\r\nb\tc", "a b c"},
		{"\x1b[31mred\x1b[0m", "red"},
		{"\x1b]0;title\x07x", "x"},
		{"\x1b]0;never ends", "0;never ends"},
		{"\u009b31mred", "red"},
		{"\x1bPdcs\x1b\\x", "x"},
		{"\x1b", ""},
		{"\x1b[", ""},
		{"a\x1bcb", "ab"},
		{"a\u202eb\u202c", "ab"},
		{"\ufeffa\u200bb", "ab"},
		{"a\x00b\x7fc", "abc"},
		{"a\xffb", "a\ufffdb"},
		{"👩\u200d💻", "👩\u200d💻"},
		{"日本語", "日本語"},
		{"a\u2028b\u0085c", "a b c"},
		{"\U000e0041x", "x"},
	} {
		if got := clean(c.in); got != c.want {
			t.Errorf("clean(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"a", "\x1b[31m", "\x1b]0;x", "\u202e", "a \x00 b", "\xff\xfe", "\u0090q\u009c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := clean(s)
		if !utf8.ValidString(got) {
			t.Fatalf("clean(%q) is not UTF-8", s)
		}
		for _, r := range got {
			if unicode.IsControl(r) || hidden(r) {
				t.Fatalf("clean(%q) keeps %U", s, r)
			}
		}
		if again := clean(got); again != got {
			t.Fatalf("clean is not settled: %q, then %q", got, again)
		}
		for _, width := range []int{1, 7, 40} {
			lines := wrap(got, width)
			if strings.Join(strings.Fields(got), "") != strings.ReplaceAll(strings.Join(lines, ""), " ", "") {
				t.Fatalf("wrap(%q, %d) = %q loses text", got, width, lines)
			}
		}
	})
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		in    string
		width int
		want  string
	}{
		{"", 5, ""}, {"one two three", 7, "one two/three"}, {"abcdefgh", 3, "abc/def/gh"}, {"a abcdefgh b", 4, "a/abcd/efgh/b"}, {"日本語", 4, "日本/語"}, {"\u06e4 00", 1, "\u06e4/0/0"},
	} {
		if got := strings.Join(wrap(c.in, c.width), "/"); got != c.want {
			t.Errorf("wrap(%q, %d) = %q, want %q", c.in, c.width, got, c.want)
		}
	}
}

func TestPercentNeverRoundsToNothingOrAll(t *testing.T) {
	for v, want := range map[float64]string{0: "0%", 0.001: "<1%", 0.5: "50%", 0.996: ">99%", 1: "100%", 0.994: "99%"} {
		if got := percent(v); got != want {
			t.Errorf("percent(%v) = %q, want %q", v, got, want)
		}
	}
}
