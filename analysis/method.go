package analysis

import (
	"fmt"
	"math"
	"strconv"

	"defacto/backlog"
)

// Method holds every number of the method that a user may move. The zero value
// is useless: start from [DefaultMethod]. The keys of the configuration's
// method section are listed by [MethodKeys].
type Method struct {
	// Weight[role][duty]: how much a duty says about a role; each row adds to 1.
	Weight [backlog.RoleCount][backlog.DutyCount]float64
	// Reliability[duty] is r_r of METHOD 3.6: what part of a leader's true share
	// clicks record. 1 is off.
	Reliability [backlog.DutyCount]float64

	// Noise (METHOD 2.4).
	BatchGap, BatchIssues          float64 // seconds, issues
	RuleWindow, RuleChanges        float64 // seconds, changes
	RollOverDays                   float64
	ImportBurst, ImportSeconds     float64
	ImportAccount, ImportForeign   float64 // creations, share with another reporter
	ClerkFloor, ClerkPrior         float64
	DeveloperIssues, AskerIssues   float64
	RemarkDays                     float64
	RewritePercent                 float64
	DevRoadmapWeight, PassOnWeight float64
	NobodyAnswerHours              float64 // working hours after which an unanswered question is nobody's

	// Enough evidence (2.6) and inference (3).
	MinEffective, MinUnits, MinWeeks, FirmEffective float64
	Tau, PriorMass, ClearLead, PClear               float64
	NamedLeast, ContestedSure, VacantSure           float64
	NamedShare, OwnedShare, VacantShare             float64
	ContestedSum, ContestedSecond                   float64
	RoleShare, RoleLead, RoleLeadDivided, RoleP     float64
	RoleVacant, RoleVacantBelow                     float64
	RoleContestedSum, RoleContestedSecond           float64
	CommitteeEffective, CommitteeBelow              float64
	DisconnectShare, DisconnectP                    float64
	SensitivityMove                                 float64
	ChangeBayes                                     float64

	// Questions (4).
	MinQuestions, MinAnswers, MeanHorizon float64
	ZoneActs, ZoneConfidence, ZoneApart   float64

	// Findings (5).
	MinTouches, ForestLow, ForestUpper                  float64
	TrendSprints                                        float64
	SlideDrop, SlideRatio, SlideP                       float64
	OffRoadmap, OffRoadmapLow                           float64
	SlowHours, NoAnswerShare                            float64
	BlockedShare, DemandPerDay                          float64
	IsolatedPerMonth, DetachedShare                     float64
	StretchedScopes, TechLeadShare                      float64
	ThreeHats, ThreeHatsLow, ThreeHatsOfAll, RelayShare float64
	AcceptStories, QAShare, MachineShare                float64
	DirectShare                                         float64
}

// DefaultMethod returns METHOD's numbers.
func DefaultMethod() Method {
	var m Method
	for _, s := range settings {
		*s.at(&m) = s.Default
	}
	return m
}

// MethodKey describes one setting of the configuration's method section.
type MethodKey struct {
	Key, Doc          string
	Default, Min, Max float64
	at                func(*Method) *float64
}

// MethodKeys lists the settings in the order docs/method.md shows them.
func MethodKeys() []MethodKey { return settings }

// Set moves one setting. It fails on an unknown key or a value outside the key's range.
func (m *Method) Set(key string, value float64) error {
	for _, s := range settings {
		if s.Key != key {
			continue
		}
		if math.IsNaN(value) || value < s.Min || value > s.Max {
			return fmt.Errorf("method.%s is %s; it must lie between %s and %s", key, number(value), number(s.Min), number(s.Max))
		}
		*s.at(m) = value
		return nil
	}
	return fmt.Errorf("method.%s is no setting of the method", key)
}

