package reports

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"defacto/analysis"
	"defacto/backlog"
)

// indexRow is one scope among many.
type indexRow struct {
	Name, Key, Link        string
	Owner, Manager         personView
	OwnerNote, ManagerNote string // where the declaration says otherwise
	Roadmap, Wait          *slopeView
	Gaps                   bool
	Loud, Count            int
}

// Index writes the scopes whose numbers in the report are given: who holds the
// roles in the latest period, and how attention and waits moved over all periods.
func (p *Pages) Index(r *analysis.Report, scopes []int) (template.HTML, error) {
	m := p.viewer(r)
	var rows []indexRow
	for _, n := range scopes {
		rows = append(rows, m.row(&r.Scopes[n], "i"+strconv.Itoa(n)))
	}
	return p.write("page-index", rows)
}

func (m viewer) row(s *analysis.ScopeReport, id string) indexRow {
	v := indexRow{Name: shownName(s.Name, s.Scope), Key: clip(clean(s.Scope), 200), Link: m.opt.at.page(s.Scope, "")}
	now := latest(s)
	if now == nil {
		v.Owner.Name, v.Manager.Name = "no period", "no period"
		return v
	}
	m.opt.at.scope, m.opt.at.period = s.Scope, now.Period
	v.Link = m.opt.at.page(s.Scope, now.Period)
	v.Owner, v.OwnerNote = m.holding(now, backlog.ProductOwner)
	v.Manager, v.ManagerNote = m.holding(now, backlog.ProductManager)
	v.Roadmap, v.Wait = m.roadmapSlope(s, id+"r"), m.waitSlope(s, id+"w")
	if v.Wait == nil {
		v.Wait = &slopeView{Is: medianWait(now.Waits)}
	}
	v.Gaps = !now.Coverage.Complete
	v.Count = len(now.Findings)
	v.Loud = loudIn(now)
	return v
}

// Loud reports whether a finding asks for an act or a notice. Those that are only
// worth a look do not: the method is not sure enough of them.
func Loud(f *analysis.Finding) bool {
	return f.Outcome == analysis.Measured && !f.Worth && (f.Severity == "act" || f.Severity == "notice")
}

func loudIn(p *analysis.PeriodReport) (n int) {
	if p == nil {
		return 0
	}
	for i := range p.Findings {
		if Loud(&p.Findings[i]) {
			n++
		}
	}
	return n
}

// holding is who holds a role, and what was declared where that is somebody else.
func (m viewer) holding(p *analysis.PeriodReport, role backlog.Role) (who personView, note string) {
	r := p.Roles[role.String()]
	who.Name = m.people.holder(r)
	if r != nil && (r.Verdict == "single" || r.Verdict == "leaning") {
		who.Link = m.opt.at.person(r.Person)
	}
	if match := p.Match[role.String()]; match != nil && match.Outcome == "differs" {
		note = "declared: " + clip(joined(m.people.all(p.Declared[role.String()])), 120)
	}
	return who, note
}

// Question is something a trend can follow over the periods.
type Question struct{ Name, Title string }

// held reports whether somebody may hold what it asks for.
func (q Question) held() bool { return q.Name != "wait" && q.Name != "findings" }

// Questions lists what [Pages.Trends] follows.
func Questions() []Question {
	var list []Question
	for _, r := range roles() {
		list = append(list, Question{r.String(), capital(r.Title())})
	}
	for _, d := range backlog.Duties() {
		list = append(list, Question{d.String(), dutyTitle(d)})
	}
	return append(list, Question{"wait", "Median wait"}, Question{"findings", "Findings"})
}

type trendsView struct {
	Title   string
	Periods []string
	Rows    []trendRow
}

type trendRow struct {
	Name, Key, Link string
	Cells           []trendCell
}

type trendCell struct {
	Period, Text string
	Moved        bool // another answer than the period before
}

