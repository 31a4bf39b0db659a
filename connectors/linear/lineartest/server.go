package lineartest

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// Key is the API key the server knows; Token the OAuth token.
const (
	Key   = "lin_api_0123456789"
	Token = "lin_oauth_0123456789"
)

// Server serves a World.
type Server struct {
	*httptest.Server
	World *World

	mu sync.Mutex
	// Now is the server's clock, told in the Date header; required.
	Now func() time.Time
	// Schema, where set, validates every document.
	Schema *ast.Schema
	// Fault says how the n-th request, from 1, goes wrong; nil: it does not.
	Fault func(n int) *Fault
	// Before is called before the n-th request is answered; it may change the world.
	Before func(n int)
	// Requests and Points are allowances by the hour; 0 is Linear's for a key.
	Requests, Points float64
	// Page, where set, is how many nodes of a root connection come at once at
	// most, so that few issues already make many pages.
	Page int

	sent      []string // documents, as they came
	costs     []float64
	requests  bucket
	points    bucket
	charged   float64
	requested int
}

// bucket is an allowance that fills up steadily.
type bucket struct {
	limit, left float64
	at          time.Time
}

func (b *bucket) fill(limit float64, now time.Time) {
	if b.limit != limit {
		*b = bucket{limit: limit, left: limit, at: now}
	}
	b.left = min(limit, b.left+now.Sub(b.at).Hours()*limit)
	b.at = now
}

// New starts a server; the test's end stops it.
func New(t testing.TB, w *World, now func() time.Time) *Server {
	t.Helper()
	s := &Server{World: w, Now: now}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	s.Start() // the handlers read its URL: it must stand before they run
	t.Cleanup(s.Close)
	return s
}

// Served is what came in: the documents, what each costs by the formula, and the
// points charged for all.
func (s *Server) Served() (documents []string, costs []float64, charged float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.sent...), append([]float64(nil), s.costs...), s.charged
}

func (s *Server) serve(rw http.ResponseWriter, req *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requested++
	n := s.requested
	if s.Before != nil {
		s.Before(n)
	}
	var fault *Fault
	if s.Fault != nil {
		fault = s.Fault(n)
	}
	now := s.Now()
	rw.Header().Set("Date", now.UTC().Format(http.TimeFormat))
	if fault.instead(rw, req, now) {
		return
	}
	if refused := authorized(req.Header.Get("Authorization")); refused != nil {
		refused.write(rw)
		return
	}
	var in struct {
		Query     string         `json:"query"`
		Variables map[string]any `json:"variables"`
	}
	body, err := io.ReadAll(req.Body)
	if err != nil || req.Method != http.MethodPost || json.Unmarshal(body, &in) != nil {
		(&refusal{status: http.StatusBadRequest, message: "POST body missing, invalid or empty", kind: "graphql error"}).write(rw)
		return
	}
	s.answer(rw, in.Query, in.Variables, fault, now)
}

func (s *Server) answer(rw http.ResponseWriter, query string, vars map[string]any, fault *Fault, now time.Time) {
	doc, err := parser.ParseQuery(&ast.Source{Input: query})
	if err != nil {
		(&refusal{status: http.StatusInternalServerError, message: err.Error(), kind: "graphql error"}).write(rw)
		return
	}
	s.sent = append(s.sent, query)
	if s.Schema != nil {
		if errs := validator.ValidateWithRules(s.Schema, doc, rules.NewDefaultRules()); len(errs) > 0 {
			invalid(errs.Error()).write(rw)
			return
		}
	}
	cost := costOf(doc.Operations[0].SelectionSet, vars)
	s.costs = append(s.costs, cost)
	s.requests.fill(positive(s.Requests, 2500), now)
	s.points.fill(positive(s.Points, 3_000_000), now)
	if limit := fault.maximum(); cost > limit {
		s.announce(rw, 0, now)
		(&refusal{
			status: http.StatusBadRequest, message: "Query too complex", kind: "invalid input", code: "INPUT_ERROR",
			presentable: fmt.Sprintf("The query is too complex. Complexity: %v. Maximum allowed complexity: %.0f.", cost, limit),
		}).write(rw)
		return
	}
	if s.requests.left < 1 || s.points.left < cost {
		s.announce(rw, 0, now)
		limited(http.StatusBadRequest).write(rw)
		return
	}
	s.World.mu.Lock()
	ex := &execution{world: s.World, vars: vars, doc: doc, fault: fault, most: s.Page}
	data, refused := ex.run()
	s.World.mu.Unlock()
	s.requests.left--
	s.points.left -= ex.rows
	s.charged += ex.rows
	s.announce(rw, ex.rows, now)
	if refused != nil {
		refused.write(rw)
		return
	}
	out := map[string]any{"data": data}
	if len(ex.errs) > 0 {
		out["errors"] = ex.errs
	}
	b, err := json.Marshal(out)
	if err != nil {
		http.Error(rw, err.Error(), http.StatusInternalServerError)
		return
	}
	rw.Header().Set("Content-Type", "application/json")
	rw.Header().Set("Content-Length", strconv.Itoa(len(b)))
	if fault.is(CutBody) {
		b = b[:len(b)/2] // and the connection closes early
	}
	_, _ = rw.Write(b)
}

