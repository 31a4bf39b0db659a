package reports

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"defacto/analysis"
	"defacto/backlog"
)

// someone stands where a name could be several people's, or a stranger's.
const someone = "somebody"

// mask hides the names a report knows inside its texts.
type mask struct {
	alias    *alias
	patterns map[rune][]pattern // by their first rune, folded; longest first
}

// pattern is one way to write somebody's name.
type pattern struct {
	runes []rune
	ids   []string // whose it is; several for namesakes
	whole bool     // the whole name or an account, not a part of one
	exact bool     // only spelled like this: it is a common word, or short
	wary  bool     // a common word: at the start of a sentence it is only a word
}

func newMask(everybody []analysis.Person, a *alias) *mask {
	m := &mask{alias: a, patterns: map[rune][]pattern{}}
	found := map[string]*pattern{}
	var order []string
	add := func(text, id string, p pattern) {
		text = norm.NFC.String(clean(text))
		if text == "" {
			return
		}
		key := string(fold([]rune(text)))
		old := found[key]
		if old == nil {
			p.runes = []rune(text)
			found[key], old = &p, &p
			order = append(order, key)
		}
		old.whole = old.whole || p.whole
		if !slices.Contains(old.ids, id) {
			old.ids = append(old.ids, id)
		}
	}
	for _, p := range everybody {
		if a.machines[p.ID] {
			continue
		}
		for _, n := range spellings(p) {
			add(n.text, p.ID, n.pattern)
		}
	}
	for _, key := range order {
		p := found[key]
		first := fold(p.runes)[0]
		m.patterns[first] = append(m.patterns[first], *p)
	}
	for _, list := range m.patterns {
		slices.SortStableFunc(list, func(a, b pattern) int { return len(b.runes) - len(a.runes) })
	}
	return m
}

type spelling struct {
	text string
	pattern
}

// spellings lists the ways to write somebody's name: whole, turned around, as in
// an address, by account, by its parts.
func spellings(p analysis.Person) []spelling {
	var out []spelling
	name := clean(p.Name)
	words := strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",()[]<>\"", r) })
	ordinary := len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !common(w) })
	out = append(out, spelling{name, pattern{whole: true, exact: ordinary || len([]rune(name)) < 3, wary: ordinary && len(words) == 1}})
	out = append(out, spelling{p.ID, pattern{whole: true, exact: true}})
	for _, account := range p.Accounts {
		out = append(out, spelling{account, pattern{whole: true, exact: true}})
		if _, id, ok := strings.Cut(account, ":"); ok && len(id) > 3 && !common(id) {
			out = append(out, spelling{id, pattern{whole: true, exact: true}})
		}
	}
	if len(words) < 2 {
		return out
	}
	first, last := words[0], words[len(words)-1]
	for _, s := range []string{last + " " + first, last + ", " + first, first + "." + last, first + "_" + last, first + "-" + last, first + last, last + "." + first} {
		out = append(out, spelling{s, pattern{whole: true, exact: common(first) && common(last)}})
	}
	for _, w := range words {
		w = strings.TrimRight(w, ".")
		n := utf8.RuneCountInString(w)
		r, _ := utf8.DecodeRuneInString(w)
		if n < 3 && !unspaced(r) || n < 2 || !unicode.IsLetter(r) || unicode.IsLower(r) {
			continue // initials, and particles such as "von"
		}
		out = append(out, spelling{w, pattern{exact: n < 4 || common(w), wary: common(w)}})
	}
	return out
}

// text masks every name, and parts of names.
func (m *mask) text(s string, about ...string) string { return m.replace(s, false, about, nil) }

// strict masks whole names and accounts only: for texts that name people rarely
// and would be spoiled by a false mask.
func (m *mask) strict(s string) string { return m.replace(s, true, nil, nil) }

// blank masks every name alike, so that not even a pseudonym is left.
func (m *mask) blank(s string) string {
	return m.replace(s, false, nil, func([]string) string { return someone })
}

// replace walks a text once, so that a pseudonym is never masked again, and
// takes the longest name at each place. about are the people the text is about:
// they settle whom a shared name means.
func (m *mask) replace(s string, whole bool, about []string, as func([]string) string) string {
	if s == "" || len(m.patterns) == 0 {
		return s
	}
	if as == nil {
		as = func(ids []string) string { return m.who(ids, about) }
	}
	text := []rune(norm.NFC.String(clean(s)))
	folded := fold(text)
	var out []rune
	hit := false
	for i := 0; i < len(text); {
		p := m.at(text, folded, i, whole)
		if p == nil {
			out = append(out, text[i])
			i++
			continue
		}
		hit = true
		out = append(out, []rune(as(p.ids))...)
		i += len(p.runes)
	}
	if !hit {
		return s
	}
	return string(out)
}

