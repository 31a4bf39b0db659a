package jiratest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"defacto/backlog"
)

// CloudID is the tenant id behind /_edge/tenant_info and in the gateway's paths.
const CloudID = "11111111-2222-3333-4444-555555555555"

// Options say how a server behaves from the start. The zero value is a decent
// Jira with Cloud's caps.
type Options struct {
	Token    string    // what requests must authenticate with, "" accepts anything
	User     string    // with Token: basic authentication by this user, else bearer
	Now      time.Time // the server's clock; default the newest update and a minute
	Zone     string    // of the caller's profile; default UTC
	PageCap  int       // most issues on a page; default 100 on Cloud, 1000 on Data Center
	EmptyGap int       // every so many token pages an empty one with a token; 0 never
	Latency  time.Duration
	// HideRoles answers project roles as a token without rights is answered.
	HideRoles bool
	// NoAgile answers the agile API as without a Jira Software licence.
	NoAgile bool
	// RoleActors are accounts by project role name, for every project.
	RoleActors map[string][]string
	// Owners fill the user picker "Product Owner", by issue id.
	Owners map[string]string
}

// Request is one that arrived.
type Request struct {
	Method, Path string
	Query        url.Values
	Body         []byte
}

// Jira is a running test server. Its methods may be called while it serves.
type Jira struct {
	*httptest.Server
	Encoder *Encoder
	opt     Options
	zone    *time.Location

	mu       sync.Mutex
	docs     map[string]*document // by id
	order    []*document          // by created, then key
	hidden   map[string]bool      // project keys and issue ids nobody may see
	unfound  map[string]bool      // issue ids and project keys that searches leave out
	archived map[string]bool      // project keys
	renamed  map[string]string    // former project key → key
	plans    []*plan
	requests []Request
	expired  bool
	tokens   int
	comments int // embedded by Data Center at most, 0 all
	now      time.Time
	changes  map[string]bulkPage // open pages of changelog/bulkfetch
}

// New starts a server of a flavour that serves the batch. Close it when done.
func New(flavour Flavour, world backlog.Batch, opt Options) *Jira {
	if opt.PageCap == 0 {
		opt.PageCap = 100
		if flavour == Server {
			opt.PageCap = 1000
		}
	}
	world.Scopes = slices.Clone(world.Scopes) // a test may rename them
	zone, err := time.LoadLocation(opt.Zone)
	if err != nil {
		panic(err) // a mistake in a test
	}
	s := &Jira{
		Encoder: NewEncoder(flavour, world), opt: opt, zone: zone, now: opt.Now,
		docs: map[string]*document{}, hidden: map[string]bool{}, unfound: map[string]bool{}, archived: map[string]bool{}, renamed: map[string]string{}, changes: map[string]bulkPage{},
	}
	for _, iss := range world.Issues {
		s.put(iss)
		if opt.Now.IsZero() && iss.Updated.Add(time.Minute).After(s.now) {
			s.now = iss.Updated.Add(time.Minute)
		}
	}
	s.sort()
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	s.Start() // the handlers read its URL: it must stand before they run
	return s
}

func (s *Jira) visible(d *document) bool {
	return !s.hidden[d.issue.Scope] && !s.hidden[d.issue.ID]
}

// find returns a visible issue by id, key or former key.
func (s *Jira) find(ref string) *document {
	if d := s.docs[ref]; d != nil {
		return d
	}
	for _, d := range s.docs {
		if d.issue.Key == ref {
			return d
		}
		for _, old := range d.issue.OldKeys {
			if old == ref {
				return d
			}
		}
	}
	return nil
}

func (s *Jira) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(r.Body, 8<<20))
	r.Body = io.NopCloser(bytes.NewReader(body))
	path := strings.TrimPrefix(r.URL.Path, "/ex/jira/"+CloudID)
	s.mu.Lock()
	s.requests = append(s.requests, Request{r.Method, path, r.URL.Query(), body})
	s.mu.Unlock()
	if s.opt.Latency > 0 {
		time.Sleep(s.opt.Latency)
	}
	good := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.answer(w, r, path, body) })
	if fault := s.planned(path); fault != nil {
		fault(w, r, good)
		return
	}
	good(w, r)
}

