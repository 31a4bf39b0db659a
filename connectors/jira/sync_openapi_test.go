package jira_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"defacto/backlog"
	"defacto/connectors/jira"
	"defacto/connectors/jira/jiratest"
)

// openAPI is as much of an OpenAPI file as requests are checked against.
type openAPI struct {
	Paths      map[string]map[string]json.RawMessage `json:"paths"`
	Components struct {
		Schemas    map[string]schema    `json:"schemas"`
		Parameters map[string]parameter `json:"parameters"`
	} `json:"components"`
	prefix string // what the file's paths leave out
}

type operation struct {
	Parameters []parameter `json:"parameters"`
	Deprecated bool        `json:"deprecated"`
	Body       *struct {
		Content map[string]struct {
			Schema schema `json:"schema"`
		} `json:"content"`
	} `json:"requestBody"`
}

type parameter struct {
	Ref      string `json:"$ref"`
	Name     string `json:"name"`
	In       string `json:"in"`
	Required bool   `json:"required"`
	Schema   schema `json:"schema"`
}

type schema struct {
	Ref        string            `json:"$ref"`
	Type       string            `json:"type"`
	Properties map[string]schema `json:"properties"`
	Required   []string          `json:"required"`
	Items      *schema           `json:"items"`
	Maximum    *float64          `json:"maximum"`
	MaxItems   *int              `json:"maxItems"`
}

func readAPI(t *testing.T, prefix, name string) *openAPI {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "api", "jira", name)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("the official OpenAPI files are not beside the project: %v", err)
	}
	api := &openAPI{prefix: prefix}
	if err := json.Unmarshal(raw, api); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return api
}

// find returns the operation a request calls, by the most literal template.
func (a *openAPI) find(req jiratest.Request) (template string, op *operation) {
	segments := strings.Split(strings.TrimPrefix(req.Path, a.prefix), "/")
	best := -1
	for path, methods := range a.Paths {
		raw, ok := methods[strings.ToLower(req.Method)]
		parts := strings.Split(path, "/")
		if !ok || len(parts) != len(segments) {
			continue
		}
		literal := 0
		for i, p := range parts {
			switch {
			case p == segments[i]:
				literal++
			case !strings.HasPrefix(p, "{"):
				literal = -1000
			}
		}
		if literal > best {
			var o operation
			if json.Unmarshal(raw, &o) == nil {
				best, template, op = literal, path, &o
			}
		}
	}
	return template, op
}

// complaints lists what is wrong with a request.
func (a *openAPI) complaints(template string, op *operation, req jiratest.Request) (bad []string) {
	if op.Deprecated {
		bad = append(bad, "deprecated")
	}
	known := map[string]parameter{}
	for _, p := range op.Parameters {
		if name := strings.TrimPrefix(p.Ref, "#/components/parameters/"); p.Ref != "" {
			p = a.Components.Parameters[name]
		}
		if p.In == "query" {
			known[p.Name] = p
			if p.Required && !req.Query.Has(p.Name) {
				bad = append(bad, "misses "+p.Name)
			}
		}
	}
	for name, values := range req.Query {
		p, ok := known[name]
		if !ok {
			bad = append(bad, "does not know the parameter "+name)
		}
		for _, v := range values {
			if _, err := strconv.Atoi(v); p.Schema.Type == "integer" && err != nil {
				bad = append(bad, fmt.Sprintf("%s=%s is no integer", name, v))
			}
		}
	}
	switch {
	case op.Body == nil && len(req.Body) > 0:
		bad = append(bad, "takes no body")
	case op.Body != nil && len(req.Body) > 0:
		var body any
		if err := json.Unmarshal(req.Body, &body); err != nil {
			return append(bad, err.Error())
		}
		bad = append(bad, a.mismatches("body", op.Body.Content["application/json"].Schema, body)...)
	}
	return bad
}

// mismatches compares a value with a schema.
func (a *openAPI) mismatches(where string, s schema, v any) (bad []string) {
	if s.Ref != "" {
		return a.mismatches(where, a.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")], v)
	}
	kind := s.Type
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			p, ok := s.Properties[name]
			if !ok {
				bad = append(bad, where+" has no "+name)
				continue
			}
			bad = append(bad, a.mismatches(where+"."+name, p, member)...)
		}
		for _, name := range s.Required {
			if _, ok := v[name]; !ok {
				bad = append(bad, where+" misses "+name)
			}
		}
		return bad
	case []any:
		if kind != "array" || s.Items == nil {
			return []string{where + " is no array"}
		}
		if s.MaxItems != nil && len(v) > *s.MaxItems {
			bad = append(bad, fmt.Sprintf("%s holds %d, at most %d", where, len(v), *s.MaxItems))
		}
		for _, e := range v {
			bad = append(bad, a.mismatches(where+"[]", *s.Items, e)...)
		}
		return bad
	case string:
		if kind != "string" {
			bad = append(bad, where+" is a string, not "+kind)
		}
	case bool:
		if kind != "boolean" {
			bad = append(bad, where+" is a boolean, not "+kind)
		}
	case float64:
		if kind != "integer" && kind != "number" {
			bad = append(bad, where+" is a number, not "+kind)
		}
		if s.Maximum != nil && v > *s.Maximum {
			bad = append(bad, fmt.Sprintf("%s is %v, at most %v", where, v, *s.Maximum))
		}
	}
	return bad
}

