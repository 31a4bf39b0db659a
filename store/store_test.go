package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"defacto/backlog"
)

// views are the open views whose content must not depend on how it arrived.
var views = []string{"v_people", "v_accounts", "v_issues", "v_changes", "v_comments"}

// day returns a time in July 2026 by its day, fractions allowed.
func day(d float64) time.Time {
	return time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(d * float64(24*time.Hour)))
}

func dump(tb testing.TB, s *Store, names ...string) string {
	tb.Helper()
	if len(names) == 0 {
		names = views
	}
	var b strings.Builder
	for _, v := range names {
		fmt.Fprintln(&b, "--", v)
		for _, l := range table2text(tb, s.DB(), "SELECT * FROM "+v) {
			fmt.Fprintln(&b, l)
		}
	}
	return b.String()
}

// table2text returns a query's rows as sorted lines.
func table2text(tb testing.TB, db *sql.DB, query string) []string {
	tb.Helper()
	rows, err := db.Query(query)
	if err != nil {
		tb.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		tb.Fatal(err)
	}
	var lines []string
	for rows.Next() {
		cells, into := make([]sql.NullString, len(names)), make([]any, len(names))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			tb.Fatal(err)
		}
		var b strings.Builder
		for i, c := range cells {
			if !c.Valid {
				c.String = "NULL"
			}
			fmt.Fprintf(&b, "%s=%.60s ", names[i], c.String)
		}
		lines = append(lines, b.String())
	}
	if err := rows.Err(); err != nil {
		tb.Fatal(err)
	}
	slices.Sort(lines)
	return lines
}

func save(tb testing.TB, s *Store, source string, b backlog.Batch) backlog.Saved {
	tb.Helper()
	saved, err := s.Save(context.Background(), source, b)
	if err != nil {
		tb.Fatal(err)
	}
	return saved
}

func snapshot(tb testing.TB, s *Store, scope string, q Query) *backlog.Snapshot {
	tb.Helper()
	site, err := s.Site(context.Background())
	if err != nil {
		tb.Fatal(err)
	}
	if scope != "" {
		i := slices.IndexFunc(site.Scopes, func(sc backlog.ScopeInfo) bool { return sc.Name == scope })
		if i < 0 {
			tb.Fatalf("no scope %s in %v", scope, site.Scopes)
		}
		q.Scope = site.Scopes[i].No
	}
	snap, err := s.Snapshot(context.Background(), site, q)
	if err != nil {
		tb.Fatal(err)
	}
	return snap
}

func sound(tb testing.TB, s *Store) {
	tb.Helper()
	found, err := s.Check(context.Background())
	if err != nil || len(found) > 0 {
		tb.Fatalf("check: %v %v", found, err)
	}
}

func item(tb testing.TB, snap *backlog.Snapshot, key string) *backlog.Item {
	tb.Helper()
	i := slices.IndexFunc(snap.Items, func(it backlog.Item) bool { return it.Key == key })
	if i < 0 {
		tb.Fatalf("no %s in the snapshot", key)
	}
	return &snap.Items[i]
}

// story returns a small issue with everything an issue can have.
func story(n int, updated time.Time) backlog.Issue {
	est := 3.0
	return backlog.Issue{
		ID: fmt.Sprint(1000 + n), Key: fmt.Sprintf("PAY-%d", n), OldKeys: []string{fmt.Sprintf("OLD-%d", n)}, Scope: "PAY", Type: "10001", TypeName: "Story",
		Title:       fmt.Sprint("As a payer, I want story ", n),
		Description: backlog.Text{Prose: "Given a card\nWhen it fails\nThen say so", Code: []string{"x := 1"}, Mentions: []string{"ada"}},
		Status:      "3", StatusName: "In Progress", Category: backlog.Started, Priority: "High",
		Creator: "u1", Reporter: "u2", Assignee: "u3",
		Epic: backlog.Ref{Key: "PAY-100"}, Labels: []string{"b", "a", "b"}, Components: []string{"Web", "API"}, Versions: []string{"v1"}, Sprints: []string{"11", "12"},
		Links: []backlog.Link{{Kind: backlog.LinkMarket, Name: "relates", Other: backlog.Ref{Key: "SUP-1"}}}, Estimate: &est, Rank: "0|i0:",
		Created: day(1), Updated: updated, Due: day(40), History: backlog.HistoryComplete, CommentsRead: true, PromisedChanges: -1, PromisedComments: -1,
		Changes: []backlog.Change{
			{ID: fmt.Sprint(10*n + 1), At: day(2), Author: "u1", Field: backlog.FieldStatus, FieldID: "status", FieldName: "status", From: "1", FromName: "To Do", To: "3", ToName: "In Progress"},
			{ID: fmt.Sprint(10*n + 1), Ordinal: 1, At: day(2), Author: "u1", Field: backlog.FieldAssignee, FieldName: "assignee", To: "u3", ToName: "Cy"},
			{ID: fmt.Sprint(10*n + 2), At: day(3), Author: "u2", Field: backlog.FieldSummary, FieldName: "summary", FromName: "old", ToName: "new"},
			{ID: fmt.Sprint(10*n + 3), At: day(4), Field: backlog.FieldSprint, FieldName: "Sprint", From: "11", To: "11,12", ToName: "S 11, S 12"},
			{ID: fmt.Sprint(10*n + 4), At: day(5), Author: "u2", Field: backlog.FieldParent, FieldName: "Epic Link", To: "1100", ToName: "PAY-100", Measure: -5, Machine: true},
		},
		Comments: []backlog.Comment{
			{ID: fmt.Sprint(100*n + 1), At: day(3), Author: "u3", Body: backlog.Text{Prose: "Ada, which card?", Mentions: []string{"ada", "u2", "who"}, Quotes: []string{"q"}}},
			{ID: fmt.Sprint(100*n + 2), At: day(4), Author: "u1", Body: backlog.Text{Prose: "Both."}, Parent: fmt.Sprint(100*n + 1), Resolved: day(5), Resolver: "u2"},
		},
	}
}

// epic returns the issue the stories hang on; its type does not say so.
func epic() backlog.Issue {
	return backlog.Issue{
		ID: "1100", Key: "PAY-100", Scope: "PAY", Type: "10002", TypeName: "Thing", Title: "The epic", Status: "1", StatusName: "To Do",
		Created: day(0), Updated: day(1), History: backlog.HistoryNone, PromisedChanges: -1, PromisedComments: 2,
	}
}

func people() []backlog.Account {
	return []backlog.Account{
		{ID: "u1", Handle: "ada", Name: "Ada", Email: "ada@example.com", Active: true, Zone: "Europe/Berlin"},
		{ID: "u2", Handle: "bo", Name: "Bo", Active: true},
		{ID: "u3", Name: "Cy", Active: true, Thin: true},
	}
}

