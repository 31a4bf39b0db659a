package analysis_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"defacto/analysis"
	"defacto/backlog"
)

// everything is what tell shows where a history asks for nothing in particular.
var everything = []string{"headline", "duties", "roles", "structure", "waits", "findings"}

// tell writes what an audit found in lines a product owner could check. A
// history asks with "show" for what it is about:
//
//	headline · duties · duty accept … · acts accept … · roles · scores · structure · waits · questions
//	forest · coverage · people · findings (with their sentences) · finding po-differs … (with its numbers)
func (h *history) tell(a *audited) string {
	show := h.show
	if len(show) == 0 {
		show = everything
	}
	w := &teller{audited: a, name: map[string]string{"": "nobody"}}
	for i, p := range a.site.People {
		if i > 0 {
			w.name[p.ID] = cmp.Or(p.Name, "somebody deleted")
		}
	}
	for _, sc := range a.report.Scopes {
		for _, p := range sc.Periods {
			switch {
			case len(h.scopes) > 1:
				w.line("%s in %s:", sc.Name, p.Period)
			case len(sc.Periods) > 1:
				w.line("%s:", p.Period)
			}
			for _, what := range show {
				w.show(&p, strings.Fields(what))
			}
		}
	}
	return w.String()
}

type teller struct {
	strings.Builder
	*audited
	name map[string]string
}

func (w *teller) line(format string, args ...any) { fmt.Fprintf(&w.Builder, format+"\n", args...) }

func (w *teller) show(p *analysis.PeriodReport, what []string) {
	switch what[0] {
	case "headline":
		w.line("%s", p.Headline)
	case "duties":
		for _, d := range backlog.Duties() {
			w.duty(p, d.String())
		}
	case "duty":
		for _, d := range what[1:] {
			w.duty(p, d)
		}
	case "acts":
		w.listed(p, what[1:])
	case "roles":
		w.roles(p, false)
	case "scores":
		w.roles(p, true)
	case "structure":
		w.line("structure: %s", p.Structure)
	case "waits":
		w.waits(p.Waits)
	case "questions":
		w.questions(p.Waits)
	case "zones":
		w.zones(p.Waits)
	case "forest":
		for _, f := range p.Forest {
			w.line("forest: %s touched %d roadmap, %d story; %s", w.name[f.Person], f.Roadmap, f.Story, index(f))
		}
	case "coverage":
		w.coverage(&p.Coverage)
	case "people":
		for _, x := range w.site.People[1:] {
			w.line("%s: %s of %s", cmp.Or(x.Name, "no name"), x.Kind, strings.Join(x.Accounts, ", "))
		}
	case "findings":
		for _, f := range p.Findings {
			w.line("finding: %s (%s, %s): %s [%d events]", f.Code, f.Severity, f.Confidence, f.Statement, len(f.Evidence))
		}
	case "finding":
		for _, code := range what[1:] {
			w.finding(p, code)
		}
	default:
		w.line("cannot show %q", what)
	}
}

func (w *teller) duty(p *analysis.PeriodReport, d string) {
	t := p.Duties[d]
	fmt.Fprintf(w, "%s: %s", d, t.Verdict)
	if t.Outcome != analysis.Measured {
		w.line(" (%s), %d units", t.Outcome, t.Units)
		return
	}
	if t.Person != "" {
		fmt.Fprintf(w, " %s", w.name[t.Person])
	}
	fmt.Fprintf(w, ", %s, %d units worth %.2f;", t.Words, t.Units, t.Weight)
	for _, s := range t.Shares {
		fmt.Fprintf(w, " %s %.2f", w.name[s.Person], s.Share)
	}
	w.line(" nobody %.2f", t.Nobody)
}

// listed lists the acts of the duties in the period, issue by issue as they happened.
func (w *teller) listed(p *analysis.PeriodReport, duties []string) {
	keys := map[int64]string{}
	for _, s := range w.snaps {
		for i := range s.Items {
			keys[s.Items[i].No] = s.Items[i].Key
		}
	}
	for _, d := range duties {
		var acts []backlog.Act
		for _, a := range w.acts {
			if a.Duty.String() == d {
				acts = append(acts, a)
			}
		}
		slices.SortStableFunc(acts, func(a, b backlog.Act) int {
			return cmp.Or(cmp.Compare(len(keys[a.Item]), len(keys[b.Item])), cmp.Compare(keys[a.Item], keys[b.Item]), cmp.Compare(a.At, b.At), cmp.Compare(a.Event, b.Event), -cmp.Compare(a.Weight, b.Weight))
		})
		for _, a := range acts {
			counts := fmt.Sprintf("%.2f", a.Weight)
			if a.Excluded != "" {
				counts = "— " + a.Excluded
			}
			who := w.name[w.site.People[a.Person].ID]
			w.line("%s %s: %s %s %s", d, keys[a.Item], who, a.Name, counts)
		}
	}
}

func (w *teller) roles(p *analysis.PeriodReport, scores bool) {
	for _, role := range []string{"product-owner", "product-manager"} {
		r := p.Roles[role]
		fmt.Fprintf(w, "%s: %s", role, r.Verdict)
		if r.Person != "" {
			fmt.Fprintf(w, " %s", w.name[r.Person])
		}
		if r.Proxy {
			fmt.Fprint(w, " (proxy)")
		}
		if r.Sensitive {
			fmt.Fprint(w, " (depends on the weights)")
		}
		if scores {
			for _, s := range r.People {
				fmt.Fprintf(w, "; %s %.2f", w.name[s.Person], s.Score)
			}
			fmt.Fprintf(w, "; nobody %.2f; rests on %s", r.Nobody, strings.Join(r.Duties, " "))
		}
		fmt.Fprintf(w, "; declared: %s", p.Match[role].Outcome)
		if d := p.Match[role].Distance; d != nil && scores {
			fmt.Fprintf(w, " at %.2f", *d)
		}
		w.line("")
	}
}

