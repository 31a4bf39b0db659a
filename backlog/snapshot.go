package backlog

// PersonID is an index into [Site.People]. 0 is nobody: a null author, a
// deleted user or an empty field.
type PersonID int32

// Nobody is the PersonID of a missing person.
const Nobody PersonID = 0

// Person is one human, or one machine, with all their accounts.
type Person struct {
	ID       string // stable: derived from the smallest (source, account) key
	Name     string
	Email    string
	Kind     AccountKind
	Active   bool
	Zone     string
	Accounts []string // "source:account", sorted
}

// Site is everything the scopes of a store share, loaded once.
type Site struct {
	People   []Person // [0] is nobody
	Sources  []SourceInfo
	Scopes   []ScopeInfo  // sorted by Name
	Statuses []StatusInfo // [0] is unknown
	Types    []TypeInfo   // [0] is unknown
	Sprints  []SprintInfo // [0] is unknown
	Values   []Value      // indexed by ValueID; [0] is the empty value
	// Versions maps a source number and version id to its release date.
	Versions []VersionInfo
	Declared []DeclaredInfo
	Syncs    []SyncRun // newest first
	Gaps     []GapInfo // of each source's newest run
}

// SourceInfo names an origin.
type SourceInfo struct {
	Name, Kind, Site string
}

// ScopeInfo is a scope that has, or had, issues. Source and Lead are indexes.
type ScopeInfo struct {
	No     int32
	Source int32  // index into Site.Sources
	Name   string // "acme/PAY"
	Key    string
	Title  string
	Lead   PersonID
	Zone   string
}

// StatusInfo is a status as changes refer to it.
type StatusInfo struct {
	Source   int32
	ID, Name string
	Scope    string
	Category Category
	Position int
}

// TypeInfo is an issue type.
type TypeInfo struct {
	Source   int32
	ID, Name string
	Level    Level
}

// SprintInfo is a sprint or cycle; times are unix milliseconds, 0 unknown.
type SprintInfo struct {
	Source                int32
	ID, Name              string
	Start, End, Completed int64
}

// VersionInfo is a version; Release is unix milliseconds, 0 unknown.
type VersionInfo struct {
	Source   int32
	ID, Name string
	Released bool
	Release  int64
}

// DeclaredInfo is a [Declaration] resolved to a person and a scope.
type DeclaredInfo struct {
	Person      PersonID // Nobody where a group holds the role
	Group       string
	Role        Role
	Scope       string // "acme/PAY"
	Origin      string
	From, Until int64 // unix ms; 0 open
}

// GapInfo is a [Gap] with its source.
type GapInfo struct {
	Source string
	Gap
}

// ValueID is an index into [Site.Values].
type ValueID int32

// Value is an interned from- or to-value of a change. Ref depends on Field:
// status → index into Site.Statuses; assignee and reporter → PersonID; parent →
// the number of the issue ([Item.No]); other fields 0. A Ref of 0 is unknown.
// Sprints holds, for FieldSprint, indexes into Site.Sprints.
type Value struct {
	Field   Field
	Raw     string
	Name    string
	Ref     int64
	Sprints []int32
}

// Item is one issue in a snapshot. Times are unix milliseconds, 0 unknown.
type Item struct {
	No                                                      int64 // the store's own number, unique across sources and stable within a store
	Key                                                     string
	Scope                                                   int32 // ScopeInfo.No
	Source                                                  int32
	Type                                                    int32 // index into Site.Types
	Status                                                  int32 // index into Site.Statuses
	Level                                                   Level
	History                                                 History
	Flags                                                   ItemFlags
	Creator                                                 PersonID
	Reporter                                                PersonID
	Assignee                                                PersonID
	Parent                                                  int64   // number of the parent issue, 0 none or not in the store
	Epic                                                    int64   // number of the roadmap item above a story (Epic Link, project, or the parent where that is on the roadmap)
	Above                                                   []int64 // further roadmap items above a roadmap item
	Created, Updated, Resolved, Due, TargetStart, TargetEnd int64
	// Components is filled only on request, see store.Query.
	Components []string
	// MissingChanges (history entries) and MissingComments were promised by the
	// origin and are not stored.
	MissingChanges, MissingComments int32
	Spans                           []int32 // further scopes a roadmap item spans
	// Changes and Comments are Snapshot.Changes[ChangeLo:ChangeHi] and so on,
	// ordered by (time, id, ordinal).
	ChangeLo, ChangeHi, CommentLo, CommentHi int32
}

// ItemFlags are yes/no facts about an issue.
type ItemFlags uint16

