package sample

import (
	"strconv"

	"defacto/backlog"
)

// The vocabulary of the made-up tracker: a Jira of the plainest sort.

// state is a workflow state; what it is called is the bank's.
type state uint8

const (
	open state = iota
	selected
	progress
	waiting
	review
	inTest
	accepting
	done
	dropped
)

// vocabulary is what a tracker calls its states and types.
type vocabulary struct {
	states [dropped + 1]string
	kinds  [initiative + 1]string
}

// statuses lists the workflow's states.
func (v *vocabulary) statuses() []backlog.Status {
	list := make([]backlog.Status, len(v.states))
	for i, name := range v.states {
		category := backlog.Started
		switch s := state(i); {
		case s <= selected:
			category = backlog.Unstarted
		case s >= done:
			category = backlog.Completed // Jira's "done" does not tell dropped work apart
		}
		list[i] = backlog.Status{ID: strconv.Itoa(10001 + i), Name: name, Category: category, Position: i}
	}
	return list
}

// kind is an issue type.
type kind uint8

const (
	story kind = iota
	task
	bug
	subtask
	epic
	initiative
)

// types lists the issue types.
func (v *vocabulary) types() []backlog.Type {
	list := make([]backlog.Type, len(v.kinds))
	for i, name := range v.kinds {
		level := backlog.Story
		switch kind(i) {
		case subtask:
			level = backlog.SubTask
		case epic:
			level = backlog.Epic
		case initiative:
			level = backlog.Initiative
		}
		list[i] = backlog.Type{ID: strconv.Itoa(10100 + i), Name: name, Level: level}
	}
	return list
}

func priorities() []string { return []string{"Highest", "High", "Medium", "Low", "Lowest"} }

// medium is the priority new issues get.
const medium = 2

// requestLabel marks what a customer asked for.
const requestLabel = "customer-request"

// fieldName returns Jira's own name of a field and its id.
func fieldName(f backlog.Field) (name, id string) {
	switch f {
	case backlog.FieldVersion:
		return "Fix Version", "fixVersions"
	case backlog.FieldRank:
		return "Rank", "customfield_10019"
	case backlog.FieldSprint:
		return "Sprint", "customfield_10020"
	case backlog.FieldEstimate:
		return "Story Points", "customfield_10016"
	case backlog.FieldParent:
		return "IssueParentAssociation", ""
	case backlog.FieldDueDate:
		return "duedate", "duedate"
	case backlog.FieldTargetStart:
		return "Target start", "customfield_10022"
	case backlog.FieldTargetEnd:
		return "Target end", "customfield_10023"
	case backlog.FieldLink:
		return "Link", "issuelinks"
	case backlog.FieldFlagged:
		return "Flagged", "customfield_10021"
	}
	return f.String(), f.String()
}
