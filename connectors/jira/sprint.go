package jira

import (
	"cmp"
	"slices"
	"strings"

	"defacto/backlog"
)

// sprintMark is what every sprint of a Data Center's Sprint field contains.
const sprintMark = "greenhopper.service.sprint.Sprint@"

// sprint reads a sprint as an object, as the text Data Center makes of it, or as
// a bare id. The sprint without an ID is none.
func (r *reader) sprint() (backlog.Sprint, error) {
	var s backlog.Sprint
	if r.kind() != '{' {
		w, err := r.text()
		if strings.Contains(w, sprintMark) {
			return parseSprint(w), err
		}
		if isNumber(w) {
			s.ID = w
		}
		return s, err
	}
	err := r.object(func(member string) error {
		switch member {
		case "id":
			return r.into(&s.ID)
		case "name":
			return r.into(&s.Name)
		case "state":
			return r.into(&s.State)
		case "startDate":
			return r.when(&s.Start)
		case "endDate":
			return r.when(&s.End)
		case "completeDate":
			return r.when(&s.Completed)
		}
		return r.skip()
	})
	s.State = strings.ToLower(s.State)
	return s, err
}

// parseSprint reads "…Sprint@1f2e[id=3,rapidViewId=1,state=CLOSED,name=a,b[c],
// startDate=…,goal=…]". Names and goals may hold commas, brackets and even other
// keys: a key counts only where its value is well-formed. Older servers put the
// id last, newer ones first.
func parseSprint(text string) backlog.Sprint {
	var s backlog.Sprint
	open := strings.IndexByte(text, '[')
	if open < 0 {
		return s
	}
	body := strings.TrimSuffix(text[open+1:], "]")
	marks := sprintKeys(body)
	for i, m := range marks {
		end := len(body)
		if i+1 < len(marks) {
			end = marks[i+1].at
		}
		value := body[min(m.at+len(m.key)+2, end):end]
		if m.key != "name" && m.key != "goal" {
			value, _, _ = strings.Cut(value, ",")
		}
		if value == "<null>" {
			value = ""
		}
		switch m.key {
		case "id":
			if s.ID == "" || marks[0].key != "id" {
				s.ID = value
			}
		case "state":
			s.State = strings.ToLower(value)
		case "name":
			if s.Name == "" {
				s.Name = value
			}
		case "startDate":
			s.Start = parseTime(value)
		case "endDate":
			s.End = parseTime(value)
		case "completeDate":
			s.Completed = parseTime(value)
		}
	}
	return s
}

type sprintKey struct {
	key string
	at  int // of the comma before it; -1 for the first
}

const longestSprintKey = len("incompleteIssuesDestinationId")

// sprintKeys finds the places in a sprint's text where a key with a well-formed
// value begins. After the name only a date or what follows the dates can.
func sprintKeys(body string) []sprintKey {
	var found []sprintKey
	for at := -1; at < len(body); {
		rest := body[at+1:]
		if equals := strings.IndexByte(rest[:min(len(rest), longestSprintKey+1)], '='); equals > 0 {
			key, value := rest[:equals], rest[equals+1:]
			next := strings.IndexByte(value, ',')
			if next < 0 {
				next = len(value)
			}
			if sprintValue(key, value[:next]) {
				found = append(found, sprintKey{key, at})
			}
		}
		step := strings.IndexByte(rest, ',')
		if step < 0 {
			break
		}
		at += step + 1
	}
	return found
}

// sprintValue reports whether key is a sprint's and value may stand behind it.
func sprintValue(key, value string) bool {
	switch key {
	case "name", "goal":
		return true
	case "id":
		return isNumber(value)
	case "rapidViewId", "sequence", "incompleteIssuesDestinationId":
		return value == "<null>" || isNumber(value)
	case "state":
		return value == "ACTIVE" || value == "CLOSED" || value == "FUTURE"
	case "startDate", "endDate", "completeDate", "activatedDate":
		return value == "<null>" || !parseTime(value).IsZero()
	case "synced", "autoStartStop":
		return value == "true" || value == "false"
	}
	return false
}

// parseSprintIDs reads the ids of a changelog's sprint value: "76, 79".
func parseSprintIDs(s string) string {
	if strings.IndexByte(s, ',') < 0 {
		return strings.TrimSpace(s)
	}
	ids := strings.Split(s, ",")
	kept := ids[:0]
	for _, id := range ids {
		if id = strings.TrimSpace(id); id != "" {
			kept = append(kept, id)
		}
	}
	return strings.Join(kept, ",")
}

// bySprintTime sorts sprints oldest first: by start, then by number; those
// without a start come last.
func bySprintTime(a, b backlog.Sprint) int {
	if a.Start.IsZero() != b.Start.IsZero() {
		if a.Start.IsZero() {
			return 1
		}
		return -1
	}
	if c := a.Start.Compare(b.Start); c != 0 {
		return c
	}
	return compareIDs(a.ID, b.ID)
}

// addSprint notes a sprint of the issue being read, each once, keeping what the
// fuller mention says.
func addSprint(list []backlog.Sprint, s backlog.Sprint) []backlog.Sprint {
	if s.ID == "" {
		return list
	}
	i := slices.IndexFunc(list, func(o backlog.Sprint) bool { return o.ID == s.ID })
	if i < 0 {
		return append(list, s)
	}
	list[i] = joinSprints(list[i], s)
	return list
}

// joinSprints fills the blanks of one mention of a sprint from another.
func joinSprints(a, b backlog.Sprint) backlog.Sprint {
	a.Name, a.State = cmp.Or(a.Name, b.Name), cmp.Or(a.State, b.State)
	a.Start, a.End, a.Completed = cmp.Or(a.Start, b.Start), cmp.Or(a.End, b.End), cmp.Or(a.Completed, b.Completed)
	return a
}

// compareIDs orders ids: numbers by size, then everything else as text.
func compareIDs(a, b string) int {
	an, bn := isNumber(a), isNumber(b)
	switch {
	case an != bn && an:
		return -1
	case an != bn:
		return 1
	case an && len(a) != len(b):
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

func isNumber(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
