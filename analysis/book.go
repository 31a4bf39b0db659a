package analysis

import (
	"cmp"
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
	reaches []reach
	entries []entry
	entryOf []int32         // change → entry, −1 where it has none
	born    []int32         // item → the entry of its creation, −1 where it has none
	places  map[int64]int32 // Item.No → index; filled for roadmaps
	slots   []int32         // by person, for slotsFor
	waits   []waited        // room, for blocked
	spare   []room          // of tallies nobody looks at any more
	present *presence       // of those whose profile tells their zone; nil: not looked at yet
	accepts bool            // some issue went through an acceptance status
	// Items by the instant that puts them into a period.
	byCreated, byCommitted, byDone []int32
	imported                       []int32           // items the tracker says were imported
	moved                          []int32           // items that were hung elsewhere at some time
	marketed                       []int32           // items that may bear traces of the market
	ofScope                        map[int32][]int32 // roadmap items by the scopes they belong to or span
}

// reach is when an issue has anything to say: from its creation, or what is
// recorded before it, to its last activity.
type reach struct{ first, last int64 }

func newBook(snap *backlog.Snapshot, method *Method, flow *Workflow, asOf int64) *book {
	b := &book{snap: snap, method: method, flow: flow, asOf: asOf, trails: make([]trail, len(snap.Items)), reaches: make([]reach, 0, len(snap.Items))}
	s := sweeper{snap: snap, flow: flow, asOf: asOf, roll: int64(method.RollOverDays * float64(day))}
	for i := range snap.Items {
		b.trails[i] = s.trail(&snap.Items[i])
		b.shelve(int32(i))
	}
	b.entries, b.entryOf, b.born = entries(snap, asOf)
	b.byCreated = b.order(func(i int32) int64 { return snap.Items[i].Created })
	b.byCommitted = b.order(func(i int32) int64 { return b.trails[i].committed })
	b.byDone = b.order(func(i int32) int64 { return b.trails[i].done })
	return b
}

// shelve puts an item where passes look for it, so that none has to walk through
// all issues for each of many periods.
func (b *book) shelve(i int32) {
	it, t := &b.snap.Items[i], &b.trails[i]
	r := reach{it.Created, t.active}
	for _, at := range []int64{t.started, t.done} {
		if at > 0 {
			r.first = min(r.first, at)
		}
	}
	b.reaches = append(b.reaches, r)
	if it.Flags&backlog.ItemImported != 0 {
		b.imported = append(b.imported, i)
	}
	moved, marketed := false, false
	for c := it.ChangeLo; c < it.ChangeHi; c++ {
		switch e := &b.snap.Changes[c]; e.Field {
		case backlog.FieldStatus:
			b.accepts = b.accepts || b.flow.stages[b.snap.Site.Values[e.To].Ref] == StageAcceptance
		case backlog.FieldParent:
			moved = true
		case backlog.FieldLink, backlog.FieldNeed, backlog.FieldLabels:
			marketed = true
		}
	}
	for c := it.CommentLo; c < it.CommentHi; c++ {
		marketed = marketed || b.snap.Comments[c].Marks.Has(backlog.MarkCustomerLink)
	}
	if moved {
		b.moved = append(b.moved, i)
	}
	if marketed {
		b.marketed = append(b.marketed, i)
	}
}

// reaching lists the items that have something to say of [from, to), and maybe some more.
func (b *book) reaching(from, to int64) []int32 {
	var list []int32
	for i, r := range b.reaches {
		if r.last >= from && r.first < to {
			list = append(list, int32(i))
		}
	}
	return list
}

// order lists the items that have the instant, by that instant.
func (b *book) order(at func(int32) int64) []int32 {
	list := make([]int32, 0, len(b.snap.Items))
	keys := make([]uint64, 0, len(b.snap.Items))
	for i := range b.snap.Items {
		if t := at(int32(i)); t > 0 {
			list, keys = append(list, int32(i)), append(keys, uint64(t))
		}
	}
	mask, packed := packedSort(keys, nil)
	if !packed {
		slices.SortStableFunc(list, func(x, y int32) int { return cmp.Compare(at(x), at(y)) })
		return list
	}
	sorted := make([]int32, len(list))
	for i, k := range keys {
		sorted[i] = list[k&mask]
	}
	return sorted
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
