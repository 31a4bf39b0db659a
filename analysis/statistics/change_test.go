package statistics

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func same(n int, v float64) []float64 {
	s := make([]float64, n)
	for i := range s {
		s[i] = v
	}
	return s
}

// The factors were computed by a second program straight from the formula.
func TestFindChange(t *testing.T) {
	for _, c := range []struct {
		name        string
		hits        []float64
		trials      float64
		factor      float64
		at          int
		before, aft float64
	}{
		{"a clear fall", []float64{5, 6, 4, 5, 6, 1, 0, 1, 0, 1}, 10, 69.0429977098244, 5, .52, .06},
		{"none", []float64{3, 2, 4, 3, 2, 3, 4, 3}, 10, .5382048026689563, 5, .28, 10. / 30},
		{"never a hit", same(9, 0), 4, .94542125961056, 3, 0, 0},
	} {
		got, ok := FindChange(c.hits, same(len(c.hits), c.trials))
		if !ok || got.At != c.at {
			t.Errorf("%s: change at %d (%v), want %d", c.name, got.At, ok, c.at)
		}
		near(t, c.name+": factor", got.BayesFactor, c.factor, 1e-9*c.factor)
		near(t, c.name+": before", got.Before, c.before, 1e-12)
		near(t, c.name+": after", got.After, c.aft, 1e-12)
	}
}

func TestFindChangeNeedsData(t *testing.T) {
	if _, ok := FindChange(same(7, 1), same(7, 2)); ok {
		t.Error("seven periods are too few")
	}
	if _, ok := FindChange(same(20, 0), same(20, 0)); ok {
		t.Error("there is nothing to see without a trial")
	}
	if _, ok := FindChange(nil, nil); ok {
		t.Error("no periods")
	}
	// Far beyond what a float holds, the factor is still a number JSON can spell.
	hits := append(same(20, 1e6), same(20, 0)...)
	if got, ok := FindChange(hits, same(40, 1e6)); !ok || got.At != 20 || math.IsInf(got.BayesFactor, 0) {
		t.Errorf("a huge change: %+v %v", got, ok)
	}
}

func TestFindChangeMirrors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(8, 30).Draw(t, "periods")
		hits, trials, misses := make([]float64, n), make([]float64, n), make([]float64, n)
		for i := range n {
			trials[i] = float64(rapid.IntRange(1, 20).Draw(t, "trials"))
			hits[i] = float64(rapid.IntRange(0, int(trials[i])).Draw(t, "hits"))
			misses[i] = trials[i] - hits[i]
		}
		a, _ := FindChange(hits, trials)
		b, _ := FindChange(misses, trials)
		if math.Abs(a.BayesFactor-b.BayesFactor) > 1e-6*a.BayesFactor {
			t.Fatalf("hits %+v, misses %+v", a, b)
		}
		if a.At < 3 || a.At > n-3 || a.Before < 0 || a.After > 1 {
			t.Fatalf("out of bounds: %+v", a)
		}
	})
}

func TestSlide(t *testing.T) {
	// (.28 − .11 − .03)/√(2·.28·.72/100 + 2·.11·.89/120) = .14/√(.004032 + .00163167) = 1.86026.
	near(t, "P", Slide(.28, 100, .11, 120, .03), .96858, 1e-5)
	near(t, "even odds", Slide(.28, 100, .25, 120, .03), .5, 1e-12)
	near(t, "no touches", Slide(.28, 0, .11, 120, .03), 0, 0)
	near(t, "all to none", Slide(1, 30, 0, 30, .03), 1, 0)
	near(t, "none to none", Slide(0, 30, 0, 30, .03), 0, 0)
}
