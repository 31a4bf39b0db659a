package sample

import (
	"slices"

	"defacto/backlog"
)

// findings judges which findings truly hold in a quarter. Those that need the
// quarter before take it from the argument, nil in the first.
func (j *judged) findings(p, before *PeriodTruth) []FindingTruth {
	f := found{judged: j, p: p, before: before}
	f.mismatches()
	f.holders()
	f.duties()
	f.attention()
	f.market()
	f.questions()
	f.delegation()
	f.hats()
	f.evidence()
	f.needsOwner()
	return f.list
}

type found struct {
	*judged
	p, before *PeriodTruth
	list      []FindingTruth
}

// note keeps a finding that holds or nearly does.
func (f *found) note(code string, holds, near bool, value float64, people ...string) {
	if holds || near {
		f.list = append(f.list, FindingTruth{Code: code, Holds: holds, Near: near, Value: value, People: people})
	}
}

// above notes a finding that holds from a threshold up; reach is how near is near.
func (f *found) above(code string, value, threshold, reach float64, people ...string) {
	f.note(code, value >= threshold, value >= threshold-reach && value < threshold+reach, value, people...)
}

func (f *found) owner() *RoleTruth   { return f.p.Roles[backlog.ProductOwner.String()] }
func (f *found) manager() *RoleTruth { return f.p.Roles[backlog.ProductManager.String()] }

// mismatches are the roles held by somebody who is not declared.
func (f *found) mismatches() {
	for _, x := range []struct {
		role string
		code string
	}{{"product-owner", "po-differs"}, {"product-manager", "pm-differs"}} {
		r, declared := f.p.Roles[x.role], f.p.Declared[x.role]
		who := r.candidate()
		if who == "" || len(declared) == 0 || slices.Contains(declared, who) {
			continue
		}
		others := 1.0
		for _, s := range r.Scores {
			if slices.Contains(declared, s.Person) {
				others -= s.Share
			}
		}
		f.note(x.code, r.Verdict == "single" && others > .5, r.Near || others > .4 && others < .6, others, who)
	}
}

// candidate is who holds the role, or nearly does; "" for nobody.
func (r *RoleTruth) candidate() string {
	if r.Verdict == "single" || r.Near && len(r.Scores) > 0 {
		return r.Scores[0].Person
	}
	return ""
}

// holders are what follows from who holds the roles.
func (f *found) holders() {
	po, pm := f.owner(), f.manager()
	if who := po.candidate(); who != "" && who == pm.candidate() {
		f.note("dual-role", po.Verdict == "single" && pm.Verdict == "single", po.Near || pm.Near, 0, who)
	}
	for _, x := range []struct {
		role                         *RoleTruth
		vacant, contested, committee string
	}{{po, "po-vacant", "po-contested", "po-committee"}, {pm, "pm-vacant", "pm-contested", ""}} {
		first, second := share(x.role.Scores, 0), share(x.role.Scores, 1)
		near := x.role.Near
		f.note(x.vacant, x.role.Verdict == "vacant", near && x.role.Nobody > .2, x.role.Nobody)
		if x.committee == "" && x.role.Verdict == "committee" {
			near = true // the contract has no word for a roadmap that many shape
		}
		f.note(x.contested, x.role.Verdict == "contested", near && second > .18, first+second, x.role.Persons...)
		if x.committee != "" {
			f.note(x.committee, x.role.Verdict == "committee", near && first < .42, first)
		}
	}
	who := po.candidate()
	if who == "" {
		return
	}
	var all, own int
	for _, c := range f.log.chores {
		if c.story && f.in(c.at) {
			all++
			if f.person(c.who) == who {
				own++
			}
		}
	}
	if all > 0 {
		built := float64(own) / float64(all)
		f.note("tech-lead-as-po", po.Verdict == "single" && built >= .15, built >= .10 && (po.Near || built < .20), built, who)
	}
}

// duties are what follows from a single duty.
func (f *found) duties() {
	for _, duty := range backlog.Duties() {
		d := f.p.Duties[duty.String()]
		if d.Verdict == "contested" || d.Near && share(d.Shares, 1) > .19 {
			f.list = append(f.list, FindingTruth{
				Code: "duty-contested", Holds: d.Verdict == "contested", Near: d.Near, People: d.Persons, Duty: duty.String(),
				Value: share(d.Shares, 0) + share(d.Shares, 1),
			})
		}
	}
	accept, order := f.p.Duties[backlog.Accept.String()], f.p.Duties[backlog.Prioritise.String()]
	if accept.Verdict != "insufficient" {
		f.above("acceptance-vacant", accept.Nobody, .5, .08)
	}
	if order.Verdict != "insufficient" {
		f.above("prioritisation-vacant", order.Nobody, .5, .08)
		f.above("prioritising-off-roadmap", f.p.OffRoadmap, .5, .08)
	}
	if t := f.person(f.cast.tester); accept.Top == t {
		f.note("qa-gatekeeper", accept.Verdict == "single", accept.Near, share(accept.Shares, 0), t)
	}
}

