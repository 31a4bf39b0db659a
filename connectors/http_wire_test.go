package connectors_test

import (
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"defacto/connectors"
)

// together sends n requests at once and waits for their answers.
func together(t *testing.T, n int, c *connectors.Client, url string) {
	t.Helper()
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			if _, _, err := get(t, c, url); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestConnectionsAreReused(t *testing.T) {
	var opened, asked atomic.Int32
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1)%2 == 0 { // a refusal's body is read to its end, too
			status(http.StatusNotFound, `{"errorMessages":["nothing here"]}`)(w, r)
			return
		}
		fine(w, r)
	}))
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	srv.Start()
	defer srv.Close()
	c, _ := client(t, srv.URL, connectors.ClientOptions{Parallel: 3})
	for range 5 {
		together(t, 6, c, srv.URL)
	}
	if n := opened.Load(); n > 6 { // an idle one may be closed while another is being dialled
		t.Errorf("%d connections for 30 requests, 3 at a time", n)
	}
}

// TestAttemptsTimeOut: an attempt has its own time, the waits between them theirs.
func TestAttemptsTimeOut(t *testing.T) {
	release := make(chan bool)
	srv, n := script(t,
		func(w http.ResponseWriter, r *http.Request) { <-release },
		func(w http.ResponseWriter, r *http.Request) { // the head comes in time, the body does not
			w.WriteHeader(http.StatusOK)
			_ = http.NewResponseController(w).Flush()
			<-release
		},
		status(http.StatusTooManyRequests, "{}", "Retry-After", "300"),
		fine)
	defer close(release)
	c, k := client(t, srv.URL, connectors.ClientOptions{Timeout: 100 * time.Millisecond})
	if _, body, err := get(t, c, srv.URL); err != nil || body != `{"ok":true}` {
		t.Fatalf("%q, %v", body, err)
	}
	if n.Load() != 4 || k.total() < 300*time.Second {
		t.Errorf("%d attempts, %s waited", n.Load(), k.total())
	}
}

// TestJitter: two clients that fail at the same moment do not come back together.
func TestJitter(t *testing.T) {
	waits := map[time.Duration]bool{}
	for range 8 {
		srv, _ := script(t, status(http.StatusServiceUnavailable, "busy"), fine)
		k := newClock()
		c, err := connectors.NewClient(connectors.ClientOptions{Source: "acme", Base: srv.URL, Now: k.Now, Sleep: k.Sleep})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := get(t, c, srv.URL); err != nil {
			t.Fatal(err)
		}
		waits[k.total()] = true
		if d := k.total(); d < time.Second || d > 3*time.Second {
			t.Errorf("it waited %s", d)
		}
		c.Close()
	}
	if len(waits) < 4 {
		t.Errorf("the waits were %v", waits)
	}
}

const helperProxied = "DEFACTO_TEST_PROXIED"

// TestHelperProxied is no test: it is a process of its own, as the environment's
// proxies are read once.
func TestHelperProxied(t *testing.T) {
	if os.Getenv(helperProxied) == "" {
		t.Skip("only run by TestProxyFromEnvironment")
	}
	k := newClock()
	c, err := connectors.NewClient(connectors.ClientOptions{Source: "acme", Base: "https://jira.acme.invalid", Attempts: 1, Now: k.Now, Sleep: k.Sleep})
	if err == nil {
		_, _, err = get(t, c, "https://jira.acme.invalid/rest")
	}
	t.Log(err)
}

// TestProxyFromEnvironment: the environment's proxy is used, its password reaches
// it and nobody else, and no error tells it, whatever the proxy says.
func TestProxyFromEnvironment(t *testing.T) {
	const password = `s3cr3t-pass"word`
	asked := make(chan *http.Request, 9)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		fmt.Fprintf(conn, "HTTP/1.1 403 Forbidden to %s and %s\r\n\r\n", password, r.Header.Get("Proxy-Authorization"))
	}))
	defer proxy.Close()
	for name, tc := range map[string]struct {
		url, said string
	}{
		"without a login": {proxy.URL, "Forbidden"},
		"with a login":    {strings.Replace(proxy.URL, "://", "://me:"+url.PathEscape(password)+"@", 1), "Forbidden to *** and Basic"},
	} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHelperProxied$", "-test.v")
			cmd.Env = append(os.Environ(), helperProxied+"=1", "HTTPS_PROXY="+tc.url, "https_proxy="+tc.url, "NO_PROXY=", "no_proxy=")
			out, err := cmd.CombinedOutput()
			if err != nil || !strings.Contains(string(out), tc.said) {
				t.Errorf("%v: %s", err, out)
			}
			code := base64.StdEncoding.EncodeToString([]byte("me:" + password))
			for _, trace := range []string{"s3cr3t", url.QueryEscape(password), code, code[6:]} {
				if strings.Contains(string(out), trace) && strings.Contains(tc.url, "me:") {
					t.Errorf("%q is told: %s", trace, out)
				}
			}
			select {
			case r := <-asked:
				if r.Method != http.MethodConnect || r.Host != "jira.acme.invalid:443" || r.Header.Get("Authorization") != "" {
					t.Errorf("the proxy was asked %s %s %v", r.Method, r.Host, r.Header)
				}
			default:
				t.Error("the proxy was not asked")
			}
		})
	}
}
