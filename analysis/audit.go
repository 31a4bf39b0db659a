package analysis

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"defacto/analysis/workhours"
	"defacto/backlog"
)

// All lists the passes in the order they run. Adding one is a file and a line here.
func All() []Analyzer {
	return []Analyzer{
		Questions, Write, Prioritise, Accept, Answer, Roadmap, Market,
		Wait, Trees, Roles, Compare, Structure,
		PODiffers, PMDiffers, DualRole, POVacant, PMVacant, POContested, PMContested, POCommittee, PODelegated, DeclaredConflict,
		DutyContested, AcceptanceVacant, PrioritisationVacant, ThreeHats,
		QAGatekeeper, TechLeadAsPO, ProxyPO, BlockedOnPerson,
		TreesOverForests, SlidingToTrees, PMIsolated, PMDetached, OffRoadmap, SlowAnswers, NoAnswer, NeedsAPO, EvidenceLimited,
	}
}

// measures lists the passes that are also run on the period before, for what
// compares the two.
func measures() []Analyzer {
	return []Analyzer{Questions, Write, Prioritise, Accept, Answer, Roadmap, Market, Trees}
}

// rules lists the passes of All that raise findings.
func rules(passes []Analyzer) []*Rule {
	var list []*Rule
	for _, p := range passes {
		if r, ok := p.(*Rule); ok {
			list = append(list, r)
		}
	}
	return list
}

// Load gives back one scope as the store has it: the issues created before to
// and active since from, with their whole history. Scope 0 asks for the roadmap
// items of all scopes, of which those outside the window may come without history. It is called from several goroutines at once.
type Load func(ctx context.Context, scope int32, from, to time.Time, components bool) (*backlog.Snapshot, error)

// Target is a scope, or a part of one, to audit.
type Target struct {
	Scope backlog.ScopeInfo
	Part  Part
}

// Options say what to audit and how.
type Options struct {
	Targets  []Target
	Periods  []backlog.Period
	AsOf     time.Time
	Method   Method
	Statuses map[string]StatusNames // by source name
	Types    []TypeRule
	// Declared are the roles the configuration declares, resolved to people and
	// scopes, with Origin Configured; the tracker's own come with the site.
	Declared []backlog.DeclaredInfo
	Calendar Calendar
	Notes    map[string]*Note // by finding id
	Alike    []Proposal       // people who may be one; coverage counts those active in a scope
	Workers  int              // scopes audited at once; at least one
	// Acts, when set, receives every act of every target and period, counted or not.
	// It is called by one goroutine at a time, scope after scope.
	Acts func(backlog.Act) error
	// visit, when set, sees every target and period after its passes have run.
	visit func(*Input)
}

// Calendar is how working time is counted.
type Calendar struct {
	Wall     bool // count every hour instead
	Zone     *time.Location
	Week     workhours.Week
	Holidays workhours.Holidays
	Absences map[backlog.PersonID][]workhours.Absence
}

