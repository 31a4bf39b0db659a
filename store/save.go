package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"defacto/backlog"
)

// Cursor returns where the source stopped last time, "" where it never ran.
func (s *Store) Cursor(ctx context.Context, source string) (backlog.Cursor, error) {
	var c backlog.Cursor
	err := s.views.QueryRowContext(ctx, `SELECT c.value FROM cursor c JOIN source s ON s.id = c.source WHERE s.name = ?`, source).Scan(&c)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return c, err
}

// Save stores the batch and its cursor together, or neither. Saving a batch again
// changes nothing; a newer copy of an issue updates it; an older one adds the
// changes and comments the store does not have and touches nothing else. Copies
// are told apart by Issue.Updated; of two equally new ones the later counts.
// Gaps are not stored here but by Finish. Nothing that names somebody Forget
// erased is stored, nor what they wrote.
//
// Save fails on an issue with neither id nor key, and on one with more than a
// million changes or comments.
func (s *Store) Save(ctx context.Context, source string, b backlog.Batch) (backlog.Saved, error) {
	var saved backlog.Saved
	err := s.write(ctx, func(firm context.Context, w *writer) error {
		src, err := w.remember(firm, source)
		if err != nil {
			return err
		}
		in := &intake{store: s, w: w, src: src, lexicon: &s.lexicon, keepText: s.text != FeaturesOnly, saved: &saved, veil: w.memory.veil}
		b := in.veiled(&b)
		if err := in.references(firm, b); err != nil {
			return err
		}
		if err := in.issues(ctx, firm, b.Issues); err != nil {
			return err
		}
		return in.finish(firm, b)
	})
	if err != nil {
		return backlog.Saved{}, err
	}
	return saved, nil
}

// intake takes one batch in.
type intake struct {
	store    *Store
	w        *writer
	src      *source
	lexicon  *backlog.Lexicon
	keepText bool
	saved    *backlog.Saved
	veil     *veil  // whom nothing may name; nil: nobody
	unsaid   unsaid // of the issue being stored
	scratch  []byte // for digests
	history  []changeRow
	talk     []commentRow
}

// references stores what the batch's issues refer to.
func (in *intake) references(ctx context.Context, b *backlog.Batch) error {
	w, src := in.w, in.src
	if b.Kind != "" && b.Kind != src.kind || b.Site != "" && b.Site != src.site {
		src.kind, src.site = keep(src.kind, b.Kind), keep(src.site, b.Site)
		if err := w.exec(ctx, `UPDATE source SET kind = ?, site = ? WHERE id = ?`, src.kind, src.site, src.id); err != nil {
			return err
		}
	}
	for _, a := range b.Accounts {
		if _, err := w.saveAccount(ctx, src, a); err != nil {
			return fmt.Errorf("account %s: %w", a.ID, err)
		}
	}
	for _, sc := range b.Scopes {
		if _, err := w.saveScope(ctx, src, sc); err != nil {
			return fmt.Errorf("scope %s: %w", sc.Key, err)
		}
	}
	for _, st := range b.Statuses {
		seen := int64(fullRecord)
		if st.Thin {
			seen, st.Thin = 0, false
		}
		if _, err := w.saveStatus(ctx, src, st, seen); err != nil {
			return fmt.Errorf("status %s: %w", st.ID, err)
		}
	}
	for _, t := range b.Types {
		if _, err := w.saveType(ctx, src, t, fullRecord); err != nil {
			return fmt.Errorf("type %s: %w", t.ID, err)
		}
	}
	for _, sp := range b.Sprints {
		if _, err := w.saveSprint(ctx, src, sp); err != nil {
			return fmt.Errorf("sprint %s: %w", sp.ID, err)
		}
	}
	for _, v := range b.Versions {
		if _, err := w.saveVersion(ctx, src, v); err != nil {
			return fmt.Errorf("version %s: %w", v.ID, err)
		}
	}
	for _, d := range b.Declared {
		if err := w.saveDeclaration(ctx, src, d, unix(in.store.opt.Now())); err != nil {
			return fmt.Errorf("declared role in %s: %w", d.Scope, err)
		}
	}
	return nil
}

