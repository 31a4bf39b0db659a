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
	type end struct {
		cause   int
		lengths []uint64
		done    int
		sum     float64
		part    []float64
	}
	all, ends := make([]uint64, len(spells)), make([]end, 0, 4) // lengths as keys: of all spells, and by cause
	for i := range spells {
		all[i] = key(spells[i].Length)
		k := spells[i].Cause
		if k == Censored || all[i] == never {
			continue
		}
		at := slices.IndexFunc(ends, func(e end) bool { return e.cause == k })
		if at < 0 {
			at = len(ends)
			ends = append(ends, end{cause: k})
		}
		ends[at].lengths = append(ends[at].lengths, all[i])
	}
	slices.Sort(all)
	for k := range ends {
		slices.Sort(ends[k].lengths)
	}
	in := Incidence{parts: make(map[int][]float64, len(ends))}
	open := 1.0
	for at := 0; at < len(all); {
		t, risk, ended := all[at], float64(len(all)-at), 0.0
		for ; at < len(all) && all[at] == t; at++ {
		}
		for k := range ends {
			e := &ends[k]
			for ; e.done < len(e.lengths) && e.lengths[e.done] == t; e.done++ {
				e.sum += open / risk
				ended++
			}
		}
		if ended == 0 {
			continue
		}
		open *= (risk - ended) / risk
		in.times = append(in.times, math.Float64frombits(t))
		in.open = append(in.open, open)
		for k := range ends {
			ends[k].part = append(ends[k].part, ends[k].sum)
		}
	}
	for k := range ends {
		in.parts[ends[k].cause] = ends[k].part
	}
	return in
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
