package analysis

import (
	"defacto/backlog"
)

// reason says why an act does not count; counts means it does.
type reason uint8

const (
	counts reason = iota
	byMachine
	byRule
	byCustomer
	noAuthor
	rolledOver
	fromImport
	bySweep
	afterStart
	byStarter
	tooLittle
	byClerk
	byTemplate
	ownWork
	tooSmall
	releaseDay
	notYet
	ofTriage
	emptied
	afterRemark
)

var reasonText = [...]string{
	counts:      "",
	byMachine:   "made by a machine",
	byRule:      "an automation signing as this person",
	byCustomer:  "a customer's, from outside the team",
	noAuthor:    "nobody signs it",
	rolledOver:  "carried over from a closed sprint",
	fromImport:  "came with an import",
	bySweep:     "one of many closed at once",
	afterStart:  "made after the work had started",
	byStarter:   "put into the sprint by who started the work",
	tooLittle:   "weighs too little to be a decision",
	byClerk:     "typed by somebody who records others' decisions",
	byTemplate:  "made from a template or a recurrence",
	ownWork:     "closed by who did the work",
	tooSmall:    "too small a change",
	releaseDay:  "a version set on its release day",
	notYet:      "the issue was not committed, finished or asked about in the period",
	emptied:     "an empty issue whose first text somebody else wrote",
	afterRemark: "filed by testing after somebody's word",
	ofTriage:    "market evidence on a bug is support, not product",
}

// String returns the reason as v_acts and explain show it, "" where the act counts.
func (r reason) String() string { return reasonText[r] }

// act is one recorded event that counts, or would have counted, towards a duty.
type act struct {
	at     int64
	item   int32 // index into the items of the snapshot the act stands on
	ref    int32 // index into its Changes or Comments; unused for a creation
	person backlog.PersonID
	weight float32 // after all factors; 0 where why says so
	duty   backlog.Duty
	kind   actKind
	why    reason
	on     ground
}

// ground says where an act's item and ref point.
type ground uint8

const (
	inScope   ground = iota // Input.snap
	onRoadmap               // Input.road.snap
)

// source says what a ref points at.
type source uint8

const (
	fromCreation source = iota
	fromChange
	fromComment
)

// actKind is what was done.
type actKind uint8

const (
	actCreate actKind = iota
	actReport
	actDescribe // wrote a description where there was none
	actRewrite
	actSplit
	actClone
	actRank
	actPriority
	actVersion
	actSprint
	actSelect
	actTriage // taken out of triage into the backlog
	actDone
	actApprove
	actReject
	actAnswer
	actSettle // settled elsewhere, the asker says
	actHandBack
	actInitiative
	actEpic
	actDate
	actParent
	actTitle
	actMove
	actRemark
	actUpdate
	actNeed
	actCustomerLabel
	actFeedback
	actDecline
)

var actKinds = [...]struct {
	name   string
	source source
}{
	actCreate: {"create", fromCreation}, actReport: {"report", fromCreation}, actDescribe: {"describe", fromChange}, actRewrite: {"rewrite", fromChange},
	actSplit: {"split", fromCreation}, actClone: {"clone", fromCreation}, actRank: {"rank", fromChange}, actPriority: {"priority", fromChange},
	actVersion: {"version", fromChange}, actSprint: {"sprint", fromChange}, actSelect: {"select", fromChange}, actTriage: {"triage", fromChange}, actDone: {"done", fromChange},
	actApprove: {"approve", fromComment}, actReject: {"reject", fromChange}, actAnswer: {"answer", fromComment}, actSettle: {"settle", fromComment},
	actHandBack: {"hand-back", fromChange}, actInitiative: {"initiative", fromCreation}, actEpic: {"epic", fromCreation}, actDate: {"date", fromChange},
	actParent: {"parent", fromChange}, actTitle: {"title", fromChange}, actMove: {"status", fromChange}, actRemark: {"remark", fromComment},
	actUpdate: {"update", fromChange}, actNeed: {"need", fromChange}, actCustomerLabel: {"customer-label", fromChange},
	actFeedback: {"feedback", fromComment}, actDecline: {"decline", fromChange},
}

// String returns the act's name as v_acts shows it.
func (k actKind) String() string { return actKinds[k].name }

// unit is one thing a duty was due on: an issue, a question, or a roadmap item
// in one week. Its acts are Tally.acts[lo:hi]; nobody is the weight that falls
// to nobody beside them.
type unit struct {
	at     int64
	weight float32
	nobody float32
	item   int32
	lo, hi int32
	week   int32
	direct bool // its trace is direct, not inferred from a clerk's or a reporter's name
	on     ground
}

// week numbers ISO weeks: 1970-01-05 was a Monday.
func week(at int64) int32 { return int32((at - 4*day) / (7 * day)) }
