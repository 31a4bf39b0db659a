package reports

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"defacto/analysis"
	"defacto/backlog"
	"defacto/reports/scene"
)

// How much of a large report stands open, or stands at all.
const (
	openScopes    = 3   // with more, the scopes are folded
	shownEvidence = 40  // events under a finding
	shownItems    = 200 // questions under a scope
	crowded       = 20  // with more, each shows fewItems questions
	fewItems      = 40
)

// view is a report as the HTML templates show it: every word ready, every text
// clean, nothing left to decide.
type view struct {
	Style    template.CSS
	Script   template.JS
	Policy   string
	Title    string
	Foreword string
	Lead     string // what all the scopes come to
	Rests    string // what all of them rest on
	Limits   []string
	Settings []string
	Scopes   []scopeView
	Rows     []indexRow // the index
	Index    bool
	Alone    bool // one scope: the limits stand inside it
	Folded   bool
}

type scopeView struct {
	ID, Key, Name string
	Limits        []string // what a tracker cannot see, where this is the only scope
	Now           *periodView
	Trend         *trendsView
	Charts        []figureView
	Earlier       []periodView
}

type periodView struct {
	ID, Name, Link, Days, Headline string
	Roles                          []roleView
	Structure                      string
	Read                           string
	Coverage                       []string
	Matrix                         matrixView
	Waits                          *waitsView
	Forest                         *tableView
	Findings                       []findingView
}

type roleView struct {
	Title, Class, Declared, Holder, HolderLink, Detail string
	Match, Outcome                                     string // the comparison in a word, and its name
	Distance                                           string // "86 % (80–92)", "" where there is none
}

type matrixView struct {
	People []personView
	Nobody bool // somebody, or nobody, has a share of anything
	Rows   []matrixRow
	More   []string
}

// personView is a name, with the page that tells more where there is one.
type personView struct{ Name, Link string }

type matrixRow struct {
	Duty, Sample, Verdict, Class string
	Cells                        []cellView
	Nobody                       *cellView
}

type cellView struct {
	Who, Share, Span string
	Heat             int
	Lead, Empty      bool
}

type tableView struct {
	Heads []string
	Rows  [][]string
}

// Wide reports whether the table has long texts that need the whole page.
func (t tableView) Wide() bool {
	return slices.ContainsFunc(t.Rows, func(row []string) bool { return slices.ContainsFunc(row, func(c string) bool { return len(c) > 60 }) })
}

// Num reports whether a column holds nothing but numbers, or words for a lack of them.
func (t tableView) Num(column int) bool {
	if column == 0 {
		return false
	}
	for _, row := range t.Rows {
		if column >= len(row) {
			return false
		}
		number := strings.Trim(row[column], "0123456789.,%<>+-–? h") == ""
		if !number && row[column] != "too few" && row[column] != "never" && row[column] != "none" {
			return false
		}
	}
	return len(t.Rows) > 0
}

type figureView struct {
	SVG   template.HTML
	Title string
	Note  string
	Table tableView
}

type waitsView struct {
	Sentence string
	People   *tableView
	Zones    []string // whose zone is not their profile's
	Items    []itemView
	More     int
}

type itemView struct {
	Issue, URL, Link, AskedBy, Asked, At, Answered, Hours string
	Open                                                  bool
}

type findingView struct {
	ID, Anchor, Link, Code, Statement, Tag, Class, Trust, Measure string
	Gauge                                                         template.HTML
	Evidence, Against                                             evidenceList
	MoreEvidence                                                  int
	Alone                                                         bool // on a page of its own
	Note, NoteClass, Advice, Rests, Query                         string
}

// evidenceList is a table of events.
type evidenceList []evidenceView

// Shows reports whether any of them says what it shows.
func (l evidenceList) Shows() bool {
	return slices.ContainsFunc(l, func(e evidenceView) bool { return e.Why != "" || e.Weight != "" })
}

type evidenceView struct {
	Issue, URL, Link, Event, Who, WhoLink, At, What, From, To, Why, Weight string
}

