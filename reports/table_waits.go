package reports

import (
	"fmt"
	"strconv"
	"strings"

	"defacto/analysis"
)

func (t *audit) waits(p *analysis.PeriodReport) error {
	w := p.Waits
	if w == nil {
		return nil
	}
	t.head("how long questions wait")
	t.text(waitSentence(w, t.report.Clock, "-"), 0)
	if len(w.ByPerson) == 0 {
		return nil
	}
	cols := []column{
		{head: "Asked", width: max(t.width/4, 12), tight: true},
		{head: "questions", right: true},
		{head: "open", right: true},
		{head: "by others", right: true},
		{head: "median", right: true},
	}
	if t.width < 60 {
		cols[1].head, cols[3].head = "n", "others"
	}
	var rows [][]string
	for _, b := range w.ByPerson[:min(8, len(w.ByPerson))] {
		rows = append(rows, []string{
			t.people.name(b.Person), strconv.Itoa(b.Questions), strconv.Itoa(b.Open),
			strconv.Itoa(b.ByOthers), personMedian(b),
		})
	}
	if err := t.grid(cols, rows); err != nil {
		return err
	}
	if rest := len(w.ByPerson) - 8; rest > 0 {
		t.line("and " + strconv.Itoa(rest) + " more")
	}
	for _, words := range t.people.zoneSentences(w) {
		t.hanging("  ", 2, words)
	}
	return nil
}

// waitSentence says how long questions waited, the unanswered included.
func waitSentence(w *analysis.Waits, clock, dash string) string {
	if w.Outcome != analysis.Measured {
		s := capital(outcomeWords(w.Outcome))
		if w.Why != "" {
			s += ": " + clip(clean(w.Why), 300)
		}
		if w.Questions > 0 {
			s += fmt.Sprintf(" (%s, %d answered, %d open)", count(w.Questions, "question", "questions"), w.Answered, w.Open)
		}
		return strings.TrimRight(s, ".") + "."
	}
	s := fmt.Sprintf("%s timed, %d answered, %d open.", count(w.Questions, "question", "questions"), w.Answered, w.Open)
	if w.MedianHours != nil {
		s += " Half are answered within " + number(*w.MedianHours) + " " + clockWords(clock)
		if i := between(w.LowHours, w.HighHours, "hours", dash); i != "" {
			s += " (" + i + ")"
		}
	} else {
		s += " More than half had no recorded answer"
	}
	if w.P90Hours != nil {
		s += ", nine in ten within " + hours(*w.P90Hours)
	}
	s += "."
	if w.FirstResponse != nil {
		s += " Median first response " + hours(*w.FirstResponse) + "."
	}
	if w.WallMedian != nil {
		s += " On the wall clock the median is " + hours(*w.WallMedian) + "."
	}
	if b := boundsSentence(w); b != "" {
		s += " " + b
	}
	if w.Possible > 0 {
		s += " " + count(w.Possible, "possible question asks", "possible questions ask") + " nobody in particular and is not timed."
		if w.Possible > 1 {
			s = strings.Replace(s, "particular and is not timed.", "particular and are not timed.", 1)
		}
	}
	return s
}

// boundsSentence says between what the median lies, as questions closed without an answer
// were perhaps answered elsewhere, perhaps given up; "" where that makes no difference.
func boundsSentence(w *analysis.Waits) string {
	if w.Closed == 0 || w.IfAnswered != nil && w.IfNever != nil && hours(*w.IfAnswered) == hours(*w.IfNever) {
		return ""
	}
	return fmt.Sprintf("%s closed without an answer: had all of them been answered then, the median would be %s; had none ever been, %s.",
		count(w.Closed, "question's issue was", "questions' issues were"), hoursOr(w.IfAnswered, "not reached"), hoursOr(w.IfNever, "never reached"))
}

// zoneSentences say whose hours were counted in a zone that their profile does not tell.
func (p people) zoneSentences(w *analysis.Waits) []string {
	var list []string
	for _, from := range []struct {
		origin analysis.ZoneOrigin
		words  string
	}{
		{analysis.ZoneOfActivity, "No time zone in the profile, so it is inferred from the hours they act at: "},
		{analysis.ZoneOfTeam, "No time zone in the profile, so the team's is taken: "},
	} {
		var who []string
		for _, b := range w.ByPerson {
			if b.ZoneFrom == from.origin {
				name := p.name(b.Person)
				if b.Zone != "" {
					name += " (" + clean(b.Zone) + ")"
				}
				who = append(who, name)
			}
		}
		if len(who) > 0 {
			list = append(list, from.words+strings.Join(who, ", ")+".")
		}
	}
	return list
}