// touched returns somebody's touches in a period.
func touched(p *PeriodTruth, person string) ForestTruth {
	for _, f := range p.Forest {
		if f.Person == person {
			return f
		}
	}
	return ForestTruth{Person: person}
}

// managers are the declared and the true product managers.
func (f *found) managers() []string {
	list := slices.Clone(f.p.Declared["product-manager"])
	if pm := f.manager(); pm.Person != "" && !slices.Contains(list, pm.Person) {
		list = append(list, pm.Person)
	}
	return list
}

// attention are the findings on the forest index.
func (f *found) attention() {
	for _, who := range f.managers() {
		now := touched(f.p, who)
		if now.Index == nil {
			continue
		}
		n := float64(now.Roadmap + now.Story)
		f.note("trees-over-forests", *now.Index < .12, *now.Index > .08 && *now.Index < .17, *now.Index, who)
		if f.before == nil {
			continue
		}
		was := touched(f.before, who)
		if was.Index == nil {
			continue
		}
		// Two known counts still are samples of a habit: a slide has to be more
		// than their scatter. Compared in squares, at 1.28 standard deviations.
		fall := *was.Index - *now.Index - .03
		spread := float64(2**was.Index*(1-*was.Index))/float64(was.Roadmap+was.Story) + float64(2**now.Index*(1-*now.Index))/n
		certain := fall > 0 && fall*fall >= 1.64*spread
		holds := certain && *now.Index < .75**was.Index
		near := fall > -.02 && !(fall > 0 && fall*fall >= 4*spread && *now.Index < .6**was.Index)
		f.note("sliding-to-trees", holds, near && *now.Index < .9**was.Index, *was.Index-*now.Index, who)
	}
}

// market are the findings on a manager's contacts.
func (f *found) market() {
	for _, who := range f.managers() {
		units := f.marketUnits(who, f.from)
		// Whoever is declared: the market is in the sight of who manages the product.
		if pm := f.manager(); f.before != nil && (pm.Person == "" || pm.Person == who) {
			both := units + f.marketUnits(who, f.before.From.Unix())
			f.note("pm-isolated", both < 6, both >= 4 && both <= 8, float64(both)/6, who)
		}
		// A team that has been at work for a week has not met its manager yet, and nobody can tell.
		if len(f.builders(who)) >= 3 && f.p.Duties["prioritise"].Verdict != "insufficient" {
			// Who only wrote up or ordered what others built, or remarked on it in passing, has
			// met them or not, as one likes.
			met, slightly := f.acquaintance(who, false), f.acquaintance(who, true)
			f.note("pm-detached", slightly < .20, slightly >= .15 && met <= .45, met, who)
		}
	}
}

// marketUnits counts what somebody brought in in the quarter from an instant on.
func (f *found) marketUnits(who string, from int64) int {
	n := 0
	for i := range f.log.decisions {
		d := &f.log.decisions[i]
		if d.duty == backlog.Market && d.at >= from && d.at < quarterEnd(from) && f.person(d.who) == who {
			n++
		}
	}
	return n
}

// builders are the developers as METHOD has them, but for one person: who built six
// issues in the quarter and the one before it, whatever they were hired for.
func (f *found) builders(but string) []int {
	built := make([]int, len(f.members))
	for _, c := range f.log.chores {
		if c.at >= f.from-92*day && c.at < f.to && c.at < f.team.to {
			built[c.who]++
		}
	}
	var list []int
	for who, n := range built {
		if n >= 6 && f.person(who) != but {
			list = append(list, who)
		}
	}
	return list
}

// acquaintance is the share of the developers somebody met on an issue, slight
// meetings counted or not.
func (f *found) acquaintance(who string, slight bool) float64 {
	dealt := map[*draft]bool{}
	for _, m := range f.log.meetings {
		if f.in(m.at) && f.person(m.who) == who && (slight || !m.slight) {
			dealt[m.item] = true
		}
	}
	builders := f.builders(who)
	met := map[int]bool{}
	for _, m := range f.log.meetings {
		if f.in(m.at) && dealt[m.item] && slices.Contains(builders, m.who) {
			met[m.who] = true
		}
	}
	return float64(len(met)) / float64(len(builders))
}

// questions are the findings on waiting.
func (f *found) questions() {
	w := f.p.Waits
	if w.Questions < 8 {
		return
	}
	if w.Median != nil {
		f.note("slow-answers", *w.Median > 8, *w.Median > 5.5 && *w.Median < 11, *w.Median)
	} else {
		f.note("slow-answers", true, true, 0)
	}
	f.above("no-answer-recorded", w.Unrecorded, .35, .08)
	for _, b := range f.p.Blocked {
		f.above("blocked-on-person", b.Share, .33, .06, b.Person)
	}
}

