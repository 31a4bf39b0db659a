package main

import (
	"context"
	"database/sql"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"defacto/analysis"
	"defacto/store"
)

// TestSharesFromActs holds the query of docs/export.md to the audit: what the acts
// add up to are its raw shares, before the prior, of every team, quarter and duty.
func TestSharesFromActs(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "export.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, query, _ := strings.Cut(string(text), "```sql\n")
	query, _, found := strings.Cut(query, ";")
	_, files, _ := strings.Cut(query, "FROM ")
	files, _, _ = strings.Cut(files, "\n")
	if !found || !strings.HasPrefix(files, "read_parquet(") {
		t.Fatalf("docs/export.md shows no query of the files: %q", query)
	}
	query = strings.NewReplacer(files, "v_acts", "quarter = '2026-Q3'", "period = ?").Replace(query)

	dir := t.TempDir()
	env := func(string) string { return "" }
	if code := run(t.Context(), []string{"demo", "--dir", dir, "--quiet"}, env, nil, io.Discard, io.Discard); code != exitDone {
		t.Fatal("the demo fails")
	}
	at := []string{"--config", filepath.Join(dir, "defacto.yaml")}
	if code := run(t.Context(), append(at, "store", "acts"), env, nil, io.Discard, os.Stderr); code != exitDone {
		t.Fatal("store acts fails")
	}
	st, err := store.Open(t.Context(), filepath.Join(dir, "defacto.db"), store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()

	p := &program{now: time.Now, out: io.Discard, err: io.Discard, getenv: env, configPath: at[1]}
	report := auditAll(t, p, st)
	compared := 0
	for _, s := range report.Scopes {
		for _, r := range s.Periods {
			got := sharesOf(t, st.DB(), query, r.Period, s.Scope)
			for name, d := range r.Duties {
				for _, share := range d.Shares {
					key := name + " " + share.Person
					if want := share.Units / d.Weight; math.Abs(got[key]-want) > 1e-9 {
						t.Errorf("%s %s %s: the acts say %v, the audit %v", s.Scope, r.Period, key, got[key], want)
					}
					delete(got, key)
					compared++
				}
				delete(got, name+" ") // nobody's: what the others leave
			}
			if len(got) > 0 {
				t.Errorf("%s %s: the audit knows nothing of %v", s.Scope, r.Period, got)
			}
		}
	}
	if compared < 100 {
		t.Errorf("only %d shares were compared", compared)
	}
	var wrong int
	if err := st.DB().QueryRow(`SELECT count(*) FROM v_acts WHERE excluded IS NOT NULL AND credit <> 0 OR credit < 0`).Scan(&wrong); err != nil || wrong > 0 {
		t.Errorf("%d acts that do not count have credit, %v", wrong, err)
	}
}

// sharesOf runs the query for one quarter and returns a scope's rows, which must
// add up to one for each duty.
func sharesOf(t *testing.T, db *sql.DB, query, period, scope string) map[string]float64 {
	t.Helper()
	rows, err := db.Query(query, period)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	got, sums := map[string]float64{}, map[string]float64{}
	for rows.Next() {
		var in, duty string
		var person sql.NullString
		var share float64
		if err := rows.Scan(&in, &duty, &person, &share); err != nil {
			t.Fatal(err)
		}
		if in == scope {
			got[duty+" "+person.String] = share
			sums[duty] += share
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for duty, sum := range sums {
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("%s %s %s: shares add up to %v", scope, period, duty, sum)
		}
	}
	return got
}

// auditAll audits every scope and quarter as `store acts` does.
func auditAll(t *testing.T, p *program, st *store.Store) *analysis.Report {
	t.Helper()
	ctx := context.Background()
	cmd := storeActs(p)
	c, err := p.configure(cmd, false)
	if err != nil {
		t.Fatal(err)
	}
	f, err := p.read(ctx, st, c)
	if err != nil {
		t.Fatal(err)
	}
	o, _, err := p.options(ctx, c, f, question{period: "all"})
	if err != nil {
		t.Fatal(err)
	}
	report, err := analysis.Audit(ctx, f.site, f.load, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}
