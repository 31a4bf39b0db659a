package reports

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"defacto/analysis"
	"defacto/backlog"
)

// dutyTitle says a duty as what somebody does.
func dutyTitle(d backlog.Duty) string {
	switch d {
	case backlog.Write:
		return "Writes the stories"
	case backlog.Prioritise:
		return "Decides what comes first"
	case backlog.Accept:
		return "Accepts the work"
	case backlog.Answer:
		return "Answers the team"
	case backlog.Roadmap:
		return "Shapes the roadmap"
	default:
		return "Brings in the market"
	}
}

// dutyUnit says what a duty is counted in.
func dutyUnit(d backlog.Duty) string {
	switch d {
	case backlog.Answer:
		return "questions"
	case backlog.Roadmap:
		return "item-weeks"
	case backlog.Market:
		return "acts"
	default:
		return "issues"
	}
}

// structureWords explains how the two roles stand to each other.
func structureWords(structure string) string {
	switch structure {
	case "insufficient":
		return "not enough recorded to say who holds the roles"
	case "delegated":
		return "delegated: one person handed the owner's work over and kept the roadmap"
	case "proxy":
		return "proxy: one person writes and answers, another orders and accepts"
	case "contested":
		return "contested: two people share a role and the record cannot tell whose word counts"
	case "committee":
		return "committee: several people share the owner's work"
	case "vacant":
		return "vacant: for much of a role's work nobody is recorded"
	case "dual":
		return "dual: one person is recorded in both roles"
	case "split":
		return "split: two people, one for each role"
	case "unclear":
		return "unclear: the record does not name somebody for each of the two roles"
	}
	return clean(structure)
}

// whoLeads says a duty's verdict in words.
func (p people) whoLeads(d *analysis.DutyReport) string {
	if d == nil {
		return "not measured"
	}
	switch d.Verdict {
	case "single":
		if d.Owned {
			return p.or(d.Person, "one person") + " owns it"
		}
		return p.or(d.Person, "one person") + " leads"
	case "contested":
		if len(d.Persons) == 0 {
			return "contested between two people"
		}
		return "contested: " + strings.Join(p.all(d.Persons), " or ")
	case "spread":
		return "spread over several people"
	case "vacant":
		return "nobody recorded"
	case "insufficient", "":
		return outcomeWords(d.Outcome)
	}
	return clean(d.Verdict)
}

// holder says a role's verdict in words.
func (p people) holder(r *analysis.RoleReport) string {
	if r == nil {
		return "not measured"
	}
	switch r.Verdict {
	case "single":
		return p.or(r.Person, "one person")
	case "leaning":
		return "leaning to " + p.or(r.Person, "one person")
	case "contested":
		if len(r.People) < 2 {
			return "contested between two people"
		}
		return "contested: " + p.name(r.People[0].Person) + " or " + p.name(r.People[1].Person)
	case "committee":
		return "a committee"
	case "vacant":
		return "nobody recorded"
	case "insufficient", "":
		return "not enough to say"
	}
	return clean(r.Verdict)
}

// outcomeWords says why there is no answer; "no data" never reads like "no".
func outcomeWords(o analysis.Outcome) string {
	switch o {
	case analysis.NotRecorded:
		return "not recorded here"
	case analysis.NotApplicable:
		return "nothing to measure"
	}
	return "not enough to say"
}

// matchWords compares the declared with the de facto holder.
func matchWords(m *analysis.Match) string {
	if m == nil {
		return "not compared"
	}
	switch m.Outcome {
	case "match":
		return "matches"
	case "differs":
		return "differs"
	case "vacant":
		return "vacant"
	case "undeclared":
		return "nobody declared"
	case "cannot-say":
		return "cannot say"
	}
	return clean(m.Outcome)
}

// measureName turns "forest_index" into "forest index", and names that mean
// nothing by themselves into words.
func measureName(m analysis.Measure) string {
	switch m.Name {
	case "distance":
		return "share recorded for others than declared"
	case "nobody":
		return "share recorded for nobody"
	case "no_answer_share":
		return "share without a recorded answer"
	case "effective_people":
		return "people it is spread over, weighed"
	}
	return strings.NewReplacer("_", " ", "-", " ").Replace(clean(m.Name))
}

