package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"defacto/analysis"
	"defacto/backlog"
)

// trail is how many periods before the one asked for a page looks back on.
const trail = 3

// ask returns what work says, or said before of the same data.
func ask[T any](ctx context.Context, s *server, key string, weigh func(T) int, work func(context.Context) (T, error)) (T, error) {
	var none T
	version, err := s.auditor.Version(ctx)
	if err != nil {
		return none, err
	}
	value, err := s.cache.do(ctx, version, key, func(ctx context.Context) (any, int, error) {
		v, err := work(ctx)
		if err != nil {
			return nil, 0, err
		}
		return v, weigh(v), nil
	})
	if err != nil {
		return none, err
	}
	return value.(T), nil
}

func (q Query) key(kind, subject string) string {
	return fmt.Sprintf("%s %q %q %q %d", kind, subject, q.Period, q.Scopes, q.Before)
}

func (s *server) audit(ctx context.Context, q Query) (*analysis.Report, error) {
	return ask(ctx, s, q.key("audit", ""), weight, func(ctx context.Context) (*analysis.Report, error) { return s.auditor.Audit(ctx, q) })
}

// weight is how many scopes and periods a report has.
func weight(r *analysis.Report) int {
	n := 1
	for i := range r.Scopes {
		n += len(r.Scopes[i].Periods)
	}
	return n
}

func (s *server) explain(ctx context.Context, q Query, subject string) (*analysis.Explanation, error) {
	weigh := func(e *analysis.Explanation) int {
		n := 1
		for i := range e.Parts {
			n += len(e.Parts[i].Events) / actsAUnit
		}
		return n
	}
	return ask(ctx, s, q.key("explain", subject), weigh, func(ctx context.Context) (*analysis.Explanation, error) {
		return s.auditor.Explain(ctx, q, subject)
	})
}

func (s *server) mirror(ctx context.Context, q Query, me string) (*analysis.Self, error) {
	weigh := func(*analysis.Self) int { return forgotten } // one's own page is nobody else's business
	return ask(ctx, s, q.key("self", me), weigh, func(ctx context.Context) (*analysis.Self, error) { return s.auditor.Self(ctx, q, me) })
}

// calendar is which periods there are.
type calendar struct {
	quarters []backlog.Period
	usual    string
}

func (s *server) calendar(ctx context.Context) (calendar, error) {
	return ask(ctx, s, "periods", func(calendar) int { return 1 }, func(ctx context.Context) (calendar, error) {
		quarters, usual, err := s.auditor.Periods(ctx)
		return calendar{quarters, usual}, err
	})
}

// whole is the audit that nearly every page is cut from: all scopes, the period
// asked for and those before it.
func (s *server) whole(ctx context.Context, period string) (*analysis.Report, error) {
	if period == "" { // so that it is the same audit as under its name
		c, err := s.calendar(ctx)
		if err != nil {
			return nil, err
		}
		period = c.usual
	}
	return s.audit(ctx, Query{Period: period, Before: trail})
}

// scoped finds a scope's audit: in that of all scopes, or where it is a part of
// one, by itself.
func (s *server) scoped(ctx context.Context, scope, period string) (*analysis.Report, *analysis.ScopeReport, error) {
	r, err := s.whole(ctx, period)
	if err != nil {
		return nil, nil, err
	}
	if found := find(r, scope); found != nil {
		return r, found, nil
	}
	if strings.Count(scope, "/") < 2 {
		return nil, nil, unknownScope(scope)
	}
	if r, err = s.audit(ctx, Query{Period: period, Scopes: []string{scope}, Before: trail}); err != nil {
		return nil, nil, err
	}
	if found := find(r, scope); found != nil {
		return r, found, nil
	}
	return nil, nil, unknownScope(scope)
}

func find(r *analysis.Report, scope string) *analysis.ScopeReport {
	i := slices.IndexFunc(r.Scopes, func(s analysis.ScopeReport) bool { return s.Scope == scope })
	if i < 0 {
		return nil
	}
	return &r.Scopes[i]
}

func unknownScope(scope string) error {
	return &Refusal{http.StatusNotFound, "There is no scope called “" + scope + "” in the store."}
}

// latest is the name of the newest period a report has, "" without any.
func latest(r *analysis.Report) string {
	for i := range r.Scopes {
		if n := len(r.Scopes[i].Periods); n > 0 {
			return r.Scopes[i].Periods[n-1].Period
		}
	}
	return ""
}
