package main

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"defacto/analysis"
	"defacto/backlog"
	"defacto/reports"
)

// pseudonymise hides who is who in a report. Everybody the store knows is
// masked, not only those the report speaks of: a text may name anybody.
func (f *facts) pseudonymise(ctx context.Context, r *analysis.Report, group int) (*analysis.Report, error) {
	secret, err := f.store.Secret(ctx)
	if err != nil {
		return nil, err
	}
	r.People = everybody(f.site)
	return reports.Pseudonymise(r, []byte(secret), group), nil
}

// everybody lists a site's people with whatever tells who they are.
func everybody(site *backlog.Site) []analysis.Person {
	var list []analysis.Person
	for _, p := range site.People[1:] {
		accounts := slices.Clone(p.Accounts)
		if p.Email != "" {
			accounts = append(accounts, p.Email)
		}
		list = append(list, analysis.Person{ID: p.ID, Name: cmp.Or(p.Name, p.ID), Kind: p.Kind.String(), Accounts: accounts})
	}
	return list
}

// realFinding turns the id of a finding of a pseudonymous report back into the
// real one; every other id comes back as it is.
func (f *facts) realFinding(ctx context.Context, id string) (string, error) {
	secret, err := f.store.Secret(ctx)
	if err != nil {
		return "", err
	}
	at := strings.LastIndex(id, "/") + 1
	for real, pseudonym := range reports.PseudonymIDs(everybody(f.site), []byte(secret)) {
		if id[at:] == pseudonym {
			return id[:at] + real, nil
		}
	}
	return id, nil
}
