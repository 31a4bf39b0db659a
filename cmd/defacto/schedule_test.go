package main

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"defacto/backlog"
	"defacto/store"
)

// year is a scheduler on a clock of its own, with a store and runs that only
// write down when they happened.
type year struct {
	t    *testing.T
	at   time.Time
	end  time.Time
	st   *store.Store
	runs map[string][]time.Time // due times, by report
	ran  map[string][]time.Time // when that was
	fail func(report string, due time.Time) error
	post func(report string) time.Time
}

func newYear(t *testing.T, from string) *year {
	y := &year{t: t, at: parse(t, from), runs: map[string][]time.Time{}, ran: map[string][]time.Time{}}
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "s.db"), store.Options{Lexicon: backlog.DefaultLexicon(), Now: func() time.Time { return y.at }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	y.st = st
	return y
}

// scheduler is one that has just started.
func (y *year) scheduler(zone *time.Location, expressions map[string]string) *scheduler {
	s := &scheduler{
		zone: zone, now: func() time.Time { return y.at }, turns: y.st, log: slog.New(slog.DiscardHandler), health: func(status) error { return nil }, nap: time.Hour,
		sleep: func(ctx context.Context, d time.Duration) error {
			y.at = y.at.Add(d)
			if !y.at.Before(y.end) {
				return context.Canceled
			}
			return ctx.Err()
		},
		run: func(_ context.Context, report string, due time.Time) (time.Time, error) {
			if y.fail != nil {
				if err := y.fail(report, due); err != nil {
					return time.Time{}, err
				}
			}
			y.runs[report], y.ran[report] = append(y.runs[report], due), append(y.ran[report], y.at)
			return time.Time{}, nil
		},
		post: func(_ context.Context, report string) (time.Time, error) {
			if y.post != nil {
				return y.post(report), nil
			}
			return time.Time{}, nil
		},
	}
	for name, e := range expressions {
		s.jobs = append(s.jobs, &job{report: name, cron: cron{e, zone}})
	}
	slices.SortFunc(s.jobs, func(a, b *job) int {
		if a.report < b.report {
			return -1
		}
		return 1
	})
	return s
}

func (y *year) until(s *scheduler, end string) {
	y.t.Helper()
	y.end = parse(y.t, end)
	if err := s.loop(y.t.Context()); err != nil {
		y.t.Fatal(err)
	}
}

// A year with both changes of the clock: every due report once, at its time.
func TestScheduleOverAYear(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "America/New_York"} {
		t.Run(name, func(t *testing.T) {
			l := zone(t, name)
			y := newYear(t, "2026-01-01T00:00:10Z")
			expressions := map[string]string{"night": "30 2 * * *", "early": "30 1 * * *", "weekly": "0 7 * * 1", "quarterly": "0 7 2 1,4,7,10 *"}
			s := y.scheduler(l, expressions)
			for month := time.Month(2); month <= 13; month++ { // it is restarted every month
				y.until(s, time.Date(2026, month, 1, 0, 0, 10, 0, time.UTC).Format(time.RFC3339))
				s = y.scheduler(l, expressions)
			}
			for report, want := range map[string]int{"night": 365, "early": 365, "weekly": 52, "quarterly": 4} {
				due := y.runs[report]
				if len(due) != want {
					t.Errorf("%s ran %d times, want %d", report, len(due), want)
				}
				days := map[string]bool{}
				for i, at := range due {
					local := at.In(l)
					if day := local.Format(time.DateOnly); days[day] {
						t.Errorf("%s ran twice on %s", report, day)
					} else {
						days[day] = true
					}
					if late := y.ran[report][i].Sub(at); late < 0 || late > time.Second {
						t.Errorf("%s due at %s ran %s late", report, local, late)
					}
					if shown := local.Format("15:04"); report == "night" && shown != "02:30" && shown != "03:00" {
						t.Errorf("%s was due at %s", report, local)
					}
				}
			}
			skipped := slices.IndexFunc(y.runs["night"], func(at time.Time) bool { return at.In(l).Format("15:04") == "03:00" })
			if day := y.runs["night"][skipped].In(l).Format("Jan 2"); day != "Mar 29" && day != "Mar 8" {
				t.Errorf("the clock jumps on %s", day)
			}
		})
	}
}

func TestScheduleCatchesUp(t *testing.T) {
	y := newYear(t, "2026-06-01T00:00:00Z")
	daily := map[string]string{"daily": "0 7 * * *"}
	y.until(y.scheduler(time.UTC, daily), "2026-06-03T08:00:00Z")
	y.at = parse(t, "2026-06-10T12:00:00Z") // a week down
	y.until(y.scheduler(time.UTC, daily), "2026-06-11T08:00:00Z")
	want := []string{"2026-06-01T07:00:00Z", "2026-06-02T07:00:00Z", "2026-06-03T07:00:00Z", "2026-06-10T07:00:00Z", "2026-06-11T07:00:00Z"}
	check(t, y.runs["daily"], want)

	// Another expression counts from now on; so does a report never seen before.
	weekly := map[string]string{"daily": "0 7 * * 3", "new": "0 6 * * *"}
	y.until(y.scheduler(time.UTC, weekly), "2026-06-12T08:00:00Z")
	check(t, y.runs["daily"], want)
	check(t, y.runs["new"], []string{"2026-06-12T06:00:00Z"})

	// A clock that was set back makes nothing run again, and is no reason to stop.
	y.at = parse(t, "2026-06-11T23:00:00Z")
	y.until(y.scheduler(time.UTC, weekly), "2026-06-13T08:00:00Z")
	check(t, y.runs["new"], []string{"2026-06-12T06:00:00Z", "2026-06-13T06:00:00Z"})
}

