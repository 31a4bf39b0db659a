package main

import (
	"testing"
	"time"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestCronOnChangingClocks(t *testing.T) {
	for _, c := range []struct {
		zone, expression, after string
		want                    []string // in UTC
	}{
		// 8 March 2026: New York goes from 02:00 EST to 03:00 EDT at 07:00 UTC.
		{"America/New_York", "30 2 * * *", "2026-03-07T00:00:00Z", []string{"2026-03-07T07:30:00Z", "2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z"}},
		{"America/New_York", "0 3 * * *", "2026-03-08T00:00:00Z", []string{"2026-03-08T07:00:00Z", "2026-03-09T07:00:00Z"}},
		{"America/New_York", "*/20 * * * *", "2026-03-08T06:30:00Z", []string{"2026-03-08T06:40:00Z", "2026-03-08T07:00:00Z", "2026-03-08T07:20:00Z"}},
		// 1 November 2026: 01:00 to 02:00 comes twice, from 05:00 and from 06:00 UTC.
		{"America/New_York", "30 1 * * *", "2026-10-31T06:00:00Z", []string{"2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"}},
		{"America/New_York", "30 1 * * *", "2026-11-01T06:10:00Z", []string{"2026-11-02T06:30:00Z"}},
		{"America/New_York", "0 * * * *", "2026-11-01T04:30:00Z", []string{"2026-11-01T05:00:00Z", "2026-11-01T07:00:00Z"}},
		// 29 March and 25 October 2026 in Berlin.
		{"Europe/Berlin", "15 2 * * *", "2026-03-28T12:00:00Z", []string{"2026-03-29T01:00:00Z", "2026-03-30T00:15:00Z"}},
		{"Europe/Berlin", "15 2 * * *", "2026-10-24T12:00:00Z", []string{"2026-10-25T00:15:00Z", "2026-10-26T01:15:00Z"}},
		// Half an hour, and a zone that never changes.
		{"Australia/Lord_Howe", "45 1 * * *", "2026-04-04T00:00:00Z", []string{"2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"}},
		{"Asia/Kolkata", "0 7 2 1,4,7,10 *", "2026-01-03T00:00:00Z", []string{"2026-04-02T01:30:00Z", "2026-07-02T01:30:00Z", "2026-10-02T01:30:00Z", "2027-01-02T01:30:00Z"}},
		{"UTC", "0 7 29 2 *", "2026-01-01T00:00:00Z", []string{"2028-02-29T07:00:00Z"}},
	} {
		e := cron{c.expression, zone(t, c.zone)}
		at := parse(t, c.after)
		for _, want := range c.want {
			next, err := e.next(at)
			if err != nil || !next.Equal(parse(t, want)) {
				t.Errorf("%s in %s after %s: %s, %v; want %s", c.expression, c.zone, at, next.UTC(), err, want)
				break
			}
			if last, ok, err := e.latest(at, next); err != nil || !ok || !last.Equal(next) {
				t.Errorf("%s in %s: the latest until %s is %s, %v, %v", c.expression, c.zone, next, last, ok, err)
			}
			if last, ok, err := e.latest(at, next.Add(-time.Second)); err != nil || ok {
				t.Errorf("%s in %s: before %s there is %s, %v", c.expression, c.zone, next, last, err)
			}
			at = next
		}
	}
	if next, err := (cron{"0 7 31 2 *", time.UTC}).next(parse(t, "2026-01-01T00:00:00Z")); err == nil {
		t.Errorf("31 February is on %s", next)
	}
}

// The second time the repeated hour comes round, what was due the first time is past.
func TestLatestInTheRepeatedHour(t *testing.T) {
	e := cron{"30 1 * * *", zone(t, "America/New_York")}
	last, ok, err := e.latest(parse(t, "2026-10-31T12:00:00Z"), parse(t, "2026-11-01T06:10:00Z"))
	if err != nil || !ok || !last.Equal(parse(t, "2026-11-01T05:30:00Z")) {
		t.Errorf("latest %s, %v, %v", last, ok, err)
	}
}

// Every minute of a year, every clock time once.
func TestCronEveryMinute(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "America/New_York"} {
		e := cron{"*/7 * * * *", zone(t, name)}
		seen := map[time.Time]bool{}
		end := parse(t, "2026-12-01T00:00:00Z")
		for at := parse(t, "2026-10-20T00:00:00Z"); at.Before(end); {
			next, err := e.next(at)
			if err != nil || !next.After(at) {
				t.Fatalf("after %s comes %s, %v", at, next, err)
			}
			if wall := onWall(next, e.zone); seen[wall] {
				t.Fatalf("%s shows %s twice", name, wall)
			} else {
				seen[wall] = true
			}
			at = next
		}
	}
}

func parse(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
