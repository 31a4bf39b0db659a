package reports

import (
	"maps"

	"defacto/analysis"
)

// clone copies a report so deeply that nothing of the copy is shared with the
// original. Lists and maps that were nil come out empty, as JSON shows them.
func clone(r *analysis.Report) *analysis.Report {
	c := *r
	c.Settings = list(r.Settings)
	c.Limits = list(r.Limits)
	c.People = list(r.People)
	for i := range c.People {
		c.People[i].Accounts = list(c.People[i].Accounts)
	}
	c.Scopes = list(r.Scopes)
	for i := range c.Scopes {
		c.Scopes[i].Periods = list(c.Scopes[i].Periods)
		for j := range c.Scopes[i].Periods {
			clonePeriod(&c.Scopes[i].Periods[j])
		}
	}
	if c.ChangedSince = copied(r.ChangedSince); c.ChangedSince != nil {
		c.ChangedSince.Changes = list(c.ChangedSince.Changes)
		for i := range c.ChangedSince.Changes {
			one := &c.ChangedSince.Changes[i]
			one.From, one.To = copied(one.From), copied(one.To)
		}
	}
	return &c
}

func clonePeriod(p *analysis.PeriodReport) {
	p.Coverage.Notes = list(p.Coverage.Notes)
	p.Duties = pointers(p.Duties, func(d analysis.DutyReport) *analysis.DutyReport {
		d.Persons, d.Shares = list(d.Persons), list(d.Shares)
		return &d
	})
	p.Roles = pointers(p.Roles, func(r analysis.RoleReport) *analysis.RoleReport {
		r.People, r.Duties, r.Dropped = list(r.People), list(r.Duties), list(r.Dropped)
		return &r
	})
	p.Declared = lists(p.Declared)
	p.Origins = lists(p.Origins)
	p.Match = pointers(p.Match, func(m analysis.Match) *analysis.Match {
		m.Distance, m.Low, m.High = copied(m.Distance), copied(m.Low), copied(m.High)
		return &m
	})
	p.Waits = cloneWaits(p.Waits)
	p.Forest = list(p.Forest)
	for i := range p.Forest {
		f := &p.Forest[i]
		f.Index, f.Low, f.High = copied(f.Index), copied(f.Low), copied(f.High)
	}
	p.Findings = list(p.Findings)
	for i := range p.Findings {
		f := &p.Findings[i]
		f.People, f.Evidence, f.Against = list(f.People), list(f.Evidence), list(f.Against)
		f.Note = copied(f.Note)
		m := &f.Measure
		m.Value, m.Low, m.High, m.Threshold = copied(m.Value), copied(m.Low), copied(m.High), copied(m.Threshold)
	}
}

func cloneWaits(w *analysis.Waits) *analysis.Waits {
	c := copied(w)
	if c == nil {
		return nil
	}
	for _, v := range []**float64{&c.MedianHours, &c.LowHours, &c.HighHours, &c.P90Hours, &c.MeanHours, &c.FirstResponse, &c.WallMedian, &c.IfAnswered, &c.IfNever} {
		*v = copied(*v)
	}
	c.ByPerson = list(c.ByPerson)
	for i := range c.ByPerson {
		b := &c.ByPerson[i]
		b.MedianHours, b.WithinDay, b.WithinDayOthers = copied(b.MedianHours), copied(b.WithinDay), copied(b.WithinDayOthers)
	}
	c.Curve = list(c.Curve)
	return c
}

// list copies a slice; nil comes out empty.
func list[T any](s []T) []T { return append(make([]T, 0, len(s)), s...) }

func copied[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

// pointers copies a map of pointers, each through deep; nil comes out empty.
func pointers[V any](m map[string]*V, deep func(V) *V) map[string]*V {
	c := make(map[string]*V, len(m))
	for k, v := range m {
		if v != nil {
			v = deep(*v)
		}
		c[k] = v
	}
	return c
}

// lists copies a map of slices; nil comes out empty.
func lists[V any](m map[string][]V) map[string][]V {
	c := maps.Clone(m)
	if c == nil {
		c = map[string][]V{}
	}
	for k, v := range c {
		c[k] = list(v)
	}
	return c
}
