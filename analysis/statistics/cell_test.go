package statistics

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %v, want %v (± %v)", what, got, want, tolerance)
	}
}

// Twelve units of weight 1 in three weeks: A has all of the first, none of the
// second, two of four in the third. By hand: MSB = (4·.25·2 + 4·.25·2 + 0)/2 = 2,
// MSW = 4·(.25+.25)/9 = 2/9, m₀ = (12 − 48/12)/2 = 4, ρ̂ = (16/9)/(2 + 6/9) = 2/3,
// ρ = (3·2/3 + 1.25)/28, m̄ = 48/12 = 4.
func TestCellByHand(t *testing.T) {
	var c Cell
	for i := range 12 {
		who := 0
		if week := i / 4; week == 1 || week == 2 && i%2 == 0 {
			who = 1
		}
		if !c.Add(202601+i/4, 1, Credit{who, 1}) {
			t.Fatal("a good unit was left out")
		}
	}
	s := c.Effective(.05)
	rho := (3*2./3 + 1.25) / 28
	ns := 12 / (1 + 3*rho)
	near(t, "n_K", s.Kish, 12, 1e-12)
	near(t, "m̄", s.ClusterSize, 4, 1e-12)
	near(t, "ρ", s.Correlation, rho, 1e-12)
	near(t, "n_s", s.Effective, ns, 1e-12)
	near(t, "n", s.Information, 1/(1/ns+1/96.), 1e-12)
	if s.Units != 12 || s.Clusters != 3 || s.Weight != 12 {
		t.Errorf("units, clusters, weight = %d, %d, %v", s.Units, s.Clusters, s.Weight)
	}
	near(t, "share", c.Shares()[0], .5, 1e-12)
	near(t, "uncapped n", c.Effective(0).Information, ns, 1e-12)
}

func TestCellFewClustersUseThePrior(t *testing.T) {
	var c Cell
	for range 10 {
		c.Add(1, 1, Credit{0, 2}, Credit{1, 2})
		c.Add(2, .5, Credit{1, 1})
	}
	s := c.Effective(0)
	near(t, "ρ", s.Correlation, .05, 0)
	near(t, "n_K", s.Kish, 225/12.5, 1e-12)
	near(t, "m̄", s.ClusterSize, 125/12.5, 1e-12)
	near(t, "share of 0", c.Shares()[0], 1./3, 1e-12)
}

func TestCellLeavesOutWhatWeighsNothing(t *testing.T) {
	var c Cell
	inf, nan := math.Inf(1), math.NaN()
	for _, w := range []float64{0, -1, inf, nan} {
		if c.Add(1, w, Credit{0, 1}) {
			t.Errorf("weight %v was counted", w)
		}
	}
	for _, a := range []float64{0, -1, inf, nan} {
		if c.Add(1, 1, Credit{0, a}) {
			t.Errorf("credit %v was counted", a)
		}
	}
	if c.Add(1, 1) {
		t.Error("a unit that credits no one was counted")
	}
	if s := c.Effective(.05); s.Units != 0 || s.Effective != 0 || s.Information != 0 || c.Shares() != nil {
		t.Errorf("an empty cell is worth %+v", s)
	}
}

type unit struct {
	week    int
	weight  float64
	credits []Credit
}

func units(t *rapid.T) []unit {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) unit {
		u := unit{week: rapid.IntRange(0, 12).Draw(t, "week"), weight: rapid.Float64Range(.05, 1).Draw(t, "weight")}
		for range rapid.IntRange(1, 3).Draw(t, "people") {
			u.credits = append(u.credits, Credit{rapid.IntRange(0, 9).Draw(t, "person"), rapid.Float64Range(.01, 1).Draw(t, "amount")})
		}
		return u
	}), 1, 200).Draw(t, "units")
}

func fill(c *Cell, units []unit) *Cell {
	for _, u := range units {
		c.Add(u.week, u.weight, u.credits...)
	}
	return c
}

func TestCellProperties(t *testing.T) {
	var reused Cell
	rapid.Check(t, func(t *rapid.T) {
		list := units(t)
		one := fill(new(Cell), list)
		s := one.Effective(.05)
		sum := 0.0
		for _, v := range one.Shares() {
			sum += v
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Fatalf("shares add to %v", sum)
		}
		if s.Kish > float64(s.Units)+1e-9 || s.Effective > s.Kish+1e-9 || s.Information > s.Effective || s.Information > 96 || !(s.Information > 0) {
			t.Fatalf("n must shrink from units to information: %+v", s)
		}
		if s.Correlation < 0 || s.Correlation > .9 || s.ClusterSize < 1 {
			t.Fatalf("out of bounds: %+v", s)
		}
		// The order of arrival and a cell's earlier life change nothing.
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		reused.Reset()
		other := fill(&reused, list).Effective(.05)
		if math.Abs(other.Information-s.Information) > 1e-9 || other.Clusters != s.Clusters {
			t.Fatalf("shuffled: %+v, was %+v", other, s)
		}
	})
}

func BenchmarkCell(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 4))
	weeks, who := make([]int, 100_000), make([]int, 100_000)
	for i := range weeks {
		weeks[i], who[i] = i/8000, r.IntN(50)
	}
	var c Cell
	b.ReportAllocs()
	for b.Loop() {
		c.Reset()
		for i := range weeks {
			c.Add(weeks[i], .9, Credit{who[i], 1}, Credit{who[len(who)-1-i], .5})
		}
		c.Effective(.05)
	}
}

// TestRoundingIsNoCorrelation: with a single person there is nothing for clusters to
// agree on, however the parts of a unit that are not exact add up.
func TestRoundingIsNoCorrelation(t *testing.T) {
	for shift := range 100 {
		var c Cell
		for week := range 12 {
			a := .07 * float64((week*shift)%13)
			c.Add(week, 1, Credit{Category: 0, Amount: .45 + a}, Credit{Category: 0, Amount: .6}, Credit{Category: 0, Amount: .1 + a})
		}
		c.Add(shift%12, 1, Credit{Category: 0, Amount: 1})
		if got := c.Effective(.05).Correlation; got > correlationPrior {
			t.Fatalf("case %d: the correlation of one person's units is %v", shift, got)
		}
	}
}
