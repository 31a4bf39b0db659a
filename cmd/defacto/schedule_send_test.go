package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"defacto/config"
	"defacto/reports/mail/mailtest"
)

// officer is a defacto of a desk on a clock of its own.
func (d *desk) officer(at *time.Time) (*program, *config.Config) {
	d.t.Helper()
	p := &program{
		getenv: func(string) string { return "" }, in: strings.NewReader(""), out: io.Discard, err: io.Discard, quiet: true, started: true,
		log: slog.New(slog.DiscardHandler), now: func() time.Time { return *at }, sleep: sleep,
	}
	text, err := os.ReadFile(d.config)
	if err != nil {
		d.t.Fatal(err)
	}
	opt := p.configOptions()
	opt.Path, opt.Data = d.config, text
	c, err := config.Load(opt)
	if err != nil {
		d.t.Fatal(err)
	}
	return p, c
}

func TestScheduleSends(t *testing.T) {
	var h hook
	s, err := mailtest.New(mailtest.Options{On: h.call})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	d := newDesk(t, s, mailtest.Options{}, `schedule: "0 7 * * 1", to: [ann@acme.example, bob@acme.example]`)
	at := parse(t, "2026-10-03T12:00:00Z")
	p, c := d.officer(&at)
	health := filepath.Join(d.dir, "health.json")
	once := func(when string, ok bool, want ...int) {
		t.Helper()
		at = parse(t, when)
		if err := p.schedule(t.Context(), c, true, health); (err == nil) != ok {
			t.Errorf("%s: %v", when, err)
		}
		if n := arrivals(s); n["ann@acme.example"] != want[0] || n["bob@acme.example"] != want[1] {
			t.Errorf("%s: arrived %v, want %v", when, n, want)
		}
	}
	once("2026-10-03T12:00:00Z", true, 0, 0)
	once("2026-10-05T05:30:00Z", true, 1, 1) // Monday, half past seven in Berlin
	once("2026-10-05T06:00:00Z", true, 1, 1)

	// Put off, then sent when it is time.
	h.set(func(stage, recipient string) error {
		if stage == mailtest.Rcpt && recipient == "bob@acme.example" {
			return mailtest.Reply(451, "later")
		}
		return nil
	})
	once("2026-10-12T06:00:00Z", false, 2, 1)
	h.set(nil)
	once("2026-10-12T06:00:10Z", false, 2, 1)
	once("2026-10-12T06:01:00Z", true, 2, 2)
	last := s.Messages()[len(s.Messages())-1].Text
	if !strings.Contains(string(last), "Since the report of") {
		t.Error("the second report does not say what changed")
	}
	status, err := os.ReadFile(health)
	if err != nil || !strings.Contains(string(status), `"state":"waiting"`) || !strings.Contains(string(status), `"next":"2026-10-19T05:00:00Z"`) {
		t.Errorf("health: %s, %v", status, err)
	}

	// Of several at once one acts.
	at = parse(t, "2026-10-19T06:00:00Z")
	g, ctx := errgroup.WithContext(t.Context())
	for range 3 {
		p, c := d.officer(&at)
		g.Go(func() error { return p.schedule(ctx, c, true, "") })
	}
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
	if n := arrivals(s); n["ann@acme.example"] != 3 || n["bob@acme.example"] != 3 {
		t.Errorf("arrived %v, want 3 each", n)
	}
}

// Asked to stop, it stops and calls that no failure.
func TestScheduleStops(t *testing.T) {
	s, err := mailtest.New(mailtest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	d := newDesk(t, s, mailtest.Options{}, `schedule: "0 7 * * 1", to: [ann@acme.example]`)
	at := parse(t, "2026-10-03T12:00:00Z")
	p, c := d.officer(&at)
	ctx, stop := context.WithCancel(t.Context())
	health := filepath.Join(d.dir, "health.json")
	done := make(chan error)
	go func() { done <- p.schedule(ctx, c, false, health) }()
	for { // until it waits
		if text, err := os.ReadFile(health); err == nil && strings.Contains(string(text), "waiting") {
			break
		}
		select {
		case err := <-done:
			t.Fatalf("it ended by itself: %v", err)
		case <-time.After(5 * time.Millisecond):
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
