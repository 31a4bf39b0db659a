package reports

import (
	"html/template"
	"strings"

	"defacto/analysis"
	"defacto/backlog"
	"defacto/reports/scene"
)

// slopeView is how one number moved over the periods: a line as small as a word,
// and the words.
type slopeView struct {
	SVG            template.HTML
	Whose, Was, Is string
}

// slope draws values over periods, the newest marked; where there is none the
// line breaks. Nil with fewer than two values.
func slope(title string, values []*float64, top float64, ink scene.Ink, say func(float64) string) *scene.Scene {
	const width, height, edge = 84.0, 26.0, 5.0
	pic := &scene.Scene{Width: width, Height: height, Title: title}
	var run []scene.Point
	var last scene.Point
	var said []string
	flush := func() {
		if len(run) > 1 {
			pic.Line(scene.Stroke{Ink: ink, Width: 2}, run...)
		}
		run = nil
	}
	pic.Line(hairline(), scene.Point{X: edge, Y: height - 2}, scene.Point{X: width - edge, Y: height - 2})
	known := 0
	for i, v := range values {
		if v == nil {
			said = append(said, "unknown")
			flush()
			continue
		}
		known++
		said = append(said, say(*v))
		share := 0.0
		if top > 0 {
			share = min(max(*v/top, 0), 1)
		}
		last = scene.Point{X: edge + (width-2*edge)*float64(i)/float64(max(1, len(values)-1)), Y: height - 3 - (height-8)*share}
		run = append(run, last)
	}
	flush()
	if known < 2 {
		return nil
	}
	pic.Mark(scene.Circle, ink, last, 3, "")
	pic.Desc = strings.Join(said, ", ") + "."
	return pic
}

// roadmapSlope is how much of the product manager's attention stood above story
// level over the periods: of who is found in the role, else of who is declared.
func (m viewer) roadmapSlope(s *analysis.ScopeReport, id string) *slopeView {
	who := managerOf(s)
	if who == "" {
		return nil
	}
	values := make([]*float64, len(s.Periods))
	for i := range s.Periods {
		if f := forestIn(&s.Periods[i], who); f != nil {
			values[i] = f.Index
		}
	}
	ink := scene.First
	for _, f := range latest(s).Findings {
		if f.Code == "sliding-to-trees" && f.Outcome == analysis.Measured {
			ink = scene.Alarm
		}
	}
	return slopeOf(slope("Share of "+m.people.name(who)+"'s touches above story level", values, 1, ink, percent), values, percent, m.people.name(who), id)
}

// waitSlope is how the median wait moved.
func (m viewer) waitSlope(s *analysis.ScopeReport, id string) *slopeView {
	values := make([]*float64, len(s.Periods))
	top := 8.0 // hours: a day; shorter waits do not fill the height
	for i := range s.Periods {
		if w := s.Periods[i].Waits; w != nil && w.Outcome == analysis.Measured && w.MedianHours != nil {
			values[i] = w.MedianHours
			top = max(top, *w.MedianHours)
		}
	}
	return slopeOf(slope("Median wait for an answer", values, top, scene.Second, hours), values, hours, "", id)
}

func slopeOf(pic *scene.Scene, values []*float64, say func(float64) string, whose, id string) *slopeView {
	v := &slopeView{SVG: picture(pic, id), Whose: whose}
	word := func(value float64) string { return strings.ReplaceAll(say(value), " ", "\u00a0") } // breaks at the arrow only
	if n := len(values); n > 0 && values[n-1] != nil {
		v.Is = word(*values[n-1])
	}
	for _, first := range values {
		if first != nil && pic != nil {
			v.Was = word(*first)
			break
		}
	}
	if v.Is == "" && v.Was == "" {
		return nil
	}
	return v
}

// managerOf is whose attention a slope follows: the product manager found, else
// a declared one, whoever has an index first; "" without one.
func managerOf(s *analysis.ScopeReport) string {
	now := latest(s)
	if now == nil {
		return ""
	}
	role := backlog.ProductManager.String()
	var ids []string
	if r := now.Roles[role]; r != nil && r.Person != "" {
		ids = append(ids, r.Person)
	}
	for _, id := range append(ids, now.Declared[role]...) {
		known := 0
		for i := range s.Periods {
			if f := forestIn(&s.Periods[i], id); f != nil && f.Index != nil {
				known++
			}
		}
		if known > 0 {
			return id
		}
	}
	return ""
}
