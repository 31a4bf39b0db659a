package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"

	"defacto/backlog"
)

// seqBits is how many bits of a change's or comment's row id number it within
// its issue.
const seqBits = 20

const maxSeq = 1<<seqBits - 1

// changeRow is one change as it is stored. A long value's id is not known before
// it is compared with what is stored; until then long is set.
type changeRow struct {
	at       int64
	event    any // int64 or string
	ordinal  int64
	actor    int64
	field    int64
	from, to int64
	measure  int64
	machine  int64
	name     int64
	long     *backlog.Change
}

// maxOrdinal is how many items a history entry can have here.
const maxOrdinal = 1<<16 - 1

// pack returns the two packed columns of a row; the view change_row and unpack
// take them apart.
func (r *changeRow) pack() (what, moved int64) {
	return r.actor<<32 | r.ordinal<<16 | r.measure&0xff<<8 | r.machine<<7 | r.field, r.from<<32 | r.to&0xffffffff
}

// unpack is the inverse of pack.
func (r *changeRow) unpack(what, moved int64) {
	r.actor, r.ordinal, r.measure = what>>32, what>>16&maxOrdinal, int64(int8(what>>8))
	r.machine, r.field = what>>7&1, what&0x7f
	r.from, r.to = moved>>32, int64(int32(moved))
}

// compareIdents orders ids as SQLite does: numbers before texts.
func compareIdents(a, b any) int {
	an, aNumber := a.(int64)
	bn, bNumber := b.(int64)
	switch {
	case aNumber && bNumber:
		return cmp.Compare(an, bn)
	case aNumber:
		return -1
	case bNumber:
		return 1
	}
	return cmp.Compare(a.(string), b.(string))
}

func compareChanges(a, b changeRow) int {
	return cmp.Or(cmp.Compare(a.at, b.at), compareIdents(a.event, b.event), cmp.Compare(a.ordinal, b.ordinal))
}

// changeKey tells the changes of an issue apart; at counts only where the origin
// gives its entries no id.
type changeKey struct {
	event   any
	ordinal int64
	at      int64
}

func (c *changeRow) key() changeKey {
	k := changeKey{event: c.event, ordinal: c.ordinal}
	if c.event == "" {
		k.at = c.at
	}
	return k
}

// orderChanges drops repeats and sorts by time, id and ordinal.
func orderChanges(rows []changeRow) []changeRow {
	slices.SortStableFunc(rows, func(a, b changeRow) int {
		return cmp.Or(compareIdents(a.event, b.event), cmp.Compare(a.ordinal, b.ordinal), cmp.Compare(a.at, b.at))
	})
	rows = slices.CompactFunc(rows, func(a, b changeRow) bool { return a.key() == b.key() })
	slices.SortStableFunc(rows, compareChanges)
	return rows
}

// entries counts the history entries ordered changes belong to.
func entries(rows []changeRow) int {
	n := 0
	for i := range rows {
		if i == 0 || rows[i].at != rows[i-1].at || rows[i].event != rows[i-1].event {
			n++
		}
	}
	return n
}

// secret reports whether a field's values are texts people wrote, which
// FeaturesOnly does not keep.
func secret(f backlog.Field) bool {
	switch f {
	case backlog.FieldDescription, backlog.FieldCriteria, backlog.FieldUpdate, backlog.FieldOther:
		return true
	}
	return false
}

// changeRows appends a copy's changes to rows, with all shared values interned.
func (in *intake) changeRows(ctx context.Context, is *backlog.Issue, rows []changeRow) ([]changeRow, error) {
	w, src := in.w, in.src
	for i := range is.Changes {
		c := &is.Changes[i]
		if c.Ordinal < 0 || c.Ordinal > maxOrdinal {
			return nil, fmt.Errorf("history entry %s: item %d is beyond %d", c.ID, c.Ordinal, maxOrdinal)
		}
		r := changeRow{
			at: unix(c.At), event: ident(c.ID), ordinal: int64(c.Ordinal), field: int64(c.Field),
			measure: int64(max(math.MinInt8, min(math.MaxInt8, c.Measure))), machine: bit(c.Machine),
		}
		var err error
		if r.actor, err = w.actor(ctx, src, c.Author, r.at); err != nil {
			return nil, err
		}
		if r.name, err = w.fieldName(ctx, src, c.FieldID, c.FieldName); err != nil {
			return nil, err
		}
		switch {
		case c.Field.Interned():
			if r.from, err = w.value(ctx, src, c.Field, c.From, c.FromName); err != nil {
				return nil, err
			}
			if r.to, err = w.value(ctx, src, c.Field, c.To, c.ToName); err != nil {
				return nil, err
			}
		case in.keepText || !secret(c.Field):
			r.long = c
		}
		widen(&src.firstAt, &src.lastAt, r.at)
		rows = append(rows, r)
	}
	in.saved.Changes += len(is.Changes)
	return rows, nil
}

