package sample

import (
	"context"
	"errors"
	"slices"
	"testing"

	"defacto/backlog"
)

func TestBenchHasItsShape(t *testing.T) {
	const size = 12_345
	c := Bench(1, size)
	all := read(t, c)
	soundBatches(t, "bench", all, c.AsOf())
	scopes, people := map[string]int{}, 0
	var lengths []int
	for _, b := range all {
		people += len(b.Accounts)
		if len(b.Issues) > crowdBatch {
			t.Errorf("a batch of %d issues", len(b.Issues))
		}
		for _, is := range b.Issues {
			scopes[is.Scope]++
			if len(is.Changes) != 10 || len(is.Comments) != 3 {
				t.Fatalf("%s has %d changes and %d comments", is.Key, len(is.Changes), len(is.Comments))
			}
			for _, c := range is.Comments {
				lengths = append(lengths, len(c.Body.Prose))
			}
		}
	}
	if n := len(issues(all)); n != size || c.Total() != size {
		t.Errorf("%d issues, Total says %d", n, c.Total())
	}
	if len(scopes) != crowdProjects || scopes["P1"] != size/10 || people != crowdPeople {
		t.Errorf("%d projects, the first of %d issues, %d people", len(scopes), scopes["P1"], people)
	}
	slices.Sort(lengths)
	if m := lengths[len(lengths)/2]; m < 150 || m > 250 {
		t.Errorf("comments have %d bytes at the median", m)
	}
}

func TestBenchGoesOnFromAnyCursor(t *testing.T) {
	c := Bench(3, 4000)
	all := read(t, c)
	for i, b := range all {
		if i == 0 || i%37 != 0 {
			continue
		}
		var rest []backlog.Batch
		for b, err := range c.Batches(t.Context(), *b.Cursor) {
			if err != nil {
				t.Fatal(err)
			}
			rest = append(rest, b)
		}
		if digest(t, rest) != digest(t, all[i+1:]) {
			t.Errorf("after %s there are %d batches, want %d alike", *b.Cursor, len(rest), len(all)-i-1)
		}
	}
}

func TestBenchRefusesForeignCursors(t *testing.T) {
	for _, cursor := range []backlog.Cursor{"x", "1", "-1:0", "200:0", "0:999999", "2026-01-01"} {
		n := 0
		for _, err := range Bench(1, 1000).Batches(t.Context(), cursor) {
			if n++; err == nil {
				t.Errorf("cursor %q is taken", cursor)
			}
		}
		if n != 1 {
			t.Errorf("cursor %q yields %d times", cursor, n)
		}
	}
}

func TestSmallBench(t *testing.T) {
	for _, size := range []int{0, 1, 399, 400, 401, 2011} {
		c := Bench(1, size)
		if n := len(issues(read(t, c))); n != c.Total() || n < size {
			t.Errorf("a site of %d has %d issues, Total says %d", size, n, c.Total())
		}
	}
}

func TestSourcesStopWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, s := range []source{Demo(1), Bench(1, 1000)} {
		var last error
		for _, err := range s.Batches(ctx, "") {
			last = err
		}
		if !errors.Is(last, context.Canceled) {
			t.Errorf("%T ends with %v", s, last)
		}
	}
}

func TestNothingComesAfterTheEnd(t *testing.T) {
	o := Demo(1)
	var end backlog.Cursor
	for _, b := range read(t, o) {
		if b.Cursor != nil {
			end = *b.Cursor
		}
	}
	for b, err := range o.Batches(t.Context(), end) {
		t.Errorf("after %q comes a batch of %d issues, %v", end, len(b.Issues), err)
	}
}

func BenchmarkTeam(b *testing.B) {
	for i := range b.N {
		read(b, Team(uint64(i), TextbookSplit, Ordinary(), BankB))
	}
}

func BenchmarkBench(b *testing.B) {
	c := Bench(1, 10_000)
	for b.Loop() {
		for _, err := range c.Batches(b.Context(), "") {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
