package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"defacto/analysis"
	"defacto/reports"
)

// scope shows the audit of one scope.
func (s *server) scope(r *http.Request) (*page, error) {
	q := r.URL.Query()
	report, scope, err := s.scoped(r.Context(), q.Get("scope"), q.Get("period"))
	if err != nil {
		return nil, err
	}
	p, err := s.framed(r, report, "scopes")
	if err != nil {
		return nil, err
	}
	p.entitle(scope)
	p.Crumbs = []link{{Title: "Scopes", To: address("/", "period", p.Period)}, {Title: p.Heading}}
	if now := newest(scope); now != nil {
		p.Under = now.Period
		if days := reports.Days(now); days != "" {
			p.Under += " · " + days
		}
	}
	if p.Body, err = s.pages.Scope(report, scope); err != nil {
		return nil, err
	}
	p.downloads(scope.Scope, p.Period)
	return p, nil
}

func (p *page) entitle(scope *analysis.ScopeReport) {
	p.Kicker, p.Heading = scope.Scope, scope.Name
	if strings.TrimSpace(reports.Plain(p.Heading)) == "" {
		p.Heading = scope.Scope
	}
	p.Title = p.Heading
}

// finding shows one finding with its evidence, then the arithmetic behind it.
func (s *server) finding(r *http.Request) (*page, error) {
	ctx, id := r.Context(), r.URL.Query().Get("id")
	scope, period, ok := place(id)
	if !ok {
		return nil, unknownFinding()
	}
	report, _, err := s.scoped(ctx, scope, period)
	if err != nil {
		return nil, err
	}
	found, ok, err := s.pages.Finding(report, id)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, unknownFinding()
	}
	p, err := s.framed(r, nil, "scopes")
	if err != nil {
		return nil, err
	}
	back := address("/scope", "scope", scope, "period", period)
	p.Crumbs = []link{{Title: "Scopes", To: address("/", "period", period)}, {Title: reports.Plain(scope), To: back}, {Title: period, To: back}, {Title: "Finding"}}
	p.Title, p.Heading, p.Statement, p.Tag, p.Class, p.Foreword = found.Title, found.Title, true, found.Tag, found.Class, found.Code
	p.Body = found.Body
	query := Query{Period: period, Scopes: []string{scope}}
	if strings.Contains(id, "/po-stretched/") {
		query.Scopes = nil // that one needs every scope
	}
	p.Acts, err = s.behind(ctx, query, id, "The arithmetic")
	return p, err
}

func unknownFinding() error {
	return &Refusal{http.StatusNotFound, "No such finding is raised in the store as it is now: data that came later may have ended it."}
}

// behind explains a subject; what is withheld says so.
func (s *server) behind(ctx context.Context, q Query, subject, title string) (*acts, error) {
	e, err := s.explain(ctx, q, subject)
	var refused *Refusal
	if errors.As(err, &refused) && refused.Withheld() {
		return &acts{Title: title, Notice: refused.Text}, nil
	}
	if err != nil {
		return nil, err
	}
	if e.Kind == "finding" {
		// The page has shown the finding and both sides of its evidence.
		shown := *e
		shown.Parts = slices.DeleteFunc(slices.Clone(e.Parts), func(part analysis.Step) bool {
			return part.Title == analysis.TheFinding || part.Title == "What speaks against it"
		})
		e = &shown
	}
	a := &acts{Title: title}
	if len(e.Parts) == 0 {
		a.Notice = "No act stands behind it here."
		return a, nil
	}
	a.Body, err = s.pages.Explanation(e)
	return a, err
}

// fewScopes is in how many scopes a person's acts are shown without being asked.
const fewScopes = 3

// person shows what an audit says of somebody, then every act of theirs.
func (s *server) person(r *http.Request) (*page, error) {
	ctx, q := r.Context(), r.URL.Query()
	report, err := s.whole(ctx, q.Get("period"))
	if err != nil {
		return nil, err
	}
	id := q.Get("id")
	i := slices.IndexFunc(report.People, func(p analysis.Person) bool { return p.ID == id })
	if i < 0 {
		return nil, &Refusal{http.StatusNotFound, "The audit of this period speaks of no such person."}
	}
	p, err := s.framed(r, report, "scopes")
	if err != nil {
		return nil, err
	}
	p.Heading = s.pages.Names(report)[id]
	p.Title = p.Heading
	p.Crumbs = []link{{Title: "Scopes", To: address("/", "period", p.Period)}, {Title: "Person"}}
	if kind := report.People[i].Kind; kind != "person" {
		p.Kicker = kind
	}
	body, scopes, err := s.pages.Person(report, id)
	if err != nil {
		return nil, err
	}
	p.Body = body
	if len(scopes) == 0 {
		p.Notice = "Nothing is recorded of them in " + p.Period + "."
		return p, nil
	}
	p.Under = p.Period
	shown := scopes
	if scope := q.Get("scope"); slices.Contains(scopes, scope) {
		shown = []string{scope}
	}
	var others []link
	for _, scope := range scopes {
		if len(scopes) > 1 && (len(shown) != 1 || shown[0] != scope) {
			others = append(others, link{Title: reports.Plain(scope), To: address("/person", "id", id, "scope", scope, "period", p.Period)})
		}
	}
	if len(shown) > fewScopes {
		p.Acts = &acts{Title: "Every act", Links: others}
		return p, nil
	}
	if p.Acts, err = s.behind(ctx, Query{Period: p.Period, Scopes: shown}, id, "Every act"); err != nil {
		return nil, err
	}
	if len(shown) == 1 {
		p.Acts.Links = others
	}
	return p, nil
}

