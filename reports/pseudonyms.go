package reports

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"defacto/analysis"
	"defacto/backlog"
)

// Pseudonymise returns a copy of a report that tells people apart without naming
// them; the original is left alone. Somebody gets the same pseudonym ("Copper
// Heron") in every report made with the same salt, which therefore has to be a
// secret of the store. Ids are replaced too, for they could be computed from
// accounts; accounts are left out, and names are masked inside headlines,
// statements, notes and evidence. Machines keep their names.
//
// Where fewer than minimumGroup people were active in a scope and period, that
// period shows no figure about a single person; see [withhold].
//
// What remains are the links: whoever may read the tracker can look up there who
// did what. And somebody a text mentions whom the report does not know stays
// named in that text.
func Pseudonymise(r *analysis.Report, salt []byte, minimumGroup int) *analysis.Report {
	c := clone(r)
	a := &alias{salt: salt, people: map[string]pseudonym{}, machines: map[string]bool{}}
	for _, p := range c.People {
		if p.Kind == backlog.AppAccount.String() {
			a.machines[p.ID] = true
		}
	}
	for _, id := range mentioned(c) {
		a.add(id)
	}
	a.settle()
	m := newMask(c.People, a)

	for i := range c.Scopes {
		s := &c.Scopes[i]
		s.Name = m.strict(s.Name)
		for j := range s.Periods {
			p := &s.Periods[j]
			small := p.Coverage.ActivePeople < minimumGroup
			if small {
				withhold(p, m, minimumGroup)
			}
			a.period(p)
			m.period(p)
		}
	}
	for i := range c.Settings {
		c.Settings[i].Value = m.strict(c.Settings[i].Value)
	}
	for i := range c.Limits {
		c.Limits[i] = m.strict(c.Limits[i])
	}
	for i := range c.People {
		p := &c.People[i]
		p.Accounts = nil
		if !a.machines[p.ID] {
			p.ID, p.Name = a.id(p.ID), a.name(p.ID)
		}
	}
	// Whom no figure speaks of is left out, and the order tells nothing.
	shown := map[string]bool{}
	for _, id := range mentionedInScopes(c) {
		shown[id] = true
	}
	c.People = slices.DeleteFunc(c.People, func(p analysis.Person) bool { return !shown[p.ID] })
	slices.SortFunc(c.People, func(p, q analysis.Person) int { return cmp.Compare(p.ID, q.ID) })
	return c
}

type pseudonym struct{ id, name string }

// alias gives out the pseudonyms of one report.
type alias struct {
	salt     []byte
	people   map[string]pseudonym // by the real id
	machines map[string]bool
}

func (a *alias) add(id string) {
	if id != "" && !a.machines[id] {
		a.people[id] = pseudonym{}
	}
}

// settle names everybody. Those few whose two words are the same all carry a
// number of their own, so that no name stands for two people.
func (a *alias) settle() {
	first, second := firstWords(), secondWords()
	same := map[string][]string{}
	number := map[string]uint32{}
	for id := range a.people {
		mac := hmac.New(sha256.New, a.salt)
		mac.Write([]byte("person\x00" + id))
		sum := mac.Sum(nil)
		name := first[binary.BigEndian.Uint32(sum)%uint32(len(first))] + " " + second[binary.BigEndian.Uint32(sum[4:])%uint32(len(second))]
		same[name] = append(same[name], id)
		number[id] = binary.BigEndian.Uint32(sum[8:])
	}
	for name, ids := range same {
		for _, id := range ids {
			full := name
			if len(ids) > 1 {
				full += " " + strconv.FormatUint(uint64(number[id]), 10)
			}
			a.people[id] = pseudonym{strings.ReplaceAll(strings.ToLower(full), " ", "-"), full}
		}
	}
}

// id is the pseudonymous id of somebody; machines and nobody keep theirs.
func (a *alias) id(id string) string {
	if p, ok := a.people[id]; ok {
		return p.id
	}
	return id
}

func (a *alias) name(id string) string { return a.people[id].name }

func (a *alias) ids(ids []string) {
	for i := range ids {
		ids[i] = a.id(ids[i])
	}
}

