package analysis

import (
	"slices"

	"defacto/analysis/statistics"
	"defacto/backlog"
)

// PODiffers and the rules below judge who holds the roles.
var (
	PODiffers = rule("po-differs", "Is somebody else recorded doing the product owner's work?",
		"Raised where one person clearly holds the role, is not among the declared, and more than half of the role's work is recorded for others with 90 % probability.",
		nil, func(in *Input) ([]Finding, error) { return in.differs(backlog.ProductOwner, "po-differs") })

	PMDiffers = rule("pm-differs", "Is somebody else recorded doing the product manager's work?",
		"As po-differs, on the roadmap and the market.",
		nil, func(in *Input) ([]Finding, error) { return in.differs(backlog.ProductManager, "pm-differs") })

	DualRole = rule("dual-role", "Does one person hold both roles?",
		"Raised where the same person is clearly recorded in both roles. It is common in small teams and no fault by itself.",
		nil, func(in *Input) ([]Finding, error) { return in.dual() })

	POVacant = rule("po-vacant", "Is nobody recorded doing the product owner's work?",
		"Raised where at least a third of the owner's work is nobody's and no person's score reaches 0.42.",
		nil, func(in *Input) ([]Finding, error) { return in.vacantRole(backlog.ProductOwner, "po-vacant") })

	PMVacant = rule("pm-vacant", "Is nobody recorded doing the product manager's work?",
		"Raised where a product manager is declared, the tracker holds a roadmap with at least two open items, the team is at work, and nobody is recorded on the roadmap.",
		nil, func(in *Input) ([]Finding, error) { return in.vacantManager() })

	POContested = rule("po-contested", "Do two people do the product owner's work?",
		"Raised where two people's scores add to 0.58 and the second reaches 0.23, with 80 % probability, and no clear lead is measured.",
		nil, func(in *Input) ([]Finding, error) { return in.contestedRole(backlog.ProductOwner, "po-contested") })

	PMContested = rule("pm-contested", "Do two people do the product manager's work?",
		"As po-contested, on the roadmap and the market.",
		nil, func(in *Input) ([]Finding, error) { return in.contestedRole(backlog.ProductManager, "pm-contested") })

	POCommittee = rule("po-committee", "Is the product owner's work spread over many?",
		"Raised where the owner's work is spread over an effective number of at least 3.5 people and nobody reaches 0.37.",
		nil, func(in *Input) ([]Finding, error) { return in.committee() })

	PODelegated = rule("po-delegated", "Did the product owner's work pass to somebody else?",
		"Raised where a change-point within the period (Bayes factor 10) separates one person's lead from another's and the first kept the roadmap. It is neutral, often good news.",
		nil, func(in *Input) ([]Finding, error) { return in.delegation() })

	DeclaredConflict = rule("declared-conflict", "Do the declarations themselves disagree?",
		"Raised where the configuration, a role in the tracker and the project's lead name different people for one role at the same time.",
		nil, func(in *Input) ([]Finding, error) { return in.conflict() })
)

func (in *Input) differs(role backlog.Role, code string) ([]Finding, error) {
	h, s := Roles.Result(in)[role], Compare.Result(in)[role]
	if s.Outcome != "differs" {
		return none()
	}
	tallies := in.tallies()
	f := in.raise(code, in.id(h.Person), append([]backlog.PersonID{h.Person}, s.People...)...)
	top := h.Scores[0]
	f.Statement = sentence("In %s, %s is recorded doing %s of the %s's work (%s, %s); the declared %s, %s, %s.",
		in.title(), in.name(h.Person), most(top.Value), role.Title(), percent(top.Value), between(max(0, top.Value-1.645*top.Sigma), min(1, top.Value+1.645*top.Sigma)),
		role.Title(), in.names(s.People), percent(1-s.Distance))
	f.Confidence, f.Sensitive = h.Words, h.Sensitive
	n, eff := h.sampleOf(tallies)
	f.Measure = share("distance", s.Distance, s.Low, s.High, in.Method.DisconnectShare, n, eff)
	var keys []string
	f.Evidence, keys = in.roleProof(h, h.Person)
	against, _ := in.roleProof(h, s.People...)
	f.Against, f.Query = few(against), in.query(keys)
	f.Rests = "Disconnects between the declared and the practised role (S1); overlap is normal, so only a clear majority counts."
	f.Advice = sentence("Ask both whether this is how they mean it; if it is, declare it: roles that match what happens need no explaining.")
	in.temper(&f)
	return one(f)
}

