package linear

import (
	"strconv"

	"defacto/backlog"
)

// issue puts an issue with its whole history into the normal form. passed are
// the states it went through, where its entries fold some. short says that part
// of the history could not be read.
func (d *directory) issue(is *issue, passed []span, short bool) backlog.Issue {
	typ := d.typeOf(is)
	status := d.states[is.State.ID]
	out := backlog.Issue{
		ID: is.ID, Key: is.Identifier, OldKeys: is.PreviousIdentifiers, Scope: is.Team.Key,
		Type: typ.ID, TypeName: typ.Name, Level: typ.Level,
		Title: is.Title, Description: markdown(is.Description),
		Status: is.State.ID, StatusName: status.Name, Category: status.Category,
		Priority: priorityName(is.Priority), Assignee: idOf(is.Assignee),
		Labels: d.labelNames(is.LabelIDs), Estimate: is.Estimate, Rank: number(is.SortOrder),
		Created: is.CreatedAt, Updated: is.UpdatedAt, Resolved: is.CompletedAt, Due: day(is.DueDate),
		Epic: backlog.Ref{ID: idOf(is.Project)}, Parent: backlog.Ref{ID: idOf(is.Parent)},
		History: backlog.HistoryComplete, PromisedChanges: -1, PromisedComments: -1, CommentsRead: true,
	}
	if out.Resolved.IsZero() {
		out.Resolved = is.CanceledAt
	}
	if short {
		out.History = backlog.HistoryShort
	}
	if m := idOf(is.ProjectMilestone); m != "" {
		out.Versions = []string{m}
	}
	if c := idOf(is.Cycle); c != "" {
		out.Sprints = []string{c}
	}
	if is.CustomerTicketCount > 0 {
		out.Links = []backlog.Link{{Kind: backlog.LinkMarket, Name: "customer tickets: " + strconv.Itoa(int(is.CustomerTicketCount))}}
	}
	d.made(is, &out)
	for i := range is.History.Nodes {
		e := &is.History.Nodes[i]
		out.Imported = out.Imported || e.IssueImport != nil
		out.Changes = append(out.Changes, d.changes(is, e, passed)...)
	}
	if !short && !out.Imported {
		out.Changes = append(out.Changes, d.beginnings(is, out.Creator, out.Machine)...)
	}
	return out
}

// made says who made an issue: a person, a bot, somebody outside, or a template
// or recurrence in somebody's name.
func (d *directory) made(is *issue, out *backlog.Issue) {
	switch {
	case is.Creator != nil:
		out.Creator = is.Creator.ID
	case is.BotActor != nil:
		out.Creator = d.bot(is.BotActor)
	case is.ExternalUserCreator != nil:
		out.Creator = d.outsider(is.ExternalUserCreator)
	}
	out.Reporter = out.Creator
	if is.AsksRequester != nil {
		out.Reporter = is.AsksRequester.ID
	}
	out.Machine = is.BotActor != nil || is.RecurringIssueTemplate != nil || is.LastAppliedTemplate != nil ||
		out.Creator == "" && is.IntegrationSourceType != ""
}