// at finds the longest name that stands at a place of a text.
func (m *mask) at(text, folded []rune, i int, whole bool) *pattern {
	list := m.patterns[folded[i]]
	for n := range list {
		p := &list[n]
		end := i + len(p.runes)
		if end > len(text) || whole && !p.whole || !slices.Equal(fold(p.runes), folded[i:end]) {
			continue
		}
		if p.exact && !slices.Equal(p.runes, text[i:end]) {
			continue
		}
		if i > 0 && joins(text[i-1], text[i]) || end < len(text) && joins(text[end-1], text[end]) {
			continue
		}
		// PAY-12 is an issue, whoever is called Pay.
		if !p.whole && end+1 < len(text) && text[end] == '-' && unicode.IsDigit(text[end+1]) {
			continue
		}
		if p.wary && opens(text[:i]) {
			continue
		}
		return p
	}
	return nil
}

// who names the person meant by a name that may be several people's.
func (m *mask) who(ids, about []string) string {
	meant := ids
	if len(ids) > 1 {
		meant = nil
		for _, id := range ids {
			if slices.Contains(about, id) {
				meant = append(meant, id)
			}
		}
	}
	if len(meant) == 1 {
		return m.alias.name(meant[0])
	}
	return someone
}

// person masks the value of a field that holds a person: a name nobody here has
// is still somebody's.
func (m *mask) person(s string, about []string) string {
	if s == "" {
		return ""
	}
	key := string(fold([]rune(norm.NFC.String(clean(s)))))
	for _, p := range m.patterns[firstOf(key)] {
		if string(fold(p.runes)) == key && p.whole {
			return m.who(p.ids, about)
		}
	}
	return someone
}

func firstOf(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// period masks the texts of a period. The ids in it are pseudonymous already.
func (m *mask) period(p *analysis.PeriodReport) {
	p.Headline = m.text(p.Headline)
	for i := range p.Coverage.Notes {
		p.Coverage.Notes[i] = m.text(p.Coverage.Notes[i])
	}
	for _, d := range p.Duties {
		if d != nil {
			d.Why = m.text(d.Why)
		}
	}
	for _, r := range p.Roles {
		if r != nil {
			r.Why = m.text(r.Why)
		}
	}
	for _, origins := range p.Origins {
		for i := range origins {
			origins[i].Origin = m.strict(origins[i].Origin)
		}
	}
	if w := p.Waits; w != nil {
		w.Why = m.text(w.Why)
		w.Items = w.Items.Edited(func(item *analysis.WaitItem) { item.Censored = m.text(item.Censored) })
	}
	for i := range p.Forest {
		p.Forest[i].Note = m.text(p.Forest[i].Note)
	}
	for i := range p.Findings {
		m.finding(&p.Findings[i])
	}
}

func (m *mask) finding(f *analysis.Finding) {
	about := m.real(f.People)
	f.Statement = m.text(f.Statement, about...)
	f.Rests, f.Advice = m.text(f.Rests, about...), m.text(f.Advice, about...)
	f.Query = m.strict(f.Query)
	if f.Note != nil {
		f.Note.Why = m.text(f.Note.Why, about...)
		f.Note.By = m.person(f.Note.By, about)
	}
	for _, events := range [][]analysis.Evidence{f.Evidence, f.Against} {
		for i := range events {
			e := &events[i]
			who := append(slices.Clone(about), m.real([]string{e.Person})...)
			e.Why = m.text(e.Why, who...)
			switch e.What {
			case backlog.FieldAssignee.String(), backlog.FieldReporter.String():
				e.From, e.To = m.person(e.From, who), m.person(e.To, who)
			case backlog.FieldStatus.String(), backlog.FieldResolution.String(), backlog.FieldPriority.String(), backlog.FieldType.String(), backlog.FieldRank.String():
				e.From, e.To = m.strict(e.From), m.strict(e.To)
			default:
				e.From, e.To = m.text(e.From, who...), m.text(e.To, who...)
			}
		}
	}
}

// real turns pseudonymous ids back, to settle whom a shared name means.
func (m *mask) real(ids []string) []string {
	var out []string
	for id, p := range m.alias.people {
		if slices.Contains(ids, p.id) {
			out = append(out, id)
		}
	}
	return out
}

func fold(runes []rune) []rune {
	out := make([]rune, len(runes))
	for i, r := range runes {
		out[i] = unicode.ToLower(r)
	}
	return out
}

// joins reports whether two runes stand inside one word, so that no name begins
// or ends between them. Scripts without spaces have no such places.
func joins(a, b rune) bool {
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }
	return word(a) && word(b) && !unspaced(a) && !unspaced(b)
}

// unspaced reports whether a script writes words without spaces between them.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// opens reports whether what comes next opens a text or a sentence.
func opens(before []rune) bool {
	for i := len(before) - 1; i >= 0; i-- {
		switch r := before[i]; {
		case unicode.IsSpace(r) || strings.ContainsRune("\"'(“„«*_-", r):
			continue
		case strings.ContainsRune(".!?:;•…", r):
			return true
		default:
			return false
		}
	}
	return true
}
