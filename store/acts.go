package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"math"

	"defacto/backlog"
)

// SaveActs replaces all of v_acts and stamps it; weights are kept to a millionth. People are told by the Site the
// acts were derived with. Reading snapshots of the Site meanwhile is fine.
func (s *Store) SaveActs(ctx context.Context, site *backlog.Site, acts iter.Seq[backlog.Act], stamp string) error {
	err := s.write(ctx, func(firm context.Context, w *writer) error {
		ids := map[string]int64{}
		err := w.each(firm, `SELECT pid, id FROM person`, func(r *sql.Rows) error {
			var pid string
			var id int64
			err := r.Scan(&pid, &id)
			ids[pid] = id
			return err
		})
		if err != nil {
			return err
		}
		if err := w.exec(firm, `DELETE FROM act`); err != nil {
			return err
		}
		t := w.table(nil, "act", "issue", "scope", "at", "person", "duty", "name", "weight", "level", "event", "excluded", "period", "credit")
		for a := range acts {
			if err := ctx.Err(); err != nil {
				return err
			}
			person := int64(0)
			if a.Person != backlog.Nobody {
				person = ids[site.People[a.Person].ID]
			}
			if err := t.add(firm, a.Item, int64(a.Scope), a.At, person, int64(a.Duty), a.Name, math.Round(a.Weight*1e6)/1e6, int64(a.Level), a.Event, a.Excluded, a.Period, a.Credit); err != nil {
				return err
			}
		}
		if err := t.flush(firm); err != nil {
			return err
		}
		return w.setMeta(firm, "acts", stamp)
	})
	if err != nil {
		return fmt.Errorf("save acts: %w", err)
	}
	return nil
}

// ActsStamp returns the stamp of the acts stored, "" where there are none.
func (s *Store) ActsStamp(ctx context.Context) (string, error) {
	var stamp string
	err := s.views.QueryRowContext(ctx, `SELECT CAST(value AS TEXT) FROM meta WHERE key = 'acts'`).Scan(&stamp)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return stamp, err
}
