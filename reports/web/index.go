package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"defacto/analysis"
	"defacto/backlog"
	"defacto/reports"
)

// index shows all scopes, or those somebody looks for.
func (s *server) index(r *http.Request) (*page, error) {
	ctx, q := r.Context(), r.URL.Query()
	report, err := s.whole(ctx, q.Get("period"))
	if err != nil {
		return nil, err
	}
	shown := s.choose(report, q.Get("q"), q.Get("show"), q.Get("sort"))
	p, err := s.framed(r, report, "scopes")
	if err != nil {
		return nil, err
	}
	p.Title, p.Heading, p.Foreword = "Scopes", "Who really runs this backlog", s.pages.Foreword(report)
	p.Ask = s.asking(q.Get("q"), q.Get("show"), q.Get("sort"), p.Period, len(shown), len(report.Scopes))
	if p.Body, err = s.pages.Index(report, shown); err != nil {
		return nil, err
	}
	p.downloads("", p.Period)
	return p, nil
}

// asking is the form above a list of scopes.
type asking struct {
	Action, Text, Period string
	Show, Sort, Question []choice
	Found, All           int
}

// choice is one line of a select element.
type choice struct {
	Value, Title string
	Chosen       bool
}

func (s *server) asking(text, show, sort, period string, found, all int) *asking {
	return &asking{
		Action: "/", Text: printable(text), Period: period, Found: found, All: all,
		Show: chosen(show, choice{Value: "", Title: "all scopes"}, choice{Value: "loud", Title: "something to act on or notice"}, choice{Value: "differs", Title: "somebody else than declared"},
			choice{Value: "vacant", Title: "a role nobody holds"}, choice{Value: "gaps", Title: "gaps in the data"}),
		Sort: chosen(sort, choice{Value: "", Title: "name"}, choice{Value: "findings", Title: "findings"}, choice{Value: "wait", Title: "longest wait"}),
	}
}

func chosen(value string, all ...choice) []choice {
	for i := range all {
		all[i].Chosen = all[i].Value == value
	}
	return all
}

// choose returns the numbers of the scopes that a text and a filter leave.
func (s *server) choose(r *analysis.Report, text, show, sort string) []int {
	names := s.pages.Names(r)
	text = strings.ToLower(strings.TrimSpace(text))
	list := []int{}
	for i := range r.Scopes {
		scope := &r.Scopes[i]
		if matches(scope, names, text) && passes(newest(scope), show) {
			list = append(list, i)
		}
	}
	weigh := func(i int) float64 {
		p := newest(&r.Scopes[i])
		switch {
		case p == nil:
			return -1
		case sort == "findings":
			return float64(1000*loud(p) + len(p.Findings))
		case sort == "wait" && p.Waits != nil && p.Waits.MedianHours != nil && p.Waits.Outcome == analysis.Measured:
			return *p.Waits.MedianHours
		}
		return 0
	}
	slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(weigh(b), weigh(a)) })
	return list
}

// matches looks for a text in a scope's name and those of whoever holds, or is
// said to hold, a role there.
func matches(s *analysis.ScopeReport, names map[string]string, text string) bool {
	if text == "" {
		return true
	}
	words := []string{s.Scope, s.Name}
	if p := newest(s); p != nil {
		for _, r := range p.Roles {
			words = append(words, names[r.Person])
			for _, share := range r.People[:min(2, len(r.People))] {
				words = append(words, names[share.Person])
			}
		}
		for _, ids := range p.Declared {
			for _, id := range ids {
				words = append(words, names[id])
			}
		}
	}
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(strings.ToLower(w), text) })
}

func passes(p *analysis.PeriodReport, show string) bool {
	if show == "" {
		return true
	}
	if p == nil {
		return false
	}
	switch show {
	case "loud":
		return loud(p) > 0
	case "gaps":
		return !p.Coverage.Complete
	case "differs":
		for _, m := range p.Match {
			if m != nil && m.Outcome == "differs" {
				return true
			}
		}
	case "vacant":
		for _, role := range []backlog.Role{backlog.ProductOwner, backlog.ProductManager} {
			if r := p.Roles[role.String()]; r != nil && r.Verdict == "vacant" {
				return true
			}
		}
	}
	return false
}

func loud(p *analysis.PeriodReport) (n int) {
	for i := range p.Findings {
		if reports.Loud(&p.Findings[i]) {
			n++
		}
	}
	return n
}

func newest(s *analysis.ScopeReport) *analysis.PeriodReport {
	if len(s.Periods) == 0 {
		return nil
	}
	return &s.Periods[len(s.Periods)-1]
}

// find leads to the page about whatever somebody typed: a person's name, a
// finding's id, else an issue's key.
func (s *server) find(w http.ResponseWriter, r *http.Request) {
	text, period := strings.TrimSpace(r.URL.Query().Get("of")), r.URL.Query().Get("period")
	to := address("/issue", "key", text, "period", period)
	switch {
	case text == "":
		to = "/"
	case strings.Count(text, "/") >= 3:
		to = address("/finding", "id", text)
	default:
		report, err := s.whole(r.Context(), period)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		for id, name := range s.pages.Names(report) {
			if id == text || strings.EqualFold(name, text) {
				to = address("/person", "id", id, "period", period)
			}
		}
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}
