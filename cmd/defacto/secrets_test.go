package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"io/fs"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"defacto/connectors/jira/jiratest"
	"defacto/connectors/linear/lineartest"
	"defacto/connectors/sample"
)

// login is a way to authenticate, with a secret that every encoding changes where
// the tracker's own do not forbid it.
type login struct {
	kind, user, auth, secret string
	good                     func(t *testing.T) string // the URL of a tracker that takes it
}

func logins() map[string]login {
	const awkward = `s3cr3t/"tok&en+<0123>=456%78`
	jira := func(flavour jiratest.Flavour, user, secret string) func(*testing.T) string {
		return func(t *testing.T) string {
			world := jiratest.World(jiratest.Size{Projects: []string{"PAY"}, Issues: 6, Histories: 2, Comments: 1})
			srv := jiratest.New(flavour, world, jiratest.Options{User: user, Token: secret})
			t.Cleanup(srv.Close)
			return srv.URL
		}
	}
	linear := func(t *testing.T) string {
		w := lineartest.NewWorld()
		org := sample.Team(1, sample.StretchedOwner, sample.Quiet(), sample.BankA)
		for b, err := range org.Batches(t.Context(), "") {
			if err != nil {
				t.Fatal(err)
			}
			b.Issues = b.Issues[:min(len(b.Issues), 2)]
			w.Add(b)
			break
		}
		return lineartest.New(t, w, org.AsOf).URL
	}
	return map[string]login{
		"jira cloud, e-mail and token":        {"jira", "audit@acme.example", "basic", awkward, jira(jiratest.Cloud, "audit@acme.example", awkward)},
		"jira data center, token":             {"jira", "", "pat", awkward, jira(jiratest.Server, "", awkward)},
		"jira data center, user and password": {"jira", "audit", "basic", "hunt/er2", jira(jiratest.Server, "audit", "hunt/er2")},
		"linear, key":                         {"linear", "", "key", lineartest.Key, linear},
		"linear, OAuth":                       {"linear", "", "oauth", lineartest.Token, linear},
	}
}

// told are the ways a server may tell what it was sent.
func told(r *http.Request, secret string) string {
	header := r.Header.Get("Authorization")
	word := header[strings.LastIndexByte(header, ' ')+1:]
	plain, err := base64.StdEncoding.DecodeString(word)
	if err != nil {
		plain = []byte(word)
	}
	return strings.Join([]string{
		secret, header, string(plain), word,
		url.QueryEscape(secret), url.PathEscape(secret), strings.ToLower(url.QueryEscape(secret)),
		base64.StdEncoding.EncodeToString([]byte(secret)), base64.URLEncoding.EncodeToString([]byte("x" + secret)),
	}, " ")
}

// traces are what of a secret must be nowhere: in a text or in a file.
func traces(user, secret string) []string {
	return []string{
		secret, url.QueryEscape(secret), url.PathEscape(secret),
		strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(secret)), "=")[:len(secret)],
		base64.StdEncoding.EncodeToString([]byte("x" + secret))[3 : len(secret)-2],
		base64.StdEncoding.EncodeToString([]byte(user + ":" + secret))[len(user)*8/6+3:][:len(secret)-2],
		strings.Trim(fmt.Sprintf("%q", secret), `"`), secret[:len(secret)-1],
	}
}

