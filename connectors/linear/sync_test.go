package linear_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"defacto/backlog"
	"defacto/connectors"
	"defacto/connectors/linear"
	"defacto/connectors/linear/lineartest"
)

func TestSyncBringsEverythingOnce(t *testing.T) {
	w := world(160, 6, 2)
	b := newBench(t, w, nil)
	sum := b.mustSync(t)
	b.sink.agrees(w)
	b.sink.referenced()
	if !sum.Run.Complete || len(sum.Gaps) > 0 {
		t.Errorf("the run is not complete: %s", sum.Run.Note)
	}
	for id, s := range b.sink.issues {
		if s.copies != 1 {
			t.Errorf("%s came %d times", id, s.copies)
		}
	}
	if b.sink.site != "https://linear.app/acme" || !sum.Run.AsOf.Equal(b.clock.Now().Truncate(time.Second)) {
		t.Errorf("site %q, as of %s", b.sink.site, sum.Run.AsOf)
	}
}

// TestBadDays lets every request number up to twelve go wrong in every way that
// passes; after each the store is as if nothing had happened.
func TestBadDays(t *testing.T) {
	for _, kind := range []lineartest.Kind{
		lineartest.CutBody, lineartest.EmptyBody, lineartest.LoginPage, lineartest.Unavailable, lineartest.Internal,
		lineartest.Limited400, lineartest.Limited429, lineartest.Limited200, lineartest.Hangup,
	} {
		t.Run(string(kind), func(t *testing.T) {
			w := world(60, 5, 2)
			b := newBench(t, w, nil)
			b.Page = 25
			b.Fault = func(n int) *lineartest.Fault {
				if n%2 == 1 {
					return &lineartest.Fault{Kind: kind}
				}
				return nil
			}
			started := b.clock.Now().Truncate(time.Second)
			sum := b.mustSync(t)
			b.sink.agrees(w)
			if !sum.Run.Complete {
				t.Errorf("not complete: %s", sum.Run.Note)
			}
			for id, s := range b.sink.issues {
				if s.copies != 1 {
					t.Errorf("%s came %d times", id, s.copies)
				}
			}
			if m := mark(t, b.sink.cursor); m != sum.Run.AsOf.Format(time.RFC3339) || sum.Run.AsOf.Before(started) {
				t.Errorf("the mark is %s, the run saw things as of %s", m, sum.Run.AsOf)
			}
			if limited := strings.HasPrefix(string(kind), "rate limited"); limited && b.clock.slept < 20*time.Minute {
				t.Errorf("waited only %s for an allowance that comes back after 20 minutes", b.clock.slept)
			}
		})
	}
}

func TestHopelessAnswersEndTheRun(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the key came to another host: %q", r.Header.Get("Authorization"))
	}))
	defer other.Close()
	var redirect *connectors.RedirectError
	var part *connectors.IncompleteError
	for kind, target := range map[lineartest.Kind]any{
		lineartest.Redirect: &redirect, lineartest.StuckCursor: &part, lineartest.MissingCursor: &part,
	} {
		t.Run(string(kind), func(t *testing.T) {
			w := world(60, 3, 1)
			b := newBench(t, w, nil)
			b.Page = 25
			b.mustSync(t)
			before := b.sink.cursor
			for _, id := range w.IDs("issues") {
				w.Change("issues", id, b.clock.Now().Add(time.Minute), func(lineartest.Object) {})
			}
			b.clock.Advance(time.Hour)
			b.Fault = func(int) *lineartest.Fault { return &lineartest.Fault{Kind: kind, To: other.URL} }
			if _, err := b.sync(t); !errors.As(err, target) {
				t.Fatalf("got %v", err)
			}
			if mark(t, b.sink.cursor) != mark(t, before) {
				t.Errorf("the mark moved over pages that never came")
			}
			b.Fault = nil
			b.mustSync(t)
			b.sink.agrees(w)
		})
	}
}

// mark is the cursor's own word on how far everything is stored.
func mark(t *testing.T, c backlog.Cursor) string {
	t.Helper()
	_, rest, ok := strings.Cut(string(c), `"mark":"`)
	if !ok {
		return ""
	}
	at, _, _ := strings.Cut(rest, `"`)
	return at
}

