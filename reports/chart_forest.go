package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"defacto/analysis"
	"defacto/reports/scene"
)

// forestChart shows the share of each person's attention above story level: over
// the periods where there are several, with a slide marked; person by person
// where there is one. Nil where nobody has an index.
func forestChart(s *analysis.ScopeReport, names people) *figure {
	if len(s.Periods) > 1 {
		if ids := watched(s); len(ids) > 0 {
			return forestOverTime(s, names, ids[:min(4, len(ids))])
		}
	}
	p := latest(s)
	if p == nil {
		return nil
	}
	var list []analysis.Forest
	for _, f := range p.Forest {
		if f.Index != nil {
			list = append(list, f)
		}
	}
	if len(list) == 0 {
		return nil
	}
	slices.SortStableFunc(list, func(a, b analysis.Forest) int { return cmp.Compare(*b.Index, *a.Index) })
	return forestNow(list[:min(8, len(list))], names, threshold(p, "trees-over-forests"), pointedAt(p, "trees-over-forests"))
}

func forestNow(list []analysis.Forest, names people, floor *float64, alarm map[string]bool) *figure {
	const row = 34
	limit := .4
	for _, f := range list {
		limit = max(limit, roundUp(*f.Index+.02, .2), high(f))
	}
	limit = math.Min(roundUp(limit, .2), 1)
	p := plot{left: 10, top: 10, right: 350, bottom: 18 + row*float64(len(list)), maxX: limit, maxY: 1}
	pic := &scene.Scene{Width: chartWidth, Height: p.bottom + 38, Title: "Forest index: attention above story level"}
	for v := 0.0; v <= limit+1e-9; v += .2 {
		pic.Line(hairline(), scene.Point{X: p.x(v), Y: p.top}, scene.Point{X: p.x(v), Y: p.bottom})
		anchor := scene.Middle
		if v == 0 {
			anchor = scene.Start
		} else if v > limit-1e-9 {
			anchor = scene.End
		}
		pic.Text(scene.Faint, anchor, scene.Point{X: p.x(v), Y: p.bottom + 15}, 11, percent(math.Round(v*100)/100))
	}
	pic.Text(scene.Faint, scene.End, scene.Point{X: p.right, Y: p.bottom + 32}, 11.5, "above story level →")
	if floor != nil {
		pic.Line(scene.Stroke{Ink: scene.Alarm, Width: 1, Dashed: true}, scene.Point{X: p.x(*floor), Y: p.top}, scene.Point{X: p.x(*floor), Y: p.bottom})
	}
	f := &figure{scene: pic, heads: []string{"Person", "Index", "90 % interval", "Roadmap touches", "Story touches"}}
	for i, one := range list {
		y := p.top + 14 + row*float64(i)
		ink := scene.First
		if alarm[one.Person] {
			ink = scene.Alarm
		}
		pic.Text(scene.Word, scene.Start, scene.Point{X: p.left + 2, Y: y}, 11.5, shortName(names.name(one.Person)))
		if one.Low != nil && one.High != nil {
			pic.Line(scene.Stroke{Ink: ink, Width: 3}, scene.Point{X: p.x(*one.Low), Y: y + 10}, scene.Point{X: p.x(*one.High), Y: y + 10})
		}
		pic.Mark(scene.Circle, ink, scene.Point{X: p.x(*one.Index), Y: y + 10}, 5, names.name(one.Person)+": "+index(&one, "–"))
		f.rows = append(f.rows, []string{names.name(one.Person), percent(*one.Index), between(one.Low, one.High, "share", "–"), fmt.Sprint(one.Roadmap), fmt.Sprint(one.Story)})
	}
	f.note = "The dot is the share of somebody's touches that went to roadmap items, the bar its 90 % interval."
	if floor != nil {
		f.note += " The dashed line is the threshold of the finding."
	}
	pic.Desc = sentenceOf(f.rows, "%s: %s (%s), %s touches of the roadmap and %s of stories")
	return f
}

func high(f analysis.Forest) float64 {
	if f.High == nil {
		return 0
	}
	return *f.High
}

