package store

import (
	"context"
	"testing"
	"time"

	"defacto/backlog"
)

// now is the clock of the tests.
func now() time.Time { return time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC) }

func open(tb testing.TB, path string, opt Options) *Store {
	tb.Helper()
	opt.Now = now
	if !opt.ReadOnly && opt.Lexicon.Asks == nil {
		opt.Lexicon = backlog.DefaultLexicon()
	}
	s, err := Open(context.Background(), path, opt)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { s.Close() })
	return s
}
