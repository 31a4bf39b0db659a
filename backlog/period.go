package backlog

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Period is a stretch of whole days, from midnight UTC to midnight UTC.
type Period struct {
	Name string    // "2026-Q3", "2026-07", "2026-H2", "2026" or "2026-07-01..2026-09-30"
	From time.Time // the first instant
	To   time.Time // the first instant after it
}

// Contains reports whether t falls in the period.
func (p Period) Contains(t time.Time) bool { return !t.Before(p.From) && t.Before(p.To) }

// Weeks is the length of the period in weeks.
func (p Period) Weeks() float64 { return p.To.Sub(p.From).Hours() / (24 * 7) }

// Previous is the period of equal length before it: the quarter before a
// quarter, the month before a month, else as many days.
func (p Period) Previous() Period {
	for _, u := range []unit{month, quarter, half, year} {
		if same := u.containing(p.From); same.From.Equal(p.From) && same.To.Equal(p.To) {
			return u.containing(p.From.AddDate(0, 0, -1))
		}
	}
	return daysPeriod(p.From.Add(-p.To.Sub(p.From)), p.From)
}

// daysPeriod is a period of no calendar unit.
func daysPeriod(from, to time.Time) Period {
	name := from.Format(time.DateOnly) + ".." + to.AddDate(0, 0, -1).Format(time.DateOnly)
	return Period{Name: name, From: from, To: to}
}

// unit is what a calendar divides a year into, in months; 0 is a day.
type unit int

const (
	day     unit = 0
	month   unit = 1
	quarter unit = 3
	half    unit = 6
	year    unit = 12
)

func (u unit) String() string {
	switch u {
	case month:
		return "month"
	case quarter:
		return "quarter"
	case half:
		return "half-year"
	case year:
		return "year"
	}
	return "day"
}

// containing is the unit's period that t falls in.
func (u unit) containing(t time.Time) Period {
	t = t.UTC()
	if u == day {
		from := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
		return Period{Name: from.Format(time.DateOnly), From: from, To: from.AddDate(0, 0, 1)}
	}
	nth := (int(t.Month()) - 1) / int(u)
	from := time.Date(t.Year(), time.Month(nth*int(u)+1), 1, 0, 0, 0, 0, time.UTC)
	name := from.Format("2006")
	switch u {
	case month:
		name = from.Format("2006-01")
	case quarter:
		name += "-Q" + strconv.Itoa(nth+1)
	case half:
		name += "-H" + strconv.Itoa(nth+1)
	}
	return Period{Name: name, From: from, To: from.AddDate(0, int(u), 0)}
}

// periodForms is what an error says is accepted.
const periodForms = "want 2026-Q3, 2026-07, 2026-H2, 2026, 2026-07-01..2026-09-30, last-quarter, this-quarter, last-month, all, or a range such as 2026-Q1..2026-Q4"

// mostPeriods bounds a range: a hundred years of months.
const mostPeriods = 1200

// errNothing is why a period that depends on what is stored cannot be told.
var errNothing = errors.New("nothing is stored yet")

// ParsePeriods reads what --period takes, oldest period first: a quarter, month,
// half-year or year (2026-Q3, 2026-07, 2026-H2, 2026), a range of two of one
// kind with one period for each between them (2026-Q1..2026-Q4), days as one
// period (2026-07-01..2026-09-30, both included), this- or last- month, quarter,
// half or year as of asOf, or all for every quarter from the first to the last
// instant stored. "" is the last quarter that had ended by asOf and is not after
// the data; where the data only starts in the running quarter, that one. Case
// does not matter. Errors name what was read and what is accepted, or say that
// nothing is stored (first, last or asOf is zero and needed).
func ParsePeriods(text string, first, last, asOf time.Time) ([]Period, error) {
	word := periodWord(text)
	switch word {
	case "", "all":
		if first.IsZero() || last.IsZero() || asOf.IsZero() {
			return nil, fmt.Errorf("period %q: %w", text, errNothing)
		}
		if last.After(asOf) {
			last = asOf
		}
		if first.After(last) {
			return nil, fmt.Errorf("period %q: nothing is stored from before %s", text, asOf.UTC().Format(time.DateOnly))
		}
		if word == "all" {
			return periodsBetween(text, quarter, quarter.containing(first), quarter.containing(last))
		}
		return []Period{lastQuarterWithData(first, last, asOf)}, nil
	}
	ends, err := parsePeriodEnds(text)
	if err != nil {
		return nil, err
	}
	for _, e := range ends {
		if e.relative && asOf.IsZero() {
			return nil, fmt.Errorf("period %q: %w", text, errNothing)
		}
	}
	if len(ends) == 1 {
		return []Period{ends[0].resolve(asOf)}, nil
	}
	from, to := ends[0].resolve(asOf), ends[1].resolve(asOf)
	if to.From.Before(from.From) {
		return nil, fmt.Errorf("period %q ends before it starts", text)
	}
	if ends[0].unit == day {
		return []Period{daysPeriod(from.From, to.To)}, nil
	}
	return periodsBetween(text, ends[0].unit, from, to)
}

