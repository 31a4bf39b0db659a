package jira

import (
	"cmp"
	"errors"
	"strconv"
	"strings"
	"time"

	"defacto/backlog"
)

// adfNode is a node of an Atlassian Document Format tree. The tree is built
// before it is rendered since a node's type may follow its content.
type adfNode struct {
	kind, text string
	attrs      *adfAttrs
	links      []string // targets of link marks
	content    []adfNode
}

// adfAttrs are the attributes with a meaning here.
type adfAttrs struct {
	id, text, url, shortName, timestamp, title string
}

// mostNodes bounds a document; the largest real ones hold some thousand nodes.
const mostNodes = 1 << 20

// adf reads an ADF document.
func (r *reader) adf() (backlog.Text, error) {
	budget := mostNodes
	root, err := r.adfNode(&budget)
	if err != nil {
		return backlog.Text{}, err
	}
	var c composer
	c.node(&root)
	return c.done(), nil
}

func (r *reader) adfNode(budget *int) (adfNode, error) {
	var n adfNode
	if *budget--; *budget < 0 {
		return n, errors.New("a document of more than a million nodes")
	}
	err := r.object(func(member string) error {
		switch member {
		case "type":
			return r.into(&n.kind)
		case "text":
			return r.textInto(&n.text)
		case "attrs":
			return r.adfAttrs(&n)
		case "marks":
			return r.array(func() error { return r.adfMark(&n) })
		case "content":
			return r.array(func() error {
				child, err := r.adfNode(budget)
				if child.kind != "" || child.text != "" || child.content != nil {
					n.content = append(n.content, child)
				}
				return err
			})
		}
		return r.skip()
	})
	return n, err
}

func (r *reader) adfAttrs(n *adfNode) error {
	n.attrs = &adfAttrs{}
	return r.object(func(member string) error {
		switch member {
		case "id":
			return r.textInto(&n.attrs.id)
		case "text":
			return r.textInto(&n.attrs.text)
		case "url":
			return r.textInto(&n.attrs.url)
		case "shortName":
			return r.into(&n.attrs.shortName)
		case "timestamp":
			return r.textInto(&n.attrs.timestamp)
		case "title":
			return r.textInto(&n.attrs.title)
		}
		return r.skip()
	})
}

func (r *reader) adfMark(n *adfNode) error {
	return r.object(func(member string) error {
		if member != "attrs" {
			return r.skip()
		}
		return r.object(func(member string) error {
			if member != "href" {
				return r.skip()
			}
			href, err := r.text()
			if href != "" {
				n.links = append(n.links, href)
			}
			return err
		})
	})
}

// node renders a node. Its depth is that of the JSON, which the reader bounds.
func (c *composer) node(n *adfNode) {
	switch n.kind {
	case "text":
		c.plain(n.text)
		for _, l := range n.links {
			if isURL(l) {
				c.link(l)
			}
		}
		return
	case "mention":
		if n.attrs != nil {
			c.mention(strings.TrimPrefix(n.attrs.id, "accountid:"))
		}
		c.space()
		return
	case "emoji":
		if n.attrs != nil {
			c.words(cmp.Or(n.attrs.text, n.attrs.shortName))
		}
		return
	case "hardBreak", "rule":
		c.newline()
		return
	case "inlineCard", "blockCard", "embedCard":
		if n.attrs != nil {
			c.link(n.attrs.url)
		}
		c.space()
		return
	case "date":
		if n.attrs != nil {
			if ms, err := strconv.ParseInt(n.attrs.timestamp, 10, 64); err == nil && ms > 0 && ms <= lastMillisecond {
				c.apart(time.UnixMilli(ms).UTC().Format(time.DateOnly))
			}
		}
		return
	case "status":
		if n.attrs != nil {
			c.apart(n.attrs.text)
		}
		return
	case "codeBlock":
		var raw strings.Builder
		n.raw(&raw)
		c.code(raw.String())
		return
	case "blockquote":
		var quoted composer
		quoted.nodes(n.content)
		c.quote(quoted.done())
		return
	case "media", "mediaSingle", "mediaGroup", "mediaInline", "placeholder", "extension", "inlineExtension":
		c.space()
		return
	case "expand", "nestedExpand":
		if n.attrs != nil {
			c.words(n.attrs.title)
		}
		c.newline()
	case "tableCell", "tableHeader":
		c.nodes(n.content)
		c.gap = ' '
		return
	}
	c.nodes(n.content)
	switch n.kind {
	case "paragraph", "heading", "listItem", "tableRow", "taskItem", "decisionItem", "panel", "expand", "nestedExpand", "bulletList", "orderedList", "table":
		c.newline()
	}
}

// apart writes a word that stands alone.
func (c *composer) apart(s string) {
	c.space()
	c.words(s)
	c.space()
}

func (c *composer) nodes(list []adfNode) {
	for i := range list {
		c.node(&list[i])
	}
}

// raw collects the text below a node as it stands.
func (n *adfNode) raw(to *strings.Builder) {
	to.WriteString(n.text)
	if n.kind == "hardBreak" {
		to.WriteByte('\n')
	}
	for i := range n.content {
		n.content[i].raw(to)
	}
}