// Changed lists the settings that differ from the defaults.
func (m *Method) Changed() []Setting {
	changed := []Setting{}
	for _, s := range settings {
		if v := *s.at(m); v != s.Default {
			changed = append(changed, Setting{Key: "method." + s.Key, Value: number(v), Default: number(s.Default)})
		}
	}
	return changed
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// weights returns the role's duty weights.
func (m *Method) weights(r backlog.Role) [backlog.DutyCount]float64 { return m.Weight[r] }

func weight(r backlog.Role, d backlog.Duty) func(*Method) *float64 {
	return func(m *Method) *float64 { return &m.Weight[r][d] }
}

func reliability(d backlog.Duty) func(*Method) *float64 {
	return func(m *Method) *float64 { return &m.Reliability[d] }
}

// settings is the one table of the method's numbers: key, meaning, default, range.
var settings = []MethodKey{
	{"weight.write", "weight of writing stories for the product owner", .25, 0, 1, weight(backlog.ProductOwner, backlog.Write)},
	{"weight.prioritise", "weight of prioritising for the product owner", .30, 0, 1, weight(backlog.ProductOwner, backlog.Prioritise)},
	{"weight.accept", "weight of accepting for the product owner", .25, 0, 1, weight(backlog.ProductOwner, backlog.Accept)},
	{"weight.answer", "weight of answering for the product owner", .20, 0, 1, weight(backlog.ProductOwner, backlog.Answer)},
	{"weight.roadmap", "weight of the roadmap for the product manager", .70, 0, 1, weight(backlog.ProductManager, backlog.Roadmap)},
	{"weight.market", "weight of the market for the product manager", .30, 0, 1, weight(backlog.ProductManager, backlog.Market)},
	{"reliability.write", "share of the leader's true part in writing that is recorded (1: off)", 1, .3, 1, reliability(backlog.Write)},
	{"reliability.prioritise", "the same for prioritising", 1, .3, 1, reliability(backlog.Prioritise)},
	{"reliability.accept", "the same for accepting", 1, .3, 1, reliability(backlog.Accept)},
	{"reliability.answer", "the same for answering", 1, .3, 1, reliability(backlog.Answer)},
	{"reliability.roadmap", "the same for the roadmap", 1, .3, 1, reliability(backlog.Roadmap)},
	{"reliability.market", "the same for the market", 1, .3, 1, reliability(backlog.Market)},

	{"batch_gap_seconds", "changes of one person and field this close belong to one batch", 20, 1, 600, func(m *Method) *float64 { return &m.BatchGap }},
	{"batch_issues", "distinct issues that make a batch", 12, 3, 1000, func(m *Method) *float64 { return &m.BatchIssues }},
	{"rule_window_seconds", "changes this soon after somebody else's creation look like a rule's", 12, 1, 120, func(m *Method) *float64 { return &m.RuleWindow }},
	{"rule_changes", "such changes of one person and field that make a rule actor", 8, 3, 1000, func(m *Method) *float64 { return &m.RuleChanges }},
	{"roll_over_days", "a sprint change this long after the old sprint closed is roll-over", 3, 0, 30, func(m *Method) *float64 { return &m.RollOverDays }},
	{"import_burst", "creations by one account that make an import's burst", 15, 5, 10000, func(m *Method) *float64 { return &m.ImportBurst }},
	{"import_seconds", "within this time", 300, 10, 3600, func(m *Method) *float64 { return &m.ImportSeconds }},
	{"import_account", "creations after which an account may be an importer's", 20, 5, 100000, func(m *Method) *float64 { return &m.ImportAccount }},
	{"import_foreign", "share of them with another reporter, from which it is", .4, 0, 1, func(m *Method) *float64 { return &m.ImportForeign }},
	{"clerk_floor", "the least a clerk's commitment counts", .12, 0, 1, func(m *Method) *float64 { return &m.ClerkFloor }},
	{"clerk_prior", "prior weight of the team's mean in the clerk factor", 4, 0, 100, func(m *Method) *float64 { return &m.ClerkPrior }},
	{"developer_issues", "issues implemented that make a developer", 6, 1, 100, func(m *Method) *float64 { return &m.DeveloperIssues }},
	{"asker_issues", "issues implemented that make somebody a possible asker", 3, 1, 100, func(m *Method) *float64 { return &m.AskerIssues }},
	{"remark_days", "days a remark before the close still counts as its acceptance", 4, 0, 60, func(m *Method) *float64 { return &m.RemarkDays }},
	{"rewrite_percent", "part of a description that must change to count as rewriting", 30, 1, 100, func(m *Method) *float64 { return &m.RewritePercent }},
	{"developer_roadmap_weight", "weight of roadmap items that developers created", .35, 0, 1, func(m *Method) *float64 { return &m.DevRoadmapWeight }},
	{"pass_on_weight", "weight of customer links by who links more often than they decide", .5, 0, 1, func(m *Method) *float64 { return &m.PassOnWeight }},
	{"nobody_answer_hours", "working hours after which an unanswered question is nobody's", 80, 1, 1000, func(m *Method) *float64 { return &m.NobodyAnswerHours }},

	{"min_effective", "effective units below which nothing is said", 8, 3, 100, func(m *Method) *float64 { return &m.MinEffective }},
	{"min_units", "units below which nothing is said", 6, 1, 100, func(m *Method) *float64 { return &m.MinUnits }},
	{"min_weeks", "distinct weeks below which nothing is said", 3, 1, 52, func(m *Method) *float64 { return &m.MinWeeks }},
	{"firm_effective", "effective units from which a statement is firm", 30, 8, 1000, func(m *Method) *float64 { return &m.FirmEffective }},
	{"tau", "standard deviation of attribution noise per share", .05, 0, .3, func(m *Method) *float64 { return &m.Tau }},
	{"prior_mass", "total mass of the Dirichlet prior", 1, .01, 20, func(m *Method) *float64 { return &m.PriorMass }},
	{"clear_lead", "lead over the second, as a part of what the two have, from which somebody is clearly ahead", .1, 0, .9, func(m *Method) *float64 { return &m.ClearLead }},
	{"p_clear", "probability of that lead, from which somebody is named for a duty", .6, .5, .999, func(m *Method) *float64 { return &m.PClear }},
	{"named_least", "share from which somebody is named who has most of what is recorded for anybody", .25, .05, .9, func(m *Method) *float64 { return &m.NamedLeast }},
	{"named_share", "share from which somebody is named for a duty", .33, .1, .9, func(m *Method) *float64 { return &m.NamedShare }},
	{"owned_share", "share from which a duty is owned", .5, .1, .99, func(m *Method) *float64 { return &m.OwnedShare }},
	{"vacant_share", "share of nobody from which a duty is vacant", .5, .1, .99, func(m *Method) *float64 { return &m.VacantShare }},
	{"vacant_sure", "probability of that, below which whoever is clearly ahead is named all the same", .8, 0, .999, func(m *Method) *float64 { return &m.VacantSure }},
	{"contested_sum", "share two people hold together where a duty is contested", .6, .1, 1, func(m *Method) *float64 { return &m.ContestedSum }},
	{"contested_second", "share of the second of them", .25, .05, .5, func(m *Method) *float64 { return &m.ContestedSecond }},
	{"contested_sure", "probability that the second has the contested share of what is recorded for people, from which a contest is raised as a finding", .8, 0, .999, func(m *Method) *float64 { return &m.ContestedSure }},
	{"role_share", "score from which somebody holds a role", .38, .1, .9, func(m *Method) *float64 { return &m.RoleShare }},
	{"role_lead", "lead over the next that takes", .08, 0, .5, func(m *Method) *float64 { return &m.RoleLead }},
	{"role_lead_divided", "the same over somebody with whom they divide the owner's duties by kind", .15, 0, .9, func(m *Method) *float64 { return &m.RoleLeadDivided }},
	{"role_p", "probability of that lead", .85, .5, .999, func(m *Method) *float64 { return &m.RoleP }},
	{"role_vacant", "share of nobody from which a role is vacant", .33, .1, .9, func(m *Method) *float64 { return &m.RoleVacant }},
	{"role_vacant_below", "unless somebody's score reaches", .42, .1, .9, func(m *Method) *float64 { return &m.RoleVacantBelow }},
	{"role_contested_sum", "score two people hold together where a role is contested", .58, .1, 1, func(m *Method) *float64 { return &m.RoleContestedSum }},
	{"role_contested_second", "score of the second of them", .23, .05, .5, func(m *Method) *float64 { return &m.RoleContestedSecond }},
	{"committee_effective", "effective number of people that makes a committee", 3.5, 2, 20, func(m *Method) *float64 { return &m.CommitteeEffective }},
	{"committee_below", "unless somebody's score reaches", .37, .1, .9, func(m *Method) *float64 { return &m.CommitteeBelow }},
	{"disconnect_share", "share recorded for somebody else from which the declaration differs", .5, .1, .95, func(m *Method) *float64 { return &m.DisconnectShare }},
	{"disconnect_p", "probability of that", .9, .5, .999, func(m *Method) *float64 { return &m.DisconnectP }},
	{"sensitivity_move", "relative move of each role weight under which a verdict must hold", .25, 0, .9, func(m *Method) *float64 { return &m.SensitivityMove }},
	{"change_bayes", "Bayes factor from which a change is dated", 10, 1, 1000, func(m *Method) *float64 { return &m.ChangeBayes }},

	{"min_questions", "timed questions below which no wait is given", 8, 3, 100, func(m *Method) *float64 { return &m.MinQuestions }},
	{"min_answers", "answers below which no wait is given", 5, 1, 100, func(m *Method) *float64 { return &m.MinAnswers }},
	{"mean_horizon_hours", "working hours the mean wait is restricted to", 16, 1, 200, func(m *Method) *float64 { return &m.MeanHorizon }},
	{"zone_acts", "hours in which somebody acted, from which their time zone may be guessed", 40, 8, 1000, func(m *Method) *float64 { return &m.ZoneActs }},
	{"zone_confidence", "confidence in that guess from which it is used", .9, .5, .999, func(m *Method) *float64 { return &m.ZoneConfidence }},
	{"zone_apart_hours", "hours it must lie away from the team's zone to be believed against it", 3, 1, 12, func(m *Method) *float64 { return &m.ZoneApart }},

	{"min_touches", "touches below which no forest index is given", 25, 5, 1000, func(m *Method) *float64 { return &m.MinTouches }},
	{"forest_low", "forest index below which it is trees over forests", .12, 0, 1, func(m *Method) *float64 { return &m.ForestLow }},
	{"forest_upper", "if its upper bound lies below", .20, 0, 1, func(m *Method) *float64 { return &m.ForestUpper }},
	{"slide_drop", "least drop of the forest index that is a slide", .03, 0, .5, func(m *Method) *float64 { return &m.SlideDrop }},
	{"slide_ratio", "and the ratio it must fall below", .75, .1, 1, func(m *Method) *float64 { return &m.SlideRatio }},
	{"slide_p", "probability of a slide", .9, .5, .999, func(m *Method) *float64 { return &m.SlideP }},
	{"trend_sprints", "sprints from which the forest index has a trend over them", 10, 4, 100, func(m *Method) *float64 { return &m.TrendSprints }},
	{"off_roadmap", "share of committed stories off the roadmap", .5, .05, 1, func(m *Method) *float64 { return &m.OffRoadmap }},
	{"off_roadmap_low", "and its lower bound", .4, .05, 1, func(m *Method) *float64 { return &m.OffRoadmapLow }},
	{"slow_hours", "median working hours from which answers are slow", 8, .5, 200, func(m *Method) *float64 { return &m.SlowHours }},
	{"no_answer_share", "share of questions without a recorded answer", .35, .05, 1, func(m *Method) *float64 { return &m.NoAnswerShare }},
	{"blocked_share", "share of cycle time waiting for one person", .33, .05, 1, func(m *Method) *float64 { return &m.BlockedShare }},
	{"demand_per_day", "product questions per working day that need a product owner", .8, .05, 50, func(m *Method) *float64 { return &m.DemandPerDay }},
	{"isolated_per_month", "market acts per month below which a product manager is isolated", 1, 0, 50, func(m *Method) *float64 { return &m.IsolatedPerMonth }},
	{"detached_share", "share of developers met below which a product manager is detached", .2, 0, 1, func(m *Method) *float64 { return &m.DetachedShare }},
	{"stretched_scopes", "scopes owned from which an owner is stretched", 3, 2, 50, func(m *Method) *float64 { return &m.StretchedScopes }},
	{"tech_lead_share", "share of story assignments that makes an owner a technical lead", .15, .01, 1, func(m *Method) *float64 { return &m.TechLeadShare }},
	{"three_hats", "share of finished stories one person wrote, prioritised and accepted", .5, .05, 1, func(m *Method) *float64 { return &m.ThreeHats }},
	{"three_hats_low", "and its lower bound", .4, .05, 1, func(m *Method) *float64 { return &m.ThreeHatsLow }},
	{"three_hats_of_all", "share of the finished stories, those included of which less is recorded, below which three-hats is not raised", .3, 0, 1, func(m *Method) *float64 { return &m.ThreeHatsOfAll }},
	{"relay_share", "share of answers that follow a relay, from which an owner is a proxy", .3, .05, 1, func(m *Method) *float64 { return &m.RelayShare }},
	{"accept_stories", "finished stories from which missing acceptance is worth saying without a review step", 20, 1, 1000, func(m *Method) *float64 { return &m.AcceptStories }},
	{"qa_share", "an acceptor's part of the testing against their largest part of another duty (0.5: as large), from which they are a gatekeeper", .5, .05, 1, func(m *Method) *float64 { return &m.QAShare }},
	{"machine_share", "share of machine acts that limits the evidence", .4, .05, 1, func(m *Method) *float64 { return &m.MachineShare }},
	{"direct_share", "share of units with a direct trace below which confidence drops", .5, 0, 1, func(m *Method) *float64 { return &m.DirectShare }},
}
