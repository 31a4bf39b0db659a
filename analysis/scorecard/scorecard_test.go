package scorecard

import (
	"math"
	"strings"
	"testing"
	"time"

	"defacto/analysis"
	"defacto/backlog"
	"defacto/connectors/sample"
)

// TestCard holds the arithmetic of the card against one team-quarter whose right
// and wrong answers can be counted by eye.
func TestCard(t *testing.T) {
	accounts := map[string]string{"a": "p1", "b": "p2"}
	two, three := 2.0, 3.0
	duty := func(verdict, person string, share float64) *analysis.DutyReport {
		return &analysis.DutyReport{
			Outcome: analysis.Measured, Verdict: verdict, Person: person,
			Shares: []analysis.Share{{Person: "p1", Share: share, Low: share - .1, High: share + .1, PTop: .9, Units: share * 10}},
		}
	}
	truth := func(verdict, person string, clear, near bool) *sample.DutyTruth {
		return &sample.DutyTruth{
			Verdict: verdict, Person: person, Top: "a", Clear: clear, Near: near,
			Shares: []sample.ShareTruth{{Person: "a", Share: .6}}, Recorded: []sample.ShareTruth{{Person: "a", Share: .8}},
		}
	}
	r := &analysis.Report{Scopes: []analysis.ScopeReport{{Scope: "sample/T1", Periods: []analysis.PeriodReport{{
		Period: "2026-Q1", Structure: "split",
		Duties: map[string]*analysis.DutyReport{
			"write":      duty("single", "p1", .6),  // right, clear
			"prioritise": duty("contested", "", .6), // wrong, clear
			"accept":     duty("spread", "", .6),    // wrong, but near
			"answer":     duty("single", "p2", .6),  // the wrong person
		},
		Roles: map[string]*analysis.RoleReport{
			"product-owner":   {Verdict: "single", Person: "p1"},
			"product-manager": {Verdict: "vacant"},
		},
		Waits:    &analysis.Waits{MedianHours: &two, WallMedian: &three},
		Findings: []analysis.Finding{{ID: "sample/T1/2026-Q1/dual-role/p1", Code: "dual-role"}, {ID: "sample/T1/2026-Q1/duty-contested/write", Code: "duty-contested"}},
	}}}}}
	for _, d := range []string{"roadmap", "market"} {
		r.Scopes[0].Periods[0].Duties[d] = &analysis.DutyReport{Outcome: analysis.TooFew, Verdict: "insufficient"}
	}
	waits := 4.0
	tr := sample.Truth{Scopes: []sample.ScopeTruth{{Scope: "T1", Periods: []sample.PeriodTruth{{
		Period: "2026-Q1", Structure: "dual",
		Duties: map[string]*sample.DutyTruth{
			"write": truth("single", "a", true, false), "prioritise": truth("single", "a", true, false),
			"accept": truth("single", "a", false, true), "answer": truth("single", "a", true, false),
			"roadmap": {Verdict: "insufficient"}, "market": {Verdict: "single", Person: "b", Top: "b"},
		},
		Roles: map[string]*sample.RoleTruth{
			"product-owner": {Verdict: "single", Person: "a"}, "product-manager": {Verdict: "single", Person: "a"},
		},
		Declared: map[string][]string{"product-owner": {"b"}},
		Waits:    sample.WaitTruth{OnRecord: &waits},
		Findings: []sample.FindingTruth{{Code: "dual-role", Holds: true}, {Code: "slow-answers", Holds: true}, {Code: "po-differs", Holds: true, Near: true}},
	}}}}}
	var c Card
	c.Add(r, tr, accounts, map[string]Naive{"sample/T1/2026-Q1": {Created: "p1", Lead: "p2", Clicks: [backlog.DutyCount]string{"p1", "p2"}, NextComment: 8 * time.Hour}})

	check := func(what string, got, want rate) {
		t.Helper()
		if got != want {
			t.Errorf("%s is %d of %d, want %d of %d", what, got.hit, got.all, want.hit, want.all)
		}
	}
	check("write", c.duties[backlog.Write], rate{1, 1})
	check("prioritise", c.duties[backlog.Prioritise], rate{0, 1})
	check("accept, left out as near", c.duties[backlog.Accept], rate{0, 0})
	check("answer", c.duties[backlog.Answer], rate{0, 1})
	check("roadmap, rightly insufficient", c.duties[backlog.Roadmap], rate{1, 1})
	check("market, an abstention", c.duties[backlog.Market], rate{0, 1})
	check("write, clear", c.clear[backlog.Write], rate{1, 1})
	check("prioritise, clear", c.clear[backlog.Prioritise], rate{0, 1})
	check("product owner", c.roles[backlog.ProductOwner], rate{1, 1})
	check("product manager", c.roles[backlog.ProductManager], rate{0, 1})
	check("structure", c.structure, rate{0, 1})
	check("intervals on the decided share", c.decided, rate{4, 4})
	check("intervals on the recorded share", c.recorded, rate{0, 4})
	precision, recall := c.overall()
	check("precision", precision, rate{1, 2})
	check("recall", recall, rate{1, 2})
	check("the declared one", *c.naive["product-owner: the declared one"], rate{0, 1})
	if got := math.Exp(median(c.waits)); math.Abs(got-2) > 1e-9 {
		t.Errorf("the wait is off by a factor %.2f, want 2", got)
	}
	if ece, brier := c.calibration(); math.Abs(ece-.1) > 1e-9 || math.Abs(brier-.01) > 1e-9 {
		t.Errorf("ECE %.3f, Brier %.3f, want .1 and .01", ece, brier)
	}
	var text, mistakes strings.Builder
	if err := c.Write(&text, "Card"); err != nil {
		t.Fatal(err)
	}
	if err := c.Mistakes(&mistakes); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"✗ right person where the truth is clear", "dual-role", "naive answers"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the card does not say %q:\n%s", want, text.String())
		}
	}
	if !strings.Contains(mistakes.String(), "prioritise: single taken for contested") {
		t.Errorf("the mistakes do not name prioritise:\n%s", mistakes.String())
	}
}
