package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"defacto/backlog"
	"defacto/config"
)

func rolesCheck(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Hold the configuration's roles against the store and the tracker",
		Long: `Check looks at the roles the configuration declares: people and scopes that are not in
the store, two people in one role at a time, times nobody is declared for between two
holders, machines and closed accounts, and whom the tracker names instead. It exits with
2 where a role names somebody, or something, the store does not have.`,
		Args: cobra.NoArgs,
		RunE: p.withFacts(func(_ context.Context, c *config.Config, f *facts, _ []string) error {
			found, missing := checkRoles(c, f.site, p.now())
			if err := p.list([]string{"", "about", "what", "next"}, found.rows()); err != nil {
				return err
			}
			if missing > 0 {
				return usage("%s of the configuration %s nothing in the store", count(missing, "role"), agree(missing, "names", "name"))
			}
			return nil
		}),
	}
}

// agree chooses the verb's form.
func agree(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// checkRoles says what is doubtful about the configured roles, and how many of
// them name what is not there.
func checkRoles(c *config.Config, site *backlog.Site, now time.Time) (list remarks, missing int) {
	roles, doubts := declared(c, site)
	for _, d := range doubts {
		list.add(problem, "roles", strings.TrimSuffix(d, "."), "name people as defacto people list shows them, and scopes as SOURCE/KEY")
	}
	if len(c.Roles) == 0 {
		list.add(note, "roles", "the configuration declares none", "see what the tracker says with defacto roles import")
	}
	for _, s := range site.Scopes {
		for role := range backlog.Role(backlog.RoleCount) {
			of := func(r backlog.DeclaredInfo) bool { return r.Scope == s.Name && r.Role == role }
			ours, theirs := only(roles, of), only(site.Declared, of)
			c := roleCheck{site: site, about: s.Name + " " + role.String(), now: now.UnixMilli(), list: &list}
			c.holders(ours)
			c.overlaps(ours)
			c.gaps(ours)
			c.conflicts(ours, theirs)
			if len(ours)+len(theirs) == 0 && role == backlog.ProductOwner {
				list.add(note, c.about, "nobody is declared, so nothing can be compared", "declare one in defacto.yaml, if there is one")
			}
		}
	}
	if len(list) == 0 {
		list.add(fine, "roles", count(len(c.Roles), "declaration")+agree(len(c.Roles), " agrees", " agree")+" with the store", "")
	}
	return list, len(doubts)
}

func only(list []backlog.DeclaredInfo, keep func(backlog.DeclaredInfo) bool) []backlog.DeclaredInfo {
	return slices.DeleteFunc(slices.Clone(list), func(r backlog.DeclaredInfo) bool { return !keep(r) })
}

// roleCheck looks at one role in one scope.
type roleCheck struct {
	site  *backlog.Site
	about string
	now   int64
	list  *remarks
}

func (c roleCheck) name(r backlog.DeclaredInfo) string { return holder(c.site, r) }

// open reports whether somebody holds the role now.
func (c roleCheck) open(r backlog.DeclaredInfo) bool {
	return r.From <= c.now && (r.Until == 0 || r.Until > c.now)
}

func (c roleCheck) holders(roles []backlog.DeclaredInfo) {
	for _, r := range roles {
		person := c.site.People[r.Person]
		switch {
		case person.Kind == backlog.AppAccount:
			c.list.add(warning, c.about, person.Name+" is a machine", "correct the person, or say that it is one with defacto people mark")
		case !person.Active && c.open(r):
			c.list.add(warning, c.about, person.Name+"'s account is closed, and the role has no end", "give it an until")
		}
	}
}

func (c roleCheck) overlaps(roles []backlog.DeclaredInfo) {
	for i, a := range roles {
		for _, b := range roles[i+1:] {
			from, until := max(a.From, b.From), earlier(a.Until, b.Until)
			if until != 0 && from >= until {
				continue
			}
			what := c.name(a) + " and " + c.name(b) + " hold it at once"
			if a.Person == b.Person {
				what = c.name(a) + " is declared twice"
			}
			if from != 0 {
				what += ", from " + day(from, 0)
			}
			if until != 0 {
				what += ", until " + day(until, -1)
			}
			c.list.add(warning, c.about, what, "end one with until, unless both are true")
		}
	}
}

// earlier returns the earlier of two ends, of which 0 is none.
func earlier(a, b int64) int64 {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

func (c roleCheck) gaps(roles []backlog.DeclaredInfo) {
	roles = slices.Clone(roles)
	slices.SortFunc(roles, func(a, b backlog.DeclaredInfo) int { return int(min(max(a.From-b.From, -1), 1)) })
	covered := int64(0)
	for i, r := range roles {
		if i > 0 && covered != 0 && r.From > covered {
			c.list.add(warning, c.about, fmt.Sprintf("nobody is declared from %s until %s", day(covered, 0), day(r.From, -1)), "declare who it was, if somebody was")
		}
		switch {
		case i == 0 || covered != 0 && r.Until > covered:
			covered = r.Until
		case r.Until == 0:
			covered = 0
		}
		if i < len(roles)-1 && covered == 0 {
			return // the rest begins while this one holds it
		}
	}
	if n := len(roles); n > 0 && covered != 0 && covered <= c.now {
		c.list.add(warning, c.about, "nobody is declared since "+day(covered, 0), "declare who it is now")
	}
}

// conflicts tells whom the tracker names now and the configuration does not.
func (c roleCheck) conflicts(ours, theirs []backlog.DeclaredInfo) {
	now := only(ours, c.open)
	if len(now) == 0 {
		return
	}
	var names []string
	for _, r := range now {
		names = append(names, c.name(r))
	}
	for _, r := range only(theirs, c.open) {
		if r.Person == backlog.Nobody || slices.ContainsFunc(now, func(o backlog.DeclaredInfo) bool { return o.Person == r.Person }) {
			continue
		}
		level := warning
		if (claim{origin: r.Origin}).strength() > 1 {
			level = note // a lead need not be anything else
		}
		c.list.add(level, c.about, fmt.Sprintf("the configuration says %s, the tracker says %s (%s)", strings.Join(names, " and "), c.name(r), r.Origin), "the configuration's word counts; correct whichever is wrong")
	}
}
