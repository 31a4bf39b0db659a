package reports

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/fatih/color"

	"defacto/analysis"
	"defacto/backlog"
)

// table is the audit on a terminal: an index where there are several scopes,
// then each scope's audit, then the limits.
type table struct{ Options }

// manyScopes is where an audit on a terminal shows each scope in brief.
const manyScopes = 12

// Render writes the audit, fitted to Options.Width.
func (f table) Render(w io.Writer, r *analysis.Report) error {
	t := &audit{terminal: &terminal{width: f.Width, color: f.Color}, report: r, people: peopleOf(r), options: f.normal()}
	if err := t.render(); err != nil {
		return err
	}
	if _, err := w.Write(t.Bytes()); err != nil {
		return fmt.Errorf("reports: table: %w", err)
	}
	return nil
}

type audit struct {
	*terminal
	report  *analysis.Report
	people  people
	options Options
}

func (t *audit) render() error {
	t.line(t.paint("Who really runs this backlog", color.Bold))
	t.text(foreword(t.report, t.options), 0, color.Faint)
	if len(t.report.Scopes) == 0 {
		t.line("")
		t.line("No scope was audited.")
	}
	if len(t.report.Scopes) > 1 {
		if err := t.index(); err != nil {
			return err
		}
	}
	for i := range t.report.Scopes {
		if err := t.scope(&t.report.Scopes[i], len(t.report.Scopes) > manyScopes); err != nil {
			return err
		}
	}
	t.limits()
	return nil
}

// foreword says what the reader holds in one line.
func foreword(r *analysis.Report, o Options) string {
	words := []string{count(len(r.Scopes), "scope", "scopes")}
	if n := periodsIn(r); n > 1 {
		words[0] += " over " + strconv.Itoa(n) + " periods"
	}
	if !r.AsOf.IsZero() {
		words = append(words, "as of "+when(r.AsOf, o.Zone)+" "+zoneName(r, o))
	}
	words = append(words, "waits in "+clockWords(r.Clock))
	if r.Rules.Evaluated > 0 {
		words = append(words, fmt.Sprintf("%s tried, %d raised a finding", count(r.Rules.Evaluated, "rule", "rules"), r.Rules.Raised))
	}
	return strings.Join(words, ", ") + "."
}

// periodsIn is how many periods the scope with most of them has.
func periodsIn(r *analysis.Report) int {
	n := 0
	for i := range r.Scopes {
		n = max(n, len(r.Scopes[i].Periods))
	}
	return n
}

func zoneName(r *analysis.Report, o Options) string {
	name, _ := r.AsOf.In(o.Zone).Zone()
	return name
}

// index is one line a scope.
func (t *audit) index() error {
	t.head("scopes")
	scope, count := 16, 8
	switch {
	case t.width >= 160:
		scope = 40
	case t.width >= 100:
		scope = 26
	case t.width < 60:
		scope, count = 10, 3
	}
	who := (t.width - scope - count - 6) / 2
	cols := []column{
		{head: "Scope", width: scope, tight: true},
		{head: "Product owner", width: who, tight: true},
		{head: "Product manager", width: who, tight: true},
		{head: "Findings", width: count, right: true, tight: true},
	}
	if t.width < 60 {
		cols[1].head, cols[2].head, cols[3].head = "Owner", "Manager", "n"
	}
	var rows [][]string
	for i := range t.report.Scopes {
		s := &t.report.Scopes[i]
		row := []string{clip(clean(s.Scope), 80), "no period", "", ""}
		if p := latest(s); p != nil {
			row[1] = t.people.holder(p.Roles[backlog.ProductOwner.String()])
			row[2] = t.people.holder(p.Roles[backlog.ProductManager.String()])
			row[3] = strconv.Itoa(len(p.Findings))
		}
		rows = append(rows, row)
	}
	return t.grid(cols, rows)
}

func (t *audit) scope(s *analysis.ScopeReport, brief bool) error {
	p := latest(s)
	t.line("")
	t.rule("=", "━")
	title := scopeTitle(s)
	if p != nil {
		title += ", " + clean(p.Period)
		if d := days(p); d != "" {
			title += " (" + d + ")"
		}
	}
	t.text(title, 0, color.Bold)
	if p == nil {
		t.line("No period was audited.")
		return nil
	}
	t.line("")
	t.text(clip(clean(p.Headline), longest), 0)
	if len(s.Periods) > 1 && (t.options.Trend || !brief) {
		if err := t.trend(s); err != nil {
			return err
		}
	}
	if t.options.Trend {
		return nil
	}
	if brief {
		t.briefly(s, p)
		return nil
	}
	for _, part := range []func(*analysis.PeriodReport) error{t.matrix, t.roles, t.waits, t.forest} {
		if err := part(p); err != nil {
			return err
		}
	}
	t.findings(p)
	t.coverage(p)
	return nil
}

