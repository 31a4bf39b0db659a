package jira

import (
	"cmp"
	"maps"
	"slices"

	"defacto/backlog"
)

// facts are what issues and lists say besides the issues: each thing once, until
// drained into a batch.
type facts struct {
	site     string
	accounts map[string]backlog.Account
	scopes   map[string]backlog.Scope
	statuses map[string]backlog.Status
	types    map[string]backlog.Type
	sprints  map[string]backlog.Sprint
	versions map[string]backlog.Version
	declared []backlog.Declaration
}

func newFacts() facts {
	return facts{
		accounts: map[string]backlog.Account{}, scopes: map[string]backlog.Scope{}, statuses: map[string]backlog.Status{},
		types: map[string]backlog.Type{}, sprints: map[string]backlog.Sprint{}, versions: map[string]backlog.Version{},
	}
}

// account notes an account; a fuller record wins over a thin one, whichever came
// first, and fills its blanks from it.
func (f *facts) account(a backlog.Account) {
	if a.ID == "" {
		return
	}
	old, ok := f.accounts[a.ID]
	if !ok {
		f.accounts[a.ID] = a
		return
	}
	if old == a {
		return
	}
	if !old.Thin && a.Thin {
		old, a = a, old
	}
	a.Handle, a.Name = cmp.Or(a.Handle, old.Handle), cmp.Or(a.Name, old.Name)
	a.Email, a.Zone = cmp.Or(a.Email, old.Email), cmp.Or(a.Zone, old.Zone)
	f.accounts[a.ID] = a
}

// scope notes a project; blanks do not erase.
func (f *facts) scope(s backlog.Scope) {
	if s.Key == "" {
		return
	}
	old := f.scopes[s.Key]
	f.scopes[s.Key] = backlog.Scope{
		Key: s.Key, ID: cmp.Or(s.ID, old.ID), Name: cmp.Or(s.Name, old.Name), Lead: cmp.Or(s.Lead, old.Lead), Zone: cmp.Or(s.Zone, old.Zone),
	}
}

func (f *facts) sprint(s backlog.Sprint) {
	if s.ID == "" {
		return
	}
	if old, ok := f.sprints[s.ID]; ok {
		s = joinSprints(s, old)
	}
	f.sprints[s.ID] = s
}

func (f *facts) version(v backlog.Version) {
	if v.ID != "" {
		f.versions[v.ID] = v
	}
}

// Drain adds to the batch what was learnt beside the issues since the last Drain,
// in the order of the ids, and forgets it: every batch can stand alone.
func (d *Decoder) Drain(b *backlog.Batch) {
	f := &d.facts
	b.Kind = "jira"
	b.Site = cmp.Or(b.Site, f.site)
	b.Scopes = append(b.Scopes, sorted(f.scopes)...)
	b.Accounts = append(b.Accounts, sorted(f.accounts)...)
	b.Statuses = append(b.Statuses, sorted(f.statuses)...)
	b.Types = append(b.Types, sorted(f.types)...)
	b.Sprints = append(b.Sprints, sorted(f.sprints)...)
	b.Versions = append(b.Versions, sorted(f.versions)...)
	b.Declared = append(b.Declared, f.declared...)
	d.facts = newFacts()
}

func sorted[K cmp.Ordered, V any](m map[K]V) []V {
	list := make([]V, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		list = append(list, m[k])
	}
	return list
}
