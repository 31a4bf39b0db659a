// Package backlog holds the words of the trade: the nouns every other package
// speaks in, and the facts about them. It knows no tracker's JSON, no SQL, no
// clock and no files. All times are UTC.
//
// Two forms of the same things stand here. A [Batch] with its [Issue], [Change]
// and [Comment] values is what a connector hands in: rich, textual, one origin's
// own identifiers. A [Site] and its [Snapshot] values are what the store hands
// out: compact, every name interned to a number, ready to be swept.
package backlog

import (
	"fmt"
	"strings"
)

// Duty is one of the six things somebody has to do for a backlog.
type Duty uint8

// The duties, in the order reports show them. The first four are the product
// owner's work, the last two the product manager's.
const (
	Write      Duty = iota // who writes the stories
	Prioritise             // who decides what comes first
	Accept                 // who says it is done
	Answer                 // who answers the team's questions
	Roadmap                // who shapes the roadmap
	Market                 // who brings the market in
	DutyCount  = 6
)

var dutyNames = [DutyCount]string{"write", "prioritise", "accept", "answer", "roadmap", "market"}

// String returns the duty's name as JSON, CSV and the open views spell it.
func (d Duty) String() string {
	if int(d) < len(dutyNames) {
		return dutyNames[d]
	}
	return fmt.Sprintf("duty(%d)", uint8(d))
}

// Duties lists all duties in report order.
func Duties() []Duty { return []Duty{Write, Prioritise, Accept, Answer, Roadmap, Market} }

// Role is a product role, declared by somebody or found de facto.
type Role uint8

// The two roles this program looks for.
const (
	ProductOwner Role = iota
	ProductManager
	RoleCount = 2
)

// String returns "product-owner" or "product-manager".
func (r Role) String() string {
	if r == ProductOwner {
		return "product-owner"
	}
	return "product-manager"
}

// Title returns the role as a reader's sentence spells it.
func (r Role) Title() string { return strings.ReplaceAll(r.String(), "-", " ") }

// ParseRole reads "product-owner" or "product-manager" (also "po" and "pm").
func ParseRole(s string) (Role, error) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "product-owner", "product owner", "po":
		return ProductOwner, nil
	case "product-manager", "product manager", "pm":
		return ProductManager, nil
	}
	return 0, fmt.Errorf("role %q is neither product-owner nor product-manager", s)
}

// Category is the normal form of a workflow state's type: Linear's seven, onto
// which Jira's three status categories map (new → Unstarted, indeterminate →
// Started, done → Completed).
type Category uint8

// The categories, from not yet looked at to over.
const (
	CategoryUnknown Category = iota
	Triage
	Backlog
	Unstarted
	Started
	Completed
	Canceled
	Duplicate
)

var categoryNames = [...]string{"unknown", "triage", "backlog", "unstarted", "started", "completed", "canceled", "duplicate"}

// String returns the category's name as the open views spell it.
func (c Category) String() string {
	if int(c) < len(categoryNames) {
		return categoryNames[c]
	}
	return "unknown"
}

// ParseCategory is the inverse of [Category.String]; anything else is CategoryUnknown.
func ParseCategory(s string) Category {
	for i, n := range categoryNames {
		if n == s {
			return Category(i)
		}
	}
	return CategoryUnknown
}

// Open reports whether work in this category has neither been finished nor dropped.
func (c Category) Open() bool { return c < Completed }

// Pending reports whether work in this category has not been started.
func (c Category) Pending() bool { return c == Triage || c == Backlog || c == Unstarted }

// Level is an issue's height in the hierarchy: −1 sub-task, 0 story level,
// 1 epic (Linear: project), 2 and more initiative and above.
type Level int8

// The levels with a name.
const (
	SubTask    Level = -1
	Story      Level = 0
	Epic       Level = 1
	Initiative Level = 2
)

// OnRoadmap reports whether the level is above the stories.
func (l Level) OnRoadmap() bool { return l >= Epic }

// Field is the normal form of what a change changed.
type Field uint8

