package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"path"
	"slices"
	"time"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// schemaVersion is the layout this program knows: the number of migrations. A
// file's own stands in its header, as user_version.
const schemaVersion = 4

// applicationID in a file's header says that it is ours: "dfto".
const applicationID = 0x6466746f

// migrate brings the file's layout up to date, each step in a transaction.
func migrate(ctx context.Context, db *sql.DB) error {
	for attempt := 0; ; {
		v, err := fileVersion(ctx, db)
		switch {
		case isBusy(err) && attempt < attempts:
			// SQLite does not wait where several turn a new file to WAL at once.
			attempt++
			if err := pause(ctx, busyTimeout/attempts); err != nil {
				return err
			}
			continue
		case err != nil:
			return err
		case v > schemaVersion:
			return fmt.Errorf("%w (layout %d, this program knows %d): update defacto", ErrNewerSchema, v, schemaVersion)
		case v == schemaVersion:
			return nil
		}
		if err := step(ctx, db, v); err != nil {
			return fmt.Errorf("bring the layout from %d to %d: %w", v, v+1, err)
		}
	}
}

// attempts is how often a file that is being made is tried.
const attempts = 3000

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// step applies the migration that follows version v, unless another process was
// quicker.
func step(ctx context.Context, db *sql.DB, v int) error {
	script, err := migration(v + 1)
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil) // immediate, as the connection's name says
	if err != nil {
		return busy(err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	var now int
	if err := tx.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&now); err != nil || now != v {
		return err
	}
	stamp := fmt.Sprintf("; PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, v+1)
	if _, err := tx.ExecContext(ctx, script+stamp); err != nil {
		return err
	}
	return tx.Commit()
}

// migration returns the script of a number, counted from 1: they stand in the
// order of their names.
func migration(number int) (string, error) {
	entries, err := migrationFiles.ReadDir("migrations")
	if err != nil {
		return "", err
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	slices.Sort(names)
	script, err := migrationFiles.ReadFile(path.Join("migrations", names[number-1]))
	return string(script), err
}

// checkSchema says whether this program can read the file's layout.
func checkSchema(ctx context.Context, db *sql.DB) error {
	v, err := fileVersion(ctx, db)
	switch {
	case err != nil:
		return err
	case v > schemaVersion:
		return fmt.Errorf("%w (layout %d, this program knows %d): update defacto", ErrNewerSchema, v, schemaVersion)
	case v == 0:
		return fmt.Errorf("%w: it is empty", ErrForeign)
	case v < schemaVersion:
		return fmt.Errorf("%w (layout %d, this program knows %d): open it once for writing, e.g. with `defacto store check`", ErrOlderSchema, v, schemaVersion)
	}
	return nil
}

// fileVersion returns the layout's number, 0 for an empty file.
func fileVersion(ctx context.Context, db *sql.DB) (int, error) {
	var tables, version, owner int
	// The owner last, so that a file somebody is just making is never taken for a stranger's.
	for _, read := range []struct {
		query string
		into  *int
	}{
		{`SELECT count(*) FROM sqlite_schema`, &tables},
		{`PRAGMA user_version`, &version},
		{`PRAGMA application_id`, &owner},
	} {
		if err := db.QueryRowContext(ctx, read.query).Scan(read.into); err != nil {
			return 0, fmt.Errorf("read the layout: %w", err)
		}
	}
	if owner != applicationID && (owner != 0 || version != 0 || tables != 0) {
		return 0, fmt.Errorf("%w: it holds other tables", ErrForeign)
	}
	return version, nil
}
