package main

import (
	"bufio"
	"context"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"defacto/store"
)

// served is a running defacto serve.
type served struct {
	t    *testing.T
	base string
}

// startServe runs the command over the demo in dir until the test ends, and
// holds it to ending well.
func startServe(t *testing.T, dir string, args ...string) *served {
	t.Helper()
	out, in := io.Pipe()
	var errs strings.Builder
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	getenv := func(name string) string {
		return map[string]string{"DEFACTO_CONFIG": filepath.Join(dir, "defacto.yaml"), "TOKEN": "sesame-open-sesame"}[name]
	}
	go func() {
		code := run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...), getenv, strings.NewReader(""), in, &errs)
		in.Close()
		ended <- code
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("it says no address: %v, %s", err, errs.String())
	}
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != exitDone {
			t.Errorf("it ends with %d: %s", code, errs.String())
		}
	})
	return &served{t, strings.TrimSuffix(strings.TrimSpace(line), "/")}
}

func (s *served) get(path string) (status int, body string) {
	s.t.Helper()
	res, err := http.Get(s.base + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

// crawl visits every page that can be reached, up to a number.
func (s *served) crawl(most int) map[string]string {
	s.t.Helper()
	pages := map[string]string{}
	queue := []string{"/"}
	for len(queue) > 0 && len(pages) < most {
		at := queue[0]
		queue = queue[1:]
		if _, seen := pages[at]; seen {
			continue
		}
		status, body := s.get(at)
		if status != http.StatusOK {
			s.t.Errorf("%s: %d", at, status)
		}
		pages[at] = body
		if strings.HasPrefix(at, "/download") {
			continue
		}
		for _, m := range regexp.MustCompile(`href="(/[^"]*)"`).FindAllStringSubmatch(body, -1) {
			queue = append(queue, html.UnescapeString(m[1]))
		}
	}
	return pages
}

func TestServe(t *testing.T) {
	dir := demoIn(t)
	s := startServe(t, dir)
	for at, want := range map[string]string{
		"/": "Web Shop", "/scope?scope=demo/SHOP&period=2026-Q2": "Elif Benali is recorded in both roles", "/self?me=Elif+Benali": "What would give it back",
		"/self?me=nobody": "Nobody in the store goes by that", "/trend?scope=demo/SHOP": "2025-Q4", "/coverage": "What a tracker cannot see", "/issue?key=SHOP-300&scope=demo/SHOP": "built by",
		"/scope?scope=demo/NONE": "There is no scope", "/?period=sometime": "want 2026-Q3, 2026-07", "/?period=1900-01..2999-12": "periods", "/?period=2026-07": "2026-07",
		"/?period=2026-07-01..2026-07-31": "2026-07-01..2026-07-31", "/trend?scope=demo/SHOP&period=2026-Q1..2026-Q2": "2026-Q1",
	} {
		if _, body := s.get(at); !strings.Contains(body, want) {
			t.Errorf("%s does not say %q", at, want)
		}
	}
	for at := range s.crawl(70) {
		if strings.Contains(at, "token") {
			t.Errorf("a link to %s", at)
		}
	}
}

// What is taken along is what the command writes, byte for byte.
func TestServeDownloads(t *testing.T) {
	dir := demoIn(t)
	s := startServe(t, dir)
	for _, format := range []string{"json", "csv", "markdown", "html"} {
		for _, scope := range []string{"", "demo/SHOP"} {
			args := []string{"audit", "--format", format, "--period", "2026-Q3"}
			at := "/download?period=2026-Q3&format=" + format
			if scope != "" {
				args, at = append(args, "--scope", scope), at+"&scope="+url.QueryEscape(scope)
			}
			if status, body := s.get(at); status != http.StatusOK || body != sayIn(t, dir, args...) {
				t.Errorf("%s: %d, and not what %v writes", at, status, args)
			}
		}
	}
}

// With pseudonyms no page and no file names anybody, and nobody can be looked up.
func TestServePseudonyms(t *testing.T) {
	dir := demoIn(t)
	p := &program{now: time.Now}
	st, err := store.Open(t.Context(), filepath.Join(dir, "defacto.db"), store.Options{Now: p.now})
	if err != nil {
		t.Fatal(err)
	}
	site, err := st.Site(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	s := startServe(t, dir, "--pseudonyms")
	pages := s.crawl(80)
	if len(pages) < 60 {
		t.Fatalf("only %d pages", len(pages))
	}
	for at, body := range pages {
		if !strings.HasPrefix(at, "/download") && !strings.Contains(body, "People carry pseudonyms here") {
			t.Errorf("%s does not say that it is pseudonymous", at)
		}
		for _, who := range site.People[1:] {
			if who.Kind.String() == "person" && (strings.Contains(body, html.EscapeString(who.Name)) || strings.Contains(body, `"`+who.ID+`"`)) {
				t.Errorf("%s names %s", at, who.Name)
				break
			}
		}
	}
	name := site.People[1].Name
	for _, at := range []string{"/self?me=" + url.QueryEscape(name), "/person?id=" + site.People[1].ID} {
		if status, body := s.get(at); status != http.StatusForbidden && status != http.StatusNotFound || strings.Contains(body, name) && !strings.HasPrefix(at, "/self") {
			t.Errorf("%s: %d", at, status)
		}
	}
}

// A commit of somebody else's is seen with the next page.
func TestServeSeesChanges(t *testing.T) {
	dir := demoIn(t)
	s := startServe(t, dir)
	_, body := s.get("/scope?scope=demo/SHOP")
	id := regexp.MustCompile(`/finding\?id=([^"&]+)`).FindStringSubmatch(body)
	if id == nil {
		t.Fatal("no finding")
	}
	finding, err := url.QueryUnescape(id[1])
	if err != nil {
		t.Fatal(err)
	}
	const why = "We know, and chose it so."
	if strings.Contains(body, why) {
		t.Fatal("an answer before it was given")
	}
	st, err := store.Open(t.Context(), filepath.Join(dir, "defacto.db"), store.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 9, 30, 12, 0, 0, 0, time.UTC)
	err = st.SaveNote(t.Context(), store.Note{Finding: finding, Answer: "accept", Why: why, At: at, Until: at.AddDate(1, 0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if _, body := s.get("/scope?scope=demo/SHOP"); !strings.Contains(body, why) {
		t.Error("the page does not show what was stored since")
	}
}

func TestServeToken(t *testing.T) {
	dir := demoIn(t)
	s := startServe(t, dir, "--token-env", "TOKEN")
	if status, _ := s.get("/"); status != http.StatusUnauthorized {
		t.Errorf("without the token: %d", status)
	}
	if status, body := s.get("/?token=sesame-open-sesame"); status != http.StatusOK || strings.Contains(body, "sesame") {
		t.Errorf("with the token: %d", status)
	}
}

func TestServeRefuses(t *testing.T) {
	dir := demoIn(t)
	for name, tt := range map[string]struct {
		args []string
		env  map[string]string
		want string
	}{
		"everywhere without a token": {[]string{"--listen", "0.0.0.0:0"}, nil, "there is no token"},
		"all addresses":              {[]string{"--listen", ":0"}, nil, "there is no token"},
		"a token that is not set":    {[]string{"--token-env", "NONE"}, nil, "NONE, which is not set"},
		"a short token":              {[]string{"--token-env", "T"}, map[string]string{"T": "short"}, "fewer than 16"},
		"no address":                 {[]string{"--listen", "nowhere"}, nil, "listen on nowhere"},
		"an argument":                {[]string{"now"}, nil, "unknown command"},
	} {
		env := map[string]string{"DEFACTO_CONFIG": filepath.Join(dir, "defacto.yaml")}
		for k, v := range tt.env {
			env[k] = v
		}
		var out, errs strings.Builder
		code := run(t.Context(), append([]string{"serve"}, tt.args...), func(n string) string { return env[n] }, strings.NewReader(""), &out, &errs)
		if code != exitUsage || !strings.Contains(errs.String(), tt.want) || out.Len() > 0 {
			t.Errorf("%s: %d, %q, %q", name, code, out.String(), errs.String())
		}
		if secret := tt.env["T"]; secret != "" && strings.Contains(errs.String(), secret) {
			t.Errorf("%s: it tells the token", name)
		}
	}
	var out, errs strings.Builder
	none := filepath.Join(t.TempDir(), "none.db")
	if code := run(t.Context(), []string{"serve", "--store", none}, func(string) string { return "" }, strings.NewReader(""), &out, &errs); code != exitUsage {
		t.Errorf("without a store: %d", code)
	}
	if _, err := os.Stat(none); err == nil {
		t.Error("it made a store")
	}
}

// Readers at once, over a real store.
func TestServeManyReaders(t *testing.T) {
	s := startServe(t, demoIn(t))
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			for _, at := range []string{"/", "/trend", "/scope?scope=demo/SHOP", fmt.Sprintf("/?period=2026-Q%d", i%3+1), "/self?me=Elif+Benali", "/issue?key=SHOP-300"} {
				res, err := http.Get(s.base + at)
				if err != nil {
					t.Error(err)
					return
				}
				res.Body.Close()
				if res.StatusCode != http.StatusOK {
					t.Errorf("%s: %d", at, res.StatusCode)
				}
			}
		})
	}
	wg.Wait()
}

// A store without facts yet is no failure: the pages say what to do.
func TestServeEmptyStore(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "empty.db")
	st, err := store.Open(t.Context(), path, store.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "defacto.yaml"), []byte("store: empty.db\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := startServe(t, dir)
	for _, at := range []string{"/", "/trend", "/coverage", "/scope?scope=a/B", "/self?me=x", "/download?format=json"} {
		if status, body := s.get(at); status < 400 || status == http.StatusInternalServerError || at == "/" && !strings.Contains(body, "The store holds no issues: bring some in") {
			t.Errorf("%s: %d", at, status)
		}
	}
}
