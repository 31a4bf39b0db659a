package analysis

import "time"

// Schema names the layout of a [Report] as JSON; see docs/json.md.
const Schema = "defacto.audit/1"

// Report is the result of an audit: the one value every renderer reads. Times
// are UTC; people are referred to by Person.ID; shares lie between 0 and 1.
type Report struct {
	Schema string    `json:"schema"`
	AsOf   time.Time `json:"as_of"`
	Clock  string    `json:"clock"` // "working" or "wall": what every *_hours counts
	// Settings lists the method's settings that differ from the defaults.
	Settings []Setting     `json:"settings"`
	Limits   []string      `json:"limits"` // what a tracker cannot see, in sentences
	People   []Person      `json:"people"`
	Scopes   []ScopeReport `json:"scopes"`
	Rules    RuleCount     `json:"rules"`
	// ChangedSince is set in reports of a series: what differs from the one sent last.
	ChangedSince *ChangedSince `json:"changed_since,omitempty"`
}

// Setting is a non-default setting of the method.
type Setting struct {
	Key     string `json:"key"`
	Value   string `json:"value"`
	Default string `json:"default"`
}

// RuleCount says how many rules were asked of how many scopes and periods, so
// that a reader can weigh the odd false finding.
type RuleCount struct {
	Evaluated int `json:"evaluated"`
	Raised    int `json:"raised"`
}

// Person is somebody a report speaks of.
type Person struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Kind     string   `json:"kind"` // person, app, customer
	Accounts []string `json:"accounts,omitempty"`
}

// ScopeReport is one scope over the periods asked for, oldest first.
type ScopeReport struct {
	Scope   string         `json:"scope"`
	Name    string         `json:"name"`
	Periods []PeriodReport `json:"periods"`
}

// PeriodReport is one scope in one period.
type PeriodReport struct {
	Period    string                 `json:"period"`
	From      Date                   `json:"from"`
	To        Date                   `json:"to"`       // exclusive
	Headline  string                 `json:"headline"` // who runs it, in a sentence
	Coverage  Coverage               `json:"coverage"`
	Duties    map[string]*DutyReport `json:"duties"` // all six, by name
	Roles     map[string]*RoleReport `json:"roles"`  // both, by name
	Structure string                 `json:"structure"`
	Declared  map[string][]string    `json:"declared"`         // role → person ids
	Origins   map[string][]Declared  `json:"declared_origins"` // role → who says so
	Match     map[string]*Match      `json:"match"`
	Waits     *Waits                 `json:"waits"`
	Forest    []Forest               `json:"forest"`
	Findings  []Finding              `json:"findings"`

	// What shows who owns the scope, for findings across scopes.
	ownerProof []Evidence
	ownerQuery string
}

// Date is a day that JSON spells 2026-07-01.
type Date struct{ time.Time }

// MarshalText spells the day.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.Format(time.DateOnly)), nil }

// UnmarshalText reads a day.
func (d *Date) UnmarshalText(b []byte) error {
	t, err := time.Parse(time.DateOnly, string(b))
	d.Time = t
	return err
}

// MarshalJSON spells the day as a string; it overrides the embedded time's.
func (d Date) MarshalJSON() ([]byte, error) { return []byte(`"` + d.Format(time.DateOnly) + `"`), nil }

// UnmarshalJSON reads what MarshalJSON wrote.
func (d *Date) UnmarshalJSON(b []byte) error {
	t, err := time.Parse(`"`+time.DateOnly+`"`, string(b))
	d.Time = t
	return err
}

// Outcome says what a number or a finding could be made of. "No data" never
// looks like "no".
type Outcome string

// The outcomes.
const (
	Measured      Outcome = "measured"
	TooFew        Outcome = "too-few"        // something was recorded, but not enough to say
	NotRecorded   Outcome = "not-recorded"   // the tracker, or this copy of it, does not record it
	NotApplicable Outcome = "not-applicable" // there was nothing to measure
)

// Coverage says what the numbers of a scope and period rest on.
type Coverage struct {
	Issues   int  `json:"issues"`
	Changes  int  `json:"changes"`
	Comments int  `json:"comments"`
	Complete bool `json:"complete"`
	Missing  struct {
		Changes  int `json:"changes"`
		Comments int `json:"comments"`
		Issues   int `json:"issues"`
	} `json:"missing"`
	Excluded struct {
		Apps         int `json:"apps"`          // acts of machines
		Imported     int `json:"imported"`      // acts of an import
		BulkSessions int `json:"bulk_sessions"` // batches weighed down
		NoAuthor     int `json:"no_author"`     // acts nobody signs
		RollOver     int `json:"roll_over"`
		RuleActors   int `json:"rule_actors"`
	} `json:"excluded"`
	NoHistory    int      `json:"no_history"`    // issues whose history was not obtained
	ActivePeople int      `json:"active_people"` // people with a counted act
	MachineShare float64  `json:"machine_share"`
	ImportShare  float64  `json:"import_share"`          // of the stories created in the period
	Technical    float64  `json:"technical_share"`       // of those stories: tasks without a word about the product
	Unresolved   int      `json:"unresolved_identities"` // pairs of active people who may be one
	Notes        []string `json:"notes"`
}