// grounds says why a finding matters, without the numbers of the method's sources.
func grounds(s string) string {
	for {
		before, rest, ok := strings.Cut(s, " (S")
		inside, after, closed := strings.Cut(rest, ")")
		if !ok || !closed {
			return s
		}
		var named []string
		for _, one := range strings.FieldsFunc("S"+inside, func(r rune) bool { return r == ',' || r == ';' }) {
			if one = strings.TrimSpace(one); len(one) != 2 || one[0] != 'S' || one[1] < '0' || one[1] > '4' {
				named = append(named, one)
			}
		}
		s = before
		if len(named) > 0 {
			s += " [" + strings.Join(named, ", ") + "]"
		}
		s += after
	}
}

// amount formats a measure's number in its unit.
func amount(v *float64, unit string) string {
	if v == nil {
		return "not reached"
	}
	switch unit {
	case "share":
		return inWords(*v)
	case "hours":
		return hours(*v)
	}
	return number(*v)
}

// between formats an interval in a measure's unit, "" where there is none.
func between(low, high *float64, unit, dash string) string {
	if low == nil && high == nil {
		return ""
	}
	edge := func(v *float64) string {
		switch {
		case v == nil:
			return "?"
		case unit == "share":
			return strconv.Itoa(round100(*v))
		}
		return number(*v)
	}
	return edge(low) + dash + edge(high)
}

func round100(v float64) int { return int(math.Round(v * 100)) }

// percent never rounds something to nothing, or most to all.
func percent(v float64) string {
	switch n := round100(v); {
	case n == 0 && v > 0:
		return "<1%"
	case n == 100 && v < 1:
		return ">99%"
	default:
		return strconv.Itoa(n) + "%"
	}
}

// inWords is a share in a sentence, where the analysis writes "58 %" too.
func inWords(v float64) string { return strings.TrimSuffix(percent(v), "%") + " %" }

// odds is a probability in a sentence; an inference is never certain.
func odds(p float64) string { return inWords(math.Min(p, .999)) }

// span formats the interval of a share, as in "52-70".
func span(low, high float64, dash string) string {
	return strconv.Itoa(round100(low)) + dash + strconv.Itoa(round100(high))
}

// number formats with one decimal below a hundred where there is one, and none above.
func number(v float64) string {
	if math.Abs(v) < 100 {
		v = math.Round(v*10) / 10
	}
	if math.Abs(v) >= 100 || v == math.Trunc(v) {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'f', 1, 64)
}

func hours(v float64) string { return number(v) + " h" }

// personMedian is one person's median wait: "too few" where none is given, "never"
// where less than half were ever answered.
func personMedian(b analysis.PersonWait) string {
	if b.Outcome == analysis.TooFew {
		return "too few"
	}
	return hoursOr(b.MedianHours, "never")
}

// withinDay is what part of one person's questions was answered within a working day, by
// them and by others.
func withinDay(b analysis.PersonWait) string {
	if b.WithinDay == nil || b.WithinDayOthers == nil {
		return "too few"
	}
	return percent(*b.WithinDay) + ", by others " + percent(*b.WithinDayOthers)
}

func hoursOr(v *float64, none string) string {
	if v == nil {
		return none
	}
	return hours(*v)
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// days spells the days a period covers; its end is exclusive.
func days(p *analysis.PeriodReport) string {
	if p.From.IsZero() || p.To.IsZero() {
		return ""
	}
	return p.From.Format("2 Jan 2006") + " to " + p.To.AddDate(0, 0, -1).Format("2 Jan 2006")
}

func clockWords(clock string) string {
	if clock == "wall" {
		return "wall-clock hours"
	}
	return "working hours"
}

func when(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format("2 Jan 2006 15:04")
}

func day(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format("2 Jan 2006")
}

// joined reads "a, b and c".
func joined(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// sentenceOf says a table's rows in words, for those who cannot see the chart.
func sentenceOf(rows [][]string, layout string) string {
	var said []string
	for _, row := range rows {
		cells := make([]any, strings.Count(layout, "%s"))
		for i := range cells {
			cells[i] = row[i]
		}
		said = append(said, fmt.Sprintf(layout, cells...))
	}
	return clip(strings.Join(said, "; "), 1200) + "."
}

// capital starts a sentence.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