func TestOneBrokenIssueIsAGapAndHoldsTheMark(t *testing.T) {
	w := world(60, 4, 1)
	b := newBench(t, w, nil)
	b.Page = 25
	broken := w.IDs("issues")[27]
	b.Fault = func(int) *lineartest.Fault { return &lineartest.Fault{Kind: lineartest.FieldError, Issue: broken} }
	sum := b.mustSync(t)
	if sum.Run.Complete || len(sum.Gaps) != 1 || sum.Gaps[0].What != "issues" {
		t.Fatalf("gaps %+v", sum.Gaps)
	}
	if b.sink.issues[broken] != nil {
		t.Error("half an issue was stored as a whole one")
	}
	if len(b.sink.issues) < 59+2 {
		t.Errorf("only %d issues were stored beside the broken one", len(b.sink.issues))
	}
	if m := mark(t, b.sink.cursor); m != "" {
		t.Errorf("the mark moved to %s", m)
	}
	b.Fault = nil
	if sum := b.mustSync(t); !sum.Run.Complete {
		t.Errorf("not complete: %s", sum.Run.Note)
	}
	b.sink.agrees(w)
}

// TestBrokenAndCutOff lets one issue fail and then cuts the run off behind it:
// neither may make the next one believe that it was read.
func TestBrokenAndCutOff(t *testing.T) {
	w := world(55, 1, 1)
	broken := w.IDs("issues")[50]
	for cut := 3; cut < 6; cut++ {
		b := newBench(t, w, nil)
		b.Page = 25
		b.source.InBatchesOf(20)
		b.Fault = func(int) *lineartest.Fault { return &lineartest.Fault{Kind: lineartest.FieldError, Issue: broken} }
		b.sink.limit = cut
		_, err := b.sync(t)
		b.sink.limit = 0
		if cut == 3 && err == nil {
			t.Fatal("it was over before the cut")
		}
		if b.sink.issues[broken] != nil {
			t.Fatal("half an issue was stored")
		}
		b.Fault = nil
		for range 2 { // the first ends the pass and says that it was not whole
			b.clock.Advance(time.Hour)
			b.source = b.open(t, nil).InBatchesOf(20)
			b.mustSync(t)
		}
		b.sink.agrees(w)
	}
}

func TestSmallerPagesWhereLinearAllowsLess(t *testing.T) {
	w := world(80, 6, 2)
	b := newBench(t, w, nil)
	b.Fault = func(int) *lineartest.Fault { return &lineartest.Fault{Kind: lineartest.LowMaximum, Most: 2000} }
	b.mustSync(t)
	b.sink.agrees(w)
	docs, costs, _ := b.Served()
	refused := 0
	for _, c := range costs {
		if c > 2000 {
			refused++
		}
	}
	if refused > 40 {
		t.Errorf("%d of %d requests were refused: it does not learn", refused, len(docs))
	}
}

func TestAllowancesAreKeptUnder(t *testing.T) {
	w := world(100, 6, 2)
	for name, set := range map[string]func(*lineartest.Server){
		"requests": func(s *lineartest.Server) { s.Requests, s.Page = 10, 25 },
		"points":   func(s *lineartest.Server) { s.Points = 14_000 },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, w, nil)
			set(b.Server)
			b.mustSync(t)
			b.sink.agrees(w)
			docs, _, _ := b.Served()
			if b.clock.slept == 0 {
				t.Error("it never waited")
			}
			if got := b.source.Requests(); got != len(docs) {
				t.Errorf("%d of %d requests were not even executed", got-len(docs), got)
			}
		})
	}
}

func TestImpatience(t *testing.T) {
	b := newBench(t, world(20, 1, 1), func(o *linear.Options) { o.Patience = time.Minute })
	b.Fault = func(int) *lineartest.Fault { return &lineartest.Fault{Kind: lineartest.Limited400} }
	var limit *connectors.RateLimitError
	if _, err := b.sync(t); !errors.As(err, &limit) {
		t.Fatal(err)
	}
}

func TestCredentials(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*linear.Options)
		ok     bool
	}{
		"key":          {func(*linear.Options) {}, true},
		"oauth":        {func(o *linear.Options) { o.Token = lineartest.Token }, true},
		"bearer":       {func(o *linear.Options) { o.Token = "Bearer " + lineartest.Token }, true},
		"wrong key":    {func(o *linear.Options) { o.Token = "lin_api_wrong" }, false},
		"key as oauth": {func(o *linear.Options) { o.Auth = linear.AuthOAuth }, false},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, world(3, 0, 0), tc.change)
			_, err := b.sync(t)
			var auth *connectors.AuthError
			switch {
			case tc.ok && err != nil:
				t.Fatal(err)
			case !tc.ok && !errors.As(err, &auth):
				t.Fatalf("got %v", err)
			case !tc.ok && (b.source.Requests() != 1 || strings.Contains(err.Error(), "0123456789")):
				t.Errorf("%d requests, %v", b.source.Requests(), err)
			}
		})
	}
}

