package analysis

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"strconv"
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
	Roadmap int         `json:"roadmap"` // touches above story level as in Forest, market included
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
	m := &mirror{person: person, used: make([]bool, len(site.People)), periods: map[string]*selfData{}, first: o.Periods[0].Name}
	o.Workers = 1
	o.visit = m.visit
	whole := func(ctx context.Context, scope int32, from, to time.Time, components bool) (*backlog.Snapshot, error) {
		if scope == 0 { // when a roadmap item was last touched may be long ago
			from = time.Time{}
		}
		return load(ctx, scope, from, to, components)
	}
	if _, err := Audit(ctx, site, whole, o); err != nil {
		return nil, err
	}
	p := site.People[person]
	s := &Self{Person: Person{ID: p.ID, Name: cmp.Or(p.Name, p.ID), Kind: p.Kind.String(), Accounts: p.Accounts}, AsOf: o.AsOf.UTC(), Limits: limits(), Periods: []SelfPeriod{}, People: []Person{}}
	var before *float64
	if a := (attention{roadmap: rounded(m.prior.high), story: rounded(m.prior.low)}); float64(a.touches()) >= o.Method.MinTouches {
		v, _ := a.index()
		before = &v
	}
	for _, q := range o.Periods {
		d := m.periods[q.Name]
		if d == nil {
			d = &selfData{period: q}
		}
		x := d.page(&o.Method, o.AsOf)
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
	first   string   // the oldest period's name
	prior   selfData // touches of the period before that, for its change
}

// selfData gathers one period over all scopes. Touches are keyed so that a
// roadmap item seen from several scopes counts once.
type selfData struct {
	period  backlog.Period
	high    map[touchKey]*selfTouch
	low     map[touchKey]*selfTouch
	market  map[string]bool
	scopes  []string
	quiet   map[string]SelfQuiet
	give    []SelfGive
	touched []Evidence
}

type touchKey struct {
	item int64
	week int32
}

// selfTouch is one touch: what batches leave of it (see Trees), and what it was
// about, by the first of its acts.
type selfTouch struct {
	weight              float64
	scope, duty, caller string
}

func (m *mirror) visit(in *Input) {
	d := m.periods[in.Period.Name]
	if d == nil {
		d = &selfData{period: in.Period, high: map[touchKey]*selfTouch{}, low: map[touchKey]*selfTouch{}, market: map[string]bool{}, quiet: map[string]SelfQuiet{}}
		m.periods[in.Period.Name] = d
	}
	scope := in.Scope.Name + in.Part.suffix()
	d.scopes = append(d.scopes, scope)
	m.touches(in, func(a *act, high bool, key touchKey) {
		it := &in.bookOf(a.on).snap.Items[a.item]
		if a.duty == backlog.Market {
			d.market[it.Key+in.cite(a).Event] = true
		}
		d.touched = append(d.touched, in.cite(a))
		if high {
			touchOf(d.high, key, in.batched(a)).scope = scope
			return
		}
		t := touchOf(d.low, key, in.batched(a))
		if t.scope != "" {
			return
		}
		t.scope, t.duty = scope, a.duty.String()
		if c := m.caller(in, a); c != backlog.Nobody {
			t.caller = in.id(c)
		}
	})
	if in.Period.Name == m.first && in.before != nil {
		m.prior.high, m.prior.low = orNew(m.prior.high), orNew(m.prior.low)
		m.touches(in.before, func(a *act, high bool, key touchKey) {
			if high {
				touchOf(m.prior.high, key, in.before.batched(a))
			} else {
				touchOf(m.prior.low, key, in.before.batched(a))
			}
		})
	}
	m.quiet(in, d)
	m.give(in, d)
	for i, u := range in.used {
		m.used[i] = m.used[i] || u
	}
}

