package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"defacto/backlog"
	"defacto/config"
)

func rolesImport(p *program) *cobra.Command {
	var stored bool
	cmd := &cobra.Command{
		Use:   "import [SOURCE…]",
		Short: "Propose declared roles from the tracker's leads, roles and owners",
		Long: `Import asks the configured sources (or those named) who is said to hold a product role, and
writes a roles section for defacto.yaml on stdout: from Jira's project leads, project roles and user
pickers named like a product role; from Linear's team owners, project leads,
initiative owners and triage responsibilities. Whom a weaker word names beside a stronger one stands there
as a comment. Nothing is changed: keep what is true.

With --from-store it asks nobody and takes what the last sync or import brought.`,
		Example: `  defacto roles import
  defacto roles import acme --from-store`,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := p.configure(cmd, !stored)
			if err != nil {
				return err
			}
			return p.importRoles(cmd.Context(), c, args, stored)
		},
	}
	cmd.Flags().BoolVar(&stored, "from-store", false, "take what the store knows instead of asking the trackers")
	return cmd
}

// claim is somebody's word on who holds a role, as a tracker gives it.
type claim struct {
	source, account, name, group string
	role                         backlog.Role
	key                          string // of the scope
	origin                       string
	from, until                  time.Time
	doubted                      bool // somebody would not say so
	beside                       bool // somebody holds the role there by the configuration
}

// declarer is a source that can say who holds which role.
type declarer interface {
	Declared(ctx context.Context) (roles []backlog.Declaration, names map[string]string, gaps []backlog.Gap, err error)
}

func (p *program) importRoles(ctx context.Context, c *config.Config, names []string, stored bool) error {
	var claims []claim
	var short []string
	live := func(s config.Source) bool { return s.Kind != "files" }
	if !stored && slices.ContainsFunc(c.Sources, live) {
		wanted, err := chosen(c, names)
		if err != nil {
			return err
		}
		for _, s := range slices.DeleteFunc(slices.Clone(wanted), func(s config.Source) bool { return !live(s) }) {
			src, err := p.source(s)
			if err != nil {
				return err
			}
			d, ok := src.(declarer)
			if !ok {
				continue
			}
			found, gaps, err := claimsOf(ctx, s.Name, d)
			if err != nil {
				return err
			}
			for _, g := range gaps {
				p.tell("not obtained: %s: %s", g.Where, g.Why)
				short = append(short, g.Where)
			}
			claims = append(claims, found...)
		}
	} else {
		st, err := p.existingStore(ctx, c)
		if err != nil {
			return err
		}
		defer st.Close()
		f, err := p.read(ctx, st, c)
		if err != nil {
			return err
		}
		claims = storedClaims(f.site, names)
	}
	fresh := slices.DeleteFunc(slices.Clone(claims), func(cl claim) bool { return cl.configured(c) })
	if known := len(claims) - len(fresh); known > 0 {
		p.tell("%s in the configuration already", count(known, "declaration"))
	}
	for i := range fresh {
		fresh[i].beside = fresh[i].held(c)
	}
	text := rolesYAML(fresh, true)
	if text == "" {
		p.tell("there is nothing to propose: no lead, role or owner that the configuration does not have")
	}
	if _, err := fmt.Fprint(p.out, text); err != nil {
		return fmt.Errorf("write the proposal: %w", err)
	}
	if len(short) > 0 {
		return shortError{"some roles could not be read: " + few(short)}
	}
	return nil
}

