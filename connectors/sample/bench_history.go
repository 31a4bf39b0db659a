package sample

import (
	"strconv"

	"defacto/backlog"
)

// crowdWriter writes one issue's history.
type crowdWriter struct {
	*Crowd
	d       dice
	issue   *backlog.Issue
	number  int // of the issue in the site
	project int
	at      int64
	entries int
}

// later moves the clock on by so many working hours, not past the as-of.
func (w *crowdWriter) later(lo, hi int) {
	w.at = min(crowdZone.after(w.at, int64(w.d.between(lo*60, hi*60))*minute), w.to-minute)
}

// change writes a history entry of one item.
func (w *crowdWriter) change(author string, f backlog.Field, from, to value, measure int) {
	w.issue.Changes = append(w.issue.Changes, w.item(author, f, from, to, measure, 0))
	w.entries++
}

// with adds an item to the last entry.
func (w *crowdWriter) with(f backlog.Field, from, to value) {
	last := &w.issue.Changes[len(w.issue.Changes)-1]
	w.entries--
	next := w.item(last.Author, f, from, to, 0, last.Ordinal+1)
	w.entries++
	w.issue.Changes = append(w.issue.Changes, next)
}

func (w *crowdWriter) item(author string, f backlog.Field, from, to value, measure, ordinal int) backlog.Change {
	name, id := fieldName(f)
	return backlog.Change{
		ID: strconv.Itoa(w.number*16 + w.entries), Ordinal: ordinal, At: instant(w.at), Author: author,
		Field: f, FieldID: id, FieldName: name,
		From: from.raw, FromName: from.name, To: to.raw, ToName: to.name, Measure: measure,
	}
}

// comment writes a comment.
func (w *crowdWriter) comment(author string, text backlog.Text) {
	w.issue.Comments = append(w.issue.Comments, backlog.Comment{
		ID: strconv.Itoa(w.number*4 + len(w.issue.Comments)), At: instant(w.at), Author: author, Body: text,
	})
}

func (w *crowdWriter) state(s state) value {
	return value{w.statuses[s].ID, w.statuses[s].Name}
}

// text is a stock comment.
func (w *crowdWriter) text() string { return w.texts[w.d.IntN(crowdTexts)] }

// other draws a priority that is not this one.
func (w *crowdWriter) other(p int) int { return (p + 1 + w.d.IntN(4)) % 5 }

// work is a story's, task's or bug's way from the backlog to done.
func (w *crowdWriter) work() {
	owner := w.decider(w.d, w.project, story)
	dev := w.builder(w.d, w.project)
	assigned := value{dev.id, dev.name}
	w.later(2, 60)
	w.change(owner, backlog.FieldRank, value{}, value{"", "Ranked higher"}, 1)
	w.later(1, 20)
	p := w.other(medium)
	w.change(owner, backlog.FieldPriority, level(medium), level(p), 0)
	w.later(1, 40)
	sprint := min(max(0, int((w.at-w.sprintStart(0))/(2*week))), w.sprints()-1)
	id := w.sprintID(w.project, sprint)
	committer := owner
	if w.d.chance(.3) {
		committer = w.member(w.project, 2).id
	}
	w.change(committer, backlog.FieldSprint, value{}, value{id, w.key(w.project) + " Sprint " + strconv.Itoa(sprint+1)}, 0)
	version := min(int((w.at-w.from)/(13*week)), 11)
	w.change(owner, backlog.FieldVersion, value{}, value{w.versionID(w.project, version), "v" + strconv.Itoa(version+1)}, 0)
	w.later(2, 30)
	w.change(dev.id, backlog.FieldAssignee, value{}, assigned, 0)
	w.with(backlog.FieldStatus, w.state(open), w.state(progress))
	w.later(1, 20)
	asked := w.member(w.project, 0)
	if w.d.chance(.2) {
		asked = w.member(w.project, 1)
	}
	w.comment(dev.id, backlog.Text{Prose: "@" + asked.name + " " + w.text() + " Is that right?", Mentions: []string{asked.id}})
	w.later(1, 12)
	w.comment(asked.id, backlog.Text{Prose: "@" + dev.name + " " + w.text(), Mentions: []string{dev.id}})
	w.later(4, 40)
	w.change(dev.id, backlog.FieldStatus, w.state(progress), w.state(review), 0)
	w.later(1, 10)
	w.change(dev.id, backlog.FieldStatus, w.state(review), w.state(accepting), 0)
	w.later(1, 16)
	closer := owner
	if w.d.chance(.4) {
		closer = dev.id
	}
	w.comment(owner, plainText(w.text()))
	w.change(closer, backlog.FieldStatus, w.state(accepting), w.state(done), 0)
	w.with(backlog.FieldResolution, value{}, value{"10000", "Done"})
	is := w.issue
	is.Status, is.StatusName, is.Category = w.statuses[done].ID, w.statuses[done].Name, backlog.Completed
	is.Resolution, is.Resolved, is.Updated = "Done", instant(w.at), instant(w.at)
	is.Assignee, is.Priority = dev.id, priorities()[p]
	is.Sprints, is.Versions = []string{id}, []string{w.versionID(w.project, version)}
}

// roadmap is an epic's ten changes: dates, order, priority.
func (w *crowdWriter) roadmap() {
	p := medium
	now := [backlog.FieldCount]value{backlog.FieldPriority: level(p)}
	for i := range 10 {
		w.later(8, 60)
		who := w.decider(w.d, w.project, epic)
		f, to, measure := backlog.FieldRank, value{"", "Ranked higher"}, 1
		switch i % 3 {
		case 1:
			f, to, measure = backlog.FieldTargetEnd, target(w.at, i+1), 0
		case 2:
			p = w.other(p)
			f, to, measure = backlog.FieldPriority, level(p), 0
		}
		from := now[f]
		if f == backlog.FieldRank {
			from = value{}
		}
		now[f] = to
		w.change(who, f, from, to, measure)
		if i%3 == 2 {
			w.comment(who, plainText(w.text()))
		}
	}
	is := w.issue
	is.Status, is.StatusName, is.Category = w.statuses[open].ID, w.statuses[open].Name, backlog.Unstarted
	is.Priority, is.TargetEnd, is.Updated = now[backlog.FieldPriority].name, date(now[backlog.FieldTargetEnd].raw), instant(w.at)
}
