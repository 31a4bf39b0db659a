package analysis

import (
	"cmp"
	"slices"

	"defacto/analysis/statistics"
	"defacto/backlog"
)

// Tally is who did one duty in one scope and period: the units it was due on,
// the acts behind them, and what follows from them (METHOD 3.1–3.4).
type Tally struct {
	Duty    backlog.Duty
	Outcome Outcome
	Verdict string             // single, contested, spread, vacant, insufficient
	Why     string             // why nothing can be said
	Leaders []backlog.PersonID // the one of single, the two of contested
	Sample  statistics.Sample
	Direct  float64 // share of the units' weight with a direct trace
	Machine float64 // share of the acts that machines made
	Words   string  // tentative or firm, "" where nothing is said

	factor map[backlog.PersonID]float32 // of clerks, for Prioritise
	people []backlog.PersonID           // category i is people[i]; the last category is nobody
	post   statistics.Dirichlet
	top    []float64
	credit []float64 // weighted units per category
	units  []unit
	acts   []act
	skips  [len(reasonText)]int // acts left out, by reason
	made   int                  // acts seen, counted or not
}

// enough reports whether the duty passes the gate of METHOD 2.6.
func (t *Tally) enough() bool { return t.Outcome == Measured }

// nobody is the category of nobody.
func (t *Tally) nobody() int { return len(t.people) }

// mean is a person's posterior share, 0 for somebody without a part in it.
func (t *Tally) mean(p backlog.PersonID) float64 {
	if i := slices.Index(t.people, p); i >= 0 {
		return t.post.Mean(i)
	}
	return 0
}

// Nobody is the posterior share of nobody.
func (t *Tally) Nobody() float64 { return t.post.Mean(t.nobody()) }

// leader returns the person with the largest share, Nobody when there is none.
func (t *Tally) leader() backlog.PersonID {
	if len(t.people) == 0 {
		return backlog.Nobody
	}
	return t.people[0]
}

// recorder gathers a duty's acts and units while a pass walks the issues.
type recorder struct {
	in    *Input
	tally *Tally
	lo    int32 // first act of the unit being written
	// answers marks the comments that answer a question, for Accept.
	answers map[int32]bool
}

// room is memory for a tally.
type room struct {
	units []unit
	acts  []act
}

// newRecorder makes room for so many units, and a few acts for each, or finds some.
func newRecorder(in *Input, d backlog.Duty, units int) *recorder {
	const acts = 3
	best := -1 // the smallest that is large enough
	for i, r := range in.book.spare {
		if cap(r.units) >= units && cap(r.acts) >= acts*units && (best < 0 || cap(r.acts) < cap(in.book.spare[best].acts)) {
			best = i
		}
	}
	has := room{}
	if best >= 0 {
		has = in.book.spare[best]
		in.book.spare = slices.Delete(in.book.spare, best, best+1)
	} else {
		has = room{make([]unit, 0, units), make([]act, 0, acts*units)}
	}
	return &recorder{in: in, tally: &Tally{Duty: d, units: has.units, acts: has.acts}}
}

// release gives back the room of tallies nobody will look at again.
func (in *Input) release() {
	for _, t := range in.tallies() {
		in.book.spare = append(in.book.spare, room{t.units[:0], t.acts[:0]})
		t.units, t.acts = nil, nil
	}
}

// clear forgets what was written, and keeps the room.
func (r *recorder) clear() {
	t := r.tally
	*t = Tally{Duty: t.Duty, units: t.units[:0], acts: t.acts[:0]}
	r.lo = 0
}

// act adds one act to the unit being written. Whoever cannot have done it by
// hand (machines, nobody, customers) is left out here, once for all duties.
func (r *recorder) act(a act) {
	a.duty = r.tally.Duty
	switch {
	case a.why != counts:
	case a.person == backlog.Nobody:
		a.why = noAuthor
	case r.in.machine(a.person):
		a.why = byMachine
	case r.in.outsider(a.person):
		a.why = byCustomer
	}
	if a.why != counts {
		a.weight = 0
		r.tally.skips[a.why]++
	}
	r.tally.made++
	r.tally.acts = append(r.tally.acts, a)
}

// sum is the weight of the acts of the unit being written.
func (r *recorder) sum() float32 {
	var s float32
	for i := r.lo; i < int32(len(r.tally.acts)); i++ {
		s += r.tally.acts[i].weight
	}
	return s
}

