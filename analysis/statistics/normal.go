package statistics

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Normal is Φ(z), the standard normal distribution function.
func Normal(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

// zFor is the two-sided normal quantile: 1.645 for a level of .9.
func zFor(level float64) float64 { return mathext.NormalQuantile((1 + level) / 2) }

// Wilson is the score interval of a share seen in n trials, for a small or
// effective (fractional) n. Without trials it is [0, 1]. (Wilson 1927;
// recommended for small n by Brown, Cai and DasGupta 2001)
func Wilson(share, n, level float64) Interval {
	if n <= 0 {
		return Interval{0, 1}
	}
	z := zFor(level)
	middle := (share + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(share*(1-share)/n+z*z/(4*n*n))
	return Interval{max(0, middle-half), min(1, middle+half)}
}
