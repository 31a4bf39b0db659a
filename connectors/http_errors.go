package connectors

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"net/http"
	"regexp"
	"strings"
	"unicode"
)

// StatusError is an answer with a status that means failure.
type StatusError struct {
	Method, Path string
	Status       int
	Message      string // what the tracker said, in plain text; "" when nothing
	Attempts     int    // 0 and 1: it was not tried again
}

// Error names the request, the status and the tracker's own words.
func (e *StatusError) Error() string {
	s := fmt.Sprintf("%s %s: %d %s", e.Method, e.Path, e.Status, http.StatusText(e.Status))
	if e.Attempts > 1 {
		s += fmt.Sprintf(" after %d attempts", e.Attempts)
	}
	if e.Message != "" {
		s += ": " + e.Message
	}
	return s
}

// RedirectError says that the tracker pointed somewhere the credentials must not go.
type RedirectError struct {
	Source string
	To     string // scheme and host, or a path on the same host
}

// Error names the place and the remedy.
func (e *RedirectError) Error() string {
	return fmt.Sprintf("%s redirects to %s, where its token is not sent; set url to that address if it is right", e.Source, OneLine(e.To, 200))
}

// statusError reads a failed answer for its error; the body stays readable.
func statusError(resp *http.Response, attempts int) *StatusError {
	body, _ := io.ReadAll(resp.Body) // in memory already
	resp.Body = io.NopCloser(bytes.NewReader(body))
	e := &StatusError{Status: resp.StatusCode, Message: Excerpt(body), Attempts: attempts}
	if resp.Request != nil {
		e.Method, e.Path = resp.Request.Method, resp.Request.URL.Path
	}
	return e
}

var (
	titleTag = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)
	anyTag   = regexp.MustCompile(`(?s)<(script|style)\b.*?</(script|style)>|<[^>]*>`)
)

// Excerpt is the beginning of a body as plain text: a page's title, else its words.
func Excerpt(body []byte) string {
	if len(body) > 64<<10 {
		body = body[:64<<10]
	}
	s := string(body)
	if m := titleTag.FindStringSubmatch(s); m != nil && strings.TrimSpace(m[1]) != "" {
		s = m[1]
	}
	return OneLine(html.UnescapeString(anyTag.ReplaceAllString(s, " ")), 200)
}

// OneLine makes hostile text fit for one line of a terminal: no control
// characters, single spaces, at most n runes.
func OneLine(s string, n int) string {
	s = strings.ToValidUTF8(s, "�")
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r)
	}), " ")
	if r := []rune(s); len(r) > n {
		s = string(r[:n]) + "…"
	}
	return s
}

// Scrub takes the secrets, and the forms they travel in, out of a text.
func (c *Client) Scrub(s string) string { return c.secrets.Text(s) }
