package analysis

import (
	"cmp"
	"context"
	"slices"

	"defacto/backlog"
)

// Prioritise measures who decides what comes first.
var Prioritise = &Pass[*Tally]{
	Meta: Meta{
		Name:     "prioritise",
		Question: "Who prioritises the backlog?",
		Doc: "The unit is a story-level issue committed in the period: put into a sprint for the first time, selected, or started, whichever came first. " +
			"Ranking it and setting its priority count 1, a fix version 0.5, putting it into the sprint 0.9, selecting it or letting it out of triage 0.5, the last three times how often that person's commitments go with an act of their own (who only types what others decided counts little). " +
			"Only what was done before the work started counts. A story committed without any of it is nobody's. " +
			"It cannot see an order agreed in a meeting and typed by somebody else, nor a priority set while the issue was being created.",
	},
	Run: func(_ context.Context, in *Input) (*Tally, error) {
		r := newRecorder(in, backlog.Prioritise, len(in.book.committed(in.from, in.to)))
		p := prioritiser{recorder: r}
		due := make([]int32, 0, 256)
		missing := 0
		for _, i := range in.book.committed(in.from, in.to) {
			switch t := &in.book.trails[i]; {
			case !in.counts(i) || t.omega <= 0:
			case t.noHistory:
				missing++
			default:
				due = append(due, i)
			}
		}
		missing += in.unseen()
		p.plans(due)
		p.clerks(due)
		p.guess(due)
		r.tally.factor = p.factor
		for _, i := range due {
			p.committed(i)
		}
		if missing > len(due) {
			r.tally.Outcome, r.tally.Why = NotRecorded, "the history of most issues was not obtained"
		}
		return r.close(), nil
	},
}

// prioritiser knows who merely types commitments.
type prioritiser struct {
	*recorder
	factor map[backlog.PersonID]float32
	// planner marks who commits more stories for others to build than for themselves.
	planner map[backlog.PersonID]bool
	// undecided is how likely an unranked commitment by a clerk is nobody's decision.
	undecided float32
}

// plans finds who plans for others: taking in a story of their own, too, is planning.
func (p *prioritiser) plans(due []int32) {
	p.planner = map[backlog.PersonID]bool{}
	balance := map[backlog.PersonID]int{}
	for _, i := range due {
		if c := p.commit(i); c != nil {
			if p.in.people.builder(&p.in.book.trails[i]) == c.Actor {
				balance[c.Actor]--
			} else {
				balance[c.Actor]++
			}
		}
	}
	for who, n := range balance {
		p.planner[who] = n > 0
	}
}

// clerks works out the clerk factor of METHOD 2.4 rule 6: of the stories somebody
// committed, how many they also ranked, prioritised or versioned, against the
// team's most involved, and, where at least half had been put in order by anybody,
// against that: who commits what others put in order types their decision, even
// where no orderer ever commits.
func (p *prioritiser) clerks(due []int32) {
	type tallied struct{ n, k float64 }
	count := map[backlog.PersonID]*tallied{}
	var all tallied
	ordered := 0.0 // stories that anybody had put in order
	for _, i := range due {
		c := p.commit(i)
		if c == nil || c.Actor == backlog.Nobody || p.in.machine(c.Actor) {
			continue
		}
		t := count[c.Actor]
		if t == nil {
			t = &tallied{}
			count[c.Actor] = t
		}
		t.n++
		all.n++
		if p.involved(i, c.Actor) {
			t.k++
			all.k++
			ordered++
		} else if p.involved(i, anybody) {
			ordered++
		}
	}
	p.factor = make(map[backlog.PersonID]float32, len(count))
	if all.n == 0 {
		return
	}
	share := ordered / all.n
	if share < .2 { // the order is agreed aloud: any part in the story tells a decider from a typist
		all.k = 0
		for _, t := range count {
			t.k = 0
		}
		for _, i := range due {
			if c := p.commit(i); c != nil && count[c.Actor] != nil && p.engaged(i, c.Actor) {
				count[c.Actor].k++
				all.k++
			}
		}
	}
	base, m, most := all.k/all.n, p.in.Method, 0.0
	rate := func(t *tallied) float64 { return (t.k + m.ClerkPrior*base) / (t.n + m.ClerkPrior) }
	for _, t := range count {
		most = max(most, rate(t))
	}
	if share >= .5 {
		most = max(most, share) // a stray rank by somebody else makes nobody a clerk
	}
	if most == 0 {
		return
	}
	for who, t := range count {
		p.factor[who] = float32(min(1, max(m.ClerkFloor, rate(t)/most)))
	}
}

