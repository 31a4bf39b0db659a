package reports

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/fatih/color"

	"defacto/analysis"
)

// latestActs is how many of the newest acts a page on a terminal shows.
const latestActs = 15

// SelfForeword says whose a page of one's own is.
const SelfForeword = "Only you asked for this page, and it is about you alone. It shows what the tracker recorded, not your time."

// Self writes a person's own page: where their recorded attention went, what
// pulled it to the stories, and what would give it back. Format is table, html or json.
func Self(w io.Writer, s *analysis.Self, format string, o Options) error {
	if format == "json" {
		return document(w, s)
	}
	o = o.normal()
	if format == "html" {
		return selfHTML(w, s, o)
	}
	if format != "table" {
		return fmt.Errorf("a person's own page is written as table, html or json, not %q", format)
	}
	m := mirror{terminal: &terminal{width: o.Width, color: o.Color}, people: peopleOf(&analysis.Report{People: s.People}), options: o}
	m.text("Where the attention of "+clean(s.Person.Name)+" went", 0, color.Bold)
	m.text(SelfForeword, 0)
	if len(s.Periods) > 1 {
		if err := m.trend(s.Periods); err != nil {
			return err
		}
	}
	if n := len(s.Periods); n > 0 {
		if err := m.period(&s.Periods[n-1]); err != nil {
			return err
		}
	}
	m.head("What this cannot see")
	for _, l := range s.Limits {
		m.hanging("- ", 2, l)
	}
	_, err := w.Write(m.Bytes())
	return err
}

type mirror struct {
	*terminal
	people  people
	options Options
}

// trend sets the periods side by side, one a line.
func (m *mirror) trend(periods []analysis.SelfPeriod) error {
	m.head("Over time")
	var rows [][]string
	for _, p := range periods {
		change := ""
		if p.Change != nil {
			change = pointsMore(*p.Change)
		}
		rows = append(rows, []string{p.Period, fmt.Sprint(p.Roadmap), fmt.Sprint(p.Story), selfIndex(p), change, fmt.Sprint(p.Market)})
	}
	return m.grid([]column{{head: "period"}, {head: "roadmap", right: true}, {head: "stories", right: true}, {head: "above story level"}, {head: "change"}, {head: "customer requests", right: true}}, rows)
}

func selfIndex(p analysis.SelfPeriod) string {
	if p.Index == nil {
		return "too few to say"
	}
	return percent(*p.Index) + " " + span(*p.Low, *p.High, "-")
}

func (m *mirror) period(p *analysis.SelfPeriod) error {
	m.line("")
	m.rule("=", "═")
	m.text(p.Period+": "+count(p.Roadmap+p.Story, "touch", "touches")+", "+divided(p), 0, color.Bold)
	m.text(touchMeaning, 0)
	if err := m.weeks(p); err != nil {
		return err
	}
	if err := m.pulled(p); err != nil {
		return err
	}
	if err := m.quiet(p); err != nil {
		return err
	}
	if err := m.give(p); err != nil {
		return err
	}
	if len(p.Touched) > 0 {
		m.head("The latest of them")
		return events(m.terminal, m.people, p.Touched[:min(len(p.Touched), latestActs)], m.options)
	}
	return nil
}

// touchMeaning says what a touch is.
const touchMeaning = "A touch is one item in one week, however often it was edited; many items changed in one go count for less."

// shareable says what the stories are that would give attention back.
const shareable = "Epics where somebody outside development already does some of the story work: yours there could be theirs too, if you both want it."

// divided says how a period's touches divide, and how that changed.
func divided(p *analysis.SelfPeriod) string {
	if p.Index == nil {
		return "too few to say how they divide"
	}
	words := percent(*p.Index) + " of them above story level (" + span(*p.Low, *p.High, "-") + ")"
	if p.Change != nil {
		words += ", " + changeWords(*p.Change)
	}
	return words
}

