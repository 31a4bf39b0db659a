package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"runtime"
	"slices"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"defacto/analysis"
)

// jsonFormat is the contract of docs/json.md: the whole report, deterministic,
// shares and the like rounded to four decimals, empty lists as [].
type jsonFormat struct{}

// Render writes one indented document and a newline. A number that JSON cannot
// spell (NaN, an infinity) is an error, never a silent null. The periods are
// spelt as many at once as there are processors and written in order, so that a
// large report never stands in memory as text.
func (jsonFormat) Render(w io.Writer, r *analysis.Report) error {
	head := jsonText{}
	head.open('{')
	head.text("schema", r.Schema)
	head.when("as_of", r.AsOf)
	head.text("clock", r.Clock)
	head.any("settings", list(r.Settings))
	head.texts("limits", r.Limits)
	head.any("people", list(r.People))
	head.key("scopes")
	head.open('[')
	if err := head.to(w); err != nil {
		return err
	}
	if err := spellAll(w, stretches(r), head.depth); err != nil {
		return err
	}
	tail := jsonText{depth: head.depth, empty: len(r.Scopes) == 0}
	tail.close(']')
	tail.any("rules", r.Rules)
	if r.ChangedSince != nil {
		c := *r.ChangedSince
		c.Changes = list(c.Changes)
		tail.any("changed_since", c)
	}
	tail.close('}')
	tail.buf = append(tail.buf, '\n')
	return tail.to(w)
}

// to writes what was spelt.
func (j *jsonText) to(w io.Writer) error {
	if j.err != nil {
		return j.err
	}
	if _, err := w.Write(j.buf); err != nil {
		return fmt.Errorf("reports: json: %w", err)
	}
	j.buf = j.buf[:0]
	return nil
}

// stretch is a part of the list of scopes: a period with what stands around it.
type stretch func(j *jsonText)

func stretches(r *analysis.Report) []stretch {
	var all []stretch
	for i := range r.Scopes {
		s := &r.Scopes[i]
		begin := func(j *jsonText) {
			j.empty = i == 0
			j.next()
			j.open('{')
			j.text("scope", s.Scope)
			j.text("name", s.Name)
			j.key("periods")
			j.open('[')
		}
		end := func(j *jsonText) {
			j.close(']')
			j.close('}')
		}
		if len(s.Periods) == 0 {
			all = append(all, func(j *jsonText) { begin(j); end(j) })
		}
		for k := range s.Periods {
			all = append(all, func(j *jsonText) {
				if k == 0 {
					begin(j)
				} else {
					j.depth += 2
					j.empty = false
				}
				j.next()
				j.period(&s.Periods[k])
				if k == len(s.Periods)-1 {
					end(j)
				}
			})
		}
	}
	return all
}

// spellAll spells stretches at once and writes them one after the other.
func spellAll(w io.Writer, all []stretch, depth int) error {
	workers := runtime.GOMAXPROCS(0)
	spelt := make(chan chan *jsonText, workers)
	rest := make(chan *jsonText, 2*workers+1) // texts that may be written over
	var g errgroup.Group
	g.SetLimit(workers)
	stop := make(chan struct{})
	go func() {
		defer close(spelt)
		for _, p := range all {
			one := make(chan *jsonText, 1)
			select {
			case spelt <- one:
			case <-stop:
				return
			}
			g.Go(func() error { // waits for a free processor
				j := &jsonText{}
				select {
				case j = <-rest:
				default:
				}
				j.depth, j.empty = depth, false
				p(j)
				one <- j
				return nil
			})
		}
	}()
	var err error
	for one := range spelt {
		j := <-one
		if err == nil {
			if err = j.to(w); err != nil {
				close(stop)
			}
		}
		select {
		case rest <- j:
		default:
		}
	}
	return errors.Join(err, g.Wait())
}

func (j *jsonText) period(p *analysis.PeriodReport) {
	short := *p // what is short goes by reflection
	short.Duties, short.Waits, short.Findings = nil, nil, nil
	clonePeriod(&short)
	roundedPeriod(&short)
	j.open('{')
	j.text("period", p.Period)
	j.any("from", p.From)
	j.any("to", p.To)
	j.text("headline", p.Headline)
	j.any("coverage", short.Coverage)
	j.key("duties")
	j.open('{')
	for _, name := range slices.Sorted(maps.Keys(p.Duties)) {
		j.duty(name, p.Duties[name])
	}
	j.close('}')
	j.any("roles", short.Roles)
	j.text("structure", p.Structure)
	j.any("declared", short.Declared)
	j.any("declared_origins", short.Origins)
	j.any("match", short.Match)
	j.waits(p.Waits)
	j.any("forest", short.Forest)
	array(j, "findings", p.Findings, j.finding)
	j.close('}')
}

