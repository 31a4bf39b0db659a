package store

import (
	"context"
	"database/sql"
	"math"
	"time"

	"defacto/backlog"
)

// The things issues refer to. Each is written when it is new or says something
// new, and skipped otherwise, for connectors repeat them in every batch.

type scope struct {
	id          int64
	scope       backlog.Scope
	lead        int64
	next, end   int64 // the block of issue numbers in use
	blockIsNews bool
}

type status struct {
	id   int64
	s    backlog.Status
	seen int64
}

type issueType struct {
	id   int64
	t    backlog.Type
	seen int64
}

type sprint struct {
	id int64
	s  backlog.Sprint
}

type version struct {
	id int64
	v  backlog.Version
}

// fullRecord is the seen time of what a tracker's own list said: newer than any
// issue's passing mention.
const fullRecord = math.MaxInt64

// unix returns a time as unix milliseconds, 0 when unknown.
func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// moment is the inverse of unix.
func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// keep returns the new text, or the old one where the new says nothing.
func keep(old, new string) string {
	if new == "" {
		return old
	}
	return new
}

func keepTime(old, new time.Time) time.Time {
	if new.IsZero() {
		return old
	}
	return moment(unix(new))
}

// bit returns 1 for true.
func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func (src *source) scanScope(r *sql.Rows) error {
	sc := &scope{}
	err := r.Scan(&sc.id, &sc.scope.Key, &sc.scope.ID, &sc.scope.Name, &sc.lead, &sc.scope.Zone, &sc.next, &sc.end)
	src.scopes[sc.scope.Key] = sc
	return err
}

// saveScope stores what is known of a scope; a bare key adds nothing to it.
func (w *writer) saveScope(ctx context.Context, src *source, in backlog.Scope) (*scope, error) {
	sc := src.scopes[in.Key]
	lead, err := w.accountID(ctx, src, in.Lead)
	if err != nil {
		return nil, err
	}
	if sc == nil {
		sc = &scope{scope: in, lead: lead}
		src.scopes[in.Key] = sc
		return sc, w.row(ctx, `INSERT INTO scope (source, key, ext, name, lead, zone) VALUES (?, ?, ?, ?, ?, ?) RETURNING id`,
			src.id, in.Key, in.ID, in.Name, lead, in.Zone).Scan(&sc.id)
	}
	next := backlog.Scope{ID: keep(sc.scope.ID, in.ID), Key: in.Key, Name: keep(sc.scope.Name, in.Name), Zone: keep(sc.scope.Zone, in.Zone)}
	if lead == 0 {
		lead = sc.lead
	}
	next.Lead = sc.scope.Lead
	if next == sc.scope && lead == sc.lead {
		return sc, nil
	}
	sc.scope, sc.lead = next, lead
	return sc, w.exec(ctx, `UPDATE scope SET ext = ?, name = ?, lead = ?, zone = ? WHERE id = ?`, next.ID, next.Name, lead, next.Zone, sc.id)
}

// blockSize is how many issue numbers a scope takes at a time: enough that its
// issues lie together, few enough that small scopes waste little.
const blockSize = 1024

// number returns the next issue number of a scope.
func (w *writer) number(sc *scope) int64 {
	if sc.next == sc.end {
		sc.next = w.memory.nextNo
		sc.end = sc.next + blockSize
		w.memory.nextNo = sc.end
	}
	no := sc.next
	sc.next++
	sc.blockIsNews = true
	return no
}

func (src *source) scanStatus(r *sql.Rows) error {
	st := &status{}
	var category string
	err := r.Scan(&st.id, &st.s.ID, &st.s.Name, &st.s.Scope, &category, &st.s.Position, &st.seen)
	st.s.Category = backlog.ParseCategory(category)
	src.statuses[st.s.ID] = st
	return err
}

