package store

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
)

// layout lists everything a file's layout consists of.
func layout(t *testing.T, db *sql.DB) []string {
	t.Helper()
	rows, err := db.Query(`SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM sqlite_schema ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var l string
		if err := rows.Scan(&l); err != nil {
			t.Fatal(err)
		}
		list = append(list, l)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// TestMigrate opens a file of every earlier layout, several at once.
func TestMigrate(t *testing.T) {
	entries, err := migrationFiles.ReadDir("migrations")
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != schemaVersion {
		t.Fatalf("%d migrations make layout %d", len(entries), schemaVersion)
	}
	whole := open(t, filepath.Join(t.TempDir(), "whole.db"), Options{})
	want := layout(t, whole.DB())
	for from := range schemaVersion {
		t.Run(fmt.Sprint("from ", from), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "old.db")
			old, err := sql.Open("sqlite", writerDSN(path))
			if err != nil {
				t.Fatal(err)
			}
			for v := range from {
				if err := step(context.Background(), old, v); err != nil {
					t.Fatal(err)
				}
			}
			if err := old.Close(); err != nil {
				t.Fatal(err)
			}
			var all sync.WaitGroup
			for range 3 {
				all.Go(func() {
					s, err := Open(context.Background(), path, Options{Now: now})
					if err != nil {
						t.Error(err)
						return
					}
					if got := layout(t, s.DB()); fmt.Sprint(got) != fmt.Sprint(want) {
						t.Errorf("got %q, want %q", got, want)
					}
					s.Close()
				})
			}
			all.Wait()
		})
	}
}

// TestMigrateWhole: a migration that fails half way leaves nothing behind.
func TestMigrateWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "half.db")
	db, err := sql.Open("sqlite", writerDSN(path))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)                                           // the pragma holds for one connection
	if _, err := db.Exec(`PRAGMA max_page_count = 3`); err != nil { // as if the disk were full
		t.Fatal(err)
	}
	if err := step(context.Background(), db, 0); err == nil {
		t.Fatal("no error")
	}
	if got := layout(t, db); len(got) != 0 {
		t.Errorf("left behind: %q", got)
	}
	if v, err := fileVersion(context.Background(), db); err != nil || v != 0 {
		t.Errorf("version %d, %v", v, err)
	}
}
