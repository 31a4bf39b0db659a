package analysis

import (
	"testing"

	"defacto/backlog"
)

func TestStages(t *testing.T) {
	for _, tt := range []struct {
		category backlog.Category
		name     string
		want     Stage
	}{
		{backlog.Triage, "Triage", StageTriage},
		{backlog.Backlog, "Icebox", StageBacklog},
		{backlog.Unstarted, "Backlog", StageBacklog},
		{backlog.Unstarted, "Open", StageBacklog},
		{backlog.Unstarted, "To Do", StageReady},
		{backlog.Unstarted, "Selected for Development", StageReady},
		{backlog.Unstarted, "Ready for Review", StageReady},
		{backlog.Unstarted, "Needs Info", StageWaiting},
		{backlog.Unstarted, "Anything", StageReady},
		{backlog.Started, "In Progress", StageWork},
		{backlog.Started, "in progress ", StageWork},
		{backlog.Started, "Work in Progress", StageWork},
		{backlog.Started, "Anything", StageWork},
		{backlog.Started, "In PR", StageReview},
		{backlog.Started, "In Review", StageReview},
		{backlog.Started, "Peer Review", StageReview},
		{backlog.Started, "Ready to Merge", StageReview},
		{backlog.Started, "QA", StageTest},
		{backlog.Started, "In Test", StageTest},
		{backlog.Started, "Verification", StageTest},
		{backlog.Started, "UAT", StageAcceptance},
		{backlog.Started, "Ready for Acceptance", StageAcceptance},
		{backlog.Started, "PO Review", StageAcceptance},
		{backlog.Started, "Customer Approval", StageAcceptance},
		{backlog.Started, "Waiting for Product", StageWaiting},
		{backlog.Started, "Blocked", StageWaiting},
		{backlog.Started, "On Hold", StageWaiting},
		{backlog.Completed, "Done", StageDone},
		{backlog.Completed, "Closed", StageDone},
		{backlog.Completed, "Resolved", StageReview},
		{backlog.Completed, "Released to test", StageDone},
		{backlog.Completed, "Won't Do", StageDeclined},
		{backlog.Completed, "Rejected", StageDeclined},
		{backlog.Completed, "Duplicate", StageDeclined},
		{backlog.Canceled, "Anything", StageDeclined},
		{backlog.Duplicate, "Anything", StageDeclined},
		{backlog.CategoryUnknown, "Anything", StageUnknown},
		// German
		{backlog.Unstarted, "Offen", StageBacklog},
		{backlog.Unstarted, "Zu erledigen", StageReady},
		{backlog.Started, "In Arbeit", StageWork},
		{backlog.Started, "In Überprüfung", StageReview},
		{backlog.Started, "In Prüfung", StageTest},
		{backlog.Started, "Abnahme", StageAcceptance},
		{backlog.Started, "Wartet auf Rückfrage", StageWaiting},
		{backlog.Completed, "Fertig", StageDone},
		{backlog.Completed, "Gelöst", StageReview},
		{backlog.Completed, "Verworfen", StageDeclined},
		// Chinese
		{backlog.Unstarted, "新建", StageBacklog},
		{backlog.Unstarted, "待办", StageReady},
		{backlog.Started, "进行中", StageWork},
		{backlog.Started, "代码评审", StageReview},
		{backlog.Started, "测试中", StageTest},
		{backlog.Started, "验收中", StageAcceptance},
		{backlog.Started, "等待产品", StageWaiting},
		{backlog.Completed, "已完成", StageDone},
		{backlog.Completed, "已解决", StageReview},
		{backlog.Completed, "已取消", StageDeclined},
		// Japanese
		{backlog.Unstarted, "未着手", StageReady},
		{backlog.Unstarted, "オープン", StageBacklog},
		{backlog.Started, "進行中", StageWork},
		{backlog.Started, "レビュー中", StageReview},
		{backlog.Started, "テスト中", StageTest},
		{backlog.Started, "受け入れ待ち", StageAcceptance},
		{backlog.Started, "保留", StageWaiting},
		{backlog.Completed, "完了", StageDone},
		{backlog.Completed, "解決済み", StageReview},
		{backlog.Completed, "却下", StageDeclined},
		// others
		{backlog.Started, "En revisión", StageReview},
		{backlog.Started, "Recette", StageAcceptance},
		{backlog.Started, "На ревью", StageReview},
		{backlog.Started, "대기 중", StageWaiting},
		{backlog.Unstarted, "À faire", StageReady},
	} {
		got, why := stage(backlog.StatusInfo{Name: tt.name, Category: tt.category}, StatusNames{})
		if got != tt.want {
			t.Errorf("%q (%s) is taken for %s (%s), want %s", tt.name, tt.category, got, why, tt.want)
		}
	}
}

