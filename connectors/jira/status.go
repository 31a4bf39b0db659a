package jira

import (
	"strings"

	"defacto/backlog"
)

// status reads a workflow state.
func (r *reader) status() (backlog.Status, error) {
	var s backlog.Status
	if r.kind() != '{' {
		err := r.into(&s.Name)
		return s, err
	}
	err := r.object(func(member string) (err error) {
		switch member {
		case "id":
			return r.into(&s.ID)
		case "name":
			return r.into(&s.Name)
		case "statusCategory":
			s.Category, err = r.category()
			return err
		}
		return r.skip()
	})
	return s, err
}

// category reads a status category. Its number, its key and its colour say the
// same thing, except where an export was edited by hand: then two of three count,
// and the number, which nobody translates, where all differ.
func (r *reader) category() (backlog.Category, error) {
	if r.kind() != '{' { // newer lists say TODO, IN_PROGRESS or DONE
		w, err := r.word()
		return categoryOfKey(w), err
	}
	var id, key, colour string
	err := r.object(func(member string) error {
		switch member {
		case "id":
			return r.into(&id)
		case "key":
			return r.into(&key)
		case "colorName":
			return r.into(&colour)
		}
		return r.skip()
	})
	byID, byKey, byColour := categoryOfID(id), categoryOfKey(key), categoryOfColour(colour)
	switch {
	case byID == backlog.CategoryUnknown && byKey == backlog.CategoryUnknown:
		return byColour, err
	case byID == backlog.CategoryUnknown, byKey == byColour && byKey != backlog.CategoryUnknown:
		return byKey, err
	}
	return byID, err
}

func categoryOfID(id string) backlog.Category {
	switch id {
	case "2":
		return backlog.Unstarted
	case "4":
		return backlog.Started
	case "3":
		return backlog.Completed
	}
	return backlog.CategoryUnknown
}

func categoryOfKey(key string) backlog.Category {
	switch strings.ToLower(key) {
	case "new", "todo":
		return backlog.Unstarted
	case "indeterminate", "in_progress":
		return backlog.Started
	case "done":
		return backlog.Completed
	}
	return backlog.CategoryUnknown
}

func categoryOfColour(colour string) backlog.Category {
	switch colour {
	case "blue-gray":
		return backlog.Unstarted
	case "yellow", "inprogress":
		return backlog.Started
	case "green":
		return backlog.Completed
	}
	return backlog.CategoryUnknown
}

// factoryStatus is the category of the states every Jira began with, for servers
// older than status categories.
func factoryStatus(id string) backlog.Category {
	switch id {
	case "1", "4": // Open, Reopened
		return backlog.Unstarted
	case "3": // In Progress
		return backlog.Started
	case "5", "6": // Resolved, Closed
		return backlog.Completed
	}
	return backlog.CategoryUnknown
}
