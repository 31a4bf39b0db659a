package workhours

import (
	"strings"
	"testing"
	"time"
)

func TestHolidaysByCountry(t *testing.T) {
	for _, c := range []struct {
		items []string
		off   []string
		works []string
	}{
		{[]string{"DE"}, []string{"2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14", "2026-05-25", "2026-10-03", "2026-12-25", "2026-12-26"}, []string{"2026-11-01", "2026-06-04"}},
		{[]string{"DE-BY"}, []string{"2026-06-04", "2026-10-03"}, []string{"2026-10-31"}},
		{[]string{"US"}, []string{"2026-07-03", "2026-11-26", "2026-10-12"}, []string{"2026-11-27"}},
		{[]string{"US-CA"}, []string{"2026-03-31", "2026-11-27", "2026-11-11"}, []string{"2026-10-12"}},
		{[]string{"GB"}, []string{"2026-04-06", "2026-08-31", "2026-12-28"}, []string{"2026-11-26"}},
		{[]string{"FR"}, []string{"2026-07-14"}, nil},
		{[]string{"CH"}, []string{"2026-08-01", "2026-12-25", "2026-05-14"}, []string{"2026-03-19", "2026-11-01"}},
		{[]string{"AU"}, []string{"2026-01-26", "2026-04-03"}, []string{"2026-11-03"}},
		{[]string{"jp"}, []string{"2026-04-29"}, nil},
		{[]string{"de", "2026-12-24, 2026-12-28..2026-12-31", ""}, []string{"2026-12-24", "2026-12-25", "2026-12-28", "2026-12-31"}, []string{"2026-12-27"}},
		{nil, nil, []string{"2026-01-01"}},
	} {
		h, err := ParseHolidays(c.items...)
		if err != nil {
			t.Errorf("%v: %v", c.items, err)
			continue
		}
		off := h.on(2026)
		for _, d := range c.off {
			if !off[dateOf(day(t, d))] {
				t.Errorf("%v: %s is no holiday", c.items, d)
			}
		}
		for _, d := range c.works {
			if off[dateOf(day(t, d))] {
				t.Errorf("%v: %s is a holiday", c.items, d)
			}
		}
	}
}

func TestParseHolidaysRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"DEU":                    `"DEU": neither a date like 2026-12-24 nor one of AR, AT,`,
		"US-TX":                  "US-CA",
		"2026-02-30":             "2026-02-30",
		"2026-12-31..2026-12-24": "end before they start",
		"2026-01-01..2126-01-01": "longer than a year",
		"2026-01-01..":           "want a date",
	} {
		if _, err := ParseHolidays("DE", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q in it", text, err, want)
		}
	}
}

// Every set gives days in every year, and each code stands once.
func TestRegions(t *testing.T) {
	seen := make(map[string]bool)
	for _, r := range regions() {
		if seen[r.code] {
			t.Errorf("%s stands twice", r.code)
		}
		seen[r.code] = true
		h := Holidays{rules: r.days}
		for year := 2015; year <= 2035; year++ {
			off := h.on(year)
			if len(off) < 3 || len(off) > 30 {
				t.Errorf("%s has %d holidays in %d", r.code, len(off), year)
			}
			for d := range off {
				if d.year != year || d.utc().Month() != d.month || d.month < time.January {
					t.Errorf("%s: %v is not in %d", r.code, d, year)
				}
			}
		}
	}
}
