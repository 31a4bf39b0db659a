package connectors

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// gate holds back every request of a client until the tracker wants more.
type gate struct {
	mu    sync.Mutex
	until time.Time
}

// close shuts the gate until a time; it never opens it earlier.
func (g *gate) close(until time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if until.After(g.until) {
		g.until = until
	}
}

// remaining is how long the gate stays shut.
func (g *gate) remaining(now time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.until.Sub(now)
}

// learn reads the limits that answers of any status announce: an allowance used
// up shuts the gate until it is filled again, one nearly used up slows down.
func (g *gate) learn(resp *http.Response, now time.Time) {
	for name, values := range resp.Header {
		family, ok := strings.CutSuffix(name, "Remaining")
		if !ok || !strings.HasPrefix(name, "X-Ratelimit-") || len(values) == 0 {
			continue
		}
		if left, err := strconv.ParseFloat(strings.TrimSpace(values[0]), 64); err != nil || left >= 1 {
			continue
		}
		if at, ok := resetTime(resp.Header.Get(family+"Reset"), now); ok {
			g.close(at)
		} else if d := retryAfter(resp.Header, now); d > 0 {
			g.close(now.Add(d))
		} else if s, err := strconv.ParseFloat(resp.Header.Get(family+"Interval-Seconds"), 64); err == nil && s > 0 && s < 1e5 {
			g.close(now.Add(time.Duration(s * float64(time.Second)))) // Data Center's bucket gets its next tokens
		}
	}
	if strings.EqualFold(resp.Header.Get("X-RateLimit-NearLimit"), "true") {
		g.close(now.Add(time.Second))
	}
}

// retryAfter reads Retry-After (seconds, also fractional, or a date). It is 0
// where the header is absent, zero, past or unreadable: the backoff then decides.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if s, err := strconv.ParseFloat(v, 64); err == nil && s > 0 && s < 1e7 {
		return time.Duration(s * float64(time.Second))
	}
	if at, err := http.ParseTime(v); err == nil {
		return max(0, at.Sub(now))
	}
	if at, ok := resetTime(h.Get("X-RateLimit-Reset"), now); ok && v == "" {
		return max(0, at.Sub(now))
	}
	return 0
}

// resetTime reads the forms X-RateLimit-Reset comes in: ISO 8601 with or without
// seconds, unix seconds, unix milliseconds, or seconds from now.
func resetTime(v string, now time.Time) (time.Time, bool) {
	v = strings.TrimSpace(v)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if at, err := time.Parse(layout, v); err == nil {
			return at, true
		}
	}
	n, err := strconv.ParseInt(v, 10, 64)
	switch {
	case err != nil || n <= 0:
		return time.Time{}, false
	case n > 1e11:
		return time.UnixMilli(n), true
	case n > 1e8:
		return time.Unix(n, 0), true
	}
	return now.Add(time.Duration(n) * time.Second), true
}

// limitReason is what a 429 says about itself.
func limitReason(h http.Header) string {
	if r := h.Get("RateLimit-Reason"); r != "" {
		return OneLine(r, 80)
	}
	return "too many requests"
}
