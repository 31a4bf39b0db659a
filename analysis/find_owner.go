package analysis

import (
	"cmp"
	"math"
	"slices"

	"defacto/analysis/statistics"
	"defacto/backlog"
)

// QAGatekeeper and the rules below look closer at who holds the owner's duties.
var (
	QAGatekeeper = rule("qa-gatekeeper", "Does testing, not product, accept the work?",
		"Raised where one person clearly accepts, implements no stories, and otherwise belongs to testing: their part of the testing recorded in the period and the quarter before (moves into or out of a testing status by others than the builder, bugs reported, and bugs closed or sent back that others fixed; at least two) is no smaller than their part of any other duty, of none of which they have a quarter.",
		nil, func(in *Input) ([]Finding, error) { return in.gatekeeper() })

	TechLeadAsPO = rule("tech-lead-as-po", "Is the technical lead recorded as the owner?",
		"Raised where the de facto product owner also implements at least 15 % of the stories.",
		nil, func(in *Input) ([]Finding, error) { return in.techLead() })

	ProxyPO = rule("proxy-po", "Does one person face the team and another decide?",
		"Raised where two people share the owner's work, one leading in writing or answering and the other in prioritising or accepting, and at least 30 % of the answers follow a relay.",
		nil, func(in *Input) ([]Finding, error) { return in.proxy() })

	BlockedOnPerson = rule("blocked-on-person", "Does the work wait for one person?",
		"Raised where at least a third of the working time from start to done of the stories finished in the period was spent waiting for one person's answer or acceptance, on at least five of them; overlapping waits count once. A question without a recorded answer waited as long as questions to the same person (else all of the period) do, by the mean of their curve until the story was done. While a story stands in acceptance or waiting it waits for whoever outside development it is assigned to, else for who accepted it.",
		nil, func(in *Input) ([]Finding, error) { return in.blocked() })

	NeedsAPO = rule("needs-a-po", "Does the team need an owner of its own?",
		"Raised where one person holds both roles, the team asks about 0.8 or more product questions a working day (those put to somebody, and of those put to nobody in particular the part to which product people rather than developers replied, of those with a reply; the upper bound, since not all are recorded), and answers are slow or the roadmap loses out.",
		[]Analyzer{SlowAnswers, SlidingToTrees}, func(in *Input) ([]Finding, error) { return in.needsOwner() })
)

func (in *Input) gatekeeper() ([]Finding, error) {
	t := Accept.Result(in)
	if t.Verdict != "single" {
		return none()
	}
	p := t.Leaders[0]
	if in.people.implemented[p] > 0 {
		return none()
	}
	proof := in.testing(p)
	product := in.productPart(p)
	if len(proof) < 2 || product >= in.Method.NamedLeast { // anybody finds a bug; and who has a name in the product's work is product
		return none()
	}
	tested := float64(len(proof)) / float64(in.tested())
	v := tested / (tested + product)
	if v < in.Method.QAShare {
		return none()
	}
	iv := statistics.Wilson(v, float64(len(proof)), .9)
	f := in.raise("qa-gatekeeper", in.id(p), p)
	f.Statement = sentence("Testing, not product, accepts the work in %s: %s accepts %s of it, and is recorded for %s of the testing and for no more than %s of any other duty.",
		in.title(), in.name(p), percent(t.post.Mean(0)), percent(tested), percent(product))
	f.Confidence = t.Words
	f.Measure = share("testing_share", v, iv.Low, iv.High, in.Method.QAShare, len(proof), float64(len(proof)))
	for i := len(proof) - 1; i >= 0 && len(f.Evidence) < citedFor/2; i-- {
		f.Evidence = append(f.Evidence, in.cite(&proof[i]))
	}
	accepted := in.proof(t, p)
	f.Evidence = append(f.Evidence, accepted[:min(len(accepted), citedFor-len(f.Evidence))]...)
	f.Query = in.query(in.keys(t, p))
	f.Rests = "The owner is the arbiter of acceptance (S1); testing answers another question."
	in.temper(&f)
	return one(f)
}

