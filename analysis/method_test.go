package analysis_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"defacto/analysis"
	"defacto/backlog"
)

// TestMethodKeys sets every key to its bounds and beyond: each moves exactly one
// number, and Changed names it.
func TestMethodKeys(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range analysis.MethodKeys() {
		if seen[k.Key] || k.Key == "" || k.Doc == "" || k.Key != strings.ToLower(k.Key) {
			t.Errorf("key %q stands twice, is not lower case, or has no meaning", k.Key)
		}
		seen[k.Key] = true
		if k.Default < k.Min || k.Default > k.Max || k.Min >= k.Max {
			t.Errorf("%s: the default %v lies outside %v–%v", k.Key, k.Default, k.Min, k.Max)
		}
		for _, v := range []float64{k.Min, k.Max} {
			m := analysis.DefaultMethod()
			if err := m.Set(k.Key, v); err != nil {
				t.Errorf("Set(%s, %v): %v", k.Key, v, err)
			}
			changed := m.Changed()
			if v == k.Default {
				if len(changed) != 0 {
					t.Errorf("%s at its default is listed as changed: %v", k.Key, changed)
				}
				continue
			}
			if len(changed) != 1 || changed[0].Key != "method."+k.Key || changed[0].Value == changed[0].Default {
				t.Errorf("Set(%s, %v) is listed as %v", k.Key, v, changed)
			}
		}
		for _, v := range []float64{k.Min - 1, k.Max + 1, math.NaN(), math.Inf(1), math.Inf(-1)} {
			m := analysis.DefaultMethod()
			err := m.Set(k.Key, v)
			if err == nil || !strings.Contains(err.Error(), "method."+k.Key) {
				t.Errorf("Set(%s, %v) = %v, want an error that names the key", k.Key, v, err)
			}
			if diff := cmp.Diff(analysis.DefaultMethod(), m); diff != "" {
				t.Errorf("a refused %s changed the method:\n%s", k.Key, diff)
			}
		}
	}
}

func TestMethodUnknownKey(t *testing.T) {
	m := analysis.DefaultMethod()
	for _, key := range []string{"", "weight", "weight.", "Weight.write", "method.tau", "tau "} {
		if err := m.Set(key, .1); err == nil {
			t.Errorf("Set(%q) is accepted", key)
		}
	}
}

// TestMethodDefaults holds the defaults that METHOD.md states.
func TestMethodDefaults(t *testing.T) {
	m := analysis.DefaultMethod()
	for r := range backlog.RoleCount {
		sum := 0.0
		for _, w := range m.Weight[r] {
			sum += w
		}
		if math.Abs(sum-1) > 1e-12 {
			t.Errorf("the duties' weights for the %s add to %v", backlog.Role(r), sum)
		}
	}
	for what, pair := range map[string][2]float64{
		"batch size": {m.BatchIssues, 12}, "batch gap": {m.BatchGap, 20}, "rule actor's changes": {m.RuleChanges, 8}, "rule actor's window": {m.RuleWindow, 12},
		"roll-over": {m.RollOverDays, 3}, "import burst": {m.ImportBurst, 15}, "import span": {m.ImportSeconds, 300}, "clerk floor": {m.ClerkFloor, .12},
		"developer": {m.DeveloperIssues, 6}, "asker": {m.AskerIssues, 3}, "gate": {m.MinEffective, 8}, "firm": {m.FirmEffective, 30}, "weeks": {m.MinWeeks, 3},
		"tau": {m.Tau, .05}, "prior": {m.PriorMass, 1}, "vacant": {m.VacantShare, .5}, "role": {m.RoleShare, .38},
		"forest": {m.ForestLow, .12}, "touches": {m.MinTouches, 25}, "slow": {m.SlowHours, 8}, "unanswered": {m.NobodyAnswerHours, 80}, "sensitivity": {m.SensitivityMove, .25},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is %v, METHOD says %v", what, pair[0], pair[1])
		}
	}
	if len(m.Changed()) != 0 {
		t.Errorf("the defaults are listed as changed: %v", m.Changed())
	}
}
