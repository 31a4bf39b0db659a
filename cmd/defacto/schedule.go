package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"defacto/config"
	"defacto/store"
)

func scheduleCommand(p *program) *cobra.Command {
	var once bool
	var health string
	cmd := &cobra.Command{
		Use:     "schedule",
		Short:   "Send the configured reports when they are due, with a sync before each",
		GroupID: "keep",
		Long: `Schedule runs until it is stopped: when a report's cron expression comes round in the
calendar's zone, it pulls what changed, makes the report and sends it. Where it slept or
was down it catches up, once for however many times were missed. It may be killed at any
moment: nothing is sent twice, and what was not sent goes out when it is back. Of several
schedulers on one store one works, the others stand by. A time the clock skips in spring
counts when the clock jumps; one it shows twice in autumn counts once.

With --once it does what is due now and ends: for crontab, systemd timers and Kubernetes.`,
		Example: `  defacto schedule --health /run/defacto/health.json
  defacto schedule --once`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := p.configure(cmd, true)
			if err != nil {
				return err
			}
			return p.schedule(cmd.Context(), c, once, health)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&once, "once", false, "do what is due now, then end")
	f.StringVar(&health, "health", "", "keep a `FILE` with what it does and what comes next, written every minute")
	return cmd
}

// standby is how often a scheduler looks whether it may take another's place.
const standby = 30 * time.Second

func (p *program) schedule(ctx context.Context, c *config.Config, once bool, health string) error {
	jobs, err := jobsOf(c)
	if err != nil {
		return err
	}
	st, err := p.openStore(ctx, c)
	if err != nil {
		return err
	}
	defer st.Close()
	office := &office{program: p, config: c, store: st}
	s := &scheduler{jobs: jobs, zone: c.Calendar.Zone, now: p.now, sleep: sleep, turns: st, run: office.run, post: office.post, health: healthFile(health), nap: time.Minute, log: p.log}
	for {
		err := p.alone(ctx, st, "schedule", func(ctx context.Context) error {
			if once {
				return s.once(ctx)
			}
			return s.loop(ctx)
		})
		var busy busyError
		switch {
		case ctx.Err() != nil:
			p.log.Info("the scheduler stops")
			return nil // asked to stop, and everything in hand is done
		case once && errors.As(err, &busy):
			p.tell("%v: nothing done", busy)
			return nil
		case once || !errors.As(err, &busy) && !errors.Is(err, errLeaseLost):
			return err
		}
		p.log.Info("another scheduler works on this store; standing by", "until", err)
		if err := s.health(status{At: p.now().UTC(), State: "standby"}); err != nil {
			return err
		}
		if sleep(ctx, standby) != nil {
			return nil // asked to stop
		}
	}
}

// jobsOf lists the reports that have a schedule.
func jobsOf(c *config.Config) ([]*job, error) {
	var jobs []*job
	for _, r := range c.Reports {
		if r.Schedule == "" {
			continue
		}
		if err := mailable(c, r); err != nil {
			return nil, err
		}
		jobs = append(jobs, &job{report: r.Name, cron: cron{r.Schedule, c.Calendar.Zone}})
	}
	if len(jobs) == 0 {
		return nil, advise(usage("no report has a schedule"), `write one, such as schedule: "0 7 * * 1", into a report's part of the configuration`)
	}
	return jobs, nil
}

// office does for the scheduler what a person would do by hand.
type office struct {
	*program
	config *config.Config
	store  *store.Store
	synced time.Time // when sources were pulled last
}

// freshness is how long facts just pulled serve another report.
const freshness = 10 * time.Minute

// run pulls what changed, makes a report and sends it. What was begun for the
// same due time before is gone on with.
func (o *office) run(ctx context.Context, name string, due time.Time) (next time.Time, err error) {
	r, err := named(o.config, name)
	if err != nil {
		return next, err
	}
	err = o.alone(ctx, o.store, "report:"+name, func(ctx context.Context) error {
		if err := o.recover(ctx, o.store, r); err != nil {
			return err
		}
		e, found, err := o.store.Newest(ctx, name, time.Time{}, false)
		if err != nil {
			return err
		}
		if !found || e.Due.Before(due) {
			if err := o.refresh(ctx); err != nil {
				return err
			}
			if e, err = o.publish(ctx, o.config, o.store, r, due); err != nil {
				return err
			}
		}
		next, err = o.deliver(ctx, o.config, o.store, r, e, false)
		return err
	})
	return next, err
}

// post goes on sending what a report's last edition still has to send.
func (o *office) post(ctx context.Context, name string) (next time.Time, err error) {
	r, err := named(o.config, name)
	if err != nil {
		return next, err
	}
	e, found, err := o.store.Newest(ctx, name, time.Time{}, false)
	if err != nil || !found {
		return next, err
	}
	err = o.alone(ctx, o.store, "report:"+name, func(ctx context.Context) (err error) {
		if err := o.recover(ctx, o.store, r); err != nil {
			return err
		}
		next, err = o.deliver(ctx, o.config, o.store, r, e, false)
		return err
	})
	return next, err
}

// refresh syncs all sources, unless that was done just now. Gaps are no obstacle:
// the report says what is missing.
func (o *office) refresh(ctx context.Context) error {
	if len(o.config.Sources) == 0 || o.now().Sub(o.synced) < freshness && !o.synced.IsZero() {
		return nil
	}
	if err := o.sync(ctx, o.config, nil, false); err != nil && o.exitCode(ctx, err) != exitIncomplete {
		return fmt.Errorf("sync before the report: %w", err)
	}
	o.synced = o.now()
	return nil
}
