package web

import (
	"container/list"
	"context"
	"fmt"
	"runtime/debug"
	"sync"
)

const (
	heaviest  = 4000 // scope-periods held at once: some hundred megabytes at most
	atOnce    = 2    // answers computed at the same time; an audit uses every core itself
	mostHeld  = 200
	actsAUnit = 100 // events that weigh as much as a scope-period
	forgotten = -1  // the weight of what is not kept once it is told
)

// cache holds answers for as long as the data stay as they are. A question that
// several ask at once is answered once; when all who asked have left, the work
// on it ends. What was not asked for longest goes first.
type cache struct {
	slots chan struct{}

	mu      sync.Mutex
	version string
	entries map[string]*entry
	recent  *list.List // of *entry with an answer, newest first
	weight  int
}

type entry struct {
	key    string
	done   chan struct{} // closed with the answer
	value  any
	err    error
	weight int
	place  *list.Element

	waiting int
	cancel  context.CancelFunc
}

func newCache() *cache {
	return &cache{slots: make(chan struct{}, atOnce), entries: map[string]*entry{}, recent: list.New()}
}

// do returns the answer to a question in a version of the data, from work where it
// is not there yet. Errors are not kept, nor is what weighs forgotten.
func (c *cache) do(ctx context.Context, version, key string, work func(context.Context) (value any, weight int, err error)) (any, error) {
	e := c.join(ctx, version, key, work)
	select {
	case <-e.done:
		c.leave(e)
		return e.value, e.err
	case <-ctx.Done():
		c.leave(e)
		return nil, ctx.Err()
	}
}

// join finds a question's entry, or makes it and begins to work.
func (c *cache) join(ctx context.Context, version, key string, work func(context.Context) (any, int, error)) *entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	if version != c.version {
		// Who waits for an answer of before still gets it; nobody new does.
		c.version, c.entries, c.recent, c.weight = version, map[string]*entry{}, list.New(), 0
	}
	e := c.entries[key]
	if e == nil {
		// The work belongs to all who wait, not to the one who came first.
		working, cancel := context.WithCancel(context.WithoutCancel(ctx))
		e = &entry{key: key, done: make(chan struct{}), cancel: cancel}
		c.entries[key] = e
		go c.work(working, e, work)
	} else if e.place != nil {
		c.recent.MoveToFront(e.place)
	}
	e.waiting++
	return e
}

func (c *cache) leave(e *entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e.waiting--
	if e.waiting > 0 {
		return
	}
	select {
	case <-e.done:
	default:
		e.cancel()
		if c.entries[e.key] == e { // whoever asks next begins anew
			delete(c.entries, e.key)
		}
	}
}

func (c *cache) work(ctx context.Context, e *entry, work func(context.Context) (any, int, error)) {
	defer e.cancel()
	select {
	case c.slots <- struct{}{}:
		e.value, e.weight, e.err = attempt(ctx, work)
		<-c.slots
	case <-ctx.Done():
		e.err = ctx.Err()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	close(e.done)
	if c.entries[e.key] != e {
		return
	}
	if e.err != nil || e.weight == forgotten {
		delete(c.entries, e.key)
		return
	}
	e.place = c.recent.PushFront(e)
	c.weight += e.weight
	for c.recent.Len() > 1 && (c.weight > heaviest || c.recent.Len() > mostHeld) {
		last := c.recent.Remove(c.recent.Back()).(*entry)
		c.weight -= last.weight
		delete(c.entries, last.key)
	}
}

// attempt turns a panic into an error: one bad answer must not end the server.
func attempt(ctx context.Context, work func(context.Context) (any, int, error)) (value any, weight int, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("web: computing an answer: %v\n%s", p, debug.Stack())
		}
	}()
	return work(ctx)
}
