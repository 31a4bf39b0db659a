package reports

import (
	"strconv"
	"strings"

	"github.com/fatih/color"

	"defacto/analysis"
	"defacto/backlog"
)

// trend sets a scope's periods side by side where there is room for the names,
// else one below the other.
func (t *audit) trend(s *analysis.ScopeReport) error {
	t.head("over time")
	label := 15
	room := (t.width - label) / len(s.Periods)
	if room < 12 {
		return t.periods(s)
	}
	cols := []column{{head: "", width: label}}
	for i := range s.Periods {
		cols = append(cols, column{head: clean(s.Periods[i].Period), width: min(room-2, 28)})
	}
	return t.grid(cols, t.people.trend(s, "-"))
}

// trend has a row per question, opened by its name, and a cell per period.
func (names people) trend(s *analysis.ScopeReport, dash string) [][]string {
	row := func(name string, cell func(p *analysis.PeriodReport) string) []string {
		cells := []string{name}
		for i := range s.Periods {
			cells = append(cells, cell(&s.Periods[i]))
		}
		return cells
	}
	var rows [][]string
	for _, role := range roles() {
		rows = append(rows, row(role.Title(), func(p *analysis.PeriodReport) string { return names.holder(p.Roles[role.String()]) }))
	}
	for _, d := range backlog.Duties() {
		rows = append(rows, row(d.String(), func(p *analysis.PeriodReport) string { return names.leader(p.Duties[d.String()]) }))
	}
	for _, id := range watched(s) {
		rows = append(rows, row("forest, "+names.name(id), func(p *analysis.PeriodReport) string { return forestOf(p, id, dash) }))
	}
	rows = append(rows, row("median wait", func(p *analysis.PeriodReport) string { return medianWait(p.Waits) }),
		row("findings", func(p *analysis.PeriodReport) string { return strconv.Itoa(len(p.Findings)) }))
	changes := []string{"what changed"}
	for i := range s.Periods {
		if i == 0 {
			changes = append(changes, "")
			continue
		}
		changes = append(changes, names.changed(s.Periods[:i], &s.Periods[i]))
	}
	return append(rows, changes)
}

// changed names what passed from one person to another since they were last named, and
// what a finding says of the time between. Periods that name nobody are passed over;
// the period of an older name stands beside it.
func (names people) changed(before []analysis.PeriodReport, now *analysis.PeriodReport) string {
	var list []string
	pass := func(what string, holder func(*analysis.PeriodReport) string) {
		is := holder(now)
		if is == "" {
			return
		}
		for i := len(before) - 1; i >= 0; i-- {
			was := holder(&before[i])
			if was == "" {
				continue
			}
			if was != is {
				from := names.name(was)
				if i < len(before)-1 {
					from += " (" + clean(before[i].Period) + ")"
				}
				list = append(list, what+": "+from+" to "+names.name(is))
			}
			return
		}
	}
	for _, r := range roles() {
		pass(r.Title(), func(p *analysis.PeriodReport) string {
			if h := p.Roles[r.String()]; h != nil && h.Verdict == "single" {
				return h.Person
			}
			return ""
		})
	}
	for _, d := range backlog.Duties() {
		pass(d.String(), func(p *analysis.PeriodReport) string {
			if h := p.Duties[d.String()]; h != nil {
				return h.Person
			}
			return ""
		})
	}
	for _, f := range now.Findings {
		if f.Code == "sliding-to-trees" || f.Code == "po-delegated" {
			list = append(list, f.Code+" ("+strings.Join(names.all(f.People), ", ")+")")
		}
	}
	if len(list) == 0 {
		return "nothing named"
	}
	return strings.Join(list, "; ")
}

// periods is the trend for a terminal too narrow to set periods side by side.
func (t *audit) periods(s *analysis.ScopeReport) error {
	for i := range s.Periods {
		p := &s.Periods[i]
		t.line(t.paint(clean(p.Period), color.Bold))
		for _, role := range roles() {
			t.hanging("  ", 4, role.Title()+": "+t.people.holder(p.Roles[role.String()]))
		}
		var duties []string
		for _, d := range backlog.Duties() {
			duties = append(duties, d.String()+" "+t.people.leader(p.Duties[d.String()]))
		}
		t.hanging("  ", 4, strings.Join(duties, ", "))
		for _, id := range watched(s) {
			t.hanging("  ", 4, "forest index of "+t.people.name(id)+": "+forestOf(p, id, "-"))
		}
		t.hanging("  ", 4, "median wait "+medianWait(p.Waits)+", "+count(len(p.Findings), "finding", "findings"))
		if i > 0 {
			t.hanging("  ", 4, "what changed: "+t.people.changed(s.Periods[:i], p))
		}
	}
	return nil
}

// leader is a duty's answer short enough for a trend.
func (p people) leader(d *analysis.DutyReport) string {
	if d == nil {
		return "not measured"
	}
	switch d.Verdict {
	case "single":
		words := p.or(d.Person, "one person")
		if s := shareOf(d, d.Person); s != nil {
			words += " " + percent(s.Share)
		}
		return words
	case "contested":
		if len(d.Persons) == 0 {
			return "contested"
		}
		return strings.Join(p.all(d.Persons), " or ")
	case "spread":
		return "spread"
	}
	return p.whoLeads(d)
}

// watched lists whose forest index a trend follows: those ever declared or found
// in a role, and with an index in two periods at least.
func watched(s *analysis.ScopeReport) []string {
	role, times := map[string]bool{}, map[string]int{}
	var order []string
	for i := range s.Periods {
		p := &s.Periods[i]
		for _, r := range roles() {
			if found := p.Roles[r.String()]; found != nil {
				role[found.Person] = true
			}
			for _, id := range p.Declared[r.String()] {
				role[id] = true
			}
		}
		for _, f := range p.Forest {
			if f.Index == nil {
				continue
			}
			if times[f.Person]++; times[f.Person] == 1 {
				order = append(order, f.Person)
			}
		}
	}
	var ids []string
	for _, id := range order {
		if role[id] && times[id] > 1 && len(ids) < 5 {
			ids = append(ids, id)
		}
	}
	return ids
}

func forestOf(p *analysis.PeriodReport, id, dash string) string {
	if f := forestIn(p, id); f != nil {
		return index(f, dash)
	}
	return "none"
}

func medianWait(w *analysis.Waits) string {
	if w == nil {
		return "not measured"
	}
	if w.Outcome != analysis.Measured {
		return outcomeWords(w.Outcome)
	}
	return hoursOr(w.MedianHours, "not reached")
}