// productPart is the largest part somebody has in any duty but acceptance.
func (in *Input) productPart(p backlog.PersonID) float64 {
	most := 0.0
	for d, t := range in.tallies() {
		if backlog.Duty(d) != backlog.Accept && t.enough() {
			most = max(most, t.mean(p))
		}
	}
	return most
}

// testing lists what somebody did in the period and the quarter before that testers
// do: moves into or out of a testing status of what others built, bugs reported, and bugs
// closed or sent back that others fixed.
func (in *Input) testing(p backlog.PersonID) []act {
	var proof []act
	since := in.from - lookback
	for _, e := range in.book.entriesOf(p, backlog.FieldStatus) {
		if e.at >= since && e.at < in.to && in.counts(e.item) && in.tests(e.item, &in.book.snap.Changes[e.ref]) {
			proof = append(proof, act{at: e.at, item: e.item, ref: e.ref, person: p, kind: actMove})
		}
	}
	for _, e := range in.book.entriesOf(p, fieldCreation) {
		if e.at >= since && e.at < in.to && in.counts(e.item) && in.book.trails[e.item].kind == kindBug {
			proof = append(proof, act{at: e.at, item: e.item, person: p, kind: actCreate})
		}
	}
	return proof
}

// tested counts what the whole team did of that.
func (in *Input) tested() int {
	b, since, n := in.book, in.from-lookback, 0
	person := func(p backlog.PersonID) bool { return p != backlog.Nobody && !in.machine(p) && !in.outsider(p) }
	for _, i := range in.near {
		it := &b.snap.Items[i]
		if !in.counts(i) {
			continue
		}
		if b.trails[i].kind == kindBug && it.Created >= since && it.Created < in.to && person(creatorOf(it)) {
			n++
		}
		for c := it.ChangeLo; c < it.ChangeHi; c++ {
			if e := &b.snap.Changes[c]; e.Field == backlog.FieldStatus && e.At >= since && e.At < in.to && person(e.Actor) && in.tests(i, e) {
				n++
			}
		}
	}
	return n
}

// tests reports whether a move is a tester's.
func (in *Input) tests(i int32, e *backlog.Event) bool {
	t := &in.book.trails[i]
	if e.Machine || e.Actor == in.people.builder(t) {
		return false
	}
	from, to := in.stageOf(e.From), in.stageOf(e.To)
	fixed := from.handedOver() || !in.Site.Statuses[in.Site.Values[e.From].Ref].Category.Open()
	return from == StageTest || to == StageTest || t.kind == kindBug && fixed
}

func (in *Input) stageOf(v backlog.ValueID) Stage {
	return in.flow.stages[in.Site.Values[v].Ref]
}

// entriesOf returns one person's changes of one field, oldest first.
func (b *book) entriesOf(p backlog.PersonID, f backlog.Field) []entry {
	at := func(p backlog.PersonID, f backlog.Field) int {
		i, _ := slices.BinarySearchFunc(b.entries, entry{person: p, field: f}, func(e, want entry) int {
			if e.person != want.person {
				return int(e.person) - int(want.person)
			}
			if e.field >= want.field {
				return 1
			}
			return -1
		})
		return i
	}
	return b.entries[at(p, f):at(p, f+1)]
}

func (in *Input) techLead() ([]Finding, error) {
	h := Roles.Result(in)[backlog.ProductOwner]
	if h.Verdict != "single" {
		return none()
	}
	var theirs, all int
	var proof []act
	for _, i := range in.book.finished(in.from-lookback, in.to) {
		t := &in.book.trails[i]
		if t.omega <= 0 || !in.counts(i) || t.implementer == backlog.Nobody {
			continue
		}
		all++
		if in.people.builder(t) == h.Person {
			theirs++
			if t.startBy >= 0 {
				proof = append(proof, act{at: t.started, item: i, ref: t.startBy, person: in.book.snap.Changes[t.startBy].Actor, kind: actMove})
			}
		}
	}
	if float64(all) < in.Method.MinUnits || float64(theirs) < in.Method.TechLeadShare*float64(all) {
		return none()
	}
	v := float64(theirs) / float64(all)
	iv := statistics.Wilson(v, float64(all), .9)
	f := in.raise("tech-lead-as-po", in.id(h.Person), h.Person)
	f.Statement = sentence("%s, who built %s of the stories, is also recorded as the owner of %s.", in.name(h.Person), percent(v), in.title())
	f.Confidence, f.Sensitive = h.Words, h.Sensitive
	f.Measure = share("stories_built", v, iv.Low, iv.High, in.Method.TechLeadShare, all, float64(all))
	for i := len(proof) - 1; i >= 0 && len(f.Evidence) < citedFor/2; i-- {
		f.Evidence = append(f.Evidence, in.cite(&proof[i]))
	}
	owned, keys := in.roleProof(h, h.Person)
	f.Evidence = append(f.Evidence, owned[:min(len(owned), citedFor-len(f.Evidence))]...)
	f.Query = in.query(keys)
	f.Rests = "A development manager may stand in for an owner (S2)."
	in.temper(&f)
	return one(f)
}

