package mail

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Ledger remembers of every message what became of it, across crashes.
type Ledger interface {
	// Claim takes a message for sending, durably, and reports whether it was there to
	// be taken: of several who try, one gets it.
	Claim(ctx context.Context, id int64) (bool, error)
	// Settle records an attempt's outcome; why is the error in words, retry the
	// earliest time of the next attempt of what is Deferred. A Deferred message can be claimed again.
	Settle(ctx context.Context, id int64, o Outcome, why string, retry time.Time) error
}

// Item is a message in the ledger that waits to be sent.
type Item struct {
	ID       int64
	To       Address
	Message  []byte
	Attempts int // so far
}

// Result is what became of an item.
type Result struct {
	Item
	Outcome
	Err   error     // why it did not arrive, or may not have
	Retry time.Time // of what is Deferred: not before
}

// mostAttempts is how often a message is tried: over about a day.
const mostAttempts = 12

// backoff is how long to wait after so many attempts.
func backoff(attempts int) time.Duration {
	steps := []time.Duration{30 * time.Second, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour}
	return steps[min(max(attempts-1, 0), len(steps)-1)]
}

// Courier brings messages to a server.
type Courier struct {
	Server Server
	From   Address
	Ledger Ledger
	Now    func() time.Time
}

// Deliver tries each item once, on a connection of its own: one recipient's trouble is
// nobody else's. It stops between two messages when ctx ends, never within one. Items
// another process claimed have no result. The error is the ledger's: nothing more is
// sent, for what happened could not be written down.
func (c Courier) Deliver(ctx context.Context, items []Item) ([]Result, error) {
	var results []Result
	for _, item := range items {
		if ctx.Err() != nil {
			return results, nil //nolint:nilerr // what is not sent yet stays in the ledger
		}
		r, err := c.deliver(ctx, item)
		if r != nil {
			results = append(results, *r)
		}
		if err != nil {
			return results, err
		}
	}
	return results, nil
}

func (c Courier) deliver(ctx context.Context, item Item) (*Result, error) {
	r := Result{Item: item}
	conn, err := c.Server.dial(ctx, c.From)
	if err != nil {
		if ctx.Err() != nil {
			return nil, nil // interrupted before anything happened
		}
		// Also a wrong password: it is the server's trouble, not this message's.
		r.Outcome, r.Err = Deferred, err
		return &r, c.settle(ctx, &r)
	}
	defer conn.Close()
	firm := context.WithoutCancel(ctx)
	got, err := c.Ledger.Claim(firm, item.ID)
	if err != nil || !got {
		return nil, err
	}
	r.Outcome, r.Err = c.Server.send(conn, c.From, item.To, item.Message)
	if err := c.settle(firm, &r); err != nil {
		return &r, fmt.Errorf("mail: %s: what became of the message to %s could not be written down: %w", r.Outcome, item.To, err)
	}
	_ = conn.Quit() // whatever it says: the message has arrived, or has not
	return &r, nil
}

// settle writes the result down; who was deferred too often is given up.
func (c Courier) settle(ctx context.Context, r *Result) error {
	r.Attempts++
	if r.Outcome == Deferred {
		if r.Attempts >= mostAttempts {
			r.Outcome, r.Err = Refused, fmt.Errorf("given up after %d attempts: %w", r.Attempts, r.Err)
		} else {
			r.Retry = c.Now().Add(backoff(r.Attempts))
		}
	}
	why := ""
	if r.Err != nil {
		why = line(r.Err.Error())
	}
	return c.Ledger.Settle(ctx, r.ID, r.Outcome, why, r.Retry)
}

// String says an outcome in a word.
func (o Outcome) String() string {
	return [...]string{"sent", "deferred", "refused", "unknown"}[o]
}

// Errors joins what went wrong, nil where everything arrived.
func Errors(results []Result) error {
	var errs []error
	for _, r := range results {
		if r.Err != nil {
			errs = append(errs, fmt.Errorf("%s: %s: %w", r.To, r.Outcome, r.Err))
		}
	}
	return errors.Join(errs...)
}
