package linear_test

import (
	"testing"
)

// TestRequests holds the price of a first sync and of one with nothing new.
// BenchmarkSync measures the figures docs/linear.md gives.
func TestRequests(t *testing.T) {
	w := world(200, 6.6, 1.8)
	b := newBench(t, w, nil)
	b.mustSync(t)
	_, costs, charged := b.Served()
	for i, c := range costs {
		if c >= 10_000 {
			t.Errorf("request %d costs %.0f points", i, c)
		}
	}
	if n := b.source.Requests(); n > 25 || charged > 36_000 {
		t.Errorf("%d requests and %.0f points are more than they were", n, charged)
	}
	if got := b.source.Points(); got < charged || got > charged+float64(len(costs)) {
		t.Errorf("the source counted %.0f points, Linear charged %.0f", got, charged)
	}
	b.source = b.open(t, nil)
	b.mustSync(t)
	if n := b.source.Requests(); n != 5 {
		t.Errorf("a second sync with nothing new took %d requests", n)
	}
	b.sink.agrees(w)
}

// BenchmarkSync reads 5,000 issues with 33,000 history entries and 9,000
// comments, and says how many requests and points that took.
func BenchmarkSync(b *testing.B) {
	w := world(5000, 6.6, 1.8)
	for b.Loop() {
		x := newBench(b, w, nil)
		x.mustSync(b)
		_, _, charged := x.Served()
		b.ReportMetric(float64(x.source.Requests()), "requests")
		b.ReportMetric(charged, "points")
		b.ReportMetric(float64(w.Entries()), "entries")
		b.ReportMetric(float64(len(w.IDs("comments"))), "comments")
	}
}
