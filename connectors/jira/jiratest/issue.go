package jiratest

import (
	"bytes"
	"encoding/json"
	"sort"
	"strconv"
	"strings"
	"time"

	"defacto/backlog"
)

// document encodes an issue field by field.
func (e *Encoder) document(iss backlog.Issue) *document {
	f := map[string]any{
		"summary": iss.Title, "description": nullable(e.wiki(iss.Description)), FieldCriteria: nullable(e.wiki(iss.Criteria)),
		"created": iss.Created.Format(timeLayout), "updated": iss.Updated.Format(timeLayout),
		"creator": e.user(iss.Creator), "reporter": e.user(iss.Reporter), "assignee": e.user(iss.Assignee),
		"labels": append([]string{}, iss.Labels...), "resolution": nil, "priority": nil,
		"issuelinks": each(iss.Links, e.link), "resolutiondate": nullTime(iss.Resolved, timeLayout), "duedate": nullTime(iss.Due, time.DateOnly),
		FieldPoints: iss.Estimate, FieldRank: nullable(iss.Rank), FieldFlagged: nil,
		"components":  each(iss.Components, func(c string) any { return map[string]any{"id": "c-" + c, "name": c} }),
		"fixVersions": each(iss.Versions, func(id string) any { return version(e.version(id)) }),
	}
	scope := e.scopes[iss.Scope]
	f["project"] = map[string]any{"id": scope.ID, "key": iss.Scope, "name": scope.Name}
	status, ok := e.statuses[iss.Status]
	if !ok {
		status = backlog.Status{ID: iss.Status, Name: iss.StatusName, Category: iss.Category}
	}
	f["status"] = e.status(status.ID, status.Name, status.Category)
	kind, ok := e.types[iss.Type]
	if !ok {
		kind = backlog.Type{ID: iss.Type, Name: iss.TypeName, Level: iss.Level}
	}
	f["issuetype"] = e.issueType(kind.ID, kind.Name, kind.Level)
	if iss.Resolution != "" {
		f["resolution"] = map[string]any{"id": "r-" + iss.Resolution, "name": iss.Resolution}
	}
	if iss.Priority != "" {
		f["priority"] = map[string]any{"id": iss.Priority, "name": iss.Priority}
	}
	if iss.Flagged {
		f[FieldFlagged] = []any{map[string]any{"id": "10019", "value": "Impediment"}}
	}
	e.parent(f, &iss, kind.Level)
	e.sprintField(f, &iss)

	d := &document{issue: iss, fields: make(map[string]json.RawMessage, len(f))}
	for name, v := range f {
		d.fields[name] = must(v)
	}
	d.histories = e.histories(iss.Changes)
	for _, c := range iss.Comments {
		d.comments = append(d.comments, must(e.comment(c)))
	}
	return d
}

// parent writes what is above the issue where this product keeps it.
func (e *Encoder) parent(f map[string]any, iss *backlog.Issue, level backlog.Level) {
	parent, epic := e.ref(iss.Parent), e.ref(iss.Epic)
	object := func(r backlog.Ref) any { return map[string]any{"id": r.ID, "key": r.Key} }
	switch {
	case e.Flavour == Cloud:
		if parent.Zero() {
			parent = epic
		}
		if !parent.Zero() {
			f["parent"] = object(parent)
		}
	case level == backlog.SubTask && !parent.Zero():
		f["parent"] = object(parent)
	case level >= backlog.Epic && !parent.Zero():
		f[FieldParentLink] = parent.Key
	default:
		if epic.Zero() {
			epic = parent
		}
		f[FieldEpicLink] = nullable(epic.Key)
	}
}

func (e *Encoder) sprintField(f map[string]any, iss *backlog.Issue) {
	if len(iss.Sprints) == 0 {
		f[FieldSprint] = nil
		return
	}
	f[FieldSprint] = each(iss.Sprints, func(id string) any {
		s, ok := e.sprints[id]
		if !ok {
			s = backlog.Sprint{ID: id, Name: "Sprint " + id, State: "closed"}
		}
		if e.Flavour == Server {
			return sprintText(s)
		}
		return e.sprint(s)
	})
}

func (e *Encoder) ref(r backlog.Ref) backlog.Ref {
	if r.Key == "" {
		r.Key = e.keys[r.ID]
	}
	if r.ID == "" {
		r.ID = e.ids[r.Key]
	}
	return r
}

