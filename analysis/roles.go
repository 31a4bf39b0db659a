package analysis

import (
	"cmp"
	"context"
	"math"
	"slices"

	"defacto/analysis/statistics"
	"defacto/backlog"
)

// Holder is who holds one role de facto (METHOD 3.5).
type Holder struct {
	Role      backlog.Role
	Verdict   string // single, leaning, contested, committee, vacant, insufficient
	Person    backlog.PersonID
	Pair      [2]backlog.PersonID        // the two of contested
	P         float64                    // that the first is ahead of the second
	Nobody    float64                    // ν
	Scores    []Score                    // largest first
	Weights   [backlog.DutyCount]float64 // what was used, renormalised
	Dropped   []backlog.Duty
	Proxy     bool
	Sensitive bool
	Words     string
	Why       string
}

// Score is somebody's part in a role.
type Score struct {
	Person backlog.PersonID
	Value  float64
	Sigma  float64
}

// RolesFound is what Roles returns, by role.
type RolesFound [backlog.RoleCount]*Holder

// Roles infers who is product owner and product manager.
var Roles = &Pass[RolesFound]{
	Meta: Meta{
		Name:     "roles",
		Question: "Who is the product owner, who the product manager, by what they do?",
		Doc: "A person's score for a role is the sum of their shares of its duties, weighed: writing 0.25, prioritising 0.30, accepting 0.25 and answering 0.20 for the product owner, the roadmap 0.70 and the market 0.30 for the product manager. " +
			"Duties with too little evidence are left out and the weights renormalised; the product owner needs prioritising or accepting and one more, the product manager the roadmap. " +
			"Whoever divides the owner's duties by kind with a second (each clearly leads in one at least, the one in writing or answering, the other in prioritising or accepting) is named from a lead of 0.15 only: below it the lead is the weights'. " +
			"Declared roles are not looked at.",
		Requires: []Analyzer{Write, Prioritise, Accept, Answer, Roadmap, Market},
	},
	Run: func(_ context.Context, in *Input) (RolesFound, error) {
		tallies := in.tallies()
		var found RolesFound
		for r := range found {
			role := backlog.Role(r)
			h := infer(in, role, tallies, in.Method.weights(role))
			h.Sensitive = sensitive(in, h, role, tallies)
			found[r] = h
		}
		return found, nil
	},
}

// tallies returns the six duties' results.
func (in *Input) tallies() [backlog.DutyCount]*Tally {
	return [backlog.DutyCount]*Tally{
		Write.Result(in), Prioritise.Result(in), Accept.Result(in), Answer.Result(in), Roadmap.Result(in), Market.Result(in),
	}
}

// infer answers who holds a role with the given duty weights.
func infer(in *Input, role backlog.Role, tallies [backlog.DutyCount]*Tally, weights [backlog.DutyCount]float64) *Holder {
	h := &Holder{Role: role}
	total := 0.0
	for d, w := range weights {
		switch {
		case w == 0:
		case tallies[d].enough():
			h.Weights[d] = w
			total += w
		default:
			h.Dropped = append(h.Dropped, backlog.Duty(d))
		}
	}
	if why := h.gate(); why != "" {
		h.Verdict, h.Why = "insufficient", why
		if role == backlog.ProductManager && in.abandoned() {
			h.Verdict, h.Nobody, h.Words = "vacant", 1, "tentative"
			h.Why = "the roadmap has open items, and nobody is recorded working on them"
		}
		return h
	}
	for d := range h.Weights {
		h.Weights[d] /= total
	}
	h.score(in, tallies)
	h.judge(in.Method, tallies)
	h.Words = "firm"
	for d, w := range h.Weights {
		if w > 0 && tallies[d].Words == "tentative" {
			h.Words = "tentative"
		}
	}
	if h.Verdict == "leaning" {
		h.Words = "tentative"
	}
	return h
}

