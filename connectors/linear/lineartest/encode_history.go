package lineartest

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"defacto/backlog"
)

// history makes an issue's entries of its changes.
func (e *encoding) history(is *backlog.Issue, o Object) {
	changes := slices.Clone(is.Changes)
	slices.SortStableFunc(changes, func(a, b backlog.Change) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(a.ID, b.ID), cmp.Compare(a.Ordinal, b.Ordinal))
	})
	var entries Connection
	var spans Connection
	current := o["state"]
	for i := range changes {
		if c := &changes[i]; c.Field == backlog.FieldStatus {
			current = e.state(is.Scope, c.From, c.FromName, backlog.CategoryUnknown)
			break
		}
	}
	enter := func(state any, at time.Time) {
		s, _ := state.(Object)
		if s == nil {
			return
		}
		if n := len(spans); n > 0 {
			spans[n-1]["endedAt"] = at
		}
		spans = append(spans, Object{"id": "span", "state": s, "stateId": s["id"], "startedAt": at})
		switch s["type"] {
		case "started":
			o["startedAt"] = at
		case "completed":
			o["completedAt"] = at
		case "canceled", "duplicate":
			o["canceledAt"] = at
		}
	}
	enter(current, is.Created)
	for i := 0; i < len(changes); {
		j := i + 1
		for j < len(changes) && changes[j].ID == changes[i].ID && changes[j].At.Equal(changes[i].At) {
			j++
		}
		group := changes[i:j]
		i = j
		entry := e.entry(is, o, group)
		for k := range group {
			if c := &group[k]; c.Field == backlog.FieldStatus {
				enter(e.state(is.Scope, c.To, c.ToName, backlog.CategoryUnknown), c.At)
			}
		}
		switch {
		case entry == nil:
		case group[0].At.Sub(is.Created) < quiet:
			e.loss["entry of the first three minutes"]++
		default:
			entries = append(entries, entry)
		}
	}
	o["history"], o["stateHistory"] = entries, spans
}

// entry is one history entry, nil where Linear records nothing of it.
func (e *encoding) entry(is *backlog.Issue, o Object, group []backlog.Change) Object {
	first := &group[0]
	en := Object{"id": first.ID, "createdAt": first.At, "updatedAt": first.At}
	if e.user(first.Author) != nil {
		en["actorId"] = first.Author
	}
	if first.Machine {
		en["botActor"] = Object{"id": nil, "type": "automation", "name": "Automation"}
	}
	kept := false
	for i := range group {
		if c := &group[i]; e.field(is, o, en, c) {
			kept = true
		} else {
			e.loss[c.Field.String()]++
		}
	}
	if !kept {
		return nil
	}
	return en
}

// field puts one change into its entry; false where Linear has no place for it.
func (e *encoding) field(is *backlog.Issue, o, en Object, c *backlog.Change) bool {
	set := func(name string, from, to any) bool {
		en["from"+name], en["to"+name] = from, to
		return true
	}
	objectID := func(o Object) any {
		if o == nil {
			return nil
		}
		return o["id"]
	}
	switch c.Field {
	case backlog.FieldStatus:
		from := e.state(is.Scope, c.From, c.FromName, backlog.CategoryUnknown)
		to := e.state(is.Scope, c.To, c.ToName, backlog.CategoryUnknown)
		return set("StateId", objectID(from), objectID(to))
	case backlog.FieldPriority:
		return set("Priority", priority(cmp.Or(c.FromName, c.From)), priority(cmp.Or(c.ToName, c.To)))
	case backlog.FieldSprint:
		return set("CycleId", objectID(e.cycle(is.Scope, c.From)), objectID(e.cycle(is.Scope, c.To)))
	case backlog.FieldVersion, backlog.FieldMilestone:
		from, to := e.milestone(e.epics[is.ID], c.From), e.milestone(e.epics[is.ID], c.To)
		if from == nil && to == nil {
			return false
		}
		if from != nil {
			en["fromProjectMilestone"] = from
		}
		if to != nil {
			en["toProjectMilestone"] = to
		}
		return true
	case backlog.FieldAssignee:
		return set("AssigneeId", orNil(c.From), orNil(c.To))
	case backlog.FieldEstimate:
		return set("Estimate", amount(c.From, c.FromName), amount(c.To, c.ToName))
	case backlog.FieldSummary:
		return set("Title", cmp.Or(c.FromName, c.From), cmp.Or(c.ToName, c.To))
	case backlog.FieldDueDate:
		return set("DueDate", orNil(c.From), orNil(c.To))
	case backlog.FieldParent:
		from, to := e.above(c.From, c.FromName), e.above(c.To, c.ToName)
		if e.levels[cmp.Or(to, from)].OnRoadmap() {
			return set("ProjectId", orNil(from), orNil(to))
		}
		return set("ParentId", orNil(from), orNil(to))
	case backlog.FieldProject:
		return set("TeamId", "team-"+c.FromName, "team-"+c.ToName)
	case backlog.FieldDescription, backlog.FieldCriteria:
		en["updatedDescription"] = true
		editors, _ := en["descriptionUpdatedBy"].([]Object)
		if u, _ := e.user(c.Author).(Object); u != nil && !slices.ContainsFunc(editors, func(o Object) bool { return o["id"] == u["id"] }) {
			en["descriptionUpdatedBy"] = append(editors, u)
		}
		return true
	case backlog.FieldLabels:
		before, after := strings.Fields(c.FromName), strings.Fields(c.ToName)
		var added, removed []string
		for _, l := range after {
			if !slices.Contains(before, l) {
				added = append(added, e.label(l))
			}
		}
		for _, l := range before {
			if !slices.Contains(after, l) {
				removed = append(removed, e.label(l))
			}
		}
		en["addedLabelIds"], en["removedLabelIds"] = added, removed
		return true
	case backlog.FieldAttachment:
		en["attachmentId"] = cmp.Or(c.To, c.From, "attachment")
		return true
	case backlog.FieldLink:
		if e.need(c, "issues", o) {
			return false
		}
		code := map[int]string{int(backlog.LinkBlocks): "ax", int(backlog.LinkBlockedBy): "ab", -int(backlog.LinkBlocks): "xr", -int(backlog.LinkBlockedBy): "br"}[c.Measure]
		list, _ := en["relationChanges"].([]Object)
		en["relationChanges"] = append(list, Object{"identifier": cmp.Or(c.To, c.From, "ENG-0"), "type": cmp.Or(code, "ar")})
		return true
	case backlog.FieldNeed:
		e.need(c, "issues", o)
		return false
	case backlog.FieldOther:
		en["archived"] = false
		return true
	}
	return false
}

// above is the id of a parent given by id or by key.
func (e *encoding) above(id, key string) string {
	if _, known := e.levels[id]; known {
		return id
	}
	return cmp.Or(e.ids[key], e.ids[id], id)
}

func amount(values ...string) any {
	for _, v := range values {
		if f, ok := parseFloat(v); ok {
			return f
		}
	}
	return nil
}
