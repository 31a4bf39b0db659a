package sample

import (
	"testing"
	"time"
)

func TestZonesAgreeWithTheDatabase(t *testing.T) {
	for z := berlin; z <= lagos; z++ {
		loc, err := time.LoadLocation(z.String())
		if err != nil {
			t.Skipf("no time zone database here: %v", err)
		}
		for at := time.Date(2023, 1, 1, 0, 30, 0, 0, time.UTC); at.Year() < 2027; at = at.Add(time.Hour) {
			if _, want := at.In(loc).Zone(); z.shift(at.Unix()) != int64(want) {
				t.Fatalf("%s is %d s ahead at %v, want %d", z, z.shift(at.Unix()), at, want)
			}
		}
	}
}

func TestWorkingTime(t *testing.T) {
	at := func(s string) int64 {
		v, err := time.Parse("2006-01-02 15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return v.Unix()
	}
	for _, c := range []struct {
		z        zone
		from, to string // UTC
		hours    float64
	}{
		{berlin, "2026-02-02 08:00", "2026-02-02 16:00", 8}, // Monday, all day
		{berlin, "2026-02-06 15:00", "2026-02-09 09:00", 2}, // over a weekend
		{berlin, "2026-03-27 15:00", "2026-03-30 08:00", 2}, // over the change to summer time
		{berlin, "2025-12-23 15:00", "2026-01-02 09:00", 2}, // over the shutdown
		{tokyo, "2026-02-02 00:00", "2026-02-02 08:00", 8},
		{newYork, "2026-03-09 13:00", "2026-03-09 14:00", 1}, // the day after summer time began
		{kolkata, "2026-02-02 03:30", "2026-02-02 11:30", 8},
		{berlin, "2026-02-02 12:00", "2026-02-02 12:00", 0},
		{berlin, "2026-02-02 12:00", "2026-02-01 12:00", 0},
	} {
		from, to := at(c.from), at(c.to)
		if got := float64(c.z.worked(from, to)) / float64(hour); got != c.hours {
			t.Errorf("%s to %s in %s is %v working hours, want %v", c.from, c.to, c.z, got, c.hours)
		}
	}
}

func TestAfterIsTheInverseOfWorked(t *testing.T) {
	d := roll(1, 1)
	for range 2000 {
		z := zone(d.IntN(int(lagos) + 1))
		from := d.seconds(1_760_000_000, 1_790_000_000)
		work := d.seconds(0, 200*hour)
		to := z.after(from, work)
		if got := z.worked(from, to); got != work || z.working(to) != to {
			t.Fatalf("%d s of work after %d in %s end at %d, which is %d s", work, from, z, to, got)
		}
	}
}
