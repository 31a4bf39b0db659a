package analysis

import (
	"slices"

	"defacto/backlog"
)

// lookback is how far before a period its context reaches: the quarter before.
const lookback = 92 * day

// book is one snapshot swept once, whatever the periods asked for.
type book struct {
	snap    *backlog.Snapshot
	method  *Method
	flow    *Workflow
	asOf    int64
	trails  []trail
	entries []entry
	entryOf []int32
	places  map[int64]int32 // Item.No → index; filled for roadmaps
	accepts bool            // some issue went through an acceptance status
	// Items by the instant that puts them into a period.
	byCreated, byCommitted, byDone []int32
}

func newBook(snap *backlog.Snapshot, method *Method, flow *Workflow, asOf int64) *book {
	b := &book{snap: snap, method: method, flow: flow, asOf: asOf, trails: make([]trail, len(snap.Items))}
	s := sweeper{snap: snap, flow: flow, asOf: asOf, roll: int64(method.RollOverDays * float64(day))}
	for i := range snap.Items {
		b.trails[i] = s.trail(&snap.Items[i])
	}
	for i := range snap.Changes {
		if c := &snap.Changes[i]; c.Field == backlog.FieldStatus && flow.stages[snap.Site.Values[c.To].Ref] == StageAcceptance {
			b.accepts = true
			break
		}
	}
	b.entries, b.entryOf = entries(snap, asOf)
	b.byCreated = b.order(func(i int32) int64 { return snap.Items[i].Created })
	b.byCommitted = b.order(func(i int32) int64 { return b.trails[i].committed })
	b.byDone = b.order(func(i int32) int64 { return b.trails[i].done })
	return b
}

// order lists the items that have the instant, by that instant.
func (b *book) order(at func(int32) int64) []int32 {
	list := make([]int32, 0, len(b.snap.Items))
	for i := range b.snap.Items {
		if at(int32(i)) > 0 {
			list = append(list, int32(i))
		}
	}
	slices.SortStableFunc(list, func(x, y int32) int {
		switch a, c := at(x), at(y); {
		case a < c:
			return -1
		case a > c:
			return 1
		}
		return 0
	})
	return list
}

// within returns the part of an ordered list whose instants lie in [from, to).
func within(list []int32, at func(int32) int64, from, to int64) []int32 {
	lo, _ := slices.BinarySearchFunc(list, from, func(i int32, t int64) int { return compare(at(i), t) })
	hi, _ := slices.BinarySearchFunc(list, to, func(i int32, t int64) int { return compare(at(i), t) })
	return list[lo:hi]
}

// compare puts equal instants at the lower bound.
func compare(a, b int64) int {
	if a < b {
		return -1
	}
	return 1
}

func (b *book) created(from, to int64) []int32 {
	return within(b.byCreated, func(i int32) int64 { return b.snap.Items[i].Created }, from, to)
}

func (b *book) committed(from, to int64) []int32 {
	return within(b.byCommitted, func(i int32) int64 { return b.trails[i].committed }, from, to)
}

func (b *book) finished(from, to int64) []int32 {
	return within(b.byDone, func(i int32) int64 { return b.trails[i].done }, from, to)
}
