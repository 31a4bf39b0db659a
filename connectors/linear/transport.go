package linear

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"defacto/connectors"
)

// transport is what the GraphQL client sends through: it keeps under the hourly
// allowances and turns Linear's errors into types, which that client would drop.
type transport struct {
	source   string
	client   *connectors.Client
	patience time.Duration
	sleep    func(context.Context, time.Duration) error

	requests, costs allowance
	points          float64   // charged until now
	date            time.Time // the newest answer's
	partial         *apiError // what the newest answer said beside its data
}

// allowance is one of the two hourly budgets as the headers tell it. It fills up
// again steadily, a leaky bucket.
type allowance struct{ limit, left float64 }

// reserve is the part of an allowance left to whoever else uses the same account.
const reserve = .02

// wait is how long it takes until need is there beside the reserve.
func (a *allowance) wait(need float64) time.Duration {
	if a.limit <= 0 {
		return 0
	}
	short := min(need+a.limit*reserve, a.limit) - a.left
	if short <= 0 {
		return 0
	}
	return time.Duration(short / a.limit * float64(time.Hour)).Round(time.Millisecond)
}

func (a *allowance) learn(h http.Header, name string) {
	limit, err := strconv.ParseFloat(h.Get("X-RateLimit-"+name+"-Limit"), 64)
	if err != nil || limit <= 0 {
		return
	}
	if left, err := strconv.ParseFloat(h.Get("X-RateLimit-"+name+"-Remaining"), 64); err == nil {
		a.limit, a.left = limit, left
	}
}

// RoundTrip implements [http.RoundTripper].
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	t.partial = nil
	cost, err := costOf(req)
	if err != nil {
		return nil, err
	}
	if err := t.afford(req.Context(), cost); err != nil {
		return nil, err
	}
	resp, err := t.client.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	t.learn(resp.Header)
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if err := judge(t.source, resp.StatusCode, body); err != nil {
		var partial *apiError
		if !errors.As(err, &partial) || !partial.Partial {
			return nil, err
		}
		t.partial = partial
		resp.StatusCode = http.StatusOK // so that the data that came is decoded
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

func (t *transport) learn(h http.Header) {
	t.requests.learn(h, "Requests")
	t.costs.learn(h, "Complexity")
	if p, err := strconv.ParseFloat(h.Get("X-Complexity"), 64); err == nil {
		t.points += p
	}
	if at, err := http.ParseTime(h.Get("Date")); err == nil {
		t.date = at.UTC()
	}
}

// afford waits until a query of this cost keeps within both allowances.
func (t *transport) afford(ctx context.Context, cost float64) error {
	d := max(t.requests.wait(1), t.costs.wait(cost))
	if d <= 0 {
		return nil
	}
	if d > t.patience {
		return &connectors.RateLimitError{Source: t.source, Until: t.date.Add(d), Reason: "its hourly allowance is used up"}
	}
	pause := t.sleep
	if pause == nil {
		pause = wait
	}
	if err := pause(ctx, d); err != nil {
		return err
	}
	gained := d.Hours()
	t.requests.left += gained * t.requests.limit
	t.costs.left += gained * t.costs.limit
	return nil
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// costOf computes what the query in a request costs.
func costOf(req *http.Request) (float64, error) {
	if req.GetBody == nil {
		return 0, nil
	}
	r, err := req.GetBody()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	var in struct {
		Query     string         `json:"query"`
		Variables map[string]any `json:"variables"`
	}
	if err := json.NewDecoder(r).Decode(&in); err != nil {
		return 0, fmt.Errorf("linear: read the own query: %w", err)
	}
	return complexity(in.Query, in.Variables)
}

// passing are the types of errors that another try may mend.
func passing() []string {
	return []string{"internal error", "lock timeout", "network error", "bootstrap error"}
}

// inspect tells the shared client which answers are worth another try. What to
// make of a cut or foreign one the client knows itself.
func inspect(status int, h http.Header, body []byte, now time.Time) error {
	if !bytes.Contains(body, []byte(`"errors"`)) {
		return nil
	}
	var a answer
	if err := json.Unmarshal(body, &a); err == nil && len(a.Errors) > 0 {
		reason := plain(a.Errors[0].Message)
		if a.says("ratelimited", "RATELIMITED", "rate limit exceeded") {
			return &connectors.Transient{Status: status, Reason: reason, Limited: true, Wait: untilReset(h, now)}
		}
		for _, kind := range passing() {
			if a.says(kind, "", "") && !a.hasData() {
				return &connectors.Transient{Status: status, Reason: reason}
			}
		}
	}
	return nil
}

// untilReset is how long a refusal asks to wait: Retry-After where it is given,
// else the reset of the allowance that is used up, which comes in milliseconds.
func untilReset(h http.Header, now time.Time) time.Duration {
	if s, err := strconv.ParseFloat(h.Get("Retry-After"), 64); err == nil && s > 0 && s < 1e6 {
		return time.Duration(s * float64(time.Second))
	}
	var longest time.Duration
	for _, name := range []string{"Requests", "Complexity", "Endpoint-Requests"} {
		left, err := strconv.ParseFloat(h.Get("X-RateLimit-"+name+"-Remaining"), 64)
		if err != nil || left >= 1 && name != "Complexity" || left >= maxComplexity {
			continue
		}
		if ms, err := strconv.ParseInt(h.Get("X-RateLimit-"+name+"-Reset"), 10, 64); err == nil && ms > 0 {
			longest = max(longest, time.UnixMilli(ms).Sub(now))
		}
	}
	return longest
}
