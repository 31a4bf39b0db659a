package jira

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"defacto/backlog"
)

// roles collects who the tracker says holds a product role in a project, besides
// its lead, whom the decoder knows: the members of project roles with such a name,
// and on the schedule of the open issues the leads of components and the people in
// user pickers with such a name. What the token may not see is a gap.
func (r *run) roles(ctx context.Context, p project) ([]backlog.Declaration, error) {
	found, err := r.projectRoles(ctx, p)
	if err != nil || r.started.Sub(r.cur.Boards) < r.opt.RereadEvery {
		return found, err
	}
	leads, err := r.componentLeads(ctx, p)
	if err != nil {
		return nil, err
	}
	picked, err := r.pickedOwners(ctx, p)
	if err != nil {
		return nil, err
	}
	return slices.Concat(found, leads, picked), nil
}

// roleOf recognises a product role in the name somebody gave to a project role or
// a field. "PM" alone is left out: more often than not it is a project manager.
func roleOf(name string) (backlog.Role, bool) {
	words := strings.FieldsFunc(strings.ToLower(name), func(c rune) bool { return strings.ContainsRune(" -_/()[]:.,", c) })
	plain := strings.Join(words, "")
	for _, part := range []string{"productowner", "produktowner", "produktverantwortlich", "propriétaireduproduit", "proprietariodelproducto", "プロダクトオーナー", "产品负责人"} {
		if strings.Contains(plain, part) {
			return backlog.ProductOwner, true
		}
	}
	for _, part := range []string{"productmanager", "produktmanager", "productmanagement", "produktmanagement", "chefdeproduit", "プロダクトマネージャ", "产品经理"} {
		if strings.Contains(plain, part) {
			return backlog.ProductManager, true
		}
	}
	return backlog.ProductOwner, slices.Contains(words, "po")
}

// projectRoles reads the members of the project roles named like a product role.
// A 401 here means that the token's owner does not administer the project, not
// that the token is bad.
func (r *run) projectRoles(ctx context.Context, p project) ([]backlog.Declaration, error) {
	var found []backlog.Declaration
	names := make([]string, 0, len(p.Roles))
	for name := range p.Roles {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		role, ok := roleOf(name)
		id := path.Base(p.Roles[name])
		if _, err := strconv.Atoi(id); !ok || err != nil {
			continue
		}
		var members struct {
			Actors []actor `json:"actors"`
		}
		err := r.get(ctx, "rest/api/2/project/"+url.PathEscape(p.Key)+"/role/"+id, &members)
		switch {
		case err != nil && (hidden(err) || httpStatus(err) == 401):
			r.gap("role "+oneLine(name)+" of "+p.Key, p.Key, "roles", -1, "role data unavailable: reading it needs the permission Administer Projects")
			continue
		case err != nil:
			return nil, fmt.Errorf("read the role %s of %s: %w", oneLine(name), p.Key, err)
		}
		for _, a := range members.Actors {
			d := backlog.Declaration{Role: role, Scope: p.Key, Origin: "project-role: " + oneLine(name)}
			if d.Account, d.Group = r.whoIs(ctx, a); d.Account != "" || d.Group != "" {
				found = append(found, d)
			}
		}
	}
	return found, nil
}

// actor is a member of a project role: a user or a group.
type actor struct {
	Type  string   `json:"type"`
	Name  string   `json:"name"`
	User  *profile `json:"actorUser"`
	Group *struct {
		Name string `json:"name"`
	} `json:"actorGroup"`
}

// whoIs finds the account or the group behind an actor. Data Center names users
// by their login, which is not their key: it is looked up, and kept where that fails.
func (r *run) whoIs(ctx context.Context, a actor) (account, group string) {
	switch {
	case a.User != nil && a.User.id() != "":
		return a.User.id(), ""
	case a.Group != nil && a.Group.Name != "":
		return "", a.Group.Name
	case strings.Contains(a.Type, "group"):
		return "", a.Name
	case a.Name == "" || r.cloud():
		return a.Name, ""
	}
	var raw json.RawMessage
	var u profile
	if r.get(ctx, "rest/api/2/user?username="+url.QueryEscape(a.Name), &raw) != nil || json.Unmarshal(raw, &u) != nil || u.id() == "" {
		return a.Name, ""
	}
	if err := r.dec.Users(raw); err != nil {
		return a.Name, ""
	}
	return u.id(), ""
}

// componentLeads reads who leads the project's components.
func (r *run) componentLeads(ctx context.Context, p project) ([]backlog.Declaration, error) {
	if len(p.Components) == 0 {
		return nil, nil
	}
	var list []struct {
		Name string   `json:"name"`
		Lead *profile `json:"lead"`
	}
	if err := r.get(ctx, "rest/api/2/project/"+url.PathEscape(p.Key)+"/components", &list); err != nil {
		if hidden(err) {
			return nil, nil
		}
		return nil, fmt.Errorf("read the components of %s: %w", p.Key, r.credentials(err))
	}
	var found []backlog.Declaration
	for _, c := range list {
		if c.Lead != nil && c.Lead.id() != "" {
			found = append(found, backlog.Declaration{Account: c.Lead.id(), Role: backlog.ProductOwner, Scope: p.Key + "/component:" + c.Name, Origin: "component-lead"})
		}
	}
	return found, nil
}

