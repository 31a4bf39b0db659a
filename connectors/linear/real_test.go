package linear

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"defacto/backlog"
)

// TestRealIssues reads the few real issues there are, as a GraphQL client stored
// them: what the facts say about folded entries is seen there.
func TestRealIssues(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "linear", "faros-issues.json"))
	if err != nil {
		t.Skipf("the real issues are not there: %v", err)
	}
	type named struct{ ID, Name string }
	var list []struct {
		ID, Title, Description          string
		Priority                        float64
		State                           named
		Creator, Assignee, Parent       *ref
		Project, Cycle                  *ref
		Labels                          []named
		StartedAt, CreatedAt, UpdatedAt time.Time
		History                         []struct {
			Actor              *ref
			CreatedAt          time.Time
			FromState, ToState *named
		}
	}
	if err := json.Unmarshal(b, &list); err != nil {
		t.Fatal(err)
	}
	if len(list) == 0 {
		t.Fatal("no issues")
	}
	d := newDirectory()
	category := map[string]backlog.Category{"Backlog": backlog.Backlog, "Todo": backlog.Unstarted, "In Progress": backlog.Started, "Done": backlog.Completed}
	entries, timed := 0, 0
	for _, in := range list {
		d.states[in.State.ID] = backlog.Status{ID: in.State.ID, Name: in.State.Name, Category: category[in.State.Name]}
		is := issue{
			ID: in.ID, Identifier: "DEV-1", Title: in.Title, Description: in.Description, Priority: in.Priority, State: ref{in.State.ID},
			Creator: in.Creator, Assignee: in.Assignee, Parent: in.Parent, Project: in.Project, Cycle: in.Cycle,
			StartedAt: in.StartedAt, CreatedAt: in.CreatedAt, UpdatedAt: in.UpdatedAt,
		}
		for _, l := range in.Labels {
			d.labels[l.ID] = l.Name
			is.LabelIDs = append(is.LabelIDs, l.ID)
		}
		for i, h := range in.History {
			e := entry{ID: string(rune('a' + i)), CreatedAt: h.CreatedAt, UpdatedAt: h.CreatedAt.Add(2 * time.Minute), ActorID: idOf(h.Actor)}
			if h.FromState != nil {
				e.FromStateID = h.FromState.ID
			}
			if h.ToState != nil {
				e.ToStateID = h.ToState.ID
				d.states[h.ToState.ID] = backlog.Status{ID: h.ToState.ID, Name: h.ToState.Name, Category: category[h.ToState.Name]}
			}
			is.History.Nodes = append(is.History.Nodes, e)
			entries++
		}
		out := d.issue(&is, nil, false)
		if len(out.Changes) < len(in.History) || out.Category == backlog.CategoryUnknown {
			t.Errorf("%s: %d changes of %d entries, category %s", in.ID, len(out.Changes), len(in.History), out.Category)
		}
		for _, c := range out.Changes {
			if c.Field == backlog.FieldStatus && c.At.Equal(in.StartedAt) {
				timed++
			}
			if c.ID == creation && c.Author != out.Creator {
				t.Errorf("%s: what it was made with is credited to %q", in.ID, c.Author)
			}
		}
	}
	if timed == 0 {
		t.Errorf("of %d entries none was timed by its issue's own start", entries)
	}
}
