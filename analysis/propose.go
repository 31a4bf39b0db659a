package analysis

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"defacto/backlog"
)

// Proposal is two people who may be one. It is never applied by itself: somebody
// who knows them has to say so.
type Proposal struct {
	A, B    backlog.Person // A has the smaller id
	Likely  bool           // else possible
	Reasons []string       // why they may be one, the strongest first
	Doubts  []string       // what speaks against it
}

// Propose looks for people who may be one though the rules of Identify do not say
// so (METHOD 2.4 rule 1): namesakes at one tracker or at several, an address that
// another's handle begins, a "Former user" or an abandoned account where another
// one begins. Machines are left out, and accounts that were split off by hand.
// Likely ones come first; the order does not depend on the people's.
func Propose(people []backlog.Person, accounts []backlog.AccountInfo, how Identity) []Proposal {
	p := &proposer{faces: faces(people, accounts, how), found: map[[2]int]*Proposal{}}
	p.byName()
	p.byHandle()
	p.bySuccession()
	list := make([]Proposal, 0, len(p.found))
	for pair, f := range p.found {
		f.Doubts = doubts(&p.faces[pair[0]], &p.faces[pair[1]])
		list = append(list, *f)
	}
	slices.SortFunc(list, func(a, b Proposal) int {
		if a.Likely != b.Likely {
			return order(b.Likely, a.Likely)
		}
		return cmp.Or(cmp.Compare(a.A.ID, b.A.ID), cmp.Compare(a.B.ID, b.B.ID))
	})
	return list
}

func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// face is what a person looks like from outside.
type face struct {
	person      backlog.Person
	names       []string // folded, those of two words and more
	former      bool     // a name the tracker gave when the account was closed
	handles     []string // folded handles, and the local parts of addresses
	mails       []string
	sources     []string
	first, last int64
	active      bool
}

func faces(people []backlog.Person, accounts []backlog.AccountInfo, how Identity) []face {
	byKey := make(map[string]*backlog.AccountInfo, len(accounts))
	for i := range accounts {
		byKey[accounts[i].Key()] = &accounts[i]
	}
	var list []face
	for _, p := range people {
		if p.Kind != backlog.PersonAccount || len(p.Accounts) == 0 || slices.ContainsFunc(p.Accounts, func(key string) bool { return slices.Contains(how.Split, key) }) {
			continue
		}
		f := face{person: p}
		for _, key := range p.Accounts {
			if a := byKey[key]; a != nil {
				f.add(a)
			}
		}
		f.names, f.handles, f.sources, f.mails = distinct(f.names), distinct(f.handles), distinct(f.sources), distinct(f.mails)
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b face) int { return cmp.Compare(a.person.ID, b.person.ID) })
	return list
}

