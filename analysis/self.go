package analysis

import (
	"cmp"
	"context"
	"slices"
	"time"

	"defacto/backlog"
)

// Self is one person's own page: where their recorded attention went, and what
// would give it back.
type Self struct {
	Person  Person       `json:"person"`
	AsOf    time.Time    `json:"as_of"`
	Limits  []string     `json:"limits"`
	Periods []SelfPeriod `json:"periods"` // oldest first, all scopes together
	People  []Person     `json:"people"`
}

// SelfPeriod is one period of a person's page.
type SelfPeriod struct {
	Period  string      `json:"period"`
	From    Date        `json:"from"`
	To      Date        `json:"to"`
	Roadmap int         `json:"roadmap"` // distinct (item, week) touches above story level, market included
	Story   int         `json:"story"`
	Market  int         `json:"market"` // market acts
	Index   *float64    `json:"index"`  // nil below the minimum of touches
	Low     *float64    `json:"low"`
	High    *float64    `json:"high"`
	Change  *float64    `json:"change"` // of the index since the period before
	Weeks   []SelfWeek  `json:"weeks"`
	Scopes  []SelfScope `json:"scopes"`
	Duties  []SelfCount `json:"duties"`  // what kind of story work it was
	Callers []SelfCount `json:"callers"` // whose stories and questions it was
	Quiet   []SelfQuiet `json:"quiet"`
	Give    []SelfGive  `json:"give"`
	Touched []Evidence  `json:"touched"` // the latest acts, for and against
}

// SelfWeek is a week's touches; Start is its Monday.
type SelfWeek struct {
	Start   Date `json:"start"`
	Roadmap int  `json:"roadmap"`
	Story   int  `json:"story"`
}

// SelfScope is where the touches were.
type SelfScope struct {
	Scope   string `json:"scope"`
	Roadmap int    `json:"roadmap"`
	Story   int    `json:"story"`
}

// SelfCount is a number of touches by duty or by person.
type SelfCount struct {
	Name    string `json:"name,omitempty"`
	Person  string `json:"person,omitempty"`
	Touches int    `json:"touches"`
}

// SelfQuiet is an open roadmap item the person once worked on and left alone.
type SelfQuiet struct {
	Issue string    `json:"issue"`
	URL   string    `json:"url,omitempty"`
	Last  time.Time `json:"last"`  // the person's last touch
	Weeks int       `json:"weeks"` // since then, at the period's end
}

// SelfGive is a bundle of story work that somebody else already shares.
type SelfGive struct {
	Scope   string   `json:"scope"`
	Epic    string   `json:"epic,omitempty"` // "" for stories on no epic
	URL     string   `json:"url,omitempty"`
	Touches int      `json:"touches"` // the person's own
	Person  string   `json:"person"`  // who already acts there
	Theirs  int      `json:"theirs"`
	Stories []string `json:"stories"`
}

// quietWeeks is how long a roadmap item lies untouched before it is called quiet.
const quietWeeks = 6

// Mirror audits the options' targets and periods and shows one person where
// their own attention went.
func Mirror(ctx context.Context, site *backlog.Site, load Load, o Options, person backlog.PersonID) (*Self, error) {
	m := &mirror{person: person, used: make([]bool, len(site.People)), periods: map[string]*selfData{}}
	o.Workers = 1
	o.visit = m.visit
	if _, err := Audit(ctx, site, load, o); err != nil {
		return nil, err
	}
	p := site.People[person]
	s := &Self{Person: Person{ID: p.ID, Name: cmp.Or(p.Name, p.ID), Kind: p.Kind.String(), Accounts: p.Accounts}, AsOf: o.AsOf.UTC(), Limits: limits(), Periods: []SelfPeriod{}, People: []Person{}}
	var before *float64
	for _, q := range o.Periods {
		d := m.periods[q.Name]
		if d == nil {
			d = &selfData{period: q}
		}
		x := d.page(&o.Method)
		if x.Index != nil && before != nil {
			c := *x.Index - *before
			x.Change = &c
		}
		before = x.Index
		s.Periods = append(s.Periods, x)
	}
	for i, u := range m.used {
		if u && i > 0 {
			q := site.People[i]
			s.People = append(s.People, Person{ID: q.ID, Name: cmp.Or(q.Name, q.ID), Kind: q.Kind.String()})
		}
	}
	slices.SortFunc(s.People, func(a, b Person) int { return cmp.Compare(a.ID, b.ID) })
	return s, nil
}

