package jira_test

import (
	"bytes"
	"os"
	"path/filepath"
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
// thousand issues take.
func into(b *testing.B, open func() (connectors.Source, error)) {
	b.Helper()
	for b.Loop() {
		b.StopTimer()
		db, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "defacto.db"), store.Options{Now: time.Now, Lexicon: backlog.DefaultLexicon()})
		if err != nil {
			b.Fatal(err)
		}
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
		db.Close()
		b.StartTimer()
	}
	b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N)/(benchIssues/1000), "ms/1000-issues")
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

// BenchmarkSync is a first sync from a server on this machine.
func BenchmarkSync(b *testing.B) {
	for name, tc := range map[string]struct {
		flavour jiratest.Flavour
		latency time.Duration
	}{
		"cloud": {jiratest.Cloud, 0}, "data-center": {jiratest.Server, 0},
		"cloud-100ms": {jiratest.Cloud, 100 * time.Millisecond}, "data-center-100ms": {jiratest.Server, 100 * time.Millisecond},
	} {
		b.Run(name, func(b *testing.B) {
			srv := jiratest.New(tc.flavour, benchWorld(), jiratest.Options{Latency: tc.latency})
			defer srv.Close()
			into(b, func() (connectors.Source, error) {
				return jira.New(jira.Options{Name: "acme", URL: srv.URL, Token: "t0ken-1234", Now: time.Now, Projects: []string{"PAY"}})
			})
		})
	}
}
