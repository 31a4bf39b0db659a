package statistics

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// freireich is the remission data of Freireich et al. 1963, in weeks: negative
// numbers here are censored.
func spells(lengths ...float64) []Spell {
	list := make([]Spell, len(lengths))
	for i, l := range lengths {
		list[i] = Spell{Length: math.Abs(l), Cause: 1}
		if l < 0 {
			list[i].Cause = Censored
		}
	}
	return list
}

var (
	mercaptopurine = spells(6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35)
	placebo        = spells(1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)
)

func TestKaplanMeierFreireich(t *testing.T) {
	s := KaplanMeier(mercaptopurine)
	if s.Spells != 21 || s.Ended != 9 {
		t.Errorf("spells, ended = %d, %d", s.Spells, s.Ended)
	}
	// S and its standard error as printed in textbooks (Kleinbaum and Klein; Cox and Oakes).
	for _, want := range []struct{ t, s, se float64 }{
		{6, .857, .0764}, {7, .807, .0869}, {10, .753, .0963}, {13, .690, .1068}, {16, .627, .1141}, {22, .538, .1282}, {23, .448, .1346},
	} {
		near(t, "S", s.At(want.t), want.s, .0005)
		for _, p := range s.steps {
			if p.time == want.t {
				near(t, "Greenwood", p.open*math.Sqrt(p.spread), want.se, .00006)
			}
		}
	}
	near(t, "S before the first", s.At(5.9), 1, 0)
	wantTime(t, "median", s.Median(), 23)
	low, high := s.QuantileInterval(.5, .95)
	wantTime(t, "median's lower end", low, 13)
	if high != nil {
		t.Errorf("median's upper end = %v, want none", *high)
	}
	if q := s.Quantile(.9); q != nil {
		t.Errorf("p90 = %v, but only half ended", *q)
	}
	// ∫₀^35 S by hand: 6·1 + 1·.8571 + 3·.8067 + 3·.7529 + 3·.6902 + 6·.6275 + 1·.5378 + 12·.4482.
	near(t, "restricted mean", s.RestrictedMean(35), 23.287, .002)
	near(t, "restricted to 6", s.RestrictedMean(6), 6, 1e-12)
}

func TestKaplanMeierPlacebo(t *testing.T) {
	s := KaplanMeier(placebo)
	wantTime(t, "median", s.Median(), 8)
	low, high := s.QuantileInterval(.5, .95)
	wantTime(t, "lower end", low, 4)
	wantTime(t, "upper end", high, 11)
	wantTime(t, "all", s.Quantile(1), 23)
	near(t, "mean", s.RestrictedMean(100), 182./21, 1e-9) // nothing is censored
}

func wantTime(t *testing.T, what string, got *float64, want float64) {
	t.Helper()
	if got == nil {
		t.Errorf("%s is not reached, want %v", what, want)
		return
	}
	near(t, what, *got, want, 1e-9)
}

// The quantile is exact where rounding would miss S = .5 by a bit.
func TestMedianAtExactlyHalf(t *testing.T) {
	for n := 2; n <= 60; n += 2 {
		var list []Spell
		for i := range n {
			list = append(list, Spell{Length: float64(i + 1), Cause: 1})
		}
		wantTime(t, "median", KaplanMeier(list).Median(), float64(n/2))
	}
}

func TestKaplanMeierOddInput(t *testing.T) {
	if s := KaplanMeier(nil); s.At(3) != 1 || s.Median() != nil || s.RestrictedMean(16) != 16 || len(s.Curve(.9)) != 1 {
		t.Error("no spells must wait for ever")
	}
	s := KaplanMeier([]Spell{{-3, 1}, {math.NaN(), 1}, {math.Inf(1), 1}, {2, Censored}})
	near(t, "S(0)", s.At(0), .75, 1e-12)
	if s.Ended != 1 || s.Median() != nil {
		t.Errorf("%d ended", s.Ended)
	}
	if low, high := KaplanMeier(spells(-1, -2)).QuantileInterval(.5, .9); low != nil || high != nil {
		t.Error("an interval from censored spells alone")
	}
}

func always(int) bool { return true }

// TestBoundsSome holds that a spell that was only not seen to end moves neither bound.
func TestBoundsSome(t *testing.T) {
	list := spells(1, -2, 3, -4, 5)
	_, early, late := Bounds(list, func(i int) bool { return i == 1 })
	if got, want := early.At(2), KaplanMeier(spells(1, 2, 3, -4, 5)).At(2); got != want {
		t.Errorf("early open after 2 is %v, want %v", got, want)
	}
	if early.At(4) == 0 || late.At(5) < early.At(5) {
		t.Errorf("after 4, early %v and late %v: the one still waiting is censored in both", early.At(4), late.At(5))
	}
}

