package linear_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"defacto/analysis"
	"defacto/analysis/scorecard"
	"defacto/backlog"
	"defacto/connectors"
	"defacto/connectors/linear"
	"defacto/connectors/linear/lineartest"
	"defacto/connectors/sample"
	"defacto/store"
)

// TestAuditOfTheSample audits made-up teams twice, as Jira has them and as Linear
// does, and compares both with what is true. -v shows both scorecards, from which
// docs/method.md tells the difference.
func TestAuditOfTheSample(t *testing.T) {
	if testing.Short() {
		t.Skip("several teams, twice; left out with -short")
	}
	var direct, served scorecard.Card
	right := map[string][2]int{}
	teams := []sample.Archetype{sample.TextbookSplit, sample.DualRole, sample.QAGatekeeper, sample.ContestedPair, sample.ThreeHats, sample.Kanban}
	if raced {
		teams = teams[:2] // the same code again would take a minute
	}
	for _, a := range teams {
		org := sample.Team(5, a, sample.Quiet(), sample.BankA)
		truth := org.Truth()
		for i, src := range []connectors.Source{org, asLinear(t, org)} {
			r, accounts := audit(t, org, src)
			[]*scorecard.Card{&direct, &served}[i].Add(r, truth, accounts, nil)
			for k, n := range agreeing(r, truth, accounts) {
				at := right[k]
				at[i] += n
				right[k] = at
			}
		}
	}
	for _, c := range []struct {
		card  *scorecard.Card
		title string
	}{{&direct, "As Jira has them"}, {&served, "As Linear has them"}} {
		var b strings.Builder
		if err := c.card.Write(&b, c.title); err != nil {
			t.Fatal(err)
		}
		t.Log("\n" + b.String())
	}
	// What Linear records as Jira does must be found as well there.
	for _, duty := range []backlog.Duty{backlog.Write, backlog.Accept, backlog.Answer} {
		n := right[duty.String()]
		if n[0] == 0 || n[1]*10 < n[0]*8 {
			t.Errorf("%s: %d answers right as Jira has it, %d as Linear has it", duty, n[0], n[1])
		}
	}
	t.Logf("right answers, Jira and Linear: %v", right)
}

// agreeing counts, by duty, the periods in which the person found is the true one.
func agreeing(r *analysis.Report, truth sample.Truth, accounts map[string]string) map[string]int {
	n := map[string]int{}
	for _, s := range r.Scopes {
		_, key, _ := strings.Cut(s.Scope, "/")
		for _, ts := range truth.Scopes {
			if ts.Scope != key {
				continue
			}
			for _, p := range s.Periods {
				for _, tp := range ts.Periods {
					if tp.Period != p.Period {
						continue
					}
					for _, d := range backlog.Duties() {
						found, real := p.Duties[d.String()], tp.Duties[d.String()]
						if found != nil && real != nil && found.Verdict == real.Verdict && (found.Verdict != "single" || found.Person == accounts[real.Person]) {
							n[d.String()]++
						}
					}
				}
			}
		}
	}
	return n
}

// asLinear serves an organisation in Linear's shape.
func asLinear(t *testing.T, org *sample.Org) connectors.Source {
	t.Helper()
	var batches []backlog.Batch
	for b, err := range org.Batches(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		batches = append(batches, b)
	}
	w := lineartest.NewWorld()
	w.Add(batches...)
	srv := lineartest.New(t, w, org.AsOf)
	s, err := linear.New(linear.Options{Name: org.Name(), URL: srv.URL, Token: lineartest.Key, Now: org.AsOf})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// audit takes a source the way of real data: a store, people, all quarters.
func audit(t *testing.T, org *sample.Org, src connectors.Source) (*analysis.Report, map[string]string) {
	t.Helper()
	ctx := t.Context()
	st, err := store.Open(ctx, filepath.Join(t.TempDir(), "defacto.db"), store.Options{Lexicon: backlog.DefaultLexicon(), Now: org.AsOf})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if _, err := connectors.Sync(ctx, src, st, connectors.Options{Now: org.AsOf}); err != nil {
		t.Fatal(err)
	}
	known, err := st.Accounts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := st.SavePeople(ctx, analysis.Identify(known, analysis.Identity{})); err != nil {
		t.Fatal(err)
	}
	site, err := st.Site(ctx)
	if err != nil {
		t.Fatal(err)
	}
	o := analysis.Options{AsOf: org.AsOf(), Method: analysis.DefaultMethod(), Workers: 1}
	if o.Periods, err = backlog.ParsePeriods("all", org.Truth().Scopes[0].Periods[0].From, org.AsOf().Add(-time.Hour), org.AsOf()); err != nil {
		t.Fatal(err)
	}
	for _, s := range site.Scopes {
		o.Targets = append(o.Targets, analysis.Target{Scope: s})
	}
	load := func(ctx context.Context, scope int32, from, to time.Time, components bool) (*backlog.Snapshot, error) {
		return st.Snapshot(ctx, site, store.Query{Scope: scope, From: from, To: to, Components: components})
	}
	r, err := analysis.Audit(ctx, site, load, o)
	if err != nil {
		t.Fatal(err)
	}
	accounts := map[string]string{}
	for _, p := range site.People {
		for _, a := range p.Accounts {
			_, id, _ := strings.Cut(a, ":")
			accounts[id] = p.ID
		}
	}
	return r, accounts
}