// viewer makes the parts of a view.
type viewer struct {
	report *analysis.Report
	people people
	opt    Options
}

func newView(r *analysis.Report, o Options) *view {
	m := viewer{r, peopleOf(r), o}
	v := &view{
		Title:    "Who really runs this backlog",
		Foreword: foreword(r, o),
		Index:    len(r.Scopes) > 1,
		Alone:    len(r.Scopes) == 1,
		Folded:   len(r.Scopes) > openScopes,
	}
	for _, l := range r.Limits {
		v.Limits = append(v.Limits, sentence(l, longest))
	}
	for _, s := range r.Settings {
		v.Settings = append(v.Settings, settingSentence(s))
	}
	for i := range r.Scopes {
		id := "s" + strconv.Itoa(i+1)
		v.Scopes = append(v.Scopes, m.scope(&r.Scopes[i], id))
		if v.Index {
			row := m.row(&r.Scopes[i], "i"+strconv.Itoa(i+1))
			row.Link = "#" + id
			v.Rows = append(v.Rows, row)
		}
	}
	if v.Index {
		v.Lead, v.Rests = m.lead(), m.rests()
	}
	if v.Alone {
		v.Scopes[0].Limits = v.Limits
		v.Title += ": " + v.Scopes[0].Name
	}
	return v
}

func (m viewer) scope(s *analysis.ScopeReport, id string) scopeView {
	m.opt.at.scope = s.Scope
	v := scopeView{ID: id, Key: clip(clean(s.Scope), 200), Name: clip(clean(s.Name), 200)}
	if v.Name == "" {
		v.Name = v.Key
	}
	p := latest(s)
	if p == nil {
		return v
	}
	now := m.period(p, id+"-p"+strconv.Itoa(len(s.Periods)))
	v.Now = &now
	if len(s.Periods) > 1 {
		v.Trend = m.overTime(s)
	}
	for i, f := range []*figure{splitMap(s, m.people), waitChart(p.Waits, m.report.Clock), forestChart(s, m.people)} {
		if f != nil {
			v.Charts = append(v.Charts, f.view(id+"-c"+strconv.Itoa(i+1)))
		}
	}
	for i := len(s.Periods) - 2; i >= 0; i-- {
		v.Earlier = append(v.Earlier, m.period(&s.Periods[i], id+"-p"+strconv.Itoa(i+1)))
	}
	return v
}

func (f *figure) view(id string) figureView {
	return figureView{SVG: picture(f.scene, id), Title: f.scene.Title, Note: f.note, Table: tableView{f.heads, f.rows}}
}

// picture hands an escaped drawing to the templates.
func picture(s *scene.Scene, id string) template.HTML {
	if s == nil {
		return ""
	}
	return template.HTML(s.SVG(id))
}

func (m viewer) period(p *analysis.PeriodReport, id string) periodView {
	m.opt.at.period = p.Period
	v := periodView{
		ID: id, Name: clip(clean(p.Period), 60), Days: days(p), Headline: sentence(p.Headline, longest),
		Coverage: coverageSentences(&p.Coverage), Matrix: m.matrix(p), Waits: m.waits(p), Forest: m.forest(p),
	}
	v.Read, v.Coverage = v.Coverage[0], v.Coverage[1:]
	if p.Structure != "" {
		v.Structure = structureWords(p.Structure)
	}
	for _, role := range roles() {
		v.Roles = append(v.Roles, m.role(p, role))
	}
	for i, f := range inOrder(p.Findings) {
		v.Findings = append(v.Findings, m.finding(f, id+"-f"+strconv.Itoa(i+1)))
	}
	return v
}

