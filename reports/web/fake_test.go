package web

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"defacto/analysis"
	"defacto/backlog"
)

// fake answers with fixtures and counts what it is asked.
type fake struct {
	report  *analysis.Report
	explain *analysis.Explanation
	self    *analysis.Self
	err     error

	mu      sync.Mutex
	version string
	audits  atomic.Int32
	hold    chan struct{} // audits wait for it where it is there
}

func (f *fake) Version(context.Context) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.version, nil
}

func (f *fake) change(version string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.version = version
}

func (f *fake) Periods(context.Context) ([]backlog.Period, string, error) {
	at := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	quarters, err := backlog.ParsePeriods("2025-Q1..2026-Q3", at, at, at)
	return quarters, "2026-Q3", err
}

func (f *fake) Audit(ctx context.Context, q Query) (*analysis.Report, error) {
	f.audits.Add(1)
	if f.hold != nil {
		select {
		case <-f.hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if f.err != nil {
		return nil, f.err
	}
	if len(q.Scopes) == 0 {
		return f.report, nil
	}
	r := *f.report
	r.Scopes = slices.DeleteFunc(slices.Clone(r.Scopes), func(s analysis.ScopeReport) bool { return !slices.Contains(q.Scopes, s.Scope) })
	if len(r.Scopes) == 0 {
		return nil, &Refusal{http.StatusNotFound, "No such scope."}
	}
	return &r, nil
}

func (f *fake) Explain(_ context.Context, _ Query, subject string) (*analysis.Explanation, error) {
	if f.explain == nil {
		return nil, &Refusal{http.StatusForbidden, "The single acts are withheld."}
	}
	e := *f.explain
	e.Subject = subject
	return &e, nil
}

func (f *fake) Self(_ context.Context, _ Query, me string) (*analysis.Self, error) {
	if f.self == nil || me != f.self.Person.Name {
		return nil, &Refusal{http.StatusNotFound, "Nobody goes by that."}
	}
	return f.self, nil
}

func fixture(t testing.TB, name string) *analysis.Report {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "testdata", "golden", "reports", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	var r analysis.Report
	if err := dec.Decode(&r); err != nil {
		t.Fatal(err)
	}
	return &r
}

const evil = `<script>alert("x")</script>'"&` + "\u202e\x1b[31m" + `javascript:alert(1)`

// newFake answers about a fixture; whatever it explains carries hostile text.
func newFake(t testing.TB, name string) *fake {
	t.Helper()
	r := fixture(t, name)
	at := time.Date(2026, 8, 3, 9, 30, 0, 0, time.UTC)
	person := analysis.Person{ID: "p1", Name: evil, Kind: "person"}
	events := []analysis.Evidence{{Issue: evil, URL: "javascript:alert(1)", Event: evil, At: at, Person: "p1", What: evil, From: evil, To: evil, Why: evil}}
	share, low, high, change := .4, .3, .5, -.2
	period := func(name string, from, to time.Time) analysis.SelfPeriod {
		return analysis.SelfPeriod{
			Period: name, From: analysis.Date{Time: from}, To: analysis.Date{Time: to}, Roadmap: 8, Story: 12, Market: 1, Index: &share, Low: &low, High: &high, Change: &change,
			Weeks:  []analysis.SelfWeek{{Start: analysis.Date{Time: from}, Roadmap: 5, Story: 4}, {Start: analysis.Date{Time: from.AddDate(0, 0, 7)}, Roadmap: 3, Story: 8}},
			Scopes: []analysis.SelfScope{{Scope: evil, Roadmap: 8, Story: 12}}, Duties: []analysis.SelfCount{{Name: "write", Touches: 9}}, Callers: []analysis.SelfCount{{Person: "p1", Touches: 3}},
			Quiet: []analysis.SelfQuiet{{Issue: evil, URL: "javascript:alert(1)", Last: at, Weeks: 9}},
			Give:  []analysis.SelfGive{{Scope: evil, Epic: evil, Touches: 4, Person: "p1", Theirs: 5, Stories: []string{evil}}}, Touched: events,
		}
	}
	q2, q3, q4 := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	return &fake{
		report: r, version: "1",
		explain: &analysis.Explanation{Kind: "issue", Title: evil, People: []analysis.Person{person}, Parts: []analysis.Step{
			{Scope: evil, Period: "2026-Q3", Title: evil, Lines: []string{evil, "share 0.4"}, Events: events},
			{Scope: evil, Period: "2026-Q3", Title: "Another step", Lines: []string{}, Events: events},
		}},
		self: &analysis.Self{Person: analysis.Person{ID: "p1", Name: "Me Myself"}, Limits: []string{"A limit."}, People: []analysis.Person{person}, Periods: []analysis.SelfPeriod{period("2026-Q2", q2, q3), period("2026-Q3", q3, q4)}},
	}
}

func handler(t testing.TB, a Auditor, o Options) http.Handler {
	t.Helper()
	h, err := New(a, o)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// get asks a handler as a browser on this machine would.
func get(h http.Handler, address string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8321"+address, nil)
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// addresses lists a page of every kind that a fixture fills.
func addresses(r *analysis.Report) []string {
	list := []string{
		"/", "/?q=a&show=loud&sort=findings", "/?show=differs&sort=wait", "/?show=vacant", "/?show=gaps", "/trend", "/trend?question=accept", "/trend?question=wait",
		"/coverage", "/self", "/self?me=Me+Myself", "/issue?key=PAY-1",
	}
	for i := range r.Scopes {
		s := &r.Scopes[i]
		if i == 3 {
			break
		}
		list = append(list, address("/scope", "scope", s.Scope), address("/trend", "scope", s.Scope))
		for _, p := range s.Periods {
			for _, f := range p.Findings[:min(2, len(p.Findings))] {
				if _, _, ok := place(f.ID); ok && !strings.Contains(f.ID, "\x00") {
					list = append(list, address("/finding", "id", f.ID))
				}
			}
		}
	}
	for _, p := range r.People[:min(3, len(r.People))] {
		list = append(list, address("/person", "id", p.ID))
	}
	return list
}
