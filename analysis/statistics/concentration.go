package statistics

import "math"

// Herfindahl is HHI = Σ s², with the shares scaled to add to 1: 1 for one alone,
// 1/k for k alike, 0 when nobody has any.
func Herfindahl(shares []float64) float64 {
	sum, squares := 0.0, 0.0
	for _, s := range shares {
		sum += s
		squares += s * s
	}
	if sum == 0 {
		return 0
	}
	return squares / (sum * sum)
}

// EffectiveNumber is (Σs)²/Σs²: how many alike would be as concentrated; 0 when
// nobody has any.
func EffectiveNumber(shares []float64) float64 {
	if h := Herfindahl(shares); h > 0 {
		return 1 / h
	}
	return 0
}

// JensenShannon is the Jensen–Shannon divergence of two distributions over the
// same categories, in bits: 0 for equal ones, 1 for ones that share nothing; its
// root is a metric. Each is scaled to add to 1; the shorter is taken to be 0
// where it ends; against an empty one it is 1, of two empty ones 0. (Lin 1991)
func JensenShannon(p, q []float64) float64 {
	sp, sq := sum(p), sum(q)
	switch {
	case sp == 0 && sq == 0:
		return 0
	case sp == 0 || sq == 0:
		return 1
	}
	bits := 0.0
	for i := range max(len(p), len(q)) {
		var a, b float64
		if i < len(p) {
			a = p[i] / sp
		}
		if i < len(q) {
			b = q[i] / sq
		}
		m := (a + b) / 2
		bits += (part(a, m) + part(b, m)) / 2
	}
	return min(1, max(0, bits))
}

// part is a·log₂(a/m), 0 where a is 0.
func part(a, m float64) float64 {
	if a <= 0 {
		return 0
	}
	return a * math.Log2(a/m)
}

func sum(values []float64) float64 {
	s := 0.0
	for _, v := range values {
		s += v
	}
	return s
}
