package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Turn is where the scheduler is with one report.
type Turn struct {
	Report     string
	Expression string
	Seen       time.Time // since when the expression counts
	Due        time.Time // the last due time dealt with; zero: none yet
	Ran        time.Time
	Outcome    string // "" done, else what went wrong
}

// Turns lists all reports that were ever scheduled, by name.
func (s *Store) Turns(ctx context.Context) ([]Turn, error) {
	rows, err := s.views.QueryContext(ctx, `SELECT report, expression, seen_at, due_at, ran_at, outcome FROM schedule ORDER BY report`)
	if err != nil {
		return nil, fmt.Errorf("read the schedule: %w", err)
	}
	defer rows.Close()
	var list []Turn
	for rows.Next() {
		var t Turn
		var seen, due, ran int64
		if err := rows.Scan(&t.Report, &t.Expression, &seen, &due, &ran, &t.Outcome); err != nil {
			return nil, fmt.Errorf("read the schedule: %w", err)
		}
		t.Seen, t.Due, t.Ran = moment(seen), moment(due), moment(ran)
		list = append(list, t)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, fmt.Errorf("read the schedule: %w", err)
	}
	return list, nil
}

// SaveTurn records where the scheduler is with a report.
func (s *Store) SaveTurn(ctx context.Context, t Turn) error {
	err := s.write(ctx, func(firm context.Context, w *writer) error {
		return w.exec(firm, `INSERT OR REPLACE INTO schedule (report, expression, seen_at, due_at, ran_at, outcome) VALUES (?, ?, ?, ?, ?, ?)`,
			t.Report, t.Expression, unix(t.Seen), unix(t.Due), unix(t.Ran), t.Outcome)
	})
	if err != nil {
		return fmt.Errorf("write the schedule of %s: %w", t.Report, err)
	}
	return nil
}

// Lease lets one holder act alone for a while: it is got where nobody has it, or
// the last holder's time is over, and prolonged by its holder. By and until say who
// has it now, and when it will be free.
func (s *Store) Lease(ctx context.Context, name, holder string, ttl time.Duration) (got bool, by string, until time.Time, err error) {
	err = s.write(ctx, func(firm context.Context, w *writer) error {
		now := s.opt.Now()
		n, err := w.execCount(firm, `INSERT INTO lease (name, holder, until_at) VALUES (?, ?, ?)
			ON CONFLICT DO UPDATE SET holder = excluded.holder, until_at = excluded.until_at WHERE holder = excluded.holder OR until_at <= ?`,
			name, holder, unix(now.Add(ttl)), unix(now))
		if err != nil {
			return err
		}
		got = n > 0
		var at int64
		err = w.row(firm, `SELECT holder, until_at FROM lease WHERE name = ?`, name).Scan(&by, &at)
		until = moment(at)
		return err
	})
	if err != nil {
		return false, "", time.Time{}, fmt.Errorf("lease %s: %w", name, err)
	}
	return got, by, until, nil
}

// Release ends a holder's lease; one that is another's by now stays.
func (s *Store) Release(ctx context.Context, name, holder string) error {
	err := s.write(ctx, func(firm context.Context, w *writer) error {
		return w.exec(firm, `DELETE FROM lease WHERE name = ? AND holder = ?`, name, holder)
	})
	if err != nil {
		return fmt.Errorf("release %s: %w", name, err)
	}
	return nil
}