func TestSaveTwice(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"), Options{})
	b := backlog.Batch{Kind: "jira", Site: "https://t.example", Accounts: people(), Issues: []backlog.Issue{epic(), story(1, day(6)), story(2, day(6))}, Absences: []backlog.Absence{{ID: "1002", State: "deleted", At: day(9)}}}
	want := backlog.Saved{Issues: 3, Entries: 8, Changes: 10, Comments: 4, NewIssues: 3, NewChanges: 10, NewComments: 4}
	if got := save(t, s, "acme", b); got != want {
		t.Errorf("first: %+v, want %+v", got, want)
	}
	before := dump(t, s)
	want.NewIssues, want.NewChanges, want.NewComments = 0, 0, 0
	if got := save(t, s, "acme", b); got != want {
		t.Errorf("second: %+v, want %+v", got, want)
	}
	if d := cmp.Diff(before, dump(t, s)); d != "" {
		t.Error(d)
	}
	sound(t, s)
	// And by a process that remembers nothing.
	s.Close()
	s = open(t, s.path, Options{})
	if got := save(t, s, "acme", b); got != want {
		t.Errorf("reopened: %+v, want %+v", got, want)
	}
	if d := cmp.Diff(before, dump(t, s)); d != "" {
		t.Error(d)
	}
	if n := table2text(t, s.DB(), "SELECT count(*) AS n FROM long_text"); n[0] != "n=2 " {
		t.Errorf("long texts: %v", n)
	}
}

func TestSnapshot(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"), Options{})
	// The epic arrives after the stories that point to it, a scope's key before the scope.
	save(t, s, "acme", backlog.Batch{Issues: []backlog.Issue{story(1, day(6)), story(2, day(60))}})
	save(t, s, "acme", backlog.Batch{
		Kind: "jira", Site: "https://t.example", Accounts: people(), Issues: []backlog.Issue{epic()},
		Scopes:   []backlog.Scope{{ID: "1", Key: "PAY", Name: "Payments", Lead: "u2"}},
		Statuses: []backlog.Status{{ID: "1", Name: "To Do", Category: backlog.Unstarted}, {ID: "3", Name: "In Progress", Category: backlog.Started, Position: 2}},
		Sprints:  []backlog.Sprint{{ID: "11", Name: "S 11", State: "closed", Start: day(0), End: day(14)}, {ID: "12", Name: "S 12"}},
		Declared: []backlog.Declaration{{Account: "u2", Role: backlog.ProductOwner, Scope: "PAY", Origin: "project-lead"}},
	})
	snap := snapshot(t, s, "acme/PAY", Query{Components: true})
	site := snap.Site
	if len(snap.Items) != 3 || len(snap.Changes) != 10 || len(snap.Comments) != 4 {
		t.Fatalf("%d items, %d changes, %d comments", len(snap.Items), len(snap.Changes), len(snap.Comments))
	}
	if snap.Scope.Title != "Payments" || site.People[snap.Scope.Lead].Name != "Bo" || len(site.Declared) != 1 || site.People[site.Declared[0].Person].Name != "Bo" {
		t.Errorf("scope %+v, declared %+v", snap.Scope, site.Declared)
	}
	it, top := item(t, snap, "PAY-1"), item(t, snap, "PAY-100")
	if it.Epic != top.No || top.Level != backlog.Epic || !slices.Equal(snap.Above, []int64{top.No}) {
		t.Errorf("epic %d level %d above %v, want %d", it.Epic, top.Level, snap.Above, top.No)
	}
	if st := site.Statuses[it.Status]; st.Name != "In Progress" || st.Category != backlog.Started || st.Position != 2 {
		t.Errorf("status %+v", st)
	}
	wantFlags := backlog.ItemHasCriteria | backlog.ItemAsA | backlog.ItemDescribed | backlog.ItemMarket | backlog.ItemVersioned
	if it.Flags != wantFlags || it.History != backlog.HistoryComplete || it.Due != day(40).UnixMilli() || !slices.Equal(it.Components, []string{"API", "Web"}) {
		t.Errorf("item %+v", it)
	}
	name := func(p backlog.PersonID) string { return site.People[p].Name }
	if name(it.Creator) != "Ada" || name(it.Reporter) != "Bo" || name(it.Assignee) != "Cy" {
		t.Error(name(it.Creator), name(it.Reporter), name(it.Assignee))
	}
	ch := snap.ChangesOf(it)
	if v := site.Values[ch[0].To]; v.Name != "In Progress" || site.Statuses[v.Ref].Name != "In Progress" || snap.EventName(ch[0].ID) != "11" {
		t.Errorf("status change %+v to %+v", ch[0], v)
	}
	if v := site.Values[ch[1].To]; name(backlog.PersonID(v.Ref)) != "Cy" || ch[1].Ordinal != 1 {
		t.Errorf("assignee change %+v to %+v", ch[1], v)
	}
	if ch[2].From != 0 || ch[2].To != 0 {
		t.Errorf("a text has a value: %+v", ch[2])
	}
	if v := site.Values[ch[3].To]; len(v.Sprints) != 2 || site.Sprints[v.Sprints[1]].Name != "S 12" || ch[3].Actor != backlog.Nobody {
		t.Errorf("sprint change %+v to %+v", ch[3], v)
	}
	if v := site.Values[ch[4].To]; v.Ref != top.No || ch[4].Measure != -5 || !ch[4].Machine {
		t.Errorf("parent change %+v to %+v", ch[4], v)
	}
	co := snap.CommentsOf(it)
	var mentioned []string
	for _, p := range snap.MentionsOf(&co[0]) {
		mentioned = append(mentioned, name(p))
	}
	if !slices.Equal(mentioned, []string{"Ada", "Bo"}) || snap.Leads[co[0].Lead] != "Ada" || co[0].Marks != backlog.MarkQuestion|backlog.MarkMentions|backlog.MarkQuotes || co[0].Chars != 16 {
		t.Errorf("comment %+v mentions %v lead %q", co[0], mentioned, snap.Leads[co[0].Lead])
	}
	if co[1].Parent != co[0].ID || co[1].Resolved != day(5).UnixMilli() || name(co[1].Resolver) != "Bo" || co[0].Parent != 0 {
		t.Errorf("thread %+v", co[1])
	}
	want := backlog.Counts{Issues: 3, Changes: 10, Comments: 4, NoHistory: 1, ShortComments: 1, MissingComments: 2, NoAuthor: 2}
	if snap.Count != want {
		t.Errorf("count %+v, want %+v", snap.Count, want)
	}

	t.Run("window", func(t *testing.T) {
		snap := snapshot(t, s, "acme/PAY", Query{From: day(30), To: day(90)})
		if len(snap.Items) != 1 || snap.Items[0].Key != "PAY-2" || len(snap.Changes) != 5 || snap.Count.Changes != 0 {
			t.Errorf("%+v", snap.Items)
		}
		if snap.Items[0].Epic != top.No || !slices.Equal(snap.Above, []int64{top.No}) {
			t.Errorf("the epic outside the window is not found: %+v %v", snap.Items[0], snap.Above)
		}
		if snap := snapshot(t, s, "acme/PAY", Query{To: day(0.5)}); len(snap.Items) != 1 || snap.Items[0].Key != "PAY-100" {
			t.Errorf("%+v", snap.Items)
		}
	})
	t.Run("roadmap", func(t *testing.T) {
		snap := snapshot(t, s, "", Query{})
		if len(snap.Items) != 1 || snap.Items[0].Key != "PAY-100" || snap.Scope.No != 0 {
			t.Errorf("%+v", snap.Items)
		}
	})
	t.Run("activity", func(t *testing.T) {
		first, last, err := s.Activity(t.Context())
		if err != nil || !first.Equal(day(0)) || !last.Equal(day(5)) {
			t.Error(first, last, err)
		}
		accounts, err := s.Accounts(t.Context())
		if err != nil || len(accounts) != 3 || accounts[0].Key() != "acme:u1" || accounts[0].First != day(1).UnixMilli() || accounts[0].Last != day(4).UnixMilli() {
			t.Errorf("%+v %v", accounts, err)
		}
	})
	t.Run("unknown scope", func(t *testing.T) {
		if _, err := s.Snapshot(t.Context(), site, Query{Scope: 77}); err == nil {
			t.Error("no error")
		}
		if _, err := s.Snapshot(t.Context(), &backlog.Site{}, Query{}); !errors.Is(err, errClosed) {
			t.Error(err)
		}
	})
}

