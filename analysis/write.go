package analysis

import (
	"context"

	"defacto/backlog"
)

// Write measures who writes the stories.
var Write = &Pass[*Tally]{
	Meta: Meta{
		Name:     "write",
		Question: "Who writes the stories?",
		Doc: "The unit is a story-level issue created in the period, weighed by how much it is about the product. " +
			"Creating it counts 1 (0.8 for the reporter and 0.2 for the creator where they differ), giving an empty issue its first description takes the creator's place, " +
			"rewriting more than 30 % of a description counts 0.3, splitting a story off counts for who split it, a clone half, and n clones in one go half of 1 + ln n. " +
			"It cannot see who thought of the story, who wrote it in a document first, or two people writing at one keyboard.",
	},
	Run: func(_ context.Context, in *Input) (*Tally, error) {
		r := newRecorder(in, backlog.Write, len(in.book.created(in.from, in.to)))
		for _, i := range in.book.created(in.from, in.to) {
			if in.counts(i) && in.book.trails[i].omega > 0 {
				r.written(i)
			}
		}
		return r.close(), nil
	},
}

// written writes the unit of one story: who wrote it.
func (r *recorder) written(i int32) {
	b := r.in.book
	it, omega := &b.snap.Items[i], b.trails[i].omega
	r.creation(i, it)
	stub := false
	for c := it.ChangeLo; c < it.ChangeHi; c++ {
		e := &b.snap.Changes[c]
		if e.At > b.asOf {
			break
		}
		if e.Field != backlog.FieldDescription && e.Field != backlog.FieldCriteria {
			continue
		}
		a := act{at: e.At, item: i, ref: c, person: e.Actor, kind: actRewrite, weight: .3}
		if e.Machine {
			a.why = byMachine
		}
		f, why := r.in.noise.weigh(c)
		if a.why == counts {
			a.why = why
		}
		first := e.Field == backlog.FieldDescription && e.Measure > 100 && !stub
		switch {
		case first && e.Actor != creatorOf(it) && a.why == counts:
			stub = true
			a.kind, a.weight = actDescribe, 1
		case first && a.why == counts:
			stub = true
			a.why = tooSmall // the creator finishing the form is the same act twice
		case float64(e.Measure) < r.in.Method.RewritePercent && a.why == counts:
			a.why = tooSmall
		}
		a.weight *= f
		r.act(a)
		if a.kind == actDescribe && !r.in.machine(a.person) && a.person != backlog.Nobody {
			r.unwrite(a.person)
		}
	}
	w := omega * min(1, r.sum())
	if r.in.noise.imported[i] && r.in.noise.spree(b, i) == 1 {
		w /= 2
	}
	r.unit(unit{at: it.Created, item: i, weight: w, direct: it.Creator == it.Reporter || it.Creator == backlog.Nobody})
}

// creation writes the acts of creating one story.
func (r *recorder) creation(i int32, it *backlog.Item) {
	a := act{at: it.Created, item: i, kind: actCreate, person: creatorOf(it), weight: 1}
	spree := r.in.noise.spree(r.in.book, i)
	switch {
	case it.Flags&backlog.ItemMachine != 0:
		a.why = byTemplate
	case spree < 1: // many copies at once are a batch, no import
		a.kind, a.weight = actClone, .5*spree
	case r.in.noise.imported[i]:
		// An import's account wrote nothing; the reporter it names may have.
		a.why = fromImport
		if it.Reporter != backlog.Nobody {
			a.person, a.kind, a.why = it.Reporter, actReport, counts
		}
	case it.Flags&backlog.ItemSplit != 0:
		a.kind = actSplit
	case it.Flags&backlog.ItemCloned != 0:
		a.kind, a.weight = actClone, .5
	case it.Creator != backlog.Nobody && it.Reporter != backlog.Nobody && it.Reporter != it.Creator:
		a.weight = .2
		b := a
		b.person, b.kind, b.weight = it.Reporter, actReport, .8
		r.act(b)
		if r.in.machine(it.Reporter) || r.in.outsider(it.Reporter) {
			a.weight = 1
		}
	}
	r.act(a)
}

// unwrite takes the credit of a stub's creation away: somebody else gave it its
// first text.
func (r *recorder) unwrite(by backlog.PersonID) {
	for i := int(r.lo); i < len(r.tally.acts); i++ {
		a := &r.tally.acts[i]
		if actKinds[a.kind].source == fromCreation && a.why == counts && a.person != by {
			a.weight, a.why = 0, emptied
			r.tally.skips[emptied]++
		}
	}
}
