package reports

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/fatih/color"

	"defacto/analysis"
)

func (t *audit) findings(p *analysis.PeriodReport) {
	t.head(fmt.Sprintf("findings (%d)", len(p.Findings)))
	if len(p.Findings) == 0 {
		t.line("None was raised.")
	}
	for i, f := range inOrder(p.Findings) {
		if i > 0 {
			t.line("")
		}
		lead := strconv.Itoa(i+1) + ". "
		t.hanging(lead, len(lead), clip(clean(f.Statement), longest), color.Bold)
		indent := len(lead)
		t.text(label(f)+"; "+measureSentence(f.Measure, "-"), indent, severity(f)...)
		if e := keys(f.Evidence, 6); e != "" {
			t.text("Evidence: "+e, indent)
		}
		if e := keys(f.Against, 3); e != "" {
			t.text("Against: "+e, indent)
		}
		if f.Advice != "" {
			t.text("Next: "+clip(clean(f.Advice), 400), indent)
		}
		if f.Note != nil {
			t.text(noteSentence(f.Note, t.people, t.options), indent)
		}
		t.text("defacto explain "+clean(f.ID), indent, color.Faint)
	}
}

func severity(f *analysis.Finding) []color.Attribute {
	switch f.Severity {
	case "act":
		return []color.Attribute{color.FgRed}
	case "notice":
		return []color.Attribute{color.FgYellow}
	}
	return nil
}

// label says what kind of finding it is and how far to trust it.
func label(f *analysis.Finding) string {
	words := []string{clean(f.Code)}
	if f.Outcome != analysis.Measured {
		words = append(words, outcomeWords(f.Outcome))
	}
	if f.Confidence != "" {
		words = append(words, clean(f.Confidence))
	}
	switch {
	case f.Worth:
		words = append(words, "worth a look")
	case f.Severity == "act" || f.Severity == "notice":
		words = append(words, f.Severity)
	}
	if f.Sensitive {
		words = append(words, "depends on the weights")
	}
	return strings.Join(words, ", ")
}

// measureSentence is the number behind a finding with its interval, threshold
// and sample.
func measureSentence(m analysis.Measure, dash string) string {
	if m.Name == "" {
		return "no number behind it"
	}
	s := measureName(m) + ": " + amount(m.Value, m.Unit)
	if i := between(m.Low, m.High, m.Unit, dash); i != "" {
		s += " (" + i + ")"
	}
	if m.Threshold != nil {
		s += ", threshold " + amount(m.Threshold, m.Unit)
	}
	s += ", n " + strconv.Itoa(m.N)
	if m.NEff > 0 {
		s += " (worth " + number(m.NEff) + ")"
	}
	return s
}

// keys names a few of the issues a finding rests on, each once.
func keys(evidence []analysis.Evidence, few int) string {
	var names []string
	seen := map[string]bool{}
	for _, e := range evidence {
		if !seen[e.Issue] {
			seen[e.Issue] = true
			names = append(names, clip(clean(e.Issue), 40))
		}
	}
	if rest := len(names) - few; rest > 0 {
		return strings.Join(names[:few], ", ") + " and " + strconv.Itoa(rest) + " more"
	}
	return strings.Join(names, ", ")
}

// noteSentence is the team's answer to a finding.
func noteSentence(n *analysis.Note, p people, o Options) string {
	s := "Answered"
	switch n.Answer {
	case "accept":
		s = "Accepted"
	case "dispute":
		s = "Disputed"
	}
	if n.By != "" {
		s += " by " + p.name(n.By)
	}
	if !n.At.IsZero() {
		s += " on " + day(n.At, o.Zone)
	}
	if !n.Until.IsZero() {
		s += ", until " + day(n.Until, o.Zone)
	}
	if n.Expired {
		s += " (this has run out: is it still so?)"
	}
	if n.Why != "" {
		s += ": " + clip(clean(n.Why), 500)
	}
	return s
}
