package sample

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"defacto/backlog"
)

// plan is a team before anything has happened: its people, how they decide, and
// how busy they are.
type plan struct {
	archetype  Archetype
	key, title string
	domain     *domain
	from, to   int64 // the window; to is also the as-of
	members    []*member
	cast       cast
	phases     []phase // in order of time; the first begins the window
	kanban     bool
	testStage  bool  // a tester sees every story before it is accepted
	gate       bool  // the workflow has an acceptance step
	imported   int64 // the instant an older tracker's issues were brought in, 0 never
	unplanned  float64
	pull       float64 // how soon a share returns to the habit
	handOver   bool    // for acceptance a story is assigned to whoever accepts
	declared   []Declared
}

// cast says which member plays which part; nobody where nobody does.
type cast struct {
	owner, manager, clerk, lead, tester, proxy, support int
	developers, customers                               []int
	robot, builder                                      int // the rule engine's account, the build server's
}

// phase is how a team decides and works from an instant on.
type phase struct {
	from  int64
	mixes [backlog.DutyCount]mix
	pace  pace
}

// mix is how often each member makes a duty's decisions; the last entry is how
// often nobody does.
type mix []float64

// pace is how much happens.
type pace struct {
	stories   float64 // written in a week
	chores    float64 // bugs and technical tasks in a week
	questions float64 // asked on a story
	roadmap   float64 // roadmap decisions in a week
	market    float64 // customers' requests brought in in a week
	answer    int     // median working minutes to an answer
	verdict   int     // median working minutes from hand-over to acceptance
	relay     float64 // an answer is fetched from the owner first
	leadBuild float64 // a story is implemented by the technical lead
}

// team simulates one plan.
type team struct {
	plan
	seed     uint64
	noise    Noise
	words    *bank
	statuses []backlog.Status
	types    []backlog.Type
	sprints  []backlog.Sprint
	versions []backlog.Version
	list     []*draft
	counts   [initiative + 1]int // drafts of each kind
	drafts   map[string]*draft   // by id
	ready    []*draft            // written, not committed
	epics    []*draft
	tops     []*draft // initiatives
	titles   titles
	away     map[absence]bool
	debts    map[debt]float64
	log      journal
	base     int // first id of the team's issues
}

// absence is one member in one week.
type absence struct {
	member int
	week   int64
}

// debt is how far a member lags behind their usual share of a duty.
type debt struct {
	duty backlog.Duty
	who  int
}

// simulate runs a plan.
func simulate(p plan, seed uint64, n Noise, words *bank, base int) *team {
	t := &team{
		plan: p, seed: seed, noise: n, words: words, statuses: words.tracker.statuses(), types: words.tracker.types(), drafts: map[string]*draft{},
		away: map[absence]bool{}, debts: map[debt]float64{}, base: base,
	}
	t.titles = titles{domain: p.domain, d: roll(seed, 3)}
	t.holidays()
	t.calendar()
	t.found()
	for monday := firstMonday(t.from); monday < t.to; monday += week {
		t.planRoadmap(monday)
		t.meetMarket(monday)
		t.write(monday)
		t.chores(monday)
		t.commit(monday)
	}
	t.disturb()
	t.finish()
	return t
}

// finish forgets what would only happen after the as-of, numbers the issues by
// their creation, and brings their histories into order.
func (t *team) finish() {
	t.list = slices.DeleteFunc(t.list, func(d *draft) bool { return d.created >= t.to })
	slices.SortStableFunc(t.list, func(a, b *draft) int { return cmp.Compare(a.created, b.created) })
	for i, d := range t.list {
		d.key = t.key + "-" + strconv.Itoa(i+1)
		d.sort()
	}
}

// firstMonday returns midnight UTC of the Monday of the week t lies in.
func firstMonday(t int64) int64 {
	date := t / day
	return (date - (date+3)%7) * day
}

// number begins a new draft with dice of its own.
func (t *team) number(k kind, at int64, creator int) *draft {
	no := len(t.list)
	d := &draft{
		team: t, no: no, id: strconv.Itoa(t.base + no), kind: k, created: at, creator: creator, reporter: creator,
		nth: t.counts[k], writer: nobody, prioritiser: nobody, accepter: nobody, implementer: nobody,
	}
	d.mind, d.hand = roll(t.seed, d.concern()|1), roll(t.seed, d.concern()|2)
	t.counts[k]++
	t.list = append(t.list, d)
	t.drafts[d.id] = d
	return d
}

// account returns the account id a member acts with, "" for nobody.
func (t *team) account(d dice, who int, at int64) string {
	if who == nobody {
		return ""
	}
	return t.members[who].acting(d, at).id
}

// author is account, unless the tracker has forgotten who it was.
func (t *team) author(d dice, who int, at int64) string {
	if d.chance(t.noise.Authorless) {
		return ""
	}
	return t.account(d, who, at)
}

// zone returns where a member works.
func (t *team) zone(who int) zone {
	if who == nobody {
		return t.members[0].zone
	}
	return t.members[who].zone
}

// phase returns how the team works at an instant.
func (t *team) phase(at int64) *phase {
	current := &t.phases[0]
	for i := range t.phases {
		if at >= t.phases[i].from {
			current = &t.phases[i]
		}
	}
	return current
}

