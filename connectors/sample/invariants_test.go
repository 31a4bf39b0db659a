package sample

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"defacto/backlog"
)

func TestEveryTeamIsSound(t *testing.T) {
	for _, a := range Archetypes() {
		t.Run(string(a), func(t *testing.T) {
			for where, o := range map[string]*Org{
				"quiet": Team(1, a, Quiet(), BankA), "ordinary": Team(2, a, Ordinary(), BankA), "high": Team(3, a, High(), BankB),
			} {
				batches := read(t, o)
				soundBatches(t, where, batches, o.AsOf())
				soundTruth(t, where, o)
				if got := issues(batches); len(got) != o.Total() {
					t.Errorf("%s: %d issues, Total says %d", where, len(got), o.Total())
				}
			}
		})
	}
}

func TestDemoIsSound(t *testing.T) {
	o := Demo(1)
	soundBatches(t, "demo", read(t, o), o.AsOf())
	soundTruth(t, "demo", o)
}

func issues(batches []backlog.Batch) []backlog.Issue {
	var all []backlog.Issue
	for _, b := range batches {
		all = append(all, b.Issues...)
	}
	return all
}

// soundBatches checks what holds of any tracker's data.
func soundBatches(t *testing.T, where string, batches []backlog.Batch, asOf time.Time) {
	t.Helper()
	known := map[string]bool{"": true} // accounts, statuses, types, sprints, versions
	keys := map[string]string{}        // issue id → key
	for _, b := range batches {
		for _, a := range b.Accounts {
			once(t, where, known, "account", a.ID)
		}
		for _, s := range b.Statuses {
			once(t, where, known, "status", "status "+s.ID)
		}
		for _, s := range b.Sprints {
			once(t, where, known, "sprint", "sprint "+s.ID)
		}
		for _, v := range b.Versions {
			once(t, where, known, "version", "version "+v.ID)
		}
		for _, is := range b.Issues {
			once(t, where, known, "issue", "issue "+is.ID)
			once(t, where, known, "key", "key "+is.Key)
			keys[is.ID] = is.Key
		}
		for _, d := range b.Declared {
			if !known[d.Account] {
				t.Errorf("%s: %s is declared for %s and has no account", where, d.Account, d.Scope)
			}
		}
	}
	for _, is := range issues(batches) {
		soundIssue(t, where, &is, known, keys, asOf)
	}
}

func once(t *testing.T, where string, known map[string]bool, what, id string) {
	t.Helper()
	if known[id] {
		t.Errorf("%s: %s %q stands twice", where, what, id)
	}
	known[id] = true
}

func soundIssue(t *testing.T, where string, is *backlog.Issue, known map[string]bool, keys map[string]string, asOf time.Time) {
	t.Helper()
	bad := func(format string, args ...any) {
		t.Helper()
		t.Errorf("%s: %s: %s", where, is.Key, fmt.Sprintf(format, args...))
	}
	if is.Creator == "" || !known[is.Creator] || !known[is.Reporter] || !known[is.Assignee] {
		bad("creator %q, reporter %q or assignee %q has no account", is.Creator, is.Reporter, is.Assignee)
	}
	if is.Title == "" || is.Level == backlog.Story && is.TypeName == "" {
		bad("no title or type")
	}
	if !known["status "+is.Status] {
		bad("status %q does not exist", is.Status)
	}
	if is.Parent.ID != "" && keys[is.Parent.ID] != is.Parent.Key {
		bad("parent %v is called %q", is.Parent, keys[is.Parent.ID])
	}
	if is.Created.IsZero() || !is.Created.Before(asOf) || is.Updated.Before(is.Created) {
		bad("created %v, updated %v, as of %v", is.Created, is.Updated, asOf)
	}
	at, entries := is.Created, 0
	now := map[backlog.Field]string{}
	for i, c := range is.Changes {
		if c.At.Before(at) || !c.At.Before(asOf) {
			bad("change %s at %v, after one at %v, as of %v", c.ID, c.At, at, asOf)
		}
		at = c.At
		if c.Ordinal == 0 {
			entries++
			once(t, where, known, "history entry", "entry "+c.ID)
		} else if c.ID != is.Changes[i-1].ID || c.Author != is.Changes[i-1].Author || !c.At.Equal(is.Changes[i-1].At) {
			bad("items of entry %s differ", c.ID)
		}
		if !known[c.Author] {
			bad("change %s by %q, who has no account", c.ID, c.Author)
		}
		switch c.Field {
		case backlog.FieldRank:
			if c.Measure != 1 && c.Measure != -1 {
				bad("rank moved by %d", c.Measure)
			}
		case backlog.FieldDescription:
			if c.Measure < 1 || c.Measure > 101 {
				bad("description changed by %d", c.Measure)
			}
		case backlog.FieldStatus, backlog.FieldPriority, backlog.FieldAssignee, backlog.FieldSprint, backlog.FieldParent, backlog.FieldDueDate, backlog.FieldTargetEnd:
			if was, ok := now[c.Field]; ok && was != c.From {
				bad("%s changes from %q, was %q", c.Field, c.From, was)
			}
			if c.From == c.To {
				bad("%s changes from %q to itself", c.Field, c.From)
			}
			now[c.Field] = c.To
		}
	}
	if entries != is.PromisedChanges || len(is.Comments) != is.PromisedComments {
		bad("%d entries and %d comments, %d and %d were promised", entries, len(is.Comments), is.PromisedChanges, is.PromisedComments)
	}
	if last, ok := now[backlog.FieldStatus]; ok && last != is.Status {
		bad("status %s, the last change says %s", is.Status, last)
	}
	if last, ok := now[backlog.FieldAssignee]; ok && last != is.Assignee {
		bad("assignee %s, the last change says %s", is.Assignee, last)
	}
	if (is.Category == backlog.Completed) == is.Resolved.IsZero() {
		bad("category %s, resolved %v", is.Category, is.Resolved)
	}
	at = is.Created
	for _, c := range is.Comments {
		if c.At.Before(at) || !c.At.Before(asOf) {
			bad("comment %s at %v, after one at %v, as of %v", c.ID, c.At, at, asOf)
		}
		at = c.At
		once(t, where, known, "comment", "comment "+c.ID)
		if !known[c.Author] || c.Body.Prose == "" {
			bad("comment %s by %q: %q", c.ID, c.Author, c.Body.Prose)
		}
		for _, m := range c.Body.Mentions {
			if m == "" || !known[m] {
				bad("comment %s mentions %q", c.ID, m)
			}
		}
	}
}

