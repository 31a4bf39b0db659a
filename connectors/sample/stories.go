package sample

import (
	"slices"
	"strconv"

	"defacto/backlog"
)

// write lets a week's stories be written.
func (t *team) write(monday int64) {
	d := roll(t.seed, uint64(monday)<<8|11)
	for range d.count(t.phase(monday).pace.stories) {
		at := max(monday, t.from)
		t.story(t.members[0].zone.moment(d, at, monday+5*day))
	}
}

// story writes one story: decided by one person, typed one way or another.
func (t *team) story(at int64) {
	s := t.number(story, at, nobody)
	if at >= t.to {
		s.created = t.to
		return
	}
	s.writer = t.decide(s.mind, backlog.Write, at, nobody)
	s.epic = t.home(s)
	s.title, s.topic = t.titles.story()
	roleStory := s.hand.chance(.7)
	typist := t.typist(s, s.writer)
	recorded := s.writer
	s.creator, s.reporter, s.parent = s.writer, s.writer, s.epic
	body := t.words.body(s.hand, t.domain, s.title, roleStory)
	switch {
	case s.writer == nobody:
		s.creator = t.cast.developers[0]
		s.reporter = s.creator
		recorded = s.creator
	case s.hand.chance(t.noise.Dictated):
		s.creator, s.reporter, recorded = typist, typist, typist
	case s.hand.chance(.06): // a stub by somebody else, written out by the writer
		s.creator, s.reporter, s.stub = typist, typist, true
		later := t.zone(s.writer).after(at, int64(s.hand.between(30, 600))*minute)
		s.weigh(later, s.writer, backlog.FieldDescription, 101)
	case s.hand.chance(.05): // typed for the writer, who stands as reporter
		s.creator = typist
	case s.hand.chance(.05):
		t.derive(s, backlog.LinkSplitFrom, "split from")
	case s.hand.chance(.03):
		t.derive(s, backlog.LinkClones, "clones")
	}
	if s.hand.chance(.8) {
		s.components = []string{pick(s.hand, t.domain.components)}
	}
	s.text = body
	if s.stub && s.edits[0].at >= t.to {
		s.text = backlog.Text{}
	}
	if s.writer != nobody && s.hand.chance(.18) { // worded anew by the writer
		s.weigh(t.zone(s.writer).after(at, int64(s.hand.between(60, 2400))*minute), s.writer, backlog.FieldDescription, s.hand.between(31, 80))
	}
	if s.hand.chance(.10) { // somebody mends a typo
		who := pick(s.hand, t.cast.developers)
		s.weigh(t.zone(who).after(at, int64(s.hand.between(60, 2400))*minute), who, backlog.FieldDescription, s.hand.between(1, 9))
	}
	t.log.decided(decision{duty: backlog.Write, at: at, touched: at, item: s, who: s.writer, recorded: recorded})
	t.log.slightly(s.writer, s, at)
	t.greet(s)
	t.ready = append(t.ready, s)
}

// typist is somebody other than the decider who types things.
func (t *team) typist(s *draft, decider int) int {
	if t.cast.clerk != nobody && t.cast.clerk != decider && s.hand.chance(.6) {
		return t.cast.clerk
	}
	for {
		if who := pick(s.hand, t.cast.developers); who != decider {
			return who
		}
	}
}

// derive makes the story a part or a copy of an earlier one.
func (t *team) derive(s *draft, k backlog.LinkKind, name string) {
	for i := len(t.list) - 2; i >= 0 && i > len(t.list)-25; i-- {
		if o := t.list[i]; o.kind == story && o.created < s.created && o.title != "" {
			s.links = append(s.links, backlog.Link{Kind: k, Name: name, Other: backlog.Ref{ID: o.id}})
			s.edits = append(s.edits, edit{
				at: s.created + 1, by: s.creator, field: backlog.FieldLink, measure: int(k), to: value{o.id, name},
			})
			return
		}
	}
}

// home draws the epic a story belongs to; nil for none.
func (t *team) home(s *draft) *draft {
	orphan := s.mind.chance(t.unplanned)
	var choice []*draft
	for _, e := range t.epics {
		if e.created < s.created && e.live != orphan {
			choice = append(choice, e)
		}
	}
	if len(choice) == 0 || orphan && s.mind.chance(.4) {
		return nil
	}
	if !orphan && len(choice) > 5 { // epics come and go
		choice = choice[len(choice)-5:]
	}
	return pick(s.mind, choice)
}

// commit lets a week's planning happen: every second week a sprint's, or in a
// team without sprints whatever is pulled.
func (t *team) commit(monday int64) {
	z := t.members[0].zone
	for i, s := range t.sprints {
		if start := s.Start.Unix(); start >= monday && start < monday+week {
			capacity := int(2*t.phase(monday).pace.stories) + 1
			for n := range capacity {
				t.take(z.at(monday/day, 9*hour+40*minute)+int64(n)*4*minute+int64(n*37%53), i)
			}
		}
	}
	if t.kanban {
		d := roll(t.seed, uint64(monday)<<8|12)
		for range d.count(t.phase(monday).pace.stories) {
			t.take(z.moment(d, monday, monday+5*day), -1)
		}
	}
}