// decide draws who makes a decision at an instant; never the one excluded.
// Whoever lags behind their usual share is a little more likely, so that a
// quarter shows the habit and not the luck.
func (t *team) decide(d dice, duty backlog.Duty, at int64, except int) int {
	m := t.phase(at).mixes[duty]
	weights := make([]float64, len(m))
	var sum float64
	for i, w := range m {
		if i < len(m)-1 && (i == except || t.away[absence{i, firstMonday(at)}]) {
			continue
		}
		weights[i] = w
		sum += w
	}
	if sum == 0 {
		return nobody
	}
	drawn := make([]float64, len(m))
	for i, w := range weights {
		if w > 0 {
			weights[i] = w / sum
			drawn[i] = max(0, weights[i]+float64(t.pull*t.debts[debt{duty, i}]))
		}
	}
	who := d.weighted(drawn)
	for i, w := range weights {
		t.debts[debt{duty, i}] += w
	}
	if who < 0 {
		return nobody
	}
	t.debts[debt{duty, who}]--
	if who == len(m)-1 {
		return nobody
	}
	return who
}

// somebody draws a member for a duty where it cannot be nobody.
func (t *team) somebody(d dice, duty backlog.Duty, at int64, except int) int {
	m := slices.Clone(t.phase(at).mixes[duty])
	m[len(m)-1] = 0
	if except != nobody {
		m[except] = 0
	}
	if who := d.weighted(m); who != nobody {
		return who
	}
	return t.cast.developers[0]
}

// holidays sends those who decide most away for a week now and then, so that
// somebody else decides: decisions come in clusters.
func (t *team) holidays() {
	d := roll(t.seed, 4)
	for who, m := range t.members {
		if m.app || m.outside {
			continue
		}
		for monday := firstMonday(t.from) + 3*week; monday < t.to; monday += week {
			if d.chance(.05) {
				t.away[absence{who, monday}] = true
			}
		}
	}
}

// calendar lays out sprints and releases.
func (t *team) calendar() {
	z := t.members[0].zone
	monday := firstMonday(t.from) + week
	for i := 0; monday < t.to; i++ {
		start, end := z.at(monday/day, 11*hour+30*minute), z.at(monday/day+14, 9*hour+30*minute)
		s := backlog.Sprint{
			ID: strconv.Itoa(t.base/100 + i), Name: t.key + " Sprint " + strconv.Itoa(i+1), State: "active",
			Start: instant(start), End: instant(end),
		}
		if end < t.to {
			s.State, s.Completed = "closed", s.End
		}
		if !t.kanban {
			t.sprints = append(t.sprints, s)
		}
		monday += 2 * week
	}
	for i := int64(0); ; i++ {
		release := firstMonday(t.from) + (6*i+5)*week + 3*day
		v := backlog.Version{
			ID: strconv.Itoa(t.base/100 + 500 + int(i)), Scope: t.key,
			Name: strconv.Itoa(2+int(i)/4) + "." + strconv.Itoa(int(i)%4), Release: instant(release),
		}
		v.Released = release < t.to
		t.versions = append(t.versions, v)
		if release >= t.to {
			return
		}
	}
}

// version returns the release after an instant.
func (t *team) version(at int64) value {
	for _, v := range t.versions {
		if v.Release.Unix() > at {
			return value{v.ID, v.Name}
		}
	}
	v := t.versions[len(t.versions)-1]
	return value{v.ID, v.Name}
}

// batch is the whole team as one portion of facts.
func (t *team) batch() backlog.Batch {
	b := backlog.Batch{
		Scopes:  []backlog.Scope{{ID: strconv.Itoa(t.base), Key: t.key, Name: t.title, Lead: t.leader()}},
		Sprints: t.sprints, Versions: t.versions,
	}
	for _, d := range t.list {
		b.Issues = append(b.Issues, d.issue(t.to))
	}
	enumerate(b.Issues, int64(t.base)*20)
	for _, d := range t.declared {
		if d.Origin == Configured {
			continue
		}
		b.Declared = append(b.Declared, backlog.Declaration{
			Account: d.Account, Role: d.Role, Scope: t.key, Origin: d.Origin, From: d.From, Until: d.Until,
		})
	}
	return b
}

// leader returns the account of the project's lead as the tracker names it.
func (t *team) leader() string {
	for _, d := range t.declared {
		if d.Origin == ProjectLead {
			return d.Account
		}
	}
	return ""
}

// enumerate numbers history entries and comments in the order of time, as a
// tracker does.
func enumerate(issues []backlog.Issue, base int64) {
	type entry struct {
		at          time.Time
		issue, item int
	}
	var changes, comments []entry
	for i := range issues {
		for j, c := range issues[i].Changes {
			if c.Ordinal == 0 {
				changes = append(changes, entry{c.At, i, j})
			}
		}
		for j, c := range issues[i].Comments {
			comments = append(comments, entry{c.At, i, j})
		}
	}
	byTime := func(a, b entry) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.issue, b.issue), cmp.Compare(a.item, b.item))
	}
	slices.SortFunc(changes, byTime)
	slices.SortFunc(comments, byTime)
	for n, e := range changes {
		list := issues[e.issue].Changes
		for j := e.item; j < len(list) && (j == e.item || list[j].Ordinal > 0); j++ {
			list[j].ID = strconv.FormatInt(base+int64(n), 10)
		}
	}
	for n, e := range comments {
		issues[e.issue].Comments[e.item].ID = strconv.FormatInt(base+int64(n), 10)
	}
}
