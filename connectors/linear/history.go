package linear

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"defacto/backlog"
)

// Each kind of change has a place of its own within its entry, so that an entry
// which grew since the last pull keeps the changes it had.
const (
	atStatus = iota
	atPriority
	atCycle
	atProject
	atMilestone
	atAssignee
	atEstimate
	atTitle
	atDueDate
	atParent
	atTeam
	atLabels
	atAttachment
	atArchived
	atTrashed
	atConverted
	atOther
	atSteps     = 100 // states passed within a folded entry
	atEditors   = 1000
	atRelations = 2000
)

// folded is how long an entry lasts before its moves are timed one by one.
const folded = 2 * time.Second

// creationTime is how long after an issue was made Linear counts what is done to
// it as making it, and keeps no history.
const creationTime = 3 * time.Minute

// creation is the id of changes that have no entry because they were part of
// making the issue.
const creation = "created"

// addition is the id of changes that have no entry although they came later.
const addition = "added"

// who returns an entry's actor, and whether a machine acted. A null actor with
// no other mark is a deleted account or an automation: nobody can tell.
func (d *directory) who(e *entry) (account string, machine bool) {
	machine = e.BotActor != nil || e.AutoArchived || e.AutoClosed || e.IssueImport != nil || e.WorkflowMetadata != nil || e.TriageResponsibilityAutoAssigned
	if e.ActorID == "" && e.BotActor != nil {
		return d.bot(e.BotActor), true
	}
	return e.ActorID, machine
}

// changes turns an entry into its changes: at least one, so that none is lost.
func (d *directory) changes(is *issue, e *entry, passed []span) []backlog.Change {
	by, machine := d.who(e)
	at := e.CreatedAt
	if at.IsZero() {
		at = e.UpdatedAt
	}
	base := backlog.Change{ID: e.ID, At: at, Author: by, Machine: machine}
	var list []backlog.Change
	add := func(place int, field backlog.Field, name, from, fromName, to, toName string) {
		c := base
		c.Ordinal, c.Field, c.FieldID, c.FieldName = place, field, name, name
		c.From, c.FromName, c.To, c.ToName = from, fromName, to, toName
		list = append(list, c)
	}
	if e.FromStateID != "" || e.ToStateID != "" {
		list = append(list, d.moves(is, e, base, passed)...)
	}
	if e.ToPriority != nil || e.FromPriority != nil {
		from, to := value(e.FromPriority), value(e.ToPriority)
		add(atPriority, backlog.FieldPriority, "priority", priorityValue(from), priorityName(from), priorityValue(to), priorityName(to))
	}
	if e.FromCycleID != "" || e.ToCycleID != "" {
		add(atCycle, backlog.FieldSprint, "cycle", e.FromCycleID, d.cycles[e.FromCycleID].Name, e.ToCycleID, d.cycles[e.ToCycleID].Name)
	}
	if e.FromProjectID != "" || e.ToProjectID != "" {
		add(atProject, backlog.FieldParent, "project", e.FromProjectID, d.projects[e.FromProjectID].Name, e.ToProjectID, d.projects[e.ToProjectID].Name)
	}
	if from, to := idOf(e.FromProjectMilestone), idOf(e.ToProjectMilestone); from != "" || to != "" {
		add(atMilestone, backlog.FieldVersion, "projectMilestone", from, d.milestones[from].Name, to, d.milestones[to].Name)
	}
	if e.FromAssigneeID != "" || e.ToAssigneeID != "" {
		add(atAssignee, backlog.FieldAssignee, "assignee", e.FromAssigneeID, d.users[e.FromAssigneeID].Name, e.ToAssigneeID, d.users[e.ToAssigneeID].Name)
	}
	if e.FromEstimate != nil || e.ToEstimate != nil {
		add(atEstimate, backlog.FieldEstimate, "estimate", optional(e.FromEstimate), optional(e.FromEstimate), optional(e.ToEstimate), optional(e.ToEstimate))
	}
	if e.FromTitle != nil || e.ToTitle != nil {
		from, to := text(e.FromTitle), text(e.ToTitle)
		add(atTitle, backlog.FieldSummary, "title", "", from, "", to)
	}
	if e.FromDueDate != "" || e.ToDueDate != "" {
		add(atDueDate, backlog.FieldDueDate, "dueDate", e.FromDueDate, e.FromDueDate, e.ToDueDate, e.ToDueDate)
	}
	if e.FromParentID != "" || e.ToParentID != "" {
		add(atParent, backlog.FieldParent, "parent", e.FromParentID, "", e.ToParentID, "")
	}
	if e.FromTeamID != "" || e.ToTeamID != "" {
		add(atTeam, backlog.FieldProject, "team", e.FromTeamID, d.teams[e.FromTeamID].Key, e.ToTeamID, d.teams[e.ToTeamID].Key)
	}
	if len(e.AddedLabelIDs)+len(e.RemovedLabelIDs) > 0 {
		add(atLabels, backlog.FieldLabels, "labels",
			strings.Join(e.RemovedLabelIDs, ","), strings.Join(d.labelNames(e.RemovedLabelIDs), " "),
			strings.Join(e.AddedLabelIDs, ","), strings.Join(d.labelNames(e.AddedLabelIDs), " "))
	}
	for i, r := range e.RelationChanges {
		measure, added, name := relation(r.Type)
		if added {
			add(atRelations+i, backlog.FieldLink, "relation", "", "", r.Identifier, name+" "+r.Identifier)
		} else {
			add(atRelations+i, backlog.FieldLink, "relation", r.Identifier, name+" "+r.Identifier, "", "")
		}
		list[len(list)-1].Measure = measure
	}
	if e.UpdatedDescription || len(e.DescriptionUpdatedBy) > 0 {
		list = append(list, descriptions(e, base)...)
	}
	if e.AttachmentID != "" {
		add(atAttachment, backlog.FieldAttachment, "attachment", "", "", e.AttachmentID, "")
	}
	if e.ToConvertedProjectID != "" {
		add(atConverted, backlog.FieldOther, "convertedToProject", "", "", e.ToConvertedProjectID, d.projects[e.ToConvertedProjectID].Name)
	}
	if e.Archived != nil {
		add(atArchived, backlog.FieldOther, "archived", "", "", strconv.FormatBool(*e.Archived), "")
	}
	if e.Trashed != nil {
		add(atTrashed, backlog.FieldOther, "trashed", "", "", strconv.FormatBool(*e.Trashed), "")
	}
	if len(list) == 0 {
		add(atOther, backlog.FieldOther, "entry", "", "", "", "")
	}
	slices.SortStableFunc(list, func(a, b backlog.Change) int { return cmp.Compare(a.Ordinal, b.Ordinal) })
	return list
}

