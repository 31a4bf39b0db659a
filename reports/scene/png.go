package scene

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// ErrGlyph says that a text has letters the font of pictures lacks: Latin, Greek
// and Cyrillic are there. Where it comes up, the table beside the picture has to do.
var ErrGlyph = errors.New("the font has no such letter")

// largest bounds a picture, in pixels.
const largest = 16 << 20

// PNG draws the picture on white, so many pixels to a unit, in the colours of the
// light page. The error wraps ErrGlyph where a text cannot be drawn.
func (s *Scene) PNG(scale float64) ([]byte, error) {
	width, height := int(math.Ceil(s.Width*scale)), int(math.Ceil(s.Height*scale))
	if width <= 0 || height <= 0 || width > largest/height {
		return nil, fmt.Errorf("a picture of %d by %d pixels", width, height)
	}
	c, err := newCanvas(width, height, scale)
	if err != nil {
		return nil, err
	}
	for _, shape := range s.shapes {
		if err := c.draw(shape); err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestCompression}
	if err := enc.Encode(&b, c.img); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// rgb is an ink on the light page.
func rgb(ink Ink) color.NRGBA {
	switch ink {
	case Faint:
		return color.NRGBA{0x55, 0x60, 0x72, 255}
	case Grid:
		return color.NRGBA{0xe3, 0xde, 0xd4, 255}
	case First:
		return color.NRGBA{0x1f, 0x5f, 0xa8, 255}
	case Second:
		return color.NRGBA{0xb4, 0x52, 0x0f, 255}
	case Third:
		return color.NRGBA{0x1c, 0x73, 0x58, 255}
	case Fourth:
		return color.NRGBA{0x7a, 0x4b, 0x94, 255}
	case Alarm:
		return color.NRGBA{0xb3, 0x20, 0x3a, 255}
	default:
		return color.NRGBA{0x1c, 0x24, 0x30, 255}
	}
}

// canvas is a picture being drawn; places are in units.
type canvas struct {
	img           *image.NRGBA
	scale         float64
	regular, bold *opentype.Font
	buffer        sfnt.Buffer
}

func newCanvas(width, height int, scale float64) (*canvas, error) {
	c := &canvas{img: image.NewNRGBA(image.Rect(0, 0, width, height)), scale: scale}
	draw.Draw(c.img, c.img.Bounds(), image.White, image.Point{}, draw.Src)
	var err error
	if c.regular, err = opentype.Parse(goregular.TTF); err != nil {
		return nil, fmt.Errorf("read the font: %w", err)
	}
	if c.bold, err = opentype.Parse(gobold.TTF); err != nil {
		return nil, fmt.Errorf("read the font: %w", err)
	}
	return c, nil
}

func (c *canvas) draw(s shape) error {
	switch s := s.(type) {
	case line:
		c.line(s)
	case area:
		c.fill(rgb(s.ink), 0x30, s.points)
	case mark:
		if s.hollow {
			c.fill(rgb(s.ink), 255, outline(s.form, s.at, s.radius+.8), reversed(outline(s.form, s.at, max(s.radius-.8, 0))))
		} else {
			c.fill(rgb(s.ink), 255, outline(s.form, s.at, s.radius))
		}
	case words:
		return c.words(s)
	}
	return nil
}

// fill covers what the polygons enclose; one that runs the other way is a hole.
func (c *canvas) fill(ink color.NRGBA, alpha uint8, polygons ...[]Point) {
	var outlines [][][2]float32
	left, top, right, bottom := float32(math.MaxFloat32), float32(math.MaxFloat32), float32(0), float32(0)
	for _, points := range polygons {
		var outline [][2]float32
		for _, p := range points {
			x, y := c.place(p.X, c.img.Rect.Dx()), c.place(p.Y, c.img.Rect.Dy())
			left, top, right, bottom = min(left, x), min(top, y), max(right, x), max(bottom, y)
			outline = append(outline, [2]float32{x, y})
		}
		outlines = append(outlines, outline)
	}
	// Only the part of the picture that changes is looked at.
	part := image.Rect(int(left)-1, int(top)-1, int(right)+2, int(bottom)+2).Intersect(c.img.Rect)
	if part.Empty() {
		return
	}
	r := vector.NewRasterizer(part.Dx(), part.Dy())
	for _, outline := range outlines {
		for i, p := range outline {
			x, y := p[0]-float32(part.Min.X), p[1]-float32(part.Min.Y)
			if i == 0 {
				r.MoveTo(x, y)
			} else {
				r.LineTo(x, y)
			}
		}
		r.ClosePath()
	}
	ink.A = alpha
	r.Draw(c.img, part, image.NewUniform(ink), image.Point{})
}

// place is a length in pixels, kept near the picture: numbers that are no
// numbers are 0, as in SVG.
func (c *canvas) place(v float64, limit int) float32 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		v = 0
	}
	return float32(min(max(v*c.scale, -float64(limit)), 2*float64(limit)))
}

