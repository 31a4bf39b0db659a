package jira

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sort"
	"strings"

	"defacto/connectors"
)

// get reads a resource, e.g. "rest/api/2/field", into out.
func (s *Source) get(ctx context.Context, path string, out any) error {
	return s.call(ctx, http.MethodGet, path, nil, out)
}

// ask sends one of the read-only POSTs.
func (s *Source) ask(ctx context.Context, path string, body, out any) error {
	return s.call(ctx, http.MethodPost, path, body, out)
}

// pageReader is an answer that is read by hand, because it is large.
type pageReader interface{ readPage(body []byte) error }

// call sends a request through go-jira and the shared manners, and reads the
// answer into out unless that is nil. A refusal is a *connectors.StatusError with
// Jira's own words.
func (s *Source) call(ctx context.Context, method, path string, body, out any) error {
	req, err := s.api.NewRequestWithContext(ctx, method, path, body)
	if err != nil {
		return fmt.Errorf("jira: %s %s: %w", method, path, err)
	}
	resp, err := s.api.Do(req, nil) // its own decoder would read every page three times
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case resp == nil:
		return fmt.Errorf("jira: %w", err)
	}
	defer resp.Body.Close()
	answer := make([]byte, resp.ContentLength) // it is in memory already
	if _, err := io.ReadFull(resp.Body, answer); err != nil {
		return fmt.Errorf("jira: %s %s: %w", method, path, err)
	}
	if err != nil {
		return fmt.Errorf("jira: %w", refusal(req, resp.StatusCode, answer))
	}
	switch out := out.(type) {
	case nil:
	case pageReader:
		err = out.readPage(answer)
	default:
		err = json.Unmarshal(answer, out)
	}
	if err != nil {
		return fmt.Errorf("jira: %s %s: the answer cannot be read: %w", method, req.URL.Path, err)
	}
	return nil
}

// refusal reads Jira's error collection, or whatever came instead.
func refusal(req *http.Request, status int, body []byte) *connectors.StatusError {
	e := &connectors.StatusError{Method: req.Method, Path: req.URL.Path, Status: status}
	var said struct {
		Messages []string          `json:"errorMessages"`
		Errors   map[string]string `json:"errors"`
		Message  string            `json:"message"`
	}
	if json.Unmarshal(body, &said) != nil {
		e.Message = connectors.Excerpt(body)
		return e
	}
	words := said.Messages
	if said.Message != "" {
		words = append(words, said.Message)
	}
	for field, m := range said.Errors {
		words = append(words, field+": "+m)
	}
	sort.Strings(words)
	e.Message = oneLine(strings.Join(words, "; "))
	return e
}

// oneLine makes hostile text fit for an error.
func oneLine(s string) string { return connectors.OneLine(s, 300) }

// httpStatus is the HTTP status an error carries, 0 when it carries none.
func httpStatus(err error) int {
	var e *connectors.StatusError
	if errors.As(err, &e) {
		return e.Status
	}
	return 0
}

// said is what Jira itself said in an error.
func said(err error) string {
	var e *connectors.StatusError
	if errors.As(err, &e) && e.Message != "" {
		return e.Message
	}
	return err.Error()
}

// credentials turns a 401 into an *AuthError. Project roles do not pass here:
// their 401 means something else.
func (s *Source) credentials(err error) error {
	if httpStatus(err) != http.StatusUnauthorized {
		return err
	}
	next := "check that user is the e-mail address the API token belongs to, and that the token has not expired"
	switch {
	case strings.Contains(said(err), "scope"):
		next = "make a token with the scopes that docs/jira.md lists"
	case s.opt.Auth == AuthPAT:
		next = "check that the personal access token is this server's and has not expired or been revoked"
	case s.opt.Auth == AuthOAuth:
		next = "get a new access token: they last an hour"
	}
	return s.refused(http.StatusUnauthorized, said(err), next)
}

// stops reports whether an error ends the run rather than one issue: refused
// credentials, no patience left, an interruption, a connection that stays broken.
func stops(err error) bool {
	switch httpStatus(err) {
	case http.StatusForbidden, http.StatusNotFound, http.StatusGone, http.StatusBadRequest, http.StatusInternalServerError:
		return false
	}
	return true
}
