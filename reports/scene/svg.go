package scene

import (
	"bytes"
	"encoding/xml"
	"math"
	"strconv"
)

// SVG returns the picture as one svg element for a page that has no other
// element called id. Inks become classes: "ink-first" colours a line or a mark,
// "fill-first" fills. Numbers that are no numbers become 0.
func (s *Scene) SVG(id string) []byte {
	w := &writer{}
	w.open("svg", "class", "scene", "viewBox", "0 0 "+num(s.Width)+" "+num(s.Height), "role", "img",
		"aria-labelledby", id+"-title "+id+"-desc")
	w.element(s.Title, "title", "id", id+"-title")
	w.element(s.Desc, "desc", "id", id+"-desc")
	for _, shape := range s.shapes {
		shape.svg(w)
	}
	w.WriteString("</svg>")
	return w.Bytes()
}

type writer struct{ bytes.Buffer }

// open writes a start tag; attributes come as name, value, name, value.
func (w *writer) open(tag string, attributes ...string) {
	w.WriteString("<" + tag)
	for i := 0; i+1 < len(attributes); i += 2 {
		w.WriteString(" " + attributes[i] + `="`)
		w.escape(attributes[i+1])
		w.WriteByte('"')
	}
	w.WriteByte('>')
}

func (w *writer) element(text, tag string, attributes ...string) {
	w.open(tag, attributes...)
	w.escape(text)
	w.WriteString("</" + tag + ">")
}

// escape writes text so that neither XML nor HTML sees anything but text.
func (w *writer) escape(text string) {
	// A bytes.Buffer takes every write.
	_ = xml.EscapeText(&w.Buffer, []byte(text))
}

func (l line) svg(w *writer) {
	class := "ink-" + string(l.stroke.Ink)
	if l.stroke.Dashed {
		class += " dashed"
	}
	w.element("", "polyline", "class", class, "points", list(l.points), "stroke-width", num(l.stroke.Width))
}

func (a area) svg(w *writer) {
	w.element("", "polygon", "class", "area fill-"+string(a.ink), "points", list(a.points))
}

func (m mark) svg(w *writer) {
	class := "fill-" + string(m.ink)
	if m.hollow {
		class = "ring ink-" + string(m.ink)
	}
	x, y, r := m.at.X, m.at.Y, m.radius
	switch m.form {
	case Square:
		w.open("rect", "class", class, "x", num(x-r*.9), "y", num(y-r*.9), "width", num(r*1.8), "height", num(r*1.8))
		m.end(w, "rect")
	case Triangle:
		w.open("polygon", "class", class, "points", list([]Point{{x, y - r*1.15}, {x + r*1.05, y + r*.8}, {x - r*1.05, y + r*.8}}))
		m.end(w, "polygon")
	case Diamond:
		w.open("polygon", "class", class, "points", list([]Point{{x, y - r*1.25}, {x + r*1.25, y}, {x, y + r*1.25}, {x - r*1.25, y}}))
		m.end(w, "polygon")
	default:
		w.open("circle", "class", class, "cx", num(x), "cy", num(y), "r", num(r))
		m.end(w, "circle")
	}
}

func (m mark) end(w *writer, tag string) {
	if m.title != "" {
		w.element(m.title, "title")
	}
	w.WriteString("</" + tag + ">")
}

func (t words) svg(w *writer) {
	class := "fill-" + string(t.ink)
	if t.bold {
		class += " bold"
	}
	w.element(t.text, "text", "class", class, "x", num(t.at.X), "y", num(t.at.Y), "font-size", num(t.size), "text-anchor", string(t.anchor))
}

func list(points []Point) string {
	var b []byte
	for i, p := range points {
		if i > 0 {
			b = append(b, ' ')
		}
		b = append(b, num(p.X)+","+num(p.Y)...)
	}
	return string(b)
}

// num spells a length with one decimal at most.
func num(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "0"
	}
	v = math.Round(v*10) / 10
	if v == 0 {
		v = 0 // never -0
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
