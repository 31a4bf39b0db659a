package analysis

import (
	"time"

	"defacto/backlog"
)

// Input is what the passes of one scope and period read. It is not modified by
// them and lives no longer than the audit.
type Input struct {
	Site   *backlog.Site
	Scope  backlog.ScopeInfo
	Part   Part // the part of the scope looked at, zero for the whole
	Period backlog.Period
	AsOf   time.Time
	Method *Method

	flow   *Workflow
	book   *book   // the scope's own issues
	road   *book   // the roadmap items of the whole store
	near   []int32 // items of the book that have something to say of the period or the quarter before
	noise  *noise
	rnoise *noise
	roles  []backlog.DeclaredInfo // that speak of this scope and period
	clock  *Clock                 // settled by Questions, once it is known who was asked
	alike  []Proposal             // people who may be one
	// members are the roadmap items (indexes into road.snap.Items) that count here.
	members []int32
	people  *census
	// passesOn marks who only passes customers' requests on; set by Market.
	passesOn map[backlog.PersonID]bool
	from     int64 // of the period, unix ms
	to       int64
	used     []bool // people the report speaks of
	called   nameIndex
	spoken   map[string]backlog.PersonID // the same, by what backlog.Spoken writes
	before   *Input                      // the period before, with the measuring passes run; nil where there is none
	results  map[*Meta]any
}

// Part narrows a scope to a component or to what hangs on an epic.
type Part struct {
	Kind string // "component" or "epic", "" for the whole scope
	Name string
}

// machine reports whether a person is no person.
func (in *Input) machine(p backlog.PersonID) bool {
	return in.Site.People[p].Kind == backlog.AppAccount
}

// outsider reports whether a person is a customer.
func (in *Input) outsider(p backlog.PersonID) bool {
	return in.Site.People[p].Kind == backlog.CustomerAccount
}

// bookOf returns the book an act or unit stands in.
func (in *Input) bookOf(g ground) *book {
	if g == onRoadmap {
		return in.road
	}
	return in.book
}

// census is who does the engineering in a scope around a period.
type census struct {
	implemented []int32 // by PersonID: issues they began to build in the period and the quarter before
	developer   float64
	asker       float64
	// acceptor marks who is recorded closing a fair part of what others built: a
	// developer among them accepts in words too, where a colleague only reviews.
	acceptor []bool
}

// developers counts who implemented how much in the period and the quarter before it.
func (in *Input) census() *census {
	c := &census{implemented: make([]int32, len(in.Site.People)), developer: in.Method.DeveloperIssues, asker: in.Method.AskerIssues}
	since := in.from - lookback
	for _, i := range in.near {
		t := &in.book.trails[i]
		if t.implementer == backlog.Nobody || t.kind == kindRoadmap || t.active < since {
			continue
		}
		// Touching what was finished long ago (a version set on everything, say) builds nothing.
		begun, going := t.started > 0 && t.started < in.to, t.done == 0 || t.done >= since
		if begun && going || t.done >= since && t.done > 0 && t.done < in.to {
			c.implemented[t.began]++
		}
	}
	c.acceptor = in.acceptors(c)
	return c
}

// acceptors finds who closed at least three stories that others built, and at
// least a sixth of all stories closed so, in the period and the quarter before it.
func (in *Input) acceptors(c *census) []bool {
	closed := map[backlog.PersonID]int{} // a few of the site's people
	all := 0
	for _, i := range in.book.finished(in.from-lookback, in.to) {
		t := &in.book.trails[i]
		if t.omega <= 0 || t.declined || t.doneBy < 0 || t.implementer == backlog.Nobody {
			continue
		}
		e := &in.book.snap.Changes[t.doneBy]
		if e.Actor == backlog.Nobody || e.Machine || e.Actor == c.builder(t) || in.machine(e.Actor) {
			continue
		}
		closed[e.Actor]++
		all++
	}
	is := make([]bool, len(in.Site.People))
	for p, n := range closed {
		is[p] = n >= 3 && 6*n >= all
	}
	return is
}

// builder is who built an issue: who held it longest, unless a developer had begun
// it and they build nothing else; then it was handed to them to be looked at.
// Nobody where that is not recorded.
func (c *census) builder(t *trail) backlog.PersonID {
	if t.implementer != t.began && c.Developer(t.began) && !c.Developer(t.implementer) {
		return t.began
	}
	return t.implementer
}

// Developer reports whether somebody builds in this scope (METHOD 2.2).
func (c *census) Developer(p backlog.PersonID) bool { return float64(c.implemented[p]) >= c.developer }

// Asker reports whether somebody builds enough to ask the questions that count.
func (c *census) Asker(p backlog.PersonID) bool { return float64(c.implemented[p]) >= c.asker }