// delegation is a hand-over of the owner's work in this quarter, by one who
// keeps the roadmap; and a proxy is an owner's work split in two.
func (f *found) delegation() {
	for i := 1; i < len(f.phases); i++ {
		if at := f.phases[i].from; f.archetype == Delegation && f.in(at) {
			weeks := min(at-f.from, f.to-at) / week
			f.note("po-delegated", weeks >= 2, weeks < 3, float64(weeks), f.person(f.cast.owner), f.person(f.cast.proxy))
		}
	}
	if f.archetype != ProxyOwner {
		return
	}
	po := f.owner()
	if po.Verdict != "contested" && !po.Near {
		return
	}
	writes, orders := f.p.Duties["write"].Top, f.p.Duties["prioritise"].Top
	split := writes == f.p.Duties["answer"].Top && orders == f.p.Duties["accept"].Top && writes != orders
	f.note("proxy-po", split && po.Verdict == "contested" && f.p.Waits.Relayed >= .30,
		po.Near || f.p.Waits.Relayed < .38, f.p.Waits.Relayed, writes, orders)
}

// hats is one person writing, ordering and accepting the same stories.
func (f *found) hats() {
	type three struct{ write, order, accept int }
	stories := map[*draft]*three{}
	get := func(d *draft) *three {
		if stories[d] == nil {
			stories[d] = &three{nobody, nobody, nobody}
		}
		return stories[d]
	}
	finished := 0
	for i := range f.log.decisions {
		d := &f.log.decisions[i]
		switch d.duty {
		case backlog.Write:
			get(d.item).write = d.who
		case backlog.Prioritise:
			get(d.item).order = d.who
		case backlog.Accept:
			get(d.item).accept = d.who
		}
	}
	hats := map[int]int{}
	for i := range f.log.decisions {
		d := &f.log.decisions[i]
		if d.duty != backlog.Accept || !f.in(d.at) {
			continue
		}
		finished++
		if s := stories[d.item]; s.write == s.order && s.order == s.accept && s.write != nobody {
			hats[s.write]++
		}
	}
	if finished < enoughUnits {
		return
	}
	for who := range f.members {
		if n := hats[who]; n > 0 {
			f.above("three-hats", float64(n)/float64(finished), .5, .10, f.person(who))
		}
	}
}

// evidence are the findings on what can be said at all.
func (f *found) evidence() {
	po := f.owner().Verdict == "insufficient"
	traced := min(f.p.Duties["prioritise"].Traced, f.p.Duties["accept"].Traced)
	f.note("evidence-limited", po, !po && (f.p.Duties["write"].Units < 2*enoughUnits || traced < .6), traced)
	accounts := map[string][]string{}
	for _, d := range f.declared {
		role := d.Role.String()
		if !slices.Contains(accounts[role], d.Account) {
			accounts[role] = append(accounts[role], d.Account)
		}
	}
	for _, role := range []string{"product-owner", "product-manager"} {
		f.note("declared-conflict", len(accounts[role]) > 1, false, float64(len(accounts[role])), accounts[role]...)
	}
}

// needsOwner is one person doing both and falling behind a team that asks daily.
func (f *found) needsOwner() {
	po, pm := f.owner(), f.manager()
	if po.Verdict != "single" || pm.Verdict != "single" || po.Person != pm.Person {
		return
	}
	days := float64((min(f.to, f.team.to)-f.from)/week) * 5
	demand := float64(f.p.Waits.Questions) / days
	slow, slides := f.p.Holds("slow-answers"), false
	for _, x := range f.list {
		slow = slow || x.Code == "slow-answers" && x.Holds
		slides = slides || x.Code == "sliding-to-trees" && x.Holds
	}
	f.note("needs-a-po", demand >= .8 && (slow || slides), demand > .65 && demand < .95 || po.Near || pm.Near, demand, po.Person)
}

// structure names how a period's roles stand: the first that holds.
func structure(p *PeriodTruth) string {
	po, pm := p.Roles["product-owner"], p.Roles["product-manager"]
	switch {
	case po.Verdict == "insufficient":
		return "insufficient"
	case p.Holds("po-delegated"):
		return "delegated"
	case p.Holds("proxy-po"):
		return "proxy"
	case po.Verdict == "contested":
		return "contested"
	case po.Verdict == "committee":
		return "committee"
	case po.Verdict == "vacant":
		return "vacant"
	case po.Verdict == "single" && pm.Verdict == "single" && po.Person == pm.Person:
		return "dual"
	case po.Verdict == "single" && pm.Verdict == "single":
		return "split"
	}
	return "unclear"
}

// stretch adds the finding that needs all teams: one owner for three of them, or
// for two where somebody waits.
func stretch(scopes []ScopeTruth) {
	type holder struct{ period, person string }
	held := map[holder]int{}
	each := func(do func(*PeriodTruth, holder)) {
		for i := range scopes {
			for k := range scopes[i].Periods {
				p := &scopes[i].Periods[k]
				if po := p.Roles["product-owner"]; po.Verdict == "single" {
					do(p, holder{p.Period, po.Person})
				}
			}
		}
	}
	each(func(_ *PeriodTruth, h holder) { held[h]++ })
	each(func(p *PeriodTruth, h holder) {
		n := held[h]
		if n >= 3 || n == 2 && (p.Holds("slow-answers") || p.Holds("blocked-on-person")) {
			p.Findings = append(p.Findings, FindingTruth{Code: "po-stretched", Holds: true, Value: float64(n), People: []string{h.person}})
		}
	})
}