// failures are what a server may do instead of answering.
func echoes() map[string]func(w http.ResponseWriter, r *http.Request, secret string) {
	status := func(code int, kind, format string, headers ...string) func(http.ResponseWriter, *http.Request, string) {
		return func(w http.ResponseWriter, r *http.Request, secret string) {
			said := told(r, secret)
			w.Header().Set("Content-Type", kind)
			for i := 0; i+1 < len(headers); i += 2 {
				w.Header().Set(headers[i], strings.ReplaceAll(headers[i+1], "SECRET", secret))
			}
			w.WriteHeader(code)
			if strings.Contains(kind, "json") {
				said = fmt.Sprintf("%q", said)
			}
			fmt.Fprintf(w, format, said)
		}
	}
	const asJSON, asPage = "application/json", "text/html"
	jira, page := `{"errorMessages":[%s],"errors":{}}`, "<html><head><title>%s</title></head><body>…</body></html>"
	graph := `{"errors":[{"message":%[1]s,"path":[%[1]s],"extensions":{"type":"forbidden","userPresentableMessage":%[1]s}}],"data":null}`
	return map[string]func(http.ResponseWriter, *http.Request, string){
		"400":             status(400, asJSON, jira),
		"401":             status(401, asJSON, jira),
		"401, GraphQL":    status(401, asJSON, graph),
		"403, a page":     status(403, asPage, page),
		"403, GraphQL":    status(403, asJSON, graph),
		"404, far down":   status(404, asPage, strings.Repeat("n", 170)+" %s"), // where the excerpt ends, within the secret
		"429":             status(429, asJSON, "%s", "Retry-After", "999999", "RateLimit-Reason", "SECRET"),
		"500":             status(500, asJSON, jira),
		"503, text":       status(503, "text/plain; SECRET", "%s"),
		"200, a page":     status(200, asPage, page),
		"200, other JSON": status(200, "application/json", `{"data":{},"issues":[{"id":%s}],"errors":[{"message":%[1]s}],"errorMessages":[%[1]s],"warningMessages":[%[1]s],"displayName":%[1]s,"serverTitle":%[1]s}`),
		"redirected": func(w http.ResponseWriter, _ *http.Request, secret string) {
			w.Header().Set("Location", "http://127.0.0.2/"+url.PathEscape(secret)+"?token="+url.QueryEscape(secret))
			w.WriteHeader(http.StatusTemporaryRedirect)
		},
		"led away": func(w http.ResponseWriter, _ *http.Request, secret string) {
			w.Header().Set("Location", "/"+url.PathEscape(secret))
			w.WriteHeader(http.StatusFound)
		},
		"hung up": func(w http.ResponseWriter, _ *http.Request, _ string) { panic(http.ErrAbortHandler) },
		"no HTTP": func(w http.ResponseWriter, r *http.Request, secret string) {
			if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
				fmt.Fprintf(conn, "HTTP/1.1 %s\r\n%s\r\n\r\n", secret, told(r, secret))
				_ = conn.Close()
			}
		},
	}
}

// TestSecretsAreNotTold holds that no tracker gets this program to tell a secret:
// not in its errors, its log at the level of debug, its output, nor in any file.
func TestSecretsAreNotTold(t *testing.T) {
	for name, l := range logins() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			good, err := url.Parse(l.good(t))
			if err != nil {
				t.Fatal(err)
			}
			for failure, echo := range echoes() {
				for _, after := range []int32{0, 3} {
					t.Run(fmt.Sprintf("%s after %d", failure, after), func(t *testing.T) {
						forward := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: good.Scheme, Host: good.Host})
						var asked atomic.Int32 // a new connection after one hung up is another goroutine
						srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
							if asked.Add(1) <= after {
								forward.ServeHTTP(w, r)
								return
							}
							echo(w, r, l.secret)
						}))
						defer srv.Close()
						code := tellNothing(t, l, srv.URL, "sync", "--log-level", "debug")
						if code == exitDone && failure != "200, other JSON" { // which may pass for an empty tracker
							t.Error("sync succeeds")
						}
						if asked.Load() <= after {
							t.Errorf("%d requests came", asked.Load())
						}
					})
				}
			}
			for failure, at := range map[string]string{"nobody there": nobody(t), "an unknown authority": stranger(t)} {
				t.Run(failure, func(t *testing.T) { tellNothing(t, l, at, "sync", "--log-level", "debug", "--log-format", "json") })
			}
			for failure, at := range map[string]string{
				"in the address":         "https://audit:" + url.PathEscape(l.secret) + "@acme.example",
				"as a user":              "https://" + url.PathEscape(l.secret) + "@acme.example",
				"in an odd address":      "https://audit:" + l.secret + "@acme.example:port",
				"in a query":             "https://acme.example/?token=" + url.QueryEscape(l.secret),
				"in an address of plain": "http://audit:" + url.PathEscape(l.secret) + "@acme.example",
			} {
				t.Run(failure, func(t *testing.T) { tellNothing(t, l, at, "doctor", "--log-level", "debug") })
			}
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { echoes()["401"](w, r, l.secret) }))
			defer srv.Close()
			t.Run("doctor", func(t *testing.T) { tellNothing(t, l, srv.URL, "doctor", "--log-level", "debug") })
			t.Run("init", func(t *testing.T) {
				tellNothing(t, l, srv.URL, "init", "--force", "--yes", "--kind", l.kind, "--url", srv.URL, "--user", l.user, "--token-env", "TOKEN")
				tellNothing(t, l, srv.URL, "init", "--force", "--yes", "--kind", l.kind, "--url", "https://x:"+url.PathEscape(l.secret)+"@acme.example", "--token-env", "TOKEN")
				tellNothing(t, l, srv.URL, "init", "--force", "--yes", "--kind", l.kind, "--url", srv.URL, "--token-env", l.secret)
			})
		})
	}
}

