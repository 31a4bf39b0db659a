package jsonfile_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"defacto/backlog"
	"defacto/connectors/jsonfile"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden holds what the made-up exports in testdata/jira decode to.
func TestGolden(t *testing.T) {
	for _, name := range []string{"cloud", "server", "broken"} {
		t.Run(name, func(t *testing.T) {
			src, err := jsonfile.New(jsonfile.Options{Name: name, Paths: []string{filepath.Join("../../testdata/jira", name)}})
			if err != nil {
				t.Fatal(err)
			}
			got := struct {
				AsOf, Site, Kind string
				Batch            backlog.Batch
			}{}
			for b, err := range src.Batches(t.Context(), "") {
				if err != nil {
					t.Fatal(err)
				}
				got.Site, got.Kind = max(got.Site, b.Site), max(got.Kind, b.Kind)
				join(&got.Batch, b)
			}
			got.AsOf = src.AsOf().Format("2006-01-02T15:04:05.000Z07:00")
			text, err := json.MarshalIndent(got, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("../../testdata/golden/jsonfile", name+".golden.json")
			if *update {
				if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(golden, append(text, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), string(text)+"\n"); d != "" {
				t.Errorf("golden file against this run (-want +got):\n%s", d)
			}
		})
	}
}

// join adds a batch's lists to another's.
func join(to *backlog.Batch, b backlog.Batch) {
	to.Scopes = append(to.Scopes, b.Scopes...)
	to.Accounts = append(to.Accounts, b.Accounts...)
	to.Statuses = append(to.Statuses, b.Statuses...)
	to.Types = append(to.Types, b.Types...)
	to.Sprints = append(to.Sprints, b.Sprints...)
	to.Versions = append(to.Versions, b.Versions...)
	to.Issues = append(to.Issues, b.Issues...)
	to.Declared = append(to.Declared, b.Declared...)
	to.Gaps = append(to.Gaps, b.Gaps...)
}
