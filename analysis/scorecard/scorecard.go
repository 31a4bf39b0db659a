// Package scorecard holds the method against organisations whose truth is known:
// how often it is right, how honest its probabilities and intervals are, which
// findings it misses or makes up, and how far naive counts would have come.
//
// Truth and verdict meet here and nowhere else: the method never sees a truth,
// and the generator never sees the method.
package scorecard

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"defacto/analysis"
	"defacto/backlog"
	"defacto/connectors/sample"
)

// Card adds up how an audit fares against the truth. The zero value is empty. It
// is filled by one goroutine.
type Card struct {
	Teams, Periods int

	duties    [backlog.DutyCount]rate // right answers, every class
	clear     [backlog.DutyCount]rate // right person where the truth is clear
	clicks    [backlog.DutyCount]rate // the same for whoever clicked most
	roles     [backlog.RoleCount]rate
	structure rate
	near      int // wrong answers so near a threshold that neither is wrong, left out above

	probable []guess // P(top) and whether they were
	recorded rate    // intervals that hold the recorded share
	decided  rate    // intervals that hold the share really decided

	waits    []float64 // |ln(median / truth)|
	wallWait []float64
	nextWait []float64 // of the next comment on the wall clock

	findings map[string]*confusion
	naive    map[string]*rate // by baseline
	wrong    map[string]int   // what is mistaken for what
}

type rate struct{ hit, all int }

func (r *rate) add(hit bool) {
	r.all++
	if hit {
		r.hit++
	}
}

func (r rate) value() float64 {
	if r.all == 0 {
		return math.NaN()
	}
	return float64(r.hit) / float64(r.all)
}

func (r rate) String() string {
	if r.all == 0 {
		return "   –"
	}
	return fmt.Sprintf("%.3f (%d)", r.value(), r.all)
}

type guess struct {
	p   float64
	hit bool
}

// confusion counts a finding: raised and true, raised only, true only.
type confusion struct{ both, raised, missed int }

func (c confusion) precision() rate { return rate{c.both, c.both + c.raised} }
func (c confusion) recall() rate    { return rate{c.both, c.both + c.missed} }

// Add compares one organisation's report with its truth. accounts maps an account
// id of the truth to the person's id in the report; counted holds what naive counts say
// of each scope and period ("SCOPE/PERIOD", the scope as the report has it), and may be nil.
func (c *Card) Add(r *analysis.Report, truth sample.Truth, accounts map[string]string, counted map[string]Naive) {
	if c.findings == nil {
		c.findings, c.naive, c.wrong = map[string]*confusion{}, map[string]*rate{}, map[string]int{}
	}
	scopes := map[string]sample.ScopeTruth{}
	for _, s := range truth.Scopes {
		scopes[s.Scope] = s
	}
	for _, s := range r.Scopes {
		_, key, _ := strings.Cut(s.Scope, "/")
		t, ok := scopes[key]
		if !ok {
			continue
		}
		c.Teams++
		for i := range s.Periods {
			for k := range t.Periods {
				if t.Periods[k].Period == s.Periods[i].Period {
					c.Periods++
					c.period(&s.Periods[i], &t.Periods[k], accounts, string(t.Archetype))
					if n, ok := counted[s.Scope+"/"+s.Periods[i].Period]; ok {
						c.counted(&n, &t.Periods[k], accounts)
					}
				}
			}
		}
	}
}

func (c *Card) period(r *analysis.PeriodReport, t *sample.PeriodTruth, accounts map[string]string, archetype string) {
	for _, d := range backlog.Duties() {
		if found, real := r.Duties[d.String()], t.Duties[d.String()]; found != nil && real != nil {
			c.duty(d, found, real, accounts)
		}
	}
	for i := range c.roles {
		role := backlog.Role(i)
		found, real := r.Roles[role.String()], t.Roles[role.String()]
		c.role(role, found, real, accounts, archetype)
		c.baselines(role, r, t, accounts)
	}
	c.structure.add(r.Structure == t.Structure)
	c.wait(r.Waits, &t.Waits)
	c.raised(r, t, archetype)
}

func (c *Card) duty(d backlog.Duty, found *analysis.DutyReport, real *sample.DutyTruth, accounts map[string]string) {
	right := found.Verdict == real.Verdict
	switch found.Verdict {
	case "single":
		right = right && found.Person == accounts[real.Person]
	case "contested":
		right = right && samePeople(found.Persons, real.Persons, accounts)
	}
	if right || !real.Near {
		c.duties[d].add(right)
	} else {
		c.near++
	}
	if !right && !real.Near {
		c.wrong[d.String()+": "+real.Verdict+" taken for "+found.Verdict]++
	}
	if real.Clear && real.Verdict == "single" {
		c.clear[d].add(found.Person != "" && found.Person == accounts[real.Top])
	}
	if found.Outcome != analysis.Measured {
		return
	}
	if len(found.Shares) > 0 && real.Top != "" {
		c.probable = append(c.probable, guess{found.Shares[0].PTop, found.Shares[0].Person == accounts[real.Top]})
	}
	decided, recorded := shares(real.Shares, accounts), shares(real.Recorded, accounts)
	for _, s := range found.Shares[:min(1, len(found.Shares))] {
		c.decided.add(s.Low <= decided[s.Person] && decided[s.Person] <= s.High)
		if len(real.Recorded) > 0 {
			c.recorded.add(s.Low <= recorded[s.Person] && recorded[s.Person] <= s.High)
		}
	}
}

