package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"defacto/backlog"
)

// ErrTraces says that somebody was erased, but that old pages of the file are
// still held by another reader.
var ErrTraces = errors.New("another process reads the store and keeps its old state alive")

// Erasure counts what Forget took away.
type Erasure struct {
	Decision                         int64 // its number in the log
	Accounts, Comments, Texts, Names int   // texts: titles, descriptions, values of changes; names: texts of others that named them
}

// Forget erases a person: names, addresses, accounts, what they wrote, and their
// name in what others wrote. What they did stays counted, as done by "a former
// member". Salted hashes of what named them are kept, so that no later Save brings
// them back; nothing else is, not even in unused parts of the file.
//
// It cannot be undone. Sites read from this store before end. The error wraps
// ErrTraces where all is erased but another process kept the file from being
// rewritten; Vacuum finishes it then.
func (s *Store) Forget(ctx context.Context, person, why, by string) (Erasure, error) {
	secret, err := s.Secret(ctx)
	if err != nil {
		return Erasure{}, err
	}
	s.endSessions()
	e := &eraser{store: s}
	err = s.write(ctx, func(firm context.Context, w *writer) error {
		e.w = w
		defer func() { w.memory = nil }() // it remembers whom it must not
		if err := e.begin(firm, person, secret); err != nil {
			return err
		}
		for _, step := range []func(context.Context) error{e.hide, e.rename, e.texts, e.references, e.mentions, e.people, e.ledger} {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := step(firm); err != nil {
				return err
			}
		}
		d := backlog.Decision{Kind: backlog.ForgetPerson, Accounts: e.keys(), Name: e.label, Why: e.veil.mask(why), By: e.veil.mask(by), At: s.opt.Now()}
		if e.sum.Decision, err = w.decide(firm, d); err != nil {
			return err
		}
		return w.exec(firm, `PRAGMA secure_delete = OFF`)
	})
	if err != nil {
		return Erasure{}, fmt.Errorf("forget %s: %w", person, err)
	}
	return e.sum, s.scrub(ctx)
}

// endSessions closes what Sites are read with.
func (s *Store) endSessions() {
	s.viewing.Lock()
	defer s.viewing.Unlock()
	for p, ses := range s.sessions {
		ses.close()
		delete(s.sessions, p)
	}
}

// readersEnd is how long scrub waits for other processes to stop reading.
const readersEnd = 3 * time.Second

// scrub rewrites the file and empties the WAL, so that no old page stays.
func (s *Store) scrub(ctx context.Context) (err error) {
	if err := s.Vacuum(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.db.ExecContext(ctx, fmt.Sprintf(`PRAGMA busy_timeout = %d`, readersEnd.Milliseconds())); err != nil {
		return fmt.Errorf("empty the store's log: %w", err)
	}
	defer func() {
		_, again := s.db.ExecContext(ctx, fmt.Sprintf(`PRAGMA busy_timeout = %d`, busyTimeout.Milliseconds()))
		err = errors.Join(err, again)
	}()
	var held, pages, moved int
	if err := s.db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&held, &pages, &moved); err != nil {
		return fmt.Errorf("empty the store's log: %w", err)
	}
	if held != 0 {
		return ErrTraces
	}
	return nil
}

// eraser erases one person.
type eraser struct {
	store    *Store
	w        *writer
	veil     *veil
	accounts []erasedAccount
	mine     map[int64]bool // accounts by number
	label    string
	pid      string // the id of the person who stands in
	oldPids  []string
	sum      Erasure
}

type erasedAccount struct {
	id                            int64
	sourceID                      int64
	source                        string
	ext, handle, name, mail, kind string // kind: as people were put together, for a name may have told it
	standIn                       string
}

func (e *eraser) keys() []string {
	var keys []string
	for _, a := range e.accounts {
		keys = append(keys, a.source+":"+a.standIn)
	}
	return keys
}

