package analysis

import (
	"cmp"
	"math"
	mathbits "math/bits"
	"slices"

	"defacto/backlog"
)

// fieldCreation stands beside the fields of changes where creations are listed
// among them.
const fieldCreation = backlog.FieldCount

// entry is one event that noise rules look at across issues: who changed which
// field of what, when. ref is an index into Snapshot.Changes, or −1 for a creation.
type entry struct {
	at     int64
	item   int32
	ref    int32
	person backlog.PersonID
	field  backlog.Field
}

// noisyFields has a bit for each field the rules on batches and rule actors look at.
const noisyFields = uint64(0) |
	1<<backlog.FieldRank | 1<<backlog.FieldPriority | 1<<backlog.FieldVersion | 1<<backlog.FieldSprint | 1<<backlog.FieldStatus |
	1<<backlog.FieldDescription | 1<<backlog.FieldCriteria | 1<<backlog.FieldDueDate | 1<<backlog.FieldTargetStart | 1<<backlog.FieldTargetEnd |
	1<<backlog.FieldParent | 1<<backlog.FieldSummary | 1<<backlog.FieldMilestone | 1<<backlog.FieldLabels | 1<<backlog.FieldLink

// entries lists a snapshot's events ordered by person, field and time, and for
// every change and every item's creation its place in that list (−1 where it has none).
func entries(snap *backlog.Snapshot, asOf int64) (list []entry, of, born []int32) {
	place := placesOf(snap, asOf)
	list = make([]entry, place.count)
	for i := range snap.Items {
		it := &snap.Items[i]
		if by := creatorOf(it); by != backlog.Nobody {
			list[place.next(by, fieldCreation)] = entry{it.Created, int32(i), -1, by, fieldCreation}
		}
		for c := it.ChangeLo; c < it.ChangeHi; c++ {
			if e := &snap.Changes[c]; enters(e, asOf) {
				list[place.next(e.Actor, e.Field)] = entry{e.At, int32(i), c, e.Actor, e.Field}
			}
		}
	}
	var s sorter
	for lo := 0; lo < len(list); {
		hi := lo + 1
		for hi < len(list) && list[hi].person == list[lo].person && list[hi].field == list[lo].field {
			hi++
		}
		s.byTime(list[lo:hi])
		lo = hi
	}
	of, born = nowhere(len(snap.Changes)), nowhere(len(snap.Items))
	for i := range list {
		if list[i].ref >= 0 {
			of[list[i].ref] = int32(i)
		} else {
			born[list[i].item] = int32(i)
		}
	}
	return list, of, born
}

// sorter has room for sorting.
type sorter struct {
	keys, spare []uint64
	was         []entry
}

// byTime sorts entries by time, those of one instant in the order they stand in:
// by item and change.
func (s *sorter) byTime(list []entry) {
	ordered := true
	for i := 1; i < len(list) && ordered; i++ {
		ordered = list[i].at >= list[i-1].at
	}
	if ordered {
		return
	}
	s.keys = s.keys[:0]
	for i := range list {
		s.keys = append(s.keys, uint64(list[i].at))
	}
	s.spare = slices.Grow(s.spare[:0], len(s.keys))
	mask, packed := packedSort(s.keys, s.spare)
	if !packed {
		slices.SortStableFunc(list, func(a, b entry) int { return cmp.Compare(a.at, b.at) })
		return
	}
	s.was = append(s.was[:0], list...)
	for i, k := range s.keys {
		list[i] = s.was[k&mask]
	}
}

// enters reports whether a change is an event the noise rules look at.
func enters(e *backlog.Event, asOf int64) bool {
	return noisyFields>>e.Field&1 != 0 && e.Actor != backlog.Nobody && e.At <= asOf
}

// places tells where the entries of each person and field go: sorting ten million
// of them by that, too, took three times as long.
type places struct {
	rank  []int32 // person → their row of free, −1 without entries
	free  []int32 // the next free place of each field, a row a person
	count int
}

