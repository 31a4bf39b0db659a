package sample

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"iter"
	"testing"

	"defacto/backlog"
)

// source is what Org and Crowd have in common.
type source interface {
	Batches(context.Context, backlog.Cursor) iter.Seq2[backlog.Batch, error]
}

// read returns everything a source yields.
func read(t testing.TB, s source) []backlog.Batch {
	t.Helper()
	var all []backlog.Batch
	for b, err := range s.Batches(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b)
	}
	return all
}

// digest is a fingerprint of a value's JSON.
func digest(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

func TestSameSeedSameBytes(t *testing.T) {
	first, second, other := Demo(7), Demo(7), Demo(8)
	if a, b := digest(t, read(t, first)), digest(t, read(t, second)); a != b {
		t.Errorf("two demos of one seed differ: %s and %s", a, b)
	}
	if a, b := digest(t, first.Truth()), digest(t, second.Truth()); a != b {
		t.Errorf("two truths of one seed differ: %s and %s", a, b)
	}
	if digest(t, read(t, first)) == digest(t, read(t, other)) {
		t.Error("two seeds give the same organisation")
	}
	if a, b := digest(t, read(t, first)), digest(t, read(t, first)); a != b {
		t.Errorf("reading twice differs: %s and %s", a, b)
	}
}

// TestBytesStayTheSame pins what seeds give, so that a platform or a change that
// gives something else is noticed. Whoever changes the generator or a wording on
// purpose writes the new digests here.
func TestBytesStayTheSame(t *testing.T) {
	for _, c := range []struct{ what, got, want string }{
		{"demo", digest(t, read(t, Demo(1))), "00657bf0ac144e71"},
		{"truth of the demo", digest(t, Demo(1).Truth()), "d58ab26be7d3d657"},
		{"a team", digest(t, read(t, Team(1, ProxyOwner, High(), BankB))), "13472e1c965e7ff6"},
		{"three teams", digest(t, Team(2, StretchedOwner, Ordinary(), BankA).Truth()), "7dac7926383468d6"},
		{"bench", digest(t, read(t, Bench(1, 2000))), "2310823de7234beb"},
	} {
		if c.got != c.want {
			t.Errorf("%s has digest %q, want %q", c.what, c.got, c.want)
		}
	}
}
