package reports

import (
	"defacto/analysis"
	"defacto/backlog"
)

// PseudonymIDs returns the id that stands for each person in a pseudonymous
// report of these people with this salt, by the real id. Machines are left out: they
// keep theirs.
func PseudonymIDs(everybody []analysis.Person, salt []byte) map[string]string {
	a := &alias{salt: salt, people: map[string]pseudonym{}}
	for _, p := range everybody {
		if p.Kind != backlog.AppAccount.String() {
			a.add(p.ID)
		}
	}
	a.settle()
	ids := make(map[string]string, len(a.people))
	for id, p := range a.people {
		ids[id] = p.id
	}
	return ids
}
