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

// betaQuantile is the p-quantile of Beta(a, b), a, b > 0. Bisection rather than
// an iterative inverse: it cannot fail, whatever the parameters.
func betaQuantile(a, b, p float64) float64 {
	low, high := 0.0, 1.0
	for range 60 {
		mid := (low + high) / 2
		if mathext.RegIncBeta(a, b, mid) < p {
			low = mid
		} else {
			high = mid
		}
		if high-low < 1e-12 {
			break
		}
	}
	return (low + high) / 2
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

// negligible is the probability below which a candidate is not looked at.
const negligible = 1e-8

// Top is P(top_i) for independent Gamma(α_i, 1), whose largest is the largest of
// a Dirichlet: the probability that i is the largest. Candidates with α ≤ 0, or
// with less than 1e-8 of a chance against the leader, get 0; the rest add to 1.
//
// P(top_i) = ∫ Π_{j≠i} G(x; α_j) dG(x; α_i), on an even grid in u = √x, where
// every gamma has a standard deviation of about ½ (3.3). "Exceedance probability"
// elsewhere: Soch and Allefeld 2016.
func Top(alpha []float64) []float64 {
	top := make([]float64, len(alpha))
	lead := 0.0
	for _, a := range alpha {
		lead = max(lead, a)
	}
	if lead <= 0 {
		return top
	}
	var who []int
	var g []gammaWalk
	from, to := topRange(lead)
	step := (to - from) / topPanels
	for i, a := range alpha {
		if a > 0 && mathext.RegIncBeta(lead, a, .5) >= negligible {
			who = append(who, i)
			g = append(g, startWalk(a, from))
		}
	}
	if len(who) == 1 {
		top[who[0]] = 1
		return top
	}
	before := 0.0 // Π G; what is left below the grid is less than can be seen
	for k := range topPanels {
		u := newPanel(from+float64(k)*step, step, from == 0 && k < exactPanels)
		after, growth := 1.0, 0.0
		for j := range g {
			g[j].advance(&u)
			after *= g[j].now
			growth += g[j].growth
		}
		// The panel's part of Π G, divided by how much each G grew: exact where all
		// are powers of x, as near 0. Over the grid the parts add to 1.
		if scale := (after - before) / growth; scale > 0 {
			for j, i := range who {
				top[i] += scale * g[j].growth
			}
		}
		before = after
	}
	total := 0.0
	for _, i := range who {
		total += top[i]
	}
	for _, i := range who {
		top[i] /= total
	}
	return top
}

const (
	topPanels   = 300 // the error falls with the square; here it is under 5e-5
	exactPanels = 5   // near 0 the densities of small α are too steep for quadrature
)

// topRange is where, in √x, the largest of the gammas can be: ten standard
// deviations about the leader.
func topRange(lead float64) (from, to float64) {
	return max(0, math.Sqrt(lead)-5), math.Sqrt(lead) + 5
}

// gammaWalk follows one distribution function G(u²; α) along the grid.
type gammaWalk struct {
	alpha, power, scale float64 // density in u: exp(power·ln u − u² − scale)
	now, ln             float64 // G at the end of the panel, and its logarithm
	growth              float64 // of ln G over the panel
}

func startWalk(alpha, from float64) gammaWalk {
	lg, _ := math.Lgamma(alpha)
	w := gammaWalk{alpha: alpha, power: 2*alpha - 1, scale: lg - math.Ln2}
	if from > 0 {
		w.now = mathext.GammaIncReg(alpha, from*from)
	}
	w.ln = math.Log(w.now)
	return w
}

// panel is one step of the grid with what all walks share: the two Gauss–Legendre nodes.
type panel struct {
	end   float64
	half  float64
	u, ln [2]float64
	exact bool
}

func newPanel(from, step float64, exact bool) panel {
	const node = 0.5773502691896258 // 1/√3
	p := panel{end: from + step, half: step / 2, exact: exact}
	mid := from + p.half
	p.u = [2]float64{mid - node*p.half, mid + node*p.half}
	p.ln = [2]float64{math.Log(p.u[0]), math.Log(p.u[1])}
	return p
}

func (w *gammaWalk) advance(p *panel) {
	then := w.ln
	if p.exact {
		w.now = mathext.GammaIncReg(w.alpha, p.end*p.end)
	} else {
		density := math.Exp(w.power*p.ln[0]-p.u[0]*p.u[0]-w.scale) + math.Exp(w.power*p.ln[1]-p.u[1]*p.u[1]-w.scale)
		w.now = min(1, w.now+p.half*density)
	}
	w.ln = math.Log(w.now)
	w.growth = w.ln - then
	if math.IsInf(then, -1) { // from 0: G is c·x^α there, and ln G grows as α
		w.growth = w.alpha
	}
}
