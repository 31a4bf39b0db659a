package linear

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"defacto/backlog"
	"defacto/connectors"
)

// overlap is how far before the mark a pass begins: times within Linear differ by
// a few moments, and an entry of history may still grow.
const overlap = 10 * time.Minute

// Batches implements [connectors.Source]. The first batch holds what the whole
// workspace shares, the second projects and initiatives; then come the issues in
// the order of their creation, newest first, and what a census found. A run that
// is cut off goes on where it was.
func (s *Source) Batches(ctx context.Context, since backlog.Cursor) iter.Seq2[backlog.Batch, error] {
	return connectors.Handing(ctx, func(hand func(backlog.Batch) error) error {
		r := &run{Source: s, yield: hand}
		return r.all(ctx, since)
	})
}

// run is one passage through a source.
type run struct {
	*Source
	yield   func(backlog.Batch) error
	cur     *cursor
	dir     *directory
	road    *roadmap
	started time.Time // by the server's clock
	since   time.Time // from when on the pass looks; zero: everything
	gaps    []backlog.Gap
	bare    bool // only what projects and initiatives are, not what became of them
	lost    bool // an issue or its history came only in part: the mark must not move
	// heard are comments on issues of which the pass has not come to the end.
	heard   map[string][]backlog.Comment
	walked  []listed // the issues the newest pass saw
	broken  idSet    // of them those that never came whole
	unsaved int      // issues handed over since the cursor was
}

func (r *run) all(ctx context.Context, since backlog.Cursor) error {
	var err error
	if r.cur, err = readCursor(since); err != nil {
		return err
	}
	if r.dir, err = r.directory(ctx); err != nil {
		return err
	}
	r.started = r.wire.date
	if r.started.IsZero() { // a server without a clock
		r.started = r.opt.Now().UTC().Truncate(time.Second)
	}
	r.asOf = r.started
	if err := r.teamsFound(); err != nil {
		return err
	}
	if err := r.emit(r.dir.batch(r.started), false); err != nil {
		return err
	}
	if teams := strings.Join(r.opt.Teams, ","); teams != r.cur.Teams { // others may come into sight
		r.cur.Teams, r.cur.Census = teams, time.Time{}
	}
	saw := false // the pass saw every issue there is
	for {
		at := r.nextPass()
		saw = at.Since.IsZero() && at.Created.IsZero()
		if at.Lost {
			r.gaps = append(r.gaps, backlog.Gap{Where: "the interrupted run before", What: "issues", Missing: -1, Why: "it could not get everything; what is missing is asked for again next time"})
		}
		if err := r.plans(ctx, at); err != nil {
			return err
		}
		if err := r.walk(ctx, at); err != nil {
			return err
		}
		if r.lost { // what is missing is asked for again next time
			r.cur.Pass = nil
			return r.emit(backlog.Batch{}, true)
		}
		r.cur.Mark, r.cur.Pass = at.Started, nil
		if !at.Started.Before(r.started) {
			break // else it was an earlier run's: what changed since then is still to come
		}
	}
	if r.started.Sub(r.cur.Census) >= r.opt.CensusEvery {
		if err := r.census(ctx, saw); err != nil {
			return err
		}
	}
	return r.emit(backlog.Batch{}, true)
}

// nextPass is the pass that was cut off, or a new one.
func (r *run) nextPass() *pass {
	if r.cur.Pass == nil {
		r.cur.Pass = &pass{Started: r.started}
		if !r.cur.Mark.IsZero() {
			r.cur.Pass.Since = r.cur.Mark.Add(-overlap)
		}
	}
	r.since, r.total, r.lost = r.cur.Pass.Since, 0, r.cur.Pass.Lost
	if r.since.IsZero() {
		r.total = len(r.cur.Known)
	}
	return r.cur.Pass
}

// emit hands a batch over with the gaps met since the last one, and with the
// cursor where it says how far the pass is. A large cursor is not saved with
// every batch: what comes again after a cut is the price.
func (r *run) emit(b backlog.Batch, save bool) error {
	b.Site, b.Kind = "https://linear.app/"+url.PathEscape(r.dir.org.URLKey), "linear"
	r.unsaved += len(b.Issues)
	if save || r.unsaved > len(r.cur.Known)/4 && r.cur.Pass != nil && len(b.Issues) > 0 {
		if r.cur.Pass != nil {
			r.cur.Pass.Lost = r.lost
		}
		c, err := r.cur.write()
		if err != nil {
			return err
		}
		b.Cursor, r.unsaved = &c, 0
	}
	b.Gaps, r.gaps = append(b.Gaps, r.gaps...), nil
	r.dir.drain(&b)
	return r.yield(b)
}

