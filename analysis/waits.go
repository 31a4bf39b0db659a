package analysis

import (
	"cmp"
	"context"
	"slices"

	"defacto/analysis/statistics"
	"defacto/backlog"
)

// Wait measures how long the team's questions waited.
var Wait = &Pass[*Waits]{
	Meta: Meta{
		Name:     "waits",
		Question: "How long do the team's questions wait?",
		Doc: "Kaplan–Meier over the questions of the period, in working hours of the person asked; a question without a recorded answer still waits, until its issue was closed or the audit's as-of. " +
			"The interval of the median is Brookmeyer and Crowley's on the log-log scale. As closing an issue without an answer tells something, the median is also given for the case that all of those were answered at the close, and that none ever was. " +
			"Hours are those of the person asked, in the zone of their profile; without one in the zone most of the team's profiles tell (else the calendar's), unless the hours they themselves act at clearly say otherwise, which the report marks. Below 8 questions or 5 answers nothing is said.",
		Requires: []Analyzer{Questions},
	},
	Run: func(_ context.Context, in *Input) (*Waits, error) {
		asked := Questions.Result(in)
		w := &Waits{
			Outcome: asked.outcome, Why: asked.why, Questions: len(asked.timed), Possible: asked.possible,
			ByPerson: []PersonWait{}, Curve: []CurvePoint{},
			Items: WaitItems{rows: make([]waitRow, 0, len(asked.timed)), people: in.Site.People, sources: in.Site.Sources},
		}
		spells := func() []statistics.Spell { return make([]statistics.Spell, 0, len(asked.timed)) }
		answers, responses, wall := spells(), spells(), spells()
		for i := range asked.timed {
			q := &asked.timed[i]
			row, spell := in.waited(q)
			w.Items.add(in.book.snap, in.book.snap.Items[q.item].Key, row)
			answers = append(answers, spell)
			wall = append(wall, statistics.Spell{Length: row.wall(), Cause: spell.Cause})
			responses = append(responses, in.responded(q))
			if q.open() {
				w.Open++
				w.Closed += btoi(q.closed > 0)
			} else {
				w.Answered++
			}
		}
		w.ByPerson = in.waitsByPerson(asked)
		switch {
		case w.Outcome != Measured:
		case w.Questions == 0:
			w.Outcome, w.Why = NotApplicable, "no question put to anybody is recorded"
			if w.Possible > 0 {
				w.Outcome, w.Why = TooFew, sentence("%d possible questions, none of them put to anybody in particular", w.Possible)
			}
		case float64(w.Questions) < in.Method.MinQuestions || float64(w.Answered) < in.Method.MinAnswers:
			w.Outcome, w.Why = TooFew, sentence("%d questions with %d answers are too few to say how long they wait", w.Questions, w.Answered)
		default:
			km, early, late := statistics.Bounds(answers, func(i int) bool { return asked.timed[i].closed > 0 })
			w.MedianHours = km.Median()
			w.LowHours, w.HighHours = km.QuantileInterval(.5, .9)
			w.P90Hours = km.Quantile(.9)
			w.IfAnswered, w.IfNever = early.Median(), late.Median()
			mean := km.RestrictedMean(in.Method.MeanHorizon)
			w.MeanHours = &mean
			w.FirstResponse = statistics.KaplanMeier(responses).Median()
			w.WallMedian = statistics.KaplanMeier(wall).Median()
			curve := km.Curve(.9)
			w.Curve = slices.Grow(w.Curve, len(curve))
			for _, p := range curve {
				w.Curve = append(w.Curve, CurvePoint{Hours: p.Time, Open: p.Open, Low: p.Low, High: p.High})
			}
		}
		return w, nil
	},
}

// waited is one question as a reader sees it, and as the curve does.
func (in *Input) waited(q *question) (waitRow, statistics.Spell) {
	b := in.book
	it := &b.snap.Items[q.item]
	r := waitRow{
		source: it.Source, level: it.Level, comment: b.snap.Comments[q.remark].ID, asker: q.asker, target: q.target,
		at: q.at, until: q.until(b.asOf), open: q.open(), closed: q.closed > 0, relayed: q.relayed,
	}
	r.hours = in.clock.Hours(q.target, q.at, r.until)
	in.mark(q.asker)
	in.mark(q.target)
	spell := statistics.Spell{Length: r.hours, Cause: statistics.Censored}
	if q.open() {
		return r, spell
	}
	spell.Cause = 1
	r.by = q.by
	in.mark(q.by)
	if r.byCommented = actKinds[q.kind].source == fromComment; r.byCommented {
		r.answer = b.snap.Comments[q.ref].ID
	} else {
		r.answer = b.snap.Changes[q.ref].ID
	}
	return r, spell
}

