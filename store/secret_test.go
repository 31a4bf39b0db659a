package store

import (
	"errors"
	"path/filepath"
	"testing"
	"time"
)

func TestSecret(t *testing.T) {
	open := func(path string, readOnly bool) *Store {
		t.Helper()
		s, err := Open(t.Context(), path, Options{Now: time.Now, ReadOnly: readOnly})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}
	path := filepath.Join(t.TempDir(), "a.db")
	s := open(path, false)
	if _, err := open(path, true).Secret(t.Context()); !errors.Is(err, ErrReadOnly) {
		t.Errorf("secret of a store nobody may write to: %v, want ErrReadOnly", err)
	}
	first, err := s.Secret(t.Context())
	if err != nil || len(first) < 16 {
		t.Fatalf("Secret = %q, %v", first, err)
	}
	for _, again := range []*Store{s, open(path, false), open(path, true)} {
		if got, err := again.Secret(t.Context()); got != first || err != nil {
			t.Errorf("Secret = %q, %v; want %q again", got, err, first)
		}
	}
	if other, err := open(filepath.Join(t.TempDir(), "b.db"), false).Secret(t.Context()); other == first || err != nil {
		t.Errorf("another store has the secret %q, %v", other, err)
	}
}
