package sample

import (
	"slices"

	"defacto/backlog"
)

// build takes a committed story from its start to its acceptance.
func (t *team) build(s *draft, committed int64, sprint int, early bool) {
	dev := s.implementer
	z := t.zone(dev)
	from, first := committed+2*hour, sprint
	if early {
		from = t.sprints[sprint+1].Start.Unix()
		sprint++
	}
	start := z.moment(s.mind, from, from+7*day)
	ready := z.after(start, int64(s.mind.between(14, 48))*hour)
	s.assign(start, dev, dev)
	if sprint >= 0 && !s.entered() {
		s.set(start, dev, backlog.FieldSprint, t.sprint(sprint))
		first = sprint
	}
	s.move(start, dev, progress)
	t.log.chores = append(t.log.chores, chore{dev, true, start})
	t.log.met(dev, s, start)

	c := cycle{item: s, start: start}
	ready = t.questions(s, &c, start, ready)
	t.subtasks(s, dev, start, ready)
	handed := t.review(s, dev, ready)
	finished := t.verdict(s, &c, dev, handed)
	c.done = finished
	if finished < t.to {
		t.log.stories = append(t.log.stories, c)
	}
	if first >= 0 {
		t.rollOver(s, first, finished)
	}
}

// entered reports whether the story is in a sprint.
func (d *draft) entered() bool {
	return slices.ContainsFunc(d.edits, func(e edit) bool { return e.field == backlog.FieldSprint })
}

// review lets colleagues look, and a tester where the team has one; it returns
// when the story was handed over for acceptance.
func (t *team) review(s *draft, dev int, at int64) int64 {
	at = t.zone(dev).working(at)
	mover := dev
	if t.cast.builder != nobody && s.hand.chance(t.noise.Bots/3) {
		mover = t.cast.builder // a merge request moves the card
	}
	s.move(at, mover, review)
	peer := pick(s.hand, t.cast.developers)
	looked := t.zone(peer).after(at, int64(s.mind.between(20, 300))*minute)
	if peer != dev && s.hand.chance(.25) {
		s.say(looked, peer, plainText(pick(s.hand, t.words.tongue(s.hand, t.noise).chatter)))
	}
	if t.testStage && t.cast.tester != nobody {
		s.move(t.zone(dev).after(looked, 5*minute), dev, inTest)
		looked = t.zone(t.cast.tester).after(looked, int64(s.mind.between(60, 420))*minute)
		t.log.met(t.cast.tester, s, looked)
	}
	return t.zone(dev).after(looked, int64(s.mind.between(5, 60))*minute)
}

// verdict lets the story be accepted, or not, and returns when it was done.
func (t *team) verdict(s *draft, c *cycle, dev int, handed int64) int64 {
	who := s.accepter
	mover := dev
	if t.testStage && t.cast.tester != nobody && t.cast.tester != who {
		mover = t.cast.tester
		handed = t.zone(mover).working(handed)
	}
	if t.gate {
		s.move(handed, mover, accepting)
	}
	if t.handOver && who != nobody {
		s.assign(handed+1, mover, who)
	}
	if s.hand.chance(t.noise.Bystanders) {
		by := t.cast.support
		if t.cast.clerk != nobody && s.hand.chance(.7) {
			by = t.cast.clerk
		}
		at := t.zone(by).after(handed, int64(s.hand.between(10, 240))*minute)
		s.say(at, by, plainText(pick(s.hand, t.words.bystander)))
		t.log.slightly(by, s, at)
	}
	if who == nobody {
		return t.unaccepted(s, dev, handed)
	}
	looked := t.zone(who).after(handed, int64(s.mind.spread(t.phase(handed).pace.verdict))*minute)
	c.waits = append(c.waits, wait{who, handed, looked})
	if s.mind.chance(.10) { // not yet
		s.move(looked, who, progress)
		s.say(looked+2*minute, who, plainText(pick(s.hand, t.words.tongue(s.hand, t.noise).reject)))
		again := t.zone(dev).after(looked, int64(s.mind.between(120, 600))*minute)
		if t.gate {
			s.move(again, dev, accepting)
		} else {
			s.move(again, dev, review)
		}
		looked = t.zone(who).after(again, int64(s.mind.spread(t.phase(again).pace.verdict))*minute)
		c.waits = append(c.waits, wait{who, again, looked})
	}
	finished, recorded := t.close(s, who, dev, looked)
	if s.mind.chance(.04) { // found wanting after all
		finder := pick(s.hand, t.cast.developers)
		reopened := t.zone(finder).after(finished, int64(s.mind.between(60, 2400))*minute)
		s.move(reopened, finder, progress)
		s.say(reopened+minute, finder, plainText(pick(s.hand, t.words.tongue(s.hand, t.noise).reject)))
		fixed := t.zone(dev).after(reopened, int64(s.mind.between(60, 480))*minute)
		s.move(fixed, dev, review)
		finished, recorded = t.close(s, who, dev, t.zone(who).after(fixed, int64(s.mind.between(30, 300))*minute))
	}
	t.log.decided(decision{duty: backlog.Accept, at: finished, touched: looked, item: s, who: who, recorded: recorded})
	t.log.met(who, s, looked)
	return finished
}

