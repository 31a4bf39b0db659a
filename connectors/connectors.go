// Package connectors says what a Source is and copies one into a Sink. The
// origins themselves stand in the folders below; none of them is known here.
package connectors

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"defacto/backlog"
)

// Source is an origin of facts: a tracker's API, files, or a made-up organisation.
type Source interface {
	// Name is the source's name in scopes and in the store ("acme"); never a secret.
	Name() string
	// Batches yields what changed since the cursor, oldest knowledge first, and
	// stops after the first error: an *AuthError, a *RateLimitError, an
	// *IncompleteError, or one wrapping its cause. What was yielded before it
	// stands. A Source is used by one goroutine at a time.
	Batches(ctx context.Context, since backlog.Cursor) iter.Seq2[backlog.Batch, error]
}

// Handing turns a passage through an origin that hands its batches over one by one
// into what [Source] yields. read stops with the error hand gives it, which is the
// end and no failure where the reader wants no more; an error of the context is
// yielded bare.
func Handing(ctx context.Context, read func(hand func(backlog.Batch) error) error) iter.Seq2[backlog.Batch, error] {
	return func(yield func(backlog.Batch, error) bool) {
		stopped := false
		err := read(func(b backlog.Batch) error {
			if stopped = !yield(b, nil); stopped {
				return errStopped
			}
			return nil
		})
		switch {
		case stopped || err == nil:
			return
		case ctx.Err() != nil:
			err = ctx.Err()
		}
		yield(backlog.Batch{}, err)
	}
}

// errStopped ends a passage whose reader wants no more.
var errStopped = errors.New("stopped")

// Counter is a Source that counts the requests it sent; v_syncs shows them.
type Counter interface{ Requests() int }

// Dater is a Source that knows what time its facts are true of (a file's newest
// event, a server's clock), which then is the audit's as_of. Without it the
// clock handed to Sync is taken.
type Dater interface{ AsOf() time.Time }

// Sink is what Sync copies into; *store.Store is one.
type Sink interface {
	// Cursor returns where the source stopped last time, "" at first.
	Cursor(ctx context.Context, source string) (backlog.Cursor, error)
	// Save stores the batch and its cursor together, or neither, and says what
	// was new in it.
	Save(ctx context.Context, source string, b backlog.Batch) (Saved, error)
	// Finish records a run, complete or not, and the gaps it met.
	Finish(ctx context.Context, run backlog.SyncRun, gaps []backlog.Gap) error
}

// Saved counts what a batch held: all of it, and what of it was new or changed.
type Saved = backlog.Saved

// Progress hears of a running Sync. Done and Total are in issues; Total is 0
// while unknown. It is called from the goroutine that runs Sync.
type Progress func(done, total int, note string)

// Totaler is a Source that can estimate how many issues it will yield.
type Totaler interface{ Total() int }

// Restarter is a Source whose cursor holds more than where to go on from. On a
// full sync it is given the stored cursor and returns the one to start over with,
// which keeps what must not be forgotten: the issues known until now, by which
// deletions are noticed.
type Restarter interface {
	Restart(since backlog.Cursor) backlog.Cursor
}

// Options of a Sync.
type Options struct {
	Full     bool // ignore the stored cursor and read everything
	Progress Progress
	Now      func() time.Time // the clock; required
}

// Summary says what a Sync did.
type Summary struct {
	Run   backlog.SyncRun
	Saved Saved
	Gaps  []backlog.Gap
}

// Sync copies src into sink. It returns the summary also where it fails: what
// was saved until then stays saved. A run with gaps is not an error; it is not
// complete. An error of the context is returned as it is.
func Sync(ctx context.Context, src Source, sink Sink, opt Options) (Summary, error) {
	var sum Summary
	sum.Run = backlog.SyncRun{Source: src.Name(), Started: opt.Now().UTC()}
	since, err := sink.Cursor(ctx, src.Name())
	if err != nil {
		return sum, fmt.Errorf("read the cursor of %s: %w", src.Name(), err)
	}
	if opt.Full {
		since = restart(src, since)
	}
	report := func(note string) {
		if opt.Progress == nil {
			return
		}
		total := 0
		if t, ok := src.(Totaler); ok {
			total = t.Total()
		}
		opt.Progress(sum.Saved.Issues, total, note)
	}
	report("")
	var failure error
	for b, err := range src.Batches(ctx, since) {
		if err != nil {
			failure = err
			break
		}
		saved, err := sink.Save(ctx, src.Name(), b)
		if err != nil {
			failure = fmt.Errorf("store a batch of %s: %w", src.Name(), err)
			break
		}
		sum.Saved.Add(saved)
		sum.Gaps = append(sum.Gaps, b.Gaps...)
		report("")
	}
	sum.Run.Finished = opt.Now().UTC()
	sum.Run.AsOf = sum.Run.Started
	if d, ok := src.(Dater); ok {
		sum.Run.AsOf = d.AsOf()
	}
	if c, ok := src.(Counter); ok {
		sum.Run.Requests = c.Requests()
	}
	sum.Run.Issues, sum.Run.Changes, sum.Run.Comments = sum.Saved.Issues, sum.Saved.Changes, sum.Saved.Comments
	sum.Run.Complete = failure == nil && len(sum.Gaps) == 0
	sum.Run.Note = note(failure, sum.Gaps)
	// The record is written even when the run was interrupted, hence not under ctx.
	if err := sink.Finish(context.WithoutCancel(ctx), sum.Run, sum.Gaps); err != nil {
		return sum, errors.Join(failure, fmt.Errorf("record the run of %s: %w", src.Name(), err))
	}
	return sum, failure
}

// restart is the cursor to read everything again with.
func restart(src Source, since backlog.Cursor) backlog.Cursor {
	if r, ok := src.(Restarter); ok {
		return r.Restart(since)
	}
	return ""
}

func note(failure error, gaps []backlog.Gap) string {
	switch {
	case failure != nil:
		return "stopped: " + failure.Error()
	case len(gaps) == 1:
		return gaps[0].Where + ": " + gaps[0].Why
	case len(gaps) > 1:
		return fmt.Sprintf("%s: %s (and %d more)", gaps[0].Where, gaps[0].Why, len(gaps)-1)
	}
	return ""
}

// AuthError says that the tracker refused the credentials. It is never retried.
type AuthError struct {
	Source string
	Status int    // HTTP status, 0 when the refusal took another form
	Reason string // what the tracker said
	Next   string // what the user can do about it
}

func (e *AuthError) Error() string {
	return fmt.Sprintf("%s refused the credentials (%s)", e.Source, e.Reason)
}

// RateLimitError says that the tracker asked for more patience than was granted.
type RateLimitError struct {
	Source string
	Until  time.Time // when it may be tried again, zero when not said
	Reason string
}

func (e *RateLimitError) Error() string {
	if e.Until.IsZero() {
		return fmt.Sprintf("%s limits the rate (%s)", e.Source, e.Reason)
	}
	return fmt.Sprintf("%s limits the rate until %s (%s)", e.Source, e.Until.UTC().Format(time.RFC3339), e.Reason)
}

// IncompleteError says that the origin stopped before it had given everything.
type IncompleteError struct {
	Source string
	What   string
	Err    error
}

func (e *IncompleteError) Error() string {
	return fmt.Sprintf("%s gave %s only in part: %v", e.Source, e.What, e.Err)
}

// Unwrap returns the cause.
func (e *IncompleteError) Unwrap() error { return e.Err }
