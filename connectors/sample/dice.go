package sample

import "math/rand/v2"

// dice is a stream of chance. Every concern of a team has a stream of its own,
// so that more noise never changes what was decided. Results must be the same on
// every platform, so nothing here calls the maths library, and no product is
// added to a sum in one expression (some platforms would fuse the two).
type dice struct{ *rand.Rand }

// roll opens the stream of a concern.
func roll(seed uint64, concern uint64) dice {
	return dice{rand.New(rand.NewPCG(seed, concern))}
}

// chance is true with probability p.
func (d dice) chance(p float64) bool { return d.Float64() < p }

// between returns a number from lo to hi, both included.
func (d dice) between(lo, hi int) int {
	if hi <= lo {
		return lo
	}
	return lo + d.IntN(hi-lo+1)
}

// seconds returns an instant in [lo, hi).
func (d dice) seconds(lo, hi int64) int64 {
	if hi <= lo {
		return lo
	}
	return lo + d.Int64N(hi-lo)
}

// count draws how often something with this mean happens.
func (d dice) count(mean float64) int {
	if mean <= 0 {
		return 0
	}
	trials := 2*int(mean) + 2
	p := mean / float64(trials)
	n := 0
	for range trials {
		if d.chance(p) {
			n++
		}
	}
	return n
}

// weighted returns an index with probability proportional to its weight, or −1
// where all weights are zero.
func (d dice) weighted(weights []float64) int {
	var sum float64
	for _, w := range weights {
		sum += w
	}
	if sum <= 0 {
		return -1
	}
	at := float64(d.Float64() * sum)
	for i, w := range weights {
		if at < w {
			return i
		}
		at -= w
	}
	for i := len(weights) - 1; i >= 0; i-- {
		if weights[i] > 0 {
			return i
		}
	}
	return -1
}

// spread scales a median to a heavy-tailed delay: a lognormal of sigma 1, by its
// quantiles at 0, 2.5, 5, 10, … 95, 97.5 and 100 per cent, in thousandths.
func (d dice) spread(median int) int {
	const steps = 20
	quantiles := [steps + 1]int{
		60, 193, 278, 355, 431, 509, 592, 680, 776, 882,
		1000, 1134, 1288, 1470, 1690, 1963, 2320, 2819, 3602, 5180, 7500,
	}
	at := d.IntN(steps * 1000)
	i, rest := at/1000, at%1000
	q := quantiles[i] + (quantiles[i+1]-quantiles[i])*rest/1000
	return max(1, median*q/1000)
}

// pick returns one of the choices.
func pick[T any](d dice, choices []T) T { return choices[d.IntN(len(choices))] }
