package sample

import "defacto/backlog"

// journal keeps what was really decided, apart from the traces of it.
type journal struct {
	decisions []decision
	questions []question
	stories   []cycle
	meetings  []meeting
	chores    []chore
}

// decision is one unit of a duty: who really made it, and whom the surviving
// traces point to.
type decision struct {
	duty     backlog.Duty
	at       int64 // the instant that says which quarter it falls in
	touched  int64 // when the decider dealt with it
	item     *draft
	who      int
	recorded int  // nobody where no trace of the decider survived
	clerical bool // only somebody else's typing survived: no evidence either way
	orphan   bool // duty prioritise: on nothing that stands on the roadmap
}

// question is one question to product.
type question struct {
	item         *draft
	asker, asked int
	answerer     int  // nobody: not answered by the as-of
	late         bool // answered, but after the as-of
	at, answered int64
	seconds      int64 // working time of the one asked until the true answer
	recorded     bool  // the tracker shows an answer, or says that there was one
	relayed      bool
	elsewhere    bool
}

// cycle is one finished story's time from start to done and what it waited for.
type cycle struct {
	item        *draft
	start, done int64
	waits       []wait
}

// wait is a stretch of time in which a story needed one person.
type wait struct {
	who      int
	from, to int64
}

// meeting is a member dealing with an issue; two members with meetings on one
// issue have met.
type meeting struct {
	who    int
	item   *draft
	at     int64
	slight bool // they wrote it up, ordered it, or said something that decided nothing
}

// chore is an issue somebody was assigned to.
type chore struct {
	who   int
	story bool
	at    int64
}

// decided notes a decision.
func (j *journal) decided(d decision) { j.decisions = append(j.decisions, d) }

// met notes that a member dealt with an issue.
func (j *journal) met(who int, item *draft, at int64) {
	if who != nobody {
		j.meetings = append(j.meetings, meeting{who: who, item: item, at: at})
	}
}

// slightly notes that a member had to do with an issue, but need not have met
// anybody on it: they wrote it up, ordered it, or remarked on it in passing.
func (j *journal) slightly(who int, item *draft, at int64) {
	if who != nobody {
		j.meetings = append(j.meetings, meeting{who: who, item: item, at: at, slight: true})
	}
}