func (in *Input) proxy() ([]Finding, error) {
	h := Roles.Result(in)[backlog.ProductOwner]
	if !h.Proxy {
		return none()
	}
	relayed, answered := 0, 0
	asked := Questions.Result(in)
	for i := range asked.timed {
		if q := &asked.timed[i]; !q.open() {
			answered++
			if q.relayed {
				relayed++
			}
		}
	}
	if float64(answered) < in.Method.MinAnswers || float64(relayed) < in.Method.RelayShare*float64(answered) {
		return none()
	}
	v := float64(relayed) / float64(answered)
	iv := statistics.Wilson(v, float64(answered), .9)
	f := in.raise("proxy-po", "", h.Pair[0], h.Pair[1])
	f.Statement = sentence("%s and %s split the owner's work in %s: one faces the team, the other decides. %s of the answers came after the question was passed on.", in.name(h.Pair[0]), in.name(h.Pair[1]), in.title(), percent(v))
	f.Confidence, f.Sensitive = weaker(h.Words, wordsFor(in.Method, answered)), h.Sensitive
	f.Measure = share("relayed_answers", v, iv.Low, iv.High, in.Method.RelayShare, answered, float64(answered))
	f.Evidence, f.Against, f.Query = in.waitProof(asked, func(q *question) bool { return q.relayed })
	f.Rests = "A proxy owner answers after asking whoever decides (scrum.org, Pichler)."
	in.temper(&f)
	return one(f)
}

// span is a stretch of time, unix ms.
type span struct{ from, to int64 }

// blocked adds up, for each person, the time stories waited for them.
func (in *Input) blocked() ([]Finding, error) {
	waits := in.book.waits[:0]
	defer func() { in.book.waits = waits[:0] }()
	var stood []waited
	wait := func(p backlog.PersonID, item int32, s span) {
		t := &in.book.trails[item]
		s.from, s.to = max(s.from, t.started), min(s.to, t.done)
		if p != backlog.Nobody && s.to > s.from {
			waits = append(waits, waited{p, item, s})
		}
	}
	total, stories := 0.0, 0
	for _, i := range in.book.finished(in.from, in.to) {
		t := &in.book.trails[i]
		if t.omega > 0 && in.counts(i) && t.started > 0 && t.startBy != t.doneBy {
			total += in.clock.Hours(backlog.Nobody, t.started, t.done)
			stories++
		}
	}
	asked := Questions.Result(in)
	waiting := expecting{in: in}
	for i := range asked.timed {
		q := &asked.timed[i]
		if t := &in.book.trails[q.item]; t.done >= in.from && t.done < in.to {
			until := q.until(in.book.asOf)
			if q.open() { // the story went on: it was answered elsewhere, and none knows when
				until = in.clock.after(q.target, q.at, waiting.hours(q.target, in.clock.Hours(q.target, q.at, until)))
			}
			wait(q.target, q.item, span{q.at, until})
		}
	}
	accepted := Accept.Result(in)
	for i := range accepted.units {
		u := &accepted.units[i]
		p, _ := accepted.most(u)
		stood = in.standing(u.item, p, stood[:0])
		for _, w := range stood {
			wait(w.person, u.item, w.span)
		}
	}
	if float64(stories) < in.Method.MinUnits || total == 0 {
		return none()
	}
	out := []Finding{}
	waits = in.grave(waits, total)
	slices.SortFunc(waits, func(a, b waited) int { // sums of floats depend on the order
		switch {
		case a.person != b.person:
			return cmp.Compare(a.person, b.person)
		case a.item != b.item:
			return cmp.Compare(a.item, b.item)
		}
		return cmp.Compare(a.from, b.from)
	})
	for lo := 0; lo < len(waits); {
		hi := lo + 1
		for hi < len(waits) && waits[hi].person == waits[lo].person {
			hi++
		}
		person, theirs := waits[lo].person, union(waits[lo:hi])
		lo = hi
		if float64(issues(theirs)) < in.Method.MinAnswers {
			continue // one story that waited for months is a story, not a pattern
		}
		hours := 0.0
		for _, w := range theirs {
			hours += in.clock.Hours(backlog.Nobody, w.from, w.to)
		}
		if v := hours / total; v >= in.Method.BlockedShare {
			out = append(out, in.blockedOn(person, v, stories, theirs))
		}
	}
	return out, nil
}

