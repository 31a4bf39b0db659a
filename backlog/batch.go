package backlog

import "time"

// Cursor is where a source stopped reading: opaque to everybody but the
// connector that wrote it. The empty cursor means "from the beginning".
type Cursor string

// Batch is a portion of one source's facts, saved whole or not at all. Every
// list may be empty; order does not matter except that an Issue may refer to
// accounts, statuses or sprints of this batch or of any earlier or later one.
type Batch struct {
	Site     string // base URL of the tracker for links, "" when unknown
	Kind     string // "jira" or "linear": how links and queries are written
	Scopes   []Scope
	Accounts []Account
	Statuses []Status
	Types    []Type
	Sprints  []Sprint
	Versions []Version
	Issues   []Issue
	Absences []Absence     // issues found missing by a census
	Declared []Declaration // who the tracker says holds a role
	Gaps     []Gap         // what was not obtained, and why
	Cursor   *Cursor       // saved with the batch in one transaction; nil: unchanged
}

// Scope is a Jira project or a Linear team.
type Scope struct {
	ID   string // the tracker's id; may be "" when only the key is known
	Key  string // "PAY"; with the source's name in front it is the scope's name: "acme/PAY"
	Name string
	Lead string // account id of the project's lead, "" when unknown
	Zone string // IANA zone of a team, "" when unknown
}

// Account is somebody's, or something's, account at one source.
type Account struct {
	ID     string // accountId, Data Center user key (else name), Linear user id
	Handle string // what mentions use on Data Center ([~handle]); "" elsewhere
	Name   string
	Email  string
	Kind   AccountKind
	Active bool
	Zone   string // IANA zone from the profile, "" when hidden
	// Thin marks an account known only from a changelog or comment: it never
	// overwrites what a fuller record said.
	Thin bool
}

// Status is a workflow state. Scope is "" where statuses are global (Jira).
type Status struct {
	ID, Name, Scope string
	Category        Category
	Position        int // order in the workflow where known, else 0
	// Thin marks a state known only from changes: it never overwrites what a
	// list or an issue said, whichever came first.
	Thin bool
}

// Type is an issue type.
type Type struct {
	ID, Name string
	Level    Level
}

// Sprint is a Jira sprint or a Linear cycle. Zero times are unknown.
type Sprint struct {
	ID, Name, State       string // State: future, active, closed
	Start, End, Completed time.Time
}

// Version is a Jira version or a Linear project milestone.
type Version struct {
	ID, Scope, Name string
	Released        bool
	Release         time.Time // zero when no date is set
}

// Ref points at another issue by id, by key, or by both.
type Ref struct{ ID, Key string }

// Zero reports whether the Ref points nowhere.
func (r Ref) Zero() bool { return r.ID == "" && r.Key == "" }

// Issue is one work item of any level with what is known of its history.
type Issue struct {
	ID       string // the tracker's immutable id
	Key      string
	OldKeys  []string
	Scope    string // the project's or team's key
	Type     string // the type's id, found in Batch.Types
	TypeName string // the tracker's own word
	Level    Level

	Title       string
	Description Text
	Criteria    Text // an acceptance-criteria field of its own, where there is one

	Status     string // status id
	StatusName string
	Category   Category
	Resolution string
	Priority   string // the tracker's own word

	Creator  string // account ids; "" is nobody or a deleted user
	Reporter string
	Assignee string

	Parent Ref // a sub-task's story, or on Cloud a story's epic, an epic's initiative
	Epic   Ref // Epic Link; Linear: the project; zero when Parent says it
	// Roadmaps are further roadmap items above this one (a Linear project may
	// belong to several initiatives).
	Roadmaps []Ref
	// Teams are further scopes this roadmap item spans (a Linear project's teams).
	Teams []string

	Labels     []string
	Components []string
	Versions   []string // version ids
	Sprints    []string // sprint ids, oldest first
	Links      []Link
	Estimate   *float64
	Rank       string // the current manual order value, "" when not read
	Flagged    bool

	Created, Updated, Resolved  time.Time // zero when unknown
	Due, TargetStart, TargetEnd time.Time

	Changes  []Change
	Comments []Comment
	History  History
	// PromisedChanges and PromisedComments are the totals the origin announced
	// (history entries, not items); −1 when it announced none.
	PromisedChanges, PromisedComments int
	// CommentsRead says the comments were read at all.
	CommentsRead bool
	Machine      bool // made by an integration, template or recurrence, not by the Creator's hand
	Imported     bool // the tracker itself says it was imported
}

