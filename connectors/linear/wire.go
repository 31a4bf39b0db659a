package linear

import "time"

// What is asked of Linear and what comes back: the GraphQL client writes each
// query from these structs. A null is the zero value, or nil for a pointer.
// Nothing deprecated is asked for; TestFields keeps the list.

type page struct {
	HasNextPage bool
	EndCursor   string
}

type connection[T any] struct {
	Nodes    []T
	PageInfo page
}

// came reports whether the connection was in the answer at all: a missing one
// must not pass for an empty one.
func (c *connection[T]) came() bool { return c.Nodes != nil }

type ref struct{ ID string }

type bot struct{ ID, Type, SubType, Name string }

type external struct{ ID, Name, Email string }

type organization struct {
	ID, Name, URLKey string
	CustomersEnabled bool
	ProjectStatuses  []projectStatus
}

type projectStatus struct {
	ID, Name, Type string
	Position       float64
}

type user struct {
	ID, Name, DisplayName, Email, Timezone string
	Active, App                            bool
}

type team struct {
	ID, Key, Name, Timezone string
}

type state struct {
	ID, Name, Type string
	Position       float64
	Team           ref
}

type membership struct {
	ID        string
	Owner     bool
	CreatedAt time.Time
	User      ref
	Team      ref
}

type cycle struct {
	ID, Name                      string
	Number                        float64
	StartsAt, EndsAt, CompletedAt time.Time
	Team                          struct{ Key string }
}

type label struct{ ID, Name string }

type triage struct {
	ID              string
	Team            ref
	CurrentUser     *ref
	ManualSelection *struct{ UserIDs []string }
}

type project struct {
	ID, Name, Description, SlugID, URL string
	Content                            string
	Priority, SortOrder                float64
	StartDate, TargetDate              string
	CreatedAt, UpdatedAt               time.Time
	StartedAt, CompletedAt, CanceledAt time.Time
	ArchivedAt                         time.Time
	Trashed                            bool
	Status                             ref
	Lead, Creator, ConvertedFromIssue  *ref
	LastAppliedTemplate                *ref
	Teams                              connection[struct{ Key string }] `graphql:"teams(first: 12)"`
}

type milestone struct {
	ID, Name, TargetDate string
	Project              ref
}

type initiative struct {
	ID, Name, Description, SlugID, URL string
	Status                             string
	Priority, SortOrder                float64
	TargetDate                         string
	CreatedAt, UpdatedAt               time.Time
	StartedAt, CompletedAt             time.Time
	ArchivedAt                         time.Time
	Trashed                            bool
	Owner, Creator                     *ref
	ParentInitiative                   *ref
}

type initiativeProject struct {
	ID         string
	Initiative ref
	Project    ref
}

type update struct {
	ID, Health string
	CreatedAt  time.Time
	User       *ref
}

type projectUpdate struct {
	update
	Project ref
}

type initiativeUpdate struct {
	update
	Initiative ref
}

type need struct {
	ID        string
	CreatedAt time.Time
	Priority  float64
	Creator   *ref
	Customer  *customer
	Issue     *ref
	Project   *ref
}

// customer is who a need is of. Those without a need have nothing to do with the
// backlog, and are not asked for.
type customer struct {
	ID, Name string
	Owner    *ref
	Tier     *struct{ DisplayName string }
	Status   struct{ DisplayName string }
}

type issue struct {
	ID, Identifier, Title, Description          string
	Priority                                    float64
	Estimate                                    *float64
	SortOrder                                   float64
	DueDate                                     string
	CreatedAt, UpdatedAt                        time.Time
	StartedAt, CompletedAt, CanceledAt          time.Time
	ArchivedAt                                  time.Time
	AddedToCycleAt, AddedToProjectAt            time.Time
	Trashed                                     bool
	CustomerTicketCount                         float64
	LabelIDs                                    []string
	PreviousIdentifiers                         []string
	IntegrationSourceType                       string
	Team                                        struct{ Key string }
	State                                       ref
	Creator, Assignee, AsksRequester            *ref
	BotActor                                    *bot
	ExternalUserCreator                         *external
	Parent, Project, ProjectMilestone, Cycle    *ref
	LastAppliedTemplate, RecurringIssueTemplate *ref
	History                                     connection[entry] `graphql:"history(first: $history, orderBy: createdAt, includeArchived: true)"`
}

// entry is one entry of an issue's history: what one actor did in one short
// span, which begins at CreatedAt and ends at UpdatedAt.
type entry struct {
	ID                       string
	CreatedAt, UpdatedAt     time.Time
	ActorID                  string
	BotActor                 *bot
	UpdatedDescription       bool
	DescriptionUpdatedBy     []ref
	FromTitle, ToTitle       *string
	FromStateID, ToStateID   string
	FromAssigneeID           string
	ToAssigneeID             string
	FromPriority, ToPriority *float64
	FromEstimate, ToEstimate *float64
	FromDueDate, ToDueDate   string
	FromProjectID            string
	ToProjectID              string
	FromProjectMilestone     *ref
	ToProjectMilestone       *ref
	FromCycleID, ToCycleID   string
	FromParentID, ToParentID string
	FromTeamID, ToTeamID     string
	AddedLabelIDs            []string
	RemovedLabelIDs          []string
	RelationChanges          []struct{ Identifier, Type string }
	AttachmentID             string
	ToConvertedProjectID     string
	Archived, Trashed        *bool
	AutoArchived, AutoClosed bool
	IssueImport              *ref
	WorkflowMetadata         *struct {
		Typename string `graphql:"__typename"`
	}
	TriageResponsibilityAutoAssigned bool
}

// history is what is asked of an issue whose history did not fit into its page.
type history struct {
	ID      string
	History connection[entry] `graphql:"history(first: $history, after: $after, orderBy: createdAt, includeArchived: true)"`
}

// spans is what is asked of an issue some of whose moves were folded into one
// entry: when it entered each state.
type spans struct {
	ID           string
	StateHistory connection[span] `graphql:"stateHistory(first: 50)"`
}

type span struct {
	StateID   string
	StartedAt time.Time
}

type comment struct {
	ID, Body, BodyData, QuotedText string
	CreatedAt, UpdatedAt           time.Time
	EditedAt, ResolvedAt           time.Time
	ParentID, IssueID              string
	ProjectID, ProjectUpdateID     string
	InitiativeID                   string
	InitiativeUpdateID             string
	User, ResolvingUser            *ref
	BotActor                       *bot
	ExternalUser                   *external
}

// remark is a comment on something else than an issue: on a project, an initiative
// or an update of theirs, or on a text that belongs to one of them.
type remark struct {
	comment
	DocumentContent *struct {
		Issue, Project, Initiative *ref
		Document                   *struct{ Issue, Project, Initiative *ref }
	}
}

// listed is what the census asks of every issue.
type listed struct {
	ID        string
	SortOrder float64
	Team      struct{ Key string }
	State     ref
}
