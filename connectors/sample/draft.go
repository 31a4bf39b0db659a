package sample

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"defacto/backlog"
)

// draft is an issue in the making: what happens to it may be noted in any order,
// and is brought into order, with each change's former value, at the end.
type draft struct {
	team *team
	no   int // from 0, in the order in which issues were thought of
	nth  int // among those of its kind; its dice hang on this
	id   string
	key  string
	kind kind
	mind dice // draws decisions
	hand dice // draws the traces they leave, and the damage to these

	created           int64
	creator, reporter int
	title, topic      string
	text              backlog.Text
	labels            []string // at creation
	components        []string // at creation
	parent            *draft   // at creation
	stub              bool     // created without a description
	ended             bool     // created as done: history before an import is lost
	epic              *draft   // the epic above, latent
	live              bool     // a roadmap item with an initiative, a date or a version
	links             []backlog.Link

	edits    []edit
	comments []remark

	// What was decided about a story.
	writer, prioritiser, accepter, implementer int
	committed                                  int64
}

// edit is one changed field.
type edit struct {
	at      int64
	by      int
	field   backlog.Field
	to      value
	measure int
}

// value is what a field holds: the tracker's id and the word for it.
type value struct{ raw, name string }

// remark is one comment.
type remark struct {
	at   int64
	by   int
	text backlog.Text
}

// concern is where the draft's dice start.
func (d *draft) concern() uint64 { return uint64(d.kind)<<40 | uint64(d.nth)<<8 }

// set notes that somebody changed a field.
func (d *draft) set(at int64, by int, f backlog.Field, to value) {
	d.edits = append(d.edits, edit{at: at, by: by, field: f, to: to})
}

// reset is set, and reports whether that changes anything.
func (d *draft) reset(at int64, by int, f backlog.Field, to value) bool {
	now := ""
	switch f {
	case backlog.FieldPriority:
		now = strconv.Itoa(medium + 1)
	case backlog.FieldParent:
		if d.parent != nil {
			now = d.parent.id
		}
	case backlog.FieldStatus:
		now = d.team.statuses[open].ID
	}
	var last int64
	for _, e := range d.edits {
		if e.field == f && e.at >= last && e.at <= at {
			now, last = e.to.raw, e.at
		}
	}
	if now == to.raw {
		return false
	}
	d.set(at, by, f, to)
	return true
}

// weigh notes a change whose size or direction matters.
func (d *draft) weigh(at int64, by int, f backlog.Field, measure int) {
	to := value{}
	if f == backlog.FieldRank {
		to.name = "Ranked higher"
		if measure < 0 {
			to.name = "Ranked lower"
		}
	}
	d.edits = append(d.edits, edit{at: at, by: by, field: f, to: to, measure: measure})
}

// move notes a change of status.
func (d *draft) move(at int64, by int, to state) {
	s := d.team.statuses[to]
	d.set(at, by, backlog.FieldStatus, value{s.ID, s.Name})
	if to == done {
		d.set(at, by, backlog.FieldResolution, value{"10000", "Done"})
	}
	if to == dropped {
		d.set(at, by, backlog.FieldResolution, value{"10001", "Won't Do"})
	}
}

// assign notes who works on the issue from now on.
func (d *draft) assign(at int64, by, to int) {
	l := d.team.members[to].current(at)
	d.set(at, by, backlog.FieldAssignee, value{l.id, l.name})
}

// priority notes a new priority.
func (d *draft) priority(at int64, by, to int) {
	d.set(at, by, backlog.FieldPriority, level(to))
}

// level is a priority as a field's value.
func level(p int) value { return value{strconv.Itoa(p + 1), priorities()[p]} }

// link notes a link to an issue elsewhere.
func (d *draft) link(at int64, by int, k backlog.LinkKind, other string) {
	d.edits = append(d.edits, edit{
		at: at, by: by, field: backlog.FieldLink, measure: int(k),
		to: value{other, "This work item relates to " + other},
	})
	d.links = append(d.links, backlog.Link{Kind: k, Name: "relates to", Other: backlog.Ref{Key: other}})
}

// say notes a comment.
func (d *draft) say(at int64, by int, text backlog.Text) {
	d.comments = append(d.comments, remark{at: at, by: by, text: text})
}

// sort brings what happened into order.
func (d *draft) sort() {
	slices.SortStableFunc(d.edits, func(a, b edit) int { return cmp.Compare(a.at, b.at) })
	slices.SortStableFunc(d.comments, func(a, b remark) int { return cmp.Compare(a.at, b.at) })
}

