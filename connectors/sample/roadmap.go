package sample

import (
	"strconv"
	"time"

	"defacto/backlog"
)

// found sets the team up: its initiatives, its first epics, and a few stories to
// begin with.
func (t *team) found() {
	d := roll(t.seed, 5)
	z := t.members[0].zone
	at := func() int64 { return z.moment(d, t.from, t.from+2*day) }
	tops, epics := 2, 4
	switch pace := t.phases[0].pace.roadmap; {
	case pace == 0:
		tops, epics = 0, 0
	case pace < .5:
		tops, epics = 1, 1
	}
	for range tops {
		t.raise(initiative, at())
	}
	for range epics {
		t.raise(epic, at()+day)
	}
	if t.unplanned > 0 {
		for range 3 {
			t.container(at())
		}
	}
	if t.imported > 0 {
		t.importOld()
	}
	for range int(2*t.phases[0].pace.stories) + 2 {
		t.story(z.moment(d, t.from+day, t.from+4*day))
	}
}

// raise creates a roadmap item: a decision about the roadmap.
func (t *team) raise(k kind, at int64) {
	e := t.number(k, at, nobody)
	who := t.decide(e.mind, backlog.Roadmap, at, nobody)
	if who == nobody {
		who = t.somebody(e.mind, backlog.Roadmap, at, nobody)
	}
	e.creator, e.reporter, e.live = who, who, true
	if k == initiative {
		e.title = t.titles.initiative()
		t.tops = append(t.tops, e)
	} else {
		e.title = t.titles.epic()
		t.epics = append(t.epics, e)
		if len(t.tops) > 0 {
			e.parent = pick(e.mind, t.tops)
			if e.parent.created >= at {
				e.parent = nil
			}
		}
	}
	e.topic = lowerFirst(e.title)
	e.text = plainText(pick(e.hand, t.words.aims))
	t.shaped(e, who, who, at)
	if e.parent == nil { // it gets its date the same day
		e.set(t.zone(who).after(at, 20*minute), who, backlog.FieldTargetEnd, target(at, e.hand.between(8, 22)))
	}
}

// container makes an epic that only gathers stories and stands for nothing on
// the roadmap.
func (t *team) container(at int64) {
	who := t.cast.developers[0]
	e := t.number(epic, at, who)
	e.title = t.titles.container()
	e.topic = lowerFirst(e.title)
	t.epics = append(t.epics, e)
}

// target is the end of a week some weeks ahead, as a date field holds it.
func target(at int64, weeks int) value {
	s := instant(firstMonday(at) + int64(weeks)*week + 4*day).Format(time.DateOnly)
	return value{s, s}
}

// planRoadmap lets a week's roadmap decisions happen.
func (t *team) planRoadmap(monday int64) {
	d := roll(t.seed, uint64(monday)<<8|13)
	if t.phase(monday).pace.roadmap == 0 {
		return
	}
	for range d.count(t.phase(monday).pace.roadmap) {
		at := t.members[0].zone.moment(d, max(monday, t.from+3*day), monday+5*day)
		if at < monday+5*day && at < t.to {
			t.shape(d, at)
		}
	}
	if d.chance(.22) && monday > t.from+3*week && monday < t.to-4*week {
		if at := t.members[0].zone.moment(d, monday, monday+5*day); t.decide(d, backlog.Roadmap, at, nobody) != nobody {
			t.raise(epic, at)
		}
	}
}

