package analysis

import (
	"context"
	"slices"

	"defacto/backlog"
)

// Roadmap measures who shapes the roadmap.
var Roadmap = &Pass[*Tally]{
	Meta: Meta{
		Name:     "roadmap",
		Question: "Who shapes the roadmap?",
		Doc: "The unit is a roadmap item (an epic, a Linear project or anything above) in one week in which somebody shaped it: created an initiative (1) or an epic (0.45), set its dates, version or priority (1), ranked it (0.8), described it (0.7), hung it elsewhere (0.6), renamed (0.5) or moved it (0.4), posted an update or, from outside development, a comment (1). " +
			"Items created by developers weigh 0.35. An item counts in its own scope and in every scope with a story below it. " +
			"Edits by somebody who never comments on the roadmap count less where others do. It cannot see a roadmap kept in slides or a spreadsheet.",
	},
	Run: func(_ context.Context, in *Input) (*Tally, error) {
		r := newRecorder(in, backlog.Roadmap, 0)
		s := shaper{recorder: r}
		s.clerks()
		for _, i := range in.members {
			s.shaped(i)
		}
		if len(in.members) == 0 {
			r.tally.Outcome, r.tally.Why = NotApplicable, "no epic, project or initiative belongs to this scope"
		} else if s.silent() {
			r.tally.Outcome, r.tally.Why = NotRecorded, "the history of the roadmap items was not obtained"
		}
		return r.close(), nil
	},
}

// shaper knows who merely types roadmap edits.
type shaper struct {
	*recorder
	factor map[backlog.PersonID]float32
	week   []act // acts of the item and week being written
}

// shaping is what an edit of a roadmap item weighs (METHOD 2.2, row S).
func shaping(f backlog.Field) (actKind, float32) {
	switch f {
	case backlog.FieldDueDate, backlog.FieldTargetStart, backlog.FieldTargetEnd:
		return actDate, 1
	case backlog.FieldVersion, backlog.FieldMilestone:
		return actVersion, 1
	case backlog.FieldPriority:
		return actPriority, 1
	case backlog.FieldRank:
		return actRank, .8
	case backlog.FieldDescription, backlog.FieldCriteria:
		return actRewrite, .7
	case backlog.FieldParent:
		return actParent, .6
	case backlog.FieldSummary:
		return actTitle, .5
	case backlog.FieldStatus:
		return actMove, .4
	case backlog.FieldUpdate:
		return actUpdate, 1
	}
	return 0, 0
}

// silent reports whether no history of most members was obtained.
func (s *shaper) silent() bool {
	missing := 0
	for _, i := range s.in.members {
		if s.in.road.trails[i].noHistory {
			missing++
		}
	}
	return missing*2 > len(s.in.members)
}

// clerks works out the roadmap's clerk factor: of the items somebody edited, on
// how many they also commented.
func (s *shaper) clerks() {
	type tallied struct{ n, k float64 }
	count := map[backlog.PersonID]*tallied{}
	var all tallied
	b := s.in.road
	var editors, talkers []backlog.PersonID
	for _, i := range s.in.members {
		it := &b.snap.Items[i]
		editors, talkers = editors[:0], talkers[:0]
		for c := it.ChangeLo; c < it.ChangeHi; c++ {
			e := &b.snap.Changes[c]
			if e.Machine || s.in.machine(e.Actor) {
				continue
			}
			if _, w := shaping(e.Field); w > 0 && e.Field != backlog.FieldUpdate && e.At >= s.in.from-lookback && e.At < s.in.to && e.Actor != backlog.Nobody && !slices.Contains(editors, e.Actor) {
				editors = append(editors, e.Actor)
			}
			if e.Field == backlog.FieldUpdate && e.At < s.in.to {
				talkers = append(talkers, e.Actor)
			}
		}
		for c := it.CommentLo; c < it.CommentHi; c++ {
			if m := &b.snap.Comments[c]; m.At < s.in.to && !m.Machine && !s.in.machine(m.Author) {
				talkers = append(talkers, m.Author)
			}
		}
		for _, p := range editors {
			t := count[p]
			if t == nil {
				t = &tallied{}
				count[p] = t
			}
			t.n++
			all.n++
			if slices.Contains(talkers, p) {
				t.k++
				all.k++
			}
		}
	}
	s.factor = make(map[backlog.PersonID]float32, len(count))
	if all.k == 0 {
		return
	}
	m, base, most := s.in.Method, all.k/all.n, 0.0
	rate := func(t *tallied) float64 { return (t.k + m.ClerkPrior*base) / (t.n + m.ClerkPrior) }
	for _, t := range count {
		most = max(most, rate(t))
	}
	for p, t := range count {
		s.factor[p] = float32(min(1, max(m.ClerkFloor, rate(t)/most)))
	}
}

