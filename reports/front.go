package reports

import (
	"slices"
	"strconv"
	"strings"

	"defacto/analysis"
	"defacto/backlog"
)

// namedScopes is how many scopes a sentence about all of them lists by name.
const namedScopes = 4

// lead says in a sentence or two what the scopes of a report come to: who owns
// them against the declaration, and where something asks for an act.
func (m viewer) lead() string {
	var said []string
	if s := ownership(m.report); s != "" {
		said = append(said, capital(s)+".")
	}
	loud := 0
	var where []string
	for i := range m.report.Scopes {
		s := &m.report.Scopes[i]
		n := loudIn(latest(s))
		if loud += n; n > 0 {
			where = append(where, shownName(s.Name, s.Scope))
		}
	}
	switch {
	case loud == 0:
		said = append(said, "No finding asks for an act or a notice.")
	case len(where) > namedScopes:
		said = append(said, count(loud, "finding asks", "findings ask")+" for an act or a notice, in "+strconv.Itoa(len(where))+" of them.")
	default:
		said = append(said, count(loud, "finding asks", "findings ask")+" for an act or a notice, in "+joined(where)+".")
	}
	return strings.Join(said, " ")
}

// ownership counts the backlogs that somebody else owns than declared, and those
// that nobody does; "" where there are none of either.
func ownership(r *analysis.Report) string {
	var differs, vacant int
	for i := range r.Scopes {
		p := latest(&r.Scopes[i])
		if p == nil {
			continue
		}
		role := backlog.ProductOwner.String()
		if h := p.Roles[role]; h != nil && h.Verdict == "vacant" {
			vacant++
		} else if match := p.Match[role]; match != nil && match.Outcome == "differs" {
			differs++
		}
	}
	all := " of " + strconv.Itoa(len(r.Scopes)) + " backlogs "
	var parts []string
	if differs > 0 {
		parts = append(parts, strconv.Itoa(differs)+all+is(differs)+" owned by somebody else than declared")
		all = " "
	}
	if vacant > 0 {
		parts = append(parts, strconv.Itoa(vacant)+all+is(vacant)+" owned by nobody")
	}
	return strings.Join(parts, ", ")
}

// rests says what the newest periods of all scopes rest on.
func (m viewer) rests() string {
	var all analysis.Coverage
	var gaps, periods []string
	for i := range m.report.Scopes {
		s := &m.report.Scopes[i]
		p := latest(s)
		if p == nil {
			continue
		}
		all.Issues, all.Changes, all.Comments = all.Issues+p.Coverage.Issues, all.Changes+p.Coverage.Changes, all.Comments+p.Coverage.Comments
		if !p.Coverage.Complete {
			gaps = append(gaps, shownName(s.Name, s.Scope))
		}
		if name := clip(clean(p.Period), 60); !slices.Contains(periods, name) {
			periods = append(periods, name)
		}
	}
	if len(periods) == 0 {
		return ""
	}
	read := "Shown is " + joined(periods) + ": " + count(all.Issues, "issue", "issues") + ", " + count(all.Changes, "change", "changes") + ", " + count(all.Comments, "comment", "comments")
	switch {
	case len(gaps) == 0:
		return read + "; complete as far as the trackers tell."
	case len(gaps) > namedScopes:
		return read + "; with gaps in " + strconv.Itoa(len(gaps)) + " scopes."
	}
	return read + "; with gaps in " + joined(gaps) + "."
}

// overTime sets a scope's periods side by side, question by question.
func (m viewer) overTime(s *analysis.ScopeReport) *trendsView {
	v := &trendsView{}
	for i := range s.Periods {
		v.Periods = append(v.Periods, clip(clean(s.Periods[i].Period), 60))
	}
	add := func(title, held string, say func(p *analysis.PeriodReport) string) {
		row := trendRow{Name: title}
		for i := range s.Periods {
			c := trendCell{Period: v.Periods[i], Text: say(&s.Periods[i])}
			c.Moved = held != "" && i > 0 && m.moved(&s.Periods[i-1], &s.Periods[i], held)
			row.Cells = append(row.Cells, c)
		}
		v.Rows = append(v.Rows, row)
	}
	for _, q := range Questions() {
		held := ""
		if q.held() {
			held = q.Name
		}
		add(q.Title, held, func(p *analysis.PeriodReport) string { return m.answer(p, q.Name) })
	}
	for _, id := range watched(s) {
		add("Forest index, "+m.people.name(id), "", func(p *analysis.PeriodReport) string { return forestOf(p, id, "–") })
	}
	return v
}
