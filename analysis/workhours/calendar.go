// Package workhours counts working hours: a person's weekdays and hours in a
// time zone, less holidays and absences. Zones come from the time package, which
// needs a zone database; a program without one imports time/tzdata. (Method, 4)
package workhours

import (
	"errors"
	"sort"
	"sync"
	"sync/atomic"
	"time"
)

// Absence is a stretch of whole days off, both ends included. Only the dates
// of From and Until are read.
type Absence struct{ From, Until time.Time }

// Calendar knows when somebody works. It is safe for concurrent use, and cheap
// to ask and dear to fill: people with one zone, week and holidays and without
// absences should share one.
type Calendar struct {
	zone     *time.Location
	week     Week
	holidays Holidays
	absences []Absence

	filled atomic.Pointer[table]
	fill   sync.Mutex
}

// The years a calendar covers. Nobody works outside them.
const (
	firstYear = 1970
	lastYear  = 2099
)

// New makes a calendar. The error says that the week has no working hours or
// that an absence ends before it starts.
func New(zone *time.Location, week Week, holidays Holidays, absences ...Absence) (*Calendar, error) {
	if zone == nil {
		return nil, errors.New("workhours: no time zone")
	}
	if week.hours() == 0 {
		return nil, errors.New("workhours: a week without working hours")
	}
	for _, a := range absences {
		if dateOf(a.Until).before(dateOf(a.From)) {
			return nil, errors.New("workhours: absence until " + dateOf(a.Until).String() + " ends before it starts on " + dateOf(a.From).String())
		}
	}
	return &Calendar{zone: zone, week: week, holidays: holidays, absences: absences}, nil
}

// Zone is the time zone the hours are in.
func (c *Calendar) Zone() *time.Location { return c.zone }

// Hours is the number of working hours from one instant to another, to the
// second: 0 when to is not after from.
func (c *Calendar) Hours(from, to time.Time) float64 {
	start, end := clamp(from.Unix()), clamp(to.Unix())
	if end <= start {
		return 0
	}
	t := c.covering(start, end)
	return float64(t.worked(end)-t.worked(start)) / 3600
}

// Open reports whether t falls in working hours; the closing instant does not.
func (c *Calendar) Open(t time.Time) bool {
	at := t.Unix()
	if at != clamp(at) {
		return false
	}
	covered := c.covering(at, at+1)
	return covered.worked(at+1) > covered.worked(at)
}

// AddHours is the earliest instant, not before from, by which so many working
// hours have passed since from; from itself for none, and the zero time when
// there are not so many before the end of 2099.
func (c *Calendar) AddHours(from time.Time, hours float64) time.Time {
	if !(hours > 0) {
		return from
	}
	start := clamp(from.Unix())
	if hours > 24*366*(lastYear-firstYear+1) {
		return time.Time{}
	}
	seconds := int64(hours*3600 + .5)
	for span := int64(hours/c.DayHours()*2+30) * 86400; ; span *= 2 {
		end := clamp(start + span)
		t := c.covering(start, end)
		target := t.worked(start) + seconds
		if t.worked(end) >= target {
			return time.Unix(t.reaches(target), 0).UTC()
		}
		if end == clamp(end+1) {
			return time.Time{}
		}
	}
}

// AddDays is AddHours for working days of the usual length: "after 10 working days".
func (c *Calendar) AddDays(from time.Time, days float64) time.Time {
	return c.AddHours(from, days*c.DayHours())
}

// DayHours is the mean length of the week's working days; Hours divided by it are
// working days.
func (c *Calendar) DayHours() float64 {
	days := 0
	for _, h := range c.week {
		if h.length() > 0 {
			days++
		}
	}
	return c.week.hours() / float64(days)
}

func (c *Calendar) absent(d date) bool {
	for _, a := range c.absences {
		if !d.before(dateOf(a.From)) && !dateOf(a.Until).before(d) {
			return true
		}
	}
	return false
}