// answer is what a healthy Jira says.
func (s *Jira) answer(w http.ResponseWriter, r *http.Request, path string, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.Header().Set("Date", s.now.UTC().Format(http.TimeFormat))
	anonymous := s.expired
	switch {
	case s.expired:
		w.Header().Set("X-Seraph-LoginReason", "AUTHENTICATED_FAILED")
	case !s.authorised(r):
		if path != "/rest/api/2/serverInfo" && path != "/_edge/tenant_info" {
			refuse(w, http.StatusUnauthorized, "Client must be authenticated to access this resource.")
			return
		}
	}
	if anonymous && path == "/rest/api/2/myself" {
		refuse(w, http.StatusUnauthorized, "Client must be authenticated to access this resource.")
		return
	}
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	handler := s.route(r.Method, segments)
	if handler == nil {
		refuse(w, http.StatusNotFound, "null for uri: "+path)
		return
	}
	handler(w, r.URL.Query(), body)
}

func (s *Jira) authorised(r *http.Request) bool {
	switch user, password, basic := r.BasicAuth(); {
	case s.opt.Token == "":
		return true
	case s.opt.User != "":
		return basic && user == s.opt.User && password == s.opt.Token
	}
	return r.Header.Get("Authorization") == "Bearer "+s.opt.Token
}

type handler func(w http.ResponseWriter, q url.Values, body []byte)

// route finds the handler of a path; nil is a 404.
func (s *Jira) route(method string, p []string) handler {
	api := strings.Join(p[:min(len(p), 3)], "/")
	switch {
	case api == "_edge/tenant_info" && s.Encoder.Flavour == Cloud:
		return func(w http.ResponseWriter, _ url.Values, _ []byte) { write(w, map[string]any{"cloudId": CloudID}) }
	case api == "rest/agile/1.0" && method == http.MethodGet:
		return s.agile(p[3:])
	case api == "rest/api/3" && s.Encoder.Flavour == Server:
		return nil
	case api != "rest/api/2" && api != "rest/api/3":
		return nil
	}
	p = p[3:]
	name := method + " " + strings.Join(p, "/")
	switch name {
	case "GET serverInfo":
		return s.serverInfo
	case "GET myself":
		return s.myself
	case "GET field":
		return raw(s.Encoder.Fields())
	case "GET status":
		return raw(s.Encoder.Statuses())
	case "GET issuetype":
		return raw(s.Encoder.Types())
	case "GET priority":
		return raw([]byte(`[{"id":"1","name":"Highest"},{"id":"2","name":"High"},{"id":"3","name":"Medium"},{"id":"4","name":"Low"}]`))
	case "GET mypermissions":
		return s.permissions
	}
	if len(p) >= 2 && p[0] == "project" && p[1] != "search" && method == http.MethodGet {
		return s.project(p[1:])
	}
	if len(p) >= 2 && p[0] == "issue" && p[1] != "bulkfetch" && method == http.MethodGet {
		return s.issue(p[1:])
	}
	if s.Encoder.Flavour == Cloud {
		return s.cloud(name)
	}
	return s.dataCenter(name)
}

func (s *Jira) serverInfo(w http.ResponseWriter, _ url.Values, _ []byte) {
	kind, version := "Cloud", "1001.0.0-SNAPSHOT"
	if s.Encoder.Flavour == Server {
		kind, version = "Server", "10.3.24"
	}
	base := s.URL
	write(w, map[string]any{"baseUrl": base, "version": version, "deploymentType": kind, "serverTime": s.now.In(s.zone).Format(timeLayout), "serverTitle": "Test"})
}

func (s *Jira) myself(w http.ResponseWriter, _ url.Values, _ []byte) {
	m := map[string]any{"displayName": "Auditor", "active": true, "timeZone": s.zone.String(), "emailAddress": "audit@acme.example"}
	if s.Encoder.Flavour == Cloud {
		m["accountId"] = "me"
	} else {
		m["key"], m["name"] = "JIRAUSER1", "auditor"
	}
	write(w, m)
}

