package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// States of a [Delivery]. From sending a message leaves by an answer of the
// server, or stays unknown: then it may have arrived, and only a person decides
// whether it is sent again.
const (
	Rendered = "rendered" // to be sent
	Sending  = "sending"  // claimed by a process
	Sent     = "sent"     // the server took it
	Failed   = "failed"   // it did not arrive and is not tried again
	Unknown  = "unknown"  // handed over, and the server's answer was not seen
)

// Edition is one issue of a named report.
type Edition struct {
	ID       int64
	Report   string
	Due      time.Time // the due time it answers; a report has one edition for each
	Period   string
	AsOf     time.Time
	Made     time.Time
	Standing string // what the next edition is compared with
}

// Delivery is one message of an edition to one recipient.
type Delivery struct {
	ID        int64
	Edition   int64
	Report    string
	Due       time.Time
	Recipient string
	MessageID string
	State     string
	Attempts  int
	Error     string    // of the last attempt
	Changed   time.Time // when the state last changed
	Retry     time.Time // not before; zero: at once
	Hash      string    // SHA-256 of the message, in hex
}

// Message is what Publish takes for each recipient.
type Message struct {
	Recipient, MessageID, Hash string
	Text                       []byte
}

// Publish writes an edition with its messages into the ledger, all or nothing,
// each to be sent. Where the report has an edition for that due time already, that one
// comes back with false and nothing changes. Messages of older editions of the
// report that were not sent yet never will be, and say so.
func (s *Store) Publish(ctx context.Context, e Edition, messages []Message) (Edition, bool, error) {
	made := false
	err := s.write(ctx, func(firm context.Context, w *writer) error {
		n, err := w.execCount(firm, `INSERT INTO edition (report, due_at, period, as_of, made_at, standing) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			e.Report, unix(e.Due), e.Period, unix(e.AsOf), unix(e.Made), e.Standing)
		if err != nil {
			return err
		}
		found, err := scanEdition(w.row(firm, editions+` WHERE report = ? AND due_at = ?`, e.Report, unix(e.Due)))
		if err != nil {
			return err
		}
		e, made = found, n > 0
		if !made {
			return nil
		}
		at := unix(s.opt.Now())
		err = w.exec(firm, `UPDATE delivery SET state = ?, error = ?, changed_at = ?
			WHERE state = ? AND edition IN (SELECT id FROM edition WHERE report = ? AND due_at < ?)`,
			Failed, "a newer report took its place before this one could be sent", at, Rendered, e.Report, unix(e.Due))
		if err != nil {
			return err
		}
		err = w.exec(firm, `UPDATE delivery SET message = NULL WHERE message IS NOT NULL AND edition IN (SELECT id FROM edition WHERE report = ? AND due_at < ?)`, e.Report, unix(e.Due))
		if err != nil {
			return err
		}
		for _, m := range messages {
			err := w.exec(firm, `INSERT INTO delivery (edition, recipient, message_id, state, changed_at, hash, message) VALUES (?, ?, ?, ?, ?, ?, ?)`,
				e.ID, m.Recipient, m.MessageID, Rendered, at, m.Hash, m.Text)
			if err != nil {
				return fmt.Errorf("message to %s: %w", m.Recipient, err)
			}
		}
		return nil
	})
	if err != nil {
		return Edition{}, false, fmt.Errorf("publish the report %s: %w", e.Report, err)
	}
	return e, made, nil
}

const editions = `SELECT id, report, due_at, period, as_of, made_at, standing FROM edition`

func scanEdition(row *sql.Row) (Edition, error) {
	var e Edition
	var due, asOf, made int64
	err := row.Scan(&e.ID, &e.Report, &due, &e.Period, &asOf, &made, &e.Standing)
	e.Due, e.AsOf, e.Made = moment(due), moment(asOf), moment(made)
	return e, err
}

// Newest returns a report's newest edition due before a time, the zero time
// meaning any; false where there is none. With arrived, only editions count of which
// a message was, or may have been, received.
func (s *Store) Newest(ctx context.Context, report string, before time.Time, arrived bool) (Edition, bool, error) {
	query, args := editions+` e WHERE report = ?`, []any{report}
	if !before.IsZero() {
		query, args = query+` AND due_at < ?`, append(args, unix(before))
	}
	if arrived {
		query += ` AND EXISTS (SELECT 1 FROM delivery d WHERE d.edition = e.id AND d.state IN ('sent', 'unknown'))`
	}
	e, err := scanEdition(s.views.QueryRowContext(ctx, query+` ORDER BY due_at DESC LIMIT 1`, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return Edition{}, false, nil
	}
	if err != nil {
		return Edition{}, false, fmt.Errorf("read the editions of %s: %w", report, err)
	}
	return e, true, nil
}

const deliveries = `SELECT d.id, d.edition, e.report, e.due_at, d.recipient, d.message_id, d.state, d.attempts, d.error, d.changed_at, d.retry_at, d.hash
	FROM delivery d JOIN edition e ON e.id = d.edition`

// Deliveries lists an edition's messages in the order they were given.
func (s *Store) Deliveries(ctx context.Context, edition int64) ([]Delivery, error) {
	return s.deliveries(ctx, deliveries+` WHERE d.edition = ? ORDER BY d.id`, edition)
}

// Undelivered lists the messages of every report's newest edition that did not
// arrive, or may not have.
func (s *Store) Undelivered(ctx context.Context) ([]Delivery, error) {
	return s.deliveries(ctx, deliveries+` WHERE d.state <> 'sent' AND e.due_at = (SELECT max(n.due_at) FROM edition n WHERE n.report = e.report)
		ORDER BY e.report, d.id`)
}

func (s *Store) deliveries(ctx context.Context, query string, args ...any) ([]Delivery, error) {
	rows, err := s.views.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	defer rows.Close()
	var list []Delivery
	for rows.Next() {
		var d Delivery
		var due, changed, retry int64
		if err := rows.Scan(&d.ID, &d.Edition, &d.Report, &due, &d.Recipient, &d.MessageID, &d.State, &d.Attempts, &d.Error, &changed, &retry, &d.Hash); err != nil {
			return nil, fmt.Errorf("read the ledger: %w", err)
		}
		d.Due, d.Changed, d.Retry = moment(due), moment(changed), moment(retry)
		list = append(list, d)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	return list, nil
}

// Message returns the text of a message, nil once it was sent or given up for a
// newer one.
func (s *Store) Message(ctx context.Context, id int64) ([]byte, error) {
	var text []byte
	err := s.views.QueryRowContext(ctx, `SELECT message FROM delivery WHERE id = ?`, id).Scan(&text)
	if err != nil {
		return nil, fmt.Errorf("read message %d: %w", id, err)
	}
	return text, nil
}

// Claim takes a rendered message for sending and reports whether it got it: of
// several processes one does. It returns when the disk has it, so that not even
// a power failure lets the message go out twice.
func (s *Store) Claim(ctx context.Context, id int64) (bool, error) {
	var n int64
	err := s.write(ctx, func(firm context.Context, w *writer) (err error) {
		n, err = w.execCount(firm, `UPDATE delivery SET state = ?, error = '', changed_at = ?, retry_at = 0 WHERE id = ? AND state = ?`,
			Sending, unix(s.opt.Now()), id, Rendered)
		return err
	})
	if err == nil && n > 0 {
		err = durable(s.path + "-wal") // which synchronous=NORMAL leaves to the operating system
	}
	if err != nil {
		return false, fmt.Errorf("claim message %d: %w", id, err)
	}
	return n > 0, nil
}

// Settle records what became of an attempt: any state but sending. why is the
// error, retry the earliest time of the next attempt. A message that was sent is
// not kept. What was sent stays so, and what is in doubt until it is known to be sent.
func (s *Store) Settle(ctx context.Context, id int64, state, why string, retry time.Time) error {
	err := s.write(ctx, func(firm context.Context, w *writer) error {
		return w.exec(firm, `UPDATE delivery SET state = ?1, error = ?2, changed_at = ?3, retry_at = ?4, attempts = attempts + 1, message = CASE WHEN ?1 = 'sent' THEN NULL ELSE message END
			WHERE id = ?5 AND (state IN ('rendered', 'sending') OR state = 'unknown' AND ?1 = 'sent')`, state, why, unix(s.opt.Now()), unix(retry), id)
	})
	if err != nil {
		return fmt.Errorf("settle message %d: %w", id, err)
	}
	return nil
}

// Orphans turns a report's messages that are claimed into unknown ones, and
// says how many: whoever claimed them is gone. The caller must be the only sender.
func (s *Store) Orphans(ctx context.Context, report string) (n int, err error) {
	return s.turn(ctx, `UPDATE delivery SET state = ?, error = ?, changed_at = ?, attempts = attempts + 1 WHERE state = 'sending' AND edition IN (SELECT id FROM edition WHERE report = ?)`,
		Unknown, "the program ended before it saw the server's answer", unix(s.opt.Now()), report)
}

// Revive makes an edition's unknown and failed messages ready to be sent again,
// unchanged, and says how many.
func (s *Store) Revive(ctx context.Context, edition int64) (n int, err error) {
	return s.turn(ctx, `UPDATE delivery SET state = ?, changed_at = ?, retry_at = 0, attempts = 0 WHERE state IN ('unknown', 'failed') AND message IS NOT NULL AND edition = ?`,
		Rendered, unix(s.opt.Now()), edition)
}

func (s *Store) turn(ctx context.Context, query string, args ...any) (n int, err error) {
	err = s.write(ctx, func(firm context.Context, w *writer) error {
		count, err := w.execCount(firm, query, args...)
		n = int(count)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("write the ledger: %w", err)
	}
	return n, nil
}
