package sample

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"defacto/backlog"
)

// The method's limits (METHOD 2.6, 3.4, 3.5), applied to decisions that are known.
const (
	enoughUnits = 8
	enoughWeeks = 3
	ahead       = .10 // what counts as ahead when the shares are known exactly
)

// tally is a count of units by whom they belong to, as account ids; "" is nobody.
type tally map[string]float64

// judge works out the truth of one team.
func (t *team) judge(asOf int64) ScopeTruth {
	s := ScopeTruth{Scope: t.key, Name: t.title, Archetype: t.archetype}
	for from := quarterStart(t.phases[0].from); from < asOf; from = quarterEnd(from) {
		j := judged{team: t, from: from, to: quarterEnd(from)}
		s.Periods = append(s.Periods, j.period())
	}
	for i := range s.Periods {
		var before *PeriodTruth
		if i > 0 {
			before = &s.Periods[i-1]
		}
		p := &s.Periods[i]
		j := judged{team: t, from: p.From.Unix(), to: p.To.Unix()}
		p.Findings = j.findings(p, before)
		p.Structure = structure(p)
	}
	return s
}

// judged is one quarter of a team.
type judged struct {
	*team
	from, to int64
}

func (j *judged) in(at int64) bool { return at >= j.from && at < j.to && at < j.team.to }

// period judges everything that does not need another quarter.
func (j *judged) period() PeriodTruth {
	p := PeriodTruth{
		Period: quarterName(j.from), From: instant(j.from), To: instant(j.to),
		Duties: map[string]*DutyTruth{}, Roles: map[string]*RoleTruth{},
		Declared: map[string][]string{}, DeclaredRight: map[string]bool{},
		Waits: j.waits(), Forest: j.forest(), OffRoadmap: j.offRoadmap(), Blocked: j.blocked(),
	}
	for _, duty := range backlog.Duties() {
		p.Duties[duty.String()] = j.duty(duty)
	}
	p.Roles[backlog.ProductOwner.String()] = j.owner(&p)
	p.Roles[backlog.ProductManager.String()] = j.manager(&p)
	for _, d := range j.declared {
		role := d.Role.String()
		if !slices.Contains(p.Declared[role], d.Account) {
			p.Declared[role] = append(p.Declared[role], d.Account)
		}
	}
	for role, r := range p.Roles {
		if r.Person != "" && len(p.Declared[role]) > 0 {
			p.DeclaredRight[role] = slices.Contains(p.Declared[role], r.Person)
		}
	}
	return p
}

// quarterName spells a quarter: "2026-Q3".
func quarterName(from int64) string {
	y, m, _ := instant(from).Date()
	return strconv.Itoa(y) + "-Q" + strconv.Itoa(int(m-1)/3+1)
}

// person returns the id the truth knows a member by, "" for nobody.
func (t *team) person(who int) string {
	if who == nobody {
		return ""
	}
	return t.members[who].id()
}

// counts reports whether a decision is a unit of the quarter.
func (j *judged) counts(d *decision) bool {
	if !j.in(d.at) || d.item.created >= j.team.to {
		return false
	}
	if d.duty == backlog.Answer && d.who == nobody { // after ten working days nobody's
		return j.zone(nobody).after(d.at, 10*8*hour) < j.team.to
	}
	return true
}

// duty judges one duty.
func (j *judged) duty(duty backlog.Duty) *DutyTruth {
	type unit struct {
		actual, recorded tally
	}
	var people, traced int
	units := map[string]*unit{}
	weeks := map[int64]bool{}
	for i := range j.log.decisions {
		d := &j.log.decisions[i]
		if d.duty != duty || !j.counts(d) {
			continue
		}
		monday := firstMonday(d.at)
		key := strconv.Itoa(i)
		if duty == backlog.Roadmap { // one item in one week is one unit
			key = d.item.id + "/" + strconv.FormatInt(monday, 10)
		}
		u := units[key]
		if u == nil {
			u = &unit{tally{}, tally{}}
			units[key] = u
		}
		weeks[monday] = true
		u.actual[j.person(d.who)]++
		if d.who != nobody {
			people++
			if d.recorded == d.who && !d.clerical {
				traced++
			}
		}
		if !d.clerical {
			u.recorded[j.person(d.recorded)]++
		}
	}
	actual, recorded := tally{}, tally{}
	for _, key := range slices.Sorted(maps.Keys(units)) {
		actual.add(units[key].actual)
		recorded.add(units[key].recorded)
	}
	r := &DutyTruth{Units: len(units), Weeks: len(weeks)}
	if people > 0 {
		r.Traced = float64(traced) / float64(people)
	}
	r.Nobody, r.Shares = actual.shares()
	nobodys, list := recorded.shares()
	if nobodys > 0 {
		list = append(list, ShareTruth{"", nobodys})
		sortShares(list)
	}
	r.Recorded = list
	r.judge()
	return r
}