// directory reads who and what there is: one request for a small workspace.
func (s *Source) directory(ctx context.Context) (*directory, error) {
	d := newDirectory()
	for _, key := range s.opt.Teams {
		if d.wanted == nil {
			d.wanted = map[string]bool{}
		}
		d.wanted[strings.TrimSpace(key)] = true
	}
	var q directoryQuery
	all := map[string]any{}
	for _, v := range []map[string]any{usersStream().start(), teamsStream().start(), statesStream().start(), membershipsStream().start(), cyclesStream().start(), labelsStream().start()} {
		maps.Copy(all, v)
	}
	err := s.query(ctx, &q, all)
	together := err == nil
	if !together {
		var costly *complexError
		var api *apiError
		if !errors.As(err, &costly) && (!errors.As(err, &api) || !api.Partial) {
			return nil, incomplete(s.opt.Name, "the workspace", err)
		}
		var alone struct{ Organization organization }
		if err := s.query(ctx, &alone, nil); err != nil {
			return nil, incomplete(s.opt.Name, "the workspace", err)
		}
		q = directoryQuery{Organization: alone.Organization}
	}
	if d.org = q.Organization; d.org.ID == "" {
		return nil, incomplete(s.opt.Name, "the workspace", errLacking)
	}
	var states []state
	for _, read := range []func() error{
		func() error {
			return whole(ctx, s, usersStream(), &q.usersQuery, together, func(u user) { d.users[u.ID] = u })
		},
		func() error {
			return whole(ctx, s, teamsStream(), &q.teamsQuery, together, func(t team) { d.teams[t.ID] = t })
		},
		func() error {
			return whole(ctx, s, statesStream(), &q.statesQuery, together, func(st state) { states = append(states, st) })
		},
		func() error {
			return whole(ctx, s, membershipsStream(), &q.membershipsQuery, together, func(m membership) { d.members = append(d.members, m) })
		},
		func() error {
			return whole(ctx, s, cyclesStream(), &q.cyclesQuery, together, func(c cycle) { d.cycles[c.ID] = sprint(&c) })
		},
		func() error {
			return whole(ctx, s, labelsStream(), &q.labelsQuery, together, func(l label) { d.labels[l.ID] = l.Name })
		},
	} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	for _, st := range states {
		d.states[st.ID] = backlog.Status{ID: st.ID, Name: st.Name, Scope: d.teams[st.Team.ID].Key, Category: backlog.ParseCategory(st.Type), Position: int(st.Position)}
	}
	return d, nil
}

func sprint(c *cycle) backlog.Sprint {
	name := c.Name
	if name == "" {
		name = fmt.Sprintf("%s cycle %s", c.Team.Key, strconv.Itoa(int(c.Number)))
	}
	return backlog.Sprint{ID: c.ID, Name: name, Start: c.StartsAt, End: c.EndsAt, Completed: c.CompletedAt}
}

// whole takes every node of a stream whose first page, where begun, came
// together with others.
func whole[Q, T any](ctx context.Context, s *Source, p stream[Q, T], first *Q, begun bool, take func(T)) error {
	all := func(nodes []T) error {
		for _, n := range nodes {
			take(n)
		}
		return nil
	}
	if begun {
		c := p.of(first)
		if !c.came() {
			return incomplete(s.opt.Name, p.what, errLacking)
		}
		if err := all(c.Nodes); err != nil {
			return err
		}
		after, err := follow(c.PageInfo, map[string]bool{})
		if err != nil {
			return incomplete(s.opt.Name, p.what, err)
		}
		if after == "" {
			return nil
		}
		p.after = after
	}
	return p.each(ctx, s, all)
}

// teamsFound checks the configured teams against those the token sees.
func (r *run) teamsFound() error {
	var visible []string
	for _, t := range r.dir.teams {
		visible = append(visible, t.Key)
	}
	slices.Sort(visible)
	found := 0
	for _, key := range r.opt.Teams {
		if slices.Contains(visible, key) {
			found++
			continue
		}
		r.gaps = append(r.gaps, backlog.Gap{Where: key, Scope: key, What: "issues", Missing: -1, Why: "the token sees no such team"})
	}
	if len(r.opt.Teams) > 0 && found == 0 {
		return fmt.Errorf("linear: %s: none of the teams %s is among those the token sees (%s)", r.opt.Name, strings.Join(r.opt.Teams, ", "), strings.Join(visible, ", "))
	}
	return nil
}

// plans reads what stands above the issues, and what customers asked for.
func (r *run) plans(ctx context.Context, at *pass) error {
	r.road = newRoadmap(r.dir)
	if err := r.readPlans(ctx, at); err != nil {
		return err
	}
	r.unrecorded()
	b := r.road.batch()
	for i := range b.Issues {
		r.cur.Known.add(b.Issues[i].ID)
	}
	b.Absences = append(b.Absences, r.absences(b.Issues, r.road.trashed(r.started))...)
	return r.emit(b, false)
}

