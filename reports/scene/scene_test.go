package scene

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
)

func all(text string) *Scene {
	s := &Scene{Width: 100, Height: 50, Title: text, Desc: text}
	s.Line(Stroke{Ink: Grid, Width: 1, Dashed: true}, Point{0, 0}, Point{math.NaN(), math.Inf(1)})
	s.Area(First, Point{0, 0}, Point{10.04, -0.01}, Point{3, 3})
	for _, f := range []Form{Circle, Square, Triangle, Diamond} {
		s.Mark(f, First, Point{10, 10}, 4, text)
		s.Ring(f, Second, Point{20, 10}, 4, "")
	}
	s.Text(Word, Start, Point{1, 2}, 11, text)
	s.Bold(Word, Middle, Point{1, 2}, 11, text)
	return s
}

// texts parses a picture and returns its elements' names and their texts.
func texts(t *testing.T, svg []byte) (names, contents []string) {
	t.Helper()
	dec := xml.NewDecoder(strings.NewReader(string(svg)))
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return names, contents
		}
		if err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, svg)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			names = append(names, tok.Name.Local)
		case xml.CharData:
			contents = append(contents, string(tok))
		}
	}
}

func TestTextStaysText(t *testing.T) {
	for _, text := range []string{"<script>alert(1)</script>", `"><image href=x onerror=alert(1)>`, "]]></svg>", "a & b < 14 d", "\x1b[31m\x00", "&#x3c;b>"} {
		names, contents := texts(t, all(text).SVG("c1"))
		for _, n := range names {
			switch n {
			case "svg", "title", "desc", "polyline", "polygon", "circle", "rect", "text":
			default:
				t.Errorf("%q made an element %s", text, n)
			}
		}
		if got := contents[0]; !strings.ContainsAny(text, "\x00") && got != text {
			t.Errorf("the title reads %q, want %q", got, text)
		}
	}
}

func TestNumbers(t *testing.T) {
	for in, want := range map[float64]string{0: "0", math.Copysign(0, -1): "0", -0.01: "0", 10.04: "10", 10.06: "10.1", math.NaN(): "0", math.Inf(-1): "0"} {
		if got := num(in); got != want {
			t.Errorf("num(%v) = %q, want %q", in, got, want)
		}
	}
}

func FuzzSVG(f *testing.F) {
	f.Add("<script>")
	f.Add("\xff\xfe]]>")
	f.Fuzz(func(t *testing.T, text string) {
		names, _ := texts(t, all(text).SVG("c1"))
		want := 2 + 1 + 1 + 1 + 4*3 + 2
		if text == "" {
			want -= 4 // marks without a title
		}
		if len(names) != want {
			t.Fatalf("%q changed the picture: %v", text, names)
		}
	})
}
