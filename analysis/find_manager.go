package analysis

import (
	"math"
	"slices"

	"defacto/analysis/statistics"
	"defacto/backlog"
)

// SlidingToTrees and the rules below look closer at the product manager.
var (
	SlidingToTrees = rule("sliding-to-trees", "Is the product manager's attention sliding from the roadmap to the stories?",
		"Raised where a declared or de facto product manager's forest index fell by more than 0.03 and a quarter of itself against the period before, with 90 % probability, on at least 25 touches in each. Where the two periods hold ten sprints or more, the index has to go down from sprint to sprint as well (Mann–Kendall with Hamed and Rao's correction, and Theil and Sen's slope). A change-point with a Bayes factor of 10 gives it a week.",
		[]Analyzer{Trees}, func(in *Input) ([]Finding, error) { return in.sliding() })

	PMIsolated = rule("pm-isolated", "Is the market out of the product manager's sight?",
		"Raised where the product manager (the one found, else the declared) linked less than one customer request a month to the work, over this period and the one before. Calls and visits are invisible here.",
		[]Analyzer{Trees}, func(in *Input) ([]Finding, error) { return in.isolated() })

	PMDetached = rule("pm-detached", "Does the product manager meet the developers?",
		"Raised where a declared or de facto product manager met less than 20 % of at least three developers: on an issue which they both dealt with (a word; a move, an assignment or a new text once work had begun), or a roadmap item the one shaped and the other commented on. Filing an issue meets nobody: writing it up, ordering, planning, labelling, linking it, an edit of many at once. In a component or an epic only who builds there counts as a developer. Asked only where work was committed in at least three weeks.",
		[]Analyzer{Trees}, func(in *Input) ([]Finding, error) { return in.detached() })
)

func (in *Input) sliding() ([]Finding, error) {
	out := []Finding{}
	if in.before == nil {
		return out, nil
	}
	for _, p := range in.managers() {
		now, then := Trees.Result(in)[p], Trees.Result(in.before)[p]
		if float64(now.touches()) < in.Method.MinTouches || float64(then.touches()) < in.Method.MinTouches {
			continue
		}
		f1, _ := then.index()
		f2, iv := now.index()
		pr := statistics.Slide(f1, float64(then.touches()), f2, float64(now.touches()), in.Method.SlideDrop)
		if pr < in.Method.SlideP || f2 >= in.Method.SlideRatio*f1 {
			continue
		}
		touches := slices.Concat(in.before.glances(p), in.glances(p))
		trend, tested := in.sprintTrend(touches)
		if tested && (trend.S >= 0 || trend.Slope >= 0) {
			continue // from sprint to sprint it does not go down
		}
		f := in.raise("sliding-to-trees", in.id(p), p)
		f.Statement = sentence("%s's recorded roadmap attention in %s fell from %s in %s to %s", in.name(p), in.title(), percent(f1), in.before.Period.Name, percent(f2))
		if from, ok := in.turned(touches); ok {
			_, n := from.ISOWeek()
			f.Statement += sentence(", from week %d (%s)", n, from.Format("2 January"))
		}
		f.Statement += "."
		if tested {
			f.Statement += sentence(" From sprint to sprint it moves by %+.1f points (Theil–Sen; Mann–Kendall p %.3f).", 100*trend.Slope, trend.P)
		}
		f.Worth = true
		f.Confidence = wordsFor(in.Method, min(now.touches(), then.touches())/2)
		f.Measure = share("forest_index", f2, iv.Low, iv.High, in.Method.SlideRatio*f1, now.touches(), float64(now.touches())/2)
		for _, d := range []backlog.Duty{backlog.Write, backlog.Prioritise, backlog.Accept, backlog.Answer} {
			list := in.proof(in.tallies()[d], p)
			f.Evidence = append(f.Evidence, list[:min(len(list), 3)]...)
		}
		f.Evidence = f.Evidence[:min(len(f.Evidence), citedFor)]
		f.Against = few(in.proof(Roadmap.Result(in), p))
		f.Query = in.query(f.keysOf())
		f.Rests = "Trees over forests comes as a slide (S1)."
		f.Advice = "defacto self shows what pulled the attention down."
		in.temper(&f)
		out = append(out, f)
	}
	return out, nil
}

