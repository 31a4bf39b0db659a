package store

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
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

// ancestor is what it takes to find the roadmap item above an issue.
type ancestor struct {
	level        backlog.Level
	parent, epic int64 // issue numbers
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

// ofScope chooses a scope's issues: a million of them are read in a twentieth of a second.
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

func (sh *shot) items(ctx context.Context) error {
	sh.snap.Items = make([]backlog.Item, 0, len(sh.numbers))
	sh.besides = make([]besides, 0, len(sh.numbers))
	st, err := sh.conn.Table("issue", "no", "source", "scope", "type", "status", "level", "history", "flags", "creator", "reporter", "assignee", "parent", "epic",
		"created", "updated", "resolved", "due", "target_start", "target_end", "promised_changes", "promised_comments", "comments_read", "key", "history_at")
	if err != nil {
		return err
	}
	return sh.eachRow(ctx, sh.runs, st, 0, func(no int64) error {
		if n := len(sh.snap.Items); n >= len(sh.numbers) || sh.numbers[n] != no {
			return nil // lies in a hole
		}
		it := backlog.Item{
			No: no, Source: lookup(sh.ses.sources, st.Int(1)), Scope: int32(st.Int(2)), Type: int32(st.Int(3)), Status: int32(st.Int(4)),
			Level: sh.level(no, st.Int(5)), History: backlog.History(st.Int(6)), Flags: backlog.ItemFlags(st.Int(7)),
			Creator: lookup(sh.ses.persons, st.Int(8)), Reporter: lookup(sh.ses.persons, st.Int(9)), Assignee: lookup(sh.ses.persons, st.Int(10)),
			Parent: lookup(sh.ses.refs, st.Int(11)), Created: st.Int(13), Updated: st.Int(14), Resolved: st.Int(15),
			Due: st.Int(16), TargetStart: st.Int(17), TargetEnd: st.Int(18), Key: st.Text(22),
		}
		if sh.ses.gone[no] != "" {
			it.Flags |= backlog.ItemGone
		}
		sh.besides = append(sh.besides, besides{
			historyAt: st.Int(23), changes: st.Int(19), comments: st.Int(20), read: st.Int(21) != 0, epic: lookup(sh.ses.refs, st.Int(12)),
		})
		sh.snap.Items = append(sh.snap.Items, it)
		return nil
	})
}

// level lifts an issue some story names as its epic onto the roadmap.
func (sh *shot) level(no, level int64) backlog.Level {
	if level < int64(backlog.Epic) {
		if _, ok := sh.ses.epics[no]; ok {
			return backlog.Epic
		}
	}
	return backlog.Level(level)
}

// name returns the number that stands for an id which is a text or may be.
func (sh *shot) name(st *fastscan.Table, col int) int64 {
	if st.IsInt(col) {
		return st.Int(col)
	}
	text := st.Text(col)
	if text == "" {
		return 0
	}
	if n, ok := sh.names[text]; ok {
		return n
	}
	n := -int64(len(sh.names)) - 1
	sh.names[text], sh.snap.Names[n] = n, text
	return n
}

// told is hang for rows of histories and comments.
func (sh *shot) told(i *int, rowID int64) bool {
	return sh.hang(i, rowID>>seqBits) && (sh.bare == nil || !sh.bare[*i])
}

// hang moves on to the item a row belongs to and reports whether it is wanted.
func (sh *shot) hang(i *int, no int64) bool {
	for *i < len(sh.numbers) && sh.numbers[*i] < no {
		*i++
	}
	return *i < len(sh.numbers) && sh.numbers[*i] == no
}

func (sh *shot) changes(ctx context.Context) error {
	i := 0
	sn := sh.snap
	sn.Changes = make([]backlog.Event, 0, 12*len(sn.Items))
	st, err := sh.conn.Table("change", "id", "at", "what", "moved", "event")
	if err != nil {
		return err
	}
	return sh.eachRow(ctx, sh.whole, st, seqBits, func(id int64) error {
		if !sh.told(&i, id) {
			return nil
		}
		it := &sn.Items[i]
		if it.ChangeHi == 0 {
			it.ChangeLo = int32(len(sn.Changes))
		}
		var r changeRow
		r.unpack(st.Int(2), st.Int(3))
		sn.Changes = append(sn.Changes, backlog.Event{
			At: st.Int(1), Actor: lookup(sh.ses.persons, r.actor), Field: backlog.Field(r.field),
			From: backlog.ValueID(max(0, r.from)), To: backlog.ValueID(max(0, r.to)),
			Measure: int16(r.measure), ID: sh.name(st, 4), Ordinal: int16(min(r.ordinal, math.MaxInt16)), Machine: r.machine != 0,
		})
		it.ChangeHi = int32(len(sn.Changes))
		return nil
	})
}

func (sh *shot) comments(ctx context.Context) error {
	i := 0
	sn := sh.snap
	sn.Comments = make([]backlog.Remark, 0, 4*len(sn.Items))
	st, err := sh.conn.Table("comment", "id", "at", "who", "said", "ext", "mentions")
	if err != nil {
		return err
	}
	return sh.eachRow(ctx, sh.whole, st, seqBits, func(id int64) error {
		if !sh.told(&i, id) {
			return nil
		}
		it := &sn.Items[i]
		if it.CommentHi == 0 {
			it.CommentLo = int32(len(sn.Comments))
		}
		who, said := st.Int(2), st.Int(3)
		r := backlog.Remark{
			At: st.Int(1), Author: lookup(sh.ses.persons, who>>32), Marks: backlog.Marks(who >> 8), Machine: who&1 != 0,
			Lead: sh.lead(said >> 32), Chars: int32(said), ID: sh.name(st, 4), MentionLo: int32(len(sn.Mentions)),
		}
		if r.Marks.Has(backlog.MarkMentions) {
			if err := sh.mentions(st.Blob(5)); err != nil {
				return fmt.Errorf("comment %s of %s: %w", sn.EventName(r.ID), it.Key, err)
			}
		}
		r.MentionHi = int32(len(sn.Mentions))
		sn.Comments = append(sn.Comments, r)
		it.CommentHi = int32(len(sn.Comments))
		return nil
	})
}

// mentions appends the people a stored list names; accounts nobody knows are left out.
func (sh *shot) mentions(list []byte) error {
	for len(list) > 0 {
		id, n := binary.Uvarint(list)
		if n <= 0 {
			return errors.New("its mentions are damaged")
		}
		list = list[n:]
		if p := lookup(sh.ses.mentioned, int64(id)); p != backlog.Nobody {
			sh.snap.Mentions = append(sh.snap.Mentions, p)
		}
	}
	return nil
}

// threads adds to comments what they reply to and who closed the thread. A
// comment's place among those of its issue is its row's number.
func (sh *shot) threads(ctx context.Context) error {
	i := 0
	st, err := sh.conn.Table("comment_thread", "id", "parent", "resolved", "resolver")
	if err != nil {
		return err
	}
	return sh.eachRow(ctx, sh.whole, st, seqBits, func(id int64) error {
		if !sh.told(&i, id) {
			return nil
		}
		r := &sh.snap.Comments[int64(sh.snap.Items[i].CommentLo)+id&maxSeq]
		r.Parent, r.Resolved, r.Resolver = sh.name(st, 1), st.Int(2), lookup(sh.ses.persons, st.Int(3))
		return nil
	})
}

// lead gives a stored lead a place in this snapshot's Leads.
func (sh *shot) lead(id int64) backlog.ValueID {
	v, ok := sh.leads[id]
	if !ok {
		v = backlog.ValueID(len(sh.leads))
		sh.leads[id] = v
	}
	return v
}

func (sh *shot) leadNames(ctx context.Context) error {
	if len(sh.leads) == 1 {
		return nil
	}
	st, err := sh.conn.Prepare(`SELECT name FROM lead WHERE id = ?`)
	if err != nil {
		return err
	}
	defer st.Close()
	sh.snap.Leads = make([]string, len(sh.leads))
	for id, v := range sh.leads {
		if err := st.Bind(id); err != nil {
			return err
		}
		err := steps(ctx, st, func(st *fastscan.Stmt) error {
			sh.snap.Leads[v] = st.Text(0)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// aboves reads the further roadmap items above items.
func (sh *shot) aboves(ctx context.Context) error {
	i := 0
	return sh.eachRun(ctx, sh.runs, `SELECT issue, above FROM issue_above WHERE issue >= ? ORDER BY issue, pos`, func(st *fastscan.Stmt, issue int64) error {
		if no := lookup(sh.ses.refs, st.Int(1)); no != 0 && sh.hang(&i, issue) {
			sh.snap.Items[i].Above = append(sh.snap.Items[i].Above, no)
		}
		return nil
	})
}

// spans reads the further scopes a roadmap item spans; ones that never had an
// issue are none.
func (sh *shot) spans(ctx context.Context) error {
	i := 0
	return sh.eachRun(ctx, sh.runs, `SELECT p.issue, i.source, p.scope FROM issue_span p JOIN issue i ON i.no = p.issue WHERE p.issue >= ? ORDER BY p.issue, p.scope`, func(st *fastscan.Stmt, issue int64) error {
		if no := sh.ses.scopeKeys[scopeKey{st.Int(1), st.Text(2)}]; no != 0 && sh.hang(&i, issue) {
			sh.snap.Items[i].Spans = append(sh.snap.Items[i].Spans, no)
		}
		return nil
	})
}

func (sh *shot) components(ctx context.Context) error {
	if !sh.q.Components {
		return nil
	}
	i := 0
	return sh.eachRun(ctx, sh.runs, `SELECT issue, component FROM issue_component WHERE issue >= ? ORDER BY issue`, func(st *fastscan.Stmt, issue int64) error {
		if sh.hang(&i, issue) {
			v := lookup(sh.site.Values, st.Int(1))
			sh.snap.Items[i].Components = append(sh.snap.Items[i].Components, v.Name)
			slices.Sort(sh.snap.Items[i].Components)
		}
		return nil
	})
}

// ancestorOf says what is above an issue, which need not be in the snapshot.
func (sh *shot) ancestorOf(no int64) (ancestor, error) {
	if i, ok := slices.BinarySearch(sh.numbers, no); ok {
		return sh.itself(i), nil
	}
	if a, ok := sh.lineage[no]; ok || no == 0 {
		return a, nil
	}
	if err := sh.ancestor.Bind(no); err != nil {
		return ancestor{}, err
	}
	defer sh.ancestor.Reset()
	more, err := sh.ancestor.Step()
	if err != nil {
		return ancestor{}, err
	}
	var a ancestor
	if more {
		a = ancestor{sh.level(no, sh.ancestor.Int(0)), lookup(sh.ses.refs, sh.ancestor.Int(1)), lookup(sh.ses.refs, sh.ancestor.Int(2))}
	}
	sh.lineage[no] = a
	return a, nil
}

// itself is ancestorOf for an item of the snapshot.
func (sh *shot) itself(i int) ancestor {
	it := &sh.snap.Items[i]
	return ancestor{it.Level, it.Parent, sh.besides[i].epic}
}

// epics finds the nearest roadmap item above each item: its epic, its parent
// where that is on the roadmap, or what its parent hangs on.
func (sh *shot) epics() error {
	for i := range sh.snap.Items {
		it := &sh.snap.Items[i]
		a := sh.itself(i)
		for range 4 { // deeper than any hierarchy below the roadmap; a circle ends here too
			if a.epic != 0 && a.epic != it.No {
				it.Epic = a.epic
				break
			}
			if a.parent == 0 || a.parent == it.No {
				break
			}
			p, err := sh.ancestorOf(a.parent)
			if err != nil {
				return err
			}
			if p.level.OnRoadmap() {
				it.Epic = a.parent
				break
			}
			a = p
		}
	}
	return nil
}

// above lists the roadmap items the scope hangs on: those any issue of it points
// to, and those above the items read.
func (sh *shot) above(ctx context.Context, pointers map[int64]struct{}) error {
	found := map[int64]struct{}{}
	planned, err := sh.ses.roadmap(ctx, sh.conn)
	if err != nil {
		return err
	}
	for ref := range pointers {
		no := lookup(sh.ses.refs, ref)
		if _, is := planned[no]; is && no != 0 {
			found[no] = struct{}{}
		}
	}
	for i := range sh.snap.Items {
		it := &sh.snap.Items[i]
		if it.Epic != 0 {
			found[it.Epic] = struct{}{}
		}
		for _, no := range it.Above {
			found[no] = struct{}{}
		}
	}
	for no := range found {
		sh.snap.Above = append(sh.snap.Above, no)
	}
	slices.Sort(sh.snap.Above)
	return nil
}

// count says how much there is and what is missing, and sets the flags that
// depend on it. Changes and comments are counted inside the window.
func (sh *shot) count() {
	sn := sh.snap
	n := &sn.Count
	n.Issues = len(sn.Items)
	inside := func(at int64) bool { return at >= sh.from && at < sh.to }
	for i := range sn.Items {
		it, p := &sn.Items[i], sh.besides[i]
		if sh.bare != nil && sh.bare[i] {
			continue // nothing of it was looked at
		}
		entries, last := int64(0), int64(math.MinInt64)
		for j, e := range sn.ChangesOf(it) {
			if j == 0 || e.ID != last || e.At != sn.Changes[int(it.ChangeLo)+j-1].At {
				entries++
			}
			last = e.ID
			if inside(e.At) {
				n.Changes++
				if e.Actor == backlog.Nobody {
					n.NoAuthor++
				}
			}
		}
		comments := int64(it.CommentHi - it.CommentLo)
		for _, c := range sn.CommentsOf(it) {
			if inside(c.At) {
				n.Comments++
				if c.Author == backlog.Nobody {
					n.NoAuthor++
				}
			}
		}
		it.History = history(it.History, it.Updated > p.historyAt, entries, p.changes)
		switch it.History {
		case backlog.HistoryNone:
			n.NoHistory++
		case backlog.HistoryShort:
			n.ShortHistory++
		}
		it.MissingChanges = int32(max(0, p.changes-entries))
		it.MissingComments = int32(max(0, p.comments-comments))
		n.MissingChanges += int(it.MissingChanges)
		n.MissingComments += int(it.MissingComments)
		if !p.read || comments < p.comments {
			it.Flags |= backlog.ItemShortComments
			n.ShortComments++
		}
	}
	n.MissingIssues = sh.missingIssues()
}

// history says how much of an issue's history is stored, given what the copy that
// had it said, whether a newer copy had none, and the entries stored and promised.
func history(said backlog.History, outdated bool, entries, promised int64) backlog.History {
	switch {
	case said == backlog.HistoryNone:
		return said
	case outdated || promised > entries:
		return backlog.HistoryShort
	case promised >= 0: // several copies may have completed what each had in part
		return backlog.HistoryComplete
	}
	return said
}

// missingIssues counts the issues gaps name: those of the scope, and those of no
// known scope where its source has no other.
func (sh *shot) missingIssues() int {
	only := map[string]int{}
	for _, sc := range sh.site.Scopes {
		only[sh.site.Sources[sc.Source].Name]++
	}
	sum := 0
	for _, g := range sh.site.Gaps {
		if g.What != "issues" {
			continue
		}
		if sh.q.Scope != 0 {
			source := sh.site.Sources[sh.snap.Scope.Source].Name
			if g.Source != source || g.Scope != sh.snap.Scope.Key && (g.Scope != "" || only[source] > 1) {
				continue
			}
		}
		sum += max(1, g.Missing)
	}
	return sum
}
