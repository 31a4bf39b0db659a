package analysis

import (
	"context"
	"slices"
	"strings"

	"defacto/backlog"
)

// Market measures who brings the market in.
var Market = &Pass[*Tally]{
	Meta: Meta{
		Name:     "market",
		Question: "Who brings the market in?",
		Doc: "The unit is one recorded act of linking work to a customer: a link to a service-desk request or an idea, a customer-request label, a customer need, a comment that links to a customer system. On bugs it does not count: that is support. " +
			"Somebody who links more often than they prioritise or shape the roadmap passes requests on, and counts half where others bring some in too. " +
			"It cannot see calls, visits, interviews or what was read elsewhere; most teams record little of this in the tracker.",
		Requires: []Analyzer{Prioritise, Roadmap},
	},
	Run: func(_ context.Context, in *Input) (*Tally, error) {
		r := newRecorder(in, backlog.Market, 0)
		r.passers()
		for _, i := range in.book.marketed {
			t := &in.book.trails[i]
			if in.counts(i) && t.kind != kindRoadmap && t.active >= in.from && in.book.snap.Items[i].Created < in.to {
				r.marketed(in.book, in.noise, i, inScope)
			}
		}
		for _, i := range in.members {
			r.marketed(in.road, in.rnoise, i, onRoadmap)
		}
		return r.close(), nil
	},
}

// marketed writes the units of one item: each act is one.
func (r *recorder) marketed(b *book, n *noise, i int32, on ground) {
	it, t := &b.snap.Items[i], &b.trails[i]
	for c := it.ChangeLo; c < it.ChangeHi; c++ {
		e := &b.snap.Changes[c]
		if e.At < r.in.from || e.At >= r.in.to || e.At > b.asOf {
			continue
		}
		kind, ok := r.customer(e)
		if !ok {
			continue
		}
		a := act{at: e.At, item: i, ref: c, person: e.Actor, kind: kind, on: on}
		f, why := n.weigh(c)
		a.weight, a.why = f, why
		if e.Machine {
			a.why = byMachine
		}
		r.need(a, t)
	}
	for c := it.CommentLo; c < it.CommentHi; c++ {
		m := &b.snap.Comments[c]
		if m.At < r.in.from || m.At >= r.in.to || m.At > b.asOf || !m.Marks.Has(backlog.MarkCustomerLink) {
			continue
		}
		a := act{at: m.At, item: i, ref: c, person: m.Author, kind: actFeedback, weight: 1, on: on}
		if m.Machine {
			a.why = byMachine
		}
		r.need(a, t)
	}
}

func (r *recorder) need(a act, t *trail) {
	if t.kind == kindBug && a.why == counts {
		a.why = ofTriage
	}
	if r.in.passesOn[a.person] {
		a.weight *= float32(r.in.Method.PassOnWeight)
	}
	r.act(a)
	r.unit(unit{at: a.at, item: a.item, weight: r.sum(), direct: true, on: a.on})
}

// passers finds who links work to customers more often than they decide anything
// about it: support passing requests on, as often somebody else's find as their
// own. Where nobody else brings the market in, they do.
func (r *recorder) passers() {
	product := map[backlog.PersonID]int{}
	for _, t := range []*Tally{Prioritise.Result(r.in), Roadmap.Result(r.in)} {
		for i := range t.acts {
			if t.acts[i].why == counts {
				product[t.acts[i].person]++
			}
		}
	}
	links := map[backlog.PersonID]int{}
	r.linkers(func(p backlog.PersonID) { links[p]++ })
	r.in.passesOn = map[backlog.PersonID]bool{}
	others := false
	for p, n := range links {
		if product[p] < n {
			r.in.passesOn[p] = true
		} else {
			others = true
		}
	}
	if !others {
		clear(r.in.passesOn)
	}
}

// linkers calls f with everybody who links work to customers in the period.
func (r *recorder) linkers(f func(backlog.PersonID)) {
	look := func(b *book, i int32) {
		for _, e := range b.snap.ChangesOf(&b.snap.Items[i]) {
			if _, ok := r.customer(&e); ok && e.At >= r.in.from && e.At < r.in.to && e.Actor != backlog.Nobody {
				f(e.Actor)
			}
		}
		for _, m := range b.snap.CommentsOf(&b.snap.Items[i]) {
			if m.Marks.Has(backlog.MarkCustomerLink) && m.At >= r.in.from && m.At < r.in.to && m.Author != backlog.Nobody {
				f(m.Author)
			}
		}
	}
	for _, i := range r.in.book.marketed {
		if t := &r.in.book.trails[i]; t.kind != kindRoadmap && t.active >= r.in.from && r.in.book.snap.Items[i].Created < r.in.to && r.in.counts(i) {
			look(r.in.book, i)
		}
	}
	for _, i := range r.in.members {
		look(r.in.road, i)
	}
}

// customer reads a change as market evidence.
func (r *recorder) customer(e *backlog.Event) (actKind, bool) {
	switch e.Field {
	case backlog.FieldLink:
		return actNeed, backlog.LinkKind(max(e.Measure, 0)) == backlog.LinkMarket
	case backlog.FieldNeed:
		return actNeed, true
	case backlog.FieldLabels:
		before := strings.Fields(r.in.Site.Values[e.From].Name)
		for _, l := range strings.Fields(r.in.Site.Values[e.To].Name) {
			if customerLabel(l) && !slices.Contains(before, l) {
				return actCustomerLabel, true
			}
		}
	}
	return 0, false
}

// customerLabel recognises the labels that say a customer asked for it.
func customerLabel(l string) bool {
	low := strings.ToLower(l)
	return containsAny(low, []string{"customer", "client-request", "user-request", "voice-of", "voc", "feedback", "kunde", "cliente", "客户", "顧客"})
}
