package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"defacto/store"
)

// atOnce is how many rows one INSERT holds, and inTransaction how many one
// transaction: about as many as a batch of issues makes.
const (
	atOnce        = 100
	inTransaction = 10_000
)

// insertAlone inserts the rows of a store into an empty one of the same layout,
// with the same settings, table after table in the order of their keys. Reading
// them is not counted.
func insertAlone(ctx context.Context, from, to string) (cost, error) {
	defer func() {
		for _, p := range []string{to, to + "-wal", to + "-shm"} {
			_ = os.Remove(p) // the folder goes anyway
		}
	}()
	empty, err := store.Open(ctx, to, store.Options{Now: time.Now})
	if err != nil {
		return cost{}, err
	}
	if err := empty.Close(); err != nil {
		return cost{}, err
	}
	in, err := sql.Open("sqlite", "file:"+from+"?mode=ro")
	if err != nil {
		return cost{}, err
	}
	defer in.Close()
	settings := url.Values{
		"_journal_mode": {"WAL"}, "_synchronous": {"NORMAL"}, "_foreign_keys": {"on"},
		"_pragma": {"cache_size(-65536)", "temp_store(MEMORY)", "wal_autocheckpoint(8000)"},
	}
	out, err := sql.Open("sqlite", "file:"+to+"?"+settings.Encode())
	if err != nil {
		return cost{}, err
	}
	defer out.Close()
	out.SetMaxOpenConns(1)
	tables, err := tablesOf(ctx, in)
	if err != nil {
		return cost{}, err
	}
	var watch stopwatch
	for _, t := range tables {
		if err := copyRows(ctx, in, out, t, &watch); err != nil {
			return cost{}, fmt.Errorf("%s: %w", t, err)
		}
	}
	return watch.total, nil
}

// tablesOf lists the tables in the order they were made, which is that of their
// references. The store fills the others by itself.
func tablesOf(ctx context.Context, db *sql.DB) ([]string, error) {
	rows, err := db.QueryContext(ctx, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('meta', 'field', 'duty') AND name NOT LIKE 'sqlite%' ORDER BY rowid`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		list = append(list, name)
	}
	return list, errors.Join(rows.Err(), rows.Close())
}

func copyRows(ctx context.Context, in, out *sql.DB, table string, watch *stopwatch) error {
	rows, err := in.QueryContext(ctx, `SELECT * FROM `+table)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	row := "(?" + strings.Repeat(", ?", len(columns)-1) + ")"
	head := "INSERT INTO " + table + " VALUES " + row
	many, err := out.PrepareContext(ctx, head+strings.Repeat(", "+row, atOnce-1))
	if err != nil {
		return err
	}
	defer many.Close()
	one, err := out.PrepareContext(ctx, head)
	if err != nil {
		return err
	}
	defer one.Close()
	var values []any
	flush := func() error {
		watch.start()
		defer watch.stop()
		tx, err := out.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }() // after a commit it does nothing
		many, one := tx.StmtContext(ctx, many), tx.StmtContext(ctx, one)
		rest := values
		for ; len(rest) >= atOnce*len(columns); rest = rest[atOnce*len(columns):] {
			if _, err := many.ExecContext(ctx, rest[:atOnce*len(columns)]...); err != nil {
				return err
			}
		}
		for ; len(rest) > 0; rest = rest[len(columns):] {
			if _, err := one.ExecContext(ctx, rest[:len(columns)]...); err != nil {
				return err
			}
		}
		values = values[:0]
		return tx.Commit()
	}
	places := make([]any, len(columns))
	for rows.Next() {
		from := len(values)
		values = append(values, make([]any, len(columns))...)
		for i := range places {
			places[i] = &values[from+i]
		}
		if err := rows.Scan(places...); err != nil {
			return err
		}
		if len(values) >= inTransaction*len(columns) {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	return flush()
}