func placesOf(snap *backlog.Snapshot, asOf int64) *places {
	p := &places{rank: nowhere(len(snap.Site.People))}
	for i := range snap.Items {
		it := &snap.Items[i]
		if by := creatorOf(it); by != backlog.Nobody {
			p.expect(by, fieldCreation)
		}
		for c := it.ChangeLo; c < it.ChangeHi; c++ {
			if e := &snap.Changes[c]; enters(e, asOf) {
				p.expect(e.Actor, e.Field)
			}
		}
	}
	for _, row := range p.rank {
		if row < 0 {
			continue
		}
		for f := row; f < row+fieldColumns; f++ {
			n := int(p.free[f])
			p.free[f] = int32(p.count)
			p.count += n
		}
	}
	return p
}

const fieldColumns = int32(fieldCreation) + 1

// expect counts one entry that will want a place.
func (p *places) expect(who backlog.PersonID, f backlog.Field) {
	row := p.rank[who]
	if row < 0 {
		row = int32(len(p.free))
		p.rank[who] = row
		p.free = append(p.free, make([]int32, fieldColumns)...)
	}
	p.free[row+int32(f)]++
}

// next takes the next place of a person and field.
func (p *places) next(who backlog.PersonID, f backlog.Field) int32 {
	i := p.rank[who] + int32(f)
	p.free[i]++
	return p.free[i] - 1
}

// nowhere is a list of places that are not known yet.
func nowhere(n int) []int32 {
	places := make([]int32, n)
	for i := range places {
		places[i] = -1
	}
	return places
}

func creatorOf(it *backlog.Item) backlog.PersonID {
	if it.Creator != backlog.Nobody {
		return it.Creator
	}
	return it.Reporter // old servers record no creator
}

// noise is what the rules of METHOD 2.4 say about the events of one scope as
// seen from one period. It looks only at issues that lived in the period or the
// quarter before, so that a period's numbers do not depend on which others are asked for.
type noise struct {
	of        []int32           // change → entry
	weights   map[int32]float32 // entry → weight left by the rules, 0 for an automation's; the others count 1
	imported  map[int32]bool    // items that came with an import
	batches   int               // batches that touch the period and the part of the scope looked at
	instants  int               // rule changes there
	importing int               // imported issues created there
}

// lives says which issues a period looks at.
type lives struct{ from, to int64 }

func (l lives) has(t *trail, created int64) bool { return created < l.to && t.active >= l.from }

// noise judges the events of a period; near lists at least the items that live
// in it or the quarter before, counts tells which are of the part looked at. The rules
// themselves look at the whole scope: a batch is one, whichever components it runs over.
func (b *book) noise(near []int32, from, to int64, counts func(item int32) bool) *noise {
	m := b.method
	within := func(e int32) bool {
		en := &b.entries[e]
		return en.at >= from && en.at < to && counts(en.item)
	}
	n := &noise{of: b.entryOf, weights: map[int32]float32{}, imported: map[int32]bool{}}
	b.runs(b.living(near, from, to), func(run []int32) {
		if b.entries[run[0]].field == fieldCreation {
			b.imports(n, run)
			b.batch(n, b.copies(run), int64(m.BatchGap*1000), int(m.BatchIssues), within)
			return
		}
		b.batch(n, run, int64(m.BatchGap*1000), int(m.BatchIssues), within)
		b.rules(n, run, within)
	})
	for _, i := range b.imported {
		n.imported[i] = true
	}
	for i := range n.imported {
		if c := b.snap.Items[i].Created; c >= from && c < to && counts(i) {
			n.importing++
		}
	}
	return n
}

// living marks the entries of the issues that live in a period or the quarter
// before, a bit each.
func (b *book) living(near []int32, from, to int64) []uint64 {
	alive := lives{from - lookback, to}
	set := make([]uint64, (len(b.entries)+63)/64)
	mark := func(entry int32) {
		if entry >= 0 {
			set[entry/64] |= 1 << (entry % 64)
		}
	}
	for _, i := range near {
		it := &b.snap.Items[i]
		if !alive.has(&b.trails[i], it.Created) {
			continue
		}
		mark(b.born[i])
		for _, e := range b.entryOf[it.ChangeLo:it.ChangeHi] {
			mark(e)
		}
	}
	return set
}

