package connectors

import (
	"context"
	"errors"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// The backoff between attempts.
const (
	backoffBase = 2 * time.Second
	backoffCap  = 30 * time.Second
	fewAttempts = 3 // for failures that seldom pass: 500, no JSON, connection refused
)

// Transient is an answer that is worth another try: what an Inspect hook returns
// for errors that a tracker hides behind a friendly status.
type Transient struct {
	Status  int
	Reason  string
	Wait    time.Duration // how long the tracker asks to wait, 0 when it does not say
	Limited bool          // a rate limit: patience decides, not the number of attempts
	Foreign bool          // not the tracker's own answer (a login page): tried a few times only
}

// Error says what was wrong with the answer.
func (e *Transient) Error() string { return e.Reason }

// call is one request with its attempts.
type call struct {
	client *Client
	ctx    context.Context // the request's own, for the length of the call
	failed int             // attempts that failed, rate limits not counted
	waited time.Duration
	wait   time.Duration // before the next attempt
	reason string        // why it waits
}

// turn waits until the next attempt may be sent: for the backoff, for the gate
// every request of this client stands at, and for the pace.
func (k *call) turn(req *http.Request) error {
	c := k.client
	for {
		now := c.opt.Now()
		d := max(k.wait, c.gate.remaining(now))
		k.wait = 0
		if d <= 0 {
			break
		}
		if k.waited+d > c.opt.Patience {
			return k.impatient(now.Add(d))
		}
		k.waited += d
		if err := c.opt.Sleep(k.ctx, d); err != nil {
			return err
		}
	}
	if c.pace != nil {
		now := c.opt.Now()
		if d := c.pace.ReserveN(now, 1).DelayFrom(now); d > 0 {
			return c.opt.Sleep(k.ctx, d)
		}
	}
	return k.ctx.Err()
}

func (k *call) impatient(until time.Time) error {
	reason := k.reason
	if reason == "" {
		reason = "it asks to wait longer than is reasonable here"
	}
	return &RateLimitError{Source: k.client.opt.Source, Until: until, Reason: reason}
}

// judge implements [retryablehttp.CheckRetry].
func (k *call) judge(ctx context.Context, resp *http.Response, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if err != nil {
		return k.judgeError(err)
	}
	switch resp.StatusCode {
	case http.StatusTooManyRequests:
		return k.limit(retryAfter(resp.Header, k.client.opt.Now()), "429 "+limitReason(resp.Header))
	case http.StatusServiceUnavailable, http.StatusBadGateway, http.StatusGatewayTimeout:
		k.wait = retryAfter(resp.Header, k.client.opt.Now())
		return k.again(k.client.opt.Attempts, statusError(resp, k.failed+1))
	case http.StatusInternalServerError:
		return k.again(fewAttempts, statusError(resp, k.failed+1))
	}
	return false, nil
}

func (k *call) judgeError(err error) (bool, error) {
	var transient *Transient
	var inspected *inspectedError
	var refused *RedirectError
	var dns *net.DNSError
	switch {
	case errors.As(err, &transient) && transient.Limited:
		return k.limit(transient.Wait, transient.Reason)
	case errors.As(err, &transient):
		k.wait = transient.Wait
		limit := k.client.opt.Attempts
		if transient.Foreign {
			limit = fewAttempts
		}
		return k.again(limit, err)
	case errors.As(err, &inspected):
		return false, inspected.error
	case errors.As(err, &refused), errors.Is(err, ErrTooLarge):
		return false, err
	case errors.As(err, &dns) && dns.IsNotFound:
		return false, err
	case errors.Is(err, syscall.ECONNREFUSED):
		return k.again(fewAttempts, err)
	}
	// What is left is the connection's failure; the library knows the hopeless ones (TLS, scheme).
	if hopeful, _ := retryablehttp.ErrorPropagatedRetryPolicy(k.ctx, nil, err); !hopeful {
		return false, err
	}
	return k.again(k.client.opt.Attempts, err)
}

// limit asks for another try after a rate limit; turn gives up when it takes too long.
func (k *call) limit(wait time.Duration, reason string) (bool, error) {
	k.wait, k.reason = wait, k.client.Scrub(reason)
	k.client.gate.close(k.client.opt.Now().Add(wait))
	return true, nil
}

// again asks for another try unless there were enough.
func (k *call) again(limit int, err error) (bool, error) {
	k.failed++
	k.reason = k.client.Scrub(err.Error())
	if k.failed >= limit {
		return false, err
	}
	return true, nil
}

// backoff implements [retryablehttp.Backoff]: it adds exponential patience to what
// the tracker asked for. The waiting itself is turn's, hence the zero.
func (k *call) backoff(_, _ time.Duration, n int, _ *http.Response) time.Duration {
	step := retryablehttp.DefaultBackoff(backoffBase, backoffCap, min(n, 16), nil)
	jitter := time.Duration(k.client.opt.Jitter() * float64(step) / 2)
	if k.wait > 0 { // never earlier than told, and not all at the same moment
		k.wait += min(jitter, time.Second)
	} else {
		k.wait = step/2 + jitter
	}
	return 0
}