// announce sends the headers on what is left.
func (s *Server) announce(rw http.ResponseWriter, cost float64, now time.Time) {
	h := rw.Header()
	h.Set("X-Complexity", strconv.FormatFloat(math.Ceil(cost), 'f', -1, 64))
	for name, b := range map[string]bucket{"Requests": s.requests, "Complexity": s.points} {
		h.Set("X-RateLimit-"+name+"-Limit", strconv.FormatFloat(b.limit, 'f', 0, 64))
		h.Set("X-RateLimit-"+name+"-Remaining", strconv.FormatFloat(math.Floor(b.left), 'f', 0, 64))
		h.Set("X-RateLimit-"+name+"-Reset", strconv.FormatInt(now.Add(time.Hour).UnixMilli(), 10))
	}
}

func authorized(header string) *refusal {
	switch {
	case header == Key || header == "Bearer "+Token:
		return nil
	case strings.HasPrefix(header, "Bearer lin_api_"):
		return &refusal{status: http.StatusBadRequest, message: "It looks like you're trying to use an API key as a Bearer token. Remove the Bearer prefix from the Authorization header.", kind: "invalid input", code: "INPUT_ERROR"}
	}
	return &refusal{status: http.StatusUnauthorized, message: "Authentication required, not authenticated", kind: "authentication error", code: "AUTHENTICATION_ERROR", presentable: "You need to authenticate to access this operation."}
}

func limited(status int) *refusal {
	return &refusal{status: status, message: "Rate limit exceeded. Only 2500 requests are allowed per 1 hour.", kind: "ratelimited", code: "RATELIMITED"}
}

func (r *refusal) write(rw http.ResponseWriter) {
	ext := map[string]any{"type": r.kind, "code": r.code, "statusCode": r.status, "userError": true, "http": map[string]any{"status": r.status}}
	if r.presentable != "" {
		ext["userPresentableMessage"] = r.presentable
	}
	one := map[string]any{"message": r.message, "extensions": ext}
	if r.kind == "" {
		delete(one, "extensions")
	}
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(r.status)
	_ = json.NewEncoder(rw).Encode(map[string]any{"errors": []any{one}, "data": nil})
}

// costOf is the complexity of a selection, computed on the parsed document.
func costOf(set ast.SelectionSet, vars map[string]any) float64 {
	sum := 0.
	for _, s := range set {
		f, ok := s.(*ast.Field)
		if !ok {
			continue
		}
		below := costOf(f.SelectionSet, vars)
		switch {
		case len(f.SelectionSet) == 0:
			sum += .1
		case isConnection(f):
			size, ok := 50., false
			for _, name := range []string{"first", "last"} {
				if a := f.Arguments.ForName(name); a != nil {
					e := execution{vars: vars}
					if size, ok = toFloat(e.value(a.Value)); !ok {
						size = 50
					}
				}
			}
			sum += size * below
		default:
			sum += 1 + below
		}
	}
	return sum
}

func positive(f, otherwise float64) float64 {
	if f > 0 {
		return f
	}
	return otherwise
}
