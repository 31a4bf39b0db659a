package linear

import (
	"github.com/shurcooL/graphql"
)

// The page sizes of what is small; connections of issues are computed.
const (
	manyPerPage     = maxPage
	projectsPerPage = 200 // each brings its teams along
	remarksPerPage  = 200 // beside the beginnings of the whole roadmap
)

// vars names the size and place of one stream's page.
func vars(name string, more ...any) func(int, string) map[string]any {
	return func(first int, after string) map[string]any {
		m := map[string]any{name: size(first), name + "After": place(after)}
		for i := 0; i+1 < len(more); i += 2 {
			m[more[i].(string)] = more[i+1]
		}
		return m
	}
}

func usersStream() stream[usersQuery, user] {
	return stream[usersQuery, user]{what: "users", most: manyPerPage, vars: vars("users"), of: func(q *usersQuery) *connection[user] { return &q.Users }}
}

func teamsStream() stream[teamsQuery, team] {
	return stream[teamsQuery, team]{what: "teams", most: manyPerPage, vars: vars("teams"), of: func(q *teamsQuery) *connection[team] { return &q.Teams }}
}

func statesStream() stream[statesQuery, state] {
	return stream[statesQuery, state]{what: "workflow states", most: manyPerPage, vars: vars("states"), of: func(q *statesQuery) *connection[state] { return &q.WorkflowStates }}
}

func membershipsStream() stream[membershipsQuery, membership] {
	return stream[membershipsQuery, membership]{what: "memberships", most: manyPerPage, vars: vars("memberships"), of: func(q *membershipsQuery) *connection[membership] { return &q.TeamMemberships }}
}

func cyclesStream() stream[cyclesQuery, cycle] {
	return stream[cyclesQuery, cycle]{what: "cycles", most: manyPerPage, vars: vars("cycles"), of: func(q *cyclesQuery) *connection[cycle] { return &q.Cycles }}
}

func labelsStream() stream[labelsQuery, label] {
	return stream[labelsQuery, label]{what: "labels", most: manyPerPage, vars: vars("labels"), of: func(q *labelsQuery) *connection[label] { return &q.IssueLabels }}
}

func triageStream() stream[triageQuery, triage] {
	return stream[triageQuery, triage]{what: "triage responsibilities", most: manyPerPage, vars: vars("triage"), of: func(q *triageQuery) *connection[triage] { return &q.TriageResponsibilities }}
}

func projectsStream() stream[projectsQuery, project] {
	return stream[projectsQuery, project]{what: "projects", most: projectsPerPage, vars: vars("projects"), of: func(q *projectsQuery) *connection[project] { return &q.Projects }}
}

func projectTeamsStream(id string) stream[projectTeamsQuery, struct{ Key string }] {
	return stream[projectTeamsQuery, struct{ Key string }]{
		what: "a project's teams", most: manyPerPage, vars: vars("teams", "id", graphql.String(id)),
		of: func(q *projectTeamsQuery) *connection[struct{ Key string }] { return &q.Project.Teams },
	}
}

func milestonesStream() stream[milestonesQuery, milestone] {
	return stream[milestonesQuery, milestone]{what: "project milestones", most: manyPerPage, vars: vars("milestones"), of: func(q *milestonesQuery) *connection[milestone] { return &q.ProjectMilestones }}
}

func projectUpdatesStream() stream[projectUpdatesQuery, projectUpdate] {
	return stream[projectUpdatesQuery, projectUpdate]{what: "project updates", most: manyPerPage, vars: vars("projectUpdates"), of: func(q *projectUpdatesQuery) *connection[projectUpdate] { return &q.ProjectUpdates }}
}

func initiativesStream() stream[initiativesQuery, initiative] {
	return stream[initiativesQuery, initiative]{what: "initiatives", most: manyPerPage, vars: vars("initiatives"), of: func(q *initiativesQuery) *connection[initiative] { return &q.Initiatives }}
}

func linksStream() stream[initiativeProjectsQuery, initiativeProject] {
	return stream[initiativeProjectsQuery, initiativeProject]{what: "the initiatives' projects", most: manyPerPage, vars: vars("links"), of: func(q *initiativeProjectsQuery) *connection[initiativeProject] { return &q.InitiativeToProjects }}
}

func initiativeUpdatesStream() stream[initiativeUpdatesQuery, initiativeUpdate] {
	return stream[initiativeUpdatesQuery, initiativeUpdate]{what: "initiative updates", most: manyPerPage, vars: vars("initiativeUpdates"), of: func(q *initiativeUpdatesQuery) *connection[initiativeUpdate] { return &q.InitiativeUpdates }}
}

func commentsStream(said commentFilter) stream[commentsQuery, comment] {
	return stream[commentsQuery, comment]{what: "comments", most: manyPerPage, vars: vars("comments", "said", commentVariable(said)), of: func(q *commentsQuery) *connection[comment] { return &q.Comments }}
}

func remarksStream(said commentFilter) stream[remarksQuery, remark] {
	return stream[remarksQuery, remark]{what: "comments on the roadmap", most: remarksPerPage, vars: vars("comments", "said", commentVariable(said)), of: func(q *remarksQuery) *connection[remark] { return &q.Comments }}
}

func needsStream(which needFilter) stream[needsQuery, need] {
	return stream[needsQuery, need]{what: "customer needs", most: manyPerPage, vars: vars("needs", "needed", needVariable(which)), of: func(q *needsQuery) *connection[need] { return &q.CustomerNeeds }}
}

func censusStream(which issueFilter) stream[censusQuery, listed] {
	return stream[censusQuery, listed]{what: "the census of issues", most: manyPerPage, vars: vars("issues", "which", issueVariable(which)), of: func(q *censusQuery) *connection[listed] { return &q.Issues }}
}

func issuesStream(which issueFilter) stream[issuesQuery, issue] {
	return stream[issuesQuery, issue]{
		what: "issues", most: issuesFitting(0), vars: vars("issues", "which", issueVariable(which), "history", size(historyFirst)),
		of: func(q *issuesQuery) *connection[issue] { return &q.Issues },
	}
}

func historyStream(which issueFilter, entries int) stream[historyQuery, history] {
	return stream[historyQuery, history]{
		what: "histories", most: fitting(historyCost+float64(entries)*entryCost, 0, maxPage),
		vars: vars("issues", "which", issueVariable(which), "history", size(entries), "after", (*graphql.String)(nil)),
		of:   func(q *historyQuery) *connection[history] { return &q.Issues },
	}
}

func spansStream(which issueFilter) stream[spansQuery, spans] {
	return stream[spansQuery, spans]{what: "state histories", most: fitting(spansCost, 0, maxPage), vars: vars("issues", "which", issueVariable(which)), of: func(q *spansQuery) *connection[spans] { return &q.Issues }}
}

// What one node costs, by the formula; TestCosts computes them from the queries.
const (
	issueCost   = 19.1 // without its history
	entryCost   = 13.7 // one slot of a history
	historyCost = 2.3  // an issue asked for its history only
	spansCost   = 122.3
	commentCost = 8.5
)

// issuesFitting is how many issues, with the beginnings of their histories, fit
// into a page beside what costs fixed.
func issuesFitting(fixed float64) int {
	return fitting(issueCost+historyFirst*entryCost, fixed, maxPage)
}
