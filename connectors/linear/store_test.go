package linear_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"defacto/backlog"
	"defacto/connectors"
	"defacto/connectors/linear/lineartest"
	"defacto/store"
)

func openStore(t *testing.T) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "defacto.db"), store.Options{Lexicon: backlog.DefaultLexicon(), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

// views is everything the open views show of a store but its runs.
func views(t *testing.T, st *store.Store) string {
	t.Helper()
	var b strings.Builder
	for _, q := range []string{
		`SELECT id || '|' || ifnull(name, '') || '|' || kind || '|' || ifnull(email, '') FROM v_people ORDER BY id`,
		`SELECT key || '|' || ifnull(type, '') || '|' || level || '|' || ifnull(status, '') || '|' || status_category || '|' || ifnull(priority, '') || '|' || ifnull(parent_key, '') FROM v_issues ORDER BY key`,
		`SELECT issue_key || '|' || id || '|' || ordinal || '|' || at || '|' || ifnull(account, '') || '|' || field || '|' || ifnull("from", '') || '|' || ifnull("to", '') FROM v_changes ORDER BY issue_key, at, id, ordinal`,
		`SELECT issue_key || '|' || id || '|' || at || '|' || ifnull(account, '') || '|' || ifnull(body, '') FROM v_comments ORDER BY issue_key, at, id`,
	} {
		rows, err := st.DB().QueryContext(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(&b, line)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
	}
	return b.String()
}

// broken is a store that takes so many batches and then no more.
type broken struct {
	*store.Store
	left int
}

func (s *broken) Save(ctx context.Context, source string, b backlog.Batch) (backlog.Saved, error) {
	if s.left == 0 {
		return backlog.Saved{}, context.Canceled
	}
	s.left--
	return s.Store.Save(ctx, source, b)
}

// TestKilledAnywhereEndsInTheSameStore cuts a sync off after each of its batches
// and lets another one finish: the store is the same byte for byte.
func TestKilledAnywhereEndsInTheSameStore(t *testing.T) {
	w := world(60, 3, 2)
	undisturbed := openStore(t)
	b := newBench(t, w, nil)
	if _, err := connectors.Sync(t.Context(), b.source, undisturbed, connectors.Options{Now: b.clock.Now}); err != nil {
		t.Fatal(err)
	}
	want := views(t, undisturbed)
	if n := strings.Count(want, "\n"); n < 300 {
		t.Fatalf("the views show only %d lines", n)
	}
	for cut := range 5 {
		st := openStore(t)
		b := newBench(t, w, nil)
		b.Page = 25
		if _, err := connectors.Sync(t.Context(), b.source.InBatchesOf(20), &broken{st, cut}, connectors.Options{Now: b.clock.Now}); err == nil {
			t.Fatalf("there is no batch %d", cut)
		}
		if _, err := connectors.Sync(t.Context(), b.open(t, nil).InBatchesOf(20), st, connectors.Options{Now: b.clock.Now}); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, views(t, st)); d != "" {
			t.Errorf("cut off after %d batches, the store differs:\n%.2000s", cut, d)
		}
	}
}

// TestSnapshotResolves looks whether what hangs together does so in a snapshot.
func TestSnapshotResolves(t *testing.T) {
	w := world(30, 3, 1)
	at := time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC)
	w.Put("projectUpdates", lineartest.Object{"id": "pu", "health": "onTrack", "createdAt": at, "updatedAt": at, "user": lineartest.Object{"id": "u-ben"}, "project": w.Find("projects", w.IDs("projects")[0])})
	st := openStore(t)
	b := newBench(t, w, nil)
	if _, err := connectors.Sync(t.Context(), b.source, st, connectors.Options{Now: b.clock.Now}); err != nil {
		t.Fatal(err)
	}
	site, err := st.Site(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	road, err := st.Snapshot(t.Context(), site, store.Query{})
	if err != nil {
		t.Fatal(err)
	}
	if len(road.Items) != 2 {
		t.Fatalf("the roadmap has %d items", len(road.Items))
	}
	var project, initiative *backlog.Item
	for i := range road.Items {
		if road.Items[i].Level == backlog.Epic {
			project = &road.Items[i]
		} else {
			initiative = &road.Items[i]
		}
	}
	if project.Parent != initiative.No && project.Epic != initiative.No {
		t.Errorf("the project hangs on %d and %d, not on %d", project.Parent, project.Epic, initiative.No)
	}
	if len(project.Spans) != 1 {
		t.Errorf("the project spans %v", project.Spans)
	}
	updates := 0
	for _, c := range road.ChangesOf(project) {
		if c.Field == backlog.FieldUpdate && site.People[c.Actor].Name == "Person ben" {
			updates++
		}
	}
	if updates != 1 {
		t.Errorf("%d updates by the lead", updates)
	}
	hanging := 0
	for _, sc := range site.Scopes {
		snap, err := st.Snapshot(t.Context(), site, store.Query{Scope: sc.No})
		if err != nil {
			t.Fatal(err)
		}
		for i := range snap.Items {
			it := &snap.Items[i]
			if it.Level == backlog.Story && it.Epic == project.No {
				hanging++
			}
			for _, m := range snap.CommentsOf(it) {
				who := snap.MentionsOf(&m)
				if len(who) != 1 || site.People[who[0]].Name != "Person ana" {
					t.Fatalf("%s mentions %v", it.Key, who)
				}
			}
		}
	}
	if hanging != 10 {
		t.Errorf("%d issues hang on the project", hanging)
	}
}
