package statistics

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mathext"
)

// TestBeta compares with gonum's incomplete beta function, and the density with its slope.
func TestBeta(t *testing.T) {
	for _, a := range []float64{.01, .3, 1, 2.5, 17, 96, 4000} {
		for _, b := range []float64{.01, .5, 1, 3, 40, 95.5, 9000} {
			d := newBeta(a, b)
			for _, x := range []float64{1e-9, .001, .05, .3, .5, .77, .99, 1 - 1e-9} {
				got, density := d.at(x)
				if want := mathext.RegIncBeta(a, b, x); math.Abs(got-want) > 1e-9 {
					t.Errorf("I_%g(%g, %g) = %g, want %g", x, a, b, got, want)
				}
				h := 1e-5 * min(x, 1-x)
				slope := (mathext.RegIncBeta(a, b, x+h) - mathext.RegIncBeta(a, b, x-h)) / (2 * h)
				if slope > 1e-6 && x < .999 && x > 1e-6 && math.Abs(density/slope-1) > 1e-3 {
					t.Errorf("density of (%g, %g) at %g is %g, want %g", a, b, x, density, slope)
				}
			}
		}
	}
}

// TestTopOfTwo compares the closed form of two candidates with the quadrature of three, of
// whom one has next to no chance.
func TestTopOfTwoAndThree(t *testing.T) {
	for _, c := range [][2]float64{{5, 5}, {12, 7}, {30, 29}, {.7, 1.2}, {60, 8}} {
		two, three := Top([]float64{c[0], c[1]}), Top([]float64{c[0], c[1], .02})
		for i := range two {
			if math.Abs(two[i]-three[i]) > .02 {
				t.Errorf("%v: %v, with a third %v", c, two, three)
			}
		}
		if s := two[0] + two[1]; math.Abs(s-1) > 1e-12 {
			t.Errorf("%v adds to %g", c, s)
		}
	}
}