func TestStagesConfigured(t *testing.T) {
	names := StatusNames{Acceptance: []string{"Zum Tee"}, Waiting: []string{" in progress"}, Done: []string{"Abandoned well"}}
	for _, tt := range []struct {
		name     string
		category backlog.Category
		want     Stage
	}{
		{"zum tee", backlog.Started, StageAcceptance},
		{"In Progress", backlog.Started, StageWaiting},
		{"Abandoned well", backlog.Completed, StageDone},
		{"Zum Tee danach", backlog.Started, StageWork},
	} {
		if got, _ := stage(backlog.StatusInfo{Name: tt.name, Category: tt.category}, names); got != tt.want {
			t.Errorf("%q is taken for %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestTypeKinds(t *testing.T) {
	rules := []TypeRule{{"Idea", "ignore"}, {"Wunsch", "story"}, {"Chore", "task"}, {"Thema", "epic"}, {"Panne", "bug"}, {"Teil", "sub-task"}}
	for _, tt := range []struct {
		name  string
		level backlog.Level
		want  kind
	}{
		{"Story", 0, kindStory},
		{"User Story", 0, kindStory},
		{"New Feature", 0, kindStory},
		{"Improvement", 0, kindStory},
		{"Anforderung", 0, kindStory},
		{"需求", 0, kindStory},
		{"ストーリー", 0, kindStory},
		{"История", 0, kindStory},
		{"Task", 0, kindTask},
		{"Technical task", 0, kindTask},
		{"Aufgabe", 0, kindTask},
		{"任务", 0, kindTask},
		{"タスク", 0, kindTask},
		{"Bug", 0, kindBug},
		{"Defect", 0, kindBug},
		{"Fehler", 0, kindBug},
		{"缺陷", 0, kindBug},
		{"バグ", 0, kindBug},
		{"Anything", -1, kindSub},
		{"子任务", 0, kindSub},
		{"Unteraufgabe", 0, kindSub},
		{"Anything", 1, kindRoadmap},
		{"Anything", 2, kindRoadmap},
		{"Service Request", 0, kindIgnored},
		{"Solicitud de servicio", 0, kindIgnored},
		{"Test Case", 0, kindIgnored},
		{"Zauber", 0, kindUnknown},
		{"idea", 0, kindIgnored},
		{"Wunsch", 0, kindStory},
		{"Chore", 0, kindTask},
		{"Thema", 0, kindRoadmap},
		{"Panne", 0, kindBug},
		{"Teil", 0, kindSub},
	} {
		if got := typeKind(backlog.TypeInfo{Name: tt.name, Level: tt.level}, rules); got != tt.want {
			t.Errorf("%q at level %d is kind %d, want %d", tt.name, tt.level, got, tt.want)
		}
	}
}

// TestEveryReasonAndActHasAName holds the tables of names to their constants.
func TestEveryReasonAndActHasAName(t *testing.T) {
	for r := range reason(len(reasonText)) {
		if r != counts && r.String() == "" {
			t.Errorf("reason %d has no text", r)
		}
	}
	seen := map[string]bool{}
	for k := range actKind(len(actKinds)) {
		if k.String() == "" || seen[k.String()] {
			t.Errorf("act %d is called %q, like another or not at all", k, k)
		}
		seen[k.String()] = true
	}
}

func TestValidate(t *testing.T) {
	if err := Validate(All()); err != nil {
		t.Error(err)
	}
	meta := func(name string, requires ...Analyzer) *Pass[int] {
		return &Pass[int]{Meta: Meta{Name: name, Question: "?", Doc: "d", Requires: requires}}
	}
	a := meta("a")
	for what, passes := range map[string][]Analyzer{
		"no name": {meta("")}, "no question": {&Pass[int]{Meta: Meta{Name: "a", Doc: "d"}}}, "no doc": {&Pass[int]{Meta: Meta{Name: "a", Question: "?"}}},
		"twice": {a, meta("a")}, "before what it requires": {meta("b", a), a}, "without what it requires": {meta("b", a)},
	} {
		if Validate(passes) == nil {
			t.Errorf("%s: accepted", what)
		}
	}
	if err := Validate([]Analyzer{a, meta("b", a)}); err != nil {
		t.Error(err)
	}
}
