package linear

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"defacto/backlog"
)

func at(minutes float64) time.Time {
	return time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC).Add(time.Duration(minutes * float64(time.Minute)))
}

func float(f float64) *float64 { return &f }

// desk is a directory with the few things the entries below refer to.
func desk() *directory {
	d := newDirectory()
	for id, c := range map[string]backlog.Category{"todo": backlog.Unstarted, "backlog": backlog.Backlog, "doing": backlog.Started, "review": backlog.Started, "done": backlog.Completed, "no": backlog.Canceled, "twin": backlog.Duplicate, "new": backlog.Triage} {
		d.states[id] = backlog.Status{ID: id, Name: "State " + id, Category: c}
	}
	d.users["ana"] = user{ID: "ana", Name: "Ana"}
	d.users["app"] = user{ID: "app", Name: "Robot", App: true}
	d.cycles["c1"] = backlog.Sprint{ID: "c1", Name: "One"}
	d.projects["p1"] = project{ID: "p1", Name: "Checkout"}
	d.labels["l1"] = "Bug"
	d.milestones["m1"] = milestone{ID: "m1", Name: "Beta"}
	return d
}

// brief is what the tests below look at in a change.
type brief struct {
	Ordinal  int
	At       time.Time
	Author   string
	Field    backlog.Field
	From, To string
	Measure  int
	Machine  bool
}

func briefly(list []backlog.Change) []brief {
	var out []brief
	for _, c := range list {
		from, to := c.From, c.To
		if c.Field == backlog.FieldSummary || c.Field == backlog.FieldLabels || c.Field == backlog.FieldLink {
			from, to = c.FromName, c.ToName
		}
		out = append(out, brief{c.Ordinal, c.At, c.Author, c.Field, from, to, c.Measure, c.Machine})
	}
	return out
}

