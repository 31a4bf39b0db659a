// Package store keeps what connectors hand in, in one SQLite file, and hands it
// out as snapshots the analysis can sweep.
//
// The file is laid out for a million issues and ten million changes: whole
// numbers everywhere, every repeated text stored once, the changes and comments
// of an issue side by side in the order of time. It is written by one connection
// at a time and read by others meanwhile. docs/store.md describes the tables and
// the views that stand open to any SQL tool.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
	"weak"

	"defacto/backlog"
	"defacto/store/fastscan"

	"modernc.org/sqlite" // also the driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Errors of Open, to be told apart with errors.Is.
var (
	ErrNewerSchema = errors.New("the file was written by a newer version of defacto")
	ErrOlderSchema = errors.New("the file has an older layout and was opened read-only")
	ErrForeign     = errors.New("the file is not a defacto store")
	ErrReadOnly    = errors.New("the store was opened read-only")
)

// busyTimeout is how long a connection waits for another process's lock.
const busyTimeout = 30 * time.Second

// Texts a store keeps.
const (
	KeepText     = "keep"     // everything
	FeaturesOnly = "features" // no bodies or descriptions: lengths, mentions and marks only
)

// Options of Open.
type Options struct {
	// Lexicon holds the phrases marks are computed with. Where it differs from
	// the one the store was written with, the marks are computed anew from the
	// stored texts. The zero value means: the one the store was written with.
	Lexicon backlog.Lexicon
	// Text is KeepText or FeaturesOnly, "" as the store was opened last (at
	// first: keep). A store that turns to FeaturesOnly loses the texts it holds.
	Text     string
	ReadOnly bool             // open an existing file without ever writing to it
	Now      func() time.Time // the clock, for absences without a time; required unless ReadOnly
}

// Store is an open file. All methods may be called concurrently; writes queue up.
type Store struct {
	path  string
	opt   Options
	views *sql.DB // read-only, for small things and the open views

	immutable bool // a file on a medium nobody can write to

	mu      sync.Mutex // guards what follows, and writing
	db      *sql.DB    // one connection; nil when read-only
	w       *writer    // nil until the first write, and after a failed one
	lexicon backlog.Lexicon
	text    string

	viewing  sync.Mutex
	sessions map[weak.Pointer[backlog.Site]]*session
}

// Open opens the file, creating it with mode 0600 where there is none, and brings
// its layout up to date. Errors wrap ErrNewerSchema, ErrOlderSchema or ErrForeign
// where they apply, or fs.ErrNotExist for a missing file opened read-only.
func Open(ctx context.Context, path string, opt Options) (*Store, error) {
	s := &Store{path: path, opt: opt, sessions: map[weak.Pointer[backlog.Site]]*session{}}
	if err := s.open(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("open store %s: %w", path, err)
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) error {
	if s.opt.ReadOnly {
		if _, err := os.Stat(s.path); err != nil {
			return cause(err)
		}
		s.immutable = sealed(s.path)
	} else {
		if s.opt.Now == nil {
			return errors.New("no clock given")
		}
		switch s.opt.Text {
		case "", KeepText, FeaturesOnly:
		default:
			return fmt.Errorf("text %q is neither %s nor %s", s.opt.Text, KeepText, FeaturesOnly)
		}
		if err := create(s.path); err != nil {
			return err
		}
		if err := writable(s.path); err != nil {
			return err
		}
		db, err := sql.Open("sqlite", writerDSN(s.path))
		if err != nil {
			return err
		}
		db.SetMaxOpenConns(1)
		s.db = db
		if err := migrate(ctx, db); err != nil {
			return err
		}
	}
	views, err := sql.Open("sqlite", readerDSN(s.path, s.immutable))
	if err != nil {
		return err
	}
	s.views = views
	if err := checkSchema(ctx, views); err != nil {
		return err
	}
	if s.opt.ReadOnly {
		return nil
	}
	return s.settle(ctx)
}

// Close ends all reading and writing. Sites read from the store stay valid, but
// no more snapshots can be taken for them.
func (s *Store) Close() error {
	s.viewing.Lock()
	for p, ses := range s.sessions {
		ses.close()
		delete(s.sessions, p)
	}
	s.viewing.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	if s.views != nil {
		errs = append(errs, s.views.Close())
	}
	if s.w != nil {
		s.w.close()
		s.w = nil
	}
	if s.db != nil {
		errs = append(errs, s.db.Close()) // last, so that it folds the WAL into the file
	}
	return errors.Join(errs...)
}

// DB returns a read-only handle for the open views (v_issues and so on).
func (s *Store) DB() *sql.DB { return s.views }

// create makes an empty file only its owner can read, unless there is one.
func create(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return cause(err)
	}
	return f.Close()
}

// writable says why SQLite could not write to a file that is there, as an
// fs.ErrPermission: it would only say that it cannot open it.
func writable(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	switch {
	case errors.Is(err, syscall.EROFS):
		return fmt.Errorf("%w: %w", cause(err), fs.ErrPermission)
	case err != nil:
		return cause(err)
	}
	if err := f.Close(); err != nil {
		return err
	}
	if sealed(path) {
		return fmt.Errorf("nothing can be written beside the file: %w", fs.ErrPermission)
	}
	return nil
}

// IsFull reports whether an error says that a disk, or a share of one, is full.
func IsFull(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_FULL || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// cause strips the path from a file error: the caller names it already.
func cause(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// sealed reports whether the file stands where nobody can write beside it, so
// that SQLite could not even make the files it coordinates readers with.
func sealed(path string) bool {
	if _, err := os.Stat(path + "-wal"); err == nil {
		return false
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".defacto-*")
	if err != nil {
		return true
	}
	f.Close()
	os.Remove(f.Name())
	return false
}

func writerDSN(path string) string {
	q := url.Values{
		"_busy_timeout": {fmt.Sprint(busyTimeout.Milliseconds())},
		"_journal_mode": {"WAL"},
		"_synchronous":  {"NORMAL"}, // in WAL mode a crash loses nothing that was committed
		"_foreign_keys": {"on"},
		"_txlock":       {"immediate"},
		"_dqs":          {"0"},
		"_pragma":       {"page_size(16384)", "cache_size(-32768)", "temp_store(MEMORY)", "wal_autocheckpoint(4000)", "journal_size_limit(67108864)"},
	}
	return fastscan.FileURI(path) + "?" + q.Encode()
}

func readerDSN(path string, immutable bool) string {
	q := url.Values{
		"_busy_timeout": {fmt.Sprint(busyTimeout.Milliseconds())},
		"_foreign_keys": {"on"},
		"_query_only":   {"on"},
		"_dqs":          {"0"},
		"_pragma":       {"temp_store(MEMORY)"},
	}
	return fastscan.URI(path, immutable) + "&" + q.Encode()
}
