package reports

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/fatih/color"

	"defacto/analysis"
	"defacto/backlog"
)

// matrix shows who does what: with the verdicts beside the shares where the
// terminal is wide enough, below them where it is not, and as a list where not
// even two people fit side by side.
func (t *audit) matrix(p *analysis.PeriodReport) error {
	t.head("who does what")
	t.text("Share of what is recorded, with its 90 % interval; n counts the units, in brackets what they are worth as evidence.", 0, color.Faint)
	const duty, each, nobody, verdict, gap = 10, 11, 6, 24, 2
	sample := len("n")
	for _, d := range p.Duties {
		sample = max(sample, len(sampleCell(d)))
	}
	who := cast(p)
	room := t.width - duty - nobody - sample - 2*gap
	beside := room-gap-verdict >= 3*(each+gap)
	if beside {
		room -= gap + verdict
	}
	fits := room / (each + gap)
	if fits < 3 {
		t.list(p)
		return nil
	}
	shown := who[:min(fits, len(who), 10)]
	cols := []column{{head: "Duty", width: duty, tight: true}}
	for _, id := range shown {
		cols = append(cols, column{head: t.people.name(id), width: each, tight: true})
	}
	cols = append(cols, column{head: "nobody", width: nobody, right: true}, column{head: "n", width: sample, right: true})
	if beside {
		cols = append(cols, column{head: "Verdict", width: min(verdict+room-len(shown)*(each+gap), 60)})
	}
	var rows [][]string
	for _, name := range backlog.Duties() {
		d := p.Duties[name.String()]
		if d == nil {
			d = &analysis.DutyReport{}
		}
		row := []string{name.String()}
		for _, id := range shown {
			row = append(row, shareCell(d, id))
		}
		row = append(row, nobodyCell(d), sampleCell(d))
		if beside {
			row = append(row, t.people.verdict(d))
		}
		rows = append(rows, row)
	}
	if err := t.grid(cols, rows); err != nil {
		return err
	}
	if rest := len(who) - len(shown); rest > 0 {
		t.text("And "+count(rest, "more person", "more people")+": "+clip(strings.Join(t.people.all(who[len(shown):]), ", "), 300)+".", 0, color.Faint)
	}
	if beside {
		return nil
	}
	t.line("")
	for _, name := range backlog.Duties() {
		if d := p.Duties[name.String()]; d != nil {
			t.hanging(fmt.Sprintf("%-*s  ", duty, name), duty+gap, t.people.verdict(d))
		}
	}
	return nil
}

// verdict is a duty's verdict in words, with what it rests on.
func (p people) verdict(d *analysis.DutyReport) string {
	words := p.whoLeads(d)
	if d.Words != "" && d.Verdict != "insufficient" {
		words += ", " + clean(d.Words)
	}
	if d.Why != "" {
		words += ": " + strings.TrimSuffix(clip(clean(d.Why), 120), ": too few to say")
	}
	return words
}

func shareCell(d *analysis.DutyReport, id string) string {
	s := shareOf(d, id)
	if s == nil {
		return ""
	}
	return fmt.Sprintf("%3s %s", percent(s.Share), span(s.Low, s.High, "-"))
}

// nobodyCell is the share nobody is recorded for, where there is enough to say.
func nobodyCell(d *analysis.DutyReport) string {
	if len(d.Shares) == 0 && d.Nobody == 0 {
		return ""
	}
	return percent(d.Nobody)
}

// sampleCell is how many units there were and what they are worth as evidence.
func sampleCell(d *analysis.DutyReport) string {
	if d == nil || d.Units == 0 {
		return ""
	}
	worth := number(d.NEff)
	if d.NEff >= 10 {
		worth = strconv.FormatFloat(d.NEff, 'f', 0, 64)
	}
	return strconv.Itoa(d.Units) + " (" + worth + ")"
}

// list is the matrix for a narrow terminal.
func (t *audit) list(p *analysis.PeriodReport) {
	for _, name := range backlog.Duties() {
		d := p.Duties[name.String()]
		if d == nil {
			continue
		}
		t.hanging(t.paint(name.String(), color.Bold)+": ", len(name.String())+2, t.people.verdict(d))
		for _, s := range d.Shares[:min(5, len(d.Shares))] {
			t.line(fmt.Sprintf("  %4s %-6s  %s", percent(s.Share), span(s.Low, s.High, "-"), fit(t.people.name(s.Person), t.width-15)))
		}
		if rest := len(d.Shares) - 5; rest > 0 {
			t.line("               and " + strconv.Itoa(rest) + " more")
		}
		if n := nobodyCell(d); n != "" {
			t.line(fmt.Sprintf("  %4s         nobody", n))
		}
		if n := sampleCell(d); n != "" {
			t.line("     n " + n)
		}
	}
}
