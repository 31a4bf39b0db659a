package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"defacto/analysis"
)

// Many readers at once cost one audit.
func TestComputedOnce(t *testing.T) {
	f := newFake(t, "periods")
	f.hold = make(chan struct{})
	h := handler(t, f, Options{Loopback: true})
	var wg sync.WaitGroup
	pages := []string{"/", "/trend", "/coverage", address("/scope", "scope", f.report.Scopes[0].Scope), "/?q=a&period=2026-Q3"}
	for i := range 40 {
		wg.Go(func() {
			if w := get(h, pages[i%len(pages)]); w.Code != http.StatusOK {
				t.Errorf("%s: %d", pages[i%len(pages)], w.Code)
			}
		})
	}
	close(f.hold)
	wg.Wait()
	if n := f.audits.Load(); n != 1 {
		t.Errorf("%d audits", n)
	}
	get(h, "/")
	if n := f.audits.Load(); n != 1 {
		t.Errorf("%d audits after another visit", n)
	}
	f.change("2")
	get(h, "/")
	if n := f.audits.Load(); n != 2 {
		t.Errorf("%d audits after the data changed", n)
	}
	get(h, "/?period=2026-Q1")
	if n := f.audits.Load(); n != 3 {
		t.Errorf("%d audits after another question", n)
	}
}

func TestErrorsAreNotKept(t *testing.T) {
	f := newFake(t, "full")
	f.err = errors.New("disk: /srv/secret/path is gone")
	h := handler(t, f, Options{Loopback: true})
	w := get(h, "/")
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%d: %s", w.Code, w.Body.String())
	}
	f.err = nil
	if w := get(h, "/"); w.Code != http.StatusOK {
		t.Errorf("after the error: %d", w.Code)
	}
}

// A reader who leaves ends the work, unless somebody else waits for it.
func TestLeaving(t *testing.T) {
	c := newCache()
	started, ended := make(chan struct{}), make(chan error, 1)
	work := func(ctx context.Context) (any, int, error) {
		close(started)
		<-ctx.Done()
		ended <- ctx.Err()
		return nil, 0, ctx.Err()
	}
	ctx, leave := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() { _, err := c.do(ctx, "1", "k", work); gone <- err }()
	<-started
	leave()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("who left is told %v", err)
	}
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the work ends with %v", err)
	}
	v, err := c.do(t.Context(), "1", "k", func(context.Context) (any, int, error) { return 7, 1, nil })
	if v != 7 || err != nil {
		t.Errorf("who asks next is told %v, %v", v, err)
	}
}

func TestFirstLeavesSecondStays(t *testing.T) {
	c := newCache()
	release := make(chan struct{})
	started := make(chan struct{})
	ctx, leave := context.WithCancel(t.Context())
	work := func(ctx context.Context) (any, int, error) {
		close(started)
		select {
		case <-release:
			return "done", 1, nil
		case <-ctx.Done():
			return nil, 0, ctx.Err()
		}
	}
	first, second := make(chan error, 1), make(chan any, 1)
	go func() { _, err := c.do(ctx, "1", "k", work); first <- err }()
	<-started
	e := c.join(t.Context(), "1", "k", nil) // the second is there before the first leaves
	go func() { <-e.done; second <- e.value; c.leave(e) }()
	leave()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("the first is told %v", err)
	}
	close(release)
	if v := <-second; v != "done" {
		t.Errorf("the second is told %v", v)
	}
}

// What was not asked for longest goes first, and a heavy answer makes room for itself.
func TestBounded(t *testing.T) {
	c := newCache()
	asked := 0
	put := func(key string, weight int) {
		if _, err := c.do(t.Context(), "1", key, func(context.Context) (any, int, error) { asked++; return key, weight, nil }); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 3 * mostHeld {
		put(fmt.Sprint(i), 1)
	}
	if n := len(c.entries); n != mostHeld {
		t.Errorf("%d answers are held", n)
	}
	asked = 0
	put(fmt.Sprint(3*mostHeld-1), 1)
	put(fmt.Sprint(2*mostHeld), 1) // the oldest that is still there, now the newest
	if asked != 0 {
		t.Error("what is held was computed again")
	}
	put("heavy", heaviest)
	if len(c.entries) != 1 || c.weight != heaviest {
		t.Errorf("%d answers of weight %d beside a heavy one", len(c.entries), c.weight)
	}
	put("heavier", 2*heaviest)
	if len(c.entries) != 1 || c.entries["heavier"] == nil {
		t.Error("what is too heavy for all of it is not held alone")
	}
}

// Somebody's own page is not kept.
func TestForgotten(t *testing.T) {
	c := newCache()
	asked := 0
	for range 2 {
		v, err := c.do(t.Context(), "1", "k", func(context.Context) (any, int, error) { asked++; return asked, forgotten, nil })
		if v != asked || err != nil {
			t.Errorf("it says %v, %v", v, err)
		}
	}
	if asked != 2 || len(c.entries) != 0 || c.recent.Len() != 0 {
		t.Errorf("asked %d times, %d answers held", asked, len(c.entries))
	}
}

// A panic in one answer is that answer's problem.
func TestPanic(t *testing.T) {
	c := newCache()
	_, err := c.do(t.Context(), "1", "k", func(context.Context) (any, int, error) { panic("at the disco") })
	if err == nil || !strings.Contains(err.Error(), "at the disco") {
		t.Errorf("it says %v", err)
	}
}

func TestWeight(t *testing.T) {
	if n := weight(&analysis.Report{Scopes: []analysis.ScopeReport{{Periods: make([]analysis.PeriodReport, 4)}, {Periods: make([]analysis.PeriodReport, 3)}}}); n != 8 {
		t.Errorf("weight %d", n)
	}
}

// What is computed ahead is there for the first reader.
func TestAhead(t *testing.T) {
	f := newFake(t, "periods")
	site, err := New(f, Options{Loopback: true})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := site.Ahead(t.Context()); err != nil {
			t.Fatal(err)
		}
		if r := get(site, "/"); r.Code != http.StatusOK || f.audits.Load() != 1 {
			t.Errorf("status %d, %d audits", r.Code, f.audits.Load())
		}
	}
}