// saveStatus stores a status as it was seen at a time and returns its id, 0 for none.
func (w *writer) saveStatus(ctx context.Context, src *source, in backlog.Status, seen int64) (int64, error) {
	in.ID = keep(in.Name, in.ID)
	if in.ID == "" {
		return 0, nil
	}
	st := src.statuses[in.ID]
	if st == nil {
		st = &status{s: in, seen: seen}
		src.statuses[in.ID] = st
		return st.id, w.row(ctx, `INSERT INTO status (source, ext, name, scope, category, position, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id`,
			src.id, in.ID, in.Name, in.Scope, in.Category.String(), in.Position, seen).Scan(&st.id)
	}
	// Equally new mentions that differ: any fixed order will do, so that arrival does not matter.
	if st.s == in && st.seen >= seen || seen < st.seen || seen == st.seen && seen != fullRecord && in.Name < st.s.Name {
		return st.id, nil
	}
	st.s, st.seen = in, seen
	return st.id, w.exec(ctx, `UPDATE status SET name = ?, scope = ?, category = ?, position = ?, seen_at = ? WHERE id = ?`,
		in.Name, in.Scope, in.Category.String(), in.Position, seen, st.id)
}

func (src *source) scanType(r *sql.Rows) error {
	t := &issueType{}
	err := r.Scan(&t.id, &t.t.ID, &t.t.Name, &t.t.Level, &t.seen)
	src.types[t.t.ID] = t
	return err
}

// saveType stores an issue type as it was seen at a time and returns its id, 0 for none.
func (w *writer) saveType(ctx context.Context, src *source, in backlog.Type, seen int64) (int64, error) {
	in.ID = keep(in.Name, in.ID)
	if in.ID == "" {
		return 0, nil
	}
	t := src.types[in.ID]
	if t == nil {
		t = &issueType{t: in, seen: seen}
		src.types[in.ID] = t
		return t.id, w.row(ctx, `INSERT INTO type (source, ext, name, level, seen_at) VALUES (?, ?, ?, ?, ?) RETURNING id`,
			src.id, in.ID, in.Name, int64(in.Level), seen).Scan(&t.id)
	}
	if t.t == in && t.seen >= seen || seen < t.seen || seen == t.seen && seen != fullRecord && in.Name < t.t.Name {
		return t.id, nil
	}
	t.t, t.seen = in, seen
	return t.id, w.exec(ctx, `UPDATE type SET name = ?, level = ?, seen_at = ? WHERE id = ?`, in.Name, int64(in.Level), seen, t.id)
}

func (src *source) scanSprint(r *sql.Rows) error {
	sp := &sprint{}
	var start, end, completed int64
	err := r.Scan(&sp.id, &sp.s.ID, &sp.s.Name, &sp.s.State, &start, &end, &completed)
	sp.s.Start, sp.s.End, sp.s.Completed = moment(start), moment(end), moment(completed)
	src.sprints[sp.s.ID] = sp
	return err
}

// progress orders sprint states: a closed sprint does not open again.
func progress(s backlog.Sprint) int {
	switch {
	case s.State == "closed" || !s.Completed.IsZero():
		return 2
	case s.State == "active":
		return 1
	}
	return 0
}

// saveSprint stores a sprint and returns its id, 0 for none. What an older copy
// says of it does not undo its progress, and blanks do not erase.
func (w *writer) saveSprint(ctx context.Context, src *source, in backlog.Sprint) (int64, error) {
	if in.ID == "" {
		return 0, nil
	}
	sp := src.sprints[in.ID]
	if sp == nil {
		in.Start, in.End, in.Completed = moment(unix(in.Start)), moment(unix(in.End)), moment(unix(in.Completed))
		sp = &sprint{s: in}
		src.sprints[in.ID] = sp
		return sp.id, w.row(ctx, `INSERT INTO sprint (source, ext, name, state, start_at, end_at, completed_at) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id`,
			src.id, in.ID, in.Name, in.State, unix(in.Start), unix(in.End), unix(in.Completed)).Scan(&sp.id)
	}
	old, new := sp.s, in
	if progress(in) < progress(sp.s) {
		old, new = in, sp.s
	}
	merged := backlog.Sprint{
		ID: in.ID, Name: keep(old.Name, new.Name), State: keep(old.State, new.State),
		Start: keepTime(old.Start, new.Start), End: keepTime(old.End, new.End), Completed: keepTime(old.Completed, new.Completed),
	}
	if merged == sp.s {
		return sp.id, nil
	}
	sp.s = merged
	return sp.id, w.exec(ctx, `UPDATE sprint SET name = ?, state = ?, start_at = ?, end_at = ?, completed_at = ? WHERE id = ?`,
		merged.Name, merged.State, unix(merged.Start), unix(merged.End), unix(merged.Completed), sp.id)
}

