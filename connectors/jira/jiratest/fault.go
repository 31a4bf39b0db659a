package jiratest

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// Fault spoils one answer. next is the handler that would have answered well.
type Fault func(w http.ResponseWriter, r *http.Request, next http.Handler)

type plan struct {
	path  string
	left  int
	skip  int
	fault Fault
}

// Break lets the next times requests whose path contains part meet the fault, after
// letting skip of them pass. Plans stack: the first that applies is used.
func (s *Jira) Break(part string, skip, times int, fault Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.plans = append(s.plans, &plan{part, times, skip, fault})
}

// planned returns the fault that applies to a request, if any.
func (s *Jira) planned(path string) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.plans {
		if p.left <= 0 || !strings.Contains(path, p.path) {
			continue
		}
		if p.skip > 0 {
			p.skip--
			continue
		}
		p.left--
		return p.fault
	}
	return nil
}

// Status answers with a status and a body; headers are pairs of names and values.
func Status(code int, body string, headers ...string) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(code)
		fmt.Fprint(w, body)
	}
}

// TooMany is a 429; retryAfter "" leaves the header out.
func TooMany(retryAfter string) Fault {
	if retryAfter == "" {
		return Status(http.StatusTooManyRequests, `{"errorMessages":["Rate limit exceeded."]}`)
	}
	return Status(http.StatusTooManyRequests, `{"errorMessages":["Rate limit exceeded."]}`, "Retry-After", retryAfter, "RateLimit-Reason", "jira-burst-based")
}

// Page is an HTML answer: a proxy's with a failing status, a login page with 200.
func Page(code int, title string) Fault {
	return Status(code, "<!DOCTYPE html><html><head><title>"+title+"</title></head><body>…</body></html>", "Content-Type", "text/html;charset=UTF-8")
}

// Refuse is an error as Jira words it.
func Refuse(code int, message string) Fault {
	return Status(code, `{"errorMessages":[`+strconv.Quote(message)+`],"errors":{}}`, "Content-Type", "application/json;charset=UTF-8")
}

// Cut sends the first half of the good answer and drops the connection.
func Cut(w http.ResponseWriter, r *http.Request, next http.Handler) {
	good := &recorder{header: http.Header{}}
	next.ServeHTTP(good, r)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(good.body)))
	_, _ = w.Write(good.body[:len(good.body)/2])
}

// Hang drops the connection without an answer.
func Hang(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_ = conn.Close()
	}
}

// Meanwhile lets something happen before the good answer is made: an edit, a
// deletion, a kill.
func Meanwhile(happen func()) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		happen()
		next.ServeHTTP(w, r)
	}
}

type recorder struct {
	header http.Header
	body   []byte
}

func (r *recorder) Header() http.Header { return r.header }
func (r *recorder) WriteHeader(int)     {}
func (r *recorder) Write(b []byte) (int, error) {
	r.body = append(r.body, b...)
	return len(b), nil
}