// touches calls look with each of the person's acts of a scope and period.
func (m *mirror) touches(in *Input, look func(a *act, high bool, key touchKey)) {
	for d, t := range in.tallies() {
		high := backlog.Duty(d) == backlog.Roadmap || backlog.Duty(d) == backlog.Market
		for i := range t.acts {
			a := &t.acts[i]
			if a.person != m.person || a.why != counts || a.weight <= 0 || a.at < in.from || a.at >= in.to {
				continue
			}
			look(a, high, touchKey{in.bookOf(a.on).snap.Items[a.item].No, week(a.at)})
		}
	}
}

// touchOf finds or adds a touch, which weighs as much as the heaviest of its acts.
func touchOf(touches map[touchKey]*selfTouch, key touchKey, weight float32) *selfTouch {
	t := touches[key]
	if t == nil {
		t = &selfTouch{}
		touches[key] = t
	}
	t.weight = max(t.weight, float64(weight))
	return t
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
		now := min(in.to, in.book.asOf) // of a period that still runs
		if weeks := int((now - last) / (7 * day)); last > 0 && weeks >= quietWeeks {
			d.quiet[it.Key] = SelfQuiet{Issue: it.Key, URL: in.url(it), Last: time.UnixMilli(last).UTC(), Weeks: weeks}
		}
	}
}

const (
	sharedFew   = 3  // touches, and acts of somebody else, from which work is shared
	sharedLeast = .5 // weight of such an act: typing what others decided has less
)

// give finds, epic by epic, the story work that somebody outside development
// already shares with the person.
func (m *mirror) give(in *Input, d *selfData) {
	type bundle struct {
		mine    map[touchKey]*selfTouch
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
				g = &bundle{mine: map[touchKey]*selfTouch{}, theirs: map[backlog.PersonID]int{}}
				by[it.Epic] = g
				epics = append(epics, it.Epic)
			}
			if a.person != m.person {
				if !in.people.Developer(a.person) && a.weight >= sharedLeast {
					g.theirs[a.person]++
				}
				continue
			}
			touchOf(g.mine, touchKey{it.No, week(a.at)}, in.batched(a))
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
		touches := rounded(g.mine)
		if best == backlog.Nobody || touches < sharedFew || most < sharedFew {
			continue
		}
		slices.Sort(g.stories)
		give := SelfGive{Scope: in.Scope.Name, Touches: touches, Person: in.id(best), Theirs: most, Stories: g.stories[:min(len(g.stories), citedFor)]}
		if i, ok := in.road.places[no]; ok {
			give.Epic, give.URL = in.road.snap.Items[i].Key, in.url(&in.road.snap.Items[i])
		}
		d.give = append(d.give, give)
	}
}

// page turns what was gathered into the page of a period.
func (d *selfData) page(method *Method, asOf time.Time) SelfPeriod {
	p := SelfPeriod{
		Period: d.period.Name, From: Date{d.period.From}, To: Date{d.period.To}, Roadmap: rounded(d.high), Story: rounded(d.low), Market: len(d.market),
		Weeks: []SelfWeek{}, Scopes: []SelfScope{}, Quiet: []SelfQuiet{}, Give: append([]SelfGive{}, d.give...), Touched: []Evidence{},
	}
	a := attention{roadmap: p.Roadmap, story: p.Story}
	if float64(a.touches()) >= method.MinTouches {
		v, iv := a.index()
		p.Index, p.Low, p.High = &v, &iv.Low, &iv.High
	}
	d.weekly(&p, asOf)
	high, low := shared(d.high, d.scopes, func(_ touchKey, t *selfTouch) string { return t.scope }), shared(d.low, d.scopes, func(_ touchKey, t *selfTouch) string { return t.scope })
	for _, s := range d.scopes {
		if high[s]+low[s] > 0 {
			p.Scopes = append(p.Scopes, SelfScope{Scope: s, Roadmap: high[s], Story: low[s]})
		}
	}
	var duties []string
	for _, x := range backlog.Duties() {
		duties = append(duties, x.String())
	}
	p.Duties = ranked(shared(d.low, duties, func(_ touchKey, t *selfTouch) string { return t.duty }), false)
	callers := map[string]int{}
	for who, w := range sums(d.low, func(_ touchKey, t *selfTouch) string { return t.caller }) {
		if who != "" {
			callers[who] = int(math.Round(w))
		}
	}
	p.Callers = ranked(callers, true)
	for _, q := range d.quiet {
		p.Quiet = append(p.Quiet, q)
	}
	slices.SortFunc(p.Quiet, func(a, b SelfQuiet) int { return cmp.Or(b.Weeks-a.Weeks, cmp.Compare(a.Issue, b.Issue)) })
	slices.SortStableFunc(p.Give, func(a, b SelfGive) int { return cmp.Or(b.Touches-a.Touches, cmp.Compare(a.Epic, b.Epic)) })
	slices.SortStableFunc(d.touched, func(a, b Evidence) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Issue, b.Issue), cmp.Compare(a.Event, b.Event), cmp.Compare(a.What, b.What), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(b.Weight, a.Weight))
	})
	p.Touched = append(p.Touched, slices.CompactFunc(d.touched, func(a, b Evidence) bool { // one event may be an act of two duties, or of two scopes
		return a.Issue == b.Issue && a.Event == b.Event && a.What == b.What && a.From == b.From && a.To == b.To
	})...)
	return p
}

