package analysis

import (
	"context"

	"defacto/backlog"
)

// Accept measures who says that the work is done.
var Accept = &Pass[*Tally]{
	Meta: Meta{
		Name:     "accept",
		Question: "Who accepts the work?",
		Doc: "The unit is a story-level issue finished in the period (dropped ones aside). It goes to who moved it to done, if that is not who built it (or, where nobody is recorded as building it, no developer); " +
			"else to the last person outside development, or recorded accepting others' work, who remarked on it between its hand-over and the close, within four days and without asking anything (1 if the remark approves in words, else 0.7; where the story never went through review, test or acceptance only if closing it was the next thing that happened, and the remark answered no question); " +
			"else to who had sent it back before, with 0.7; else to nobody. Closing many at once accepts nothing, nor do the closer's own words where their close does not. " +
			"Who built it held it longest in progress (time in review or test counts a tenth), unless a developer began it and they build nothing else; else whoever was assigned at the close, else who started it. A developer began six issues at work in this period and the quarter before; who accepts others' work closed three stories that others built, and a sixth of all that were closed so. " +
			"It cannot see a demo where somebody nods, and where the team's rule is that developers close their own work it will find nobody.",
		Requires: []Analyzer{Questions},
	},
	Run: func(_ context.Context, in *Input) (*Tally, error) {
		r := newRecorder(in, backlog.Accept, len(in.book.finished(in.from, in.to)))
		r.answers = Questions.Result(in).answers()
		missing := 0
		for _, i := range in.book.finished(in.from, in.to) {
			switch t := &in.book.trails[i]; {
			case !in.counts(i) || t.omega <= 0 || t.declined:
			case t.doneBy < 0:
				missing++
			default:
				r.accepted(i)
			}
		}
		missing += in.unseen()
		if missing > len(r.tally.units) {
			r.tally.Outcome, r.tally.Why = NotRecorded, "the history of most issues was not obtained"
		}
		return r.close(), nil
	},
}

// accepted writes the unit of one finished story.
func (r *recorder) accepted(i int32) {
	b := r.in.book
	it, t := &b.snap.Items[i], &b.trails[i]
	u := unit{at: t.done, item: i, weight: t.omega}
	defer func() { r.unit(u) }()

	by, swept := r.closer(it, t.doneBy)
	e := &b.snap.Changes[by]
	a := act{at: e.At, item: i, ref: by, person: e.Actor, kind: actDone, weight: 1}
	switch {
	case swept:
		a.why = bySweep
	case e.Machine:
		a.why = byMachine
	case r.builder(t, e.Actor):
		a.why = ownWork
	}
	tester := a.why == counts && r.tests(by)
	remark, weight := int32(-1), float32(0)
	if a.why != counts || r.in.machine(a.person) || tester {
		remark, weight = r.remark(it, t, by)
	}
	if remark >= 0 && (a.why != counts || r.in.machine(a.person) || b.snap.Comments[remark].Author != a.person) {
		if a.why == counts && tester {
			a.why = afterRemark
		}
		r.act(a)
		m := &b.snap.Comments[remark]
		r.act(act{at: m.At, item: i, ref: remark, person: m.Author, kind: actApprove, weight: weight})
		u.nobody = 1 - weight
		return
	}
	r.act(a)
	if r.sum() > 0 {
		u.direct = true
		return
	}
	u.nobody = 1
	if reject := r.reject(it, t, by); reject >= 0 {
		c := &b.snap.Changes[reject]
		r.act(act{at: c.At, item: i, ref: reject, person: c.Actor, kind: actReject, weight: .7})
		u.nobody = 1 - r.sum()
	}
}

// closer returns the move that finished the issue: the last one into a completed
// status, unless that was one of many at once and an earlier one was not.
func (r *recorder) closer(it *backlog.Item, last int32) (by int32, swept bool) {
	site := r.in.Site
	for c := last; c >= it.ChangeLo; c-- {
		e := &r.in.book.snap.Changes[c]
		if e.Field != backlog.FieldStatus {
			continue
		}
		to := int32(site.Values[e.To].Ref)
		if site.Statuses[to].Category != backlog.Completed {
			break // before this it was open: that close was undone
		}
		if f, _ := r.in.noise.weigh(c); f == 1 {
			return c, false
		}
	}
	return last, true
}

// builder reports whether somebody did the work. Where nobody is recorded as its
// implementer, any developer may have been.
func (r *recorder) builder(t *trail, p backlog.PersonID) bool {
	if by := r.in.people.builder(t); by != backlog.Nobody {
		return p == by
	}
	return r.in.people.Developer(p)
}

