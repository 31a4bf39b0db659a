package main

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"defacto/analysis"
	"defacto/backlog"
)

// mask gives people pseudonyms that are the same in every report of one store.
type mask struct {
	secret string
	names  map[rune][]alias // by first rune, the longest first
	used   map[string]bool  // pseudonymous ids the report still speaks of
}

// alias is something that tells who a person is, and what stands for it.
type alias struct{ text, pseudonym string }

func newMask(site *backlog.Site, secret string) *mask {
	m := &mask{secret: secret, names: map[rune][]alias{}, used: map[string]bool{}}
	for i := 1; i < len(site.People); i++ {
		p := &site.People[i]
		texts := []string{p.Name, p.Email, p.ID}
		for _, account := range p.Accounts {
			_, id, _ := strings.Cut(account, ":")
			texts = append(texts, account, id)
		}
		for _, text := range texts {
			if first, _ := utf8.DecodeRuneInString(text); text != "" {
				m.names[first] = append(m.names[first], alias{text, m.name(p.ID)})
			}
		}
	}
	for _, list := range m.names {
		slices.SortStableFunc(list, func(a, b alias) int { return cmp.Compare(len(b.text), len(a.text)) })
	}
	return m
}

func (m *mask) code(id string) string {
	h := hmac.New(sha256.New, []byte(m.secret))
	h.Write([]byte(id))
	return base32.StdEncoding.EncodeToString(h.Sum(nil))
}

func (m *mask) name(id string) string { return "Person " + m.code(id)[:6] }

// id is the pseudonymous id of a person; nobody stays nobody.
func (m *mask) id(id string) string {
	if id == "" {
		return ""
	}
	pseudonym := "p" + strings.ToLower(m.code(id)[:12])
	m.used[pseudonym] = true
	return pseudonym
}

func (m *mask) ids(ids []string) {
	for i := range ids {
		ids[i] = m.id(ids[i])
	}
}

// text puts pseudonyms in the place of whatever tells who somebody is.
func (m *mask) text(s string) string {
	var b strings.Builder
	before := ' '
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !joined(before, r) {
			if a, ok := m.at(s[i:], r); ok {
				b.WriteString(a.pseudonym)
				i += len(a.text)
				before, _ = utf8.DecodeLastRuneInString(a.text)
				continue
			}
		}
		b.WriteString(s[i : i+size])
		before = r
		i += size
	}
	return b.String()
}

// at returns the longest name s begins with that does not end inside a word.
func (m *mask) at(s string, first rune) (alias, bool) {
	for _, a := range m.names[first] {
		if !strings.HasPrefix(s, a.text) {
			continue
		}
		last, _ := utf8.DecodeLastRuneInString(a.text)
		next, _ := utf8.DecodeRuneInString(s[len(a.text):])
		if len(s) == len(a.text) || !joined(last, next) {
			return a, true
		}
	}
	return alias{}, false
}

// joined reports whether two neighbouring runes belong to one word. Scripts
// without spaces have no such words, so there every place may be an end.
func joined(a, b rune) bool {
	word := func(r rune) bool {
		return (unicode.IsLetter(r) || unicode.IsDigit(r)) && !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
	}
	return word(a) && word(b)
}

// pseudonymise rewrites a report so that nobody in it can be told by name. Where
// fewer than group people were active, nothing about single people stays at all.
func pseudonymise(r *analysis.Report, m *mask, group int) {
	for i := range r.Scopes {
		for j := range r.Scopes[i].Periods {
			p := &r.Scopes[i].Periods[j]
			if p.Coverage.ActivePeople < group {
				withhold(p, group)
			}
			m.period(p)
		}
	}
	m.texts(r.Limits)
	var people []analysis.Person
	for _, person := range r.People {
		name := m.name(person.ID)
		if id := "p" + strings.ToLower(m.code(person.ID)[:12]); m.used[id] {
			people = append(people, analysis.Person{ID: id, Name: name, Kind: person.Kind})
		}
	}
	slices.SortFunc(people, func(a, b analysis.Person) int { return cmp.Compare(a.ID, b.ID) })
	r.People = append([]analysis.Person{}, people...)
}