// DutyReport is who did one duty.
type DutyReport struct {
	Outcome Outcome `json:"outcome"`
	// Verdict is single, contested, spread, vacant or insufficient.
	Verdict string   `json:"verdict"`
	Person  string   `json:"person,omitempty"`     // with single
	Persons []string `json:"persons,omitempty"`    // with contested: the two
	Owned   bool     `json:"owned,omitempty"`      // single with a share of at least one half
	Units   int      `json:"units"`                // issues, questions, or epic-weeks
	Weight  float64  `json:"weight"`               // the sum of the units' weights
	NEff    float64  `json:"n_eff"`                // effective sample, METHOD 3.2's n_s
	Weeks   int      `json:"weeks"`                // distinct ISO weeks
	Nobody  float64  `json:"nobody"`               // share of nobody
	Direct  float64  `json:"direct"`               // share of units with a direct trace (T_r)
	Machine float64  `json:"machine"`              // share of this duty's acts made by machines
	Words   string   `json:"confidence,omitempty"` // tentative or firm
	Shares  []Share  `json:"shares"`               // largest first; they and nobody add to 1
	Why     string   `json:"why,omitempty"`        // why the verdict is insufficient, or the outcome not measured
}

// Share is one person's part in a duty.
type Share struct {
	Person string  `json:"person"`
	Share  float64 `json:"share"` // posterior mean
	Low    float64 `json:"low"`   // 90 % interval
	High   float64 `json:"high"`
	PTop   float64 `json:"p_top"` // probability of being the largest among people
	Units  float64 `json:"units"` // weighted units credited
}

// RoleReport is who holds a role de facto.
type RoleReport struct {
	// Verdict is single, leaning, contested, committee, vacant or insufficient.
	Verdict   string      `json:"verdict"`
	Person    string      `json:"person,omitempty"` // with single and leaning
	P         float64     `json:"p,omitempty"`      // that the first is ahead of the second
	Nobody    float64     `json:"nobody"`
	People    []RoleShare `json:"people"`
	Duties    []string    `json:"duties"`  // the duties the role rests on here
	Dropped   []string    `json:"dropped"` // those with too little evidence
	Proxy     bool        `json:"proxy,omitempty"`
	Sensitive bool        `json:"sensitive"` // the verdict depends on the role weights
	Words     string      `json:"confidence,omitempty"`
	Why       string      `json:"why,omitempty"`
}

