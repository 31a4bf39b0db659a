package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// writer is the one writing connection with its prepared statements, its pending
// rows and what it remembers of the file. A failed transaction discards it whole,
// for what it remembers may then never have been stored.
type writer struct {
	conn    *sql.Conn
	stmts   map[string]*sql.Stmt
	version int64   // PRAGMA data_version when memory was last known to be true
	memory  *memory // nil: to be read from the file

	activities                                                    *table
	values, refs, fieldNames, leads, mentions, longTexts          *table
	issues, texts, oldKeys, labels, components, versions, sprints *table
	aboves, spans, links, changes, comments, threads, bodies      *table
}

// write runs do in one transaction: all of it is stored, or nothing. do gets a
// context that cannot be cancelled, for an interrupted statement would leave the
// connection in doubt; it looks at ctx itself between steps.
func (s *Store) write(ctx context.Context, do func(context.Context, *writer) error) (err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db == nil {
		return ErrReadOnly
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	firm := context.WithoutCancel(ctx)
	if s.w == nil {
		conn, err := s.db.Conn(firm)
		if err != nil {
			return err
		}
		s.w = newWriter(conn)
	}
	w := s.w
	defer func() {
		if err != nil {
			_ = w.exec(firm, `ROLLBACK`) // its error says nothing new: SQLite may have rolled back by itself
			w.discard()
			s.w = nil
		}
	}()
	if err := w.begin(firm); err != nil {
		return err
	}
	if err := do(firm, w); err != nil {
		return err
	}
	if err := w.flush(firm); err != nil {
		return err
	}
	if err := w.exec(firm, `UPDATE meta SET value = value + 1 WHERE key = 'generation'`); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return w.exec(firm, `COMMIT`)
}

func newWriter(conn *sql.Conn) *writer {
	w := &writer{conn: conn, stmts: map[string]*sql.Stmt{}}
	w.activities = w.table(nil, "activity", "account", "first_at", "last_at")
	w.activities.tail = " ON CONFLICT DO UPDATE SET first_at = excluded.first_at, last_at = excluded.last_at"
	w.values = w.table(nil, "value", "id", "source", "field", "raw", "name", "ref")
	w.refs = w.table(nil, "issue_ref", "id", "source", "ext", "key")
	w.fieldNames = w.table(nil, "field_name", "id", "source", "ext", "name")
	w.leads = w.table(nil, "lead", "id", "name")
	w.mentions = w.table(nil, "mention", "id", "source", "token")
	w.longTexts = w.table(nil, "long_text", "id", "from_raw", "from_name", "to_raw", "to_name")
	w.issues = w.table(nil, "issue", issueColumns...)
	w.texts = w.table(w.issues, "issue_text", "issue", "title", "chars", "description", "more", "criteria", "criteria_more")
	w.oldKeys = w.table(w.issues, "old_key", "source", "key", "issue")
	w.oldKeys.tail = " ON CONFLICT DO NOTHING"
	w.labels = w.table(w.issues, "issue_label", "issue", "label")
	w.components = w.table(w.issues, "issue_component", "issue", "component")
	w.versions = w.table(w.issues, "issue_version", "issue", "version")
	w.sprints = w.table(w.issues, "issue_sprint", "issue", "pos", "sprint")
	w.aboves = w.table(w.issues, "issue_above", "issue", "pos", "above")
	w.spans = w.table(w.issues, "issue_span", "issue", "scope")
	w.links = w.table(w.issues, "link", "issue", "pos", "kind", "name", "ext", "key")
	w.changes = w.table(nil, "change", "id", "at", "what", "moved", "event", "name")
	w.comments = w.table(nil, "comment", "id", "at", "who", "said", "ext", "mentions", "edited")
	w.threads = w.table(w.comments, "comment_thread", "id", "parent", "resolved", "resolver")
	w.bodies = w.table(w.comments, "comment_body", "id", "prose", "more")
	return w
}

func (w *writer) tables() []*table {
	return []*table{
		w.activities, w.values, w.refs, w.fieldNames, w.leads, w.mentions, w.longTexts, w.issues, w.texts, w.oldKeys, w.labels,
		w.components, w.versions, w.sprints, w.aboves, w.spans, w.links, w.changes, w.comments, w.threads, w.bodies,
	}
}

// begin opens the transaction and forgets what another process may have changed.
func (w *writer) begin(ctx context.Context) error {
	if err := w.exec(ctx, `BEGIN IMMEDIATE`); err != nil {
		return busy(err)
	}
	var v int64
	if err := w.row(ctx, `PRAGMA data_version`).Scan(&v); err != nil {
		return err
	}
	if v != w.version {
		w.version, w.memory = v, nil
	}
	return nil
}

// busy says in words that another process held the lock for too long.
func busy(err error) error {
	if isBusy(err) {
		return fmt.Errorf("another process has been writing to the store for %s; try again when it is done: %w", busyTimeout, err)
	}
	return err
}

func isBusy(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_BUSY
}

// close gives the connection back. Its errors concern nothing that was stored.
func (w *writer) close() {
	for _, st := range w.stmts {
		st.Close()
	}
	w.conn.Close()
}

// discard ends the connection for good, whatever state a failure left it in.
func (w *writer) discard() {
	for _, st := range w.stmts {
		st.Close()
	}
	_ = w.conn.Raw(func(any) error { return driver.ErrBadConn })
	w.conn.Close()
}

// prepared returns the statement of a text, compiled once per connection.
func (w *writer) prepared(ctx context.Context, text string) (*sql.Stmt, error) {
	if st, ok := w.stmts[text]; ok {
		return st, nil
	}
	st, err := w.conn.PrepareContext(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", text, err)
	}
	w.stmts[text] = st
	return st, nil
}

func (w *writer) exec(ctx context.Context, text string, args ...any) error {
	_, err := w.execCount(ctx, text, args...)
	return err
}

// execCount also returns the number of rows affected.
func (w *writer) execCount(ctx context.Context, text string, args ...any) (int64, error) {
	st, err := w.prepared(ctx, text)
	if err != nil {
		return 0, err
	}
	res, err := st.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (w *writer) row(ctx context.Context, text string, args ...any) *sql.Row {
	st, err := w.prepared(ctx, text)
	if err != nil {
		return w.conn.QueryRowContext(ctx, text, args...) // reports the same error
	}
	return st.QueryRowContext(ctx, args...)
}

// each calls scan for every row.
func (w *writer) each(ctx context.Context, text string, scan func(*sql.Rows) error, args ...any) error {
	st, err := w.prepared(ctx, text)
	if err != nil {
		return err
	}
	rows, err := st.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}

// flush writes all pending rows.
func (w *writer) flush(ctx context.Context) error {
	for _, t := range w.tables() {
		if err := t.flush(ctx); err != nil {
			return err
		}
	}
	return nil
}

// rowsAtOnce is how many rows one INSERT holds: more gain nothing.
const rowsAtOnce = 100

// table collects new rows of a table and inserts them many at a time.
type table struct {
	w       *writer
	after   *table // whose rows must be there first
	name    string
	tail    string // what to do about rows that are there already
	columns []string
	args    []any
	sizes   map[int]string
}

func (w *writer) table(after *table, name string, columns ...string) *table {
	return &table{w: w, after: after, name: name, columns: columns, sizes: map[int]string{}}
}

// add takes the values of one row.
func (t *table) add(ctx context.Context, values ...any) error {
	t.args = append(t.args, values...)
	if len(t.args) < rowsAtOnce*len(t.columns) {
		return nil
	}
	return t.flush(ctx)
}

func (t *table) flush(ctx context.Context) error {
	if len(t.args) == 0 {
		return nil
	}
	if t.after != nil {
		if err := t.after.flush(ctx); err != nil {
			return err
		}
	}
	args := t.args
	for _, n := range []int{rowsAtOnce, 10, 1} {
		for len(args) >= n*len(t.columns) {
			if err := t.w.exec(ctx, t.statement(n), args[:n*len(t.columns)]...); err != nil {
				return fmt.Errorf("insert into %s: %w", t.name, err)
			}
			args = args[n*len(t.columns):]
		}
	}
	clear(t.args)
	t.args = t.args[:0]
	return nil
}

func (t *table) statement(n int) string {
	if s, ok := t.sizes[n]; ok {
		return s
	}
	row := "(?" + strings.Repeat(", ?", len(t.columns)-1) + ")"
	s := "INSERT INTO " + t.name + " (" + strings.Join(t.columns, ", ") + ") VALUES " + row + strings.Repeat(", "+row, n-1) + t.tail
	t.sizes[n] = s
	return s
}