// drop forgets that the acts written since the last unit belong to one; they
// stay listed, with the reason where they did count.
func (r *recorder) drop(why reason) {
	for i := int(r.lo); i < len(r.tally.acts); i++ {
		if a := &r.tally.acts[i]; a.why == counts {
			a.why, a.weight = why, 0
			r.tally.skips[why]++
		}
	}
	r.lo = int32(len(r.tally.acts))
}

// unit closes the unit being written. Without weight, or with nothing to share,
// there is none.
func (r *recorder) unit(u unit) {
	u.lo, u.hi = r.lo, int32(len(r.tally.acts))
	r.lo = u.hi
	u.week = week(u.at)
	if u.weight <= 0 {
		return
	}
	for i := u.lo; i < u.hi; i++ {
		if r.tally.acts[i].weight > 0 {
			r.tally.units = append(r.tally.units, u)
			return
		}
	}
	if u.nobody > 0 {
		r.tally.units = append(r.tally.units, u)
	}
}

// close works out shares, verdict and confidence.
func (r *recorder) close() *Tally {
	t, m := r.tally, r.in.Method
	slots := r.in.book.slotsFor(r.in.Site)
	t.people, t.credit = r.in.credits(t, slots)
	for i, p := range t.people {
		slots[p] = int32(i)
	}
	var cell statistics.Cell
	var direct, total float64
	buffer := make([]statistics.Credit, 0, 8)
	for i := range t.units {
		u := &t.units[i]
		buffer = buffer[:0]
		for a := u.lo; a < u.hi; a++ {
			if w := t.acts[a].weight; w > 0 {
				buffer = append(buffer, statistics.Credit{Category: int(slots[t.acts[a].person]), Amount: float64(w)})
			}
		}
		if u.nobody > 0 {
			buffer = append(buffer, statistics.Credit{Category: len(t.people), Amount: float64(u.nobody)})
		}
		cell.Add(int(u.week), float64(u.weight), buffer...)
		total += float64(u.weight)
		if u.direct {
			direct += float64(u.weight)
		}
	}
	for _, p := range t.people {
		slots[p] = noSlot
	}
	t.Sample = cell.Effective(m.Tau)
	if total > 0 {
		t.Direct = direct / total
	}
	if t.made > 0 {
		t.Machine = float64(t.skips[byMachine]+t.skips[byRule]) / float64(t.made)
	}
	shares := cell.Shares()
	for len(shares) < len(t.people)+1 {
		shares = append(shares, 0)
	}
	t.post = statistics.Posterior(shares, t.Sample.Information, m.PriorMass)
	t.judge(m)
	t.top = t.post.Top(t.nobody())
	if t.enough() {
		t.name(m)
	}
	return t
}

// noSlot stands in a book's slots where somebody has no place.
const noSlot = -1

// slotsFor is room to give people places by their number, all noSlot; whoever borrows
// it leaves it so.
func (b *book) slotsFor(site *backlog.Site) []int32 {
	if b.slots == nil {
		b.slots = nowhere(len(site.People))
	}
	return b.slots
}

// credits lists who has a part, the largest first, with their weighted units;
// ties go by person, so that the order is always the same.
func (in *Input) credits(t *Tally, slots []int32) ([]backlog.PersonID, []float64) {
	type part struct {
		person backlog.PersonID
		sum    float64
	}
	parts := make([]part, 0, 16)
	nobody := 0.0
	for i := range t.units {
		u := &t.units[i]
		all := t.whole(u)
		for a := u.lo; a < u.hi; a++ {
			if w := float64(t.acts[a].weight); w > 0 {
				p := t.acts[a].person
				if slots[p] == noSlot {
					slots[p] = int32(len(parts))
					parts = append(parts, part{person: p})
				}
				parts[slots[p]].sum += float64(u.weight) * w / all
			}
		}
		nobody += float64(u.weight) * float64(u.nobody) / all
	}
	slices.SortFunc(parts, func(a, b part) int {
		if c := cmp.Compare(b.sum, a.sum); c != 0 {
			return c
		}
		return cmp.Compare(in.Site.People[a.person].ID, in.Site.People[b.person].ID)
	})
	people := make([]backlog.PersonID, 0, len(parts))
	credit := make([]float64, 0, len(parts)+1)
	for _, p := range parts {
		slots[p.person] = noSlot
		people, credit = append(people, p.person), append(credit, p.sum)
	}
	return people, append(credit, nobody)
}