// runs calls look with the marked entries of each person and field, oldest first.
func (b *book) runs(set []uint64, look func([]int32)) {
	run := make([]int32, 0, 256)
	for w, bits := range set {
		for ; bits != 0; bits &= bits - 1 {
			e := int32(w*64 + mathbits.TrailingZeros64(bits))
			if len(run) > 0 && (b.entries[e].person != b.entries[run[0]].person || b.entries[e].field != b.entries[run[0]].field) {
				look(run)
				run = run[:0]
			}
			run = append(run, e)
		}
	}
	if len(run) > 0 {
		look(run)
	}
}

// batch weighs down runs of changes with small gaps over many issues: n issues
// count 1 + ln n.
func (b *book) batch(n *noise, run []int32, gap int64, least int, within func(entry int32) bool) {
	for lo := 0; lo < len(run); {
		hi, issues := lo+1, 1
		for hi < len(run) && b.entries[run[hi]].at-b.entries[run[hi-1]].at <= gap {
			if b.entries[run[hi]].item != b.entries[run[hi-1]].item {
				issues++
			}
			hi++
		}
		if issues < least {
			lo = hi
			continue
		}
		// Moving an issue from one version to another is two items of one decision.
		if size := float64(b.distinct(run[lo:hi])); size >= float64(least) {
			f := float32((1 + math.Log(size)) / size)
			inside := false
			for _, e := range run[lo:hi] {
				n.weights[e] = f
				inside = inside || within(e)
			}
			if inside {
				n.batches++
			}
		}
		lo = hi
	}
}

func (b *book) distinct(run []int32) int {
	items := make([]int32, len(run))
	for i, e := range run {
		items[i] = b.entries[e].item
	}
	slices.Sort(items)
	return len(slices.Compact(items))
}

// rules finds automation that signs as a person: many changes of one field right
// after somebody else created the issue.
func (b *book) rules(n *noise, run []int32, within func(entry int32) bool) {
	window, least := int64(b.method.RuleWindow*1000), int(b.method.RuleChanges)
	found := 0
	for _, e := range run {
		if b.instantly(e, window) {
			found++
		}
	}
	if found < least {
		return
	}
	for _, e := range run {
		if b.instantly(e, window) {
			n.weights[e] = 0
			if within(e) {
				n.instants++
			}
		}
	}
}

func (b *book) instantly(e int32, window int64) bool {
	en := &b.entries[e]
	it := &b.snap.Items[en.item]
	return en.person != creatorOf(it) && en.at-it.Created <= window
}

// imports finds creations in bursts, and accounts that create for others in bursts.
func (b *book) imports(n *noise, run []int32) {
	m := b.method
	span, burst := int64(m.ImportSeconds*1000), int(m.ImportBurst)
	bursts, marked := false, 0
	for lo, hi := 0, 0; hi < len(run); hi++ {
		for b.entries[run[hi]].at-b.entries[run[lo]].at > span {
			lo++
		}
		if hi-lo+1 >= burst {
			bursts = true
			for _, e := range run[max(lo, marked) : hi+1] {
				n.imported[b.entries[e].item] = true
			}
			marked = hi + 1
		}
	}
	if !bursts || len(run) < int(m.ImportAccount) {
		return
	}
	foreign := 0
	for _, e := range run {
		it := &b.snap.Items[b.entries[e].item]
		if it.Reporter != backlog.Nobody && it.Reporter != b.entries[e].person {
			foreign++
		}
	}
	if float64(foreign) > m.ImportForeign*float64(len(run)) {
		for _, e := range run {
			n.imported[b.entries[e].item] = true
		}
	}
}

// copies are the creations of a run that copied another issue.
func (b *book) copies(run []int32) []int32 {
	var list []int32
	for _, e := range run {
		if b.snap.Items[b.entries[e].item].Flags&backlog.ItemCloned != 0 {
			list = append(list, e)
		}
	}
	return list
}

// spree returns the batch factor of an issue's creation, 1 where it was no copy
// made among many.
func (n *noise) spree(b *book, item int32) float32 {
	if e := b.born[item]; e >= 0 {
		if f, judged := n.weights[e]; judged {
			return f
		}
	}
	return 1
}

// weigh returns the batch factor of a change and why it does not count at all.
func (n *noise) weigh(change int32) (float32, reason) {
	e := n.of[change]
	if e < 0 {
		return 1, counts
	}
	f, judged := n.weights[e]
	switch {
	case !judged:
		return 1, counts
	case f == 0:
		return 0, byRule
	}
	return f, counts
}
