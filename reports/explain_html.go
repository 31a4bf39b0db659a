package reports

import (
	"html/template"
	"strconv"

	"defacto/analysis"
)

type explanationView struct {
	Groups []explanationGroup
}

// explanationGroup is what is behind something in one scope and period.
type explanationGroup struct {
	Scope, Period, Link string
	Steps               []stepView
}

type stepView struct {
	Title  string
	Lines  []string
	Events evidenceList
	Count  int // of all events
	Open   bool
	Latest int // how many are shown, where that is not all of them
}

// Explanation writes the arithmetic step by step, and the events behind each
// step: the newest, where there are very many.
func (p *Pages) Explanation(e *analysis.Explanation) (template.HTML, error) {
	m := p.viewer(&analysis.Report{People: e.People})
	var v explanationView
	last := ""
	for i := range e.Parts {
		s := &e.Parts[i]
		if where := s.Scope + "\x00" + s.Period; where != last || len(v.Groups) == 0 {
			v.Groups = append(v.Groups, explanationGroup{Scope: clip(clean(s.Scope), 200), Period: clip(clean(s.Period), 60), Link: p.opt.at.page(s.Scope, s.Period)})
			last = where
		}
		m.opt.at.scope, m.opt.at.period = s.Scope, s.Period
		g := &v.Groups[len(v.Groups)-1]
		g.Steps = append(g.Steps, m.step(s, len(e.Parts) == 1))
	}
	return p.write("page-explanation", v)
}

func (m viewer) step(s *analysis.Step, open bool) stepView {
	v := stepView{Title: clip(clean(s.Title), 300), Count: len(s.Events), Open: open}
	for _, l := range s.Lines {
		v.Lines = append(v.Lines, clip(clean(l), longest))
	}
	events := s.Events
	if len(events) > shownActs {
		events, v.Latest = events[len(events)-shownActs:], shownActs
	}
	v.Events = m.evidence(events, shownActs)
	return v
}

// Acts says how many events a step has.
func (s stepView) Acts() string {
	return "The " + strconv.Itoa(s.Count) + " " + plural(s.Count, "event", "events")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
