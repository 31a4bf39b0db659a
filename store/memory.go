package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"defacto/backlog"
)

// memory is what the writer knows of the file, so that a new issue costs no
// query of its own: every shared value with its id, and the next free ids.
type memory struct {
	sources map[string]*source
	leads   map[string]int64
	veil    *veil // whom nothing may name; nil: nobody

	nextValue, nextRef, nextFieldName, nextLead, nextMention, nextLong, nextNo int64
}

// source is a source's part of the memory.
type source struct {
	id              int64
	name            string
	kind, site      string
	firstAt, lastAt int64
	run             int64 // the number of the run that is under way

	accounts   map[string]*account
	scopes     map[string]*scope
	statuses   map[string]*status
	types      map[string]*issueType
	sprints    map[string]*sprint
	versions   map[string]*version
	values     map[valueKey]int64
	refs       map[backlog.Ref]*issueRef
	refsByID   map[string][]*issueRef
	refsByKey  map[string][]*issueRef
	fieldNames map[fieldName]int64
	mentions   map[string]int64
	touched    map[*account]struct{}  // accounts whose activity grew in this transaction
	pointed    map[*issueRef]struct{} // pointers that found their issue, or more, in this transaction
	firstRef   int64                  // the first issue_ref made in this transaction, 0 none
}

type valueKey struct {
	field     backlog.Field
	raw, name string
}

type fieldName struct{ id, name string }

// ident is a tracker's id as it is stored: a whole number where it is one and
// would be written the same way again, else the text.
func ident(s string) any {
	if n, ok := number(s); ok {
		return n
	}
	return s
}