func (w *teller) waits(x *analysis.Waits) {
	fmt.Fprintf(w, "waits: %s, %d questions, %d answered, %d open, %d possible", x.Outcome, x.Questions, x.Answered, x.Open, x.Possible)
	for _, m := range []struct {
		name  string
		value *float64
	}{{"median", x.MedianHours}, {"first response", x.FirstResponse}, {"by the wall", x.WallMedian}, {"if answered", x.IfAnswered}, {"if never", x.IfNever}} {
		if m.name == "if answered" && x.Closed == 0 {
			break
		}
		switch {
		case m.value != nil:
			fmt.Fprintf(w, ", %s %.1f h", m.name, *m.value)
		case m.name == "if never":
			fmt.Fprint(w, ", if never: not reached")
		}
	}
	w.line("")
}

func (w *teller) zones(x *analysis.Waits) {
	for _, b := range x.ByPerson {
		fmt.Fprintf(w, "asked %s, %d questions, in %s by %s", w.name[b.Person], b.Questions, cmp.Or(b.Zone, "no zone"), cmp.Or(string(b.ZoneFrom), "the wall"))
		if b.WithinDay != nil {
			fmt.Fprintf(w, "; within a day %.2f, by others %.2f", *b.WithinDay, *b.WithinDayOthers)
		}
		w.line("")
	}
}

func (w *teller) questions(x *analysis.Waits) {
	var items []analysis.WaitItem
	for q := range x.Items.All() {
		items = append(items, *q)
	}
	slices.SortStableFunc(items, func(a, b analysis.WaitItem) int {
		return cmp.Or(cmp.Compare(len(a.Issue), len(b.Issue)), cmp.Compare(a.Issue, b.Issue), a.AskedAt.Compare(b.AskedAt))
	})
	for _, q := range items {
		fmt.Fprintf(w, "%s: %s asks %s %s;", q.Issue, w.name[q.AskedBy], w.name[q.Asked], q.AskedAt.Format("01-02 15:04"))
		if q.Relayed {
			fmt.Fprint(w, " relayed;")
		}
		if q.Open {
			w.line(" %s after %.1f h", q.Censored, q.Hours)
			continue
		}
		w.line(" %s answers %s after %.1f h", w.name[q.AnsweredBy], q.AnsweredAt.Format("01-02 15:04"), q.Hours)
	}
	w.line("possible questions: %d", x.Possible)
}

func index(f analysis.Forest) string {
	if f.Index == nil {
		return f.Note
	}
	return fmt.Sprintf("index %.2f (%.2f–%.2f)", *f.Index, *f.Low, *f.High)
}

func (w *teller) coverage(c *analysis.Coverage) {
	w.line("coverage: %d issues, %d changes, %d comments, complete %t, without history %d; missing %d changes, %d comments, %d issues",
		c.Issues, c.Changes, c.Comments, c.Complete, c.NoHistory, c.Missing.Changes, c.Missing.Comments, c.Missing.Issues)
	w.line("excluded: %d by apps, %d imported, %d batches, %d unsigned, %d rolled over, %d by rules; %d people active",
		c.Excluded.Apps, c.Excluded.Imported, c.Excluded.BulkSessions, c.Excluded.NoAuthor, c.Excluded.RollOver, c.Excluded.RuleActors, c.ActivePeople)
	if c.ImportShare > 0 || c.Technical > 0 || c.Unresolved > 0 {
		w.line("of the stories created, %.2f imported, %.2f technical; %d pairs may be one", c.ImportShare, c.Technical, c.Unresolved)
	}
	for _, n := range c.Notes {
		if strings.HasPrefix(n, "Units with a direct trace") {
			w.line("%s", n)
		}
	}
}

// finding shows a finding's numbers, or that it was not raised.
func (w *teller) finding(p *analysis.PeriodReport, code string) {
	raised := false
	for _, f := range p.Findings {
		if f.Code != code {
			continue
		}
		raised = true
		m := &f.Measure
		fmt.Fprintf(w, "%s: %s, %s", code, f.Severity, f.Confidence)
		if f.Worth {
			fmt.Fprint(w, ", worth a look")
		}
		if f.Sensitive {
			fmt.Fprint(w, ", depends on the weights")
		}
		names := make([]string, len(f.People))
		for i, id := range f.People {
			names[i] = w.name[id]
		}
		fmt.Fprintf(w, "; %s; %s %s", strings.Join(names, ", "), m.Name, value(m.Value))
		if m.Low != nil || m.High != nil {
			fmt.Fprintf(w, " (%s–%s)", value(m.Low), value(m.High))
		}
		if m.Threshold != nil {
			fmt.Fprintf(w, " against %s", value(m.Threshold))
		}
		w.line(", n %d; %d events for, %d against", m.N, len(f.Evidence), len(f.Against))
	}
	if !raised {
		w.line("%s: not raised", code)
	}
}

func value(v *float64) string {
	if v == nil {
		return "?"
	}
	return fmt.Sprintf("%.2f", *v)
}
