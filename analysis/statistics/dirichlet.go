package statistics

// Interval is a closed interval.
type Interval struct{ Low, High float64 }

// Dirichlet is what is known of the shares of several categories. (3.3)
type Dirichlet struct {
	alpha  []float64
	total  float64
	unseen float64 // prior mass of categories nobody has seen; only where one category has everything
}

// Posterior is the Dirichlet for shares seen in a sample worth n, under Perks'
// prior: mass is divided evenly over the K categories that have a share, at
// least two, so that inactive people do not dilute: α_i = mass/max(K,2) + n·ŝ_i.
// A category without a share gets α = 0 and stays at 0. Where one category has
// everything, the prior's other half belongs to somebody not yet seen: it widens
// the interval and leaves the mean at 1.
func Posterior(shares []float64, n, mass float64) Dirichlet {
	active := 0
	for _, s := range shares {
		if s > 0 {
			active++
		}
	}
	d := Dirichlet{alpha: make([]float64, len(shares))}
	if active == 0 {
		return d
	}
	each := mass / float64(max(active, 2))
	for i, s := range shares {
		if s > 0 {
			d.alpha[i] = each + n*s
			d.total += d.alpha[i]
		}
	}
	if active == 1 {
		d.unseen = each
	}
	return d
}

// Len is the number of categories.
func (d Dirichlet) Len() int { return len(d.alpha) }

// Total is A = Σα.
func (d Dirichlet) Total() float64 { return d.total }

// Alpha is α_i, 0 for a category without a share.
func (d Dirichlet) Alpha(i int) float64 {
	if i < 0 || i >= len(d.alpha) {
		return 0
	}
	return d.alpha[i]
}

// Mean is E θ_i = α_i/A; over all categories it adds to 1 (to 0 when none has a share).
func (d Dirichlet) Mean(i int) float64 {
	if d.total == 0 {
		return 0
	}
	return d.Alpha(i) / d.total
}

// Variance is m(1 − m)/(A + 1).
func (d Dirichlet) Variance(i int) float64 {
	m := d.Mean(i)
	return m * (1 - m) / (d.total + 1)
}

// Interval is the central interval that holds θ_i with probability level (.9:
// from the 5 % to the 95 % quantile of Beta(α_i, A − α_i)). It is [0, 0] for a
// category without a share and ends at 1 for one that has everything.
func (d Dirichlet) Interval(i int, level float64) Interval {
	return d.interval(d.Alpha(i), level)
}

// SumInterval is the central interval of Σ θ_i over the given, distinct categories.
func (d Dirichlet) SumInterval(level float64, categories ...int) Interval {
	return d.interval(d.sum(categories), level)
}

func (d Dirichlet) interval(a, level float64) Interval {
	if a <= 0 {
		return Interval{}
	}
	tail := (1 - level) / 2
	rest := d.rest(a)
	if rest <= 0 {
		return Interval{1, 1}
	}
	shape := newBeta(a, rest)
	v := Interval{shape.quantile(tail), shape.quantile(1 - tail)}
	if d.unseen > 0 {
		v.High = 1
	}
	return v
}

// Tail is P(Σ θ_i > x) over the given, distinct categories: one beta tail.
func (d Dirichlet) Tail(x float64, categories ...int) float64 {
	a := d.sum(categories)
	rest := d.rest(a)
	switch {
	case x < 0:
		return 1
	case x >= 1 || a <= 0:
		return 0
	case rest <= 0:
		return 1
	}
	below, _ := newBeta(rest, a).at(1 - x)
	return below
}

func (d Dirichlet) sum(categories []int) float64 {
	a := 0.0
	for _, i := range categories {
		a += d.Alpha(i)
	}
	return a
}

// rest is the second parameter of the Beta that a belongs to; what rounding
// leaves of A − A is nothing.
func (d Dirichlet) rest(a float64) float64 {
	if rest := d.total - a; rest > 1e-12*d.total {
		return rest + d.unseen
	}
	return d.unseen
}

// Top is, for each category but those left out, the probability that its share
// is the largest among those not left out (nobody, say): they add to 1, and
// what is left out or has no share gets 0. With no candidate all are 0.
func (d Dirichlet) Top(without ...int) []float64 {
	alpha := d.alpha
	if len(without) > 0 {
		alpha = append([]float64(nil), d.alpha...)
		for _, i := range without {
			if i >= 0 && i < len(alpha) {
				alpha[i] = 0
			}
		}
	}
	return Top(alpha)
}

// Lead is P(θ_i − θ_j > margin·(θ_i + θ_j)): that i is ahead of j by that part of what
// the two have. It does not depend on the others: θ_i/(θ_i + θ_j) is Beta(α_i, α_j).
// It is 1 where only i has a share, and 0 where i has none.
func (d Dirichlet) Lead(i, j int, margin float64) float64 {
	a, b := d.Alpha(i), d.Alpha(j)
	switch {
	case a <= 0:
		return 0
	case b <= 0:
		return 1
	}
	below, _ := newBeta(b, a).at((1 - margin) / 2)
	return below
}

// Without is what is known of the shares the others have among themselves once one
// category is left out: a Dirichlet again, in which that category has no share.
func (d Dirichlet) Without(category int) Dirichlet {
	if d.Alpha(category) > 0 {
		d.total -= d.alpha[category]
		d.alpha = append([]float64(nil), d.alpha...)
		d.alpha[category] = 0
	}
	return d
}