// soundTruth checks that a truth is consistent with itself.
func soundTruth(t *testing.T, where string, o *Org) {
	t.Helper()
	truth := o.Truth()
	people := map[string]bool{}
	for _, p := range truth.People {
		people[p.ID] = true
		if len(p.Accounts) == 0 || p.Accounts[0] != p.ID || p.Name == "" || p.Function == "" {
			t.Errorf("%s: person %+v", where, p)
		}
	}
	for _, s := range truth.Scopes {
		if len(s.Periods) == 0 {
			t.Errorf("%s: %s has no periods", where, s.Scope)
		}
		for i := range s.Periods {
			soundPeriod(t, where+", "+s.Scope+" "+s.Periods[i].Period, &s.Periods[i], people)
		}
	}
}

func soundPeriod(t *testing.T, where string, p *PeriodTruth, people map[string]bool) {
	t.Helper()
	for name, d := range p.Duties {
		sum, recorded := d.Nobody, 0.0
		for i, s := range d.Shares {
			sum += s.Share
			if !people[s.Person] || s.Share <= 0 || i > 0 && s.Share > d.Shares[i-1].Share {
				t.Errorf("%s: %s has share %+v", where, name, s)
			}
		}
		for _, s := range d.Recorded {
			recorded += s.Share
			if s.Person != "" && !people[s.Person] {
				t.Errorf("%s: %s is recorded for %q", where, name, s.Person)
			}
		}
		if d.Units > 0 && !near(sum, 1) || len(d.Recorded) > 0 && !near(recorded, 1) {
			t.Errorf("%s: shares of %s add to %v, recorded ones to %v", where, name, sum, recorded)
		}
		if d.Verdict == "single" && d.Person != d.Top || d.Verdict == "contested" && len(d.Persons) != 2 {
			t.Errorf("%s: %s is %+v", where, name, d)
		}
		if d.Top != "" && !people[d.Top] {
			t.Errorf("%s: %s has top %q", where, name, d.Top)
		}
	}
	for name, r := range p.Roles {
		if (r.Verdict == "single" || r.Verdict == "leaning") != (r.Person != "") || r.Person != "" && !people[r.Person] {
			t.Errorf("%s: %s is %+v", where, name, r)
		}
	}
	for role, declared := range p.Declared {
		for _, who := range declared {
			if !people[who] {
				t.Errorf("%s: %q is declared %s", where, who, role)
			}
		}
	}
	if w := p.Waits; w.Answered > w.Questions || w.Questions > 0 && w.Unrecorded+1e-9 < w.Unanswered || w.Median != nil && w.OnRecord != nil && *w.OnRecord < 0 {
		t.Errorf("%s: waits %+v", where, w)
	}
	for _, f := range p.Findings {
		if !slices.Contains(codes(), f.Code) || !f.Holds && !f.Near {
			t.Errorf("%s: finding %+v", where, f)
		}
		for _, who := range f.People {
			if !people[who] {
				t.Errorf("%s: finding %s is about %q", where, f.Code, who)
			}
		}
	}
	if p.Structure == "" {
		t.Errorf("%s: no structure", where)
	}
}

