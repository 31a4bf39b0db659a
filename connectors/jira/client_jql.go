package jira

import (
	"fmt"
	"strings"
	"time"
)

// clause is a piece of JQL. Values get into one only through the functions below,
// which quote them all: a project named AS or OR is as good as any other, and no
// value can end its own string.
type clause string

// quote writes a JQL string.
func quote(v string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range strings.ToValidUTF8(v, "�") {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func inProject(key string) clause { return clause("project = " + quote(key)) }

func withIDs(ids []string) clause {
	quoted := make([]string, len(ids))
	for i, id := range ids {
		quoted[i] = quote(id)
	}
	return clause("id in (" + strings.Join(quoted, ", ") + ")")
}

// openIssues are those in no status of the category Done.
const openIssues clause = "statusCategory != Done"

// filled is a custom field, by its number, that is not empty.
func filled(number int) clause { return clause(fmt.Sprintf("cf[%d] is not EMPTY", number)) }

// from is a lower bound on created or updated, to the minute, in the zone of the
// caller's profile: JQL knows no other. Where the zone is not known, or its
// clocks change around that time, the bound is moved back enough to be safe.
func from(field string, at time.Time, zone *time.Location) clause {
	switch {
	case zone == nil:
		at, zone = at.Add(-24*time.Hour), time.UTC
	case offset(at.Add(-2*time.Hour), zone) != offset(at.Add(2*time.Hour), zone):
		at = at.Add(-2 * time.Hour)
	}
	return clause(field + " >= " + quote(at.In(zone).Format("2006-01-02 15:04")))
}

func offset(at time.Time, zone *time.Location) int {
	_, seconds := at.In(zone).Zone()
	return seconds
}

func allOf(a, b clause) clause { return a + " AND " + b }
func anyOf(a, b clause) clause { return "(" + a + " OR " + b + ")" }

// inOrder is the whole query. The order never changes under a reader: nothing
// moves an issue in it but a deletion.
func (c clause) inOrder() string { return string(c) + " ORDER BY created ASC, key ASC" }