// moves times an entry's change of state. An entry folds what one actor did in a
// short span and tells only where it began and ended; the issue's own times, or
// the states it passed through, tell when.
func (d *directory) moves(is *issue, e *entry, base backlog.Change, passed []span) []backlog.Change {
	base.Field, base.FieldID, base.FieldName = backlog.FieldStatus, "state", "state"
	move := func(place int, at time.Time, from, to string) backlog.Change {
		c := base
		c.Ordinal, c.At = place, at
		c.From, c.FromName, c.To, c.ToName = from, d.states[from].Name, to, d.states[to].Name
		return c
	}
	var within []span
	for _, s := range passed {
		if s.StateID != "" && !s.StartedAt.Before(e.CreatedAt.Add(-time.Second)) && !s.StartedAt.After(e.UpdatedAt.Add(time.Second)) {
			within = append(within, s)
		}
	}
	slices.SortStableFunc(within, func(a, b span) int { return a.StartedAt.Compare(b.StartedAt) })
	if n := len(within); n > 0 && within[n-1].StateID == e.ToStateID {
		list := make([]backlog.Change, 0, n)
		from := e.FromStateID
		for i, s := range within {
			place := atStatus
			if i > 0 {
				place = atSteps + i
			}
			list = append(list, move(place, s.StartedAt, from, s.StateID))
			from = s.StateID
		}
		return list
	}
	at := base.At
	if t := d.reached(is, e); !t.IsZero() {
		at = t
	}
	return []backlog.Change{move(atStatus, at, e.FromStateID, e.ToStateID)}
}

// reached is the issue's own time of having reached the state an entry ends in,
// zero where it has none within the entry's span.
func (d *directory) reached(is *issue, e *entry) time.Time {
	var at time.Time
	switch d.category(e.ToStateID) {
	case backlog.Started:
		at = is.StartedAt
	case backlog.Completed:
		at = is.CompletedAt
	case backlog.Canceled, backlog.Duplicate:
		at = is.CanceledAt
	}
	if at.Before(e.CreatedAt) || at.After(e.UpdatedAt.Add(time.Second)) {
		return time.Time{}
	}
	return at
}

