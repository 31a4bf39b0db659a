package main

import "testing"

// The name of a component may hold slashes; the period is found behind them.
func TestPlaceOf(t *testing.T) {
	for text, want := range map[string][2]string{
		"acme/PAY/2026-Q3/po-differs/p1a2b3c4d":                  {"acme/PAY", "2026-Q3"},
		"acme/PAY/2026-Q3/accept":                                {"acme/PAY", "2026-Q3"},
		"acme/PAY/component:UI/UX/2026-Q3/write":                 {"acme/PAY/component:UI/UX", "2026-Q3"},
		"acme/PAY/component:UI/UX/2026-Q3/duty-contested/accept": {"acme/PAY/component:UI/UX", "2026-Q3"},
		"acme/PAY/epic:PAY-7/2026-07-01..2026-09-30/waits":       {"acme/PAY/epic:PAY-7", "2026-07-01..2026-09-30"},
		"acme/PAY/soon/accept":                                   {"acme/PAY", "soon"},
	} {
		if scope, period := placeOf(text); scope != want[0] || period != want[1] {
			t.Errorf("%s: scope %s and period %s, want %v", text, scope, period, want)
		}
	}
}
