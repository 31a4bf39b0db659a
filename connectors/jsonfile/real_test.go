package jsonfile_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"defacto/backlog"
	"defacto/connectors/jsonfile"
)

// realFiles lists the public trackers' issues that lie in shared/data/jira beside
// the checkout, or beside a folder it is in.
func realFiles(t testing.TB) []string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		files, err := filepath.Glob(filepath.Join(dir, "shared", "data", "jira", "*.gz"))
		if err != nil {
			t.Fatal(err)
		}
		if len(files) > 0 {
			return files
		}
		if dir == filepath.Dir(dir) {
			t.Skip("there are no real issues in any shared/data/jira from here upwards")
		}
	}
}

// counts are what a file holds.
type counts struct {
	Issues, Entries, Items, Comments int
	LackComments, LackEntries        int // by the totals the tracker sent
}

// TestRealFiles holds that nothing of a real export is lost: what the connector
// yields equals a count made on the raw JSON.
func TestRealFiles(t *testing.T) {
	for _, path := range realFiles(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			want := countRaw(t, path)
			src, err := jsonfile.New(jsonfile.Options{Name: "real", Paths: []string{path}})
			if err != nil {
				t.Fatal(err)
			}
			var got counts
			for b, err := range src.Batches(t.Context(), "") {
				if err != nil {
					t.Fatal(err)
				}
				for i := range b.Issues {
					got.add(&b.Issues[i])
				}
				for _, g := range b.Gaps {
					switch g.What {
					case "comments":
						got.LackComments += g.Missing
					case "changes":
						got.LackEntries += g.Missing
					default:
						t.Errorf("unexpected gap %+v", g)
					}
				}
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("raw count against what was yielded (-raw +got):\n%s", d)
			}
			if src.Total() != want.Issues {
				t.Errorf("Total() = %d, want %d", src.Total(), want.Issues)
			}
			if want.Issues == 0 || src.AsOf().IsZero() {
				t.Errorf("%d issues, as of %s", want.Issues, src.AsOf())
			}
			t.Logf("%+v as of %s", got, src.AsOf())
		})
	}
}

func (c *counts) add(iss *backlog.Issue) {
	c.Issues++
	c.Items += len(iss.Changes)
	c.Comments += len(iss.Comments)
	seen := map[string]bool{}
	for _, ch := range iss.Changes {
		seen[ch.ID] = true
	}
	c.Entries += len(seen)
}

func countRaw(t *testing.T, path string) (c counts) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var raw struct {
			Fields struct {
				Comment *struct {
					Total    int
					Comments []json.RawMessage
				}
			}
			Changelog *struct {
				Total     int
				Histories []struct{ Items []json.RawMessage }
			}
		}
		if err := json.Unmarshal(lines.Bytes(), &raw); err != nil {
			t.Fatal(err)
		}
		c.Issues++
		if raw.Fields.Comment != nil {
			c.Comments += len(raw.Fields.Comment.Comments)
			c.LackComments += max(0, raw.Fields.Comment.Total-len(raw.Fields.Comment.Comments))
		}
		if raw.Changelog == nil {
			continue
		}
		c.Entries += len(raw.Changelog.Histories)
		c.LackEntries += max(0, raw.Changelog.Total-len(raw.Changelog.Histories))
		for _, h := range raw.Changelog.Histories {
			c.Items += len(h.Items)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return c
}
