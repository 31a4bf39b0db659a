package linear

import (
	"maps"
	"slices"
	"strings"
	"time"

	"defacto/backlog"
)

// unrecorded compares projects and initiatives with what the last pull saw of
// them. What is different and told by no entry of their history that was
// understood is a change by nobody: that it happened is known, who did it is not.
func (r *run) unrecorded() {
	if r.bare {
		return
	}
	now := r.road.standing(r.started)
	if r.road.blind { // what could not be seen did not change
		for id, was := range r.cur.Plans {
			is, here := now[id]
			if is.Above = was.Above; !here {
				is = was
			}
			now[id] = is
		}
	}
	lists := [2][]placed{} // of projects and of initiatives
	for _, id := range slices.Sorted(maps.Keys(now)) {
		was, known := r.cur.Plans[id]
		if !known {
			continue
		}
		is := now[id]
		r.road.updates[id] = append(r.road.updates[id], r.dir.differences(was, is, r.road.changed(id), r.road.updates[id])...)
		if was.Status == is.Status { // else the move takes it elsewhere by itself
			kind := 0
			if _, isProject := r.dir.projects[id]; !isProject {
				kind = 1
			}
			lists[kind] = append(lists[kind], placed{id, was.Order, is.Order, was.At})
		}
	}
	for _, list := range lists {
		for _, p := range displaced(list) {
			if !told(r.road.updates[p.id], backlog.FieldRank, p.seen) {
				r.road.updates[p.id] = append(r.road.updates[p.id], p.change(r.started))
			}
		}
	}
	r.cur.Plans = now
}

// standing is what every project and initiative is now.
func (r *roadmap) standing(at time.Time) map[string]planned {
	above := map[string][]string{}
	for _, l := range r.links {
		above[l.Project.ID] = append(above[l.Project.ID], l.Initiative.ID)
	}
	now := make(map[string]planned, len(r.projects)+len(r.initiatives))
	for id, p := range r.projects {
		ups := above[id]
		slices.Sort(ups)
		now[id] = planned{
			At: at, Name: p.Name, NameMark: shortMark(p.Name), Lead: idOf(p.Lead), LeadMark: shortMark(idOf(p.Lead)),
			Status: p.Status.ID, Start: p.StartDate, Target: p.TargetDate, Priority: p.Priority, Order: p.SortOrder, Above: strings.Join(slices.Compact(ups), ","),
		}
	}
	for id, i := range r.initiatives {
		now[id] = planned{
			At: at, Name: i.Name, NameMark: shortMark(i.Name), Lead: idOf(i.Owner), LeadMark: shortMark(idOf(i.Owner)),
			Status: i.Status, Target: i.TargetDate, Priority: i.Priority, Order: i.SortOrder, Above: idOf(i.ParentInitiative),
		}
	}
	return now
}

// changed is when a project or initiative was last updated.
func (r *roadmap) changed(id string) time.Time {
	if p, ok := r.projects[id]; ok {
		return p.UpdatedAt
	}
	return r.initiatives[id].UpdatedAt
}

// differences are the changes between two pulls that no change of the history tells.
func (d *directory) differences(was, is planned, updated time.Time, history []backlog.Change) []backlog.Change {
	at := is.At
	if updated.After(was.At) && updated.Before(at) {
		at = updated
	}
	var list []backlog.Change
	for place, p := range []struct {
		field    backlog.Field
		name     string
		other    bool
		from, to any
	}{
		{backlog.FieldSummary, "name", was.NameMark != is.NameMark, nil, is.Name},
		{backlog.FieldStatus, "status", was.Status != is.Status, was.Status, is.Status},
		{backlog.FieldAssignee, "lead", was.LeadMark != is.LeadMark, nil, is.Lead},
		{backlog.FieldTargetStart, "startDate", was.Start != is.Start, was.Start, is.Start},
		{backlog.FieldTargetEnd, "targetDate", was.Target != is.Target, was.Target, is.Target},
		{backlog.FieldPriority, "priority", was.Priority != is.Priority, was.Priority, is.Priority},
		{backlog.FieldParent, "initiatives", was.Above != is.Above, was.Above, is.Above},
	} {
		if !p.other || told(history, p.field, was.At) {
			continue
		}
		c := backlog.Change{ID: "pulls:" + was.At.Format(time.RFC3339), Ordinal: place, At: at, Field: p.field, FieldID: p.name, FieldName: p.name + " (seen by two pulls)"}
		c.From, c.FromName = d.planValue(p.field, p.from)
		c.To, c.ToName = d.planValue(p.field, p.to)
		list = append(list, c)
	}
	return list
}

// told reports whether a history tells of a change of the field since a time. Two
// clocks within Linear may differ by a little.
func told(history []backlog.Change, field backlog.Field, since time.Time) bool {
	return slices.ContainsFunc(history, func(c backlog.Change) bool {
		return c.Field == field && !strings.HasPrefix(c.ID, "order:") && c.At.After(since.Add(-overlap))
	})
}
