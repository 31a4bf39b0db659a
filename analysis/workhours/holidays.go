package workhours

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rickar/cal/v2"
)

// Holidays are days off by rule, by country, or by date. The zero value has none.
type Holidays struct {
	rules []*cal.Holiday
	dates map[date]bool
}

// longestRange keeps a slip of the pen in a range of dates from filling memory.
const longestRange = 366

// ParseHolidays reads what a configuration lists: codes of countries or their
// parts ("DE", "CH-ZH"), dates ("2026-12-24") and ranges of dates, both ends
// included ("2026-12-24..2026-12-31"), mixed at will, each item one or several
// separated by commas. Codes are read in any case. The error names the first
// item that is none of these and the codes there are.
func ParseHolidays(items ...string) (Holidays, error) {
	h := Holidays{dates: make(map[date]bool)}
	for _, list := range items {
		for item := range strings.SplitSeq(list, ",") {
			item = strings.TrimSpace(item)
			if item == "" {
				continue
			}
			if err := h.add(item); err != nil {
				return Holidays{}, err
			}
		}
	}
	return h, nil
}

func (h *Holidays) add(item string) error {
	if item[0] >= '0' && item[0] <= '9' {
		return h.addDates(item)
	}
	var known []string
	for _, r := range regions() {
		if strings.EqualFold(r.code, item) {
			h.rules = append(h.rules, r.days...)
			return nil
		}
		known = append(known, r.code)
	}
	slices.Sort(known)
	return fmt.Errorf("workhours: holidays %q: neither a date like 2026-12-24 nor one of %s", item, strings.Join(known, ", "))
}

func (h *Holidays) addDates(item string) error {
	first, last, ranged := strings.Cut(item, "..")
	from, err := time.Parse(time.DateOnly, strings.TrimSpace(first))
	until := from
	if err == nil && ranged {
		until, err = time.Parse(time.DateOnly, strings.TrimSpace(last))
	}
	switch {
	case err != nil:
		return fmt.Errorf("workhours: holidays %q: want a date like 2026-12-24 or a range like 2026-12-24..2026-12-31", item)
	case until.Before(from):
		return fmt.Errorf("workhours: holidays %q end before they start", item)
	case until.Sub(from) > longestRange*24*time.Hour:
		return fmt.Errorf("workhours: holidays %q are longer than a year", item)
	}
	for d := dateOf(from); !dateOf(until).before(d); d = d.next() {
		h.dates[d] = true
	}
	return nil
}

// on is the set of days off in a year. A holiday takes its own day and the day
// it is made up for.
func (h Holidays) on(year int) map[date]bool {
	off := make(map[date]bool)
	for d := range h.dates {
		if d.year == year {
			off[d] = true
		}
	}
	for _, rule := range h.rules {
		// New Year's Day may be made up for in the year before or after.
		for y := year - 1; y <= year+1; y++ {
			actual, observed := rule.Calc(y)
			for _, t := range [...]time.Time{actual, observed} {
				if d := dateOf(t); !t.IsZero() && d.year == year {
					off[d] = true
				}
			}
		}
	}
	return off
}
