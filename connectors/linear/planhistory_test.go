package linear

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"defacto/backlog"
)

// TestPlanChanges reads one and the same event in every shape it may come in.
func TestPlanChanges(t *testing.T) {
	moved := []brief{{0, at(0), "ana", backlog.FieldTargetEnd, "2026-08-01", "2026-09-01", 0, false}}
	check := func(entries string, clear bool, want []brief) {
		t.Helper()
		d := desk()
		d.org.ProjectStatuses = []projectStatus{{ID: "ps1", Name: "Started", Type: "started"}}
		got, understood := d.planChanges(&planRecord{ID: "h1", CreatedAt: at(0), Entries: json.RawMessage(entries)})
		if d := cmp.Diff(want, briefly(got)); d != "" {
			t.Errorf("%s: %s", entries, d)
		}
		if understood != clear {
			t.Errorf("%s: understood is %v", entries, understood)
		}
	}
	for entries, want := range map[string][]brief{
		`[{"actorId":"ana","fromTargetDate":"2026-08-01","toTargetDate":"2026-09-01"}]`:                                            moved,
		`{"actorId":"ana","fromTargetDate":"2026-08-01","toTargetDate":"2026-09-01"}`:                                              moved,
		`[{"type":"targetDate","userId":"ana","from":"2026-08-01","to":"2026-09-01"}]`:                                             moved,
		`{"targetDate":{"from":"2026-08-01","to":"2026-09-01"},"actor":{"id":"ana"}}`:                                              moved,
		`{"entries":[{"property":"target_date","from":"2026-08-01","to":"2026-09-01"}],"user":{"id":"ana"}}`:                       moved,
		`{"0":{"actorId":"ana","createdAt":"2026-07-01T09:00:00.000Z","from":"2026-08-01","to":"2026-09-01","type":"targetDate"}}`: moved,
		`[{"actorId":"ana","createdAt":"2026-07-01T09:05:00Z","fromStatusId":null,"toStatusId":"ps1"},{"actorId":"ben","fromPriority":3,"toPriority":0}]`: {
			{0, at(5), "ana", backlog.FieldStatus, "", "ps1", 0, false}, {1, at(0), "ben", backlog.FieldPriority, "3", "", 0, false},
		},
		`[{"actorId":"ana","toInitiativeId":"i1","toLeadId":"ben","toContent":"new"}]`: {
			{0, at(0), "ana", backlog.FieldDescription, "", "new", 100, false}, {1, at(0), "ana", backlog.FieldParent, "", "i1", 0, false}, {2, at(0), "ana", backlog.FieldAssignee, "", "ben", 0, false},
		},
		`{"entries":[{"field":"health","from":"onTrack","to":"atRisk"}],"actor":"ana"}`:                                                   {{0, at(0), "ana", backlog.FieldOther, "onTrack", "atRisk", 0, false}},
		`[{"actorId":"ana","toHealth":"onTrack"}]`:                                                                                        {{0, at(0), "ana", backlog.FieldOther, "", "onTrack", 0, false}},
		`{"from_target_date":"2026-08-01","to_target_date":"2026-09-01","actor_id":"ana"}`:                                                moved,
		`{"changes":{"targetDate":["2026-08-01","2026-09-01"]},"userId":"ana"}`:                                                           moved,
		`[{"action":"targetDateChanged","old_value":"2026-08-01","new_value":"2026-09-01","actor":{"id":"ana"}}]`:                         moved,
		`{"type":"update","actorId":"ana","from":{"targetDate":"2026-08-01","name":"Pay"},"to":{"targetDate":"2026-09-01","name":"Pay"}}`: moved,
		`{"actorId":"ana","targetDate":{"previous":"2026-08-01","current":"2026-09-01","type":"day"}}`:                                    moved,
		`{"actorId":"ana","updatedFrom":{"targetDate":"2026-08-01"}}`:                                                                     {{0, at(0), "ana", backlog.FieldTargetEnd, "2026-08-01", "", 0, false}},
		`{"actorId":"ana","targetDate":"2026-09-01"}`:                                                                                     {{0, at(0), "ana", backlog.FieldTargetEnd, "", "2026-09-01", 0, false}},
		`[{"type":"project_target_date_changed","actorId":"ana"}]`:                                                                        {{0, at(0), "ana", backlog.FieldTargetEnd, "", "", 0, false}},
		`{"actorId":"ana","addedTeamIds":["t1","t2"],"removedTeamIds":["t3"]}`:                                                            {{0, at(0), "ana", backlog.FieldProject, "t3", "t1,t2", 0, false}},
		`{"actorId":"ana","fromContent":"one two three four","toContent":"one two three five"}`:                                           {{0, at(0), "ana", backlog.FieldDescription, "one two three four", "one two three five", 16, false}},
	} {
		check(entries, true, want)
	}
	for entries, want := range map[string][]brief{
		`{"actorId":"ana","what":"nobody knows"}`: {{0, at(0), "ana", backlog.FieldOther, "", "actorId what", 0, false}},
		`{"actorId":"ana","toPriority":1,"milestoneShift":{"days":3}}`: {
			{0, at(0), "ana", backlog.FieldPriority, "", "1", 0, false}, {1, at(0), "ana", backlog.FieldOther, "", "milestoneShift:days", 0, false},
		},
		`{"deep":{"er":{"still":7}}}`: {{0, at(0), "", backlog.FieldOther, "", "er:still", 0, false}},
		`null`:                        {{0, at(0), "", backlog.FieldOther, "", "", 0, false}},
		`7`:                           {{0, at(0), "", backlog.FieldOther, "", "", 0, false}},
		``:                            {{0, at(0), "", backlog.FieldOther, "", "", 0, false}},
	} {
		check(entries, false, want)
	}
}

func FuzzPlanChanges(f *testing.F) {
	f.Add(`[{"actorId":"a","fromX":1,"toX":{"id":"b"}},{"x":{"from":[],"to":null}}]`)
	f.Add(`{"from":1,"type":"priority","at":"2026-01-01T00:00:00Z"}`)
	f.Fuzz(func(t *testing.T, entries string) {
		got, _ := desk().planChanges(&planRecord{ID: "h", CreatedAt: at(0), Entries: json.RawMessage(entries)})
		if len(got) == 0 {
			t.Errorf("%q is lost", entries)
		}
		seen := map[int]bool{}
		for _, c := range got {
			if c.ID != "h" || seen[c.Ordinal] {
				t.Errorf("%q gives %+v", entries, got)
			}
			seen[c.Ordinal] = true
		}
	})
}