// clerk returns somebody's clerk factor, 1 for who never committed.
func (p *prioritiser) clerk(who backlog.PersonID) float32 {
	if f, ok := p.factor[who]; ok {
		return f
	}
	return 1
}

// commit returns the sprint entry or selection that committed an issue, nil
// where starting the work did.
func (p *prioritiser) commit(i int32) *backlog.Event {
	t := &p.in.book.trails[i]
	if t.commitBy < 0 || t.commitBy == t.startBy {
		return nil
	}
	return &p.in.book.snap.Changes[t.commitBy]
}

// anybody stands for any person but machines.
const anybody backlog.PersonID = -1

// involved reports whether somebody ranked, prioritised or versioned an issue before it started.
func (p *prioritiser) involved(i int32, who backlog.PersonID) bool {
	b := p.in.book
	it, t := &b.snap.Items[i], &b.trails[i]
	for c := it.ChangeLo; c < it.ChangeHi; c++ {
		e := &b.snap.Changes[c]
		if t.started > 0 && e.At > t.started {
			break
		}
		if (e.Actor == who || who == anybody && e.Actor != backlog.Nobody && !e.Machine && !p.in.machine(e.Actor)) && (e.Field == backlog.FieldRank || e.Field == backlog.FieldPriority || e.Field == backlog.FieldVersion) {
			if f, why := p.in.noise.weigh(c); why == counts && f == 1 {
				return true
			}
		}
	}
	return false
}

// engaged reports whether somebody had any part in an issue beside committing it:
// ordered it, finished what somebody else built, wrote it or spoke on it. What
// developers write and say is about the building.
func (p *prioritiser) engaged(i int32, who backlog.PersonID) bool {
	b := p.in.book
	it, t := &b.snap.Items[i], &b.trails[i]
	switch {
	case p.involved(i, who), t.doneBy >= 0 && b.snap.Changes[t.doneBy].Actor == who && p.in.people.builder(t) != who:
		return true
	case p.in.people.Developer(who):
		return false
	}
	return cmp.Or(it.Reporter, it.Creator) == who ||
		slices.ContainsFunc(b.snap.CommentsOf(it), func(m backlog.Remark) bool { return m.Author == who }) ||
		slices.ContainsFunc(b.snap.ChangesOf(it), func(e backlog.Event) bool { return e.Actor == who && e.Field == backlog.FieldDescription })
}

// committed writes the unit of one committed story: who put it first.
func (p *prioritiser) committed(i int32) {
	b := p.in.book
	it, t := &b.snap.Items[i], &b.trails[i]
	limit := t.started
	if limit == 0 {
		limit = b.asOf
	}
	for c := it.ChangeLo; c < it.ChangeHi; c++ {
		e := &b.snap.Changes[c]
		if e.At > b.asOf {
			break
		}
		a, ok := p.act1(i, c, e, t)
		if !ok {
			continue
		}
		if e.At > limit && a.why == counts {
			a.why = afterStart
		}
		if e.Machine {
			a.why = byMachine
		}
		f, why := p.in.noise.weigh(c)
		if a.why == counts {
			a.why = why
		}
		a.weight *= f
		if a.why == counts && p.sameDay(a) {
			continue // setting it twice in a session is deciding once
		}
		p.act(a)
	}
	strength := p.sum()
	direct := false
	for _, a := range p.tally.acts[p.lo:] {
		direct = direct || a.weight > 0 && (a.kind == actRank || a.kind == actPriority || a.kind == actVersion)
	}
	u := unit{at: t.committed, item: i, weight: t.omega * min(1, strength/.9), direct: direct}
	if strength < .15 {
		if c := p.commit(i); c != nil && p.typed(t, c) {
			// Somebody may have decided it aloud, or nobody at all: as likely as in
			// the rest of this team's commitments. What may be somebody's is dropped.
			p.drop(byClerk)
			u.weight, u.nobody = t.omega*p.undecided, 1
			p.unit(u)
			return
		}
		if c := p.commit(i); c != nil && p.startedBy(t, c) {
			p.drop(byStarter)
		} else {
			p.drop(tooLittle)
		}
		u.weight, u.nobody = t.omega, 1
	}
	p.unit(u)
}

