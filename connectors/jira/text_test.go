package jira

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"defacto/backlog"
)

func TestParseWiki(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     backlog.Text
	}{
		{"plain", "As a miller\n\n\n I want   flour.", backlog.Text{Prose: "As a miller\nI want flour."}},
		{"mentions", "[~accountid:5f:lin] and [~kim.rowe], [~kim.rowe] again", backlog.Text{Prose: "and , again", Mentions: []string{"5f:lin", "kim.rowe"}, Addressed: true}},
		{"code", "Try {code:java|title=A.java}\nif (a?) b();\n{code} now {noformat}raw?{noformat}", backlog.Text{Prose: "Try\nnow", Code: []string{"if (a?) b();", "raw?"}}},
		{"code unclosed", "Try {code} this?", backlog.Text{Prose: "Try\nthis?"}},
		{"monospace", "run {{make all}} please", backlog.Text{Prose: "run make all please"}},
		{"quote", "{quote}Who pays, [~kim]? {code}x{code}{quote}\nWe do.", backlog.Text{Prose: "We do.", Quotes: []string{"Who pays, ?"}, Code: []string{"x"}}},
		{"bq", "bq. Old words?\nNew words", backlog.Text{Prose: "New words", Quotes: []string{"Old words?"}}},
		{"mail", "Yes.\n> can you?\n>> will he?\nNo.", backlog.Text{Prose: "Yes.\nNo.", Quotes: []string{"can you?\nwill he?"}}},
		{"arrow is no quote", "a -> b", backlog.Text{Prose: "a -> b"}},
		{"links", "[the plan|https://x.example/p] [https://x.example/q] [mail|mailto:a@x.example] [up|#top] [doc^not]", backlog.Text{
			Prose: "the plan mail up [doc^not]", Links: []string{"https://x.example/p", "https://x.example/q", "mailto:a@x.example"},
		}},
		{"smart link", "[https://x.example/p|https://x.example/p|smart-link] done", backlog.Text{Prose: "done", Links: []string{"https://x.example/p"}}},
		{"bare links", "see https://x.example/a_b_c?d=*1*, (http://y.example/(z)) or ftp://z.example.", backlog.Text{
			Prose: "see , ( ) or .", Links: []string{"https://x.example/a_b_c?d=*1", "http://y.example/(z)", "ftp://z.example"},
		}},
		{"brackets that are text", "[14:48] <rr> [a|b] [[x]] [DS-7] [ ]", backlog.Text{Prose: "[14:48] <rr> [a|b] [[x]] [DS-7] [ ]"}},
		{"attachment", "see [^log file.txt]", backlog.Text{Prose: "see"}},
		{"image", "look !shot 1.png|thumbnail! Wow! Great!", backlog.Text{Prose: "look Wow! Great!"}},
		{"emphasis", "*accepted* by _me_, snake_case and 2 * 3 * 4", backlog.Text{Prose: "accepted by me, snake_case and 2 * 3 * 4"}},
		{"lists and headings", "h2. Why\n* one\n** two\n# three\n- four\n----\nend", backlog.Text{Prose: "Why\none\ntwo\nthree\nfour\nend"}},
		{"table", "||a||b||\n|c|d|", backlog.Text{Prose: "a b\nc d"}},
		{"macros", "{color:red}red{color} {panel:title=X}in{panel} {toc} {unknown} ${x}", backlog.Text{Prose: "red in {unknown} ${x}"}},
		{"escapes", `\*not bold\* \[~kim] C:\Users\n line\\next`, backlog.Text{Prose: "*not bold* [~kim] C:\\Users\\n line\nnext"}},
		{"citation", "as ??Lean Mills?? says, really??", backlog.Text{Prose: "as Lean Mills says, really??"}},
		{"other scripts", "您能确认吗？[~accountid:5f:lin]，见https://x.example/路径。谢谢", backlog.Text{Prose: "您能确认吗？ ，见 。谢谢", Mentions: []string{"5f:lin"}, Links: []string{"https://x.example/路径"}}},
		{"hostile", "a\x1b[31mb\u202ec\u200bd\x00e", backlog.Text{Prose: "a[31mbcde"}},
		{"adf macro", "before {adf:display=block}{\"type\":\"x\"}{adf} after", backlog.Text{Prose: "before\nafter"}},
		{"empty", " \r\n\t ", backlog.Text{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want, parseWiki(c.in), cmpopts.EquateEmpty()); d != "" {
				t.Errorf("%q (-want +got):\n%s", c.in, d)
			}
		})
	}
}

func TestADF(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     backlog.Text
	}{
		{
			"type after content", `{"content":[{"content":[{"text":"x?","type":"text"}],"type":"codeBlock"},{"content":[{"text":"prose","type":"text"}],"type":"paragraph"}],"type":"doc"}`,
			backlog.Text{Prose: "prose", Code: []string{"x?"}},
		},
		{
			"nested quotes", `{"type":"doc","content":[{"type":"blockquote","content":[{"type":"blockquote","content":[{"type":"text","text":"in"}]},{"type":"text","text":"out"}]}]}`,
			backlog.Text{Quotes: []string{"out", "in"}},
		},
		{
			"link whose text is its address", `{"type":"doc","content":[{"type":"text","text":"https://x.example/","marks":[{"type":"link","attrs":{"href":"https://x.example/"}}]}]}`,
			backlog.Text{Links: []string{"https://x.example/"}},
		},
		{"nonsense", `{"type":7,"content":{"type":"text","text":["a"]},"attrs":null,"marks":5}`, backlog.Text{}},
		{
			"inline marks", `{"type":"doc","content":[{"type":"text","text":"run"},{"type":"status","attrs":{"text":"OPEN"}},{"type":"text","text":"now"},{"type":"extension","attrs":{"text":"gone"}}]}`,
			backlog.Text{Prose: "run OPEN now"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newReader()
			r.open([]byte(c.in))
			got, err := r.richText()
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestADFTooLarge(t *testing.T) {
	r := newReader()
	r.open([]byte(`{"type":"doc","content":[` + strings.Repeat(`{},`, mostNodes) + `{}]}`))
	if _, err := r.richText(); err == nil {
		t.Error("a million nodes were taken")
	}
}

// TestLargeTexts feeds what a quadratic parser would not survive.
func TestLargeTexts(t *testing.T) {
	const size = 1 << 19
	for _, seed := range []string{"word ", "[", "]", "{", "{{", "{quote}", "{code}", "{Code}x{cODE}", "!", "*", "_a", "|", "\\", "??a", "> ", ">a\n", "bq. ", "https://", "[a|https://x.example/]", "[~k]", "\n", "- ", "{color}", "：", "\u202e", "http:", "[^", "h1. \n", "!a.png", "{panel:"} {
		text := strings.Repeat(seed, size/len(seed))
		got := parseWiki(text)
		if total := len(got.Prose) + len(strings.Join(got.Quotes, "")) + len(strings.Join(got.Code, "")); total > 2*size {
			t.Errorf("%q: %d bytes came of %d", seed, total, len(text))
		}
	}
	deep := strings.Repeat(`{"type":"blockquote","content":[`, 4000) + `{"type":"text","text":"x"}` + strings.Repeat(`]}`, 4000)
	r := newReader()
	r.open([]byte(deep))
	if got, err := r.richText(); err != nil || len(got.Quotes) != 1 {
		t.Errorf("deep quotes: %v, %v", got, err)
	}
	r.open([]byte(strings.Repeat(`{"content":[`, 1_000_000)))
	if _, err := r.richText(); err == nil {
		t.Error("a million open brackets were taken")
	}
}