func number(s string) (int64, bool) {
	if s == "" || len(s) > 18 || s[0] == '0' && len(s) > 1 {
		return 0, false
	}
	var n int64
	for i := range len(s) {
		c := s[i]
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// identText reads an ident back.
func identText(v any) string {
	switch v := v.(type) {
	case int64:
		return strconv.FormatInt(v, 10)
	case string:
		return v
	case []byte:
		return string(v)
	}
	return ""
}

// remember returns the memory of a source, reading it from the file or making
// the source where it is new.
func (w *writer) remember(ctx context.Context, name string) (*source, error) {
	if w.memory == nil {
		m, err := w.recall(ctx)
		if err != nil {
			return nil, fmt.Errorf("read what is stored: %w", err)
		}
		w.memory = m
	}
	if src, ok := w.memory.sources[name]; ok {
		clear(src.touched)
		clear(src.pointed)
		src.firstRef = 0
		return src, nil
	}
	src, err := w.recallSource(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("read what is stored of %s: %w", name, err)
	}
	w.memory.sources[name] = src
	return src, nil
}

func (w *writer) recall(ctx context.Context) (*memory, error) {
	m := &memory{sources: map[string]*source{}, leads: map[string]int64{}}
	for _, next := range []struct {
		to    *int64
		query string
	}{
		{&m.nextValue, `SELECT COALESCE(max(id), 0) + 1 FROM value`},
		{&m.nextRef, `SELECT COALESCE(max(id), 0) + 1 FROM issue_ref`},
		{&m.nextFieldName, `SELECT COALESCE(max(id), 0) + 1 FROM field_name`},
		{&m.nextLead, `SELECT COALESCE(max(id), 0) + 1 FROM lead`},
		{&m.nextMention, `SELECT COALESCE(max(id), 0) + 1 FROM mention`},
		{&m.nextLong, `SELECT COALESCE(max(id), 0) + 1 FROM long_text`},
		{&m.nextNo, `SELECT COALESCE(max(end_no), 1) FROM scope`},
	} {
		if err := w.row(ctx, next.query).Scan(next.to); err != nil {
			return nil, err
		}
	}
	var err error
	if m.veil, err = w.recallVeil(ctx); err != nil {
		return nil, err
	}
	return m, w.each(ctx, `SELECT id, name FROM lead`, func(r *sql.Rows) error {
		var id int64
		var name string
		err := r.Scan(&id, &name)
		m.leads[name] = id
		return err
	})
}

func (w *writer) recallSource(ctx context.Context, name string) (*source, error) {
	src := &source{
		name: name, accounts: map[string]*account{}, scopes: map[string]*scope{}, statuses: map[string]*status{}, types: map[string]*issueType{},
		sprints: map[string]*sprint{}, versions: map[string]*version{}, values: map[valueKey]int64{},
		refs: map[backlog.Ref]*issueRef{}, refsByID: map[string][]*issueRef{}, refsByKey: map[string][]*issueRef{},
		fieldNames: map[fieldName]int64{}, mentions: map[string]int64{}, touched: map[*account]struct{}{}, pointed: map[*issueRef]struct{}{},
	}
	err := w.row(ctx, `SELECT id, kind, site, first_at, last_at FROM source WHERE name = ?`, name).Scan(&src.id, &src.kind, &src.site, &src.firstAt, &src.lastAt)
	if errors.Is(err, sql.ErrNoRows) {
		err = w.row(ctx, `INSERT INTO source (name) VALUES (?) RETURNING id`, name).Scan(&src.id)
	}
	if err != nil {
		return nil, err
	}
	if err := w.row(ctx, `SELECT COALESCE(max(id), 0) + 1 FROM sync_run`).Scan(&src.run); err != nil {
		return nil, err
	}
	for _, read := range []struct {
		query string
		scan  func(*sql.Rows) error
	}{
		{`SELECT id, ext, handle, name, email, kind, active, zone, thin, COALESCE(first_at, 0), COALESCE(last_at, 0) FROM account LEFT JOIN activity ON account = id WHERE source = ?`, src.scanAccount},
		{`SELECT id, key, ext, name, lead, zone, next_no, end_no FROM scope WHERE source = ?`, src.scanScope},
		{`SELECT id, ext, name, scope, category, position, seen_at FROM status WHERE source = ?`, src.scanStatus},
		{`SELECT id, ext, name, level, seen_at FROM type WHERE source = ?`, src.scanType},
		{`SELECT id, ext, name, state, start_at, end_at, completed_at FROM sprint WHERE source = ?`, src.scanSprint},
		{`SELECT id, ext, scope, name, released, release_at FROM version WHERE source = ?`, src.scanVersion},
		{`SELECT id, ext, key, issue, how, epic FROM issue_ref WHERE source = ?`, src.scanRef},
		{`SELECT id, field, raw, name FROM value WHERE source = ?`, func(r *sql.Rows) error {
			var id int64
			var k valueKey
			err := r.Scan(&id, &k.field, &k.raw, &k.name)
			src.values[k] = id
			return err
		}},
		{`SELECT id, ext, name FROM field_name WHERE source = ?`, func(r *sql.Rows) error {
			var id int64
			var k fieldName
			err := r.Scan(&id, &k.id, &k.name)
			src.fieldNames[k] = id
			return err
		}},
		{`SELECT id, token FROM mention WHERE source = ?`, func(r *sql.Rows) error {
			var id int64
			var token string
			err := r.Scan(&id, &token)
			src.mentions[token] = id
			return err
		}},
	} {
		if err := w.each(ctx, read.query, read.scan, src.id); err != nil {
			return nil, err
		}
	}
	return src, nil
}

// value returns the id of an interned value, 0 for the empty one.
func (w *writer) value(ctx context.Context, src *source, field backlog.Field, raw, name string) (int64, error) {
	if raw == "" && name == "" {
		return 0, nil
	}
	k := valueKey{field, raw, name}
	if id, ok := src.values[k]; ok {
		return id, nil
	}
	var ref int64
	if field == backlog.FieldParent {
		r, err := w.ref(ctx, src, backlog.Ref{ID: raw, Key: name})
		if err != nil {
			return 0, err
		}
		ref = r.id
	}
	id := w.memory.nextValue
	w.memory.nextValue++
	src.values[k] = id
	return id, w.values.add(ctx, id, src.id, int64(field), raw, name, ref)
}

// fieldName returns the id of a tracker's own field, 0 where it has no name.
func (w *writer) fieldName(ctx context.Context, src *source, ext, name string) (int64, error) {
	if ext == "" && name == "" {
		return 0, nil
	}
	k := fieldName{ext, name}
	if id, ok := src.fieldNames[k]; ok {
		return id, nil
	}
	id := w.memory.nextFieldName
	w.memory.nextFieldName++
	src.fieldNames[k] = id
	return id, w.fieldNames.add(ctx, id, src.id, ext, name)
}

// lead returns the id of a name a comment opens with, 0 for none.
func (w *writer) lead(ctx context.Context, name string) (int64, error) {
	if name == "" {
		return 0, nil
	}
	if id, ok := w.memory.leads[name]; ok {
		return id, nil
	}
	id := w.memory.nextLead
	w.memory.nextLead++
	w.memory.leads[name] = id
	return id, w.leads.add(ctx, id, name)
}

// mention returns the id of an account id or handle as a text mentions it.
func (w *writer) mention(ctx context.Context, src *source, token string) (int64, error) {
	if id, ok := src.mentions[token]; ok {
		return id, nil
	}
	id := w.memory.nextMention
	w.memory.nextMention++
	src.mentions[token] = id
	return id, w.mentions.add(ctx, id, src.id, token)
}

// longText stores texts no other row shares and returns the negative id their
// change refers to them by, 0 for a side that is empty.
func (w *writer) longText(ctx context.Context, c *backlog.Change) (from, to int64, err error) {
	id := w.memory.nextLong
	if c.From != "" || c.FromName != "" {
		from = -id
	}
	if c.To != "" || c.ToName != "" {
		to = -id
	}
	if from == 0 && to == 0 {
		return 0, 0, nil
	}
	w.memory.nextLong++
	return from, to, w.longTexts.add(ctx, id, differing(c.From, c.FromName), c.FromName, differing(c.To, c.ToName), c.ToName)
}

// differing returns raw, or nil where the name says the same.
func differing(raw, name string) any {
	if raw == name {
		return nil
	}
	return raw
}
