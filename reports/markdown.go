package reports

import (
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"defacto/analysis"
	"defacto/backlog"
)

// markdown is the audit for a wiki page or a pull request: GitHub's tables,
// nothing that needs HTML. Tracker text is escaped so that it can neither
// format, link, mention nor break a table.
type markdown struct{ Options }

// Render writes the audit as Markdown.
func (f markdown) Render(w io.Writer, r *analysis.Report) error {
	m := &mdPage{report: r, people: peopleOf(r), opt: f.normal()}
	m.page()
	if _, err := io.WriteString(w, m.String()); err != nil {
		return fmt.Errorf("reports: markdown: %w", err)
	}
	return nil
}

type mdPage struct {
	strings.Builder
	report *analysis.Report
	people people
	opt    Options
}

func (m *mdPage) para(s string) { m.WriteString(s + "\n\n") }

func (m *mdPage) head(level int, s string) { m.para(strings.Repeat("#", level) + " " + s) }

func (m *mdPage) bullet(s string) { m.WriteString("- " + s + "\n") }

// table writes a table; right marks the columns of numbers.
func (m *mdPage) table(heads []string, right []bool, rows [][]string) {
	line := func(cells []string) { m.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	line(heads)
	rule := make([]string, len(heads))
	for i := range rule {
		rule[i] = "---"
		if right[i] {
			rule[i] = "---:"
		}
	}
	line(rule)
	for _, r := range rows {
		line(r)
	}
	m.WriteString("\n")
}

func (m *mdPage) page() {
	m.head(1, "Who really runs this backlog")
	m.para(md(foreword(m.report, m.opt)))
	if len(m.report.Scopes) == 0 {
		m.para("No scope was audited.")
	}
	if len(m.report.Scopes) > 1 {
		m.index()
	}
	for i := range m.report.Scopes {
		m.scope(&m.report.Scopes[i])
	}
	if len(m.report.Limits) > 0 {
		m.head(2, "What a tracker cannot see")
		for _, l := range m.report.Limits {
			m.bullet(md(clip(clean(l), longest)))
		}
		m.WriteString("\n")
	}
	if len(m.report.Settings) > 0 {
		m.head(2, "Settings that differ from the defaults")
		for _, s := range m.report.Settings {
			m.bullet(md(settingSentence(s)))
		}
		m.WriteString("\n")
	}
}

func (m *mdPage) index() {
	m.head(2, "Scopes")
	var rows [][]string
	for i := range m.report.Scopes {
		s := &m.report.Scopes[i]
		row := []string{md(clip(clean(s.Scope), 80)), "", "no period", "", ""}
		if p := latest(s); p != nil {
			row = []string{
				row[0], md(clean(p.Period)), md(m.people.holder(p.Roles[backlog.ProductOwner.String()])),
				md(m.people.holder(p.Roles[backlog.ProductManager.String()])), strconv.Itoa(len(p.Findings)),
			}
		}
		rows = append(rows, row)
	}
	m.table([]string{"Scope", "Period", "Product owner", "Product manager", "Findings"}, []bool{false, false, false, false, true}, rows)
}

func (m *mdPage) scope(s *analysis.ScopeReport) {
	m.head(2, md(scopeTitle(s)))
	if len(s.Periods) > 1 {
		m.trend(s)
	}
	for i := len(s.Periods) - 1; i >= 0 && !m.opt.Trend; i-- {
		m.period(&s.Periods[i])
	}
	if len(s.Periods) == 0 {
		m.para("No period was audited.")
	}
}

func (m *mdPage) trend(s *analysis.ScopeReport) {
	m.head(3, "Over time")
	heads, right := []string{" "}, []bool{false}
	for i := range s.Periods {
		heads, right = append(heads, md(clean(s.Periods[i].Period))), append(right, false)
	}
	rows := m.people.trend(s, "–")
	for _, row := range rows {
		for i := range row {
			row[i] = md(row[i])
		}
	}
	m.table(heads, right, rows)
}

func (m *mdPage) period(p *analysis.PeriodReport) {
	title := md(clean(p.Period))
	if d := days(p); d != "" {
		title += " (" + d + ")"
	}
	m.head(3, title)
	if p.Headline != "" {
		m.para("**" + md(clip(clean(p.Headline), longest)) + "**")
	}
	m.matrix(p)
	m.roles(p)
	m.waits(p)
	m.forest(p)
	m.findings(p)
	m.head(4, "What this rests on")
	for _, s := range coverageSentences(&p.Coverage) {
		m.bullet(md(s))
	}
	m.WriteString("\n")
}

func (m *mdPage) matrix(p *analysis.PeriodReport) {
	m.head(4, "Who does what")
	who := cast(p)
	shown := who[:min(8, len(who))]
	heads, right := []string{"Duty"}, []bool{false}
	for _, id := range shown {
		heads, right = append(heads, md(m.people.name(id))), append(right, true)
	}
	heads, right = append(heads, "nobody", "n", "Verdict"), append(right, true, true, false)
	var rows [][]string
	for _, name := range backlog.Duties() {
		d := p.Duties[name.String()]
		if d == nil {
			d = &analysis.DutyReport{}
		}
		row := []string{dutyTitle(name)}
		for _, id := range shown {
			c := " "
			if s := shareOf(d, id); s != nil {
				c = md(percent(s.Share)) + " (" + span(s.Low, s.High, "–") + ")"
			}
			row = append(row, c)
		}
		rows = append(rows, append(row, md(nobodyCell(d))+" ", sampleCell(d)+" ", md(m.people.verdict(d))))
	}
	m.table(heads, right, rows)
	m.para("Share of what is recorded with its 90 % interval; n counts the units, in brackets what they are worth as evidence.")
	if rest := who[len(shown):]; len(rest) > 0 {
		m.para("And " + count(len(rest), "more person", "more people") + ": " + md(strings.Join(m.people.all(rest[:min(40, len(rest))]), ", ")) + ".")
	}
}

func (m *mdPage) roles(p *analysis.PeriodReport) {
	m.head(4, "Declared and de facto")
	var rows [][]string
	for _, role := range roles() {
		rows = append(rows, []string{
			role.Title(), md(m.people.declared(p, role.String())), md(m.people.deFacto(p.Roles[role.String()])),
			md(comparison(p.Match[role.String()], "–")),
		})
	}
	m.table([]string{"Role", "Declared", "De facto", "Comparison"}, make([]bool, 4), rows)
	if p.Structure != "" {
		m.para("Structure: " + md(structureWords(p.Structure)) + ".")
	}
}

func (m *mdPage) waits(p *analysis.PeriodReport) {
	if p.Waits == nil {
		return
	}
	m.head(4, "How long questions wait")
	m.para(md(waitSentence(p.Waits, m.report.Clock, "–")))
	if len(p.Waits.ByPerson) == 0 {
		return
	}
	var rows [][]string
	for _, b := range p.Waits.ByPerson {
		rows = append(rows, []string{md(m.people.name(b.Person)), strconv.Itoa(b.Questions), strconv.Itoa(b.Open), strconv.Itoa(b.ByOthers), personMedian(b), withinDay(b)})
	}
	m.table([]string{"Asked", "Questions", "Open", "Answered by others", "Median", "Within a day"}, []bool{false, true, true, true, true, true}, rows)
	for _, words := range m.people.zoneSentences(p.Waits) {
		m.para(md(words))
	}
}

func (m *mdPage) forest(p *analysis.PeriodReport) {
	if len(p.Forest) == 0 {
		return
	}
	m.head(4, "Forest and trees")
	var rows [][]string
	for _, f := range p.Forest {
		rows = append(rows, []string{md(m.people.name(f.Person)), strconv.Itoa(f.Roadmap), strconv.Itoa(f.Story), md(index(&f, "–")), md(clip(clean(f.Note), 200)) + " "})
	}
	m.table([]string{"Person", "Roadmap touches", "Story touches", "Forest index", "Note"}, []bool{false, true, true, true, false}, rows)
}

func (m *mdPage) findings(p *analysis.PeriodReport) {
	m.head(4, fmt.Sprintf("Findings (%d)", len(p.Findings)))
	if len(p.Findings) == 0 {
		m.para("None was raised.")
	}
	for i, f := range inOrder(p.Findings) {
		m.para(strconv.Itoa(i+1) + ". **" + md(clip(clean(f.Statement), longest)) + "**")
		in := func(s string) { m.para("   " + s) }
		in(md(label(f) + "; " + measureSentence(f.Measure, "–")))
		if e := m.keys(f.Evidence, 10); e != "" {
			in("Evidence: " + e)
		}
		if e := m.keys(f.Against, 3); e != "" {
			in("Against: " + e)
		}
		if f.Advice != "" {
			in("Next: " + md(clip(clean(f.Advice), 400)))
		}
		if f.Note != nil {
			in(md(noteSentence(f.Note, m.people, m.opt)))
		}
		in("`defacto explain " + mdCode(f.ID) + "`")
	}
}

// keys names the issues a finding rests on, with links to the tracker.
func (m *mdPage) keys(evidence []analysis.Evidence, few int) string {
	var names []string
	seen := map[string]bool{}
	for _, e := range evidence {
		if seen[e.Issue] {
			continue
		}
		seen[e.Issue] = true
		name := md(clip(clean(e.Issue), 40))
		if u := safeURL(e.URL); u != "" {
			name = "[" + name + "](<" + u + ">)"
		}
		names = append(names, name)
	}
	if rest := len(names) - few; rest > 0 {
		return strings.Join(names[:few], ", ") + " and " + strconv.Itoa(rest) + " more"
	}
	return strings.Join(names, ", ")
}

// safeURL returns an http or https address that cannot break out of a link, ""
// for anything else.
func safeURL(s string) string {
	u, err := url.Parse(clean(s))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return ""
	}
	return strings.NewReplacer("<", "%3C", ">", "%3E", "\\", "%5C", "|", "%7C", "`", "%60", `"`, "%22", "'", "%27", " ", "%20").Replace(u.String())
}

