package jira_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"defacto/backlog"
	"defacto/connectors/jira"
	"defacto/connectors/jira/jiratest"
)

// TestWhatIsPulled holds everything the audit rests on against what the server
// has, in both products: what a connector leaves out no analysis can miss.
func TestWhatIsPulled(t *testing.T) {
	world := jiratest.World(jiratest.Size{Issues: 12, Histories: 6, Comments: 2})
	world.Types = append(world.Types, backlog.Type{ID: "10004", Name: "Initiative", Level: backlog.Initiative})
	world.Accounts[5].Active = false
	world.Sprints = append(world.Sprints, backlog.Sprint{ID: "3", Name: "Nobody's sprint", State: "future"})
	day := world.Versions[0].Release
	top, sub, asked := &world.Issues[1], &world.Issues[2], &world.Issues[3]
	top.Type, top.TypeName, top.Level, top.Parent = "10004", "Initiative", backlog.Initiative, backlog.Ref{}
	world.Issues[0].Parent = backlog.Ref{Key: top.Key}
	sub.Type, sub.TypeName, sub.Level, sub.Parent = "10003", "Sub-task", backlog.SubTask, backlog.Ref{Key: world.Issues[4].Key}
	asked.Links = []backlog.Link{{Kind: backlog.LinkMarket, Other: backlog.Ref{ID: "77", Key: "DESK-1"}}, {Kind: backlog.LinkBlockedBy, Other: backlog.Ref{ID: world.Issues[5].ID, Key: world.Issues[5].Key}}}
	points := 3.0
	asked.Flagged, asked.Estimate, asked.Due, asked.Criteria = true, &points, day.Truncate(24*time.Hour), backlog.Text{Prose: "It can be seen."}
	asked.Comments[0].Edited = asked.Comments[0].At.Add(time.Hour)
	asked.Comments[1].Private = true
	asked.Changes = append(asked.Changes, backlog.Change{ID: "999999", At: asked.Updated, Author: world.Accounts[1].ID, Field: backlog.FieldFlagged, To: "[10019]", ToName: "Impediment"})

	flavours(t, world, jiratest.Options{RoleActors: map[string][]string{"Product Owner": {world.Accounts[2].ID}}}, func(r *rig) {
		src, err := jira.New(r.opt)
		if err != nil {
			r.t.Fatal(err)
		}
		var all backlog.Batch
		for b, err := range src.Batches(r.t.Context(), "") {
			if err != nil {
				r.t.Fatal(err)
			}
			all.Scopes, all.Accounts, all.Statuses = append(all.Scopes, b.Scopes...), append(all.Accounts, b.Accounts...), append(all.Statuses, b.Statuses...)
			all.Types, all.Sprints, all.Versions = append(all.Types, b.Types...), append(all.Sprints, b.Sprints...), append(all.Versions, b.Versions...)
			all.Issues, all.Declared, all.Gaps = append(all.Issues, b.Issues...), append(all.Declared, b.Declared...), append(all.Gaps, b.Gaps...)
		}
		cloud := r.srv.Encoder.Flavour == jiratest.Cloud
		has(r.t, "the project's lead", all.Scopes, func(s backlog.Scope) bool { return s.Key == "PAY" && s.Lead == world.Accounts[0].ID })
		has(r.t, "the version's date", all.Versions, func(v backlog.Version) bool {
			return v.Name == "1.0" && v.Release.Format(time.DateOnly) == day.Format(time.DateOnly)
		})
		has(r.t, "a sprint no issue is in", all.Sprints, func(s backlog.Sprint) bool { return s.ID == "3" && s.State == "future" })
		has(r.t, "a sprint's dates", all.Sprints, func(s backlog.Sprint) bool {
			return s.ID == "1" && s.Start.Equal(world.Sprints[0].Start) && s.End.Equal(world.Sprints[0].End) && s.Completed.Equal(world.Sprints[0].Completed)
		})
		has(r.t, "a status's category", all.Statuses, func(s backlog.Status) bool { return s.Name == "In Review" && s.Category == backlog.Started })
		for name, level := range map[string]backlog.Level{"Initiative": backlog.Initiative, "Epic": backlog.Epic, "Story": backlog.Story, "Sub-task": backlog.SubTask} {
			has(r.t, "the level of "+name, all.Types, func(ty backlog.Type) bool { return ty.Name == name && ty.Level == level })
		}
		has(r.t, "an account that is closed", all.Accounts, func(a backlog.Account) bool { return a.ID == world.Accounts[5].ID && !a.Active })
		has(r.t, "an account's zone", all.Accounts, func(a backlog.Account) bool {
			return a.ID == world.Accounts[1].ID && a.Zone == "Europe/Berlin" && a.Active
		})
		has(r.t, "who leads the project", all.Declared, func(d backlog.Declaration) bool {
			return d.Origin == "project-lead" && d.Account == world.Accounts[0].ID
		})
		has(r.t, "who leads a component", all.Declared, func(d backlog.Declaration) bool {
			return d.Origin == "component-lead" && d.Scope == "PAY/component:api"
		})
		has(r.t, "who is in the role", all.Declared, func(d backlog.Declaration) bool {
			return d.Origin == "project-role: Product Owner" && d.Account == world.Accounts[2].ID
		})
		has(r.t, "the group in the role", all.Declared, func(d backlog.Declaration) bool { return d.Group == "jira-users" })
		if len(all.Gaps) > 0 {
			r.t.Errorf("gaps %+v", all.Gaps)
		}

		find := func(key string) backlog.Issue {
			i := slices.IndexFunc(all.Issues, func(iss backlog.Issue) bool { return iss.Key == key })
			if i < 0 {
				r.t.Fatalf("%s did not come", key)
			}
			return all.Issues[i]
		}
		got := find(asked.Key)
		want := struct {
			Level, Sprints, Versions, Components, Labels any
			Flagged, Points, Due, Criteria, Priority     any
			Edited, Private                              any
		}{backlog.Story, asked.Sprints, asked.Versions, asked.Components, asked.Labels, true, 3.0, asked.Due.Format(time.DateOnly), asked.Criteria.Prose, asked.Priority, asked.Comments[0].Edited.UTC(), true}
		have := want
		have.Level, have.Sprints, have.Versions, have.Components, have.Labels = got.Level, got.Sprints, got.Versions, got.Components, got.Labels
		have.Flagged, have.Points, have.Due, have.Criteria, have.Priority = got.Flagged, *got.Estimate, got.Due.Format(time.DateOnly), got.Criteria.Prose, got.Priority
		have.Edited, have.Private = got.Comments[0].Edited, got.Comments[1].Private
		if diff := cmp.Diff(want, have); diff != "" {
			r.t.Errorf("%s (-there +pulled):\n%s", asked.Key, diff)
		}
		has(r.t, "the link to a customer's request", got.Links, func(l backlog.Link) bool { return l.Kind == backlog.LinkMarket && l.Other.Key == "DESK-1" })
		has(r.t, "what blocks it", got.Links, func(l backlog.Link) bool {
			return l.Kind == backlog.LinkBlockedBy && l.Other.Key == world.Issues[5].Key
		})
		for _, c := range asked.Changes {
			has(r.t, "a change of "+c.Field.String(), got.Changes, func(g backlog.Change) bool {
				return g.ID == c.ID && g.Field == c.Field && g.At.Equal(c.At) && g.Author == c.Author && g.ToName == c.ToName && (g.FieldID != "") == cloud || c.Field == backlog.FieldRank && g.Field == c.Field && g.Measure == c.Measure
			})
		}
		if up := find(world.Issues[0].Key); up.Parent.Key != top.Key || find(top.Key).Level != backlog.Initiative {
			r.t.Errorf("the epic hangs on %v", up.Parent)
		}
		if up := find(sub.Key); up.Level != backlog.SubTask || up.Parent.Key != world.Issues[4].Key {
			r.t.Errorf("the sub-task is of level %v and hangs on %v", up.Level, up.Parent)
		}
	})
}

func has[T any](t *testing.T, what string, list []T, is func(T) bool) {
	t.Helper()
	if !slices.ContainsFunc(list, is) {
		t.Errorf("%s did not come: %+v", what, list)
	}
}
