package web

import (
	"net/url"
	"strings"

	"defacto/backlog"
	"defacto/reports"
)

// address builds one of the server's own addresses; empty values are left out.
// Names stand in the query, where no name a tracker allows can change the path.
func address(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// links leads from the parts of a report to the pages about them.
func links() reports.Links {
	return reports.Links{
		Scope: func(scope, period string) string {
			if period == "" {
				return address("/trend", "scope", scope)
			}
			return address("/scope", "scope", scope, "period", period)
		},
		Finding: func(id string) string { return address("/finding", "id", id) },
		Person: func(id, scope, period string) string {
			return address("/person", "id", id, "scope", scope, "period", period)
		},
		Issue: func(key, scope, period string) string {
			return address("/issue", "key", key, "scope", scope, "period", period)
		},
	}
}

// place reads the scope and the period out of a finding's id,
// SOURCE/KEY[/part:NAME]/PERIOD/code[/…]. A part's name may hold anything, so
// the last word that is a period counts.
func place(id string) (scope, period string, ok bool) {
	parts := strings.Split(id, "/")
	for i := len(parts) - 2; i >= 2; i-- {
		if parts[i] != "" && parts[i] != "all" && backlog.CheckPeriods(parts[i]) == nil {
			return strings.Join(parts[:i], "/"), parts[i], true
		}
	}
	return "", "", false
}