// add spreads one unit over those it belongs to.
func (t tally) add(unit tally) {
	var sum float64
	for _, who := range slices.Sorted(maps.Keys(unit)) {
		sum += unit[who]
	}
	if sum == 0 {
		return
	}
	for who, n := range unit {
		t[who] += n / sum
	}
}

// shares returns nobody's share and everybody else's, largest first.
func (t tally) shares() (nobodys float64, list []ShareTruth) {
	var sum float64
	people := slices.Sorted(maps.Keys(t))
	for _, who := range people {
		sum += t[who]
	}
	for _, who := range people {
		if who == "" {
			nobodys = t[who] / sum
			continue
		}
		list = append(list, ShareTruth{who, t[who] / sum})
	}
	sortShares(list)
	return nobodys, list
}

func sortShares(list []ShareTruth) {
	slices.SortFunc(list, func(a, b ShareTruth) int {
		return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.Person, b.Person))
	})
}

// share returns the i-th largest share, 0 where there is none.
func share(list []ShareTruth, i int) float64 {
	if i < len(list) {
		return list[i].Share
	}
	return 0
}

// judge gives the verdict on the shares.
func (r *DutyTruth) judge() {
	first, second := share(r.Shares, 0), share(r.Shares, 1)
	if len(r.Shares) > 0 {
		r.Top = r.Shares[0].Person
	}
	r.Clear = first >= .5 && first-second >= .15
	if r.Units < enoughUnits || r.Weeks < enoughWeeks {
		r.Verdict = "insufficient"
		r.Near = r.Units >= enoughUnits*2/3 && r.Weeks >= enoughWeeks-1
		return
	}
	r.Verdict = dutyVerdict(r.Nobody, first, second)
	switch r.Verdict {
	case "single":
		r.Person = r.Top
	case "contested":
		r.Persons = []string{r.Shares[0].Person, r.Shares[1].Person}
	}
	const reach = .06
	r.Near = r.Units < 2*enoughUnits
	for _, v := range [][3]float64{
		{r.Nobody + reach, first, second},
		{r.Nobody - reach, first, second},
		{r.Nobody, first + reach/2, second - reach/2},
		{r.Nobody, first - reach/2, second + reach/2},
		{r.Nobody, first - reach, second - reach},
		{r.Nobody, first, second - reach},
	} {
		r.Near = r.Near || dutyVerdict(v[0], v[1], v[2]) != r.Verdict
	}
}

func dutyVerdict(nobodys, first, second float64) string {
	switch {
	case nobodys >= .5:
		return "vacant"
	case first >= .33 && first-second >= ahead:
		return "single"
	case first+second >= .60 && second >= .25:
		return "contested"
	}
	return "spread"
}

// stake is a duty's weight in a role.
type stake struct {
	duty   backlog.Duty
	weight float64
}

// score adds up a role's shares over the duties with enough units.
func score(p *PeriodTruth, stakes []stake) (scores []ShareTruth, nobodys float64, used []backlog.Duty) {
	sums := tally{}
	var total float64
	for _, s := range stakes {
		d := p.Duties[s.duty.String()]
		if d.Verdict == "insufficient" {
			continue
		}
		used = append(used, s.duty)
		total += s.weight
		for _, x := range d.Shares {
			sums[x.Person] += float64(s.weight * x.Share)
		}
		nobodys += float64(s.weight * d.Nobody)
	}
	if total == 0 {
		return nil, 0, nil
	}
	for _, who := range slices.Sorted(maps.Keys(sums)) {
		scores = append(scores, ShareTruth{who, sums[who] / total})
	}
	sortShares(scores)
	return scores, nobodys / total, used
}

