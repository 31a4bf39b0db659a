package sample

// Noise says how a team's traces are damaged after its decisions are drawn. The
// fields are probabilities unless they say otherwise. The zero Noise damages
// nothing: then every trace shows the decision behind it.
type Noise struct {
	Clerk         float64 // a commitment is typed by somebody who writes decisions down
	Unranked      float64 // a priority was settled aloud: no rank or priority change shows it
	Elsewhere     float64 // an answer is given away from the tracker
	SelfClose     float64 // an accepted story is closed by its implementer
	Silent        float64 // of those: not even a remark is left
	Dictated      float64 // a story is typed by somebody else, who is creator and reporter
	WrongDeclared float64 // a declared role names the wrong person
	Accounts      float64 // a person has a second account, renamed or doubled
	Holding       float64 // a question first gets a "will check"
	Chatter       float64 // developers ask one another in a story's comments
	Drags         float64 // somebody without a say moves a card in the backlog
	Bystanders    float64 // somebody remarks on a story under acceptance without accepting it
	Minutes       float64 // a roadmap decision, or a customer's request, is typed by somebody else
	Bots          float64 // an issue is touched by an app
	Rules         float64 // a new issue is touched by a rule that signs as a person
	RollOver      float64 // a story does not fit into its sprint
	Bulk          float64 // mean bulk edits in a quarter
	Sweep         float64 // a release sets the version on everything finished
	Unaddressed   float64 // a question names nobody
	Authorless    float64 // a change or comment has lost its author
	Foreign       float64 // a comment is in another language than English
	HiddenZone    float64 // a profile hides its time zone
}

// Quiet is no noise at all.
func Quiet() Noise { return Noise{} }

// Ordinary is the noise of a decent tracker.
func Ordinary() Noise {
	return Noise{
		Clerk: .30, Unranked: .12, Elsewhere: .20, SelfClose: .50, Silent: .45, Dictated: .06,
		WrongDeclared: .10, Accounts: .08, Holding: .12, Chatter: .20, Drags: .08, Bystanders: .06, Minutes: .12,
		Bots: .25, Rules: .15, RollOver: .18, Bulk: 1, Sweep: .5, Unaddressed: .06, Authorless: .002, Foreign: .30, HiddenZone: .25,
	}
}

// High is the noise of a tracker that few people care for.
func High() Noise {
	return Noise{
		Clerk: .60, Unranked: .30, Elsewhere: .35, SelfClose: .75, Silent: .55, Dictated: .15,
		WrongDeclared: .20, Accounts: .18, Holding: .25, Chatter: .40, Drags: .20, Bystanders: .15, Minutes: .30,
		Bots: .50, Rules: .35, RollOver: .35, Bulk: 3, Sweep: .9, Unaddressed: .15, Authorless: .01, Foreign: .50, HiddenZone: .6,
	}
}
