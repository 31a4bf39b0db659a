package sample

import (
	"fmt"
	"testing"

	"defacto/backlog"
)

// TestQuietTracesShowTheDecisions reads a quiet team's data in the plainest way
// and asks that it says exactly what was decided.
func TestQuietTracesShowTheDecisions(t *testing.T) {
	for _, a := range []Archetype{TextbookSplit, AbsentOwner, ContestedPair, TechLeadOwner, Kanban, QAGatekeeper} {
		t.Run(string(a), func(t *testing.T) {
			o := Team(3, a, Quiet(), BankA)
			team := o.teams[0]
			byID := map[string]backlog.Issue{}
			for _, is := range issues(read(t, o)) {
				byID[is.ID] = is
			}
			seen := map[backlog.Duty]int{}
			for _, d := range team.log.decisions {
				is, ok := byID[d.item.id]
				if !ok || d.at >= team.to {
					continue
				}
				want := team.person(d.who)
				var got string
				switch d.duty {
				case backlog.Write:
					got = writer(is)
				case backlog.Prioritise:
					got = orderer(is, d.at)
				case backlog.Accept:
					got = accepter(is, d.item.implementer, team)
				default:
					continue
				}
				seen[d.duty]++
				if got != want {
					t.Errorf("%s of %s was decided by %q, its traces say %q", d.duty, is.Key, want, got)
				}
			}
			for _, duty := range []backlog.Duty{backlog.Write, backlog.Prioritise, backlog.Accept} {
				if seen[duty] < 50 {
					t.Errorf("only %d decisions to %s", seen[duty], duty)
				}
			}
		})
	}
}

// writer is the reporter, or who wrote a stub out.
func writer(is backlog.Issue) string {
	for _, c := range is.Changes {
		if c.Field == backlog.FieldDescription && c.Measure == 101 {
			return c.Author
		}
	}
	return is.Reporter
}

// orderer is who ranked, prioritised or committed a story before work began; a
// commitment by whoever starts the story says nothing.
func orderer(is backlog.Issue, committed int64) string {
	for _, c := range is.Changes {
		if c.At.Unix() > committed {
			break
		}
		switch c.Field {
		case backlog.FieldRank, backlog.FieldPriority, backlog.FieldVersion, backlog.FieldSprint:
			return c.Author
		case backlog.FieldStatus:
			if c.ToName == "Selected for Development" {
				return c.Author
			}
		}
	}
	return ""
}

// accepter is who last moved the story to done, unless they built it.
func accepter(is backlog.Issue, implementer int, t *team) string {
	who := ""
	for _, c := range is.Changes {
		if c.Field == backlog.FieldStatus && c.ToName == "Done" {
			who = c.Author
		}
	}
	if who == t.person(implementer) {
		return ""
	}
	return who
}

// TestQuietAnswersAreAllThere asks that without noise every answer is recorded.
func TestQuietAnswersAreAllThere(t *testing.T) {
	for _, s := range Team(5, SlowAnswers, Quiet(), BankA).Truth().Scopes {
		for _, p := range s.Periods {
			if w := p.Waits; w.Questions < 20 || !near(w.Unrecorded, w.Unanswered) || w.Elsewhere != 0 {
				t.Errorf("%s: %+v", p.Period, w)
			}
			for name, d := range p.Duties {
				if name == "answer" || name == "roadmap" || name == "market" {
					if digest(t, nobodyLast(d)) != digest(t, d.Recorded) {
						t.Errorf("%s: %s is %v, recorded as %v", p.Period, name, d.Shares, d.Recorded)
					}
				}
			}
		}
	}
}

// nobodyLast is a duty's shares with nobody among them.
func nobodyLast(d *DutyTruth) []ShareTruth {
	list := append([]ShareTruth(nil), d.Shares...)
	if d.Nobody > 0 {
		list = append(list, ShareTruth{"", d.Nobody})
		sortShares(list)
	}
	return list
}

// TestNoiseDoesNotReachTheDecisions asks that the same team decides alike
// however badly it is recorded.
func TestNoiseDoesNotReachTheDecisions(t *testing.T) {
	for _, a := range Archetypes() {
		want := decided(Team(6, a, Quiet(), BankA))
		for name, o := range map[string]*Org{"ordinary": Team(6, a, Ordinary(), BankA), "high, bank B": Team(6, a, High(), BankB)} {
			got := decided(o)
			for unit, who := range want {
				if w, ok := got[unit]; ok && w != who {
					t.Fatalf("%s, %s: %s was decided by %d, quiet by %d", a, name, unit, w, who)
				}
			}
			if len(got) < len(want)*9/10 {
				t.Errorf("%s, %s: %d decisions, quiet %d", a, name, len(got), len(want))
			}
		}
	}
}

// decided lists who decided what, by the story in the order it was thought of.
func decided(o *Org) map[string]int {
	units := map[string]int{}
	for i, t := range o.teams {
		for _, d := range t.log.decisions {
			if d.item.kind == story && d.duty < backlog.Answer {
				units[fmt.Sprintf("team %d, %s, story %d", i, d.duty, d.item.nth)] = d.who
			}
		}
	}
	return units
}

// TestNoiseDamagesTheTraces asks that more noise leaves less of the truth.
func TestNoiseDamagesTheTraces(t *testing.T) {
	lost := map[string]float64{}
	for name, n := range map[string]Noise{"quiet": Quiet(), "ordinary": Ordinary(), "high": High()} {
		for seed := uint64(1); seed <= 8; seed++ {
			for _, p := range Team(seed, TextbookSplit, n, BankA).Truth().Scopes[0].Periods {
				for _, duty := range []string{"write", "accept", "answer", "roadmap"} {
					d := p.Duties[duty]
					for _, s := range d.Recorded {
						if s.Person == d.Top {
							lost[name] += share(d.Shares, 0) - s.Share
						}
					}
				}
			}
		}
	}
	if !(lost["quiet"] < lost["ordinary"] && lost["ordinary"] < lost["high"]) {
		t.Errorf("the top person's recorded share falls short of the true one by %v", lost)
	}
}
