package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"defacto/backlog"
)

// TestViews holds the views to the columns that are promised.
func TestViews(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"), Options{})
	for view, want := range map[string]string{
		"v_people":   "id name kind email zone",
		"v_accounts": "person_id source account name kind active",
		"v_issues":   "source scope id key type level status status_category priority creator_id reporter_id assignee_id parent_key created_at updated_at resolved_at deleted",
		"v_changes":  "source scope issue_key id ordinal at person_id account field from to",
		"v_comments": "source scope issue_key id at person_id account body",
		"v_acts":     "source scope issue_key at person_id duty act weight level event excluded period credit",
		"v_syncs":    "source started_at finished_at issues changes comments requests complete note",
	} {
		rows, err := s.DB().Query(`SELECT * FROM ` + view)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		rows.Close()
		if got := strings.Join(columns, " "); err != nil || got != want {
			t.Errorf("%s: %s, want %s", view, got, want)
		}
	}
}

// TestDocumented runs the SQL of docs/store.md.
func TestDocumented(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "store.md"))
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, filepath.Join(t.TempDir(), "s.db"), Options{})
	save(t, s, "acme", backlog.Batch{Accounts: people(), Issues: []backlog.Issue{epic(), story(1, day(6))}})
	blocks := strings.Split(string(text), "```sql\n")[1:]
	if len(blocks) != 5 {
		t.Errorf("%d examples, want 5", len(blocks))
	}
	for _, b := range blocks {
		query, _, ok := strings.Cut(b, "```")
		if !ok {
			t.Fatal("an example does not end")
		}
		table2text(t, s.DB(), query)
	}
}