func (s *Jira) permissions(w http.ResponseWriter, q url.Values, _ []byte) {
	if key := q.Get("projectKey"); key != "" && !s.sees(key) {
		refuse(w, http.StatusNotFound, "No project could be found with key '"+key+"'.")
		return
	}
	have := func(name string, ok bool) any { return map[string]any{"key": name, "name": name, "havePermission": ok} }
	write(w, map[string]any{"permissions": map[string]any{
		"BROWSE_PROJECTS": have("BROWSE_PROJECTS", !s.expired), "ADMINISTER_PROJECTS": have("ADMINISTER_PROJECTS", !s.opt.HideRoles), "USER_PICKER": have("USER_PICKER", true),
	}})
}

// sees reports whether a project exists and may be seen.
func (s *Jira) sees(key string) bool {
	_, ok := s.Encoder.scopes[key]
	return ok && !s.hidden[key] && !s.expired
}

func (s *Jira) scope(ref string) (backlog.Scope, bool) {
	if now := s.renamed[ref]; now != "" {
		ref = now
	}
	for _, sc := range s.Encoder.scopes {
		if (sc.Key == ref || sc.ID == ref) && s.sees(sc.Key) {
			return sc, true
		}
	}
	return backlog.Scope{}, false
}

func (s *Jira) project(p []string) handler {
	sc, ok := s.scope(p[0])
	if !ok {
		return fail(http.StatusNotFound, "No project could be found with key '"+p[0]+"'.")
	}
	switch what := strings.Join(p[1:], "/"); {
	case what == "":
		return func(w http.ResponseWriter, _ url.Values, _ []byte) {
			m := s.Encoder.project(sc)
			m["roles"], m["archived"] = s.roleLinks(sc), s.archived[sc.Key]
			write(w, m)
		}
	case what == "versions":
		return func(w http.ResponseWriter, _ url.Values, _ []byte) { write(w, s.Encoder.project(sc)["versions"]) }
	case what == "components":
		return func(w http.ResponseWriter, _ url.Values, _ []byte) { write(w, s.Encoder.components(sc.Key)) }
	case what == "securitylevel":
		return raw([]byte(`{"levels":[]}`))
	case strings.HasPrefix(what, "role") && s.opt.HideRoles && s.Encoder.Flavour == Cloud:
		return fail(http.StatusUnauthorized, "You are not authorized to view roles of this project.")
	case strings.HasPrefix(what, "role") && s.opt.HideRoles:
		return fail(http.StatusNotFound, "You cannot edit the configuration of this project.")
	case what == "role":
		return s.roles(sc)
	case strings.HasPrefix(what, "role/"):
		return s.role(strings.TrimPrefix(what, "role/"))
	}
	return nil
}