// clamp keeps an instant inside the years covered.
func clamp(at int64) int64 {
	const first, last = 0, 4102444800 // 1970 and 2100
	return min(max(at, first), last)
}

// covering returns a table that holds both instants, filling years as needed.
func (c *Calendar) covering(from, to int64) *table {
	if t := c.filled.Load(); t != nil && t.from <= from && to <= t.to {
		return t
	}
	c.fill.Lock()
	defer c.fill.Unlock()
	// A day of margin: the zone's year may be ahead of or behind UTC's.
	first := time.Unix(from-86400, 0).UTC().Year()
	last := time.Unix(to+86400, 0).UTC().Year()
	if t := c.filled.Load(); t != nil {
		if t.from <= from && to <= t.to {
			return t
		}
		first, last = min(first, t.first), max(last, t.last)
	}
	t := c.build(first, last)
	c.filled.Store(t)
	return t
}

// table is the prefix table of working seconds per day, for whole years. Times
// are seconds since base, so that a day takes eight bytes.
type table struct {
	first, last int
	from, to    int64    // instants it answers for
	base        int64    // start of the first day
	opens       []uint32 // when the day's work begins; the start of a day off
	sums        []uint32 // working seconds before the day; one more than opens
}

func (c *Calendar) build(first, last int) *table {
	t := &table{first: first, last: last}
	start := c.dayStart(date{first, time.January, 1})
	t.base, t.from = start, start
	days := (last - first + 1) * 366
	t.opens = make([]uint32, 0, days)
	t.sums = append(make([]uint32, 0, days+1), 0)
	sum := uint32(0)
	for year := first; year <= last; year++ {
		off := c.holidays.on(year)
		for d := (date{year, time.January, 1}); d.year == year; d = d.next() {
			end := c.dayStart(d.next())
			open, long := start, int64(0)
			if h := c.week[d.weekday()]; h.length() > 0 && !off[d] && !c.absent(d) {
				open = min(max(start, c.at(d, h.Open)), end)
				long = max(0, min(end, c.at(d, h.Close))-open)
			}
			sum += uint32(long)
			t.opens = append(t.opens, uint32(open-t.base))
			t.sums = append(t.sums, sum)
			start = end
		}
	}
	t.to = start
	return t
}

// dayStart is the first instant of a day in the zone; of a day the zone skipped,
// that of the next.
func (c *Calendar) dayStart(d date) int64 {
	t := time.Date(d.year, d.month, d.day, 0, 0, 0, 0, c.zone)
	if dateOf(t).before(d) { // midnight was skipped: the day starts where the clocks went
		_, end := t.ZoneBounds()
		return end.Unix()
	}
	return t.Unix()
}

// at is the instant of a minute of the day.
func (c *Calendar) at(d date, minute int) int64 {
	return time.Date(d.year, d.month, d.day, 0, minute, 0, 0, c.zone).Unix()
}

// worked is the number of working seconds from base to an instant the table holds.
func (t *table) worked(at int64) int64 {
	if len(t.opens) == 0 {
		return 0
	}
	since := at - t.base
	// Days are 24 hours long but for a few; the guess is off by one at most.
	i := int(min(max(since/86400, 0), int64(len(t.opens)-1)))
	for i+1 < len(t.opens) && since >= int64(t.opens[i+1]) {
		i++
	}
	for i > 0 && since < int64(t.opens[i]) {
		i--
	}
	long := int64(t.sums[i+1] - t.sums[i])
	return int64(t.sums[i]) + min(max(0, since-int64(t.opens[i])), long)
}

// reaches is the first instant at which so many seconds, more than none, have
// been worked; the table must hold it.
func (t *table) reaches(seconds int64) int64 {
	i := sort.Search(len(t.opens), func(i int) bool { return int64(t.sums[i+1]) >= seconds })
	return t.base + int64(t.opens[i]) + seconds - int64(t.sums[i])
}
