package linear

import (
	"regexp"
	"slices"
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
	src := []byte(strings.ToValidUTF8(s, "�"))
	parser := goldmark.New(goldmark.WithExtensions(extension.Strikethrough, extension.Linkify, extension.Table, extension.TaskList)).Parser()
	m := &apart{src: src}
	// The walker cannot fail: take never returns an error.
	_ = ast.Walk(parser.Parse(gmtext.NewReader(src)), m.take)
	m.text.Prose = tidy(m.prose.String())
	return m.text
}

// apart collects a text while its tree is walked.
type apart struct {
	src   []byte
	prose strings.Builder
	text  backlog.Text
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
		m.text.Mentions = mention(m.text.Mentions, p[1])
		return
	}
	if to != "" && !slices.Contains(m.text.Links, to) {
		m.text.Links = append(m.text.Links, to)
	}
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
	for _, m := range handle.FindAllStringSubmatch(prose, -1) {
		list = mention(list, m[1])
	}
	return list
}

func mention(list []string, who string) []string {
	if who == "" || slices.Contains(list, who) {
		return list
	}
	return append(list, who)
}

// tidy makes one blank of many and one empty line of many.
func tidy(s string) string {
	s = blanks.ReplaceAllString(s, " ")
	s = strings.ReplaceAll(strings.ReplaceAll(s, " \n", "\n"), "\n ", "\n")
	return strings.TrimSpace(gaps.ReplaceAllString(s, "\n\n"))
}