func (e *Encoder) version(id string) backlog.Version {
	if v, ok := e.versions[id]; ok {
		return v
	}
	return backlog.Version{ID: id, Name: "Version " + id}
}

func (e *Encoder) link(l backlog.Link) any {
	name, outward := "Relates", true
	switch l.Kind {
	case backlog.LinkClones, backlog.LinkClonedBy:
		name, outward = "Cloners", l.Kind == backlog.LinkClones
	case backlog.LinkSplitFrom, backlog.LinkSplitTo:
		name, outward = "Issue split", l.Kind == backlog.LinkSplitTo
	case backlog.LinkBlocks, backlog.LinkBlockedBy:
		name, outward = "Blocks", l.Kind == backlog.LinkBlocks
	}
	words := map[string][2]string{
		"Relates": {"relates to", "relates to"}, "Cloners": {"is cloned by", "clones"},
		"Issue split": {"split from", "split to"}, "Blocks": {"is blocked by", "blocks"},
	}[name]
	other := e.ref(l.Other)
	m := map[string]any{"type": map[string]any{"name": name, "inward": words[0], "outward": words[1]}}
	issue := map[string]any{"id": other.ID, "key": other.Key}
	if l.Kind == backlog.LinkMarket {
		issue["fields"] = map[string]any{"issuetype": map[string]any{"id": "10900", "name": "[System] Service request"}}
	}
	if outward {
		m["outwardIssue"] = issue
	} else {
		m["inwardIssue"] = issue
	}
	return m
}

func (e *Encoder) comment(c backlog.Comment) map[string]any {
	updated := c.Edited
	if updated.IsZero() {
		updated = c.At
	}
	m := map[string]any{
		"id": c.ID, "author": e.user(c.Author), "updateAuthor": e.user(c.Author), "body": e.wiki(c.Body),
		"created": c.At.Format(timeLayout), "updated": updated.Format(timeLayout),
	}
	if c.Private {
		m["visibility"] = map[string]any{"type": "role", "value": "Developers"}
	}
	return m
}

// histories groups changes by their entry, oldest first.
func (e *Encoder) histories(changes []backlog.Change) []json.RawMessage {
	byID := map[string][]backlog.Change{}
	var order []string
	for _, c := range changes {
		if _, ok := byID[c.ID]; !ok {
			order = append(order, c.ID)
		}
		byID[c.ID] = append(byID[c.ID], c)
	}
	sort.SliceStable(order, func(i, j int) bool { return byID[order[i]][0].At.Before(byID[order[j]][0].At) })
	out := make([]json.RawMessage, 0, len(order))
	for _, id := range order {
		items := byID[id]
		sort.SliceStable(items, func(i, j int) bool { return items[i].Ordinal < items[j].Ordinal })
		m := map[string]any{"id": id, "created": items[0].At.Format(timeLayout), "items": each(items, e.item)}
		if items[0].Author != "" {
			m["author"] = e.user(items[0].Author)
		} else if n := len(id); n > 0 && id[n-1]%2 == 0 { // null in one entry, absent in the next
			m["author"] = nil
		}
		out = append(out, must(m))
	}
	return out
}

// item is one changelog item under the names the product uses.
func (e *Encoder) item(c backlog.Change) any {
	name, id := fieldName(c.Field, e.Flavour)
	if c.FieldName != "" {
		name = c.FieldName
	}
	if c.FieldID != "" {
		id = c.FieldID
	}
	m := map[string]any{
		"field": name, "fieldtype": "jira", "from": nullable(c.From), "to": nullable(c.To),
		"fromString": nullable(c.FromName), "toString": nullable(c.ToName),
	}
	if strings.HasPrefix(id, "customfield_") {
		m["fieldtype"] = "custom"
	}
	if id != "" && e.Flavour == Cloud {
		m["fieldId"] = id
	}
	switch c.Field {
	case backlog.FieldRank:
		m["from"], m["to"], m["fromString"] = "", "", ""
		switch {
		case c.Measure > 0:
			m["toString"] = "Ranked higher"
		case c.Measure < 0:
			m["toString"] = "Ranked lower"
		}
	case backlog.FieldSprint:
		m["from"], m["to"] = strings.ReplaceAll(c.From, ",", ", "), strings.ReplaceAll(c.To, ",", ", ")
		m["fromString"], m["toString"] = c.FromName, c.ToName
	}
	return m
}