func shares(list []sample.ShareTruth, accounts map[string]string) map[string]float64 {
	m := map[string]float64{}
	for _, s := range list {
		m[accounts[s.Person]] += s.Share
	}
	return m
}

func samePeople(found, real []string, accounts map[string]string) bool {
	if len(found) != len(real) {
		return false
	}
	for _, p := range real {
		if !slices.Contains(found, accounts[p]) {
			return false
		}
	}
	return true
}

func (c *Card) role(role backlog.Role, found *analysis.RoleReport, real *sample.RoleTruth, accounts map[string]string, archetype string) {
	right := found.Verdict == real.Verdict
	if real.Person != "" {
		right = right && found.Person == accounts[real.Person]
	}
	if right || !real.Near {
		c.roles[role].add(right)
	} else {
		c.near++
	}
	if !right && !real.Near {
		c.wrong[role.String()+": "+real.Verdict+" taken for "+found.Verdict+" ("+archetype+")"]++
	}
}

func (c *Card) wait(found *analysis.Waits, real *sample.WaitTruth) {
	if found.MedianHours == nil || real.OnRecord == nil || *real.OnRecord <= 0 || *found.MedianHours <= 0 {
		return
	}
	c.waits = append(c.waits, math.Abs(math.Log(*found.MedianHours / *real.OnRecord)))
	if found.WallMedian != nil && *found.WallMedian > 0 {
		c.wallWait = append(c.wallWait, math.Abs(math.Log(*found.WallMedian / *real.OnRecord)))
	}
}

// raised compares findings by code (and duty, for duty-contested).
func (c *Card) raised(r *analysis.PeriodReport, t *sample.PeriodTruth, archetype string) {
	seen := map[string]bool{}
	for _, f := range r.Findings {
		seen[findingKey(f.Code, f.ID)] = true
	}
	known := map[string]bool{}
	for _, f := range t.Findings {
		key := f.Code
		if f.Duty != "" {
			key += "/" + f.Duty
		}
		known[key] = true
		e := c.finding(f.Code)
		switch {
		case f.Near && f.Holds != seen[key]:
		case f.Holds && seen[key]:
			e.both++
		case f.Holds:
			e.missed++
			c.wrong["finding "+key+" missed ("+archetype+")"]++
		case seen[key]:
			e.raised++
			c.wrong["finding "+key+" made up ("+archetype+")"]++
		}
	}
	for _, f := range r.Findings {
		if key := findingKey(f.Code, f.ID); !known[key] {
			known[key] = true
			c.finding(f.Code).raised++
			c.wrong["finding "+key+" made up ("+archetype+")"]++
		}
	}
}

func (c *Card) finding(code string) *confusion {
	if c.findings[code] == nil {
		c.findings[code] = &confusion{}
	}
	return c.findings[code]
}

func findingKey(code, id string) string {
	if code != "duty-contested" {
		return code
	}
	return code + id[strings.LastIndex(id, "/"):]
}

// baselines asks what a naive reader would have answered for a role.
func (c *Card) baselines(role backlog.Role, r *analysis.PeriodReport, t *sample.PeriodTruth, accounts map[string]string) {
	declared := ""
	if d := t.Declared[role.String()]; len(d) > 0 {
		declared = accounts[d[0]]
	}
	c.answer(role, "the declared one", declared, t, accounts)
	duty := backlog.Write
	if role == backlog.ProductManager {
		duty = backlog.Roadmap
	}
	most := ""
	if list := r.Duties[duty.String()].Shares; len(list) > 0 {
		most = slices.MaxFunc(list, func(a, b analysis.Share) int { return cmp.Compare(a.Units, b.Units) }).Person
	}
	c.answer(role, "whoever has most "+duty.String()+" acts", most, t, accounts)
}

// counted asks what somebody would have answered who counts clicks.
func (c *Card) counted(n *Naive, t *sample.PeriodTruth, accounts map[string]string) {
	for _, d := range backlog.Duties() {
		if real := t.Duties[d.String()]; real != nil && real.Clear && real.Verdict == "single" {
			c.clicks[d].add(n.Clicks[d] != "" && n.Clicks[d] == accounts[real.Top])
		}
	}
	for i := range c.roles {
		role := backlog.Role(i)
		for _, x := range []struct{ name, person string }{
			{"whoever created most issues", n.Created}, {"the project's lead", n.Lead}, {"most clicks on the role's fields", n.Roles[role]},
		} {
			c.answer(role, x.name, x.person, t, accounts)
		}
	}
	if n.NextComment > 0 && t.Waits.OnRecord != nil && *t.Waits.OnRecord > 0 {
		c.nextWait = append(c.nextWait, math.Abs(math.Log(n.NextComment.Hours() / *t.Waits.OnRecord)))
	}
}