// addChanges writes ordered rows as the changes of an issue from seq on.
func (in *intake) addChanges(ctx context.Context, no int64, seq int, rows []changeRow) error {
	if seq+len(rows) > maxSeq {
		return fmt.Errorf("%d changes are more than an issue can have here (%d)", seq+len(rows), maxSeq)
	}
	for i := range rows {
		r := &rows[i]
		if r.long != nil {
			var err error
			if r.from, r.to, err = in.w.longText(ctx, r.long); err != nil {
				return err
			}
			r.long = nil
		}
		what, moved := r.pack()
		if err := in.w.changes.add(ctx, no<<seqBits|int64(seq+i), r.at, what, moved, r.event, r.name); err != nil {
			return err
		}
	}
	return nil
}

// mergeChanges joins a copy's changes with the stored ones and returns how many
// were new and the time of the newest. An entry both know is the newer copy's.
func (in *intake) mergeChanges(ctx context.Context, is *backlog.Issue, no int64, newer bool, news *bool) (added int, newest int64, err error) {
	if len(is.Changes) == 0 {
		return 0, 0, nil
	}
	if in.history, err = in.changeRows(ctx, is, in.history[:0]); err != nil {
		return 0, 0, err
	}
	arriving := orderChanges(in.history)
	in.saved.Entries += entries(arriving)
	newest = arriving[len(arriving)-1].at
	stored, err := in.storedChanges(ctx, no)
	if err != nil {
		return 0, 0, err
	}
	place := make(map[changeKey]int, len(stored))
	for i := range stored {
		place[stored[i].key()] = i
	}
	had, rewrite := len(stored), false
	for _, r := range arriving {
		i, ok := place[r.key()]
		if !ok {
			stored = append(stored, r)
			continue
		}
		if !newer {
			continue
		}
		same, err := in.sameChange(ctx, &stored[i], &r)
		if err != nil {
			return 0, 0, err
		}
		if same {
			continue
		}
		if err := in.dropLong(ctx, &stored[i]); err != nil {
			return 0, 0, err
		}
		stored[i], rewrite = r, true
	}
	added = len(stored) - had
	if added == 0 && !rewrite {
		return 0, newest, nil
	}
	*news = true
	if !rewrite && (had == 0 || compareChanges(stored[had-1], stored[had]) < 0) {
		return added, newest, in.addChanges(ctx, no, had, stored[had:])
	}
	slices.SortStableFunc(stored, compareChanges)
	if err := in.w.exec(ctx, `DELETE FROM change WHERE id BETWEEN ? AND ?`, no<<seqBits, no<<seqBits|maxSeq); err != nil {
		return 0, 0, err
	}
	return added, newest, in.addChanges(ctx, no, 0, stored)
}

func (in *intake) storedChanges(ctx context.Context, no int64) ([]changeRow, error) {
	if err := in.w.changes.flush(ctx); err != nil {
		return nil, err
	}
	var rows []changeRow
	err := in.w.each(ctx, `SELECT at, what, moved, event, name FROM change WHERE id BETWEEN ? AND ? ORDER BY id`,
		func(r *sql.Rows) error {
			var c changeRow
			var what, moved int64
			err := r.Scan(&c.at, &what, &moved, &c.event, &c.name)
			c.unpack(what, moved)
			rows = append(rows, c)
			return err
		}, no<<seqBits, no<<seqBits|maxSeq)
	return rows, err
}

// sameChange reports whether an arriving change says what the stored one says.
func (in *intake) sameChange(ctx context.Context, old, new *changeRow) (bool, error) {
	a, b := *old, *new
	a.from, a.to, a.long, b.from, b.to, b.long = 0, 0, nil, 0, 0, nil
	if a != b {
		return false, nil
	}
	if new.long == nil {
		return old.from == new.from && old.to == new.to, nil
	}
	return in.sameLong(ctx, max(-old.from, -old.to), new.long)
}

// sameLong reports whether a stored long text, 0 for none, holds the values of a change.
func (in *intake) sameLong(ctx context.Context, id int64, c *backlog.Change) (bool, error) {
	var old backlog.Change
	if id > 0 {
		if err := in.w.longTexts.flush(ctx); err != nil {
			return false, err
		}
		err := in.w.row(ctx, `SELECT COALESCE(from_raw, from_name), from_name, COALESCE(to_raw, to_name), to_name FROM long_text WHERE id = ?`, id).
			Scan(&old.From, &old.FromName, &old.To, &old.ToName)
		if err != nil {
			return false, err
		}
	}
	return old.From == c.From && old.FromName == c.FromName && old.To == c.To && old.ToName == c.ToName, nil
}

func (in *intake) dropLong(ctx context.Context, c *changeRow) error {
	if c.from >= 0 && c.to >= 0 {
		return nil
	}
	return in.w.exec(ctx, `DELETE FROM long_text WHERE id = ?`, max(-c.from, -c.to))
}
