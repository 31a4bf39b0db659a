package analysis

import (
	"context"

	"defacto/analysis/statistics"
	"defacto/backlog"
)

// Shape is how the two roles are filled in one scope and period.
type Shape struct {
	// Structure is the first that holds: insufficient, delegated, proxy, contested,
	// committee, vacant, dual, split, unclear.
	Structure string
	// With delegated: from whom to whom, since when (unix ms) and how sure.
	From, To backlog.PersonID
	Since    int64
	Bayes    float64
	Before   float64 // the new owner's part of the pair's work before
	After    float64 // and after
}

// Structure says how the two roles are filled.
var Structure = &Pass[*Shape]{
	Meta: Meta{
		Name:     "structure",
		Question: "How are the two roles filled?",
		Doc: "One word for both roles: dual where one person clearly holds both, split where two do, proxy, contested, committee, vacant, " +
			"or delegated where the owner's work passed from one person to another within the period (a change-point with a Bayes factor of 10) while the first kept the roadmap.",
		Requires: []Analyzer{Roles},
	},
	Run: func(_ context.Context, in *Input) (*Shape, error) {
		h := Roles.Result(in)
		po, pm := h[backlog.ProductOwner], h[backlog.ProductManager]
		s := &Shape{}
		switch {
		case po.Verdict == "insufficient":
			s.Structure = "insufficient"
		case in.delegated(po, s):
			s.Structure = "delegated"
		case po.Proxy:
			s.Structure = "proxy"
		case po.Verdict == "contested":
			s.Structure = "contested"
		case po.Verdict == "committee":
			s.Structure = "committee"
		case po.Verdict == "vacant" || pm.Verdict == "vacant":
			s.Structure = "vacant"
		case po.Verdict == "single" && pm.Verdict == "single" && po.Person == pm.Person:
			s.Structure = "dual"
		case po.Verdict == "single" && pm.Verdict == "single":
			s.Structure = "split"
		default:
			s.Structure = "unclear"
		}
		return s, nil
	},
}

// delegated looks for a week in which the owner's work passed from one of the
// two leaders to the other, the first of whom still leads the roadmap.
func (in *Input) delegated(po *Holder, s *Shape) bool {
	if len(po.Scores) < 2 {
		return false
	}
	a, b := po.Scores[0].Person, po.Scores[1].Person
	first, weeks := week(in.from), int(week(in.to-1)-week(in.from))+1
	hits, trials := make([]float64, weeks), make([]float64, weeks)
	tallies := in.tallies()
	for d, w := range po.Weights {
		if w == 0 {
			continue
		}
		t := tallies[d]
		for i := range t.units {
			u := &t.units[i]
			k := int(u.week - first)
			all := float64(u.nobody)
			for x := u.lo; x < u.hi; x++ {
				all += float64(t.acts[x].weight)
			}
			for x := u.lo; x < u.hi; x++ {
				part := float64(u.weight) * float64(t.acts[x].weight) / max(all, 1e-9)
				switch t.acts[x].person {
				case a:
					hits[k] += part
					trials[k] += part
				case b:
					trials[k] += part
				}
			}
		}
	}
	c, ok := statistics.FindChange(hits, trials)
	if !ok || c.BayesFactor < in.Method.ChangeBayes {
		return false
	}
	from, to := b, a
	before, after := c.Before, c.After
	if before > after {
		from, to = a, b
		before, after = 1-before, 1-after
	}
	if before >= .5 || after <= .5 { // nobody took over: one of them only did more
		return false
	}
	road := tallies[backlog.Roadmap]
	if !road.enough() || road.leader() != from || road.mean(from) < in.Method.NamedShare {
		return false
	}
	s.From, s.To, s.Bayes, s.Before, s.After = from, to, c.BayesFactor, before, after
	s.Since = (int64(first)+int64(c.At))*7*day + 4*day
	return true
}
