package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"defacto/analysis"
	"defacto/backlog"
	"defacto/connectors/sample"
)

// compare writes, scope by scope and quarter by quarter, what is true of the
// made-up organisation beside what was found.
func (p *program) compare(r *analysis.Report, truth sample.Truth, site *backlog.Site) error {
	c := comparison{names: map[string]string{}, accounts: map[string]string{}}
	for _, person := range r.People {
		c.names[person.ID] = person.Name
	}
	for _, person := range site.People {
		for _, account := range person.Accounts {
			_, id, _ := strings.Cut(account, ":")
			c.accounts[id] = person.Name
		}
	}
	byKey := map[string]sample.ScopeTruth{}
	for _, s := range truth.Scopes {
		byKey[s.Scope] = s
	}
	for _, s := range r.Scopes {
		_, key, _ := strings.Cut(s.Scope, "/")
		c.scope(s, byKey[key])
	}
	fmt.Fprintf(&c.text, "\n%d of %d answers are right: of who holds a duty, who holds a role, and how the roles stand.\n", c.right, c.asked)
	fmt.Fprintf(&c.text, "A true answer so near a threshold that neither is wrong is marked ~ (%d of %d others).\n", c.near, c.asked-c.right)
	if _, err := fmt.Fprint(p.out, c.text.String()); err != nil {
		return fmt.Errorf("write the comparison: %w", err)
	}
	return nil
}

// comparison is the text being written, and the score.
type comparison struct {
	names, accounts    map[string]string // by id of a person, by account
	text               strings.Builder
	asked, right, near int
}

func (c *comparison) scope(s analysis.ScopeReport, t sample.ScopeTruth) {
	fmt.Fprintf(&c.text, "\n%s · %s (%s)\n", s.Scope, s.Name, t.Archetype)
	for _, period := range s.Periods {
		for _, tp := range t.Periods {
			if tp.Period == period.Period {
				c.period(period, tp)
			}
		}
	}
}

func (c *comparison) period(r analysis.PeriodReport, t sample.PeriodTruth) {
	fmt.Fprintf(&c.text, "\n  %-18s %-36s %s\n", r.Period, "found", "true")
	for _, d := range backlog.Duties() {
		found, real := r.Duties[d.String()], t.Duties[d.String()]
		if found == nil || real == nil {
			continue
		}
		c.row(d.String(), c.answer(found.Verdict, c.names, found.Person, found.Persons...), c.answer(real.Verdict, c.accounts, real.Person, real.Persons...), real.Near)
	}
	for role := range backlog.Role(backlog.RoleCount) {
		found, real := r.Roles[role.String()], t.Roles[role.String()]
		if found == nil || real == nil {
			continue
		}
		var pair []string
		if found.Verdict == "contested" {
			for _, person := range found.People[:min(2, len(found.People))] {
				pair = append(pair, person.Person)
			}
		}
		c.row(role.Title(), c.answer(found.Verdict, c.names, found.Person, pair...), c.answer(real.Verdict, c.accounts, real.Person, real.Persons...), real.Near)
	}
	c.row("structure", r.Structure, t.Structure, false)
	c.findings(r.Findings, t.Findings)
}

// findings writes which findings were raised and hold, were raised though they do
// not hold, and hold unseen. Those near their threshold are marked ~.
func (c *comparison) findings(found []analysis.Finding, real []sample.FindingTruth) {
	raised, holds := map[string]bool{}, map[string]string{}
	for _, f := range found {
		raised[f.Code] = true
	}
	for _, f := range real {
		mark := f.Code
		if f.Near {
			mark += "~"
		}
		if f.Holds || f.Near && raised[f.Code] {
			holds[f.Code] = mark
		}
	}
	var both, only, unseen []string
	for _, code := range slices.Sorted(maps.Keys(raised)) {
		if mark, ok := holds[code]; ok {
			both = append(both, mark)
		} else {
			only = append(only, code)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(holds)) {
		if !raised[code] {
			unseen = append(unseen, holds[code])
		}
	}
	for _, line := range []struct {
		what  string
		codes []string
	}{{"raised and true", both}, {"raised only", only}, {"true only", unseen}} {
		if len(line.codes) > 0 {
			fmt.Fprintf(&c.text, "  %-16s %s\n", line.what, strings.Join(line.codes, ", "))
		}
	}
}

// row compares one answer with the truth.
func (c *comparison) row(what, found, real string, near bool) {
	c.asked++
	mark := "✗"
	switch {
	case found == real:
		c.right++
		mark = "✓"
	case near:
		c.near++
		mark = "~"
	}
	fmt.Fprintf(&c.text, "  %-16s %s %-36s %s\n", what, mark, found, real)
}

// answer puts a verdict and whom it names into words.
func (c *comparison) answer(verdict string, names map[string]string, person string, several ...string) string {
	who := []string{}
	if person != "" {
		who = append(who, cmp.Or(names[person], person))
	} else {
		for _, id := range several {
			who = append(who, cmp.Or(names[id], id))
		}
	}
	if len(who) == 0 {
		return verdict
	}
	if len(who) == 2 && who[0] > who[1] {
		who[0], who[1] = who[1], who[0]
	}
	return verdict + " " + strings.Join(who, ", ")
}
