package linear

import (
	"encoding/json"
	"flag"
	"io"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shurcooL/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

var golden = flag.Bool("update", false, "write the golden files anew")

// sent is a document as it goes over the wire.
type sent struct {
	Query     string         `json:"query"`
	Variables map[string]any `json:"variables"`
}

// everyDocument lets the GraphQL client write every document this package can
// send, with every variable and filter set.
func everyDocument(t *testing.T) []sent {
	t.Helper()
	var mu sync.Mutex // every connection is served by a goroutine of its own
	var list []sent
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var d sent
		b, err := io.ReadAll(r.Body)
		if err != nil || json.Unmarshal(b, &d) != nil {
			t.Errorf("an unreadable request: %s", b)
		}
		mu.Lock()
		list = append(list, d)
		mu.Unlock()
		_, _ = w.Write([]byte(`{"data":{}}`))
	}))
	defer srv.Close()
	s, err := New(Options{URL: srv.URL, Token: "lin_api_x", Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(q any, vars ...map[string]any) {
		all := map[string]any{}
		for _, v := range vars {
			maps.Copy(all, v)
		}
		if err := s.query(t.Context(), q, all); err != nil {
			t.Fatal(err)
		}
	}
	some := &between{From: at(0), Until: at(1)}
	which := issueFilter{ID: &among{[]string{"i"}}, CreatedAt: some, UpdatedAt: some}
	which.Team = &struct {
		Key among `json:"key"`
	}{among{[]string{"ENG"}}}
	until := made{*some}
	said := commentFilter{CreatedAt: some, UpdatedAt: some, Issue: &which, Or: []commentFilter{{Project: &until}, {ProjectUpdate: &until}, {Initiative: &until}, {InitiativeUpdate: &until}}}

	ask(&viewerQuery{})
	ask(&struct{ Organization organization }{})
	directory := []map[string]any{
		usersStream().vars(manyPerPage, "c"), teamsStream().vars(manyPerPage, "c"), statesStream().vars(manyPerPage, "c"),
		membershipsStream().vars(manyPerPage, "c"), cyclesStream().vars(manyPerPage, "c"), labelsStream().vars(manyPerPage, "c"),
	}
	ask(&directoryQuery{}, directory...)
	for i, q := range []any{&usersQuery{}, &teamsQuery{}, &statesQuery{}, &membershipsQuery{}, &cyclesQuery{}, &labelsQuery{}} {
		ask(q, directory[i])
	}
	roadmap := []map[string]any{
		initiativesStream().vars(manyPerPage, "c"), linksStream().vars(manyPerPage, "c"), milestonesStream().vars(manyPerPage, "c"),
		projectUpdatesStream().vars(manyPerPage, "c"), initiativeUpdatesStream().vars(manyPerPage, "c"), remarksStream(said).vars(remarksPerPage, "c"),
	}
	ask(&roadmapQuery{}, roadmap...)
	for i, q := range []any{&initiativesQuery{}, &initiativeProjectsQuery{}, &milestonesQuery{}, &projectUpdatesQuery{}, &initiativeUpdatesQuery{}, &remarksQuery{}} {
		ask(q, roadmap[i])
	}
	ask(&projectsQuery{}, projectsStream().vars(projectsPerPage, "c"))
	ask(&commentsQuery{}, commentsStream(said).vars(manyPerPage, "c"))
	ask(&projectTeamsQuery{}, projectTeamsStream("p").vars(manyPerPage, "c"))
	ask(&needsQuery{}, needsStream(needFilter{UpdatedAt: some, Issue: &which}).vars(manyPerPage, "c"))
	ask(&triageQuery{}, triageStream().vars(manyPerPage, "c"))
	ask(&censusQuery{}, censusStream(which).vars(manyPerPage, "c"))
	alone := issuesStream(which)
	ask(&issuesQuery{}, alone.vars(alone.most, "c"))
	ask(&talkQuery{}, issuesStream(which).vars(issuesFitting(manyPerPage*commentCost), "c"), commentsStream(said).vars(manyPerPage, "c"))
	for _, n := range historySteps() {
		p := historyStream(which, n)
		ask(&historyQuery{}, p.vars(p.most, "c"))
	}
	ask(&longHistoryQuery{}, map[string]any{"id": graphql.String("i"), "history": size(maxPage), "after": place("c")})
	p := spansStream(which)
	ask(&spansQuery{}, p.vars(p.most, "c"))
	for _, k := range planKinds() {
		for query, vars := range map[string]map[string]any{
			k.all():  {"first": fitting(planCost, 0, maxPage), "after": "c", "history": planEntries, "which": map[string]any{"id": among{[]string{"p"}}}},
			k.rest(): {"id": "p", "after": "c", "history": maxPage},
		} {
			if err := s.raw(t.Context(), query, vars, &map[string]any{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	return list
}

// TestDocumentsAreCheapEnough holds that no query is refused for its cost.
func TestDocumentsAreCheapEnough(t *testing.T) {
	for _, d := range everyDocument(t) {
		cost, err := complexity(d.Query, d.Variables)
		if err != nil || cost >= maxComplexity {
			t.Errorf("%.0f points (%v): %s", cost, err, d.Query)
		}
	}
}

// TestCosts holds the costs of one node against the queries they are of.
func TestCosts(t *testing.T) {
	cost := func(q string, vars map[string]any) float64 {
		c, err := complexity(q, vars)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	var issues, histories, states, talk, plans string
	for _, d := range everyDocument(t) {
		switch {
		case strings.Contains(d.Query, "entries") && strings.Contains(d.Query, "projects("):
			plans = d.Query
		case !strings.Contains(d.Query, "issues("):
		case strings.Contains(d.Query, "stateHistory("):
			states = d.Query
		case strings.Contains(d.Query, "after: $after"):
			histories = d.Query
		case strings.Contains(d.Query, "comments("):
			talk = d.Query
		case strings.Contains(d.Query, "history("):
			issues = d.Query
		}
	}
	one := func(first, history, comments int) map[string]any {
		return map[string]any{"issues": first, "history": history, "comments": comments}
	}
	for name, c := range map[string]struct{ got, want float64 }{
		"an issue":            {issueCost, cost(issues, one(1, 0, 0))},
		"an entry":            {entryCost, cost(issues, one(1, 1, 0)) - cost(issues, one(1, 0, 0))},
		"an issue's history":  {historyCost, cost(histories, one(1, 0, 0))},
		"a history's entry":   {entryCost, cost(histories, one(1, 1, 0)) - cost(histories, one(1, 0, 0))},
		"an issue's states":   {spansCost, cost(states, one(1, 0, 0))},
		"a project's history": {planCost, cost(plans, map[string]any{"first": 1, "history": planEntries})},
		"a comment":           {commentCost, cost(talk, one(1, 0, 1)) - cost(talk, one(1, 0, 0))},
	} {
		if math.Abs(c.got-c.want) > 1e-9 {
			t.Errorf("%s costs %.2f, not %.2f", name, c.want, c.got)
		}
	}
}

// TestFields holds the list of fields that are asked for: whoever adds one looks
// whether it is deprecated.
func TestFields(t *testing.T) {
	fields := map[string]bool{}
	var walk func(path string, set ast.SelectionSet)
	walk = func(path string, set ast.SelectionSet) {
		for _, s := range set {
			f, ok := s.(*ast.Field)
			if !ok {
				t.Fatalf("a fragment in %s", path)
			}
			below := path + "." + f.Name
			if f.Name == "nodes" {
				below = path + "[]"
			}
			if len(f.SelectionSet) == 0 {
				fields[strings.TrimPrefix(below, ".")] = true
			}
			walk(below, f.SelectionSet)
		}
	}
	for _, d := range everyDocument(t) {
		doc, err := parser.ParseQuery(&ast.Source{Input: d.Query})
		if err != nil {
			t.Fatalf("%v: %s", err, d.Query)
		}
		walk("", doc.Operations[0].SelectionSet)
	}
	got := strings.Join(slices.Sorted(maps.Keys(fields)), "\n") + "\n"
	file := filepath.Join("..", "..", "testdata", "linear", "fields.txt")
	if *golden {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("the fields asked for changed (see whether they are in the schema, and not deprecated; then -update):\n%s", d)
	}
}

// TestDocumentsAreValid validates everything that can be sent against Linear's
// own schema: the documents, their variables, and that nothing is deprecated.
func TestDocumentsAreValid(t *testing.T) {
	path := filepath.Join("..", "..", "..", "shared", "api", "linear", "schema.graphql")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("Linear's schema is not there: %v", err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range everyDocument(t) {
		doc, errs := gqlparser.LoadQueryWithRules(schema, d.Query, rules.NewDefaultRules())
		if len(errs) > 0 {
			t.Errorf("%v\n%s", errs, d.Query)
			continue
		}
		if _, err := validator.VariableValues(schema, doc.Operations[0], d.Variables); err != nil {
			t.Errorf("%v\n%v\n%s", err, d.Variables, d.Query)
		}
		deprecated(t, schema, doc.Operations[0].SelectionSet)
	}
}

func deprecated(t *testing.T, schema *ast.Schema, set ast.SelectionSet) {
	t.Helper()
	for _, s := range set {
		f, ok := s.(*ast.Field)
		if !ok {
			continue
		}
		name := f.ObjectDefinition.Name + "." + f.Name
		if f.Definition != nil && f.Name != "__typename" {
			if f.Definition.Directives.ForName("deprecated") != nil || strings.Contains(strings.ToLower(f.Definition.Description), "[deprecated]") {
				t.Errorf("%s is deprecated", name)
			}
			for _, a := range f.Arguments {
				if d := f.Definition.Arguments.ForName(a.Name); d == nil || d.Directives.ForName("deprecated") != nil {
					t.Errorf("the argument %s of %s is deprecated", a.Name, name)
				}
			}
			internal := strings.Contains(strings.ToLower(f.Definition.Description), "[internal]")
			if internal && name != "Comment.bodyData" && name != "IssueHistory.workflowMetadata" {
				t.Errorf("%s is Linear's own affair", name)
			}
		}
		deprecated(t, schema, f.SelectionSet)
	}
}
