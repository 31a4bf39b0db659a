package jiratest

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"defacto/backlog"
)

// Size says how large a made-up project is.
type Size struct {
	Projects  []string // keys; default PAY
	Issues    int      // per project
	Histories int      // entries per issue, one item each
	Comments  int      // per issue
}

var birth = time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)

// World makes projects of the given size: the same ones every time. The first
// issue of each project is an epic that the others hang on; every seventh is
// done. Two issues share each minute of creation.
func World(size Size) backlog.Batch {
	if len(size.Projects) == 0 {
		size.Projects = []string{"PAY"}
	}
	b := backlog.Batch{
		Kind:     "jira",
		Accounts: people(),
		Statuses: []backlog.Status{
			{ID: "1", Name: "To Do", Category: backlog.Unstarted},
			{ID: "3", Name: "In Progress", Category: backlog.Started},
			{ID: "10001", Name: "In Review", Category: backlog.Started},
			{ID: "10002", Name: "Done", Category: backlog.Completed},
		},
		Types: []backlog.Type{{ID: "10000", Name: "Epic", Level: backlog.Epic}, {ID: "10001", Name: "Story"}, {ID: "10003", Name: "Sub-task", Level: backlog.SubTask}},
		Sprints: []backlog.Sprint{
			{ID: "1", Name: "Sprint 1, the [first]", State: "closed", Start: birth, End: birth.AddDate(0, 0, 14), Completed: birth.AddDate(0, 0, 14)},
			{ID: "2", Name: "Sprint 2", State: "active", Start: birth.AddDate(0, 0, 14), End: birth.AddDate(0, 0, 28)},
		},
	}
	next := 10000
	for p, key := range size.Projects {
		b.Scopes = append(b.Scopes, backlog.Scope{ID: strconv.Itoa(100 + p), Key: key, Name: "Project " + key, Lead: b.Accounts[0].ID})
		b.Versions = append(b.Versions, backlog.Version{ID: strconv.Itoa(500 + p), Scope: key, Name: "1.0", Release: birth.AddDate(0, 3, 0)})
		for i := range size.Issues {
			next++
			b.Issues = append(b.Issues, makeIssue(&b, size, key, p, next, i))
		}
	}
	return b
}

func people() []backlog.Account {
	var out []backlog.Account
	for i, name := range []string{"Ada Okafor", "Ben Lindqvist", "Chiara Ruiz", "Dao Nguyen", "Emre Şahin", "Frida Öberg"} {
		out = append(out, backlog.Account{ID: fmt.Sprintf("712020:0000-%04d-aaaa-bbbb", i), Handle: fmt.Sprintf("user%d", i), Name: name, Active: true, Zone: "Europe/Berlin"})
	}
	return append(out, backlog.Account{ID: "557058:automation-for-jira", Handle: "automation", Name: "Automation for Jira", Kind: backlog.AppAccount, Active: true, Zone: "Etc/UTC"})
}

func makeIssue(b *backlog.Batch, size Size, key string, project, id, i int) backlog.Issue {
	who := func(n int) string { return b.Accounts[(i+n)%6].ID }
	created := birth.Add(time.Duration(i/2)*time.Minute + time.Duration(i%2)*20*time.Second + time.Duration(project)*time.Hour)
	iss := backlog.Issue{
		ID: strconv.Itoa(id), Key: fmt.Sprintf("%s-%d", key, i+1), Scope: key, Type: "10001", TypeName: "Story",
		Title:       fmt.Sprintf("As a customer, I want feature %d of %s", i, key),
		Description: backlog.Text{Prose: fmt.Sprintf("Background of number %d. Please have a look at the second paragraph.", i), Mentions: []string{who(3)}, Code: []string{"x := 1"}},
		Status:      "3", StatusName: "In Progress", Category: backlog.Started, Priority: "Medium",
		Creator: who(0), Reporter: who(0), Assignee: who(1),
		Labels: []string{"blue"}, Components: []string{"api"}, Versions: []string{strconv.Itoa(500 + project)}, Sprints: []string{"1", "2"},
		Rank: fmt.Sprintf("0|i%05d:", i), Created: created,
	}
	switch {
	case i == 0:
		iss.Type, iss.TypeName, iss.Level = "10000", "Epic", backlog.Epic
	default:
		iss.Parent = backlog.Ref{Key: key + "-1"}
	}
	if i%7 == 3 {
		iss.Status, iss.StatusName, iss.Category = "10002", "Done", backlog.Completed
		iss.Resolution, iss.Resolved = "Done", created.AddDate(0, 1, 0)
	}
	iss.Updated = created
	for h := range size.Histories {
		addHistory(&iss, who(h), h)
	}
	for c := range size.Comments {
		addComment(&iss, who(c+1), fmt.Sprintf("Comment %d on %s: is this what you meant?", c, iss.Key))
	}
	return iss
}

// AddHistory appends one entry of one item to an issue, a minute after its last
// update: by turns a move in the workflow, a rank, a sprint, an assignment, a
// priority, a summary. Other copies of the issue are not touched.
func AddHistory(iss *backlog.Issue, author string, turn int) {
	iss.Changes = slices.Clip(iss.Changes)
	addHistory(iss, author, turn)
}

// AddHistories appends n entries, by the authors in turn.
func AddHistories(iss *backlog.Issue, authors []backlog.Account, n int) {
	iss.Changes = slices.Grow(slices.Clip(iss.Changes), n)
	for i := range n {
		addHistory(iss, authors[i%len(authors)].ID, i)
	}
}

func addHistory(iss *backlog.Issue, author string, turn int) {
	iss.Updated = iss.Updated.Add(time.Minute)
	c := backlog.Change{ID: iss.ID + fmt.Sprintf("%05d", len(iss.Changes)+1), At: iss.Updated, Author: author}
	switch turn % 6 {
	case 0:
		c.Field, c.From, c.FromName, c.To, c.ToName = backlog.FieldStatus, "1", "To Do", "3", "In Progress"
	case 1:
		c.Field, c.Measure = backlog.FieldRank, 1
	case 2:
		c.Field, c.From, c.FromName, c.To, c.ToName = backlog.FieldSprint, "1", "Sprint 1, the [first]", "1,2", "Sprint 1, the [first], Sprint 2"
	case 3:
		c.Field, c.To, c.ToName = backlog.FieldAssignee, author, "somebody"
	case 4:
		c.Field, c.From, c.FromName, c.To, c.ToName = backlog.FieldPriority, "3", "Medium", "2", "High"
	case 5:
		c.Field, c.FromName, c.ToName = backlog.FieldSummary, "before", "after "+strconv.Itoa(turn)
	}
	iss.Changes = append(iss.Changes, c)
}

// AddComment appends a comment to an issue, a minute after its last update. Other
// copies of the issue are not touched.
func AddComment(iss *backlog.Issue, author, prose string) {
	iss.Comments = slices.Clip(iss.Comments)
	addComment(iss, author, prose)
}

// AddComments appends n comments, by the authors in turn.
func AddComments(iss *backlog.Issue, authors []backlog.Account, n int) {
	iss.Comments = slices.Grow(slices.Clip(iss.Comments), n)
	for i := range n {
		addComment(iss, authors[i%len(authors)].ID, "and another thing")
	}
}

func addComment(iss *backlog.Issue, author, prose string) {
	iss.Updated = iss.Updated.Add(time.Minute)
	c := backlog.Comment{ID: iss.ID + fmt.Sprintf("9%05d", len(iss.Comments)+1), At: iss.Updated, Author: author, Body: backlog.Text{Prose: prose}}
	iss.Comments = append(iss.Comments, c)
}
