package linear_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"defacto/backlog"
	"defacto/connectors/linear/lineartest"
)

// TestPlansBetweenTwoPulls: what Linear's history of a project does not tell, or
// tells in a form nobody understands, is seen by comparing two pulls, once.
func TestPlansBetweenTwoPulls(t *testing.T) {
	w := world(6, 0, 0)
	b := newBench(t, w, nil)
	project, initiative := w.IDs("projects")[0], w.IDs("initiatives")[0]
	for i, order := range []float64{100, 200, 300} { // beside the one there is, of order 0
		w.Put("projects", lineartest.Object{
			"id": fmt.Sprintf("more-%d", i), "name": "More", "slugId": "more", "priority": 0.0, "sortOrder": order, "createdAt": lineartest.Epoch(), "updatedAt": lineartest.Epoch(),
			"status": lineartest.Object{"id": "ps-planned"}, "teams": lineartest.Connection{w.Find("teams", "team-ENG")}, "url": fmt.Sprintf("https://linear.app/acme/project/more-%d", i),
		})
	}
	b.mustSync(t)
	before := len(b.sink.issues[project].changes)
	seen := b.clock.Now()

	b.clock.Advance(3 * time.Hour)
	moved := b.clock.Now().Add(-time.Hour)
	record := func(entries any) lineartest.Connection {
		return lineartest.Connection{lineartest.Object{"id": "rec", "createdAt": moved, "entries": entries}}
	}
	w.Change("projects", project, moved, func(o lineartest.Object) {
		o["targetDate"], o["priority"], o["lead"], o["name"] = "2027-01-31", 1.0, lineartest.Object{"id": "u-cho"}, "Pay"
		o["history"] = record([]any{ // the lead is told of, the rest is not
			map[string]any{"actorId": "u-ana", "fromLeadId": "u-ben", "toLeadId": "u-cho"}, map[string]any{"mystery": map[string]any{"x": 1}},
		})
	})
	w.Change("initiatives", initiative, moved, func(o lineartest.Object) { o["status"] = "Completed" })
	w.Change("projects", "more-0", lineartest.Epoch(), func(o lineartest.Object) { o["sortOrder"] = 900.0 }) // untold by updatedAt
	b.mustSync(t)

	if c := string(b.sink.cursor); strings.Contains(c, "Checkout") || strings.Contains(c, "u-ben") {
		t.Errorf("the cursor names people or plans: %s", c)
	}
	p := b.sink.issues[project]
	if p.History != backlog.HistoryShort {
		t.Errorf("a history half understood is %s", p.History)
	}
	if c := p.changes["rec/0"]; c.Field != backlog.FieldAssignee || c.Author != "u-ana" {
		t.Errorf("what was understood of the record is %+v", c)
	}
	if c := p.changes["rec/1"]; c.Field != backlog.FieldOther || !strings.Contains(c.To, "x") {
		t.Errorf("what was not understood is kept as %+v", c)
	}
	got := map[string]string{}
	for id, s := range map[string]*stored{"project": p, "initiative": b.sink.issues[initiative], "more-0": b.sink.issues["more-0"], "more-1": b.sink.issues["more-1"]} {
		for _, c := range s.changes {
			if strings.HasPrefix(c.ID, "pulls:") || strings.HasPrefix(c.ID, "order:") {
				if c.Author != "" || !strings.HasSuffix(c.ID, seen.Format(time.RFC3339)) {
					t.Errorf("%s: %+v", id, c)
				}
				if want := moved; c.Field != backlog.FieldRank && !c.At.Equal(want) {
					t.Errorf("%s: the %s is of %s, the update of %s", id, c.Field, c.At, want)
				}
				got[id+" "+c.Field.String()] = c.FromName + " → " + c.ToName
			}
		}
	}
	for what, change := range map[string]string{
		"project summary": " → Pay", "project target-end": " → 2027-01-31", "project priority": " → Urgent",
		"initiative status": "Active → Completed", "more-0 rank": "as of 2026-10-01T09:00:00Z → as of 2026-10-01T12:00:00Z",
	} {
		if got[what] != change {
			t.Errorf("%s: %q, want %q", what, got[what], change)
		}
		delete(got, what)
	}
	if len(got) > 0 {
		t.Errorf("and %v", got)
	}

	after := len(p.changes)
	if after != before+5 {
		t.Errorf("%d changes became %d", before, after)
	}
	for range 2 {
		b.clock.Advance(time.Hour)
		b.mustSync(t)
	}
	if n := len(b.sink.issues[project].changes); n != after {
		t.Errorf("nothing changed, and %d changes became %d", after, n)
	}
}

// TestPlansOutOfSight: a plan that no longer shows its initiatives is no change of
// any of them.
func TestPlansOutOfSight(t *testing.T) {
	w := world(6, 0, 0)
	b := newBench(t, w, nil)
	b.mustSync(t)
	project := w.IDs("projects")[0]
	before := len(b.sink.issues[project].changes)
	for _, kind := range []string{"feature not accessible", "", "forbidden", ""} {
		w.Refuse("initiatives", kind)
		w.Refuse("initiativeToProjects", kind)
		b.clock.Advance(time.Hour)
		if sum := b.mustSync(t); sum.Run.Complete == (kind == "forbidden") {
			t.Errorf("%q: complete is %v", kind, sum.Run.Complete)
		}
		if n := len(b.sink.issues[project].changes); n != before {
			t.Errorf("%q: %d changes became %d", kind, before, n)
		}
	}
}