// gate says why a role cannot be judged, "" where it can.
func (h *Holder) gate() string {
	if h.Role == backlog.ProductManager {
		if h.Weights[backlog.Roadmap] == 0 {
			return "too little is recorded on the roadmap"
		}
		return ""
	}
	n := 0
	for _, w := range h.Weights {
		if w > 0 {
			n++
		}
	}
	switch {
	case h.Weights[backlog.Prioritise] == 0 && h.Weights[backlog.Accept] == 0:
		return "too little is recorded on prioritising and on accepting"
	case n < 2:
		return "only one of the owner's duties has enough evidence"
	}
	return ""
}

func (h *Holder) score(in *Input, tallies [backlog.DutyCount]*Tally) {
	slots := in.book.slotsFor(in.Site)
	for d, w := range h.Weights {
		if w == 0 {
			continue
		}
		t := tallies[d]
		h.Nobody += w * t.Nobody()
		for i, p := range t.people {
			if slots[p] == noSlot {
				slots[p] = int32(len(h.Scores))
				h.Scores = append(h.Scores, Score{Person: p})
			}
			s := &h.Scores[slots[p]]
			s.Value += w * t.post.Mean(i)
			s.Sigma += w * w * t.post.Variance(i)
		}
	}
	for i := range h.Scores {
		s := &h.Scores[i]
		s.Sigma = math.Sqrt(s.Sigma)
		slots[s.Person] = noSlot
	}
	slices.SortFunc(h.Scores, func(a, b Score) int {
		if c := cmp.Compare(b.Value, a.Value); c != 0 {
			return c
		}
		return cmp.Compare(in.Site.People[a.Person].ID, in.Site.People[b.Person].ID)
	})
}

// ahead is P(C_i > C_j) for two people (METHOD 3.5).
func (h *Holder) ahead(tallies [backlog.DutyCount]*Tally, i, j backlog.PersonID) float64 {
	var diff, spread float64
	for d, w := range h.Weights {
		if w == 0 {
			continue
		}
		t := tallies[d]
		mi, mj := t.mean(i), t.mean(j)
		a := t.post.Total() + 1
		diff += w * (mi - mj)
		spread += w * w * (mi*(1-mi) + mj*(1-mj) + 2*mi*mj) / a
	}
	if spread <= 0 {
		switch {
		case diff > 0:
			return 1
		case diff < 0:
			return 0
		}
		return .5
	}
	return statistics.Normal(diff / math.Sqrt(spread))
}

func (h *Holder) judge(m *Method, tallies [backlog.DutyCount]*Tally) {
	var c1, c2 float64
	if len(h.Scores) > 0 {
		c1 = h.Scores[0].Value
		h.P = 1
	}
	if len(h.Scores) > 1 {
		c2 = h.Scores[1].Value
		h.P = h.ahead(tallies, h.Scores[0].Person, h.Scores[1].Person)
	}
	lead, two := m.RoleLead, c1+c2 >= m.RoleContestedSum && c2 >= m.RoleContestedSecond
	if two && h.Role == backlog.ProductOwner && divide(h.Scores[0].Person, h.Scores[1].Person, tallies) {
		lead = m.RoleLeadDivided // of whole duties, of which the weights alone make a share
	}
	switch {
	case c1 >= m.RoleShare && c1-c2 >= lead && h.P >= m.RoleP:
		h.Verdict, h.Person = "single", h.Scores[0].Person
	case h.Nobody >= m.RoleVacant && c1 < m.RoleVacantBelow:
		h.Verdict = "vacant"
	case two:
		h.Verdict = "contested"
		h.Pair = [2]backlog.PersonID{h.Scores[0].Person, h.Scores[1].Person}
		h.Proxy = h.Role == backlog.ProductOwner && splits(h.Pair, tallies)
	case h.effective() >= m.CommitteeEffective && c1 < m.CommitteeBelow:
		h.Verdict = "committee"
	case len(h.Scores) > 0:
		h.Verdict, h.Person = "leaning", h.Scores[0].Person
	default:
		h.Verdict = "vacant"
	}
}

