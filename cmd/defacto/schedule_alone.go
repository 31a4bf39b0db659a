package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"defacto/store"
)

// leaseTime is how long a lease outlives a holder that dies where nobody can tell
// that it did; it is prolonged four times as often.
const leaseTime = 2 * time.Minute

// leaseMark stands in a lease's holder before the process.
const leaseMark = "@"

// busyError says that another process holds a lease.
type busyError struct {
	name  string
	until time.Time
}

func (e busyError) Error() string {
	return fmt.Sprintf("another defacto is at work on %s, until %s at least", e.name, e.until.Format(time.TimeOnly)+" UTC")
}

// errLeaseLost ends work whose lease another process took over.
var errLeaseLost = errors.New("another defacto took over, as this one did not answer for some time")

// alone runs work while nobody else runs work of that name on the store. The
// context work gets ends when the lease is lost. Where somebody else is at it, the
// error is a busyError.
func (p *program) alone(ctx context.Context, st *store.Store, name string, work func(context.Context) error) error {
	holder := rand.Text() + leaseMark + process()
	got, by, until, err := st.Lease(ctx, name, holder, leaseTime)
	if err != nil {
		return err
	}
	if _, dead, _ := strings.Cut(by, leaseMark); !got && gone(dead) {
		// Whoever comes first gives the dead one's place free and takes it.
		if err := st.Release(ctx, name, by); err != nil {
			return err
		}
		if got, _, until, err = st.Lease(ctx, name, holder, leaseTime); err != nil {
			return err
		}
	}
	if !got {
		return advise(busyError{name, until}, "wait for it; if it is dead, its place is free after "+leaseTime.String())
	}
	working, lose := context.WithCancelCause(ctx)
	beating := make(chan struct{})
	go func() {
		defer close(beating)
		beat := time.NewTicker(leaseTime / 4)
		defer beat.Stop()
		for {
			select {
			case <-working.Done():
				return
			case <-beat.C:
			}
			got, _, _, err := st.Lease(working, name, holder, leaseTime)
			switch {
			case err != nil:
				p.log.Warn("the lease could not be prolonged", "lease", name, "error", err)
			case !got:
				lose(errLeaseLost)
			}
		}
	}()
	err = work(working)
	if cause := context.Cause(working); errors.Is(cause, errLeaseLost) {
		err = cause
	}
	lose(nil)
	<-beating
	return errors.Join(err, st.Release(context.WithoutCancel(ctx), name, holder))
}

// sleep waits, or fails when the context ends.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