func (m viewer) role(p *analysis.PeriodReport, role backlog.Role) roleView {
	r := p.Roles[role.String()]
	v := roleView{
		Title: role.Title(), Class: "po", Declared: m.people.declared(p, role.String()), Holder: m.people.holder(r),
	}
	match := p.Match[role.String()]
	v.Match, v.Distance = matchWords(match), unbroken(distance(match, "–"))
	if match != nil && match.Outcome == "differs" || v.Match == "matches" {
		v.Outcome = match.Outcome
	}
	if role == backlog.ProductManager {
		v.Class = "pm"
	}
	if r != nil && (r.Verdict == "single" || r.Verdict == "leaning") {
		v.HolderLink = m.opt.at.person(r.Person)
	}
	v.Detail = unbroken(strings.TrimLeft(strings.TrimPrefix(m.people.deFacto(r), v.Holder), ",: "))
	return v
}

func (m viewer) matrix(p *analysis.PeriodReport) matrixView {
	who := cast(p)
	shown := who[:min(6, len(who))]
	v := matrixView{More: m.people.all(who[len(shown):])}
	for _, id := range shown {
		v.People = append(v.People, personView{m.people.name(id), m.opt.at.person(id)})
	}
	if len(v.More) > 40 {
		v.More = append(v.More[:40:40], fmt.Sprintf("%d others", len(v.More)-40))
	}
	for _, name := range backlog.Duties() {
		d := p.Duties[name.String()]
		if d == nil {
			d = &analysis.DutyReport{}
		}
		row := matrixRow{Duty: dutyTitle(name), Sample: sampled(name, d), Verdict: m.people.verdict(d), Class: verdictClass(d.Verdict)}
		for _, id := range shown {
			c := cellView{Who: m.people.name(id), Empty: true}
			if s := shareOf(d, id); s != nil {
				c = cellView{Who: c.Who, Share: percent(s.Share), Span: span(s.Low, s.High, "–"), Heat: heat(s.Share), Lead: d.Verdict == "single" && d.Person == id}
			}
			row.Cells = append(row.Cells, c)
		}
		if n := nobodyCell(d); n != "" {
			v.Nobody = true
			row.Nobody = &cellView{Who: "nobody", Share: n, Heat: heat(d.Nobody), Lead: d.Verdict == "vacant"}
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

// sampled is how many issues, questions or the like there were, and what they
// are worth as evidence.
func sampled(duty backlog.Duty, d *analysis.DutyReport) string {
	n, worth, ok := strings.Cut(sampleCell(d), " ")
	if !ok {
		return ""
	}
	unit := dutyUnit(duty)
	if d.Units == 1 {
		unit = strings.TrimSuffix(unit, "s")
	}
	return n + " " + unit + " " + worth
}

// heat is the shade of a share, 0 to 7.
func heat(share float64) int { return min(7, max(0, int(share*10))) }

func verdictClass(verdict string) string {
	switch verdict {
	case "single", "contested", "spread", "vacant":
		return verdict
	}
	return "unknown"
}

func (m viewer) waits(p *analysis.PeriodReport) *waitsView {
	w := p.Waits
	if w == nil {
		return nil
	}
	v := &waitsView{Sentence: unbroken(waitSentence(w, m.report.Clock, "–"))}
	if len(w.ByPerson) > 0 {
		v.People = &tableView{Heads: []string{"Asked", "Questions", "Open", "Answered by others", "Median", "Within a day"}}
		for _, b := range w.ByPerson {
			v.People.Rows = append(v.People.Rows, []string{m.people.name(b.Person), strconv.Itoa(b.Questions), strconv.Itoa(b.Open), strconv.Itoa(b.ByOthers), personMedian(b), withinDay(b)})
		}
		v.Zones = m.people.zoneSentences(w)
	}
	most := shownItems
	if len(m.report.Scopes) > crowded {
		most = fewItems
	}
	for i := range w.Items.All() {
		if len(v.Items) == most {
			break
		}
		item := itemView{
			Issue: clip(clean(i.Issue), 60), URL: safeURL(i.URL), Link: m.opt.at.issue(i.Issue), AskedBy: m.people.or(i.AskedBy, "somebody"), Asked: m.people.or(i.Asked, "somebody"),
			At: when(i.AskedAt, m.opt.Zone), Hours: hours(i.Hours), Open: i.Open,
		}
		switch {
		case i.AnsweredBy != "" && i.AnsweredAt != nil:
			item.Answered = m.people.name(i.AnsweredBy) + ", " + when(*i.AnsweredAt, m.opt.Zone)
		case i.AnsweredBy != "":
			item.Answered = m.people.name(i.AnsweredBy)
		case i.Open:
			item.Answered = "no answer recorded"
			if i.Censored != "" {
				item.Answered += ": " + clip(clean(i.Censored), 120)
			}
		}
		if i.Relayed {
			item.Answered += " (relayed)"
		}
		v.Items = append(v.Items, item)
	}
	v.More = w.Items.Len() - len(v.Items)
	return v
}

func (m viewer) forest(p *analysis.PeriodReport) *tableView {
	if len(p.Forest) == 0 {
		return nil
	}
	v := &tableView{Heads: []string{"Person", "Roadmap touches", "Story touches", "Forest index"}}
	noted := slices.ContainsFunc(p.Forest, func(f analysis.Forest) bool { return f.Note != "" })
	if noted {
		v.Heads = append(v.Heads, "Note")
	}
	for _, f := range p.Forest {
		row := []string{m.people.name(f.Person), strconv.Itoa(f.Roadmap), strconv.Itoa(f.Story), index(&f, "–")}
		if noted {
			row = append(row, clip(clean(f.Note), 300))
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

func (m viewer) finding(f *analysis.Finding, anchor string) findingView {
	v := findingView{
		ID: clip(clean(f.ID), 300), Anchor: anchor, Link: m.opt.at.finding(f.ID), Code: clip(clean(f.Code), 80), Statement: sentence(f.Statement, longest), Measure: unbroken(capital(measureSentence(f.Measure, "–"))),
		Gauge: picture(gauge(f.Measure), anchor+"-g"), Advice: clip(clean(f.Advice), 1000), Rests: clip(clean(grounds(f.Rests)), 600), Query: clip(clean(f.Query), longest),
	}
	v.Tag, v.Class = tag(f)
	var trust []string
	if f.Outcome != analysis.Measured {
		trust = append(trust, outcomeWords(f.Outcome))
	}
	if f.Confidence != "" {
		trust = append(trust, clip(clean(f.Confidence), 40))
	}
	if f.Sensitive {
		trust = append(trust, "depends on the weights")
	}
	v.Trust = strings.Join(trust, ", ")
	v.Evidence = m.evidence(f.Evidence, shownEvidence)
	v.MoreEvidence = len(f.Evidence) - len(v.Evidence)
	v.Against = m.evidence(f.Against, shownEvidence)
	if f.Note != nil {
		v.Note = noteSentence(f.Note, m.people, m.opt)
		v.NoteClass = "accept"
		if f.Note.Answer == "dispute" {
			v.NoteClass = "dispute"
		}
	}
	return v
}

// tag is the word, and the class, a finding's card carries.
func tag(f *analysis.Finding) (word, class string) {
	switch {
	case f.Outcome != analysis.Measured:
		return "cannot say", "unknown"
	case f.Worth:
		return "worth a look", "look"
	case f.Severity == "act":
		return "act", "act"
	case f.Severity == "notice":
		return "notice", "notice"
	}
	return "calm", "calm"
}

func (m viewer) evidence(events []analysis.Evidence, most int) evidenceList {
	var out evidenceList
	for _, e := range events[:min(most, len(events))] {
		v := evidenceView{
			Issue: clip(clean(e.Issue), 60), URL: safeURL(e.URL), Link: m.opt.at.issue(e.Issue), Event: clip(clean(e.Event), 60), At: when(e.At, m.opt.Zone), What: clip(clean(e.What), 60),
			From: clip(clean(e.From), 160), To: clip(clean(e.To), 160), Why: clip(clean(e.Why), 300),
		}
		v.Who, v.WhoLink = m.people.or(e.Person, "nobody"), m.opt.at.person(e.Person)
		if e.Weight > 0 && e.Weight != 1 {
			v.Weight = "weight " + decimal(e.Weight)
		}
		out = append(out, v)
	}
	return out
}
