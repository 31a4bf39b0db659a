package reports

import (
	"fmt"
	"math"

	"defacto/analysis"
	"defacto/reports/scene"
)

// waitChart is the survival curve of the questions: how many still wait after so
// many hours, the open ones drawn in where their clock stopped. Nil without a curve.
func waitChart(w *analysis.Waits, clock string) *figure {
	if w == nil || len(w.Curve) < 2 {
		return nil
	}
	longest := w.Curve[len(w.Curve)-1].Hours
	for item := range w.Items.All() {
		if item.Open {
			longest = max(longest, item.Hours)
		}
	}
	if w.MedianHours != nil {
		longest = min(longest, 6*max(*w.MedianHours, 4))
	}
	step := niceStep(max(longest, 1), 4)
	p := plot{left: 46, top: 14, right: 342, bottom: 226, maxX: roundUp(max(longest, 1), step), maxY: 1}
	pic := &scene.Scene{Width: chartWidth, Height: 270, Title: "How long questions wait for an answer"}
	p.percents(pic, .25)
	for v := 0.0; v <= p.maxX+1e-9; v += step {
		pic.Text(scene.Faint, scene.Middle, scene.Point{X: p.x(v), Y: p.bottom + 16}, 11, number(v))
	}
	pic.Text(scene.Faint, scene.End, scene.Point{X: p.right, Y: p.bottom + 34}, 11.5, clockWords(clock)+" →")
	pic.Text(scene.Faint, scene.End, scene.Point{X: p.right, Y: p.top + 12}, 11.5, "still without an answer")

	var upper, lower, curve []scene.Point
	for i, c := range w.Curve {
		if i > 0 {
			before := w.Curve[i-1]
			upper, lower, curve = append(upper, p.at(c.Hours, before.High)), append(lower, p.at(c.Hours, before.Low)), append(curve, p.at(c.Hours, before.Open))
		}
		if c.Hours > p.maxX {
			break
		}
		upper, lower, curve = append(upper, p.at(c.Hours, c.High)), append(lower, p.at(c.Hours, c.Low)), append(curve, p.at(c.Hours, c.Open))
	}
	if end := w.Curve[len(w.Curve)-1]; end.Hours < p.maxX {
		upper, lower, curve = append(upper, p.at(p.maxX, end.High)), append(lower, p.at(p.maxX, end.Low)), append(curve, p.at(p.maxX, end.Open))
	}
	band := append([]scene.Point{}, upper...)
	for i := len(lower) - 1; i >= 0; i-- {
		band = append(band, lower[i])
	}
	pic.Area(scene.First, band...)
	pic.Line(scene.Stroke{Ink: scene.First, Width: 2.2}, curve...)
	if m := w.MedianHours; m != nil && *m <= p.maxX {
		dash := scene.Stroke{Ink: scene.Second, Width: 1.2, Dashed: true}
		pic.Line(dash, p.at(0, .5), p.at(*m, .5), p.at(*m, 0))
		pic.Mark(scene.Square, scene.Second, p.at(*m, .5), 4, "half are answered within "+hours(*m))
		anchor, dx := scene.Start, 8.0
		if p.x(*m) > 250 {
			anchor, dx = scene.End, -8
		}
		pic.Bold(scene.Second, anchor, scene.Point{X: p.x(*m) + dx, Y: p.y(.5) - 6}, 11.5, "half within "+hours(*m))
	}
	f := &figure{scene: pic, heads: []string{"After", "Still without an answer", "90 % interval"}}
	open, beyond := 0, 0
	for item := range w.Items.All() {
		if !item.Open {
			continue
		}
		open++
		if item.Hours > p.maxX {
			beyond++
		}
		pic.Ring(scene.Circle, scene.Alarm, p.at(item.Hours, openAt(w.Curve, item.Hours)), 4, clean(item.Issue)+": open after "+hours(item.Hours))
	}
	f.note = "The line falls as questions are answered; the band is its 90 % interval."
	if open > 0 {
		f.note += " A ring is a question without a recorded answer, where its clock stopped."
	}
	if beyond > 0 {
		f.note += fmt.Sprintf(" %s beyond the right edge.", count(beyond, "stands", "stand"))
	}
	for _, c := range thinned(w.Curve, 12) {
		f.rows = append(f.rows, []string{hours(c.Hours), percent(c.Open), span(c.Low, c.High, "–")})
	}
	pic.Desc = sentenceOf(f.rows, "After %s %s still wait (%s)")
	return f
}

// openAt reads the curve at a time.
func openAt(curve []analysis.CurvePoint, hours float64) float64 {
	open := 1.0
	for _, c := range curve {
		if c.Hours > hours {
			break
		}
		open = c.Open
	}
	return open
}

// thinned keeps so many points of a curve, the first and the last among them.
func thinned(curve []analysis.CurvePoint, keep int) []analysis.CurvePoint {
	if len(curve) <= keep {
		return curve
	}
	var out []analysis.CurvePoint
	for i := range keep {
		out = append(out, curve[int(math.Round(float64(i)*float64(len(curve)-1)/float64(keep-1)))])
	}
	return out
}