// issues stores the batch's issues: one query finds those already known, and a
// batch that holds an issue twice is taken in turns.
func (in *intake) issues(ctx, firm context.Context, issues []backlog.Issue) error {
	turn := make([]*backlog.Issue, 0, len(issues))
	here := make(map[string]struct{}, len(issues))
	for i := range issues {
		is := &issues[i]
		id := cmp.Or(is.ID, is.Key)
		if id == "" {
			return errors.New("an issue with neither id nor key")
		}
		if _, twice := here[id]; twice {
			if err := in.turn(ctx, firm, turn); err != nil {
				return err
			}
			turn = turn[:0]
			clear(here)
		}
		here[id] = struct{}{}
		turn = append(turn, is)
	}
	return in.turn(ctx, firm, turn)
}

// turn stores issues that are all different.
func (in *intake) turn(ctx, firm context.Context, issues []*backlog.Issue) error {
	known, err := in.known(firm, issues)
	if err != nil {
		return fmt.Errorf("look issues up: %w", err)
	}
	for _, is := range issues {
		if err := ctx.Err(); err != nil {
			return err
		}
		id := cmp.Or(is.ID, is.Key)
		is, in.unsaid = in.veiledIssue(is)
		if old := known[id]; old != nil {
			err = in.meet(firm, is, old)
		} else {
			err = in.greet(firm, is)
		}
		if err != nil {
			return fmt.Errorf("issue %s: %w", cmp.Or(is.Key, is.ID), err)
		}
		in.saved.Issues++
	}
	return in.w.flush(firm)
}

// knownAtOnce is how many issues one query looks up.
const knownAtOnce = 100

var selectKnown = `SELECT ext, no, key, updated, digest, history, history_at, promised_changes, promised_comments, comments_read, last_at
	FROM issue WHERE source = ? AND ext IN (?` + strings.Repeat(", ?", knownAtOnce-1) + `)`

// known returns what is stored of the issues, by id.
func (in *intake) known(ctx context.Context, issues []*backlog.Issue) (map[string]*knownIssue, error) {
	known := map[string]*knownIssue{}
	for some := range slices.Chunk(issues, knownAtOnce) {
		args := make([]any, 1, 1+knownAtOnce)
		args[0] = in.src.id
		for i := range knownAtOnce { // the last one fills the places that are left
			is := some[min(i, len(some)-1)]
			args = append(args, ident(cmp.Or(is.ID, is.Key)))
		}
		err := in.w.each(ctx, selectKnown, func(r *sql.Rows) error {
			k := &knownIssue{}
			var ext any
			err := r.Scan(&ext, &k.no, &k.key, &k.updated, &k.digest, &k.history, &k.historyAt, &k.promisedChanges, &k.promisedComments, &k.commentsRead, &k.lastAt)
			known[identText(ext)] = k
			return err
		}, args...)
		if err != nil {
			return nil, err
		}
	}
	return known, nil
}

// finish writes what the batch as a whole changed.
func (in *intake) finish(ctx context.Context, b *backlog.Batch) error {
	w, src := in.w, in.src
	if err := w.saveRefs(ctx, src); err != nil {
		return fmt.Errorf("resolve references: %w", err)
	}
	for _, a := range b.Absences {
		if err := in.absence(ctx, a); err != nil {
			return fmt.Errorf("absence of %s: %w", a.ID, err)
		}
	}
	if err := w.saveActivity(ctx, src); err != nil {
		return err
	}
	for _, sc := range src.scopes {
		if !sc.blockIsNews {
			continue
		}
		sc.blockIsNews = false
		if err := w.exec(ctx, `UPDATE scope SET next_no = ?, end_no = ? WHERE id = ?`, sc.next, sc.end, sc.id); err != nil {
			return err
		}
	}
	if err := w.exec(ctx, `UPDATE source SET first_at = ?1, last_at = ?2 WHERE id = ?3 AND (first_at <> ?1 OR last_at <> ?2)`, src.firstAt, src.lastAt, src.id); err != nil {
		return err
	}
	if b.Cursor == nil {
		return nil
	}
	return w.exec(ctx, `INSERT INTO cursor (source, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value`, src.id, string(*b.Cursor))
}

// absence notes what a census said of an issue; the newest word on it holds.
func (in *intake) absence(ctx context.Context, a backlog.Absence) error {
	at := unix(a.At)
	if at == 0 {
		at = unix(in.store.opt.Now())
	}
	return in.w.exec(ctx, `INSERT INTO absence (source, ext, state, at) VALUES (?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET state = excluded.state, at = excluded.at
		WHERE excluded.at > at OR excluded.at = at AND excluded.state > state`, in.src.id, ident(a.ID), a.State, at)
}