// close leaves the trace of an acceptance and returns when the story was done
// and whom the trace points to.
func (t *team) close(s *draft, who, dev int, looked int64) (finished int64, recorded int) {
	lag := int64(s.mind.between(3, 200)) * minute
	if !s.hand.chance(t.noise.SelfClose) {
		s.move(looked, who, done)
		if s.hand.chance(.3) {
			s.say(looked-30, who, t.words.approval(s.hand, t.noise))
		}
		return looked, who
	}
	closer := dev
	if t.testStage && t.cast.tester != nobody && t.cast.tester != who && s.hand.chance(.35) {
		closer = t.cast.tester // who closes what somebody else accepted
	}
	finished = t.zone(dev).after(looked, lag)
	s.move(finished, closer, done)
	if s.hand.chance(t.noise.Silent) {
		return finished, nobody
	}
	s.say(looked, who, t.words.approval(s.hand, t.noise))
	return finished, who
}

// unaccepted closes a story that nobody accepted.
func (t *team) unaccepted(s *draft, dev int, handed int64) int64 {
	finished := t.zone(dev).after(handed, int64(s.mind.between(5, 400))*minute)
	by := dev
	if t.cast.builder != nobody && s.hand.chance(t.noise.Bots/2) {
		by = t.cast.builder
	}
	s.move(finished, by, done)
	t.log.decided(decision{duty: backlog.Accept, at: finished, touched: finished, item: s, who: nobody, recorded: nobody})
	return finished
}

// rollOver moves an unfinished story along as its sprints close, from its first
// one on.
func (t *team) rollOver(s *draft, first int, finished int64) {
	closer := t.cast.clerk
	if closer == nobody {
		closer = t.cast.developers[0]
	}
	for i := first; i+1 < len(t.sprints) && t.sprints[i].End.Unix() < finished; i++ {
		s.set(t.sprints[i].End.Unix(), closer, backlog.FieldSprint, t.sprint(i+1))
	}
}

// subtasks splits the work now and then.
func (t *team) subtasks(s *draft, dev int, start, ready int64) {
	if !s.hand.chance(.12) {
		return
	}
	for range s.hand.between(1, 3) {
		at := t.zone(dev).moment(s.hand, start, ready)
		d := t.number(subtask, at, dev)
		d.title, d.topic, d.parent = t.titles.part(d.hand), s.topic, s
		d.assign(at+minute, dev, dev)
		d.move(t.zone(dev).after(at, 2*hour), dev, progress)
		d.move(t.zone(dev).after(at, int64(d.hand.between(4, 16))*hour), dev, done)
	}
}