func (src *source) scanVersion(r *sql.Rows) error {
	v := &version{}
	var release int64
	err := r.Scan(&v.id, &v.v.ID, &v.v.Scope, &v.v.Name, &v.v.Released, &release)
	v.v.Release = moment(release)
	src.versions[v.v.ID] = v
	return err
}

// saveVersion stores a version and returns its id, 0 for none. A release is not
// undone by an older copy, and blanks do not erase.
func (w *writer) saveVersion(ctx context.Context, src *source, in backlog.Version) (int64, error) {
	if in.ID == "" {
		return 0, nil
	}
	v := src.versions[in.ID]
	if v == nil {
		in.Release = moment(unix(in.Release))
		v = &version{v: in}
		src.versions[in.ID] = v
		return v.id, w.row(ctx, `INSERT INTO version (source, ext, scope, name, released, release_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id`,
			src.id, in.ID, in.Scope, in.Name, bit(in.Released), unix(in.Release)).Scan(&v.id)
	}
	old, new := v.v, in
	if v.v.Released && !in.Released {
		old, new = in, v.v
	}
	merged := backlog.Version{
		ID: in.ID, Scope: keep(old.Scope, new.Scope), Name: keep(old.Name, new.Name),
		Released: new.Released, Release: keepTime(old.Release, new.Release),
	}
	if merged == v.v {
		return v.id, nil
	}
	v.v = merged
	return v.id, w.exec(ctx, `UPDATE version SET scope = ?, name = ?, released = ?, release_at = ? WHERE id = ?`,
		merged.Scope, merged.Name, bit(merged.Released), unix(merged.Release), v.id)
}

// saveDeclaration notes that the tracker says so in the run under way. A role
// that appears where another run found other holders begins now, unless the
// tracker knows better.
func (w *writer) saveDeclaration(ctx context.Context, src *source, d backlog.Declaration, now int64) error {
	acc, err := w.accountID(ctx, src, d.Account)
	if err != nil {
		return err
	}
	from := unix(d.From)
	n, err := w.execCount(ctx, `UPDATE declared SET run = ?1, until_at = ?2
		WHERE source = ?3 AND scope = ?4 AND origin = ?5 AND role = ?6 AND account = ?7 AND team = ?8
		AND (from_at = ?9 AND ?9 <> 0 OR ?9 = 0 AND (until_at = 0 OR run = ?1))`,
		src.run, unix(d.Until), src.id, d.Scope, d.Origin, d.Role.String(), acc, d.Group, from)
	if err != nil || n > 0 {
		return err
	}
	if from == 0 {
		var earlier int
		if err := w.row(ctx, `SELECT count(*) FROM declared WHERE source = ? AND scope = ? AND origin = ? AND run < ?`, src.id, d.Scope, d.Origin, src.run).Scan(&earlier); err != nil {
			return err
		}
		if earlier > 0 {
			from = now
		}
	}
	return w.exec(ctx, `INSERT INTO declared (source, scope, origin, role, account, team, from_at, until_at, run) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		src.id, d.Scope, d.Origin, d.Role.String(), acc, d.Group, from, unix(d.Until), src.run)
}