// weekly fills in the weeks of a page, to the as-of where the period still runs.
func (d *selfData) weekly(p *SelfPeriod, asOf time.Time) {
	first, last := week(d.period.From.UnixMilli()), week(min(d.period.To.UnixMilli(), max(asOf.UnixMilli(), d.period.From.UnixMilli()+1))-1)
	for _, touches := range []map[touchKey]*selfTouch{d.high, d.low} {
		for k := range touches {
			last = max(last, k.week)
		}
	}
	var names []string
	for w := first; w <= last; w++ {
		names = append(names, weekName(w))
	}
	of := func(k touchKey, _ *selfTouch) string { return weekName(k.week) }
	high, low := shared(d.high, names, of), shared(d.low, names, of)
	for i, name := range names {
		start := Date{time.UnixMilli((int64(first)+int64(i))*7*day + 4*day).UTC()}
		p.Weeks = append(p.Weeks, SelfWeek{Start: start, Roadmap: high[name], Story: low[name]})
	}
}

func weekName(w int32) string { return strconv.Itoa(int(w)) }

// sums adds the weights of touches up by name, in an order of their own: sums of
// floats depend on it.
func sums(touches map[touchKey]*selfTouch, name func(touchKey, *selfTouch) string) map[string]float64 {
	keys := slices.SortedFunc(maps.Keys(touches), func(a, b touchKey) int {
		return cmp.Or(cmp.Compare(a.item, b.item), cmp.Compare(a.week, b.week))
	})
	by := map[string]float64{}
	for _, k := range keys {
		by[name(k, touches[k])] += touches[k].weight
	}
	return by
}

// rounded is what touches weigh together, as the forest index counts them.
func rounded(touches map[touchKey]*selfTouch) int {
	return int(math.Round(sums(touches, func(touchKey, *selfTouch) string { return "" })[""]))
}

// shared divides the touches among names so that the parts make up the whole: what
// rounding down leaves goes to the largest remainders, the first of the names where they are equal.
func shared(touches map[touchKey]*selfTouch, names []string, name func(touchKey, *selfTouch) string) map[string]int {
	by, parts := sums(touches, name), map[string]int{}
	left := rounded(touches)
	order := slices.Clone(names)
	for _, n := range names {
		parts[n] = int(by[n])
		left -= parts[n]
	}
	slices.SortStableFunc(order, func(a, b string) int {
		return cmp.Compare(by[b]-math.Floor(by[b]), by[a]-math.Floor(by[a]))
	})
	for _, n := range order[:max(0, min(left, len(order)))] {
		parts[n]++
	}
	return parts
}

func orNew(touches map[touchKey]*selfTouch) map[touchKey]*selfTouch {
	if touches == nil {
		return map[touchKey]*selfTouch{}
	}
	return touches
}

// ranked lists counts, the largest first.
func ranked(counts map[string]int, people bool) []SelfCount {
	list := make([]SelfCount, 0, len(counts))
	for k, n := range counts {
		if n == 0 {
			continue
		}
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