// Audit measures, infers and compares every target in every period. The report
// is the same for the same site, snapshots and options, whatever the number of workers.
func Audit(ctx context.Context, site *backlog.Site, load Load, o Options) (*Report, error) {
	clocks, err := newClocks(site, o.Calendar)
	if err != nil {
		return nil, fmt.Errorf("calendar: %w", err)
	}
	a := &auditor{site: site, load: load, o: o, clocks: clocks, flow: NewWorkflow(site, o.Statuses, o.Types), passes: All(), ready: make(chan struct{})}
	if err := Validate(a.passes); err != nil {
		return nil, err
	}
	done := make([]*audited, len(o.Targets))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(max(1, o.Workers))
	g.Go(func() error { return a.readRoadmap(gctx) })
	var mu sync.Mutex
	for i, t := range o.Targets {
		g.Go(func() error {
			r, err := a.target(gctx, t, &mu)
			if err != nil {
				return fmt.Errorf("audit %s: %w", t.Scope.Name, err)
			}
			done[i] = r
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	a.stretch(done)
	return a.report(done), nil
}

type auditor struct {
	site   *backlog.Site
	load   Load
	o      Options
	clocks *clocks
	flow   *Workflow
	passes []Analyzer
	// The roadmap is read while the first scope is; ready is closed when it is there.
	ready  chan struct{}
	road   *book
	rnoise map[string]*noise // by period name, those before included
}

// audited is one target's part of the report.
type audited struct {
	report            ScopeReport
	used              []bool // people the report speaks of
	evaluated, raised int
}

func (a *auditor) readRoadmap(ctx context.Context) error {
	from, to := a.window()
	snap, err := a.load(ctx, 0, from, to, false)
	if err != nil {
		return fmt.Errorf("read the roadmap: %w", err)
	}
	a.road = newBook(snap, &a.o.Method, a.flow, a.o.AsOf.UnixMilli())
	a.road.places = make(map[int64]int32, len(snap.Items))
	a.road.ofScope = map[int32][]int32{}
	for i := range snap.Items {
		it := &snap.Items[i]
		a.road.places[it.No] = int32(i)
		for _, scope := range append([]int32{it.Scope}, it.Spans...) {
			a.road.ofScope[scope] = append(a.road.ofScope[scope], int32(i))
		}
	}
	a.rnoise = map[string]*noise{}
	for _, p := range a.o.Periods {
		for _, q := range []backlog.Period{p, p.Previous()} {
			if a.rnoise[q.Name] == nil {
				from, to := q.From.UnixMilli(), q.To.UnixMilli()
				a.rnoise[q.Name] = a.road.noise(a.road.reaching(from-lookback, to), from, to, func(int32) bool { return true })
			}
		}
	}
	close(a.ready)
	return nil
}

// window is what the periods look at: each at the one before it, and that at the
// quarter before itself.
func (a *auditor) window() (from, to time.Time) {
	from, to = a.o.Periods[0].From, a.o.Periods[0].To
	for _, p := range a.o.Periods {
		if q := p.Previous(); q.From.Before(from) {
			from = q.From
		}
		if p.To.After(to) {
			to = p.To
		}
	}
	return from.AddDate(0, 0, -92), to
}

func (a *auditor) target(ctx context.Context, t Target, acts *sync.Mutex) (*audited, error) {
	from, to := a.window()
	if t.Part.Kind == "component" { // its stories of all times tell what roadmap items stand above it
		from, to = time.Time{}, time.Time{}
	}
	snap, err := a.load(ctx, t.Scope.No, from, to, t.Part.Kind == "component")
	if err != nil {
		return nil, err
	}
	b := newBook(snap, &a.o.Method, a.flow, a.o.AsOf.UnixMilli())
	select {
	case <-a.ready:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	out := &audited{used: make([]bool, len(a.site.People))}
	out.report = ScopeReport{Scope: t.Scope.Name + t.Part.suffix(), Name: cmp.Or(t.Part.Name, t.Scope.Title, t.Scope.Key), Periods: []PeriodReport{}}
	known := map[string]*Input{}
	for _, p := range a.o.Periods {
		q := p.Previous()
		before := known[q.Name]
		if before == nil {
			before = a.input(t, b, q, nil, out.used)
			if err := runAll(ctx, measures(), before); err != nil {
				return nil, err
			}
		}
		in := a.input(t, b, p, before, out.used)
		if err := runAll(ctx, a.passes, in); err != nil {
			return nil, err
		}
		if a.o.visit != nil {
			a.o.visit(in)
		}
		if a.o.visit == nil { // who looks on may look back
			before.release()
		}
		clear(known) // only the period just done can be the next one's before
		known[p.Name] = in
		in.before = nil
		out.report.Periods = append(out.report.Periods, a.period(in, out))
		if a.o.Acts != nil {
			acts.Lock()
			err := in.emit(a.o.Acts)
			acts.Unlock()
			if err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

func runAll(ctx context.Context, passes []Analyzer, in *Input) error {
	for _, p := range passes {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := p.run(ctx, in); err != nil {
			return err
		}
	}
	return nil
}

func (a *auditor) input(t Target, b *book, p backlog.Period, before *Input, used []bool) *Input {
	in := &Input{
		Site: a.site, Scope: t.Scope, Part: t.Part, Period: p, AsOf: a.o.AsOf, Method: &a.o.Method,
		flow: a.flow, book: b, road: a.road, rnoise: a.rnoise[p.Name], clock: a.clocks.plain(), alike: a.o.Alike, used: used, before: before,
		from: p.From.UnixMilli(), to: p.To.UnixMilli(), results: make(map[*Meta]any, len(a.passes)),
	}
	in.near = b.reaching(in.from-lookback, in.to)
	in.noise = b.noise(in.near, in.from, in.to, in.counts)
	in.people = in.census()
	in.members = in.membership()
	for _, list := range [][]backlog.DeclaredInfo{a.o.Declared, a.site.Declared} {
		for _, d := range list {
			if d.Scope == t.Scope.Name && (d.From == 0 || d.From < in.to) && (d.Until == 0 || d.Until > in.from) {
				in.roles = append(in.roles, d)
			}
		}
	}
	return in
}

// period puts what the passes found into the contract's form.
func (a *auditor) period(in *Input, out *audited) PeriodReport {
	tallies, holders, stated := in.tallies(), Roles.Result(in), Compare.Result(in)
	r := PeriodReport{
		Period: in.Period.Name, From: Date{in.Period.From}, To: Date{in.Period.To},
		Coverage: in.coverage(), Structure: Structure.Result(in).Structure, Waits: Wait.Result(in), Forest: in.forest(),
		Duties: map[string]*DutyReport{}, Roles: map[string]*RoleReport{}, Declared: map[string][]string{},
		Origins: map[string][]Declared{}, Match: map[string]*Match{}, Findings: []Finding{},
	}
	for d, t := range tallies {
		r.Duties[backlog.Duty(d).String()] = t.report(in)
	}
	for i := range holders {
		role := backlog.Role(i).String()
		r.Roles[role] = holders[i].report(in, tallies)
		r.Declared[role] = in.ids(stated[i].People)
		r.Origins[role] = append([]Declared{}, stated[i].Origins...)
		r.Match[role] = stated[i].match()
	}
	for _, p := range rules(a.passes) {
		out.evaluated++
		for _, f := range p.Result(in) {
			f.Note = a.o.Notes[f.ID]
			r.Findings = append(r.Findings, f)
			out.raised++
		}
	}
	slices.SortStableFunc(r.Findings, byWeight)
	if po := holders[backlog.ProductOwner]; po.Verdict == "single" {
		var keys []string
		r.ownerProof, keys = in.roleProof(po, po.Person)
		r.ownerQuery = in.query(keys)
	}
	r.Headline = in.headline()
	return r
}

// severity orders findings for readers: what asks for something first, the
// weaker rules and the caveats last.
func severity(f Finding) int {
	n := map[string]int{"act": 3, "notice": 2, "calm": 1}[f.Severity] * 10
	if f.Worth {
		n -= 5
	}
	if f.Code == "evidence-limited" {
		n = 0
	}
	if f.Confidence == "firm" {
		n++
	}
	return n
}

func (a *auditor) report(done []*audited) *Report {
	r := &Report{Schema: Schema, AsOf: a.o.AsOf.UTC(), Clock: "working", Settings: a.o.Method.Changed(), Limits: limits(), People: []Person{}, Scopes: []ScopeReport{}}
	if a.o.Calendar.Wall {
		r.Clock = "wall"
	}
	used := make([]bool, len(a.site.People))
	for _, d := range done {
		r.Scopes = append(r.Scopes, d.report)
		r.Rules.Evaluated += d.evaluated
		r.Rules.Raised += d.raised
		for i, u := range d.used {
			used[i] = used[i] || u
		}
	}
	for i, u := range used {
		if u && i > 0 {
			p := a.site.People[i]
			r.People = append(r.People, Person{ID: p.ID, Name: cmp.Or(p.Name, p.ID), Kind: p.Kind.String(), Accounts: p.Accounts})
		}
	}
	slices.SortFunc(r.People, func(x, y Person) int { return cmp.Compare(x.ID, y.ID) })
	return r
}

// limits says what no tracker shows; every report prints it.
func limits() []string {
	return []string{
		"This describes what is recorded in the tracker: who left the trace of writing, prioritising, accepting, answering, shaping the roadmap. It does not say what people did.",
		"Most product work leaves no trace: product owners in one shadowing study spent 65 % of their time in meetings (Unger-Windeler 2021). Calls, customer visits, chat and hallway decisions are not seen.",
		"Questions answered in chat look unanswered. Writing together shows one author. Where merging closes an issue, nobody seems to accept it.",
		"It describes roles in a team. It does not rank people and says nothing about how well anybody works.",
	}
}
