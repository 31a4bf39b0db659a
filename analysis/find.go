package analysis

import (
	"context"
	"fmt"
	"math"
	"slices"

	"defacto/backlog"
)

// Rule is a pass that judges: it raises findings.
type Rule = Pass[[]Finding]

// raise starts a finding in this scope and period. suffix tells apart several
// of one code: a person's id, or a duty.
func (in *Input) raise(code, suffix string, people ...backlog.PersonID) Finding {
	id := in.Scope.Name + in.Part.suffix() + "/" + in.Period.Name + "/" + code
	if suffix != "" {
		id += "/" + suffix
	}
	return Finding{
		ID: id, Code: code, Outcome: Measured, People: in.ids(people), Confidence: "firm", Severity: "calm",
		Evidence: []Evidence{}, Against: []Evidence{},
	}
}

// suffix is how a part of a scope is written behind the scope's name.
func (p Part) suffix() string {
	if p.Kind == "" {
		return ""
	}
	return "/" + p.Kind + ":" + p.Name
}

// title is what a sentence calls the scope.
func (in *Input) title() string {
	if in.Part.Name != "" {
		return in.Part.Name
	}
	if in.Scope.Title != "" {
		return in.Scope.Title
	}
	return in.Scope.Key
}

// share is a measure of a part of a whole with its interval.
func share(name string, value, low, high, threshold float64, n int, effective float64) Measure {
	return Measure{Name: name, Unit: "share", Value: &value, Low: &low, High: &high, Threshold: &threshold, N: n, NEff: effective}
}

// percent writes a share as a reader reads it: "58 %".
func percent(v float64) string { return fmt.Sprintf("%.0f %%", math.Round(v*100)) }

// between writes an interval of shares: "49–66 %".
func between(low, high float64) string {
	return fmt.Sprintf("%.0f–%.0f %%", math.Round(low*100), math.Round(high*100))
}

// verb is what somebody who does a duty is recorded doing.
func verb(d backlog.Duty) string {
	return [...]string{"writing the stories", "prioritising the backlog", "accepting the work", "answering the team's questions", "shaping the roadmap", "bringing the market in"}[d]
}

// friction lists what hurts in the scope: only then is a mismatch more than an
// observation (it works: do not worry about the semantics).
func (in *Input) friction() []string {
	var list []string
	if w := Wait.Result(in); w.Outcome == Measured {
		if w.MedianHours == nil || *w.MedianHours > in.Method.SlowHours {
			list = append(list, "answers are slow")
		}
		if float64(w.Open) >= in.Method.NoAnswerShare*float64(w.Questions) {
			list = append(list, "many questions have no recorded answer")
		}
	}
	tallies := in.tallies()
	if tallies[backlog.Prioritise].Verdict == "vacant" {
		list = append(list, "most stories start without a recorded prioritisation")
	}
	if tallies[backlog.Accept].Verdict == "vacant" && in.acceptanceMatters() {
		list = append(list, "most stories are finished without a recorded acceptance")
	}
	return list
}

// temper sets severity and advice of a finding about who does what: it stays
// calm where nothing hurts.
func (in *Input) temper(f *Finding) {
	hurts := in.friction()
	if len(hurts) == 0 {
		f.Severity = "calm"
		f.Statement += " Nothing measured here suffers from it."
		return
	}
	f.Severity = "notice"
	f.Statement += " Beside it, " + enumerate(hurts) + "."
	if f.Confidence == "firm" && len(hurts) > 1 {
		f.Severity = "act"
	}
}

// dutyMeasure is somebody's share of a duty as a measure.
func (in *Input) dutyMeasure(t *Tally, category int, threshold float64) Measure {
	iv := t.post.Interval(category, .9)
	return share(t.Duty.String()+"_share", t.post.Mean(category), iv.Low, iv.High, threshold, len(t.units), t.Sample.Effective)
}

// sampleOf is how many units, and effective ones, a role's score rests on.
func (h *Holder) sampleOf(tallies [backlog.DutyCount]*Tally) (n int, effective float64) {
	for d, w := range h.Weights {
		if w > 0 {
			n += len(tallies[d].units)
			effective += tallies[d].Sample.Effective
		}
	}
	return n, effective
}

// roleProof is the evidence for somebody's part in a role: their heaviest acts,
// taken from its duties in turn.
func (in *Input) roleProof(h *Holder, people ...backlog.PersonID) ([]Evidence, []string) {
	var lists [][]Evidence
	var keys []string
	tallies := in.tallies()
	for d, w := range h.Weights {
		if w > 0 {
			lists = append(lists, in.proof(tallies[d], people...))
			keys = append(keys, in.keys(tallies[d], people...)...)
		}
	}
	out := make([]Evidence, 0, citedFor)
	for i := 0; len(out) < citedFor; i++ {
		more := false
		for _, l := range lists {
			if i < len(l) && len(out) < citedFor {
				out = append(out, l[i])
				more = true
			}
		}
		if !more {
			break
		}
	}
	return out, keys
}

// few cuts evidence against a claim to what is shown.
func few(list []Evidence) []Evidence { return list[:min(len(list), citedAgainst)] }

// none is what a rule returns that has nothing to say.
func none() ([]Finding, error) { return []Finding{}, nil }

func one(f Finding) ([]Finding, error) {
	if f.Evidence == nil {
		f.Evidence = []Evidence{}
	}
	if f.Against == nil {
		f.Against = []Evidence{}
	}
	return []Finding{f}, nil
}

func rule(name, question, doc string, requires []Analyzer, run func(in *Input) ([]Finding, error)) *Rule {
	return &Rule{
		Meta: Meta{Name: name, Question: question, Doc: doc, Requires: slices.Concat(requires, []Analyzer{Wait, Compare, Structure})},
		Run:  func(_ context.Context, in *Input) ([]Finding, error) { return run(in) },
	}
}
