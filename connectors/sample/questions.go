package sample

import (
	"slices"

	"defacto/backlog"
)

// quiet reports whether an instant is too near the year's end to ask anything:
// the answer would wait for everybody to come back.
func quiet(at int64) bool {
	return slices.ContainsFunc([]int64{0, 3 * day, 6 * day, 9 * day}, func(ahead int64) bool {
		return shutdown((at + ahead) / day)
	})
}

// questions lets the implementer ask product while building, and returns when
// the story is ready in spite of it.
func (t *team) questions(s *draft, c *cycle, start, ready int64) int64 {
	for range s.mind.count(t.phase(start).pace.questions) {
		at := t.zone(s.implementer).moment(s.mind, start+hour, ready-30*minute)
		if s.mind.chance(.1) { // while getting ready to start
			at = t.zone(s.implementer).moment(s.mind, max(s.committed+hour, start-2*day), start)
		}
		if quiet(at) {
			continue
		}
		q := t.ask(s, at)
		if q.answerer != nobody {
			c.waits = append(c.waits, wait{q.asked, q.at, min(q.answered, ready+10*day)})
			ready = max(ready, t.zone(s.implementer).after(q.answered, 2*hour))
		}
		t.log.questions = append(t.log.questions, q)
	}
	if s.hand.chance(t.noise.Chatter) {
		t.colleagues(s, start, ready)
	}
	return ready
}

// ask draws one question with its fate, and leaves its traces.
func (t *team) ask(s *draft, at int64) question {
	q := question{item: s, asker: s.implementer, at: at, answerer: t.decide(s.mind, backlog.Answer, at, s.implementer)}
	q.asked = q.answerer
	stray := s.mind.chance(.08)
	other := t.somebody(s.mind, backlog.Answer, at, s.implementer)
	if q.answerer == nobody || stray {
		q.asked = other
	}
	pace := t.phase(at).pace
	delay := int64(s.mind.spread(pace.answer)) * minute
	q.relayed = s.mind.chance(pace.relay) && q.answerer == t.cast.proxy && t.cast.owner != nobody
	if q.relayed {
		delay = 3*delay + hour
	}
	q.answered = t.zone(q.answerer).after(at, max(delay, 4*minute))
	q.seconds = t.zone(q.asked).worked(at, q.answered)
	if q.late = q.answerer != nobody && q.answered >= t.to; q.late {
		q.answerer = nobody
	}
	tongue := t.words.tongue(s.hand, t.noise)
	words := pick(s.hand, tongue.product)
	words = exchange{fill(words.ask, s.topic), fill(words.reply, s.topic)}
	held := t.poseQuestion(s, tongue, q, words.ask)
	if q.answerer != nobody {
		q.elsewhere = s.hand.chance(t.noise.Elsewhere)
		q.recorded = t.reply(s, tongue, q, words.reply, held)
	} else if held { // the asker goes on without one
		back := t.zone(q.asker).after(at, 6*hour)
		s.move(back, q.asker, progress)
		s.assign(back, q.asker, q.asker)
	}
	recorded := nobody
	if q.recorded {
		recorded = q.answerer
	}
	t.log.decided(decision{duty: backlog.Answer, at: at, touched: q.answered, item: s, who: q.answerer, recorded: recorded})
	t.log.met(q.answerer, s, q.answered)
	return q
}

// poseQuestion writes the question, and reports whether the story was put on hold.
func (t *team) poseQuestion(s *draft, w *tongue, q question, words string) (held bool) {
	asked := t.members[q.asked]
	l := asked.current(q.at)
	held = s.hand.chance(.10)
	switch n := s.hand.IntN(100); {
	case !held && s.hand.chance(t.noise.Unaddressed):
		s.say(q.at, q.asker, plainText(words))
	case held && n < 50, n < 62:
		s.say(q.at, q.asker, mentioning(l, words, false))
	case n < 80:
		s.say(q.at, q.asker, mentioning(l, words, true))
	default:
		s.say(q.at, q.asker, plainText(asked.first()+", "+lowerFirst(words)))
	}
	if held {
		s.move(q.at+40, q.asker, waiting)
		s.assign(q.at+40, q.asker, q.asked)
	}
	if q.answerer == q.asked && q.answered-q.at > 3*hour && s.hand.chance(t.noise.Holding) {
		s.say(t.zone(q.asked).moment(s.hand, q.at+20*minute, q.answered-hour), q.asked, plainText(pick(s.hand, w.hold)))
	}
	if t.cast.builder != nobody && s.hand.chance(t.noise.Bots/4) {
		own := t.members[q.asker].current(q.at)
		s.say(q.at+int64(s.hand.between(5, 90))*minute, t.cast.builder, mentioning(own, "The pipeline for your branch has finished.", false))
	}
	return held
}

// reply leaves the trace of an answer, and reports whether there is one.
func (t *team) reply(s *draft, w *tongue, q question, words string, held bool) bool {
	asker := t.members[q.asker].current(q.answered)
	if q.relayed {
		owner := t.members[t.cast.owner].current(q.at)
		passed := t.zone(q.answerer).after(q.at, hour/2)
		s.say(passed, q.answerer, mentioning(owner, fill(pick(s.hand, w.relay), s.topic), false))
		if s.hand.chance(.5) {
			proxy := t.members[q.answerer].current(q.at)
			s.say(t.zone(t.cast.owner).moment(s.hand, passed+10*minute, q.answered-10*minute), t.cast.owner,
				mentioning(proxy, words, false))
		}
	}
	if q.elsewhere {
		back := t.zone(q.asker).after(q.answered, 15*minute)
		if held {
			s.move(back, q.asker, progress)
			s.assign(back, q.asker, q.asker)
		}
		if !s.hand.chance(.5) {
			return false
		}
		l := t.members[q.answerer].current(back)
		s.say(back, q.asker, mentioning(l, pick(s.hand, w.settled), true))
		return true
	}
	switch n := s.hand.IntN(100); {
	case n < 55:
		s.say(q.answered, q.answerer, mentioning(asker, words, false))
	case n < 92 && q.answerer == q.asked:
		s.say(q.answered, q.answerer, plainText(words))
	case q.answerer == q.asked:
		s.weigh(q.answered, q.answerer, backlog.FieldDescription, s.hand.between(12, 40))
	default:
		s.say(q.answered, q.answerer, mentioning(asker, words, false))
	}
	if held {
		s.move(q.answered+50, q.answerer, progress)
		s.assign(q.answered+50, q.answerer, q.asker)
	}
	return true
}

// colleagues lets one developer ask another something technical.
func (t *team) colleagues(s *draft, start, ready int64) {
	peer := pick(s.hand, t.cast.developers)
	if peer == s.implementer {
		return
	}
	w := t.words.tongue(s.hand, t.noise)
	at := t.zone(s.implementer).moment(s.hand, start, ready)
	words := pick(s.hand, w.technical)
	s.say(at, s.implementer, mentioning(t.members[peer].current(at), words.ask, false))
	later := t.zone(peer).after(at, int64(s.hand.between(10, 300))*minute)
	s.say(later, peer, mentioning(t.members[s.implementer].current(later), words.reply, false))
}
