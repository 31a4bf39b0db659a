package main

import (
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// An audit of a large store keeps to about half a GiB where what it needs fits
// into two thirds of that. Up to there the heap may grow to five times of what is in
// use, which saves some of the time; beyond, to double of it, as it always does:
// collecting without end would cost more than memory.
const (
	heapLimit  = 416 << 20
	heapGrowth = 400 // per cent
)

// restrainMemory applies that until release is called. Whoever has set GOGC or
// GOMEMLIMIT decides.
func (p *program) restrainMemory() (release func()) {
	if p.getenv("GOMEMLIMIT")+p.getenv("GOGC") != "" {
		return func() {}
	}
	limited, growth := debug.SetMemoryLimit(heapLimit), debug.SetGCPercent(heapGrowth)
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
		debug.SetMemoryLimit(limited)
		debug.SetGCPercent(growth)
	}
}
