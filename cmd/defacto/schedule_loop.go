package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"defacto/store"
)

// scheduler runs reports when they are due. All it knows across restarts stands
// in the turns.
type scheduler struct {
	jobs  []*job
	zone  *time.Location // for what people read
	now   func() time.Time
	sleep func(context.Context, time.Duration) error
	turns interface {
		Turns(context.Context) ([]store.Turn, error)
		SaveTurn(context.Context, store.Turn) error
	}
	// run makes and sends a report; post goes on sending its last one. Both say when
	// to send again what the mail server put off, the zero time for never.
	run    func(ctx context.Context, report string, due time.Time) (time.Time, error)
	post   func(ctx context.Context, report string) (time.Time, error)
	health func(status) error
	nap    time.Duration // bounds a wait, for wall clocks are set and machines sleep
	log    *slog.Logger
}

// job is one report's part of the schedule.
type job struct {
	report string
	cron   cron
	turn   store.Turn
	next   time.Time // when it is due next
	again  time.Time // when a failed run is tried again; zero: none is
	tries  int
	post   time.Time // when mail that was put off is sent again; zero: none is
}

// retries are the waits before a failed run is tried again, after which it is
// given up until the next due time.
func retries() []time.Duration {
	return []time.Duration{5 * time.Minute, 30 * time.Minute, 2 * time.Hour}
}

// loop works until the context ends.
func (s *scheduler) loop(ctx context.Context) error {
	if err := s.begin(ctx); err != nil {
		return err
	}
	for {
		if err := s.step(ctx); err != nil || ctx.Err() != nil {
			return err
		}
		wait := s.nap
		for _, j := range s.jobs {
			wait = min(wait, j.soonest().Sub(s.now()))
		}
		if s.sleep(ctx, max(wait, 0)) != nil {
			return nil //nolint:nilerr // asked to stop
		}
	}
}

// once does what is due now. The error is the first report's that failed.
func (s *scheduler) once(ctx context.Context) error {
	if err := s.begin(ctx); err != nil {
		return err
	}
	before := map[string]time.Time{}
	for _, j := range s.jobs {
		before[j.report] = j.turn.Ran
	}
	if err := s.step(ctx); err != nil || ctx.Err() != nil {
		return err
	}
	for _, j := range s.jobs {
		if j.turn.Outcome != "" && !j.turn.Ran.Equal(before[j.report]) {
			return fmt.Errorf("the report %s: %s", j.report, j.turn.Outcome)
		}
		if !j.post.IsZero() {
			return advise(fmt.Errorf("the mail server put off messages of the report %s until %s", j.report, j.post.In(s.zone).Format(time.TimeOnly)), "run it again then: what arrived is not sent again")
		}
	}
	return nil
}

// begin finds out where each report was. One that was never scheduled, or whose
// expression is another one now, counts from now on.
func (s *scheduler) begin(ctx context.Context) error {
	turns, err := s.turns.Turns(ctx)
	if err != nil {
		return err
	}
	for _, j := range s.jobs {
		j.turn = store.Turn{Report: j.report, Expression: j.cron.expression, Seen: s.now()}
		known := false
		for _, t := range turns {
			if t.Report == j.report && t.Expression == j.cron.expression {
				j.turn, known = t, true
			}
		}
		if !known {
			if err := s.turns.SaveTurn(ctx, j.turn); err != nil {
				return err
			}
		}
		if j.next, err = j.cron.next(j.since()); err != nil {
			return usageError{err}
		}
		j.post = s.now() // what a former run left behind
		j.again, j.tries = time.Time{}, 0
		s.log.Info("scheduled", "report", j.report, "next", j.next.In(s.zone))
	}
	return nil
}

// step does everything that is due now, one report after another, and writes
// down how it stands.
func (s *scheduler) step(ctx context.Context) error {
	for _, j := range s.jobs {
		now := s.now()
		var err error
		switch {
		case !j.again.IsZero() && !now.Before(j.again), j.again.IsZero() && !now.Before(j.next):
			err = s.due(ctx, j)
		case !j.post.IsZero() && !now.Before(j.post):
			err = s.again(ctx, j)
		}
		if err != nil || ctx.Err() != nil {
			return err
		}
	}
	return s.health(s.status("waiting"))
}

