package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"defacto/analysis"
	"defacto/backlog"
	"defacto/config"
	"defacto/reports"
	"defacto/store"
)

// question is what an audit is asked.
type question struct {
	period, by, asOf string
	scopes           []string
	failOn           []string
	pseudonyms       bool
	format           string
	files            []string
}

func auditCommand(p *program) *cobra.Command {
	var q question
	cmd := &cobra.Command{
		Use:     "audit",
		Short:   "Measure who does what, infer the roles, compare with the declared ones",
		GroupID: "ask",
		Long: `Audit measures the six duties in each scope and period, infers who is product owner
and product manager de facto, compares that with the declared roles, and raises
findings with the evidence they rest on. It reads the store and talks to nobody.

The same store and flags give the same bytes.`,
		Example: `  defacto audit
  defacto audit --period 2026-Q1..2026-Q4 --scope acme/PAY
  defacto audit --by component --scope acme/PAY
  defacto audit -o html=audit.html -o json=audit.json
  defacto audit --fail-on po-differs,po-vacant`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := p.configure(cmd, false)
			if err != nil {
				return err
			}
			q.pseudonyms = c.Privacy.Pseudonyms
			return p.audit(cmd.Context(), c, q)
		},
	}
	f := cmd.Flags()
	f.StringVar(&q.period, "period", "", "`PERIOD` to audit: 2026-Q3, 2026-07, 2026-H2, 2026, 2026-07-01..2026-09-30, last-quarter, this-quarter, last-month, all, or a range such as 2026-Q1..2026-Q4 (default the last complete quarter with data)")
	f.StringArrayVar(&q.scopes, "scope", nil, "only this `SCOPE`: SOURCE/KEY, SOURCE/KEY/component:NAME or SOURCE/KEY/epic:KEY; may be repeated (default all)")
	f.StringVar(&q.by, "by", "", "split every scope by `PART`: component or epic")
	f.StringVar(&q.format, "format", "", "`FORMAT` of the report: "+strings.Join(reports.Names(), ", ")+" (default table, or what the file's ending says)")
	f.StringArrayVarP(&q.files, "output", "o", nil, "write to `FILE`, or to FORMAT=FILE; may be repeated")
	f.StringSliceVar(&q.failOn, "fail-on", nil, "exit with 3 when one of these findings is present: `CODE,…`, such as po-differs")
	f.Bool("pseudonyms", false, "stable pseudonyms in the place of names")
	f.StringVar(&q.asOf, "as-of", "", "audit as of the end of this `DAY`, or this time (default the end of the newest complete sync or import)")
	return cmd
}

// audit answers a question from a store that is there.
func (p *program) audit(ctx context.Context, c *config.Config, q question) error {
	to, err := outputs(q.format, q.files)
	if err != nil {
		return err
	}
	if err := checkCodes(q.failOn); err != nil {
		return err
	}
	defer p.restrainMemory()()
	st, err := p.existingStore(ctx, c)
	if err != nil {
		return err
	}
	defer st.Close()
	f, err := p.read(ctx, st, c)
	if err != nil {
		return err
	}
	report, err := p.measure(ctx, c, f, q)
	if err != nil {
		return err
	}
	if err := p.write(report, reports.Options{Zone: c.Calendar.Zone}, to); err != nil {
		return err
	}
	return verdict(report, q.failOn)
}

// measure runs the analysis over what the question asks for.
func (p *program) measure(ctx context.Context, c *config.Config, f *facts, q question) (*analysis.Report, error) {
	o, doubts, err := p.options(ctx, c, f, q)
	if err != nil {
		return nil, err
	}
	for _, d := range doubts {
		p.tell("%s", d)
	}
	report, err := analysis.Audit(ctx, f.site, f.load, o)
	if err != nil {
		return nil, err
	}
	if q.pseudonyms {
		if len(doubts) > 0 { // they name whom the configuration names
			report.Limits = append(report.Limits, fmt.Sprintf("The configuration names people or scopes that are not in the store (%s).", count(len(doubts), "time")))
		}
		return f.pseudonymise(ctx, report, c.Privacy.MinimumGroup)
	}
	report.Limits = append(report.Limits, doubts...)
	return report, nil
}

// options turns a question into what the analysis takes.
func (p *program) options(ctx context.Context, c *config.Config, f *facts, q question) (o analysis.Options, doubts []string, err error) {
	if q.by != "" && q.by != "component" && q.by != "epic" {
		return o, nil, usage("--by is %q: it is component or epic", q.by)
	}
	if len(f.site.Scopes) == 0 {
		return o, nil, advise(errors.New("the store holds no issues"), "bring some in with defacto import or defacto sync")
	}
	if o, doubts, err = method(c, f.site); err != nil {
		return o, nil, err
	}
	o.Workers = runtime.GOMAXPROCS(0)
	o.AsOf = newest(f.site.Syncs)
	if q.asOf != "" {
		if o.AsOf, err = parseAsOf(q.asOf); err != nil {
			return o, nil, err
		}
	}
	first, last, err := f.store.Activity(ctx)
	if err != nil {
		return o, nil, err
	}
	if o.Periods, err = backlog.ParsePeriods(q.period, first, last, o.AsOf); err != nil {
		return o, nil, usage("--period: %w", err)
	}
	if o.Targets, err = targets(f.site, q.scopes); err != nil {
		return o, nil, err
	}
	if o.Notes, err = f.notes(ctx, o); err != nil {
		return o, nil, err
	}
	if err := f.partsAreThere(ctx, o.Targets); err != nil {
		return o, nil, err
	}
	if o.Alike, err = f.proposals(ctx, c); err != nil {
		return o, nil, err
	}
	if q.by != "" {
		o.Targets, err = f.split(ctx, o.Targets, q.by)
	}
	return o, doubts, err
}

