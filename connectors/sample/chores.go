package sample

import (
	"strconv"

	"defacto/backlog"
)

// chores lets a week's bugs and technical tasks be found and done: work that is
// nobody's product decision.
func (t *team) chores(monday int64) {
	d := roll(t.seed, uint64(monday)<<8|15)
	for range d.count(t.phase(monday).pace.chores) {
		at := t.members[0].zone.moment(d, max(monday, t.from+3*day), monday+5*day)
		if at >= t.to {
			return
		}
		dev := pick(d, t.cast.developers)
		finder := dev
		k := task
		if d.chance(.65) {
			k = bug
			finder = pick(d, t.finders())
		} else if t.cast.lead != nobody && d.chance(.5) {
			dev, finder = t.cast.lead, t.cast.lead
		}
		c := t.number(k, at, finder)
		c.title, c.topic = t.titles.chore(c.hand, k)
		if k == bug {
			c.text = plainText(pick(c.hand, t.words.symptoms))
		}
		t.greet(c)
		start := t.zone(dev).after(at, int64(c.hand.between(2, 60))*hour)
		c.assign(start, dev, dev)
		c.move(start+10*minute, dev, progress)
		ready := t.zone(dev).after(start, int64(c.hand.between(2, 20))*hour)
		c.move(ready, dev, review)
		c.move(t.zone(dev).after(ready, int64(c.hand.between(1, 8))*hour), dev, done)
		t.log.chores = append(t.log.chores, chore{dev, false, start})
		t.log.met(finder, c, at)
		t.log.met(dev, c, start)
	}
}

// finders are those who report bugs.
func (t *team) finders() []int {
	list := append([]int(nil), t.cast.developers...)
	if t.cast.tester != nobody {
		list = append(list, t.cast.tester, t.cast.tester)
	}
	if t.cast.support != nobody {
		list = append(list, t.cast.support)
	}
	return append(list, t.cast.customers...)
}

// greet lets machines at a new issue: an app that comments, and a rule that
// signs its changes with somebody's name.
func (t *team) greet(d *draft) {
	if t.cast.builder != nobody && d.hand.chance(t.noise.Bots) {
		at := d.created + int64(d.hand.between(2, 90))*hour
		d.say(at, t.cast.builder, plainText("Build #"+strconv.Itoa(d.hand.between(800, 9000))+" passed: "+strconv.Itoa(d.hand.between(200, 1900))+" tests, 0 failures."))
	}
	if t.cast.builder != nobody && d.hand.chance(t.noise.Bots/8) { // the sort of app that nags
		d.say(d.created+int64(d.hand.between(20, 60))*day, t.cast.builder, plainText("This issue has been quiet for a while. Is it still relevant?"))
	}
	if t.cast.robot != nobody && d.creator != t.cast.robot && d.creator != nobody && d.hand.chance(t.noise.Rules) {
		at := d.created + int64(d.hand.between(1, 5))
		d.priority(at, t.cast.robot, 1)
		c := t.domain.components[d.no%len(t.domain.components)]
		d.set(at, t.cast.robot, backlog.FieldComponent, value{c, c})
	}
}

// disturb adds what happens to many issues at once.
func (t *team) disturb() {
	d := roll(t.seed, 6)
	quarters := float64((t.to-t.from)/week) / 13
	for range d.count(t.noise.Bulk * quarters) {
		t.bulk(d)
	}
	if t.noise.Bulk > 0 && d.chance(.5) {
		t.clear(d)
	}
	for _, v := range t.versions {
		if d.chance(t.noise.Sweep) {
			t.sweep(d, v)
		}
	}
}

// bulk edits many issues within a minute or two: a re-ranking or a relabelling
// by somebody who tidies up.
func (t *team) bulk(d dice) {
	who := t.typistFor(d)
	at := t.zone(who).moment(d, t.from+5*week, t.to-week)
	rank := d.chance(.5)
	left := d.between(20, 70)
	for i := len(t.list) - 1; i >= 0 && left > 0; i-- {
		s := t.list[i]
		if s.kind > bug || s.created > at-hour || s.created < at-20*week {
			continue
		}
		if rank {
			s.weigh(at, who, backlog.FieldRank, 1-2*d.IntN(2))
		} else {
			s.set(at, who, backlog.FieldLabels, value{"tidy-up", "tidy-up"})
		}
		at += int64(d.between(0, 3))
		left--
	}
}

// clear closes, in one go, what has lain in the backlog for long.
func (t *team) clear(d dice) {
	who := t.typistFor(d)
	at := t.zone(who).moment(d, t.from+(t.to-t.from)/2, t.to-week)
	for _, s := range t.list {
		if s.kind == story && s.committed == 0 && s.created < at-10*week && !s.ended {
			s.move(at, who, dropped)
			at += int64(d.between(0, 2))
		}
	}
}

// typistFor is whoever tidies up.
func (t *team) typistFor(d dice) int {
	if t.cast.clerk != nobody && d.chance(.6) {
		return t.cast.clerk
	}
	return t.cast.developers[0]
}

// sweep sets a release's version on everything finished before it.
func (t *team) sweep(d dice, v backlog.Version) {
	at := v.Release.Unix() + 15*hour + int64(d.between(0, 90))*minute
	who := t.cast.developers[0]
	if t.cast.clerk != nobody {
		who = t.cast.clerk
	}
	for _, s := range t.list {
		if s.kind > bug {
			continue
		}
		for _, e := range s.edits {
			if e.field == backlog.FieldResolution && e.to.name == "Done" && e.at < at && e.at > at-6*week {
				s.set(at, who, backlog.FieldVersion, value{v.ID, v.Name})
				at += int64(d.between(0, 2))
				break
			}
		}
	}
}
