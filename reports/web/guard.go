package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"html/template"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// What a request may be at most.
const (
	longestQuery = 8 << 10
	largestBody  = 1 << 10
)

// guard lets through what may be answered: reading, by who may read, under a name
// that is this machine's own.
func guard(next http.Handler, o Options, policy string, onward *template.Template) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protect(w.Header(), policy)
		r.Body = http.MaxBytesReader(w, r.Body, largestBody)
		w = &recorder{ResponseWriter: w, status: http.StatusOK}
		// The query stays out of the log: it tells who looked whom up.
		defer func() {
			o.Log.Debug("answered", "method", r.Method, "path", r.URL.Path, "status", w.(*recorder).status)
		}()
		switch {
		case o.Loopback && !ownName(r.Host):
			// Another name that leads here is how a foreign page would reach in.
			http.Error(w, "this server answers to localhost only", http.StatusMisdirectedRequest)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "these pages can only be read", http.StatusMethodNotAllowed)
		case len(r.URL.RawQuery) > longestQuery:
			http.Error(w, "the address is too long", http.StatusRequestURITooLong)
		case o.Token != "" && r.URL.Query().Has("token"):
			admit(w, r, o.Token, onward)
		case o.Token != "" && !admitted(r, o.Token):
			w.Header().Set("WWW-Authenticate", `Bearer realm="defacto"`)
			http.Error(w, "These pages want a token: open their address once with ?token= and the token behind it.", http.StatusUnauthorized)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// protect sets what a browser must hold against whatever a page might contain.
func protect(h http.Header, policy string) {
	h.Set("Content-Security-Policy", policy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("Cache-Control", "no-store")
}

// ownName reports whether a Host header names this machine itself.
func ownName(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.TrimSuffix(strings.TrimPrefix(name, "["), "]")
	if strings.EqualFold(name, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(name)
	return err == nil && ip.IsLoopback()
}

// cookieName holds what says that a browser has shown the token.
const cookieName = "defacto"

// pass is what the cookie holds: made from the token, but not the token.
func pass(token string) string {
	mac := hmac.New(sha256.New, []byte(token))
	mac.Write([]byte("defacto serve"))
	return hex.EncodeToString(mac.Sum(nil))
}

// same compares in a time that tells nothing, not even the lengths.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return hmac.Equal(x[:], y[:])
}

func admitted(r *http.Request, token string) bool {
	if scheme, given, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		return same(strings.TrimSpace(given), token)
	}
	for _, c := range r.CookiesNamed(cookieName) {
		if same(c.Value, pass(token)) {
			return true
		}
	}
	return false
}

// admit takes a token from the address, remembers that it was right, and leads
// on to the same address without it. The page leads on itself, for a browser
// sends no strict cookie along a redirection that another site began.
func admit(w http.ResponseWriter, r *http.Request, token string, onward *template.Template) {
	query := r.URL.Query()
	if !same(query.Get("token"), token) {
		http.Error(w, "That is not the token.", http.StatusUnauthorized)
		return
	}
	query.Del("token")
	to := "/" + strings.TrimLeft(r.URL.EscapedPath(), "/\\")
	if len(query) > 0 {
		to += "?" + query.Encode()
	}
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: pass(token), Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode,
		Secure: r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https",
	})
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	// A failed write is the reader's hanging up.
	_ = onward.ExecuteTemplate(w, "onward", to)
}

// recorder remembers the status for the log.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Unwrap lets [http.ResponseController] through.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