// The fields the analysis knows; every other one is FieldOther, kept under its
// tracker's own name. The numbers are stored: append, never reorder.
const (
	FieldOther       Field = iota
	FieldSummary           // Linear: title
	FieldDescription       // Measure: how much changed, see [Change]
	FieldCriteria          // an acceptance-criteria field of its own; Measure as FieldDescription
	FieldStatus            // Linear: state
	FieldResolution
	FieldPriority
	FieldRank   // manual order; Measure +1 higher, −1 lower, 0 unknown
	FieldSprint // Linear: cycle; raw value: the ids joined with ","
	FieldVersion
	FieldAssignee
	FieldReporter
	FieldEstimate
	FieldParent // parent, Epic Link, Parent Link; Linear: parent issue, project, initiative
	FieldDueDate
	FieldTargetStart
	FieldTargetEnd
	FieldLabels
	FieldComponent
	FieldLink // Measure: a [LinkKind]
	FieldFlagged
	FieldType
	FieldProject // moved to another project or team
	FieldKey
	FieldMilestone
	FieldAttachment
	FieldUpdate // a status update posted on a roadmap item (Linear's project and initiative updates)
	FieldNeed   // a customer's request linked to the issue (Linear's customer need, an idea's insight)
	FieldCount
)

var fieldNames = [FieldCount]string{
	"other", "summary", "description", "acceptance-criteria", "status", "resolution", "priority", "rank",
	"sprint", "version", "assignee", "reporter", "estimate", "parent", "due-date", "target-start", "target-end",
	"labels", "component", "link", "flagged", "type", "project", "key", "milestone", "attachment", "update", "need",
}

// String returns the field's normal name, as v_changes and evidence spell it.
func (f Field) String() string {
	if f < FieldCount {
		return fieldNames[f]
	}
	return "other"
}

// ParseField is the inverse of [Field.String]; anything else is FieldOther.
func ParseField(s string) Field {
	for i, n := range fieldNames {
		if n == s {
			return Field(i)
		}
	}
	return FieldOther
}

// Interned reports whether the field's values are few enough to be stored once
// each and loaded with a [Site]; the other fields' values are texts.
func (f Field) Interned() bool {
	switch f {
	case FieldStatus, FieldResolution, FieldPriority, FieldRank, FieldSprint, FieldVersion, FieldAssignee,
		FieldReporter, FieldEstimate, FieldParent, FieldDueDate, FieldTargetStart, FieldTargetEnd, FieldLabels,
		FieldComponent, FieldFlagged, FieldType, FieldProject, FieldMilestone:
		return true
	}
	return false
}

// LinkKind says what an issue link means to the analysis.
type LinkKind uint8

// The kinds of link with a meaning; all others are LinkOther.
const (
	LinkOther     LinkKind = iota
	LinkClones             // this issue is a copy of the other
	LinkClonedBy           // the other is a copy of this issue
	LinkSplitFrom          // this issue was split off the other
	LinkSplitTo            // the other was split off this issue
	LinkMarket             // the other is a customer's request, an idea or a feedback item
	LinkBlocks
	LinkBlockedBy
)

// AccountKind says what stands behind an account.
type AccountKind uint8

// The kinds; an absent or unknown type is a person (Data Center has no account types).
const (
	PersonAccount AccountKind = iota
	AppAccount
	CustomerAccount // somebody outside: a portal customer
)

var accountKindNames = [...]string{"person", "app", "customer"}

// String returns "person", "app" or "customer".
func (k AccountKind) String() string {
	if int(k) < len(accountKindNames) {
		return accountKindNames[k]
	}
	return "person"
}

// ParseAccountKind is the inverse of [AccountKind.String]; anything else is a person.
func ParseAccountKind(s string) AccountKind {
	for i, n := range accountKindNames {
		if n == s {
			return AccountKind(i)
		}
	}
	return PersonAccount
}

// History says how much of an issue's change history was obtained.
type History uint8

// How much there is.
const (
	HistoryNone     History = iota // the origin gave no history at all
	HistoryShort                   // some entries are known to be missing
	HistoryComplete                // everything the origin has
)

var historyNames = [...]string{"none", "short", "complete"}

// String returns "none", "short" or "complete".
func (h History) String() string { return historyNames[min(int(h), 2)] }
