package analysis

import (
	"slices"

	"defacto/backlog"
)

// pending lists what the asker had asked of the same person and had not been
// answered when they asked again. Each answer settles one of these questions, the
// oldest first; where none is left for the last, it was only a reminder.
func (f *finder) pending(first int, q *question) []question {
	var list []question
	for _, o := range f.asked.timed[first:] {
		if o.asker == q.asker && o.target == q.target && (o.open() || o.answered >= q.at) {
			list = append(list, o)
		}
	}
	return list
}

// settled reports whether a comment belongs to the answer of one of the questions:
// it is that answer, or the same person's next words.
func (f *finder) settled(list []question, c int32) bool {
	said := f.in.book.snap.Comments
	for i := range list {
		o := &list[i]
		if o.open() || o.kind == actHandBack {
			continue
		}
		if o.ref == c || said[o.ref].Author == said[c].Author && said[c].At >= o.answered && said[c].At <= o.answered+together {
			return true
		}
	}
	return false
}

// answer applies Q4 to Q6: what came of a question. What has settled a question
// that was pending when it was asked does not settle it as well, and neither does what
// answers a later one.
func (f *finder) answer(it *backlog.Item, t *trail, q *question, pending []question) {
	b := f.in.book
	left, closed := f.leaves(it, q.at)
	if t.noHistory && it.Resolved > 0 {
		closed = it.Resolved
	}
	byChange, at, by := f.answeringChange(it, q, left)
	if slices.ContainsFunc(pending, func(o question) bool { return o.kind == actHandBack && o.ref == byChange && !o.open() }) {
		byChange = -1
	}
	due := 0 // questions asked since, which have to be answered too
	for c := q.remark + 1; c < it.CommentHi; c++ {
		m := &b.snap.Comments[c]
		if m.At > b.asOf || byChange >= 0 && m.At > at || closed > 0 && m.At > closed+ahead {
			break
		}
		if m.Machine || m.Author == backlog.Nobody || f.in.machine(m.Author) {
			continue
		}
		if m.Author == q.asker {
			if m.Marks.Has(backlog.MarkElsewhere) && !f.settled(pending, c) {
				q.answered, q.ref, q.kind = m.At, c, actSettle
				q.by = f.settler(m, q)
				return
			}
			if len(pending) > 0 && m.At > pending[len(pending)-1].answered && m.Marks&(backlog.MarkQuestion|backlog.MarkAsks) != 0 {
				due++
			}
			continue
		}
		if q.response == 0 {
			q.response = m.At
		}
		mentionsAsker := f.mentions(m, q.asker)
		switch {
		case m.Marks.Has(backlog.MarkAcknowledges) && !mentionsAsker:
		case f.relays(m, q):
			q.relayed = true
		case f.settled(pending, c):
		case left > 0 && m.At > left && !mentionsAsker:
		case !mentionsAsker && f.isVerdict(it, m):
		case m.Author == q.target, mentionsAsker && m.Marks&backlog.MarkQuestion == 0,
			!f.in.people.Developer(m.Author) && m.Marks&backlog.MarkQuestion == 0:
			if q.open() {
				q.answered, q.by, q.ref, q.kind = m.At, m.Author, c, actAnswer
			}
			if due == 0 {
				return
			}
			due--
		}
	}
	q.answered, q.by, q.ref, q.kind = 0, backlog.Nobody, 0, 0
	if byChange >= 0 {
		q.answered, q.by, q.ref, q.kind = at, by, byChange, actHandBack
		return
	}
	q.closed = closed
}

// leaves returns when the work left the developers' hands after a time, and when
// it was finished or dropped.
func (f *finder) leaves(it *backlog.Item, since int64) (left, closed int64) {
	b := f.in.book
	for c := it.ChangeLo; c < it.ChangeHi; c++ {
		e := &b.snap.Changes[c]
		if e.At <= since || e.Field != backlog.FieldStatus {
			continue
		}
		if e.At > b.asOf {
			break
		}
		to := f.in.Site.Values[e.To].Ref
		over := !f.in.Site.Statuses[to].Category.Open()
		if left == 0 && (over || f.in.flow.stages[to].handedOver()) {
			left = e.At
		}
		if over {
			return left, e.At
		}
	}
	return left, 0
}

// answeringChange finds a change that answers: the person asked edits the
// description, or somebody else hands the card back.
func (f *finder) answeringChange(it *backlog.Item, q *question, left int64) (ref int32, at int64, by backlog.PersonID) {
	b := f.in.book
	for c := it.ChangeLo; c < it.ChangeHi; c++ {
		e := &b.snap.Changes[c]
		if e.At <= q.at+together || e.Actor == backlog.Nobody || e.Actor == q.asker || e.Machine || f.in.machine(e.Actor) {
			continue
		}
		if e.At > b.asOf || left > 0 && e.At > left {
			break
		}
		switch e.Field {
		case backlog.FieldDescription, backlog.FieldCriteria:
			if e.Actor == q.target {
				return c, e.At, e.Actor
			}
		case backlog.FieldStatus:
			from, to := f.in.Site.Values[e.From].Ref, f.in.Site.Values[e.To].Ref
			if q.signal && f.in.flow.stages[from] == StageWaiting && f.in.flow.stages[to] != StageWaiting {
				return c, e.At, e.Actor
			}
		case backlog.FieldFlagged:
			if q.signal && e.From > 0 && e.To == 0 {
				return c, e.At, e.Actor
			}
		case backlog.FieldAssignee:
			if q.signal && e.Actor == q.target && backlog.PersonID(f.in.Site.Values[e.To].Ref) == q.asker {
				return c, e.At, e.Actor
			}
		}
	}
	return -1, 0, backlog.Nobody
}

// relays reports whether a comment passes the question on to somebody else.
func (f *finder) relays(m *backlog.Remark, q *question) bool {
	if m.Marks&(backlog.MarkQuestion|backlog.MarkAsks|backlog.MarkAddressed) == 0 {
		return false
	}
	others := false
	for _, p := range f.in.book.snap.MentionsOf(m) {
		if p == q.asker {
			return false
		}
		others = others || p != m.Author && !f.in.machine(p)
	}
	return others
}

// settler is who settled a question elsewhere: the one named, else the one asked
// if the asker names nobody.
func (f *finder) settler(m *backlog.Remark, q *question) backlog.PersonID {
	for _, p := range f.in.book.snap.MentionsOf(m) {
		if p != q.asker && !f.in.machine(p) {
			return p
		}
	}
	return f.spokenOf(m)
}

// isVerdict reports whether a comment came with the same person's move of the
// card: it speaks of the work, not to the question.
func (f *finder) isVerdict(it *backlog.Item, m *backlog.Remark) bool {
	b := f.in.book
	for c := it.ChangeLo; c < it.ChangeHi; c++ {
		e := &b.snap.Changes[c]
		if e.Field == backlog.FieldStatus && e.Actor == m.Author && e.At >= m.At-verdict && e.At <= m.At+verdict {
			from := f.in.Site.Values[e.From].Ref
			return f.in.flow.stages[from] != StageWaiting
		}
	}
	return false
}