func (in *Input) dual() ([]Finding, error) {
	h := Roles.Result(in)
	po, pm := h[backlog.ProductOwner], h[backlog.ProductManager]
	if Structure.Result(in).Structure != "dual" {
		return none()
	}
	f := in.raise("dual-role", in.id(po.Person), po.Person)
	f.Statement = sentence("%s is recorded as both product owner (%s) and product manager (%s) of %s. That is common in small teams.",
		in.name(po.Person), percent(po.Scores[0].Value), percent(pm.Scores[0].Value), in.title())
	f.Confidence, f.Sensitive = weaker(po.Words, pm.Words), po.Sensitive || pm.Sensitive
	n, eff := pm.sampleOf(in.tallies())
	low, high := pm.Scores[0].Value-1.645*pm.Scores[0].Sigma, pm.Scores[0].Value+1.645*pm.Scores[0].Sigma
	f.Measure = share("manager_score", pm.Scores[0].Value, max(0, low), min(1, high), in.Method.RoleShare, n, eff)
	a, keys := in.roleProof(po, po.Person)
	b, more := in.roleProof(pm, pm.Person)
	f.Evidence = slices.Concat(a[:min(len(a), citedFor/2)], b[:min(len(b), citedFor/2)])
	f.Query = in.query(append(keys, more...))
	f.Rests = "One person may hold both; being overwhelmed is the risk (S0, S2)."
	in.temper(&f)
	return one(f)
}

func weaker(a, b string) string {
	if a == "firm" && b == "firm" {
		return "firm"
	}
	return "tentative"
}

func (in *Input) vacantRole(role backlog.Role, code string) ([]Finding, error) {
	h := Roles.Result(in)[role]
	if h.Verdict != "vacant" {
		return none()
	}
	tallies := in.tallies()
	f := in.raise(code, "")
	f.Statement = sentence("For %s of the %s's work in %s nobody is recorded.", percent(h.Nobody), role.Title(), in.title())
	if len(h.Scores) > 0 {
		f.Statement += sentence(" The most anybody is recorded for is %s.", percent(h.Scores[0].Value))
	}
	f.Confidence, f.Sensitive, f.Severity = h.Words, h.Sensitive, "notice"
	n, eff := h.sampleOf(tallies)
	low, high := in.nobodyInterval(h)
	f.Measure = share("nobody", h.Nobody, low, high, in.Method.RoleVacant, n, eff)
	var keys []string
	f.Evidence, keys = in.roleProof(h)
	if len(h.Scores) > 0 {
		against, _ := in.roleProof(h, h.Scores[0].Person)
		f.Against = few(against)
	}
	f.Query = in.query(keys)
	f.Rests = "An absent owner leaves ordering and acceptance to chance (S1; Pichler)."
	f.Advice = "Look whether decisions are made outside the tracker before looking for somebody to make them."
	return one(f)
}

// nobodyInterval is a 90 % interval of the share of a role's work that is nobody's.
func (in *Input) nobodyInterval(h *Holder) (low, high float64) {
	var mean, variance float64
	for d, w := range h.Weights {
		if w > 0 {
			t := in.tallies()[d]
			mean += w * t.Nobody()
			variance += w * w * t.post.Variance(t.nobody())
		}
	}
	sd := 1.645 * sqrt(variance)
	return max(0, mean-sd), min(1, mean+sd)
}

// vacantManager is raised on absence: a roadmap exists, the team is at work, and
// nobody touched the roadmap.
func (in *Input) vacantManager() ([]Finding, error) {
	h := Roles.Result(in)[backlog.ProductManager]
	if h.Verdict != "vacant" {
		return none()
	}
	if !in.abandoned() {
		return in.vacantRole(backlog.ProductManager, "pm-vacant")
	}
	s, t, open := Compare.Result(in)[backlog.ProductManager], Roadmap.Result(in), in.openMembers()
	if len(s.People) == 0 {
		return none() // where no manager is declared, none is missed
	}
	f := in.raise("pm-vacant", "", s.People...)
	f.Statement = sentence("%s is declared product manager of %s, whose roadmap has %s, and nobody is recorded working on it in %s.", in.names(s.People), in.title(), plural(open, "open item"), in.Period.Name)
	f.Confidence, f.Severity = "tentative", "notice"
	v, th := float64(len(t.units)), 1.0
	f.Measure = Measure{Name: "roadmap_units", Unit: "count", Value: &v, Threshold: &th, N: open}
	f.Evidence = in.proof(t, t.people...)
	f.Rests = "The product manager sets the roadmap (S0, S2)."
	f.Advice = "Look where the roadmap lives before concluding that nobody keeps it."
	return one(f)
}

// abandoned reports whether a roadmap exists and lies untouched while the team is
// at work: then too little evidence is the evidence. Setting items up without
// ever coming back to them in more than one week is no shaping.
func (in *Input) abandoned() bool {
	t := Roadmap.Result(in)
	if t.Outcome == NotRecorded || t.enough() || t.Sample.Clusters > 1 || in.openMembers() < 2 {
		return false
	}
	shaped := 0
	for i := range t.acts {
		if a := &t.acts[i]; a.why == counts && a.kind != actEpic && a.kind != actInitiative {
			shaped++
		}
	}
	return shaped <= 1 && (Prioritise.Result(in).enough() || Accept.Result(in).enough())
}

// openMembers counts the scope's roadmap items that were open at the period's end.
func (in *Input) openMembers() int {
	n := 0
	for _, i := range in.members {
		it := &in.road.snap.Items[i]
		if it.Created < in.to && in.Site.Statuses[it.Status].Category.Open() {
			n++
		}
	}
	return n
}

