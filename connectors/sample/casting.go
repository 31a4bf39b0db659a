package sample

import (
	"time"

	"defacto/backlog"
)

// Declared is somebody's word on who holds a role.
type Declared struct {
	Account string // account id at the source
	Name    string
	Role    backlog.Role
	Scope   string // the scope's key
	Origin  string // Configured or ProjectLead
	From    time.Time
	Until   time.Time // exclusive; zero: still
}

// Who says who holds a role.
const (
	Configured  = "configuration" // for the configuration: the tracker does not have it
	ProjectLead = "project-lead"  // the tracker has it, as the scope's lead and in the batches
)

// brief is what the casting of a team starts from.
type brief struct {
	archetype  Archetype
	key, title string
	domain     *domain
	from, to   int64
	home       zone
	developers int
	owner      *member // shared with other teams, nil for a new one
}

// casting finds the people for a team and settles how they will decide.
func casting(b brief, seed uint64, n Noise, people *names) plan {
	d := roll(seed, 2)
	p := plan{
		archetype: b.archetype, key: b.key, title: b.title, domain: b.domain, from: b.from, to: b.to,
		kanban: b.archetype == Kanban, gate: d.chance(.7), testStage: d.chance(.4), unplanned: .12,
		pull: .06, handOver: d.chance(.3),
	}
	if b.archetype == QAGatekeeper {
		p.gate, p.testStage = true, d.chance(.6)
	}
	if b.archetype == OffRoadmap {
		p.unplanned = .72
	}
	if b.archetype == ManagerVacant {
		p.unplanned = 1
	}
	if b.archetype == ImportDamaged {
		p.from = firstMonday(quarterEnd(b.from)) - week
		p.imported = p.from
	}
	// Accounts and declarations have dice of their own: noise must not reach the
	// decisions.
	hire := func(function string, z zone) int {
		m := &member{name: people.next(), function: function, zone: z}
		m.enrol(roll(seed, uint64(len(p.members))<<8|10), n, b.from, b.to)
		p.members = append(p.members, m)
		return len(p.members) - 1
	}
	if b.owner != nil {
		p.members = append(p.members, b.owner)
	} else {
		hire("product owner", b.home)
	}
	p.cast = cast{owner: 0, proxy: nobody, robot: 0}
	p.cast.manager = hire("product manager", b.home)
	p.cast.clerk = hire("scrum master", b.home)
	p.cast.lead = hire("technical lead", b.home)
	for range b.developers {
		z := b.home
		if d.chance(.15) {
			z = pick(d, []zone{lisbon, kolkata, lagos, madrid})
		}
		p.cast.developers = append(p.cast.developers, hire("developer", z))
	}
	p.cast.tester = hire("tester", b.home)
	p.cast.support = hire("customer support", b.home)
	switch b.archetype {
	case ContestedPair, Committee, RoadmapCommittee:
		p.cast.proxy = hire("business analyst", b.home)
	case ProxyOwner:
		p.cast.proxy = hire("business analyst", b.home)
	case Delegation:
		p.cast.proxy = hire("product owner", b.home)
	}
	for range 2 {
		customer := &member{name: people.next(), function: "customer", zone: b.home, outside: true}
		customer.enrol(roll(seed, uint64(len(p.members))<<8|10), n, b.from, b.to)
		p.members = append(p.members, customer)
		p.cast.customers = append(p.cast.customers, len(p.members)-1)
	}
	builder := &member{name: "Build Server", function: "app", app: true}
	builder.enrol(roll(seed, 12), n, b.from, b.to)
	p.members = append(p.members, builder)
	p.cast.builder = len(p.members) - 1

	for _, c := range b.archetype.changes(d) {
		from := b.from + int64(c.after*float64((b.to-b.from)/day))*day
		p.phases = append(p.phases, p.settle(d, from, c.habit))
	}
	p.declare(roll(seed, 11), n)
	return p
}

// settle turns a habit into a phase of this team: a little different in every
// team.
func (p *plan) settle(d dice, from int64, h habit) phase {
	ph := phase{from: from, pace: h.pace}
	ph.pace.stories *= float64(d.between(85, 115)) / 100
	ph.pace.questions *= float64(d.between(85, 115)) / 100
	ph.pace.answer = ph.pace.answer * d.between(85, 120) / 100
	wobble := 15 // per cent
	switch p.archetype {
	case ContestedPair, ProxyOwner, Committee, ManagerContested, RoadmapCommittee:
		wobble, p.pull = 4, .3 // what makes these is a balance
	}
	for duty, s := range h.duties() {
		m := make(mix, len(p.members)+1)
		add := func(who int, share float64) {
			if who != nobody {
				m[who] += share * float64(d.between(100-wobble, 100+wobble)) / 100
			}
		}
		add(p.cast.owner, s.owner)
		add(p.cast.manager, s.manager)
		add(p.cast.lead, s.lead)
		add(p.cast.clerk, s.clerk)
		add(p.cast.tester, s.tester)
		add(p.cast.support, s.support)
		add(p.cast.proxy, s.proxy)
		for _, dev := range p.cast.developers {
			add(dev, s.devs/float64(len(p.cast.developers)))
		}
		m[len(m)-1] = s.none
		ph.mixes[duty] = m
	}
	return ph
}

// declare says who is said to hold the roles, rightly or not.
func (p *plan) declare(d dice, n Noise) {
	owner, manager := p.cast.owner, p.cast.manager
	switch p.archetype {
	case Delegation, OverloadedDual:
		manager = p.cast.owner
	case DualRole:
		if d.chance(.5) {
			manager = p.cast.owner
		}
	}
	lead := owner
	wrong := func(right int) int {
		for {
			who := d.IntN(len(p.members))
			if m := p.members[who]; who != right && !m.app && !m.outside {
				return who
			}
		}
	}
	if d.chance(n.WrongDeclared) {
		owner = wrong(owner)
		lead = owner
	}
	if d.chance(n.WrongDeclared) {
		manager = wrong(manager)
	}
	p.say(owner, backlog.ProductOwner, Configured)
	p.say(manager, backlog.ProductManager, Configured)
	if p.archetype == DeclaredConflict {
		lead = p.cast.lead
		if lead == owner {
			lead = p.cast.clerk
		}
		p.say(lead, backlog.ProductOwner, ProjectLead)
	} else if d.chance(.6) {
		p.say(lead, backlog.ProductOwner, ProjectLead)
	}
}

// say notes a declaration.
func (p *plan) say(who int, r backlog.Role, origin string) {
	m := p.members[who]
	p.declared = append(p.declared, Declared{
		Account: m.id(), Name: m.accounts[0].name, Role: r, Scope: p.key, Origin: origin, From: instant(p.phases[0].from),
	})
}

// quarterStart returns the first instant of the quarter t lies in.
func quarterStart(t int64) int64 {
	y, m, _ := instant(t).Date()
	return time.Date(y, (m-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC).Unix()
}

// quarterEnd returns the first instant after the quarter t lies in.
func quarterEnd(t int64) int64 {
	y, m, _ := instant(t).Date()
	return time.Date(y, (m-1)/3*3+4, 1, 0, 0, 0, 0, time.UTC).Unix()
}
