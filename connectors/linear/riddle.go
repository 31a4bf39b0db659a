package linear

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"defacto/backlog"
)

// riddle is a record of a form nobody documents while it is read. No public text
// shows one; the schema says no more than that it holds "the events that happened".
type riddle struct {
	events []event
	open   []string // the parts nothing could be made of
}

// event is one thing that a record tells.
type event struct {
	property string
	from, to any
	actor    string
	at       time.Time
}

const (
	deepest = 8    // how far a record is read into
	widest  = 1000 // how many events one may tell
)

// read looks for events in a value: a list of them; {type, from, to} and its like;
// {fromX, toX}, {oldX, newX}, {addedX, removedX}; {x: {from, to}} and {x: [from, to]};
// {from: {x}, to: {x}}; {updatedFrom: {x}}; and, where there is nothing better,
// {x: now} and {type: "xChanged"}. Names may be written like thisOne or this_one.
// What stands around an event (who, when) holds for it unless it says otherwise.
func (r *riddle) read(v any, around event, depth int) {
	if depth > deepest || len(r.events) >= widest {
		r.open = append(r.open[:min(len(r.open), 20)], cmp.Or(around.property, "more"))
		return
	}
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			r.read(item, around, depth+1)
		}
	case map[string]any:
		r.object(v, around, depth)
	}
}

func (r *riddle) object(m map[string]any, around event, depth int) {
	around.actor = cmp.Or(actorOf(m), around.actor)
	if at := instantOf(m); !at.IsZero() {
		around.at = at
	}
	named := attributes(m).word("field", "property", "attribute", "fieldName", "field_name", "type", "event", "action", "key", "name")
	if from, to, ok := ends(m); ok {
		r.between(named, from, to, around)
		return
	}
	before := len(r.events) + len(r.open)
	pairs := map[string]event{}
	var plainly []event // {x: now}
	for _, key := range slices.Sorted(maps.Keys(m)) {
		value := m[key]
		if property, isTo, ok := sided(key); ok {
			e, known := pairs[property]
			if !known {
				e = around
				e.property = property
			}
			if isTo {
				e.to = value
			} else {
				e.from = value
			}
			pairs[property] = e
			continue
		}
		if about(key) {
			continue
		}
		inner := around
		inner.property = key
		switch value := value.(type) {
		case map[string]any:
			if old := camel(key); old == "updatedFrom" || old == "previousValues" {
				r.between("", value, map[string]any{}, around)
				continue
			}
			r.read(value, inner, depth+1)
		case []any:
			if len(value) == 2 && scalar(value[0]) && scalar(value[1]) && planField(key) != backlog.FieldOther {
				inner.from, inner.to = value[0], value[1]
				r.events = append(r.events, inner)
				continue
			}
			r.read(value, inner, depth+1)
		default:
			if planField(key) != backlog.FieldOther && key != "name" && key != "title" {
				inner.to = value
				plainly = append(plainly, inner)
			}
		}
	}
	for _, property := range slices.Sorted(maps.Keys(pairs)) {
		r.events = append(r.events, pairs[property])
	}
	if len(r.events)+len(r.open) > before {
		return
	}
	if named != "" && planField(named) != backlog.FieldOther {
		around.property, around.to = named, m["value"]
		r.events = append(r.events, around)
		return
	}
	r.events = append(r.events, plainly...)
	if len(plainly) == 0 && len(m) > 0 && (around.property != "" || depth > 0) {
		r.open = append(r.open, strings.Trim(around.property+":"+strings.Join(slices.Sorted(maps.Keys(m)), ","), ":"))
	}
}

// between is what led from one value to another: of the property that is named,
// or of each that two objects hold.
func (r *riddle) between(named string, from, to any, around event) {
	if named != "" && (planField(named) != backlog.FieldOther || planField(around.property) == backlog.FieldOther) {
		around.property = named
	}
	old, isOld := from.(map[string]any)
	now, isNow := to.(map[string]any)
	if (isOld || isNow) && planField(around.property) == backlog.FieldOther && (from == nil || isOld) && (to == nil || isNow) {
		held := map[string]bool{}
		for key := range old {
			held[key] = true
		}
		for key := range now {
			held[key] = true
		}
		for _, key := range slices.Sorted(maps.Keys(held)) {
			if about(key) || scalar(old[key]) && scalar(now[key]) && old[key] == now[key] {
				continue
			}
			e := around
			e.property, e.from, e.to = key, old[key], now[key]
			r.events = append(r.events, e)
		}
		return
	}
	if around.property == "" {
		r.open = append(r.open, "from,to")
		return
	}
	around.from, around.to = from, to
	r.events = append(r.events, around)
}

