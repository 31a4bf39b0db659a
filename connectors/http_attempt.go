package connectors

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// attempt sends one request once and reads the whole answer. It is the only
// place that hands out credentials.
type attempt struct {
	client *Client
	wire   *http.Transport
}

// CloseIdleConnections lets [http.Client] reach the pool.
func (a *attempt) CloseIdleConnections() { a.wire.CloseIdleConnections() }

// RoundTrip implements [http.RoundTripper].
func (a *attempt) RoundTrip(req *http.Request) (*http.Response, error) {
	c := a.client
	if !c.ours(req.URL) {
		return nil, &RedirectError{Source: c.opt.Source, To: req.URL.Scheme + "://" + req.URL.Host}
	}
	select {
	case c.places <- struct{}{}:
		defer func() { <-c.places }()
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
	ctx, cancel := context.WithTimeout(req.Context(), c.opt.Timeout)
	defer cancel()
	req = req.Clone(ctx)
	req.Header.Set("User-Agent", c.opt.UserAgent)
	if req.Header.Get("Accept") == "" {
		req.Header.Set("Accept", "application/json")
	}
	if c.opt.Authorize != nil {
		c.opt.Authorize(req)
	}
	c.sent.Add(1)
	resp, err := a.wire.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if !c.opt.Rolling {
		c.gate.learn(resp, c.opt.Now())
	}
	body, err := readAll(resp, c.opt.MaxBody)
	switch {
	case errors.Is(err, ErrTooLarge) || err != nil && req.Context().Err() != nil:
		return nil, fmt.Errorf("read the answer: %w", err)
	case err != nil: // cut off, or not packed the way it says
		return nil, &Transient{Status: resp.StatusCode, Reason: "the answer cannot be read to its end: " + err.Error()}
	}
	whole, values := completeJSON(body)
	fact := resp.StatusCode/100 == 2 && whole
	switch {
	case fact && values > c.opt.MaxValues:
		return nil, fmt.Errorf("%w than %d objects and lists", ErrTooLarge, c.opt.MaxValues)
	case fact:
		body = c.secrets.Data(body)
	default:
		body = c.secrets.Bytes(body)
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	if redirected(resp.StatusCode) { // http.Client follows, or checkRedirect refuses
		return resp, nil
	}
	if c.opt.Inspect != nil {
		if err := c.opt.Inspect(resp, body); err != nil {
			return nil, &inspectedError{err}
		}
	}
	if resp.StatusCode/100 == 2 && !fact {
		return nil, notJSON(resp, body)
	}
	return resp, nil
}

// readAll reads a body of at most limit bytes in one go where its length is known.
func readAll(resp *http.Response, limit int64) ([]byte, error) {
	var buf bytes.Buffer
	if n := resp.ContentLength; n > 0 && n <= limit {
		buf.Grow(int(n) + bytes.MinRead)
	}
	n, err := buf.ReadFrom(io.LimitReader(resp.Body, limit+1))
	switch {
	case err != nil:
		return nil, err
	case n > limit:
		return nil, fmt.Errorf("%w than %d MiB", ErrTooLarge, limit>>20)
	}
	return buf.Bytes(), nil
}

func redirected(status int) bool {
	return status >= 301 && status <= 308 && status != http.StatusNotModified
}

// completeJSON reports whether a body is one JSON object or array that was not
// cut, and how many of either are in it. It balances brackets outside strings, which
// a cut never survives; the grammar, and how deep it may go, is left to the decoder.
func completeJSON(body []byte) (whole bool, values int) {
	body = bytes.TrimSpace(body)
	if len(body) < 2 || (body[0] != '{' && body[0] != '[') {
		return false, 0
	}
	depth := 0
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '{', '[':
			depth++
			values++
		case '}', ']':
			if depth--; depth == 0 {
				return i == len(body)-1, values
			}
		case '"':
			for i++; i < len(body) && body[i] != '"'; i++ {
				if body[i] == '\\' {
					i++
				}
			}
		}
	}
	return false, values
}

// inspectedError marks what an Inspect hook said, on its way through net/http.
type inspectedError struct{ error }

// Unwrap returns the hook's own error.
func (e *inspectedError) Unwrap() error { return e.error }

// ErrTooLarge is an answer over [ClientOptions].MaxBody or MaxValues; asking for less may help.
var ErrTooLarge = errors.New("the answer is larger")

// notJSON describes a 2xx answer that is a login page, a proxy's notice or cut off.
func notJSON(resp *http.Response, body []byte) error {
	kind := resp.Header.Get("Content-Type")
	switch {
	case len(body) == 0:
		return &Transient{Status: resp.StatusCode, Reason: "the answer is empty"}
	case body[0] == '{' || body[0] == '[':
		return &Transient{Status: resp.StatusCode, Reason: fmt.Sprintf("the answer was cut off after %d bytes", len(body))}
	case kind == "":
		kind = "no content type"
	}
	reason := fmt.Sprintf("the answer is not JSON but %s: %s", OneLine(kind, 60), Excerpt(body))
	return &Transient{Status: resp.StatusCode, Foreign: true, Reason: reason}
}
