package analysis

import (
	"context"

	"defacto/backlog"
)

// Answer measures who answers the team.
var Answer = &Pass[*Tally]{
	Meta: Meta{
		Name:     "answer",
		Question: "Who answers the team's questions?",
		Doc: "The unit is one question asked in the period (see questions). It goes to who answered: 1, or 0.7 where the answer was a hand-back or was given elsewhere by somebody the asker names. " +
			"A question without a recorded answer ten working days later is nobody's, whether its story was finished meanwhile or not; one that is younger, or whose story was dropped, says nothing. " +
			"It cannot see answers given in chat.",
		Requires: []Analyzer{Questions},
	},
	Run: func(_ context.Context, in *Input) (*Tally, error) {
		asked := Questions.Result(in)
		r := newRecorder(in, backlog.Answer, len(asked.timed))
		r.tally.Outcome, r.tally.Why = "", asked.why
		if asked.outcome != Measured {
			r.tally.Outcome = asked.outcome
		}
		for i := range asked.timed {
			r.asked(&asked.timed[i])
		}
		t := r.close()
		switch {
		case t.Outcome != NotApplicable:
		case len(asked.timed) > 0:
			t.Outcome, t.Why = TooFew, sentence("%d questions, none with a recorded answer and none that waited long enough to be nobody's", len(asked.timed))
		case asked.possible > 0:
			t.Outcome, t.Why = TooFew, sentence("%d possible questions, none of them put to anybody in particular", asked.possible)
		}
		return t, nil
	},
}

// asked writes the unit of one question.
func (r *recorder) asked(q *question) {
	omega := r.in.book.trails[q.item].omega
	u := unit{at: q.at, item: q.item, weight: omega}
	if q.open() {
		// The time runs on when the story is finished without the answer: the team
		// decided for itself. Of what was dropped nobody needs to know any more.
		if q.closed > 0 && r.in.book.trails[q.item].declined {
			return
		}
		if r.in.clock.Hours(q.target, q.at, r.in.book.asOf) < r.in.Method.NobodyAnswerHours {
			return
		}
		u.nobody, u.direct = 1, true
		r.unit(u)
		return
	}
	a := act{at: q.answered, item: q.item, ref: q.ref, person: q.by, kind: q.kind, weight: 1}
	if q.kind != actAnswer {
		a.weight = .7
	}
	u.direct = q.kind == actAnswer
	u.weight *= a.weight
	r.act(a)
	r.unit(u)
}
