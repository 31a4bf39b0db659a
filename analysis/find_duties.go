package analysis

import (
	"slices"

	"defacto/analysis/statistics"
	"defacto/backlog"
)

// DutyContested and the rules below judge single duties.
var (
	DutyContested = rule("duty-contested", "Do two people share one duty?",
		"Raised for each duty in which two people hold at least 60 % of what is recorded for anybody and the second at least 25 %, really so with 80 % probability, while the first does not clearly lead: that they are ahead by a tenth of what the two have is less than 60 % probable.",
		nil, func(in *Input) ([]Finding, error) { return in.contestedDuties() })

	AcceptanceVacant = rule("acceptance-vacant", "Is nobody recorded accepting the work?",
		"Raised where at least half of the finished stories, by the lower bound of the share too, were closed by whoever built them, or by a machine, without anybody else's recorded word, and the workflow has a review or acceptance step or at least 20 stories were finished. In open source 57–61 % self-closing is ordinary.",
		nil, func(in *Input) ([]Finding, error) { return in.acceptanceVacant() })

	PrioritisationVacant = rule("prioritisation-vacant", "Do most stories start without a recorded prioritisation?",
		"Raised where at least half of the stories committed in the period were never ranked, prioritised, versioned or scheduled by anybody before.",
		nil, func(in *Input) ([]Finding, error) { return in.prioritisationVacant() })

	ThreeHats = rule("three-hats", "Does one person write, prioritise and accept the same stories?",
		"Raised where one person wrote, prioritised and accepted at least half of the stories finished in the period of which all three are recorded, the lower bound reaching 40 %, and three tenths of all that were finished.",
		nil, func(in *Input) ([]Finding, error) { return in.threeHats() })
)

func (in *Input) contestedDuties() ([]Finding, error) {
	out := []Finding{}
	for _, t := range in.tallies() {
		if t.Verdict != "contested" {
			continue
		}
		recorded := t.post.Without(t.nobody()) // as the verdict sees it
		if recorded.Tail(in.Method.ContestedSecond, 1) < in.Method.ContestedSure {
			continue // too little to tell is not a contest
		}
		f := in.raise("duty-contested", t.Duty.String(), t.Leaders...)
		f.Statement = sentence("Two people are recorded %s in %s: %s %s, %s %s. Neither is clearly ahead.",
			verb(t.Duty), in.title(), in.name(t.Leaders[0]), percent(t.post.Mean(0)), in.name(t.Leaders[1]), percent(t.post.Mean(1)))
		f.Confidence = t.Words
		iv := recorded.Interval(1, .9)
		f.Measure = share(t.Duty.String()+"_share_recorded", recorded.Mean(1), iv.Low, iv.High, in.Method.ContestedSecond, len(t.units), t.Sample.Effective)
		a, b := in.proof(t, t.Leaders[0]), in.proof(t, t.Leaders[1])
		f.Evidence = slices.Concat(a[:min(len(a), citedFor/2)], b[:min(len(b), citedFor/2)])
		f.Query = in.query(in.keys(t, t.Leaders...))
		f.Rests = "Two can share a duty where responsibilities are clear (S0)."
		in.temper(&f)
		out = append(out, f)
	}
	return out, nil
}

// acceptanceMatters reports whether nobody's acceptance says anything here: the
// workflow has a step for it, or enough stories were finished.
func (in *Input) acceptanceMatters() bool {
	return in.flow.reviews[in.Scope.Source] || float64(len(Accept.Result(in).units)) >= in.Method.AcceptStories
}

func (in *Input) acceptanceVacant() ([]Finding, error) {
	t := Accept.Result(in)
	if t.Verdict != "vacant" || t.post.Interval(t.nobody(), .9).Low < in.Method.VacantShare || !in.acceptanceMatters() {
		return none()
	}
	f := in.vacantDuty(t, "acceptance-vacant")
	f.Statement = sentence("For %s of the stories finished in %s no acceptance by anyone but their developer is recorded.", percent(t.Nobody()), in.title())
	f.Rests = "The owner is the arbiter of whether a story is complete and accepted (S1)."
	f.Advice = "If stories are accepted in a demo, let whoever accepts move the card: it takes a second and ends the guessing."
	return one(f)
}

func (in *Input) prioritisationVacant() ([]Finding, error) {
	t := Prioritise.Result(in)
	if t.Verdict != "vacant" {
		return none()
	}
	f := in.vacantDuty(t, "prioritisation-vacant")
	f.Statement = sentence("%s of the stories started in %s had no recorded prioritisation.", percent(t.Nobody()), in.title())
	f.Worth = true
	f.Rests = "The owner keeps the stories in their proper sequence (S1)."
	f.Advice = "Look how work is chosen: an order agreed aloud leaves no trace here."
	return one(f)
}