// due runs a report for the last due time there was: several that were missed
// make one. The error is that of writing down what happened.
func (s *scheduler) due(ctx context.Context, j *job) error {
	at, ok, err := j.cron.latest(j.since(), s.now())
	if err != nil {
		return err
	}
	if !ok { // the clock was set back
		j.next, err = j.cron.next(j.since())
		return err
	}
	if err := s.health(s.status("working on " + j.report)); err != nil {
		return err
	}
	post, err := s.run(ctx, j.report, at)
	if ctx.Err() != nil {
		return nil //nolint:nilerr // interrupted: the same due time comes again
	}
	j.turn.Ran, j.turn.Outcome = s.now(), ""
	waits := retries()
	switch {
	case err != nil && j.tries < len(waits):
		j.turn.Outcome = err.Error()
		j.again = s.now().Add(waits[j.tries])
		j.tries++
		s.log.Error("the report failed and is tried again", "report", j.report, "due", at.In(s.zone), "error", err, "again", j.again.In(s.zone))
		return s.turns.SaveTurn(ctx, j.turn)
	case err != nil:
		j.turn.Outcome = err.Error()
		s.log.Error("the report failed and is given up", "report", j.report, "due", at.In(s.zone), "error", err)
	default:
		s.log.Info("the report is done", "report", j.report, "due", at.In(s.zone))
	}
	j.turn.Due, j.post = at, post
	j.again, j.tries = time.Time{}, 0
	if j.next, err = j.cron.next(at); err != nil {
		return err
	}
	return s.turns.SaveTurn(ctx, j.turn)
}

// again sends what the mail server put off.
func (s *scheduler) again(ctx context.Context, j *job) error {
	next, err := s.post(ctx, j.report)
	if err != nil && ctx.Err() == nil {
		s.log.Error("what is left of the report could not be sent", "report", j.report, "error", err)
		next = s.now().Add(retries()[0])
	}
	j.post = next
	return nil
}

// since is the instant after which due times count.
func (j *job) since() time.Time {
	if j.turn.Due.After(j.turn.Seen) {
		return j.turn.Due
	}
	return j.turn.Seen
}

// soonest is when the job has something to do.
func (j *job) soonest() time.Time {
	at := j.next
	if !j.again.IsZero() {
		at = j.again
	}
	if !j.post.IsZero() && j.post.Before(at) {
		at = j.post
	}
	return at
}

// status is what a supervisor reads.
type status struct {
	At      time.Time      `json:"at"`
	State   string         `json:"state"` // waiting, working on NAME, standby
	Reports []reportStatus `json:"reports,omitempty"`
}

type reportStatus struct {
	Report  string     `json:"report"`
	Next    time.Time  `json:"next"`
	Due     *time.Time `json:"due,omitempty"` // the last one dealt with
	Ran     *time.Time `json:"ran,omitempty"`
	Failed  string     `json:"failed,omitempty"`
	Sending *time.Time `json:"sending_again,omitempty"`
}

func (s *scheduler) status(state string) status {
	st := status{At: s.now().UTC(), State: state}
	for _, j := range s.jobs {
		st.Reports = append(st.Reports, reportStatus{j.report, j.soonest().UTC(), atOrNil(j.turn.Due), atOrNil(j.turn.Ran), j.turn.Outcome, atOrNil(j.post)})
	}
	return st
}

func atOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// healthFile writes a status to a file, whole or not at all; without a path it
// does nothing.
func healthFile(path string) func(status) error {
	return func(s status) error {
		if path == "" {
			return nil
		}
		text, err := json.Marshal(s)
		if err != nil {
			return fmt.Errorf("write the health file: %w", err)
		}
		if err := writeFile(path, append(text, '\n')); err != nil {
			return fmt.Errorf("write the health file: %w", err)
		}
		return nil
	}
}
