package linear

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"defacto/backlog"
)

// hostile answers every request with the same body.
func hostile(t testing.TB, status int, body string) *Source {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(srv.Close)
	s, err := New(Options{URL: srv.URL, Token: "lin_api_secret", Now: time.Now, Patience: time.Minute, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// answers are what a server may say and Linear never would.
var answers = []string{
	`{"data":{}}`, `{"data":null}`, `{}`, `{"data":{"users":null}}`, `{"data":{"users":{"nodes":null,"pageInfo":null}}}`,
	`{"data":{"users":{"nodes":[null,{}],"pageInfo":{"hasNextPage":true,"endCursor":"x"}}}}`, `{"data":{"users":[]}}`,
	`{"data":{"users":{"nodes":[{"id":7}]}}}`, `{"data":{"users":{"nodes":[{"createdAt":"yesterday"}]}}}`, `{"data":{"nobody":1}}`,
	`{"data":[1]}`, `{"data":"x"}`, `{"errors":null}`, `{"errors":[]}`, `{"errors":[null],"data":null}`, `{"errors":[{}]}`, `{"errors":{"a":1}}`,
	`{"errors":[{"message":"\u001b[31m<script>","path":[{"a":[1]},null,3],"extensions":{"type":"forbidden"}}],"data":{"users":{"nodes":[{"id":"` + strings.Repeat("x", 5000) + `"}]}}}`,
	`{"errors":[{"message":"` + strings.Repeat("é", 9000) + `"}]}`, `{"errors":[{"message":"Query too complex"}]}`,
	`{"errors":[{"message":"","extensions":{"userPresentableMessage":"Complexity: 99999999999999999999999.5. Maximum allowed complexity: 0."}}]}`,
}

// TestHostileAnswers holds that no answer makes the connector panic, hang, or
// tell its token.
func TestHostileAnswers(t *testing.T) {
	for _, status := range []int{200, 400, 401, 403, 404, 500} {
		for _, body := range answers {
			s := hostile(t, status, body)
			batches, failed := 0, false
			for _, err := range s.Batches(t.Context(), "") {
				if batches++; err == nil {
					continue
				}
				failed = true
				if msg := err.Error(); strings.Contains(msg, "lin_api_secret") || strings.ContainsAny(msg, "\x1b\n") || len(msg) > 2000 {
					t.Errorf("%d %.80s: %q", status, body, msg)
				}
			}
			if !failed {
				t.Errorf("%d %.80s passes for a workspace", status, body)
			}
			if batches > 10 || s.Requests() > 60 {
				t.Errorf("%d %.80s: %d batches after %d requests", status, body, batches, s.Requests())
			}
		}
	}
}

// FuzzAnswer lets anything come for a page of issues and comments.
func FuzzAnswer(f *testing.F) {
	for _, a := range answers {
		f.Add(a)
	}
	f.Add(`{"data":{"issues":{"nodes":[{"id":"i","team":null,"state":null,"labelIds":[null],"history":{"nodes":[{"id":"e","toPriority":1e400,"descriptionUpdatedBy":[null]}]}}]},"comments":{"nodes":[{"id":"c","bodyData":"{}"}]}}}`)
	f.Fuzz(func(t *testing.T, body string) {
		if !json.Valid([]byte(body)) {
			t.Skip("the shared client lets only JSON through")
		}
		s := hostile(t, 200, body)
		var q talkQuery
		if err := s.query(t.Context(), &q, map[string]any{"issues": size(1)}); err != nil {
			return
		}
		d := desk()
		for i := range q.Issues.Nodes {
			is := d.issue(&q.Issues.Nodes[i], nil, false)
			if len(is.Changes) < len(q.Issues.Nodes[i].History.Nodes) || is.Level != backlog.Story && is.Level != backlog.SubTask {
				t.Errorf("%s came out as %+v", body, is)
			}
		}
		for i := range q.Comments.Nodes {
			d.comment(&q.Comments.Nodes[i])
		}
	})
}