// hidesMoves reports whether an entry lasted so long that only the issue's state
// history can tell when its moves took place.
func (d *directory) hidesMoves(is *issue, e *entry) bool {
	return e.ToStateID != "" && e.UpdatedAt.Sub(e.CreatedAt) > folded && d.reached(is, e).IsZero()
}

// descriptions makes one change for every editor of a description. Linear tells
// neither text, so the whole of it counts as changed, divided by the editors.
func descriptions(e *entry, base backlog.Change) []backlog.Change {
	base.Field, base.FieldID, base.FieldName, base.Measure = backlog.FieldDescription, "description", "description", 100
	base.Ordinal = atEditors
	if len(e.DescriptionUpdatedBy) == 0 {
		return []backlog.Change{base}
	}
	list := make([]backlog.Change, 0, len(e.DescriptionUpdatedBy))
	for i, editor := range e.DescriptionUpdatedBy {
		c := base
		c.Ordinal, c.Author, c.Measure = atEditors+i, editor.ID, 100/len(e.DescriptionUpdatedBy)
		list = append(list, c)
	}
	return list
}

// relation reads a code of IssueHistory.relationChanges, which no document
// explains: what kind it is, and whether it was added.
func relation(code string) (measure int, added bool, name string) {
	code = strings.ToLower(code)
	if len(code) != 2 {
		return int(backlog.LinkOther), true, cmp.Or(code, "relation")
	}
	kind := code[0] // removed: "xr"
	if added = kind == 'a'; added {
		kind = code[1] // added: "ax"
	}
	names := map[byte]string{'r': "related to", 'x': "blocks", 'b': "blocked by", 'd': "duplicated by", 'm': "duplicate of"}
	kinds := map[byte]backlog.LinkKind{'x': backlog.LinkBlocks, 'b': backlog.LinkBlockedBy}
	measure = int(kinds[kind])
	if !added {
		measure = -measure
	}
	return measure, added, cmp.Or(names[kind], code)
}

// beginnings are the priority, cycle and project an issue was made with. What is
// set within three minutes of making it leaves no entry; it is what the oldest
// entry says was there before, or what is there now. It is the creator's doing,
// unless Linear knows that it was added later: then nobody can tell whose.
func (d *directory) beginnings(is *issue, by string, machine bool) []backlog.Change {
	priority, inCycle, inProject := is.Priority, idOf(is.Cycle), idOf(is.Project)
	cycleKept, projectKept := false, false
	for i := range is.History.Nodes { // newest first: the oldest has the last word
		e := &is.History.Nodes[i]
		if e.ToPriority != nil || e.FromPriority != nil {
			priority = value(e.FromPriority)
		}
		if e.FromCycleID != "" || e.ToCycleID != "" {
			inCycle, cycleKept = e.FromCycleID, true
		}
		if e.FromProjectID != "" || e.ToProjectID != "" {
			inProject, projectKept = e.FromProjectID, true
		}
	}
	var list []backlog.Change
	add := func(place int, field backlog.Field, name, to, toName string, added time.Time) {
		if to == "" {
			return
		}
		c := backlog.Change{ID: creation, Ordinal: place, At: is.CreatedAt, Author: by, Machine: machine, Field: field, FieldID: name, FieldName: name, To: to, ToName: toName}
		if added.Sub(is.CreatedAt) > creationTime {
			c.ID, c.At, c.Author = addition, added, ""
		}
		list = append(list, c)
	}
	later := func(kept bool, added time.Time) time.Time {
		if kept {
			return time.Time{} // the time is that of a later entry
		}
		return added
	}
	add(atPriority, backlog.FieldPriority, "priority", priorityValue(priority), priorityName(priority), time.Time{})
	add(atCycle, backlog.FieldSprint, "cycle", inCycle, d.cycles[inCycle].Name, later(cycleKept, is.AddedToCycleAt))
	add(atProject, backlog.FieldParent, "project", inProject, d.projects[inProject].Name, later(projectKept, is.AddedToProjectAt))
	return list
}

func value(f *float64) float64 {
	if f == nil {
		return 0
	}
	return *f
}

func optional(f *float64) string {
	if f == nil {
		return ""
	}
	return number(*f)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