// grave keeps the waits for people who may turn out to block: there are enough, and
// even every hour of day and night, overlaps counted twice, makes up the share. Few do, and the rest need
// not be put in order. Waits are kept in place.
func (in *Input) grave(waits []waited, total float64) []waited {
	slots := in.book.slotsFor(in.Site)
	type sum struct {
		person backlog.PersonID
		n      int
		millis int64
	}
	var sums []sum
	for i := range waits {
		w := &waits[i]
		if slots[w.person] == noSlot {
			slots[w.person] = int32(len(sums))
			sums = append(sums, sum{person: w.person})
		}
		s := &sums[slots[w.person]]
		s.n++
		s.millis += w.to - w.from
	}
	kept := waits[:0]
	for _, w := range waits {
		s := &sums[slots[w.person]]
		if float64(s.n) >= in.Method.MinAnswers && float64(s.millis) >= in.Method.BlockedShare*total*float64(hour)*(1-1e-9) {
			kept = append(kept, w)
		}
	}
	for _, s := range sums {
		slots[s.person] = noSlot
	}
	return kept
}

func (in *Input) blockedOn(p backlog.PersonID, v float64, stories int, waits []waited) Finding {
	f := in.raise("blocked-on-person", in.id(p), p)
	f.Statement = sentence("%s of the working time from start to done of the stories in %s passed waiting for an answer or an acceptance by %s.", percent(v), in.title(), in.name(p))
	f.Confidence, f.Severity = wordsFor(in.Method, stories), "notice"
	iv := statistics.Wilson(min(1, v), float64(stories), .9)
	f.Measure = share("blocked_share", v, iv.Low, iv.High, in.Method.BlockedShare, stories, float64(stories))
	var items []int32
	longest := map[int32]int64{}
	for _, w := range waits {
		if longest[w.item] == 0 {
			items = append(items, w.item)
		}
		longest[w.item] += w.to - w.from
	}
	slices.SortFunc(items, func(a, b int32) int {
		if d := longest[b] - longest[a]; d != 0 {
			return int(min(1, max(-1, d)))
		}
		return int(a - b)
	})
	var keys []string
	for _, i := range items {
		it, t := &in.book.snap.Items[i], &in.book.trails[i]
		keys = append(keys, it.Key)
		if len(f.Evidence) < citedFor && t.doneBy >= 0 {
			e := in.cite(&act{at: t.done, item: i, ref: t.doneBy, person: in.book.snap.Changes[t.doneBy].Actor, kind: actDone})
			e.Why = sentence("waited %.0f working hours for %s", float64(in.clock.Hours(backlog.Nobody, t.started, t.done))*float64(longest[i])/float64(max(1, t.done-t.started)), in.name(p))
			f.Evidence = append(f.Evidence, e)
		}
	}
	f.Query = in.query(keys)
	f.Rests = "The owner can be the largest blocker of success (S1)."
	f.Advice = "See which of the decisions could be somebody else's."
	return f
}