// issue shows what became of an issue, and every act on it.
func (s *server) issue(r *http.Request) (*page, error) {
	ctx, q := r.Context(), r.URL.Query()
	key, scope := strings.TrimSpace(q.Get("key")), q.Get("scope")
	if key == "" || strings.Count(key, "/") >= 3 {
		return nil, &Refusal{http.StatusNotFound, "No issue has this key."}
	}
	report, err := s.whole(ctx, q.Get("period"))
	if err != nil {
		return nil, err
	}
	p, err := s.framed(r, report, "scopes")
	if err != nil {
		return nil, err
	}
	p.Title, p.Heading = key, key
	p.Crumbs = []link{{Title: "Scopes", To: address("/", "period", p.Period)}, {Title: "Issue"}}
	query := Query{Period: p.Period}
	if scope != "" {
		query.Scopes = []string{scope}
		p.Crumbs = slices.Insert(p.Crumbs, 1, link{Title: reports.Plain(scope), To: address("/scope", "scope", scope, "period", p.Period)})
	}
	if p.Body, err = s.pages.Issue(report, key); err != nil {
		return nil, err
	}
	e, err := s.explain(ctx, query, key)
	var refused *Refusal
	switch {
	case errors.As(err, &refused) && refused.Withheld():
		p.Acts = &acts{Title: "Every act", Notice: refused.Text}
		return p, nil
	case err != nil:
		return nil, err
	case e.Kind != "issue" || len(e.Parts) == 0:
		p.Notice = "This key plays no part in the audit of " + p.Period + ". There may be no such issue, or nothing happened to it then: choose another period."
		return p, nil
	}
	p.Acts = &acts{Title: "What became of it"}
	p.Acts.Body, err = s.pages.Explanation(e)
	return p, err
}

// self shows somebody their own page, and asks who they are first.
func (s *server) self(r *http.Request) (*page, error) {
	q := r.URL.Query()
	p, err := s.framed(r, nil, "self")
	if err != nil {
		return nil, err
	}
	p.Title, p.Heading = "My page", "Where your attention went"
	me := strings.TrimSpace(q.Get("me"))
	if me == "" {
		p.Me = &meForm{Period: printable(q.Get("period"))}
		p.Foreword = "Your recorded attention, week by week: how much stood on the roadmap, how much on stories, what pulled it to the stories, and what would give it back."
		return p, nil
	}
	m, err := s.mirror(r.Context(), Query{Period: q.Get("period"), Before: trail}, me)
	if err != nil {
		var refused *Refusal
		if !errors.As(err, &refused) {
			return nil, err
		}
		p.Me, p.Notice, p.Status = &meForm{Me: printable(me), Period: printable(q.Get("period"))}, reports.Plain(refused.Text), refused.Status
		if refused.Withheld() {
			p.Me = nil
		}
		return p, nil
	}
	p.Kicker = m.Person.Name
	p.Foreword = reports.SelfForeword
	if n := len(m.Periods); n > 0 {
		if p.Periods, err = s.switcher(r.Context(), r.URL, m.Periods[n-1].Period); err != nil {
			return nil, err
		}
	}
	p.Body, err = s.pages.Self(m)
	return p, err
}

// trend sets periods side by side: all scopes by one question, or one scope by all.
func (s *server) trend(r *http.Request) (*page, error) {
	ctx, q := r.Context(), r.URL.Query()
	if scope := q.Get("scope"); scope != "" {
		return s.trendOf(r, scope)
	}
	report, err := s.whole(ctx, q.Get("period"))
	if err != nil {
		return nil, err
	}
	p, err := s.framed(r, report, "trend")
	if err != nil {
		return nil, err
	}
	p.Title, p.Heading, p.Foreword = "Trend", "Over the quarters", s.pages.Foreword(report)
	shown := s.choose(report, q.Get("q"), "", "")
	p.Ask = &asking{Action: "/trend", Text: printable(q.Get("q")), Period: p.Period, Found: len(shown), All: len(report.Scopes)}
	for _, question := range reports.Questions() {
		p.Ask.Question = append(p.Ask.Question, choice{Value: question.Name, Title: question.Title, Chosen: question.Name == q.Get("question")})
	}
	p.Body, err = s.pages.Trends(report, shown, q.Get("question"))
	return p, err
}

// trendOf sets every quarter of one scope side by side.
func (s *server) trendOf(r *http.Request, scope string) (*page, error) {
	period := r.URL.Query().Get("period")
	if period == "" {
		period = "all"
	}
	report, err := s.audit(r.Context(), Query{Period: period, Scopes: []string{scope}, Before: trail})
	if err != nil {
		return nil, err
	}
	found := find(report, scope)
	if found == nil {
		return nil, unknownScope(scope)
	}
	p, err := s.framed(r, nil, "trend")
	if err != nil {
		return nil, err
	}
	p.entitle(found)
	p.Crumbs = []link{{Title: "Trend", To: "/trend"}, {Title: p.Heading}}
	p.Foreword = s.pages.Foreword(report)
	p.Body, err = s.pages.Trend(report, found)
	return p, err
}

// coverage shows what the audits rest on, and what no tracker can see.
func (s *server) coverage(r *http.Request) (*page, error) {
	report, err := s.whole(r.Context(), r.URL.Query().Get("period"))
	if err != nil {
		return nil, err
	}
	p, err := s.framed(r, report, "coverage")
	if err != nil {
		return nil, err
	}
	p.Title, p.Heading, p.Foreword = "Coverage and limits", "What all this rests on", s.pages.Foreword(report)
	p.Body, err = s.pages.Coverage(report, s.choose(report, "", "", ""))
	return p, err
}
