package sample

import "defacto/backlog"

// Archetype is a way in which teams run, or do not run, their backlog. Half of
// them exist to break the method's rules.
type Archetype string

// The archetypes. Unless it says otherwise, a product owner runs the backlog, a
// product manager the roadmap, and both are declared.
const (
	TextbookSplit        Archetype = "textbook-split"
	DualRole             Archetype = "dual-role"             // one person does both
	AmongTheTrees        Archetype = "among-the-trees"       // the product manager does the owner's work and little else
	SlidingManager       Archetype = "sliding-manager"       // and here it happens in the second half
	TechLeadOwner        Archetype = "tech-lead-owner"       // the technical lead is the owner, another is declared
	AbsentOwner          Archetype = "absent-owner"          // much of the owner's work is nobody's
	ContestedPair        Archetype = "contested-pair"        // two people share all of the owner's duties
	ProxyOwner           Archetype = "proxy-owner"           // an analyst writes and answers, after asking the owner
	Committee            Archetype = "committee"             // six people share the owner's work
	Delegation           Archetype = "delegation"            // the owner hands over in the window, and keeps the roadmap
	QAGatekeeper         Archetype = "qa-gatekeeper"         // a tester accepts
	StretchedOwner       Archetype = "stretched-owner"       // one owner for three teams
	AcceptanceVacant     Archetype = "acceptance-vacant"     // nobody accepts
	PrioritisationVacant Archetype = "prioritisation-vacant" // nobody prioritises
	OffRoadmap           Archetype = "off-roadmap"           // most stories hang on nothing that is planned
	SlowAnswers          Archetype = "slow-answers"
	Unanswered           Archetype = "unanswered"        // half of the questions are never answered
	BlockedOnPerson      Archetype = "blocked-on-person" // stories wait for one person a third of their time
	ManagerIsolated      Archetype = "manager-isolated"  // the product manager brings nothing in from outside
	ManagerDetached      Archetype = "manager-detached"  // the product manager meets no developer
	Kanban               Archetype = "kanban"            // a textbook split without sprints
	TinyTeam             Archetype = "tiny-team"         // too little happens to say anything
	ImportDamaged        Archetype = "import-damaged"    // the first quarter's history was lost in an import
	ThreeHats            Archetype = "three-hats"        // one person writes, orders and accepts nearly everything
	RoadmapCommittee     Archetype = "roadmap-committee" // five people shape the roadmap
	ManagerContested     Archetype = "manager-contested" // two people shape it
	ManagerVacant        Archetype = "manager-vacant"    // nobody does
	OverloadedDual       Archetype = "overloaded-dual"   // one person does both and falls behind the questions
	DeclaredConflict     Archetype = "declared-conflict" // the tracker and the configuration name different owners
)

// Archetypes lists all of them.
func Archetypes() []Archetype {
	return []Archetype{
		TextbookSplit, DualRole, AmongTheTrees, SlidingManager, TechLeadOwner, AbsentOwner, ContestedPair, ProxyOwner,
		Committee, Delegation, QAGatekeeper, StretchedOwner, AcceptanceVacant, PrioritisationVacant, OffRoadmap,
		SlowAnswers, Unanswered, BlockedOnPerson, ManagerIsolated, ManagerDetached, Kanban, TinyTeam, ImportDamaged,
		ThreeHats, RoadmapCommittee, ManagerContested, ManagerVacant, OverloadedDual, DeclaredConflict,
	}
}

// shares is a mix before the people are known: how often each part in the cast
// makes a decision. The developers share theirs.
type shares struct {
	owner, manager, lead, clerk, tester, support, proxy, devs, none float64
}

// habit is a phase before the people are known.
type habit struct {
	write, prioritise, accept, answer, roadmap, market shares
	pace                                               pace
}

// textbook is the split the articles describe.
func textbook() habit {
	return habit{
		write:      shares{owner: .66, manager: .06, lead: .08, devs: .14, tester: .03, support: .03},
		prioritise: shares{owner: .76, manager: .10, lead: .06, devs: .02, none: .06},
		accept:     shares{owner: .72, manager: .07, tester: .08, none: .13},
		answer:     shares{owner: .74, manager: .08, lead: .08, none: .10},
		roadmap:    shares{manager: .78, owner: .16, lead: .03, support: .03},
		market:     shares{manager: .74, owner: .16, support: .10},
		pace: pace{
			stories: 4.5, chores: 1.6, questions: .65, roadmap: 2.7, market: 1.3,
			answer: 150, verdict: 150, leadBuild: .10,
		},
	}
}

// change is a habit from a part of the window on.
type change struct {
	after float64 // share of the window that has passed
	habit habit
}

