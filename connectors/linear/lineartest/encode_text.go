package lineartest

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"defacto/backlog"
)

func parseFloat(s string) (float64, bool) {
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}

// source writes a text as Markdown.
func source(t backlog.Text) string {
	parts := []string{}
	for _, q := range t.Quotes {
		parts = append(parts, "> "+strings.ReplaceAll(q, "\n", "\n> "))
	}
	if t.Prose != "" {
		parts = append(parts, t.Prose)
	}
	for _, c := range t.Code {
		parts = append(parts, "```\n"+c+"\n```")
	}
	for _, l := range t.Links {
		parts = append(parts, "<"+l+">")
	}
	return strings.Join(parts, "\n\n")
}

// document writes a text as Linear's own document.
func (e *encoding) document(t backlog.Text) string {
	type node = map[string]any
	text := func(s string) node { return node{"type": "text", "text": s} }
	paragraph := func(content ...node) node { return node{"type": "paragraph", "content": content} }
	var content []node
	for _, q := range t.Quotes {
		content = append(content, node{"type": "blockquote", "content": []node{paragraph(text(q))}})
	}
	mentions := slices.Clone(t.Mentions)
	for line := range strings.SplitSeq(t.Prose, "\n") {
		var words []node
		for len(mentions) > 0 { // a mention stands where the prose names it, else before it
			label := e.name(mentions[0])
			before, after, found := strings.Cut(line, "@"+label)
			if !found {
				break
			}
			if before != "" {
				words = append(words, text(before))
			}
			words = append(words, node{"type": "suggestion_userMentions", "attrs": node{"id": mentions[0], "label": label}})
			mentions, line = mentions[1:], after
		}
		if line != "" {
			words = append(words, text(line))
		}
		if len(words) > 0 {
			content = append(content, paragraph(words...))
		}
	}
	for _, m := range mentions {
		content = append(content, paragraph(node{"type": "suggestion_userMentions", "attrs": node{"id": m}}))
	}
	for _, c := range t.Code {
		content = append(content, node{"type": "code_block", "content": []node{text(c)}})
	}
	for _, l := range t.Links {
		content = append(content, paragraph(node{"type": "text", "text": l, "marks": []node{{"type": "link", "attrs": node{"href": l}}}}))
	}
	b, err := json.Marshal(node{"type": "doc", "content": content})
	if err != nil {
		return ""
	}
	return string(b)
}

func (e *encoding) name(account string) string {
	name, _ := e.byID["users/"+account]["name"].(string)
	return cmp.Or(name, account)
}

func (e *encoding) comment(c *backlog.Comment, root string, o Object) {
	kind := map[string]string{"issues": "issue", "projects": "project", "initiatives": "initiative"}[root]
	updated := c.At
	for _, t := range []*backlog.Comment{c} {
		if t.Edited.After(updated) {
			updated = t.Edited
		}
		if t.Resolved.After(updated) {
			updated = t.Resolved
		}
	}
	out := Object{
		"id": c.ID, "body": source(c.Body), "bodyData": e.document(c.Body), "createdAt": c.At, "updatedAt": updated, "editedAt": c.Edited,
		"resolvedAt": c.Resolved, "parentId": orNil(c.Parent), kind: o, kind + "Id": o["id"],
	}
	if u := e.user(c.Author); u != nil {
		out["user"] = u
	} else if x := e.byID["externalUsers/"+c.Author]; x != nil && c.Author != "" {
		out["externalUser"] = x
	}
	if c.Machine {
		out["botActor"] = Object{"id": nil, "type": "automation", "name": "Automation"}
	}
	if u := e.user(c.Resolver); u != nil {
		out["resolvingUser"] = u
	}
	e.put("comments", out)
}
