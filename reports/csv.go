package reports

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"defacto/analysis"
	"defacto/backlog"
)

// csvFormat is one row per scope, period, duty and person, and one for nobody,
// for a spreadsheet or a data frame. See docs/reports.md for the columns.
type csvFormat struct{}

func csvColumns() []string {
	return []string{
		"scope", "scope_name", "period", "from", "to",
		"duty", "outcome", "verdict", "owned", "confidence", "units", "weight", "n_eff", "weeks", "direct", "machine",
		"person_id", "person", "kind", "share", "low", "high", "p_top", "person_units", "named",
		"po_verdict", "po_person", "po_score", "po_declared", "po_match",
		"pm_verdict", "pm_person", "pm_score", "pm_declared", "pm_match",
		"structure", "why",
	}
}

// Render writes a header line and the rows, CRLF-free, RFC 4180 quoted.
func (csvFormat) Render(w io.Writer, r *analysis.Report) error {
	out := csv.NewWriter(w)
	rows := csvRows{people: peopleOf(r), kind: map[string]string{}, write: func(cells []string) error { return out.Write(cells) }}
	for _, p := range r.People {
		rows.kind[p.ID] = p.Kind
	}
	err := out.Write(csvColumns())
	for i := range r.Scopes {
		for j := range r.Scopes[i].Periods {
			for _, d := range backlog.Duties() {
				if err == nil {
					err = rows.duty(&r.Scopes[i], &r.Scopes[i].Periods[j], d)
				}
			}
		}
	}
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	if err != nil {
		return fmt.Errorf("reports: csv: %w", err)
	}
	return nil
}

type csvRows struct {
	people people
	kind   map[string]string
	write  func([]string) error
}

func (c csvRows) duty(s *analysis.ScopeReport, p *analysis.PeriodReport, duty backlog.Duty) error {
	d := p.Duties[duty.String()]
	if d == nil {
		return nil
	}
	head := []string{
		Cell(s.Scope), Cell(s.Name), Cell(p.Period), dateCell(p.From), dateCell(p.To),
		duty.String(), Cell(string(d.Outcome)), Cell(d.Verdict), strconv.FormatBool(d.Owned), Cell(d.Words),
		strconv.Itoa(d.Units), decimal(d.Weight), decimal(d.NEff), strconv.Itoa(d.Weeks), decimal(d.Direct), decimal(d.Machine),
	}
	for _, share := range d.Shares {
		row := append(list(head),
			Cell(share.Person), Cell(c.people.name(share.Person)), Cell(c.kind[share.Person]),
			decimal(share.Share), decimal(share.Low), decimal(share.High), decimal(share.PTop), decimal(share.Units),
			strconv.FormatBool(d.Verdict == "single" && d.Person == share.Person))
		if err := c.write(c.tail(row, p, d, share.Person)); err != nil {
			return err
		}
	}
	row := append(list(head), "", "(nobody)", "", decimal(d.Nobody), "", "", "", "", "false")
	return c.write(c.tail(row, p, d, ""))
}

func (c csvRows) tail(row []string, p *analysis.PeriodReport, d *analysis.DutyReport, person string) []string {
	for _, role := range roles() {
		verdict, holder, score, declared, match := "", "", "", "false", ""
		if r := p.Roles[role.String()]; r != nil {
			verdict = r.Verdict
			if r.Person != "" {
				holder = c.people.name(r.Person)
			}
			for _, s := range r.People {
				if s.Person == person && person != "" {
					score = decimal(s.Score)
				}
			}
		}
		for _, id := range p.Declared[role.String()] {
			if id == person && person != "" {
				declared = "true"
			}
		}
		if m := p.Match[role.String()]; m != nil {
			match = m.Outcome
		}
		row = append(row, Cell(verdict), Cell(holder), score, declared, Cell(match))
	}
	return append(row, Cell(p.Structure), Cell(d.Why))
}

func decimal(v float64) string {
	round(&v)
	return strconv.FormatFloat(v, 'f', -1, 64)
}

func dateCell(d analysis.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.Format("2006-01-02")
}

// Cell makes a text safe for a spreadsheet: what would open a formula, also in
// full width or behind spaces or marks, gets an apostrophe in front.
func Cell(s string) string {
	formula := s != "" && strings.ContainsRune("\t\r\n", rune(s[0]))
	s = clean(s)
	if formula || strings.HasPrefix(strings.TrimLeft(s, "\"' "), "=") || s != "" && strings.ContainsAny(firstRune(s), "=+-@|%＝＋－＠") {
		return "'" + s
	}
	return s
}

func firstRune(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}
