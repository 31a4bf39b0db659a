//go:build unix

package jira_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"defacto/backlog"
	"defacto/connectors"
	"defacto/connectors/jira"
	"defacto/connectors/jira/jiratest"
	"defacto/connectors/jsonfile"
	"defacto/store"
)

const benchIssues = 2000

func benchWorld() backlog.Batch {
	return jiratest.World(jiratest.Size{Issues: benchIssues, Histories: 10, Comments: 2})
}

// into syncs a source into a new store, b.N times, and reports the time a
// thousand issues take, and the processor time this process spends on them: the
// one is what a user waits for, the other does not depend on who else is at work.
func into(b *testing.B, open func() (connectors.Source, error)) {
	b.Helper()
	var spent time.Duration
	for b.Loop() {
		b.StopTimer()
		db, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "defacto.db"), store.Options{Now: time.Now, Lexicon: backlog.DefaultLexicon()})
		if err != nil {
			b.Fatal(err)
		}
		before := processorTime(b)
		b.StartTimer()
		src, err := open()
		if err != nil {
			b.Fatal(err)
		}
		sum, err := connectors.Sync(b.Context(), src, db, connectors.Options{Now: time.Now})
		if err != nil || sum.Saved.Issues != benchIssues || sum.Saved.Changes != 10*benchIssues {
			b.Fatalf("%+v, %v", sum.Saved, err)
		}
		b.ReportMetric(float64(sum.Run.Requests), "requests")
		b.StopTimer()
		spent += processorTime(b) - before
		db.Close()
		b.StartTimer()
	}
	perThousand := func(d time.Duration) float64 { return d.Seconds() * 1000 / float64(b.N) / (benchIssues / 1000) }
	b.ReportMetric(perThousand(b.Elapsed()), "ms/1000-issues")
	b.ReportMetric(perThousand(spent), "cpu-ms/1000-issues")
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkImport is what a sync is measured against: the same issues from a file.
func BenchmarkImport(b *testing.B) {
	world := benchWorld()
	enc := jiratest.NewEncoder(jiratest.Cloud, world)
	var lines bytes.Buffer
	for _, iss := range world.Issues {
		lines.Write(enc.Issue(iss))
		lines.WriteByte('\n')
	}
	dir := b.TempDir()
	for name, data := range map[string][]byte{"issues.jsonl": lines.Bytes(), "fields.json": enc.Fields(), "statuses.json": enc.Statuses(), "projects.json": enc.Projects()} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	into(b, func() (connectors.Source, error) {
		return jsonfile.New(jsonfile.Options{Name: "acme", Paths: []string{dir}})
	})
}

// BenchmarkSync is a first sync from a server on this machine: in a process of its
// own, with answers it has made before, so that what is measured is the client.
func BenchmarkSync(b *testing.B) {
	for _, tc := range []struct {
		name    string
		flavour jiratest.Flavour
		latency time.Duration
	}{
		{"cloud", jiratest.Cloud, 0},
		{"data-center", jiratest.Server, 0},
		{"cloud-100ms", jiratest.Cloud, 100 * time.Millisecond},
		{"data-center-100ms", jiratest.Server, 100 * time.Millisecond},
	} {
		b.Run(tc.name, func(b *testing.B) {
			url := serveElsewhere(b, tc.flavour, tc.latency)
			into(b, func() (connectors.Source, error) {
				return jira.New(jira.Options{Name: "acme", URL: url, Token: "t0ken-1234", Now: time.Now, Projects: []string{"PAY"}})
			})
		})
	}
}

// helperServe asks this binary to be the benchmark's server: flavour and latency.
const helperServe = "DEFACTO_TEST_SERVE"

// serveElsewhere starts a server in a process of its own and returns its URL.
func serveElsewhere(b *testing.B, flavour jiratest.Flavour, latency time.Duration) string {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), os.Args[0], "-test.run=^TestHelperServe$")
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d %s", helperServe, flavour, latency))
	cmd.Stderr = os.Stderr
	until, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		until.Close()
		_ = cmd.Wait()
	})
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(url)
}

// TestHelperServe is no test: it is the benchmark's server.
func TestHelperServe(t *testing.T) {
	var flavour jiratest.Flavour
	var wait string
	if _, err := fmt.Sscan(os.Getenv(helperServe), &flavour, &wait); err != nil {
		t.Skip("only run by BenchmarkSync")
	}
	latency, err := time.ParseDuration(wait)
	if err != nil {
		t.Fatal(err)
	}
	srv := jiratest.New(flavour, benchWorld(), jiratest.Options{})
	defer srv.Close()
	front := httptest.NewServer(&replay{latency: latency, origin: srv.Config.Handler, made: map[string]*httptest.ResponseRecorder{}})
	defer front.Close()
	src, err := jira.New(jira.Options{Name: "acme", URL: front.URL, Token: "t0ken-1234", Now: time.Now, Projects: []string{"PAY"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range src.Batches(t.Context(), "") { // every answer is made once
		if err != nil {
			t.Fatal(err)
		}
	}
	fmt.Println(front.URL)
	_, _ = io.Copy(io.Discard, os.Stdin) // until it is closed
}

// replay answers what was asked before as it was answered then.
type replay struct {
	latency time.Duration
	origin  http.Handler
	mu      sync.Mutex
	made    map[string]*httptest.ResponseRecorder
}

func (p *replay) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	asked := r.Method + " " + r.URL.String() + "\n" + string(body)
	p.mu.Lock()
	answer := p.made[asked]
	if answer == nil {
		answer = httptest.NewRecorder()
		p.origin.ServeHTTP(answer, r)
		p.made[asked] = answer
	}
	p.mu.Unlock()
	time.Sleep(p.latency)
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", fmt.Sprint(answer.Body.Len()))
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}