// Trends sets the scopes' answers to one of the [Questions] side by side, period
// by period. An unknown question is the first.
func (p *Pages) Trends(r *analysis.Report, scopes []int, question string) (template.HTML, error) {
	m := p.viewer(r)
	all := Questions()
	at := max(0, slices.IndexFunc(all, func(q Question) bool { return q.Name == question }))
	v := trendsView{Title: all[at].Title}
	for _, n := range scopes {
		s := &r.Scopes[n]
		row := trendRow{Name: shownName(s.Name, s.Scope), Key: clip(clean(s.Scope), 200), Link: m.opt.at.page(s.Scope, "")}
		for i := range s.Periods {
			name := clip(clean(s.Periods[i].Period), 60)
			if len(v.Periods) <= i {
				v.Periods = append(v.Periods, name)
			}
			c := trendCell{Period: name, Text: m.answer(&s.Periods[i], all[at].Name)}
			c.Moved = all[at].held() && i > 0 && m.moved(&s.Periods[i-1], &s.Periods[i], all[at].Name)
			row.Cells = append(row.Cells, c)
		}
		v.Rows = append(v.Rows, row)
	}
	return p.write("page-trends", v)
}

// answer is a period's answer to a question, short enough for a cell.
func (m viewer) answer(p *analysis.PeriodReport, question string) string {
	switch question {
	case "wait":
		return medianWait(p.Waits)
	case "findings":
		return strconv.Itoa(len(p.Findings))
	}
	if r, ok := p.Roles[question]; ok {
		return m.people.holder(r)
	}
	return m.people.leader(p.Duties[question])
}

// moved reports whether somebody else holds a role or a duty than a period
// before; where one of the two could not say, nothing is known to have moved.
func (m viewer) moved(before, now *analysis.PeriodReport, question string) bool {
	was, is := m.holders(before, question), m.holders(now, question)
	return was != "" && is != "" && was != is
}

// holders is who holds it without the numbers, "" where that cannot be said.
func (m viewer) holders(p *analysis.PeriodReport, question string) string {
	if r, ok := p.Roles[question]; ok {
		if r == nil || r.Verdict == "insufficient" || r.Verdict == "" {
			return ""
		}
		return strings.TrimPrefix(m.people.holder(r), "leaning to ")
	}
	switch d := p.Duties[question]; {
	case d == nil || d.Verdict == "insufficient" || d.Verdict == "":
		return ""
	case d.Verdict == "single":
		return m.people.name(d.Person)
	default:
		return m.people.whoLeads(d)
	}
}

// Trend writes a scope's periods side by side, with charts.
func (p *Pages) Trend(r *analysis.Report, s *analysis.ScopeReport) (template.HTML, error) {
	m := p.viewer(r)
	var v struct {
		Charts []figureView
		Table  *trendsView
		Link   []personView
	}
	v.Table = m.overTime(s)
	for i, name := range v.Table.Periods {
		v.Link = append(v.Link, personView{name, m.opt.at.page(s.Scope, s.Periods[i].Period)})
	}
	if latest(s) != nil {
		for i, f := range []*figure{splitMap(s, m.people), forestChart(s, m.people)} {
			if f != nil {
				v.Charts = append(v.Charts, f.view("t"+strconv.Itoa(i)))
			}
		}
	}
	return p.write("page-trend", v)
}

type coverageRow struct {
	Name, Key, Link, Read string
	Gaps                  bool
	Notes                 []string
}

// Coverage says what the latest period of each of the scopes rests on, those
// with gaps first, and what no tracker can see.
func (p *Pages) Coverage(r *analysis.Report, scopes []int) (template.HTML, error) {
	m := p.viewer(r)
	var v struct {
		Limits, Settings []string
		Gaps             int
		Rows             []coverageRow
	}
	for _, l := range r.Limits {
		v.Limits = append(v.Limits, sentence(l, longest))
	}
	for _, s := range r.Settings {
		v.Settings = append(v.Settings, settingSentence(s))
	}
	for _, n := range scopes {
		s := &r.Scopes[n]
		row := coverageRow{Name: shownName(s.Name, s.Scope), Key: clip(clean(s.Scope), 200), Read: "no period"}
		if now := latest(s); now != nil {
			said := coverageSentences(&now.Coverage)
			row.Link, row.Read, row.Notes, row.Gaps = m.opt.at.page(s.Scope, now.Period), said[0], said[1:], !now.Coverage.Complete
		}
		if row.Gaps {
			v.Gaps++
		}
		v.Rows = append(v.Rows, row)
	}
	slices.SortStableFunc(v.Rows, func(a, b coverageRow) int { return first(b.Gaps) - first(a.Gaps) })
	return p.write("page-coverage", v)
}

func first(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
