package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"defacto/backlog"
	"defacto/store/fastscan"
)

// Query says what a snapshot holds.
type Query struct {
	Scope int32 // ScopeInfo.No; 0: the roadmap items of all scopes
	// From and To bound the window: issues created before To that something
	// happened to at or after From. Zero is unbounded. Of the roadmap all items
	// are wanted whenever they lived, and those outside the window come bare:
	// without their histories and comments.
	From, To   time.Time
	Components bool // fill Item.Components
}

// Snapshot reads one scope, or the whole roadmap, for a Site of this store. Every
// issue of the window comes with its whole history and all its comments, in the
// order of issue numbers. Nothing in the window gives an empty snapshot. Several
// goroutines may take snapshots at once, each then reads on a connection of its own.
//
// Values of texts (a title, a description, a link) have no ValueID: an Event's
// From and To are 0 there.
func (s *Store) Snapshot(ctx context.Context, site *backlog.Site, q Query) (*backlog.Snapshot, error) {
	ses, err := s.sessionOf(site)
	if err != nil {
		return nil, err
	}
	sh := &shot{ses: ses, site: site, q: q, snap: &backlog.Snapshot{Site: site, Leads: []string{""}, Names: map[int64]string{}}, names: map[string]int64{}}
	if q.Scope != 0 {
		i := slices.IndexFunc(site.Scopes, func(sc backlog.ScopeInfo) bool { return sc.No == q.Scope })
		if i < 0 {
			return nil, fmt.Errorf("no scope has the number %d", q.Scope)
		}
		sh.snap.Scope = site.Scopes[i]
	}
	if sh.conn, err = ses.borrow(ctx); err != nil {
		return nil, err
	}
	defer ses.giveBack(sh.conn)
	if err := sh.take(ctx); err != nil {
		return nil, fmt.Errorf("read %s: %w", cmp.Or(sh.snap.Scope.Name, "the roadmap"), err)
	}
	return sh.snap, nil
}

// shot is the state of taking a snapshot.
type shot struct {
	ses  *session
	site *backlog.Site
	q    Query
	conn *fastscan.Conn
	snap *backlog.Snapshot

	from, to int64
	numbers  []int64 // of the issues wanted, ascending
	bare     []bool  // which of them are wanted without their histories; nil: none
	runs     []run
	whole    []run              // those that are not bare
	lineage  map[int64]ancestor // of issues outside the snapshot
	ancestor *fastscan.Stmt
	names    map[string]int64 // texts as ids → negative numbers
	leads    map[int64]backlog.ValueID
	besides  []besides // one for each of Items
}

// run is a span of issue numbers that lie together, as Items[lo:hi].
type run struct{ lo, hi int }

// besides is what of an item is needed to say what is missing and what is above it.
type besides struct {
	historyAt         int64
	changes, comments int64 // promised
	read              bool  // the comments
	epic              int64 // the number of the issue it names as its epic
}

func (sh *shot) take(ctx context.Context) error {
	sh.from, sh.to = unix(sh.q.From), math.MaxInt64
	if !sh.q.To.IsZero() {
		sh.to = unix(sh.q.To)
	}
	if sh.q.From.IsZero() {
		sh.from = math.MinInt64
	}
	sh.lineage, sh.leads = map[int64]ancestor{}, map[int64]backlog.ValueID{0: 0}
	above, err := sh.choose(ctx)
	if err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{sh.items, sh.changes, sh.comments, sh.threads, sh.leadNames, sh.aboves, sh.spans, sh.components} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if sh.ancestor, err = sh.conn.Prepare(`SELECT level, parent, epic FROM issue WHERE no = ?`); err != nil {
		return err
	}
	defer sh.ancestor.Close()
	if err := sh.epics(); err != nil {
		return err
	}
	if err := sh.above(ctx, above); err != nil {
		return err
	}
	sh.count()
	return nil
}

// choose finds the numbers of the issues in the window, from an index alone, and
// the distinct pointers to what the scope's issues hang on.
func (sh *shot) choose(ctx context.Context) (above map[int64]struct{}, err error) {
	above = map[int64]struct{}{}
	if sh.q.Scope == 0 {
		err = sh.roadmap(ctx)
	} else {
		err = sh.ofScope(ctx, above)
	}
	slices.Sort(sh.numbers)
	sh.span()
	return above, err
}

