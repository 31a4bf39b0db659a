package jira

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"defacto/backlog"
)

// project is what the walks need of a project; raw is all of it.
type project struct {
	ID         string            `json:"id"`
	Key        string            `json:"key"`
	Name       string            `json:"name"`
	Lead       *profile          `json:"lead"`
	Type       string            `json:"projectTypeKey"`
	Archived   bool              `json:"archived"`
	Roles      map[string]string `json:"roles"` // name → URL
	Components []json.RawMessage `json:"components"`
	raw        json.RawMessage
}

// prepare reads what the whole site shares and the projects, and hands it over.
func (r *run) prepare(ctx context.Context) error {
	if err := r.vocabulary(ctx); err != nil {
		return err
	}
	first := backlog.Batch{}
	if err := r.findProjects(ctx); err != nil {
		return err
	}
	for _, p := range r.projects {
		if err := r.dec.Projects(p.raw); err != nil {
			return fmt.Errorf("jira: project %s: %w", p.Key, err)
		}
		declared, err := r.roles(ctx, p)
		if err != nil {
			return err
		}
		for _, d := range declared {
			r.stranger(d.Account)
		}
		first.Declared = append(first.Declared, declared...)
	}
	return r.emit(first)
}

// vocabulary reads fields, statuses and issue types into a decoder.
func (r *run) vocabulary(ctx context.Context) error {
	r.dec = NewDecoder()
	for _, resource := range []struct {
		path string
		into func([]byte) error
	}{
		{"field", r.dec.Fields}, {"status", r.dec.Statuses}, {"issuetype", r.dec.IssueTypes},
	} {
		var raw json.RawMessage
		if err := r.get(ctx, "rest/api/2/"+resource.path, &raw); err != nil {
			return r.credentials(err)
		}
		if err := resource.into(raw); err != nil {
			return fmt.Errorf("jira: %s: %w", resource.path, err)
		}
		if resource.path != "field" {
			continue
		}
		if err := json.Unmarshal(raw, &r.custom); err != nil {
			return fmt.Errorf("jira: field: %w", err)
		}
	}
	r.fields = r.dec.wanted()
	return nil
}

// wanted lists the fields to ask for: those the decoder reads, and no other, since
// an issue's every custom field would be most of an answer.
func (d *Decoder) wanted() []string {
	fields := []string{
		"assignee", "comment", "components", "created", "creator", "description", "duedate", "fixVersions", "issuelinks", "issuetype", "labels",
		"parent", "priority", "project", "reporter", "resolution", "resolutiondate", "status", "summary", "updated",
	}
	for id, role := range d.catalogue.roles {
		if role != roleNone {
			fields = append(fields, id)
		}
	}
	slices.Sort(fields)
	return fields
}

// findProjects reads the projects asked for. One that cannot be seen is a gap,
// and what was known of it is marked.
func (r *run) findProjects(ctx context.Context) error {
	keys := r.opt.Projects
	list, err := r.listProjects(ctx) // also those that are not read: links lead there
	switch {
	case err == nil:
	case len(keys) == 0 || ctx.Err() != nil || stops(err):
		return err
	default:
		r.gap("projects", "", "projects", -1, "which projects are service desks cannot be read: "+oneLine(said(err)))
	}
	for _, p := range list {
		r.dec.catalogue.typed(p.Key, p.Type)
		if len(r.opt.Projects) == 0 {
			keys = append(keys, p.Key)
		}
	}
	listed := len(keys)
	if len(r.opt.Projects) == 0 { // what the list leaves out any more may be gone, or archived
		for _, at := range r.cur.Projects {
			if at.Known.size() > 0 && !slices.Contains(keys, at.Key) {
				keys = append(keys, at.Key)
			}
		}
		slices.Sort(keys[listed:])
	}
	for _, key := range keys {
		p, err := r.readProject(ctx, key)
		switch {
		case err == nil:
			if !r.reads(p.ID) {
				r.projects = append(r.projects, p)
			}
		case hidden(err):
			if err := r.unseen(key); err != nil {
				return err
			}
		default:
			return fmt.Errorf("read project %s: %w", key, err)
		}
	}
	return nil
}