func (j *jsonText) duty(name string, d *analysis.DutyReport) {
	if d == nil {
		j.any(name, nil)
		return
	}
	j.key(name)
	j.open('{')
	j.text("outcome", string(d.Outcome))
	j.text("verdict", d.Verdict)
	j.some("person", d.Person)
	if len(d.Persons) > 0 {
		j.texts("persons", d.Persons)
	}
	if d.Owned {
		j.flag("owned", d.Owned)
	}
	j.whole("units", d.Units)
	j.number("weight", d.Weight)
	j.number("n_eff", d.NEff)
	j.whole("weeks", d.Weeks)
	j.number("nobody", d.Nobody)
	j.number("direct", d.Direct)
	j.number("machine", d.Machine)
	j.some("confidence", d.Words)
	array(j, "shares", d.Shares, func(s *analysis.Share) {
		j.open('{')
		j.text("person", s.Person)
		j.number("share", s.Share)
		j.number("low", s.Low)
		j.number("high", s.High)
		j.number("p_top", s.PTop)
		j.number("units", s.Units)
		j.close('}')
	})
	j.some("why", d.Why)
	j.close('}')
}

func (j *jsonText) waits(w *analysis.Waits) {
	if w == nil {
		j.any("waits", nil)
		return
	}
	j.key("waits")
	j.open('{')
	j.text("outcome", string(w.Outcome))
	j.whole("questions", w.Questions)
	j.whole("answered", w.Answered)
	j.whole("open", w.Open)
	j.whole("possible", w.Possible)
	j.numberOr("median_hours", w.MedianHours)
	j.numberOr("low_hours", w.LowHours)
	j.numberOr("high_hours", w.HighHours)
	j.numberOr("p90_hours", w.P90Hours)
	j.numberOr("restricted_mean_hours", w.MeanHours)
	j.numberOr("first_response_median_hours", w.FirstResponse)
	j.numberOr("wall_median_hours", w.WallMedian)
	j.numberOr("median_if_answered_hours", w.IfAnswered)
	j.numberOr("median_if_never_hours", w.IfNever)
	j.whole("closed", w.Closed)
	array(j, "by_person", w.ByPerson, func(p *analysis.PersonWait) {
		j.open('{')
		j.text("outcome", string(p.Outcome))
		j.text("person", p.Person)
		j.whole("questions", p.Questions)
		j.whole("open", p.Open)
		j.whole("by_others", p.ByOthers)
		j.numberOr("median_hours", p.MedianHours)
		j.numberOr("within_day", p.WithinDay)
		j.numberOr("within_day_by_others", p.WithinDayOthers)
		j.some("zone", p.Zone)
		j.some("zone_from", string(p.ZoneFrom))
		j.close('}')
	})
	array(j, "curve", w.Curve, func(c *analysis.CurvePoint) {
		j.open('{')
		j.number("hours", c.Hours)
		j.number("open", c.Open)
		j.number("low", c.Low)
		j.number("high", c.High)
		j.close('}')
	})
	j.key("items")
	j.open('[')
	for item := range w.Items.All() {
		j.next()
		j.item(item)
	}
	j.close(']')
	j.some("why", w.Why)
	j.close('}')
}

func (j *jsonText) item(i *analysis.WaitItem) {
	j.open('{')
	j.text("issue", i.Issue)
	j.some("url", i.URL)
	j.text("comment", i.Comment)
	j.text("asked_by", i.AskedBy)
	j.text("asked", i.Asked)
	j.when("asked_at", i.AskedAt)
	j.some("answered_by", i.AnsweredBy)
	if i.AnsweredAt != nil {
		j.when("answered_at", *i.AnsweredAt)
	}
	j.some("answer", i.Answer)
	j.number("hours", i.Hours)
	j.number("wall_hours", i.WallHours)
	j.flag("open", i.Open)
	j.some("censored", i.Censored)
	if i.Relayed {
		j.flag("relayed", i.Relayed)
	}
	j.close('}')
}

func (j *jsonText) finding(f *analysis.Finding) {
	j.open('{')
	j.text("id", f.ID)
	j.text("code", f.Code)
	j.text("outcome", string(f.Outcome))
	j.texts("people", f.People)
	j.text("statement", f.Statement)
	j.text("confidence", f.Confidence)
	j.text("severity", f.Severity)
	if f.Worth {
		j.flag("worth_a_look", f.Worth)
	}
	j.flag("sensitive", f.Sensitive)
	j.any("note", f.Note)
	j.key("measure")
	j.open('{')
	j.text("name", f.Measure.Name)
	j.text("unit", f.Measure.Unit)
	j.numberOr("value", f.Measure.Value)
	j.numberOr("low", f.Measure.Low)
	j.numberOr("high", f.Measure.High)
	j.numberOr("threshold", f.Measure.Threshold)
	j.whole("n", f.Measure.N)
	j.number("n_eff", f.Measure.NEff)
	j.close('}')
	array(j, "evidence", f.Evidence, j.evidence)
	array(j, "against", f.Against, j.evidence)
	j.text("query", f.Query)
	j.some("rests_on", f.Rests)
	j.some("advice", f.Advice)
	j.close('}')
}

