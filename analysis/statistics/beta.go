package statistics

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// beta is the distribution Beta(a, b), a, b > 0. An audit asks it for two quantiles a
// person and duty: with what depends on the parameters alone worked out once, and the
// density falling out of the same step, an interval takes less than half of what it does with
// gonum's RegIncBeta, which knows one point at a time (BenchmarkInterval).
type beta struct {
	a, b  float64
	scale float64 // −ln B(a, b)
}

func newBeta(a, b float64) beta {
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	return beta{a, b, lab - la - lb}
}

// at is I_x(a, b), the probability up to x, and the density at x, for 0 < x < 1. (DLMF 8.17.22)
func (d beta) at(x float64) (below, density float64) {
	front := math.Exp(d.scale + d.a*math.Log(x) + d.b*math.Log1p(-x))
	density = front / (x * (1 - x))
	if x < (d.a+1)/(d.a+d.b+2) { // where the fraction converges fast
		if f, ok := betaFraction(d.a, d.b, x); ok {
			return front * f / d.a, density
		}
	} else if f, ok := betaFraction(d.b, d.a, 1-x); ok {
		return 1 - front*f/d.b, density
	}
	return mathext.RegIncBeta(d.a, d.b, x), density
}

// betaFraction is the continued fraction of the incomplete beta function, by the modified
// method of Lentz; not ok where it does not settle.
func betaFraction(a, b, x float64) (value float64, ok bool) {
	const tiny, precise, most = 1e-300, 1e-14, 500
	away := func(v float64) float64 { // from 0, which must not be divided by
		if math.Abs(v) < tiny {
			return tiny
		}
		return v
	}
	c, d := 1.0, 1/away(1-(a+b)*x/(a+1))
	value = d
	for m := 1.0; m < most; m++ {
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		d, c = 1/away(1+even*d), away(1+even/c)
		value *= d * c
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		d, c = 1/away(1+odd*d), away(1+odd/c)
		step := d * c
		value *= step
		if math.Abs(step-1) < precise {
			return value, true
		}
	}
	return 0, false
}

// quantile is the p-quantile, to 1e-10: Newton's steps, with Halley's correction
// where that is small, from a normal or power-law guess, each kept inside the
// bracket known so far, so that no parameters make it fail. The error falls with
// the cube, so a small step is known to be the last.
func (d beta) quantile(p float64) float64 {
	low, high := 0.0, 1.0
	x := d.guess(p)
	for range 100 {
		if !(x > low && x < high) {
			x = (low + high) / 2
		}
		below, density := d.at(x)
		miss := below - p
		if miss < 0 {
			low = x
		} else {
			high = x
		}
		if high-low < 1e-10 {
			break
		}
		newton := miss / density
		last := math.Abs(newton) < 1e-4*min(x, 1-x)
		if bend := .5 * newton * ((d.a-1)/x - (d.b-1)/(1-x)); math.Abs(bend) < .5 {
			newton /= 1 - bend
		}
		x -= newton
		if last {
			break
		}
	}
	return min(1, max(0, x))
}

// guess is near the p-quantile where it is easy to be (Abramowitz and Stegun
// 26.5.22; for small parameters the power law of the nearer end).
func (d beta) guess(p float64) float64 {
	a, b := d.a, d.b
	if a >= 1 && b >= 1 {
		y := -mathext.NormalQuantile(p)
		h := 2 / (1/(2*a-1) + 1/(2*b-1))
		l := (y*y - 3) / 6
		w := y*math.Sqrt(h+l)/h - (1/(2*b-1)-1/(2*a-1))*(l+5./6-2/(3*h))
		return a / (a + b*math.Exp(2*w))
	}
	left, right := math.Exp(a*math.Log(a/(a+b)))/a, math.Exp(b*math.Log(b/(a+b)))/b
	sum := left + right
	if p < left/sum {
		return math.Pow(a*sum*p, 1/a)
	}
	return 1 - math.Pow(b*sum*(1-p), 1/b)
}