// TestEveryRequestIsValid sends everything the source can send, and holds it
// against the official descriptions.
func TestEveryRequestIsValid(t *testing.T) {
	for name, tc := range map[string]struct {
		flavour jiratest.Flavour
		apis    []*openAPI
		want    []string
	}{
		"cloud": {jiratest.Cloud, []*openAPI{readAPI(t, "", "cloud-platform-v2.2026-05-27.json"), readAPI(t, "", "cloud-software-agile.2026-05-27.json")}, []string{
			"GET /rest/agile/1.0/board", "GET /rest/agile/1.0/board/{boardId}/sprint", "GET /rest/api/2/field", "GET /rest/api/2/issue/{issueIdOrKey}",
			"GET /rest/api/2/issue/{issueIdOrKey}/changelog", "GET /rest/api/2/issue/{issueIdOrKey}/comment", "GET /rest/api/2/issuetype", "GET /rest/api/2/mypermissions",
			"GET /rest/api/2/myself", "GET /rest/api/2/project/search", "GET /rest/api/2/project/{projectIdOrKey}", "GET /rest/api/2/project/{projectIdOrKey}/components",
			"GET /rest/api/2/project/{projectIdOrKey}/role/{id}", "GET /rest/api/2/project/{projectKeyOrId}/securitylevel", "GET /rest/api/2/serverInfo",
			"GET /rest/api/2/status", "GET /rest/api/2/user/bulk", "POST /rest/api/2/changelog/bulkfetch", "POST /rest/api/2/issue/bulkfetch",
			"POST /rest/api/2/search/approximate-count", "POST /rest/api/2/search/jql",
		}},
		"data center": {jiratest.Server, []*openAPI{readAPI(t, "/rest", "dc-10.3.24-platform-and-agile.2026-08-06.json")}, []string{
			"GET /agile/1.0/board", "GET /agile/1.0/board/{boardId}/sprint", "GET /api/2/field", "GET /api/2/issue/{issueIdOrKey}", "GET /api/2/issue/{issueIdOrKey}/comment",
			"GET /api/2/issuetype", "GET /api/2/mypermissions", "GET /api/2/myself", "GET /api/2/project", "GET /api/2/project/{projectIdOrKey}",
			"GET /api/2/project/{projectIdOrKey}/components", "GET /api/2/project/{projectIdOrKey}/role/{id}", "GET /api/2/project/{projectKeyOrId}/securitylevel",
			"GET /api/2/serverInfo", "GET /api/2/status", "GET /api/2/user", "POST /api/2/search",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			seen := map[string]bool{}
			for _, req := range everyRequest(t, tc.flavour) {
				template, op, api := "", (*operation)(nil), (*openAPI)(nil)
				for _, api = range tc.apis {
					if template, op = api.find(req); op != nil {
						break
					}
				}
				if op == nil {
					t.Errorf("%s %s is in no description", req.Method, req.Path)
					continue
				}
				seen[req.Method+" "+template] = true
				for _, c := range api.complaints(template, op, req) {
					t.Errorf("%s %s?%s %s: %s", req.Method, req.Path, req.Query.Encode(), req.Body, c)
				}
				if req.Method != "GET" && !slices.Contains([]string{"/rest/api/2/search/jql", "/rest/api/2/search/approximate-count", "/rest/api/2/changelog/bulkfetch", "/rest/api/2/issue/bulkfetch", "/rest/api/2/search"}, req.Path) {
					t.Errorf("%s %s is no read", req.Method, req.Path)
				}
			}
			got := []string{}
			for s := range seen {
				got = append(got, s)
			}
			slices.Sort(got)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("requests sent (-want +got):\n%s", diff)
			}
		})
	}
}

// everyRequest makes a source send each kind of request it knows.
func everyRequest(t *testing.T, flavour jiratest.Flavour) []jiratest.Request {
	t.Helper()
	world := jiratest.World(jiratest.Size{Projects: []string{"PAY", "OR"}, Issues: 60, Histories: 2, Comments: 1})
	jiratest.AddHistories(&world.Issues[3], world.Accounts, 60)
	jiratest.AddComments(&world.Issues[4], world.Accounts, 60)
	world.Accounts = append(world.Accounts, backlog.Account{ID: "712020:only-mentioned", Handle: "seldom", Name: "Seldom Seen", Active: true})
	world.Issues[5].Changes[0].Field, world.Issues[5].Changes[0].To = backlog.FieldAssignee, "712020:only-mentioned"
	r := newRig(t, flavour, world, jiratest.Options{
		Zone: "Asia/Tokyo", PageCap: 50,
		RoleActors: map[string][]string{"Product Owner": {world.Accounts[2].ID}}, Owners: map[string]string{world.Issues[6].ID: world.Accounts[1].ID},
	})
	r.opt.Projects = nil
	r.srv.Break("/issue/"+world.Issues[4].ID+"/comment", 0, 1, jiratest.Refuse(403, "no"))
	r.srv.Break("bulkfetch", 0, 1, jiratest.Status(200, `{"issueChangeLogs":[]}`))
	r.sync()
	if flavour == jiratest.Server { // comments are embedded whole there, unless a plugin caps them
		r.srv.CapComments(10)
		_, _ = r.try(true)
	}
	r.srv.Advance(30 * time.Hour)
	r.srv.Delete(world.Issues[8].ID)
	r.srv.Edit(world.Issues[9].ID, func(iss *backlog.Issue) { jiratest.AddHistory(iss, world.Accounts[0].ID, 0) })
	r.sync()
	src, err := jira.New(r.opt)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := src.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	return r.srv.Requests()
}
