package analysis

import (
	"slices"
	"strings"
	"time"
)

// Standing is what a report says in the end, kept to compare a later one with: who
// holds what in each scope's newest period, and the findings. It has ids and no names.
type Standing struct {
	AsOf         time.Time       `json:"as_of"`
	Pseudonymous bool            `json:"pseudonymous,omitempty"`
	Scopes       []ScopeStanding `json:"scopes"`
}

// ScopeStanding is one scope's part of a Standing.
type ScopeStanding struct {
	Scope    string          `json:"scope"`
	Period   string          `json:"period"`
	Roles    map[string]Held `json:"roles"`
	Duties   map[string]Held `json:"duties"`
	Findings []string        `json:"findings"` // CODE or CODE/SUFFIX: the same in every period
}

// Held is a verdict, with the person it names.
type Held struct {
	Verdict string `json:"verdict"`
	Person  string `json:"person,omitempty"`
}

// ChangedSince is what a report says differently from the one sent before it.
type ChangedSince struct {
	AsOf    time.Time `json:"as_of"` // of the report before
	Changes []Change  `json:"changes"`
}

// Change is one thing that differs between two reports.
type Change struct {
	Scope  string `json:"scope"`
	Period string `json:"period,omitempty"` // now; absent where the scope is gone
	Before string `json:"before,omitempty"` // the period it is compared with; absent where the scope is new
	// Kind is scope-new, scope-gone, role, duty, finding-new or finding-gone.
	Kind    string `json:"kind"`
	Name    string `json:"name,omitempty"` // the role, duty or finding's code
	From    *Held  `json:"from,omitempty"`
	To      *Held  `json:"to,omitempty"`
	Finding string `json:"finding,omitempty"` // its id, in the period it was found in
}

// Standing sums the report up for a later comparison.
func (r *Report) Standing(pseudonymous bool) Standing {
	s := Standing{AsOf: r.AsOf, Pseudonymous: pseudonymous, Scopes: []ScopeStanding{}}
	for i := range r.Scopes {
		n := len(r.Scopes[i].Periods)
		if n == 0 {
			continue
		}
		p := &r.Scopes[i].Periods[n-1]
		one := ScopeStanding{Scope: r.Scopes[i].Scope, Period: p.Period, Roles: map[string]Held{}, Duties: map[string]Held{}, Findings: []string{}}
		for name, role := range p.Roles {
			if role != nil {
				one.Roles[name] = Held{role.Verdict, role.Person}
			}
		}
		for name, duty := range p.Duties {
			if duty != nil {
				one.Duties[name] = Held{duty.Verdict, duty.Person}
			}
		}
		for _, f := range p.Findings {
			one.Findings = append(one.Findings, strings.TrimPrefix(f.ID, one.prefix()))
		}
		slices.Sort(one.Findings)
		s.Scopes = append(s.Scopes, one)
	}
	return s
}

func (s *ScopeStanding) prefix() string { return s.Scope + "/" + s.Period + "/" }

// Since lists what differs from an earlier standing, scope by scope in their
// order now, those that are gone last. It is nil where the two cannot be compared, as
// one names people and the other gives them pseudonyms.
func (s Standing) Since(before Standing) *ChangedSince {
	if s.Pseudonymous != before.Pseudonymous {
		return nil
	}
	c := &ChangedSince{AsOf: before.AsOf, Changes: []Change{}}
	for i := range s.Scopes {
		now := &s.Scopes[i]
		old := before.scope(now.Scope)
		if old == nil {
			c.Changes = append(c.Changes, Change{Scope: now.Scope, Period: now.Period, Kind: "scope-new"})
			continue
		}
		c.Changes = append(c.Changes, now.since(old)...)
	}
	for i := range before.Scopes {
		if old := &before.Scopes[i]; s.scope(old.Scope) == nil {
			c.Changes = append(c.Changes, Change{Scope: old.Scope, Before: old.Period, Kind: "scope-gone"})
		}
	}
	return c
}

func (s Standing) scope(name string) *ScopeStanding {
	i := slices.IndexFunc(s.Scopes, func(one ScopeStanding) bool { return one.Scope == name })
	if i < 0 {
		return nil
	}
	return &s.Scopes[i]
}

func (s *ScopeStanding) since(old *ScopeStanding) []Change {
	var list []Change
	at := Change{Scope: s.Scope, Period: s.Period, Before: old.Period}
	for _, kind := range []struct {
		name     string
		now, old map[string]Held
	}{{"role", s.Roles, old.Roles}, {"duty", s.Duties, old.Duties}} {
		for _, name := range heldNames(kind.now, kind.old) {
			from, to := kind.old[name], kind.now[name]
			if from != to {
				c := at
				c.Kind, c.Name, c.From, c.To = kind.name, name, &from, &to
				list = append(list, c)
			}
		}
	}
	for _, kind := range []struct {
		name        string
		in          *ScopeStanding
		these, they []string
	}{{"finding-new", s, s.Findings, old.Findings}, {"finding-gone", old, old.Findings, s.Findings}} {
		for _, f := range kind.these {
			if !slices.Contains(kind.they, f) {
				c := at
				c.Kind, c.Finding = kind.name, kind.in.prefix()+f
				c.Name, _, _ = strings.Cut(f, "/")
				list = append(list, c)
			}
		}
	}
	return list
}

// heldNames lists the names of two maps, each once, in order.
func heldNames(a, b map[string]Held) []string {
	var names []string
	for _, m := range []map[string]Held{a, b} {
		for name := range m {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}
