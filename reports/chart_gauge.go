package reports

import (
	"math"

	"defacto/analysis"
	"defacto/reports/scene"
)

// gauge draws a finding's number on a line with its interval and its threshold.
// Nil where there is no number to draw.
func gauge(m analysis.Measure) *scene.Scene {
	if m.Value == nil || m.Unit == "" {
		return nil
	}
	limit := 1.0
	if m.Unit != "share" {
		limit = *m.Value
		for _, v := range []*float64{m.High, m.Threshold} {
			if v != nil {
				limit = max(limit, *v)
			}
		}
		step := niceStep(limit*1.05, 4)
		limit = roundUp(math.Max(limit*1.05, step), step)
	}
	p := plot{left: 8, top: 14, right: 352, bottom: 30, maxX: limit, maxY: 1}
	pic := &scene.Scene{Width: chartWidth, Height: 46, Title: measureName(m), Desc: measureSentence(m, "–")}
	y := 22.0
	pic.Line(scene.Stroke{Ink: scene.Grid, Width: 2}, scene.Point{X: p.left, Y: y}, scene.Point{X: p.right, Y: y})
	if m.Low != nil && m.High != nil {
		pic.Line(scene.Stroke{Ink: scene.First, Width: 7}, scene.Point{X: p.x(*m.Low), Y: y}, scene.Point{X: p.x(*m.High), Y: y})
	}
	if m.Threshold != nil {
		x := p.x(*m.Threshold)
		pic.Line(scene.Stroke{Ink: scene.Alarm, Width: 2}, scene.Point{X: x, Y: y - 10}, scene.Point{X: x, Y: y + 10})
		words := "threshold " + amount(m.Threshold, m.Unit)
		pic.Text(scene.Alarm, scene.Middle, scene.Point{X: inside(x, words, 10.5), Y: y - 13}, 10.5, words)
	}
	x := p.x(*m.Value)
	pic.Mark(scene.Diamond, scene.Word, scene.Point{X: x, Y: y}, 5, "")
	words := amount(m.Value, m.Unit)
	pic.Bold(scene.Word, scene.Middle, scene.Point{X: inside(x, words, 11.5), Y: y + 20}, 11, words)
	// The ends of the line say what it measures, where the number leaves room.
	zero := 0.0
	if x > p.left+60 {
		pic.Text(scene.Faint, scene.Start, scene.Point{X: p.left, Y: y + 20}, 10, amount(&zero, m.Unit))
	}
	if x < p.right-75 {
		pic.Text(scene.Faint, scene.End, scene.Point{X: p.right, Y: y + 20}, 10, amount(&limit, m.Unit))
	}
	return pic
}

// inside moves the middle of a text so far that it stays within a chart's width.
func inside(x float64, text string, size float64) float64 {
	half := textWidth(text, size)/2 + 2
	return math.Min(math.Max(x, half), chartWidth-half)
}
