package main

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"defacto/backlog"
	"defacto/config"
)

func rolesCommand(p *program) *cobra.Command {
	return family("roles", "See which roles are declared, propose and check them", "keep", rolesList(p), rolesImport(p), rolesCheck(p))
}

func rolesList(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List declared roles: the configuration's and the tracker's",
		Long: `List shows who is said to be product owner or product manager of which scope, from when
until when, and who says so: the configuration, or the tracker by a project's lead or
role. What the configuration declares of people or scopes that are not in the store
is told on stderr.`,
		Args: cobra.NoArgs,
		RunE: p.withFacts(func(_ context.Context, c *config.Config, f *facts, _ []string) error {
			roles, doubts := declared(c, f.site)
			for _, d := range doubts {
				p.tell("%s", d)
			}
			roles = append(roles, f.site.Declared...)
			slices.SortStableFunc(roles, func(a, b backlog.DeclaredInfo) int {
				return cmp.Or(cmp.Compare(a.Scope, b.Scope), cmp.Compare(a.Role, b.Role), cmp.Compare(a.From, b.From))
			})
			var rows [][]string
			for _, r := range roles {
				rows = append(rows, []string{r.Scope, r.Role.String(), holder(f.site, r), day(r.From, 0), day(r.Until, -1), r.Origin})
			}
			return p.list([]string{"scope", "role", "who", "from", "until", "says"}, rows)
		}),
	}
}

// holder names the person, or the group, a role is declared for.
func holder(site *backlog.Site, r backlog.DeclaredInfo) string {
	if r.Person == backlog.Nobody {
		return r.Group
	}
	return site.People[r.Person].Name
}

// day shows an instant as the day it falls on, moved by some days; 0 is open.
func day(ms int64, move int) string {
	if ms == 0 {
		return "-"
	}
	return time.UnixMilli(ms).UTC().AddDate(0, 0, move).Format(time.DateOnly)
}
