package jira

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
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

// CustomField is a custom field that means something to the analysis.
type CustomField struct {
	ID, Name string
	Use      string // "sprint", "rank", "estimate", "product-owner", …
}

// Diagnosis is what doctor and init learn about a Jira.
type Diagnosis struct {
	Product  string // "Cloud" or "Data Center"
	Version  string
	User     string // who the token belongs to
	Zone     string // of the user's profile, in which queries are read
	Checks   []Check
	Projects []backlog.Scope // every project the token may see, by key
	Statuses []backlog.Status
	Fields   []CustomField
}

// Check looks at the credentials, the permissions in each project of the options
// (every project where there are none), and what is invisible. What it finds wrong
// is in the Checks; the error is for what kept it from looking: refused
// credentials (an *AuthError), a broken connection, an interruption.
func (s *Source) Check(ctx context.Context) (Diagnosis, error) {
	var d Diagnosis
	if err := s.connect(ctx); err != nil {
		return d, err
	}
	d.Product, d.Version, d.User, d.Zone = "Data Center", s.server.Version, s.me.Display, s.me.TimeZone
	if s.cloud() {
		d.Product = "Cloud"
	}
	d.add("credentials", Fine, fmt.Sprintf("%s %s takes them for %s", d.Product, oneLine(d.Version), oneLine(d.User)), "")
	s.checkClock(&d)
	r := &run{Source: s}
	if err := r.vocabulary(ctx); err != nil {
		return d, err
	}
	d.Statuses, d.Fields = r.statuses(), r.customFields()
	d.add("custom fields", Fine, describeFields(d.Fields), "")
	projects, err := s.listProjects(ctx)
	if err != nil {
		return d, err
	}
	for _, p := range projects {
		d.Projects = append(d.Projects, p.scope())
	}
	slices.SortFunc(d.Projects, func(a, b backlog.Scope) int { return strings.Compare(a.Key, b.Key) })
	if len(d.Projects) == 0 {
		d.add("projects", Problem, "the token sees no project at all", "give its owner the permission Browse Projects in the projects to be read")
	}
	keys := s.opt.Projects
	if len(keys) == 0 {
		for _, p := range d.Projects {
			keys = append(keys, p.Key)
		}
	}
	for _, key := range keys {
		if err := r.checkProject(ctx, &d, key); err != nil {
			return d, err
		}
	}
	return d, r.checkBoards(ctx, &d)
}

func (d *Diagnosis) add(name string, v Verdict, detail, next string) {
	d.Checks = append(d.Checks, Check{Name: name, Verdict: v, Detail: detail, Next: next})
}

func (p project) scope() backlog.Scope {
	sc := backlog.Scope{ID: p.ID, Key: p.Key, Name: p.Name}
	if p.Lead != nil {
		sc.Lead = p.Lead.id()
	}
	return sc
}

func (s *Source) checkClock(d *Diagnosis) {
	switch skew := s.skew.Abs(); {
	case skew.Minutes() >= 10:
		d.add("clock", Warning, fmt.Sprintf("this machine's clock and the server's are %s apart", skew.Round(1e9)), "set this machine's clock; syncs go by the server's and are not affected")
	default:
		d.add("clock", Fine, "agrees with the server's", "")
	}
	if s.zone == nil {
		d.add("time zone", Warning, fmt.Sprintf("the profile's zone %q is not known here; each sync reads a day more than it must", oneLine(s.me.TimeZone)), "set a time zone in the profile of the token's owner")
	}
}