func distinct(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

func (f *face) add(a *backlog.AccountInfo) {
	name := fold(a.Name)
	switch {
	case formerName(name):
		f.former = true
	case strings.Contains(name, " "):
		f.names = append(f.names, name)
	}
	f.sources = append(f.sources, a.Source)
	f.active = f.active || a.Active
	if a.First > 0 && (f.first == 0 || a.First < f.first) {
		f.first = a.First
	}
	f.last = max(f.last, a.Last)
	if h := fold(a.Handle); telling(h) {
		f.handles = append(f.handles, h)
	}
	mail := strings.ToLower(strings.TrimSpace(a.Email))
	if strings.Contains(mail, "@") {
		f.mails = append(f.mails, mail)
		if l := localPart(mail); telling(l) && !sharedBox(l) {
			f.handles = append(f.handles, l)
		}
	}
}

// localPart is what stands before the @ of an address, folded and without a tag.
func localPart(mail string) string {
	local, _, _ := strings.Cut(mail, "@")
	local, _, _ = strings.Cut(local, "+")
	return fold(local)
}

// telling reports whether a handle is long enough to belong to one person.
func telling(handle string) bool { return utf8.RuneCountInString(handle) >= 4 }

// sharedBox recognises addresses that belong to a function.
func sharedBox(local string) bool {
	switch local {
	case "info", "admin", "support", "team", "mail", "office", "contact", "product", "jira", "linear", "user", "users", "test", "audit", "hello", "help", "service", "sales":
		return true
	}
	return false
}

// formerName recognises what trackers call accounts that are no more.
func formerName(folded string) bool {
	switch folded {
	case "former user", "deleted user", "unknown user", "anonymous", "inactive user", "removed user", "ehemaliger benutzer", "ancien utilisateur", "usuario anterior":
		return true
	}
	return strings.HasPrefix(folded, "former user ") || strings.HasPrefix(folded, "deleted user ")
}

type proposer struct {
	faces []face
	found map[[2]int]*Proposal
}

// add notes a reason why two people may be one.
func (p *proposer) add(i, j int, likely bool, format string, args ...any) {
	if i > j {
		i, j = j, i
	}
	f := p.found[[2]int{i, j}]
	if f == nil {
		f = &Proposal{A: p.faces[i].person, B: p.faces[j].person}
		p.found[[2]int{i, j}] = f
	}
	f.Likely = f.Likely || likely
	f.Reasons = append(f.Reasons, fmt.Sprintf(format, args...))
}

// pairs calls do for all who share a key, each pair once.
func (p *proposer) pairs(keys func(*face) []string, do func(i, j int, key string)) {
	by := map[string][]int{}
	var order []string
	for i := range p.faces {
		for _, key := range keys(&p.faces[i]) {
			if by[key] == nil {
				order = append(order, key)
			}
			by[key] = append(by[key], i)
		}
	}
	for _, key := range order {
		for n, i := range by[key] {
			for _, j := range by[key][n+1:] {
				do(i, j, key)
			}
		}
	}
}

// byName finds namesakes.
func (p *proposer) byName() {
	p.pairs(func(f *face) []string { return f.names }, func(i, j int, name string) {
		a, b := &p.faces[i], &p.faces[j]
		common := slices.ContainsFunc(a.sources, func(s string) bool { return slices.Contains(b.sources, s) })
		if !common {
			p.add(i, j, true, "the same name (%s) at %s and at %s", shown(a, b), strings.Join(a.sources, ", "), strings.Join(b.sources, ", "))
			return
		}
		p.add(i, j, false, "the same name (%s) twice at %s", shown(a, b), strings.Join(a.sources, ", "))
	})
}

// shown is the name as one of two namesakes spells it.
func shown(a, b *face) string { return cmp.Or(a.person.Name, b.person.Name) }

// byHandle finds an address whose part before the @ is another's handle, or the
// same in two addresses, or a name written as one.
func (p *proposer) byHandle() {
	keys := func(f *face) []string {
		return distinct(slices.Concat(f.handles, f.names)) // "anna.lee" folds to "anna lee"
	}
	p.pairs(keys, func(i, j int, key string) {
		a, b := &p.faces[i], &p.faces[j]
		if slices.Contains(a.names, key) && slices.Contains(b.names, key) {
			return // namesakes: said already
		}
		p.add(i, j, strings.Contains(key, " ") || a.mailed(key) && b.mailed(key), "%s and %s", a.bears(key), b.bears(key))
	})
}

func (f *face) mailed(key string) bool {
	return slices.ContainsFunc(f.mails, func(m string) bool { return localPart(m) == key })
}

// bears says how somebody comes by a key.
func (f *face) bears(key string) string {
	for _, m := range f.mails {
		if localPart(m) == key {
			return "the address " + m
		}
	}
	if slices.Contains(f.handles, key) {
		return "the handle " + strings.ReplaceAll(key, " ", ".")
	}
	return "the name " + f.person.Name
}

// bySuccession finds who began where a "Former user", or somebody of the same
// first name, ended: once the name on an account is gone, or was changed by
// marriage, its times are all there is.
func (p *proposer) bySuccession() {
	starts := map[string][]int{} // by source, those with a beginning
	for i := range p.faces {
		f := &p.faces[i]
		for _, s := range f.sources {
			if f.first > 0 && !f.former {
				starts[s] = append(starts[s], i)
			}
		}
	}
	for i := range p.faces {
		gone := &p.faces[i]
		if gone.active || gone.last == 0 {
			continue
		}
		var heirs []int
		for _, s := range gone.sources {
			for _, j := range starts[s] {
				f := &p.faces[j]
				if i != j && f.first > gone.last && f.first-gone.last <= handover && !slices.Contains(heirs, j) {
					heirs = append(heirs, j)
				}
			}
		}
		for _, j := range heirs {
			f := &p.faces[j]
			switch {
			case gone.former && len(heirs) == 1:
				p.add(i, j, false, "%q ended on %s, and the only account that began within a week is this one, on %s", gone.person.Name, dateOf(gone.last), dateOf(f.first))
			case !gone.former && sameFirst(gone, f):
				p.add(i, j, false, "the same first name: one was closed and ended on %s, the other began on %s", dateOf(gone.last), dateOf(f.first))
			}
		}
	}
}

func dateOf(ms int64) string { return time.UnixMilli(ms).UTC().Format(time.DateOnly) }

// sameFirst reports whether two people have different names of one first name.
func sameFirst(a, b *face) bool {
	for _, x := range a.names {
		for _, y := range b.names {
			first, _, _ := strings.Cut(x, " ")
			other, _, _ := strings.Cut(y, " ")
			if x != y && first == other && utf8.RuneCountInString(first) > 1 {
				return true
			}
		}
	}
	return false
}

// doubts says what speaks against two people being one.
func doubts(a, b *face) []string {
	var list []string
	for _, s := range a.sources {
		if slices.Contains(b.sources, s) && a.first > 0 && b.first > 0 && a.first <= b.last && b.first <= a.last {
			list = append(list, fmt.Sprintf("both were active at %s between %s and %s", s, dateOf(max(a.first, b.first)), dateOf(min(a.last, b.last))))
			break
		}
	}
	if len(a.mails) > 0 && len(b.mails) > 0 && !slices.ContainsFunc(a.mails, func(m string) bool { return slices.Contains(b.mails, m) }) {
		list = append(list, fmt.Sprintf("their addresses differ (%s, %s)", a.mails[0], b.mails[0]))
	}
	return list
}
