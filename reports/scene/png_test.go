package scene

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"testing"
)

func TestPNG(t *testing.T) {
	data, err := all("a < b & Ж").PNG(2)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if img.Bounds() != image.Rect(0, 0, 200, 100) {
		t.Errorf("bounds %v, want 200 by 100", img.Bounds())
	}
	for _, c := range []struct {
		what string
		x, y int
		ink  Ink
		is   bool
	}{{"inside a filled mark", 20, 20, First, true}, {"on a ring", 48, 20, Second, true}, {"inside a ring", 40, 20, Second, false}} {
		r, g, b, _ := img.At(c.x, c.y).RGBA()
		want := rgb(c.ink)
		if got := [3]uint8{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8)}; (got == [3]uint8{want.R, want.G, want.B}) != c.is {
			t.Errorf("%s: %v, ink %v", c.what, got, want)
		}
	}
	again, err := all("a < b & Ж").PNG(2)
	if err != nil || !bytes.Equal(again, data) {
		t.Errorf("the same picture differs the second time (%v)", err)
	}
}

func TestPNGRefuses(t *testing.T) {
	if _, err := all("王伟").PNG(2); !errors.Is(err, ErrGlyph) {
		t.Errorf("letters the font lacks: %v, want %v", err, ErrGlyph)
	}
	for _, s := range []*Scene{{}, {Width: 1e6, Height: 1e6}, {Width: -1, Height: 5}} {
		if _, err := s.PNG(2); err == nil {
			t.Errorf("a picture of %v by %v was drawn", s.Width, s.Height)
		}
	}
}

func FuzzPNG(f *testing.F) {
	f.Add("x", 1.5, 2.5, 3.5, 1.0)
	f.Add("é\x00\xff", -1e300, 1e300, 1e-300, 1e9)
	f.Fuzz(func(t *testing.T, text string, x, y, size, radius float64) {
		s := &Scene{Width: 50, Height: 30}
		s.Line(Stroke{Width: radius, Dashed: true}, Point{x, y}, Point{y, x}, Point{0, 0})
		s.Ring(Circle, Alarm, Point{x, y}, radius, "")
		s.Mark(Triangle, First, Point{y, x}, radius, "")
		if len(text) > 100 {
			text = text[:100]
		}
		s.Text(Word, End, Point{x, y}, min(max(size, 1), 40), text)
		if _, err := s.PNG(1); err != nil && !errors.Is(err, ErrGlyph) {
			t.Fatal(err)
		}
	})
}