func TestInterrupted(t *testing.T) {
	w := world(55, 1, 1)
	newest := w.IDs("issues")[52]
	w.Put("comments", lineartest.Object{ // older than its issue, as imports are
		"id": "imported", "body": "from another tracker", "createdAt": lineartest.Epoch(), "updatedAt": lineartest.Epoch(),
		"user": lineartest.Object{"id": "u-ana"}, "issueId": newest, "issue": w.Find("issues", newest),
	})
	for cut := 1; cut < 5; cut++ {
		t.Run(fmt.Sprint(cut), func(t *testing.T) {
			b := newBench(t, w, nil)
			b.Page = 25
			b.source.InBatchesOf(20)
			b.sink.limit = cut
			if _, err := b.sync(t); err == nil {
				t.Fatal("it was over before")
			}
			b.sink.limit = 0
			b.clock.Advance(time.Hour)
			b.source = b.open(t, nil).InBatchesOf(20)
			b.mustSync(t)
			b.sink.agrees(w)
		})
	}
}

func TestCancelled(t *testing.T) {
	b := newBench(t, world(80, 5, 2), nil)
	b.Page = 20
	ctx, cancel := context.WithCancel(t.Context())
	b.Before = func(n int) {
		if n == 6 {
			cancel()
		}
	}
	_, err := connectors.Sync(ctx, b.source, b.sink, connectors.Options{Now: b.clock.Now})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

// TestChangesDuringThePass makes, changes and deletes issues while pages come.
func TestChangesDuringThePass(t *testing.T) {
	w := world(150, 5, 2)
	b := newBench(t, w, nil)
	b.Page = 20
	ids := w.IDs("issues")
	b.Before = func(n int) {
		b.clock.Advance(time.Second)
		now := b.clock.Now()
		for k := range 5 {
			w.Change("issues", ids[(n*37+k*11)%120], now, func(o lineartest.Object) {
				h, _ := o["history"].(lineartest.Connection)
				o["history"] = append(h, lineartest.Object{"id": fmt.Sprintf("new-%d-%d", n, k), "createdAt": now, "updatedAt": now, "actorId": "u-ana", "fromPriority": 2.0, "toPriority": 1.0})
			})
		}
		if n < 20 {
			w.Delete("issues", ids[120+n])
			w.Add(backlog.Batch{Issues: []backlog.Issue{{ID: fmt.Sprintf("born-%d", n), Key: fmt.Sprintf("ENG-%d", 9000+n), Scope: "ENG", Title: "new", Status: "s1", StatusName: "Backlog", Category: backlog.Backlog, Created: now, Updated: now}}})
		}
	}
	b.mustSync(t)
	b.Before = nil
	for range 2 { // what changed during the first pass comes with the second
		b.clock.Advance(25 * time.Hour)
		b.source = b.open(t, nil)
		b.mustSync(t)
	}
	for id := range b.sink.gone {
		for _, c := range w.IDs("comments") {
			if w.Find("comments", c)["issueId"] == id {
				w.Delete("comments", c)
			}
		}
	}
	for n := range 20 { // the comments of issues deleted before they were read
		for _, c := range w.IDs("comments") {
			if n > 0 && w.Find("comments", c)["issueId"] == ids[120+n] {
				w.Delete("comments", c)
			}
		}
	}
	b.sink.agrees(w)
}

func TestIncremental(t *testing.T) {
	w := world(80, 4, 1)
	b := newBench(t, w, nil)
	b.mustSync(t)
	b.clock.Advance(2 * time.Hour)
	ids := w.IDs("issues")
	now := b.clock.Now().Add(-time.Hour)
	w.Change("issues", ids[3], now, func(o lineartest.Object) { o["priority"] = 1.0 })
	said := w.IDs("comments")[5]
	w.Change("comments", said, now, func(o lineartest.Object) { // nothing else about its issue changes
		o["resolvedAt"], o["resolvingUser"] = now, lineartest.Object{"id": "u-ana"}
	})
	w.Put("customerNeeds", lineartest.Object{"id": "n1", "createdAt": now, "updatedAt": now, "priority": 1.0, "creator": lineartest.Object{"id": "u-ana"}, "customer": lineartest.Object{"id": "k1", "name": "Globex", "owner": lineartest.Object{"id": "u-ben"}, "tier": lineartest.Object{"displayName": "Enterprise"}, "status": lineartest.Object{"displayName": "Active"}}, "issue": lineartest.Object{"id": ids[9]}})
	b.source = b.open(t, nil)
	sum := b.mustSync(t)
	if sum.Saved.Issues > 6 || b.source.Requests() > 8 {
		t.Errorf("%d issues in %d requests for three changes", sum.Saved.Issues, b.source.Requests())
	}
	if got := b.sink.issues[ids[3]].Priority; got != "Urgent" {
		t.Errorf("priority %q", got)
	}
	on, _ := w.Find("comments", said)["issueId"].(string)
	if c := b.sink.issues[on].comments[said]; c.Resolver != "u-ana" || !c.Resolved.Equal(now) {
		t.Errorf("the comment's thread was not seen to be resolved: %+v", c)
	}
	var need *backlog.Change
	for _, c := range b.sink.issues[ids[9]].changes {
		if c.Field == backlog.FieldNeed {
			need = &c
		}
	}
	if need == nil || need.Author != "u-ana" || need.ToName != "Globex (Enterprise, Active), important" {
		t.Errorf("the need is %+v", need)
	}
	b.sink.agrees(w)
}

func TestDeletedArchivedAndBinned(t *testing.T) {
	w := world(50, 2, 0)
	b := newBench(t, w, nil)
	ids := w.IDs("issues")
	w.Change("issues", ids[1], b.clock.Now(), func(o lineartest.Object) { o["archivedAt"] = b.clock.Now() })
	b.mustSync(t)
	if b.sink.issues[ids[1]] == nil {
		t.Error("an archived issue is missing")
	}
	w.Delete("issues", ids[2])
	w.Change("issues", ids[3], b.clock.Now(), func(o lineartest.Object) { o["trashed"] = true })
	b.clock.Advance(25 * time.Hour)
	b.mustSync(t)
	if b.sink.gone[ids[2]] != "gone" || b.sink.gone[ids[3]] != "deleted" || len(b.sink.gone) != 2 {
		t.Errorf("gone: %v", b.sink.gone)
	}
	w.Change("issues", ids[3], b.clock.Now(), func(o lineartest.Object) { o["trashed"] = false })
	b.clock.Advance(25 * time.Hour)
	b.mustSync(t)
	if b.sink.gone[ids[3]] != "" {
		t.Errorf("taken out of the bin, it still is %q", b.sink.gone[ids[3]])
	}
}

func TestFullKnowsWhatWasDeleted(t *testing.T) {
	w := world(30, 1, 1)
	b := newBench(t, w, nil)
	b.mustSync(t)
	gone := w.IDs("issues")[4]
	w.Delete("issues", gone)
	b.clock.Advance(time.Hour)
	if _, err := connectors.Sync(t.Context(), b.source, b.sink, connectors.Options{Now: b.clock.Now, Full: true}); err != nil {
		t.Fatal(err)
	}
	if b.sink.gone[gone] != "gone" || b.sink.issues[w.IDs("issues")[0]].copies != 2 {
		t.Errorf("gone %v", b.sink.gone)
	}
}

func TestManualOrder(t *testing.T) {
	w := world(40, 0, 0)
	b := newBench(t, w, nil)
	b.mustSync(t)
	ids := w.IDs("issues")
	var team []string // the issues of one team, in their order
	for _, id := range ids {
		if b.sink.issues[id].Scope == "ENG" {
			team = append(team, id)
		}
	}
	w.Change("issues", team[9], b.clock.Now().Add(-90*24*time.Hour), func(o lineartest.Object) { o["sortOrder"] = -5.0 }) // to the top, untold by updatedAt
	b.clock.Advance(25 * time.Hour)
	b.mustSync(t)
	ranked := func() (list []backlog.Change) {
		for _, s := range b.sink.issues {
			for _, c := range s.changes {
				if c.Field == backlog.FieldRank {
					list = append(list, c)
				}
			}
		}
		return list
	}
	got := ranked()
	if len(got) != 1 || got[0].Author != "" || got[0].To != "-5" || !strings.HasPrefix(got[0].FromName, "as of ") {
		t.Fatalf("order changes: %+v", got)
	}
	for i, id := range team { // the list is spaced anew: no order changes
		w.Change("issues", id, b.clock.Now().Add(-90*24*time.Hour), func(o lineartest.Object) {
			at := float64(1000 * (i + 1))
			if i == 9 {
				at = 1
			}
			o["sortOrder"] = at
		})
	}
	b.clock.Advance(25 * time.Hour)
	b.mustSync(t)
	if again := ranked(); len(again) != 1 {
		t.Errorf("spacing a list anew passed for %d moves", len(again)-1)
	}
}

func TestOnlyTheTeamsAskedFor(t *testing.T) {
	w := world(60, 2, 1)
	b := newBench(t, w, func(o *linear.Options) { o.Teams = []string{"OPS", "GONE"} })
	sum := b.mustSync(t)
	for _, s := range b.sink.issues {
		if s.Scope != "OPS" {
			t.Errorf("%s is of %s", s.Key, s.Scope)
		}
	}
	if len(sum.Gaps) != 1 || sum.Gaps[0].Scope != "GONE" || sum.Run.Complete {
		t.Errorf("gaps %+v", sum.Gaps)
	}
	none := newBench(t, w, func(o *linear.Options) { o.Teams = []string{"GONE"} })
	if _, err := none.sync(t); err == nil || !strings.Contains(err.Error(), "ENG, OPS") {
		t.Errorf("got %v", err)
	}
}

// TestNamesAreNoGraphQL: whatever teams are asked for, the documents sent are those of
// any other run; names go as values.
func TestNamesAreNoGraphQL(t *testing.T) {
	sent := func(teams ...string) []string {
		b := newBench(t, world(20, 2, 1), func(o *linear.Options) { o.Teams = append([]string{"OPS"}, teams...) })
		b.mustSync(t)
		documents, _, _ := b.Served()
		return slices.Compact(slices.Sorted(slices.Values(documents)))
	}
	want := sent()
	hostile := []string{`"}){viewer{id}}#`, `OPS\`, "$x", "{", "#", "\n}", `""" {`, "null", "true", "...on", "ОПС😀"}
	if d := cmp.Diff(want, sent(hostile...)); d != "" {
		t.Error(d)
	}
	for _, document := range want {
		if strings.Contains(document, "OPS") {
			t.Errorf("a name stands in %s", document)
		}
	}
}

// TestComingIntoSight adds a team to those asked for: its issues are old, and
// come with all their comments.
func TestComingIntoSight(t *testing.T) {
	w := world(120, 3, 2)
	b := newBench(t, w, func(o *linear.Options) { o.Teams = []string{"OPS"} })
	b.mustSync(t)
	b.clock.Advance(time.Hour)
	b.source = b.open(t, func(o *linear.Options) { o.Teams = []string{"ENG", "OPS"} })
	b.mustSync(t)
	b.sink.agrees(w)
	b.sink.referenced()
}

func TestWithoutCustomers(t *testing.T) {
	w := world(5, 1, 0)
	w.Plan(false)
	b := newBench(t, w, nil)
	if sum := b.mustSync(t); !sum.Run.Complete {
		t.Errorf("a plan without customers is no gap: %s", sum.Run.Note)
	}
	d, err := b.source.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, c := range d.Checks {
		found = found || c.Name == "customer needs" && c.Verdict == linear.Warning
	}
	if !found {
		t.Errorf("doctor does not say it: %+v", d.Checks)
	}
}

func TestCheckAndDeclared(t *testing.T) {
	w := world(5, 1, 0)
	w.Put("triageResponsibilities", lineartest.Object{"id": "t1", "createdAt": lineartest.Epoch(), "team": w.Find("teams", "team-ENG"), "currentUser": lineartest.Object{"id": "u-cho"}})
	b := newBench(t, w, func(o *linear.Options) { o.Teams = []string{"ENG", "OPS", "NO"} })
	d, err := b.source.Check(t.Context())
	if err != nil || d.User != "Auditor" || d.URL != "https://linear.app/acme" || len(d.Teams) != 2 || len(d.Statuses) < 2 {
		t.Errorf("%+v, %v", d, err)
	}
	problems := 0
	for _, c := range d.Checks {
		if c.Verdict == linear.Problem {
			problems++
		}
	}
	if problems != 1 {
		t.Errorf("%d problems in %+v", problems, d.Checks)
	}
	roles, names, gaps, err := b.source.Declared(t.Context())
	if err != nil || len(gaps) != 1 || names["u-ana"] != "Person ana" {
		t.Errorf("%v %v %v", names, gaps, err)
	}
	got := map[string]bool{}
	for _, r := range roles {
		got[strings.Join([]string{r.Origin, r.Account, r.Role.String(), r.Scope}, " ")] = true
	}
	for _, want := range []string{
		"team-owner u-ana product-owner ENG", "project-lead u-ben product-manager ENG", "project-lead u-ben product-manager OPS",
		"initiative-owner u-ana product-manager ENG", "triage-responsibility u-cho product-owner ENG",
	} {
		if !got[want] {
			t.Errorf("%q is not declared: %v", want, sorted(got))
		}
	}
}

// TestDoctorOnTheRoadmap: whether its history is understood is said beforehand, by
// the names of its parts alone.
func TestDoctorOnTheRoadmap(t *testing.T) {
	w := world(5, 1, 0)
	b := newBench(t, w, nil)
	said := func(name string) linear.Check {
		t.Helper()
		d, err := b.source.Check(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range d.Checks {
			if c.Name == name {
				return c
			}
		}
		t.Fatalf("nothing on %s in %+v", name, d.Checks)
		return linear.Check{}
	}
	if c := said("history of projects"); c.Verdict != linear.Fine || !strings.Contains(c.Detail, "none yet") {
		t.Errorf("%+v", c)
	}
	record := func(entries any) func(lineartest.Object) {
		return func(o lineartest.Object) {
			o["history"] = lineartest.Connection{lineartest.Object{"id": "h", "createdAt": b.clock.Now(), "entries": entries}}
		}
	}
	w.Change("projects", w.IDs("projects")[0], b.clock.Now(), record([]any{map[string]any{"fromLeadId": "a", "toLeadId": "b"}}))
	if c := said("history of projects"); c.Verdict != linear.Fine || c.Detail != "records looked at: 1, all understood" {
		t.Errorf("%+v", c)
	}
	w.Change("projects", w.IDs("projects")[0], b.clock.Now(), record(map[string]any{"whatever": map[string]any{"x": "Secret plan"}}))
	if c := said("history of projects"); c.Verdict != linear.Warning || !strings.Contains(c.Detail, `"whatever:x"`) || strings.Contains(c.Detail, "Secret") {
		t.Errorf("%+v", c)
	}
	if c := said("initiatives"); c.Verdict != linear.Fine {
		t.Errorf("%+v", c)
	}
	w.Refuse("initiatives", "feature not accessible")
	if c := said("initiatives"); c.Verdict != linear.Warning {
		t.Errorf("%+v", c)
	}
}

func TestRoadmap(t *testing.T) {
	w := world(9, 0, 0)
	b := newBench(t, w, nil)
	project, initiative := w.IDs("projects")[0], w.IDs("initiatives")[0]
	at := b.clock.Now().Add(-time.Hour)
	w.Put("projectUpdates", lineartest.Object{"id": "pu", "health": "atRisk", "createdAt": at, "updatedAt": at, "user": lineartest.Object{"id": "u-ben"}, "project": w.Find("projects", project)})
	w.Put("comments", lineartest.Object{"id": "c-pu", "body": "why?", "createdAt": at, "updatedAt": at, "user": lineartest.Object{"id": "u-cho"}, "projectUpdateId": "pu", "projectUpdate": lineartest.Object{"id": "pu", "createdAt": at}})
	issue := w.IDs("issues")[4]
	for id, on := range map[string]lineartest.Object{ // comments on a project's text, on a document of it, and on an issue's
		"c-text": {"project": lineartest.Object{"id": project}}, "c-doc": {"document": lineartest.Object{"project": lineartest.Object{"id": project}}}, "c-inline": {"issue": lineartest.Object{"id": issue}},
	} {
		on["createdAt"] = at
		w.Put("comments", lineartest.Object{"id": id, "body": "and this?", "quotedText": "this", "createdAt": at, "updatedAt": at, "user": lineartest.Object{"id": "u-cho"}, "documentContent": on})
	}
	w.Change("projects", project, at, func(o lineartest.Object) {
		var h lineartest.Connection
		for n := range 300 { // more than one page holds
			h = append(h, lineartest.Object{
				"id": fmt.Sprintf("h%d", n), "createdAt": at.Add(-time.Duration(n) * time.Hour),
				"entries": []any{map[string]any{"actorId": "u-ana", "fromTargetDate": nil, "toTargetDate": "2026-12-24"}},
			})
		}
		o["history"] = h
	})
	b.mustSync(t)
	p, i := b.sink.issues[project], b.sink.issues[initiative]
	if p.Level != backlog.Epic || p.Scope != "ENG" || len(p.Teams) != 1 || p.Teams[0] != "OPS" || p.Parent.ID != initiative || p.Key != "e-1" {
		t.Errorf("the project is %+v", p.Issue)
	}
	if i.Level != backlog.Initiative || i.TypeName != "Initiative" || i.Category != backlog.Started {
		t.Errorf("the initiative is %+v", i.Issue)
	}
	if c := p.changes["update:pu/0"]; c.Field != backlog.FieldUpdate || c.Author != "u-ben" || c.To != "atRisk" {
		t.Errorf("the update is %+v", c)
	}
	if c := p.changes["h299/0"]; len(p.changes) != 301 || c.Field != backlog.FieldTargetEnd || c.Author != "u-ana" || c.To != "2026-12-24" || p.History != backlog.HistoryComplete {
		t.Errorf("%d changes of the project, its %s history's oldest is %+v", len(p.changes), p.History, c)
	}
	if c := p.comments["c-pu"]; c.Body.Prose != "why?" || c.Author != "u-cho" {
		t.Errorf("the remark on an update is %+v", c)
	}
	for id, on := range map[string]string{"c-text": project, "c-doc": project, "c-inline": issue} {
		if c := b.sink.issues[on].comments[id]; c.Body.Prose != "and this?" || len(c.Body.Quotes) != 1 {
			t.Errorf("%s is %+v", id, c)
		}
	}
	above := 0
	for _, s := range b.sink.issues {
		if s.Epic.ID == project {
			above++
		}
	}
	if above != 3 {
		t.Errorf("%d issues hang on the project", above)
	}
}

// TestProjectOfManyTeams: a project counts for all its teams, also where they do
// not fit into the page of projects.
func TestProjectOfManyTeams(t *testing.T) {
	w := world(3, 0, 0)
	var teams lineartest.Connection
	for n := range 300 {
		o := lineartest.Object{"id": fmt.Sprintf("team-%03d", n), "key": fmt.Sprintf("T%03d", n), "name": "Team", "createdAt": lineartest.Epoch().Add(time.Duration(n) * time.Minute), "updatedAt": lineartest.Epoch()}
		w.Put("teams", o)
		teams = append(teams, o)
	}
	project := w.IDs("projects")[0]
	w.Change("projects", project, lineartest.Epoch(), func(o lineartest.Object) { o["teams"] = teams })
	b := newBench(t, w, nil)
	b.mustSync(t)
	if p := b.sink.issues[project]; p.Scope != "T000" || len(p.Teams) != 299 {
		t.Errorf("%s and %d more", p.Scope, len(p.Teams))
	}
}

func TestUnusableOptions(t *testing.T) {
	for want, o := range map[string]linear.Options{
		"no clock":          {Token: "x"},
		"no token":          {Now: time.Now},
		"neither key nor":   {Now: time.Now, Token: "x", Auth: "basic"},
		"unencrypted":       {Now: time.Now, Token: "x", URL: "http://linear.example"},
		"no URL of the for": {Now: time.Now, Token: "x", URL: "linear.example/graphql"},
	} {
		if _, err := linear.New(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v", want, err)
		}
	}
}

func TestForeignCursor(t *testing.T) {
	b := newBench(t, world(3, 0, 0), nil)
	for _, c := range []backlog.Cursor{"{", `{"v":99}`, `{"v":1,"known":{"u":"AAA"}}`} {
		b.sink.cursor = c
		if _, err := b.sync(t); err == nil {
			t.Errorf("the cursor %s was taken", c)
		}
		if _, err := connectors.Sync(t.Context(), b.source, b.sink, connectors.Options{Now: b.clock.Now, Full: true}); err != nil {
			t.Errorf("a full sync does not start over after the cursor %s: %v", c, err)
		}
	}
}
