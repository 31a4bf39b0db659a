package store

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"defacto/backlog"
	"defacto/connectors"
)

var _ connectors.Sink = (*Store)(nil)

func TestSmoke(t *testing.T) {
	ctx := context.Background()
	s, err := Open(ctx, filepath.Join(t.TempDir(), "a.db"), Options{Lexicon: backlog.DefaultLexicon(), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	d := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	is := backlog.Issue{ID: "1", Key: "P-1", Scope: "P", Type: "3", TypeName: "Story", Title: "x", Status: "1", StatusName: "Open", Created: d, Updated: d.Add(time.Hour), PromisedChanges: -1, PromisedComments: -1,
		Changes:  []backlog.Change{{ID: "7", At: d.Add(time.Minute), Author: "u", Field: backlog.FieldStatus, From: "1", To: "2", FromName: "Open", ToName: "Done"}},
		Comments: []backlog.Comment{{ID: "9", At: d.Add(time.Minute), Author: "v", Body: backlog.Text{Prose: "Why? Kavya", Mentions: []string{"u"}}}}}
	sv, err := s.Save(ctx, "acme", backlog.Batch{Issues: []backlog.Issue{is}})
	t.Log(sv, err)
	sv, err = s.Save(ctx, "acme", backlog.Batch{Issues: []backlog.Issue{is}})
	t.Log(sv, err)
	site, err := s.Site(ctx)
	if err != nil {
		t.Fatal(err)
	}
	sn, err := s.Snapshot(ctx, site, Query{Scope: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", site)
	t.Logf("%+v", sn)
	t.Log(s.Check(ctx))
}