// claimsOf asks a source.
func claimsOf(ctx context.Context, name string, d declarer) (claims []claim, roles []backlog.Gap, err error) {
	found, names, gaps, err := d.Declared(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range found {
		claims = append(claims, claim{name, r.Account, names[r.Account], r.Group, r.Role, r.Scope, r.Origin, r.From, r.Until, false, false})
	}
	for _, g := range gaps {
		if g.What == "roles" {
			roles = append(roles, g)
		}
	}
	return claims, roles, nil
}

// storedClaims is what the store knows of the sources named, or of all.
func storedClaims(site *backlog.Site, names []string) []claim {
	var claims []claim
	for _, d := range site.Declared {
		source, key, _ := strings.Cut(d.Scope, "/")
		if len(names) > 0 && !slices.Contains(names, source) {
			continue
		}
		cl := claim{source: source, group: d.Group, role: d.Role, key: key, origin: d.Origin}
		if d.From != 0 {
			cl.from = time.UnixMilli(d.From).UTC()
		}
		if d.Until != 0 {
			cl.until = time.UnixMilli(d.Until).UTC()
		}
		if d.Person != backlog.Nobody {
			person := site.People[d.Person]
			cl.name = person.Name
			at := slices.IndexFunc(person.Accounts, func(key string) bool { return strings.HasPrefix(key, source+":") })
			_, cl.account, _ = strings.Cut(person.Accounts[max(at, 0)], ":")
		}
		claims = append(claims, cl)
	}
	return claims
}

// configured reports whether the configuration says the same.
func (cl claim) configured(c *config.Config) bool {
	return slices.ContainsFunc(c.Roles, func(r config.Role) bool {
		return cl.same(r) && (r.Person == cl.source+":"+cl.account || cl.name != "" && strings.EqualFold(r.Person, cl.name))
	})
}

// held reports whether the configuration gives the role there to anybody.
func (cl claim) held(c *config.Config) bool { return slices.ContainsFunc(c.Roles, cl.same) }

// same reports whether a declaration is about the same role and scope.
func (cl claim) same(r config.Role) bool {
	return r.Role == cl.role && slices.ContainsFunc(r.Scopes, func(s string) bool {
		return s == "*" || s == "all" || s == cl.source+"/*" || strings.EqualFold(s, cl.source+"/"+cl.key)
	})
}

// strength orders who may say that somebody holds a role: a role or a field that is
// named so, an owner, a lead, whom the tracker had to have.
func (cl claim) strength() int {
	switch {
	case strings.HasPrefix(cl.origin, "project-role"), strings.HasPrefix(cl.origin, "field"):
		return 0
	case cl.origin == "team-owner":
		return 1
	default:
		return 2
	}
}

// comment says why a claim cannot be written as a role, "" where it can.
func (cl claim) comment() string {
	switch {
	case cl.doubted:
		return "not confirmed"
	case cl.account == "" && cl.group == "":
		return "nobody is named"
	case cl.account == "":
		return fmt.Sprintf("a group, %s: name its members", cl.group)
	case strings.Contains(cl.key, "/"):
		return "a part of a scope: roles are declared for whole ones"
	default:
		return ""
	}
}

// rolesYAML writes claims as a section of defacto.yaml, "" where there are none. A
// claim beside a stronger one for the same role and scope becomes a comment, and
// where leads do not count, so does every lead.
func rolesYAML(claims []claim, leads bool) string {
	if len(claims) == 0 {
		return ""
	}
	strongest := map[[3]string]int{}
	for _, cl := range claims {
		k := [3]string{cl.source, cl.key, cl.role.String()}
		if best, ok := strongest[k]; cl.comment() == "" && (!ok || cl.strength() < best) {
			strongest[k] = cl.strength()
		}
	}
	var b strings.Builder
	b.WriteString("roles: # who is said to be what, by the tracker; keep what is true\n")
	for _, g := range grouped(claims) {
		cl := g[0]
		why := cl.comment()
		if best := strongest[[3]string{cl.source, cl.key, cl.role.String()}]; why == "" && cl.strength() > best {
			why = "beside a stronger word"
		}
		if why == "" && cl.beside && cl.strength() > 1 {
			why = "beside whom the configuration names"
		}
		if why == "" && !leads && cl.strength() > 1 {
			why = "only a lead: true?"
		}
		mark, note := "  ", cl.origin
		if why != "" {
			mark, note = "  # ", note+"; "+why
		}
		fmt.Fprintf(&b, "%s- {%s} # %s\n", mark, roleFields(g), inComment(strings.TrimPrefix(cl.name+", "+note, ", ")))
	}
	return b.String()
}

// grouped puts claims together that differ in their scope only.
func grouped(claims []claim) [][]claim {
	claims = slices.Clone(claims)
	slices.SortStableFunc(claims, func(a, b claim) int {
		return cmp.Or(cmp.Compare(a.source, b.source), cmp.Compare(a.role, b.role), cmp.Compare(a.strength(), b.strength()), cmp.Compare(a.key, b.key), cmp.Compare(a.account, b.account), cmp.Compare(a.origin, b.origin))
	})
	claims = slices.Compact(claims)
	var list [][]claim
	for _, cl := range claims {
		same := func(g []claim) bool {
			f := g[0]
			f.key = cl.key
			return f == cl && cl.comment() == "" && g[0].comment() == "" && cl.strength() < 2
		}
		if at := slices.IndexFunc(list, same); at >= 0 {
			list[at] = append(list[at], cl)
			continue
		}
		list = append(list, []claim{cl})
	}
	return list
}

func roleFields(g []claim) string {
	cl := g[0]
	var scopes []string
	for _, one := range g {
		scopes = append(scopes, strconv.Quote(one.source+"/"+one.key))
	}
	who := strconv.Quote(cl.source + ":" + cl.account)
	if cl.account == "" {
		who = "?"
	}
	text := fmt.Sprintf("person: %s, role: %s, scopes: [%s]", who, cl.role, strings.Join(scopes, ", "))
	if !cl.from.IsZero() {
		text += ", from: " + cl.from.Format(time.DateOnly)
	}
	if !cl.until.IsZero() {
		text += ", until: " + cl.until.AddDate(0, 0, -1).Format(time.DateOnly)
	}
	return text
}

// inComment keeps hostile text within the comment it stands in.
func inComment(s string) string {
	s = printable(strings.Join(strings.Fields(s), " "))
	if r := []rune(s); len(r) > 120 {
		s = string(r[:120]) + "…"
	}
	return s
}