// effective is the effective number of people sharing the role.
func (h *Holder) effective() float64 {
	var sum, squares float64
	for _, s := range h.Scores {
		sum += s.Value
		squares += s.Value * s.Value
	}
	if squares == 0 {
		return 0
	}
	return sum * sum / squares
}

// splits reports whether one of a pair tops writing or answering and the other
// prioritising or accepting: a proxy.
func splits(pair [2]backlog.PersonID, tallies [backlog.DutyCount]*Tally) bool {
	tops := func(p backlog.PersonID, duties ...backlog.Duty) bool {
		return slices.ContainsFunc(duties, func(d backlog.Duty) bool { return tallies[d].enough() && tallies[d].leader() == p })
	}
	team := func(p backlog.PersonID) bool { return tops(p, backlog.Write, backlog.Answer) }
	decides := func(p backlog.PersonID) bool { return tops(p, backlog.Prioritise, backlog.Accept) }
	a, b := pair[0], pair[1]
	return team(a) && !decides(a) && decides(b) && !team(b) || team(b) && !decides(b) && decides(a) && !team(a)
}

// divide reports whether a pair divides the owner's duties by kind: each clearly leads
// in one at least, the one in writing or answering and the other in prioritising or
// accepting, and neither in one of the other kind.
func divide(a, b backlog.PersonID, tallies [backlog.DutyCount]*Tally) bool {
	leads := func(p backlog.PersonID, duties ...backlog.Duty) bool {
		return slices.ContainsFunc(duties, func(d backlog.Duty) bool {
			return tallies[d].Verdict == "single" && slices.Contains(tallies[d].Leaders, p)
		})
	}
	faces := func(p backlog.PersonID) bool { return leads(p, backlog.Write, backlog.Answer) }
	decides := func(p backlog.PersonID) bool { return leads(p, backlog.Prioritise, backlog.Accept) }
	return faces(a) && !decides(a) && decides(b) && !faces(b) || faces(b) && !decides(b) && decides(a) && !faces(a)
}

// sensitive reports whether the verdict changes when one role weight moves.
func sensitive(in *Input, h *Holder, role backlog.Role, tallies [backlog.DutyCount]*Tally) bool {
	if h.Why != "" {
		return false
	}
	for d, w := range in.Method.weights(role) {
		if w == 0 || h.Weights[d] == 0 {
			continue
		}
		for _, sign := range []float64{-1, 1} {
			moved := in.Method.weights(role)
			moved[d] = w * (1 + sign*in.Method.SensitivityMove)
			o := infer(in, role, tallies, moved)
			if o.Verdict != h.Verdict || o.Person != h.Person {
				return true
			}
		}
	}
	return false
}

func (h *Holder) report(in *Input, tallies [backlog.DutyCount]*Tally) *RoleReport {
	r := &RoleReport{
		Verdict: h.Verdict, P: h.P, Nobody: h.Nobody, Proxy: h.Proxy, Sensitive: h.Sensitive, Words: h.Words, Why: h.Why,
		People: []RoleShare{}, Duties: []string{}, Dropped: []string{},
	}
	if h.Person != backlog.Nobody {
		r.Person = in.id(h.Person)
	}
	for d, w := range h.Weights {
		if w > 0 && h.Verdict != "insufficient" {
			r.Duties = append(r.Duties, backlog.Duty(d).String())
		}
	}
	for _, d := range h.Dropped {
		r.Dropped = append(r.Dropped, d.String())
	}
	for i, s := range h.Scores {
		p := 0.0
		for j := range h.Scores {
			if j != i {
				a := h.ahead(tallies, s.Person, h.Scores[j].Person)
				if i == 0 && j == 1 || i > 0 && j == 0 {
					p = a
				}
			}
			if len(h.Scores) == 1 {
				p = 1
			}
			if j > 1 {
				break
			}
		}
		r.People = append(r.People, RoleShare{
			Person: in.id(s.Person), Score: s.Value,
			Low: max(0, s.Value-1.645*s.Sigma), High: min(1, s.Value+1.645*s.Sigma), P: p,
		})
	}
	return r
}
