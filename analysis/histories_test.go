package analysis_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"defacto/analysis"
	"defacto/backlog"
	"defacto/store"
)

var update = flag.Bool("update", false, "write the want sections of the histories anew")

// TestHistories plays every testdata/histories/*.txtar: a history a product
// owner could read, through a real store, against what the audit must say, and
// tells it again in other ways that must not change it.
func TestHistories(t *testing.T) {
	empty := emptyStore(t)
	for _, file := range histories(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a := archive(t, file)
			h := readHistory(t, a)
			h.empty = empty
			base := h.audit(t, h.batch())
			got := h.tell(base)
			if *update {
				rewrite(t, file, a, got)
				return
			}
			if diff := cmp.Diff(section(a, "want"), got); diff != "" {
				t.Errorf("the audit says something else (-want +got):\n%s", diff)
			}
			retold(t, file, a, h, base)
		})
	}
}

func histories(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("../testdata/histories/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no histories: %v", err)
	}
	return files
}

func archive(t testing.TB, file string) *txtar.Archive {
	t.Helper()
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func rewrite(t testing.TB, file string, a *txtar.Archive, want string) {
	t.Helper()
	if a.Files[len(a.Files)-1].Name != "want" {
		a.Files = append(a.Files, txtar.File{Name: "want"})
	}
	a.Files[len(a.Files)-1].Data = []byte(want)
	if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
		t.Fatal(err)
	}
}

// emptyStore is a store's file before anything is in it: copying one is much
// quicker than laying one out for each history.
func emptyStore(t testing.TB) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "empty.db")
	s, err := store.Open(context.Background(), path, store.Options{Lexicon: backlog.DefaultLexicon(), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// audited is an audit with what it rests on.
type audited struct {
	report *analysis.Report
	site   *backlog.Site
	snaps  map[int32]*backlog.Snapshot // by scope number; 0 is the roadmap
	acts   []backlog.Act
}

// stored takes the batches into a store, to be closed by whoever asked for it.
func (h *history) stored(t testing.TB, batches ...backlog.Batch) (*store.Store, *backlog.Site) {
	t.Helper()
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, h.empty, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(ctx, path, store.Options{Lexicon: backlog.DefaultLexicon(), Now: func() time.Time { return h.asOf }})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range batches {
		if _, err := s.Save(ctx, "test", b); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Finish(ctx, backlog.SyncRun{Source: "test", Started: h.asOf, Finished: h.asOf, AsOf: h.asOf, Complete: true}, h.gaps); err != nil {
		t.Fatal(err)
	}
	accounts, err := s.Accounts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SavePeople(ctx, analysis.Identify(accounts, h.identity)); err != nil {
		t.Fatal(err)
	}
	site, err := s.Site(ctx)
	if err != nil {
		t.Fatal(err)
	}
	h.alike = analysis.Propose(site.People[1:], accounts, h.identity)
	return s, site
}

// audit takes the batches through a store and audits scope test/PAY.
func (h *history) audit(t testing.TB, batches ...backlog.Batch) *audited {
	t.Helper()
	ctx := context.Background()
	s, site := h.stored(t, batches...)
	defer s.Close()
	var err error
	snaps := map[int32]*backlog.Snapshot{}
	for _, sc := range append([]backlog.ScopeInfo{{}}, site.Scopes...) {
		if snaps[sc.No], err = s.Snapshot(ctx, site, store.Query{Scope: sc.No, Components: true}); err != nil {
			t.Fatal(err)
		}
	}
	load := func(ctx context.Context, scope int32, from, to time.Time, components bool) (*backlog.Snapshot, error) {
		return s.Snapshot(ctx, site, store.Query{Scope: scope, From: from, To: to, Components: components})
	}
	return h.judge(t, site, snaps, load)
}

// judge audits a site.
func (h *history) judge(t testing.TB, site *backlog.Site, snaps map[int32]*backlog.Snapshot, load analysis.Load) *audited {
	t.Helper()
	periods, err := backlog.ParsePeriods(h.periods, day("2025-10-01"), h.asOf, h.asOf)
	if err != nil {
		t.Fatal(err)
	}
	out := &audited{site: site, snaps: snaps}
	o := analysis.Options{
		Periods: periods, AsOf: h.asOf, Method: h.method, Workers: h.workers, Types: h.rules, Calendar: h.calendar, Alike: h.alike,
		Statuses: map[string]analysis.StatusNames{"test": h.names},
		Acts: func(a backlog.Act) error {
			if a.Name != backlog.NobodysPart {
				out.acts = append(out.acts, a)
			}
			return nil
		},
	}
	for _, sc := range site.Scopes {
		if slices.Contains(h.scopes, sc.Key) {
			o.Targets = append(o.Targets, analysis.Target{Scope: sc, Part: h.part})
		}
	}
	for _, d := range h.declared {
		for p := range site.People {
			if d.origin == "" && site.People[p].Name == h.account(d.who).Name {
				x := backlog.DeclaredInfo{Person: backlog.PersonID(p), Role: d.role, Scope: "test/PAY", Origin: analysis.Configured}
				if !d.from.IsZero() {
					x.From = d.from.UnixMilli()
				}
				if !d.until.IsZero() {
					x.Until = d.until.UnixMilli()
				}
				o.Declared = append(o.Declared, x)
			}
		}
	}
	if out.report, err = analysis.Audit(context.Background(), site, load, o); err != nil {
		t.Fatal(err)
	}
	return out
}
