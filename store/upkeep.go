package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"defacto/store/fastscan"
)

// Check looks for damage: SQLite's own integrity check, references to rows that
// are not there, and rows that belong to no issue. It returns what it found, at
// most a hundred lines, none where the store is sound.
func (s *Store) Check(ctx context.Context) ([]string, error) {
	var found []string
	for _, c := range []struct{ query, what string }{
		{`SELECT * FROM pragma_integrity_check WHERE integrity_check <> 'ok'`, "damaged: "},
		{`SELECT DISTINCT "table" || ' refers to a missing ' || parent FROM pragma_foreign_key_check`, ""},
		{`SELECT DISTINCT 'issue ' || (c.id >> 20) FROM change c WHERE NOT EXISTS (SELECT 1 FROM issue i WHERE i.no = c.id >> 20)`, "changes of a missing "},
		{`SELECT DISTINCT 'issue ' || (c.id >> 20) FROM comment c WHERE NOT EXISTS (SELECT 1 FROM issue i WHERE i.no = c.id >> 20)`, "comments on a missing "},
		{`SELECT 'change ' || id FROM change_row WHERE from_id > 0 AND from_id NOT IN (SELECT id FROM value) OR to_id > 0 AND to_id NOT IN (SELECT id FROM value)
			OR from_id < 0 AND -from_id NOT IN (SELECT id FROM long_text) OR to_id < 0 AND -to_id NOT IN (SELECT id FROM long_text)`, "a missing value in "},
	} {
		lines, err := s.lines(ctx, c.query+` LIMIT 100`)
		if err != nil {
			return found, fmt.Errorf("check the store: %w", err)
		}
		for _, l := range lines {
			found = append(found, c.what+l)
		}
	}
	return found[:min(len(found), 100)], nil
}

func (s *Store) lines(ctx context.Context, query string) ([]string, error) {
	rows, err := s.views.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var l sql.NullString
		if err := rows.Scan(&l); err != nil {
			return nil, err
		}
		list = append(list, l.String)
	}
	return list, errors.Join(rows.Err(), rows.Close())
}

// Backup writes a compact copy of the store as it is now, readable by its owner
// only, also while others read and write. The file must not exist yet; an
// interrupted backup leaves none under its name.
func (s *Store) Backup(ctx context.Context, path string) error {
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("back up to %s: the file exists", path)
	}
	part := path + ".part"
	err := os.Remove(part) // of an interrupted backup
	if err == nil || errors.Is(err, os.ErrNotExist) {
		err = create(part)
	}
	if err == nil {
		err = s.vacuumInto(ctx, part)
	}
	if err == nil {
		err = durable(part)
	}
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		os.Remove(part)
		return fmt.Errorf("back up to %s: %w", path, cause(err))
	}
	return nil
}

// vacuumInto copies on a connection of its own: those of the views may not write
// anywhere.
func (s *Store) vacuumInto(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", fastscan.URI(s.path, s.immutable)+fmt.Sprintf("&_busy_timeout=%d", busyTimeout.Milliseconds()))
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `VACUUM INTO ?`, path)
	return errors.Join(err, db.Close())
}

// durable forces a file's content onto the disk.
func durable(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Vacuum gives the space of dropped rows back to the disk. It needs as much free
// space as the store is large, and waits for other writers.
func (s *Store) Vacuum(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db == nil {
		return ErrReadOnly
	}
	if s.w != nil { // it holds the only connection
		s.w.close()
		s.w = nil
	}
	for _, q := range []string{`VACUUM`, `PRAGMA optimize`, `PRAGMA wal_checkpoint(PASSIVE)`} {
		if _, err := s.db.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("vacuum the store: %w", err)
		}
	}
	return nil
}
