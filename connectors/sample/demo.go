package sample

import (
	"strconv"
	"time"
)

// Demo is the organisation of the demo: six teams over four quarters, from
// October 2025 to the end of September 2026. Between them they show a textbook
// split, a product manager among the trees, a technical lead as owner, an absent
// owner, a contested pair, and a delegation. Its wordings are bank A's.
func Demo(seed uint64) *Org {
	from := time.Date(2025, time.October, 1, 0, 0, 0, 0, time.UTC).Unix()
	to := time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC).Unix()
	people := &names{d: roll(seed, 1), used: map[string]bool{}}
	var teams []*team
	for i, b := range []struct {
		brief brief
		local int
	}{
		{brief{archetype: TextbookSplit, key: "PAY", title: "Payments", domain: payments(), home: berlin, developers: 5}, 1},
		{brief{archetype: SlidingManager, key: "SHOP", title: "Web Shop", domain: shop(), home: madrid, developers: 5}, 0},
		{brief{archetype: TechLeadOwner, key: "APP", title: "Mobile App", domain: mobile(), home: saoPaulo, developers: 6}, 3},
		{brief{archetype: AbsentOwner, key: "LOG", title: "Logistics", domain: logistics(), home: shanghai, developers: 5}, 4},
		{brief{archetype: ContestedPair, key: "INS", title: "Insights", domain: insights(), home: london, developers: 4}, 5},
		{brief{archetype: Delegation, key: "IAM", title: "Identity", domain: identity(), home: paris, developers: 5}, 2},
	} {
		b.brief.from, b.brief.to = from, to
		own := seed + uint64(i+1)<<32
		noise := Ordinary()
		noise.Accounts, noise.WrongDeclared = .06, 0
		p := casting(b.brief, own, noise, people)
		if b.brief.archetype == SlidingManager { // and ends among the trees
			d := roll(own, 8)
			p.phases = append(p.phases[:1],
				p.settle(d, time.Date(2026, time.January, 12, 0, 0, 0, 0, time.UTC).Unix(), slid(textbook())),
				p.settle(d, time.Date(2026, time.April, 6, 0, 0, 0, 0, time.UTC).Unix(), amongTheTrees(textbook())))
		}
		if b.brief.archetype == Delegation {
			p.phases[1].from = time.Date(2026, time.May, 12, 0, 0, 0, 0, time.UTC).Unix()
		}
		teams = append(teams, simulate(p, own, noise, speak(BankA, b.local), 100_000*(i+1)))
	}
	return assemble("demo", seed, to, teams)
}

// Team is one team of an archetype over the first two quarters of 2026: what a
// scorecard runs on. The archetype StretchedOwner gives three teams with one
// owner. The same seed decides alike at every noise level and in every bank.
func Team(seed uint64, a Archetype, n Noise, b Bank) *Org {
	from := time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC).Unix()
	to := time.Date(2026, time.July, 1, 0, 0, 0, 0, time.UTC).Unix()
	seed = mixed(seed, string(a))
	d := roll(seed, 9)
	people := &names{d: roll(seed, 1), used: map[string]bool{}}
	count := 1
	if a == StretchedOwner {
		count = 3
	}
	var owner *member
	var teams []*team
	for i := range count {
		own := seed + uint64(i+1)<<32
		key := "T" + strconv.Itoa(i+1)
		p := casting(brief{
			archetype: a, key: key, title: "Team " + strconv.Itoa(i+1), domain: pick(d, domains()), from: from, to: to,
			home: pick(d, []zone{berlin, madrid, london, newYork, saoPaulo, tokyo, kolkata}), developers: d.between(4, 6), owner: owner,
		}, own, n, people)
		owner = p.members[0]
		teams = append(teams, simulate(p, own, n, speak(b, d.IntN(60)), 100_000*(i+1)))
	}
	return assemble("sample", seed, to, teams)
}

// mixed gives every archetype seeds of its own (FNV-1a).
func mixed(seed uint64, word string) uint64 {
	h := uint64(14695981039346656037)
	for _, b := range []byte(word) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return h ^ seed*0x9e3779b97f4a7c15
}
