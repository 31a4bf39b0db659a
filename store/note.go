package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Note is the team's answer to a finding.
type Note struct {
	Finding string // its id, of real people
	Answer  string // accept or dispute
	Why     string
	By      string
	At      time.Time
	Until   time.Time // the first instant it no longer counts
}

// SaveNote stores an answer. Older answers to the same finding stay.
func (s *Store) SaveNote(ctx context.Context, n Note) error {
	err := s.write(ctx, func(firm context.Context, w *writer) error {
		return w.exec(firm, `INSERT INTO note (finding, answer, why, said_by, at, until_at) VALUES (?, ?, ?, ?, ?, ?)`,
			n.Finding, n.Answer, n.Why, n.By, unix(n.At), unix(n.Until))
	})
	if err != nil {
		return fmt.Errorf("save the note on %s: %w", n.Finding, err)
	}
	return nil
}

// Notes lists all answers, in the order they were given: of several to one
// finding the last counts.
func (s *Store) Notes(ctx context.Context) ([]Note, error) {
	rows, err := s.views.QueryContext(ctx, `SELECT finding, answer, why, said_by, at, until_at FROM note ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("read the notes: %w", err)
	}
	defer rows.Close()
	var list []Note
	for rows.Next() {
		var n Note
		var at, until int64
		if err := rows.Scan(&n.Finding, &n.Answer, &n.Why, &n.By, &at, &until); err != nil {
			return nil, fmt.Errorf("read the notes: %w", err)
		}
		n.At, n.Until = moment(at), moment(until)
		list = append(list, n)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, fmt.Errorf("read the notes: %w", err)
	}
	return list, nil
}
