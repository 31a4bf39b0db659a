package reports

import (
	"math"

	"defacto/reports/scene"
)

// figure is a chart with the table that says the same.
type figure struct {
	scene *scene.Scene
	note  string // how to read it
	heads []string
	rows  [][]string
}

// Charts are drawn this wide, so that on a phone their letters keep their size.
const chartWidth = 360

// plot is the part of a chart inside its axes: it turns values into places.
type plot struct {
	left, top, right, bottom float64 // in the scene
	maxX, maxY               float64 // values at the right and at the top; both axes start at 0
}

func (p plot) x(v float64) float64 {
	return p.left + (p.right-p.left)*math.Min(math.Max(v/p.maxX, 0), 1)
}

func (p plot) y(v float64) float64 {
	return p.bottom - (p.bottom-p.top)*math.Min(math.Max(v/p.maxY, 0), 1)
}
func (p plot) at(x, y float64) scene.Point { return scene.Point{X: p.x(x), Y: p.y(y)} }

func hairline() scene.Stroke { return scene.Stroke{Ink: scene.Grid, Width: 1} }

// percents draws the horizontal rules of an axis of shares.
func (p plot) percents(s *scene.Scene, step float64) {
	for v := 0.0; v <= p.maxY+1e-9; v += step {
		s.Line(hairline(), p.at(0, v), p.at(p.maxX, v))
		s.Text(scene.Faint, scene.End, scene.Point{X: p.left - 6, Y: p.y(v) + 4}, 11, percent(math.Round(v*100)/100))
	}
}

// roundUp returns the next step at or above a value.
func roundUp(v, step float64) float64 { return math.Ceil(v/step-1e-9) * step }

// niceStep returns a step of 1, 2 or 5 times a power of ten that divides a
// length into about so many parts.
func niceStep(length float64, parts int) float64 {
	if length <= 0 || math.IsNaN(length) || math.IsInf(length, 0) {
		return 1
	}
	rough := length / float64(parts)
	unit := math.Pow(10, math.Floor(math.Log10(rough)))
	for _, k := range []float64{1, 2, 5} {
		if k*unit >= rough {
			return k * unit
		}
	}
	return 10 * unit
}

// labels places names beside marks where they do not cover each other.
type labels struct {
	scene *scene.Scene
	taken []box
	lines []box // what lines run through: better free, but no reason to leave a name out
	frame box
}

type box struct{ left, top, right, bottom float64 }

func (b box) overlaps(o box) bool {
	return b.left < o.right && o.left < b.right && b.top < o.bottom && o.top < b.bottom
}

func (b box) within(o box) bool {
	return b.left >= o.left && b.right <= o.right && b.top >= o.top && b.bottom <= o.bottom
}

// keep reserves the place of a mark.
func (l *labels) keep(at scene.Point, radius float64) {
	l.taken = append(l.taken, box{at.X - radius, at.Y - radius, at.X + radius, at.Y + radius})
}

// keepLine reserves what a line runs through.
func (l *labels) keepLine(points []scene.Point) {
	const step = 5
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		parts := math.Ceil(math.Hypot(b.X-a.X, b.Y-a.Y) / step)
		for k := 1.0; k < parts; k++ {
			x, y := a.X+(b.X-a.X)*k/parts, a.Y+(b.Y-a.Y)*k/parts
			l.lines = append(l.lines, box{x - 1, y - 1, x + 1, y + 1})
		}
	}
}

// name writes a label beside a mark: right, left, above or below, whichever is
// free first, then whichever only lines run through; where none is, the mark's
// title and the table have to do.
func (l *labels) name(at scene.Point, radius, size float64, bold bool, text string) {
	if !l.place(at, radius, size, bold, text, append(l.lines[:len(l.lines):len(l.lines)], l.taken...)) {
		l.place(at, radius, size, bold, text, l.taken)
	}
}

func (l *labels) place(at scene.Point, radius, size float64, bold bool, text string, taken []box) bool {
	wide := textWidth(text, size)
	if bold {
		wide *= 1.06
	}
	gap := radius + 4
	for _, try := range []struct {
		anchor scene.Anchor
		dx, dy float64
	}{
		{scene.Start, gap, size * .35},
		{scene.End, -gap, size * .35},
		{scene.Middle, 0, -gap},
		{scene.Middle, 0, gap + size*.8},
		{scene.Start, gap, -size * .4},
		{scene.Start, gap, size * 1.1},
		{scene.End, -gap, -size * .4},
		{scene.End, -gap, size * 1.1},
	} {
		x, y := at.X+try.dx, at.Y+try.dy
		b := box{x, y - size*.8, x + wide, y + size*.25}
		switch try.anchor {
		case scene.End:
			b.left, b.right = x-wide, x
		case scene.Middle:
			b.left, b.right = x-wide/2, x+wide/2
		}
		if !b.within(l.frame) || covered(b, at, taken) {
			continue
		}
		l.taken = append(l.taken, b)
		if bold {
			l.scene.Bold(scene.Word, try.anchor, scene.Point{X: x, Y: y}, size, text)
		} else {
			l.scene.Text(scene.Word, try.anchor, scene.Point{X: x, Y: y}, size, text)
		}
		return true
	}
	return false
}

func covered(b box, own scene.Point, taken []box) bool {
	for _, t := range taken {
		if t.overlaps(b) && !(t.left < own.X && own.X < t.right && t.top < own.Y && own.Y < t.bottom) {
			return true
		}
	}
	return false
}

// textWidth guesses how wide a text will be in a reader's sans serif.
func textWidth(s string, size float64) float64 { return float64(columns(s)) * size * .56 }

// shortName fits a name into a chart.
func shortName(s string) string { return fit(s, 22) }