// TestArrival saves the same copies in many orders and portions: the views are
// the same every time.
func TestArrival(t *testing.T) {
	var copies []backlog.Batch
	one := func(is ...backlog.Issue) { copies = append(copies, backlog.Batch{Issues: is}) }
	for n := 1; n <= 4; n++ {
		old := story(n, day(4))
		old.Changes, old.Comments = old.Changes[:3], old.Comments[:1]
		old.StatusName, old.Title, old.Key, old.Assignee, old.Labels = "Doing", "older", fmt.Sprintf("WAS-%d", n), "former", []string{"z"}
		old.Status, old.Scope = "1", "WAS"
		old.History = backlog.HistoryShort
		edited := story(n, day(7))
		edited.Comments[0].Edited, edited.Comments[0].Body.Prose = day(6.5), "Bo, which one?"
		edited.Comments = append(edited.Comments, backlog.Comment{ID: fmt.Sprint(100*n + 3), At: day(2.5), Author: "u2", Body: backlog.Text{Prose: "an earlier one"}})
		edited.Changes = edited.Changes[3:] // a later copy is shorter: nothing is lost
		edited.Changes = append(edited.Changes, backlog.Change{ID: fmt.Sprint(10*n + 9), At: day(1.5), Author: "u4", Field: backlog.FieldDescription, ToName: "text", Measure: 101})
		one(old)
		one(story(n, day(6)))
		one(edited)
	}
	one(epic())
	sub := story(5, day(8))
	sub.Level, sub.Epic, sub.Parent = backlog.SubTask, backlog.Ref{}, backlog.Ref{ID: "1001", Key: "PAY-1"}
	one(sub)
	copies = append(copies,
		backlog.Batch{Accounts: people()},
		backlog.Batch{Accounts: []backlog.Account{{ID: "u1", Name: "A. (thin)", Thin: true}, {ID: "u3", Name: "Cyrus", Thin: true, Active: true}}},
		backlog.Batch{Statuses: []backlog.Status{{ID: "3", Name: "In Progress", Category: backlog.Started}}},
		backlog.Batch{Sprints: []backlog.Sprint{{ID: "11", Name: "S 11", State: "closed"}}},
		backlog.Batch{Sprints: []backlog.Sprint{{ID: "11", Name: "Sprint 11", State: "active"}}},
		backlog.Batch{Absences: []backlog.Absence{{ID: "1002", State: "deleted", At: day(9)}, {ID: "1003", State: "gone", At: day(5)}}},
		backlog.Batch{Absences: []backlog.Absence{{ID: "1004", State: "gone", At: day(8)}}},
		backlog.Batch{Absences: []backlog.Absence{{ID: "1004", At: day(9)}}},
	)
	rng := rand.New(rand.NewPCG(7, 7))
	var want string
	var wantSnap []string
	for round := range 24 {
		s := open(t, filepath.Join(t.TempDir(), "s.db"), Options{})
		// The first round brings all as one batch, the second one by one, the others shuffled in portions.
		order := slices.Clone(copies)
		if round > 1 {
			rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		}
		for len(order) > 0 {
			n := len(order)
			if round > 0 {
				n = min(n, 1+rng.IntN(1+round))
			}
			var b backlog.Batch
			for _, c := range order[:n] {
				b.Issues, b.Accounts, b.Statuses = append(b.Issues, c.Issues...), append(b.Accounts, c.Accounts...), append(b.Statuses, c.Statuses...)
				b.Sprints, b.Absences = append(b.Sprints, c.Sprints...), append(b.Absences, c.Absences...)
			}
			order = order[n:]
			save(t, s, "acme", b)
		}
		sound(t, s)
		got, snap := dump(t, s), flatten(snapshot(t, s, "acme/PAY", Query{Components: true}))
		s.Close()
		if round == 0 {
			want, wantSnap = got, snap
			continue
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("round %d:\n%s", round, d)
		}
		if d := cmp.Diff(wantSnap, snap); d != "" {
			t.Fatalf("round %d:\n%s", round, d)
		}
	}
	for _, part := range []string{
		"key=PAY-1 ", "key=PAY-2 type=Story level=0 status=In Progress", "deleted=deleted", "parent_key=PAY-1 ", "body=Bo, which one?", "body=an earlier one", "name=Ada ", "name=Cy ",
		"issue_key=PAY-1 id=19 ordinal=0 at=2026-07-02T12:00:00.000Z", "key=PAY-100 type=Thing level=1",
	} {
		if !strings.Contains(want, part) {
			t.Errorf("%q is missing in\n%s", part, want)
		}
	}
	if strings.Contains(want, "deleted=gone") {
		t.Error("an issue found again, or newer than its absence, is still gone")
	}
}