func TestEntryIntoChanges(t *testing.T) {
	yes := true
	title := func(s string) *string { return &s }
	for name, tc := range map[string]struct {
		entry entry
		want  []brief
	}{
		"priority cleared": {
			entry{ActorID: "ana", FromPriority: float(2), ToPriority: float(0)},
			[]brief{{atPriority, at(0), "ana", backlog.FieldPriority, "2", "", 0, false}},
		},
		"priority not changed": {
			entry{ActorID: "ana", FromTitle: title("a"), ToTitle: title("b")},
			[]brief{{atTitle, at(0), "ana", backlog.FieldSummary, "a", "b", 0, false}},
		},
		"removed from its project": {
			entry{ActorID: "ana", FromProjectID: "p1"},
			[]brief{{atProject, at(0), "ana", backlog.FieldParent, "p1", "", 0, false}},
		},
		"several things at once": {
			entry{ActorID: "ana", ToStateID: "doing", FromStateID: "todo", ToAssigneeID: "ana", ToCycleID: "c1", ToEstimate: float(2.5), ToProjectMilestone: &ref{"m1"}, ToDueDate: "2026-08-01", ToParentID: "i2", FromTeamID: "t1", ToTeamID: "t2"},
			[]brief{
				{atStatus, at(0), "ana", backlog.FieldStatus, "todo", "doing", 0, false},
				{atCycle, at(0), "ana", backlog.FieldSprint, "", "c1", 0, false},
				{atMilestone, at(0), "ana", backlog.FieldVersion, "", "m1", 0, false},
				{atAssignee, at(0), "ana", backlog.FieldAssignee, "", "ana", 0, false},
				{atEstimate, at(0), "ana", backlog.FieldEstimate, "", "2.5", 0, false},
				{atDueDate, at(0), "ana", backlog.FieldDueDate, "", "2026-08-01", 0, false},
				{atParent, at(0), "ana", backlog.FieldParent, "", "i2", 0, false},
				{atTeam, at(0), "ana", backlog.FieldProject, "t1", "t2", 0, false},
			},
		},
		"a description of three editors": {
			entry{ActorID: "ana", UpdatedDescription: true, DescriptionUpdatedBy: []ref{{"ana"}, {"ben"}, {"cho"}}},
			[]brief{
				{atEditors, at(0), "ana", backlog.FieldDescription, "", "", 33, false},
				{atEditors + 1, at(0), "ben", backlog.FieldDescription, "", "", 33, false},
				{atEditors + 2, at(0), "cho", backlog.FieldDescription, "", "", 33, false},
			},
		},
		"a description, its editor not told": {
			entry{ActorID: "ana", UpdatedDescription: true},
			[]brief{{atEditors, at(0), "ana", backlog.FieldDescription, "", "", 100, false}},
		},
		"labels and links": {
			entry{ActorID: "ana", AddedLabelIDs: []string{"l1", "l9"}, RelationChanges: []struct{ Identifier, Type string }{{"ENG-2", "ax"}, {"ENG-3", "br"}, {"ENG-4", "rr"}, {"ENG-5", "?"}}},
			[]brief{
				{atLabels, at(0), "ana", backlog.FieldLabels, "", "Bug l9", 0, false},
				{atRelations, at(0), "ana", backlog.FieldLink, "", "blocks ENG-2", int(backlog.LinkBlocks), false},
				{atRelations + 1, at(0), "ana", backlog.FieldLink, "blocked by ENG-3", "", -int(backlog.LinkBlockedBy), false},
				{atRelations + 2, at(0), "ana", backlog.FieldLink, "related to ENG-4", "", 0, false},
				{atRelations + 3, at(0), "ana", backlog.FieldLink, "", "? ENG-5", 0, false},
			},
		},
		"a bot": {
			entry{BotActor: &bot{Type: "github", Name: "GitHub"}, FromStateID: "doing", ToStateID: "done"},
			[]brief{{atStatus, at(0), "bot:github", backlog.FieldStatus, "doing", "done", 0, true}},
		},
		"a bot that is a user": {
			entry{BotActor: &bot{ID: "app", Type: "oauth"}, Archived: &yes},
			[]brief{{atArchived, at(0), "app", backlog.FieldOther, "", "true", 0, true}},
		},
		"merged under a person's name": {
			entry{ActorID: "ana", BotActor: &bot{Type: "github"}, ToStateID: "done"},
			[]brief{{atStatus, at(0), "ana", backlog.FieldStatus, "", "done", 0, true}},
		},
		"closed by itself": {
			entry{AutoClosed: true, ToStateID: "no"},
			[]brief{{atStatus, at(0), "", backlog.FieldStatus, "", "no", 0, true}},
		},
		"nobody can tell who": {
			entry{ToStateID: "twin"},
			[]brief{{atStatus, at(0), "", backlog.FieldStatus, "", "twin", 0, false}},
		},
		"nothing this program knows": {
			entry{ActorID: "ana"},
			[]brief{{atOther, at(0), "ana", backlog.FieldOther, "", "", 0, false}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			tc.entry.ID, tc.entry.CreatedAt, tc.entry.UpdatedAt = "e1", at(0), at(0)
			got := briefly(desk().changes(&issue{}, &tc.entry, nil))
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestFoldedEntriesAreTimed(t *testing.T) {
	for name, tc := range map[string]struct {
		issue  issue
		entry  entry
		passed []span
		want   []brief
		asks   bool
	}{
		"started, by the issue's own time": {
			issue: issue{StartedAt: at(1)}, entry: entry{FromStateID: "todo", ToStateID: "doing", UpdatedAt: at(2)},
			want: []brief{{atStatus, at(1), "", backlog.FieldStatus, "todo", "doing", 0, false}},
		},
		"completed": {
			issue: issue{CompletedAt: at(2)}, entry: entry{FromStateID: "doing", ToStateID: "done", UpdatedAt: at(2)},
			want: []brief{{atStatus, at(2), "", backlog.FieldStatus, "doing", "done", 0, false}},
		},
		"declined": {
			issue: issue{CanceledAt: at(1)}, entry: entry{FromStateID: "todo", ToStateID: "no", UpdatedAt: at(2)},
			want: []brief{{atStatus, at(1), "", backlog.FieldStatus, "todo", "no", 0, false}},
		},
		"the time is of another start": {
			issue: issue{StartedAt: at(-50)}, entry: entry{FromStateID: "todo", ToStateID: "doing", UpdatedAt: at(2)}, asks: true,
			want: []brief{{atStatus, at(0), "", backlog.FieldStatus, "todo", "doing", 0, false}},
		},
		"by the states passed, which come out again": {
			entry:  entry{FromStateID: "todo", ToStateID: "doing", UpdatedAt: at(2)},
			passed: []span{{"doing", at(1.2)}, {"backlog", at(0)}, {"todo", at(-90)}, {"done", at(99)}}, asks: true,
			want: []brief{
				{atStatus, at(0), "", backlog.FieldStatus, "todo", "backlog", 0, false},
				{atSteps + 1, at(1.2), "", backlog.FieldStatus, "backlog", "doing", 0, false},
			},
		},
		"the states passed lead elsewhere": {
			entry:  entry{FromStateID: "todo", ToStateID: "backlog", UpdatedAt: at(2)},
			passed: []span{{"doing", at(1)}}, asks: true,
			want: []brief{{atStatus, at(0), "", backlog.FieldStatus, "todo", "backlog", 0, false}},
		},
		"over in a moment": {
			entry: entry{FromStateID: "todo", ToStateID: "backlog", UpdatedAt: at(.01)},
			want:  []brief{{atStatus, at(0), "", backlog.FieldStatus, "todo", "backlog", 0, false}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			tc.entry.ID, tc.entry.CreatedAt = "e1", at(0)
			d := desk()
			if got := d.hidesMoves(&tc.issue, &tc.entry); got != tc.asks {
				t.Errorf("asks for the state history: %v", got)
			}
			if d := cmp.Diff(tc.want, briefly(d.changes(&tc.issue, &tc.entry, tc.passed))); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestTheFirstThreeMinutes(t *testing.T) {
	history := func(newestFirst ...entry) connection[entry] { return connection[entry]{Nodes: newestFirst} }
	for name, tc := range map[string]struct {
		issue issue
		want  []brief
	}{
		"what is there now": {
			issue{Priority: 2, Cycle: &ref{"c1"}, Project: &ref{"p1"}, AddedToCycleAt: at(1), AddedToProjectAt: at(0)},
			[]brief{
				{atPriority, at(0), "ana", backlog.FieldPriority, "", "2", 0, false},
				{atCycle, at(0), "ana", backlog.FieldSprint, "", "c1", 0, false},
				{atProject, at(0), "ana", backlog.FieldParent, "", "p1", 0, false},
			},
		},
		"what was there before the oldest change": {
			issue{Priority: 4, Cycle: &ref{"c2"}, AddedToCycleAt: at(900), History: history(
				entry{FromPriority: float(3), ToPriority: float(4), FromCycleID: "c1", ToCycleID: "c2"},
				entry{FromPriority: float(1), ToPriority: float(3)},
			)},
			[]brief{
				{atPriority, at(0), "ana", backlog.FieldPriority, "", "1", 0, false},
				{atCycle, at(0), "ana", backlog.FieldSprint, "", "c1", 0, false},
			},
		},
		"nothing at first": {
			issue{Priority: 1, Cycle: &ref{"c1"}, History: history(entry{FromPriority: float(0), ToPriority: float(1)}, entry{ToCycleID: "c1"})},
			nil,
		},
		"added later without an entry: nobody can tell by whom": {
			issue{Cycle: &ref{"c1"}, AddedToCycleAt: at(500)},
			[]brief{{atCycle, at(500), "", backlog.FieldSprint, "", "c1", 0, false}},
		},
		"no priority is no act": {issue{}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			tc.issue.CreatedAt = at(0)
			got := desk().beginnings(&tc.issue, "ana", false)
			if d := cmp.Diff(tc.want, briefly(got)); d != "" {
				t.Error(d)
			}
			for _, c := range got {
				if c.ID != creation && c.ID != addition {
					t.Errorf("it passes for the entry %q", c.ID)
				}
			}
		})
	}
}

func TestIssueIntoNormalForm(t *testing.T) {
	is := issue{
		ID: "i1", Identifier: "ENG-7", Title: "Pay", Description: "As a user\n\n```\ncode\n```", Priority: 0, SortOrder: -12.5,
		CreatedAt: at(0), UpdatedAt: at(9), CanceledAt: at(8), CustomerTicketCount: 2, DueDate: "2026-08-01",
		LabelIDs: []string{"l1"}, PreviousIdentifiers: []string{"OPS-1"}, State: ref{"no"}, Project: &ref{"p1"}, ProjectMilestone: &ref{"m1"}, Cycle: &ref{"c1"},
		BotActor: &bot{Type: "slack", SubType: "asks", Name: "Asks"}, AsksRequester: &ref{"ana"},
		History: connection[entry]{Nodes: []entry{{ID: "e", CreatedAt: at(0), IssueImport: &ref{"im"}}}},
	}
	is.Team.Key = "ENG"
	d := desk()
	got := d.issue(&is, nil, false)
	want := backlog.Issue{
		ID: "i1", Key: "ENG-7", OldKeys: []string{"OPS-1"}, Scope: "ENG", Type: "label:bug", TypeName: "Bug",
		Title: "Pay", Description: backlog.Text{Prose: "As a user", Code: []string{"code"}}, Status: "no", StatusName: "State no", Category: backlog.Canceled,
		Creator: "bot:slack/asks", Reporter: "ana", Epic: backlog.Ref{ID: "p1"}, Labels: []string{"Bug"}, Versions: []string{"m1"}, Sprints: []string{"c1"},
		Links: []backlog.Link{{Kind: backlog.LinkMarket, Name: "customer tickets: 2"}}, Rank: "-12.5",
		Created: at(0), Updated: at(9), Resolved: at(8), Due: time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC),
		Changes: []backlog.Change{{ID: "e", Ordinal: atOther, At: at(0), Field: backlog.FieldOther, FieldID: "entry", FieldName: "entry", Machine: true}},
		History: backlog.HistoryComplete, PromisedChanges: -1, PromisedComments: -1, CommentsRead: true, Machine: true, Imported: true,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	var b backlog.Batch
	d.drain(&b)
	if len(b.Accounts) != 1 || b.Accounts[0].Kind != backlog.AppAccount || len(b.Types) != 1 {
		t.Errorf("met on the way: %+v %+v", b.Accounts, b.Types)
	}
}

func TestNeed(t *testing.T) {
	for name, tc := range map[string]struct {
		need    need
		author  string
		machine bool
		what    string
	}{
		"somebody's":                     {need{Creator: &ref{"ana"}, Customer: &customer{Name: "Globex", Owner: &ref{"ben"}}}, "ana", false, "Globex"},
		"by itself, of an owned one":     {need{Customer: &customer{Name: "Globex", Owner: &ref{"ben"}, Tier: &struct{ DisplayName string }{"Enterprise"}}}, "ben", false, "Globex (Enterprise)"},
		"by itself":                      {need{Customer: &customer{Name: "Globex", Status: struct{ DisplayName string }{"Churned"}}}, "", true, "Globex (Churned)"},
		"of a customer not yet assigned": {need{Creator: &ref{"ana"}, Priority: 1}, "ana", false, "a customer, important"},
	} {
		if c := tc.need.change(); c.Author != tc.author || c.Machine != tc.machine || c.ToName != tc.what || c.Field != backlog.FieldNeed {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

func TestWhoMadeAnIssue(t *testing.T) {
	for name, tc := range map[string]struct {
		issue   issue
		creator string
		machine bool
	}{
		"a person":              {issue{Creator: &ref{"ana"}}, "ana", false},
		"a person from Slack":   {issue{Creator: &ref{"ana"}, IntegrationSourceType: "slack"}, "ana", false},
		"an integration":        {issue{IntegrationSourceType: "zendesk"}, "", true},
		"somebody outside":      {issue{ExternalUserCreator: &external{ID: "x1", Name: "Ext"}}, "external:x1", false},
		"a deleted account":     {issue{}, "", false},
		"a recurrence":          {issue{Creator: &ref{"ana"}, RecurringIssueTemplate: &ref{"t"}}, "ana", true},
		"a template":            {issue{Creator: &ref{"ana"}, LastAppliedTemplate: &ref{"t"}}, "ana", true},
		"a bot of no name":      {issue{BotActor: &bot{}}, "bot:unknown", true},
		"a bot that is a user ": {issue{BotActor: &bot{ID: "app"}}, "app", true},
	} {
		got := desk().issue(&tc.issue, nil, false)
		if got.Creator != tc.creator || got.Machine != tc.machine {
			t.Errorf("%s: creator %q, machine %v", name, got.Creator, got.Machine)
		}
	}
}

func TestSevenCategories(t *testing.T) {
	d := desk()
	for id, want := range map[string]string{"new": "triage", "backlog": "backlog", "todo": "unstarted", "doing": "started", "done": "completed", "no": "canceled", "twin": "duplicate"} {
		if got := d.issue(&issue{State: ref{id}}, nil, false).Category.String(); got != want {
			t.Errorf("%s is %s", id, got)
		}
	}
	for kind, want := range map[string]backlog.Category{"backlog": backlog.Backlog, "planned": backlog.Unstarted, "started": backlog.Started, "paused": backlog.Started, "completed": backlog.Completed, "canceled": backlog.Canceled, "x": backlog.CategoryUnknown} {
		if got := projectCategory(kind); got != want {
			t.Errorf("a project's %s is %s", kind, got)
		}
	}
	for kind, want := range map[string]backlog.Category{"Proposed": backlog.Backlog, "Planned": backlog.Unstarted, "Active": backlog.Started, "Completed": backlog.Completed, "Canceled": backlog.Canceled, "": backlog.CategoryUnknown} {
		if got := initiativeCategory(kind); got != want {
			t.Errorf("an initiative's %s is %s", kind, got)
		}
	}
}

func TestLongestRising(t *testing.T) {
	for _, tc := range []struct {
		values []float64
		stayed int
	}{{nil, 0}, {[]float64{1}, 1}, {[]float64{1, 2, 3}, 3}, {[]float64{3, 1, 2}, 2}, {[]float64{2, 3, 1}, 2}, {[]float64{1, 1, 1}, 3}, {[]float64{5, 1, 6, 2, 7, 3}, 3}} {
		in := longestRising(len(tc.values), func(i int) float64 { return tc.values[i] })
		n := 0
		for _, yes := range in {
			if yes {
				n++
			}
		}
		if n != tc.stayed {
			t.Errorf("%v: %d stayed, want %d", tc.values, n, tc.stayed)
		}
	}
}