// fieldName is what a product calls a field in its changelog, and the field's id
// where it gives one.
func fieldName(f backlog.Field, flavour Flavour) (name, id string) {
	switch f {
	case backlog.FieldCriteria:
		return "Acceptance Criteria", FieldCriteria
	case backlog.FieldRank:
		return "Rank", FieldRank
	case backlog.FieldSprint:
		return "Sprint", FieldSprint
	case backlog.FieldVersion:
		return "Fix Version", "fixVersions"
	case backlog.FieldEstimate:
		return "Story Points", FieldPoints
	case backlog.FieldParent:
		if flavour == Cloud {
			return "IssueParentAssociation", ""
		}
		return "Epic Link", FieldEpicLink
	case backlog.FieldDueDate:
		return "duedate", "duedate"
	case backlog.FieldComponent:
		return "Component", "components"
	case backlog.FieldLink:
		return "Link", "issuelinks"
	case backlog.FieldFlagged:
		return "Flagged", FieldFlagged
	case backlog.FieldType:
		return "issuetype", "issuetype"
	case backlog.FieldKey:
		return "Key", ""
	case backlog.FieldAttachment:
		return "Attachment", "attachment"
	}
	return f.String(), f.String()
}

// encode writes the document as an issue object: the named fields (nil: all),
// the comments and histories a search would embed.
func (d *document) encode(fields []string, comments, histories int, flavour Flavour) []byte {
	var b bytes.Buffer
	b.WriteString(`{"id":` + strconv.Quote(d.issue.ID) + `,"key":` + strconv.Quote(d.issue.Key))
	if fields == nil {
		for name := range d.fields {
			fields = append(fields, name)
		}
		fields = append(fields, "comment")
		sort.Strings(fields)
	}
	if len(fields) > 0 {
		b.WriteString(`,"fields":{`)
		n := 0
		for _, name := range fields {
			raw, ok := d.fields[name]
			if name == "comment" {
				raw, ok = page("comments", 0, len(d.comments), d.comments[:min(comments, len(d.comments))]), true
			}
			if !ok {
				continue
			}
			if n++; n > 1 {
				b.WriteByte(',')
			}
			b.WriteString(strconv.Quote(name) + ":")
			b.Write(raw)
		}
		b.WriteByte('}')
	}
	if histories >= 0 {
		b.WriteString(`,"changelog":`)
		b.Write(page("histories", 0, len(d.histories), newest(d.histories, histories, flavour)))
	}
	b.WriteByte('}')
	return b.Bytes()
}

// newest are the last n histories: newest first on Cloud, oldest first else.
func newest(all []json.RawMessage, n int, flavour Flavour) []json.RawMessage {
	last := all[max(0, len(all)-n):]
	if flavour == Server {
		return last
	}
	out := make([]json.RawMessage, 0, len(last))
	for i := len(last) - 1; i >= 0; i-- {
		out = append(out, last[i])
	}
	return out
}

// page is the envelope Jira wraps lists in.
func page(name string, start, total int, list []json.RawMessage) []byte {
	var b bytes.Buffer
	b.WriteString(`{"startAt":` + strconv.Itoa(start) + `,"maxResults":` + strconv.Itoa(len(list)) + `,"total":` + strconv.Itoa(total) + `,"` + name + `":`)
	writeArray(&b, list)
	b.WriteByte('}')
	return b.Bytes()
}

func writeArray[T ~[]byte](b *bytes.Buffer, list []T) {
	b.WriteByte('[')
	for i, raw := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(raw)
	}
	b.WriteByte(']')
}

// wiki writes a text the way v2 of the API does.
func (e *Encoder) wiki(t backlog.Text) string {
	parts := []string{}
	if t.Prose != "" {
		parts = append(parts, t.Prose)
	}
	for _, m := range t.Mentions {
		if e.Flavour == Cloud {
			parts = append(parts, "[~accountid:"+m+"]")
		} else {
			parts = append(parts, "[~"+m+"]")
		}
	}
	for _, q := range t.Quotes {
		parts = append(parts, "{quote}"+q+"{quote}")
	}
	for _, c := range t.Code {
		parts = append(parts, "{code}"+c+"{code}")
	}
	for _, l := range t.Links {
		parts = append(parts, "[link|"+l+"]")
	}
	return strings.Join(parts, " ")
}

func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func nullTime(t time.Time, layout string) any {
	if t.IsZero() {
		return nil
	}
	return t.Format(layout)
}
