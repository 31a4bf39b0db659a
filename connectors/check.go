package connectors

// Verdict says how a check of a tracker went.
type Verdict string

// The verdicts.
const (
	Fine    Verdict = "fine"
	Warning Verdict = "warning" // works, but something stays invisible
	Problem Verdict = "problem" // does not work
)

// Check is one thing that doctor and init looked at.
type Check struct {
	Name    string // "credentials", "project PAY", "customer needs", …
	Verdict Verdict
	Detail  string // what was found
	Next    string // what can be done about it, "" when nothing need be
}
