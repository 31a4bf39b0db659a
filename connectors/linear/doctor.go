package linear

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"defacto/backlog"
	"defacto/connectors"
)

// Check and Verdict are what every connector's doctor speaks in.
type (
	Check   = connectors.Check
	Verdict = connectors.Verdict
)

// The verdicts.
const (
	Fine    = connectors.Fine
	Warning = connectors.Warning
	Problem = connectors.Problem
)

// Diagnosis is what doctor and init learn about a workspace.
type Diagnosis struct {
	Workspace string // its name
	URL       string // https://linear.app/acme
	User      string // who the token belongs to
	Checks    []Check
	Teams     []backlog.Scope // every team the token may see, by key
	Statuses  []backlog.Status
}

// Check looks at the token, the teams of the options (all where there are none),
// and what stays invisible. What it finds wrong is in the Checks; the error is
// for what kept it from looking: refused credentials (an *AuthError), a broken
// connection, an interruption.
func (s *Source) Check(ctx context.Context) (Diagnosis, error) {
	var d Diagnosis
	var q viewerQuery
	if err := s.query(ctx, &q, nil); err != nil {
		return d, incomplete(s.opt.Name, "the workspace", err)
	}
	add := func(name string, v Verdict, detail, next string) {
		d.Checks = append(d.Checks, Check{Name: name, Verdict: v, Detail: detail, Next: next})
	}
	d.Workspace, d.URL = q.Organization.Name, "https://linear.app/"+url.PathEscape(q.Organization.URLKey)
	d.User = cmp.Or(q.Viewer.Name, q.Viewer.DisplayName)
	add("credentials", Fine, fmt.Sprintf("%s takes them for %s", plain(d.Workspace), plain(d.User)), "")
	if q.Viewer.Guest {
		add("guest", Warning, plain(d.User)+" is a guest and sees only the teams invited to", "use a member's key")
	}
	if s.wire.requests.limit > 0 {
		add("allowance", Fine, fmt.Sprintf("%.0f requests and %.0f points an hour, %.0f and %.0f left", s.wire.requests.limit, s.wire.costs.limit, s.wire.requests.left, s.wire.costs.left), "")
	}
	dir, err := s.directory(ctx)
	if err != nil {
		return d, err
	}
	for _, t := range dir.teams {
		d.Teams = append(d.Teams, backlog.Scope{ID: t.ID, Key: t.Key, Name: t.Name, Zone: t.Timezone})
	}
	slices.SortFunc(d.Teams, func(a, b backlog.Scope) int { return strings.Compare(a.Key, b.Key) })
	if len(d.Teams) == 0 {
		add("teams", Problem, "the token sees no team at all", "give the key access to the teams to be read")
	}
	for _, key := range s.opt.Teams {
		if !slices.ContainsFunc(d.Teams, func(t backlog.Scope) bool { return t.Key == key }) {
			add("team "+key, Problem, "the token sees no such team", "check the key, and that the token's owner is a member where the team is private")
		}
	}
	for _, id := range slices.Sorted(maps.Keys(dir.states)) {
		st := dir.states[id]
		d.Statuses = append(d.Statuses, st)
		if st.Category == backlog.CategoryUnknown {
			add("state "+plain(st.Name), Warning, "it is of a type this program does not know", "update the program")
		}
	}
	add("manual order", Fine, "Linear does not record who reorders a backlog; what two pulls show of it is kept without a name", "")
	for _, check := range []func(context.Context, *directory, func(string, Verdict, string, string)) error{s.checkNeeds, s.checkInitiatives, s.checkPlanHistory} {
		if err := check(ctx, dir, add); err != nil {
			return d, err
		}
	}
	return d, nil
}

func (s *Source) checkInitiatives(ctx context.Context, _ *directory, add func(string, Verdict, string, string)) error {
	var q initiativesQuery
	err := s.query(ctx, &q, vars("initiatives")(1, ""))
	var api *apiError
	switch {
	case errors.As(err, &api):
		add("initiatives", Warning, "they cannot be read: "+api.Error()+"; the roadmap then is its projects", "")
	case err != nil:
		return err
	case len(q.Initiatives.Nodes) == 0:
		add("initiatives", Fine, "there is none, so the roadmap is its projects", "")
	default:
		add("initiatives", Fine, "they can be read", "")
	}
	return nil
}

