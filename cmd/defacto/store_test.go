package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"defacto/analysis"
	"defacto/backlog"
	"defacto/config"
)

// Acts are stored all or none: an analysis that fails half way leaves those of
// the time before.
func TestSaveActsAllOrNone(t *testing.T) {
	dir := demoIn(t)
	sayIn(t, dir, "store", "acts")
	p := &program{now: time.Now, out: &strings.Builder{}, err: &strings.Builder{}}
	c := &config.Config{Store: filepath.Join(dir, "defacto.db")}
	st, err := p.existingStore(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	count := func() (n int) {
		if err := st.DB().QueryRowContext(t.Context(), `SELECT count(*) FROM v_acts`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := count()
	if before == 0 {
		t.Fatal("no acts at all")
	}
	site, err := st.Site(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	f := &facts{st, site}
	period, err := backlog.ParsePeriods("2026-Q3", newest(site.Syncs), newest(site.Syncs), newest(site.Syncs))
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.saveActs(t.Context(), analysis.Options{
		Targets: []analysis.Target{{Scope: site.Scopes[0]}, {Scope: backlog.ScopeInfo{No: 999, Name: "no/SUCH"}}},
		Periods: period, AsOf: newest(site.Syncs), Method: analysis.DefaultMethod(), Workers: 1,
	})
	if err == nil || !strings.Contains(err.Error(), "no/SUCH") {
		t.Fatalf("saveActs: %v, want what the analysis said", err)
	}
	if after := count(); after != before {
		t.Errorf("%d acts after a failure, %d before", after, before)
	}
}