// flatten writes a snapshot down without the store's own numbers.
func flatten(s *backlog.Snapshot) []string {
	person := func(p backlog.PersonID) string { return s.Site.People[p].ID }
	keys := map[int64]string{}
	for _, it := range s.Items {
		keys[it.No] = it.Key
	}
	var lines []string
	for i := range s.Items {
		it := &s.Items[i]
		lines = append(lines, fmt.Sprint(it.Key, s.Site.Statuses[it.Status].Name, it.Level, it.History, it.Flags, person(it.Creator), person(it.Reporter), person(it.Assignee), keys[it.Parent], keys[it.Epic], it.Created, it.Updated, it.Components))
		for _, c := range s.ChangesOf(it) {
			lines = append(lines, fmt.Sprint(it.Key, " change ", c.At, s.EventName(c.ID), c.Ordinal, c.Field, person(c.Actor), s.Site.Values[c.From].Name, s.Site.Values[c.From].Ref != 0, s.Site.Values[c.To].Name, c.Measure, c.Machine))
		}
		for _, c := range s.CommentsOf(it) {
			lines = append(lines, fmt.Sprint(it.Key, " comment ", c.At, s.EventName(c.ID), person(c.Author), c.Marks, s.Leads[c.Lead], len(s.MentionsOf(&c)), c.Chars, s.EventName(c.Parent), c.Resolved))
		}
	}
	for _, sc := range s.Site.Scopes {
		lines = append(lines, "scope "+sc.Name)
	}
	for _, st := range s.Site.Statuses {
		lines = append(lines, fmt.Sprint("status ", st.ID, st.Name, st.Category))
	}
	slices.Sort(lines)
	return append(lines, fmt.Sprintf("%+v", s.Count))
}

func TestCanceledSave(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"), Options{})
	cursor := backlog.Cursor("one")
	save(t, s, "acme", backlog.Batch{Accounts: people(), Issues: []backlog.Issue{story(1, day(6))}, Cursor: &cursor})
	before := dump(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	next := backlog.Cursor("two")
	b := backlog.Batch{Issues: []backlog.Issue{story(2, day(6)), story(3, day(6))}, Cursor: &next}
	err := s.write(ctx, func(firm context.Context, w *writer) error {
		src, err := w.remember(firm, "acme")
		if err != nil {
			return err
		}
		in := &intake{store: s, w: w, src: src, lexicon: &s.lexicon, keepText: true, saved: &backlog.Saved{}}
		if err := in.issues(ctx, firm, b.Issues); err != nil {
			return err
		}
		cancel() // all rows are written, nothing is committed
		return in.finish(firm, &b)
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	if d := cmp.Diff(before, dump(t, s)); d != "" {
		t.Error(d)
	}
	if c, err := s.Cursor(t.Context(), "acme"); c != "one" || err != nil {
		t.Error(c, err)
	}
	if _, err := s.Save(ctx, "acme", b); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	// What was remembered of the failed transaction is forgotten.
	save(t, s, "acme", b)
	sound(t, s)
	if c, err := s.Cursor(t.Context(), "acme"); c != "two" || err != nil {
		t.Error(c, err)
	}
	if c, err := s.Cursor(t.Context(), "other"); c != "" || err != nil {
		t.Error(c, err)
	}
}

func TestFailedSave(t *testing.T) {
	for name, bad := range map[string]backlog.Issue{
		"no identity": {Scope: "PAY"},
		"ordinal":     {ID: "1", Scope: "PAY", Changes: []backlog.Change{{ID: "1", Ordinal: 1 << 20}}},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, filepath.Join(t.TempDir(), "s.db"), Options{})
			if _, err := s.Save(t.Context(), "acme", backlog.Batch{Issues: []backlog.Issue{story(1, day(6)), bad}}); err == nil {
				t.Fatal("no error")
			}
			if n := table2text(t, s.DB(), "SELECT * FROM v_issues"); len(n) > 0 {
				t.Error(n)
			}
			save(t, s, "acme", backlog.Batch{Issues: []backlog.Issue{story(1, day(6))}})
			sound(t, s)
		})
	}
}

func TestTwoSources(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"), Options{})
	b := backlog.Batch{Accounts: people(), Issues: []backlog.Issue{epic(), story(1, day(6))}, Absences: []backlog.Absence{{ID: "1001", State: "gone", At: day(8)}}}
	save(t, s, "one", b)
	b.Issues[1].Creator, b.Issues[1].Title, b.Absences = "u9", "other", nil
	save(t, s, "two", b)
	sound(t, s)
	site, err := s.Site(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(site.People) != 1+3+4 || len(site.Scopes) != 2 || len(site.Sources) != 2 {
		t.Errorf("%d people, %d scopes", len(site.People), len(site.Scopes))
	}
	a, b2 := snapshot(t, s, "one/PAY", Query{}), snapshot(t, s, "two/PAY", Query{})
	x, y := item(t, a, "PAY-1"), item(t, b2, "PAY-1")
	if x.No == y.No || x.Epic != item(t, a, "PAY-100").No || y.Epic != item(t, b2, "PAY-100").No || x.Flags&backlog.ItemGone == 0 || y.Flags&backlog.ItemGone != 0 {
		t.Errorf("%+v\n%+v", x, y)
	}
	va, vb := a.Site.Values[a.ChangesOf(x)[1].To], b2.Site.Values[b2.ChangesOf(y)[1].To]
	if va.Ref == vb.Ref || va.Ref == 0 || vb.Ref == 0 {
		t.Errorf("%+v %+v", va, vb)
	}
	if snapshot(t, s, "", Query{}).Count.Issues != 2 {
		t.Error("the roadmap is not that of both sources")
	}
}

func TestLarge(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"), Options{})
	is := story(1, day(60))
	is.Changes, is.Comments = nil, nil
	for i := range 3000 {
		is.Changes = append(is.Changes, backlog.Change{ID: fmt.Sprint(5000 - i), At: day(float64(i%50) + 1), Author: "u1", Field: backlog.FieldRank, ToName: "Ranked higher", Measure: 1})
	}
	text := strings.Repeat("a long story <script> \x1b[31m 长\x00 ", 160_000) // 5 MB
	is.Comments = []backlog.Comment{{ID: "c-1", At: day(2), Author: "u1", Body: backlog.Text{Prose: text}}, {ID: "c-2", At: day(3), Body: backlog.Text{}}}
	save(t, s, "acme", backlog.Batch{Issues: []backlog.Issue{is}})
	if got := save(t, s, "acme", backlog.Batch{Issues: []backlog.Issue{is}}); got.NewChanges+got.NewComments+got.UpdatedIssues > 0 {
		t.Errorf("%+v", got)
	}
	is.Updated, is.Changes = day(61), append(is.Changes, backlog.Change{ID: "9", At: day(0), Field: backlog.FieldFlagged, ToName: "Impediment"})
	is.Comments = append(is.Comments, backlog.Comment{ID: "c-0", At: day(1), Body: backlog.Text{Prose: "first"}})
	save(t, s, "acme", backlog.Batch{Issues: []backlog.Issue{is}})
	sound(t, s)
	snap := snapshot(t, s, "acme/PAY", Query{})
	ch := snap.ChangesOf(&snap.Items[0])
	if len(ch) != 3001 || ch[0].ID != 9 || !slices.IsSortedFunc(ch, func(a, b backlog.Event) int {
		if a.At != b.At {
			return int(a.At - b.At)
		}
		return int(a.ID - b.ID)
	}) {
		t.Errorf("%d changes, the first %+v", len(ch), ch[0])
	}
	var body string
	if err := s.DB().QueryRow(`SELECT body FROM v_comments WHERE id = 'c-1'`).Scan(&body); err != nil || body != text {
		t.Errorf("%d bytes of %d, %v", len(body), len(text), err)
	}
	if co := snap.CommentsOf(&snap.Items[0]); snap.EventName(co[0].ID) != "c-0" || snap.EventName(co[1].ID) != "c-1" || co[1].Chars == 0 || co[2].Author != backlog.Nobody {
		t.Errorf("%+v", co)
	}
}

func TestHistory(t *testing.T) {
	part := func(updated time.Time, h backlog.History, promised int, ids ...string) backlog.Issue {
		is := backlog.Issue{ID: "1", Key: "P-1", Scope: "P", Created: day(0), Updated: updated, History: h, PromisedChanges: promised, PromisedComments: -1, CommentsRead: true}
		for _, id := range ids { // two items an entry
			is.Changes = append(is.Changes, backlog.Change{ID: id, At: day(1), Field: backlog.FieldStatus, To: "1"}, backlog.Change{ID: id, Ordinal: 1, At: day(1), Field: backlog.FieldStatus, To: "2"})
		}
		return is
	}
	for _, tc := range []struct {
		name    string
		copies  []backlog.Issue
		want    backlog.History
		missing int
	}{
		{"all", []backlog.Issue{part(day(2), backlog.HistoryComplete, 2, "1", "2")}, backlog.HistoryComplete, 0},
		{"entries are counted, not items", []backlog.Issue{part(day(2), backlog.HistoryComplete, 3, "1", "2")}, backlog.HistoryShort, 1},
		{"none", []backlog.Issue{part(day(2), backlog.HistoryNone, -1)}, backlog.HistoryNone, 0},
		{"short, nothing promised", []backlog.Issue{part(day(2), backlog.HistoryShort, -1, "1")}, backlog.HistoryShort, 0},
		{"two halves", []backlog.Issue{part(day(2), backlog.HistoryShort, 2, "1"), part(day(2), backlog.HistoryShort, 2, "2")}, backlog.HistoryComplete, 0},
		{"a newer copy without", []backlog.Issue{part(day(2), backlog.HistoryComplete, 1, "1"), part(day(3), backlog.HistoryNone, -1)}, backlog.HistoryShort, 0},
		{"an older copy with", []backlog.Issue{part(day(3), backlog.HistoryNone, -1), part(day(2), backlog.HistoryComplete, 1, "1")}, backlog.HistoryShort, 0},
		{"the same copy without", []backlog.Issue{part(day(2), backlog.HistoryComplete, 1, "1"), part(day(2), backlog.HistoryNone, -1)}, backlog.HistoryComplete, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := open(t, filepath.Join(t.TempDir(), "s.db"), Options{})
			for _, is := range tc.copies {
				save(t, s, "acme", backlog.Batch{Issues: []backlog.Issue{is}})
			}
			snap := snapshot(t, s, "acme/P", Query{})
			if got := snap.Items[0]; got.History != tc.want || snap.Count.MissingChanges != tc.missing || int(got.MissingChanges) != tc.missing {
				t.Errorf("%v, %d missing", got.History, snap.Count.MissingChanges)
			}
		})
	}
}

