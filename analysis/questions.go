package analysis

import (
	"cmp"
	"context"

	"defacto/backlog"
)

// question is a question the team asked somebody, and what came of it. Times are
// unix ms, 0 never.
type question struct {
	item, remark int32
	at           int64
	asker        backlog.PersonID
	target       backlog.PersonID // Nobody where only a waiting status says that it waits
	signal       bool             // the card was moved to waiting, flagged or handed over with it
	relayed      bool             // passed on with a mention before it was answered

	answered int64
	by       backlog.PersonID // Nobody where it was settled elsewhere by somebody unnamed
	ref      int32            // the comment or change that answered
	kind     actKind
	response int64 // first later comment by anybody else, acknowledgements included
	closed   int64 // the issue was finished or dropped without an answer
}

// open reports whether no answer is recorded.
func (q *question) open() bool { return q.answered == 0 }

// until is when the clock stopped: the answer, the close, or asOf.
func (q *question) until(asOf int64) int64 {
	switch {
	case q.answered > 0:
		return q.answered
	case q.closed > 0:
		return q.closed
	}
	return asOf
}

// Asked is what the team asked in a period.
type Asked struct {
	timed    []question // in the order of items and comments
	possible int        // question marks with nobody asked: counted, not timed
	product  int        // of them, those to which somebody outside development spoke next
	ours     int        // of them, those to which a developer did
	outcome  Outcome
	why      string
}

// answers lists the comments that answer a question.
func (a *Asked) answers() map[int32]bool {
	are := make(map[int32]bool, len(a.timed))
	for i := range a.timed {
		if a.timed[i].kind == actAnswer && !a.timed[i].open() {
			are[a.timed[i].ref] = true
		}
	}
	return are
}

// Questions finds the questions the team asked and their answers.
var Questions = &Pass[*Asked]{
	Meta: Meta{
		Name:     "questions",
		Question: "What did the team ask, and who answered when?",
		Doc: "A question is a comment by somebody who builds, on a story in progress or soon to start, that asks in form (a question mark of any script, a phrase), speaks to one person outside development by name without replying to them or handing finished work on, or comes with a move to a waiting status, a flag or a hand-over. " +
			"It counts as asked of the first person mentioned who is not a developer, else of the name it opens with, else of who it replies to, else of the new assignee. Without anybody asked it is only possible: counted, not timed. " +
			"A question put to somebody who has not answered the last one yet is one of its own where a second answer follows, and else a reminder. " +
			"Its answer is the first later comment by the person asked, by anybody who mentions the asker, or a statement by anybody outside development; an edit of the description by the person asked; or handing the card back. " +
			"It cannot see answers given in chat or across the desk, unless the asker writes so.",
	},
	Run: func(_ context.Context, in *Input) (*Asked, error) {
		f := finder{in: in, asked: &Asked{outcome: Measured}}
		b := in.book
		unread, seen := 0, 0
		for _, i := range in.near {
			it, t := &b.snap.Items[i], &b.trails[i]
			if t.omega <= 0 || !in.counts(i) || it.Created >= in.to || t.active < in.from {
				continue
			}
			seen++
			if it.Flags&backlog.ItemShortComments != 0 {
				unread++
			}
			if it.CommentHi > it.CommentLo && b.snap.Comments[it.CommentHi-1].At >= in.from {
				f.look(i)
			}
		}
		if unread > seen/2 {
			f.asked.outcome, f.asked.why = NotRecorded, "the comments of most issues were not obtained"
		}
		in.setClock(f.asked)
		return f.asked, nil
	},
}

// The distances that hold a comment and a move together.
const (
	together = 2 * 60 * 1000
	verdict  = 3 * 60 * 1000
	ahead    = 5 * day
)

// finder looks for questions issue by issue.
type finder struct {
	in    *Input
	asked *Asked
}

func (f *finder) look(i int32) {
	b := f.in.book
	it, t := &b.snap.Items[i], &b.trails[i]
	first := len(f.asked.timed)
	for c := it.CommentLo; c < it.CommentHi; c++ {
		m := &b.snap.Comments[c]
		if m.At >= f.in.to || m.At > b.asOf {
			break
		}
		// Questions before the period are looked at too: a reminder is none of its own.
		if m.At < f.in.from-lookback || !f.asks(it, t, m) {
			continue
		}
		q, ok := f.question(i, it, c, m)
		if !ok {
			continue
		}
		pending := f.pending(first, &q)
		f.answer(it, t, &q, pending)
		if len(pending) > 0 && q.open() {
			continue // a reminder: whoever was asked had one thing to say
		}
		f.asked.timed = append(f.asked.timed, q)
	}
	kept := f.asked.timed[:first]
	for _, q := range f.asked.timed[first:] {
		if q.at >= f.in.from {
			kept = append(kept, q)
		}
	}
	f.asked.timed = kept
}