// checkProject looks at one project: is it there, may it be browsed, are its
// roles visible.
func (r *run) checkProject(ctx context.Context, d *Diagnosis, key string) error {
	name := "project " + oneLine(key)
	p, err := r.readProject(ctx, key)
	switch {
	case hidden(err):
		d.add(name, Problem, "there is no such project, or the token's owner may not see it", "check the key, and that the token's owner has Browse Projects there")
		return nil
	case err != nil:
		return err
	}
	have, err := r.permissions(ctx, p.Key)
	switch {
	case err != nil && !hidden(err):
		return err
	case err == nil && !have["BROWSE_PROJECTS"]:
		d.add(name, Problem, "issues may not be browsed", "give the token's owner the permission Browse Projects")
		return nil
	}
	d.add(name, Fine, oneLine(p.Name)+" can be read", "")
	if named := r.roleNames(p); len(named) > 0 && !have["ADMINISTER_PROJECTS"] {
		d.add("roles of "+p.Key, Warning, "the members of "+strings.Join(named, ", ")+" may be invisible", "declare the roles in defacto.yaml, or give the token's owner Administer Projects (it is only read)")
	}
	if r.restricted(ctx, p) {
		d.add("security of "+p.Key, Warning, "the project has issue security: issues above the token's level are invisible, and count as gone when they become so", "")
	}
	return nil
}

// permissions reads which of the permissions that matter the caller has.
func (r *run) permissions(ctx context.Context, key string) (map[string]bool, error) {
	path := "rest/api/2/mypermissions?projectKey=" + url.QueryEscape(key)
	if r.cloud() {
		path += "&permissions=BROWSE_PROJECTS,ADMINISTER_PROJECTS"
	}
	var answer struct {
		Permissions map[string]struct {
			Have bool `json:"havePermission"`
		} `json:"permissions"`
	}
	if err := r.get(ctx, path, &answer); err != nil {
		return nil, r.credentials(err)
	}
	have := map[string]bool{}
	for name, p := range answer.Permissions {
		have[name] = p.Have
	}
	return have, nil
}

// roleNames are the project roles named like a product role.
func (r *run) roleNames(p project) []string {
	var named []string
	for name := range p.Roles {
		if _, ok := roleOf(name); ok {
			named = append(named, oneLine(name))
		}
	}
	slices.Sort(named)
	return named
}

// checkBoards looks whether sprints can be read.
func (r *run) checkBoards(ctx context.Context, d *Diagnosis) error {
	var page struct {
		Values []json.RawMessage `json:"values"`
	}
	err := r.get(ctx, "rest/agile/1.0/board?maxResults=1", &page)
	switch code := httpStatus(err); {
	case err == nil:
		d.add("boards", Fine, "can be read", "")
	case code == 401 || code == 403 || code == 404:
		d.add("boards", Warning, "cannot be read; sprints are known only from the issues in them ("+said(err)+")", "a scoped token needs read:board-scope:jira-software and read:sprint:jira-software; else the owner needs Jira Software access")
	default:
		return err
	}
	d.add("comments", Fine, "comments restricted to groups or roles the token's owner is not in are invisible, and Jira does not say how many", "")
	return nil
}

// customFields lists the custom fields that mean something, by id.
func (r *run) customFields() []CustomField {
	var list []CustomField
	for _, f := range r.custom {
		use := r.dec.catalogue.roles[f.ID].use()
		if role, ok := f.picker(); ok && use == "" {
			use = role.String()
		}
		if f.Custom && use != "" {
			list = append(list, CustomField{f.ID, oneLine(f.Name), use})
		}
	}
	slices.SortFunc(list, func(a, b CustomField) int { return strings.Compare(a.ID, b.ID) })
	return list
}

// use says what a field of this role is for, "" for none.
func (r role) use() string {
	switch r {
	case roleNone:
		return ""
	case roleEpicLink:
		return "epic link"
	case roleEpicName:
		return "epic name"
	case roleParentLink:
		return "parent link"
	case roleImportID:
		return "import mark"
	}
	return r.field().String()
}

// statuses are the site's, by name.
func (r *run) statuses() []backlog.Status {
	list := make([]backlog.Status, 0, len(r.dec.catalogue.statuses))
	for _, st := range r.dec.catalogue.statuses {
		list = append(list, st)
	}
	slices.SortFunc(list, func(a, b backlog.Status) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
	})
	return list
}

func describeFields(fields []CustomField) string {
	if len(fields) == 0 {
		return "none that mean something here"
	}
	words := make([]string, len(fields))
	for i, f := range fields {
		words[i] = fmt.Sprintf("%s is %s (%s)", f.Name, f.Use, f.ID)
	}
	return strings.Join(words, ", ")
}