// changes returns how an archetype decides over the window.
func (a Archetype) changes(d dice) []change {
	h := textbook()
	switch a {
	case DualRole:
		h = oneForAll(h)
	case OverloadedDual:
		h = oneForAll(h)
		h.pace.questions, h.pace.answer = 1.25, 840
	case AmongTheTrees:
		h = amongTheTrees(h)
	case SlidingManager:
		return []change{{0, h}, {float64(d.between(50, 54)) / 100, slid(h)}}
	case TechLeadOwner:
		h.write = shares{lead: .56, owner: .14, manager: .08, devs: .16, support: .06}
		h.prioritise = shares{lead: .68, owner: .14, manager: .08, none: .10}
		h.accept = shares{lead: .54, owner: .16, tester: .12, none: .18}
		h.answer = shares{lead: .66, owner: .14, manager: .08, none: .12}
		h.pace.leadBuild = .55
	case AbsentOwner:
		h.write = shares{owner: .12, lead: .22, devs: .46, tester: .08, support: .12}
		h.prioritise = shares{owner: .14, lead: .16, devs: .06, none: .64}
		h.accept = shares{owner: .10, tester: .20, none: .70}
		h.answer = shares{owner: .16, lead: .26, manager: .10, none: .48}
	case ContestedPair:
		h.write = shares{owner: .41, proxy: .39, devs: .14, lead: .06}
		h.prioritise = shares{owner: .42, proxy: .42, none: .08, lead: .08}
		h.accept = shares{owner: .40, proxy: .40, tester: .08, none: .12}
		h.answer = shares{owner: .40, proxy: .40, lead: .10, none: .10}
	case ProxyOwner:
		h.write = shares{proxy: .72, owner: .10, devs: .12, lead: .06}
		h.prioritise = shares{owner: .64, proxy: .14, manager: .10, none: .12}
		h.accept = shares{owner: .60, proxy: .12, tester: .10, none: .18}
		h.answer = shares{proxy: .74, owner: .08, lead: .08, none: .10}
		h.pace.relay, h.pace.answer = .55, 120
	case Committee:
		six := shares{owner: .17, manager: .17, lead: .16, proxy: .17, clerk: .15, support: .14}
		h.write, h.prioritise, h.accept, h.answer = six, six, six, six
		h.write.devs, h.prioritise.none, h.accept.none, h.answer.none = .06, .06, .08, .06
	case Delegation:
		before := oneForAll(h)
		after := before
		for _, duty := range []*shares{&after.write, &after.prioritise, &after.accept, &after.answer} {
			duty.owner, duty.proxy = .08, duty.owner-.04
		}
		return []change{{0, before}, {float64(d.between(61, 72)) / 100, after}}
	case QAGatekeeper:
		h.accept = shares{tester: .72, owner: .12, none: .16}
	case StretchedOwner:
		h.pace.answer, h.pace.stories = 600, 3.6
	case AcceptanceVacant:
		h.accept = shares{owner: .13, tester: .07, none: .80}
	case PrioritisationVacant:
		h.prioritise = shares{owner: .18, lead: .08, none: .74}
	case SlowAnswers:
		h.pace.answer = 900
	case Unanswered:
		h.answer = shares{owner: .32, manager: .06, lead: .08, none: .54}
	case BlockedOnPerson:
		h.pace.answer, h.pace.verdict, h.pace.questions = 840, 1500, .8
	case ManagerIsolated:
		h.market = shares{support: 1}
		h.pace.market = .35
	case ManagerDetached:
		for _, duty := range []*shares{&h.write, &h.prioritise, &h.accept, &h.answer} {
			duty.owner, duty.manager = duty.owner+duty.manager, 0
		}
		h.market = shares{owner: .85, support: .15}
	case TinyTeam:
		h.pace.stories, h.pace.chores, h.pace.roadmap, h.pace.market = .22, .1, .16, .05
	case ThreeHats:
		h.write = shares{owner: .91, devs: .06, lead: .03}
		h.prioritise = shares{owner: .92, manager: .03, none: .05}
		h.accept = shares{owner: .90, tester: .03, none: .07}
	case RoadmapCommittee:
		h.roadmap = shares{manager: .21, owner: .21, lead: .19, support: .20, proxy: .19}
		h.market = shares{manager: .22, owner: .20, support: .30, proxy: .28}
	case ManagerContested:
		h.roadmap = shares{manager: .47, owner: .46, lead: .07}
		h.market = shares{manager: .45, owner: .45, support: .10}
		h.pace.roadmap, h.pace.market = 4, 1.8
	case ManagerVacant:
		h.market = shares{support: 1}
		h.pace.roadmap, h.pace.market = 0, .2
	}
	return []change{{0, h}}
}

// oneForAll lets the owner do the manager's work as well.
func oneForAll(h habit) habit {
	h.write = shares{owner: .68, manager: .02, lead: .08, devs: .18, support: .04}
	h.prioritise = shares{owner: .80, manager: .02, lead: .08, none: .10}
	h.accept = shares{owner: .74, tester: .10, none: .16}
	h.answer = shares{owner: .78, lead: .10, none: .12}
	h.roadmap = shares{owner: .84, manager: .08, lead: .08}
	h.market = shares{owner: .80, support: .20}
	return h
}

// amongTheTrees lets the manager do the owner's work and little on the roadmap.
func amongTheTrees(h habit) habit {
	h.write = shares{manager: .68, owner: .08, lead: .08, devs: .16}
	h.prioritise = shares{manager: .74, owner: .10, lead: .08, none: .08}
	h.accept = shares{manager: .68, owner: .08, tester: .10, none: .14}
	h.answer = shares{manager: .72, owner: .10, lead: .08, none: .10}
	h.roadmap = shares{manager: .80, owner: .12, lead: .08}
	h.market = shares{support: .8, manager: .2}
	h.pace.stories, h.pace.roadmap, h.pace.market = 5.4, .95, .1
	return h
}

// slid is where a manager ends who takes up the owner's work.
func slid(h habit) habit {
	h.write = shares{manager: .44, owner: .32, lead: .08, devs: .16}
	h.prioritise = shares{manager: .50, owner: .36, lead: .06, none: .08}
	h.accept = shares{manager: .40, owner: .36, tester: .10, none: .14}
	h.answer = shares{manager: .48, owner: .34, lead: .08, none: .10}
	h.pace.roadmap, h.pace.market = 1.3, .4
	return h
}

// duties lists a habit's shares in the order of the duties.
func (h *habit) duties() [backlog.DutyCount]shares {
	return [backlog.DutyCount]shares{h.write, h.prioritise, h.accept, h.answer, h.roadmap, h.market}
}