// tests reports whether a close came out of a testing status: then a remark by
// the product side before it is the acceptance, and the tester only filed it.
func (r *recorder) tests(by int32) bool {
	from := int32(r.in.Site.Values[r.in.book.snap.Changes[by].From].Ref)
	return r.in.flow.stages[from] == StageTest
}

// remark finds the acceptance said in words: the last remark by somebody outside
// development, or who is known to accept others' work, since the work was handed
// over, which asks nothing. Whose close accepts nothing, as they may have built it,
// accepts no more by what they say with it. −1: none.
func (r *recorder) remark(it *backlog.Item, t *trail, by int32) (int32, float32) {
	b := r.in.book
	done, closer := b.snap.Changes[by].At, b.snap.Changes[by].Actor
	handed, over := r.handed(it, by)
	since := max(handed, done-int64(r.in.Method.RemarkDays*float64(day)))
	until := done
	if f, _ := r.in.noise.weigh(by); f != 1 {
		until -= int64(r.in.Method.BatchGap * 1000) // a sweep's own words accept no more than the sweep
	}
	for c := it.CommentHi - 1; c >= it.CommentLo; c-- {
		m := &b.snap.Comments[c]
		if m.At > until || m.Machine || m.Author == backlog.Nobody || r.in.machine(m.Author) || r.in.outsider(m.Author) {
			continue
		}
		if m.At < since {
			break
		}
		if m.Author == r.in.people.builder(t) || m.Author == closer && r.builder(t, closer) || m.Marks.Has(backlog.MarkQuestion) || m.Marks.Has(backlog.MarkRejects) {
			continue
		}
		if r.in.people.Developer(m.Author) && !r.in.people.acceptor[m.Author] {
			continue
		}
		if m.Marks.Has(backlog.MarkApproves) {
			return c, 1
		}
		// Without a hand-over a remark may be about the work still to do, unless
		// closing the story is what it led to.
		if !r.answers[c] && (over || r.led(it, c, by)) {
			return c, .7
		}
	}
	return -1, 0
}

// led reports whether nothing but the close came after a remark: no word by
// anybody, and no change but the handing over of the card.
func (r *recorder) led(it *backlog.Item, remark, by int32) bool {
	b := r.in.book
	said, done := b.snap.Comments[remark].At, b.snap.Changes[by].At
	for c := remark + 1; c < it.CommentHi; c++ {
		if m := &b.snap.Comments[c]; m.At <= done && !m.Machine && !r.in.machine(m.Author) {
			return false
		}
	}
	for c := it.ChangeLo; c < by; c++ {
		if e := &b.snap.Changes[c]; e.At > said && e.At < done && e.Field != backlog.FieldAssignee && !e.Machine && !r.in.machine(e.Actor) {
			return false
		}
	}
	return true
}

// handed returns when the work was handed over before a close: the last move into
// review, test or acceptance. Where there was none (over is false) it is the last
// start of work.
func (r *recorder) handed(it *backlog.Item, by int32) (at int64, over bool) {
	b := r.in.book
	started := it.Created
	for c := by - 1; c >= it.ChangeLo; c-- {
		e := &b.snap.Changes[c]
		if e.Field != backlog.FieldStatus {
			continue
		}
		to := int32(r.in.Site.Values[e.To].Ref)
		if r.in.flow.stages[to].handedOver() {
			from := int32(r.in.Site.Values[e.From].Ref)
			if !r.in.flow.stages[from].handedOver() {
				return e.At, true
			}
			over = true
			continue
		}
		if b.snap.Site.Statuses[to].Category == backlog.Started {
			return e.At, over
		}
	}
	return started, over
}

// reject finds the last time somebody who did not build it sent the issue back
// from review to work before the close. −1: never.
func (r *recorder) reject(it *backlog.Item, t *trail, by int32) int32 {
	b := r.in.book
	for c := by - 1; c >= it.ChangeLo; c-- {
		e := &b.snap.Changes[c]
		if e.Field != backlog.FieldStatus || e.Machine || e.Actor == backlog.Nobody || r.builder(t, e.Actor) || r.in.machine(e.Actor) {
			continue
		}
		from, to := int32(r.in.Site.Values[e.From].Ref), int32(r.in.Site.Values[e.To].Ref)
		back := r.in.flow.stages[from].handedOver() || r.in.Site.Statuses[from].Category == backlog.Completed
		if back && (r.in.flow.stages[to] == StageWork || r.in.Site.Statuses[to].Category.Pending()) {
			return c
		}
	}
	return -1
}
