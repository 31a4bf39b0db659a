package analysis

import (
	"defacto/backlog"
)

// trail is what one sweep over an issue's history finds out, whatever the
// period: its instants, and who did the work. Times are unix ms, 0 never.
type trail struct {
	omega     float32 // product weight of METHOD 2.2; 0: no story
	kind      kind
	committed int64 // first sprint entry, selection or start, whichever came first
	started   int64 // first move into a started or completed status
	done      int64 // last move into a completed status that was not declined
	active    int64 // last recorded activity
	// Indexes into Snapshot.Changes, −1 where there is none.
	commitBy int32
	startBy  int32
	doneBy   int32
	// implementer held the issue longest while it was worked on.
	implementer backlog.PersonID
	// began is who held it first while it was worked on, an hour or longer. Who got
	// it later may have taken it over, or been asked to look at it.
	began     backlog.PersonID
	declined  bool // dropped, not finished
	noHistory bool
}

const (
	day  = int64(24 * 60 * 60 * 1000)
	hour = int64(60 * 60 * 1000)
)

// holder is somebody's time with an issue in hand; holders stand in the order
// they got it.
type holder struct {
	person backlog.PersonID
	millis int64
}

// sweeper walks issues one after another; its buffers are reused.
type sweeper struct {
	snap    *backlog.Snapshot
	flow    *Workflow
	asOf    int64
	roll    int64 // ms after a sprint's close in which a sprint change is roll-over
	holders []holder
}

func (s *sweeper) trail(it *backlog.Item) trail {
	t := trail{commitBy: -1, startBy: -1, doneBy: -1, active: max(it.Created, it.Resolved), kind: s.kindOf(it)}
	t.noHistory = it.History == backlog.HistoryNone
	changes := s.snap.ChangesOf(it)
	site := s.snap.Site

	status, assignee := it.Status, it.Assignee
	for i := range changes { // what stood before the first change of each
		if changes[i].Field == backlog.FieldStatus && changes[i].From > 0 {
			status = int32(site.Values[changes[i].From].Ref)
			break
		}
	}
	for i := range changes {
		if changes[i].Field == backlog.FieldAssignee {
			assignee = backlog.PersonID(site.Values[changes[i].From].Ref)
			break
		}
	}
	finisher, before := backlog.Nobody, assignee // assigned when it was finished, and before the entry at hand
	s.holders = s.holders[:0]
	since := it.Created
	for i := range changes {
		c := &changes[i]
		if c.At > s.asOf {
			break
		}
		t.active = max(t.active, c.At)
		at := it.ChangeLo + int32(i)
		if i == 0 || c.ID != changes[i-1].ID {
			before = assignee
		}
		switch c.Field {
		case backlog.FieldAssignee:
			s.hold(assignee, status, c.At-since)
			since = c.At
			assignee = backlog.PersonID(site.Values[c.To].Ref)
			if s.taken(&t, c, assignee) {
				finisher = assignee
			}
		case backlog.FieldStatus:
			s.hold(assignee, status, c.At-since)
			since = c.At
			to := int32(site.Values[c.To].Ref)
			s.move(&t, at, c, status, to)
			status = to
			switch {
			case t.doneBy != at:
			case assignee == c.Actor:
				finisher = assignee
			default:
				finisher = before
			}
		case backlog.FieldSprint:
			if t.commitBy < 0 && s.enters(c) {
				t.committed, t.commitBy = c.At, at
			}
		}
	}
	s.hold(assignee, status, s.asOf-since)
	if n := it.CommentHi - it.CommentLo; n > 0 {
		if at := s.snap.Comments[it.CommentHi-1].At; at <= s.asOf {
			t.active = max(t.active, at)
		}
	}
	if t.started > 0 && (t.commitBy < 0 || t.started < t.committed) {
		t.committed, t.commitBy = t.started, t.startBy
	}
	if finisher == backlog.Nobody {
		finisher = assignee
	}
	t.implementer = s.implementer(&t, finisher)
	t.began = t.implementer
	for _, h := range s.holders {
		if h.millis >= hour {
			t.began = h.person
			break
		}
	}
	t.omega = s.omega(it, &t)
	if t.done == 0 && t.noHistory && it.Resolved > 0 && site.Statuses[it.Status].Category == backlog.Completed {
		t.done = it.Resolved // known to be finished, not by whom
	}
	return t
}

// move takes one status change into account.
func (s *sweeper) move(t *trail, at int32, c *backlog.Event, from, to int32) {
	site := s.snap.Site
	fc, tc := site.Statuses[from].Category, site.Statuses[to].Category
	was := t.declined
	switch tc {
	case backlog.Started, backlog.Completed:
		t.declined = false
		if tc == backlog.Completed {
			said, dropped := s.declinedAt(at, c)
			if s.flow.stages[to] == StageDeclined || dropped || !said && was && fc == backlog.Completed {
				t.declined = true // closing what was resolved as a duplicate finishes nothing
				return            // and dropping what never began does not begin it
			}
			t.done, t.doneBy = c.At, at
		}
		if t.startBy < 0 {
			t.started, t.startBy = c.At, at
		}
	case backlog.Canceled, backlog.Duplicate:
		t.declined = true
	case backlog.Triage, backlog.Backlog, backlog.Unstarted:
		t.declined = false
		if fc.Pending() && t.commitBy < 0 && s.selects(from, to) {
			t.committed, t.commitBy = c.At, at
		}
	}
}

