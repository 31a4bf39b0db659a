package linear_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"defacto/backlog"
	"defacto/connectors"
	"defacto/connectors/linear"
	"defacto/connectors/linear/lineartest"
)

// clock is a clock that sleeping advances, and reading a little too.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	slept time.Duration
}

func newClock() *clock { return &clock{now: time.Date(2026, 10, 1, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.slept += d
	return ctx.Err()
}

// memory is a Sink that joins copies as the store does.
type memory struct {
	t       testing.TB
	cursor  backlog.Cursor
	issues  map[string]*stored
	gone    map[string]string
	refs    map[string]bool // accounts, statuses, types, sprints, scopes
	batches int
	last    backlog.Batch
	site    string
	roles   []backlog.Declaration
	run     backlog.SyncRun
	limit   int // batches taken before the sink breaks; 0: all
}

type stored struct {
	backlog.Issue
	changes  map[string]backlog.Change
	comments map[string]backlog.Comment
	copies   int
}

func newMemory(t testing.TB) *memory {
	return &memory{t: t, issues: map[string]*stored{}, gone: map[string]string{}, refs: map[string]bool{}}
}

func (m *memory) Cursor(context.Context, string) (backlog.Cursor, error) { return m.cursor, nil }

func (m *memory) Finish(_ context.Context, run backlog.SyncRun, _ []backlog.Gap) error {
	m.run = run
	return nil
}

func (m *memory) Save(_ context.Context, _ string, b backlog.Batch) (connectors.Saved, error) {
	var saved connectors.Saved
	if m.limit > 0 && m.batches >= m.limit {
		return saved, fmt.Errorf("the sink broke")
	}
	m.batches++
	m.last, m.site = b, b.Site
	for _, a := range b.Accounts {
		m.refs["account "+a.ID] = true
	}
	for _, s := range b.Statuses {
		m.refs["status "+s.ID] = true
	}
	for _, s := range b.Types {
		m.refs["type "+s.ID] = true
	}
	for _, s := range b.Sprints {
		m.refs["sprint "+s.ID] = true
	}
	for _, s := range b.Scopes {
		m.refs["scope "+s.Key] = true
	}
	m.roles = append(m.roles, b.Declared...)
	for i := range b.Issues {
		m.save(&b.Issues[i])
	}
	for _, a := range b.Absences {
		m.gone[a.ID] = a.State
	}
	saved.Issues = len(b.Issues)
	if b.Cursor != nil {
		m.cursor = *b.Cursor
	}
	return saved, nil
}

func (m *memory) save(is *backlog.Issue) {
	s := m.issues[is.ID]
	if s == nil {
		s = &stored{changes: map[string]backlog.Change{}, comments: map[string]backlog.Comment{}}
		m.issues[is.ID] = s
	}
	s.Issue = *is
	s.copies++
	here := map[string]bool{}
	for _, c := range is.Changes {
		key := fmt.Sprintf("%s/%d", c.ID, c.Ordinal)
		if here[key] {
			m.t.Errorf("%s has the change %s twice in one copy", is.Key, key)
		}
		here[key] = true
		s.changes[key] = c
	}
	said := map[string]bool{}
	for _, c := range is.Comments {
		if said[c.ID] {
			m.t.Errorf("%s has the comment %s twice in one copy", is.Key, c.ID)
		}
		said[c.ID] = true
		s.comments[c.ID] = c
	}
}

// entries are the history entries of an issue: without creation, needs and order.
func (s *stored) entries() map[string]bool {
	ids := map[string]bool{}
	for _, c := range s.changes {
		if c.FieldID != "need" && c.FieldID != "sortOrder" && c.FieldID != "update" && c.ID != "created" && c.ID != "added" {
			ids[c.ID] = true
		}
	}
	return ids
}

// agrees compares what was stored with what the world holds: every issue, entry
// and comment, once, and nothing else.
func (m *memory) agrees(w *lineartest.World) {
	m.t.Helper()
	want := map[string]bool{}
	for _, id := range w.IDs("issues") {
		want[id] = true
		s := m.issues[id]
		if s == nil {
			m.t.Errorf("issue %s is missing", id)
			continue
		}
		history, _ := w.Find("issues", id)["history"].(lineartest.Connection)
		got := s.entries()
		if len(got) != len(history) {
			m.t.Errorf("%s has %d entries, Linear has %d", id, len(got), len(history))
		}
		for _, e := range history {
			if eid, _ := e["id"].(string); !got[eid] {
				m.t.Errorf("%s lacks the entry %s", id, eid)
			}
		}
		if s.History != backlog.HistoryComplete {
			m.t.Errorf("%s: history is %s", id, s.History)
		}
	}
	comments := 0
	for _, id := range w.IDs("comments") {
		c := w.Find("comments", id)
		on, _ := c["issueId"].(string)
		for _, above := range []string{"projectId", "initiativeId"} {
			if on == "" {
				on, _ = c[above].(string)
			}
		}
		if m.issues[on] == nil || m.issues[on].comments[id].ID == "" {
			m.t.Errorf("comment %s on %s is missing", id, on)
		}
		comments++
	}
	stored := 0
	for id, s := range m.issues {
		stored += len(s.comments)
		if s.Level <= backlog.Story && !want[id] && m.gone[id] == "" {
			m.t.Errorf("issue %s is stored, gone from Linear and not marked", id)
		}
	}
	if stored != comments && len(m.gone) == 0 {
		m.t.Errorf("%d comments are stored, Linear has %d", stored, comments)
	}
}

// referenced checks that nothing points at what was never handed over.
func (m *memory) referenced() {
	m.t.Helper()
	need := func(what, id string) {
		if id != "" && !m.refs[what+" "+id] {
			m.t.Errorf("%s %q was never handed over", what, id)
			m.refs[what+" "+id] = true
		}
	}
	for _, s := range m.issues {
		need("status", s.Status)
		need("type", s.Type)
		need("scope", s.Scope)
		need("account", s.Creator)
		need("account", s.Assignee)
		for _, id := range s.Sprints {
			need("sprint", id)
		}
		for _, c := range s.changes {
			need("account", c.Author)
			if c.Field == backlog.FieldStatus {
				need("status", c.From)
				need("status", c.To)
			}
		}
		for _, c := range s.comments {
			need("account", c.Author)
		}
	}
}

// bench is a server, its clock and a source that reads it.
type bench struct {
	*lineartest.Server
	clock  *clock
	source *linear.Source
	sink   *memory
}

func newBench(t testing.TB, w *lineartest.World, change func(*linear.Options)) *bench {
	t.Helper()
	b := &bench{clock: newClock(), sink: newMemory(t)}
	b.Server = lineartest.New(t, w, b.clock.Now)
	b.source = b.open(t, change)
	return b
}

func (b *bench) open(t testing.TB, change func(*linear.Options)) *linear.Source {
	t.Helper()
	opt := linear.Options{Name: "product", URL: b.URL, Token: lineartest.Key, Now: b.clock.Now, Sleep: b.clock.Sleep}
	if change != nil {
		change(&opt)
	}
	s, err := linear.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (b *bench) sync(t testing.TB) (connectors.Summary, error) {
	t.Helper()
	return connectors.Sync(t.Context(), b.source, b.sink, connectors.Options{Now: b.clock.Now})
}

func (b *bench) mustSync(t testing.TB) connectors.Summary {
	t.Helper()
	sum, err := b.sync(t)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// uuid makes an id of the form Linear's have.
func uuid(r *rand.Rand) string {
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", r.Uint32(), r.Uint32()&0xffff, r.Uint32()&0xffff, r.Uint32()&0xffff, r.Uint64()&0xffffffffffff)
}

// people of the made-up teams.
var people = []string{"u-ana", "u-ben", "u-cho", "u-dee"}

// workspace makes backlog values: issues in two teams with on average so many
// entries and comments each, an epic and an initiative above.
func workspace(issues int, entries, comments float64) backlog.Batch {
	r := rand.New(rand.NewPCG(7, uint64(issues)))
	start := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	b := backlog.Batch{
		Scopes: []backlog.Scope{{ID: "1", Key: "ENG", Name: "Engineering", Lead: "u-ana"}, {ID: "2", Key: "OPS", Name: "Operations"}},
		Statuses: []backlog.Status{
			{ID: "s1", Name: "Backlog", Category: backlog.Backlog},
			{ID: "s2", Name: "Todo", Category: backlog.Unstarted, Position: 1},
			{ID: "s3", Name: "In Progress", Category: backlog.Started, Position: 2},
			{ID: "s4", Name: "Done", Category: backlog.Completed, Position: 3},
		},
		Sprints: []backlog.Sprint{{ID: "c1", Name: "One", Start: start, End: start.AddDate(0, 0, 14)}},
	}
	for _, p := range people {
		b.Accounts = append(b.Accounts, backlog.Account{ID: p, Handle: p[2:], Name: "Person " + p[2:], Email: p[2:] + "@acme.example", Active: p != "u-dee", Zone: "Europe/Berlin"})
	}
	b.Issues = append(b.Issues,
		backlog.Issue{ID: uuid(r), Key: "I-1", Scope: "ENG", Level: backlog.Initiative, Title: "Grow", Category: backlog.Started, Creator: "u-ana", Assignee: "u-ana", Created: start},
		backlog.Issue{ID: uuid(r), Key: "E-1", Scope: "ENG", Teams: []string{"OPS"}, Level: backlog.Epic, Title: "Checkout", Category: backlog.Started, Creator: "u-ana", Assignee: "u-ben", Created: start.Add(time.Hour)},
	)
	b.Issues[1].Parent = backlog.Ref{ID: b.Issues[0].ID}
	for i := range issues {
		scope := []string{"ENG", "OPS"}[r.IntN(2)]
		created := start.Add(time.Duration(i) * 13 * time.Minute)
		is := backlog.Issue{
			ID: uuid(r), Key: fmt.Sprintf("%s-%d", scope, i+1), Scope: scope, Type: "t1", TypeName: "Story", Title: fmt.Sprintf("Issue %d", i),
			Description: backlog.Text{Prose: "As a user, I want it."}, Status: "s1", StatusName: "Backlog", Category: backlog.Backlog,
			Priority: "High", Creator: people[r.IntN(3)], Created: created, Rank: fmt.Sprint(i * 10),
		}
		is.Reporter = is.Creator
		if i%3 == 0 {
			is.Epic = backlog.Ref{ID: b.Issues[1].ID}
		}
		at := created.Add(time.Hour)
		for k := range count(r, entries) {
			at = at.Add(time.Duration(1+r.IntN(600)) * time.Minute)
			c := backlog.Change{ID: uuid(r), At: at, Author: people[r.IntN(3)]}
			switch r.IntN(4) {
			case 0:
				c.Field, c.FromName, c.ToName = backlog.FieldPriority, "Low", "High"
			case 1:
				c.Field, c.From, c.To = backlog.FieldStatus, is.Status, fmt.Sprintf("s%d", 1+k%4)
				is.Status = c.To
			case 2:
				c.Field, c.To = backlog.FieldAssignee, people[r.IntN(3)]
				is.Assignee = c.To
			default:
				c.Field = backlog.FieldDescription
			}
			is.Changes = append(is.Changes, c)
		}
		said := created.Add(2 * time.Hour)
		for range count(r, comments) {
			said = said.Add(time.Duration(1+r.IntN(900)) * time.Minute)
			is.Comments = append(is.Comments, backlog.Comment{ID: uuid(r), At: said, Author: people[r.IntN(3)], Body: backlog.Text{Prose: "What about it, @Person ana?", Mentions: []string{"u-ana"}}})
		}
		b.Issues = append(b.Issues, is)
	}
	return b
}

// count draws from a geometric distribution: few issues have many entries.
func count(r *rand.Rand, mean float64) int {
	n := 0
	for mean > 0 && r.Float64() < mean/(1+mean) {
		n++
	}
	return n
}

func world(issues int, entries, comments float64) *lineartest.World {
	w := lineartest.NewWorld()
	w.Add(workspace(issues, entries, comments))
	return w
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range maps.Keys(m) {
		keys = append(keys, k)
	}
	return keys
}