func (s *shaper) clerk(p backlog.PersonID) float32 {
	if f, ok := s.factor[p]; ok {
		return f
	}
	return 1
}

// shaped writes the units of one roadmap item: one a week in which it was touched.
func (s *shaper) shaped(i int32) {
	b := s.in.road
	it := &b.snap.Items[i]
	s.week = s.week[:0]
	if it.Created >= s.in.from && it.Created < s.in.to {
		s.born(i, it)
	}
	c, m := it.ChangeLo, it.CommentLo
	for c < it.ChangeHi || m < it.CommentHi { // changes and comments in one order of time
		if m >= it.CommentHi || c < it.ChangeHi && b.snap.Changes[c].At <= b.snap.Comments[m].At {
			s.edited(i, c)
			c++
		} else {
			s.remarked(i, m)
			m++
		}
	}
	s.flush(it)
}

// born writes the acts of creating a roadmap item.
func (s *shaper) born(i int32, it *backlog.Item) {
	kind, w := actEpic, float32(.45)
	if it.Level >= backlog.Initiative {
		kind, w = actInitiative, 1
	}
	a := act{at: it.Created, item: i, person: creatorOf(it), kind: kind, weight: w, on: onRoadmap}
	if it.Flags&backlog.ItemMachine != 0 {
		a.why = byTemplate
	}
	if s.in.rnoise.imported[i] {
		a.why = fromImport
	}
	if a.why == counts && it.Reporter != backlog.Nobody && it.Reporter != a.person && !s.in.machine(it.Reporter) {
		o := a
		o.person, o.weight = it.Reporter, w*.8
		s.add(it, o)
		a.weight = w * .2
	}
	s.add(it, a)
}

func (s *shaper) edited(i, c int32) {
	b := s.in.road
	e := &b.snap.Changes[c]
	if e.At < s.in.from || e.At >= s.in.to || e.At > b.asOf {
		return
	}
	kind, w := shaping(e.Field)
	if w == 0 {
		return
	}
	a := act{at: e.At, item: i, ref: c, person: e.Actor, kind: kind, weight: w, on: onRoadmap}
	f, why := s.in.rnoise.weigh(c)
	a.why = why
	if e.Machine {
		a.why = byMachine
	}
	if kind == actVersion && s.in.releasedOn(e) && a.why == counts {
		a.why = releaseDay
	}
	a.weight *= f
	if kind != actUpdate {
		a.weight *= s.clerk(e.Actor)
	}
	s.add(&b.snap.Items[i], a)
}

func (s *shaper) remarked(i, c int32) {
	b := s.in.road
	m := &b.snap.Comments[c]
	if m.At < s.in.from || m.At >= s.in.to || m.At > b.asOf || m.Author == backlog.Nobody || s.in.people.Developer(m.Author) {
		return
	}
	a := act{at: m.At, item: i, ref: c, person: m.Author, kind: actRemark, weight: 1, on: onRoadmap}
	if m.Machine {
		a.why = byMachine
	}
	s.add(&b.snap.Items[i], a)
}

// add puts an act into its week; the same kind by the same person counts once a week.
func (s *shaper) add(it *backlog.Item, a act) {
	if len(s.week) > 0 && week(s.week[0].at) != week(a.at) {
		s.flush(it)
	}
	for i := range s.week {
		if o := &s.week[i]; o.person == a.person && o.kind == a.kind && o.why == a.why {
			o.weight = max(o.weight, a.weight)
			return
		}
	}
	s.week = append(s.week, a)
}

func (s *shaper) flush(it *backlog.Item) {
	if len(s.week) == 0 {
		return
	}
	for _, a := range s.week {
		s.act(a)
	}
	w := min(1, s.sum())
	if by := creatorOf(it); by != backlog.Nobody && s.in.people.Developer(by) {
		w *= float32(s.in.Method.DevRoadmapWeight)
	}
	s.unit(unit{at: s.week[0].at, item: s.week[0].item, weight: w, direct: true, on: onRoadmap})
	s.week = s.week[:0]
}