func (m *mask) texts(list []string) {
	for i := range list {
		list[i] = m.text(list[i])
	}
}

func (m *mask) period(p *analysis.PeriodReport) {
	p.Headline = m.text(p.Headline)
	m.texts(p.Coverage.Notes)
	for _, d := range p.Duties {
		d.Person, d.Why = m.id(d.Person), m.text(d.Why)
		m.ids(d.Persons)
		for i := range d.Shares {
			d.Shares[i].Person = m.id(d.Shares[i].Person)
		}
	}
	for _, r := range p.Roles {
		r.Person, r.Why = m.id(r.Person), m.text(r.Why)
		for i := range r.People {
			r.People[i].Person = m.id(r.People[i].Person)
		}
	}
	for role := range p.Declared {
		m.ids(p.Declared[role])
		for i := range p.Origins[role] {
			p.Origins[role][i].Person = m.id(p.Origins[role][i].Person)
		}
	}
	if p.Waits != nil {
		m.waits(p.Waits)
	}
	for i := range p.Forest {
		p.Forest[i].Person, p.Forest[i].Note = m.id(p.Forest[i].Person), m.text(p.Forest[i].Note)
	}
	for i := range p.Findings {
		m.finding(&p.Findings[i])
	}
}

func (m *mask) waits(w *analysis.Waits) {
	w.Why = m.text(w.Why)
	for i := range w.ByPerson {
		w.ByPerson[i].Person = m.id(w.ByPerson[i].Person)
	}
	for i := range w.Items {
		item := &w.Items[i]
		item.AskedBy, item.Asked, item.AnsweredBy = m.id(item.AskedBy), m.id(item.Asked), m.id(item.AnsweredBy)
		item.Censored = m.text(item.Censored)
	}
}

func (m *mask) finding(f *analysis.Finding) {
	for _, person := range f.People {
		f.ID = strings.ReplaceAll(f.ID, person, m.id(person))
	}
	m.ids(f.People)
	f.Statement, f.Advice = m.text(f.Statement), m.text(f.Advice)
	for _, list := range [][]analysis.Evidence{f.Evidence, f.Against} {
		for i := range list {
			e := &list[i]
			e.Person, e.From, e.To, e.Why = m.id(e.Person), m.text(e.From), m.text(e.To), m.text(e.Why)
		}
	}
	if f.Note != nil {
		note := *f.Note // the store's own stays as it is
		note.By, note.Why = m.text(note.By), m.text(note.Why)
		f.Note = &note
	}
}

// withhold leaves of a period what is true of the group and says so.
func withhold(p *analysis.PeriodReport, group int) {
	why := fmt.Sprintf("Fewer than %d people were active here: what each of them did is withheld.", group)
	p.Headline = why
	p.Coverage.Notes = append(p.Coverage.Notes, why)
	p.Coverage.ActivePeople = 0
	for _, d := range p.Duties {
		if len(d.Shares) > 0 { // else its own reason stands
			d.Person, d.Persons, d.Shares, d.Why = "", nil, []analysis.Share{}, why
		}
	}
	for _, r := range p.Roles {
		if len(r.People) > 0 {
			r.Person, r.P, r.People, r.Why = "", 0, []analysis.RoleShare{}, why
		}
	}
	p.Declared, p.Origins = map[string][]string{}, map[string][]analysis.Declared{}
	for _, match := range p.Match {
		match.Distance, match.Low, match.High = nil, nil, nil
	}
	if p.Waits != nil {
		p.Waits.ByPerson, p.Waits.Items = []analysis.PersonWait{}, []analysis.WaitItem{}
	}
	p.Forest = []analysis.Forest{}
	p.Findings = slices.DeleteFunc(p.Findings, func(f analysis.Finding) bool { return len(f.People) > 0 || len(f.Evidence) > 0 || len(f.Against) > 0 })
}
