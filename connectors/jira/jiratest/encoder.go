// Package jiratest serves made-up issues as a Jira would, Cloud or Data Center,
// as badly behaved as the real ones: capped histories, short pages, rate limits,
// cut bodies, login pages, deletions while somebody pages. Its [Encoder] writes
// the same issues as Jira REST JSON, for files as well as for the server.
package jiratest

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"defacto/backlog"
)

// Flavour is a Jira product.
type Flavour int

// The two products.
const (
	Cloud Flavour = iota
	Server
)

// The custom fields every encoded Jira has.
const (
	FieldEpicLink   = "customfield_10014"
	FieldPoints     = "customfield_10016"
	FieldParentLink = "customfield_10018"
	FieldRank       = "customfield_10019"
	FieldSprint     = "customfield_10020"
	FieldFlagged    = "customfield_10021"
	FieldCriteria   = "customfield_10031"
	FieldOwner      = "customfield_10032" // a user picker named "Product Owner"
)

const timeLayout = "2006-01-02T15:04:05.000-0700"

// Encoder turns facts into the JSON a Jira of its flavour would send for them.
// It may be used concurrently.
type Encoder struct {
	Flavour  Flavour
	Site     string   // base URL, for self links
	Desks    []string // keys of the projects that are service desks; set before use
	scopes   map[string]backlog.Scope
	accounts map[string]backlog.Account
	statuses map[string]backlog.Status
	types    map[string]backlog.Type
	sprints  map[string]backlog.Sprint
	versions map[string]backlog.Version
	keys     map[string]string // issue id → key
	ids      map[string]string // issue key → id
	world    backlog.Batch
}

// NewEncoder returns an encoder that knows the batch's accounts, statuses, types,
// sprints, versions, projects, and the keys of its issues.
func NewEncoder(flavour Flavour, world backlog.Batch) *Encoder {
	e := &Encoder{
		Flavour: flavour, Site: world.Site, world: world,
		scopes:   index(world.Scopes, func(s backlog.Scope) string { return s.Key }),
		accounts: index(world.Accounts, func(a backlog.Account) string { return a.ID }),
		statuses: index(world.Statuses, func(s backlog.Status) string { return s.ID }),
		types:    index(world.Types, func(t backlog.Type) string { return t.ID }),
		sprints:  index(world.Sprints, func(s backlog.Sprint) string { return s.ID }),
		versions: index(world.Versions, func(v backlog.Version) string { return v.ID }),
		keys:     make(map[string]string, len(world.Issues)), ids: make(map[string]string, len(world.Issues)),
	}
	for i := range world.Issues {
		e.know(&world.Issues[i])
	}
	return e
}

func (e *Encoder) know(iss *backlog.Issue) {
	e.keys[iss.ID] = iss.Key
	e.ids[iss.Key] = iss.ID
}

func index[T any](list []T, key func(T) string) map[string]T {
	m := make(map[string]T, len(list))
	for _, v := range list {
		m[key(v)] = v
	}
	return m
}

// document is an issue taken apart, so that the server can leave out and cap.
type document struct {
	issue     backlog.Issue
	fields    map[string]json.RawMessage
	histories []json.RawMessage // oldest first
	comments  []json.RawMessage // oldest first
}

// Issue returns the whole issue as one JSON object: every field, its whole
// changelog (newest first on Cloud, oldest first on Data Center) and all comments.
func (e *Encoder) Issue(iss backlog.Issue) []byte {
	d := e.document(iss)
	return d.encode(nil, len(d.comments), len(d.histories), e.Flavour)
}