// unseen notes that a project cannot be seen.
func (r *run) unseen(key string) error {
	missing := -1
	for _, at := range r.cur.Projects {
		if at.Key == key && at.Known.size() > 0 {
			missing = at.Known.size()
			if err := r.vanished(at); err != nil {
				return err
			}
		}
	}
	r.gap("project "+oneLine(key), key, "issues", missing, "there is no such project, or the token's owner may not see it")
	return nil
}

func (s *Source) readProject(ctx context.Context, key string) (project, error) {
	var p project
	if key == "" || strings.Trim(key, ".") == "" {
		return p, fmt.Errorf("jira: %q is no project key", key)
	}
	path := "rest/api/2/project/" + url.PathEscape(key)
	if err := s.get(ctx, path, &p.raw); err != nil {
		return p, s.credentials(err)
	}
	if err := json.Unmarshal(p.raw, &p); err != nil {
		return p, fmt.Errorf("jira: %s: %w", path, err)
	}
	if p.ID == "" || p.Key == "" {
		return p, fmt.Errorf("jira: %s: the answer is no project", path)
	}
	return p, nil
}

// listProjects lists every project the token may see.
func (s *Source) listProjects(ctx context.Context) ([]project, error) {
	var all []project
	if !s.cloud() {
		err := s.get(ctx, "rest/api/2/project", &all)
		return all, s.credentials(err)
	}
	for start := 0; ; {
		var page struct {
			Values []project `json:"values"`
			Total  int       `json:"total"`
			IsLast bool      `json:"isLast"`
		}
		if err := s.get(ctx, "rest/api/2/project/search?maxResults=100&startAt="+strconv.Itoa(start), &page); err != nil {
			return nil, s.credentials(err)
		}
		all = append(all, page.Values...)
		if start += len(page.Values); len(page.Values) == 0 || page.IsLast || start >= page.Total {
			return all, nil
		}
	}
}

// boards reads the sprints of every scrum board: also those no issue is in any
// more. A Jira without boards, or a token that may not see them, costs nothing
// but the sprints' dates where no issue carries them.
func (r *run) boards(ctx context.Context) error {
	seen := map[int]bool{}
	for _, p := range r.projects {
		boards, err := r.agile(ctx, "rest/agile/1.0/board?maxResults=50&projectKeyOrId="+url.QueryEscape(p.Key))
		if err != nil {
			if ctx.Err() != nil || stops(err) && httpStatus(err) != 401 {
				return fmt.Errorf("read the boards of %s: %w", p.Key, err)
			}
			if httpStatus(err) == 401 {
				r.gap("boards of "+p.Key, p.Key, "sprints", -1, "the token may not read boards: "+oneLine(said(err)))
			}
			continue
		}
		for _, raw := range boards {
			var b struct {
				ID   int    `json:"id"`
				Type string `json:"type"`
			}
			if json.Unmarshal(raw, &b) != nil || b.Type == "kanban" || seen[b.ID] {
				continue
			}
			seen[b.ID] = true
			sprints, err := r.agile(ctx, "rest/agile/1.0/board/"+strconv.Itoa(b.ID)+"/sprint?maxResults=50")
			switch {
			case err != nil && (ctx.Err() != nil || stops(err) && httpStatus(err) != 401):
				return fmt.Errorf("read the sprints of %s: %w", p.Key, err)
			case err != nil: // a board without sprints, or one not for us
			case len(sprints) > 0:
				if err := r.dec.Sprints(envelope("values", sprints, len(sprints))); err != nil {
					r.gap("sprints of "+p.Key, p.Key, "sprints", -1, oneLine(err.Error()))
				}
			}
		}
	}
	return nil
}

// agile reads a paged list of the agile API.
func (r *run) agile(ctx context.Context, path string) ([]json.RawMessage, error) {
	var all []json.RawMessage
	for start := 0; ; {
		var page struct {
			Values []json.RawMessage `json:"values"`
			IsLast bool              `json:"isLast"`
		}
		if err := r.get(ctx, path+"&startAt="+strconv.Itoa(start), &page); err != nil {
			return nil, err
		}
		all = append(all, page.Values...)
		if start += len(page.Values); page.IsLast || len(page.Values) == 0 {
			return all, nil
		}
	}
}