type mirror struct {
	person  backlog.PersonID
	used    []bool
	periods map[string]*selfData
}

// selfData gathers one period over all scopes. Touches are keyed so that a
// roadmap item seen from several scopes counts once.
type selfData struct {
	period  backlog.Period
	high    map[touchKey]bool
	low     map[touchKey]bool
	market  map[string]bool
	scopes  []SelfScope
	duties  map[string]int
	callers map[string]int
	quiet   map[string]SelfQuiet
	give    []SelfGive
	touched []Evidence
}

type touchKey struct {
	item int64
	week int32
}

func (m *mirror) visit(in *Input) {
	d := m.periods[in.Period.Name]
	if d == nil {
		d = &selfData{period: in.Period, high: map[touchKey]bool{}, low: map[touchKey]bool{}, market: map[string]bool{}, duties: map[string]int{}, callers: map[string]int{}, quiet: map[string]SelfQuiet{}}
		m.periods[in.Period.Name] = d
	}
	scope := SelfScope{Scope: in.Scope.Name + in.Part.suffix()}
	for _, t := range in.tallies() {
		m.duty(in, d, t, &scope)
	}
	if scope.Roadmap+scope.Story > 0 {
		d.scopes = append(d.scopes, scope)
	}
	m.quiet(in, d)
	m.give(in, d)
	for i, u := range in.used {
		m.used[i] = m.used[i] || u
	}
}

// duty adds the person's acts in one duty of one scope.
func (m *mirror) duty(in *Input, d *selfData, t *Tally, scope *SelfScope) {
	for i := range t.acts {
		a := &t.acts[i]
		if a.person != m.person || a.why != counts || a.weight <= 0 || a.at < in.from || a.at >= in.to {
			continue
		}
		b := in.bookOf(a.on)
		it := &b.snap.Items[a.item]
		key := touchKey{it.No, week(a.at)}
		if t.Duty == backlog.Market {
			d.market[it.Key+in.cite(a).Event] = true
		}
		if t.Duty == backlog.Roadmap || t.Duty == backlog.Market {
			if !d.high[key] {
				d.high[key] = true
				scope.Roadmap++
			}
		} else {
			if !d.low[key] {
				d.low[key] = true
				scope.Story++
				d.duties[t.Duty.String()]++
				if c := m.caller(in, a); c != backlog.Nobody {
					d.callers[in.id(c)]++
				}
			}
		}
		d.touched = append(d.touched, in.cite(a))
	}
}

// caller is whose story or question an act was about.
func (m *mirror) caller(in *Input, a *act) backlog.PersonID {
	it, t := &in.book.snap.Items[a.item], &in.book.trails[a.item]
	who := t.implementer
	if a.duty == backlog.Prioritise || a.duty == backlog.Write {
		who = it.Reporter
	}
	if who == m.person {
		return backlog.Nobody
	}
	return who
}

// quiet finds the open roadmap items the person touched once and not of late.
func (m *mirror) quiet(in *Input, d *selfData) {
	for _, i := range in.members {
		it := &in.road.snap.Items[i]
		if it.Created >= in.to || !in.Site.Statuses[it.Status].Category.Open() {
			continue
		}
		var last int64
		if creatorOf(it) == m.person {
			last = it.Created
		}
		for _, c := range in.road.snap.ChangesOf(it) {
			if c.Actor == m.person && c.At < in.to {
				last = max(last, c.At)
			}
		}
		for _, c := range in.road.snap.CommentsOf(it) {
			if c.Author == m.person && c.At < in.to {
				last = max(last, c.At)
			}
		}
		if weeks := int((in.to - last) / (7 * day)); last > 0 && weeks >= quietWeeks {
			d.quiet[it.Key] = SelfQuiet{Issue: it.Key, URL: in.url(it), Last: time.UnixMilli(last).UTC(), Weeks: weeks}
		}
	}
}