// period replaces the ids of a period.
func (a *alias) period(p *analysis.PeriodReport) {
	for _, d := range p.Duties {
		if d == nil {
			continue
		}
		d.Person = a.id(d.Person)
		a.ids(d.Persons)
		for i := range d.Shares {
			d.Shares[i].Person = a.id(d.Shares[i].Person)
		}
	}
	for _, r := range p.Roles {
		if r == nil {
			continue
		}
		r.Person = a.id(r.Person)
		for i := range r.People {
			r.People[i].Person = a.id(r.People[i].Person)
		}
	}
	for _, ids := range p.Declared {
		a.ids(ids)
	}
	for _, origins := range p.Origins {
		for i := range origins {
			origins[i].Person = a.id(origins[i].Person)
		}
	}
	if w := p.Waits; w != nil {
		for i := range w.ByPerson {
			w.ByPerson[i].Person = a.id(w.ByPerson[i].Person)
			w.ByPerson[i].Zone = "" // may be one person's alone
		}
		w.Items = w.Items.Edited(func(item *analysis.WaitItem) {
			item.AskedBy, item.Asked, item.AnsweredBy = a.id(item.AskedBy), a.id(item.Asked), a.id(item.AnsweredBy)
		})
	}
	for i := range p.Forest {
		p.Forest[i].Person = a.id(p.Forest[i].Person)
	}
	for i := range p.Findings {
		f := &p.Findings[i]
		head, last, ok := cutLast(f.ID, "/")
		if ok {
			f.ID = head + "/" + a.id(last)
		}
		a.ids(f.People)
		for _, events := range [][]analysis.Evidence{f.Evidence, f.Against} {
			for j := range events {
				events[j].Person = a.id(events[j].Person)
			}
		}
	}
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// withhold takes everything about a single person out of a period of a small
// group: shares, scores, single waits and touches, and the findings that are
// about somebody. Verdicts, the share of nobody and the waits of the team stay.
func withhold(p *analysis.PeriodReport, m *mask, minimum int) {
	why := fmt.Sprintf("figures about single people are withheld: fewer than %d people are active here", minimum)
	var verdicts []string
	for _, role := range roles() {
		verdicts = append(verdicts, capital(role.Title())+": "+people{}.holder(nameless(p.Roles[role.String()]))+".")
	}
	p.Headline = strings.Join(verdicts, " ") + " " + capital(why) + "."
	p.Coverage.Notes = append(p.Coverage.Notes, capital(why)+".")
	for _, d := range p.Duties {
		if d != nil {
			d.Person, d.Persons, d.Shares = "", nil, []analysis.Share{}
			if d.Why == "" {
				d.Why = why
			}
		}
	}
	for _, r := range p.Roles {
		if r != nil {
			*r = *nameless(r)
			r.Why = why
		}
	}
	for _, match := range p.Match {
		if match != nil {
			match.Distance, match.Low, match.High = nil, nil, nil
		}
	}
	if w := p.Waits; w != nil {
		w.ByPerson, w.Items = []analysis.PersonWait{}, analysis.WaitItems{}
	}
	p.Forest = []analysis.Forest{}
	for i := range p.Findings {
		f := &p.Findings[i]
		if head, last, _ := cutLast(f.ID, "/"); slices.Contains(f.People, last) {
			f.ID = head
		}
		if len(f.People) > 0 || m.text(f.Statement) != f.Statement {
			f.Statement = "A finding about somebody: " + why + "."
			f.People, f.Evidence, f.Against, f.Query, f.Advice = []string{}, []analysis.Evidence{}, []analysis.Evidence{}, "", ""
			f.Measure = analysis.Measure{Name: f.Measure.Name, Unit: f.Measure.Unit, N: f.Measure.N}
		}
		for _, events := range [][]analysis.Evidence{f.Evidence, f.Against} {
			for j := range events {
				e := &events[j]
				e.Person, e.From, e.To, e.Why = "", m.blank(e.From), m.blank(e.To), m.blank(e.Why)
			}
		}
		if f.Note != nil {
			f.Note.By, f.Note.Why = "", m.blank(f.Note.Why)
		}
	}
}

// nameless is a role's verdict without anybody's figures.
func nameless(r *analysis.RoleReport) *analysis.RoleReport {
	if r == nil {
		return nil
	}
	c := *r
	c.Person, c.P, c.People = "", 0, []analysis.RoleShare{}
	return &c
}

// mentioned lists the ids of everybody a report knows or speaks of.
func mentioned(r *analysis.Report) []string {
	ids := mentionedInScopes(r)
	for _, p := range r.People {
		ids = append(ids, p.ID)
	}
	return ids
}

func mentionedInScopes(r *analysis.Report) []string {
	var ids []string
	for i := range r.Scopes {
		for j := range r.Scopes[i].Periods {
			ids = append(ids, mentionedIn(&r.Scopes[i].Periods[j])...)
		}
	}
	return ids
}

func mentionedIn(p *analysis.PeriodReport) []string {
	var ids []string
	for _, d := range p.Duties {
		if d == nil {
			continue
		}
		ids = append(append(ids, d.Person), d.Persons...)
		for _, s := range d.Shares {
			ids = append(ids, s.Person)
		}
	}
	for _, r := range p.Roles {
		if r == nil {
			continue
		}
		ids = append(ids, r.Person)
		for _, s := range r.People {
			ids = append(ids, s.Person)
		}
	}
	for _, declared := range p.Declared {
		ids = append(ids, declared...)
	}
	for _, origins := range p.Origins {
		for _, o := range origins {
			ids = append(ids, o.Person)
		}
	}
	if p.Waits != nil {
		for _, b := range p.Waits.ByPerson {
			ids = append(ids, b.Person)
		}
		for i := range p.Waits.Items.All() {
			ids = append(ids, i.AskedBy, i.Asked, i.AnsweredBy)
		}
	}
	for _, f := range p.Forest {
		ids = append(ids, f.Person)
	}
	for _, f := range p.Findings {
		ids = append(ids, f.People...)
		for _, e := range f.Evidence {
			ids = append(ids, e.Person)
		}
		for _, e := range f.Against {
			ids = append(ids, e.Person)
		}
	}
	return ids
}
