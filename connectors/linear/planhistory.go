package linear

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"defacto/backlog"
)

// The history of projects and initiatives comes as JSON of a form Linear does
// not document, which the GraphQL client cannot decode. It is asked for in
// documents of its own and read by what its parts are called.

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

// event is one thing that a record of such a history tells.
type event struct {
	property string
	from, to any
	actor    string
	at       time.Time
}

// planChanges reads a record: whatever names a property and where it came from
// or went to, in any of the shapes such JSON takes. A record nobody can make
// anything of is one change of something; understood then is false.
func (d *directory) planChanges(rec *planRecord) (changes []backlog.Change, understood bool) {
	var entries any
	if json.Unmarshal(rec.Entries, &entries) != nil {
		entries = nil
	}
	events := found(entries, event{at: rec.CreatedAt}, 0)
	understood = len(events) > 0
	if !understood {
		events = []event{{property: "entry", at: rec.CreatedAt, actor: actorOf(entries)}}
	}
	for i, e := range events {
		c := backlog.Change{ID: rec.ID, Ordinal: i, At: e.at, Author: e.actor, Field: planField(e.property), FieldID: e.property, FieldName: e.property}
		c.From, c.FromName = d.planValue(c.Field, e.from)
		c.To, c.ToName = d.planValue(c.Field, e.to)
		if c.Field == backlog.FieldDescription {
			c.Measure = 100
		}
		changes = append(changes, c)
	}
	return changes, understood
}

// found looks for events in a value: a list of them, {type, from, to},
// {fromX, toX}, or {x: {from, to}}. What stands around them (who, when) holds for
// them unless they say otherwise.
func found(v any, around event, depth int) []event {
	if depth > 8 {
		return nil
	}
	switch v := v.(type) {
	case []any:
		var list []event
		for _, item := range v {
			list = append(list, found(item, around, depth+1)...)
		}
		return list
	case map[string]any:
		around.actor = cmp.Or(actorOf(v), around.actor)
		if at := instantOf(v); !at.IsZero() {
			around.at = at
		}
		if name := attributes(v).word("type", "field", "property", "attribute", "key", "name"); name != "" {
			around.property = name
		}
		_, from := v["from"]
		_, to := v["to"]
		if (from || to) && around.property != "" {
			around.from, around.to = v["from"], v["to"]
			return []event{around}
		}
		var list []event
		pairs := map[string]event{}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			property, isFrom := after(key, "from")
			_, isTo := after(key, "to")
			switch {
			case isFrom || isTo:
				if isTo {
					property, _ = after(key, "to")
				}
				e, ok := pairs[property]
				if !ok {
					e = around
					e.property = property
				}
				if isFrom {
					e.from = v[key]
				} else {
					e.to = v[key]
				}
				pairs[property] = e
			default:
				inner := around
				inner.property = key
				list = append(list, found(v[key], inner, depth+1)...)
			}
		}
		for _, property := range slices.Sorted(maps.Keys(pairs)) {
			list = append(list, pairs[property])
		}
		return list
	}
	return nil
}

// after cuts "from" or "to" off a camel-case name.
func after(key, prefix string) (string, bool) {
	rest, ok := strings.CutPrefix(key, prefix)
	if !ok || rest == "" || rest[0] < 'A' || rest[0] > 'Z' {
		return "", false
	}
	return strings.ToLower(rest[:1]) + rest[1:], true
}

// actorOf finds who acted in a part of a record.
func actorOf(v any) string {
	m, ok := v.(map[string]any)
	if !ok {
		return ""
	}
	if id := attributes(m).word("actorId", "userId", "authorId"); id != "" {
		return id
	}
	for _, name := range []string{"actor", "user", "author"} {
		if inner, ok := m[name].(map[string]any); ok {
			return attributes(inner).word("id")
		}
	}
	return ""
}

func instantOf(m map[string]any) time.Time {
	for _, name := range []string{"createdAt", "at", "timestamp"} {
		if s, ok := m[name].(string); ok {
			if t, err := time.Parse(time.RFC3339, s); err == nil {
				return t.UTC()
			}
		}
	}
	return time.Time{}
}

// planField is the normal form of a property's name.
func planField(property string) backlog.Field {
	name := strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(property))
	name = strings.TrimPrefix(strings.TrimPrefix(name, "project"), "initiative")
	switch strings.TrimSuffix(strings.TrimSuffix(name, "ids"), "id") {
	case "targetdate":
		return backlog.FieldTargetEnd
	case "startdate":
		return backlog.FieldTargetStart
	case "status", "state":
		return backlog.FieldStatus
	case "priority":
		return backlog.FieldPriority
	case "lead", "owner":
		return backlog.FieldAssignee
	case "name", "title":
		return backlog.FieldSummary
	case "description", "content":
		return backlog.FieldDescription
	case "", "s", "parent", "parentinitiative": // "initiativeId", "initiatives"
		return backlog.FieldParent
	case "milestone", "milestones":
		return backlog.FieldMilestone
	case "sortorder", "prioritysortorder":
		return backlog.FieldRank
	case "label", "labels":
		return backlog.FieldLabels
	case "team", "teams":
		return backlog.FieldProject
	}
	return backlog.FieldOther
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
		raw = fmt.Sprint(v)
		name = raw
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