func forestOverTime(s *analysis.ScopeReport, names people, ids []string) *figure {
	limit := .4
	for i := range s.Periods {
		for _, f := range s.Periods[i].Forest {
			if f.Index != nil && slices.Contains(ids, f.Person) {
				limit = max(limit, roundUp(max(*f.Index+.02, high(f)), .1))
			}
		}
	}
	last := len(s.Periods) - 1
	step := .2
	if limit <= .5 {
		step = .1
	}
	p := plot{left: 46, top: 14, right: 238, bottom: 236, maxX: float64(last), maxY: math.Min(roundUp(limit, step), 1)}
	pic := &scene.Scene{Width: chartWidth, Height: 270, Title: "Forest index over time: attention above story level"}
	p.percents(pic, step)
	every := max(1, (last+3)/4)
	for i := range s.Periods {
		if (last-i)%every == 0 {
			pic.Text(scene.Faint, scene.Middle, scene.Point{X: p.x(float64(i)), Y: p.bottom + 18}, 11, fit(clean(s.Periods[i].Period), 10))
		}
	}
	f := &figure{scene: pic, note: "The share of somebody's touches that went to roadmap items, with its 90 % interval.", heads: []string{"Person"}}
	for i := range s.Periods {
		f.heads = append(f.heads, clean(s.Periods[i].Period))
	}
	inks := []scene.Ink{scene.First, scene.Second, scene.Third, scene.Fourth}
	forms := []scene.Form{scene.Circle, scene.Square, scene.Triangle, scene.Diamond}
	ends := make([]float64, 0, len(ids))
	var slides []string
	for n, id := range ids {
		cells := []string{names.name(id)}
		var line []scene.Point
		for i := range s.Periods {
			cells = append(cells, forestOf(&s.Periods[i], id, "–"))
			one := forestIn(&s.Periods[i], id)
			if one == nil || one.Index == nil {
				continue
			}
			at := p.at(float64(i), *one.Index)
			if one.Low != nil && one.High != nil {
				pic.Line(scene.Stroke{Ink: inks[n], Width: 1}, p.at(float64(i), *one.Low), p.at(float64(i), *one.High))
			}
			if len(line) > 0 && pointedAt(&s.Periods[i], "sliding-to-trees")[id] {
				from := line[len(line)-1]
				pic.Line(scene.Stroke{Ink: scene.Alarm, Width: 6}, from, at)
				pic.Bold(scene.Alarm, scene.Start, scene.Point{X: (from.X + at.X) / 2, Y: (from.Y+at.Y)/2 - 12}, 11.5, "slide")
				slides = append(slides, names.name(id)+" in "+clean(s.Periods[i].Period))
			}
			line = append(line, at)
			pic.Mark(forms[n], inks[n], at, 4.5, names.name(id)+", "+clean(s.Periods[i].Period)+": "+index(one, "–"))
		}
		pic.Line(scene.Stroke{Ink: inks[n], Width: 2}, line...)
		if len(line) > 0 {
			end := line[len(line)-1]
			y := apart(ends, end.Y, 15, p.bottom)
			ends = append(ends, y)
			if end.X > p.right-1 {
				end.X = p.right
			}
			pic.Mark(forms[n], inks[n], scene.Point{X: p.right + 16, Y: y}, 4, "")
			pic.Text(scene.Word, scene.Start, scene.Point{X: p.right + 24, Y: y + 4}, 11, fit(names.name(id), 16))
		}
		f.rows = append(f.rows, cells)
	}
	if len(slides) > 0 {
		f.note += " The broad line marks a slide: " + joined(slides) + "."
	}
	var said []string
	for _, row := range f.rows {
		for i, c := range row[1:] {
			if c != "none" {
				said = append(said, row[0]+" in "+f.heads[i+1]+": "+c)
			}
		}
	}
	pic.Desc = clip(strings.Join(said, "; "), 800) + "."
	return f
}

// apart moves a label down, then up, until it stands clear of the others.
func apart(taken []float64, y, gap, bottom float64) float64 {
	free := func(y float64) bool {
		return !slices.ContainsFunc(taken, func(t float64) bool { return math.Abs(t-y) < gap })
	}
	for d := 0.0; d < 200; d++ {
		if free(y+d) && y+d <= bottom {
			return y + d
		}
		if free(y - d) {
			return y - d
		}
	}
	return y
}

func forestIn(p *analysis.PeriodReport, id string) *analysis.Forest {
	for i := range p.Forest {
		if p.Forest[i].Person == id {
			return &p.Forest[i]
		}
	}
	return nil
}

// pointedAt says whom a period's findings of a code are about.
func pointedAt(p *analysis.PeriodReport, code string) map[string]bool {
	who := map[string]bool{}
	for _, f := range p.Findings {
		if f.Code == code {
			for _, id := range f.People {
				who[id] = true
			}
		}
	}
	return who
}

// threshold is the one a finding of a code was raised at, nil where there is none.
func threshold(p *analysis.PeriodReport, code string) *float64 {
	for _, f := range p.Findings {
		if f.Code == code && f.Measure.Threshold != nil {
			return f.Measure.Threshold
		}
	}
	return nil
}