func TestBounds(t *testing.T) {
	_, early, late := Bounds(spells(1, -2, 3, -4), always)
	near(t, "early", early.At(2), .5, 1e-12)
	near(t, "late", late.At(100), .5, 1e-12)
	near(t, "in between", KaplanMeier(spells(1, -2, 3, -4)).At(3), .375, 1e-12)
}

// The probabilities of competing ends, worked by hand.
func TestAalenJohansen(t *testing.T) {
	in := AalenJohansen([]Spell{{1, 1}, {2, 2}, {3, Censored}, {4, 1}, {5, 2}})
	for _, c := range []struct {
		cause   int
		t, want float64
	}{{1, .5, 0}, {1, 1, .2}, {2, 1, 0}, {2, 2, .2}, {1, 4, .5}, {2, 4, .2}, {2, 5, .5}, {3, 9, 0}} {
		near(t, "F", in.At(c.cause, c.t), c.want, 1e-12)
	}
	wantTime(t, "when half had ended by 1", in.Quantile(1, .5), 4)
	if q := in.Quantile(1, .6); q != nil {
		t.Errorf("six of ten never ended by 1, got %v", *q)
	}
	near(t, "S", in.Open(2.5), .6, 1e-12)
	if e := AalenJohansen(nil); e.At(1, 3) != 0 || e.Open(3) != 1 || e.Quantile(1, .1) != nil {
		t.Error("no spells, yet something ended")
	}
}

func drawSpells(t *rapid.T) []Spell {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Spell {
		return Spell{float64(rapid.IntRange(0, 20).Draw(t, "length")), rapid.IntRange(0, 3).Draw(t, "cause")}
	}), 0, 60).Draw(t, "spells")
}

func TestSurvivalProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := drawSpells(t)
		s, in := KaplanMeier(list), AalenJohansen(list)
		curve, early, late := Bounds(list, always)
		if !reflect.DeepEqual(curve, s) {
			t.Fatalf("with its bounds the curve is %+v, without %+v", curve, s)
		}
		last := 1.0
		for _, p := range s.Curve(.9) {
			if p.Open > last || p.Low > p.Open+1e-12 || p.High < p.Open-1e-12 || p.Low < 0 || p.High > 1 || math.IsNaN(p.Low+p.High) {
				t.Fatalf("after %v: %+v", last, p)
			}
			last = p.Open
			sum := in.At(1, p.Time) + in.At(2, p.Time) + in.At(3, p.Time) + s.At(p.Time)
			if math.Abs(sum-1) > 1e-9 || math.Abs(in.Open(p.Time)-s.At(p.Time)) > 1e-9 {
				t.Fatalf("at %v the ends and S add to %v", p.Time, sum)
			}
			if s.At(p.Time) < early.At(p.Time)-1e-9 || s.At(p.Time) > late.At(p.Time)+1e-9 {
				t.Fatalf("at %v: %v outside %v..%v", p.Time, s.At(p.Time), early.At(p.Time), late.At(p.Time))
			}
		}
		low, high := s.QuantileInterval(.5, .9)
		if m := s.Median(); m != nil && low != nil && *low > *m || high != nil && m != nil && *high < *m {
			t.Fatalf("the median %v is outside its interval", *m)
		}
		shuffled := append([]Spell(nil), list...)
		rand.New(rand.NewPCG(7, 8)).Shuffle(len(list), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if a, b := KaplanMeier(shuffled).RestrictedMean(16), s.RestrictedMean(16); a != b {
			t.Fatalf("order matters: %v, was %v", a, b)
		}
	})
}

// The 90 % interval of the median holds the true median about nine times in ten.
func TestMedianIntervalCovers(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	const runs = 2000
	hits := 0
	for range runs {
		list := make([]Spell, 40)
		for i := range list {
			wait, stop := r.ExpFloat64(), 2.5*r.ExpFloat64()
			list[i] = Spell{min(wait, stop), 1}
			if stop < wait {
				list[i].Cause = Censored
			}
		}
		low, high := KaplanMeier(list).QuantileInterval(.5, .9)
		if low != nil && *low <= math.Ln2 && (high == nil || *high >= math.Ln2) {
			hits++
		}
	}
	near(t, "coverage", float64(hits)/runs, .9, .03)
}

func BenchmarkKaplanMeier(b *testing.B) {
	r := rand.New(rand.NewPCG(11, 12))
	list := make([]Spell, 1000)
	for i := range list {
		list[i] = Spell{8 * r.ExpFloat64(), r.IntN(3)}
	}
	b.ReportAllocs()
	for b.Loop() {
		KaplanMeier(list).Median()
	}
}
