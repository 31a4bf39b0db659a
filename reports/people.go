package reports

import (
	"cmp"
	"slices"

	"defacto/analysis"
	"defacto/backlog"
)

// people finds the name a reader knows somebody by.
type people map[string]string

func peopleOf(r *analysis.Report) people {
	p := make(people, len(r.People))
	seen := make(map[string]int, len(r.People))
	for _, who := range r.People {
		name := clip(clean(who.Name), 60)
		if name == "" {
			name = clean(who.ID)
		}
		p[who.ID] = name
		seen[name]++
	}
	// Namesakes are told apart by their ids: they are never merged on a guess.
	for _, who := range r.People {
		if name := p[who.ID]; seen[name] > 1 {
			p[who.ID] = name + " (" + clean(who.ID) + ")"
		}
	}
	return p
}

func (p people) name(id string) string {
	if name, ok := p[id]; ok {
		return name
	}
	return clip(clean(id), 60)
}

// or is the name, or other words where a report names nobody on purpose.
func (p people) or(id, other string) string {
	if id == "" {
		return other
	}
	return p.name(id)
}

func (p people) all(ids []string) []string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = p.name(id)
	}
	return names
}

// cast lists the people a period's duties speak of, in the order a matrix shows
// them: those found in a role first, then those declared, then those who lead a duty,
// then by their largest share.
func cast(period *analysis.PeriodReport) []string {
	weight := map[string]float64{}
	for _, d := range backlog.Duties() {
		duty := period.Duties[d.String()]
		if duty == nil {
			continue
		}
		for _, s := range duty.Shares {
			weight[s.Person] = max(weight[s.Person], s.Share)
		}
		if duty.Verdict == "single" && duty.Person != "" {
			weight[duty.Person] = min(2+weight[duty.Person], 3)
		}
	}
	for i, role := range roles() {
		for _, id := range period.Declared[role.String()] {
			weight[id] = max(weight[id], float64(10-i))
		}
	}
	for i, role := range roles() {
		if r := period.Roles[role.String()]; r != nil && r.Person != "" {
			weight[r.Person] = max(weight[r.Person], float64(20-i))
		}
	}
	ids := make([]string, 0, len(weight))
	for id := range weight {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(cmp.Compare(weight[b], weight[a]), cmp.Compare(a, b))
	})
	return ids
}

func roles() []backlog.Role { return []backlog.Role{backlog.ProductOwner, backlog.ProductManager} }

// shareOf returns somebody's share of a duty, nil where there is none.
func shareOf(d *analysis.DutyReport, id string) *analysis.Share {
	for i := range d.Shares {
		if d.Shares[i].Person == id {
			return &d.Shares[i]
		}
	}
	return nil
}

// inOrder returns the findings as a reader wants them: what asks for an act
// first, the ones worth no more than a look last.
func inOrder(findings []analysis.Finding) []*analysis.Finding {
	list := make([]*analysis.Finding, len(findings))
	for i := range findings {
		list[i] = &findings[i]
	}
	rank := func(f *analysis.Finding) int {
		n := 2
		switch f.Severity {
		case "act":
			n = 0
		case "notice":
			n = 1
		}
		if f.Worth {
			n += 3
		}
		if f.Outcome != analysis.Measured {
			n += 6
		}
		return n
	}
	slices.SortStableFunc(list, func(a, b *analysis.Finding) int { return cmp.Compare(rank(a), rank(b)) })
	return list
}

// latest returns a scope's newest period, nil where it has none.
func latest(s *analysis.ScopeReport) *analysis.PeriodReport {
	if len(s.Periods) == 0 {
		return nil
	}
	return &s.Periods[len(s.Periods)-1]
}

// scopeTitle is a scope's name with its title where that says more.
func scopeTitle(s *analysis.ScopeReport) string {
	key, name := clip(clean(s.Scope), 120), clip(clean(s.Name), 120)
	if name == "" || name == key {
		return key
	}
	return key + "  " + name
}