func (in *Input) isolated() ([]Finding, error) {
	out := []Finding{}
	if in.before == nil {
		return out, nil
	}
	months := float64(in.to-in.before.from) / float64(day) / 30.44
	if months < 5.5 {
		return out, nil
	}
	if !in.lived(in.before) {
		return out, nil // half a year without data is no half-year without customers
	}
	found := Roles.Result(in)[backlog.ProductManager]
	for _, p := range in.managers() {
		if found.Verdict == "single" && p != found.Person {
			continue // whoever is declared: the market is in the sight of who manages the product
		}
		n := in.before.marketActs(p) + in.marketActs(p)
		v := float64(n) / months
		if v >= in.Method.IsolatedPerMonth {
			continue
		}
		f := in.raise("pm-isolated", in.id(p), p)
		switch n {
		case 0:
			f.Statement = sentence("%s linked no customer request to the work in %s in %s and %s.", in.name(p), in.title(), in.before.Period.Name, in.Period.Name)
		default:
			f.Statement = sentence("%s linked %d customer requests to the work in %s in %.0f months.", in.name(p), n, in.title(), math.Round(months))
		}
		f.Statement += " Calls and visits are not visible here."
		f.Confidence = "tentative"
		th := in.Method.IsolatedPerMonth
		f.Measure = Measure{Name: "market_acts_per_month", Unit: "count", Value: &v, Threshold: &th, N: n}
		f.Evidence, f.Against = in.unseenMarket(p)
		f.Query = in.query(f.keysOf())
		f.Rests = "Isolation from the market (S1): the manager is defined by the relationship to it."
		out = append(out, f)
	}
	return out, nil
}

// unseenMarket cites the few requests somebody linked or, as what is missing leaves no
// event, what they shaped and ordered without one; against it the requests others linked.
func (in *Input) unseenMarket(p backlog.PersonID) (proof, against []Evidence) {
	market := Market.Result(in)
	others := slices.DeleteFunc(slices.Clone(market.people), func(o backlog.PersonID) bool { return o == p })
	against = []Evidence{}
	if len(others) > 0 { // without people proof cites what was nobody's
		against = append(against, few(in.proof(market, others...))...)
	}
	if proof = in.proof(market, p); len(proof) > 0 {
		return proof, against
	}
	proof = make([]Evidence, 0, citedFor)
	for _, d := range []backlog.Duty{backlog.Roadmap, backlog.Prioritise, backlog.Write} {
		more := in.proof(in.tallies()[d], p)
		proof = append(proof, more[:min(len(more), citedFor-len(proof))]...)
	}
	for i := range proof {
		proof[i].Why = "done without a customer request of their own"
	}
	return proof, against
}

// lived reports whether the scope's work was already recorded in an earlier period.
func (in *Input) lived(before *Input) bool {
	return float64(len(Prioritise.Result(before).units)) >= in.Method.MinUnits
}

// marketActs counts somebody's market acts in the period.
func (in *Input) marketActs(p backlog.PersonID) int {
	n := 0
	t := Market.Result(in)
	for i := range t.acts {
		if t.acts[i].person == p && t.acts[i].why == counts {
			n++
		}
	}
	return n
}

func (in *Input) detached() ([]Finding, error) {
	out := []Finding{}
	if !Prioritise.Result(in).enough() {
		return out, nil // in a week or two of a team's work nobody has met anybody
	}
	for _, p := range in.managers() {
		met, all := in.met(p)
		if all < 3 {
			continue
		}
		v := float64(met) / float64(all)
		if v >= in.Method.DetachedShare {
			continue
		}
		f := in.raise("pm-detached", in.id(p), p)
		f.Statement = sentence("%s is recorded dealing with %d of the %d developers of %s in %s.", in.name(p), met, all, in.title(), in.Period.Name)
		f.Confidence = "tentative"
		iv := statistics.Wilson(v, float64(all), .9)
		f.Measure = share("developers_met", v, iv.Low, iv.High, in.Method.DetachedShare, all, float64(all))
		f.Evidence = in.proof(Roadmap.Result(in), p)
		f.Rests = "A product manager who does not talk to engineers is a hazard (S0)."
		in.temper(&f)
		out = append(out, f)
	}
	return out, nil
}