// Fields returns the payload of /rest/api/2/field.
func (e *Encoder) Fields() []byte {
	type m = map[string]any
	system := func(id, name, kind string) m {
		return m{"id": id, "key": id, "name": name, "custom": false, "schema": m{"type": kind, "system": id}}
	}
	custom := func(id, name, kind, uri string) m {
		n, _ := strconv.Atoi(strings.TrimPrefix(id, "customfield_"))
		return m{"id": id, "key": id, "name": name, "custom": true, "schema": m{"type": kind, "custom": uri, "customId": n}}
	}
	const hopper = "com.pyxis.greenhopper.jira:"
	return must([]m{
		system("summary", "Summary", "string"), system("description", "Description", "string"),
		system("status", "Status", "status"), system("resolution", "Resolution", "resolution"),
		system("priority", "Priority", "priority"), system("issuetype", "Issue Type", "issuetype"),
		system("assignee", "Assignee", "user"), system("reporter", "Reporter", "user"), system("creator", "Creator", "user"),
		system("labels", "Labels", "array"), system("components", "Components", "array"), system("fixVersions", "Fix versions", "array"),
		system("issuelinks", "Linked Issues", "array"), system("comment", "Comment", "comments-page"), system("duedate", "Due date", "date"),
		system("created", "Created", "datetime"), system("updated", "Updated", "datetime"), system("resolutiondate", "Resolved", "datetime"),
		custom(FieldEpicLink, "Epic Link", "any", hopper+"gh-epic-link"),
		custom(FieldPoints, "Story Points", "number", "com.atlassian.jira.plugin.system.customfieldtypes:float"),
		custom(FieldParentLink, "Parent Link", "any", "com.atlassian.jpo:jpo-custom-field-parent"),
		custom(FieldRank, "Rank", "any", hopper+"gh-lexo-rank"),
		custom(FieldSprint, "Sprint", "array", hopper+"gh-sprint"),
		custom(FieldFlagged, "Flagged", "array", "com.atlassian.jira.plugin.system.customfieldtypes:multicheckboxes"),
		custom(FieldCriteria, "Acceptance Criteria", "string", "com.atlassian.jira.plugin.system.customfieldtypes:textarea"),
		custom(FieldOwner, "Product Owner", "user", "com.atlassian.jira.plugin.system.customfieldtypes:userpicker"),
	})
}

// Users returns an array of every account.
func (e *Encoder) Users() []byte {
	return must(each(e.world.Accounts, func(a backlog.Account) any { return e.user(a.ID) }))
}

// Projects returns an array of every project with its lead, versions and components.
func (e *Encoder) Projects() []byte {
	return must(each(e.world.Scopes, func(s backlog.Scope) any { return e.project(s) }))
}

// Statuses returns the payload of /rest/api/2/status.
func (e *Encoder) Statuses() []byte {
	return must(each(e.world.Statuses, func(s backlog.Status) any { return e.status(s.ID, s.Name, s.Category) }))
}

// Types returns the payload of /rest/api/2/issuetype.
func (e *Encoder) Types() []byte {
	return must(each(e.world.Types, func(t backlog.Type) any { return e.issueType(t.ID, t.Name, t.Level) }))
}

// Sprints returns every sprint as an array of agile sprint objects.
func (e *Encoder) Sprints() []byte {
	return must(each(e.world.Sprints, func(s backlog.Sprint) any { return e.sprint(s) }))
}

func each[T any](list []T, f func(T) any) []any {
	out := make([]any, 0, len(list))
	for _, v := range list {
		out = append(out, f(v))
	}
	return out
}

func (e *Encoder) projectType(key string) string {
	if slices.Contains(e.Desks, key) {
		return "service_desk"
	}
	return "software"
}

func (e *Encoder) project(s backlog.Scope) map[string]any {
	versions := []any{}
	for _, v := range e.world.Versions {
		if v.Scope == s.Key {
			versions = append(versions, version(v))
		}
	}
	return map[string]any{
		"id": s.ID, "key": s.Key, "name": s.Name, "lead": e.user(s.Lead), "projectTypeKey": e.projectType(s.Key),
		"versions": versions, "components": e.components(s.Key), "roles": map[string]string{},
	}
}

