// Package lineartest is a Linear that runs in a test: its GraphQL API with its
// paging, order, cursors, rules on archived and disabled things, complexity
// limit, allowances and bad days. What it serves is made of backlog values, or
// of objects written by hand.
package lineartest

import (
	"slices"
	"sync"
	"time"
)

// Object is one of Linear's objects: scalars, times, other Objects, lists of
// them, and Connections, by field name.
type Object map[string]any

// Connection is a field that comes in pages.
type Connection []Object

// World is what a workspace holds, by the names of the root connections. Its
// methods may be used while a Server serves it.
type World struct {
	mu           sync.Mutex
	organization Object
	viewer       Object
	roots        map[string][]Object
	byID         map[string]Object
	left         map[string]Object // deleted, whose cursors still lead on
	sorted       map[string][]Object
	loss         map[string]int
	teams        map[string]*teamWords
	refused      map[string]string // why a root connection is not given
}

// Epoch is when the workspace was made.
func Epoch() time.Time { return time.Date(2020, 1, 6, 9, 0, 0, 0, time.UTC) }

// NewWorld returns a workspace with one user, who owns the key, and nothing else.
func NewWorld() *World {
	w := &World{
		organization: Object{
			"id": "org-1", "name": "Acme", "urlKey": "acme", "customersEnabled": true,
			"projectStatuses": []Object{},
		},
		roots: map[string][]Object{}, byID: map[string]Object{}, left: map[string]Object{}, sorted: map[string][]Object{},
		loss: map[string]int{}, teams: map[string]*teamWords{}, refused: map[string]string{},
	}
	for i, kind := range []string{"backlog", "planned", "started", "paused", "completed", "canceled"} {
		w.organization["projectStatuses"] = append(w.organization["projectStatuses"].([]Object),
			Object{"id": "ps-" + kind, "name": kind, "type": kind, "position": float64(i)})
	}
	w.viewer = Object{"id": "auditor", "name": "Auditor", "displayName": "auditor", "email": "audit@acme.example", "active": true, "app": false, "timezone": "UTC", "createdAt": Epoch(), "updatedAt": Epoch(), "admin": false, "guest": false}
	w.put("users", w.viewer)
	return w
}

// Put adds an object to a root connection, or replaces the one with its id.
func (w *World) Put(root string, o Object) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.put(root, o)
}

func (w *World) put(root string, o Object) {
	id, _ := o["id"].(string)
	if old, ok := w.byID[root+"/"+id]; ok {
		clear(old)
		for k, v := range o {
			old[k] = v
		}
	} else {
		w.byID[root+"/"+id] = o
		w.roots[root] = append(w.roots[root], o)
	}
	delete(w.sorted, root)
}

// Change lets a function change an object, and touches it at a time.
func (w *World) Change(root, id string, at time.Time, change func(Object)) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	o, ok := w.byID[root+"/"+id]
	if ok {
		change(o)
		o["updatedAt"] = at
		delete(w.sorted, root)
	}
	return ok
}

// Find returns a copy of an object, nil where there is none.
func (w *World) Find(root, id string) Object {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.find(root, id)
}

func (w *World) find(root, id string) Object {
	o := w.byID[root+"/"+id]
	if o == nil {
		return nil
	}
	c := make(Object, len(o))
	for k, v := range o {
		c[k] = v
	}
	return c
}

// Delete removes an object for good: no reader hears of it.
func (w *World) Delete(root, id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	o, ok := w.byID[root+"/"+id]
	if !ok {
		return
	}
	delete(w.byID, root+"/"+id)
	w.left[root+"/"+id] = o
	w.roots[root] = slices.DeleteFunc(w.roots[root], func(o Object) bool { return o["id"] == id })
	delete(w.sorted, root)
}

// IDs lists the ids of a root connection, in the order they were put.
func (w *World) IDs(root string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	ids := make([]string, 0, len(w.roots[root]))
	for _, o := range w.roots[root] {
		id, _ := o["id"].(string)
		ids = append(ids, id)
	}
	return ids
}

// Plan switches customer needs on or off.
func (w *World) Plan(customers bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.organization["customersEnabled"] = customers
	w.refused["customerNeeds"] = map[bool]string{false: "feature not accessible"}[customers]
}

// Refuse lets a root connection fail with this type of error ("forbidden",
// "feature not accessible"); "" gives it again.
func (w *World) Refuse(root, kind string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refused[root] = kind
}

// Entries counts the history entries of all issues.
func (w *World) Entries() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, o := range w.roots["issues"] {
		h, _ := o["history"].(Connection)
		n += len(h)
	}
	return n
}

// Loss counts, by name, what of the backlog values put in Linear has no record of.
func (w *World) Loss() map[string]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := make(map[string]int, len(w.loss))
	for k, v := range w.loss {
		c[k] = v
	}
	return c
}
