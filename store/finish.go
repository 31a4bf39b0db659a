package store

import (
	"context"
	"fmt"

	"defacto/backlog"
)

// Finish records a run, complete or not, and what it could not get. Roles the
// tracker had declared and no longer does, in scopes this run asked about, end
// with the run's start.
func (s *Store) Finish(ctx context.Context, run backlog.SyncRun, gaps []backlog.Gap) error {
	return s.write(ctx, func(ctx context.Context, w *writer) error {
		src, err := w.remember(ctx, run.Source)
		if err != nil {
			return err
		}
		if err := w.exec(ctx, `UPDATE declared AS d SET until_at = ?1 WHERE source = ?2 AND run < ?3 AND until_at = 0
			AND EXISTS (SELECT 1 FROM declared n WHERE n.source = d.source AND n.scope = d.scope AND n.origin = d.origin AND n.run = ?3)`,
			unix(run.Started), src.id, src.run); err != nil {
			return fmt.Errorf("end declared roles: %w", err)
		}
		var id int64
		err = w.row(ctx, `INSERT INTO sync_run (source, started_at, finished_at, as_of, issues, changes, comments, requests, complete, note)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
			src.id, unix(run.Started), unix(run.Finished), unix(run.AsOf), run.Issues, run.Changes, run.Comments, run.Requests, bit(run.Complete), w.memory.veil.mask(run.Note)).Scan(&id)
		if err != nil {
			return err
		}
		t := w.table(nil, "gap", "run", "pos", "place", "scope", "what", "missing", "why")
		for pos, g := range gaps {
			if err := t.add(ctx, id, pos, w.memory.veil.mask(g.Where), g.Scope, g.What, g.Missing, w.memory.veil.mask(g.Why)); err != nil {
				return err
			}
		}
		src.run = id + 1
		return t.flush(ctx)
	})
}