// whole is what a unit is shared among: the weights of its acts and nobody's.
func (t *Tally) whole(u *unit) float64 {
	all := float64(u.nobody)
	for a := u.lo; a < u.hi; a++ {
		all += float64(t.acts[a].weight)
	}
	return all
}

// judge applies the gate of METHOD 2.6.
func (t *Tally) judge(m *Method) {
	switch {
	case t.Outcome != "": // the pass has said why it could not measure
	case len(t.units) == 0:
		t.Outcome, t.Why = NotApplicable, "nothing of the kind happened in the period"
		if t.made > 0 {
			t.Outcome, t.Why = TooFew, "what was recorded does not count"
		}
	case float64(len(t.units)) < m.MinUnits || t.Sample.Effective < m.MinEffective || float64(t.Sample.Clusters) < m.MinWeeks:
		t.Outcome = TooFew
		t.Why = sentence("%s in %s, worth %.1f as evidence: too few to say", plural(len(t.units), "unit"), plural(t.Sample.Clusters, "week"), t.Sample.Effective)
	default:
		t.Outcome = Measured
	}
	if t.Outcome != Measured {
		t.Verdict = "insufficient"
		return
	}
	t.Words = "firm"
	if t.Sample.Effective < m.FirmEffective || t.Direct < m.DirectShare {
		t.Words = "tentative"
	}
}

// name answers who does it (METHOD 3.4).
func (t *Tally) name(m *Method) {
	first, second := 0.0, 0.0
	if len(t.people) > 0 {
		first = t.post.Mean(0)
	}
	if len(t.people) > 1 {
		second = t.post.Mean(1)
	}
	recorded := 1 - t.Nobody() // what nobody did tells neither for nor against a rivalry
	// What is lost from the record falls to nobody: half of it by the mean alone does not
	// stand against a clear leader.
	switch {
	case len(t.people) == 0 || t.Nobody() >= m.VacantShare && t.post.Tail(m.VacantShare, t.nobody()) >= m.VacantSure:
		t.Verdict = "vacant"
	case t.named(m, first):
		t.Verdict, t.Leaders = "single", t.people[:1]
	case t.Nobody() >= m.VacantShare:
		t.Verdict = "vacant"
	case first+second >= m.ContestedSum*recorded && second >= m.ContestedSecond*recorded:
		t.Verdict, t.Leaders = "contested", t.people[:2]
	default:
		t.Verdict = "spread"
	}
}

// named reports whether the first can be named: they have enough, or most of what is
// recorded for anybody, and are likelier than not clearly ahead of the second. The lead
// is judged between the two, since what nobody did tells neither for nor against them.
func (t *Tally) named(m *Method, first float64) bool {
	majority := first >= m.OwnedShare*(1-t.Nobody()) && first >= m.NamedLeast
	if first < m.NamedShare && !majority {
		return false
	}
	return len(t.people) == 1 || t.post.Lead(0, 1, m.ClearLead) >= m.PClear
}

// report puts the tally into the contract's form.
func (t *Tally) report(in *Input) *DutyReport {
	d := &DutyReport{
		Outcome: t.Outcome, Verdict: t.Verdict, Why: t.Why, Words: t.Words,
		Units: len(t.units), Weight: t.Sample.Weight, NEff: t.Sample.Effective, Weeks: t.Sample.Clusters,
		Direct: t.Direct, Machine: t.Machine, Nobody: t.Nobody(), Shares: make([]Share, 0, len(t.people)),
	}
	for _, p := range t.Leaders {
		d.Persons = append(d.Persons, in.id(p))
	}
	if t.Verdict == "single" {
		d.Person, d.Persons = d.Persons[0], nil
		d.Owned = t.post.Mean(0)/in.Method.Reliability[t.Duty] >= in.Method.OwnedShare
	}
	var iv statistics.Interval
	for i, p := range t.people {
		if i == 0 || t.post.Alpha(i) != t.post.Alpha(i-1) { // many have done one thing each
			iv = t.post.Interval(i, .9)
		}
		d.Shares = append(d.Shares, Share{Person: in.id(p), Share: t.post.Mean(i), Low: iv.Low, High: iv.High, Units: t.credit[i], PTop: t.top[i]})
	}
	return d
}