// responded is the first clock: until anybody but the asker said anything.
func (in *Input) responded(q *question) statistics.Spell {
	first := q.response
	if first == 0 || q.answered > 0 && q.answered < first {
		first = q.answered // an edit or a hand-back is a response too
	}
	if first > 0 {
		return statistics.Spell{Length: in.clock.Hours(q.target, q.at, first), Cause: 1}
	}
	return statistics.Spell{Length: in.clock.Hours(q.target, q.at, q.until(in.book.asOf)), Cause: statistics.Censored}
}

// waitsByPerson gives each person asked their own line; an answer by somebody
// else is a competing end, not a missing one (Aalen–Johansen).
func (in *Input) waitsByPerson(asked *Asked) []PersonWait {
	by := map[backlog.PersonID][]*question{}
	for i := range asked.timed {
		if q := &asked.timed[i]; q.target != backlog.Nobody {
			by[q.target] = append(by[q.target], q)
		}
	}
	list := make([]PersonWait, 0, len(by))
	for p, qs := range by {
		w := PersonWait{Person: in.id(p), Questions: len(qs), Outcome: TooFew}
		w.Zone, w.ZoneFrom = in.clock.zone(p)
		spells := make([]statistics.Spell, 0, len(qs))
		answers := 0
		for _, q := range qs {
			s := statistics.Spell{Length: in.clock.Hours(p, q.at, q.until(in.book.asOf)), Cause: statistics.Censored}
			switch {
			case q.open():
				w.Open++
			case q.by == p:
				s.Cause, answers = 1, answers+1
			default:
				s.Cause, w.ByOthers = 2, w.ByOthers+1
			}
			spells = append(spells, s)
		}
		if float64(len(qs)) >= in.Method.MinQuestions && float64(answers) >= in.Method.MinAnswers {
			ends := statistics.AalenJohansen(spells)
			w.Outcome, w.MedianHours = Measured, ends.Quantile(1, .5)
			own, others := ends.At(1, in.clock.dayHours(p)), ends.At(2, in.clock.dayHours(p))
			w.WithinDay, w.WithinDayOthers = &own, &others
		}
		list = append(list, w)
	}
	slices.SortFunc(list, func(a, b PersonWait) int {
		if c := cmp.Compare(b.Questions, a.Questions); c != 0 {
			return c
		}
		return cmp.Compare(a.Person, b.Person)
	})
	return list
}

// expecting tells how long a question without a recorded answer is likely to have waited.
type expecting struct {
	in    *Input
	asked map[backlog.PersonID]*statistics.Survival // nil where too little is known
}

// hours is the expected part of so many hours for which a question to somebody waited:
// the mean of the wait restricted to them, by the questions to the same person or, where
// those are too few, by all. Where those are too few as well, it waited all the time.
func (e *expecting) hours(p backlog.PersonID, most float64) float64 {
	for _, who := range [2]backlog.PersonID{p, backlog.Nobody} {
		if km := e.curve(who); km != nil {
			return min(most, km.RestrictedMean(most))
		}
	}
	return most
}

// curve is the survival of the questions to somebody, or to anybody.
func (e *expecting) curve(p backlog.PersonID) *statistics.Survival {
	if km, known := e.asked[p]; known {
		return km
	}
	if e.asked == nil {
		e.asked = map[backlog.PersonID]*statistics.Survival{}
	}
	var spells []statistics.Spell
	answers := 0
	for i, q := range Questions.Result(e.in).timed {
		if p != backlog.Nobody && q.target != p {
			continue
		}
		s := statistics.Spell{Length: Wait.Result(e.in).Items.rows[i].hours, Cause: statistics.Censored}
		if !q.open() {
			s.Cause = 1
			answers++
		}
		spells = append(spells, s)
	}
	e.asked[p] = nil
	if m := e.in.Method; float64(len(spells)) >= m.MinQuestions && float64(answers) >= m.MinAnswers {
		km := statistics.KaplanMeier(spells)
		e.asked[p] = &km
	}
	return e.asked[p]
}