func (j *jsonText) evidence(e *analysis.Evidence) {
	j.open('{')
	j.text("issue", e.Issue)
	j.some("url", e.URL)
	j.text("event", e.Event)
	j.when("at", e.At)
	j.some("person", e.Person)
	j.text("what", e.What)
	j.some("from", e.From)
	j.some("to", e.To)
	weight := e.Weight
	if round(&weight); weight != 0 {
		j.number("weight", weight)
	}
	j.some("why", e.Why)
	j.close('}')
}

// document writes a value as one indented JSON document that no terminal obeys.
func document(w io.Writer, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", " ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("reports: json: %w", err)
	}
	if _, err := w.Write(spelledOut(b.Bytes())); err != nil {
		return fmt.Errorf("reports: json: %w", err)
	}
	return nil
}

// spelledOut writes the runes that a terminal might obey, or that hide or
// reorder text, as \u escapes: the value stays, the bytes are harmless. Such
// runes can only stand inside strings.
func spelledOut(doc []byte) []byte {
	out := make([]byte, 0, len(doc))
	for i := 0; i < len(doc); {
		if doc[i] < utf8.RuneSelf {
			if doc[i] == 0x7f {
				out = append(out, `\u007f`...)
			} else {
				out = append(out, doc[i])
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(doc[i:])
		switch {
		case !hidden(r):
			out = append(out, doc[i:i+n]...)
		case r > 0xffff:
			r -= 0x10000
			out = fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		i += n
	}
	return out
}

// rounded rounds every number of a report in place.
func rounded(r *analysis.Report) {
	for i := range r.Scopes {
		for j := range r.Scopes[i].Periods {
			roundedPeriod(&r.Scopes[i].Periods[j])
		}
	}
}

func roundedPeriod(p *analysis.PeriodReport) {
	round(&p.Coverage.MachineShare)
	for _, d := range p.Duties {
		if d == nil {
			continue
		}
		round(&d.Weight, &d.NEff, &d.Nobody, &d.Direct, &d.Machine)
		for i := range d.Shares {
			s := &d.Shares[i]
			round(&s.Share, &s.Low, &s.High, &s.PTop, &s.Units)
		}
	}
	for _, role := range p.Roles {
		if role == nil {
			continue
		}
		round(&role.P, &role.Nobody)
		for i := range role.People {
			s := &role.People[i]
			round(&s.Score, &s.Low, &s.High, &s.P)
		}
	}
	for _, m := range p.Match {
		if m != nil {
			round(m.Distance, m.Low, m.High)
		}
	}
	if w := p.Waits; w != nil {
		round(w.MedianHours, w.LowHours, w.HighHours, w.P90Hours, w.MeanHours, w.FirstResponse, w.WallMedian, w.IfAnswered, w.IfNever)
		for i := range w.ByPerson {
			round(w.ByPerson[i].MedianHours, w.ByPerson[i].WithinDay, w.ByPerson[i].WithinDayOthers)
		}
		for i := range w.Curve {
			c := &w.Curve[i]
			round(&c.Hours, &c.Open, &c.Low, &c.High)
		}
		w.Items = w.Items.Edited(func(item *analysis.WaitItem) { round(&item.Hours, &item.WallHours) })
	}
	for i := range p.Forest {
		round(p.Forest[i].Index, p.Forest[i].Low, p.Forest[i].High)
	}
	for i := range p.Findings {
		f := &p.Findings[i]
		round(f.Measure.Value, f.Measure.Low, f.Measure.High, f.Measure.Threshold, &f.Measure.NEff)
		for j := range f.Evidence {
			round(&f.Evidence[j].Weight)
		}
		for j := range f.Against {
			round(&f.Against[j].Weight)
		}
	}
}

// round keeps four decimals, and four significant digits of what is smaller
// than that: little never turns into nothing.
func round(values ...*float64) {
	for _, v := range values {
		if v == nil || *v == 0 {
			continue
		}
		scale := 1e4
		if small := math.Abs(*v); small < 1e-3 && small > 1e-12 {
			scale = math.Pow(10, 3-math.Floor(math.Log10(small)))
		}
		if n := math.Round(*v*scale) / scale; !math.IsInf(n, 0) {
			*v = n
		}
	}
}
