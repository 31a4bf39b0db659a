// Package fastscan reads SQLite rows without database/sql: five times quicker,
// because a column costs one call into the engine and no allocation. It is the
// store's reader for whole-table sweeps; everything small goes through
// database/sql.
package fastscan

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unsafe"

	"modernc.org/libc"
	"modernc.org/libc/sys/types"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrBusy is in the chain of an error that says the database stayed locked
// longer than the connection was told to wait.
var ErrBusy = errors.New("the database is locked by another process")

// Conn is a read-only connection. It belongs to one goroutine at a time.
type Conn struct {
	tls     *libc.TLS
	db      uintptr
	stmts   []*Stmt
	idle    map[string]uintptr // closed statements by their text: compiling one costs more than many a query
	tables  map[string]*Table
	indexes map[string]*Index
}

// Stmt is a prepared statement of a Conn: bind, step until false, read columns
// (counted from 0) after each true, reset, bind again.
type Stmt struct {
	conn *Conn
	stmt uintptr
	sql  string
}

// Open opens the file read-only and waits at most busy where another connection
// holds a lock. The file must exist. Immutable skips all locking, for a file
// nobody can change.
func Open(path string, busy time.Duration, immutable bool) (*Conn, error) {
	name, err := libc.CString(URI(path, immutable))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	c := &Conn{tls: libc.NewTLS()}
	defer libc.Xfree(c.tls, name)
	out, err := c.alloc()
	if err != nil {
		c.tls.Close()
		return nil, err
	}
	defer libc.Xfree(c.tls, out)
	flags := int32(sqlite3.SQLITE_OPEN_READONLY | sqlite3.SQLITE_OPEN_NOMUTEX | sqlite3.SQLITE_OPEN_URI)
	rc := sqlite3.Xsqlite3_open_v2(c.tls, name, out, flags, 0)
	c.db = *(*uintptr)(pointer(out))
	if rc != sqlite3.SQLITE_OK {
		err := fmt.Errorf("open %s: %w", path, c.failure(rc))
		c.Close()
		return nil, err
	}
	// Without it a reader fails at once where another connection is closing the WAL.
	sqlite3.Xsqlite3_busy_timeout(c.tls, c.db, int32(busy.Milliseconds()))
	return c, nil
}

// URI returns the read-only SQLite URI of a file's path.
func URI(path string, immutable bool) string {
	q := "mode=ro"
	if immutable {
		q += "&immutable=1"
	}
	return FileURI(path) + "?" + q
}

// FileURI returns a path as the file: URI without parameters, escaped.
func FileURI(path string) string {
	p := filepath.ToSlash(path)
	if filepath.VolumeName(path) != "" && !strings.HasPrefix(p, "/") {
		p = "/" + p // a Windows drive: file:///C:/…
	}
	return "file:" + (&url.URL{Path: p}).EscapedPath()
}

// Close frees the connection and its statements. Closing twice does nothing.
func (c *Conn) Close() {
	if c.tls == nil {
		return
	}
	for _, s := range c.stmts {
		sqlite3.Xsqlite3_finalize(c.tls, s.stmt)
	}
	for _, stmt := range c.idle {
		sqlite3.Xsqlite3_finalize(c.tls, stmt)
	}
	c.stmts, c.idle, c.tables, c.indexes = nil, nil, nil, nil
	if c.db != 0 {
		sqlite3.Xsqlite3_close_v2(c.tls, c.db)
	}
	c.tls.Close()
	c.tls, c.db = nil, 0
}

// Exec runs one statement that returns no rows, e.g. BEGIN.
func (c *Conn) Exec(sql string) error {
	s, err := c.Prepare(sql)
	if err != nil {
		return err
	}
	defer s.Close()
	for {
		more, err := s.Step()
		if err != nil || !more {
			return err
		}
	}
}

// Prepare compiles one statement; the connection frees it when it is closed.
func (c *Conn) Prepare(sql string) (*Stmt, error) {
	if stmt, ok := c.idle[sql]; ok {
		delete(c.idle, sql)
		s := &Stmt{conn: c, stmt: stmt, sql: sql}
		c.stmts = append(c.stmts, s)
		return s, nil
	}
	text, err := libc.CString(sql)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	defer libc.Xfree(c.tls, text)
	out, err := c.alloc()
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(c.tls, out)
	if rc := sqlite3.Xsqlite3_prepare_v2(c.tls, c.db, text, -1, out, 0); rc != sqlite3.SQLITE_OK {
		return nil, fmt.Errorf("prepare %q: %w", sql, c.failure(rc))
	}
	s := &Stmt{conn: c, stmt: *(*uintptr)(pointer(out)), sql: sql}
	if s.stmt == 0 {
		return nil, fmt.Errorf("prepare %q: no statement in it", sql)
	}
	c.stmts = append(c.stmts, s)
	return s, nil
}

