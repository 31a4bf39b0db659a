package statistics

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func wave() []float64 {
	return []float64{.35, .36, .368, .374, .378, .378, .374, .366, .354, .338, .32, .3, .278, .256, .236, .218, .202, .19, .182, .178, .178, .182, .188, .196}
}

func TestMannKendall(t *testing.T) {
	for _, c := range []struct {
		name   string
		values []float64
		want   Trend
	}{
		{"straight", []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, Trend{S: 45, Tau: 1, Z: 44 / math.Sqrt(125), P: .0000830, Slope: 1}},
		{"flat", same(12, .3), Trend{P: 1}},
		// By hand: Var S = (9·8·23 − 3·2·11 − 3·2·11 − 2·1·9)/18.
		{"tied", []float64{23, 24, 29, 6, 29, 24, 24, 29, 23}, Trend{S: 3, Tau: 3. / 36, Z: .2186521551237011, P: .8269210217567053}},
		// A second program gave these; the serial correction here is 1.9188550438219625.
		{"serial", wave(), Trend{S: -208, Tau: -208. / 276, Z: -3.711189285449551, P: .00020628777158484377, Slope: -.011071428571428572}},
		{"serial but alternating", []float64{30, 29, 31, 28, 25, 22, 21, 24, 26, 20, 15, 12, 11, 14, 16, 13, 9, 6, 7, 8}, Trend{S: -152, Tau: -.8, Z: -4.899086918149028, P: 9.628304727128489e-07, Slope: -4. / 3}},
	} {
		got, ok := MannKendall(c.values)
		if !ok || got.S != c.want.S {
			t.Errorf("%s: S = %d (%v), want %d", c.name, got.S, ok, c.want.S)
		}
		near(t, c.name+": τ", got.Tau, c.want.Tau, 1e-12)
		near(t, c.name+": Z", got.Z, c.want.Z, 1e-9)
		near(t, c.name+": P", got.P, c.want.P, 1e-6)
		near(t, c.name+": slope", got.Slope, c.want.Slope, 1e-12)
	}
	if _, ok := MannKendall([]float64{1, 2, 3, 4, 5}); ok {
		t.Error("five values are too few")
	}
}

func TestTheilSen(t *testing.T) {
	near(t, "one outlier", TheilSen([]float64{0, 1, 2, 99, 4, 5, 6}), 1, 1e-12)
	near(t, "two values", TheilSen([]float64{3, 1}), -2, 0)
	near(t, "one value", TheilSen([]float64{3}), 0, 0)
	near(t, "none", TheilSen(nil), 0, 0)
}

func TestMannKendallMirrors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(0, 1), 6, 40).Draw(t, "values")
		mirrored := make([]float64, len(values))
		for i, v := range values {
			mirrored[i] = -v
		}
		a, _ := MannKendall(values)
		b, _ := MannKendall(mirrored)
		if a.S != -b.S || math.Abs(a.Z+b.Z) > 1e-6 || math.Abs(a.Slope+b.Slope) > 1e-12 {
			t.Fatalf("up %+v, down %+v", a, b)
		}
		if a.P < 0 || a.P > 1 || math.Abs(a.Tau) > 1 {
			t.Fatalf("out of bounds: %+v", a)
		}
	})
}