// Link is a link from one issue to another.
type Link struct {
	Kind  LinkKind
	Name  string // the tracker's own word, e.g. "is caused by"
	Other Ref
}

// Change is one item of a history entry.
//
// Measure depends on Field. FieldDescription and FieldCriteria: the share of the
// text that changed in percent of the longer version (0–100), or 101 where there
// was no text before. FieldRank: +1 higher, −1 lower. FieldLink: a LinkKind,
// negative when the link was removed. Otherwise 0.
type Change struct {
	ID        string // the history entry's id; several items share it
	Ordinal   int    // position of the item within its entry
	At        time.Time
	Author    string // account id; "" when null, absent or a deleted user
	Field     Field
	FieldID   string // the tracker's own id of the field, "" where not given
	FieldName string // the tracker's own, possibly localised, name
	From, To  string // machine values (ids); "" is none
	FromName  string // display values
	ToName    string
	Measure   int
	Machine   bool // the tracker itself says automation did it
}

// Comment is one comment on an issue.
type Comment struct {
	ID      string
	At      time.Time
	Edited  time.Time // zero when never edited
	Author  string
	Body    Text
	Parent  string // the comment this one replies to, "" at the top of a thread
	Private bool   // visibility restricted
	Machine bool
	// Resolved and Resolver: a thread closed by somebody (Linear).
	Resolved time.Time
	Resolver string
}

// Absence is an issue that a census no longer found.
type Absence struct {
	ID    string
	State string // "deleted", "moved", "invisible" or "gone" when nobody can tell; "" found again
	At    time.Time
}

// Declaration is a role somebody is said to hold.
type Declaration struct {
	Account string // account id at the source
	Group   string // set instead of Account where a group holds the role
	Role    Role
	Scope   string // scope key
	Origin  string // "project-lead", "project-role: Product Owner", "team-owner", …
	From    time.Time
	Until   time.Time // exclusive; zero: still
}

// Gap is something a source could not give.
type Gap struct {
	Where   string // "issues.jsonl:17", "PAY-12", "/rest/api/2/project/PAY/role"
	Scope   string // scope key, "" when not known
	What    string // "issues", "changes", "comments", "roles", "sprints", …
	Missing int    // how many; −1 when unknown
	Why     string
}

// Text is what somebody wrote, taken apart: the prose, and beside it what was
// not the author's own sentence.
type Text struct {
	Prose    string   // plain text without code, quotes, macros and link targets
	Mentions []string // account ids or handles in order of appearance, each once
	// Addressed says that it opens with a mention ("@Ana, …"): it speaks to
	// somebody rather than of them. A prose that begins with "@" says so too.
	Addressed bool
	Code      []string
	Quotes    []string
	Links     []string
}

// Empty reports whether there is nothing at all.
func (t Text) Empty() bool {
	return t.Prose == "" && len(t.Mentions) == 0 && len(t.Code) == 0 && len(t.Quotes) == 0 && len(t.Links) == 0
}

// SyncRun is one line of v_syncs.
type SyncRun struct {
	Source                              string
	Started, Finished                   time.Time
	AsOf                                time.Time // what the facts are true of: the newest time the origin vouches for
	Issues, Changes, Comments, Requests int
	Complete                            bool
	Note                                string
}

// Saved counts what a batch held, and what of it the store did not have before.
type Saved struct {
	Issues, Entries, Changes, Comments int // issues, history entries, their items, comments
	NewIssues, NewChanges, NewComments int
	UpdatedIssues                      int // known before, and different now
}

// Add adds o's counts to s.
func (s *Saved) Add(o Saved) {
	s.Issues += o.Issues
	s.Entries += o.Entries
	s.Changes += o.Changes
	s.Comments += o.Comments
	s.NewIssues += o.NewIssues
	s.NewChanges += o.NewChanges
	s.NewComments += o.NewComments
	s.UpdatedIssues += o.UpdatedIssues
}
