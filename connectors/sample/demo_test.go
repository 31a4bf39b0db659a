package sample

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"defacto/backlog"
)

// TestDemoShowsItsTeams asks that each of the demo's teams is what it is there
// to show, whatever the seed.
func TestDemoShowsItsTeams(t *testing.T) {
	for seed := uint64(1); seed <= 4; seed++ {
		truth := Demo(seed).Truth()
		if len(truth.Scopes) != 6 {
			t.Fatalf("%d teams", len(truth.Scopes))
		}
		functions := map[string]string{}
		for _, p := range truth.People {
			functions[p.ID] = p.Function
		}
		for _, s := range truth.Scopes {
			if len(s.Periods) != 4 || s.Periods[0].Period != "2025-Q4" || s.Periods[3].Period != "2026-Q3" {
				t.Errorf("seed %d: %s has periods from %s", seed, s.Scope, s.Periods[0].Period)
			}
		}
		all := func(scope string, is func(*PeriodTruth) bool) int {
			n := 0
			for _, s := range truth.Scopes {
				for i := range s.Periods {
					if s.Scope == scope && is(&s.Periods[i]) {
						n++
					}
				}
			}
			return n
		}
		for _, c := range []struct {
			what, scope string
			quarters    int
			is          func(*PeriodTruth) bool
		}{
			{"a textbook split", "PAY", 4, func(p *PeriodTruth) bool { return p.Structure == "split" }},
			{"a product manager among the trees", "SHOP", 1, func(p *PeriodTruth) bool { return p.Holds("trees-over-forests") }},
			{"a product manager who slides there", "SHOP", 1, func(p *PeriodTruth) bool { return p.Holds("sliding-to-trees") }},
			{"a technical lead as owner", "APP", 4, func(p *PeriodTruth) bool {
				return functions[p.Roles["product-owner"].Person] == "technical lead" && p.Holds("po-differs")
			}},
			{"an absent owner", "LOG", 4, func(p *PeriodTruth) bool { return p.Roles["product-owner"].Verdict == "vacant" }},
			{"a contested pair", "INS", 3, func(p *PeriodTruth) bool { return p.Roles["product-owner"].Verdict == "contested" }},
			{"a delegation", "IAM", 1, func(p *PeriodTruth) bool { return p.Structure == "delegated" && p.Period == "2026-Q2" }},
		} {
			if n := all(c.scope, c.is); n < c.quarters {
				t.Errorf("seed %d: %s shows %s in %d quarters, want %d", seed, c.scope, c.what, n, c.quarters)
			}
		}
	}
}

// TestDemoHasWhatTrackersHave looks for each kind of dirt the demo promises.
func TestDemoHasWhatTrackersHave(t *testing.T) {
	batches := read(t, Demo(1))
	seen := map[string]int{}
	apps := map[string]bool{}
	mails := map[string]int{}
	for _, b := range batches {
		for _, a := range b.Accounts {
			if a.Kind == backlog.AppAccount {
				apps[a.ID] = true
			}
			if a.Email != "" {
				mails[a.Email]++
			}
			if !a.Active {
				seen["a closed account"]++
			}
			if a.Zone == "" && a.Kind == backlog.PersonAccount {
				seen["a hidden zone"]++
			}
		}
		if n := len(b.Issues); n > 0 && (n < 250 || n > 500) {
			t.Errorf("a team has %d issues", n)
		}
		for _, d := range b.Declared {
			seen["declared by "+d.Origin]++
		}
	}
	for _, n := range mails {
		if n > 1 {
			seen["two accounts of one address"]++
		}
	}
	bursts := map[string][]int64{} // actor and field → times
	for _, is := range issues(batches) {
		seen[is.TypeName]++
		closed := false
		for _, c := range is.Changes {
			switch {
			case c.Author == "":
				seen["a change nobody signs"]++
			case apps[c.Author]:
				seen["a change by an app"]++
			case c.At.Sub(is.Created).Seconds() <= 8 && c.Author != is.Creator && c.Field == backlog.FieldPriority:
				seen["a rule that signs as a person"]++
			}
			switch c.Field {
			case backlog.FieldSprint:
				if strings.Contains(c.To, ",") {
					seen["roll-over"]++
				}
			case backlog.FieldStatus:
				if closed && c.ToName == "In Progress" {
					seen["re-opened work"]++
				}
				closed = c.ToName == "Done"
				if c.ToName == "Waiting for Product" {
					seen["work on hold"]++
				}
			case backlog.FieldRank, backlog.FieldLabels, backlog.FieldVersion:
				bursts[c.Author+" "+c.Field.String()] = append(bursts[c.Author+" "+c.Field.String()], c.At.Unix())
			case backlog.FieldLink:
				seen["link "+c.FieldName]++
			}
		}
		for _, c := range is.Comments {
			for script, table := range map[string]*unicode.RangeTable{"Chinese": unicode.Han, "Japanese": unicode.Hiragana} {
				if strings.IndexFunc(c.Body.Prose, func(r rune) bool { return unicode.Is(table, r) }) >= 0 {
					seen["a comment in "+script]++
				}
			}
			for word, language := range map[string]string{"¿": "Spanish", "Konten": "German", "comptes": "French", "contas": "Portuguese"} {
				if strings.Contains(c.Body.Prose, word) {
					seen["a comment in "+language]++
				}
			}
			if len(c.Body.Links) > 0 {
				seen["feedback with a link"]++
			}
		}
		if slices.Contains(is.Labels, requestLabel) {
			seen["a customer's request"]++
		}
	}
	for _, times := range bursts {
		slices.Sort(times)
		for i, run := 1, 1; i < len(times); i++ {
			if times[i]-times[i-1] > 20 {
				run = 0
			}
			if run++; run == 12 {
				seen["a bulk edit"]++
			}
		}
	}
	for _, want := range []string{
		"Story", "Task", "Bug", "Sub-task", "Epic", "Initiative", "a closed account", "a hidden zone", "two accounts of one address",
		"declared by project-lead", "a change nobody signs", "a change by an app", "a rule that signs as a person", "roll-over",
		"re-opened work", "work on hold", "link Link", "a comment in Chinese", "a comment in Japanese", "a comment in Spanish",
		"a comment in German", "a comment in French", "a comment in Portuguese", "feedback with a link", "a customer's request", "a bulk edit",
	} {
		if seen[want] == 0 {
			t.Errorf("the demo has no %s", want)
		}
	}
	unanswered := 0.0
	for _, s := range Demo(1).Truth().Scopes {
		for _, p := range s.Periods {
			unanswered += p.Waits.Unanswered
		}
	}
	if unanswered == 0 {
		t.Error("every question of the demo was answered")
	}
}

func TestDeclared(t *testing.T) {
	o := Demo(1)
	seen := map[string]int{}
	for _, d := range o.Declared() {
		seen[d.Origin+" "+d.Role.String()]++
		if d.Account == "" || d.Name == "" || d.Scope == "" || d.From.IsZero() {
			t.Errorf("declaration %+v", d)
		}
	}
	if seen["configuration product-owner"] != 6 || seen["configuration product-manager"] != 6 || seen["project-lead product-owner"] == 0 {
		t.Errorf("declared: %v", seen)
	}
	for _, b := range read(t, o) {
		for _, s := range b.Scopes {
			var said []string
			for _, d := range b.Declared {
				said = append(said, d.Account)
			}
			if s.Lead != "" && !slices.Contains(said, s.Lead) || s.Lead == "" && len(said) > 0 {
				t.Errorf("%s is led by %q, its declarations say %q", s.Key, s.Lead, said)
			}
		}
	}
}
