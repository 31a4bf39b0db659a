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
		pic.Text(scene.Alarm, anchorAt(x), scene.Point{X: x, Y: y - 13}, 10.5, "threshold "+amount(m.Threshold, m.Unit))
	}
	x := p.x(*m.Value)
	pic.Mark(scene.Diamond, scene.Word, scene.Point{X: x, Y: y}, 5, "")
	pic.Bold(scene.Word, anchorAt(x), scene.Point{X: x, Y: y + 20}, 11, amount(m.Value, m.Unit))
	return pic
}

func anchorAt(x float64) scene.Anchor {
	switch {
	case x < 60:
		return scene.Start
	case x > chartWidth-60:
		return scene.End
	}
	return scene.Middle
}