func (s *Jira) roleNames() []string {
	names := make([]string, 0, len(s.opt.RoleActors))
	for n := range s.opt.RoleActors {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

func (s *Jira) roles(sc backlog.Scope) handler {
	return func(w http.ResponseWriter, _ url.Values, _ []byte) { write(w, s.roleLinks(sc)) }
}

func (s *Jira) roleLinks(sc backlog.Scope) map[string]string {
	m := map[string]string{}
	for i, n := range s.roleNames() {
		m[n] = fmt.Sprintf("%s/rest/api/2/project/%s/role/%d", s.URL, sc.ID, 10000+i)
	}
	return m
}

func (s *Jira) role(id string) handler {
	n, _ := strconv.Atoi(id)
	names := s.roleNames()
	if n -= 10000; n < 0 || n >= len(names) {
		return nil
	}
	return func(w http.ResponseWriter, _ url.Values, _ []byte) {
		actors := []any{map[string]any{"id": 1, "displayName": "jira-users", "type": "atlassian-group-role-actor", "name": "jira-users", "actorGroup": map[string]any{"name": "jira-users", "displayName": "jira-users"}}}
		for _, a := range s.opt.RoleActors[names[n]] {
			actor := map[string]any{"id": 2, "displayName": s.Encoder.accounts[a].Name, "type": "atlassian-user-role-actor"}
			if s.Encoder.Flavour == Cloud {
				actor["actorUser"] = map[string]any{"accountId": a}
			} else {
				actor["name"] = a
				if h := s.Encoder.accounts[a].Handle; h != "" {
					actor["name"] = h
				}
			}
			actors = append(actors, actor)
		}
		write(w, map[string]any{"id": 10000 + n, "name": names[n], "actors": actors})
	}
}

// issue serves one issue and its lists.
func (s *Jira) issue(p []string) handler {
	d := s.find(p[0])
	if d == nil || !s.visible(d) || s.expired {
		return fail(http.StatusNotFound, "Issue does not exist or you do not have permission to see it.")
	}
	return func(w http.ResponseWriter, q url.Values, _ []byte) {
		start, n := number(q.Get("startAt"), 0), number(q.Get("maxResults"), 100)
		switch strings.Join(p[1:], "/") {
		case "":
			fields := strings.Split(q.Get("fields"), ",")
			_, _ = w.Write(d.encode(fields, len(d.comments), -1, s.Encoder.Flavour))
		case "comment":
			if s.Encoder.Flavour == Cloud {
				n = min(n, 100)
			}
			lo, hi := clamp(start, n, len(d.comments))
			_, _ = w.Write(page("comments", start, len(d.comments), d.comments[lo:hi]))
		case "changelog":
			lo, hi := clamp(start, min(n, 100), len(d.histories))
			_, _ = w.Write(page("values", start, len(d.histories), d.histories[lo:hi]))
		default:
			refuse(w, http.StatusNotFound, "null for uri")
		}
	}
}

func (s *Jira) agile(p []string) handler {
	if s.opt.NoAgile {
		return fail(http.StatusForbidden, "The user does not have a licence for Jira Software.")
	}
	list := func(key string, all []any) handler {
		return func(w http.ResponseWriter, q url.Values, _ []byte) {
			lo, hi := clamp(number(q.Get("startAt"), 0), min(50, number(q.Get("maxResults"), 50)), len(all))
			write(w, map[string]any{"startAt": lo, "maxResults": 50, "total": len(all), "isLast": hi == len(all), key: all[lo:hi]})
		}
	}
	switch {
	case len(p) == 1 && p[0] == "board":
		return list("values", []any{map[string]any{"id": 1, "name": "Scrum", "type": "scrum"}, map[string]any{"id": 2, "name": "Kanban", "type": "kanban"}})
	case len(p) == 3 && p[2] == "sprint" && p[1] == "1":
		return list("values", each(s.Encoder.world.Sprints, func(sp backlog.Sprint) any { return s.Encoder.sprint(sp) }))
	case len(p) == 3 && p[2] == "sprint":
		return fail(http.StatusBadRequest, "The board does not support sprints")
	case len(p) == 3 && p[2] == "configuration":
		return func(w http.ResponseWriter, _ url.Values, _ []byte) {
			write(w, map[string]any{"id": 1, "name": "Scrum", "estimation": map[string]any{"type": "field", "field": map[string]any{"fieldId": FieldPoints, "displayName": "Story Points"}}, "ranking": map[string]any{"rankCustomFieldId": 10019}})
		}
	}
	return nil
}

func write(w http.ResponseWriter, v any) { _, _ = w.Write(must(v)) }

func raw(body []byte) handler {
	return func(w http.ResponseWriter, _ url.Values, _ []byte) { _, _ = w.Write(body) }
}

func fail(code int, message string) handler {
	return func(w http.ResponseWriter, _ url.Values, _ []byte) { refuse(w, code, message) }
}

func refuse(w http.ResponseWriter, code int, message string) {
	w.WriteHeader(code)
	write(w, map[string]any{"errorMessages": []string{message}, "errors": map[string]any{}})
}

func number(s string, otherwise int) int {
	if n, err := strconv.Atoi(s); err == nil && n >= 0 {
		return n
	}
	return otherwise
}

func clamp(start, n, total int) (lo, hi int) {
	lo = min(start, total)
	return lo, min(lo+n, total)
}

func decode(w http.ResponseWriter, body []byte, v any) bool {
	if err := json.Unmarshal(body, v); err != nil {
		refuse(w, http.StatusBadRequest, "There was an error parsing JSON. Check that your request body is valid.")
		return false
	}
	return true
}
