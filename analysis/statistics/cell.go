package statistics

import "math"

// Credit is the part of a unit that goes to one category. Amounts are relative:
// a unit's amounts are scaled to add to 1.
type Credit struct {
	Category int // small and from 0: a position among the people of the cell
	Amount   float64
}

// Cell gathers the units of one duty in one scope and period: who gets which
// part of each, and in which cluster (week) it fell. The zero value is an empty
// cell. It takes memory for clusters × categories, not for units. A Cell is not
// safe for concurrent use.
type Cell struct {
	units   int
	weight  float64 // W = Σ w
	squares float64 // Σ w²
	credit  []float64

	index    map[int]int // cluster → position in clusters
	clusters []cluster
	last     int // the cluster added to last, and
	lastAt   int // its position: units mostly come in order of time
}

type cluster struct {
	weight float64
	credit []float64
}

// Add counts one unit of the given weight in a cluster and says whether it
// counted: a unit without a positive, finite weight, or without any positive
// credit, is left out. Negative categories are a programming error and panic.
func (c *Cell) Add(cluster int, weight float64, credits ...Credit) bool {
	total := 0.0
	for _, p := range credits {
		if p.Amount > 0 {
			total += p.Amount
		}
	}
	if !(weight > 0) || math.IsInf(weight, 1) || !(total > 0) || math.IsInf(total, 1) {
		return false
	}
	c.units++
	c.weight += weight
	c.squares += weight * weight
	in := c.cluster(cluster)
	in.weight += weight
	for _, p := range credits {
		if p.Amount > 0 {
			part := weight * p.Amount / total
			c.credit = add(c.credit, p.Category, part)
			in.credit = add(in.credit, p.Category, part)
		}
	}
	return true
}

// cluster finds or opens a cluster.
func (c *Cell) cluster(id int) *cluster {
	if len(c.clusters) > 0 && c.last == id {
		return &c.clusters[c.lastAt]
	}
	at, known := c.index[id]
	if !known {
		if c.index == nil {
			c.index = make(map[int]int)
		}
		at = len(c.clusters)
		c.index[id] = at
		if at < cap(c.clusters) { // a row left by Reset keeps its storage
			c.clusters = c.clusters[:at+1]
			c.clusters[at].weight = 0
			c.clusters[at].credit = c.clusters[at].credit[:0]
		} else {
			c.clusters = append(c.clusters, cluster{})
		}
	}
	c.last, c.lastAt = id, at
	return &c.clusters[at]
}

func add(row []float64, i int, v float64) []float64 {
	for len(row) <= i {
		row = append(row, 0)
	}
	row[i] += v
	return row
}

// Reset empties the cell and keeps its memory for the next one.
func (c *Cell) Reset() {
	clear(c.index)
	*c = Cell{index: c.index, clusters: c.clusters[:0], credit: c.credit[:0]}
}

// Units is the number of units added.
func (c *Cell) Units() int { return c.units }

// Weight is W, the sum of the units' weights.
func (c *Cell) Weight() float64 { return c.weight }

// Clusters is the number of distinct clusters (weeks) with a unit.
func (c *Cell) Clusters() int { return len(c.clusters) }

// Credit is the weight that went to a category, 0 if nothing did.
func (c *Cell) Credit(category int) float64 {
	if category < 0 || category >= len(c.credit) {
		return 0
	}
	return c.credit[category]
}

// Shares are ŝ_i = Σ w f_i / W per category, adding to 1; nil for an empty
// cell. The slice ends at the highest category that got anything. (3.1)
func (c *Cell) Shares() []float64 {
	if c.weight == 0 {
		return nil
	}
	s := make([]float64, len(c.credit))
	for i, v := range c.credit {
		s[i] = v / c.weight
	}
	return s
}

// Sample says how much a cell's units are worth as evidence (3.2).
type Sample struct {
	Units       int
	Clusters    int
	Weight      float64 // W
	Kish        float64 // n_K = W²/Σw²
	ClusterSize float64 // m̄, the mean size of the cluster a unit is in
	Correlation float64 // ρ, how alike units of one cluster are
	Effective   float64 // n_s: what the "enough evidence" rule looks at
	Information float64 // n: n_s capped by the attribution noise, what the posterior uses
}

// Prior for the intra-cluster correlation: its mean, and how many clusters it weighs.
const (
	correlationPrior  = .05
	correlationWeight = 25
	correlationLimit  = .9
)

// Effective is the size of the independent, equally weighted sample the cell is
// worth. tau is the standard deviation of one share's attribution noise (a click
// is not a decision), which caps the information at .24/τ²; 0 means no cap. An
// empty cell is worth 0. (3.2; Kish 1965 for n_K and the design effect
// 1 + (m̄ − 1)ρ, the moment estimator of ρ is the one-way analysis of variance
// with unequal cluster sizes, Donner 1986, pooled over the categories.)
func (c *Cell) Effective(tau float64) Sample {
	s := Sample{Units: c.units, Clusters: len(c.clusters), Weight: c.weight, ClusterSize: 1, Correlation: correlationPrior}
	if c.units == 0 {
		return s
	}
	s.Kish = c.weight * c.weight / c.squares
	squares := 0.0 // Σ W_c²
	for i := range c.clusters {
		squares += c.clusters[i].weight * c.clusters[i].weight
	}
	s.ClusterSize = max(1, squares/c.squares)
	s.Correlation = c.correlation(squares)
	s.Effective = s.Kish / (1 + (s.ClusterSize-1)*s.Correlation)
	s.Information = 1 / (1/s.Effective + tau*tau/.24)
	return s
}

// correlation is ρ: estimated by moments, clipped to [0, .9] and shrunk.
func (c *Cell) correlation(squares float64) float64 {
	k := float64(len(c.clusters))
	if k < 3 || c.weight <= k {
		return correlationPrior
	}
	var between, within float64
	for i := range c.clusters {
		in := &c.clusters[i]
		for j, v := range c.credit {
			share := 0.0
			if j < len(in.credit) {
				share = in.credit[j] / in.weight
			}
			d := share - v/c.weight
			between += in.weight * d * d
			within += in.weight * share * (1 - share)
		}
	}
	msb, msw := between/(k-1), within/(c.weight-k)
	estimate := 0.0
	// With MSB ≤ MSW the estimate would be clipped to 0; above it the denominator is
	// positive. Where everything is one person's both are 0 but for rounding, which
	// says nothing about clusters.
	if msb > msw+1e-9 {
		size := (c.weight - squares/c.weight) / (k - 1) // m₀
		estimate = min(correlationLimit, (msb-msw)/(msb+(size-1)*msw))
	}
	return (k*estimate + correlationWeight*correlationPrior) / (k + correlationWeight)
}
