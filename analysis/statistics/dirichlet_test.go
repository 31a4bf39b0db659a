package statistics

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

func TestPosteriorPerksPrior(t *testing.T) {
	d := Posterior([]float64{.6, 0, .4}, 20, 1)
	near(t, "α_0", d.Alpha(0), 12.5, 1e-12)
	near(t, "α_1", d.Alpha(1), 0, 0)
	near(t, "α_2", d.Alpha(2), 8.5, 1e-12)
	near(t, "A", d.Total(), 21, 1e-12)
	near(t, "mean", d.Mean(0), 12.5/21, 1e-12)
	if v := d.Interval(1, .9); v != (Interval{}) {
		t.Errorf("interval of an inactive category = %v", v)
	}
	near(t, "variance", d.Variance(0), distuv.Beta{Alpha: 12.5, Beta: 8.5}.Variance(), 1e-12)
	near(t, "tail", d.Tail(.5, 0), distuv.Beta{Alpha: 12.5, Beta: 8.5}.Survival(.5), 1e-12)
	near(t, "tail of a sum", d.Tail(.5, 0, 2), 1, 0)
	near(t, "tail of nothing", d.Tail(.5), 0, 0)
	if v, w := d.SumInterval(.9, 0, 1), d.Interval(0, .9); v != w {
		t.Errorf("sum interval = %v, want %v", v, w)
	}
}

func TestPosteriorOfOne(t *testing.T) {
	d := Posterior([]float64{1}, 8, 1)
	v := d.Interval(0, .9)
	near(t, "mean", d.Mean(0), 1, 0)
	near(t, "low", v.Low, distuv.Beta{Alpha: 8.5, Beta: .5}.Quantile(.05), 1e-6)
	near(t, "high", v.High, 1, 0)
	if p := d.Tail(.5, 0); p < .99 || p >= 1 {
		t.Errorf("tail = %v", p)
	}
	near(t, "top", d.Top()[0], 1, 0)
}

func TestPosteriorOfNothing(t *testing.T) {
	d := Posterior([]float64{0, 0}, 8, 1)
	if d.Mean(0) != 0 || d.Tail(.5, 0) != 0 || d.Top()[0] != 0 || d.Interval(0, .9) != (Interval{}) {
		t.Error("no category has a share, yet one got something")
	}
	if d := Posterior(nil, 0, 1); d.Len() != 0 || len(d.Top()) != 0 || d.Mean(3) != 0 {
		t.Error("no categories, yet one got something")
	}
}

// A quantile must be one: the distribution function gives p back, from tiny
// parameters to large ones.
func TestBetaQuantile(t *testing.T) {
	sizes := []float64{1e-6, .01, .02, .1, .5, 1, 3, 30, 96, 5000}
	for _, a := range sizes {
		for _, b := range sizes {
			last := -1.0
			for _, p := range []float64{.05, .5, .95} {
				q := newBeta(a, b).quantile(p)
				if math.IsNaN(q) || q < 0 || q > 1 || q < last-1e-10 {
					t.Fatalf("quantile(%v, %v, %v) = %v after %v", a, b, p, q, last)
				}
				last = q
				below, above := mathext.RegIncBeta(a, b, max(0, q-1e-9)), mathext.RegIncBeta(a, b, min(1, q+1e-9))
				if below > p+1e-6 || above < p-1e-6 {
					t.Errorf("Beta(%v, %v): %v at %v lies outside %v..%v", a, b, p, q, below, above)
				}
			}
		}
	}
}

// Two candidates have a closed form: P(top_1) = 1 − I_½(α_1, α_2).
func TestTopOfTwo(t *testing.T) {
	sizes := []float64{.001, .02, .1, .3, .5, 1, 2.2, 5, 8.5, 20, 40, 49, 97, 400, 4000}
	worst := 0.0
	for _, a := range sizes {
		for _, b := range sizes {
			want := 1 - mathext.RegIncBeta(a, b, .5)
			got := Top([]float64{a, b})[0]
			worst = max(worst, math.Abs(got-want))
			if math.Abs(got-want) > 5e-5 {
				t.Errorf("P(Γ(%v) > Γ(%v)) = %v, want %v", a, b, got, want)
			}
		}
	}
	t.Logf("worst error %.2g", worst)
}

func TestTopAgainstSimulation(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	const draws = 400_000
	for _, alpha := range [][]float64{
		{5.3, 4.3, 3.3}, {12, 11, 10, 9, 8, .2, .2, .2}, {.25, .25, .25, .25}, {.05, .1, .15, .2, .3}, {60, 50, 45}, {30, .02, 29},
	} {
		wins := make([]float64, len(alpha))
		for range draws {
			best, at := -1.0, 0
			for i, a := range alpha {
				if x := (distuv.Gamma{Alpha: a, Beta: 1, Src: r}).Rand(); x > best {
					best, at = x, i
				}
			}
			wins[at]++
		}
		for i, p := range Top(alpha) {
			near(t, fmt.Sprint("P(top) of ", i, " in ", alpha), p, wins[i]/draws, .004)
		}
	}
}

func TestTopSymmetry(t *testing.T) {
	for _, a := range []float64{.01, .5, 3, 70} {
		for _, k := range []int{3, 10, 60} {
			alpha := make([]float64, k)
			for i := range alpha {
				alpha[i] = a
			}
			for _, p := range Top(alpha) {
				near(t, fmt.Sprint(k, " of ", a), p, 1/float64(k), 1e-9)
			}
		}
	}
}

func TestTopLeavesOut(t *testing.T) {
	d := Posterior([]float64{.5, .3, .2}, 20, 1)
	top := d.Top(0)
	want := 1 - mathext.RegIncBeta(d.Alpha(1), d.Alpha(2), .5)
	near(t, "left out", top[0], 0, 0)
	near(t, "first of the others", top[1], want, 5e-5)
	near(t, "α is untouched", d.Alpha(0), 10+1./3, 1e-12)
}

func TestTopProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		alpha := rapid.SliceOfN(rapid.Float64Range(0, 97), 1, 30).Draw(t, "alpha")
		top := Top(alpha)
		sum, any := 0.0, false
		for i, p := range top {
			sum += p
			any = any || alpha[i] > 0
			for j, q := range top {
				if alpha[i] > alpha[j] && p < q-1e-9 {
					t.Fatalf("α %v > %v, but P %v < %v", alpha[i], alpha[j], p, q)
				}
			}
		}
		if any && math.Abs(sum-1) > 1e-9 {
			t.Fatalf("adds to %v", sum)
		}
		order := rapid.Permutation(seq(len(alpha))).Draw(t, "order")
		moved := make([]float64, len(alpha))
		for to, from := range order {
			moved[to] = alpha[from]
		}
		for to, p := range Top(moved) {
			if math.Abs(p-top[order[to]]) > 1e-9 {
				t.Fatalf("order matters: %v, was %v", p, top[order[to]])
			}
		}
	})
}

func seq(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return s
}

func BenchmarkTop(b *testing.B) {
	for _, k := range []int{2, 10, 60} {
		alpha := make([]float64, k)
		for i := range alpha {
			alpha[i] = 6 + float64(i%7)/3
		}
		b.Run(fmt.Sprint(k), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Top(alpha)
			}
		})
	}
}

func BenchmarkInterval(b *testing.B) {
	d := Posterior([]float64{.6, .3, .1}, 40, 1)
	for b.Loop() {
		d.Interval(1, .9)
	}
}