// asks applies METHOD's Q1: who asks, and when.
func (f *finder) asks(it *backlog.Item, t *trail, m *backlog.Remark) bool {
	if m.Machine || m.Author == backlog.Nobody || !f.in.people.Asker(m.Author) || f.in.machine(m.Author) {
		return false
	}
	if t.noHistory {
		return it.Resolved == 0 || m.At < it.Resolved
	}
	return t.started > 0 && m.At >= t.started-ahead && (t.done == 0 || m.At < t.done)
}

// question applies Q2 and Q3: its form, and who is asked.
func (f *finder) question(i int32, it *backlog.Item, c int32, m *backlog.Remark) (question, bool) {
	q := question{item: i, remark: c, at: m.At, asker: m.Author}
	waiting, assigned := f.moves(it, m)
	mentions := f.in.book.snap.MentionsOf(m)
	form := m.Marks&(backlog.MarkQuestion|backlog.MarkAsks) != 0
	var developer bool // a developer was asked
	builder := backlog.Nobody
	for _, p := range mentions {
		if p == m.Author || p == backlog.Nobody || f.in.machine(p) {
			continue
		}
		if f.in.people.Developer(p) && !f.owns(i, p) {
			if !developer {
				builder = p
			}
			developer = true
			continue
		}
		q.target = p
		break
	}
	if q.target == backlog.Nobody && waiting {
		q.target = builder // the card waits for them: an owner may build as well
	}
	if !form && !f.requests(it, c, m, q.target) && (len(mentions) == 0 || !waiting && (assigned == backlog.Nobody || assigned != q.target)) {
		return q, false
	}
	if q.target == backlog.Nobody && !developer {
		q.target = f.named(m)
		if q.target == m.Author {
			q.target = backlog.Nobody
		}
		if q.target == backlog.Nobody {
			q.target = f.repliedTo(it, m)
		}
		if f.in.people.Developer(q.target) && !f.owns(i, q.target) {
			developer = true
			if !waiting {
				q.target = backlog.Nobody
			}
		}
	}
	if q.target == backlog.Nobody && assigned != backlog.Nobody {
		q.target = assigned
	}
	q.signal = waiting || assigned != backlog.Nobody
	switch {
	case q.target != backlog.Nobody && (!f.in.people.Developer(q.target) || q.signal || f.owns(i, q.target)):
		return q, true
	case waiting && !developer:
		return q, true
	case developer:
		return q, false // a technical question between developers
	}
	if m.At >= f.in.from {
		f.asked.possible++
		switch p := f.next(it, c, m); {
		case p == backlog.Nobody:
		case f.in.people.Developer(p) && !f.owns(i, p):
			f.asked.ours++
		default:
			f.asked.product++
		}
	}
	return q, false
}

// next is whoever spoke next to a remark, soon.
func (f *finder) next(it *backlog.Item, c int32, m *backlog.Remark) backlog.PersonID {
	for _, o := range f.in.book.snap.Comments[c+1 : it.CommentHi] {
		if o.At > min(m.At+ahead, f.in.book.asOf) {
			break
		}
		if o.Author != m.Author && o.Author != backlog.Nobody && !o.Machine && !f.in.machine(o.Author) {
			return o.Author
		}
	}
	return backlog.Nobody
}

// demand is how many product questions were asked: those put to somebody, and of the
// possible ones the part that product people replied to, of those anybody replied to.
// Without a reply to any it is half of them.
func (a *Asked) demand() float64 {
	return float64(len(a.timed)) + float64(a.possible)*(float64(a.product)+.5)/float64(a.product+a.ours+1)
}

// owns reports whether somebody wrote a story that others build, and is recorded
// accepting others' work: then they are asked what it means, however much they
// build beside it.
func (f *finder) owns(i int32, p backlog.PersonID) bool {
	it := &f.in.book.snap.Items[i]
	return p != backlog.Nobody && f.in.people.acceptor[p] && p == cmp.Or(it.Reporter, it.Creator) && p != f.in.people.builder(&f.in.book.trails[i])
}