// give finds, epic by epic, the story work that somebody outside development
// already shares with the person.
func (m *mirror) give(in *Input, d *selfData) {
	type bundle struct {
		mine    map[touchKey]bool
		stories []string
		theirs  map[backlog.PersonID]int
	}
	by := map[int64]*bundle{}
	var epics []int64
	for duty, t := range in.tallies() {
		if backlog.Duty(duty) == backlog.Roadmap || backlog.Duty(duty) == backlog.Market {
			continue
		}
		for i := range t.acts {
			a := &t.acts[i]
			if a.why != counts || a.weight <= 0 || a.at < in.from || a.at >= in.to {
				continue
			}
			it := &in.book.snap.Items[a.item]
			g := by[it.Epic]
			if g == nil {
				g = &bundle{mine: map[touchKey]bool{}, theirs: map[backlog.PersonID]int{}}
				by[it.Epic] = g
				epics = append(epics, it.Epic)
			}
			if a.person != m.person {
				if !in.people.Developer(a.person) {
					g.theirs[a.person]++
				}
				continue
			}
			g.mine[touchKey{it.No, week(a.at)}] = true
			if !slices.Contains(g.stories, it.Key) {
				g.stories = append(g.stories, it.Key)
			}
		}
	}
	for _, no := range epics {
		g := by[no]
		best, most := backlog.Nobody, 0
		for p, n := range g.theirs {
			if n > most || n == most && in.Site.People[p].ID < in.Site.People[best].ID {
				best, most = p, n
			}
		}
		if best == backlog.Nobody || len(g.mine) == 0 || most < 3 {
			continue
		}
		slices.Sort(g.stories)
		give := SelfGive{Scope: in.Scope.Name, Touches: len(g.mine), Person: in.id(best), Theirs: most, Stories: g.stories[:min(len(g.stories), citedFor)]}
		if i, ok := in.road.places[no]; ok {
			give.Epic, give.URL = in.road.snap.Items[i].Key, in.url(&in.road.snap.Items[i])
		}
		d.give = append(d.give, give)
	}
}

// page turns what was gathered into the page of a period.
func (d *selfData) page(method *Method) SelfPeriod {
	p := SelfPeriod{
		Period: d.period.Name, From: Date{d.period.From}, To: Date{d.period.To}, Roadmap: len(d.high), Story: len(d.low), Market: len(d.market),
		Weeks: []SelfWeek{}, Scopes: append([]SelfScope{}, d.scopes...), Duties: ranked(d.duties, false), Callers: ranked(d.callers, true),
		Quiet: []SelfQuiet{}, Give: append([]SelfGive{}, d.give...), Touched: []Evidence{},
	}
	a := attention{roadmap: p.Roadmap, story: p.Story}
	if float64(a.touches()) >= method.MinTouches {
		v, iv := a.index()
		p.Index, p.Low, p.High = &v, &iv.Low, &iv.High
	}
	first, last := week(d.period.From.UnixMilli()), week(d.period.To.UnixMilli()-1)
	for w := first; w <= last; w++ {
		p.Weeks = append(p.Weeks, SelfWeek{Start: Date{time.UnixMilli(int64(w)*7*day + 4*day).UTC()}})
	}
	for k := range d.high {
		p.Weeks[k.week-first].Roadmap++
	}
	for k := range d.low {
		p.Weeks[k.week-first].Story++
	}
	for _, q := range d.quiet {
		p.Quiet = append(p.Quiet, q)
	}
	slices.SortFunc(p.Quiet, func(a, b SelfQuiet) int { return cmp.Or(b.Weeks-a.Weeks, cmp.Compare(a.Issue, b.Issue)) })
	slices.SortStableFunc(p.Give, func(a, b SelfGive) int { return cmp.Or(b.Touches-a.Touches, cmp.Compare(a.Epic, b.Epic)) })
	slices.SortStableFunc(d.touched, func(a, b Evidence) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Issue, b.Issue), cmp.Compare(a.Event, b.Event))
	})
	p.Touched = append(p.Touched, d.touched...)
	return p
}

// ranked lists counts, the largest first.
func ranked(counts map[string]int, people bool) []SelfCount {
	list := make([]SelfCount, 0, len(counts))
	for k, n := range counts {
		c := SelfCount{Name: k, Touches: n}
		if people {
			c = SelfCount{Person: k, Touches: n}
		}
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b SelfCount) int {
		return cmp.Or(b.Touches-a.Touches, cmp.Compare(a.Name, b.Name), cmp.Compare(a.Person, b.Person))
	})
	return list
}