// tellNothing runs a command and looks everywhere for the secret.
func tellNothing(t *testing.T, l login, at string, args ...string) (code int) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "defacto.yaml")
	text := fmt.Sprintf("store: s.db\nsources:\n  - {name: acme, kind: %s, url: %q, token: \"${TOKEN}\", auth: %s", l.kind, at, l.auth)
	if l.user != "" {
		text += ", user: " + l.user
	}
	if err := os.WriteFile(path, []byte(text+"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs strings.Builder
	code, err := runQuickly(t, map[string]string{"TOKEN": l.secret}, &out, &errs, append(args, "--config", path)...)
	silent(t, l.user, l.secret, "stdout", out.String())
	silent(t, l.user, l.secret, "stderr", errs.String())
	for _, one := range causes(err) { // whoever asks for one of ours and prints it
		if name := fmt.Sprintf("%T", one); strings.HasPrefix(name, "*connectors.") || strings.HasPrefix(name, "*linear.") {
			silent(t, l.user, l.secret, name, one.Error())
		}
	}
	silentFiles(t, dir, l.user, l.secret, path)
	return code
}

// causes are an error and all that it wraps.
func causes(err error) []error {
	list := []error{err}
	switch e := err.(type) { //nolint:errorlint // this is how errors.As walks
	case nil:
		return nil
	case interface{ Unwrap() error }:
		list = append(list, causes(e.Unwrap())...)
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			list = append(list, causes(one)...)
		}
	}
	return list
}

// runQuickly is run with a clock that waiting advances. It also returns the error.
func runQuickly(t *testing.T, env map[string]string, stdout, stderr io.Writer, args ...string) (int, error) {
	t.Helper()
	var waited atomic.Int64
	p := &program{
		getenv: func(name string) string { return env[name] }, in: strings.NewReader(""), out: stdout, err: stderr,
		now:   func() time.Time { return time.Now().Add(time.Duration(waited.Load())) },
		sleep: func(ctx context.Context, d time.Duration) error { waited.Add(int64(d)); return ctx.Err() },
		log:   slog.New(slog.DiscardHandler),
	}
	root := p.root()
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(t.Context())
	p.name = commandName(cmd)
	return p.conclude(t.Context(), err), err
}

