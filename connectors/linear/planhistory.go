package linear

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"defacto/backlog"
)

// The history of projects and initiatives comes as JSON of a form Linear does
// not document, which the GraphQL client cannot decode. It is asked for in
// documents of its own and read by what its parts are called (riddle.go).

const (
	planEntries = 40    // of one project's history in a page
	planCost    = 102.3 // of one project with so many; TestCosts computes it
)

// planKinds are the two kinds of things that have such a history.
func planKinds() [2]planKind {
	return [2]planKind{{"projects", "project", "ProjectFilter"}, {"initiatives", "initiative", "InitiativeFilter"}}
}

type planKind struct{ root, one, filter string }

// all asks for the histories of several, rest for what did not fit of one.
func (k planKind) all() string {
	return fmt.Sprintf(`query($first:Int!,$after:String,$history:Int!,$which:%s){%s(first: $first, after: $after, filter: $which, includeArchived: true, orderBy: createdAt){nodes{id history(first: $history, orderBy: createdAt){nodes{id createdAt entries}pageInfo{hasNextPage endCursor}}}pageInfo{hasNextPage endCursor}}}`, k.filter, k.root)
}

func (k planKind) rest() string {
	return fmt.Sprintf(`query($id:String!,$history:Int!,$after:String){%s(id: $id){id history(first: $history, after: $after, orderBy: createdAt){nodes{id createdAt entries}pageInfo{hasNextPage endCursor}}}}`, k.one)
}

type planHistory struct {
	ID      string                 `json:"id"`
	History connection[planRecord] `json:"history"`
}

type planRecord struct {
	ID        string          `json:"id"`
	CreatedAt time.Time       `json:"createdAt"`
	Entries   json.RawMessage `json:"entries"`
}