// components are the names the project's issues use; the lead is the project's.
func (e *Encoder) components(scope string) []any {
	names := map[string]bool{}
	for i := range e.world.Issues {
		if e.world.Issues[i].Scope == scope {
			for _, c := range e.world.Issues[i].Components {
				names[c] = true
			}
		}
	}
	sorted := make([]string, 0, len(names))
	for n := range names {
		sorted = append(sorted, n)
	}
	sort.Strings(sorted)
	return each(sorted, func(n string) any {
		return map[string]any{"id": "c-" + n, "name": n, "lead": e.user(e.scopes[scope].Lead)}
	})
}

func version(v backlog.Version) map[string]any {
	m := map[string]any{"id": v.ID, "name": v.Name, "released": v.Released, "archived": false}
	if !v.Release.IsZero() {
		m["releaseDate"] = v.Release.Format(time.DateOnly)
	}
	return m
}

// user is null for nobody and for deleted accounts.
func (e *Encoder) user(id string) any {
	if id == "" {
		return nil
	}
	a, ok := e.accounts[id]
	if !ok {
		a = backlog.Account{ID: id, Name: "Former user"}
	}
	m := map[string]any{"displayName": a.Name, "active": a.Active, "timeZone": a.Zone}
	if e.Flavour == Cloud {
		m["accountId"] = a.ID
		m["accountType"] = [...]string{"atlassian", "app", "customer"}[min(int(a.Kind), 2)]
	} else {
		m["key"], m["name"] = a.ID, a.Handle
		if a.Handle == "" {
			m["name"] = a.ID
		}
	}
	if a.Email != "" {
		m["emailAddress"] = a.Email
	}
	return m
}

func (e *Encoder) status(id, name string, c backlog.Category) map[string]any {
	n, key, label := 1, "undefined", "No Category"
	switch c {
	case backlog.Triage, backlog.Backlog, backlog.Unstarted:
		n, key, label = 2, "new", "To Do"
	case backlog.Started:
		n, key, label = 4, "indeterminate", "In Progress"
	case backlog.Completed, backlog.Canceled, backlog.Duplicate:
		n, key, label = 3, "done", "Done"
	}
	return map[string]any{"id": id, "name": name, "statusCategory": map[string]any{"id": n, "key": key, "name": label}}
}

func (e *Encoder) issueType(id, name string, level backlog.Level) map[string]any {
	m := map[string]any{"id": id, "name": name, "subtask": level == backlog.SubTask}
	if e.Flavour == Cloud {
		m["hierarchyLevel"] = level
	}
	return m
}

func (e *Encoder) sprint(s backlog.Sprint) map[string]any {
	n, _ := strconv.Atoi(s.ID)
	m := map[string]any{"id": n, "name": s.Name, "state": s.State, "boardId": 1, "originBoardId": 1}
	for key, t := range map[string]time.Time{"startDate": s.Start, "endDate": s.End, "completeDate": s.Completed} {
		if !t.IsZero() {
			m[key] = t.UTC().Format("2006-01-02T15:04:05.000Z")
		}
	}
	return m
}

// sprintText is how Data Center writes a sprint into an issue.
func sprintText(s backlog.Sprint) string {
	at := func(t time.Time) string {
		if t.IsZero() {
			return "<null>"
		}
		return t.UTC().Format("2006-01-02T15:04:05.000Z")
	}
	return fmt.Sprintf("com.atlassian.greenhopper.service.sprint.Sprint@1f2e[id=%s,rapidViewId=1,state=%s,name=%s,startDate=%s,endDate=%s,completeDate=%s,activatedDate=<null>,sequence=%s,goal=]",
		s.ID, strings.ToUpper(s.State), s.Name, at(s.Start), at(s.End), at(s.Completed), s.ID)
}

func must(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // only maps, slices and strings of this package get here
	}
	return b
}

// IssueIDs lists the ids of the batch's issues, in its order.
func (e *Encoder) IssueIDs() []string {
	ids := make([]string, len(e.world.Issues))
	for i := range e.world.Issues {
		ids[i] = e.world.Issues[i].ID
	}
	return ids
}
