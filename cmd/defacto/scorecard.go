package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"defacto/analysis"
	"defacto/analysis/scorecard"
	"defacto/backlog"
	"defacto/connectors"
	"defacto/connectors/sample"
	"defacto/store"
)

func scorecardCommand(p *program) *cobra.Command {
	q := scoring{}
	cmd := &cobra.Command{
		Use:     "scorecard",
		Short:   "Hold the method against made-up teams whose truth is known",
		GroupID: "ask",
		Long: `Scorecard makes up teams of every archetype from many seeds, damages their traces, audits
them like real data and prints how often the audit was right, how honest its probabilities
and intervals are, which findings it missed or made up, and what naive counts would have
said. Wording bank B and the seeds from 1000 on are held apart: nothing was tuned on them.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.scorecard(cmd.Context(), q) },
	}
	cmd.Flags().IntVar(&q.seeds, "seeds", 25, "teams of each archetype")
	cmd.Flags().Uint64Var(&q.first, "first", 1000, "the first seed")
	cmd.Flags().StringVar(&q.noise, "noise", "ordinary", "none, ordinary or high")
	cmd.Flags().StringVar(&q.bank, "bank", "B", "wordings: A (developed against) or B (held apart)")
	cmd.Flags().StringVar(&q.only, "archetype", "", "only this archetype")
	cmd.Flags().BoolVar(&q.mistakes, "mistakes", false, "list what was taken for what")
	return cmd
}

// scoring says which teams to score.
type scoring struct {
	seeds       int
	first       uint64
	noise, bank string
	only        string
	mistakes    bool
}

// scored is one team's audit beside its truth.
type scored struct {
	report   *analysis.Report
	truth    sample.Truth
	accounts map[string]string
	counted  map[string]scorecard.Naive
}

func (p *program) scorecard(ctx context.Context, q scoring) error {
	noise, ok := map[string]sample.Noise{"none": sample.Quiet(), "ordinary": sample.Ordinary(), "high": sample.High()}[q.noise]
	if !ok {
		return usage("--noise is %q: it is none, ordinary or high", q.noise)
	}
	bank, ok := map[string]sample.Bank{"A": sample.BankA, "B": sample.BankB}[strings.ToUpper(q.bank)]
	if !ok {
		return usage("--bank is %q: it is A or B", q.bank)
	}
	if q.seeds < 1 {
		return usage("--seeds is %d: at least one team is needed", q.seeds)
	}
	dir, err := os.MkdirTemp("", "defacto-scorecard-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var orgs []*sample.Org
	for _, a := range sample.Archetypes() {
		if q.only != "" && string(a) != q.only {
			continue
		}
		for i := range q.seeds {
			orgs = append(orgs, sample.Team(q.first+uint64(i), a, noise, bank))
		}
	}
	if len(orgs) == 0 {
		return usage("--archetype is %q, which is none", q.only)
	}
	results := make([]scored, len(orgs))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(2)
	for i, org := range orgs {
		g.Go(func() (err error) {
			results[i], err = p.score(gctx, org, filepath.Join(dir, fmt.Sprintf("%d.db", i)))
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	var card scorecard.Card
	for _, r := range results {
		card.Add(r.report, r.truth, r.accounts, r.counted)
	}
	title := fmt.Sprintf("Scorecard at %s noise, wordings %s, seeds %d to %d", q.noise, strings.ToUpper(q.bank), q.first, q.first+uint64(q.seeds)-1)
	if err := card.Write(p.out, title); err != nil {
		return err
	}
	if q.mistakes {
		return card.Mistakes(p.out)
	}
	return nil
}

// score takes one team the way of real data: a source, a store, people, an audit
// of all its quarters.
func (p *program) score(ctx context.Context, org *sample.Org, path string) (scored, error) {
	st, err := store.Open(ctx, path, store.Options{Lexicon: backlog.DefaultLexicon(), Now: p.now})
	if err != nil {
		return scored{}, err
	}
	defer os.Remove(path)
	defer st.Close()
	if _, err := connectors.Sync(ctx, org, st, connectors.Options{Now: p.now}); err != nil {
		return scored{}, err
	}
	accounts, err := st.Accounts(ctx)
	if err != nil {
		return scored{}, err
	}
	if err := st.SavePeople(ctx, analysis.Identify(accounts, analysis.Identity{})); err != nil {
		return scored{}, err
	}
	site, err := st.Site(ctx)
	if err != nil {
		return scored{}, err
	}
	truth := org.Truth()
	o := analysis.Options{AsOf: org.AsOf(), Method: analysis.DefaultMethod(), Workers: 1, Declared: stated(org, site)}
	first := truth.Scopes[0].Periods[0].From
	if o.Periods, err = backlog.ParsePeriods("all", first, org.AsOf().Add(-time.Hour), org.AsOf()); err != nil {
		return scored{}, err
	}
	for _, s := range site.Scopes {
		o.Targets = append(o.Targets, analysis.Target{Scope: s})
	}
	f := facts{st, site}
	r, err := analysis.Audit(ctx, site, f.load, o)
	if err != nil {
		return scored{}, err
	}
	counted := map[string]scorecard.Naive{}
	for _, s := range site.Scopes {
		snap, err := f.load(ctx, s.No, first, org.AsOf(), false)
		if err != nil {
			return scored{}, err
		}
		for _, q := range o.Periods {
			counted[s.Name+"/"+q.Name] = scorecard.Count(snap, q.From, q.To, o.Method.Weight)
		}
	}
	return scored{r, truth, reported(truth, site), counted}, nil
}

// stated resolves what the made-up organisation's configuration declares.
func stated(org *sample.Org, site *backlog.Site) []backlog.DeclaredInfo {
	by := accountsOf(site)
	var list []backlog.DeclaredInfo
	for _, d := range org.Declared() {
		if d.Origin != sample.Configured {
			continue // the site has it
		}
		info := backlog.DeclaredInfo{Person: by[d.Account], Role: d.Role, Scope: org.Name() + "/" + d.Scope, Origin: analysis.Configured}
		if !d.From.IsZero() {
			info.From = d.From.UnixMilli()
		}
		if !d.Until.IsZero() {
			info.Until = d.Until.UnixMilli()
		}
		list = append(list, info)
	}
	return list
}

// accountsOf finds people by the account's id at its source.
func accountsOf(site *backlog.Site) map[string]backlog.PersonID {
	by := map[string]backlog.PersonID{}
	for i, p := range site.People {
		for _, a := range p.Accounts {
			_, id, _ := strings.Cut(a, ":")
			by[id] = backlog.PersonID(i)
		}
	}
	return by
}

// reported maps the truth's people to the report's: a person with two accounts
// that were not put together is right in the one they used most, their first.
func reported(truth sample.Truth, site *backlog.Site) map[string]string {
	by := accountsOf(site)
	ids := map[string]string{}
	for _, p := range truth.People {
		ids[p.ID] = site.People[by[p.ID]].ID
	}
	return ids
}