// md escapes clean text for a line of Markdown or a table cell: no emphasis, no
// code, no link, no HTML, no mention that would call somebody, no new column.
func md(s string) string {
	var b strings.Builder
	runes := []rune(s)
	for i, r := range runes {
		next := rune(0)
		if i+1 < len(runes) {
			next = runes[i+1]
		}
		switch {
		case r == '<':
			b.WriteString("&lt;")
			continue
		case r == '>':
			b.WriteString("&gt;")
			continue
		case r == '&':
			b.WriteString("&amp;")
			continue
		case r == '@' && unicode.IsLetter(next):
			b.WriteString("@\u200b") // a zero width space: no mention, and no autolinked address
			continue
		case strings.ContainsRune("\\`*_[]|~#", r), r == '!' && next == '[', r == ':' && next == '/', r == '.' && i >= 3 && strings.EqualFold(string(runes[i-3:i]), "www"):
			b.WriteByte('\\')
		case i == 0 && strings.ContainsRune("+-=", r):
			b.WriteByte('\\')
		case (r == '.' || r == ')') && i > 0 && i <= 9 && digits(runes[:i]):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func digits(runes []rune) bool {
	for _, r := range runes {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}

// mdCode makes a text fit between two backticks.
func mdCode(s string) string { return strings.NewReplacer("`", "'", "|", "/").Replace(clean(s)) }
