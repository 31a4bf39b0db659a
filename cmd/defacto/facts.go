package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"defacto/analysis"
	"defacto/backlog"
	"defacto/config"
	"defacto/store"
)

// openStore opens the store to read and write, creating it where there is none,
// and brings it into line with the configuration.
func (p *program) openStore(ctx context.Context, c *config.Config) (*store.Store, error) {
	return store.Open(ctx, c.Store, store.Options{Lexicon: c.Lexicon(), Text: c.Privacy.Text, Now: p.now})
}

// existingStore opens a store that must be there. One that this user may not
// write to is opened to read: what it answers does not need more.
func (p *program) existingStore(ctx context.Context, c *config.Config) (*store.Store, error) {
	return p.existing(ctx, c.Store, store.Options{Lexicon: c.Lexicon(), Text: c.Privacy.Text, Now: p.now})
}

func (p *program) existing(ctx context.Context, path string, opt store.Options) (*store.Store, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, advise(usage("there is no store at %s", path), "bring facts in with defacto import or defacto sync, or name the store with --store")
	}
	st, err := store.Open(ctx, path, opt)
	if errors.Is(err, fs.ErrPermission) {
		p.log.Info("the store is read only", "store", path)
		return store.Open(ctx, path, store.Options{ReadOnly: true})
	}
	return st, err
}

// facts is what an audit reads: a store with its accounts put together into people.
type facts struct {
	store *store.Store
	site  *backlog.Site
}

// read loads what all scopes share, with people as the configuration has them.
func (p *program) read(ctx context.Context, st *store.Store, c *config.Config) (*facts, error) {
	site, err := st.Site(ctx)
	if err != nil {
		return nil, err
	}
	changed, err := p.identify(ctx, st, c, site)
	if err != nil {
		return nil, err
	}
	if changed {
		if site, err = st.Site(ctx); err != nil {
			return nil, err
		}
	}
	return &facts{st, site}, nil
}

// identify puts accounts together into people and stores the result where it
// differs from what the site has.
func (p *program) identify(ctx context.Context, st *store.Store, c *config.Config, site *backlog.Site) (changed bool, err error) {
	accounts, err := st.Accounts(ctx)
	if err != nil {
		return false, err
	}
	decisions, err := st.Decisions(ctx)
	if err != nil {
		return false, err
	}
	people := analysis.Identify(accounts, identity(c).Decide(decisions))
	known := slices.Clone(site.People[1:])
	slices.SortFunc(known, func(a, b backlog.Person) int { return strings.Compare(a.ID, b.ID) })
	if slices.EqualFunc(people, known, samePerson) {
		return false, nil
	}
	err = st.SavePeople(ctx, people)
	if errors.Is(err, store.ErrReadOnly) {
		p.tell("the store is read only, so people stay as they were put together last")
		return false, nil
	}
	return err == nil, err
}

func samePerson(a, b backlog.Person) bool {
	return a.ID == b.ID && a.Name == b.Name && a.Kind == b.Kind && a.Zone == b.Zone && slices.Equal(a.Accounts, b.Accounts)
}

// identity is what the configuration says about who is who.
func identity(c *config.Config) analysis.Identity {
	how := analysis.Identity{Bots: c.Bots}
	for _, person := range c.People {
		how.Merged = append(how.Merged, analysis.Merge{Name: person.Name, Zone: person.Zone, Accounts: person.Accounts})
	}
	return how
}

// declared resolves the configured roles to people and scopes. What names nobody,
// or nothing, in the store comes back as sentences for the reader.
func declared(c *config.Config, site *backlog.Site) (roles []backlog.DeclaredInfo, doubts []string) {
	people := newDirectory(site)
	for _, r := range c.Roles {
		person, err := people.find(r.Person)
		if err != nil {
			doubts = append(doubts, fmt.Sprintf("The %s declared on line %d of the configuration is left out: %v.", r.Role.Title(), r.Line, err))
			continue
		}
		for _, s := range r.Scopes {
			found, err := target(site, s)
			if err != nil {
				doubts = append(doubts, fmt.Sprintf("The %s declared on line %d of the configuration is for %s, which is not in the store.", r.Role.Title(), r.Line, s))
			}
			for _, t := range found {
				info := backlog.DeclaredInfo{Person: person, Role: r.Role, Scope: t.Scope.Name, Origin: analysis.Configured}
				if !r.From.IsZero() {
					info.From = r.From.UnixMilli()
				}
				if !r.Until.IsZero() {
					info.Until = r.Until.UnixMilli()
				}
				roles = append(roles, info)
			}
		}
	}
	return roles, doubts
}
