package store

import (
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"defacto/backlog"
)

// TestMigrateStores brings stores of every released layout up to date, as they were
// left by the defacto of their time: what the views showed is what they show, and
// more may be saved. The dumps in testdata are never edited.
func TestMigrateStores(t *testing.T) {
	dumps, err := filepath.Glob(filepath.Join("testdata", "layout-*.sql"))
	if err != nil || len(dumps) == 0 {
		t.Fatal("no dumps", err)
	}
	views := []string{
		"SELECT * FROM v_people ORDER BY 1", "SELECT * FROM v_accounts ORDER BY 1, 2, 3", "SELECT * FROM v_issues ORDER BY 1, 2, 3",
		"SELECT * FROM v_changes ORDER BY 1, 2, 3, 4, 5", "SELECT * FROM v_comments ORDER BY 1, 2, 3, 4", "SELECT * FROM v_syncs ORDER BY 1, 2",
		"SELECT kind, accounts, why, undone_at FROM decision ORDER BY id", "SELECT recipient, state FROM delivery ORDER BY id",
	}
	for _, dump := range dumps {
		t.Run(filepath.Base(dump), func(t *testing.T) {
			script, err := os.ReadFile(dump)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "old.db")
			old, err := sql.Open("sqlite", path)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := old.Exec(string(script)); err != nil {
				t.Fatal(err)
			}
			var before []string
			for _, v := range views {
				lines := table2text(t, old, v)
				if len(lines) == 0 {
					t.Fatalf("the dump has nothing for %q", v)
				}
				before = append(before, lines...)
			}
			if err := old.Close(); err != nil {
				t.Fatal(err)
			}

			s := open(t, path, Options{})
			sound(t, s)
			var after []string
			for _, v := range views {
				after = append(after, table2text(t, s.DB(), v)...)
			}
			if d := cmp.Diff(before, after); d != "" {
				t.Error(d)
			}
			issue := story(7, day(50))
			save(t, s, "acme", backlog.Batch{Issues: []backlog.Issue{issue}})
			if !slices.ContainsFunc(table2text(t, s.DB(), `SELECT key FROM v_issues`), func(l string) bool { return strings.HasPrefix(l, "key="+issue.Key) }) {
				t.Error("what is saved afterwards is not there")
			}
			sound(t, s)
		})
	}
}
