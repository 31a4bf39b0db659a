package connectors

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"golang.org/x/time/rate"

	"defacto/config/redact"
)

// ClientOptions say how to talk to one tracker. Source, Base and Now are
// required; the zero value of everything else is a sensible default.
type ClientOptions struct {
	Source string // the source's name, for errors
	// Base is the tracker's URL. Requests go to its scheme and host and nowhere
	// else, and only they carry the credentials. Plain http is for loopback only.
	Base string
	// Authorize puts the credentials on a request that is about to be sent to
	// Base's host; nil sends none.
	Authorize func(*http.Request)
	Secrets   []string // what must never appear in an error, nor in what an answer says

	CA        string // PEM file of certificate authorities trusted besides the system's
	UserAgent string // default "defacto"

	Parallel int           // requests in flight at most; default 4
	Rate     rate.Limit    // requests a second at most; default without limit
	Timeout  time.Duration // for one attempt, body included; default 2 minutes
	Patience time.Duration // for all waiting on behalf of one request; default 15 minutes
	Attempts int           // of a request that keeps failing; default 7 (a rate limit is bound by Patience alone)
	MaxBody  int64         // bytes of one answer, unpacked; default 128 MiB
	// MaxValues is how many JSON objects and lists one answer may have: three bytes
	// of "{}," become hundreds in memory. Default 4 million.
	MaxValues int

	// Rolling says that X-RateLimit-*-Reset is merely the end of a rolling window
	// (Linear): an allowance used up is then no reason to wait before a refusal.
	Rolling bool

	// Inspect judges an answer by its whole body before the client's own rules
	// do. nil leaves it to them; a *Transient is tried again; any other error is
	// returned. It may be called concurrently.
	Inspect func(resp *http.Response, body []byte) error

	Now    func() time.Time
	Sleep  func(context.Context, time.Duration) error // default waits in real time
	Jitter func() float64                             // in [0,1); default random
}

// Client is the HTTP manners every connector shares. It is an [http.RoundTripper]
// for libraries that want an *http.Client, and has Do for those that want a doer.
//
// It reuses connections, asks for gzip, keeps no cookies, follows redirects on
// the same host only, and reads every answer whole before it returns it, so that
// a cut body is tried again like a reset connection. An answer that repeats a
// secret comes without it. It obeys Retry-After and
// X-RateLimit-* for all requests together, never earlier than they say.
//
// Answers with status 2xx are complete JSON, or are tried again. 429, 502, 503,
// 504 and broken connections are tried again with exponential backoff, 500 and
// answers that are no JSON a few times. All other answers, 400, 401, 403, 404 and
// 410 among them, are returned at once for the caller to understand.
//
// The errors are *[RateLimitError] when the tracker asks for more patience than
// there is, *[StatusError] when it kept failing, *[RedirectError], the context's
// own error, or the last failure of the connection. It may be used concurrently.
type Client struct {
	opt     ClientOptions
	base    *url.URL
	http    *http.Client // one attempt, redirects included
	places  chan struct{}
	pace    *rate.Limiter
	gate    gate
	sent    atomic.Int64
	secrets *redact.Redactor
}

// NewClient returns a client, or an error when Base is no usable URL or the CA
// file cannot be read.
func NewClient(opt ClientOptions) (*Client, error) {
	base, err := url.Parse(opt.Base)
	switch {
	case err != nil: // the error repeats the URL, and what is wrong may well be a password in it
		return nil, fmt.Errorf("%s: the URL cannot be read: it is not of the form https://host", opt.Source)
	case base.Host == "" || (base.Scheme != "https" && base.Scheme != "http"):
		return nil, fmt.Errorf("%s: %q is no URL of the form https://host", opt.Source, place(base))
	case base.User != nil:
		return nil, fmt.Errorf("%s: %q carries credentials; they belong in user and token", opt.Source, place(base))
	case base.Scheme == "http" && !loopback(base.Hostname()):
		return nil, fmt.Errorf("%s: %q would send the token unencrypted; use https", opt.Source, place(base))
	}
	opt = opt.withDefaults()
	proxied, err := opt.proxied(base)
	if err != nil {
		return nil, err
	}
	wire, err := opt.wire()
	if err != nil {
		return nil, err
	}
	c := &Client{opt: opt, base: base, places: make(chan struct{}, opt.Parallel), secrets: redact.New(append(proxied, opt.Secrets...)...)}
	if opt.Rate > 0 {
		c.pace = rate.NewLimiter(opt.Rate, opt.Parallel)
	}
	c.http = &http.Client{Transport: &attempt{client: c, wire: wire}, CheckRedirect: c.checkRedirect}
	return c, nil
}