// CheckPeriods says what is wrong with a text that ParsePeriods would refuse
// whatever is stored, and nil for one it may take.
func CheckPeriods(text string) error {
	if word := periodWord(text); word == "" || word == "all" {
		return nil
	}
	_, err := parsePeriodEnds(text)
	return err
}

func periodWord(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

func lastQuarterWithData(first, last, asOf time.Time) Period {
	p := quarter.containing(last)
	if p.To.After(asOf) { // still running
		if before := p.Previous(); before.To.After(first) {
			return before
		}
	}
	return p
}

// periodsBetween lists the periods of a unit from one to another, both included.
func periodsBetween(text string, u unit, from, to Period) ([]Period, error) {
	months := 12*(to.From.Year()-from.From.Year()) + int(to.From.Month()-from.From.Month())
	n := months/int(u) + 1
	if n > mostPeriods {
		return nil, fmt.Errorf("period %q: %d periods are more than %d", text, n, mostPeriods)
	}
	list := make([]Period, 0, n)
	for p := from; !p.From.After(to.From); p = u.containing(p.To) {
		list = append(list, p)
	}
	return list, nil
}

// periodEnd is one end of a range, or all there is.
type periodEnd struct {
	unit     unit
	start    time.Time // in the period, unless
	relative bool      // it is the one asOf is in,
	last     bool      // or the one before
}

func (e periodEnd) resolve(asOf time.Time) Period {
	if !e.relative {
		return e.unit.containing(e.start)
	}
	p := e.unit.containing(asOf)
	if e.last {
		return p.Previous()
	}
	return p
}

// parsePeriodEnds reads one period or the two ends of a range.
func parsePeriodEnds(text string) ([]periodEnd, error) {
	first, second, ranged := strings.Cut(periodWord(text), "..")
	from, ok := parsePeriodEnd(strings.TrimSpace(first))
	if !ok || !ranged && from.unit == day {
		return nil, fmt.Errorf("period %q: %s", shorten(text), periodForms)
	}
	if !ranged {
		return []periodEnd{from}, nil
	}
	to, ok := parsePeriodEnd(strings.TrimSpace(second))
	switch {
	case !ok:
		return nil, fmt.Errorf("period %q: %s", shorten(text), periodForms)
	case from.unit != to.unit:
		return nil, fmt.Errorf("period %q mixes a %s and a %s: both ends must be of one kind", text, from.unit, to.unit)
	case !from.relative && !to.relative && to.start.Before(from.start):
		return nil, fmt.Errorf("period %q ends before it starts", text)
	}
	return []periodEnd{from, to}, nil
}

// shorten keeps a text that is no period from filling the screen.
func shorten(text string) string {
	const most = 60
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}

// inYears keeps out years no tracker has, and those JSON cannot spell.
func inYears(t time.Time) bool { return t.Year() >= 1900 && t.Year() < 3000 }

// parsePeriodEnd reads 2026-q3, 2026-07, 2026-h2, 2026, 2026-07-01 or last-quarter.
func parsePeriodEnd(text string) (periodEnd, bool) {
	if which, name, found := strings.Cut(text, "-"); found && (which == "last" || which == "this") {
		u, known := map[string]unit{"month": month, "quarter": quarter, "half": half, "year": year}[name]
		return periodEnd{unit: u, relative: true, last: which == "last"}, known
	}
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return periodEnd{unit: day, start: t}, inYears(t)
	}
	if t, err := time.Parse("2006-01", text); err == nil {
		return periodEnd{unit: month, start: t}, inYears(t)
	}
	name, part, parted := strings.Cut(text, "-")
	t, err := time.Parse("2006", name)
	if err != nil || !inYears(t) {
		return periodEnd{}, false
	}
	if !parted {
		return periodEnd{unit: year, start: t}, true
	}
	u, most := quarter, 4
	if strings.HasPrefix(part, "h") {
		u, most = half, 2
	}
	if len(part) != 2 || part[0] != 'q' && part[0] != 'h' {
		return periodEnd{}, false
	}
	nth := int(part[1] - '0')
	if part[1] < '1' || nth > most {
		return periodEnd{}, false
	}
	return periodEnd{unit: u, start: t.AddDate(0, (nth-1)*int(u), 0)}, true
}
