package store

import (
	"context"
	"database/sql"

	"defacto/backlog"
)

// issueRef is a pointer at another issue; issue is 0 until that one arrives.
type issueRef struct {
	id    int64
	ref   backlog.Ref
	issue int64
	how   int // found by its id, its key or an old key, the best first; 0 not yet
	epic  bool
}

const (
	byOldKey = 1 + iota
	byKey
	byID
)

func (src *source) scanRef(r *sql.Rows) error {
	ref := &issueRef{}
	var ext any
	err := r.Scan(&ref.id, &ext, &ref.ref.Key, &ref.issue, &ref.how, &ref.epic)
	ref.ref.ID = identText(ext)
	src.addRef(ref)
	return err
}

func (src *source) addRef(r *issueRef) {
	src.refs[r.ref] = r
	if r.ref.ID != "" {
		src.refsByID[r.ref.ID] = append(src.refsByID[r.ref.ID], r)
	}
	if r.ref.Key != "" {
		src.refsByKey[r.ref.Key] = append(src.refsByKey[r.ref.Key], r)
	}
}

// ref returns the pointer at an issue, which may not be stored yet.
func (w *writer) ref(ctx context.Context, src *source, to backlog.Ref) (*issueRef, error) {
	if to.Zero() {
		return &issueRef{}, nil
	}
	if r, ok := src.refs[to]; ok {
		return r, nil
	}
	r := &issueRef{id: w.memory.nextRef, ref: to}
	w.memory.nextRef++
	if src.firstRef == 0 {
		src.firstRef = r.id
	}
	src.addRef(r)
	return r, w.refs.add(ctx, r.id, src.id, ident(to.ID), to.Key)
}

// arrived lets every pointer at an issue find it, whichever came first.
func (src *source) arrived(no int64, id, key string, oldKeys []string) {
	point := func(refs []*issueRef, how int) {
		for _, r := range refs {
			if r.how < how {
				r.issue, r.how = no, how
				src.pointed[r] = struct{}{}
			}
		}
	}
	point(src.refsByID[id], byID)
	point(src.refsByKey[key], byKey)
	for _, k := range oldKeys {
		point(src.refsByKey[k], byOldKey)
	}
}

// markEpic notes that an issue named the other as its epic, which puts that one
// on the roadmap for good, also where its type does not say so.
func (src *source) markEpic(r *issueRef) {
	if r.id != 0 && !r.epic {
		r.epic = true
		src.pointed[r] = struct{}{}
	}
}

// saveRefs finds the issues this transaction's new pointers mean and writes down
// what was found.
func (w *writer) saveRefs(ctx context.Context, src *source) error {
	if err := w.flush(ctx); err != nil {
		return err
	}
	if src.firstRef != 0 {
		err := w.each(ctx, `SELECT r.ext, r.key, COALESCE(min(i.no), 0), COALESCE(min(k.no), 0), COALESCE(min(o.issue), 0)
			FROM issue_ref r
			LEFT JOIN issue i ON i.source = r.source AND i.ext = r.ext
			LEFT JOIN issue k ON k.source = r.source AND k.key = r.key AND r.key <> ''
			LEFT JOIN old_key o ON o.source = r.source AND o.key = r.key
			WHERE r.id >= ? AND r.source = ? GROUP BY r.id`,
			func(rows *sql.Rows) error {
				var ext any
				var key string
				var at [byID + 1]int64
				if err := rows.Scan(&ext, &key, &at[byID], &at[byKey], &at[byOldKey]); err != nil {
					return err
				}
				r := src.refs[backlog.Ref{ID: identText(ext), Key: key}]
				for how := byID; how > r.how; how-- {
					if at[how] != 0 {
						r.issue, r.how = at[how], how
						src.pointed[r] = struct{}{}
					}
				}
				return nil
			}, src.firstRef, src.id)
		if err != nil {
			return err
		}
	}
	for r := range src.pointed {
		if err := w.exec(ctx, `UPDATE issue_ref SET issue = ?, how = ?, epic = ? WHERE id = ?`, r.issue, r.how, bit(r.epic), r.id); err != nil {
			return err
		}
	}
	return nil
}
