package statistics

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Slide is P(F₂ < F₁ − margin): the probability that a share seen as f1 in n1
// touches and as f2 in n2 later fell by more than the margin. Touches cluster,
// with a design effect of 2. Where a count is missing it is 0. (3.8)
func Slide(f1, n1, f2, n2, margin float64) float64 {
	if !(n1 > 0) || !(n2 > 0) {
		return 0
	}
	fall := f1 - f2 - margin
	sd := math.Sqrt(2*f1*(1-f1)/n1 + 2*f2*(1-f2)/n2)
	if sd == 0 {
		if fall > 0 {
			return 1
		}
		return 0
	}
	return Normal(fall / sd)
}

// ChangePoint is the best place to cut a series of shares in two.
type ChangePoint struct {
	// BayesFactor is how much likelier one change somewhere makes the counts than
	// no change; "say it" from 10 on. It is cut off at e^700.
	BayesFactor float64
	At          int     // position of the first period of the later regime, at the likeliest cut
	Before      float64 // share in the periods before At
	After       float64 // and from At on
}

const (
	changeLength = 8 // shortest series that is looked at
	changeMargin = 3 // periods on either side of a cut
	changePrior  = 4 // weight of the beta prior about the overall share
	changeDesign = 2 // touches cluster: counts are divided by this
)

// FindChange looks for one change in the rate behind hits[t] of trials[t],
// period by period in order of time. It reports false for fewer than eight
// periods, or without any trial. The slices must be of one length. (3.8: the
// marginal likelihood of a stretch is beta-binomial about the overall share,
// every cut is as likely as the other.)
func FindChange(hits, trials []float64) (ChangePoint, bool) {
	periods := len(trials)
	all := countsOf(hits, trials)
	if periods < changeLength || all.hits+all.misses == 0 {
		return ChangePoint{}, false
	}
	share := min(.98, max(.02, all.hits/(all.hits+all.misses)))
	whole := all.likelihood(share)
	cuts := make([]float64, 0, periods) // log of each cut's factor
	best, change := math.Inf(-1), ChangePoint{}
	before := countsOf(hits[:changeMargin-1], trials[:changeMargin-1])
	for at := changeMargin; at <= periods-changeMargin; at++ {
		before = before.plus(countsOf(hits[at-1:at], trials[at-1:at]))
		after := all.minus(before)
		cut := before.likelihood(share) + after.likelihood(share) - whole
		cuts = append(cuts, cut)
		if cut > best {
			best = cut
			change = ChangePoint{At: at, Before: before.share(), After: after.share()}
		}
	}
	sum := 0.0
	for _, cut := range cuts {
		sum += math.Exp(cut - best)
	}
	change.BayesFactor = math.Exp(min(700, best+math.Log(sum/float64(len(cuts)))))
	return change, true
}

// counts are hits and misses after the design effect.
type counts struct{ hits, misses float64 }

func countsOf(hits, trials []float64) counts {
	var c counts
	for t := range trials {
		c.hits += hits[t] / changeDesign
		c.misses += (trials[t] - hits[t]) / changeDesign
	}
	return c
}

func (c counts) plus(d counts) counts { return counts{c.hits + d.hits, c.misses + d.misses} }
func (c counts) minus(d counts) counts {
	return counts{max(0, c.hits-d.hits), max(0, c.misses-d.misses)}
}

func (c counts) share() float64 {
	if c.hits+c.misses == 0 {
		return 0
	}
	return c.hits / (c.hits + c.misses)
}

// likelihood is the logarithm of the stretch's marginal likelihood.
func (c counts) likelihood(share float64) float64 {
	a, b := changePrior*share, changePrior*(1-share)
	return mathext.Lbeta(a+c.hits, b+c.misses) - mathext.Lbeta(a, b)
}