// vacantDuty is a finding that a duty is nobody's.
func (in *Input) vacantDuty(t *Tally, code string) Finding {
	f := in.raise(code, "")
	f.Confidence, f.Severity = t.Words, "notice"
	f.Measure = in.dutyMeasure(t, t.nobody(), in.Method.VacantShare)
	f.Measure.Name = "nobody"
	f.Evidence = in.proof(t)
	if len(t.people) > 0 {
		f.Against = few(in.proof(t, t.leader()))
	}
	f.Query = in.query(in.keys(t))
	return f
}

// threeHats joins who wrote, prioritised and accepted each story finished in the
// period, whenever the first two were due.
func (in *Input) threeHats() ([]Finding, error) {
	accepted := Accept.Result(in)
	if !accepted.enough() {
		return none()
	}
	count := map[backlog.PersonID]int{}
	acts := map[backlog.PersonID][]act{}
	known, most := 0, 0 // finished stories of which all three are recorded; of one person
	writers := newRecorder(in, backlog.Write, 1)
	orderers := prioritiser{recorder: newRecorder(in, backlog.Prioritise, 1), factor: Prioritise.Result(in).factor}
	for i := range accepted.units {
		if left := len(accepted.units) - i; float64(most+left) < in.Method.ThreeHats*float64(known+left) {
			return none() // whatever the rest says
		}
		u := &accepted.units[i]
		p, a := accepted.most(u)
		if p == backlog.Nobody {
			continue
		}
		writer := in.writer(writers, u.item)
		if writer == backlog.Nobody {
			continue
		}
		orderer := in.prioritiserOf(orderers, u.item)
		if orderer == backlog.Nobody {
			continue
		}
		known++
		if writer == p && orderer == p {
			count[p]++
			most = max(most, count[p])
			acts[p] = append(acts[p], a)
		}
	}
	n := float64(known)
	if n < in.Method.MinUnits {
		return none()
	}
	for _, p := range accepted.people {
		v := float64(count[p]) / n
		iv := statistics.Wilson(v, min(n, accepted.Sample.Effective), .9)
		if v < in.Method.ThreeHats || iv.Low < in.Method.ThreeHatsLow || float64(count[p]) < in.Method.ThreeHatsOfAll*float64(len(accepted.units)) {
			continue
		}
		f := in.raise("three-hats", in.id(p), p)
		f.Statement = sentence("%s of the %d stories finished in %s for which all three are recorded were written, prioritised and accepted by the same person, %s.", percent(v), known, in.title(), in.name(p))
		f.Confidence = accepted.Words
		f.Measure = share("three_hats", v, iv.Low, iv.High, in.Method.ThreeHats, known, min(n, accepted.Sample.Effective))
		for k := len(acts[p]) - 1; k >= 0 && len(f.Evidence) < citedFor; k-- {
			f.Evidence = append(f.Evidence, in.cite(&acts[p][k]))
		}
		var keys []string
		for k := range acts[p] {
			keys = append(keys, in.book.snap.Items[acts[p][k].item].Key)
		}
		f.Query = in.query(keys)
		f.Rests = "A conflict of interest is possible where all duties meet in one person (S4)."
		in.temper(&f)
		return one(f)
	}
	return none()
}

// most is who got the largest part of a unit, with their heaviest act.
func (t *Tally) most(u *unit) (backlog.PersonID, act) {
	var best act
	for i := u.lo; i < u.hi; i++ {
		if t.acts[i].weight > best.weight {
			best = t.acts[i]
		}
	}
	if best.weight <= u.nobody {
		return backlog.Nobody, act{}
	}
	return best.person, best
}

// writer is who wrote a story, as far as its creation and its first text say.
func (in *Input) writer(r *recorder, i int32) backlog.PersonID {
	r.clear()
	r.written(i)
	return r.first()
}

// prioritiserOf is who put a story first; a commitment alone does not say.
func (in *Input) prioritiserOf(p prioritiser, i int32) backlog.PersonID {
	p.clear()
	if in.book.trails[i].committed == 0 {
		return backlog.Nobody
	}
	p.committed(i)
	return p.first()
}

// first is who has the most weight among the acts written so far.
func (r *recorder) first() backlog.PersonID {
	type part struct {
		person backlog.PersonID
		weight float32
	}
	parts := make([]part, 0, 8) // of a few people
	best, most := backlog.Nobody, float32(0)
	for i := range r.tally.acts {
		a := &r.tally.acts[i]
		at := slices.IndexFunc(parts, func(p part) bool { return p.person == a.person })
		if at < 0 {
			at = len(parts)
			parts = append(parts, part{person: a.person})
		}
		parts[at].weight += a.weight
		if w := parts[at].weight; w > most {
			best, most = a.person, w
		}
	}
	return best
}