func TestScheduleTriesAgain(t *testing.T) {
	y := newYear(t, "2026-06-01T00:00:00Z")
	var tried []time.Time
	y.fail = func(_ string, due time.Time) error {
		tried = append(tried, y.at)
		if due.Day() == 1 && len(tried) < 3 || due.Day() == 2 {
			return errors.New("the tracker is down")
		}
		return nil
	}
	s := y.scheduler(time.UTC, map[string]string{"daily": "0 7 * * *"})
	y.until(s, "2026-06-03T08:00:00Z")
	check(t, y.runs["daily"], []string{"2026-06-01T07:00:00Z", "2026-06-03T07:00:00Z"})
	check(t, tried, []string{
		"2026-06-01T07:00:00Z", "2026-06-01T07:05:00Z", "2026-06-01T07:35:00Z",
		"2026-06-02T07:00:00Z", "2026-06-02T07:05:00Z", "2026-06-02T07:35:00Z", "2026-06-02T09:35:00Z", "2026-06-03T07:00:00Z",
	})
	turns, err := y.st.Turns(t.Context())
	if err != nil || len(turns) != 1 || turns[0].Outcome != "" || !turns[0].Due.Equal(parse(t, "2026-06-03T07:00:00Z")) {
		t.Errorf("turns %+v, %v", turns, err)
	}
}

// What the mail server put off is sent when it said, also after a restart.
func TestSchedulePostsAgain(t *testing.T) {
	y := newYear(t, "2026-06-01T00:00:00Z")
	var posted []time.Time
	y.post = func(string) time.Time {
		posted = append(posted, y.at)
		if len(posted) < 3 {
			return y.at.Add(15 * time.Minute)
		}
		return time.Time{}
	}
	y.until(y.scheduler(time.UTC, map[string]string{"daily": "0 7 * * *"}), "2026-06-01T02:00:00Z")
	check(t, posted, []string{"2026-06-01T00:00:00Z", "2026-06-01T00:15:00Z", "2026-06-01T00:30:00Z"})
}

func TestScheduleOnce(t *testing.T) {
	y := newYear(t, "2026-06-01T00:00:00Z")
	down := errors.New("down")
	y.fail = func(string, time.Time) error { return down }
	once := func(at string, ok bool) {
		t.Helper()
		y.at = parse(t, at)
		if err := y.scheduler(time.UTC, map[string]string{"daily": "0 7 * * *"}).once(t.Context()); (err == nil) != ok {
			t.Errorf("once at %s: %v", at, err)
		}
	}
	once("2026-06-01T06:00:00Z", true) // not due
	once("2026-06-01T07:15:00Z", false)
	once("2026-06-01T07:30:00Z", false) // still due
	y.fail = nil
	once("2026-06-01T07:45:00Z", true)
	once("2026-06-01T08:00:00Z", true) // done
	check(t, y.runs["daily"], []string{"2026-06-01T07:00:00Z"})
}

// Interrupted in a run, the same due time comes again.
func TestScheduleInterrupted(t *testing.T) {
	y := newYear(t, "2026-06-01T00:00:00Z")
	ctx, stop := context.WithCancel(t.Context())
	y.fail = func(string, time.Time) error { stop(); return ctx.Err() }
	y.end = parse(t, "2026-06-02T00:00:00Z")
	daily := map[string]string{"daily": "0 7 * * *"}
	if err := y.scheduler(time.UTC, daily).loop(ctx); err != nil {
		t.Errorf("a stop is no failure: %v", err)
	}
	y.fail = nil
	y.until(y.scheduler(time.UTC, daily), "2026-06-01T12:00:00Z")
	check(t, y.runs["daily"], []string{"2026-06-01T07:00:00Z"})
}

func TestScheduleRefusesTheImpossible(t *testing.T) {
	y := newYear(t, "2026-06-01T00:00:00Z")
	y.end = y.at
	if err := y.scheduler(time.UTC, map[string]string{"never": "0 7 31 2 *"}).loop(t.Context()); err == nil {
		t.Error("31 February came")
	}
}

func TestAlone(t *testing.T) {
	y := newYear(t, "2026-06-01T00:00:00Z")
	p := &program{now: func() time.Time { return y.at }, log: slog.New(slog.DiscardHandler)}
	err := p.alone(t.Context(), y.st, "schedule", func(ctx context.Context) error {
		var busy busyError
		if err := p.alone(ctx, y.st, "schedule", func(context.Context) error { t.Error("two at once"); return nil }); !errors.As(err, &busy) {
			t.Errorf("the second got %v", err)
		}
		return p.alone(ctx, y.st, "report:daily", func(context.Context) error { return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	failed := errors.New("failed")
	if err := p.alone(t.Context(), y.st, "schedule", func(context.Context) error { return failed }); !errors.Is(err, failed) {
		t.Errorf("the lease was not given back, or the error lost: %v", err)
	}
}

func check(t *testing.T, got []time.Time, want []string) {
	t.Helper()
	var texts []string
	for _, at := range got {
		texts = append(texts, at.UTC().Format(time.RFC3339))
	}
	if !slices.Equal(texts, want) {
		t.Errorf("got  %v\nwant %v", texts, want)
	}
}
