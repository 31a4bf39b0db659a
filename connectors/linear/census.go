package linear

import (
	"context"
	"maps"
	"slices"
	"sort"
	"time"

	"defacto/backlog"
)

// census looks at every issue's id and place. What is known and no longer there
// was deleted, what is there and was never given is read, and what stands
// elsewhere in the manual order was moved by somebody nobody recorded.
//
// walked says that the pass just now looked at all of them already.
func (r *run) census(ctx context.Context, walked bool) error {
	all := r.walked
	if !walked {
		var err error
		if all, err = r.count(ctx); err != nil {
			return err
		}
	}
	seen := idSet{}
	for _, l := range all {
		seen.add(l.ID)
	}
	r.total = len(all)
	if err := r.deleted(ctx, seen); err != nil {
		return err
	}
	moved, order := r.order(all)
	var ids []string
	for _, l := range all {
		if _, is := moved[l.ID]; is || !r.cur.Known.has(l.ID) {
			ids = append(ids, l.ID)
		}
	}
	if err := r.reread(ctx, ids, moved); err != nil {
		return err
	}
	if r.lost {
		return nil
	}
	r.cur.Order, r.cur.Census = order, r.started
	return nil
}

// count lists every issue, each once.
func (r *run) count(ctx context.Context) ([]listed, error) {
	seen := idSet{}
	var all []listed
	which := r.ofTeams(issueFilter{CreatedAt: &between{Until: r.started}})
	err := censusStream(which).each(ctx, r.Source, func(list []listed) error {
		for _, l := range list {
			if l.ID != "" && !seen.has(l.ID) {
				seen.add(l.ID)
				all = append(all, l)
			}
		}
		return nil
	})
	return all, err
}

// deleted marks what is known and not there any more. Pages may shift under a
// reader, so what seems gone is asked for once more by its id.
func (r *run) deleted(ctx context.Context, seen idSet) error {
	var missing []string
	for _, id := range slices.Sorted(maps.Keys(r.cur.Known)) {
		if !seen.has(id) && !r.road.holds(id) && !r.cur.Absent.has(id) {
			missing = append(missing, id)
		}
	}
	here := map[string]string{} // the keys of their teams
	for part := range slices.Chunk(missing, maxPage) {
		err := censusStream(issueFilter{ID: &among{part}}).each(ctx, r.Source, func(list []listed) error {
			for _, l := range list {
				here[l.ID] = l.Team.Key
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	var b backlog.Batch
	for _, id := range missing {
		state := "gone"
		if team, is := here[id]; is && r.dir.reads(team) {
			continue // it slipped between two pages
		} else if is {
			state = "moved" // to a team that is not read
		}
		b.Absences = append(b.Absences, backlog.Absence{ID: id, State: state, At: r.started})
		delete(r.cur.Known, id)
		r.cur.Absent.add(id)
	}
	if len(b.Absences) == 0 {
		return nil
	}
	return r.emit(b, false)
}

// order compares where the issues not yet started stand with where the last
// census saw them.
func (r *run) order(all []listed) (map[string]backlog.Change, map[string]standing) {
	now := map[string]standing{}
	lists := map[string][]placed{} // by team
	for _, l := range all {
		if !r.dir.category(l.State.ID).Pending() {
			continue
		}
		now[l.ID] = standing{At: r.started, Value: l.SortOrder, State: l.State.ID}
		if was, ok := r.cur.Order[l.ID]; ok && was.State == l.State.ID {
			lists[l.Team.Key] = append(lists[l.Team.Key], placed{l.ID, was.Value, l.SortOrder, was.At})
		}
	}
	moved := map[string]backlog.Change{}
	for _, list := range lists {
		for _, p := range displaced(list) {
			moved[p.id] = p.change(r.started)
		}
	}
	return moved, now
}

// placed is where something stood in a manual order, and where it stands.
type placed struct {
	id       string
	was, now float64
	seen     time.Time // when it stood there
}

// displaced are those of a list whose place among the others changed: when Linear
// spaces a list anew, all values change and the order does not.
func displaced(list []placed) []placed {
	sort.SliceStable(list, func(i, j int) bool { return list[i].now < list[j].now })
	stayed := longestRising(len(list), func(i int) float64 { return list[i].was })
	var moved []placed
	for i, p := range list {
		if !stayed[i] && p.was != p.now {
			moved = append(moved, p)
		}
	}
	return moved
}

// change says that something stands elsewhere. Linear does not record who moved
// it. Its id is of when it was last seen where it was, so that a run that was cut
// off and the one after it tell the same change.
func (p placed) change(now time.Time) backlog.Change {
	return backlog.Change{
		ID: "order:" + p.seen.Format(time.RFC3339), At: now, Field: backlog.FieldRank, FieldID: "sortOrder", FieldName: "manual order",
		From: number(p.was), FromName: asOf(p.seen), To: number(p.now), ToName: asOf(now),
	}
}

func asOf(t time.Time) string { return "as of " + t.Format(time.RFC3339) }

// longestRising marks a longest sequence of positions whose values do not fall:
// what stayed in order when the fewest are taken to have moved.
func longestRising(n int, value func(int) float64) []bool {
	tails := make([]int, 0, n) // position ending the best sequence of each length
	before := make([]int, n)
	for i := range n {
		at := sort.Search(len(tails), func(k int) bool { return value(tails[k]) > value(i) })
		before[i] = -1
		if at > 0 {
			before[i] = tails[at-1]
		}
		if at == len(tails) {
			tails = append(tails, i)
		} else {
			tails[at] = i
		}
	}
	in := make([]bool, n)
	if len(tails) > 0 {
		for i := tails[len(tails)-1]; i >= 0; i = before[i] {
			in[i] = true
		}
	}
	return in
}

// stood reports whether nothing else explains that an issue stands elsewhere: a
// change of state, cycle, project or team since the order was last seen does.
func stood(is *backlog.Issue, c backlog.Change) bool {
	seen, err := time.Parse("as of "+time.RFC3339, c.FromName)
	if err != nil {
		return false
	}
	return !slices.ContainsFunc(is.Changes, func(o backlog.Change) bool {
		switch o.Field {
		case backlog.FieldStatus, backlog.FieldSprint, backlog.FieldParent, backlog.FieldProject:
			return o.At.After(seen)
		}
		return false
	})
}
