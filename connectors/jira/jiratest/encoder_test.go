package jiratest_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"defacto/backlog"
	"defacto/connectors/jira"
	"defacto/connectors/jira/jiratest"
)

// TestRoundTrip holds that what is encoded for either product is decoded as it was.
func TestRoundTrip(t *testing.T) {
	world := jiratest.World(jiratest.Size{Issues: 12, Histories: 12, Comments: 3})
	points := 5.0
	iss := &world.Issues[4]
	iss.Estimate, iss.Flagged, iss.Due = &points, true, time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	iss.Criteria = backlog.Text{Prose: "Given, when, then"}
	iss.Comments[1].Private = true
	iss.Links = []backlog.Link{{Kind: backlog.LinkBlocks, Name: "blocks", Other: backlog.Ref{Key: "PAY-2"}}}
	iss.Changes[3].Author = ""
	for name, flavour := range map[string]jiratest.Flavour{"cloud": jiratest.Cloud, "data center": jiratest.Server} {
		t.Run(name, func(t *testing.T) {
			enc := jiratest.NewEncoder(flavour, world)
			dec := jira.NewDecoder()
			for what, err := range map[string]error{
				"fields": dec.Fields(enc.Fields()), "statuses": dec.Statuses(enc.Statuses()), "types": dec.IssueTypes(enc.Types()),
				"projects": dec.Projects(enc.Projects()), "users": dec.Users(enc.Users()), "sprints": dec.Sprints(enc.Sprints()),
			} {
				if err != nil {
					t.Fatalf("%s: %v", what, err)
				}
			}
			for _, want := range world.Issues {
				got, err := dec.Issue(enc.Issue(want))
				if err != nil {
					t.Fatal(err)
				}
				if flavour == jiratest.Server {
					want.Epic, want.Parent = want.Parent, backlog.Ref{} // a story's epic hangs on a field of its own there
				}
				if diff := cmp.Diff(want, got, ignored); diff != "" {
					t.Errorf("%s (-encoded +decoded):\n%s", want.Key, diff)
				}
			}
			var b backlog.Batch
			dec.Drain(&b)
			if len(b.Accounts) != len(world.Accounts) || len(b.Sprints) != 2 || len(b.Versions) != 1 || len(b.Statuses) != 4 {
				t.Errorf("%d accounts, %d sprints, %d versions, %d statuses", len(b.Accounts), len(b.Sprints), len(b.Versions), len(b.Statuses))
			}
		})
	}
}

// ignored is what one side says and the other need not.
var ignored = cmp.Options{
	cmpopts.IgnoreFields(backlog.Issue{}, "History", "PromisedChanges", "PromisedComments", "CommentsRead", "Description"),
	cmpopts.IgnoreFields(backlog.Change{}, "FieldID", "FieldName", "Measure", "ToName", "From"),
	cmpopts.IgnoreFields(backlog.Comment{}, "Body"),
	cmpopts.IgnoreFields(backlog.Ref{}, "ID"),
	cmpopts.EquateEmpty(),
	cmpopts.EquateApproxTime(time.Second),
}
