package web

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestHeaders(t *testing.T) {
	h := handler(t, newFake(t, "full"), Options{Loopback: true})
	for _, path := range []string{"/", "/scope?scope=nowhere", "/nowhere", "/download?format=csv", "/find?of="} {
		w := get(h, path)
		for name, want := range map[string]string{
			"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Cache-Control": "no-store",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		policy := w.Header().Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "style-src 'sha256-", "script-src 'sha256-", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: the policy %q lacks %q", path, policy, want)
			}
		}
		if strings.Contains(policy, "unsafe") {
			t.Errorf("%s: the policy %q is unsafe", path, policy)
		}
	}
}

func TestMethods(t *testing.T) {
	h := handler(t, newFake(t, "full"), Options{Loopback: true})
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, http.MethodTrace, http.MethodConnect, "SPLICE"} {
		for _, path := range []string{"/", "/scope", "/download", "/nowhere"} {
			r := httptest.NewRequest(http.MethodGet, "http://localhost"+path, strings.NewReader("x=1"))
			r.Method = method
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
				t.Errorf("%s %s: %d, Allow %q", method, path, w.Code, w.Header().Get("Allow"))
			}
		}
	}
	srv := httptest.NewServer(h)
	defer srv.Close()
	res, err := http.Head(srv.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, err := io.ReadAll(res.Body); res.StatusCode != http.StatusOK || len(body) != 0 || err != nil {
		t.Errorf("HEAD /: %d with %d bytes, %v", res.StatusCode, len(body), err)
	}
}

// A page of somebody else's that points its own name at this machine gets nothing.
func TestHostCheck(t *testing.T) {
	local := handler(t, newFake(t, "full"), Options{Loopback: true})
	for host, want := range map[string]int{
		"localhost": 200, "localhost:8321": 200, "LOCALHOST:1": 200, "127.0.0.1:8321": 200, "127.9.9.9": 200, "[::1]:8321": 200, "[::1]": 200,
		"evil.example": 421, "evil.example:8321": 421, "localhost.evil.example": 421, "127.0.0.1.nip.example": 421, "10.0.0.7:8321": 421, "0.0.0.0:8321": 421, "": 421,
	} {
		w := get(local, "/coverage", func(r *http.Request) { r.Host = host })
		if w.Code != want {
			t.Errorf("Host %q: %d, want %d", host, w.Code, want)
		}
		if want != 200 && strings.Contains(w.Body.String(), "Coverage") {
			t.Errorf("Host %q is shown the page", host)
		}
	}
	const token = "a-token-long-enough"
	public := handler(t, newFake(t, "full"), Options{Token: token})
	w := get(public, "/coverage", func(r *http.Request) {
		r.Host = "audits.acme.example"
		r.Header.Set("Authorization", "Bearer "+token)
	})
	if w.Code != http.StatusOK {
		t.Errorf("a public server under its name: %d", w.Code)
	}
}

func TestToken(t *testing.T) {
	const token = "a-token-long-enough"
	h := handler(t, newFake(t, "full"), Options{Token: token})
	bearer := func(v string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", v) }
	}
	cookie := func(v string) func(*http.Request) {
		return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: cookieName, Value: v}) }
	}
	for name, tt := range map[string]struct {
		path   string
		change func(*http.Request)
		want   int
	}{
		"nothing":            {"/", func(*http.Request) {}, 401},
		"nothing, download":  {"/download?format=json", func(*http.Request) {}, 401},
		"nothing, nowhere":   {"/nowhere", func(*http.Request) {}, 401},
		"bearer":             {"/", bearer("Bearer " + token), 200},
		"bearer, small":      {"/", bearer("bearer " + token), 200},
		"wrong bearer":       {"/", bearer("Bearer " + token + "x"), 401},
		"empty bearer":       {"/", bearer("Bearer "), 401},
		"basic":              {"/", bearer("Basic " + token), 401},
		"cookie":             {"/", cookie(pass(token)), 200},
		"the token itself":   {"/", cookie(token), 401},
		"another's cookie":   {"/", cookie(pass("another token there")), 401},
		"empty cookie":       {"/", cookie(""), 401},
		"wrong in address":   {"/?token=wrong", func(*http.Request) {}, 401},
		"empty in address":   {"/?token=", func(*http.Request) {}, 401},
		"wrong beats cookie": {"/?token=wrong", cookie(pass(token)), 401},
	} {
		w := get(h, tt.path, tt.change)
		if w.Code != tt.want {
			t.Errorf("%s: %d, want %d", name, w.Code, tt.want)
		}
		if tt.want == 401 && (strings.Contains(w.Body.String(), "Who really") || len(w.Result().Cookies()) > 0) {
			t.Errorf("%s: let in: %.200s", name, w.Body.String())
		}
	}
}

// The address with the token gives a cookie and leads to the same address without it.
func TestTokenBecomesCookie(t *testing.T) {
	const token = "a-token-long-enough"
	h := handler(t, newFake(t, "full"), Options{Token: token})
	w := get(h, "/scope?scope=acme%2FPAY&token="+token)
	cookies := w.Result().Cookies()
	if w.Code != 200 || len(cookies) != 1 {
		t.Fatalf("%d with %d cookies", w.Code, len(cookies))
	}
	c := cookies[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Secure || strings.Contains(c.Value, token) {
		t.Errorf("the cookie is %v", c)
	}
	if body := w.Body.String(); !strings.Contains(body, `href="/scope?scope=acme%2FPAY"`) || strings.Contains(body, token) {
		t.Errorf("it leads on by %s", body)
	}
	if w := get(h, "/", func(r *http.Request) { r.AddCookie(c) }); w.Code != 200 || !strings.Contains(w.Body.String(), "Who really") {
		t.Errorf("with the cookie: %d", w.Code)
	}
	if w := get(h, "/?token="+token, func(r *http.Request) { r.Header.Set("X-Forwarded-Proto", "https") }); !w.Result().Cookies()[0].Secure {
		t.Error("behind https the cookie may go over http")
	}
	// No address leads to another server.
	for _, path := range []string{"//evil.example/", "/%2F%2Fevil.example/", "/\\evil.example"} {
		w := get(h, path+"?token="+token)
		if body := w.Body.String(); strings.Contains(body, `url=//`) || strings.Contains(body, `href="//`) || strings.Contains(body, `/\`) {
			t.Errorf("%s leads to %s", path, body)
		}
	}
}

func TestLongAddress(t *testing.T) {
	h := handler(t, newFake(t, "full"), Options{Loopback: true})
	if w := get(h, "/?q="+strings.Repeat("a", longestQuery)); w.Code != http.StatusRequestURITooLong {
		t.Errorf("a long address: %d", w.Code)
	}
}

func TestLoopback(t *testing.T) {
	for address, want := range map[string]bool{"127.0.0.1": true, "127.1.2.3": true, "::1": true, "0.0.0.0": false, "::": false, "10.0.0.1": false} {
		if got := Loopback(&net.TCPAddr{IP: net.ParseIP(address)}); got != want {
			t.Errorf("%s: %t", address, got)
		}
	}
	if Loopback(&net.UnixAddr{Name: "x"}) {
		t.Error("what is not known passes for loopback")
	}
}