func (r *run) readPlans(ctx context.Context, at *pass) error {
	road, d := r.road, r.dir
	var none projectsQuery
	if err := whole(ctx, r.Source, projectsStream(), &none, false, func(p project) { d.projects[p.ID] = p }); err != nil {
		return err
	}
	if err := r.manyTeams(ctx); err != nil {
		return err
	}
	said := roadmapComments(at)
	var q roadmapQuery
	all := map[string]any{}
	for _, v := range []map[string]any{initiativesStream().start(), linksStream().start(), milestonesStream().start(), projectUpdatesStream().start(), initiativeUpdatesStream().start(), remarksStream(said).start()} {
		maps.Copy(all, v)
	}
	err := r.query(ctx, &q, all)
	var costly *complexError
	var api *apiError
	if err != nil && !errors.As(err, &costly) && !errors.As(err, &api) {
		return incomplete(r.opt.Name, "the roadmap", err)
	}
	together := err == nil
	var remarks []remark
	for _, part := range []struct {
		what string
		read func() error
	}{
		{"initiatives", func() error {
			return whole(ctx, r.Source, initiativesStream(), &q.initiativesQuery, together, func(i initiative) { road.initiatives[i.ID] = i })
		}},
		{"initiatives", func() error {
			return whole(ctx, r.Source, linksStream(), &q.initiativeProjectsQuery, together, func(l initiativeProject) { road.links = append(road.links, l) })
		}},
		{"versions", func() error {
			return whole(ctx, r.Source, milestonesStream(), &q.milestonesQuery, together, func(m milestone) { d.milestones[m.ID] = m })
		}},
		{"updates", func() error {
			return whole(ctx, r.Source, projectUpdatesStream(), &q.projectUpdatesQuery, together, func(u projectUpdate) { road.post(&u.update, u.Project.ID) })
		}},
		{"updates", func() error {
			return whole(ctx, r.Source, initiativeUpdatesStream(), &q.initiativeUpdatesQuery, together, func(u initiativeUpdate) { road.post(&u.update, u.Initiative.ID) })
		}},
		{"comments", func() error {
			return whole(ctx, r.Source, remarksStream(said), &q.remarksQuery, together, func(m remark) { remarks = append(remarks, m) })
		}},
		{"needs", func() error { return r.readNeeds(ctx, at) }},
		{"roadmap", func() error { return r.readPlanHistories(ctx, at) }},
	} {
		if r.bare && (part.what == "needs" || part.what == "roadmap") {
			continue
		}
		err := part.read()
		road.blind = road.blind || err != nil && part.what == "initiatives"
		if err := r.unless(err, part.what); err != nil {
			return err
		}
	}
	for i := range remarks {
		if on := road.item(&remarks[i]); on != "" {
			road.comments[on] = append(road.comments[on], d.comment(&remarks[i].comment))
		}
	}
	return nil
}

// manyTeams reads the teams of projects that have more than came along.
func (r *run) manyTeams(ctx context.Context) error {
	for _, id := range slices.Sorted(maps.Keys(r.dir.projects)) {
		p := r.dir.projects[id]
		if !p.Teams.PageInfo.HasNextPage {
			continue
		}
		p.Teams = connection[struct{ Key string }]{}
		err := projectTeamsStream(id).each(ctx, r.Source, func(teams []struct{ Key string }) error {
			p.Teams.Nodes = append(p.Teams.Nodes, teams...)
			return nil
		})
		if err != nil {
			return err
		}
		r.dir.projects[id] = p
	}
	return nil
}

// unless notes what the token's rights do not include as a gap. What the plan does
// not have is none: doctor says it. All other failures stay.
func (r *run) unless(err error, what string) error {
	var api *apiError
	switch {
	case err == nil || !errors.As(err, &api):
		return err
	case api.Type == "feature not accessible":
		return nil
	case api.Type != "forbidden":
		return err
	}
	r.gaps = append(r.gaps, backlog.Gap{Where: what, What: what, Missing: -1, Why: api.Error()})
	return nil
}

// roadmapComments are the remarks on projects, initiatives, their updates, and the
// texts that belong to any of these or to an issue.
func roadmapComments(at *pass) commentFilter {
	f := commentFilter{UpdatedAt: since(at.Since)}
	until := made{between{Until: at.Started}}
	f.Or = []commentFilter{{Project: &until}, {ProjectUpdate: &until}, {Initiative: &until}, {InitiativeUpdate: &until}, {DocumentContent: &until}}
	return f
}

func since(t time.Time) *between {
	if t.IsZero() {
		return nil
	}
	return &between{From: t}
}

func (r *roadmap) post(u *update, on string) {
	r.posted[u.ID] = on
	r.updates[on] = append(r.updates[on], u.change())
}

// readNeeds reads the customers' needs, where the workspace keeps any.
func (r *run) readNeeds(ctx context.Context, at *pass) error {
	if !r.dir.org.CustomersEnabled {
		return nil
	}
	return needsStream(needFilter{UpdatedAt: since(at.Since)}).each(ctx, r.Source, r.road.ask)
}

// ask keeps needs with what they ask for.
func (r *roadmap) ask(list []need) error {
	for i := range list {
		n := &list[i]
		if on := cmp.Or(idOf(n.Issue), idOf(n.Project)); on != "" {
			r.needs[on] = append(r.needs[on], n.change())
		}
	}
	return nil
}