func (in *Input) contestedRole(role backlog.Role, code string) ([]Finding, error) {
	h := Roles.Result(in)[role]
	if h.Verdict != "contested" || role == backlog.ProductOwner && Structure.Result(in).Structure == "delegated" {
		return none() // who passed the work on does not contest it
	}
	a, b := h.Scores[0], h.Scores[1]
	if b.Sigma > 0 && statistics.Normal((b.Value-in.Method.RoleContestedSecond)/b.Sigma) < in.Method.ContestedSure {
		return none() // as for a duty: too little to tell is not a contest
	}
	f := in.raise(code, "", a.Person, b.Person)
	f.Statement = sentence("Two people share the %s's work in %s: %s %s, %s %s. The data cannot tell whose word counts.",
		role.Title(), in.title(), in.name(a.Person), percent(a.Value), in.name(b.Person), percent(b.Value))
	f.Confidence, f.Sensitive = h.Words, h.Sensitive
	n, eff := h.sampleOf(in.tallies())
	f.Measure = share("second_score", b.Value, max(0, b.Value-1.645*b.Sigma), min(1, b.Value+1.645*b.Sigma), in.Method.RoleContestedSecond, n, eff)
	x, keys := in.roleProof(h, a.Person)
	y, more := in.roleProof(h, b.Person)
	f.Evidence = slices.Concat(x[:min(len(x), citedFor/2)], y[:min(len(y), citedFor/2)])
	f.Query = in.query(append(keys, more...))
	f.Rests = "Two can share a role where responsibilities are clear; otherwise the team gets two answers (S0)."
	f.Advice = "Agree which of the two decides what, and say so to the team."
	in.temper(&f)
	return one(f)
}

func (in *Input) committee() ([]Finding, error) {
	h := Roles.Result(in)[backlog.ProductOwner]
	if h.Verdict != "committee" {
		return none()
	}
	var people []backlog.PersonID
	for _, s := range h.Scores {
		if s.Value >= .05 {
			people = append(people, s.Person)
		}
	}
	f := in.raise("po-committee", "", people...)
	f.Statement = sentence("%d people share the product owner's work in %s; nobody is recorded for more than %s.", len(people), in.title(), percent(h.Scores[0].Value))
	f.Confidence, f.Sensitive = h.Words, h.Sensitive
	n, eff := h.sampleOf(in.tallies())
	v, th := h.effective(), in.Method.CommitteeEffective
	f.Measure = Measure{Name: "effective_people", Unit: "people", Value: &v, Threshold: &th, N: n, NEff: eff}
	var keys []string
	f.Evidence, keys = in.roleProof(h, people...)
	f.Query = in.query(keys)
	f.Rests = "One person is responsible for the backlog (S4; Scrum Guide); they may delegate."
	in.temper(&f)
	return one(f)
}

func (in *Input) delegation() ([]Finding, error) {
	s := Structure.Result(in)
	if s.Structure != "delegated" {
		return none()
	}
	h := Roles.Result(in)[backlog.ProductOwner]
	f := in.raise("po-delegated", in.id(s.To), s.To, s.From)
	f.Statement = sentence("Since the week of %s, %s does the owner's work in %s (%s of the two people's, %s before); %s kept the roadmap.",
		dayOf(s.Since), in.name(s.To), in.title(), percent(s.After), percent(s.Before), in.name(s.From))
	if declared := Compare.Result(in)[backlog.ProductOwner].People; slices.Contains(declared, s.From) && !slices.Contains(declared, s.To) {
		f.Statement += sentence(" The declared roles still say %s.", in.name(s.From))
	}
	f.Confidence = h.Words
	n, eff := h.sampleOf(in.tallies())
	v, th := s.Bayes, in.Method.ChangeBayes
	f.Measure = Measure{Name: "bayes_factor", Unit: "ratio", Value: &v, Threshold: &th, N: n, NEff: eff}
	var keys []string
	f.Evidence, keys = in.roleProof(h, s.To)
	against, _ := in.roleProof(h, s.From)
	f.Against, f.Query = few(against), in.query(keys)
	f.Rests = "Delegation to somebody nearer the team works where the manager stays in the picture (S1)."
	return one(f)
}

func (in *Input) conflict() ([]Finding, error) {
	var out []Finding
	for r, s := range Compare.Result(in) {
		if !s.Conflict {
			continue
		}
		role := backlog.Role(r)
		f := in.raise("declared-conflict", role.String())
		var words []string
		for _, o := range s.Origins {
			words = append(words, sentence("%s says %s", o.Origin, in.nameOf(o.Person)))
			if !slices.Contains(f.People, o.Person) {
				f.People = append(f.People, o.Person)
			}
		}
		f.Statement = sentence("Who is %s of %s depends on whom one asks: %s.", role.Title(), in.title(), enumerate(words))
		v, th := float64(len(f.People)), 1.0
		f.Measure = Measure{Name: "people_declared", Unit: "people", Value: &v, Threshold: &th, N: len(s.Origins)}
		f.Rests = "Different unspoken definitions of the role (S1)."
		f.Advice = "Correct whichever is out of date; reports follow the configuration."
		out = append(out, f)
	}
	if out == nil {
		return none()
	}
	return out, nil
}