// Close gives the statement back before its connection is closed. Closing twice does nothing.
func (s *Stmt) Close() {
	c := s.conn
	i := slices.Index(c.stmts, s)
	if i < 0 {
		return
	}
	c.stmts = slices.Delete(c.stmts, i, i+1)
	if _, ok := c.idle[s.sql]; ok {
		sqlite3.Xsqlite3_finalize(c.tls, s.stmt)
	} else {
		s.Reset()
		if c.idle == nil {
			c.idle = map[string]uintptr{}
		}
		c.idle[s.sql] = s.stmt
	}
	s.stmt = 0
}

// Bind resets the statement and binds whole numbers to its parameters, in order.
func (s *Stmt) Bind(values ...int64) error {
	s.Reset()
	for i, v := range values {
		if rc := sqlite3.Xsqlite3_bind_int64(s.conn.tls, s.stmt, int32(i+1), v); rc != sqlite3.SQLITE_OK {
			return fmt.Errorf("bind parameter %d of %q: %w", i+1, s.sql, s.conn.failure(rc))
		}
	}
	return nil
}

// Step moves to the next row and reports whether there is one.
func (s *Stmt) Step() (bool, error) {
	switch rc := sqlite3.Xsqlite3_step(s.conn.tls, s.stmt); rc {
	case sqlite3.SQLITE_ROW:
		return true, nil
	case sqlite3.SQLITE_DONE:
		return false, nil
	default:
		return false, fmt.Errorf("read %q: %w", s.sql, s.conn.failure(rc))
	}
}

// Reset ends the statement's reading, so that it can be bound and stepped again.
func (s *Stmt) Reset() { sqlite3.Xsqlite3_reset(s.conn.tls, s.stmt) }

// Int returns a column as a whole number; NULL is 0.
func (s *Stmt) Int(col int) int64 {
	return sqlite3.Xsqlite3_column_int64(s.conn.tls, s.stmt, int32(col))
}

// Float returns a column as a number; NULL is 0.
func (s *Stmt) Float(col int) float64 {
	return sqlite3.Xsqlite3_column_double(s.conn.tls, s.stmt, int32(col))
}

// IsInt reports whether the column holds a whole number (and not a text or NULL).
func (s *Stmt) IsInt(col int) bool {
	return sqlite3.Xsqlite3_column_type(s.conn.tls, s.stmt, int32(col)) == sqlite3.SQLITE_INTEGER
}

// IsNull reports whether the column is NULL.
func (s *Stmt) IsNull(col int) bool {
	return sqlite3.Xsqlite3_column_type(s.conn.tls, s.stmt, int32(col)) == sqlite3.SQLITE_NULL
}

// Text returns a column as a string of its own; NULL is "".
func (s *Stmt) Text(col int) string {
	p := sqlite3.Xsqlite3_column_text(s.conn.tls, s.stmt, int32(col))
	n := sqlite3.Xsqlite3_column_bytes(s.conn.tls, s.stmt, int32(col))
	if p == 0 || n == 0 {
		return ""
	}
	return string(unsafe.Slice((*byte)(pointer(p)), n))
}

// Blob returns a column's bytes where SQLite holds them: valid until the next
// Step, Reset or Close, and not to be written to. NULL is empty.
func (s *Stmt) Blob(col int) []byte {
	p := sqlite3.Xsqlite3_column_blob(s.conn.tls, s.stmt, int32(col))
	n := sqlite3.Xsqlite3_column_bytes(s.conn.tls, s.stmt, int32(col))
	if p == 0 || n == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(pointer(p)), n)
}

// alloc returns memory for one pointer SQLite will write.
func (c *Conn) alloc() (uintptr, error) {
	p := libc.Xcalloc(c.tls, 1, types.Size_t(unsafe.Sizeof(uintptr(0))))
	if p == 0 {
		return 0, errors.New("out of memory")
	}
	return p, nil
}

// pointer makes an address in SQLite's own memory, which Go's collector neither
// moves nor frees, readable.
func pointer(address uintptr) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Pointer(&address))
}

func (c *Conn) failure(rc int32) error {
	text := ""
	if c.db != 0 {
		text = libc.GoString(sqlite3.Xsqlite3_errmsg(c.tls, c.db))
	}
	if rc&0xff == sqlite3.SQLITE_BUSY {
		return fmt.Errorf("%w (%s)", ErrBusy, text)
	}
	return fmt.Errorf("sqlite: %s (%d)", text, rc)
}
