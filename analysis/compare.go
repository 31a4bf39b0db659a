package analysis

import (
	"context"
	"math"
	"slices"
	"strings"

	"defacto/analysis/statistics"
	"defacto/backlog"
)

// Configured is the origin of a declaration made in the configuration; it
// outranks what the tracker says.
const Configured = "configuration"

// Stated is who is said to hold a role, and how that compares with what they do.
type Stated struct {
	People   []backlog.PersonID // whom the strongest origin names
	Origins  []Declared         // everybody's word
	Conflict bool               // origins name different people
	Outcome  string             // match, differs, vacant, undeclared, cannot-say
	Distance float64            // D: share recorded for somebody else
	Low      float64
	High     float64
	PDiffers float64 // P(D > threshold)
	Known    bool    // Distance could be measured
}

// Comparison is what Compare returns, by role.
type Comparison [backlog.RoleCount]*Stated

// Compare sets the declared roles beside those found.
var Compare = &Pass[Comparison]{
	Meta: Meta{
		Name:     "compare",
		Question: "Do the declared roles match what is recorded?",
		Doc: "Whom the configuration names, else a role in the tracker, else the project's lead, is compared with the role found. " +
			"The distance is the share of the role's duties recorded for somebody else; it is called different only where one other person clearly holds the role and that share is above one half with 90 % probability, because overlap is normal.",
		Requires: []Analyzer{Roles},
	},
	Run: func(_ context.Context, in *Input) (Comparison, error) {
		var c Comparison
		holders := Roles.Result(in)
		for r := range c {
			c[r] = in.compare(holders[r])
		}
		return c, nil
	},
}

// rank orders the origins of declarations: 0 is the strongest.
func rank(origin string) int {
	switch {
	case origin == Configured:
		return 0
	case strings.Contains(origin, "lead") && !strings.Contains(origin, "role"):
		return 2
	}
	return 1
}

func (in *Input) compare(h *Holder) *Stated {
	s := &Stated{}
	best := 9
	for _, d := range in.roles {
		if d.Role == h.Role && d.Person != backlog.Nobody {
			best = min(best, rank(d.Origin))
		}
	}
	byRank := map[int][]backlog.PersonID{}
	for _, d := range in.roles {
		if d.Role != h.Role || d.Person == backlog.Nobody {
			continue
		}
		k := rank(d.Origin)
		if !slices.Contains(byRank[k], d.Person) {
			byRank[k] = append(byRank[k], d.Person)
		}
		s.Origins = append(s.Origins, Declared{Person: in.id(d.Person), Origin: d.Origin})
	}
	s.People = byRank[best]
	for _, people := range byRank {
		if !slices.ContainsFunc(people, func(p backlog.PersonID) bool { return slices.Contains(s.People, p) }) {
			s.Conflict = true
		}
	}
	in.distance(h, s)
	switch {
	case len(s.People) == 0:
		s.Outcome = "undeclared"
	case h.Verdict == "single" && slices.Contains(s.People, h.Person):
		s.Outcome = "match"
	case h.Verdict == "single" && s.PDiffers >= in.Method.DisconnectP:
		s.Outcome = "differs"
	case h.Verdict == "vacant":
		s.Outcome = "vacant"
	default:
		s.Outcome = "cannot-say"
	}
	return s
}

// distance works out D = Σ w (1 − Σ E θ_declared) and its spread (METHOD 3.7).
func (in *Input) distance(h *Holder, s *Stated) {
	if len(s.People) == 0 || h.Verdict == "insufficient" {
		return
	}
	tallies := in.tallies()
	var mean, variance float64
	for d, w := range h.Weights {
		if w == 0 {
			continue
		}
		t := tallies[d]
		m := 0.0
		for _, p := range s.People {
			m += t.mean(p)
		}
		m = min(1, m/in.Method.Reliability[d])
		mean += w * m
		variance += w * w * m * (1 - m) / (t.post.Total() + 1)
	}
	sd := math.Sqrt(variance)
	s.Known = true
	s.Distance = 1 - mean
	s.Low, s.High = max(0, s.Distance-1.645*sd), min(1, s.Distance+1.645*sd)
	switch {
	case sd > 0:
		s.PDiffers = statistics.Normal((s.Distance - in.Method.DisconnectShare) / sd)
	case s.Distance > in.Method.DisconnectShare:
		s.PDiffers = 1
	}
}

func (s *Stated) match() *Match {
	m := &Match{Outcome: s.Outcome}
	if s.Known {
		d, l, h := s.Distance, s.Low, s.High
		m.Distance, m.Low, m.High = &d, &l, &h
	}
	return m
}
