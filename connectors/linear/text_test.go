package linear

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"defacto/backlog"
)

func TestMarkdown(t *testing.T) {
	for _, tc := range []struct {
		in   string
		want backlog.Text
	}{
		{"", backlog.Text{}},
		{"As a user, I want **bold** things.", backlog.Text{Prose: "As a user, I want bold things."}},
		{"# Acceptance criteria\n\n* one\n* two", backlog.Text{Prose: "Acceptance criteria\none\ntwo"}},
		{"say `x?` now\n\n```go\nwhy?\n```", backlog.Text{Prose: "say now", Code: []string{"x?", "why?"}}},
		{"> really?\n> yes\n\nno", backlog.Text{Prose: "no", Quotes: []string{"really?\nyes"}}},
		{"see [the plan](https://x.example/a?b=c) and <https://y.example>", backlog.Text{Prose: "see the plan and", Links: []string{"https://x.example/a?b=c", "https://y.example"}}},
		{"![shot](https://uploads.linear.app/1.png)", backlog.Text{Prose: "shot", Links: []string{"https://uploads.linear.app/1.png"}}},
		{"[@ana](https://linear.app/acme/profiles/ana) could you?", backlog.Text{Prose: "@ana could you?", Mentions: []string{"ana"}}},
		{"<script>alert(1)</script>\n\nhi", backlog.Text{Prose: "alert(1)\n\nhi"}},
		{"a\x00b \xff", backlog.Text{Prose: "a\x00b �"}},
		{"- [ ] open\n- [x] done", backlog.Text{Prose: "open\ndone"}},
	} {
		if d := cmp.Diff(tc.want, markdown(tc.in)); d != "" {
			t.Errorf("%q: %s", tc.in, d)
		}
	}
}

func TestDocument(t *testing.T) {
	const doc = `{"type":"doc","content":[
		{"type":"paragraph","content":[{"type":"suggestion_userMentions","attrs":{"id":"u1","label":"ana"}},{"type":"text","text":", is "},{"type":"text","marks":[{"type":"code"}],"text":"f()?"},{"type":"text","text":"right, as "},
			{"type":"suggestion_issueMentions","attrs":{"id":"i1","label":"ENG-3","href":"https://linear.app/acme/issue/ENG-3"}},{"type":"text","marks":[{"type":"link","attrs":{"href":"https://x.example"}}],"text":" says"},{"type":"hardBreak"},{"type":"text","text":"?"}]},
		{"type":"code_block","attrs":{"language":null},"content":[{"type":"text","text":"why?\nhow?"}]},
		{"type":"blockquote","content":[{"type":"paragraph","content":[{"type":"text","text":"who?"}]}]},
		{"type":"bullet_list","content":[{"type":"list_item","content":[{"type":"paragraph","content":[{"type":"text","text":"one"}]}]}]},
		{"type":"paragraph","content":[{"type":"suggestion_userMentions","attrs":{"id":"u1","label":"ana"}},{"type":"suggestion_userMentions","attrs":{"id":"u2"}},{"type":"text","text":"https://y.example","marks":[{"type":"link","attrs":{"href":"https://y.example"}}]},{"type":"emoji","attrs":{"emoji":"👍"}}]},
		{"type":"image","attrs":{"src":"https://uploads.linear.app/2.png","alt":7}}]}`
	got, ok := document(doc)
	want := backlog.Text{
		Prose: "@ana, is right, as ENG-3 says\n?\n\none\n\n@ana 👍", Mentions: []string{"u1", "u2"}, Code: []string{"f()?", "why?\nhow?"}, Quotes: []string{"who?"},
		Links: []string{"https://linear.app/acme/issue/ENG-3", "https://x.example", "https://y.example", "https://uploads.linear.app/2.png"},
	}
	if d := cmp.Diff(want, got); !ok || d != "" {
		t.Error(ok, d)
	}
	for _, bad := range []string{"", "{", "null", `"doc"`, `{"type":"paragraph"}`, `{"type":"doc","content":7}`, `[]`} {
		if _, ok := document(bad); ok {
			t.Errorf("%s passes for a document", bad)
		}
	}
}

func TestComment(t *testing.T) {
	c := comment{
		ID: "c2", ParentID: "c1", Body: "@ben.x, fine? (@cho)", BodyData: "{broken", QuotedText: "the old text", CreatedAt: at(0), EditedAt: at(1),
		ResolvedAt: at(2), ResolvingUser: &ref{"ana"}, ExternalUser: &external{ID: "x", Name: "Ext"},
	}
	d := desk()
	want := backlog.Comment{
		ID: "c2", At: at(0), Edited: at(1), Author: "external:x", Parent: "c1", Resolved: at(2), Resolver: "ana",
		Body: backlog.Text{Prose: "@ben.x, fine? (@cho)", Mentions: []string{"ben.x", "cho"}, Quotes: []string{"the old text"}},
	}
	if d := cmp.Diff(want, d.comment(&c)); d != "" {
		t.Error(d)
	}
	robot := desk().comment(&comment{ID: "c", BotActor: &bot{Type: "workflow"}})
	if robot.Author != "bot:workflow" || !robot.Machine {
		t.Errorf("a bot's comment is %+v", robot)
	}
}

func checkText(t *testing.T, in string, got backlog.Text) {
	t.Helper()
	if !utf8.ValidString(got.Prose) {
		t.Errorf("%q gives the prose %q", in, got.Prose)
	}
	if strings.TrimSpace(got.Prose) != got.Prose {
		t.Errorf("%q gives untidy prose %q", in, got.Prose)
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range []string{"> a\n> > b\n\n```\nc", "[x](y) `z` <b> ![i](j)", "|a|b|\n|-|-|\n|1|2|", "* [ ] x\n\t* y\n***", "@ana\r\n\x00\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkText(t, s, markdown(s)) })
}

func FuzzDocument(f *testing.F) {
	for _, s := range []string{
		`{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"x","marks":[{"type":"link","attrs":{"href":"y"}}]}]}]}`,
		`{"type":"doc","content":[{"type":"suggestion_userMentions","attrs":{"id":1,"label":null}},{"type":"code_block"}]}`, `{"type":"doc","attrs":[]}`, "",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, ok := document(s); ok {
			checkText(t, s, got)
		}
	})
}

func FuzzCursor(f *testing.F) {
	f.Add(`{"v":1,"mark":"2026-01-01T00:00:00Z","known":{"u":"AAAAAAAAAAAAAAAAAAAAAA","o":["x"]},"order":{"x":{"o":1}}}`)
	f.Add(`{"v":1,"known":{"u":"!"}}`)
	f.Fuzz(func(t *testing.T, s string) {
		cur, err := readCursor(backlog.Cursor(s))
		if err != nil {
			return
		}
		c, err := cur.write()
		if err != nil {
			t.Skip(err) // a time JSON cannot write
		}
		again, err := readCursor(c)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(cur, again, cmpopts.EquateEmpty()); d != "" {
			t.Error(d)
		}
	})
}
