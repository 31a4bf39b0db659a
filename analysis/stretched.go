package analysis

import (
	"cmp"
	"slices"
	"strings"
)

// stretch raises po-stretched, the one finding that needs every scope's result:
// one person found product owner of three scopes, or of two where answers are
// slow or work is blocked.
func (a *auditor) stretch(done []*audited) {
	type owned struct{ target, period int }
	for k := range a.o.Periods {
		by := map[string][]owned{}
		for i, d := range done {
			if a.o.Targets[i].Part.Kind != "" {
				continue // a part is not another team
			}
			if r := d.report.Periods[k].Roles["product-owner"]; r.Verdict == "single" {
				by[r.Person] = append(by[r.Person], owned{i, k})
			}
		}
		for person, list := range by {
			hurts := slices.ContainsFunc(list, func(o owned) bool {
				return slices.ContainsFunc(done[o.target].report.Periods[k].Findings, func(f Finding) bool {
					return f.Code == "slow-answers" || f.Code == "blocked-on-person"
				})
			})
			if n := float64(len(list)); n < a.o.Method.StretchedScopes && (n < 2 || !hurts) {
				continue
			}
			var names []string
			for _, o := range list {
				names = append(names, done[o.target].report.Name)
			}
			for _, o := range list {
				p := &done[o.target].report.Periods[k]
				f := a.stretched(person, names, p, done[o.target].report.Scope, hurts)
				f.Note = a.o.Notes[f.ID]
				p.Findings = append(p.Findings, f)
				slices.SortStableFunc(p.Findings, byWeight)
				done[o.target].raised++
			}
		}
		for _, d := range done {
			d.evaluated++
		}
	}
}

func (a *auditor) stretched(person string, names []string, p *PeriodReport, scope string, hurts bool) Finding {
	v, th := float64(len(names)), a.o.Method.StretchedScopes
	f := Finding{
		ID: scope + "/" + p.Period + "/po-stretched/" + person, Code: "po-stretched", Outcome: Measured, People: []string{person},
		Confidence: "firm", Severity: "calm", Against: []Evidence{}, Evidence: []Evidence{},
		Measure: Measure{Name: "scopes_owned", Unit: "count", Value: &v, Threshold: &th, N: len(names)},
		Rests:   "One owner serves at most two teams well (Pichler; Gonçalves).",
	}
	name := person
	for i := range a.site.People {
		if a.site.People[i].ID == person {
			name = cmp.Or(a.site.People[i].Name, person)
		}
	}
	f.Statement = sentence("%s is recorded as owner of %d teams: %s.", name, len(names), enumerate(names))
	if hurts {
		f.Severity = "notice"
		f.Statement += " In at least one of them answers are slow or work waits."
	}
	for _, other := range p.Findings { // what shows the ownership shows the stretch
		if strings.HasPrefix(other.Code, "po-") && slices.Contains(other.People, person) {
			f.Evidence, f.Query = other.Evidence, other.Query
		}
	}
	if len(f.Evidence) == 0 {
		f.Evidence, f.Query = p.ownerProof, p.ownerQuery
	}
	return f
}

// byWeight orders findings for readers.
func byWeight(x, y Finding) int { return cmp.Or(severity(y)-severity(x), cmp.Compare(x.ID, y.ID)) }
