package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"defacto/backlog"
)

// Errors of Undo, to be told apart with errors.Is.
var (
	ErrNoDecision = errors.New("there is no decision of that number")
	ErrUndone     = errors.New("it was undone before")
	ErrFinal      = errors.New("what was erased cannot be brought back")
)

// Decide writes down a decision about accounts and returns its number. Its At,
// Undone and ID are not read. It fails where an account is not stored: of a
// decision that does nothing nobody would know why.
func (s *Store) Decide(ctx context.Context, d backlog.Decision) (id int64, err error) {
	err = s.write(ctx, func(firm context.Context, w *writer) error {
		for _, key := range d.Accounts {
			var n int
			if err := w.row(firm, `SELECT count(*) FROM account a JOIN source s ON s.id = a.source WHERE s.name || ':' || a.ext = ?`, key).Scan(&n); err != nil {
				return err
			}
			if n == 0 {
				return fmt.Errorf("no account %s is stored", key)
			}
		}
		d.At = s.opt.Now()
		id, err = w.decide(firm, d)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("%s people: %w", d.Kind, err)
	}
	return id, nil
}

func (w *writer) decide(ctx context.Context, d backlog.Decision) (id int64, err error) {
	keys := slices.Compact(slices.Sorted(slices.Values(d.Accounts)))
	accounts, err := json.Marshal(keys)
	if err != nil {
		return 0, err
	}
	mark := ""
	if d.Kind == backlog.MarkAccounts {
		mark = d.Mark.String()
	}
	err = w.row(ctx, `INSERT INTO decision (kind, accounts, name, mark, why, said_by, at) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		string(d.Kind), string(accounts), d.Name, mark, d.Why, d.By, unix(d.At)).Scan(&id)
	return id, err
}

// Undo takes a decision back and returns it. The error wraps ErrNoDecision,
// ErrUndone, or ErrFinal where somebody was erased.
func (s *Store) Undo(ctx context.Context, id int64, by string) (d backlog.Decision, err error) {
	err = s.write(ctx, func(firm context.Context, w *writer) error {
		d, err = scanDecision(w.row(firm, decisions+` WHERE id = ?`, id).Scan)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return ErrNoDecision
		case err != nil:
			return err
		case d.Kind == backlog.ForgetPerson:
			return ErrFinal
		case !d.Undone.IsZero():
			return ErrUndone
		}
		d.Undone, d.UndoneBy = s.opt.Now().UTC(), by
		return w.exec(firm, `UPDATE decision SET undone_at = ?, undone_by = ? WHERE id = ?`, unix(d.Undone), by, id)
	})
	if err != nil {
		return d, fmt.Errorf("undo decision %d: %w", id, err)
	}
	return d, nil
}

const decisions = `SELECT id, kind, accounts, name, mark, why, said_by, at, undone_at, undone_by FROM decision`

// Decisions lists what was decided, in order, with what was undone since.
func (s *Store) Decisions(ctx context.Context) ([]backlog.Decision, error) {
	rows, err := s.views.QueryContext(ctx, decisions+` ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("read the decisions about people: %w", err)
	}
	defer rows.Close()
	var list []backlog.Decision
	for rows.Next() {
		d, err := scanDecision(rows.Scan)
		if err != nil {
			return nil, fmt.Errorf("read the decisions about people: %w", err)
		}
		list = append(list, d)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, fmt.Errorf("read the decisions about people: %w", err)
	}
	return list, nil
}

func scanDecision(scan func(...any) error) (d backlog.Decision, err error) {
	var accounts, mark string
	var at, undone int64
	if err := scan(&d.ID, &d.Kind, &accounts, &d.Name, &mark, &d.Why, &d.By, &at, &undone, &d.UndoneBy); err != nil {
		return d, err
	}
	d.Mark, d.At, d.Undone = backlog.ParseAccountKind(mark), moment(at), moment(undone)
	if err := json.Unmarshal([]byte(accounts), &d.Accounts); err != nil {
		return d, fmt.Errorf("decision %d: %w", d.ID, err)
	}
	return d, nil
}