// owner judges who held the product owner's role.
func (j *judged) owner(p *PeriodTruth) *RoleTruth {
	scores, nobodys, used := score(p, []stake{{backlog.Write, .25}, {backlog.Prioritise, .30}, {backlog.Accept, .25}, {backlog.Answer, .20}})
	ordered := slices.Contains(used, backlog.Prioritise) || slices.Contains(used, backlog.Accept)
	if !ordered || len(used) < 2 {
		return &RoleTruth{Verdict: "insufficient", Scores: scores, Nobody: nobodys}
	}
	return role(scores, nobodys)
}

// manager judges who held the product manager's role. A busy team on whose
// roadmap nothing moves has no manager; in an idle one nobody can tell.
func (j *judged) manager(p *PeriodTruth) *RoleTruth {
	scores, nobodys, used := score(p, []stake{{backlog.Roadmap, .70}, {backlog.Market, .30}})
	if slices.Contains(used, backlog.Roadmap) {
		return role(scores, nobodys)
	}
	r := &RoleTruth{Verdict: "insufficient", Scores: scores, Nobody: nobodys, Near: p.Duties[backlog.Roadmap.String()].Near}
	if p.Duties[backlog.Prioritise.String()].Units >= 20 {
		r.Verdict = "vacant"
	}
	return r
}

// role gives the verdict on a role's scores.
func role(scores []ShareTruth, nobodys float64) *RoleTruth {
	r := &RoleTruth{Scores: scores, Nobody: nobodys}
	var squares, sum float64
	for _, s := range scores {
		squares += float64(s.Share * s.Share)
		sum += s.Share
	}
	effective := 0.0
	if squares > 0 {
		effective = float64(sum*sum) / squares
	}
	first, second := share(scores, 0), share(scores, 1)
	r.Verdict = roleVerdict(first, second, nobodys, effective)
	switch r.Verdict {
	case "single", "leaning":
		r.Person = scores[0].Person
	case "contested":
		r.Persons = []string{scores[0].Person, scores[1].Person}
	}
	const reach = .05
	for _, v := range [][4]float64{
		{first + reach/2, second - reach/2, nobodys, effective},
		{first - reach/2, second + reach/2, nobodys, effective},
		{first - reach, second, nobodys + reach, effective},
		{first + reach, second, nobodys - reach, effective},
		{first - reach, second - reach, nobodys, effective - .4},
		{first, second, nobodys, effective + .4},
	} {
		r.Near = r.Near || roleVerdict(v[0], v[1], v[2], v[3]) != r.Verdict
	}
	return r
}

func roleVerdict(first, second, nobodys, effective float64) string {
	switch {
	case first >= .38 && first-second >= .08:
		return "single"
	case nobodys >= .33 && first < .42:
		return "vacant"
	case first+second >= .58 && second >= .23:
		return "contested"
	case effective >= 3.5 && first < .37:
		return "committee"
	case first == 0:
		return "vacant"
	}
	return "leaning"
}

// waits judges how long questions waited.
func (j *judged) waits() WaitTruth {
	var w WaitTruth
	var actual, recorded []int64
	var unrecorded, elsewhere, relayed int
	for i := range j.log.questions {
		q := &j.log.questions[i]
		if !j.in(q.at) {
			continue
		}
		w.Questions++
		if q.answerer != nobody {
			w.Answered++
		}
		if q.answerer != nobody || q.late {
			actual = append(actual, q.seconds)
		}
		if q.recorded {
			recorded = append(recorded, q.seconds)
		} else {
			unrecorded++
		}
		if q.elsewhere {
			elsewhere++
		}
		if q.relayed {
			relayed++
		}
	}
	if w.Questions == 0 {
		return w
	}
	n := float64(w.Questions)
	w.Unanswered = float64(w.Questions-w.Answered) / n
	w.Unrecorded, w.Elsewhere, w.Relayed = float64(unrecorded)/n, float64(elsewhere)/n, float64(relayed)/n
	w.Median, w.OnRecord = medianHours(actual, w.Questions), medianHours(recorded, w.Questions)
	return w
}