// requests reports whether a comment without a question's form asks all the same:
// somebody at work speaks to one person outside development by name, and neither
// replies to them, nor approves, refuses or settles anything, nor hands the work on.
func (f *finder) requests(it *backlog.Item, c int32, m *backlog.Remark, target backlog.PersonID) bool {
	if m.Marks&(backlog.MarkElsewhere|backlog.MarkApproves|backlog.MarkRejects|backlog.MarkAcknowledges) != 0 {
		return false
	}
	switch {
	case target != backlog.Nobody && m.Marks.Has(backlog.MarkAddressed):
	case len(f.in.book.snap.MentionsOf(m)) == 0:
		target = f.named(m)
	default:
		return false // spoken of, not to
	}
	if target == backlog.Nobody || target == m.Author || f.in.people.Developer(target) {
		return false
	}
	return !f.replies(it, c, m, target) && !f.handsOn(it, c, m)
}

// replies reports whether the last word before a comment was the other's, to its author.
func (f *finder) replies(it *backlog.Item, c int32, m *backlog.Remark, to backlog.PersonID) bool {
	for i := c - 1; i >= it.CommentLo; i-- {
		o := &f.in.book.snap.Comments[i]
		if o.Machine || f.in.machine(o.Author) {
			continue
		}
		return o.Author == to && o.At > m.At-ahead && (o.Marks.Has(backlog.MarkQuestion) || f.mentions(o, m.Author))
	}
	return false
}

// handsOn reports whether a comment speaks of finished work: it came with the work's
// hand-over, or the card stands where work is looked at, or the next thing that
// happened is that somebody else finished or approved it.
func (f *finder) handsOn(it *backlog.Item, c int32, m *backlog.Remark) bool {
	b := f.in.book
	stage, next := StageUnknown, int64(0)
	finished := false
	for i := it.ChangeLo; i < it.ChangeHi; i++ {
		e := &b.snap.Changes[i]
		status := e.Field == backlog.FieldStatus
		var to int64
		if status {
			to = f.in.Site.Values[e.To].Ref
		}
		over := status && (f.in.flow.stages[to].handedOver() || !f.in.Site.Statuses[to].Category.Open())
		switch {
		case over && e.Actor == m.Author && e.At >= m.At-verdict && e.At <= m.At+verdict:
			return true
		case e.At <= m.At && status:
			stage = f.in.flow.stages[to]
		case e.At > m.At && next == 0 && !e.Machine && !f.in.machine(e.Actor):
			next, finished = e.At, status && e.Actor != m.Author && !f.in.Site.Statuses[to].Category.Open()
		}
	}
	if stage.handedOver() {
		return true
	}
	for i := c + 1; i < it.CommentHi; i++ {
		o := &b.snap.Comments[i]
		if o.Machine || f.in.machine(o.Author) {
			continue
		}
		if next == 0 || o.At < next {
			return o.Author != m.Author && o.Marks.Has(backlog.MarkApproves)
		}
		break
	}
	return finished
}

// moves says what the asker did with the card around the comment.
func (f *finder) moves(it *backlog.Item, m *backlog.Remark) (waiting bool, assigned backlog.PersonID) {
	b := f.in.book
	for c := it.ChangeLo; c < it.ChangeHi; c++ {
		e := &b.snap.Changes[c]
		if e.At < m.At-together {
			continue
		}
		if e.At > m.At+together {
			break
		}
		if e.Actor != m.Author {
			continue
		}
		v := f.in.Site.Values[e.To]
		switch e.Field {
		case backlog.FieldStatus:
			waiting = waiting || f.in.flow.stages[v.Ref] == StageWaiting
		case backlog.FieldFlagged:
			waiting = waiting || e.To > 0 && v.Name != ""
		case backlog.FieldAssignee:
			if p := backlog.PersonID(v.Ref); p != backlog.Nobody && p != m.Author && !f.in.machine(p) {
				assigned = p
			}
		}
	}
	return waiting, assigned
}

// named resolves the name a comment opens with, where exactly one member of the
// scope is called so.
func (f *finder) named(m *backlog.Remark) backlog.PersonID {
	if m.Lead == 0 {
		return backlog.Nobody
	}
	return f.in.calledNames().find(f.in.book.snap.Leads[m.Lead])
}

// repliedTo is the author of the comment a reply stands under.
func (f *finder) repliedTo(it *backlog.Item, m *backlog.Remark) backlog.PersonID {
	if m.Parent == 0 {
		return backlog.Nobody
	}
	for c := it.CommentLo; c < it.CommentHi; c++ {
		if o := &f.in.book.snap.Comments[c]; o.ID == m.Parent {
			if o.Author == m.Author || f.in.machine(o.Author) {
				return backlog.Nobody
			}
			return o.Author
		}
	}
	return backlog.Nobody
}

func (f *finder) mentions(m *backlog.Remark, who backlog.PersonID) bool {
	for _, p := range f.in.book.snap.MentionsOf(m) {
		if p == who {
			return true
		}
	}
	return false
}