// answer scores a naive answer for a role.
func (c *Card) answer(role backlog.Role, name, person string, t *sample.PeriodTruth, accounts map[string]string) {
	real := t.Roles[role.String()]
	if real.Near {
		return
	}
	name = role.String() + ": " + name
	if c.naive[name] == nil {
		c.naive[name] = &rate{}
	}
	c.naive[name].add(real.Verdict == "single" && person != "" && person == accounts[real.Person])
}

// Bars are the project's own targets at ordinary noise.
type bar struct {
	name  string
	value rate
	least float64
}

// Write prints the card with its bars.
func (c *Card) Write(w io.Writer, title string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d teams, %d team-quarters; %d wrong answers within a hair of a threshold are left out\n\n", title, c.Teams, c.Periods, c.near)
	var clear, duties rate
	for d := range c.duties {
		clear.hit, clear.all = clear.hit+c.clear[d].hit, clear.all+c.clear[d].all
		duties.hit, duties.all = duties.hit+c.duties[d].hit, duties.all+c.duties[d].all
	}
	precision, recall := c.overall()
	for _, x := range []bar{
		{"right person where the truth is clear", clear, .96},
		{"right answer, product owner", c.roles[backlog.ProductOwner], .95},
		{"right answer, product manager", c.roles[backlog.ProductManager], .92},
		{"right answer, single duties", duties, .80},
		{"structure", c.structure, 0},
		{"90 % intervals holding the recorded share", c.recorded, .85},
		{"90 % intervals holding the decided share", c.decided, 0},
		{"findings, precision", precision, .90},
		{"findings, recall", recall, .85},
	} {
		mark := " "
		if x.least > 0 {
			mark = "✓"
			if !(x.value.value() >= x.least) {
				mark = "✗"
			}
			fmt.Fprintf(&b, "%s %-44s %-14s bar ≥ %.2f\n", mark, x.name, x.value, x.least)
			continue
		}
		fmt.Fprintf(&b, "%s %-44s %s\n", mark, x.name, x.value)
	}
	ece, brier := c.calibration()
	fmt.Fprintf(&b, "%s %-44s %.3f (%d)    bar ≤ 0.05; Brier %.3f\n", tick(ece <= .05), "calibration error of P(top)", ece, len(c.probable), brier)
	fmt.Fprintf(&b, "%s %-44s × %.2f (%d)   bar ≤ 1.25; on the wall clock × %.2f, next comment on the wall clock × %.2f\n\n",
		tick(median(c.waits) <= math.Log(1.25)), "median wait, median factor off", math.Exp(median(c.waits)), len(c.waits), math.Exp(median(c.wallWait)), math.Exp(median(c.nextWait)))

	b.WriteString("duty         right answer   right person where clear   whoever clicked most\n")
	for d := range c.duties {
		fmt.Fprintf(&b, "%-12s %-14s %-26s %s\n", backlog.Duty(d), c.duties[d], c.clear[d], c.clicks[d])
	}
	b.WriteString("\nfinding                  precision      recall\n")
	for _, code := range sorted(c.findings) {
		f := c.findings[code]
		fmt.Fprintf(&b, "%s %-24s %-14s %s\n", tick(!(f.precision().value() < .70) && !(f.recall().value() < .70)), code, f.precision(), f.recall())
	}
	b.WriteString("\nnaive answers, same teams\n")
	for _, name := range sorted(c.naive) {
		fmt.Fprintf(&b, "  %-52s %s\n", name, c.naive[name])
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Mistakes lists what was taken for what, the commonest first.
func (c *Card) Mistakes(w io.Writer) error {
	names := sorted(c.wrong)
	slices.SortStableFunc(names, func(a, b string) int { return c.wrong[b] - c.wrong[a] })
	for _, n := range names {
		if _, err := fmt.Fprintf(w, "%4d  %s\n", c.wrong[n], n); err != nil {
			return err
		}
	}
	return nil
}

func (c *Card) overall() (precision, recall rate) {
	for _, f := range c.findings {
		p, r := f.precision(), f.recall()
		precision.hit, precision.all = precision.hit+p.hit, precision.all+p.all
		recall.hit, recall.all = recall.hit+r.hit, recall.all+r.all
	}
	return precision, recall
}

// calibration is the expected calibration error in ten bins, and the Brier score.
func (c *Card) calibration() (ece, brier float64) {
	var sum, hits, n [10]float64
	for _, g := range c.probable {
		i := min(9, int(g.p*10))
		sum[i] += g.p
		n[i]++
		hit := 0.0
		if g.hit {
			hits[i]++
			hit = 1
		}
		brier += (g.p - hit) * (g.p - hit)
	}
	for i := range n {
		ece += math.Abs(sum[i] - hits[i])
	}
	all := float64(len(c.probable))
	return ece / all, brier / all
}

func tick(ok bool) string {
	if ok {
		return "✓"
	}
	return "✗"
}

func median(list []float64) float64 {
	if len(list) == 0 {
		return math.NaN()
	}
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
