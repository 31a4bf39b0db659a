package store

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"defacto/backlog"
)

// The benchmarks work on a made-up site: 200 projects, the largest with a tenth
// of the issues, 12 quarters, 5,000 people, 10 changes and 3 comments an issue.
var (
	benchIssues = flag.Int("issues", 100_000, "how many issues the benchmarks store")
	benchFile   = flag.String("file", "", "a store for the reading benchmarks to keep, and to use again")
)

// crowd makes batches of a made-up site without holding them all.
type crowd struct {
	rng    *rand.Rand
	issues int
	prose  []string
}

func newCrowd(issues int) *crowd {
	c := &crowd{rng: rand.New(rand.NewPCG(1, 2)), issues: issues}
	words := strings.Fields("the story should say what the customer sees when payment fails and who decides whether to retry or to give up after a day of waiting please")
	for range 64 {
		var b strings.Builder
		for b.Len() < 120+c.rng.IntN(160) {
			b.WriteString(words[c.rng.IntN(len(words))])
			b.WriteByte(' ')
		}
		if c.rng.IntN(4) == 0 {
			b.WriteByte('?')
		}
		c.prose = append(c.prose, b.String())
	}
	return c
}

// batches yields the site in batches of a thousand issues.
func (c *crowd) batches(yield func(backlog.Batch) bool) {
	start := time.Date(2023, 10, 1, 0, 0, 0, 0, time.UTC)
	const span = 3 * 365 * 24 * time.Hour
	rank := []string{"Ranked higher", "Ranked lower"}
	person := func() string { return fmt.Sprintf("user-%d", int(c.rng.ExpFloat64()*800)%5000) }
	counts := make([]int, 200)
	for done := 0; done < c.issues; {
		n := min(1000, c.issues-done)
		issues := make([]backlog.Issue, n)
		// A connector reads a project at a time: a batch is of one project.
		project := done / 1000 % 200
		if done/1000%10 == 0 {
			project = 0
		}
		key := fmt.Sprintf("PRJ%d", project)
		for i := range issues {
			id := done + i + 1
			counts[project]++
			created := start.Add(time.Duration(float64(id) / float64(c.issues) * float64(span)))
			is := &issues[i]
			*is = backlog.Issue{
				ID: fmt.Sprint(id), Key: fmt.Sprintf("%s-%d", key, counts[project]), Scope: key, Type: "10001", TypeName: "Story", Title: "A made-up story " + key,
				Status: "3", StatusName: "Done", Category: backlog.Completed, Priority: "Medium", Creator: person(), Reporter: person(), Assignee: person(),
				Description: backlog.Text{Prose: c.prose[c.rng.IntN(len(c.prose))]},
				Epic:        backlog.Ref{Key: fmt.Sprintf("%s-%d", key, 1+counts[project]/50*50)}, Components: []string{fmt.Sprint("part ", c.rng.IntN(8))},
				Labels: []string{fmt.Sprint("label-", c.rng.IntN(30))}, Sprints: []string{fmt.Sprint(project*100 + id%12)},
				Created: created, History: backlog.HistoryComplete, PromisedChanges: 10, PromisedComments: 3, CommentsRead: true,
			}
			at := created
			is.Changes = make([]backlog.Change, 10)
			for j := range is.Changes {
				at = at.Add(time.Duration(c.rng.ExpFloat64() * float64(5*24*time.Hour)))
				ch := &is.Changes[j]
				*ch = backlog.Change{ID: fmt.Sprint(id*20 + j), At: at, Author: person()}
				switch j % 5 {
				case 0:
					ch.Field, ch.FieldName, ch.From, ch.To, ch.FromName, ch.ToName = backlog.FieldStatus, "status", fmt.Sprint(j), fmt.Sprint(j+1), fmt.Sprint("state ", j), fmt.Sprint("state ", j+1)
				case 1:
					ch.Field, ch.FieldName, ch.ToName, ch.Measure = backlog.FieldRank, "Rank", rank[c.rng.IntN(2)], 1
				case 2:
					p := person()
					ch.Field, ch.FieldName, ch.To, ch.ToName = backlog.FieldAssignee, "assignee", p, p
				case 3:
					ch.Field, ch.FieldName, ch.To, ch.ToName = backlog.FieldSprint, "Sprint", fmt.Sprint(project*100+j), fmt.Sprint("Sprint ", j)
				case 4:
					ch.Field, ch.FieldName, ch.FromName, ch.ToName = backlog.FieldSummary, "summary", "An older title", "A made-up story"
				}
			}
			is.Comments = make([]backlog.Comment, 3)
			for j := range is.Comments {
				at = at.Add(time.Duration(c.rng.ExpFloat64() * float64(24*time.Hour)))
				is.Comments[j] = backlog.Comment{ID: fmt.Sprint(id*4 + j), At: at, Author: person(), Body: backlog.Text{Prose: c.prose[c.rng.IntN(len(c.prose))], Mentions: []string{person()}}}
			}
			is.Updated = at
		}
		if !yield(backlog.Batch{Issues: issues}) {
			return
		}
		done += n
	}
}

// build saves a site and returns the time spent in Save alone.
func (c *crowd) build(tb testing.TB, path string) time.Duration {
	s := open(tb, path, Options{})
	var spent time.Duration
	for b := range c.batches {
		t := time.Now()
		if _, err := s.Save(context.Background(), "acme", b); err != nil {
			tb.Fatal(err)
		}
		spent += time.Since(t)
	}
	if err := s.Close(); err != nil {
		tb.Fatal(err)
	}
	return spent
}

func BenchmarkSave(b *testing.B) {
	for b.Loop() {
		spent := newCrowd(*benchIssues).build(b, filepath.Join(b.TempDir(), "bench.db"))
		b.ReportMetric(float64(*benchIssues*10)/spent.Seconds(), "changes/s")
	}
}

// BenchmarkSnapshot reads all scopes with two goroutines, as an audit does.
func BenchmarkSnapshot(b *testing.B) {
	path := *benchFile
	if path == "" {
		path = filepath.Join(b.TempDir(), "bench.db")
	}
	if _, err := os.Stat(path); err != nil {
		newCrowd(*benchIssues).build(b, path)
	}
	s := open(b, path, Options{ReadOnly: true})
	quarter := Query{From: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)}
	b.Run("site", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Site(context.Background()); err != nil {
				b.Fatal(err)
			}
		}
	})
	for name, q := range map[string]Query{"everything": {}, "quarter": quarter} {
		b.Run(name, func(b *testing.B) {
			var changes atomic.Int64
			for b.Loop() {
				changes.Store(0)
				site, err := s.Site(context.Background())
				if err != nil {
					b.Fatal(err)
				}
				var g errgroup.Group
				g.SetLimit(2)
				for _, sc := range site.Scopes {
					g.Go(func() error {
						q := q
						q.Scope = sc.No
						snap, err := s.Snapshot(context.Background(), site, q)
						if err == nil {
							changes.Add(int64(len(snap.Changes)))
						}
						return err
					})
				}
				if err := g.Wait(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(changes.Load())*float64(b.N)/b.Elapsed().Seconds(), "changes/s")
		})
	}
}
