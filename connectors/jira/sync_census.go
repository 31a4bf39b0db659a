package jira

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"defacto/backlog"
)

// How many ids a request may name, and how many a page of ids holds.
const (
	namedAtOnce    = 100
	idsCloud       = 5000
	idsDataCenter  = 1000
	absencesAtOnce = 1000
)

// census lists the ids of a project and compares them with those known. What is
// there and not known is read (it was moved here, or could not be seen, or the
// index lagged); what is known and not there is looked for and marked.
func (r *run) census(ctx context.Context, p project, at *place) error {
	var there idSet
	ids := newReader()
	size := idsDataCenter
	if r.cloud() {
		size = idsCloud
	}
	q := search{jql: inProject(p.Key).inOrder(), fields: []string{"id"}, size: size}
	for part, err := range r.pages(ctx, q) {
		if err != nil {
			return fmt.Errorf("count the issues of %s: %w", p.Key, err)
		}
		for _, raw := range part.issues {
			there.add(ids.issueID(raw))
		}
	}
	if err := r.readFound(ctx, at, there.without(&at.Known)); err != nil {
		return fmt.Errorf("read issues found in %s: %w", p.Key, err)
	}
	if err := r.markLost(ctx, p, at, at.Known.without(&there)); err != nil {
		return fmt.Errorf("look for issues missing from %s: %w", p.Key, err)
	}
	return nil
}

// readFound reads issues by their ids.
func (r *run) readFound(ctx context.Context, at *place, ids []string) error {
	for chunk := range slices.Chunk(ids, namedAtOnce) {
		raws, err := r.named(ctx, chunk, r.fields, true)
		if err != nil {
			return err
		}
		issues, err := r.complete(ctx, portion{issues: raws})
		if err != nil {
			return err
		}
		if err := r.emit(backlog.Batch{Issues: issues, Absences: r.note(at, issues)}); err != nil {
			return err
		}
	}
	return nil
}

// markLost finds out what became of issues a census missed, as far as it can be
// told: Jira answers alike for what is deleted and what is forbidden.
func (r *run) markLost(ctx context.Context, p project, at *place, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	// Nothing is called gone on the word of a server that takes us for a stranger
	// or no longer shows us the project.
	if err := r.stillUs(ctx); err != nil {
		return err
	}
	if _, err := r.readProject(ctx, p.Key); err != nil {
		if hidden(err) {
			return r.unseen(p.Key)
		}
		return err
	}
	state := "deleted"
	if r.restricted(ctx, p) {
		state = "gone"
	}
	for chunk := range slices.Chunk(ids, namedAtOnce) {
		raws, err := r.named(ctx, chunk, []string{"project"}, false)
		if err != nil {
			return err
		}
		home := map[string]string{} // issue id → the project it is in now
		for _, raw := range raws {
			var iss struct {
				ID     string `json:"id"`
				Fields struct {
					Project struct {
						ID string `json:"id"`
					} `json:"project"`
				} `json:"fields"`
			}
			if err := json.Unmarshal(raw, &iss); err != nil {
				return fmt.Errorf("jira: read the project of an issue: %w", err)
			}
			home[iss.ID] = iss.Fields.Project.ID
		}
		// Data Center answers both questions from its index. Where that is broken,
		// or behind, an issue it does not find is there all the same.
		if first := slices.IndexFunc(chunk, func(id string) bool { return home[id] == "" }); first >= 0 && !r.cloud() {
			there, err := r.stillThere(ctx, chunk[first])
			if err != nil {
				return err
			}
			if there {
				r.gap("project "+p.Key, p.Key, "issues", len(chunk)-len(home), "the server's searches leave out issues that are there; its index may have to be built anew")
				continue
			}
		}
		var lost []backlog.Absence
		for _, id := range chunk {
			now, found := home[id]
			switch {
			case found && now == p.ID: // the index was behind
			case found && r.reads(now): // its new project's census knows it
				at.Known.remove(id)
			case found:
				lost = append(lost, r.lose(at, id, "moved"))
			default:
				lost = append(lost, r.lose(at, id, state))
			}
		}
		if err := r.emit(backlog.Batch{Absences: lost}); err != nil {
			return err
		}
	}
	return nil
}

// lose takes an issue from the known to the absent.
func (r *run) lose(at *place, id, state string) backlog.Absence {
	at.Known.remove(id)
	at.Absent.add(id)
	return backlog.Absence{ID: id, State: state, At: r.started}
}

// reads reports whether this run reads a project.
func (r *run) reads(projectID string) bool {
	return slices.ContainsFunc(r.projects, func(p project) bool { return p.ID == projectID })
}

// restricted reports whether a project has issue security, so that a missing
// issue may merely be hidden.
func (r *run) restricted(ctx context.Context, p project) bool {
	var answer struct {
		Levels []json.RawMessage `json:"levels"`
	}
	err := r.get(ctx, "rest/api/2/project/"+url.PathEscape(p.Key)+"/securitylevel", &answer)
	return err == nil && len(answer.Levels) > 0
}

// named reads issues by their ids; those that are not there, or not for us, are
// left out.
func (r *run) named(ctx context.Context, ids, fields []string, changelog bool) ([]json.RawMessage, error) {
	if !r.cloud() {
		return r.searched(ctx, ids, fields, changelog)
	}
	req := struct {
		Issues []string `json:"issueIdsOrKeys"`
		Fields []string `json:"fields"`
		Expand []string `json:"expand,omitempty"`
	}{ids, fields, nil}
	if changelog {
		req.Expand = []string{"changelog"}
	}
	var answer struct {
		Issues []json.RawMessage `json:"issues"`
	}
	err := r.ask(ctx, "rest/api/2/issue/bulkfetch", req, &answer)
	return answer.Issues, r.credentials(err)
}

// searched is named for Data Center, where one unknown id may fail a whole query:
// it then halves the question until only the unknown is left.
func (r *run) searched(ctx context.Context, ids, fields []string, changelog bool) ([]json.RawMessage, error) {
	var found []json.RawMessage
	q := search{jql: withIDs(ids).inOrder(), fields: fields, changelog: changelog, size: r.pageSize()}
	for part, err := range r.offsetPages(ctx, q) {
		switch {
		case httpStatus(err) == http.StatusBadRequest && len(ids) == 1:
			return nil, nil
		case httpStatus(err) == http.StatusBadRequest:
			left, err := r.searched(ctx, ids[:len(ids)/2], fields, changelog)
			if err != nil {
				return nil, err
			}
			right, err := r.searched(ctx, ids[len(ids)/2:], fields, changelog)
			return append(left, right...), err
		case err != nil:
			return nil, err
		}
		found = append(found, part.issues...)
	}
	return found, nil
}

// vanished marks everything of a project that can no longer be seen.
func (r *run) vanished(at *place) error {
	for at.Known.size() > 0 {
		ids := at.Known.without(&idSet{})
		var lost []backlog.Absence
		for _, id := range ids[:min(len(ids), absencesAtOnce)] {
			lost = append(lost, r.lose(at, id, "invisible"))
		}
		if err := r.emit(backlog.Batch{Absences: lost}); err != nil {
			return err
		}
	}
	return nil
}
