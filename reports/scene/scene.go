// Package scene describes a small picture — lines, marks and words in a frame —
// and writes it as SVG. Every text is escaped; colours are names that the page
// gives a value to, so that one picture serves light, dark and print.
package scene

// Scene is a picture of Width by Height units. Title and Desc say in words what
// it shows, for those who cannot see it.
type Scene struct {
	Width, Height float64
	Title, Desc   string
	shapes        []shape
}

// Ink is what a shape is drawn with: a name the page gives a colour to.
type Ink string

// The inks. First to Fourth tell series apart and differ in lightness too, for
// readers who do not see their hues.
const (
	Word   Ink = "word"   // text
	Faint  Ink = "faint"  // text and lines that stand back
	Grid   Ink = "grid"   // rules
	First  Ink = "first"  // the product owner's side
	Second Ink = "second" // the product manager's side
	Third  Ink = "third"
	Fourth Ink = "fourth"
	Alarm  Ink = "alarm" // what a finding points at
)

// Form is the shape of a mark.
type Form uint8

// The forms.
const (
	Circle Form = iota
	Square
	Triangle
	Diamond
)

// Anchor is the end of a text that stands at its point.
type Anchor string

// The anchors.
const (
	Start  Anchor = "start"
	Middle Anchor = "middle"
	End    Anchor = "end"
)

// Point is a place in the picture, from its upper left corner.
type Point struct{ X, Y float64 }

// Stroke says how a line is drawn.
type Stroke struct {
	Ink    Ink
	Width  float64
	Dashed bool
}

type shape interface{ svg(*writer) }

type line struct {
	points []Point
	stroke Stroke
}

type area struct {
	points []Point
	ink    Ink
}

type mark struct {
	at     Point
	radius float64
	form   Form
	ink    Ink
	hollow bool
	title  string
}

type words struct {
	at     Point
	size   float64
	anchor Anchor
	ink    Ink
	bold   bool
	text   string
}

// Line draws a line through the points.
func (s *Scene) Line(stroke Stroke, points ...Point) {
	s.shapes = append(s.shapes, line{points, stroke})
}

// Area fills the polygon of the points, lightly.
func (s *Scene) Area(ink Ink, points ...Point) {
	s.shapes = append(s.shapes, area{points, ink})
}

// Mark draws a filled mark; title is shown where a pointer rests on it.
func (s *Scene) Mark(form Form, ink Ink, at Point, radius float64, title string) {
	s.shapes = append(s.shapes, mark{at, radius, form, ink, false, title})
}

// Ring draws the outline of a mark.
func (s *Scene) Ring(form Form, ink Ink, at Point, radius float64, title string) {
	s.shapes = append(s.shapes, mark{at, radius, form, ink, true, title})
}

// Text writes one line of words.
func (s *Scene) Text(ink Ink, anchor Anchor, at Point, size float64, text string) {
	s.shapes = append(s.shapes, words{at, size, anchor, ink, false, text})
}

// Bold writes one line of words in bold.
func (s *Scene) Bold(ink Ink, anchor Anchor, at Point, size float64, text string) {
	s.shapes = append(s.shapes, words{at, size, anchor, ink, true, text})
}
