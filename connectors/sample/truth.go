package sample

import "time"

// Truth is what really happened in a made-up organisation: the decisions as they
// were drawn, before any trace of them was made or damaged. People are named by
// the id of their first account. Shares lie between 0 and 1.
type Truth struct {
	Seed   uint64       `json:"seed"`
	AsOf   time.Time    `json:"as_of"`
	People []Person     `json:"people"`
	Scopes []ScopeTruth `json:"scopes"`
}

// Person is somebody with all accounts, whatever the tracker shows of that.
type Person struct {
	ID       string   `json:"id"` // the first account
	Accounts []string `json:"accounts"`
	Name     string   `json:"name"`
	Function string   `json:"function"` // what they were hired for
	Machine  bool     `json:"machine"`
	Outside  bool     `json:"outside"` // a customer
	Zone     string   `json:"zone"`
}

// ScopeTruth is one team.
type ScopeTruth struct {
	Scope     string        `json:"scope"` // its key
	Name      string        `json:"name"`
	Archetype Archetype     `json:"archetype"`
	Periods   []PeriodTruth `json:"periods"` // quarters, oldest first
}

// PeriodTruth is one team in one quarter.
type PeriodTruth struct {
	Period        string                `json:"period"` // "2026-Q3"
	From          time.Time             `json:"from"`
	To            time.Time             `json:"to"` // exclusive
	Duties        map[string]*DutyTruth `json:"duties"`
	Roles         map[string]*RoleTruth `json:"roles"`
	Structure     string                `json:"structure"` // the first that holds, as in the audit's contract
	Declared      map[string][]string   `json:"declared"`
	DeclaredRight map[string]bool       `json:"declared_right"` // the holder is among the declared; absent without a holder
	Waits         WaitTruth             `json:"waits"`
	Forest        []ForestTruth         `json:"forest"` // everybody who touched anything, most touches first
	OffRoadmap    float64               `json:"off_roadmap"`
	Blocked       []ShareTruth          `json:"blocked"` // share of the stories' working time spent waiting for each person
	Findings      []FindingTruth        `json:"findings"`
}

// DutyTruth is who really did a duty. The verdict is the method's, on the shares
// that were really drawn: vacant where nobody has half; single where one person
// has a third and leads by a tenth; contested where two have three fifths, the
// second a quarter; else spread; insufficient below 8 units or 3 weeks.
type DutyTruth struct {
	Verdict  string       `json:"verdict"`
	Person   string       `json:"person,omitempty"`  // with single
	Persons  []string     `json:"persons,omitempty"` // with contested
	Top      string       `json:"top,omitempty"`     // whoever has the largest share, "" where nobody did anything
	Clear    bool         `json:"clear"`             // the top has half, and leads by 0.15
	Near     bool         `json:"near"`              // a share moved by 0.06 would change the verdict
	Units    int          `json:"units"`
	Weeks    int          `json:"weeks"` // distinct ISO weeks
	Nobody   float64      `json:"nobody"`
	Traced   float64      `json:"traced"`   // share of the people's decisions of which their own trace survived
	Shares   []ShareTruth `json:"shares"`   // largest first; they and Nobody add to 1, unless there are no units
	Recorded []ShareTruth `json:"recorded"` // whom the surviving traces point to; "" is nobody; units without evidence left out
}

// ShareTruth is one person's part.
type ShareTruth struct {
	Person string  `json:"person"`
	Share  float64 `json:"share"`
}

// RoleTruth is who really held a role, by the method's rules on the true shares.
type RoleTruth struct {
	Verdict string       `json:"verdict"`          // single, leaning, contested, committee, vacant, insufficient
	Person  string       `json:"person,omitempty"` // with single and leaning
	Persons []string     `json:"persons,omitempty"`
	Near    bool         `json:"near"` // a score moved by 0.05 would change the verdict
	Nobody  float64      `json:"nobody"`
	Scores  []ShareTruth `json:"scores"` // largest first
}

// WaitTruth is how long questions to product really waited, in working hours of
// the person asked; those never answered wait for ever.
type WaitTruth struct {
	Questions  int      `json:"questions"`
	Answered   int      `json:"answered"`     // really, wherever
	Unanswered float64  `json:"unanswered"`   // share never answered by the as-of
	Unrecorded float64  `json:"unrecorded"`   // share without an answer, or a word of one, in the tracker
	Elsewhere  float64  `json:"elsewhere"`    // share answered away from the tracker
	Relayed    float64  `json:"relayed"`      // share answered after a relay
	Median     *float64 `json:"median_hours"` // nil where half or more wait for ever
	// OnRecord is the median of the same true waits where answers that left no
	// trace count as never given.
	OnRecord *float64 `json:"on_record_median_hours"`
}

// ForestTruth is how a person's attention split: distinct (item, ISO week) pairs
// of true decisions.
type ForestTruth struct {
	Person  string   `json:"person"`
	Roadmap int      `json:"roadmap"`
	Story   int      `json:"story"`
	Index   *float64 `json:"index"` // nil below 25 touches
}

// FindingTruth is a finding that holds, or nearly does, on the true decisions.
type FindingTruth struct {
	Code   string   `json:"code"`
	Holds  bool     `json:"holds"`
	Near   bool     `json:"near"` // so close to its threshold that neither answer is wrong
	People []string `json:"people,omitempty"`
	Duty   string   `json:"duty,omitempty"` // with duty-contested
	Value  float64  `json:"value"`          // the true number behind it, where there is one
}

// Holds reports whether a finding truly holds in the period.
func (p *PeriodTruth) Holds(code string) bool {
	for _, f := range p.Findings {
		if f.Code == code && f.Holds {
			return true
		}
	}
	return false
}