// take commits the next ready story.
func (t *team) take(at int64, sprint int) {
	i := slices.IndexFunc(t.ready, func(s *draft) bool { return s.created < at-hour })
	if i < 0 || at >= t.to {
		return
	}
	s := t.ready[i]
	if i+1 < len(t.ready) && s.mind.chance(.3) { // not strictly in order of age
		if o := t.ready[i+1]; o.created < at-hour {
			s, i = o, i+1
		}
	}
	t.ready = slices.Delete(t.ready, i, i+1)
	if s.mind.chance(.05) {
		t.decline(s, at)
		return
	}
	s.committed = at
	s.accepter = t.decide(s.mind, backlog.Accept, at+week, nobody)
	s.implementer = t.implementer(s, at)
	early := t.order(s, at, sprint)
	t.build(s, at, sprint, early)
}

// decline closes a story that will not be done.
func (t *team) decline(s *draft, at int64) {
	who := t.decide(s.mind, backlog.Prioritise, at, nobody)
	if who == nobody {
		return
	}
	s.move(at, who, dropped)
}

// implementer draws who builds a story: never the one who accepts it.
func (t *team) implementer(s *draft, at int64) int {
	lead := t.cast.lead
	if lead != nobody && lead != s.accepter && s.mind.chance(t.phase(at).pace.leadBuild) {
		return lead
	}
	for {
		if who := pick(s.mind, t.cast.developers); who != s.accepter || len(t.cast.developers) == 1 {
			return who
		}
	}
}

// order leaves the traces of prioritising a story and committing it, and reports
// whether it was committed a sprint too early.
func (t *team) order(s *draft, at int64, sprint int) (early bool) {
	s.prioritiser = t.decide(s.mind, backlog.Prioritise, at, nobody)
	who := s.prioritiser
	ranked, thought := false, at
	if who != nobody {
		z := t.zone(who)
		thought = z.moment(s.mind, max(s.created+minute, at-12*day), at-minute)
		if !s.hand.chance(t.noise.Unranked) {
			ranked = true
			t.rankings(s, who, thought, at)
		}
	}
	typist := who // where that is nobody, whoever starts the story takes it in
	if t.cast.clerk != nobody && t.cast.clerk != who && s.hand.chance(t.noise.Clerk) {
		typist = t.cast.clerk
	}
	if typist != nobody {
		t.enter(s, typist, at, sprint)
	}
	if s.hand.chance(t.noise.Drags) {
		drag := pick(s.hand, t.cast.developers)
		s.weigh(t.zone(drag).moment(s.hand, s.created+minute, at), drag, backlog.FieldRank, 1-2*s.hand.IntN(2))
	}
	if t.cast.clerk != nobody && s.hand.chance(.5) { // the team's estimate
		s.set(t.zone(t.cast.clerk).moment(s.hand, s.created+minute, at), t.cast.clerk, backlog.FieldEstimate, points(s.hand))
	}
	recorded := nobody
	if ranked || typist == who {
		recorded = who
	}
	t.log.decided(decision{
		duty: backlog.Prioritise, at: at, touched: thought, item: s, who: who, recorded: recorded,
		clerical: typist != who && !ranked, orphan: s.epic == nil || !s.epic.live,
	})
	t.log.slightly(who, s, thought)
	return s.mind.chance(t.noise.RollOver) && sprint >= 0 && sprint+1 < len(t.sprints)
}

// points is an estimate.
func points(d dice) value {
	p := strconv.Itoa(pick(d, []int{1, 2, 3, 3, 5, 5, 8, 13}))
	return value{p, p}
}

// rankings leaves the marks of ordering the backlog.
func (t *team) rankings(s *draft, who int, thought, at int64) {
	z := t.zone(who)
	again := func() int64 { return z.moment(s.hand, thought, at) }
	switch n := s.hand.IntN(10); {
	case n < 6:
		s.weigh(thought, who, backlog.FieldRank, 1)
	case n < 8:
		s.weigh(thought, who, backlog.FieldRank, 1)
		s.weigh(again(), who, backlog.FieldRank, 1-2*s.hand.IntN(2))
	default:
		s.priority(thought, who, pick(s.hand, []int{0, 1, 1, 3}))
	}
	if s.hand.chance(.25) {
		s.priority(again(), who, pick(s.hand, []int{0, 1, 1, 3, 4}))
	}
	if s.hand.chance(.2) {
		s.set(again(), who, backlog.FieldVersion, t.version(at))
	}
}

// enter types a commitment: into a sprint, or as selected.
func (t *team) enter(s *draft, typist int, at int64, sprint int) {
	if sprint < 0 {
		s.move(at, typist, selected)
		return
	}
	s.set(at, typist, backlog.FieldSprint, t.sprint(sprint))
}

// sprint is a sprint as a field's value.
func (t *team) sprint(i int) value { return value{t.sprints[i].ID, t.sprints[i].Name} }