// raw sends a document the GraphQL client cannot write, with all the manners of
// the transport, and decodes its data.
func (s *Source) raw(ctx context.Context, query string, vars map[string]any, data any) error {
	body, err := json.Marshal(map[string]any{"query": query, "variables": vars})
	if err != nil {
		return fmt.Errorf("linear: write a query: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.opt.URL, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("linear: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := s.wire.RoundTrip(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if s.wire.partial != nil {
		return s.wire.partial
	}
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return fmt.Errorf("linear: read the answer: %w", err)
	}
	if err := json.Unmarshal(b, &struct{ Data any }{data}); err != nil {
		return fmt.Errorf("linear: the answer cannot be read: %w", err)
	}
	return nil
}

// planHistories reads what became of projects and initiatives.
func (r *run) planHistories(ctx context.Context, k planKind, ids []string) error {
	slices.Sort(ids)
	for part := range slices.Chunk(ids, fitting(planCost, 0, maxPage)) {
		first, after, failed := len(part), "", 0
		for seen := map[string]bool{}; ; {
			var data map[string]connection[planHistory]
			err := r.raw(ctx, k.all(), map[string]any{"first": first, "after": place(after), "history": planEntries, "which": map[string]any{"id": among{part}}}, &data)
			if err != nil {
				smaller, again := shrink(err, first, &failed)
				if !again {
					return incomplete(r.opt.Name, "the history of "+k.root, err)
				}
				first = smaller
				continue
			}
			page, ok := data[k.root]
			if !ok || !page.came() {
				return incomplete(r.opt.Name, "the history of "+k.root, errLacking)
			}
			for i := range page.Nodes {
				if err := r.planHistory(ctx, k, &page.Nodes[i]); err != nil {
					return err
				}
			}
			if after, err = follow(page.PageInfo, seen); err != nil {
				return incomplete(r.opt.Name, "the history of "+k.root, err)
			}
			if after == "" {
				break
			}
		}
	}
	return nil
}

// planHistory takes one item's history, reading on where it did not fit.
func (r *run) planHistory(ctx context.Context, k planKind, h *planHistory) error {
	r.road.told[h.ID] = true
	seen := map[string]bool{}
	for part := h; ; {
		for i := range part.History.Nodes {
			changes, understood := r.dir.planChanges(&part.History.Nodes[i])
			r.road.updates[h.ID] = append(r.road.updates[h.ID], changes...)
			r.road.riddles[h.ID] = r.road.riddles[h.ID] || !understood
		}
		after, err := follow(part.History.PageInfo, seen)
		if err != nil || after == "" {
			return err
		}
		if part, err = r.restOf(ctx, k, h.ID, after); err != nil {
			return err
		}
	}
}

// restOf asks for a page of one item's history.
func (r *run) restOf(ctx context.Context, k planKind, id, after string) (*planHistory, error) {
	var data map[string]*planHistory
	err := r.raw(ctx, k.rest(), map[string]any{"id": id, "history": maxPage, "after": place(after)}, &data)
	h := data[k.one]
	if err == nil && (h == nil || !h.History.came()) {
		err = errLacking
	}
	if err != nil {
		return nil, incomplete(r.opt.Name, "the history of a "+k.one, err)
	}
	return h, nil
}

// planChanges reads a record: whatever names a property and where it came from
// or went to, in any of the shapes such JSON takes. What nothing can be made of
// is kept as a change of something, by the names of its parts; understood then
// is false.
func (d *directory) planChanges(rec *planRecord) (changes []backlog.Change, understood bool) {
	var entries any
	if json.Unmarshal(rec.Entries, &entries) != nil {
		entries = nil
	}
	var r riddle
	r.read(entries, event{at: rec.CreatedAt}, 0)
	events := r.events
	if len(events) == 0 || r.open != nil {
		open := cmp.Or(strings.Join(r.open, " "), strings.Join(partNames(entries, "", 0), " "))
		events = append(events, event{property: "entry", to: open, at: rec.CreatedAt, actor: actorOf(entries)})
	}
	for i, e := range events {
		c := backlog.Change{ID: rec.ID, Ordinal: i, At: e.at, Author: e.actor, Field: planField(e.property), FieldID: e.property, FieldName: e.property}
		c.From, c.FromName = d.planValue(c.Field, e.from)
		c.To, c.ToName = d.planValue(c.Field, e.to)
		if c.Field == backlog.FieldDescription {
			if c.Measure = 100; c.FromName != "" && c.ToName != "" {
				c.Measure = backlog.Changed(c.FromName, c.ToName)
			}
		}
		changes = append(changes, c)
	}
	return changes, len(r.events) > 0 && r.open == nil
}

// planValue is a value's machine and display form.
func (d *directory) planValue(field backlog.Field, v any) (raw, name string) {
	switch v := v.(type) {
	case string:
		raw, name = v, v
	case float64:
		raw, name = number(v), number(v)
		if field == backlog.FieldPriority {
			return priorityValue(v), priorityName(v)
		}
	case bool:
		raw = strconv.FormatBool(v)
		name = raw
	case []any:
		var raws, names []string
		for _, one := range v {
			r, n := d.planValue(field, one)
			raws, names = append(raws, r), append(names, n)
		}
		return strings.Join(raws, ","), strings.Join(names, ", ")
	case map[string]any:
		raw = attributes(v).word("id", "name")
		name = cmp.Or(attributes(v).word("name", "title"), raw)
	}
	switch field {
	case backlog.FieldAssignee:
		name = cmp.Or(d.users[raw].Name, name)
	case backlog.FieldStatus:
		for _, s := range d.org.ProjectStatuses {
			if s.ID == raw || s.Name == raw || s.Type == raw {
				return s.ID, s.Name
			}
		}
		if initiativeCategory(raw) != backlog.CategoryUnknown {
			raw = "initiative:" + raw
		}
	}
	return raw, name
}

// readPlanHistories reads the histories of the plans updated since the pass looks
// back, and of those never given; where Linear will not give them, the roadmap
// rests on what else is known.
func (r *run) readPlanHistories(ctx context.Context, at *pass) error {
	var projects, initiatives []string
	news := func(id string, updated time.Time) bool { return !updated.Before(at.Since) || !r.cur.Known.has(id) }
	for id, p := range r.dir.projects {
		if news(id, p.UpdatedAt) {
			projects = append(projects, id)
		}
	}
	for id, i := range r.road.initiatives {
		if news(id, i.UpdatedAt) {
			initiatives = append(initiatives, id)
		}
	}
	kinds := planKinds()
	err := r.planHistories(ctx, kinds[0], projects)
	if err == nil {
		err = r.planHistories(ctx, kinds[1], initiatives)
	}
	var api *apiError
	if err == nil || !errors.As(err, &api) {
		return err
	}
	r.road.unread, r.lost = true, r.lost || api.Partial
	r.gaps = append(r.gaps, backlog.Gap{Where: "projects' and initiatives' history", What: "roadmap", Missing: -1, Why: api.Error()})
	return nil
}