// briefly names a scope's findings where there are too many scopes to show all.
func (t *audit) briefly(s *analysis.ScopeReport, p *analysis.PeriodReport) {
	for _, f := range inOrder(p.Findings) {
		t.hanging("- ", 2, label(f)+": "+clip(clean(f.Statement), longest))
	}
	t.text("The whole audit: defacto audit --scope "+clean(s.Scope), 0, color.Faint)
}

// roles sets the declared beside the de facto.
func (t *audit) roles(p *analysis.PeriodReport) error {
	t.head("declared and de facto")
	if t.width < 72 {
		for _, role := range roles() {
			t.line(t.paint(role.Title(), color.Bold))
			t.hanging("  declared  ", 12, t.people.declared(p, role.String()))
			t.hanging("  de facto  ", 12, t.people.deFacto(p.Roles[role.String()]))
			t.hanging("  compared  ", 12, comparison(p.Match[role.String()], "-"))
		}
	} else {
		const label = 15
		each := min((t.width-label-6)/3, 50)
		var rows [][]string
		for _, role := range roles() {
			rows = append(rows, []string{role.Title(), t.people.declared(p, role.String()), t.people.deFacto(p.Roles[role.String()]), comparison(p.Match[role.String()], "-")})
		}
		cols := []column{{head: "Role", width: label}, {head: "Declared", width: each}, {head: "De facto", width: each}, {head: "Comparison", width: each}}
		if err := t.grid(cols, rows); err != nil {
			return err
		}
	}
	if p.Structure != "" {
		t.text("Structure: "+structureWords(p.Structure)+".", 0)
	}
	return nil
}

// declared names the declared holders of a role and who says so.
func (p people) declared(period *analysis.PeriodReport, role string) string {
	ids := period.Declared[role]
	if len(ids) == 0 {
		return "nobody"
	}
	var words []string
	for _, id := range ids {
		name := p.name(id)
		var origins []string
		for _, o := range period.Origins[role] {
			if o.Person == id {
				origins = append(origins, clean(o.Origin))
			}
		}
		if len(origins) > 0 {
			name += " (" + strings.Join(origins, ", ") + ")"
		}
		words = append(words, name)
	}
	return strings.Join(words, ", ")
}

// deFacto is a role's verdict with its probability and its reservations.
func (p people) deFacto(r *analysis.RoleReport) string {
	words := p.holder(r)
	if r == nil {
		return words
	}
	if r.P > 0 && r.Person != "" {
		words += ", probability " + odds(r.P)
	}
	if r.Words != "" {
		words += ", " + clean(r.Words)
	}
	if r.Proxy {
		words += ", by proxy"
	}
	if r.Sensitive {
		words += ", depends on the weights"
	}
	if r.Why != "" {
		words += ": " + clip(clean(r.Why), 160)
	}
	return words
}

// comparison is a match in words with the share recorded for somebody else.
func comparison(m *analysis.Match, dash string) string {
	words := matchWords(m)
	if d := distance(m, dash); d != "" {
		words += "; " + d + " recorded for others"
	}
	return words
}

// distance is that share with its interval, "" where there is none.
func distance(m *analysis.Match, dash string) string {
	if m == nil || m.Distance == nil {
		return ""
	}
	words := inWords(*m.Distance)
	if s := between(m.Low, m.High, "share", dash); s != "" {
		words += " (" + s + ")"
	}
	return words
}

func (t *audit) forest(p *analysis.PeriodReport) error {
	if len(p.Forest) == 0 {
		return nil
	}
	t.head("forest and trees")
	t.text("Of what somebody touched, the share above story level.", 0, color.Faint)
	cols := []column{{head: "Person", width: max(t.width/4, 12), tight: true}, {head: "roadmap", right: true}, {head: "stories", right: true}, {head: "index"}}
	if t.width < 60 {
		cols[1].head, cols[2].head = "road", "story"
	}
	var rows [][]string
	for _, f := range p.Forest[:min(10, len(p.Forest))] {
		rows = append(rows, []string{t.people.name(f.Person), strconv.Itoa(f.Roadmap), strconv.Itoa(f.Story), index(&f, "-")})
	}
	if err := t.grid(cols, rows); err != nil {
		return err
	}
	for _, f := range p.Forest[:min(10, len(p.Forest))] {
		if f.Note != "" {
			t.hanging("  ", 2, t.people.name(f.Person)+": "+clip(clean(f.Note), 200))
		}
	}
	if rest := len(p.Forest) - 10; rest > 0 {
		t.line("and " + strconv.Itoa(rest) + " more")
	}
	return nil
}

// index spells a forest index with its interval.
func index(f *analysis.Forest, dash string) string {
	if f.Index == nil {
		return "too few"
	}
	s := percent(*f.Index)
	if i := between(f.Low, f.High, "share", dash); i != "" {
		s += "  " + i
	}
	return s
}
