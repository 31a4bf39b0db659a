package analysis_test

import (
	"context"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"defacto/analysis"
	"defacto/backlog"
	"defacto/store"
)

// What is listed under a forest index is what was counted in the period: an order given
// before it decides who prioritised, and is no touch of this period's.
func TestExplainForestOfThePeriod(t *testing.T) {
	const text = `
-- setting --
as-of 2026-07-01
period 2026-Q2
declared product-manager Anna
-- history --
12 times every 3 days from 2026-02-02 09:00:
  +0d 09:00 Otto creates story PAY-#
  +0d 10:00 Anna ranks PAY-#
  +80d 09:00 Ben moves PAY-# to In Progress
30 times every 2 days from 2026-04-02 counting from 50:
  +0d 09:00 Anna creates {epic|story} PAY-#
`
	h := readHistory(t, txtar.Parse([]byte(text)))
	h.empty = emptyStore(t)
	s, site := h.stored(t, h.batch())
	defer s.Close()
	load := func(ctx context.Context, scope int32, from, to time.Time, components bool) (*backlog.Snapshot, error) {
		return s.Snapshot(ctx, site, store.Query{Scope: scope, From: from, To: to, Components: components})
	}
	periods, err := backlog.ParsePeriods(h.periods, day("2025-10-01"), h.asOf, h.asOf)
	if err != nil {
		t.Fatal(err)
	}
	o := analysis.Options{Periods: periods, AsOf: h.asOf, Method: h.method}
	for _, sc := range site.Scopes {
		if sc.Key == "PAY" {
			o.Targets = append(o.Targets, analysis.Target{Scope: sc})
		}
	}
	e, err := analysis.Explain(context.Background(), site, load, o, analysis.Subject{Text: "test/PAY/2026-Q2/forest", Number: "forest"})
	if err != nil {
		t.Fatal(err)
	}
	listed := 0
	for _, part := range e.Parts {
		for _, x := range part.Events {
			listed++
			if x.At.Before(day("2026-04-01")) || !x.At.Before(day("2026-07-01")) {
				t.Errorf("%s of %s is listed", x.What, x.At)
			}
		}
	}
	if listed == 0 {
		t.Error("nothing is listed")
	}
}