func near(a, b float64) bool { return a-b < 1e-9 && b-a < 1e-9 }

// codes lists the findings of the audit's contract.
func codes() []string {
	return []string{
		"po-differs", "pm-differs", "dual-role", "trees-over-forests", "sliding-to-trees", "po-contested", "duty-contested",
		"po-committee", "po-vacant", "acceptance-vacant", "qa-gatekeeper", "prioritisation-vacant", "prioritising-off-roadmap",
		"slow-answers", "no-answer-recorded", "blocked-on-person", "pm-isolated", "pm-detached", "needs-a-po", "po-delegated",
		"proxy-po", "po-stretched", "tech-lead-as-po", "evidence-limited", "pm-vacant", "pm-contested", "three-hats", "declared-conflict",
	}
}

// TestEveryFindingHolds asks that each finding truly and clearly holds somewhere.
func TestEveryFindingHolds(t *testing.T) {
	held := map[string]int{}
	for _, a := range Archetypes() {
		for seed := uint64(1); seed <= 3; seed++ {
			for _, s := range Team(seed, a, Ordinary(), BankA).Truth().Scopes {
				for _, p := range s.Periods {
					for _, f := range p.Findings {
						if f.Holds && !f.Near {
							held[f.Code]++
						}
					}
				}
			}
		}
	}
	for _, code := range codes() {
		if held[code] == 0 {
			t.Errorf("%s never clearly holds", code)
		}
	}
}

// TestArchetypesAreWhatTheyAreCalled asks of each archetype that its truth shows
// what it is named after, in most quarters.
func TestArchetypesAreWhatTheyAreCalled(t *testing.T) {
	structure := func(want string) func(*PeriodTruth) bool {
		return func(p *PeriodTruth) bool { return p.Structure == want }
	}
	holds := func(code string) func(*PeriodTruth) bool {
		return func(p *PeriodTruth) bool { return p.Holds(code) }
	}
	role := func(r backlog.Role, want string) func(*PeriodTruth) bool {
		return func(p *PeriodTruth) bool { return p.Roles[r.String()].Verdict == want }
	}
	for _, c := range []struct {
		a     Archetype
		share float64 // of the quarters
		is    func(*PeriodTruth) bool
	}{
		{TextbookSplit, .9, structure("split")},
		{DualRole, .9, structure("dual")},
		{AmongTheTrees, .6, holds("trees-over-forests")},
		{SlidingManager, .4, holds("sliding-to-trees")},
		{TechLeadOwner, .8, holds("tech-lead-as-po")},
		{AbsentOwner, .9, structure("vacant")},
		{ContestedPair, .6, role(backlog.ProductOwner, "contested")},
		{ProxyOwner, .5, holds("proxy-po")},
		{Committee, .8, structure("committee")},
		{Delegation, .4, structure("delegated")},
		{QAGatekeeper, .9, holds("qa-gatekeeper")},
		{StretchedOwner, .9, holds("po-stretched")},
		{AcceptanceVacant, .9, holds("acceptance-vacant")},
		{PrioritisationVacant, .9, holds("prioritisation-vacant")},
		{OffRoadmap, .9, holds("prioritising-off-roadmap")},
		{SlowAnswers, .9, holds("slow-answers")},
		{Unanswered, .9, holds("no-answer-recorded")},
		{BlockedOnPerson, .8, holds("blocked-on-person")},
		{ManagerIsolated, .4, holds("pm-isolated")},
		{ManagerDetached, .7, holds("pm-detached")},
		{Kanban, .9, structure("split")},
		{TinyTeam, .9, structure("insufficient")},
		{ImportDamaged, .4, structure("insufficient")},
		{ThreeHats, .6, holds("three-hats")},
		{RoadmapCommittee, .6, role(backlog.ProductManager, "committee")},
		{ManagerContested, .5, role(backlog.ProductManager, "contested")},
		{ManagerVacant, .9, holds("pm-vacant")},
		{OverloadedDual, .6, holds("needs-a-po")},
		{DeclaredConflict, .9, holds("declared-conflict")},
	} {
		n, all := 0, 0
		for seed := uint64(1); seed <= 6; seed++ {
			for _, s := range Team(seed, c.a, Quiet(), BankA).Truth().Scopes {
				for i := range s.Periods {
					if all++; c.is(&s.Periods[i]) {
						n++
					}
				}
			}
		}
		if float64(n) < float64(c.share*float64(all)) {
			t.Errorf("%s shows itself in %d of %d quarters", c.a, n, all)
		}
	}
}
