package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"defacto/backlog"
)

// texts erases what they wrote: comments, and the titles, descriptions and
// criteria of issues as far as nobody else wrote them anew.
func (e *eraser) texts(ctx context.Context) error {
	issues := map[int64]bool{}
	note := func(r *sql.Rows) error {
		var no int64
		err := r.Scan(&no)
		issues[no] = true
		return err
	}
	for _, a := range e.accounts {
		n, err := e.w.execCount(ctx, `DELETE FROM comment_body WHERE id IN (SELECT id FROM comment WHERE who >> 32 = ?)`, a.id)
		if err != nil {
			return err
		}
		e.sum.Comments += int(n)
		if err := e.w.each(ctx, `SELECT no FROM issue WHERE creator = ?1 OR reporter = ?1`, note, a.id); err != nil {
			return err
		}
		if err := e.w.each(ctx, `SELECT DISTINCT id >> 20 FROM change WHERE what >> 32 = ? AND (what & 127) IN (?, ?, ?, ?, ?)`, note, a.id,
			int64(backlog.FieldSummary), int64(backlog.FieldDescription), int64(backlog.FieldCriteria), int64(backlog.FieldUpdate), int64(backlog.FieldOther)); err != nil {
			return err
		}
	}
	for no := range issues {
		if err := e.issue(ctx, no); err != nil {
			return fmt.Errorf("the texts of issue %d: %w", no, err)
		}
	}
	return nil
}

// side is one end of a change whose text is theirs.
type side struct {
	long int64 // long_text
	to   bool
}

// issue erases their texts in one issue.
func (e *eraser) issue(ctx context.Context, no int64) error {
	var creator, reporter int64
	if err := e.w.row(ctx, `SELECT creator, reporter FROM issue WHERE no = ?`, no).Scan(&creator, &reporter); err != nil {
		return err
	}
	p := newPen(e.mine[creator] || e.mine[reporter])
	var theirs []side
	err := e.w.each(ctx, `SELECT what, moved, name FROM change WHERE id BETWEEN ? AND ? ORDER BY id`, func(r *sql.Rows) error {
		var c changeRow
		var what, moved int64
		if err := r.Scan(&what, &moved, &c.name); err != nil {
			return err
		}
		c.unpack(what, moved)
		k, text := kindOfText(backlog.Field(c.field), fmt.Sprint(c.name))
		if !text {
			return nil
		}
		mine := e.mine[c.actor]
		if p.passes(k, mine) && c.from < 0 {
			theirs = append(theirs, side{-c.from, false})
		}
		if mine && c.to < 0 {
			theirs = append(theirs, side{-c.to, true})
		}
		return nil
	}, no<<seqBits, no<<seqBits|maxSeq)
	if err != nil {
		return err
	}
	for _, s := range theirs {
		q := `UPDATE long_text SET from_raw = NULL, from_name = ? WHERE id = ? AND from_name <> ''`
		if s.to {
			q = `UPDATE long_text SET to_raw = NULL, to_name = ? WHERE id = ? AND to_name <> ''`
		}
		if err := e.count(ctx, q, erasedText, s.long); err != nil {
			return err
		}
	}
	for _, t := range []struct {
		field backlog.Field
		query string
	}{
		{backlog.FieldSummary, `UPDATE issue_text SET title = '' WHERE issue = ? AND title <> ''`},
		{backlog.FieldDescription, `UPDATE issue_text SET description = NULL, more = json_remove(more, '$.code', '$.quotes', '$.links') WHERE issue = ? AND (description IS NOT NULL OR more IS NOT NULL)`},
		{backlog.FieldCriteria, `UPDATE issue_text SET criteria = NULL, criteria_more = json_remove(criteria_more, '$.code', '$.quotes', '$.links') WHERE issue = ? AND (criteria IS NOT NULL OR criteria_more IS NOT NULL)`},
	} {
		if !p.holds(textKind{field: t.field}) {
			continue
		}
		if err := e.count(ctx, t.query, no); err != nil {
			return err
		}
	}
	return nil
}

func (e *eraser) count(ctx context.Context, query string, args ...any) error {
	n, err := e.w.execCount(ctx, query, args...)
	e.sum.Texts += int(n)
	return err
}

// references erases them from the values and lists that changes and issues share.
func (e *eraser) references(ctx context.Context) error {
	for _, a := range e.accounts {
		if err := e.values(ctx, a); err != nil {
			return err
		}
	}
	// A source's position may name accounts it has yet to look up.
	type position struct {
		source int64
		name   string
		value  string
	}
	var list []position
	err := e.w.each(ctx, `SELECT c.source, s.name, c.value FROM cursor c JOIN source s ON s.id = c.source`, func(r *sql.Rows) error {
		var p position
		err := r.Scan(&p.source, &p.name, &p.value)
		list = append(list, p)
		return err
	})
	if err != nil {
		return err
	}
	for _, p := range list {
		if err := e.w.exec(ctx, `UPDATE cursor SET value = ? WHERE source = ?`, e.veil.maskQuoted(p.name, p.value), p.source); err != nil {
			return err
		}
	}
	return nil
}

