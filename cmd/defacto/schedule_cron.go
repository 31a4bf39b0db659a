package main

import (
	"fmt"
	"time"

	"github.com/adhocore/gronx"
)

// cron is an expression on the clock of a zone. Every time that clock shows
// counts once: what falls into the hour it skips in spring is due when it jumps, and
// what falls into the hour it repeats in autumn is due the first time.
type cron struct {
	expression string
	zone       *time.Location
}

// next is the first due time after an instant.
func (c cron) next(after time.Time) (time.Time, error) {
	for wall := onWall(after, c.zone); ; {
		next, err := gronx.NextTickAfter(c.expression, wall, false)
		if err != nil {
			return time.Time{}, fmt.Errorf("the schedule %q never comes: %w", c.expression, err)
		}
		if at := instant(next, c.zone); at.After(after) {
			return at, nil
		}
		wall = next
	}
}

// latest is the last due time after one instant and not after another; false
// where there is none.
func (c cron) latest(after, until time.Time) (time.Time, bool, error) {
	// A wall clock that was set back has shown later times before.
	wall, including := onWall(until, c.zone).Add(3*time.Hour), true
	for {
		last, err := gronx.PrevTickBefore(c.expression, wall, including)
		if err != nil {
			return time.Time{}, false, fmt.Errorf("the schedule %q never came: %w", c.expression, err)
		}
		at := instant(last, c.zone)
		if !at.After(after) {
			return time.Time{}, false, nil
		}
		if !at.After(until) {
			return at, true, nil
		}
		wall, including = last, false
	}
}

// onWall is what a zone's clock shows at an instant, written down as if it were
// UTC: there every hour exists, and once.
func onWall(t time.Time, zone *time.Location) time.Time {
	l := t.In(zone)
	return time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), l.Second(), l.Nanosecond(), time.UTC)
}

// instant is when a zone's clock first shows a time; where it skips it, the
// instant it jumps.
func instant(wall time.Time, zone *time.Location) time.Time {
	t := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), zone)
	start, end := t.ZoneBounds()
	switch shown := onWall(t, zone); {
	case shown.After(wall):
		return start.UTC()
	case shown.Before(wall):
		return end.UTC()
	}
	if !start.IsZero() {
		_, offset := start.Add(-time.Second).Zone()
		if first := wall.Add(-time.Duration(offset) * time.Second); first.Before(start) {
			return first
		}
	}
	return t.UTC()
}
