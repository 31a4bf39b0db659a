package main

import (
	"context"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"defacto/backlog"
	"defacto/connectors/jira/jiratest"
	"defacto/connectors/linear/lineartest"
	"defacto/connectors/sample"
)

// bothTrackers serves one organisation of three teams with one owner from two
// trackers: T1 and T2 from Jira, T3 from Linear, where everybody has another
// account, with the same e-mail address but T1's product manager, who has none
// there: "both JIRA LINEAR OWNER MANAGER" puts the servers' addresses and the
// names of the two into the variables named.
func bothTrackers(t *testing.T) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) != 4 {
			ts.Fatalf("usage: both JIRA LINEAR OWNER MANAGER")
		}
		org := sample.Team(5, sample.StretchedOwner, sample.Quiet(), sample.BankA)
		var jira, linear backlog.Batch
		for b, err := range org.Batches(context.Background(), "") {
			ts.Check(err)
			for _, to := range []*backlog.Batch{&jira, &linear} {
				to.Accounts, to.Statuses, to.Types = append(to.Accounts, b.Accounts...), append(to.Statuses, b.Statuses...), append(to.Types, b.Types...)
			}
			to := &jira
			if len(b.Scopes) > 0 && b.Scopes[0].Key == "T3" {
				to = &linear
			}
			to.Scopes, to.Sprints, to.Versions, to.Issues = append(to.Scopes, b.Scopes...), append(to.Sprints, b.Sprints...), append(to.Versions, b.Versions...), append(to.Issues, b.Issues...)
		}
		truth := org.Truth()
		roles := truth.Scopes[0].Periods[0].Roles
		for _, p := range truth.People {
			switch p.ID {
			case roles["product-owner"].Person:
				ts.Setenv(args[2], p.Name)
			case roles["product-manager"].Person:
				ts.Setenv(args[3], p.Name)
			}
		}
		elsewhere(&linear, roles["product-manager"].Person)
		site := jiratest.New(jiratest.Cloud, jira, jiratest.Options{User: "user@acme.example", Token: "good", Now: org.AsOf()})
		ts.Defer(site.Close)
		w := lineartest.NewWorld()
		w.Add(linear)
		ts.Setenv(args[0], site.URL)
		ts.Setenv(args[1], lineartest.New(t, w, org.AsOf).URL)
	}
}

// elsewhere gives everybody another account, and one of them no address there.
func elsewhere(b *backlog.Batch, unknown string) {
	names := map[string]string{}
	for i := range b.Accounts {
		a := &b.Accounts[i]
		if a.ID == unknown {
			a.Email = ""
		}
		names[a.ID] = "lin-" + a.ID
		a.ID = names[a.ID]
	}
	other := func(ids ...*string) {
		for _, id := range ids {
			if n := names[*id]; n != "" {
				*id = n
			}
		}
	}
	for i := range b.Scopes {
		other(&b.Scopes[i].Lead)
	}
	for i := range b.Issues {
		is := &b.Issues[i]
		other(&is.Creator, &is.Reporter, &is.Assignee)
		for j := range is.Description.Mentions {
			other(&is.Description.Mentions[j])
		}
		for j := range is.Changes {
			c := &is.Changes[j]
			other(&c.Author)
			if c.Field == backlog.FieldAssignee {
				other(&c.From, &c.To)
			}
		}
		for j := range is.Comments {
			c := &is.Comments[j]
			other(&c.Author)
			for k := range c.Body.Mentions {
				other(&c.Body.Mentions[k])
			}
		}
	}
}