// taken reports whether an assignment is part of the entry that finished the issue,
// and to who finished it: they say that the work was theirs.
func (s *sweeper) taken(t *trail, c *backlog.Event, assignee backlog.PersonID) bool {
	if t.doneBy < 0 {
		return false
	}
	done := &s.snap.Changes[t.doneBy]
	return done.ID == c.ID && done.Actor == assignee
}

// selects reports whether a move between two pending statuses chooses the issue.
func (s *sweeper) selects(from, to int32) bool {
	f, t := s.flow.stages[from], s.flow.stages[to]
	return (f == StageBacklog || f == StageTriage) && t == StageReady
}

// declinedAt reports whether a resolution was set together with a move, and
// whether it says that the work was dropped.
func (s *sweeper) declinedAt(at int32, c *backlog.Event) (said, dropped bool) {
	near := func(i int32) bool {
		if i < 0 || int(i) >= len(s.snap.Changes) {
			return false
		}
		o := &s.snap.Changes[i]
		return o.ID == c.ID && o.At == c.At
	}
	for _, step := range []int32{-1, 1} {
		for i := at + step; near(i); i += step {
			if o := &s.snap.Changes[i]; o.Field == backlog.FieldResolution && o.To > 0 {
				return true, s.flow.declined[o.To]
			}
		}
	}
	return false, false
}

// enters reports whether a sprint change puts the issue into a sprint it was
// not in, roll-over aside.
func (s *sweeper) enters(c *backlog.Event) bool {
	return len(s.snap.Site.Values[c.To].Sprints) > 0 && !s.rollsOver(c)
}

// rollsOver reports whether a sprint change only carries the issue over from a
// sprint that closed shortly before.
func (s *sweeper) rollsOver(c *backlog.Event) bool {
	for _, i := range s.snap.Site.Values[c.From].Sprints {
		closed := s.snap.Site.Sprints[i].Completed
		if closed == 0 {
			closed = s.snap.Site.Sprints[i].End
		}
		if closed > 0 && c.At >= closed-hour && c.At <= closed+s.roll {
			return true
		}
	}
	return false
}

// hold credits time with the issue in hand; reviewing and testing weigh a tenth,
// so that who looked at it last does not pass for who built it.
func (s *sweeper) hold(p backlog.PersonID, status int32, millis int64) {
	if p == backlog.Nobody || millis <= 0 || s.snap.Site.Statuses[status].Category != backlog.Started {
		return
	}
	switch s.flow.stages[status] {
	case StageAcceptance, StageWaiting:
		return
	case StageReview, StageTest:
		millis = millis/10 + 1
	}
	for i := range s.holders {
		if s.holders[i].person == p {
			s.holders[i].millis += millis
			return
		}
	}
	s.holders = append(s.holders, holder{p, millis})
}

// implementer is who held the work longest; where nobody did, who was assigned
// when it was finished or now, else who took it into work.
func (s *sweeper) implementer(t *trail, assignee backlog.PersonID) backlog.PersonID {
	var best holder
	for _, h := range s.holders {
		if h.millis > best.millis {
			best = h
		}
	}
	if best.person != backlog.Nobody {
		return best.person
	}
	switch {
	case t.noHistory:
		return assignee
	case t.startBy < 0:
		return backlog.Nobody
	case assignee != backlog.Nobody:
		return assignee
	}
	if c := &s.snap.Changes[t.startBy]; s.snap.Site.Statuses[s.snap.Site.Values[c.To].Ref].Category == backlog.Started {
		return c.Actor
	}
	return backlog.Nobody
}

func (s *sweeper) kindOf(it *backlog.Item) kind {
	k := s.flow.kinds[it.Type]
	switch {
	case it.Level.OnRoadmap():
		return kindRoadmap
	case k == kindRoadmap:
		return kindRoadmap
	case it.Level < backlog.Story:
		return kindSub
	}
	return k
}

// omega is the product weight of METHOD 2.2: how much a story-level issue says
// about the product rather than about the engineering.
func (s *sweeper) omega(it *backlog.Item, t *trail) float32 {
	criteria := it.Flags&backlog.ItemHasCriteria != 0
	worker := t.implementer // who has it now may be the one asked to accept it
	if worker == backlog.Nobody {
		worker = it.Assignee
	}
	own := it.Reporter != backlog.Nobody && it.Reporter == worker
	switch t.kind {
	case kindStory:
		if own && !criteria {
			return .6
		}
		return 1
	case kindTask:
		switch {
		case criteria || it.Flags&backlog.ItemAsA != 0:
			return .9
		case own:
			return .05
		}
		return .25
	case kindUnknown:
		if own && !criteria {
			return .36
		}
		return .6
	}
	return 0
}
