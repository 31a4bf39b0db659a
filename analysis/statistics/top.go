package statistics

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// negligible is the chance against the leader below which a candidate is not looked at.
const negligible = 1e-7

// Top is P(top_i) for independent Gamma(α_i, 1), whose largest is the largest of
// a Dirichlet: the probability that i is the largest, to 1e-4. Candidates with
// α ≤ 0, or with less than 1e-7 of a chance against the leader, get 0; the rest
// add to 1.
//
// P(top_i) = ∫ Π_{j≠i} G(x; α_j) dG(x; α_i), on an even grid in u = √x, where
// every gamma has a standard deviation of about ½ (3.3). Elsewhere it is called
// the exceedance probability.
func Top(alpha []float64) []float64 {
	top := make([]float64, len(alpha))
	first := 0
	for i, a := range alpha {
		if a > alpha[first] {
			first = i
		}
	}
	if len(alpha) == 0 || alpha[first] <= 0 {
		return top
	}
	lead := alpha[first]
	count, second := 1, first
	for i, a := range alpha {
		if i == first {
			continue
		}
		if top[i] = against(a, lead); top[i] > 0 {
			count, second = count+1, i
		}
	}
	top[first] = 1
	if count <= 2 { // the chance against the leader is the chance to be the largest
		if second != first {
			top[first] = 1 - top[second]
		}
		return top
	}
	from, to := topRange(lead)
	step := (to - from) / topPanels
	walks := make([]gammaWalk, 0, count)
	for i, a := range alpha {
		if top[i] > 0 {
			walks = append(walks, startWalk(i, a, from))
			top[i] = 0
		}
	}
	before := 0.0 // Π G; what lies below the grid is less than can be seen
	for k := range topPanels {
		p := panel{end: from + float64(k+1)*step, step: step, exact: from == 0 && k < exactPanels}
		p.ln = math.Log(p.end)
		after, growth := 1.0, 0.0
		for j := range walks {
			w := &walks[j]
			w.advance(&p)
			after *= w.now
			growth += w.growth
		}
		// The panel's part of Π G, divided by how much each ln G grew: exact where all
		// are powers of x, as near 0.
		if growth > 0 && after > before {
			scale := (after - before) / growth
			for j := range walks {
				top[walks[j].who] += scale * walks[j].growth
			}
		}
		before = after
	}
	total := 0.0 // Π G at the end: all but 1
	for i := range walks {
		total += top[walks[i].who]
	}
	for i := range top {
		top[i] /= total
	}
	return top
}

// against is P(Γ(a) > Γ(lead)) = I_½(lead, a), 0 where that is not worth a look.
func against(a, lead float64) float64 {
	if a <= 0 {
		return 0
	}
	if below, _ := newBeta(lead, a).at(.5); below >= negligible {
		return below
	}
	return 0
}

const (
	topPanels   = 200 // the error falls with the square; here it is under 5e-5
	exactPanels = 6   // near 0 the densities of small α are too steep for quadrature
)

// topRange is where, in √x, the largest of the gammas can be: six standard
// deviations about the leader and a bit more above, where small α fall off slower.
func topRange(lead float64) (from, to float64) {
	return max(0, math.Sqrt(lead)-3), math.Sqrt(lead) + 4
}

// gammaWalk follows one distribution function G(u²; α) along the grid.
type gammaWalk struct {
	who          int
	alpha        float64
	power, scale float64 // the density in u is exp(power·ln u − u² − scale)
	now          float64 // G at the end of the panel
	growth       float64 // of ln G over the panel
	last, first  float64 // the density at the panel's end and one panel earlier
	done         bool    // G is 1 from here on
}

// panel is one step of the grid.
type panel struct {
	end, ln, step float64
	exact         bool
}

func startWalk(who int, alpha, from float64) gammaWalk {
	lg, _ := math.Lgamma(alpha)
	w := gammaWalk{who: who, alpha: alpha, power: 2*alpha - 1, scale: lg - math.Ln2}
	if from > 0 {
		w.now = mathext.GammaIncReg(alpha, from*from)
		w.last = w.density(from, math.Log(from))
		w.first = w.last
	}
	return w
}

func (w *gammaWalk) density(u, ln float64) float64 {
	return math.Exp(w.power*ln - u*u - w.scale)
}

// advance moves G over one panel by the third-order Adams–Moulton rule, which
// needs one new density.
func (w *gammaWalk) advance(p *panel) {
	if w.done {
		return
	}
	f, then := w.density(p.end, p.ln), w.now
	if p.exact {
		w.now = mathext.GammaIncReg(w.alpha, p.end*p.end)
	} else {
		w.now = min(1, w.now+p.step*(5*f+8*w.last-w.first)/12)
	}
	w.first, w.last = w.last, f
	w.growth = lnRatio(then, w.now)
	switch {
	case then == 0: // G is c·x^α there, and ln G grows as α
		w.growth = w.alpha
	case f < 1e-9 && w.now > .9:
		w.done, w.growth = true, 0
	}
}

// lnRatio is ln(to/from): mostly the two are close, and the series of the inverse
// hyperbolic tangent is several times quicker than a logarithm and as exact.
func lnRatio(from, to float64) float64 {
	z := (to - from) / (to + from)
	if !(z >= 0 && z < .1) {
		return math.Log(to) - math.Log(from)
	}
	q := z * z
	return 2 * z * (1 + q*(1./3+q*(1./5+q*(1./7+q*(1./9+q*(1./11+q/13))))))
}
