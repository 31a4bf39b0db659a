package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// schemaVersion is the layout this program knows: the newest migration's number.
const schemaVersion = 2

// migrate brings the file's layout up to date, each step in a transaction.
func migrate(ctx context.Context, db *sql.DB) error {
	v, err := fileVersion(ctx, db)
	if err != nil {
		return err
	}
	if v > schemaVersion {
		return fmt.Errorf("%w (layout %d, this program knows %d): update defacto", ErrNewerSchema, v, schemaVersion)
	}
	if v == schemaVersion {
		return nil
	}
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	if _, err := p.Up(ctx); err != nil {
		if v, again := fileVersion(ctx, db); again == nil && v == schemaVersion {
			return nil // another process was quicker
		}
		return fmt.Errorf("bring the layout up to date: %w", err)
	}
	return nil
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
	var ours, any int
	err := db.QueryRowContext(ctx, `SELECT COALESCE(sum(name = 'goose_db_version'), 0), count(*) FROM sqlite_schema WHERE type = 'table'`).Scan(&ours, &any)
	if err != nil {
		return 0, fmt.Errorf("read the layout: %w", err)
	}
	if ours == 0 {
		if any > 0 {
			return 0, fmt.Errorf("%w: it holds other tables", ErrForeign)
		}
		return 0, nil
	}
	var v sql.NullInt64
	err = db.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version WHERE is_applied`).Scan(&v)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("read the layout: %w", err)
	}
	return int(v.Int64), nil
}
