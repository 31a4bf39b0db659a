package statistics

import (
	"math"
	"slices"
)

// Spell is how long something was waited for, and how it ended.
type Spell struct {
	Length float64 // from 0; +Inf with Censored means "never"
	Cause  int     // Censored, or which of several ends it had
}

// Censored is the cause of a spell whose end was not seen.
const Censored = 0

// Survival is a Kaplan–Meier curve: the share still waiting after each length. The
// zero value stands for no spells at all.
type Survival struct {
	Spells int // how many
	Ended  int // of them, how many were seen to end
	steps  []step
}

type step struct {
	time   float64
	open   float64 // S(t)
	spread float64 // Greenwood's Σ d/(n(n−d)); +Inf once S is 0
}

// Point is a step of a survival curve with its pointwise interval.
type Point struct{ Time, Open, Low, High float64 }

// KaplanMeier estimates S(t) = Π_{t_j ≤ t} (1 − d_j/n_j). Any cause but Censored
// is an end; lengths below 0 count as 0, and NaN is taken for "never". Spells
// that end where others are censored are counted first. (Kaplan and Meier 1958)
func KaplanMeier(spells []Spell) Survival {
	ended, censored, _ := parted(spells, nil)
	return survival(ended, censored)
}

// parted gives the lengths of spells as keys, in order: of those that ended, of those that
// were censored, and of those among them that were given up.
func parted(spells []Spell, givenUp func(i int) bool) (ended, censored, left []uint64) {
	room := make([]uint64, 0, len(spells))
	part := func(of func(i int) bool) []uint64 {
		from := len(room)
		for i := range spells {
			if of(i) {
				room = append(room, key(spells[i].Length))
			}
		}
		slices.Sort(room[from:])
		return room[from:len(room):len(room)]
	}
	ends := func(i int) bool { return spells[i].Cause != Censored }
	gives := func(i int) bool { return givenUp != nil && !ends(i) && givenUp(i) }
	return part(ends), part(func(i int) bool { return !ends(i) && !gives(i) }), part(gives)
}

// survival is the curve of ordered lengths.
func survival(ended, censored []uint64) Survival {
	s := Survival{Spells: len(ended) + len(censored), steps: make([]step, 0, len(ended))}
	open, spread := 1.0, 0.0
	gone := 0 // of the censored, before the time at hand
	for at := 0; at < len(ended) && ended[at] != never; {
		t, before := ended[at], at
		for at++; at < len(ended) && ended[at] == t; at++ {
		}
		for gone < len(censored) && censored[gone] < t {
			gone++
		}
		n, d := float64(s.Spells-before-gone), float64(at-before)
		s.Ended += at - before
		open *= (n - d) / n
		spread += d / (n * (n - d)) // +Inf when everybody's wait has ended
		s.steps = append(s.steps, step{time: math.Float64frombits(t), open: open, spread: spread})
	}
	return s
}

// never is the length of what did not end.
const never = 0x7ff << 52 // +Inf

// key turns a length into a number of the same order, which sorts several times
// faster: the bits of a float that is not negative.
func key(length float64) uint64 {
	switch {
	case math.IsNaN(length):
		return never
	case length <= 0:
		return 0
	}
	return math.Float64bits(length)
}

// At is S(t), the share still waiting after t: 1 without spells.
func (s Survival) At(t float64) float64 {
	open := 1.0
	for _, p := range s.steps {
		if p.time > t {
			break
		}
		open = p.open
	}
	return open
}

// reached forgives what rounding does to a product of ratios.
const reached = 1e-9

// Quantile is the shortest time by which the share p had ended, inf{t: S(t) ≤ 1 − p};
// nil when the curve never gets there.
func (s Survival) Quantile(p float64) *float64 {
	for _, q := range s.steps {
		if q.open <= 1-p+reached {
			return new(q.time)
		}
	}
	return nil
}

// Median is Quantile(.5): nil when half were never seen to end.
func (s Survival) Median() *float64 { return s.Quantile(.5) }

// QuantileInterval inverts the log-log test of S(t) = 1 − p at the given level:
// {t: |ln(−ln S(t)) − ln(−ln(1−p))| ≤ z·σ(t)}. A nil end lies beyond the data.
// (Brookmeyer and Crowley 1982, with the log-log transformation)
func (s Survival) QuantileInterval(p, level float64) (low, high *float64) {
	z := zFor(level)
	target := math.Log(-math.Log(1 - p))
	for _, q := range s.steps {
		if q.open <= 0 { // no variance there; the test says nothing
			break
		}
		d := math.Log(-math.Log(q.open)) - target
		limit := z * q.sigma()
		if low == nil && d >= -limit {
			low = new(q.time)
		}
		if d > limit {
			return low, new(q.time)
		}
	}
	return low, nil
}

// sigma is the standard error of ln(−ln S).
func (p step) sigma() float64 { return math.Sqrt(p.spread) / math.Abs(math.Log(p.open)) }

// RestrictedMean is ∫₀^horizon S: the mean wait, where none is counted for more
// than the horizon. Beyond the last step the curve is held where it is.
func (s Survival) RestrictedMean(horizon float64) float64 {
	area, from, open := 0.0, 0.0, 1.0
	for _, p := range s.steps {
		if p.time >= horizon {
			break
		}
		area += open * (p.time - from)
		from, open = p.time, p.open
	}
	return area + open*max(0, horizon-from)
}

// Curve is the step curve, from (0, 1) on, with pointwise log-log intervals at
// the given level. Where S reaches 0 the interval's upper end stays what it was.
func (s Survival) Curve(level float64) []Point {
	z := zFor(level)
	points := make([]Point, 1, len(s.steps)+1)
	points[0] = Point{Open: 1, Low: 1, High: 1}
	for _, p := range s.steps {
		q := Point{Time: p.time, Open: p.open, High: points[len(points)-1].High}
		if p.open > 0 {
			width := z * p.sigma()
			q.Low = math.Pow(p.open, math.Exp(width))
			q.High = math.Pow(p.open, math.Exp(-width))
		}
		points = append(points, q)
	}
	return points
}

// Bounds are the curve of KaplanMeier and the two between which the truth lies where a wait
// that was given up tells something: early takes each of those as ended when it was given up, late as
// never ending. Other censored spells are censored in all three. (4, Q6)
func Bounds(spells []Spell, givenUp func(i int) bool) (curve, early, late Survival) {
	ended, censored, left := parted(spells, givenUp)
	all := merged(censored, left)
	late = survival(ended, append(slices.Clone(censored), slices.Repeat([]uint64{never}, len(left))...))
	return survival(ended, all), survival(merged(ended, left), censored), late
}

// merged puts two ordered lists together.
func merged(a, b []uint64) []uint64 {
	list := append(append(make([]uint64, 0, len(a)+len(b)), a...), b...)
	if len(a) > 0 && len(b) > 0 {
		slices.Sort(list)
	}
	return list
}
