package connectors_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"defacto/connectors"
)

// clock is a clock that sleeping advances.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

func newClock() *clock { return &clock{now: time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.slept = append(c.slept, d)
	return ctx.Err()
}

func (c *clock) total() (d time.Duration) {
	for _, s := range c.slept {
		d += s
	}
	return d
}

func client(t *testing.T, url string, opt connectors.ClientOptions) (*connectors.Client, *clock) {
	t.Helper()
	k := newClock()
	opt.Source, opt.Base, opt.Now, opt.Sleep = "acme", url, k.Now, k.Sleep
	opt.Jitter = func() float64 { return 0.5 }
	c, err := connectors.NewClient(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, k
}

func get(t *testing.T, c *connectors.Client, url string) (int, string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(`{"ask":1}`))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := c.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body), nil
}

// script answers the n-th request with its n-th step, and the last one ever after.
func script(t *testing.T, steps ...http.HandlerFunc) (*httptest.Server, *atomic.Int32) {
	t.Helper()
	var n atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if body, _ := io.ReadAll(r.Body); string(body) != `{"ask":1}` {
			t.Errorf("an attempt came with the body %q", body)
		}
		i := min(int(n.Add(1)), len(steps)) - 1
		steps[i](w, r)
	}))
	t.Cleanup(srv.Close)
	return srv, &n
}