// begin reads who is meant.
func (e *eraser) begin(ctx context.Context, person, secret string) error {
	w := e.w
	if err := w.exec(ctx, `PRAGMA secure_delete = ON`); err != nil { // the bytes go too, not only the rows
		return err
	}
	var err error
	if e.veil, err = w.recallVeil(ctx); err != nil {
		return err
	}
	if e.veil == nil {
		e.veil = newVeil(secret)
	}
	e.mine = map[int64]bool{}
	err = w.each(ctx, `SELECT a.id, a.source, s.name, a.ext, a.handle, a.name, a.email, COALESCE(NULLIF(p.kind, ''), a.kind) FROM account a JOIN source s ON s.id = a.source
		JOIN person p ON p.id = a.person WHERE p.pid = ? ORDER BY s.name, a.ext`, func(r *sql.Rows) error {
		var a erasedAccount
		if err := r.Scan(&a.id, &a.sourceID, &a.source, &a.ext, &a.handle, &a.name, &a.mail, &a.kind); err != nil {
			return err
		}
		a.standIn = e.veil.newStandIn(a.source, a.ext)
		e.accounts = append(e.accounts, a)
		e.mine[a.id] = true
		return nil
	}, person)
	switch {
	case err != nil:
		return err
	case len(e.accounts) == 0:
		return errors.New("the store knows nobody with that id")
	case strings.HasPrefix(e.accounts[0].ext, "former-"):
		return errors.New("that is somebody erased before")
	}
	e.label = standInName(e.accounts[0].standIn)
	e.sum.Accounts = len(e.accounts)
	return nil
}

// hide lets the veil know what names them, by hash.
func (e *eraser) hide(ctx context.Context) error {
	names := map[string]bool{}
	for _, a := range e.accounts {
		e.veil.addID(a.source, a.ext, a.standIn)
		e.veil.addID(a.source, a.handle, a.standIn)
		e.veil.addHandle(a.handle)
		e.veil.addMail(a.mail)
		names[a.name] = true
	}
	// Their account may have been called otherwise before: histories say how.
	for _, a := range e.accounts {
		err := e.w.each(ctx, `SELECT DISTINCT name FROM value WHERE source = ? AND field IN (?, ?) AND raw IN (?, ?) AND raw <> ''`, func(r *sql.Rows) error {
			var name string
			err := r.Scan(&name)
			names[name] = true
			return err
		}, a.sourceID, int64(backlog.FieldAssignee), int64(backlog.FieldReporter), a.ext, a.handle)
		if err != nil {
			return err
		}
	}
	for name := range names {
		e.veil.addName(name)
	}
	for sum, ext := range e.veil.known {
		if err := e.w.exec(ctx, `INSERT INTO forgotten (hash, ext) VALUES (?, ?) ON CONFLICT DO NOTHING`, sum[:], ext); err != nil {
			return err
		}
	}
	return e.w.setMeta(ctx, "forgotten_words", e.veil.longest)
}

// rename turns their accounts into ones that stand in for them.
func (e *eraser) rename(ctx context.Context) error {
	for i, a := range e.accounts {
		handle := ""
		if a.handle != "" {
			handle = a.standIn + ".h"
		}
		person, err := e.w.ownPerson(ctx, a.source+":"+a.standIn)
		if err != nil {
			return err
		}
		if i == 0 {
			if err := e.w.row(ctx, `SELECT pid FROM person WHERE id = ?`, person).Scan(&e.pid); err != nil {
				return err
			}
		}
		if err := e.w.exec(ctx, `UPDATE account SET ext = ?, handle = ?, name = ?, email = '', zone = '', kind = ?, active = 0, thin = 0, person = ? WHERE id = ?`,
			a.standIn, handle, e.label, a.kind, person, a.id); err != nil {
			return err
		}
		// A mention by the handle becomes one by the id, unless there is one already.
		for _, t := range [][2]string{{a.ext, a.standIn}, {a.handle, a.standIn}, {a.handle, handle}} {
			if t[0] == "" {
				continue
			}
			if err := e.w.exec(ctx, `UPDATE OR IGNORE mention SET token = ? WHERE source = ? AND token = ?`, t[1], a.sourceID, t[0]); err != nil {
				return err
			}
		}
	}
	return nil
}

