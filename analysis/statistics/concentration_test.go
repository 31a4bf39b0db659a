package statistics

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestConcentration(t *testing.T) {
	near(t, "one alone", Herfindahl([]float64{.4}), 1, 1e-12)
	near(t, "five alike", EffectiveNumber([]float64{.1, .1, .1, .1, .1}), 5, 1e-12)
	near(t, "uneven", EffectiveNumber([]float64{.6, .3, .1}), 1/.46, 1e-12)
	near(t, "nobody", EffectiveNumber([]float64{0, 0}), 0, 0)
	near(t, "nobody's HHI", Herfindahl(nil), 0, 0)
}

func TestJensenShannon(t *testing.T) {
	for _, c := range []struct {
		name string
		p, q []float64
		want float64
	}{
		{"equal", []float64{.5, .5}, []float64{2, 2}, 0},
		{"nothing in common", []float64{1}, []float64{0, 1}, 1},
		{"by a second program", []float64{.5, .5, 0}, []float64{.25, .25, .5}, .3112781244591328},
		{"shorter", []float64{.5, .5}, []float64{.25, .25, .5}, .3112781244591328},
		{"one empty", []float64{0, 0}, []float64{.5, .5}, 1},
		{"both empty", nil, []float64{0}, 0},
	} {
		near(t, c.name, JensenShannon(c.p, c.q), c.want, 1e-12)
	}
}

func TestJensenShannonProperties(t *testing.T) {
	shares := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 8)
	root := func(p, q []float64) float64 { return math.Sqrt(JensenShannon(p, q)) }
	rapid.Check(t, func(t *rapid.T) {
		p, q, r := append(shares.Draw(t, "p"), .1), append(shares.Draw(t, "q"), .1), append(shares.Draw(t, "r"), .1)
		if math.Abs(root(p, q)-root(q, p)) > 1e-7 {
			t.Fatal("not symmetric")
		}
		if root(p, r) > root(p, q)+root(q, r)+1e-7 {
			t.Fatal("the root is no metric")
		}
	})
}
