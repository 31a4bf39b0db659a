package analysis

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"defacto/analysis/statistics"
	"defacto/backlog"
)

// attention is where one person's recorded acts went: distinct (item, ISO week)
// pairs on the roadmap or the market, and on stories.
type attention struct {
	person  backlog.PersonID
	roadmap int
	story   int
}

// touches is the number of pairs.
func (a attention) touches() int { return a.roadmap + a.story }

// index is F = R/(R+T) with Wilson's interval at half the touches, because
// touches cluster (METHOD 3.8).
func (a attention) index() (f float64, iv statistics.Interval) {
	n := float64(a.touches())
	if n == 0 {
		return 0, statistics.Interval{High: 1}
	}
	f = float64(a.roadmap) / n
	return f, statistics.Wilson(f, n/2, .9)
}

// touch is that somebody had to do with an item in a week, packed to be sorted:
// person and item; week, ground and whether it was above story level. One that
// was part of a batch weighs what the batch leaves it.
type touch struct {
	who, when int64
	weight    float32
}

// Where a touch's person and item stand in its key.
const (
	personShift = 44
	itemShift   = 22
)

// key packs a touch, its weight aside, into one number of the same order, where it fits.
func (t touch) key() (uint64, bool) {
	person, item := uint64(t.who>>32), uint64(t.who&math.MaxUint32)
	fits := person < 1<<(64-personShift) && item < 1<<(personShift-itemShift) && t.when >= 0 && t.when < 1<<itemShift
	return person<<personShift | item<<itemShift | uint64(t.when), fits
}

// Trees measures how people's attention splits between the roadmap and the stories.
var Trees = &Pass[map[backlog.PersonID]attention]{
	Meta: Meta{
		Name:     "forest",
		Question: "Does the product manager see the forest, or only trees?",
		Doc: "The forest index is the share of somebody's touches that were above story level: distinct pairs of an item and a week, so that one epic edited ten times weighs as one. " +
			"Market acts count with the roadmap; n items changed in one batch weigh 1 + ln n. Below 25 touches nothing is said. It is a share of what the tracker records, not of anybody's time.",
		Requires: []Analyzer{Write, Prioritise, Accept, Answer, Roadmap, Market},
	},
	Run: func(_ context.Context, in *Input) (map[backlog.PersonID]attention, error) {
		tallies, acts := in.tallies(), 0
		for _, t := range tallies {
			acts += len(t.acts)
		}
		full := make([]uint64, 0, acts) // touches that weigh 1, as packed keys: those sort fastest
		var rest []touch
		for d, t := range tallies {
			high := backlog.Duty(d) == backlog.Roadmap || backlog.Duty(d) == backlog.Market
			for i := range t.acts {
				a := &t.acts[i]
				if a.why != counts || a.weight <= 0 || a.at < in.from || a.at >= in.to {
					continue
				}
				x := touch{int64(a.person)<<32 | int64(a.item), int64(week(a.at)-week(in.from))<<2 | int64(a.on)<<1 | int64(btoi(high)), in.batched(a)}
				if key, ok := x.key(); ok && x.weight == 1 {
					full = append(full, key)
				} else {
					rest = append(rest, x)
				}
			}
		}
		sortKeys(full, 0, nil)
		full = slices.Compact(full)
		slices.SortFunc(rest, func(a, b touch) int {
			return cmp.Or(cmp.Compare(a.who, b.who), cmp.Compare(a.when, b.when), cmp.Compare(b.weight, a.weight))
		})
		rest = slices.CompactFunc(rest, func(a, b touch) bool { return a.who == b.who && a.when == b.when })
		type sums struct{ roadmap, story float64 }
		seen := map[backlog.PersonID]sums{}
		add := func(p backlog.PersonID, roadmap, story float64) {
			s := seen[p]
			seen[p] = sums{s.roadmap + roadmap, s.story + story}
		}
		for lo, hi := 0, 0; lo < len(full); lo = hi {
			p, n := full[lo]>>personShift, [2]float64{}
			for hi = lo; hi < len(full) && full[hi]>>personShift == p; hi++ {
				n[full[hi]&1]++
			}
			add(backlog.PersonID(p), n[1], n[0])
		}
		for _, t := range rest {
			if key, ok := t.key(); ok {
				if _, counted := slices.BinarySearch(full, key); counted {
					continue
				}
			}
			w := float64(t.weight)
			add(backlog.PersonID(t.who>>32), w*float64(t.when&1), w*float64(1-t.when&1))
		}
		paid := make(map[backlog.PersonID]attention, len(seen))
		for p, s := range seen {
			paid[p] = attention{person: p, roadmap: int(math.Round(s.roadmap)), story: int(math.Round(s.story))}
		}
		return paid, nil
	},
}

// batched is what a batch leaves of an act, 1 where it was part of none.
func (in *Input) batched(a *act) float32 {
	if actKinds[a.kind].source != fromChange {
		return 1
	}
	n := in.noise
	if a.on == onRoadmap {
		n = in.rnoise
	}
	f, _ := n.weigh(a.ref)
	return f
}

