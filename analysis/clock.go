package analysis

import (
	"cmp"
	"fmt"
	"math"
	"sync"
	"time"

	"defacto/analysis/workhours"
	"defacto/backlog"
)

// Clock tells how much working time passed for a person, in one scope and period.
type Clock struct {
	Wall    bool                // count every hour
	Default *workhours.Calendar // of whoever has none of their own

	clocks *clocks
	team   zoned                      // where most of the team is
	asked  map[backlog.PersonID]zoned // whose profile tells no zone
	known  map[backlog.PersonID]*workhours.Calendar
}

// ZoneOrigin says where somebody's time zone comes from.
type ZoneOrigin string

// The origins, the surest first.
const (
	ZoneOfProfile  ZoneOrigin = "profile"  // the tracker's or the configuration's
	ZoneOfActivity ZoneOrigin = "activity" // guessed from the hours somebody acts at
	ZoneOfTeam     ZoneOrigin = "team"     // most colleagues' profiles
	ZoneOfCalendar ZoneOrigin = "calendar" // the configured calendar's
)

// zoned is a zone and where it comes from.
type zoned struct {
	zone *time.Location
	from ZoneOrigin
}

// Hours returns the hours between two instants (unix ms) on the person's calendar.
func (c *Clock) Hours(p backlog.PersonID, from, to int64) float64 {
	if to <= from {
		return 0
	}
	if c.Wall {
		return float64(to-from) / float64(hour)
	}
	return c.of(p).Hours(time.UnixMilli(from).UTC(), time.UnixMilli(to).UTC())
}

// after is the instant by which a person has worked so many hours since another.
func (c *Clock) after(p backlog.PersonID, from int64, hours float64) int64 {
	if c.Wall {
		return from + int64(hours*float64(hour))
	}
	return c.of(p).AddHours(time.UnixMilli(from).UTC(), hours).UnixMilli()
}

// of is the calendar a person's hours are counted on.
func (c *Clock) of(p backlog.PersonID) *workhours.Calendar {
	if cal := c.known[p]; cal != nil {
		return cal
	}
	z := c.team
	if own, ok := c.asked[p]; ok {
		z = own
	}
	cal, err := c.clocks.calendar(p, z.zone)
	if err != nil { // the week and the absences were checked when the audit began
		return c.Default
	}
	if c.known == nil {
		c.known = map[backlog.PersonID]*workhours.Calendar{}
	}
	c.known[p] = cal
	return cal
}

// dayHours is how long a person's working day is.
func (c *Clock) dayHours(p backlog.PersonID) float64 {
	if c.Wall {
		return 24
	}
	return c.of(p).DayHours()
}

// zone says in which zone a person's hours are counted, and how that is known;
// nothing where every hour counts.
func (c *Clock) zone(p backlog.PersonID) (name string, from ZoneOrigin) {
	if c.Wall {
		return "", ""
	}
	z, ok := c.clocks.profiles[p]
	if !ok {
		if z, ok = c.asked[p]; !ok {
			z = c.team
		}
	}
	return z.zone.String(), z.from
}

// clocks makes an audit's calendars. It is safe for concurrent use: people with one
// zone and no absences share a calendar, as filling one is dear.
type clocks struct {
	c        Calendar
	profiles map[backlog.PersonID]zoned
	told     []bool // by person: the profile tells a zone; machines and customers aside

	mu    sync.Mutex
	zones map[string]*workhours.Calendar
	away  map[away]*workhours.Calendar
}

// away is somebody with absences, in a zone.
type away struct {
	person backlog.PersonID
	zone   string
}

// newClocks reads who is where from the profiles, and fails on a week without work
// or an absence that ends before it starts.
func newClocks(site *backlog.Site, c Calendar) (*clocks, error) {
	c.Zone = cmp.Or(c.Zone, time.UTC)
	if c.Week == (workhours.Week{}) {
		c.Week = workhours.Standard()
	}
	k := &clocks{c: c, profiles: map[backlog.PersonID]zoned{}, told: make([]bool, len(site.People)), zones: map[string]*workhours.Calendar{}, away: map[away]*workhours.Calendar{}}
	if _, err := k.calendar(backlog.Nobody, c.Zone); err != nil {
		return nil, err
	}
	known := map[string]*time.Location{}
	for i := range site.People {
		p, name := backlog.PersonID(i), site.People[i].Zone
		if len(c.Absences[p]) > 0 {
			if _, err := k.calendar(p, c.Zone); err != nil {
				return nil, fmt.Errorf("%s: %w", site.People[i].Name, err)
			}
		}
		if name == "" {
			continue
		}
		zone, seen := known[name]
		if !seen {
			if l, err := time.LoadLocation(name); err == nil {
				zone = l
			}
			known[name] = zone
		}
		if zone != nil {
			k.profiles[p] = zoned{zone, ZoneOfProfile}
			k.told[p] = site.People[i].Kind != backlog.AppAccount && site.People[i].Kind != backlog.CustomerAccount
		}
	}
	return k, nil
}