// medianHours is the median wait where those without one wait for ever; nil
// where that is more than half.
func medianHours(seconds []int64, questions int) *float64 {
	slices.Sort(seconds)
	i := (questions - 1) / 2
	if i >= len(seconds) {
		return nil
	}
	h := float64(seconds[i]) / float64(hour)
	return &h
}

// forest judges how everybody's attention split.
func (j *judged) forest() []ForestTruth {
	type touch struct {
		who, item int
		monday    int64
		roadmap   bool
	}
	seen := map[touch]bool{}
	counts := map[string]*ForestTruth{}
	for i := range j.log.decisions {
		d := &j.log.decisions[i]
		if d.who == nobody || !j.in(d.touched) {
			continue
		}
		above := d.duty == backlog.Roadmap || d.duty == backlog.Market
		key := touch{d.who, d.item.no, firstMonday(d.touched), above}
		if seen[key] {
			continue
		}
		seen[key] = true
		f := counts[j.person(d.who)]
		if f == nil {
			f = &ForestTruth{Person: j.person(d.who)}
			counts[f.Person] = f
		}
		if above {
			f.Roadmap++
		} else {
			f.Story++
		}
	}
	var list []ForestTruth
	for _, f := range counts {
		if n := f.Roadmap + f.Story; n >= 25 {
			index := float64(f.Roadmap) / float64(n)
			f.Index = &index
		}
		list = append(list, *f)
	}
	slices.SortFunc(list, func(a, b ForestTruth) int {
		return cmp.Or(cmp.Compare(b.Roadmap+b.Story, a.Roadmap+a.Story), cmp.Compare(a.Person, b.Person))
	})
	return list
}

// offRoadmap is the share of committed stories that hang on nothing planned.
func (j *judged) offRoadmap() float64 {
	var all, off int
	for i := range j.log.decisions {
		if d := &j.log.decisions[i]; d.duty == backlog.Prioritise && j.in(d.at) {
			all++
			if d.orphan {
				off++
			}
		}
	}
	if all == 0 {
		return 0
	}
	return float64(off) / float64(all)
}

// blocked is, for each person, the share of the finished stories' working time
// that was spent waiting for them.
func (j *judged) blocked() []ShareTruth {
	waited := map[int]int64{}
	var total int64
	for i := range j.log.stories {
		c := &j.log.stories[i]
		if !j.in(c.done) {
			continue
		}
		total += j.zone(c.item.implementer).worked(c.start, c.done)
		perPerson := map[int][]wait{}
		for _, w := range c.waits {
			perPerson[w.who] = append(perPerson[w.who], w)
		}
		for who, list := range perPerson {
			waited[who] += union(j.zone(who), list, c.done)
		}
	}
	var list []ShareTruth
	for who, seconds := range waited {
		if total > 0 && seconds > 0 {
			list = append(list, ShareTruth{j.person(who), float64(seconds) / float64(total)})
		}
	}
	sortShares(list)
	return list
}

// union is the working time covered by waits, each moment once.
func union(z zone, list []wait, until int64) int64 {
	slices.SortFunc(list, func(a, b wait) int { return cmp.Compare(a.from, b.from) })
	var sum, covered int64
	for _, w := range list {
		from, to := max(w.from, covered), min(w.to, until)
		if to > from {
			sum += z.worked(from, to)
			covered = to
		}
	}
	return sum
}

// truthPeople lists members with all their accounts.
func truthPeople(members []*member) []Person {
	var list []Person
	for _, m := range members {
		p := Person{ID: m.id(), Name: m.name, Function: m.function, Machine: m.app, Outside: m.outside, Zone: m.zone.String()}
		for _, l := range m.accounts {
			p.Accounts = append(p.Accounts, l.id)
		}
		list = append(list, p)
	}
	return list
}
