package main

import (
	"database/sql"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"defacto/backlog"
	"defacto/config"
	"defacto/connectors/jira/jiratest"
	"defacto/store"
)

// dump is what the open views show.
func dump(t interface{ Fatal(...any) }, db *sql.DB) string {
	var b strings.Builder
	for _, view := range []string{"v_people", "v_accounts", "v_issues", "v_changes", "v_comments"} {
		rows, err := db.Query(`SELECT * FROM ` + view)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for rows.Next() {
			cells, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
			for i := range cells {
				into[i] = &cells[i]
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			lines = append(lines, fmt.Sprint(view, cells))
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		slices.Sort(lines)
		b.WriteString(strings.Join(lines, "\n") + "\n")
	}
	return b.String()
}

// TestUndo: whatever was decided, when all of it is undone the views are what they
// were, in whichever order it is.
func TestUndo(t *testing.T) {
	now := func() time.Time { return time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC) }
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "s.db"), store.Options{Lexicon: backlog.DefaultLexicon(), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	world := jiratest.World(jiratest.Size{Issues: 8, Histories: 4, Comments: 2})
	for i := range world.Accounts {
		world.Accounts[i].Email = fmt.Sprintf("u%d@acme.example", i/2) // every two are one person by their address
	}
	if _, err := st.Save(t.Context(), "acme", world); err != nil {
		t.Fatal(err)
	}
	p := &program{now: now, out: &strings.Builder{}, err: &strings.Builder{}}
	c := &config.Config{}
	ctx := t.Context()
	if _, err := p.read(ctx, st, c); err != nil {
		t.Fatal(err)
	}
	before := dump(t, st.DB())
	var keys []string
	for _, a := range world.Accounts {
		keys = append(keys, "acme:"+a.ID)
	}
	// Each decision is a transaction on the disk and a reading of the store.
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		few := "40"
		if raced {
			few = "10"
		}
		if err := checks.Value.Set(few); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = checks.Value.Set(checks.DefValue) }()
	}
	rapid.Check(t, func(t *rapid.T) {
		var taken []int64
		for range rapid.IntRange(1, 6).Draw(t, "decisions") {
			d := backlog.Decision{
				Kind:     rapid.SampledFrom([]backlog.DecisionKind{backlog.MergeAccounts, backlog.SplitAccounts, backlog.MarkAccounts}).Draw(t, "kind"),
				Accounts: rapid.SliceOfNDistinct(rapid.SampledFrom(keys), 1, 4, rapid.ID).Draw(t, "accounts"),
				Name:     rapid.SampledFrom([]string{"", "Somebody Else"}).Draw(t, "name"),
				Mark:     rapid.SampledFrom([]backlog.AccountKind{backlog.PersonAccount, backlog.AppAccount, backlog.CustomerAccount}).Draw(t, "mark"),
			}
			id, err := st.Decide(ctx, d)
			if err != nil {
				t.Fatal(err)
			}
			taken = append(taken, id)
			if _, err := p.read(ctx, st, c); err != nil {
				t.Fatal(err)
			}
		}
		for _, id := range rapid.Permutation(taken).Draw(t, "order") {
			if _, err := st.Undo(ctx, id, "test"); err != nil {
				t.Fatal(err)
			}
			if _, err := p.read(ctx, st, c); err != nil {
				t.Fatal(err)
			}
		}
		if after := dump(t, st.DB()); after != before {
			t.Fatal(cmp.Diff(before, after))
		}
	})
}
