package linear

import (
	"encoding/json"
	"strings"

	"defacto/backlog"
)

// node is a node of a ProseMirror document, Linear's own form of a comment.
type node struct {
	Type    string     `json:"type"`
	Text    string     `json:"text"`
	Attrs   attributes `json:"attrs"`
	Content []node     `json:"content"`
	Marks   []struct {
		Type  string     `json:"type"`
		Attrs attributes `json:"attrs"`
	} `json:"marks"`
}

// attributes of a node, whose values may be anything.
type attributes map[string]any

func (a attributes) word(names ...string) string {
	for _, name := range names {
		if s, ok := a[name].(string); ok && s != "" {
			return s
		}
	}
	return ""
}

// document takes a comment's bodyData apart; false where it is none, as for
// comments older than that format.
func document(data string) (backlog.Text, bool) {
	var root node
	if data == "" || json.Unmarshal([]byte(data), &root) != nil || root.Type != "doc" {
		return backlog.Text{}, false
	}
	var r reading
	r.children(&root)
	r.text.Prose = tidy(r.prose.String())
	return r.text, true
}

// reading collects a text while its document is walked.
type reading struct {
	prose strings.Builder
	text  backlog.Text
	seen  once
}

func (r *reading) children(n *node) {
	for i := range n.Content {
		r.take(&n.Content[i])
	}
}

// take knows the nodes by parts of their names, which have changed over time
// ("codeBlock", "code_block").
func (r *reading) take(n *node) {
	kind := strings.ToLower(n.Type)
	switch {
	case kind == "text":
		r.words(n)
	case strings.Contains(kind, "usermention"), kind == "mention":
		r.seen.add(&r.text.Mentions, n.Attrs.word("id", "userId"))
		if label := n.Attrs.word("label", "name"); label != "" {
			r.prose.WriteString("@" + strings.TrimPrefix(label, "@"))
		}
	case strings.Contains(kind, "mention"): // an issue, a project, a document
		r.prose.WriteString(n.Attrs.word("label", "title", "identifier"))
		r.link(n.Attrs.word("href", "url"))
	case strings.Contains(kind, "quote"):
		r.text.Quotes = append(r.text.Quotes, tidy(plainText(n)))
	case strings.Contains(kind, "code"):
		r.text.Code = append(r.text.Code, plainText(n))
		r.prose.WriteByte('\n')
	case strings.Contains(kind, "break"):
		r.prose.WriteByte('\n')
	case strings.Contains(kind, "emoji"):
		r.prose.WriteString(n.Attrs.word("emoji", "native", "name"))
	default:
		r.link(n.Attrs.word("href", "url", "src"))
		r.children(n)
		if !strings.Contains(kind, "inline") {
			r.prose.WriteByte('\n')
		}
	}
}

// words takes a run of text by what it is marked as.
func (r *reading) words(n *node) {
	for _, m := range n.Marks {
		switch kind := strings.ToLower(m.Type); {
		case strings.Contains(kind, "code"):
			r.text.Code = append(r.text.Code, n.Text)
			r.prose.WriteByte(' ')
			return
		case strings.Contains(kind, "link"):
			to := m.Attrs.word("href", "url")
			r.link(to)
			if to == n.Text { // a bare address is no sentence
				r.prose.WriteByte(' ')
				return
			}
		}
	}
	r.prose.WriteString(n.Text)
}

func (r *reading) link(to string) { r.seen.add(&r.text.Links, to) }

// plainText is all text below a node, a line a block.
func plainText(n *node) string {
	var b strings.Builder
	var walk func(*node)
	walk = func(n *node) {
		b.WriteString(n.Text)
		if n.Text == "" {
			b.WriteString(n.Attrs.word("label"))
		}
		for i := range n.Content {
			c := &n.Content[i]
			if i > 0 && len(c.Content) > 0 {
				b.WriteByte('\n')
			}
			walk(c)
		}
	}
	walk(n)
	return b.String()
}
