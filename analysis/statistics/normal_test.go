package statistics

import "testing"

func TestNormal(t *testing.T) {
	near(t, "Φ(0)", Normal(0), .5, 1e-15)
	near(t, "Φ(1.645)", Normal(1.6448536269514722), .95, 1e-12)
	near(t, "Φ(−1.96)", Normal(-1.959963984540054), .025, 1e-12)
	near(t, "Φ(−40)", Normal(-40), 0, 1e-300)
}

// Newcombe 1998, table I: the score interval without continuity correction.
func TestWilson(t *testing.T) {
	for _, c := range []struct{ r, n, low, high float64 }{
		{81, 263, .2553, .3662}, {15, 148, .0624, .1605}, {0, 20, 0, .1611}, {1, 29, .0061, .1718}, {29, 29, .8830, 1},
	} {
		v := Wilson(c.r/c.n, c.n, .95)
		near(t, "low", v.Low, c.low, .00006)
		near(t, "high", v.High, c.high, .00006)
	}
	if v := Wilson(.5, 0, .9); v != (Interval{0, 1}) {
		t.Errorf("without trials: %v", v)
	}
}