func TestHierarchy(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"), Options{})
	mk := func(id string, level backlog.Level, parent, epic string) backlog.Issue {
		return backlog.Issue{ID: id, Key: "K-" + id, Scope: "K", Level: level, Parent: backlog.Ref{ID: parent}, Epic: backlog.Ref{ID: epic}, Created: day(0), Updated: day(1)}
	}
	initiative, e := mk("1", 2, "", ""), mk("2", 1, "1", "")
	e.Roadmaps, e.Teams = []backlog.Ref{{ID: "9"}, {ID: "1"}}, []string{"L", "none"}
	other := mk("20", 0, "", "")
	other.Scope, other.Key = "L", "L-20"
	save(t, s, "acme", backlog.Batch{Issues: []backlog.Issue{
		mk("5", -1, "4", ""), mk("4", 0, "2", ""), mk("3", 0, "", "2"), mk("6", 0, "7", ""), mk("7", 0, "6", ""), mk("8", 0, "", "88"), e, initiative, other,
	}})
	snap := snapshot(t, s, "acme/K", Query{})
	no := func(key string) int64 { return item(t, snap, key).No }
	for key, want := range map[string]int64{"K-5": no("K-2"), "K-4": no("K-2"), "K-3": no("K-2"), "K-6": 0, "K-7": 0, "K-8": 0, "K-2": no("K-1"), "K-1": 0} {
		if got := item(t, snap, key).Epic; got != want {
			t.Errorf("%s: epic %d, want %d", key, got, want)
		}
	}
	if it := item(t, snap, "K-2"); !slices.Equal(it.Above, []int64{no("K-1")}) || len(it.Spans) != 1 || snap.Site.Scopes[1].No != it.Spans[0] {
		t.Errorf("%+v", it)
	}
	want := []int64{no("K-1"), no("K-2")}
	slices.Sort(want)
	if !slices.Equal(snap.Above, want) {
		t.Errorf("above %v, want %v", snap.Above, want)
	}
}

func TestFeatures(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db")
	b := backlog.Batch{Accounts: people(), Issues: []backlog.Issue{story(1, day(6))}}
	b.Issues[0].Changes = append(b.Issues[0].Changes, backlog.Change{ID: "99", At: day(6), Author: "u1", Field: backlog.FieldDescription, FromName: "secret before", ToName: "secret after", Measure: 50})
	kept := open(t, path, Options{})
	save(t, kept, "acme", b)
	want := flatten(snapshot(t, kept, "acme/PAY", Query{Components: true}))
	kept.Close()
	check := func(t *testing.T, s *Store) {
		t.Helper()
		if d := cmp.Diff(want, flatten(snapshot(t, s, "acme/PAY", Query{Components: true}))); d != "" {
			t.Error(d)
		}
		sound(t, s)
		if err := s.Vacuum(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.Close()
		raw, err := os.ReadFile(s.path)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"which card", "Both.", "Given a card", "x := 1", "secret before", "secret after"} {
			if strings.Contains(string(raw), secret) {
				t.Errorf("the file still holds %q", secret)
			}
		}
	}
	t.Run("turned on", func(t *testing.T) { check(t, open(t, path, Options{Text: FeaturesOnly})) })
	t.Run("stays on", func(t *testing.T) {
		s := open(t, path, Options{})
		save(t, s, "acme", b)
		check(t, s)
	})
	t.Run("from the start", func(t *testing.T) {
		s := open(t, filepath.Join(t.TempDir(), "n.db"), Options{Text: FeaturesOnly})
		save(t, s, "acme", b)
		check(t, s)
	})
	t.Run("off again", func(t *testing.T) {
		s := open(t, path, Options{Text: KeepText})
		save(t, s, "acme", b)
		if got := dump(t, s, "v_comments", "v_changes"); !strings.Contains(got, "which card") || !strings.Contains(got, "secret after") {
			t.Error(got)
		}
	})
}

