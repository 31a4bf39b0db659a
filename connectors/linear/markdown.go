package linear

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	gmtext "github.com/yuin/goldmark/text"

	"defacto/backlog"
)

// markdown takes a description or an update apart: the prose, and beside it
// code, quotes and where links lead.
func markdown(s string) backlog.Text {
	var t backlog.Text
	if strings.TrimSpace(s) == "" {
		return t
	}
	src := []byte(bounded(strings.ToValidUTF8(s, "�")))
	parser := goldmark.New(goldmark.WithExtensions(extension.Strikethrough, extension.Linkify, extension.Table, extension.TaskList)).Parser()
	m := &apart{src: src}
	// The walker cannot fail: take never returns an error.
	_ = ast.Walk(parser.Parse(gmtext.NewReader(src)), m.take)
	m.text.Prose = tidy(m.prose.String())
	return m.text
}

// What a text may have of what the parser takes a square of its number for, or more.
// Nobody writes as much; texts of 64 KB made of nothing else took it up to 98 seconds.
const (
	mostNested = 32  // quotes and lists begun on one line
	mostInARow = 100 // beginnings of links on one line, lines without an empty one
)

// bounded is a text without what would keep the parser busy: of a line's quotes and
// lists those beyond mostNested are dropped; after every mostInARow links stands a line
// break, where one may stand, and after as many lines an empty one. Beyond those
// nothing is searched for an end.
func bounded(s string) string {
	if len(s) < mostInARow {
		return s
	}
	var b strings.Builder
	lines := 0
	for line := range strings.Lines(s) {
		if strings.TrimSpace(line) == "" {
			lines = 0
		} else if lines++; lines > mostInARow {
			b.WriteByte('\n')
			lines = 1
		}
		rest, nested := line, 0
		for n := opener(rest); n > 0; n = opener(rest) {
			if nested++; nested <= mostNested {
				b.WriteString(rest[:n])
			}
			rest = rest[n:]
		}
		parts := strings.SplitAfter(rest, "](")
		for i, part := range parts {
			b.WriteString(part)
			if (i+1)%mostInARow == 0 && i+1 < len(parts) {
				b.WriteByte('\n')
			}
		}
	}
	return b.String()
}

// opener is the length of what begins a quote or a list at the beginning of s, and of
// the blanks around it; 0 where nothing does.
func opener(s string) int {
	rest := strings.TrimLeft(s, " \t")
	digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
	switch {
	case rest == "":
		return 0
	case rest[0] == '>':
		rest = rest[1:]
	case strings.IndexByte("-*+", rest[0]) >= 0 && len(rest) > 1 && (rest[1] == ' ' || rest[1] == '\t'):
		rest = rest[2:]
	case digits > 0 && digits < 10 && len(rest) > digits+1 && strings.IndexByte(".)", rest[digits]) >= 0 && (rest[digits+1] == ' ' || rest[digits+1] == '\t'):
		rest = rest[digits+2:]
	default:
		return 0
	}
	return len(s) - len(rest)
}

// apart collects a text while its tree is walked.
type apart struct {
	src   []byte
	prose strings.Builder
	text  backlog.Text
	seen  once
}

func (m *apart) take(n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		if n.Type() == ast.TypeBlock && n.Kind() != ast.KindListItem { // whose paragraph ended just now
			m.prose.WriteByte('\n')
		}
		return ast.WalkContinue, nil
	}
	switch n := n.(type) {
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		m.text.Code = append(m.text.Code, strings.TrimRight(m.lines(n), "\n"))
		return ast.WalkSkipChildren, nil
	case *ast.CodeSpan:
		m.text.Code = append(m.text.Code, m.inner(n))
		m.prose.WriteByte(' ')
		return ast.WalkSkipChildren, nil
	case *ast.Blockquote:
		m.text.Quotes = append(m.text.Quotes, tidy(m.inner(n)))
		return ast.WalkSkipChildren, nil
	case *ast.HTMLBlock:
		m.prose.WriteString(tags.ReplaceAllString(m.lines(n), " "))
		return ast.WalkSkipChildren, nil
	case *ast.RawHTML:
		m.prose.WriteByte(' ')
		return ast.WalkSkipChildren, nil
	case *ast.AutoLink:
		m.link(string(n.URL(m.src)))
		return ast.WalkSkipChildren, nil
	case *ast.Link:
		m.link(string(n.Destination))
	case *ast.Image:
		m.link(string(n.Destination))
	case *ast.Text:
		m.prose.Write(n.Segment.Value(m.src))
		if n.SoftLineBreak() || n.HardLineBreak() {
			m.prose.WriteByte('\n')
		}
	case *ast.String:
		m.prose.Write(n.Value)
	}
	return ast.WalkContinue, nil
}

// link keeps where a link leads; one to somebody's profile is a mention.
func (m *apart) link(to string) {
	if p := profile.FindStringSubmatch(to); p != nil {
		m.seen.add(&m.text.Mentions, p[1])
		return
	}
	m.seen.add(&m.text.Links, to)
}

// lines is a block's text as it was written.
func (m *apart) lines(n ast.Node) string {
	var b strings.Builder
	for i := range n.Lines().Len() {
		l := n.Lines().At(i)
		b.Write(l.Value(m.src))
	}
	return b.String()
}

// inner is all text below a node.
func (m *apart) inner(n ast.Node) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			if n.Type() == ast.TypeBlock {
				b.WriteByte('\n')
			}
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			b.Write(n.Segment.Value(m.src))
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte('\n')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.AutoLink:
			b.Write(n.URL(m.src))
		case *ast.FencedCodeBlock, *ast.CodeBlock, *ast.HTMLBlock:
			b.WriteString(m.lines(n))
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

var (
	tags    = regexp.MustCompile(`<[^<>]*>`)
	profile = regexp.MustCompile(`^https://linear\.app/[^/]+/profiles/([^/?#]+)`)
	handle  = regexp.MustCompile(`(?:^|[\s(])@([\pL\pN][\pL\pN._-]*[\pL\pN]|[\pL\pN])`)
	blanks  = regexp.MustCompile(`[ \t]+`)
	gaps    = regexp.MustCompile(`\n{3,}`)
)

// handles finds the @names in a prose, each once.
func handles(prose string) []string {
	var list []string
	var seen once
	for _, m := range handle.FindAllStringSubmatch(prose, -1) {
		seen.add(&list, m[1])
	}
	return list
}

// once keeps words from being in a list twice.
type once map[onceIn]bool

type onceIn struct {
	list *[]string
	word string
}

// add appends a word that is new to the list and not empty.
func (o *once) add(list *[]string, word string) {
	k := onceIn{list, word}
	if word == "" || (*o)[k] {
		return
	}
	if *o == nil {
		*o = once{}
	}
	(*o)[k] = true
	*list = append(*list, word)
}

// tidy makes one blank of many and one empty line of many.
func tidy(s string) string {
	s = blanks.ReplaceAllString(s, " ")
	s = strings.ReplaceAll(strings.ReplaceAll(s, " \n", "\n"), "\n ", "\n")
	return strings.TrimSpace(gaps.ReplaceAllString(s, "\n\n"))
}
