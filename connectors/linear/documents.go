package linear

import (
	"time"

	"github.com/shurcooL/graphql"
)

// The documents this connector sends, one struct a root connection. Each stream
// has variables of its own, so that several can travel in one request.

type usersQuery struct {
	Users connection[user] `graphql:"users(first: $users, after: $usersAfter, includeDisabled: true, includeArchived: true, orderBy: createdAt)"`
}

type teamsQuery struct {
	Teams connection[team] `graphql:"teams(first: $teams, after: $teamsAfter, includeArchived: true, orderBy: createdAt)"`
}

type statesQuery struct {
	WorkflowStates connection[state] `graphql:"workflowStates(first: $states, after: $statesAfter, includeArchived: true, orderBy: createdAt)"`
}

type membershipsQuery struct {
	TeamMemberships connection[membership] `graphql:"teamMemberships(first: $memberships, after: $membershipsAfter, orderBy: createdAt)"`
}

type cyclesQuery struct {
	Cycles connection[cycle] `graphql:"cycles(first: $cycles, after: $cyclesAfter, includeArchived: true, orderBy: createdAt)"`
}

type labelsQuery struct {
	IssueLabels connection[label] `graphql:"issueLabels(first: $labels, after: $labelsAfter, includeArchived: true, orderBy: createdAt)"`
}

type triageQuery struct {
	TriageResponsibilities connection[triage] `graphql:"triageResponsibilities(first: $triage, after: $triageAfter, orderBy: createdAt)"`
}

type projectsQuery struct {
	Projects connection[project] `graphql:"projects(first: $projects, after: $projectsAfter, includeArchived: true, orderBy: createdAt)"`
}

type projectTeamsQuery struct {
	Project struct {
		Teams connection[struct{ Key string }] `graphql:"teams(first: $teams, after: $teamsAfter)"`
	} `graphql:"project(id: $id)"`
}

type milestonesQuery struct {
	ProjectMilestones connection[milestone] `graphql:"projectMilestones(first: $milestones, after: $milestonesAfter, includeArchived: true, orderBy: createdAt)"`
}

type projectUpdatesQuery struct {
	ProjectUpdates connection[projectUpdate] `graphql:"projectUpdates(first: $projectUpdates, after: $projectUpdatesAfter, includeArchived: true, orderBy: createdAt)"`
}

type initiativesQuery struct {
	Initiatives connection[initiative] `graphql:"initiatives(first: $initiatives, after: $initiativesAfter, includeArchived: true, orderBy: createdAt)"`
}

type initiativeProjectsQuery struct {
	InitiativeToProjects connection[initiativeProject] `graphql:"initiativeToProjects(first: $links, after: $linksAfter, orderBy: createdAt)"`
}

type initiativeUpdatesQuery struct {
	InitiativeUpdates connection[initiativeUpdate] `graphql:"initiativeUpdates(first: $initiativeUpdates, after: $initiativeUpdatesAfter, includeArchived: true, orderBy: createdAt)"`
}

type needsQuery struct {
	CustomerNeeds connection[need] `graphql:"customerNeeds(first: $needs, after: $needsAfter, filter: $needed, includeArchived: true, orderBy: createdAt)"`
}

type issuesQuery struct {
	Issues connection[issue] `graphql:"issues(first: $issues, after: $issuesAfter, filter: $which, includeArchived: true, orderBy: createdAt)"`
}

type commentsQuery struct {
	Comments connection[comment] `graphql:"comments(first: $comments, after: $commentsAfter, filter: $said, includeArchived: true, orderBy: createdAt)"`
}

type remarksQuery struct {
	Comments connection[remark] `graphql:"comments(first: $comments, after: $commentsAfter, filter: $said, includeArchived: true, orderBy: createdAt)"`
}

type historyQuery struct {
	Issues connection[history] `graphql:"issues(first: $issues, after: $issuesAfter, filter: $which, includeArchived: true, orderBy: createdAt)"`
}

type longHistoryQuery struct {
	Issue history `graphql:"issue(id: $id)"`
}

type spansQuery struct {
	Issues connection[spans] `graphql:"issues(first: $issues, after: $issuesAfter, filter: $which, includeArchived: true, orderBy: createdAt)"`
}

type censusQuery struct {
	Issues connection[listed] `graphql:"issues(first: $issues, after: $issuesAfter, filter: $which, includeArchived: true, orderBy: createdAt)"`
}

// directoryQuery is who and what there is; its beginnings come in one answer.
type directoryQuery struct {
	Organization organization
	usersQuery
	teamsQuery
	statesQuery
	membershipsQuery
	cyclesQuery
	labelsQuery
}

// roadmapQuery is everything above the issues; its beginnings come in one answer.
type roadmapQuery struct {
	initiativesQuery
	initiativeProjectsQuery
	milestonesQuery
	projectUpdatesQuery
	initiativeUpdatesQuery
	remarksQuery
}

// talkQuery is a page of issues and, beside it, one of comments.
type talkQuery struct {
	issuesQuery
	commentsQuery
}

// viewerQuery asks who the token is.
type viewerQuery struct {
	Organization organization
	Viewer       struct {
		user
		Admin, Guest bool
	}
}

// issueFilter is an IssueFilter, or a NullableIssueFilter within another filter.
type issueFilter struct {
	ID        *among   `json:"id,omitempty"`
	CreatedAt *between `json:"createdAt,omitempty"`
	UpdatedAt *between `json:"updatedAt,omitempty"`
	Team      *struct {
		Key among `json:"key"`
	} `json:"team,omitempty"`
}

type commentFilter struct {
	CreatedAt        *between        `json:"createdAt,omitempty"`
	UpdatedAt        *between        `json:"updatedAt,omitempty"`
	Issue            *issueFilter    `json:"issue,omitempty"`
	Or               []commentFilter `json:"or,omitempty"`
	Project          *made           `json:"project,omitempty"`
	ProjectUpdate    *made           `json:"projectUpdate,omitempty"`
	Initiative       *made           `json:"initiative,omitempty"`
	InitiativeUpdate *made           `json:"initiativeUpdate,omitempty"`
	DocumentContent  *made           `json:"documentContent,omitempty"`
}

type needFilter struct {
	UpdatedAt *between     `json:"updatedAt,omitempty"`
	Issue     *issueFilter `json:"issue,omitempty"`
}

// made is a filter of anything by the time it was created.
type made struct {
	CreatedAt between `json:"createdAt"`
}

// among is a comparator of ids or strings.
type among struct {
	In []string `json:"in"`
}

// between is a comparator of times; zero ends are open.
type between struct {
	From  time.Time `json:"gte,omitzero"`
	Until time.Time `json:"lte,omitzero"`
}

// The GraphQL client names a variable's type after its Go type: hence these
// names, which nobody outside can see.

func issueVariable(f issueFilter) any {
	type IssueFilter issueFilter
	return IssueFilter(f)
}

func commentVariable(f commentFilter) any {
	type CommentFilter commentFilter
	return CommentFilter(f)
}

func needVariable(f needFilter) any {
	type CustomerNeedFilter needFilter
	return CustomerNeedFilter(f)
}

func size(n int) graphql.Int { return graphql.Int(int32(n)) }

// place is where a page begins, null for the first one.
func place(cursor string) *graphql.String {
	if cursor == "" {
		return nil
	}
	return graphql.NewString(graphql.String(cursor))
}