func TestRemark(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db")
	s := open(t, path, Options{})
	save(t, s, "acme", backlog.Batch{Issues: []backlog.Issue{story(1, day(6))}})
	marks := func(s *Store) []backlog.Marks {
		var m []backlog.Marks
		for _, c := range snapshot(t, s, "acme/PAY", Query{}).Comments {
			m = append(m, c.Marks)
		}
		return m
	}
	before := marks(s)
	s.Close()
	lex := backlog.DefaultLexicon()
	lex.Rejects, lex.StoryOpenings = append(lex.Rejects, "both"), nil
	s = open(t, path, Options{Lexicon: lex})
	after := marks(s)
	if after[0] != before[0] || !after[1].Has(backlog.MarkRejects) || before[1].Has(backlog.MarkRejects) {
		t.Errorf("%b, then %b", before, after)
	}
	if f := snapshot(t, s, "acme/PAY", Query{}).Items[0].Flags; f&backlog.ItemAsA != 0 || f&backlog.ItemHasCriteria == 0 {
		t.Errorf("flags %b", f)
	}
	s.Close()
	// Opened without a lexicon, the stored one holds.
	s, err := Open(t.Context(), path, Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got := marks(s); !slices.Equal(got, after) {
		t.Errorf("%b, want %b", got, after)
	}
	if got := save(t, s, "acme", backlog.Batch{Issues: []backlog.Issue{story(1, day(6))}}); got.UpdatedIssues != 0 {
		t.Errorf("%+v", got)
	}
}

func TestPeople(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"), Options{})
	save(t, s, "acme", backlog.Batch{Accounts: people()})
	save(t, s, "beta", backlog.Batch{Accounts: people()})
	site, err := s.Site(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	alone := site.People
	if err := s.SavePeople(t.Context(), []backlog.Person{{Name: "Ada B.", Kind: backlog.PersonAccount, Zone: "UTC", Accounts: []string{"beta:u1", "acme:u1"}}}); err != nil {
		t.Fatal(err)
	}
	if site, err = s.Site(t.Context()); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(site.People, func(p backlog.Person) bool { return p.Name == "Ada B." })
	want := backlog.Person{ID: personID("acme:u1", 8), Name: "Ada B.", Email: "ada@example.com", Active: true, Zone: "UTC", Accounts: []string{"acme:u1", "beta:u1"}}
	if len(site.People) != len(alone)-1 || i < 0 || !cmp.Equal(site.People[i], want) {
		t.Errorf("%s", cmp.Diff(want, site.People))
	}
	if got := table2text(t, s.DB(), `SELECT * FROM v_people WHERE name LIKE 'Ada%'`); len(got) != 1 || !strings.Contains(got[0], "email=ada@example.com zone=UTC") {
		t.Error(got)
	}
	for name, bad := range map[string][]backlog.Person{
		"twice":   {{Name: "x", Accounts: []string{"acme:u1"}}, {Name: "y", Accounts: []string{"acme:u1"}}},
		"unknown": {{Name: "x", Accounts: []string{"acme:nobody"}}},
		"empty":   {{Name: "x"}},
	} {
		if err := s.SavePeople(t.Context(), bad); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if err := s.SavePeople(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if site, err = s.Site(t.Context()); err != nil || !cmp.Equal(site.People, alone) {
		t.Errorf("%v %s", err, cmp.Diff(alone, site.People))
	}
}

func TestFinish(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"), Options{})
	run := func(lead string, at time.Time, gaps ...backlog.Gap) {
		save(t, s, "acme", backlog.Batch{Accounts: people(), Scopes: []backlog.Scope{{Key: "PAY"}}, Declared: []backlog.Declaration{{Account: lead, Role: backlog.ProductOwner, Scope: "PAY", Origin: "project-lead"}}})
		if err := s.Finish(t.Context(), backlog.SyncRun{Source: "acme", Started: at, Finished: at.Add(time.Minute), AsOf: at, Issues: 2, Complete: len(gaps) == 0, Note: "n"}, gaps); err != nil {
			t.Fatal(err)
		}
	}
	run("u1", day(1), backlog.Gap{Where: "x:1", What: "issues", Missing: 3, Why: "broken"})
	run("u1", day(2), backlog.Gap{Where: "x:2", Scope: "PAY", What: "issues", Missing: -1, Why: "broken"}, backlog.Gap{Where: "y", What: "roles", Missing: -1, Why: "403"})
	run("u2", day(3), backlog.Gap{Where: "x:2", Scope: "PAY", What: "issues", Missing: 2, Why: "broken"}, backlog.Gap{Where: "x:3", What: "issues", Missing: -1, Why: "broken"})
	site, err := s.Site(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(site.Syncs) != 3 || !site.Syncs[0].Started.Equal(day(3)) || site.Syncs[0].Complete || len(site.Gaps) != 2 {
		t.Errorf("%+v %+v", site.Syncs, site.Gaps)
	}
	d := site.Declared
	if len(d) != 2 || site.People[d[0].Person].Name != "Ada" || d[0].From != 0 || d[0].Until != day(3).UnixMilli() || site.People[d[1].Person].Name != "Bo" || d[1].From != now().UnixMilli() || d[1].Until != 0 {
		t.Errorf("%+v", d)
	}
	if n := snapshot(t, s, "acme/PAY", Query{}).Count.MissingIssues; n != 3 {
		t.Errorf("%d issues missing, want the two named and the one that can only be of this scope", n)
	}
	if got := table2text(t, s.DB(), `SELECT * FROM v_syncs WHERE started_at LIKE '2026-07-04%'`); len(got) != 1 || !strings.Contains(got[0], "finished_at=2026-07-04T00:01:00.000Z issues=2") {
		t.Error(got)
	}
}

func TestActs(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"), Options{})
	save(t, s, "acme", backlog.Batch{Accounts: people(), Issues: []backlog.Issue{story(1, day(6))}})
	snap := snapshot(t, s, "acme/PAY", Query{})
	acts := func(yield func(backlog.Act) bool) {
		it := &snap.Items[0]
		for i := range 250 {
			if !yield(backlog.Act{Item: it.No, Scope: it.Scope, At: it.Created + int64(i), Person: it.Creator, Duty: backlog.Write, Period: "2026-Q3", Name: "created", Weight: 0.5, Credit: 0.25, Event: "created"}) {
				return
			}
		}
		yield(backlog.Act{Item: it.No, Scope: it.Scope, At: it.Created, Duty: backlog.Accept, Period: "2026-Q3", Name: "done", Event: "11", Excluded: "machine"})
	}
	for range 2 {
		if err := s.SaveActs(t.Context(), snap.Site, acts, "stamp-1"); err != nil {
			t.Fatal(err)
		}
	}
	got := table2text(t, s.DB(), `SELECT * FROM v_acts WHERE at LIKE '%00.000Z'`)
	pid := snap.Site.People[snap.Items[0].Creator].ID
	want := []string{
		"source=acme scope=acme/PAY issue_key=PAY-1 at=2026-07-02T00:00:00.000Z person_id=" + pid + " duty=write act=created weight=0.5 level=0 event=created excluded=NULL period=2026-Q3 credit=0.25 ",
		"source=acme scope=acme/PAY issue_key=PAY-1 at=2026-07-02T00:00:00.000Z person_id=NULL duty=accept act=done weight=0 level=0 event=11 excluded=machine period=2026-Q3 credit=0 ",
	}
	slices.Sort(want)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if stamp, err := s.ActsStamp(t.Context()); stamp != "stamp-1" || err != nil {
		t.Error(stamp, err)
	}
	if n := table2text(t, s.DB(), `SELECT count(*) AS n FROM v_acts`); n[0] != "n=251 " {
		t.Error(n)
	}
}

// TestTimes holds the views' text to the millisecond, which SQL computes from
// floating-point numbers.
func TestTimes(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"), Options{})
	rng := rand.New(rand.NewPCG(3, 4))
	var is backlog.Issue
	is.ID, is.Key, is.Scope = "1", "P-1", "P"
	want := map[string]string{}
	for i := range 2000 {
		at := time.UnixMilli(rng.Int64N(4e12) - 1e12).UTC()
		id := fmt.Sprint(i + 1)
		is.Changes = append(is.Changes, backlog.Change{ID: id, At: at})
		want[id] = at.Format("2006-01-02T15:04:05.000Z")
	}
	save(t, s, "acme", backlog.Batch{Issues: []backlog.Issue{is}})
	rows, err := s.DB().Query(`SELECT id, at FROM v_changes`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, at string
		if err := rows.Scan(&id, &at); err != nil {
			t.Fatal(err)
		}
		if want[id] != at {
			t.Fatalf("%s: %s, want %s", id, at, want[id])
		}
	}
}

func TestConsistentReads(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"), Options{})
	save(t, s, "acme", backlog.Batch{Accounts: people(), Issues: []backlog.Issue{story(1, day(6))}})
	site, err := s.Site(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	save(t, s, "acme", backlog.Batch{Issues: []backlog.Issue{story(2, day(6)), {ID: "z", Key: "PAY-9", Scope: "PAY", Creator: "new", Status: "new", StatusName: "New"}}})
	done := make(chan error, 4)
	for range 4 {
		go func() {
			snap, err := s.Snapshot(context.Background(), site, Query{Scope: site.Scopes[0].No})
			if err == nil && len(snap.Items) != 1 {
				err = fmt.Errorf("%d issues", len(snap.Items))
			}
			done <- err
		}()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if n := len(snapshot(t, s, "acme/PAY", Query{}).Items); n != 3 {
		t.Errorf("a later site sees %d issues", n)
	}
	s.Close()
	if _, err := s.Snapshot(t.Context(), site, Query{}); !errors.Is(err, errClosed) {
		t.Error(err)
	}
}

func TestHeldByAnother(t *testing.T) {
	path := filepath.Join(t.TempDir(), "defacto.db")
	s := open(t, path, Options{})
	other, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(0)") // another process, as far as SQLite can tell
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	other.SetMaxOpenConns(1)
	if _, err := other.Exec(`BEGIN IMMEDIATE`); err != nil {
		t.Fatal(err)
	}
	saved := make(chan error, 1)
	go func() {
		_, err := s.Save(t.Context(), "acme", backlog.Batch{Issues: []backlog.Issue{story(1, day(1))}})
		saved <- err
	}()
	select {
	case err := <-saved:
		t.Fatalf("it did not wait: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	if _, err := other.Exec(`COMMIT`); err != nil {
		t.Fatal(err)
	}
	if err := <-saved; err != nil {
		t.Errorf("after the other is done: %v", err)
	}

	third, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(0)")
	if err != nil {
		t.Fatal(err)
	}
	defer third.Close()
	third.SetMaxOpenConns(1)
	if _, err := third.Exec(`BEGIN IMMEDIATE`); err != nil {
		t.Fatal(err)
	}
	_, err = other.Exec(`BEGIN IMMEDIATE`)
	if err == nil || !strings.Contains(busy(err).Error(), "another process has been writing to the store for 30s; try again") {
		t.Errorf("who does not wait hears %v", busy(err))
	}
}

func TestTwoProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db")
	a, b := open(t, path, Options{}), open(t, path, Options{})
	for n := 1; n <= 6; n += 2 {
		save(t, a, "acme", backlog.Batch{Accounts: people(), Issues: []backlog.Issue{story(n, day(6))}})
		save(t, b, "acme", backlog.Batch{Accounts: people(), Issues: []backlog.Issue{story(n+1, day(6)), story(n, day(6))}})
	}
	sound(t, a)
	if n := len(snapshot(t, b, "acme/PAY", Query{}).Items); n != 6 {
		t.Errorf("%d issues", n)
	}
}

func TestOpen(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "a store #1?.db")
	s := open(t, path, Options{})
	if fi, err := os.Stat(path); err != nil || fi.Mode().Perm() != 0o600 {
		t.Error(fi, err)
	}
	save(t, s, "acme", backlog.Batch{Issues: []backlog.Issue{story(1, day(6))}})
	for _, db := range []*sql.DB{s.db, s.views} {
		s.mu.Lock()
		if s.w != nil {
			s.w.close()
			s.w = nil
		}
		s.mu.Unlock()
		var on int
		if err := db.QueryRow(`PRAGMA foreign_keys`).Scan(&on); err != nil || on != 1 {
			t.Errorf("foreign keys: %d %v", on, err)
		}
	}
	if _, err := s.db.Exec(`INSERT INTO issue_label (issue, label) VALUES (999, 1)`); err == nil {
		t.Error("a label of a missing issue was stored")
	}
	if _, err := s.views.Exec(`DELETE FROM change`); err == nil {
		t.Error("the views' connection writes")
	}
	s.Close()

	ro := open(t, path, Options{ReadOnly: true})
	if n := len(snapshot(t, ro, "acme/PAY", Query{}).Items); n != 1 {
		t.Errorf("%d issues", n)
	}
	if _, err := ro.Save(ctx, "acme", backlog.Batch{}); !errors.Is(err, ErrReadOnly) {
		t.Error(err)
	}
	if err := ro.Vacuum(ctx); !errors.Is(err, ErrReadOnly) {
		t.Error(err)
	}
	ro.Close()

	exec := func(path, query string) {
		t.Helper()
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if _, err := db.Exec(query); err != nil {
			t.Fatal(err)
		}
	}
	newer := filepath.Join(t.TempDir(), "newer.db")
	open(t, newer, Options{}).Close()
	exec(newer, `PRAGMA user_version = 99`)
	foreign := filepath.Join(t.TempDir(), "foreign.db")
	exec(foreign, `CREATE TABLE holiday (x)`)
	numbered := filepath.Join(t.TempDir(), "numbered.db")
	exec(numbered, `PRAGMA user_version = 1`)
	text := filepath.Join(t.TempDir(), "text.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("not a database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(t.TempDir(), "empty.db")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, path string
		opt        Options
		want       error
		says       string
	}{
		{"newer", newer, Options{Now: now}, ErrNewerSchema, "layout 99"},
		{"newer, read-only", newer, Options{ReadOnly: true}, ErrNewerSchema, "update defacto"},
		{"another program's", foreign, Options{Now: now}, ErrForeign, "other tables"},
		{"another program's, numbered", numbered, Options{Now: now}, ErrForeign, "other tables"},
		{"empty, read-only", empty, Options{ReadOnly: true}, ErrForeign, "empty"},
		{"not SQLite", text, Options{Now: now}, nil, "not a database"},
		{"missing, read-only", filepath.Join(t.TempDir(), "no.db"), Options{ReadOnly: true}, fs.ErrNotExist, "no.db"},
		{"no such folder", filepath.Join(t.TempDir(), "no", "no.db"), Options{Now: now}, fs.ErrNotExist, "no.db"},
		{"no clock", path, Options{}, nil, "clock"},
		{"bad text", path, Options{Now: now, Text: "some"}, nil, `"some"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Open(ctx, tc.path, tc.opt)
			if err == nil || tc.want != nil && !errors.Is(err, tc.want) || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestUpkeep(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "s.db"), Options{})
	save(t, s, "acme", backlog.Batch{Accounts: people(), Issues: []backlog.Issue{epic(), story(1, day(6))}})
	if err := s.Vacuum(t.Context()); err != nil {
		t.Fatal(err)
	}
	save(t, s, "acme", backlog.Batch{Issues: []backlog.Issue{story(2, day(6))}})
	copied := filepath.Join(dir, "copy.db")
	if err := os.WriteFile(copied+".part", []byte("of a killed backup"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), copied); err == nil {
		t.Error("an existing file was overwritten")
	}
	if fi, err := os.Stat(copied); err != nil || fi.Mode().Perm() != 0o600 {
		t.Error(fi, err)
	}
	c := open(t, copied, Options{})
	sound(t, c)
	if d := cmp.Diff(dump(t, s), dump(t, c)); d != "" {
		t.Error(d)
	}
	s.Close()
	c.Close()
	db, err := sql.Open("sqlite", copied)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`DELETE FROM issue_text; DELETE FROM issue WHERE no = (SELECT max(no) FROM issue); DELETE FROM value WHERE id = 1`); err != nil {
		t.Fatal(err)
	}
	found, err := open(t, copied, Options{ReadOnly: true}).Check(t.Context())
	if err != nil || len(found) < 3 || !strings.Contains(strings.Join(found, "\n"), "changes of a missing issue") {
		t.Errorf("%v %v", found, err)
	}
}

// TestOpenAtOnce opens a file that does not exist yet several times at once, as
// processes started together do.
func TestOpenAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db")
	var g errgroup.Group
	for n := range 6 {
		g.Go(func() error {
			s, err := Open(context.Background(), path, Options{Now: now, Lexicon: backlog.DefaultLexicon()})
			if err != nil {
				return err
			}
			defer s.Close()
			_, err = s.Save(context.Background(), "acme", backlog.Batch{Issues: []backlog.Issue{story(n, day(6))}})
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	s := open(t, path, Options{})
	sound(t, s)
	if n := len(snapshot(t, s, "acme/PAY", Query{}).Items); n != 6 {
		t.Errorf("%d issues", n)
	}
}

func TestFullDisk(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"), Options{})
	save(t, s, "acme", backlog.Batch{Accounts: people(), Issues: []backlog.Issue{story(1, day(6))}})
	before := dump(t, s)
	// SQLite's own limit stands for the disk's.
	err := s.write(t.Context(), func(ctx context.Context, w *writer) error { return w.exec(ctx, `PRAGMA max_page_count = 100`) })
	if err != nil {
		t.Fatal(err)
	}
	big := story(2, day(6))
	big.Comments[0].Body.Prose = strings.Repeat("word ", 1_000_000)
	if _, err := s.Save(t.Context(), "acme", backlog.Batch{Issues: []backlog.Issue{story(3, day(6)), big}}); err == nil || !strings.Contains(err.Error(), "full") {
		t.Fatalf("got %v", err)
	}
	if d := cmp.Diff(before, dump(t, s)); d != "" {
		t.Error(d)
	}
	sound(t, s)
	save(t, s, "acme", backlog.Batch{Issues: []backlog.Issue{story(3, day(6)), big}}) // on a connection without the limit
	sound(t, s)
}

// TestSealed reads a store where nothing can be written beside it.
func TestSealed(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("the superuser can write everywhere")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "s.db")
	s := open(t, path, Options{})
	save(t, s, "acme", backlog.Batch{Issues: []backlog.Issue{story(1, day(6))}})
	s.Close()
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.Chmod(dir, 0o700) }() // else the folder could not be removed
	if n := len(snapshot(t, open(t, path, Options{ReadOnly: true}), "acme/PAY", Query{}).Items); n != 1 {
		t.Errorf("%d issues", n)
	}
}

// TestHostileNames saves twice what no tracker would call its things.
func TestHostileNames(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"), Options{})
	for i, name := range []string{"a\x00b", "\xff\xfe", "'; DROP TABLE issue; --", "\u202e<script>", strings.Repeat("9", 40), "007", "-1", " ", "a:b/c,d"} {
		is := story(i, day(6))
		is.ID, is.Key, is.Scope, is.Type, is.Status, is.Creator, is.Labels, is.Sprints, is.Epic.Key = name, name, name, name, name, name, []string{name}, []string{name}, name
		is.Changes[0].ID, is.Changes[0].From, is.Comments[0].ID, is.Comments[0].Body.Mentions = name, name, name, []string{name}
		save(t, s, name, backlog.Batch{Issues: []backlog.Issue{is}})
		if got := save(t, s, name, backlog.Batch{Issues: []backlog.Issue{is}}); got.NewIssues+got.UpdatedIssues+got.NewChanges+got.NewComments > 0 {
			t.Errorf("%q: %+v", name, got)
		}
		snap := snapshot(t, s, name+"/"+name, Query{})
		it := item(t, snap, name)
		ch := snap.ChangesOf(it)
		if !slices.ContainsFunc(ch, func(e backlog.Event) bool { return snap.EventName(e.ID) == name }) || len(snap.MentionsOf(&snap.Comments[0])) != 1 {
			t.Errorf("%q: %+v", name, ch)
		}
	}
	sound(t, s)
}
