package linear

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"defacto/backlog"
)

// directory is who and what a workspace has, by id: what issues and their
// histories refer to.
type directory struct {
	org        organization
	users      map[string]user
	teams      map[string]team // by id
	states     map[string]backlog.Status
	cycles     map[string]backlog.Sprint
	labels     map[string]string
	projects   map[string]project
	milestones map[string]milestone

	members []membership
	wanted  map[string]bool
	// met are accounts and types that only issues told of, not yet handed over.
	met      map[string]backlog.Account
	newTypes map[string]backlog.Type
	oldTypes map[string]bool
}

func newDirectory() *directory {
	return &directory{
		users: map[string]user{}, teams: map[string]team{}, states: map[string]backlog.Status{}, cycles: map[string]backlog.Sprint{},
		labels: map[string]string{}, projects: map[string]project{}, milestones: map[string]milestone{},
		met: map[string]backlog.Account{}, newTypes: map[string]backlog.Type{}, oldTypes: map[string]bool{},
	}
}

// reads reports whether a team is among those asked for.
func (d *directory) reads(key string) bool { return len(d.wanted) == 0 || d.wanted[key] }

// batch hands over everything the issues will refer to.
func (d *directory) batch(now time.Time) backlog.Batch {
	var b backlog.Batch
	for _, id := range slices.Sorted(maps.Keys(d.teams)) {
		if t := d.teams[id]; d.reads(t.Key) {
			b.Scopes = append(b.Scopes, backlog.Scope{ID: t.ID, Key: t.Key, Name: t.Name, Zone: t.Timezone})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(d.users)) {
		b.Accounts = append(b.Accounts, account(d.users[id]))
	}
	for _, id := range slices.Sorted(maps.Keys(d.states)) {
		if s := d.states[id]; s.Scope == "" || d.reads(s.Scope) {
			b.Statuses = append(b.Statuses, s)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(d.cycles)) {
		s := d.cycles[id]
		switch {
		case !s.Completed.IsZero() || s.End.Before(now):
			s.State = "closed"
		case s.Start.After(now):
			s.State = "future"
		default:
			s.State = "active"
		}
		b.Sprints = append(b.Sprints, s)
	}
	b.Declared = d.teamOwners()
	return b
}

func (d *directory) teamOwners() []backlog.Declaration {
	var list []backlog.Declaration
	for _, m := range d.members {
		if t := d.teams[m.Team.ID]; m.Owner && t.Key != "" && d.reads(t.Key) && m.User.ID != "" {
			list = append(list, backlog.Declaration{Account: m.User.ID, Role: backlog.ProductOwner, Scope: t.Key, Origin: "team-owner", From: m.CreatedAt})
		}
	}
	return list
}

func account(u user) backlog.Account {
	a := backlog.Account{ID: u.ID, Handle: u.DisplayName, Name: cmp.Or(u.Name, u.DisplayName), Email: u.Email, Active: u.Active, Zone: u.Timezone}
	if u.App {
		a.Kind = backlog.AppAccount
	}
	return a
}

// drain puts what was met since the last batch into b.
func (d *directory) drain(b *backlog.Batch) {
	for _, id := range slices.Sorted(maps.Keys(d.met)) {
		b.Accounts = append(b.Accounts, d.met[id])
	}
	clear(d.met)
	for _, id := range slices.Sorted(maps.Keys(d.newTypes)) {
		b.Types = append(b.Types, d.newTypes[id])
		d.oldTypes[id] = true
	}
	clear(d.newTypes)
}

func (d *directory) category(stateID string) backlog.Category { return d.states[stateID].Category }

// bot returns the account of a bot, which Linear keeps apart from its users.
func (d *directory) bot(b *bot) string {
	if _, known := d.users[b.ID]; known && b.ID != "" {
		return b.ID
	}
	id := "bot:" + cmp.Or(b.ID, strings.Trim(b.Type+"/"+b.SubType, "/"), "unknown")
	d.met[id] = backlog.Account{ID: id, Name: cmp.Or(b.Name, b.Type, "bot"), Kind: backlog.AppAccount, Active: true}
	return id
}

// outsider returns the account of somebody who is no user of the workspace.
func (d *directory) outsider(e *external) string {
	id := "external:" + e.ID
	d.met[id] = backlog.Account{ID: id, Name: e.Name, Email: e.Email, Kind: backlog.CustomerAccount, Active: true}
	return id
}

// typeOf is an issue's type. Linear has none: a sub-issue is one, and a label
// that names a kind of work says the rest.
func (d *directory) typeOf(is *issue) backlog.Type {
	t := backlog.Type{ID: "issue", Name: "Issue", Level: backlog.Story}
	if is.Parent != nil {
		t = backlog.Type{ID: "sub-issue", Name: "Sub-issue", Level: backlog.SubTask}
	} else if name := d.kindLabel(is.LabelIDs); name != "" {
		t = backlog.Type{ID: "label:" + strings.ToLower(name), Name: name, Level: backlog.Story}
	}
	if !d.oldTypes[t.ID] {
		d.newTypes[t.ID] = t
	}
	return t
}

// kindLabel finds the label that says what kind of work an issue is, the most
// telling first.
func (d *directory) kindLabel(ids []string) string {
	for _, kind := range []string{"bug", "defect", "story", "user story", "feature", "improvement", "enhancement", "task", "chore", "spike", "tech debt", "maintenance", "documentation"} {
		for _, id := range ids {
			if name := d.labels[id]; strings.ToLower(strings.TrimSpace(name)) == kind {
				return name
			}
		}
	}
	return ""
}

func (d *directory) labelNames(ids []string) []string {
	names := make([]string, 0, len(ids))
	for _, id := range ids {
		names = append(names, cmp.Or(d.labels[id], id))
	}
	return names
}

// projectCategory maps a project's status type to the categories of workflow states.
func projectCategory(kind string) backlog.Category {
	switch kind {
	case "planned":
		return backlog.Unstarted
	case "paused": // begun, not over
		return backlog.Started
	}
	return backlog.ParseCategory(kind)
}

// initiativeCategory does the same for an initiative's status.
func initiativeCategory(status string) backlog.Category {
	switch status {
	case "Proposed":
		return backlog.Backlog
	case "Planned":
		return backlog.Unstarted
	case "Active":
		return backlog.Started
	}
	return backlog.ParseCategory(strings.ToLower(status))
}

// priorityName is Linear's word for a priority; 0 is none.
func priorityName(p float64) string {
	switch p {
	case 0:
		return ""
	case 1:
		return "Urgent"
	case 2:
		return "High"
	case 3:
		return "Medium"
	case 4:
		return "Low"
	}
	return number(p)
}

// priorityValue is the machine value of a priority, "" where it was cleared.
func priorityValue(p float64) string {
	if p == 0 {
		return ""
	}
	return number(p)
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// day reads a date without a time, zero where there is none.
func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}
	}
	return t
}

func idOf(r *ref) string {
	if r == nil {
		return ""
	}
	return r.ID
}