func (o ClientOptions) withDefaults() ClientOptions {
	o.Parallel = positive(o.Parallel, 4)
	o.Attempts = positive(o.Attempts, 7)
	o.Timeout = positive(o.Timeout, 2*time.Minute)
	o.Patience = positive(o.Patience, 15*time.Minute)
	o.MaxBody = positive(o.MaxBody, 128<<20)
	o.MaxValues = positive(o.MaxValues, 4_000_000)
	if o.UserAgent == "" {
		o.UserAgent = "defacto"
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	return o
}

// wire is the transport below everything: pooled connections, TLS verified,
// proxies from the environment.
func (o ClientOptions) wire() (*http.Transport, error) {
	t := &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   15 * time.Second,
		ExpectContinueTimeout: time.Second,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          o.Parallel,
		MaxIdleConnsPerHost:   o.Parallel,
		IdleConnTimeout:       90 * time.Second,

		MaxResponseHeaderBytes: 1 << 20,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
	}
	if o.CA == "" {
		return t, nil
	}
	pem, err := readAuthorities(o.CA)
	if err != nil {
		return nil, fmt.Errorf("%s: read the certificate authorities: %w", o.Source, err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s: %s holds no PEM certificate", o.Source, o.CA)
	}
	t.TLSClientConfig.RootCAs = pool
	return t, nil
}

// mostAuthorities bounds a file of certificate authorities: all that browsers know
// are a quarter of a megabyte.
const mostAuthorities = 4 << 20

func readAuthorities(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	pem, err := io.ReadAll(io.LimitReader(f, mostAuthorities+1))
	if len(pem) > mostAuthorities {
		return nil, fmt.Errorf("%s is larger than %d MiB", path, mostAuthorities>>20)
	}
	return pem, err
}

// proxied are the secrets of the proxy that the environment names for Base.
func (o ClientOptions) proxied(base *url.URL) ([]string, error) {
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: base})
	switch {
	case err != nil: // the error may repeat the variable
		return nil, fmt.Errorf("%s: the proxy that the environment names (HTTPS_PROXY, HTTP_PROXY) cannot be used", o.Source)
	case proxy == nil || proxy.User == nil:
		return nil, nil
	}
	password, _ := proxy.User.Password()
	return []string{password, proxy.User.String()}, nil
}

// place is a URL without what may be secret in it.
func place(u *url.URL) string {
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

// Requests is how many requests were sent until now, every attempt counted.
func (c *Client) Requests() int { return int(c.sent.Load()) }

// Close drops idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Do sends a request with all the manners. The answer's body is in memory.
func (c *Client) Do(req *http.Request) (*http.Response, error) { return c.RoundTrip(req) }

// RoundTrip is Do under the name [http.RoundTripper] wants.
func (c *Client) RoundTrip(req *http.Request) (*http.Response, error) {
	wrapped, err := retryablehttp.FromRequest(req)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.opt.Source, err)
	}
	call := &call{client: c, ctx: req.Context()}
	if err := call.turn(req); err != nil {
		return nil, err
	}
	loop := &retryablehttp.Client{
		HTTPClient:   c.http,
		RetryMax:     1 << 30, // judge decides
		CheckRetry:   call.judge,
		Backoff:      call.backoff,
		PrepareRetry: call.turn,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	resp, err := loop.Do(wrapped)
	if err != nil {
		return nil, c.secrets.Error(err)
	}
	return resp, nil
}

// checkRedirect keeps requests, and the credentials they carry, where they belong.
func (c *Client) checkRedirect(req *http.Request, via []*http.Request) error {
	refused := &RedirectError{Source: c.opt.Source, To: c.Scrub(req.URL.Scheme + "://" + req.URL.Host)}
	switch {
	case !c.ours(req.URL):
		return refused
	case req.Method != via[0].Method: // a read by POST would silently become another request
		refused.To = c.Scrub(req.URL.Path)
		return refused
	case len(via) >= 5:
		return errors.New("too many redirects")
	}
	return nil
}

// ours reports whether a URL points at the pinned scheme and host.
func (c *Client) ours(u *url.URL) bool { return u.Scheme == c.base.Scheme && u.Host == c.base.Host }

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

func positive[N int | int64 | time.Duration](n, otherwise N) N {
	if n > 0 {
		return n
	}
	return otherwise
}
