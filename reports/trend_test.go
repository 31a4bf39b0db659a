package reports

import (
	"testing"

	"defacto/analysis"
)

// TestChangedOverAContest: a role that passes through a quarter of which nobody can be
// named has passed all the same, and the report says since when.
func TestChangedOverAContest(t *testing.T) {
	held := func(period, verdict, person string) analysis.PeriodReport {
		return analysis.PeriodReport{Period: period, Roles: map[string]*analysis.RoleReport{"product-owner": {Verdict: verdict, Person: person}}}
	}
	names := peopleOf(&analysis.Report{People: []analysis.Person{{ID: "a", Name: "Anna"}, {ID: "b", Name: "Bea"}}})
	for name, tc := range map[string]struct {
		before []analysis.PeriodReport
		now    analysis.PeriodReport
		want   string
	}{
		"from quarter to quarter": {[]analysis.PeriodReport{held("Q1", "single", "a")}, held("Q2", "single", "b"), "product owner: Anna to Bea"},
		"through a contest": {
			[]analysis.PeriodReport{held("Q1", "single", "a"), held("Q2", "contested", "")}, held("Q3", "single", "b"), "product owner: Anna (Q1) to Bea",
		},
		"and back": {
			[]analysis.PeriodReport{held("Q1", "single", "a"), held("Q2", "contested", "")}, held("Q3", "single", "a"), "nothing named",
		},
		"only leaning":      {[]analysis.PeriodReport{held("Q1", "single", "a")}, held("Q2", "leaning", "b"), "nothing named"},
		"nobody before":     {[]analysis.PeriodReport{held("Q1", "vacant", "")}, held("Q2", "single", "b"), "nothing named"},
		"the latest counts": {[]analysis.PeriodReport{held("Q1", "single", "b"), held("Q2", "single", "a")}, held("Q3", "single", "b"), "product owner: Anna to Bea"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := names.changed(tc.before, &tc.now); got != tc.want {
				t.Errorf("%q, want %q", got, tc.want)
			}
		})
	}
}
