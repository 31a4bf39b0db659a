package analysis

import (
	"slices"

	"defacto/analysis/statistics"
	"defacto/backlog"
)

// TreesOverForests and the rule below judge how execution and roadmap hang together.
var (
	TreesOverForests = rule("trees-over-forests", "Does execution crowd out strategy?",
		"Raised for a declared or de facto product manager whose forest index is below 0.12 and whose upper bound is below 0.20, on at least 25 touches. What the tracker records is touches, not time.",
		[]Analyzer{Trees}, func(in *Input) ([]Finding, error) { return in.treesOverForests() })

	OffRoadmap = rule("prioritising-off-roadmap", "Does the committed work hang on the roadmap?",
		"Raised where at least half of the committed stories (the lower bound at least 40 %) hang on no roadmap item that has something above it, a date or a version. Asked only where the tracker is where the roadmap is kept: two of its items lived in the period or the quarter before, or a tenth of the stories hang on one.",
		nil, func(in *Input) ([]Finding, error) { return in.offRoadmap() })
)

// managers lists who is declared or found product manager.
func (in *Input) managers() []backlog.PersonID {
	people := slices.Clone(Compare.Result(in)[backlog.ProductManager].People)
	if h := Roles.Result(in)[backlog.ProductManager]; h.Verdict == "single" && !slices.Contains(people, h.Person) {
		people = append(people, h.Person)
	}
	return people
}

func (in *Input) treesOverForests() ([]Finding, error) {
	out := []Finding{}
	for _, p := range in.managers() {
		a := Trees.Result(in)[p]
		if float64(a.touches()) < in.Method.MinTouches {
			continue
		}
		v, iv := a.index()
		if v >= in.Method.ForestLow || iv.High >= in.Method.ForestUpper {
			continue
		}
		f := in.raise("trees-over-forests", in.id(p), p)
		f.Statement = sentence("%s of %s's recorded backlog attention in %s was above story level (%d of %d touches).",
			percent(v), in.name(p), in.title(), a.roadmap, a.touches())
		f.Confidence = wordsFor(in.Method, a.touches()/2)
		f.Measure = share("forest_index", v, iv.Low, iv.High, in.Method.ForestLow, a.touches(), float64(a.touches())/2)
		for _, d := range []backlog.Duty{backlog.Write, backlog.Prioritise, backlog.Accept, backlog.Answer} {
			list := in.proof(in.tallies()[d], p)
			f.Evidence = append(f.Evidence, list[:min(len(list), 3)]...)
			f.Query = in.query(append(in.keys(in.tallies()[d], p), f.keysOf()...))
		}
		f.Evidence = f.Evidence[:min(len(f.Evidence), citedFor)]
		f.Against = few(in.proof(Roadmap.Result(in), p))
		f.Rests = "Trees over forests: execution detail crowds out strategy (S1). Product people report 73 % tactical time (Pragmatic Institute 2019), which is context, not the threshold."
		f.Advice = "Look with them which of the stories somebody else could own."
		in.temper(&f)
		out = append(out, f)
	}
	return out, nil
}

// keysOf lists the issues a finding cites.
func (f *Finding) keysOf() []string {
	keys := make([]string, len(f.Evidence))
	for i := range f.Evidence {
		keys[i] = f.Evidence[i].Issue
	}
	return keys
}

func (in *Input) offRoadmap() ([]Finding, error) {
	if !in.roadmapInUse() {
		return none() // a roadmap kept elsewhere is not a missing one
	}
	var off, all, squares float64
	n := 0
	in.eachPlanned(func(a act, planned bool) {
		n++
		w := float64(a.weight)
		all += w
		squares += w * w
		if !planned {
			off += w
		}
	})
	if float64(n) < in.Method.MinUnits || all == 0 {
		return none()
	}
	v, eff := off/all, all*all/squares
	iv := statistics.Wilson(v, eff, .9)
	if eff < in.Method.MinEffective || v < in.Method.OffRoadmap || iv.Low < in.Method.OffRoadmapLow {
		return none()
	}
	var picks, against []act
	var keys []string
	in.eachPlanned(func(a act, planned bool) {
		if planned {
			against = append(against, a)
			return
		}
		picks = append(picks, a)
		keys = append(keys, in.book.snap.Items[a.item].Key)
	})
	f := in.raise("prioritising-off-roadmap", "")
	if t := Prioritise.Result(in); t.Verdict == "single" {
		f.People = in.ids(t.Leaders)
	}
	f.Statement = sentence("%s of the stories committed in %s hang on nothing that is on the roadmap.", percent(v), in.title())
	f.Confidence, f.Severity = wordsFor(in.Method, int(eff)), "calm"
	f.Measure = share("off_roadmap", v, iv.Low, iv.High, in.Method.OffRoadmap, n, eff)
	slices.SortStableFunc(picks, func(a, b act) int { return compareWeight(b, a) })
	for k := range picks[:min(len(picks), citedFor)] {
		f.Evidence = append(f.Evidence, in.cite(&picks[k]))
	}
	for k := range against[:min(len(against), citedAgainst)] {
		f.Against = append(f.Against, in.cite(&against[k]))
	}
	f.Query = in.query(keys)
	f.Rests = "Prioritising without looking at the roadmap (S0)."
	f.Advice = "Hang what matters on an epic with a date, and let the rest be small."
	return one(f)
}

// eachPlanned calls look with the commitment of every story of the period of which it is
// known whether it hangs on the roadmap.
func (in *Input) eachPlanned(look func(commitment act, planned bool)) {
	for _, i := range in.book.committed(in.from, in.to) {
		t, it := &in.book.trails[i], &in.book.snap.Items[i]
		if !in.counts(i) || t.omega <= 0 || t.commitBy < 0 || in.noise.imported[i] {
			continue // what an import hung elsewhere, or nowhere, is not the team's choice
		}
		if planned, found := in.planned(it); found {
			look(act{at: t.committed, item: i, ref: t.commitBy, person: in.book.snap.Changes[t.commitBy].Actor, kind: actSprint, weight: t.omega}, planned)
		}
	}
}

// roadmapInUse reports whether the tracker is where the roadmap is kept: two of
// its items lived in the period or the quarter before, or a tenth of the stories
// committed hang on one.
func (in *Input) roadmapInUse() bool {
	alive, lived := lives{in.from - lookback, in.to}, 0
	for _, i := range in.members {
		if alive.has(&in.road.trails[i], in.road.snap.Items[i].Created) {
			lived++
		}
	}
	all, hung := 0, 0
	for _, i := range in.book.committed(in.from, in.to) {
		if in.counts(i) && in.book.trails[i].omega > 0 {
			all++
			if in.book.snap.Items[i].Epic != 0 {
				hung++
			}
		}
	}
	return len(in.members) > 0 && (lived >= 2 || hung > 0 && 10*hung >= all)
}

func compareWeight(a, b act) int {
	switch {
	case a.weight < b.weight:
		return -1
	case a.weight > b.weight:
		return 1
	}
	return 0
}