// people lets the acts and notes speak of the person who stands in, and drops
// those their accounts made.
func (e *eraser) people(ctx context.Context) error {
	var keys []string
	for _, a := range e.accounts {
		keys = append(keys, a.source+":"+a.ext)
	}
	for _, key := range keys {
		var id int64
		var pid string
		switch err := e.w.row(ctx, `SELECT id, pid FROM person WHERE key = ?`, key).Scan(&id, &pid); {
		case errors.Is(err, sql.ErrNoRows):
			continue
		case err != nil:
			return err
		}
		e.oldPids = append(e.oldPids, pid)
		if err := e.w.exec(ctx, `UPDATE act SET person = (SELECT id FROM person WHERE pid = ?) WHERE person = ?`, e.pid, id); err != nil {
			return err
		}
		if err := e.w.exec(ctx, `DELETE FROM person WHERE id = ?`, id); err != nil {
			return err
		}
	}
	return nil
}

// pids puts the id of the person who stands in where a text speaks of their own.
func (e *eraser) pids(text string) string {
	for _, old := range e.oldPids {
		text = strings.ReplaceAll(text, old, e.pid)
	}
	return text
}

// ledger erases them from what the program wrote down itself.
func (e *eraser) ledger(ctx context.Context) error {
	plain := func(s string) string { return e.veil.mask(e.pids(s)) }
	for _, c := range []column{
		{"note", "id", "finding", e.pids},
		{"note", "id", "why", plain},
		{"note", "id", "said_by", plain},
		{"edition", "id", "standing", e.pids},
		{"delivery", "id", "error", plain},
		{"sync_run", "id", "note", plain},
		{"decision", "id", "name", plain},
		{"decision", "id", "why", plain},
		{"decision", "id", "said_by", plain},
		{"decision", "id", "undone_by", plain},
		{"decision", "id", "accounts", e.standIns},
		{"delivery", "id", "recipient", e.address},
	} {
		if _, err := e.rewrite(ctx, c); err != nil {
			return err
		}
	}
	for _, q := range []string{
		`UPDATE delivery SET state = 'failed', error = 'dropped: it may name somebody who was erased since; make the report anew' WHERE state = 'rendered'`,
		`UPDATE delivery SET message = NULL WHERE message IS NOT NULL`,
	} {
		if err := e.w.exec(ctx, q); err != nil {
			return err
		}
	}
	for _, a := range e.accounts {
		if err := e.w.exec(ctx, `UPDATE schedule SET outcome = ?1 WHERE ?2 <> '' AND instr(lower(outcome), lower(?2)) > 0`, erasedText, a.mail); err != nil {
			return err
		}
	}
	return e.gaps(ctx)
}

// standIns replaces the erased accounts in a JSON list of keys.
func (e *eraser) standIns(text string) string {
	return quotedTokens.ReplaceAllStringFunc(text, func(q string) string {
		for _, a := range e.accounts {
			if q == `"`+a.source+":"+a.ext+`"` {
				return `"` + a.source + ":" + a.standIn + `"`
			}
		}
		return q
	})
}

func (e *eraser) address(text string) string {
	if slices.ContainsFunc(e.accounts, func(a erasedAccount) bool {
		return a.mail != "" && strings.Contains(strings.ToLower(text), strings.ToLower(a.mail))
	}) {
		return e.accounts[0].standIn
	}
	return text
}

func (e *eraser) gaps(ctx context.Context) error {
	type gap struct {
		run, pos   int64
		place, why string
	}
	var named []gap
	err := e.w.each(ctx, `SELECT run, pos, place, why FROM gap`, func(r *sql.Rows) error {
		var g gap
		if err := r.Scan(&g.run, &g.pos, &g.place, &g.why); err != nil {
			return err
		}
		place, why := e.veil.mask(g.place), e.veil.mask(g.why)
		if place != g.place || why != g.why {
			named = append(named, gap{g.run, g.pos, place, why})
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, g := range named {
		if err := e.w.exec(ctx, `UPDATE gap SET place = ?, why = ? WHERE run = ? AND pos = ?`, g.place, g.why, g.run, g.pos); err != nil {
			return err
		}
	}
	return nil
}
