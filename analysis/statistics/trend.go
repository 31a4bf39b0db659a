package statistics

import (
	"math"
	"slices"
)

// Trend is what a Mann–Kendall test says of a series.
type Trend struct {
	S     int     // pairs that rise less pairs that fall
	Tau   float64 // S over the number of pairs: −1 … 1
	Z     float64 // standard score of S, with continuity and serial correlation corrected
	P     float64 // two-sided
	Slope float64 // Theil–Sen, per period
}

// MannKendall tests for a monotone trend in values at even distances. It reports
// false for fewer than six values, where the test is undefined; ten are wanted.
// The variance is corrected for ties and, after Hamed and Rao 1998, for serial
// correlation of the detrended ranks, and never made smaller by the latter: an
// alternating series must not look surer than an independent one.
func MannKendall(values []float64) (Trend, bool) {
	n := len(values)
	if n < 6 {
		return Trend{}, false
	}
	t := Trend{Slope: TheilSen(values)}
	for i, a := range values {
		for _, b := range values[i+1:] {
			switch {
			case b > a:
				t.S++
			case b < a:
				t.S--
			}
		}
	}
	m := float64(n)
	t.Tau = float64(t.S) / (m * (m - 1) / 2)
	variance := m * (m - 1) * (2*m + 5)
	for _, k := range tieSizes(values) {
		variance -= k * (k - 1) * (2*k + 5)
	}
	variance = variance / 18 * serialCorrection(values, t.Slope)
	s := float64(t.S)
	switch {
	case variance <= 0: // all values equal
		t.P = 1
		return t, true
	case s > 0:
		t.Z = (s - 1) / math.Sqrt(variance)
	case s < 0:
		t.Z = (s + 1) / math.Sqrt(variance)
	}
	t.P = 2 * Normal(-math.Abs(t.Z))
	return t, true
}

// TheilSen is the median slope over all pairs of values at even distances, per
// period; 0 for fewer than two. (Theil 1950, Sen 1968)
func TheilSen(values []float64) float64 {
	n := len(values)
	if n < 2 {
		return 0
	}
	slopes := make([]float64, 0, n*(n-1)/2)
	for i, a := range values {
		for j := i + 1; j < n; j++ {
			slopes = append(slopes, (values[j]-a)/float64(j-i))
		}
	}
	slices.Sort(slopes)
	mid := len(slopes) / 2
	if len(slopes)%2 == 1 {
		return slopes[mid]
	}
	return (slopes[mid-1] + slopes[mid]) / 2
}

// tieSizes are the sizes of the groups of equal values.
func tieSizes(values []float64) []float64 {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	var sizes []float64
	for from := 0; from < len(sorted); {
		to := from + 1
		for to < len(sorted) && sorted[to] == sorted[from] {
			to++
		}
		if to-from > 1 {
			sizes = append(sizes, float64(to-from))
		}
		from = to
	}
	return sizes
}

// serialCorrection is Hamed and Rao's n/n*, from the autocorrelations of the
// detrended ranks that are significant at 5 %; at least 1.
func serialCorrection(values []float64, slope float64) float64 {
	n := len(values)
	detrended := make([]float64, n)
	for i, v := range values {
		detrended[i] = v - slope*float64(i)
	}
	ranks := ranksOf(detrended)
	mean := float64(n+1) / 2
	variance := 0.0
	for _, r := range ranks {
		variance += (r - mean) * (r - mean)
	}
	if variance == 0 {
		return 1
	}
	limit := zFor(.95) / math.Sqrt(float64(n))
	sum := 0.0
	for lag := 1; lag < n; lag++ {
		covariance := 0.0
		for i := lag; i < n; i++ {
			covariance += (ranks[i] - mean) * (ranks[i-lag] - mean)
		}
		if r := covariance / variance; math.Abs(r) > limit {
			left := float64(n - lag)
			sum += left * (left - 1) * (left - 2) * r
		}
	}
	m := float64(n)
	return max(1, 1+2/(m*(m-1)*(m-2))*sum)
}

// ranksOf are the ranks from 1, ties sharing their mean. Values that only
// rounding tells apart count as tied.
func ranksOf(values []float64) []float64 {
	order := make([]int, len(values))
	scale := 0.0
	for i, v := range values {
		order[i] = i
		scale = max(scale, math.Abs(v))
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case values[a] < values[b]:
			return -1
		case values[a] > values[b]:
			return 1
		}
		return 0
	})
	ranks := make([]float64, len(values))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && values[order[to]]-values[order[to-1]] <= 1e-12*scale {
			to++
		}
		for _, i := range order[from:to] {
			ranks[i] = float64(from+to+1) / 2
		}
		from = to
	}
	return ranks
}
