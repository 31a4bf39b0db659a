package statistics

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Interval is a closed interval.
type Interval struct{ Low, High float64 }

// Dirichlet is what is known of the shares of several categories. (3.3)
type Dirichlet struct {
	alpha  []float64
	total  float64
	unseen float64 // prior mass of categories nobody has seen; only where one category has everything
}

// Posterior is the Dirichlet for shares seen in a sample worth n, under Perks'
// prior: mass is divided evenly over the K categories that have a share, at
// least two, so that inactive people do not dilute: α_i = mass/max(K,2) + n·ŝ_i.
// A category without a share gets α = 0 and stays at 0. Where one category has
// everything, the prior's other half belongs to somebody not yet seen: it widens
// the interval and leaves the mean at 1.
func Posterior(shares []float64, n, mass float64) Dirichlet {
	active := 0
	for _, s := range shares {
		if s > 0 {
			active++
		}
	}
	d := Dirichlet{alpha: make([]float64, len(shares))}
	if active == 0 {
		return d
	}
	each := mass / float64(max(active, 2))
	for i, s := range shares {
		if s > 0 {
			d.alpha[i] = each + n*s
			d.total += d.alpha[i]
		}
	}
	if active == 1 {
		d.unseen = each
	}
	return d
}

// Len is the number of categories.
func (d Dirichlet) Len() int { return len(d.alpha) }

// Total is A = Σα.
func (d Dirichlet) Total() float64 { return d.total }

// Alpha is α_i, 0 for a category without a share.
func (d Dirichlet) Alpha(i int) float64 {
	if i < 0 || i >= len(d.alpha) {
		return 0
	}
	return d.alpha[i]
}

// Mean is E θ_i = α_i/A; over all categories it adds to 1 (to 0 when none has a share).
func (d Dirichlet) Mean(i int) float64 {
	if d.total == 0 {
		return 0
	}
	return d.Alpha(i) / d.total
}

// Variance is m(1 − m)/(A + 1).
func (d Dirichlet) Variance(i int) float64 {
	m := d.Mean(i)
	return m * (1 - m) / (d.total + 1)
}

// Interval is the central interval that holds θ_i with probability level (.9:
// from the 5 % to the 95 % quantile of Beta(α_i, A − α_i)). It is [0, 0] for a
// category without a share and ends at 1 for one that has everything.
func (d Dirichlet) Interval(i int, level float64) Interval {
	return d.interval(d.Alpha(i), level)
}

// SumInterval is the central interval of Σ θ_i over the given, distinct categories.
func (d Dirichlet) SumInterval(level float64, categories ...int) Interval {
	return d.interval(d.sum(categories), level)
}

func (d Dirichlet) interval(a, level float64) Interval {
	if a <= 0 {
		return Interval{}
	}
	tail := (1 - level) / 2
	rest := d.rest(a)
	if rest <= 0 {
		return Interval{1, 1}
	}
	v := Interval{betaQuantile(a, rest, tail), betaQuantile(a, rest, 1-tail)}
	if d.unseen > 0 {
		v.High = 1
	}
	return v
}

// Tail is P(Σ θ_i > x) over the given, distinct categories: one beta tail.
func (d Dirichlet) Tail(x float64, categories ...int) float64 {
	a := d.sum(categories)
	rest := d.rest(a)
	switch {
	case x < 0:
		return 1
	case x >= 1 || a <= 0:
		return 0
	case rest <= 0:
		return 1
	}
	return mathext.RegIncBeta(rest, a, 1-x)
}

func (d Dirichlet) sum(categories []int) float64 {
	a := 0.0
	for _, i := range categories {
		a += d.Alpha(i)
	}
	return a
}

// rest is the second parameter of the Beta that a belongs to; what rounding
// leaves of A − A is nothing.
func (d Dirichlet) rest(a float64) float64 {
	if rest := d.total - a; rest > 1e-12*d.total {
		return rest + d.unseen
	}
	return d.unseen
}

// betaQuantile is the p-quantile of Beta(a, b), a, b > 0, to 1e-10: Newton's
// steps, with Halley's correction where that is small, from a normal or power-law
// guess, each kept inside the bracket known so far, so that no parameters make it
// fail. The error falls with the cube, so a small step is known to be the last.
func betaQuantile(a, b, p float64) float64 {
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	scale := lab - la - lb // of the density x^(a−1)·(1−x)^(b−1)
	low, high := 0.0, 1.0
	x := betaGuess(a, b, p)
	for range 100 {
		if !(x > low && x < high) {
			x = (low + high) / 2
		}
		miss := mathext.RegIncBeta(a, b, x) - p
		if miss < 0 {
			low = x
		} else {
			high = x
		}
		if high-low < 1e-10 {
			break
		}
		newton := miss / math.Exp(scale+(a-1)*math.Log(x)+(b-1)*math.Log1p(-x))
		last := math.Abs(newton) < 1e-6*min(x, 1-x)
		if bend := .5 * newton * ((a-1)/x - (b-1)/(1-x)); math.Abs(bend) < .5 {
			newton /= 1 - bend
		}
		x -= newton
		if last {
			break
		}
	}
	return min(1, max(0, x))
}

// betaGuess is near the p-quantile where it is easy to be (Abramowitz and Stegun
// 26.5.22; for small parameters the power law of the nearer end).
func betaGuess(a, b, p float64) float64 {
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

// Top is, for each category but those left out, the probability that its share
// is the largest among those not left out (nobody, say): they add to 1, and
// what is left out or has no share gets 0. With no candidate all are 0.
func (d Dirichlet) Top(without ...int) []float64 {
	alpha := d.alpha
	if len(without) > 0 {
		alpha = append([]float64(nil), d.alpha...)
		for _, i := range without {
			if i >= 0 && i < len(alpha) {
				alpha[i] = 0
			}
		}
	}
	return Top(alpha)
}
