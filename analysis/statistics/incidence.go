package statistics

import (
	"math"
	"slices"
)

// Incidence is how often each of several competing ends had come after each
// length: F_k(t). Unlike 1 − KM of one cause alone it does not pretend that the
// other ends could not happen; over all causes it adds to 1 − S(t).
type Incidence struct {
	times []float64
	open  []float64
	parts map[int][]float64 // cause → F at each time
}

// AalenJohansen estimates F_k(t) = Σ_{t_j ≤ t} S(t_j−) d_kj/n_j for every cause
// k that occurs. (Aalen and Johansen 1978)
func AalenJohansen(spells []Spell) Incidence {
	sorted := inOrder(spells)
	in := Incidence{parts: make(map[int][]float64)}
	for _, s := range sorted {
		if s.Cause != Censored && !math.IsInf(s.Length, 1) {
			in.parts[s.Cause] = nil
		}
	}
	sums := make(map[int]float64, len(in.parts))
	open := 1.0
	for at := 0; at < len(sorted); {
		t := sorted[at].Length
		risk := float64(len(sorted) - at)
		ended := 0.0
		for ; at < len(sorted) && sorted[at].Length == t; at++ {
			if k := sorted[at].Cause; k != Censored && !math.IsInf(t, 1) {
				sums[k] += open / risk
				ended++
			}
		}
		if ended == 0 {
			continue
		}
		open *= (risk - ended) / risk
		in.times = append(in.times, t)
		in.open = append(in.open, open)
		for k := range in.parts {
			in.parts[k] = append(in.parts[k], sums[k])
		}
	}
	return in
}

// inOrder is a sorted, cleaned copy.
func inOrder(spells []Spell) []Spell {
	sorted := slices.Clone(spells)
	for i := range sorted {
		switch l := sorted[i].Length; {
		case math.IsNaN(l):
			sorted[i] = Spell{Length: math.Inf(1)}
		case l < 0:
			sorted[i].Length = 0
		}
	}
	slices.SortFunc(sorted, func(a, b Spell) int {
		switch {
		case a.Length < b.Length:
			return -1
		case a.Length > b.Length:
			return 1
		}
		return a.Cause - b.Cause
	})
	return sorted
}

// At is F_k(t): the share that had ended by cause k after t.
func (in Incidence) At(cause int, t float64) float64 {
	f := 0.0
	for j, v := range in.parts[cause] {
		if in.times[j] > t {
			break
		}
		f = v
	}
	return f
}

// Open is S(t), the share that had not ended in any way after t.
func (in Incidence) Open(t float64) float64 {
	s := 1.0
	for j, at := range in.times {
		if at > t {
			break
		}
		s = in.open[j]
	}
	return s
}

// Quantile is the shortest time by which the share p had ended by cause k; nil
// when it never was so many.
func (in Incidence) Quantile(cause int, p float64) *float64 {
	for j, v := range in.parts[cause] {
		if v >= p-reached {
			return new(in.times[j])
		}
	}
	return nil
}
