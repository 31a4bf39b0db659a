package sample

import (
	"strconv"

	"defacto/backlog"
)

// The vocabulary of the made-up tracker: a Jira of the plainest sort.

// state is a workflow state.
type state uint8

const (
	open      state = iota // "Backlog"
	selected               // "Selected for Development"
	progress               // "In Progress"
	waiting                // "Waiting for Product"
	review                 // "In Review"
	inTest                 // "In Test"
	accepting              // "Acceptance"
	done                   // "Done"
	dropped                // "Won't Do"
)

func states() []backlog.Status {
	list := []backlog.Status{
		{Name: "Backlog", Category: backlog.Unstarted},
		{Name: "Selected for Development", Category: backlog.Unstarted},
		{Name: "In Progress", Category: backlog.Started},
		{Name: "Waiting for Product", Category: backlog.Started},
		{Name: "In Review", Category: backlog.Started},
		{Name: "In Test", Category: backlog.Started},
		{Name: "Acceptance", Category: backlog.Started},
		{Name: "Done", Category: backlog.Completed},
		{Name: "Won't Do", Category: backlog.Completed},
	}
	for i := range list {
		list[i].ID, list[i].Position = strconv.Itoa(10001+i), i
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

func kinds() []backlog.Type {
	return []backlog.Type{
		{ID: "10100", Name: "Story", Level: backlog.Story},
		{ID: "10101", Name: "Task", Level: backlog.Story},
		{ID: "10102", Name: "Bug", Level: backlog.Story},
		{ID: "10103", Name: "Sub-task", Level: backlog.SubTask},
		{ID: "10104", Name: "Epic", Level: backlog.Epic},
		{ID: "10105", Name: "Initiative", Level: backlog.Initiative},
	}
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
