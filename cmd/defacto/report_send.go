package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"defacto/config"
	"defacto/reports/mail"
	"defacto/store"
)

// sendToday sends a report's edition of today, which is made unless there is one.
func (p *program) sendToday(ctx context.Context, c *config.Config, st *store.Store, r config.Report, patience time.Duration) error {
	return p.alone(ctx, st, "report:"+r.Name, func(ctx context.Context) error {
		if err := p.recover(ctx, st, r); err != nil {
			return err
		}
		today := p.now().In(c.Calendar.Zone)
		today = time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, c.Calendar.Zone).UTC()
		e, found, err := st.Newest(ctx, r.Name, time.Time{}, false)
		if err != nil {
			return err
		}
		if !found || e.Due.Before(today) {
			if e, err = p.publish(ctx, c, st, r, today); err != nil {
				return err
			}
		} else {
			p.tell("the report due on %s was made before: what of it was not sent yet is sent now", e.Due.In(c.Calendar.Zone).Format("2006-01-02 15:04"))
		}
		return p.bring(ctx, c, st, r, e, patience)
	})
}

// resend sends again, unchanged, what of a report's last edition did not arrive
// or may not have.
func (p *program) resend(ctx context.Context, c *config.Config, st *store.Store, r config.Report, patience time.Duration) error {
	return p.alone(ctx, st, "report:"+r.Name, func(ctx context.Context) error {
		if err := p.recover(ctx, st, r); err != nil {
			return err
		}
		e, found, err := st.Newest(ctx, r.Name, time.Time{}, false)
		if err != nil {
			return err
		}
		if !found {
			return advise(usage("the report %s was never sent", r.Name), "send it with --send")
		}
		if _, err := st.Revive(ctx, e.ID); err != nil {
			return err
		}
		return p.bring(ctx, c, st, r, e, patience)
	})
}

// recover looks after messages that a sender left in the middle. The caller
// must be the only one who sends this report.
func (p *program) recover(ctx context.Context, st *store.Store, r config.Report) error {
	n, err := st.Orphans(ctx, r.Name)
	if n > 0 {
		p.log.Warn("messages are in doubt: a sender ended before it saw the server's answer", "report", r.Name, "messages", n)
	}
	return err
}

// publish makes a report for a due time and writes its messages into the ledger.
func (p *program) publish(ctx context.Context, c *config.Config, st *store.Store, r config.Report, due time.Time) (store.Edition, error) {
	made, err := p.edition(ctx, c, st, r, due)
	if err != nil {
		return store.Edition{}, err
	}
	messages, err := p.messages(ctx, c, st, made)
	if err != nil {
		return store.Edition{}, err
	}
	standing, err := json.Marshal(made.standing)
	if err != nil {
		return store.Edition{}, fmt.Errorf("write what the report says: %w", err)
	}
	e, _, err := st.Publish(ctx, store.Edition{
		Report: r.Name, Due: due, Period: made.period, AsOf: made.report.AsOf, Made: p.now(), Standing: string(standing),
	}, messages)
	return e, err
}

// bring delivers an edition and tries again for a while, then says what became
// of every message.
func (p *program) bring(ctx context.Context, c *config.Config, st *store.Store, r config.Report, e store.Edition, patience time.Duration) error {
	end := p.now().Add(patience)
	for early := true; ; early = false {
		next, err := p.deliver(ctx, c, st, r, e, early)
		if err != nil {
			return err
		}
		if next.IsZero() || next.After(end) {
			break
		}
		p.tell("%s: the server says later: trying again at %s", r.Name, next.In(c.Calendar.Zone).Format(time.TimeOnly))
		if err := p.sleep(ctx, next.Sub(p.now())); err != nil {
			return err
		}
	}
	return p.tellDeliveries(ctx, st, e)
}

// deliver tries every message of an edition that waits to be sent once, early also
// those that should wait longer. It returns when the next should be tried, the zero time
// where none is left.
func (p *program) deliver(ctx context.Context, c *config.Config, st *store.Store, r config.Report, e store.Edition, early bool) (next time.Time, err error) {
	from, err := mail.ParseAddress(r.From)
	if err != nil {
		return next, usageError{err}
	}
	server := mail.Server{Host: c.SMTP.Host, Port: c.SMTP.Port, User: c.SMTP.User, Password: c.SMTP.Password.Reveal(), TLS: c.SMTP.TLS}
	if c.SMTP.CA != "" {
		if server.CA, err = mailAuthorities(c.SMTP.CA); err != nil {
			return next, err
		}
	}
	all, err := st.Deliveries(ctx, e.ID)
	if err != nil {
		return next, err
	}
	var items []mail.Item
	sooner := func(at time.Time) {
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	for _, d := range all {
		if d.State != store.Rendered {
			continue
		}
		if !early && d.Retry.After(p.now()) {
			sooner(d.Retry)
			continue
		}
		item := mail.Item{ID: d.ID, Attempts: d.Attempts}
		if item.To, err = mail.ParseAddress(d.Recipient); err != nil {
			return next, err
		}
		if item.Message, err = st.Message(ctx, d.ID); err != nil {
			return next, err
		}
		if mail.Hash(item.Message) != d.Hash {
			return next, advise(fmt.Errorf("the message to %s is not the one that was rendered", d.Recipient), "look for damage with defacto store check")
		}
		items = append(items, item)
	}
	courier := mail.Courier{Server: server, From: from, Ledger: ledger{st}, Now: p.now}
	results, err := courier.Deliver(ctx, items)
	for _, one := range results {
		p.log.Info("mail", "report", r.Name, "to", one.To.String(), "outcome", one.Outcome.String(), "error", one.Err)
		if one.Outcome == mail.Deferred {
			sooner(one.Retry)
		}
	}
	return next, errors.Join(err, ctx.Err())
}

// tellDeliveries says what became of an edition's messages; where not all
// arrived, that is the error.
func (p *program) tellDeliveries(ctx context.Context, st *store.Store, e store.Edition) error {
	all, err := st.Deliveries(ctx, e.ID)
	if err != nil {
		return err
	}
	count := map[string]int{}
	for _, d := range all {
		count[d.State]++
		line := d.Recipient + ": " + d.State
		if d.Error != "" {
			line += ": " + d.Error
		}
		fmt.Fprintln(p.out, printable(line))
	}
	open := len(all) - count[store.Sent]
	if open == 0 {
		return nil
	}
	err = fmt.Errorf("%d of %d messages of the report %s are not known to have arrived", open, len(all), e.Report)
	switch {
	case count[store.Unknown] > 0:
		return advise(err, "ask the recipient, or look into the mail server's log; if it did not arrive: defacto report "+e.Report+" --resend")
	case count[store.Failed] > 0:
		return advise(err, "correct the address or the server, then: defacto report "+e.Report+" --resend")
	}
	return advise(err, "run it again later: what arrived is not sent again")
}

// ledger is the store as the courier's memory.
type ledger struct{ store *store.Store }

func (l ledger) Claim(ctx context.Context, id int64) (bool, error) { return l.store.Claim(ctx, id) }

func (l ledger) Settle(ctx context.Context, id int64, o mail.Outcome, why string, retry time.Time) error {
	state := map[mail.Outcome]string{mail.Arrived: store.Sent, mail.Deferred: store.Rendered, mail.Refused: store.Failed, mail.Doubtful: store.Unknown}[o]
	return l.store.Settle(ctx, id, state, why, retry)
}