// checkPlanHistory reads some projects' histories, whose form Linear does not
// document, and says whether they are understood. What a record is made of is
// shown by its parts' names, never by what they hold.
func (s *Source) checkPlanHistory(ctx context.Context, dir *directory, add func(string, Verdict, string, string)) error {
	var data map[string]connection[planHistory]
	err := s.raw(ctx, planKinds()[0].all(), map[string]any{"first": 20, "history": planEntries, "which": map[string]any{}}, &data)
	var api *apiError
	switch {
	case errors.As(err, &api):
		add("history of projects", Warning, "it cannot be read: "+api.Error()+"; what two pulls show to be different is kept without a name", "")
		return nil
	case err != nil:
		return err
	}
	records, riddles, parts := 0, 0, ""
	for _, p := range data[planKinds()[0].root].Nodes {
		for i := range p.History.Nodes {
			records++
			changes, understood := dir.planChanges(&p.History.Nodes[i])
			if !understood {
				riddles++
				parts = cmp.Or(parts, changes[len(changes)-1].To)
			}
		}
	}
	switch {
	case records == 0:
		add("history of projects", Fine, "there is none yet", "")
	case riddles == 0:
		add("history of projects", Fine, fmt.Sprintf("records looked at: %d, all understood", records), "")
	default:
		add("history of projects", Warning, fmt.Sprintf("%d of %d records are not understood, of a form like %q; what two pulls show to be different is kept without a name", riddles, records, plain(parts)), "tell the makers of this program that form: it holds names of fields only")
	}
	return nil
}

func (s *Source) checkNeeds(ctx context.Context, dir *directory, add func(string, Verdict, string, string)) error {
	if !dir.org.CustomersEnabled {
		add("customer needs", Warning, "the workspace keeps none, so who brings the market in is seen only through customer labels and linked tickets", "")
		return nil
	}
	var q needsQuery
	err := s.query(ctx, &q, vars("needs", "needed", needVariable(needFilter{}))(1, ""))
	var api *apiError
	switch {
	case err == nil:
		add("customer needs", Fine, "they can be read", "")
	case errors.As(err, &api):
		add("customer needs", Warning, "they cannot be read: "+api.Error(), "give the key's owner access to customers")
	default:
		return err
	}
	return nil
}

// Declared reads who Linear says holds a product role in the teams of the
// options, and the accounts' names by id, for roles import: team owners as
// product owners; project leads and initiative owners as product managers; and,
// which sync does not take for a declaration, who is responsible for triage as
// product owner. What could not be read is among the gaps.
func (s *Source) Declared(ctx context.Context) (roles []backlog.Declaration, names map[string]string, gaps []backlog.Gap, err error) {
	names = map[string]string{}
	r := &run{Source: s, bare: true, cur: &cursor{}, yield: func(b backlog.Batch) error {
		roles, gaps = append(roles, b.Declared...), append(gaps, b.Gaps...)
		return nil
	}}
	if r.dir, err = s.directory(ctx); err != nil {
		return nil, nil, nil, err
	}
	for id, u := range r.dir.users {
		names[id] = cmp.Or(u.Name, u.DisplayName)
	}
	r.started = s.opt.Now().UTC()
	if err := r.teamsFound(); err != nil {
		return nil, names, nil, err
	}
	roles = append(roles, r.dir.teamOwners()...)
	err = triageStream().each(ctx, s, func(list []triage) error {
		for _, t := range list {
			roles = append(roles, r.dir.triage(&t)...)
		}
		return nil
	})
	if err := r.unless(err, "roles"); err != nil {
		return roles, names, gaps, err
	}
	err = r.plans(ctx, &pass{Started: r.started, Since: r.started}) // no remarks older than now
	return roles, names, gaps, err
}

// triage says who looks at a team's new issues: by a fixed list, else who is on duty.
func (d *directory) triage(t *triage) []backlog.Declaration {
	key := d.teams[t.Team.ID].Key
	if key == "" || !d.reads(key) {
		return nil
	}
	var who []string
	if t.ManualSelection != nil {
		who = t.ManualSelection.UserIDs
	}
	if len(who) == 0 && t.CurrentUser != nil {
		who = []string{t.CurrentUser.ID}
	}
	var list []backlog.Declaration
	for _, id := range who {
		list = append(list, backlog.Declaration{Account: id, Role: backlog.ProductOwner, Scope: key, Origin: "triage-responsibility"})
	}
	return list
}