// standing lists when a story stood in acceptance (or, where the workflow has no
// such status, in review or test) or waiting before its last close, and for whom: for
// whoever outside development it was assigned to, else, in acceptance, for the accepter. It adds to a list.
func (in *Input) standing(i int32, accepter backlog.PersonID, list []waited) []waited {
	b := in.book
	it, t := &b.snap.Items[i], &b.trails[i]
	assignee := it.Assignee
	for _, c := range b.snap.ChangesOf(it) {
		if c.Field == backlog.FieldAssignee {
			assignee = backlog.PersonID(in.Site.Values[c.From].Ref)
			break
		}
	}
	var since int64
	stage := StageUnknown
	flush := func(until int64) {
		waits := stage == StageWaiting || in.accepting(stage)
		if since > 0 && until > since && waits {
			switch {
			case in.awaits(t, assignee):
				list = append(list, waited{assignee, i, span{since, until}})
			case stage != StageWaiting && accepter != backlog.Nobody:
				list = append(list, waited{accepter, i, span{since, until}})
			}
		}
		since = until
	}
	for _, c := range b.snap.ChangesOf(it) {
		if c.At > t.done {
			break
		}
		switch c.Field {
		case backlog.FieldAssignee:
			flush(c.At)
			assignee = backlog.PersonID(in.Site.Values[c.To].Ref)
		case backlog.FieldStatus:
			flush(c.At)
			stage = in.stageOf(c.To)
			if !in.Site.Statuses[in.Site.Values[c.To].Ref].Category.Open() {
				stage = StageUnknown // what the tracker counts as done waits for nobody: closing it is book-keeping
			}
		}
	}
	return list
}

// accepting reports whether stories in a stage are there to be accepted.
func (in *Input) accepting(st Stage) bool {
	return st == StageAcceptance || !in.book.accepts && (st == StageReview || st == StageTest)
}

// awaits reports whether a story that stands still and is assigned to somebody waits for them.
func (in *Input) awaits(t *trail, p backlog.PersonID) bool {
	return p != backlog.Nobody && p != in.people.builder(t) && !in.people.Developer(p) && !in.machine(p)
}

// waited is a stretch of time for which an issue waited for somebody.
type waited struct {
	person backlog.PersonID
	item   int32
	span
}

// union merges overlapping stretches of one person's, in the order of issues and time,
// in place.
func union(waits []waited) []waited {
	out := waits[:0]
	for _, w := range waits {
		if n := len(out); n > 0 && w.item == out[n-1].item && w.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, w.to)
			continue
		}
		out = append(out, w)
	}
	return out
}

// issues counts the issues of an ordered list.
func issues(waits []waited) int {
	n := 0
	for i := range waits {
		if i == 0 || waits[i].item != waits[i-1].item {
			n++
		}
	}
	return n
}

func (in *Input) needsOwner() ([]Finding, error) {
	if Structure.Result(in).Structure != "dual" {
		return none()
	}
	w := Wait.Result(in)
	days := in.clock.Hours(backlog.Nobody, in.from, min(in.to, in.book.asOf)) / in.clock.Default.DayHours()
	if in.clock.Wall {
		days = float64(min(in.to, in.book.asOf)-in.from) / float64(day) * 5 / 7
	}
	if days <= 0 {
		return none()
	}
	asked := Questions.Result(in).demand()
	demand := asked / days
	// What is recorded is the least that was asked, so the rate's upper bound decides.
	upper := (asked + 1.645*math.Sqrt(asked) + 1) / days
	slow, slide := SlowAnswers.Result(in), SlidingToTrees.Result(in)
	if upper < in.Method.DemandPerDay || len(slow)+len(slide) == 0 {
		return none()
	}
	p := Roles.Result(in)[backlog.ProductOwner].Person
	f := in.raise("needs-a-po", in.id(p), p)
	f.Statement = sentence("The team of %s asks %.1f product questions a working day, and %s, who does both roles, is falling behind.", in.title(), demand, in.name(p))
	f.Confidence, f.Severity = "tentative", "act"
	th := in.Method.DemandPerDay
	f.Measure = Measure{Name: "questions_per_day", Unit: "count", Value: &demand, High: &upper, Threshold: &th, N: w.Questions + w.Possible}
	f.Evidence, f.Against, f.Query = in.waitProof(Questions.Result(in), func(*question) bool { return true })
	f.Rests = "Engineers needing product input almost daily is the sign to hire an owner (S2)."
	return one(f)
}