func silentFiles(t *testing.T, dir, user, secret string, but ...string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || slices.Contains(but, path) {
			return err
		}
		data, err := os.ReadFile(path)
		silent(t, user, secret, filepath.Base(path), string(data))
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func silent(t *testing.T, user, secret, where, text string) {
	t.Helper()
	for _, trace := range traces(user, secret) {
		if i := strings.Index(text, trace); i >= 0 {
			t.Errorf("%s tells %q: …%q…", where, trace, text[max(0, i-120):min(len(text), i+120)])
			return
		}
	}
}

// nobody is an address at which nobody listens.
func nobody(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String()
}

// stranger is a server whose certificate nobody vouches for.
func stranger(t *testing.T) string {
	t.Helper()
	srv := httptest.NewUnstartedServer(http.NotFoundHandler())
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	return srv.URL
}

// TestMailPasswordIsNotTold is the same for a mail server, which hears the password
// in base64, and for the ledger.
func TestMailPasswordIsNotTold(t *testing.T) {
	const user, password = "reports", `s3cr3t/"tok&en+<0123>=456%78`
	for name, answers := range map[string]map[string]string{
		"at the login":   {"AUTH": "535 5.7.8 no: %s"},
		"at the sender":  {"MAIL": "550 5.1.0 no: %s"},
		"at the address": {"RCPT": "550 5.1.0 no: %s"},
		"at the data":    {"DATA": "554 5.0.0 no: %s"},
		"at the message": {".": "554 5.0.0 no: %s"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := demoIn(t)
			path := filepath.Join(dir, "defacto.yaml")
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			host, port, _ := net.SplitHostPort(babbler(t, password, answers))
			text = fmt.Appendf(text, "smtp: {host: %s, port: %s, tls: none, user: %s, password: \"${P}\"}\nreports:\n  - {name: q, scopes: [demo/SHOP], from: d@acme.example, to: [ann@acme.example]}\n", host, port, user)
			if err := os.WriteFile(path, text, 0o600); err != nil {
				t.Fatal(err)
			}
			env := map[string]string{"P": password}
			var out, errs strings.Builder
			code, _ := runQuickly(t, env, &out, &errs, "report", "q", "--send", "--log-level", "debug", "--config", path)
			if code == exitDone || !strings.Contains(errs.String(), "no: ") {
				t.Errorf("it exits with %d: %s%s", code, out.String(), errs.String())
			}
			if code, _ := runQuickly(t, env, &out, &errs, "doctor", "--log-level", "debug", "--config", path); code == exitDone {
				t.Errorf("doctor finds nothing: %s%s", out.String(), errs.String())
			}
			silent(t, user, password, "stdout", out.String())
			silent(t, user, password, "stderr", errs.String())
			silentFiles(t, dir, user, password, path)
		})
	}
}

// babbler is a mail server that answers some commands with a repetition of all it heard.
func babbler(t *testing.T, password string, answers map[string]string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go babble(conn, password, answers)
		}
	}()
	return l.Addr().String()
}

func babble(conn net.Conn, password string, answers map[string]string) {
	defer conn.Close()
	fmt.Fprint(conn, "220 mail.test\r\n")
	heard, message := "", false
	for in := bufio.NewScanner(conn); in.Scan(); {
		line := in.Text()
		verb, rest, _ := strings.Cut(line, " ")
		if message && line != "." {
			continue
		}
		message = false
		if verb == "AUTH" {
			code := rest[strings.LastIndexByte(rest, ' ')+1:]
			plain, _ := base64.StdEncoding.DecodeString(code)
			heard = strings.Join([]string{password, code, strings.ReplaceAll(string(plain), "\x00", " "), base64.StdEncoding.EncodeToString([]byte(password)), url.QueryEscape(password)}, " ")
		}
		switch answer := answers[verb]; {
		case answer != "":
			fmt.Fprintf(conn, answer+"\r\n", heard)
		case verb == "EHLO":
			fmt.Fprint(conn, "250-mail.test\r\n250 AUTH PLAIN\r\n")
		case verb == "AUTH":
			fmt.Fprint(conn, "235 2.7.0 welcome\r\n")
		case verb == "DATA":
			message = true
			fmt.Fprint(conn, "354 go on\r\n")
		case verb == "QUIT":
			fmt.Fprint(conn, "221 bye\r\n")
			return
		default:
			fmt.Fprint(conn, "250 2.0.0 well\r\n")
		}
	}
}