// ofScope chooses a scope's issues: a million of them are read in a tenth of a second.
func (sh *shot) ofScope(ctx context.Context, above map[int64]struct{}) error {
	x, err := sh.conn.Index("issue_scope", "", "last_at", "created", "above")
	if err != nil {
		return err
	}
	if err := x.MoveTo(int64(sh.q.Scope)); err != nil {
		return err
	}
	last := int64(0)
	for n := 1; ; n++ {
		if n&0xfff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		more, err := x.Next()
		if err != nil || !more {
			return err
		}
		if x.Int(1) >= sh.from && x.Int(2) < sh.to {
			sh.numbers = append(sh.numbers, x.Int(0))
		}
		if a := x.Int(3); a != last && a != 0 {
			above[a], last = struct{}{}, a
		}
	}
}

// roadmap chooses all roadmap items and says which of them are bare.
func (sh *shot) roadmap(ctx context.Context) error {
	bare := map[int64]bool{}
	choose := func(st *fastscan.Stmt) error {
		bare[st.Int(0)] = st.Int(1) < sh.from || st.Int(2) >= sh.to
		return nil
	}
	if err := scan(ctx, sh.conn, `SELECT no, last_at, created FROM issue INDEXED BY issue_roadmap WHERE level >= 1`, choose); err != nil {
		return err
	}
	if err := sh.promoted(ctx, bare, choose); err != nil {
		return err
	}
	sh.numbers = slices.Sorted(maps.Keys(bare))
	sh.bare = make([]bool, len(sh.numbers))
	for i, no := range sh.numbers {
		sh.bare[i] = bare[no]
	}
	return nil
}

// span gathers the numbers into runs.
func (sh *shot) span() {
	extend := func(runs []run, i int) []run {
		if n := len(runs); n > 0 && sh.numbers[i]-sh.numbers[runs[n-1].hi-1] <= nearby {
			runs[n-1].hi = i + 1
			return runs
		}
		return append(runs, run{i, i + 1})
	}
	for i := range sh.numbers {
		sh.runs = extend(sh.runs, i)
		if sh.bare == nil || !sh.bare[i] {
			sh.whole = extend(sh.whole, i)
		}
	}
}

// promoted chooses the issues that are on the roadmap because stories name them
// as their epic, though their type does not say so.
func (sh *shot) promoted(ctx context.Context, known map[int64]bool, choose func(*fastscan.Stmt) error) error {
	st, err := sh.conn.Prepare(`SELECT no, last_at, created FROM issue WHERE no = ? AND level < 1`)
	if err != nil {
		return err
	}
	defer st.Close()
	for no := range sh.ses.epics {
		if _, ok := known[no]; ok {
			continue
		}
		if err := st.Bind(no); err != nil {
			return err
		}
		if err := steps(ctx, st, choose); err != nil {
			return err
		}
	}
	return nil
}

// nearby is the widest hole between two wanted issues that is read over rather
// than sought across.
const nearby = 4

// eachRun runs a statement over every span of wanted numbers: it reads on from the
// first id, its first column, in order, and is stopped behind the last. A bound of its
// own would cost a sixth of the time.
func (sh *shot) eachRun(ctx context.Context, runs []run, query string, row func(*fastscan.Stmt, int64) error) error {
	st, err := sh.conn.Prepare(query)
	if err != nil {
		return err
	}
	defer st.Close()
	next := func() (int64, bool, error) {
		more, err := st.Step()
		if err != nil || !more {
			return 0, false, err
		}
		return st.Int(0), true, nil
	}
	return sh.each(ctx, runs, 0, func(no int64) error { return st.Bind(no) }, next, func(no int64) error { return row(st, no) })
}

// eachRow does the same with the rows of a large table, whose ids are the numbers
// shifted to the left.
func (sh *shot) eachRow(ctx context.Context, runs []run, t *fastscan.Table, shift int, row func(id int64) error) error {
	next := func() (int64, bool, error) {
		more, err := t.Next()
		return t.ID(), more, err
	}
	return sh.each(ctx, runs, shift, t.MoveTo, next, row)
}

func (sh *shot) each(ctx context.Context, runs []run, shift int, move func(int64) error, next func() (int64, bool, error), row func(int64) error) error {
	for _, r := range runs {
		if err := move(sh.numbers[r.lo] << shift); err != nil {
			return err
		}
		behind := (sh.numbers[r.hi-1] + 1) << shift
		for n := 0; ; n++ {
			if n&0xfff == 0 {
				if err := ctx.Err(); err != nil {
					return err
				}
			}
			id, more, err := next()
			if err != nil {
				return err
			}
			if !more || id >= behind {
				break
			}
			if err := row(id); err != nil {
				return err
			}
		}
	}
	return nil
}