// issue turns the draft into what a connector would have read at the as-of
// instant. Keys of all drafts must stand, and all must be sorted. History and comment ids are left for
// the team to number.
func (d *draft) issue(asOf int64) backlog.Issue {
	t := d.team
	typ := t.types[d.kind]
	pen := roll(t.seed, d.concern()|3) // which of several accounts is used
	opened := t.statuses[open]
	if d.ended {
		opened = t.statuses[done]
	}
	now := [backlog.FieldCount]value{
		backlog.FieldStatus:   {opened.ID, opened.Name},
		backlog.FieldPriority: {strconv.Itoa(medium + 1), priorities()[medium]},
		backlog.FieldLabels:   {strings.Join(d.labels, " "), strings.Join(d.labels, " ")},
	}
	if len(d.components) > 0 {
		now[backlog.FieldComponent] = value{d.components[0], d.components[0]}
	}
	if d.parent != nil {
		now[backlog.FieldParent] = value{d.parent.id, d.parent.key}
	}
	issue := backlog.Issue{
		ID: d.id, Key: d.key, Scope: t.key, Type: typ.ID, TypeName: typ.Name, Level: typ.Level,
		Title: d.title, Description: d.text,
		Creator: t.account(pen, d.creator, d.created), Reporter: t.account(pen, d.reporter, d.created),
		Labels: d.labels, Components: d.components, Rank: "0|i" + pad(d.no) + ":",
		Created: instant(d.created), Updated: instant(d.created),
		History: backlog.HistoryComplete, CommentsRead: true,
	}
	if d.ended {
		issue.Resolved, issue.Resolution = instant(d.created), "Done"
	}
	var last *backlog.Change
	for _, e := range d.edits {
		if e.at >= asOf {
			break
		}
		from, to := now[e.field], e.to
		switch o := t.drafts[e.to.raw]; {
		case e.field == backlog.FieldParent:
			to.name = o.key
		case e.field == backlog.FieldLink && o != nil:
			to = value{o.key, "This work item " + e.to.name + " " + o.key}
		}
		switch e.field {
		case backlog.FieldSprint:
			if to = joined(from, to, ",", ", "); to == from {
				continue
			}
		case backlog.FieldLabels:
			if to = joined(from, to, " ", " "); to == from {
				continue
			}
		case backlog.FieldVersion:
			if slices.Contains(issue.Versions, to.raw) {
				continue
			}
			issue.Versions = append(issue.Versions, to.raw)
			from = value{}
		case backlog.FieldRank, backlog.FieldLink, backlog.FieldDescription:
			from = value{}
		case backlog.FieldStatus:
			if from == to {
				continue
			}
			if to.raw == t.statuses[done].ID || to.raw == t.statuses[dropped].ID {
				issue.Resolved = instant(e.at)
			} else if !issue.Resolved.IsZero() {
				issue.Resolved = time.Time{}
				now[backlog.FieldResolution] = value{}
			}
		default:
			if from == to {
				continue
			}
		}
		now[e.field] = to
		name, id := fieldName(e.field)
		author := t.author(pen, e.by, e.at)
		ordinal := 0
		if last != nil && last.Author == author && last.At.Unix() == e.at {
			ordinal = last.Ordinal + 1
		}
		issue.Changes = append(issue.Changes, backlog.Change{
			Ordinal: ordinal, At: instant(e.at), Author: author, Field: e.field, FieldID: id, FieldName: name,
			From: from.raw, FromName: from.name, To: to.raw, ToName: to.name, Measure: e.measure,
		})
		last = &issue.Changes[len(issue.Changes)-1]
		issue.Updated = last.At
		if ordinal == 0 {
			issue.PromisedChanges++
		}
	}
	for _, c := range d.comments {
		if c.at >= asOf {
			break
		}
		issue.Comments = append(issue.Comments, backlog.Comment{
			At: instant(c.at), Author: t.author(pen, c.by, c.at), Body: c.text,
		})
		if at := instant(c.at); at.After(issue.Updated) {
			issue.Updated = at
		}
	}
	issue.PromisedComments = len(issue.Comments)
	d.settle(&issue, now)
	return issue
}

// settle fills in the fields as the last change left them.
func (d *draft) settle(issue *backlog.Issue, now [backlog.FieldCount]value) {
	for _, s := range d.team.statuses {
		if s.ID == now[backlog.FieldStatus].raw {
			issue.Status, issue.StatusName, issue.Category = s.ID, s.Name, s.Category
		}
	}
	if !issue.Resolved.IsZero() && issue.Resolution == "" {
		issue.Resolution = now[backlog.FieldResolution].name
	}
	issue.Priority = now[backlog.FieldPriority].name
	issue.Assignee = now[backlog.FieldAssignee].raw
	if p := now[backlog.FieldParent]; p.raw != "" {
		issue.Parent = backlog.Ref{ID: p.raw, Key: p.name}
	}
	issue.Labels = strings.Fields(now[backlog.FieldLabels].raw)
	if s := now[backlog.FieldSprint].raw; s != "" {
		issue.Sprints = strings.Split(s, ",")
	}
	if n, err := strconv.ParseFloat(now[backlog.FieldEstimate].raw, 64); err == nil {
		issue.Estimate = &n
	}
	if c := now[backlog.FieldComponent].name; c != "" {
		issue.Components = []string{c}
	}
	issue.Flagged = now[backlog.FieldFlagged].raw != ""
	issue.Due = date(now[backlog.FieldDueDate].raw)
	issue.TargetStart = date(now[backlog.FieldTargetStart].raw)
	issue.TargetEnd = date(now[backlog.FieldTargetEnd].raw)
	for _, c := range issue.Changes {
		if c.Field == backlog.FieldLink {
			for _, l := range d.links {
				if o := d.team.drafts[l.Other.ID]; o != nil {
					l.Other.Key = o.key
				}
				if l.Other.Key == c.To {
					issue.Links = append(issue.Links, l)
				}
			}
		}
	}
	if summary := now[backlog.FieldSummary].name; summary != "" {
		issue.Title = summary
	}
}

// joined adds a value to a list of values.
func joined(list, add value, sep, nameSep string) value {
	if list.raw == "" {
		return add
	}
	if slices.Contains(strings.Split(list.raw, sep), add.raw) {
		return list
	}
	return value{list.raw + sep + add.raw, list.name + nameSep + add.name}
}

// instant returns a time as connectors hand it in.
func instant(t int64) time.Time { return time.Unix(t, 0).UTC() }

// date reads a day; the zero time stands for none.
func date(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}
	}
	return t
}

// pad spells a number so that it sorts as text.
func pad(n int) string {
	s := strconv.FormatInt(int64(n), 36)
	return strings.Repeat("0", max(0, 5-len(s))) + s
}
