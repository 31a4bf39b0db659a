package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"database/sql"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "modernc.org/sqlite"

	"defacto/analysis"
)

// realFiles lists the public trackers' issues that lie in shared/data/jira beside
// the checkout, or beside a folder it is in.
func realFiles(t *testing.T) []string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		files, err := filepath.Glob(filepath.Join(dir, "shared", "data", "jira", "*.gz"))
		if err != nil {
			t.Fatal(err)
		}
		if len(files) > 0 {
			return files
		}
		if dir == filepath.Dir(dir) {
			t.Skip("there are no real issues in any shared/data/jira from here upwards")
		}
	}
}

// held is what a store, or a file, holds.
type held struct{ Issues, Histories, Items, Comments int }

// TestRealStore imports real issues by the command: nothing is lost on the way into
// the store, importing again changes nothing, the audit of every quarter gives the
// same bytes twice, and no finding cites an event that is not there.
func TestRealStore(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes seconds")
	}
	for _, file := range realFiles(t) {
		name, _, _ := strings.Cut(filepath.Base(file), ".")
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "defacto.db")
			defacto := func(args ...string) string {
				t.Helper()
				cmd, err := plain.command(append([]string{"--store", path}, args...)...)
				if err != nil {
					t.Fatal(err)
				}
				var out, errs strings.Builder
				cmd.Stdout, cmd.Stderr = &out, &errs
				if err := cmd.Run(); cmd.ProcessState == nil || !slices.Contains([]int{exitDone, exitIncomplete}, cmd.ProcessState.ExitCode()) {
					t.Fatalf("defacto %v: %v: %s", args, err, &errs)
				}
				return out.String()
			}
			defacto("import", file, "--source", name)
			db, err := sql.Open("sqlite", path)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if diff := cmp.Diff(heldBy(t, file), heldIn(t, db)); diff != "" {
				t.Errorf("the file against the store (-file +store):\n%s", diff)
			}
			if said := defacto("import", file, "--source", name); !strings.Contains(said, "nothing new") {
				t.Errorf("a second import said %q", said)
			}
			audit := defacto("audit", "--period", "all", "--format", "json")
			if again := defacto("audit", "--period", "all", "--format", "json"); again != audit {
				t.Error("the same store and flags gave other bytes")
			}
			var r analysis.Report
			if err := json.Unmarshal([]byte(audit), &r); err != nil {
				t.Fatal(err)
			}
			cited, findings := 0, map[string]int{}
			for _, s := range r.Scopes {
				for _, p := range s.Periods {
					for _, f := range p.Findings {
						findings[f.Code]++
						for _, e := range slices.Concat(f.Evidence, f.Against) {
							cited++
							if !holds(t, db, e.Issue, e.Event) {
								t.Errorf("%s cites %s of %s, which is not in the store", f.ID, e.Event, e.Issue)
							}
						}
					}
				}
			}
			if len(r.Scopes) == 0 || len(findings) == 0 {
				t.Errorf("%d scopes, findings %v", len(r.Scopes), findings)
			}
			t.Logf("%d events cited by %v", cited, slices.Sorted(maps.Keys(findings)))
		})
	}
}

func heldBy(t *testing.T, file string) (n held) {
	t.Helper()
	packed, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var raw struct {
			Fields struct {
				Comment struct{ Comments []json.RawMessage }
			}
			Changelog struct {
				Histories []struct{ Items []json.RawMessage }
			}
		}
		if err := json.Unmarshal(lines.Bytes(), &raw); err != nil {
			t.Fatal(err)
		}
		n.Issues++
		n.Comments += len(raw.Fields.Comment.Comments)
		for _, h := range raw.Changelog.Histories {
			if len(h.Items) > 0 {
				n.Histories++
			}
			n.Items += len(h.Items)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return n
}

func heldIn(t *testing.T, db *sql.DB) (n held) {
	t.Helper()
	err := db.QueryRowContext(t.Context(), `SELECT (SELECT count(*) FROM v_issues), (SELECT count(DISTINCT issue_key || ' ' || id) FROM v_changes),
		(SELECT count(*) FROM v_changes), (SELECT count(*) FROM v_comments)`).Scan(&n.Issues, &n.Histories, &n.Items, &n.Comments)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// holds reports whether an event that a finding cites is in the store.
func holds(t *testing.T, db *sql.DB, issue, event string) (is bool) {
	t.Helper()
	query, id := `SELECT EXISTS (SELECT 1 FROM v_changes WHERE issue_key = ? AND id = ?)`, event
	comment, isComment := strings.CutPrefix(event, "comment:")
	switch {
	case event == "created":
		query, id = `SELECT EXISTS (SELECT 1 FROM v_issues WHERE key = ? AND ? <> '')`, event
	case isComment:
		query, id = `SELECT EXISTS (SELECT 1 FROM v_comments WHERE issue_key = ? AND id = ?)`, comment
	}
	if err := db.QueryRowContext(t.Context(), query, issue, id).Scan(&is); err != nil {
		t.Fatal(err)
	}
	return is
}