// load is how the analysis reads a scope.
func (f *facts) load(ctx context.Context, scope int32, from, to time.Time, components bool) (*backlog.Snapshot, error) {
	return f.store.Snapshot(ctx, f.site, store.Query{Scope: scope, From: from, To: to, Components: components})
}

// split makes of every whole scope its components, or the epics its issues hang on.
func (f *facts) split(ctx context.Context, whole []analysis.Target, by string) ([]analysis.Target, error) {
	var list []analysis.Target
	for _, t := range whole {
		if t.Part.Kind != "" {
			list = append(list, t)
			continue
		}
		names, err := f.parts(ctx, t.Scope, by)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			list = append(list, analysis.Target{Scope: t.Scope, Part: analysis.Part{Kind: by, Name: name}})
		}
	}
	if len(list) == 0 {
		return nil, usage("--by %s: no issue of these scopes has one", by)
	}
	return list, nil
}

// parts lists a scope's components, or the epics its issues hang on, in order.
func (f *facts) parts(ctx context.Context, scope backlog.ScopeInfo, kind string) ([]string, error) {
	epics := map[int64]string{}
	if kind == "epic" {
		road, err := f.load(ctx, 0, time.Time{}, time.Time{}, false)
		if err != nil {
			return nil, fmt.Errorf("read the roadmap: %w", err)
		}
		for _, it := range road.Items {
			epics[it.No] = it.Key
		}
	}
	snap, err := f.load(ctx, scope.No, time.Time{}, time.Time{}, kind == "component")
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, it := range snap.Items {
		if kind == "epic" && epics[it.Epic] != "" {
			names[epics[it.Epic]] = true
		}
		for _, component := range it.Components {
			names[component] = true
		}
	}
	return slices.Sorted(maps.Keys(names)), nil
}

// partsAreThere refuses a component or an epic that no scope asked about has: an
// empty report would look as if nothing had happened in it.
func (f *facts) partsAreThere(ctx context.Context, asked []analysis.Target) error {
	has, there := map[analysis.Part]bool{}, map[analysis.Part][]string{}
	for _, t := range asked {
		if t.Part.Kind == "" || has[t.Part] {
			continue
		}
		names, err := f.parts(ctx, t.Scope, t.Part.Kind)
		if err != nil {
			return err
		}
		has[t.Part] = slices.ContainsFunc(names, func(name string) bool {
			return name == t.Part.Name || t.Part.Kind == "component" && strings.EqualFold(name, t.Part.Name)
		})
		there[t.Part] = append(there[t.Part], names...)
	}
	for _, t := range asked {
		if p := t.Part; p.Kind != "" && !has[p] {
			return usage("--scope %q: no issue of %s has the %s %q%s; there %s", t.Scope.Name+"/"+p.Kind+":"+p.Name, t.Scope.Name, p.Kind, p.Name,
				config.DidYouMean(p.Name, there[p]), someParts(there[p]))
		}
	}
	return nil
}

// someParts says which parts there are.
func someParts(names []string) string {
	switch len(names) {
	case 0:
		return "is none"
	case 1:
		return "is " + names[0]
	}
	return "are " + few(names)
}

// findingCodes lists what the rules may raise, in order.
func findingCodes() []string {
	codes := []string{"po-stretched"} // raised across scopes, by no rule of one
	for _, pass := range analysis.All() {
		if rule, ok := pass.(*analysis.Rule); ok {
			codes = append(codes, rule.Name)
		}
	}
	slices.Sort(codes)
	return codes
}

// checkCodes refuses what no rule could ever raise.
func checkCodes(codes []string) error {
	known := findingCodes()
	for _, code := range codes {
		if !slices.Contains(known, code) {
			return usage("--fail-on %q is no finding%s; there are %s", code, config.DidYouMean(code, known), strings.Join(known, ", "))
		}
	}
	return nil
}

// verdict turns a report into how the program ends: with a finding that was asked
// for, short of data, or well.
func verdict(r *analysis.Report, failOn []string) error {
	var found, short []string
	for _, s := range r.Scopes {
		for _, period := range s.Periods {
			for _, finding := range period.Findings {
				if slices.Contains(failOn, finding.Code) && finding.Outcome == analysis.Measured {
					found = append(found, finding.ID)
				}
			}
			if !period.Coverage.Complete {
				short = append(short, s.Scope+" in "+period.Period)
			}
		}
	}
	switch {
	case len(found) > 0:
		return foundError{found}
	case len(short) > 0:
		return shortError{fmt.Sprintf("the store is short of facts about %s; the report's coverage says what is missing", few(short))}
	default:
		return nil
	}
}

// few names the first of many.
func few(names []string) string {
	const shown = 4
	if len(names) <= shown {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:shown], ", "), len(names)-shown)
}