// act1 reads one change as an act of prioritising.
func (p *prioritiser) act1(i, c int32, e *backlog.Event, t *trail) (act, bool) {
	a := act{at: e.At, item: i, ref: c, person: e.Actor}
	switch e.Field {
	case backlog.FieldRank:
		a.kind, a.weight = actRank, 1
	case backlog.FieldPriority:
		a.kind, a.weight = actPriority, 1
	case backlog.FieldVersion:
		if e.To == 0 {
			return a, false
		}
		a.kind, a.weight = actVersion, .5
		if p.in.releasedOn(e) {
			a.why = releaseDay
		}
	case backlog.FieldSprint:
		if c != t.commitBy {
			if !p.in.rollsOver(e) {
				return a, false
			}
			a.kind, a.why = actSprint, rolledOver
			break
		}
		a.kind, a.weight = actSprint, .9*p.clerk(e.Actor)
		if p.startedBy(t, e) {
			a.weight = .1
		}
	case backlog.FieldStatus:
		switch {
		case c == t.startBy:
			return a, false
		case c == t.commitBy:
			a.kind, a.weight = actSelect, .5*p.clerk(e.Actor)
		case p.in.stageOf(e.From) == StageTriage && p.in.stageOf(e.To) == StageBacklog:
			a.kind, a.weight = actTriage, .5*p.clerk(e.Actor)
		default:
			return a, false
		}
	default:
		return a, false
	}
	return a, true
}

// typed reports whether a commitment only records what others decided.
func (p *prioritiser) typed(t *trail, c *backlog.Event) bool {
	return p.clerk(c.Actor) < .5 && !p.startedBy(t, c)
}

// guess works out how likely a commitment that a clerk typed, without a rank by
// anybody, was nobody's decision. Among what orderers commit themselves, v lack a
// rank: those were decided aloud. Of the clerks' commitments r carry a rank, so
// p = r/(1−v) were decided by somebody, and the rest of the unranked by nobody:
// (1−p) of (1−p) + p·v.
func (p *prioritiser) guess(due []int32) {
	const prior, mean = 4, .4 // worth four commitments, of which two in five were decided aloud
	var typed, ranked, own, aloud float64
	for _, i := range due {
		c := p.commit(i)
		if c == nil || c.Actor == backlog.Nobody || p.in.machine(c.Actor) {
			continue
		}
		switch by := p.involved(i, anybody); {
		case p.startedBy(&p.in.book.trails[i], c):
		case p.clerk(c.Actor) < .5:
			typed++
			if by {
				ranked++
			}
		default:
			own++
			if !by {
				aloud++
			}
		}
	}
	if typed == 0 {
		return
	}
	v := (aloud + prior*mean) / (own + prior)
	if own >= p.in.Method.MinEffective && v > .5 {
		return // ranking what one decides is not the custom: that a rank is missing says nothing
	}
	decided := min(1, ranked/typed/(1-v))
	if none := 1 - decided; none > 0 {
		p.undecided = float32(none / (none + decided*v))
	}
}

// startedBy reports whether who committed a story took it in for themselves: they
// started and built it, and do not plan for others.
func (p *prioritiser) startedBy(t *trail, e *backlog.Event) bool {
	return t.startBy >= 0 && !p.planner[e.Actor] && p.in.book.snap.Changes[t.startBy].Actor == e.Actor && e.Actor == p.in.people.builder(t)
}

// sameDay reports whether the unit being written already has such an act by the
// same person on the same day.
func (p *prioritiser) sameDay(a act) bool {
	for i := int(p.lo); i < len(p.tally.acts); i++ {
		o := &p.tally.acts[i]
		if o.person == a.person && o.kind == a.kind && o.why == counts && o.at/day == a.at/day {
			o.weight = max(o.weight, a.weight)
			return true
		}
	}
	return false
}
