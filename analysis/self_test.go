package analysis_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"defacto/analysis"
	"defacto/backlog"
	"defacto/store"
)

// mirror is the page of somebody in a history, and the audit of the same periods.
func mirror(t *testing.T, text, me string) (*analysis.Self, *analysis.Report) {
	t.Helper()
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
	o := analysis.Options{Periods: periods, AsOf: h.asOf, Method: h.method, Targets: []analysis.Target{{Part: h.part}}}
	for _, sc := range site.Scopes {
		if sc.Key == "PAY" {
			o.Targets[0].Scope = sc
		}
	}
	person, err := analysis.FindPerson(site, me)
	if err != nil || person == backlog.Nobody {
		t.Fatalf("nobody is called %s: %v", me, err)
	}
	page, err := analysis.Mirror(context.Background(), site, load, o, person)
	if err != nil {
		t.Fatal(err)
	}
	report, err := analysis.Audit(context.Background(), site, load, o)
	if err != nil {
		t.Fatal(err)
	}
	return page, report
}

// Who plans thirteen stories in one go is said to have touched as many on their own
// page as in the audit, and the parts of the page make up the whole.
func TestSelfCountsAsTheAudit(t *testing.T) {
	page, report := mirror(t, `
-- setting --
-- history --
13 times every 1 hours from 2026-02-02 09:00:
  +0d - Otto creates story PAY-#
13 times every 5 seconds from 2026-02-05 09:00 counting from 1:
  +0d - Anna prioritises PAY-# High
13 times every 1 hours from 2026-02-09 09:00 counting from 1:
  +0d - Ben moves PAY-# to In Progress
14 times every 6 days from 2026-01-05:
  +0d 09:00 Anna creates epic PAY-E#
  +1d 09:00 Anna dates PAY-E# 2026-12-01
12 times every 6 days from 2026-01-06 counting from 50:
  +0d 09:00 Anna creates story PAY-#
`, "Anna")
	p := page.Periods[0]
	var audit *analysis.Forest
	for i, f := range report.Scopes[0].Periods[0].Forest {
		if f.Person == page.Person.ID {
			audit = &report.Scopes[0].Periods[0].Forest[i]
		}
	}
	if audit == nil || audit.Index == nil || p.Index == nil {
		t.Fatalf("no index: %+v, %+v", audit, p.Index)
	}
	if p.Roadmap != audit.Roadmap || p.Story != audit.Story || *p.Index != *audit.Index {
		t.Errorf("the page has %d and %d touches, the audit %d and %d", p.Roadmap, p.Story, audit.Roadmap, audit.Story)
	}
	var weeks, duties, scopes [2]int
	for _, w := range p.Weeks {
		weeks[0], weeks[1] = weeks[0]+w.Roadmap, weeks[1]+w.Story
	}
	for _, d := range p.Duties {
		duties[1] += d.Touches
	}
	for _, s := range p.Scopes {
		scopes[0], scopes[1] = scopes[0]+s.Roadmap, scopes[1]+s.Story
	}
	if want := [2]int{p.Roadmap, p.Story}; weeks != want || scopes != want || duties[1] != p.Story {
		t.Errorf("of %v touches the weeks hold %v, the scopes %v, the duties %d", want, weeks, scopes, duties[1])
	}
	for _, g := range p.Give {
		if g.Touches > p.Story {
			t.Errorf("%d touches to give of %d", g.Touches, p.Story)
		}
	}
}

// What lies quiet is told by the whole history of an item, whatever period is
// asked for, and up to the as-of where the period still runs.
func TestSelfQuiet(t *testing.T) {
	const history = `
-- setting --
as-of 2026-06-15
period %s
-- history --
2025-06-02 09:00 Anna creates epic PAY-E1
2025-07-07 09:00 Anna dates PAY-E1 2026-12-01
2025-06-02 09:00 Cleo creates epic PAY-E2
2025-08-04 09:00 Anna comments PAY-E2 "Let us begin with this"
2026-06-01 09:00 Anna creates epic PAY-E3
12 times every 6 days from 2026-01-06:
  +0d 09:00 Anna creates story PAY-#
  +1d 09:00 Ben moves PAY-# to In Progress
`
	for _, period := range []string{"2026-Q2", "2026", "2025-Q2..2026-Q2"} {
		page, _ := mirror(t, replace(history, period), "Anna")
		p := page.Periods[len(page.Periods)-1]
		got := map[string]string{}
		for _, q := range p.Quiet {
			got[q.Issue] = q.Last.Format(time.DateOnly)
			if want := int(day("2026-06-15").Sub(q.Last).Hours() / 24 / 7); q.Weeks != want {
				t.Errorf("%s: %s is %d weeks quiet, want %d", period, q.Issue, q.Weeks, want)
			}
		}
		if len(got) != 2 || got["PAY-E1"] != "2025-07-07" || got["PAY-E2"] != "2025-08-04" {
			t.Errorf("%s: quiet are %v", period, got)
		}
		if n := len(p.Weeks); p.Weeks[n-1].Start.After(day("2026-06-15")) {
			t.Errorf("%s: the weeks go on to %s", period, p.Weeks[n-1].Start)
		}
	}
}

// A single period is compared with the one before it, asked for or not.
func TestSelfChange(t *testing.T) {
	const history = `
-- setting --
as-of 2026-07-01
period %s
-- history --
30 times every 3 days from 2026-01-02:
  +0d 09:00 Anna creates {epic|story} PAY-#
30 times every 3 days from 2026-04-02:
  +0d 09:00 Anna creates story PAY-#
`
	var changes []float64
	for _, period := range []string{"2026-Q2", "2026-Q1..2026-Q2"} {
		page, _ := mirror(t, replace(history, period), "Anna")
		c := page.Periods[len(page.Periods)-1].Change
		if c == nil {
			t.Fatalf("%s: no change is given", period)
		}
		changes = append(changes, *c)
	}
	if changes[0] != changes[1] || changes[0] >= 0 {
		t.Errorf("the change is %v", changes)
	}
}

func replace(history, period string) string { return strings.Replace(history, "%s", period, 1) }
