package reports

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"defacto/analysis"
	"defacto/backlog"
)

type personPage struct {
	Heads    []string
	Rows     []personRow
	Findings []findingView
}

// personRow is somebody's part in one scope.
type personRow struct {
	Name, Key, Link string
	Roles           string
	Cells           []cellView
	Forest          string
}

// Person writes what a report says of somebody in each scope's latest period:
// the part in every duty, the roles, the forest index, the findings about them.
// It lists the scopes they play a part in; none means that they play none.
func (p *Pages) Person(r *analysis.Report, id string) (body template.HTML, scopes []string, err error) {
	m := p.viewer(r)
	var v personPage
	for _, d := range backlog.Duties() {
		v.Heads = append(v.Heads, dutyTitle(d))
	}
	for i := range r.Scopes {
		s := &r.Scopes[i]
		now := latest(s)
		if now == nil || !slices.Contains(mentionedIn(now), id) {
			continue
		}
		m.opt.at.scope, m.opt.at.period = s.Scope, now.Period
		scopes = append(scopes, s.Scope)
		if row, counted := m.part(s, now, id); counted {
			v.Rows = append(v.Rows, row)
		}
		for _, f := range inOrder(now.Findings) {
			if slices.Contains(f.People, id) {
				v.Findings = append(v.Findings, m.finding(f, "f"+strconv.Itoa(len(v.Findings)+1)))
			}
		}
	}
	body, err = p.write("page-person", v)
	return body, scopes, err
}

// part is somebody's row; counted is false where they only stand in the evidence.
func (m viewer) part(s *analysis.ScopeReport, p *analysis.PeriodReport, id string) (row personRow, counted bool) {
	row = personRow{Name: shownName(s.Name, s.Scope), Key: clip(clean(s.Scope), 200), Link: m.opt.at.page(s.Scope, p.Period), Forest: "none"}
	for _, name := range backlog.Duties() {
		c := cellView{Who: dutyTitle(name), Empty: true}
		if d := p.Duties[name.String()]; d != nil {
			if share := shareOf(d, id); share != nil {
				c = cellView{Who: c.Who, Share: percent(share.Share), Span: span(share.Low, share.High, "–"), Heat: heat(share.Share), Lead: d.Verdict == "single" && d.Person == id}
				counted = true
			}
		}
		row.Cells = append(row.Cells, c)
	}
	if f := forestIn(p, id); f != nil {
		row.Forest, counted = index(f, "–"), true
	}
	var words []string
	for _, role := range roles() {
		if r := p.Roles[role.String()]; r != nil && r.Person == id {
			switch r.Verdict {
			case "single":
				words = append(words, role.Title()+" as recorded")
			case "leaning":
				words = append(words, "leaning to "+role.Title())
			}
			counted = true
		}
		if slices.Contains(p.Declared[role.String()], id) {
			words, counted = append(words, "declared "+role.Title()), true
		}
	}
	row.Roles = capital(strings.Join(words, ", "))
	return row, counted
}

// Issue writes the events of an issue that a report's latest findings cite, each
// once; "" where there are none.
func (p *Pages) Issue(r *analysis.Report, key string) (template.HTML, error) {
	m := p.viewer(r)
	var v evidenceList
	seen := map[string]bool{}
	for i := range r.Scopes {
		now := latest(&r.Scopes[i])
		if now == nil {
			continue
		}
		m.opt.at.scope, m.opt.at.period = r.Scopes[i].Scope, now.Period
		for j := range now.Findings {
			for _, list := range [][]analysis.Evidence{now.Findings[j].Evidence, now.Findings[j].Against} {
				for _, e := range list {
					if strings.EqualFold(e.Issue, key) && !seen[e.Event] {
						seen[e.Event] = true
						v = append(v, m.evidence([]analysis.Evidence{e}, 1)...)
					}
				}
			}
		}
	}
	if len(v) == 0 {
		return "", nil
	}
	return p.write("page-issue", v)
}
