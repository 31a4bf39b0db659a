package analysis

import (
	"strings"

	"defacto/backlog"
)

// EvidenceLimited says when the rest should be read with care, and why.
var EvidenceLimited = rule("evidence-limited", "What limits the evidence here?",
	"Raised where history is missing or short, an import hides the past, machines make much of the acts, or too little is recorded to judge the owner's role at all. Indirect traces lower the confidence of their duty instead.",
	nil, func(in *Input) ([]Finding, error) { return in.limited() })

func (in *Input) limited() ([]Finding, error) {
	c := in.coverage()
	var why []string
	if c.Issues == 0 {
		return none()
	}
	if c.NoHistory*2 > c.Issues {
		why = append(why, sentence("the history of %d of %d issues was not obtained", c.NoHistory, c.Issues))
	}
	if missing := c.lacks(); missing != "" {
		why = append(why, missing)
	}
	if c.Excluded.Imported*2 > c.Issues {
		why = append(why, sentence("%d of %d issues came with an import, which hides what went before", c.Excluded.Imported, c.Issues))
	}
	if c.MachineShare > in.Method.MachineShare {
		why = append(why, sentence("machines made %s of the acts", percent(c.MachineShare)))
	}
	if h := Roles.Result(in)[backlog.ProductOwner]; h.Verdict == "insufficient" {
		why = append(why, sentence("%s to judge the product owner", h.Why))
	}
	if len(why) == 0 {
		return none()
	}
	// What follows lowers confidence where it stands; it is worth saying here, but no reason to raise.
	for _, t := range in.tallies() {
		switch {
		case !t.enough() || t.Direct >= in.Method.DirectShare:
		case t.Direct == 0:
			why = append(why, sentence("%s leaves no direct trace on any of its units", verb(t.Duty)))
		case t.Direct < .005: // which would be read as none
			why = append(why, sentence("%s leaves a direct trace on less than 1 %% of its units", verb(t.Duty)))
		default:
			why = append(why, sentence("%s leaves a direct trace on only %s of its units", verb(t.Duty), percent(t.Direct)))
		}
	}
	if h := Roles.Result(in)[backlog.ProductManager]; h.Verdict == "insufficient" {
		why = append(why, sentence("%s to judge the product manager", h.Why))
	}
	f := in.raise("evidence-limited", "")
	f.Statement = sentence("Read %s with care: %s.", in.title(), strings.Join(why, "; "))
	v := float64(len(why))
	f.Measure = Measure{Name: "limits", Unit: "count", Value: &v, N: c.Issues}
	f.Rests = "A tracker sees a part of the work only; where even that part is thin, nothing should be concluded."
	return one(f)
}

// lacks says what the tracker promised and did not give, "" where nothing is missing.
func (c *Coverage) lacks() string {
	var list []string
	for _, m := range []struct {
		n            int
		one, several string
	}{{c.Missing.Changes, "history entry", "history entries"}, {c.Missing.Comments, "comment", "comments"}, {c.Missing.Issues, "issue", "issues"}} {
		switch {
		case m.n == 1:
			list = append(list, "1 "+m.one)
		case m.n > 1:
			list = append(list, sentence("%d %s", m.n, m.several))
		}
	}
	switch {
	case len(list) == 0:
		return ""
	case c.Missing.Changes+c.Missing.Comments+c.Missing.Issues == 1:
		return list[0] + " is missing"
	}
	return enumerate(list) + " are missing"
}