// line draws a broad line, piece by piece, and dashes where it is dashed.
func (c *canvas) line(l line) {
	half := l.stroke.Width / 2
	for i := 1; i < len(l.points); i++ {
		a, b := l.points[i-1], l.points[i]
		length := math.Hypot(b.X-a.X, b.Y-a.Y)
		if !(length > 0) || math.IsInf(length, 0) || length > 1e5 {
			continue
		}
		dx, dy := (b.X-a.X)/length, (b.Y-a.Y)/length
		dash, gap := length, 0.0
		if l.stroke.Dashed {
			dash, gap = 4, 3
		}
		for from := 0.0; from < length; from += dash + gap {
			to := min(from+dash, length)
			p, q := Point{a.X + dx*from, a.Y + dy*from}, Point{a.X + dx*to, a.Y + dy*to}
			ox, oy := -dy*half, dx*half
			c.fill(rgb(l.stroke.Ink), 255, []Point{{p.X + ox, p.Y + oy}, {q.X + ox, q.Y + oy}, {q.X - ox, q.Y - oy}, {p.X - ox, p.Y - oy}})
		}
	}
}

// outline is a mark's edge, in the proportions SVG has.
func outline(form Form, at Point, r float64) []Point {
	x, y := at.X, at.Y
	switch form {
	case Square:
		return []Point{{x - r*.9, y - r*.9}, {x + r*.9, y - r*.9}, {x + r*.9, y + r*.9}, {x - r*.9, y + r*.9}}
	case Triangle:
		return []Point{{x, y - r*1.15}, {x + r*1.05, y + r*.8}, {x - r*1.05, y + r*.8}}
	case Diamond:
		return []Point{{x, y - r*1.25}, {x + r*1.25, y}, {x, y + r*1.25}, {x - r*1.25, y}}
	}
	const corners = 48
	points := make([]Point, corners)
	for i := range points {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
		points[i] = Point{x + r*cos, y + r*sin}
	}
	return points
}

func reversed(points []Point) []Point {
	out := make([]Point, len(points))
	for i, p := range points {
		out[len(points)-1-i] = p
	}
	return out
}

func (c *canvas) words(t words) error {
	f := c.regular
	if t.bold {
		f = c.bold
	}
	for _, r := range t.text {
		if n, err := f.GlyphIndex(&c.buffer, r); err != nil || n == 0 {
			return fmt.Errorf("draw %q: %w", t.text, ErrGlyph)
		}
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: t.size * c.scale, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return fmt.Errorf("read the font: %w", err)
	}
	defer face.Close()
	d := font.Drawer{Dst: c.img, Src: image.NewUniform(rgb(t.ink)), Face: face}
	d.Dot = fixed.Point26_6{X: fixed.Int26_6(c.place(t.at.X, c.img.Rect.Dx()) * 64), Y: fixed.Int26_6(c.place(t.at.Y, c.img.Rect.Dy()) * 64)}
	switch wide := d.MeasureString(t.text); t.anchor {
	case Middle:
		d.Dot.X -= wide / 2
	case End:
		d.Dot.X -= wide
	case Start:
	}
	d.DrawString(t.text)
	return nil
}