// calendar is a person's calendar in a zone.
func (k *clocks) calendar(p backlog.PersonID, zone *time.Location) (*workhours.Calendar, error) {
	if z, ok := k.profiles[p]; ok {
		zone = z.zone
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if off := k.c.Absences[p]; len(off) > 0 {
		key := away{p, zone.String()}
		if k.away[key] == nil {
			own, err := workhours.New(zone, k.c.Week, k.c.Holidays, off...)
			if err != nil {
				return nil, err
			}
			k.away[key] = own
		}
		return k.away[key], nil
	}
	if k.zones[zone.String()] == nil {
		shared, err := workhours.New(zone, k.c.Week, k.c.Holidays)
		if err != nil {
			return nil, err
		}
		k.zones[zone.String()] = shared
	}
	return k.zones[zone.String()], nil
}

// plain is a clock that knows nothing of a team yet.
func (k *clocks) plain() *Clock { return k.clock(zoned{k.c.Zone, ZoneOfCalendar}) }

func (k *clocks) clock(team zoned) *Clock {
	c := &Clock{Wall: k.c.Wall, clocks: k, team: team, asked: map[backlog.PersonID]zoned{}}
	c.Default = c.of(backlog.Nobody)
	return c
}

// setClock settles on whose hours the period's waits are counted. Who was asked and
// tells no zone works where the team does, unless their own activity clearly
// says otherwise; without a team's zone their activity has the first word. (4)
func (in *Input) setClock(asked *Asked) {
	if in.clock.Wall {
		return
	}
	k := in.clock.clocks
	in.clock = k.clock(in.teamZone())
	var hidden []backlog.PersonID
	for i := range asked.timed {
		p := asked.timed[i].target
		if _, told := k.profiles[p]; told || p == backlog.Nobody {
			continue
		}
		if _, seen := in.clock.asked[p]; !seen {
			in.clock.asked[p] = in.clock.team
			hidden = append(hidden, p)
		}
	}
	if len(hidden) == 0 {
		return
	}
	acts := in.hoursOf(hidden)
	for _, p := range hidden {
		n := 0
		for _, at := range acts[p] {
			n += at
		}
		guess := workhours.GuessZone(*acts[p])
		if float64(n) < in.Method.ZoneActs || guess.Confidence < in.Method.ZoneConfidence {
			continue
		}
		told := in.clock.team.from == ZoneOfTeam || in.clock.team.zone != time.UTC
		if _, offset := time.UnixMilli(in.to).In(in.clock.team.zone).Zone(); told && apart(guess.Offset, time.Duration(offset)*time.Second) < in.Method.ZoneApart {
			continue // the team's zone knows its summer time, a guess does not
		}
		in.clock.asked[p] = zoned{guess.Location(), ZoneOfActivity}
	}
}

// apart is how many hours lie between two offsets, the short way round.
func apart(a, b time.Duration) float64 {
	d := (a - b).Abs()
	return min(d, 24*time.Hour-d).Hours()
}

// teamZone is the zone of most people whose profile tells one, among those who left a trace
// in the period or the quarter before; the calendar's where fewer than two tell the same.
func (in *Input) teamZone() zoned {
	k := in.clock.clocks
	if in.book.present == nil {
		in.book.present = presenceOf(in.book.snap, k.told)
	}
	n := map[string]int{}
	best := zoned{k.c.Zone, ZoneOfCalendar}
	most := 1
	for _, p := range in.book.present.during(in.from-lookback, in.to) {
		z := k.profiles[p]
		name := z.zone.String()
		n[name]++
		if n[name] > most || n[name] == most && most > 1 && name < best.zone.String() {
			best, most = zoned{z.zone, ZoneOfTeam}, n[name]
		}
	}
	return best
}

// presence is on which days some people left a trace in a book.
type presence struct {
	people []backlog.PersonID
	first  int64    // day since 1970
	words  int      // of a person's days
	days   []uint64 // a bit a day, a row a person
}

// longestPresence bounds what times far off cost: later days count as the last one.
const longestPresence = 1 << 16

// presenceOf notes the days of those who count.
func presenceOf(snap *backlog.Snapshot, who []bool) *presence {
	pr := &presence{}
	row := nowhere(len(snap.Site.People))
	first, last := int64(math.MaxInt64), int64(math.MinInt64)
	see := func(p backlog.PersonID, at int64) {
		if row[p] < 0 {
			row[p] = int32(len(pr.people))
			pr.people = append(pr.people, p)
		}
		first, last = min(first, at), max(last, at)
	}
	for i := range snap.Changes {
		if e := &snap.Changes[i]; who[e.Actor] {
			see(e.Actor, e.At)
		}
	}
	for i := range snap.Comments {
		if m := &snap.Comments[i]; who[m.Author] {
			see(m.Author, m.At)
		}
	}
	if len(pr.people) == 0 {
		return pr
	}
	pr.first = dayNumber(first)
	pr.words = int(min(dayNumber(last)-pr.first, longestPresence))/64 + 1
	pr.days = make([]uint64, len(pr.people)*pr.words)
	mark := func(r int32, at int64) {
		d := pr.place(dayNumber(at))
		pr.days[int(r)*pr.words+d/64] |= 1 << (d % 64)
	}
	for i := range snap.Changes {
		if e := &snap.Changes[i]; who[e.Actor] {
			mark(row[e.Actor], e.At)
		}
	}
	for i := range snap.Comments {
		if m := &snap.Comments[i]; who[m.Author] {
			mark(row[m.Author], m.At)
		}
	}
	return pr
}

// dayNumber is the day an instant lies on in UTC, since 1970.
func dayNumber(at int64) int64 {
	d := at / day
	if at%day < 0 {
		d--
	}
	return d
}

// place is where a day stands in a row.
func (pr *presence) place(d int64) int {
	return int(min(max(d-pr.first, 0), int64(pr.words)*64-1))
}

// during lists who left a trace on a day that begins in [from, to).
func (pr *presence) during(from, to int64) []backlog.PersonID {
	var list []backlog.PersonID
	if pr.words == 0 {
		return nil
	}
	lo, hi := dayNumber(from-1)+1, dayNumber(to-1) // the first day, and the last
	if hi < pr.first || lo >= pr.first+int64(pr.words)*64 {
		return nil
	}
	a, b := pr.place(lo), pr.place(hi)
	for i, p := range pr.people {
		row := pr.days[i*pr.words : (i+1)*pr.words]
		for w := a / 64; w <= b/64; w++ {
			bits := row[w]
			if w == a/64 {
				bits &= ^uint64(0) << (a % 64)
			}
			if w == b/64 {
				bits &= ^uint64(0) >> (63 - b%64)
			}
			if bits != 0 {
				list = append(list, p)
				break
			}
		}
	}
	return list
}

// hoursOf counts people's acts by the hour of the day in UTC, on working days, in the
// period and the quarter before it. Of what they did in one hour one act counts.
func (in *Input) hoursOf(people []backlog.PersonID) map[backlog.PersonID]*[24]int {
	acts := map[backlog.PersonID]*[24]int{}
	for _, p := range people {
		acts[p] = new([24]int)
	}
	type moment struct {
		person backlog.PersonID
		hour   int64
	}
	seen := map[moment]bool{}
	note := func(p backlog.PersonID, at int64) {
		own := acts[p]
		m := moment{p, at / hour}
		if own == nil || at < in.from-lookback || at >= in.to || seen[m] {
			return
		}
		seen[m] = true
		if t := time.UnixMilli(at).UTC(); t.Weekday() != time.Saturday && t.Weekday() != time.Sunday {
			own[t.Hour()]++
		}
	}
	for _, i := range in.near {
		it := &in.book.snap.Items[i]
		note(creatorOf(it), it.Created)
		for c := it.ChangeLo; c < it.ChangeHi; c++ {
			e := &in.book.snap.Changes[c]
			if acts[e.Actor] == nil || e.Machine {
				continue
			}
			if _, why := in.noise.weigh(c); why == counts {
				note(e.Actor, e.At)
			}
		}
		for _, m := range in.book.snap.CommentsOf(it) {
			if !m.Machine {
				note(m.Author, m.At)
			}
		}
	}
	return acts
}