// shape makes one roadmap decision about one item.
func (t *team) shape(d dice, at int64) {
	var choice []*draft
	for _, e := range t.epics {
		if e.live && e.created < at-hour {
			choice = append(choice, e)
		}
	}
	if len(choice) > 7 {
		choice = choice[len(choice)-7:]
	}
	for _, e := range t.tops {
		if e.created < at-hour {
			choice = append(choice, e)
		}
	}
	who := t.decide(d, backlog.Roadmap, at, nobody)
	if len(choice) == 0 || who == nobody {
		return
	}
	e := pick(d, choice)
	at = max(at, e.created+hour)
	typist := who
	if c := t.cast.clerk; c != nobody && c != who && e.hand.chance(t.noise.Minutes) {
		typist = c
		if e.hand.chance(.5) { // the minutes quote the decider's own remark
			e.say(at-20*minute, who, t.words.onRoadmap(e.hand, t.noise))
		}
	}
	recorded := typist
	if typist != who && len(e.comments) > 0 && e.comments[len(e.comments)-1].at == at-20*minute {
		recorded = who
	}
	t.shaped(e, who, recorded, at)
	if !t.turn(e, typist, at) {
		e.weigh(at, typist, backlog.FieldRank, 1-2*e.hand.IntN(2))
	}
	if typist == who && e.hand.chance(.1) {
		e.say(at+minute, typist, t.words.onRoadmap(e.hand, t.noise))
	}
}

// turn makes one change to a roadmap item, and reports whether it left a trace.
func (t *team) turn(e *draft, by int, at int64) bool {
	switch n := e.hand.IntN(100); {
	case n < 30:
		return e.reset(at, by, backlog.FieldTargetEnd, target(at, e.hand.between(3, 20)))
	case n < 40:
		return e.reset(at, by, backlog.FieldDueDate, target(at, e.hand.between(3, 20)))
	case n < 55:
		return e.reset(at, by, backlog.FieldPriority, level(e.hand.between(0, 4)))
	case n < 62 && e.kind == epic && len(t.tops) > 0:
		return e.reset(at, by, backlog.FieldParent, value{pick(e.hand, t.tops).id, ""})
	case n < 72:
		e.weigh(at, by, backlog.FieldDescription, e.hand.between(15, 70))
		return true
	case n < 76:
		return e.reset(at, by, backlog.FieldTargetStart, target(at, e.hand.between(-1, 4)))
	case n < 80:
		s := t.statuses[progress]
		return at > e.created+4*week && e.reset(at, by, backlog.FieldStatus, value{s.ID, s.Name})
	case n < 86:
		e.say(at, by, t.words.onRoadmap(e.hand, t.noise))
		return true
	}
	return false
}

// shaped notes a roadmap decision.
func (t *team) shaped(e *draft, who, recorded int, at int64) {
	t.log.decided(decision{duty: backlog.Roadmap, at: at, touched: at, item: e, who: who, recorded: recorded})
	t.log.met(who, e, at)
}

// meetMarket lets a week's customers' requests be brought in.
func (t *team) meetMarket(monday int64) {
	d := roll(t.seed, uint64(monday)<<8|14)
	for range d.count(t.phase(monday).pace.market) {
		at := t.members[0].zone.moment(d, max(monday, t.from+3*day), monday+5*day)
		var choice []*draft
		for _, s := range t.list {
			if (s.kind == story || s.kind == epic) && s.created < at-hour && s.created > at-10*week && s.title != "" {
				choice = append(choice, s)
			}
		}
		who := t.decide(d, backlog.Market, at, nobody)
		if len(choice) == 0 || who == nobody || at >= t.to {
			continue
		}
		s := pick(d, choice)
		typist := who
		if t.cast.support != nobody && s.hand.chance(t.noise.Minutes) {
			typist = t.cast.support // passes on what somebody else brought in
		}
		switch n := s.hand.IntN(100); {
		case n < 50:
			s.link(at, typist, backlog.LinkMarket, "DESK-"+strconv.Itoa(1000+t.base/1000%97*31+len(t.log.decisions)))
		case n < 75 && !s.labelled():
			s.set(at, typist, backlog.FieldLabels, value{requestLabel, requestLabel})
		default:
			s.say(at, typist, t.words.feedback(s.hand, t.noise))
			t.log.met(who, s, at)
		}
		t.log.decided(decision{duty: backlog.Market, at: at, touched: at, item: s, who: who, recorded: typist})
		t.log.slightly(who, s, at)
	}
}

// labelled reports whether the issue is already marked as a customer's request.
func (d *draft) labelled() bool {
	for _, e := range d.edits {
		if e.field == backlog.FieldLabels && e.to.raw == requestLabel {
			return true
		}
	}
	return false
}