// pointsMore is a change of an index in percentage points: "+3 points".
func pointsMore(change float64) string {
	n := int(math.Round(change * 100))
	if n == 1 || n == -1 {
		return fmt.Sprintf("%+d point", n)
	}
	return fmt.Sprintf("%+d points", n)
}

// changeWords compares an index with the one of the period before.
func changeWords(c float64) string {
	switch n := int(math.Round(c * 100)); {
	case n > 0:
		return count(n, "point", "points") + " more than in the period before"
	case n < 0:
		return count(-n, "point", "points") + " less than in the period before"
	}
	return "as in the period before"
}

// weeks draws one bar a week: roadmap in front, stories behind.
func (m *mirror) weeks(p *analysis.SelfPeriod) error {
	most := 1
	for _, w := range p.Weeks {
		most = max(most, w.Roadmap+w.Story)
	}
	m.head("Week by week")
	scale := min(1, float64(m.width-40)/float64(most))
	var rows [][]string
	for _, w := range p.Weeks {
		bar := strings.Repeat("#", int(float64(w.Roadmap)*scale+.5)) + strings.Repeat("-", int(float64(w.Story)*scale+.5))
		rows = append(rows, []string{w.Start.Format("2 Jan"), fmt.Sprint(w.Roadmap), fmt.Sprint(w.Story), bar})
	}
	return m.grid([]column{{head: "week of"}, {head: "roadmap", right: true}, {head: "stories", right: true}, {head: "# roadmap, - stories", tight: true, width: max(20, m.width-36)}}, rows)
}

// pulled says where the story work came from.
func (m *mirror) pulled(p *analysis.SelfPeriod) error {
	if p.Story == 0 {
		return nil
	}
	m.head("What pulled it to the stories")
	var rows [][]string
	for _, s := range p.Scopes {
		rows = append(rows, []string{"in " + clean(s.Scope), fmt.Sprint(s.Story), fmt.Sprint(s.Roadmap)})
	}
	for _, d := range p.Duties {
		rows = append(rows, []string{dutyWords(d.Name), fmt.Sprint(d.Touches), ""})
	}
	for i, c := range p.Callers {
		if i == 5 {
			break
		}
		rows = append(rows, []string{"for " + m.people.name(c.Person), fmt.Sprint(c.Touches), ""})
	}
	return m.grid([]column{{head: "", width: max(20, m.width-24)}, {head: "stories", right: true}, {head: "roadmap", right: true}}, rows)
}

func dutyWords(name string) string {
	words := map[string]string{"write": "writing stories", "prioritise": "prioritising stories", "accept": "accepting stories", "answer": "answering questions"}
	if w, ok := words[name]; ok {
		return w
	}
	return name
}

func (m *mirror) quiet(p *analysis.SelfPeriod) error {
	if len(p.Quiet) == 0 {
		return nil
	}
	m.head("Roadmap items gone quiet")
	m.text("Open, once yours, and untouched by you since:", 0)
	var rows [][]string
	for _, q := range p.Quiet {
		rows = append(rows, []string{clean(q.Issue), day(q.Last, m.options.Zone), count(q.Weeks, "week", "weeks"), clean(q.URL)})
	}
	return m.grid([]column{{head: "item"}, {head: "last touched"}, {head: "ago", right: true}, {head: "link", tight: true, width: max(20, m.width-48)}}, rows)
}

func (m *mirror) give(p *analysis.SelfPeriod) error {
	if len(p.Give) == 0 {
		return nil
	}
	m.head("What would give it back")
	m.text(shareable, 0)
	var rows [][]string
	for _, g := range p.Give {
		epic := clean(g.Epic)
		if epic == "" {
			epic = clean(g.Scope) + ", no epic"
		}
		rows = append(rows, []string{epic, fmt.Sprint(g.Touches), m.people.name(g.Person), fmt.Sprint(g.Theirs), strings.Join(g.Stories, ", ")})
	}
	return m.grid([]column{{head: "under"}, {head: "your touches", right: true}, {head: "could be", width: 20}, {head: "their acts", right: true}, {head: "stories", width: max(20, m.width-76)}}, rows)
}