func fine(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"ok":true}`) }

func status(code int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(code)
		fmt.Fprint(w, body)
	}
}

func cut(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "5000")
	fmt.Fprint(w, `{"issues":[{"id":"1"},`)
}

func reset(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		conn.Close()
	}
}

func TestTransientFailuresAreTriedAgain(t *testing.T) {
	const login = "<html><title>Log in</title></html>"
	for name, tc := range map[string]struct {
		step    http.HandlerFunc
		atLeast time.Duration // waited before the second attempt
	}{
		"429 with Retry-After":      {status(429, "", "Retry-After", "41"), 41 * time.Second},
		"429 with a date":           {status(429, "", "Retry-After", "Wed, 01 Jul 2026 09:01:00 GMT"), time.Minute},
		"429 without Retry-After":   {status(429, ""), time.Second},
		"429 with Retry-After zero": {status(429, "", "Retry-After", "0"), time.Second},
		"429 with a reset":          {status(429, "", "X-RateLimit-Reset", "2026-07-01T09:02Z"), 2 * time.Minute},
		"502 with a page":           {status(502, login), time.Second},
		"503 with Retry-After":      {status(503, "", "Retry-After", "7"), 7 * time.Second},
		"504":                       {status(504, ""), time.Second},
		"500":                       {status(500, "{}"), time.Second},
		"a reset connection":        {reset, time.Second},
		"a cut body":                {cut, time.Second},
		"a cut body that ends well": {status(200, `{"issues":[{"id":"1"}`), time.Second},
		"an empty body":             {status(200, ""), time.Second},
		"a login page":              {status(200, login, "Content-Type", "text/html"), time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			srv, n := script(t, tc.step, fine)
			c, k := client(t, srv.URL, connectors.ClientOptions{})
			code, body, err := get(t, c, srv.URL+"/x")
			if err != nil || code != 200 || body != `{"ok":true}` {
				t.Fatalf("got %d %q, %v", code, body, err)
			}
			if n.Load() != 2 || c.Requests() != 2 {
				t.Errorf("%d requests sent, %d counted, want 2", n.Load(), c.Requests())
			}
			if k.total() < tc.atLeast || k.total() > tc.atLeast+2*time.Second {
				t.Errorf("waited %s, want %s and a little", k.total(), tc.atLeast)
			}
		})
	}
}

func TestRefusalsAreNotTriedAgain(t *testing.T) {
	for _, code := range []int{400, 401, 403, 404, 410} {
		srv, n := script(t, status(code, `{"errorMessages":["no"]}`))
		c, k := client(t, srv.URL, connectors.ClientOptions{})
		got, body, err := get(t, c, srv.URL)
		if err != nil || got != code || body != `{"errorMessages":["no"]}` {
			t.Errorf("%d: got %d %q, %v", code, got, body, err)
		}
		if n.Load() != 1 || k.total() != 0 {
			t.Errorf("%d: %d requests, waited %s", code, n.Load(), k.total())
		}
	}
}

func TestPatienceEnds(t *testing.T) {
	t.Run("a server that keeps failing", func(t *testing.T) {
		srv, n := script(t, status(503, "<html><body>down for\x1b[31m maintenance</body>"))
		c, k := client(t, srv.URL, connectors.ClientOptions{})
		_, _, err := get(t, c, srv.URL+"/x")
		var failed *connectors.StatusError
		if !errors.As(err, &failed) || failed.Status != 503 || failed.Attempts != 7 || n.Load() != 7 {
			t.Fatalf("after %d requests: %v", n.Load(), err)
		}
		if want := "POST /x: 503 Service Unavailable after 7 attempts: down for [31m maintenance"; err.Error() != want {
			t.Errorf("error %q, want %q", err, want)
		}
		for i, d := range k.slept { // 2, 4, 8, 16, 30, 30 with half of it jitter
			if limit := min(2<<i, 30); d > time.Duration(limit)*time.Second {
				t.Errorf("wait %d was %s", i, d)
			}
		}
	})
	t.Run("an error of the server itself", func(t *testing.T) {
		srv, n := script(t, status(500, "{}"))
		c, _ := client(t, srv.URL, connectors.ClientOptions{})
		if _, _, err := get(t, c, srv.URL); err == nil || n.Load() != 3 {
			t.Fatalf("after %d requests: %v", n.Load(), err)
		}
	})
	t.Run("a rate limit without end", func(t *testing.T) {
		srv, _ := script(t, status(429, "", "Retry-After", "60", "RateLimit-Reason", "jira-burst-based"))
		c, k := client(t, srv.URL, connectors.ClientOptions{Patience: 5 * time.Minute})
		_, _, err := get(t, c, srv.URL)
		var limited *connectors.RateLimitError
		if !errors.As(err, &limited) || limited.Source != "acme" || !strings.Contains(limited.Reason, "jira-burst-based") {
			t.Fatal(err)
		}
		if !limited.Until.After(k.Now()) || k.total() > 5*time.Minute {
			t.Errorf("until %s at %s after waiting %s", limited.Until, k.Now(), k.total())
		}
	})
	t.Run("a wait nobody can grant", func(t *testing.T) {
		srv, n := script(t, status(429, "", "Retry-After", "86400"))
		c, k := client(t, srv.URL, connectors.ClientOptions{})
		_, _, err := get(t, c, srv.URL)
		var limited *connectors.RateLimitError
		if !errors.As(err, &limited) || n.Load() != 1 || k.total() != 0 {
			t.Fatalf("%v after %d requests and %s", err, n.Load(), k.total())
		}
	})
}

func TestUsedUpAllowanceHoldsEveryRequestBack(t *testing.T) {
	for name, tc := range map[string]struct {
		headers []string
		want    time.Duration
	}{
		"cloud":               {[]string{"X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "2026-07-01T09:00:30Z"}, 30 * time.Second},
		"data center":         {[]string{"X-RateLimit-Remaining", "0", "Retry-After", "12"}, 12 * time.Second},
		"data center, bucket": {[]string{"X-RateLimit-Remaining", "0", "Retry-After", "0", "X-RateLimit-Interval-Seconds", "5"}, 5 * time.Second},
		"tokens left":         {[]string{"X-RateLimit-Remaining", "3", "Retry-After", "0"}, 0},
		"linear":              {[]string{"X-RateLimit-Complexity-Remaining", "0", "X-RateLimit-Complexity-Reset", "1782896460000"}, time.Minute},
		"near":                {[]string{"X-RateLimit-NearLimit", "true"}, time.Second},
		"nonsense":            {[]string{"X-RateLimit-Remaining", "none", "Retry-After", "soon", "X-RateLimit-Reset", "-"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			srv, _ := script(t, status(200, `{}`, tc.headers...), fine)
			c, k := client(t, srv.URL, connectors.ClientOptions{})
			for range 2 {
				if _, _, err := get(t, c, srv.URL); err != nil {
					t.Fatal(err)
				}
			}
			if k.total() != tc.want {
				t.Errorf("waited %s, want %s", k.total(), tc.want)
			}
		})
	}
}

func TestPace(t *testing.T) {
	srv, _ := script(t, fine)
	c, k := client(t, srv.URL, connectors.ClientOptions{Rate: 2, Parallel: 1})
	for range 5 {
		if _, _, err := get(t, c, srv.URL); err != nil {
			t.Fatal(err)
		}
	}
	if k.total() != 2*time.Second {
		t.Errorf("five requests at two a second waited %s", k.total())
	}
}

func TestTokenGoesNowhereElse(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s reached another host with %q", r.URL, r.Header.Get("Authorization"))
	}))
	defer other.Close()
	authorize := func(r *http.Request) { r.Header.Set("Authorization", "Bearer tok-123456") }

	t.Run("redirect", func(t *testing.T) {
		srv, n := script(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL+"/steal", http.StatusTemporaryRedirect)
		})
		c, _ := client(t, srv.URL, connectors.ClientOptions{Authorize: authorize})
		_, _, err := get(t, c, srv.URL)
		var refused *connectors.RedirectError
		if !errors.As(err, &refused) || refused.To != other.URL || n.Load() != 1 {
			t.Fatalf("%v after %d requests", err, n.Load())
		}
	})
	t.Run("a read turned into a page", func(t *testing.T) {
		srv, n := script(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/login.jsp", http.StatusFound) })
		c, _ := client(t, srv.URL, connectors.ClientOptions{Authorize: authorize})
		_, _, err := get(t, c, srv.URL)
		var refused *connectors.RedirectError
		if !errors.As(err, &refused) || n.Load() != 1 {
			t.Fatalf("%v after %d requests", err, n.Load())
		}
	})
	t.Run("absolute URL", func(t *testing.T) {
		srv, _ := script(t, fine)
		c, _ := client(t, srv.URL, connectors.ClientOptions{Authorize: authorize})
		if _, _, err := get(t, c, other.URL); err == nil {
			t.Fatal("a request to another host was sent")
		}
	})
	t.Run("same host", func(t *testing.T) {
		srv, _ := script(t,
			func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "/jira/x", http.StatusPermanentRedirect)
			},
			func(w http.ResponseWriter, r *http.Request) {
				fmt.Fprintf(w, `{"auth":%q}`, r.Header.Get("Authorization"))
			})
		c, _ := client(t, srv.URL, connectors.ClientOptions{Authorize: authorize})
		if _, body, err := get(t, c, srv.URL+"/x"); err != nil || body != `{"auth":"Bearer tok-123456"}` {
			t.Fatalf("%q, %v", body, err)
		}
	})
}

// TestSecretsStayOutOfErrors: in whatever way an attempt fails, and in whatever form
// the answer repeats the secret, no error and no answer has it.
func TestSecretsStayOutOfErrors(t *testing.T) {
	const secret = `s3cr3t/"token"+0123<456>`
	forms := strings.Join([]string{
		secret, url.QueryEscape(secret), url.PathEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret)),
		base64.StdEncoding.EncodeToString([]byte("audit@acme.example:" + secret)), strings.ToLower(url.QueryEscape(secret)),
	}, " ")
	quoted, err := json.Marshal(forms)
	if err != nil {
		t.Fatal(err)
	}
	hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	for name, tc := range map[string]struct {
		step http.HandlerFunc
		want string // in the error, or in the answer
	}{
		"a refusal":          {status(401, "no: "+forms), "no: *** "},
		"an error":           {status(500, "no: "+forms), "no: *** "},
		"a page":             {status(200, "<title>no: "+html.EscapeString(forms)+"</title>", "Content-Type", "text/html"), "no: *** "},
		"a type":             {status(200, "no", "Content-Type", "text/"+secret), "text/***"},
		"a reason":           {status(429, "", "Retry-After", "9999999", "RateLimit-Reason", secret), "***"},
		"facts":              {status(200, `{"said":`+string(quoted)+`}`), `{"said":"*** `},
		"where words end":    {status(503, strings.Repeat("n", 185)+" "+forms), "nnn ***"},
		"another host":       {status(307, "", "Location", "https://"+url.PathEscape("s3cr3t")+".example/"+url.PathEscape(secret)), "redirects to https://"},
		"a page of the host": {status(302, "", "Location", "/login/"+url.PathEscape(secret)), "redirects to /login/***"},
		"nothing in time":    {hang, "deadline"},
		"a cut":              {cut, "read to its end"},
		"a hang-up":          {reset, "EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			srv, _ := script(t, tc.step)
			c, _ := client(t, srv.URL, connectors.ClientOptions{
				Secrets: []string{secret, ""}, Timeout: 50 * time.Millisecond, Attempts: 2,
				Authorize: func(r *http.Request) { r.SetBasicAuth("audit@acme.example", secret) },
			})
			_, body, err := get(t, c, srv.URL+"/?key="+url.QueryEscape(secret))
			said := body
			if err != nil {
				said = err.Error()
			}
			if !strings.Contains(said, tc.want) {
				t.Errorf("%q does not say %q", said, tc.want)
			}
			for _, form := range append(strings.Fields(forms), secret[:12]) {
				if strings.Contains(said, form) {
					t.Errorf("%q tells %q", said, form)
				}
			}
		})
	}
	for _, base := range []string{"https://audit:" + "s3cr3t@acme.example", "https://s3cr3t@acme.example", "https://audit:s3cr3t@acme.example:port", "http://s3cr3t@acme.example/", "ftp://s3cr3t@acme.example", "https://a/?token=s3cr3t\x7f"} {
		if _, err := connectors.NewClient(connectors.ClientOptions{Source: "acme", Base: base, Now: newClock().Now}); err == nil || strings.Contains(err.Error(), "s3cr3t") {
			t.Errorf("%s: %v", base, err)
		}
	}
}

func TestBodies(t *testing.T) {
	t.Run("gzip", func(t *testing.T) {
		srv, _ := script(t, func(w http.ResponseWriter, r *http.Request) {
			if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
				t.Error("gzip was not asked for")
			}
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			fmt.Fprint(z, `{"packed":true}`)
			z.Close()
		})
		c, _ := client(t, srv.URL, connectors.ClientOptions{})
		if _, body, err := get(t, c, srv.URL); err != nil || body != `{"packed":true}` {
			t.Fatalf("%q, %v", body, err)
		}
	})
	for name, parts := range map[string]int{"a bomb": 1, "a bomb of several parts": 64} {
		t.Run(name, func(t *testing.T) {
			srv, n := script(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Encoding", "gzip")
				for range parts {
					z := gzip.NewWriter(w)
					_, _ = z.Write(bytes.Repeat([]byte(" "), 4<<20/parts))
					z.Close()
				}
			})
			c, _ := client(t, srv.URL, connectors.ClientOptions{MaxBody: 1 << 20})
			if _, _, err := get(t, c, srv.URL); err == nil || !strings.Contains(err.Error(), "larger than 1 MiB") || n.Load() != 1 {
				t.Fatalf("%v after %d requests", err, n.Load())
			}
		})
	}
	t.Run("a bomb of small things", func(t *testing.T) {
		for values, body := range map[string]string{"objects": `{"a":[` + strings.Repeat("{},", 1000) + `{}]}`, "lists": strings.Repeat("[", 1001) + strings.Repeat("]", 1001)} {
			srv, n := script(t, status(200, body))
			c, _ := client(t, srv.URL, connectors.ClientOptions{MaxValues: 1000})
			if _, _, err := get(t, c, srv.URL); !errors.Is(err, connectors.ErrTooLarge) || !strings.Contains(err.Error(), "larger than 1000 objects and lists") || n.Load() != 1 {
				t.Errorf("%s: %v after %d requests", values, err, n.Load())
			}
			if c, _ = client(t, srv.URL, connectors.ClientOptions{MaxValues: 1003}); c != nil {
				if _, got, err := get(t, c, srv.URL); err != nil || got != body {
					t.Errorf("%s: %v", values, err)
				}
			}
		}
	})
	t.Run("a long header", func(t *testing.T) {
		srv, _ := script(t, status(200, "{}", "X-Long", strings.Repeat("x", 2<<20)))
		c, _ := client(t, srv.URL, connectors.ClientOptions{Attempts: 1})
		if _, _, err := get(t, c, srv.URL); err == nil || !strings.Contains(err.Error(), "exceeded 1048576 bytes") {
			t.Error(err)
		}
	})
	t.Run("cookies are not kept", func(t *testing.T) {
		srv, _ := script(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Cookie") != "" {
				t.Error("a cookie came back")
			}
			http.SetCookie(w, &http.Cookie{Name: "JSESSIONID", Value: "1"})
			fine(w, r)
		})
		c, _ := client(t, srv.URL, connectors.ClientOptions{})
		for range 2 {
			if _, _, err := get(t, c, srv.URL); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestInspect(t *testing.T) {
	srv, n := script(t, status(400, `{"code":"RATELIMITED"}`), status(400, `{"code":"RATELIMITED"}`), fine)
	c, k := client(t, srv.URL, connectors.ClientOptions{Attempts: 1, Inspect: func(resp *http.Response, body []byte) error {
		if bytes.Contains(body, []byte("RATELIMITED")) {
			return &connectors.Transient{Status: resp.StatusCode, Reason: "rate limited", Wait: 90 * time.Second, Limited: true}
		}
		return nil
	}})
	if _, body, err := get(t, c, srv.URL); err != nil || body != `{"ok":true}` || n.Load() != 3 {
		t.Fatalf("%q, %v after %d requests", body, err, n.Load())
	}
	if k.total() < 3*time.Minute {
		t.Errorf("waited only %s", k.total())
	}
}

func TestWhatInspectRefusesIsNotTriedAgain(t *testing.T) {
	srv, n := script(t, fine)
	refused := &connectors.AuthError{Source: "acme", Reason: "expired"}
	c, _ := client(t, srv.URL, connectors.ClientOptions{Inspect: func(*http.Response, []byte) error { return refused }})
	_, _, err := get(t, c, srv.URL)
	var got *connectors.AuthError
	if !errors.As(err, &got) || got != refused || n.Load() != 1 {
		t.Fatalf("%v after %d requests", err, n.Load())
	}
}

func TestCancelledContextIsReturnedAsItIs(t *testing.T) {
	srv, _ := script(t, status(503, ""))
	ctx, cancel := context.WithCancel(t.Context())
	c, err := connectors.NewClient(connectors.ClientOptions{
		Source: "acme", Base: srv.URL, Now: newClock().Now,
		Sleep: func(ctx context.Context, _ time.Duration) error { cancel(); return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	req, _ := http.NewRequestWithContext(ctx, http.MethodPost, srv.URL, strings.NewReader(`{"ask":1}`))
	resp, err := c.Do(req)
	if err == nil {
		resp.Body.Close()
	}
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func TestParallelIsBound(t *testing.T) {
	var now, most atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := now.Add(1)
		defer now.Add(-1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		fine(w, r)
	}))
	defer srv.Close()
	c, _ := client(t, srv.URL, connectors.ClientOptions{Parallel: 2})
	together(t, 20, c, srv.URL)
	if most.Load() > 2 || c.Requests() != 20 {
		t.Errorf("%d in flight, %d requests", most.Load(), c.Requests())
	}
}

func TestCustomAuthority(t *testing.T) {
	srv := httptest.NewTLSServer(http.HandlerFunc(fine))
	defer srv.Close()
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	c, _ := client(t, srv.URL, connectors.ClientOptions{CA: file})
	if _, _, err := get(t, c, srv.URL); err != nil {
		t.Fatal(err)
	}
	stranger, k := client(t, srv.URL, connectors.ClientOptions{})
	if _, _, err := get(t, stranger, srv.URL); err == nil || k.total() != 0 {
		t.Fatalf("an unknown authority: %v after %s", err, k.total())
	}
}

func TestUnusableOptions(t *testing.T) {
	notPEM := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(notPEM, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, opt := range map[string]connectors.ClientOptions{
		"no URL":             {Base: "acme.atlassian.net"},
		"cannot be read":     {Base: "https://a b"},
		"unencrypted":        {Base: "http://jira.acme.example"},
		"carries credential": {Base: "https://me:pw@jira.acme.example"},
		"read the cert":      {Base: "https://x.example", CA: "/nowhere.pem"},
		"no PEM":             {Base: "https://x.example", CA: notPEM},
	} {
		if _, err := connectors.NewClient(opt); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "pw") {
			t.Errorf("%q: got %v", want, err)
		}
	}
}