// met counts the developers somebody met in the period: those who built, handled or
// said something on an issue that they dealt with as well, or said something on a
// roadmap item they shaped.
func (in *Input) met(p backlog.PersonID) (met, all int) {
	seen, here := make([]bool, len(in.Site.People)), make([]bool, len(in.Site.People))
	for _, i := range in.near {
		t, it := &in.book.trails[i], &in.book.snap.Items[i]
		if it.Created >= in.to || !in.counts(i) {
			continue
		}
		here[t.began], here[in.people.builder(t)] = true, true
		if t.active < in.from || !in.dealt(i, p) {
			continue
		}
		seen[it.Assignee], seen[in.people.builder(t)] = true, true
		for _, c := range in.book.snap.ChangesOf(it) {
			if c.At >= in.from && c.At < in.to && handles(c.Field) {
				seen[c.Actor] = true
			}
		}
		in.talked(in.book, it, seen)
	}
	for _, i := range in.members { // shaping one roadmap item in turn brings nobody together; a word on it does
		if in.shaped(i, p) {
			in.talked(in.road, &in.road.snap.Items[i], seen)
		}
	}
	for d := range in.people.implemented {
		// Of a component or an epic only those are developers who build there.
		if who := backlog.PersonID(d); in.people.Developer(who) && who != p && (in.Part.Kind == "" || here[d]) {
			all++
			if seen[d] {
				met++
			}
		}
	}
	return met, all
}

// handles reports whether a change of a field deals with the work itself. Most only
// file an issue: where it stands, what it belongs to, when it is due. That is done to many
// in a row, or typed for others, and brings nobody together with who works on it.
func handles(f backlog.Field) bool {
	switch f {
	case backlog.FieldStatus, backlog.FieldResolution, backlog.FieldAssignee, backlog.FieldFlagged, backlog.FieldDescription, backlog.FieldCriteria:
		return true
	}
	return false
}

// dealt reports whether somebody dealt with an issue in the period: said something, or,
// once work on it had begun, handled it; an edit of many at once is neither.
func (in *Input) dealt(i int32, p backlog.PersonID) bool {
	b := in.book
	it, begun := &b.snap.Items[i], b.trails[i].started
	for c := it.ChangeLo; c < it.ChangeHi && begun > 0; c++ {
		e := &b.snap.Changes[c]
		if e.Actor == p && e.At >= max(in.from, begun) && e.At < in.to && !e.Machine && handles(e.Field) {
			if f, why := in.noise.weigh(c); f == 1 && why == counts {
				return true
			}
		}
	}
	return in.spoke(b, it, p)
}

// shaped reports whether somebody wrote, changed or spoke on a roadmap item in the period.
func (in *Input) shaped(i int32, p backlog.PersonID) bool {
	it := &in.road.snap.Items[i]
	if creatorOf(it) == p && it.Created >= in.from && it.Created < in.to {
		return true
	}
	for c := it.ChangeLo; c < it.ChangeHi; c++ {
		if e := &in.road.snap.Changes[c]; e.Actor == p && e.At >= in.from && e.At < in.to && !e.Machine {
			if f, why := in.rnoise.weigh(c); f == 1 && why == counts {
				return true
			}
		}
	}
	return in.spoke(in.road, it, p)
}

// spoke reports whether somebody commented on an issue in the period.
func (in *Input) spoke(b *book, it *backlog.Item, p backlog.PersonID) bool {
	for i := it.CommentLo; i < it.CommentHi; i++ {
		if m := &b.snap.Comments[i]; m.Author == p && m.At >= in.from && m.At < in.to {
			return true
		}
	}
	return false
}

// talked marks who commented on an issue in the period.
func (in *Input) talked(b *book, it *backlog.Item, seen []bool) {
	for i := it.CommentLo; i < it.CommentHi; i++ {
		if m := &b.snap.Comments[i]; m.At >= in.from && m.At < in.to {
			seen[m.Author] = true
		}
	}
}
