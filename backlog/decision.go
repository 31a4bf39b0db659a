package backlog

import "time"

// DecisionKind is what was decided about accounts.
type DecisionKind string

// The kinds of decisions.
const (
	MergeAccounts DecisionKind = "merge"  // they are one person
	SplitAccounts DecisionKind = "split"  // each is a person of its own
	MarkAccounts  DecisionKind = "mark"   // they are of the kind Mark
	ForgetPerson  DecisionKind = "forget" // they stand in for somebody who was erased
)

// Decision is what a person decided by hand about who is who.
type Decision struct {
	ID       int64
	Kind     DecisionKind
	Accounts []string // "source:account", sorted
	Name     string   // of a merged person, "" leaves the accounts' own
	Mark     AccountKind
	Why, By  string
	At       time.Time
	Undone   time.Time // zero: it counts
	UndoneBy string
}