// The flags.
const (
	ItemHasCriteria   ItemFlags = 1 << iota // acceptance criteria: a field, a heading or given/when/then
	ItemAsA                                 // "As a …, I want …" in one of the known languages
	ItemDescribed                           // it has a description now
	ItemCloned                              // a copy of another issue
	ItemSplit                               // split off another issue
	ItemMarket                              // linked to a customer's request or idea
	ItemGone                                // deleted, moved away or no longer visible
	ItemMachine                             // made by an integration, template or recurrence
	ItemImported                            // the tracker says it was imported
	ItemVersioned                           // it has a fix version now
	ItemShortComments                       // fewer comments stored than promised, or never read
)

// Event is one change in a snapshot.
type Event struct {
	At      int64 // unix ms
	ID      int64 // history id where that is a number; negative: Snapshot.EventName
	From    ValueID
	To      ValueID
	Actor   PersonID
	Measure int16
	Ordinal int16
	Field   Field
	Machine bool
}

// Remark is one comment in a snapshot.
type Remark struct {
	At                   int64
	ID                   int64 // comment id where that is a number; negative: Snapshot.EventName
	Parent               int64 // ID of the comment replied to, 0 none
	Resolved             int64 // unix ms, 0 never
	Author               PersonID
	Resolver             PersonID
	Lead                 ValueID // index into Snapshot.Leads: a name the comment opens with; 0 none
	MentionLo, MentionHi int32   // Snapshot.Mentions[lo:hi]
	Chars                int32   // length of the prose in runes
	Marks                Marks
	Machine              bool
}

// Snapshot is one scope (or the whole roadmap) as the store has it: flat arrays,
// ordered by (Item.No), never modified by readers, safe for concurrent readers.
type Snapshot struct {
	Site     *Site
	Scope    ScopeInfo // zero for the roadmap of the whole store
	Items    []Item
	Changes  []Event
	Comments []Remark
	Mentions []PersonID
	Leads    []string         // [0] is ""
	Names    map[int64]string // ids that are not numbers, by the negative number standing for them
	// Above lists roadmap items that some issue of the scope hangs on now,
	// also where that issue itself was not loaded. Sorted.
	Above []int64
	Count Counts
}

// Counts says how much of a scope the store holds in the window asked for.
type Counts struct {
	Issues, Changes, Comments                      int
	NoHistory, ShortHistory, ShortComments         int // issues
	MissingChanges, MissingComments, MissingIssues int // promised but not stored; MissingIssues from the gaps
	NoAuthor                                       int // changes and comments without an author
}

// EventName returns a change's or comment's id as the tracker spells it.
func (s *Snapshot) EventName(id int64) string {
	if id >= 0 {
		return itoa(id)
	}
	return s.Names[id]
}

// ChangesOf returns the changes of an item, oldest first.
func (s *Snapshot) ChangesOf(it *Item) []Event { return s.Changes[it.ChangeLo:it.ChangeHi] }

// CommentsOf returns the comments on an item, oldest first.
func (s *Snapshot) CommentsOf(it *Item) []Remark { return s.Comments[it.CommentLo:it.CommentHi] }

// MentionsOf returns the people a comment mentions, in order.
func (s *Snapshot) MentionsOf(r *Remark) []PersonID { return s.Mentions[r.MentionLo:r.MentionHi] }

// AccountInfo is a stored account with the span of its recorded activity, from
// which identities are worked out. First and Last are unix milliseconds, 0 when
// it never did anything.
type AccountInfo struct {
	No     int32
	Source string
	Account
	First, Last int64
	Person      string // Person.ID it belongs to now
}

// Key returns the account's "source:id", by which configuration and people
// commands name it.
func (a AccountInfo) Key() string { return a.Source + ":" + a.Account.ID }

// Act is one row of v_acts: a recorded event that counts, or would have counted,
// towards a duty; or, with the name [NobodysPart], what of a unit fell to nobody.
type Act struct {
	Item     int64 // Item.No
	Scope    int32 // the scope it counts for, ScopeInfo.No
	At       int64
	Person   PersonID
	Duty     Duty
	Period   string // whose figures it went into
	Name     string // "rank", "priority", "done", "answer", …
	Weight   float64
	Credit   float64 // its part of the unit it belongs to, by the unit's weight: shares are sums of it
	Level    Level
	Event    string // a history id, "comment:ID" or "created"; "" of nobody's part
	Excluded string // why it was left out, "" when it counts
}

// NobodysPart is the name of an act that nobody did.
const NobodysPart = "nobody"