// ends finds the two ends of a change by their names.
func ends(m map[string]any) (from, to any, ok bool) {
	for _, names := range [][2]string{{"from", "to"}, {"old", "new"}, {"before", "after"}, {"previous", "current"}, {"oldValue", "newValue"}, {"fromValue", "toValue"}, {"previousValue", "value"}, {"previousValue", "newValue"}} {
		f, isFrom := m[names[0]]
		t, isTo := m[names[1]]
		if isFrom || isTo && names[1] != "value" {
			return f, t, true
		}
	}
	for _, names := range [][2]string{{"old_value", "new_value"}, {"from_value", "to_value"}, {"previous_value", "new_value"}} {
		f, isFrom := m[names[0]]
		t, isTo := m[names[1]]
		if isFrom || isTo {
			return f, t, true
		}
	}
	return nil, nil, false
}

// sided cuts a word that says which end a value is off its name: "fromTargetDate",
// "new_lead", "addedTeamIds".
func sided(key string) (property string, isTo, ok bool) {
	key = camel(key)
	for word, to := range map[string]bool{"from": false, "to": true, "old": false, "new": true, "previous": false, "removed": false, "added": true} {
		rest, cut := strings.CutPrefix(key, word)
		if cut && rest != "" && rest[0] >= 'A' && rest[0] <= 'Z' {
			return strings.ToLower(rest[:1]) + rest[1:], to, true
		}
	}
	return "", false, false
}

// camel writes a name like_this likeThis.
func camel(name string) string {
	parts := strings.Split(name, "_")
	for i := 1; i < len(parts); i++ {
		if p := parts[i]; p != "" && p[0] >= 'a' && p[0] <= 'z' {
			parts[i] = string(p[0]-'a'+'A') + p[1:]
		}
	}
	return strings.Join(parts, "")
}

// about reports whether a part of a record says who, when or of what it is, and
// not what happened.
func about(key string) bool {
	switch camel(key) {
	case "actor", "user", "author", "botActor", "actorId", "userId", "authorId", "id", "createdAt", "updatedAt", "archivedAt", "at", "timestamp",
		"type", "field", "property", "attribute", "fieldName", "event", "action", "key", "project", "projectId", "initiative", "organization", "organizationId", "__typename",
		"meta", "metadata", "source":
		return true
	}
	return false
}

func scalar(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return false
	}
	return true
}

// partNames are the names of a value's parts, without what they hold: enough to
// tell a form by, and nobody's words.
func partNames(v any, under string, depth int) []string {
	var list []string
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			if depth < deepest {
				list = append(list, partNames(item, under, depth+1)...)
			}
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			name := strings.TrimPrefix(under+"."+plain(key), ".")
			if below := partNames(v[key], name, depth+1); len(below) > 0 && depth < deepest {
				list = append(list, below...)
			} else {
				list = append(list, name)
			}
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	return list[:min(len(list), 20)]
}

// actorOf finds who acted in a part of a record.
func actorOf(v any) string {
	m, ok := v.(map[string]any)
	if !ok {
		return ""
	}
	if id := attributes(m).word("actorId", "userId", "authorId", "actor_id", "user_id", "author_id", "actor", "user"); id != "" {
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
	for _, name := range []string{"createdAt", "created_at", "at", "timestamp"} {
		if s, ok := m[name].(string); ok {
			if t, err := time.Parse(time.RFC3339, s); err == nil {
				return t.UTC()
			}
		}
	}
	return time.Time{}
}

// planField is the normal form of a property's name, also where a verb goes with
// it: "targetDate", "project_lead_id", "statusChanged".
func planField(property string) backlog.Field {
	name := strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "", ".", "").Replace(property))
	for _, verb := range []string{"changed", "updated", "change", "update", "moved", "set"} {
		if rest, ok := strings.CutSuffix(name, verb); ok && rest != "" && rest != "project" && rest != "initiative" {
			name = rest
			break
		}
	}
	what := strings.TrimPrefix(strings.TrimPrefix(name, "project"), "initiative")
	switch strings.TrimSuffix(strings.TrimSuffix(what, "ids"), "id") {
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
	case "parent", "parentinitiative":
		return backlog.FieldParent
	case "", "s": // "initiativeId", "initiatives"
		if what != name {
			return backlog.FieldParent
		}
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
