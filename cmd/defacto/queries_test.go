package main

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// queryBlock is a question in SQL, and what the demo's store answers.
var queryBlock = regexp.MustCompile("(?s)(```sql\n(.+?)```\n```\n).*?(```\n)")

// TestShownQueries holds the answers docs/store.md shows against the demo's store.
// -update writes them there.
func TestShownQueries(t *testing.T) {
	if raced {
		t.Skip("SQLite is Go here: these queries take minutes under the race detector, and ten seconds without")
	}
	dir := demoIn(t)
	sayIn(t, dir, "store", "acts")
	db, err := sql.Open("sqlite", filepath.Join(dir, "defacto.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var today string
	if err := db.QueryRowContext(t.Context(), `SELECT substr(max(started_at), 1, 10) FROM v_syncs`).Scan(&today); err != nil {
		t.Fatal(err)
	}
	answered := 0
	rewrite(t, filepath.Join("..", "..", "docs", "store.md"), queryBlock, func(query string) string {
		answered++
		return strings.ReplaceAll(columns(t, db, query), today, "2026-11-28") // the day the page was written
	})
	if answered != 5 {
		t.Errorf("the page answers %d questions, want 5", answered)
	}
}

// columns is what the sqlite3 shell prints with -header and -column.
func columns(t *testing.T, db *sql.DB, query string) string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	table := [][]string{names, make([]string, len(names))}
	for rows.Next() {
		cells, into := make([]sql.NullString, len(names)), make([]any, len(names))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		line := make([]string, len(cells))
		for i, c := range cells {
			line[i] = c.String
		}
		table = append(table, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	width := make([]int, len(names))
	for _, line := range table {
		for i, cell := range line {
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	for i := range names {
		table[1][i] = strings.Repeat("-", width[i])
	}
	for _, line := range table {
		var text strings.Builder
		for i, cell := range line {
			fmt.Fprintf(&text, "%-*s  ", width[i], cell)
		}
		out.WriteString(strings.TrimRight(text.String(), " ") + "\n")
	}
	return out.String()
}