// RoleShare is one person's score for a role.
type RoleShare struct {
	Person string  `json:"person"`
	Score  float64 `json:"score"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	P      float64 `json:"p"` // of being ahead of everybody else
}

// Declared is one source's word on who holds a role.
type Declared struct {
	Person string `json:"person"`
	Origin string `json:"origin"` // configuration, project-lead, …
}

// Match compares the declared with the de facto holder.
type Match struct {
	// Outcome is match, differs, vacant, undeclared or cannot-say.
	Outcome  string   `json:"outcome"`
	Distance *float64 `json:"distance,omitempty"` // share recorded for somebody else
	Low      *float64 `json:"low,omitempty"`
	High     *float64 `json:"high,omitempty"`
}

// Waits is how long questions waited. Hours are nil where the survival curve
// never reaches them.
type Waits struct {
	Outcome       Outcome  `json:"outcome"`
	Questions     int      `json:"questions"` // timed
	Answered      int      `json:"answered"`
	Open          int      `json:"open"`     // no answer recorded: still waiting, or censored
	Possible      int      `json:"possible"` // question marks with nobody asked: counted, not timed
	MedianHours   *float64 `json:"median_hours"`
	LowHours      *float64 `json:"low_hours"`
	HighHours     *float64 `json:"high_hours"`
	P90Hours      *float64 `json:"p90_hours"`
	MeanHours     *float64 `json:"restricted_mean_hours"` // restricted to 16 working hours
	FirstResponse *float64 `json:"first_response_median_hours"`
	WallMedian    *float64 `json:"wall_median_hours"` // the same answers on the wall clock
	// Closing an issue without an answer tells something. The median lies between the two:
	// had every such question been answered at the close, and had none ever been.
	IfAnswered *float64     `json:"median_if_answered_hours"`
	IfNever    *float64     `json:"median_if_never_hours"`
	Closed     int          `json:"closed"` // of the open ones, those whose issue was closed
	ByPerson   []PersonWait `json:"by_person"`
	Curve      []CurvePoint `json:"curve"`
	Items      WaitItems    `json:"items"`
	Why        string       `json:"why,omitempty"`
}

// PersonWait is how long one person's questions waited.
type PersonWait struct {
	Outcome     Outcome  `json:"outcome"` // too-few: no median is given; measured with a null median: it was never reached
	Person      string   `json:"person"`
	Questions   int      `json:"questions"`
	Open        int      `json:"open"`
	ByOthers    int      `json:"by_others"` // answered by somebody else
	MedianHours *float64 `json:"median_hours"`
	// Of the questions put to them, the shares answered within a working day, by them and by
	// somebody else: competing ends (Aalen–Johansen). Nil below the same numbers as the median.
	WithinDay       *float64 `json:"within_day"`
	WithinDayOthers *float64 `json:"within_day_by_others"`
	// Zone is where their hours were counted, "" on the wall clock; ZoneFrom how that is
	// known: profile, activity (guessed from the hours they act at), team or calendar.
	Zone     string     `json:"zone,omitempty"`
	ZoneFrom ZoneOrigin `json:"zone_from,omitempty"`
}

// CurvePoint is a step of the survival curve: the share of questions still
// without an answer after so many hours.
type CurvePoint struct {
	Hours float64 `json:"hours"`
	Open  float64 `json:"open"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Forest is how a person's attention splits between the roadmap and the stories.
type Forest struct {
	Person  string   `json:"person"`
	Roadmap int      `json:"roadmap"` // distinct (item, week) touches above story level, market included
	Story   int      `json:"story"`
	Index   *float64 `json:"index"` // roadmap / (roadmap + story); nil below the minimum of touches
	Low     *float64 `json:"low"`
	High    *float64 `json:"high"`
	Note    string   `json:"note,omitempty"`
}

// Finding is one judgement with what it rests on.
type Finding struct {
	ID         string   `json:"id"` // scope/period/code[/person]
	Code       string   `json:"code"`
	Outcome    Outcome  `json:"outcome"`
	People     []string `json:"people"`
	Statement  string   `json:"statement"`
	Confidence string   `json:"confidence"` // tentative or firm
	// Severity is calm, notice or act: raised only where a friction signal stands beside it.
	Severity  string     `json:"severity"`
	Worth     bool       `json:"worth_a_look,omitempty"` // one of the weaker rules: never a headline
	Sensitive bool       `json:"sensitive"`
	Note      *Note      `json:"note"`
	Measure   Measure    `json:"measure"`
	Evidence  []Evidence `json:"evidence"`
	Against   []Evidence `json:"against"`
	Query     string     `json:"query"`              // lists the issues in the tracker
	Rests     string     `json:"rests_on,omitempty"` // the claim the rule rests on
	Advice    string     `json:"advice,omitempty"`   // a kind next step
}

// Measure is the number behind a finding.
type Measure struct {
	Name      string   `json:"name"`
	Unit      string   `json:"unit"` // share, hours, people, count
	Value     *float64 `json:"value"`
	Low       *float64 `json:"low"`
	High      *float64 `json:"high"`
	Threshold *float64 `json:"threshold"`
	N         int      `json:"n"`
	NEff      float64  `json:"n_eff"`
}

// Note is the team's answer to a finding.
type Note struct {
	Answer string    `json:"answer"` // accept or dispute
	Why    string    `json:"why"`
	By     string    `json:"by,omitempty"`
	At     time.Time `json:"at"`
	Until  time.Time `json:"until"`
	// Expired is set where the answer has run out and is asked for again.
	Expired bool `json:"expired,omitempty"`
}

// Evidence is one recorded event.
type Evidence struct {
	Issue  string    `json:"issue"`
	URL    string    `json:"url,omitempty"`
	Event  string    `json:"event"` // a history id, "comment:ID" or "created"
	At     time.Time `json:"at"`
	Person string    `json:"person,omitempty"`
	What   string    `json:"what"` // the field, "comment" or "created"
	From   string    `json:"from,omitempty"`
	To     string    `json:"to,omitempty"`
	Weight float64   `json:"weight,omitempty"`
	Why    string    `json:"why,omitempty"` // what it shows, or why it was left out
}
