package analysis

import (
	"cmp"
	"slices"

	"defacto/analysis/statistics"
	"defacto/backlog"
)

// SlowAnswers and the rule below judge how long questions wait.
var (
	SlowAnswers = rule("slow-answers", "Do the team's questions wait long?",
		"Raised where the Kaplan–Meier median wait is above 8 working hours, one working day.",
		nil, func(in *Input) ([]Finding, error) { return in.slowAnswers() })

	NoAnswer = rule("no-answer-recorded", "Do many questions have no recorded answer?",
		"Raised where at least 35 % of at least 8 timed questions have no recorded answer. Chat is not visible here.",
		nil, func(in *Input) ([]Finding, error) { return in.noAnswer() })
)

func (in *Input) slowAnswers() ([]Finding, error) {
	w, asked := Wait.Result(in), Questions.Result(in)
	if w.Outcome != Measured || w.MedianHours != nil && *w.MedianHours <= in.Method.SlowHours {
		return none()
	}
	f := in.raise("slow-answers", "", in.waitedFor(asked)...)
	switch {
	case w.MedianHours == nil:
		f.Statement = sentence("More than half of the %d questions %s put to somebody had no recorded answer by the time they ended.", w.Questions, in.title())
	default:
		f.Statement = sentence("Half of the questions in %s wait more than %.0f working hours (%s).", in.title(), *w.MedianHours, hoursBetween(w.LowHours, w.HighHours))
	}
	f.Worth, f.Severity = true, "notice"
	f.Confidence = wordsFor(in.Method, w.Questions)
	th := in.Method.SlowHours
	f.Measure = Measure{Name: "median_wait", Unit: "hours", Value: w.MedianHours, Low: w.LowHours, High: w.HighHours, Threshold: &th, N: w.Questions, NEff: float64(w.Questions)}
	f.Evidence, f.Against, f.Query = in.waitProof(asked, func(q *question) bool {
		return in.clock.Hours(q.target, q.at, q.until(in.book.asOf)) > in.Method.SlowHours
	})
	f.Rests = "Immediacy of answers is what an owner is for (S1); quick decisions (S4)."
	f.Advice = "Ask the team which channel they use for questions before concluding anything."
	return one(f)
}

func hoursBetween(low, high *float64) string {
	switch {
	case low == nil && high == nil:
		return "no bounds"
	case high == nil:
		return sentence("at least %.0f", *low)
	case low == nil:
		return sentence("at most %.0f", *high)
	}
	return sentence("%.0f–%.0f", *low, *high)
}

func wordsFor(m *Method, n int) string {
	if float64(n) >= m.FirmEffective {
		return "firm"
	}
	return "tentative"
}

func (in *Input) noAnswer() ([]Finding, error) {
	w, asked := Wait.Result(in), Questions.Result(in)
	if w.Outcome == NotRecorded || float64(w.Questions) < in.Method.MinQuestions {
		return none()
	}
	v := float64(w.Open) / float64(w.Questions)
	if v < in.Method.NoAnswerShare {
		return none()
	}
	f := in.raise("no-answer-recorded", "", in.waitedFor(asked)...)
	f.Statement = sentence("%d of %d questions in %s have no recorded answer; chat is not visible here.", w.Open, w.Questions, in.title())
	f.Worth, f.Severity = true, "notice"
	f.Confidence = wordsFor(in.Method, w.Questions)
	iv := statistics.Wilson(v, float64(w.Questions), .9)
	f.Measure = share("no_answer_share", v, iv.Low, iv.High, in.Method.NoAnswerShare, w.Questions, float64(w.Questions))
	f.Evidence, f.Against, f.Query = in.waitProof(asked, (*question).open)
	f.Rests = "The owner is the key point of contact (S1, S4)."
	f.Advice = "If answers are given in chat, a line in the issue saves the next reader the question."
	return one(f)
}

// waitedFor lists whom at least a quarter of the questions were put to.
func (in *Input) waitedFor(asked *Asked) []backlog.PersonID {
	n := map[backlog.PersonID]int{}
	for i := range asked.timed {
		n[asked.timed[i].target]++
	}
	var people []backlog.PersonID
	for p, k := range n {
		if p != backlog.Nobody && 4*k >= len(asked.timed) {
			people = append(people, p)
		}
	}
	slices.SortFunc(people, func(a, b backlog.PersonID) int {
		return cmp.Or(cmp.Compare(n[b], n[a]), cmp.Compare(in.id(a), in.id(b)))
	})
	return people
}

// waitProof cites the questions that bear a claim, the longest waits first, and
// the quickest answers against it.
func (in *Input) waitProof(asked *Asked, bears func(*question) bool) (proof, against []Evidence, query string) {
	proof, against = []Evidence{}, []Evidence{}
	var pros, cons []*question
	var keys []string
	for i := range asked.timed {
		q := &asked.timed[i]
		if bears(q) {
			pros = append(pros, q)
			keys = append(keys, in.book.snap.Items[q.item].Key)
		} else {
			cons = append(cons, q)
		}
	}
	wait := func(q *question) float64 { return in.clock.Hours(q.target, q.at, q.until(in.book.asOf)) }
	slices.SortStableFunc(pros, func(a, b *question) int { return cmp.Compare(wait(b), wait(a)) })
	slices.SortStableFunc(cons, func(a, b *question) int { return cmp.Compare(wait(a), wait(b)) })
	for _, q := range pros[:min(len(pros), citedFor)] {
		proof = append(proof, in.citeQuestion(q))
	}
	for _, q := range cons[:min(len(cons), citedAgainst)] {
		against = append(against, in.citeQuestion(q))
	}
	return proof, against, in.query(keys)
}

func (in *Input) citeQuestion(q *question) Evidence {
	e := in.cite(&act{at: q.at, item: q.item, ref: q.remark, person: q.asker, kind: actAnswer})
	wait := in.clock.Hours(q.target, q.at, q.until(in.book.asOf))
	switch {
	case q.open():
		e.Why = sentence("asked %s; no answer recorded after %.0f working hours", in.asked(q), wait)
	case q.by != backlog.Nobody:
		e.Why = sentence("asked %s; %s answered after %.1f working hours", in.asked(q), in.name(q.by), wait)
	default:
		e.Why = sentence("asked %s; settled elsewhere after %.1f working hours", in.asked(q), wait)
	}
	e.Weight = 0
	return e
}

func (in *Input) asked(q *question) string {
	if q.target == backlog.Nobody {
		return "nobody by name"
	}
	return in.name(q.target)
}
