package workhours

import (
	"fmt"
	"math"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Skipf("no zone database here: %v", err)
	}
	return z
}

func calendar(t testing.TB, zoneName, holidays string, absences ...Absence) *Calendar {
	t.Helper()
	h, err := ParseHolidays(holidays)
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(zone(t, zoneName), Standard(), h, absences...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func moment(t testing.TB, text string) time.Time {
	t.Helper()
	v, err := time.Parse("2006-01-02 15:04 -07:00", text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func day(t testing.TB, text string) time.Time {
	t.Helper()
	v, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestHours(t *testing.T) {
	august := Absence{day(t, "2026-08-03"), day(t, "2026-08-21")}
	for _, c := range []struct {
		name, zone, holidays string
		absences             []Absence
		from, to             string
		want                 float64
	}{
		{"within a day", "Europe/Berlin", "", nil, "2026-07-01 10:00 +02:00", "2026-07-01 11:30 +02:00", 1.5},
		{"before opening", "Europe/Berlin", "", nil, "2026-07-01 06:00 +02:00", "2026-07-01 10:00 +02:00", 1},
		{"over night", "Europe/Berlin", "", nil, "2026-07-01 16:00 +02:00", "2026-07-02 10:00 +02:00", 2},
		{"over a weekend", "Europe/Berlin", "", nil, "2026-07-03 16:00 +02:00", "2026-07-06 09:15 +02:00", 1.25},
		{"on a weekend", "Europe/Berlin", "", nil, "2026-07-04 09:00 +02:00", "2026-07-05 17:00 +02:00", 0},
		{"a week", "Europe/Berlin", "", nil, "2026-07-01 00:00 +02:00", "2026-07-08 00:00 +02:00", 40},
		{"a quarter", "Europe/Berlin", "", nil, "2026-07-01 00:00 +02:00", "2026-10-01 00:00 +02:00", 66 * 8},
		{"the week clocks go forward", "Europe/Berlin", "", nil, "2026-03-27 16:00 +01:00", "2026-03-30 10:00 +02:00", 2},
		{"the week clocks go back", "America/New_York", "", nil, "2026-10-30 16:00 -04:00", "2026-11-02 10:00 -05:00", 2},
		{"a holiday", "Europe/Berlin", "DE", nil, "2026-04-30 09:00 +02:00", "2026-05-04 17:00 +02:00", 16},
		{"the same without", "Europe/Berlin", "", nil, "2026-04-30 09:00 +02:00", "2026-05-04 17:00 +02:00", 24},
		{"made up for on Friday", "America/New_York", "US", nil, "2026-07-03 09:00 -04:00", "2026-07-06 17:00 -04:00", 8},
		{"made up for in the year before", "America/New_York", "US", nil, "2021-12-31 09:00 -05:00", "2022-01-03 17:00 -05:00", 8},
		{"a date", "Europe/Berlin", "2026-07-02", nil, "2026-07-01 09:00 +02:00", "2026-07-03 17:00 +02:00", 16},
		{"absent", "Europe/Berlin", "", []Absence{august}, "2026-07-31 09:00 +02:00", "2026-08-24 17:00 +02:00", 16},
		{"far west", "Pacific/Honolulu", "", nil, "2026-07-01 16:00 -10:00", "2026-07-02 10:00 -10:00", 2},
		{"far east", "Pacific/Kiritimati", "", nil, "2026-07-01 16:00 +14:00", "2026-07-02 10:00 +14:00", 2},
		{"half an hour off", "Asia/Kolkata", "", nil, "2026-07-01 03:30 +00:00", "2026-07-01 11:30 +00:00", 8},
		{"to the second", "Europe/Berlin", "", nil, "2026-07-01 09:00 +02:00", "2026-07-01 09:01 +02:00", 1. / 60},
		{"backwards", "Europe/Berlin", "", nil, "2026-07-02 10:00 +02:00", "2026-07-01 10:00 +02:00", 0},
		{"no time", "Europe/Berlin", "", nil, "2026-07-01 10:00 +02:00", "2026-07-01 10:00 +02:00", 0},
		{"a day the zone skipped", "Pacific/Apia", "", nil, "2011-12-29 00:00 -10:00", "2012-01-01 00:00 +14:00", 8},
		{"out of the covered years", "Europe/Berlin", "", nil, "0001-01-01 00:00 +00:00", "1970-01-01 00:00 +00:00", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := calendar(t, c.zone, c.holidays, c.absences...).Hours(moment(t, c.from), moment(t, c.to))
			if math.Abs(got-c.want) > 1e-9 {
				t.Errorf("%s to %s = %v hours, want %v", c.from, c.to, got, c.want)
			}
		})
	}
}

func TestOpen(t *testing.T) {
	c := calendar(t, "Europe/Berlin", "DE")
	for text, want := range map[string]bool{
		"2026-07-01 09:00 +02:00": true, "2026-07-01 08:59 +02:00": false, "2026-07-01 16:59 +02:00": true,
		"2026-07-01 17:00 +02:00": false, "2026-07-04 12:00 +02:00": false, "2026-05-01 12:00 +02:00": false,
		"0001-01-02 12:00 +00:00": false, "9999-01-04 12:00 +00:00": false,
	} {
		if got := c.Open(moment(t, text)); got != want {
			t.Errorf("open at %s = %v", text, got)
		}
	}
}

func TestAddHours(t *testing.T) {
	c := calendar(t, "Europe/Berlin", "DE")
	for _, tc := range []struct {
		from  string
		hours float64
		want  string
	}{
		{"2026-07-01 10:00 +02:00", 1.5, "2026-07-01 11:30 +02:00"},
		{"2026-07-01 10:00 +02:00", 7, "2026-07-01 17:00 +02:00"},
		{"2026-07-03 16:00 +02:00", 2, "2026-07-06 10:00 +02:00"},
		{"2026-07-04 16:00 +02:00", 1, "2026-07-06 10:00 +02:00"},
		{"2026-04-30 16:00 +02:00", 2, "2026-05-04 10:00 +02:00"},
		{"2026-07-04 16:00 +02:00", 0, "2026-07-04 16:00 +02:00"},
		{"2026-07-04 16:00 +02:00", -3, "2026-07-04 16:00 +02:00"},
		{"2026-07-01 09:00 +02:00", 10 * 261 * 8, "2036-08-11 11:00 +02:00"},
	} {
		from := moment(t, tc.from)
		got := c.AddHours(from, tc.hours)
		if tc.hours > 1000 { // ten years: only the hours must agree
			if h := c.Hours(from, got); math.Abs(h-tc.hours) > 1e-9 {
				t.Errorf("%v hours after %s there are %v", tc.hours, tc.from, h)
			}
			continue
		}
		if !got.Equal(moment(t, tc.want)) {
			t.Errorf("%s + %v h = %v, want %s", tc.from, tc.hours, got, tc.want)
		}
	}
	if got := c.AddDays(moment(t, "2026-07-01 10:00 +02:00"), 10); !got.Equal(moment(t, "2026-07-15 10:00 +02:00")) {
		t.Errorf("ten working days later = %v", got)
	}
	for _, hours := range []float64{1e6, 1e18, math.Inf(1)} {
		if got := c.AddHours(moment(t, "2026-07-01 10:00 +02:00"), hours); !got.IsZero() {
			t.Errorf("%v hours end at %v", hours, got)
		}
	}
	if got := c.AddHours(moment(t, "2026-07-01 10:00 +02:00"), math.NaN()); !got.Equal(moment(t, "2026-07-01 10:00 +02:00")) {
		t.Errorf("NaN hours end at %v", got)
	}
}

func TestNewRefuses(t *testing.T) {
	for name, build := range map[string]func() (*Calendar, error){
		"no zone":          func() (*Calendar, error) { return New(nil, Standard(), Holidays{}) },
		"no working hours": func() (*Calendar, error) { return New(time.UTC, Week{}, Holidays{}) },
		"backward absence": func() (*Calendar, error) {
			return New(time.UTC, Standard(), Holidays{}, Absence{day(t, "2026-08-21"), day(t, "2026-08-03")})
		},
	} {
		if c, err := build(); err == nil {
			t.Errorf("%s: got %v", name, c)
		}
	}
}

// brute counts minute by minute what a clock on the wall shows.
func brute(c *Calendar, from, to time.Time) float64 {
	n := 0
	for ; from.Before(to); from = from.Add(time.Minute) {
		local := from.In(c.zone)
		h := c.week[local.Weekday()]
		m := local.Hour()*60 + local.Minute()
		if m >= h.Open && m < h.Close && !c.absent(dateOf(local)) && !c.holidays.on(local.Year())[dateOf(local)] {
			n++
		}
	}
	return float64(n) / 60
}

func TestHoursAgainstCounting(t *testing.T) {
	zones := []string{"Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "America/Sao_Paulo", "Australia/Lord_Howe", "Atlantic/Azores", "America/Havana", "UTC"}
	for _, name := range zones {
		zone(t, name)
	}
	rapid.Check(t, func(rt *rapid.T) {
		var week Week
		for d := range week {
			if rapid.IntRange(0, 3).Draw(rt, "works") > 0 {
				// Clocks change by night; inside a working hour they make "17:00" two instants.
				open := rapid.SampledFrom([]int{0, 4 * 60, 9 * 60, 9*60 + 30}).Draw(rt, "open")
				week[d] = Hours{open, rapid.SampledFrom([]int{10 * 60, 17 * 60, 22*60 + 15, 24 * 60}).Draw(rt, "close")}
			}
		}
		week[3] = Hours{9 * 60, 17 * 60}
		first := time.Date(rapid.IntRange(2010, 2026).Draw(rt, "year"), 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 365).Draw(rt, "day"))
		from := first.Add(time.Duration(rapid.IntRange(0, 1439).Draw(rt, "minute")) * time.Minute)
		to := from.Add(time.Duration(rapid.IntRange(0, 9*1440).Draw(rt, "length")) * time.Minute)
		h, err := ParseHolidays(dateOf(first.AddDate(0, 0, 2)).String())
		if err != nil {
			rt.Fatal(err)
		}
		name := rapid.SampledFrom(zones).Draw(rt, "zone")
		c, err := New(zone(t, name), week, h, Absence{first.AddDate(0, 0, 4), first.AddDate(0, 0, 5)})
		if err != nil {
			rt.Fatal(err)
		}
		want := brute(c, from, to)
		if got := c.Hours(from, to); math.Abs(got-want) > 1e-9 {
			rt.Fatalf("%s: %v to %v = %v hours, counted %v", name, from, to, got, want)
		}
		if want > 0 {
			end := c.AddHours(from, want)
			if end.After(to) || math.Abs(c.Hours(from, end)-want) > 1e-9 {
				rt.Fatalf("%v hours after %v is %v, not before %v", want, from, end, to)
			}
		}
		mid := from.Add(to.Sub(from) / 2)
		if parts := c.Hours(from, mid) + c.Hours(mid, to); math.Abs(parts-want) > 1e-3 {
			rt.Fatalf("the halves add to %v, not %v", parts, want)
		}
	})
}

// Many may ask at once, for years not yet filled in.
func TestCalendarConcurrently(t *testing.T) {
	c := calendar(t, "Europe/Berlin", "DE")
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			from := time.Date(2000+(i*7)%30, 3, 1, 0, 0, 0, 0, time.UTC)
			if h := c.Hours(from, from.AddDate(0, 0, 7)); h < 24 || h > 40 {
				t.Errorf("a week from %v has %v hours", from, h)
			}
		})
	}
	wg.Wait()
}

func ExampleCalendar() {
	hours, _ := ParseHours("09:00-17:00")
	days, _ := ParseDays("Mon-Fri")
	holidays, _ := ParseHolidays("DE", "2026-12-24")
	c, _ := New(time.UTC, NewWeek(days, hours), holidays)
	asked := time.Date(2026, 12, 23, 15, 0, 0, 0, time.UTC)
	answered := time.Date(2026, 12, 28, 10, 30, 0, 0, time.UTC)
	fmt.Println(c.Hours(asked, answered))
	// Output: 3.5
}

func BenchmarkHours(b *testing.B) {
	c := calendar(b, "Europe/Berlin", "DE")
	from := time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC)
	to := from.AddDate(0, 8, 3)
	b.ReportAllocs()
	for b.Loop() {
		c.Hours(from, to)
	}
}

func BenchmarkFillYear(b *testing.B) {
	h, err := ParseHolidays("DE")
	if err != nil {
		b.Fatal(err)
	}
	z := zone(b, "Europe/Berlin")
	b.ReportAllocs()
	for b.Loop() {
		c, err := New(z, Standard(), h)
		if err != nil {
			b.Fatal(err)
		}
		c.Open(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC))
	}
}
