package reports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"unicode/utf8"

	"defacto/analysis"
)

// jsonFormat is the contract of docs/json.md: the whole report, deterministic,
// shares and the like rounded to four decimals, empty lists as [].
type jsonFormat struct{}

// Render writes one indented document and a newline. A number that JSON cannot
// spell (NaN, an infinity) is an error, never a silent null.
func (jsonFormat) Render(w io.Writer, r *analysis.Report) error {
	c := clone(r)
	rounded(c)
	return document(w, c)
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
		round(w.MedianHours, w.LowHours, w.HighHours, w.P90Hours, w.MeanHours, w.FirstResponse, w.WallMedian)
		for i := range w.ByPerson {
			round(w.ByPerson[i].MedianHours)
		}
		for i := range w.Curve {
			c := &w.Curve[i]
			round(&c.Hours, &c.Open, &c.Low, &c.High)
		}
		for i := range w.Items {
			round(&w.Items[i].Hours, &w.Items[i].WallHours)
		}
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
