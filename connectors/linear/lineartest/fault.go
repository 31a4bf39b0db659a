package lineartest

import (
	"net/http"
	"strconv"
	"time"
)

// Kind is a way in which Linear has been seen to misbehave.
type Kind string

// The kinds.
const (
	CutBody       Kind = "the body is cut"
	EmptyBody     Kind = "the body is empty"
	LoginPage     Kind = "a page instead of an answer"
	Unavailable   Kind = "503"
	Internal      Kind = "an internal error with status 200"
	Limited400    Kind = "rate limited with status 400"
	Limited429    Kind = "rate limited with status 429"
	Limited200    Kind = "rate limited with status 200 and nothing else said"
	StuckCursor   Kind = "the same cursor again and again"
	MissingCursor Kind = "a next page and no cursor"
	FieldError    Kind = "one issue's history fails, the rest comes"
	Redirect      Kind = "a redirect to another host"
	LowMaximum    Kind = "a lower complexity limit than documented"
	Hangup        Kind = "the connection breaks"
)

// Fault is how one request goes wrong.
type Fault struct {
	Kind  Kind
	To    string  // Redirect: where to
	Issue string  // FieldError: the issue's id
	Most  float64 // LowMaximum: the limit
}

func (f *Fault) is(k Kind) bool { return f != nil && f.Kind == k }

// breaks reports whether a node of a page is the one whose history fails.
func (f *Fault) breaks(root string, o Object) bool {
	return f.is(FieldError) && root == "issues" && o["id"] == f.Issue
}

// maximum is the complexity one query may have.
func (f *Fault) maximum() float64 {
	if f.is(LowMaximum) {
		return f.Most
	}
	return 10_000
}

// instead answers where the fault leaves nothing to execute.
func (f *Fault) instead(rw http.ResponseWriter, req *http.Request, now time.Time) bool {
	if f == nil {
		return false
	}
	reset := func() {
		rw.Header().Set("X-RateLimit-Requests-Limit", "2500")
		rw.Header().Set("X-RateLimit-Requests-Remaining", "0")
		rw.Header().Set("X-RateLimit-Requests-Reset", strconv.FormatInt(now.Add(20*time.Minute).UnixMilli(), 10))
	}
	switch f.Kind {
	case EmptyBody:
		rw.WriteHeader(http.StatusOK)
	case LoginPage:
		rw.Header().Set("Content-Type", "text/html")
		_, _ = rw.Write([]byte("<html><title>Sign in</title><script>1</script></html>"))
	case Unavailable:
		http.Error(rw, "upstream connect error", http.StatusServiceUnavailable)
	case Internal:
		(&refusal{status: http.StatusOK, message: "Internal server error", kind: "internal error", code: "INTERNAL_SERVER_ERROR"}).write(rw)
	case Limited400:
		reset()
		limited(http.StatusBadRequest).write(rw)
	case Limited429:
		reset()
		limited(http.StatusTooManyRequests).write(rw)
	case Limited200:
		reset()
		(&refusal{status: http.StatusOK, message: "Rate limit exceeded"}).write(rw)
	case Redirect:
		http.Redirect(rw, req, f.To, http.StatusTemporaryRedirect)
	case Hangup:
		panic(http.ErrAbortHandler)
	default:
		return false
	}
	return true
}
