package linear

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"defacto/connectors"
)

// apiError is Linear's refusal of a query, or of a part of it.
type apiError struct {
	Status  int
	Type    string // the stable name of what went wrong: "forbidden", "invalid input", …
	Message string
	Path    string // "issues.nodes.3.history", "" where the whole query failed
	Partial bool   // data came beside it
}

func (e *apiError) Error() string {
	s := e.Message
	if e.Path != "" {
		s = e.Path + ": " + s
	}
	if e.Type != "" {
		s += " (" + e.Type + ")"
	}
	return s
}

// complexError says that a query asked for more than Linear allows in one.
type complexError struct{ Complexity, Maximum float64 }

func (e *complexError) Error() string {
	return fmt.Sprintf("the query costs %.0f points, Linear allows %.0f", e.Complexity, e.Maximum)
}

// answer is the part of every answer that says whether it is one.
type answer struct {
	Data   json.RawMessage `json:"data"`
	Errors []struct {
		Message    string `json:"message"`
		Path       []any  `json:"path"`
		Extensions struct {
			Type        string `json:"type"`
			Code        string `json:"code"`
			Presentable string `json:"userPresentableMessage"`
		} `json:"extensions"`
	} `json:"errors"`
}

func (a *answer) hasData() bool { return len(a.Data) > 0 && string(a.Data) != "null" }

// says looks for a type or code among the errors, and for words in their
// messages where Linear sent neither.
func (a *answer) says(kind, code, words string) bool {
	for i := range a.Errors {
		e := &a.Errors[i]
		switch {
		case e.Extensions.Type == kind || code != "" && strings.EqualFold(e.Extensions.Code, code):
			return true
		case e.Extensions.Type == "" && words != "" && strings.Contains(strings.ToLower(e.Message), words):
			return true
		}
	}
	return false
}

var complexityWords = regexp.MustCompile(`(?i)complexity: *([0-9.]+)\. *maximum allowed complexity: *([0-9]+)`)

// judge turns an answer into an error, nil where it holds data and nothing else.
func judge(source string, status int, body []byte) error {
	if status == http.StatusOK && !bytes.Contains(body, []byte(`"errors"`)) {
		return nil
	}
	var a answer
	if err := json.Unmarshal(body, &a); err != nil || len(a.Errors) == 0 {
		switch {
		case status == http.StatusUnauthorized:
			return authError(source, status, "it is not known or has expired")
		case status == http.StatusOK && err == nil:
			return nil
		}
		return &connectors.StatusError{Method: http.MethodPost, Path: "/graphql", Status: status, Message: plain(string(body))}
	}
	first := a.Errors[0]
	for _, e := range a.Errors {
		if m := complexityWords.FindStringSubmatch(e.Extensions.Presentable + " " + e.Message); m != nil {
			cost, _ := strconv.ParseFloat(m[1], 64)
			most, _ := strconv.ParseFloat(m[2], 64)
			return &complexError{cost, most}
		}
	}
	if a.says("", "", "query too complex") {
		return &complexError{0, maxComplexity}
	}
	message := first.Message
	if p := first.Extensions.Presentable; p != "" {
		message = p
	}
	message = plain(message)
	if status == http.StatusUnauthorized || a.says("authentication error", "AUTHENTICATION_ERROR", "not authenticated") || strings.Contains(message, "API key as a Bearer") {
		return authError(source, status, message)
	}
	path := make([]string, len(first.Path))
	for i, p := range first.Path {
		path[i] = plain(fmt.Sprint(p))
	}
	return &apiError{Status: status, Type: plain(first.Extensions.Type), Message: message, Path: strings.Join(path, "."), Partial: a.hasData()}
}

func authError(source string, status int, reason string) error {
	return &connectors.AuthError{
		Source: source, Status: status, Reason: reason,
		Next: "make a personal API key with read access under Settings → Security & access, and put it where the token points",
	}
}

// plain makes a tracker's words fit for one line of a terminal.
func plain(s string) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "�"), func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r)
	}), " ")
	if r := []rune(s); len(r) > 300 {
		s = string(r[:300]) + "…"
	}
	return s
}