// field is a field as /field describes it.
type field struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Custom bool   `json:"custom"`
	Schema struct {
		Type     string `json:"type"`
		Items    string `json:"items"`
		Custom   string `json:"custom"`
		CustomID int    `json:"customId"`
	} `json:"schema"`
}

// picker reports whether the field holds people, and which role its name speaks of.
func (f field) picker() (backlog.Role, bool) {
	if !f.Custom || f.Schema.CustomID == 0 || (f.Schema.Type != "user" && f.Schema.Items != "user") {
		return 0, false
	}
	return roleOf(f.Name)
}

// pickedOwners reads the user pickers named like a product role in the hundred
// open issues updated last: whoever stands in most of them, and in at least a
// fifth, is said to hold the role.
func (r *run) pickedOwners(ctx context.Context, p project) ([]backlog.Declaration, error) {
	var found []backlog.Declaration
	for _, f := range r.custom {
		role, ok := f.picker()
		if !ok {
			continue
		}
		raws, err := r.newest(ctx, allOf(allOf(inProject(p.Key), filled(f.Schema.CustomID)), openIssues), f.ID)
		switch {
		case httpStatus(err) == 400: // the field is not searchable here
			continue
		case err != nil && ctx.Err() == nil && !stops(err):
			r.gap("field "+oneLine(f.Name)+" of "+p.Key, p.Key, "roles", -1, oneLine(err.Error()))
			continue
		case err != nil:
			return nil, fmt.Errorf("read the field %s of %s: %w", oneLine(f.Name), p.Key, r.credentials(err))
		}
		votes := map[string]int{}
		for _, raw := range raws {
			for _, id := range pickedIn(raw, f.ID) {
				votes[id]++
			}
		}
		ids := make([]string, 0, len(votes))
		for id, n := range votes {
			if 5*n >= len(raws) {
				ids = append(ids, id)
			}
		}
		slices.SortFunc(ids, func(a, b string) int { return cmp.Or(votes[b]-votes[a], strings.Compare(a, b)) })
		for _, id := range ids {
			found = append(found, backlog.Declaration{Account: id, Role: role, Scope: p.Key, Origin: "field: " + oneLine(f.Name)})
		}
	}
	return found, nil
}

// newest is one page of the issues updated last, with one field.
func (s *Source) newest(ctx context.Context, which clause, fieldID string) ([]json.RawMessage, error) {
	jql := string(which) + " ORDER BY updated DESC"
	if s.cloud() {
		var page tokenPage
		err := s.ask(ctx, "rest/api/2/search/jql", tokenRequest{JQL: jql, MaxResults: 100, Fields: []string{fieldID}}, &page)
		return page.Issues, err
	}
	var page offsetPage
	err := s.ask(ctx, "rest/api/2/search", offsetRequest{JQL: jql, MaxResults: 100, Fields: []string{fieldID}}, &page)
	return page.Issues, err
}

// pickedIn lists the accounts in a user picker of one issue, or of several users.
func pickedIn(raw json.RawMessage, fieldID string) []string {
	var iss struct {
		Fields map[string]json.RawMessage `json:"fields"`
	}
	if json.Unmarshal(raw, &iss) != nil {
		return nil
	}
	var many []profile
	var one profile
	if json.Unmarshal(iss.Fields[fieldID], &one) == nil {
		many = []profile{one}
	} else if json.Unmarshal(iss.Fields[fieldID], &many) != nil {
		return nil
	}
	var ids []string
	for _, u := range many {
		if id := u.id(); id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// Declared reads who the tracker says holds a product role in the projects of the
// options, and the accounts' names by id, for roles import. What could not be
// read is among the gaps.
func (s *Source) Declared(ctx context.Context) (roles []backlog.Declaration, names map[string]string, gaps []backlog.Gap, err error) {
	cur, err := readCursor("")
	if err != nil {
		return nil, nil, nil, err
	}
	names = map[string]string{}
	r := &run{Source: s, cur: cur, known: map[string]bool{}, yield: func(b backlog.Batch) error {
		roles, gaps = append(roles, b.Declared...), append(gaps, b.Gaps...)
		for _, a := range b.Accounts {
			names[a.ID] = a.Name
		}
		return nil
	}}
	if err := r.connect(ctx); err != nil {
		return nil, nil, nil, err
	}
	if err := r.prepare(ctx); err != nil {
		return roles, names, gaps, err
	}
	if err := r.strangers(ctx); err != nil {
		return roles, names, gaps, err
	}
	return roles, names, gaps, r.emit(backlog.Batch{})
}