// glance is one of somebody's touches in time.
type glance struct {
	at     int64
	high   bool    // above story level
	weight float64 // what a batch leaves of it
}

// glances lists somebody's touches in the period, each at its first act, oldest first.
func (in *Input) glances(p backlog.PersonID) []glance {
	type key struct{ item, when int64 }
	first := map[key]glance{}
	for d, t := range in.tallies() {
		high := backlog.Duty(d) == backlog.Roadmap || backlog.Duty(d) == backlog.Market
		for i := range t.acts {
			a := &t.acts[i]
			if a.person != p || a.why != counts || a.weight <= 0 || a.at < in.from || a.at >= in.to {
				continue
			}
			k := key{int64(a.item), int64(week(a.at))<<2 | int64(a.on)<<1 | int64(btoi(high))}
			g, ok := first[k]
			if !ok || a.at < g.at {
				g.at = a.at
			}
			g.high, g.weight = high, max(g.weight, float64(in.batched(a)))
			first[k] = g
		}
	}
	list := make([]glance, 0, len(first))
	for _, g := range first {
		list = append(list, g)
	}
	slices.SortFunc(list, func(a, b glance) int {
		return cmp.Or(cmp.Compare(a.at, b.at), btoi(a.high)-btoi(b.high), cmp.Compare(a.weight, b.weight))
	})
	return list
}

// turned is the week from which somebody's attention to the roadmap is lower, over a period
// and the one before it; false where no week stands out (3.8).
func (in *Input) turned(list []glance) (from time.Time, ok bool) {
	first, last := week(in.before.from), week(in.to-1)
	hits, trials := make([]float64, last-first+1), make([]float64, last-first+1)
	for _, g := range list {
		k := week(g.at) - first
		trials[k] += g.weight
		if g.high {
			hits[k] += g.weight
		}
	}
	c, ok := statistics.FindChange(hits, trials)
	if !ok || c.BayesFactor < in.Method.ChangeBayes || c.After >= c.Before {
		return time.Time{}, false
	}
	return time.UnixMilli((int64(first)+int64(c.At))*7*day + 4*day).UTC(), true
}

// sprintTrend is the trend of somebody's forest index from sprint to sprint, over a period
// and the one before it; false with too few sprints in which they touched anything (3.8).
func (in *Input) sprintTrend(list []glance) (statistics.Trend, bool) {
	used := map[int32]bool{}
	for _, i := range in.near {
		for _, c := range in.book.snap.ChangesOf(&in.book.snap.Items[i]) {
			if c.Field == backlog.FieldSprint {
				for _, s := range in.Site.Values[c.To].Sprints {
					used[s] = true
				}
			}
		}
	}
	var starts []int64
	for s := range used {
		if at := in.Site.Sprints[s].Start; at >= in.before.from && at < in.to {
			starts = append(starts, at)
		}
	}
	slices.Sort(starts)
	starts = slices.Compact(starts)
	var index []float64
	for i, from := range starts {
		to := in.to
		if i+1 < len(starts) {
			to = starts[i+1]
		}
		n, high := 0.0, 0.0
		for _, g := range list {
			if g.at < from || g.at >= to {
				continue
			}
			n += g.weight
			if g.high {
				high += g.weight
			}
		}
		if n > 0 {
			index = append(index, high/n)
		}
	}
	if float64(len(index)) < in.Method.TrendSprints {
		return statistics.Trend{}, false
	}
	return statistics.MannKendall(index)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// forest lists the attention of those a role finding needs: whoever is declared
// or found in a role, and whoever leads the roadmap.
func (in *Input) forest() []Forest {
	seen := Trees.Result(in)
	people := in.concerned()
	list := make([]Forest, 0, len(people))
	for _, p := range people {
		a := seen[p]
		f := Forest{Person: in.id(p), Roadmap: a.roadmap, Story: a.story}
		if float64(a.touches()) >= in.Method.MinTouches {
			v, iv := a.index()
			f.Index, f.Low, f.High = &v, &iv.Low, &iv.High
		} else {
			f.Note = sentence("%d touches are too few to say", a.touches())
		}
		list = append(list, f)
	}
	return list
}

// concerned lists the people whose own numbers a role finding needs.
func (in *Input) concerned() []backlog.PersonID {
	var people []backlog.PersonID
	add := func(p backlog.PersonID) {
		if p != backlog.Nobody && !slices.Contains(people, p) {
			people = append(people, p)
		}
	}
	declared, holders := Compare.Result(in), Roles.Result(in)
	for r := backlog.RoleCount - 1; r >= 0; r-- { // the product manager first
		for _, p := range declared[r].People {
			add(p)
		}
		add(holders[r].Person)
		add(holders[r].Pair[0])
		add(holders[r].Pair[1])
	}
	if t := Roadmap.Result(in); t.enough() {
		add(t.leader())
	}
	return people
}
