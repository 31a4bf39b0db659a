package analysis

import (
	"slices"
	"strings"

	"defacto/backlog"
)

// Numbers are what can be explained of a scope and period besides its findings:
// the duties, the roles, the waits and the forest index, under the names they have
// in the JSON.
func Numbers() []string {
	var names []string
	for _, d := range backlog.Duties() {
		names = append(names, d.String())
	}
	return append(names, backlog.ProductOwner.String(), backlog.ProductManager.String(), "waits", "forest")
}

// numberIn shows how a number comes about, where it is one of this scope and period.
func (e *explainer) numberIn(in *Input) {
	if e.subject.Text != in.Scope.Name+in.Part.suffix()+"/"+in.Period.Name+"/"+e.subject.Number {
		return
	}
	switch e.subject.Number {
	case "waits":
		e.waits(in)
	case "forest":
		e.forest(in)
	default:
		for d, t := range in.tallies() {
			if backlog.Duty(d).String() == e.subject.Number {
				e.duty(in, t)
			}
		}
		for i := range Roles.Result(in) {
			if backlog.Role(i).String() == e.subject.Number {
				e.role(in, backlog.Role(i))
			}
		}
	}
}

// duty shows the sample, everybody's share, and every act, counted or not.
func (e *explainer) duty(in *Input, t *Tally) {
	s := e.step(in, "Who is recorded "+verb(t.Duty)+": "+t.Verdict)
	if t.Why != "" {
		s.say("%s", t.Why)
	}
	sample := t.Sample
	s.say("%s in %s weigh %.2f; Kish's effective size %.2f", plural(len(t.units), "unit"), plural(sample.Clusters, "week"), sample.Weight, sample.Kish)
	s.say("clustered in weeks of mean size %.2f with correlation %.3f: worth %.2f independent units; %.2f for the posterior, as a click is not a decision", sample.ClusterSize, sample.Correlation, sample.Effective, sample.Information)
	s.say("direct trace %s of the weight, machines %s of the acts", percent(t.Direct), percent(t.Machine))
	for i, p := range t.people {
		in.used[p] = true
		iv := t.post.Interval(i, .9)
		line := sentence("%s: %.2f of %.2f, share %.3f (%.3f to %.3f)", in.name(p), t.credit[i], sample.Weight, t.post.Mean(i), iv.Low, iv.High)
		if t.top != nil {
			line += sentence(", probability of the largest part %.3f", t.top[i])
		}
		s.say("%s", line)
	}
	if len(t.units) > 0 {
		iv := t.post.Interval(t.nobody(), .9)
		s.say("nobody: %.2f of %.2f, share %.3f (%.3f to %.3f)", t.credit[t.nobody()], sample.Weight, t.Nobody(), iv.Low, iv.High)
	}
	for k := range t.acts {
		s.Events = append(s.Events, in.cite(&t.acts[k]))
	}
	for i := range t.units {
		if u := &t.units[i]; u.nobody > 0 {
			a := in.absent(t, u)
			absent := in.cite(&a)
			absent.Why = sentence("%.2f of this unit is nobody's", u.nobody)
			s.Events = append(s.Events, absent)
		}
	}
	s.sort()
}

// waits shows every question that was timed, with what became of it.
func (e *explainer) waits(in *Input) {
	w := Wait.Result(in)
	s := e.step(in, "How long the team's questions wait")
	if w.Why != "" {
		s.say("%s", w.Why)
	}
	s.say("%s timed, %d answered, %d open, of which %d were closed with their issue; %s put to nobody in particular, not timed", plural(w.Questions, "question"), w.Answered, w.Open, w.Closed, plural(w.Possible, "possible one"))
	hours := func(name string, v *float64) {
		if v != nil {
			s.say("%s: %.2f hours", name, *v)
		}
	}
	hours("Kaplan–Meier median", w.MedianHours)
	hours("its 90 % interval from", w.LowHours)
	hours("to", w.HighHours)
	hours("had every closed question been answered at the close", w.IfAnswered)
	hours("had none of them ever been", w.IfNever)
	hours("median until anybody's first response", w.FirstResponse)
	hours("median on the wall clock", w.WallMedian)
	asked := Questions.Result(in)
	for k := range asked.timed {
		s.Events = append(s.Events, in.citeQuestion(&asked.timed[k]))
	}
	s.sort()
}

// forest shows the touches of everybody the index is given for.
func (e *explainer) forest(in *Input) {
	for _, p := range in.concerned() {
		in.used[p] = true
		a := Trees.Result(in)[p]
		s := e.step(in, "The forest index of "+in.name(p))
		s.say("%d touches above story level and %d on stories: distinct pairs of an item and a week; n items changed in one go count as 1 + ln n", a.roadmap, a.story)
		if n := a.touches(); float64(n) >= in.Method.MinTouches {
			v, iv := a.index()
			s.say("index %d / %d = %.3f, 90 %% interval %.3f to %.3f (Wilson, on half the touches, as they cluster)", a.roadmap, n, v, iv.Low, iv.High)
		} else {
			s.say("too few to say: at least %.0f are needed", in.Method.MinTouches)
		}
		for _, t := range in.tallies() {
			for k := range t.acts {
				if a := &t.acts[k]; a.person == p && a.weight > 0 && a.at >= in.from && a.at < in.to {
					s.Events = append(s.Events, in.cite(&t.acts[k]))
				}
			}
		}
		s.sort()
	}
}

// sort puts a step's events in the order of time.
func (s *Step) sort() {
	slices.SortStableFunc(s.Events, func(a, b Evidence) int { return a.At.Compare(b.At) })
}

// named is what a text of the form SCOPE/PERIOD/NAME asks for, "" for a finding's id.
func named(text string) string {
	name := text[strings.LastIndex(text, "/")+1:]
	if slices.Contains(Numbers(), name) {
		return name
	}
	return ""
}
