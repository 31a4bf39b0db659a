package statistics

import "testing"

func TestLead(t *testing.T) {
	d := Posterior([]float64{.3, .3, .4, 0}, 40, 1)
	near(t, "equals, no margin", d.Lead(0, 1, 0), .5, 1e-9)
	near(t, "as the smaller of two in the whole", d.Lead(2, 0, 0), Posterior([]float64{.3, .4}, 40, 2./3).Top()[1], 1e-6)
	if a, b := d.Lead(2, 0, .1), d.Lead(2, 0, 0); a >= b {
		t.Errorf("a tenth ahead is %v, ahead at all %v", a, b)
	}
	near(t, "nobody behind", d.Lead(0, 3, .1), 1, 0)
	near(t, "nobody ahead", d.Lead(3, 0, .1), 0, 0)
	near(t, "no second", d.Lead(0, -1, .1), 1, 0)
}

func TestWithout(t *testing.T) {
	d := Posterior([]float64{.3, .3, .4}, 40, 1)
	w := d.Without(2)
	near(t, "half of the rest", w.Mean(0), .5, 1e-12)
	near(t, "nothing left out", w.Mean(2), 0, 0)
	near(t, "what it was", d.Mean(2), d.Alpha(2)/d.Total(), 0)
	near(t, "without nothing", w.Without(2).Mean(1), .5, 1e-12)
}
