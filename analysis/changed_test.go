package analysis

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func standingOf(period, owner, verdict string, findings ...string) *Report {
	p := PeriodReport{
		Period: period,
		Roles:  map[string]*RoleReport{"product-owner": {Verdict: verdict, Person: owner}},
		Duties: map[string]*DutyReport{"accept": {Verdict: "vacant"}, "write": nil},
	}
	for _, f := range findings {
		p.Findings = append(p.Findings, Finding{ID: "acme/PAY/" + period + "/" + f})
	}
	return &Report{AsOf: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), Scopes: []ScopeReport{{Scope: "acme/PAY", Periods: []PeriodReport{{Period: "2026-Q1"}, p}}}}
}

func TestSince(t *testing.T) {
	before := standingOf("2026-Q2", "pa", "single", "po-differs", "slow-answers/pa").Standing(false)
	// It is kept as JSON.
	text, err := json.Marshal(before)
	if err != nil {
		t.Fatal(err)
	}
	var kept Standing
	if err := json.Unmarshal(text, &kept); err != nil {
		t.Fatal(err)
	}

	now := standingOf("2026-Q3", "pb", "leaning", "po-differs", "slow-answers/pb")
	now.Scopes = append(now.Scopes, ScopeReport{Scope: "acme/NEW", Periods: []PeriodReport{{Period: "2026-Q3"}}}, ScopeReport{Scope: "acme/NONE"})
	got := now.Standing(false).Since(kept)
	want := &ChangedSince{AsOf: before.AsOf, Changes: []Change{
		{Scope: "acme/PAY", Period: "2026-Q3", Before: "2026-Q2", Kind: "role", Name: "product-owner", From: &Held{"single", "pa"}, To: &Held{"leaning", "pb"}},
		{Scope: "acme/PAY", Period: "2026-Q3", Before: "2026-Q2", Kind: "finding-new", Name: "slow-answers", Finding: "acme/PAY/2026-Q3/slow-answers/pb"},
		{Scope: "acme/PAY", Period: "2026-Q3", Before: "2026-Q2", Kind: "finding-gone", Name: "slow-answers", Finding: "acme/PAY/2026-Q2/slow-answers/pa"},
		{Scope: "acme/NEW", Period: "2026-Q3", Kind: "scope-new"},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if same := standingOf("2026-Q3", "pa", "single", "po-differs", "slow-answers/pa").Standing(false).Since(kept); len(same.Changes) != 0 {
		t.Errorf("nothing but the period changed: %+v", same.Changes)
	}
	gone := Standing{}.Since(kept)
	if len(gone.Changes) != 1 || gone.Changes[0].Kind != "scope-gone" || gone.Changes[0].Before != "2026-Q2" {
		t.Errorf("gone: %+v", gone.Changes)
	}
	if c := now.Standing(true).Since(kept); c != nil {
		t.Errorf("pseudonyms were compared with names: %+v", c)
	}
}