// values makes one value of all that an account was called as an assignee, and one
// as a reporter.
func (e *eraser) values(ctx context.Context, a erasedAccount) error {
	for _, field := range []backlog.Field{backlog.FieldAssignee, backlog.FieldReporter} {
		var ids []int64
		err := e.w.each(ctx, `SELECT id FROM value WHERE source = ? AND field = ? AND raw IN (?, ?) AND raw <> '' ORDER BY id`, func(r *sql.Rows) error {
			var id int64
			err := r.Scan(&id)
			ids = append(ids, id)
			return err
		}, a.sourceID, int64(field), a.ext, a.handle)
		if err != nil {
			return err
		}
		for i, id := range ids {
			if i == 0 {
				err = e.w.exec(ctx, `UPDATE value SET raw = ?, name = ? WHERE id = ?`, a.standIn, standInName(a.standIn), id)
			} else {
				err = e.merge(ctx, field, id, ids[0])
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// merge lets changes refer to another value and drops the one they had.
func (e *eraser) merge(ctx context.Context, field backlog.Field, old, now int64) error {
	for _, q := range []string{
		`UPDATE change SET moved = (?1 << 32) | (moved & 0xffffffff) WHERE (what & 127) = ?2 AND moved >> 32 = ?3`,
		`UPDATE change SET moved = (moved & ~0xffffffff) | ?1 WHERE (what & 127) = ?2 AND moved & 0xffffffff = ?3`,
	} {
		if err := e.w.exec(ctx, q, now, int64(field), old); err != nil {
			return err
		}
	}
	return e.w.exec(ctx, `DELETE FROM value WHERE id = ?`, old)
}

// put sets a text that must be unique; ?1 is the text.
func (e *eraser) put(ctx context.Context, query, text string, args ...any) error {
	for n := 1; ; n++ {
		try := text
		if n > 1 {
			try = fmt.Sprintf("%s %d", text, n)
		}
		set, err := e.w.execCount(ctx, query, append([]any{try}, args...)...)
		if err != nil || set > 0 {
			return err
		}
	}
}

// column is a text column of a table with a whole number for a key.
type column struct {
	table, key, name string
	becomes          func(string) string
}

// mentions erases their names from what others wrote.
func (e *eraser) mentions(ctx context.Context) error {
	mask := e.veil.mask
	for _, c := range []column{
		{"comment_body", "id", "prose", mask},
		{"comment_body", "id", "more", e.more},
		{"issue_text", "issue", "title", mask},
		{"issue_text", "issue", "description", mask},
		{"issue_text", "issue", "more", e.more},
		{"issue_text", "issue", "criteria", mask},
		{"issue_text", "issue", "criteria_more", e.more},
		{"long_text", "id", "from_raw", mask},
		{"long_text", "id", "from_name", mask},
		{"long_text", "id", "to_raw", mask},
		{"long_text", "id", "to_name", mask},
		{"value", "id", "raw", mask},
		{"value", "id", "name", mask},
		{"lead", "id", "name", e.lead},
		{"field_name", "id", "name", mask},
		{"sprint", "id", "name", mask},
		{"version", "id", "name", mask},
		{"scope", "id", "name", mask},
	} {
		n, err := e.rewrite(ctx, c)
		if err != nil {
			return fmt.Errorf("the texts in %s.%s: %w", c.table, c.name, err)
		}
		e.sum.Names += n
	}
	return nil
}

// lead masks a name a comment opens with, or takes theirs out of those it speaks of.
func (e *eraser) lead(text string) string {
	for _, a := range e.accounts {
		text = backlog.Unspeak(text, a.name)
	}
	return e.veil.mask(text)
}

// more masks what is stored beside a text's prose. What is no JSON of ours is dropped.
func (e *eraser) more(text string) string {
	var m textMore
	if json.Unmarshal([]byte(text), &m) != nil {
		return "{}"
	}
	for i, id := range m.Mentions {
		for _, a := range e.accounts {
			if id == a.ext || id == a.handle {
				m.Mentions[i] = a.standIn
			}
		}
	}
	m.Code, m.Quotes, m.Links = e.veil.masks(m.Code), e.veil.masks(m.Quotes), e.veil.masks(m.Links)
	b, err := json.Marshal(m)
	if err != nil {
		return "{}"
	}
	return string(b)
}

// rewrite passes every text of a column through a function and returns how many
// changed. It reads some before it writes any: a statement must not change what
// another one is reading.
func (e *eraser) rewrite(ctx context.Context, c column) (changed int, err error) {
	type row struct {
		key  int64
		text string
	}
	for last := int64(-1 << 62); ; {
		n := 0
		var differ []row
		err := e.w.each(ctx, fmt.Sprintf(`SELECT %[2]s, %[3]s FROM %[1]s WHERE %[2]s > ? AND %[3]s <> '' ORDER BY %[2]s LIMIT ?`, c.table, c.key, c.name), func(r *sql.Rows) error {
			var text string
			n++
			if err := r.Scan(&last, &text); err != nil {
				return err
			}
			if now := c.becomes(text); now != text {
				differ = append(differ, row{last, now})
			}
			return nil
		}, last, remarkStep)
		if err != nil {
			return changed, err
		}
		for _, d := range differ {
			if err := e.put(ctx, fmt.Sprintf(`UPDATE OR IGNORE %[1]s SET %[3]s = ?1 WHERE %[2]s = ?2`, c.table, c.key, c.name), d.text, d.key); err != nil {
				return changed, err
			}
		}
		changed += len(differ)
		if n < remarkStep {
			return changed, nil
		}
	}
}
