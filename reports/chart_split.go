package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"defacto/analysis"
	"defacto/backlog"
	"defacto/reports/scene"
)

// splitMap sets people between the stories and the roadmap: to the right, who is
// recorded doing the product owner's work; up, the product manager's. Rings mark
// the declared holders, filled marks those found de facto, lines where people
// came from over the periods. Nil where no role has a score.
func splitMap(s *analysis.ScopeReport, names people) *figure {
	now := latest(s)
	dots := dotsOf(now)
	if len(dots) == 0 {
		return nil
	}
	highest := 0.0
	for i := range s.Periods {
		for _, d := range dotsOf(&s.Periods[i]) {
			highest = max(highest, d.owner, d.manager)
		}
	}
	limit := math.Min(math.Max(roundUp(highest+.06, .1), .4), 1)
	p := plot{left: 46, top: 12, right: 350, bottom: 262, maxX: limit, maxY: limit}
	pic := &scene.Scene{Width: chartWidth, Height: 304, Title: "Split map: who works the stories, who the roadmap"}
	p.percents(pic, .2)
	for v := 0.0; v <= limit+1e-9; v += .2 {
		pic.Line(hairline(), p.at(v, 0), p.at(v, limit))
		anchor := scene.Middle
		if v > limit-1e-9 {
			anchor = scene.End
		}
		pic.Text(scene.Faint, anchor, scene.Point{X: p.x(v), Y: p.bottom + 16}, 11, percent(math.Round(v*100)/100))
	}
	pic.Text(scene.Faint, scene.End, scene.Point{X: p.right, Y: p.bottom + 34}, 11.5, "product owner's work: the stories →")
	pic.Text(scene.Faint, scene.Start, scene.Point{X: p.left + 8, Y: p.top + 12}, 11.5, "↑ product manager's work: the roadmap")

	l := &labels{scene: pic, frame: box{p.left, p.top + 16, p.right + 8, p.bottom - 1}}
	var starts []start
	for _, d := range dots {
		starts = append(starts, trail(pic, l, p, s, d.person)...)
	}
	for _, d := range dots {
		at := p.at(d.owner, d.manager)
		l.keep(at, d.radius()+1)
		title := fmt.Sprintf("%s: %s of the product owner's work, %s of the product manager's; %s", names.name(d.person), percent(d.owner), percent(d.manager), d.words())
		form, ink := scene.Circle, scene.Faint
		switch {
		case d.isOwner && d.isManager:
			form, ink = scene.Diamond, scene.Third
		case d.isOwner:
			form, ink = scene.Circle, scene.First
		case d.isManager:
			form, ink = scene.Square, scene.Second
		}
		if d.isOwner || d.isManager {
			pic.Mark(form, ink, at, 6, title)
		} else {
			pic.Ring(form, ink, at, 4.5, title)
		}
		if d.declaredOwner {
			pic.Ring(scene.Circle, scene.First, at, 9.5, title)
		}
		if d.declaredManager {
			pic.Ring(scene.Square, scene.Second, at, 10.5, title)
		}
	}
	for _, d := range dots {
		if d.rank() < 4 || d.owner+d.manager >= .15 {
			l.name(p.at(d.owner, d.manager), d.radius(), 11.5, d.rank() < 2, shortName(names.name(d.person)))
		}
	}
	for _, from := range starts {
		if from.length < longTrail {
			continue // its beginning and its end are the same place to the eye
		}
		l.name(from.at, 3, 10, false, from.period)
	}
	f := &figure{scene: pic, note: "Filled: found in the role (● product owner, ■ product manager, ◆ both). Ringed: declared (○ product owner, □ product manager). " +
		"Further right: more of the stories; further up: more of the roadmap.", heads: []string{"Person", "Product owner's work", "Product manager's work", "Role"}}
	if len(s.Periods) > 1 {
		f.note += " Lines lead from the earlier periods."
	}
	for _, d := range dots {
		f.rows = append(f.rows, []string{names.name(d.person), percent(d.owner), percent(d.manager), d.words()})
	}
	pic.Desc = sentenceOf(f.rows, "%s: %s of the product owner's work, %s of the product manager's, %s")
	return f
}

// dot is a person on the split map.
type dot struct {
	person                         string
	owner, manager                 float64
	isOwner, isManager             bool
	declaredOwner, declaredManager bool
}

func (d dot) rank() int {
	switch {
	case d.isOwner || d.isManager:
		return 1
	case d.declaredOwner || d.declaredManager:
		return 2
	}
	return 4
}

func (d dot) radius() float64 {
	if d.declaredOwner || d.declaredManager {
		return 10
	}
	return 6
}

func (d dot) words() string {
	var w []string
	add := func(yes bool, s string) {
		if yes {
			w = append(w, s)
		}
	}
	add(d.isOwner, "found as product owner")
	add(d.isManager, "found as product manager")
	add(d.declaredOwner, "declared product owner")
	add(d.declaredManager, "declared product manager")
	if len(w) == 0 {
		return "no role"
	}
	return joined(w)
}

// dotsOf lists a period's people with a score for either role, and those
// declared where anybody has one; the most telling first.
func dotsOf(p *analysis.PeriodReport) []dot {
	if p == nil {
		return nil
	}
	byID := map[string]*dot{}
	at := func(id string) *dot {
		if byID[id] == nil {
			byID[id] = &dot{person: id}
		}
		return byID[id]
	}
	if r := p.Roles[backlog.ProductOwner.String()]; r != nil {
		for _, s := range r.People {
			at(s.Person).owner = s.Score
		}
		if r.Verdict == "single" {
			at(r.Person).isOwner = true
		}
	}
	if r := p.Roles[backlog.ProductManager.String()]; r != nil {
		for _, s := range r.People {
			at(s.Person).manager = s.Score
		}
		if r.Verdict == "single" {
			at(r.Person).isManager = true
		}
	}
	delete(byID, "")
	if len(byID) == 0 {
		return nil
	}
	for _, id := range p.Declared[backlog.ProductOwner.String()] {
		at(id).declaredOwner = true
	}
	for _, id := range p.Declared[backlog.ProductManager.String()] {
		at(id).declaredManager = true
	}
	var dots []dot
	for _, d := range byID {
		dots = append(dots, *d)
	}
	slices.SortFunc(dots, func(a, b dot) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(b.owner+b.manager, a.owner+a.manager), cmp.Compare(a.person, b.person))
	})
	return dots[:min(len(dots), 14)]
}

// start is where a trail begins, and when.
type start struct {
	at     scene.Point
	period string
	length float64
}

// longTrail is how far somebody must have come for the beginning to be named.
const longTrail = 40

// trail draws where somebody with a role, now or once, came from, and returns
// where that was.
func trail(pic *scene.Scene, l *labels, p plot, s *analysis.ScopeReport, id string) []start {
	var points []scene.Point
	from := ""
	role := false
	for i := range s.Periods {
		for _, d := range dotsOf(&s.Periods[i]) {
			if d.person == id {
				if len(points) == 0 {
					from = fit(clean(s.Periods[i].Period), 10)
				}
				points = append(points, p.at(d.owner, d.manager))
				role = role || d.rank() < 4
			}
		}
	}
	if !role || len(points) < 2 {
		return nil
	}
	pic.Line(scene.Stroke{Ink: scene.Faint, Width: 1.5}, points...)
	l.keepLine(points)
	for _, at := range points[:len(points)-1] {
		pic.Mark(scene.Circle, scene.Faint, at, 2, "")
	}
	end := points[len(points)-1]
	return []start{{points[0], from, math.Hypot(end.X-points[0].X, end.Y-points[0].Y)}}
}
