package main

import (
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// An audit of a large store keeps to about half a GiB where what it needs fits
// into two thirds of that: the collector would else let the heap grow to double
// of what is in use. Beyond, it may double as it always does, for collecting all the
// time costs more than memory.
const heapLimit = 416 << 20

// restrainMemory applies heapLimit until release is called. Whoever has set GOMEMLIMIT decides.
func (p *program) restrainMemory() (release func()) {
	if p.getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	before := debug.SetMemoryLimit(heapLimit)
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		used := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		limit := uint64(heapLimit)
		for {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			metrics.Read(used)
			if n := used[0].Value.Uint64(); n > limit/3*2 {
				limit = 2 * n
				debug.SetMemoryLimit(int64(limit))
			}
		}
	}()
	return func() {
		close(done)
		<-ended
		debug.SetMemoryLimit(before)
	}
}
