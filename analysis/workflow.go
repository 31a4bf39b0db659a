package analysis

import (
	"slices"
	"strings"

	"defacto/backlog"
)

// Stage is what a status means for the work, beyond its category.
type Stage uint8

// The stages, in the order work usually takes.
const (
	StageUnknown    Stage = iota
	StageTriage           // arrived, not yet looked at
	StageBacklog          // known, not chosen
	StageReady            // chosen, not started
	StageWork             // somebody works on it
	StageReview           // other developers look at it
	StageTest             // it is tested
	StageWaiting          // the team waits for somebody's word
	StageAcceptance       // it waits to be accepted
	StageDone
	StageDeclined // cancelled, duplicate, won't do
)

var stageNames = [...]string{"unknown", "triage", "backlog", "ready", "work", "review", "test", "waiting", "acceptance", "done", "declined"}

// String returns the stage's name as doctor shows it.
func (s Stage) String() string { return stageNames[min(int(s), len(stageNames)-1)] }

// handedOver reports whether the developers have let go of the work.
func (s Stage) handedOver() bool {
	return s == StageReview || s == StageTest || s == StageAcceptance
}

// StatusNames are a source's own words for stages that names and categories do
// not give away; they win over every guess.
type StatusNames struct {
	Acceptance, Waiting, Review, Test, Ready, Backlog, Done []string
}

// TypeRule maps an issue type's name to what it is worth.
type TypeRule struct {
	Name string
	// As is story, task, bug, sub-task, epic, initiative or ignore.
	As string
}

// Guess says what a status was taken for, and why.
type Guess struct {
	Source, Status string
	Category       backlog.Category
	Stage          Stage
	Why            string // "configured", `its name says "review"`, "its category"
}

// stageWords are parts of status names in several languages. The first stage
// that matches wins, so the more telling ones stand first. A blank at a part's
// end stands for a word's end: "in pr " is not "In Progress".
var stageWords = []struct {
	stage Stage
	words []string
}{
	{StageAcceptance, []string{"accept", "abnahme", "uat", "sign-off", "sign off", "po review", "product review", "po check", "stakeholder review", "business review", "demo", "approval", "to approve", "freigabe", "recette", "homolog", "à valider", "a validar", "aceptaci", "aceitaç", "aprova", "aprobaci", "accettaz", "验收", "确认中", "受入", "受け入れ", "承認待", "인수", "приёмк", "приемк", "odbi"}},
	{StageWaiting, []string{"waiting for", "wait", "blocked", "on hold", "hold", "needs info", "need info", "needinfo", "more info", "feedback", "clarif", "question", "pending input", "wartet", "rückfrage", "klärung", "blockiert", "en attente", "bloqu", "esperando", "bloque", "aguardando", "in attesa", "等待", "阻塞", "挂起", "待確認", "保留", "ожида", "блок", "대기"}},
	{StageReview, []string{"überprüf"}}, // which "prüf" would take for a test
	{StageTest, []string{"test", "qa", "quality", "verif", "validat", "validac", "validaç", "prüf", "recettage", "prueba", "teste", "测试", "驗證", "验证", "テスト", "検証", "тест", "테스트"}},
	{StageReview, []string{"review", "in pr ", "pull request", "merge", "revue", "revisi", "revisã", "revisione", "评审", "审核", "レビュー", "ревью", "검토"}},
	{StageReady, []string{"ready", "selected", "planned", "to do", "todo", "next", "approved for", "groomed", "refined", "committed", "sprint backlog", "prioriti", "bereit", "geplant", "zu erledigen", "à faire", "prêt", "por hacer", "listo", "a fazer", "pronto", "da fare", "待办", "就绪", "已选择", "未着手", "к выполнению", "할 일"}},
	{StageTriage, []string{"triage", "received", "submitted", "unconfirmed", "inbox", "intake", "funnel", "eingang", "reçu", "recibido", "recebido", "ricevuto", "待处理", "受付", "получен"}},
	{StageBacklog, []string{"backlog", "open", "new", "idea", "icebox", "draft", "offen", "neu", "ouvert", "nouveau", "abierto", "nuevo", "aberto", "novo", "aperto", "nuovo", "打开", "新建", "积压", "オープン", "新規", "открыт", "новый"}},
}

var declinedWords = []string{"won't", "wont", "cancel", "reject", "declin", "duplicate", "abandon", "obsolete", "invalid", "not a bug", "cannot reproduce", "can't reproduce", "incomplete", "not fixed", "unresolved", "discard", "abgelehnt", "verworfen", "abgebrochen", "duplikat", "annul", "rejet", "doublon", "descart", "duplicad", "rechaz", "cancelad", "不做", "取消", "重复", "無効", "却下", "重複", "отклон", "дублик", "отмен"}

// resolvedWords name the completed status of Jira's classic workflow that still
// waits for somebody to verify and close it.
var resolvedWords = []string{"resolved", "gelöst", "résolu", "resuelt", "resolvid", "risolt", "已解决", "解決済", "решен"}

func containsAny(low string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(low, w) })
}

// declines reports whether a resolution's or a status' name says that the work was dropped.
func declines(name string) bool {
	return containsAny(strings.ToLower(name), declinedWords)
}

// stage says what a status means: the configured names first, then its name,
// bounded by its category, then the category alone.
func stage(s backlog.StatusInfo, names StatusNames) (Stage, string) {
	low := strings.ToLower(strings.TrimSpace(s.Name))
	for _, c := range []struct {
		stage Stage
		names []string
	}{
		{StageAcceptance, names.Acceptance},
		{StageWaiting, names.Waiting},
		{StageReview, names.Review},
		{StageTest, names.Test},
		{StageReady, names.Ready},
		{StageBacklog, names.Backlog},
		{StageDone, names.Done},
	} {
		if slices.ContainsFunc(c.names, func(n string) bool { return strings.EqualFold(strings.TrimSpace(n), strings.TrimSpace(s.Name)) }) {
			return c.stage, "configured"
		}
	}
	switch s.Category {
	case backlog.Canceled, backlog.Duplicate:
		return StageDeclined, "its category"
	case backlog.Triage:
		return StageTriage, "its category"
	case backlog.Backlog:
		return StageBacklog, "its category"
	}
	if s.Category == backlog.Completed {
		switch {
		case declines(low):
			return StageDeclined, "its name"
		case containsAny(low, resolvedWords):
			return StageReview, "its name: resolved, not yet closed"
		}
		return StageDone, "its category"
	}
	for _, g := range stageWords {
		if !fits(g.stage, s.Category) {
			continue
		}
		for _, w := range g.words {
			if strings.Contains(low+" ", w) {
				return g.stage, "its name says “" + strings.TrimSpace(w) + "”"
			}
		}
	}
	switch s.Category {
	case backlog.Unstarted:
		return StageReady, "its category"
	case backlog.Started:
		return StageWork, "its category"
	}
	return StageUnknown, "nothing"
}

// fits says which stages a category allows.
func fits(s Stage, c backlog.Category) bool {
	switch c {
	case backlog.Unstarted:
		return s == StageTriage || s == StageBacklog || s == StageReady || s == StageWaiting
	case backlog.Started:
		return s == StageReview || s == StageTest || s == StageWaiting || s == StageAcceptance
	}
	return true
}

// kind is what an issue type is worth to the analysis.
type kind uint8

const (
	kindUnknown kind = iota
	kindStory
	kindTask
	kindBug
	kindSub
	kindRoadmap
	kindIgnored // support requests, test cases: nobody's backlog
)

var kindWords = []struct {
	kind  kind
	words []string
}{
	{kindIgnored, []string{"incident", "support", "test case", "test execution", "test plan", "test set", "precondition", "risk", "access request"}},
	{kindBug, []string{"bug", "bogue", "defect", "fehler", "error", "erro", "falha", "incidencia", "problème", "fout", "fejl", "feil", "błąd", "chyba", "virhe", "hata", "defecto", "defeito", "erreur", "anomalie", "缺陷", "故障", "バグ", "不具合", "ошибка", "дефект", "버그"}},
	{kindSub, []string{"sub-task", "subtask", "unteraufgabe", "sous-tâche", "subtarea", "subtarefa", "子任务", "サブタスク", "подзадача"}},
	{kindStory, []string{"story", "feature", "improvement", "enhancement", "requirement", "user need", "wish", "suggestion", "issue", "geschichte", "anforderung", "funktion", "verbesserung", "récit", "amélioration", "historia", "mejora", "história", "melhoria", "storia", "故事", "需求", "改进", "新功能", "ストーリー", "要望", "改善", "新機能", "история", "улучшение", "스토리"}},
	{kindTask, []string{"task", "spike", "technical", "chore", "enabler", "documentation", "aufgabe", "tâche", "tarea", "tarefa", "attività", "任务", "タスク", "задача", "작업"}},
}

func typeKind(t backlog.TypeInfo, rules []TypeRule) kind {
	for _, r := range rules {
		if strings.EqualFold(r.Name, t.Name) {
			switch r.As {
			case "story":
				return kindStory
			case "task":
				return kindTask
			case "bug":
				return kindBug
			case "sub-task":
				return kindSub
			case "epic", "initiative":
				return kindRoadmap
			case "ignore":
				return kindIgnored
			}
		}
	}
	switch {
	case t.Level.OnRoadmap():
		return kindRoadmap
	case t.Level < backlog.Story:
		return kindSub
	}
	if backlog.IsRequest(t.Name) {
		return kindIgnored
	}
	low := strings.ToLower(t.Name)
	for _, k := range kindWords {
		if containsAny(low, k.words) {
			return k.kind
		}
	}
	return kindUnknown
}

// Workflow is what the statuses and types of a site mean, worked out once.
type Workflow struct {
	stages []Stage
	kinds  []kind
	Guess  []Guess // one a status, for doctor
	// reviews: by source, whether some status is a review, test or acceptance step.
	reviews  map[int32]bool
	releases map[release]int64        // released versions and when, unix ms
	declined map[backlog.ValueID]bool // resolutions that say that the work was dropped
}

// release is a version as a change names it.
type release struct{ id, name string }

// NewWorkflow works out the statuses and types of a site. names is by source name.
func NewWorkflow(site *backlog.Site, names map[string]StatusNames, types []TypeRule) *Workflow {
	w := &Workflow{
		stages:   make([]Stage, len(site.Statuses)),
		kinds:    make([]kind, len(site.Types)),
		reviews:  map[int32]bool{},
		releases: map[release]int64{},
		declined: map[backlog.ValueID]bool{},
	}
	for i, v := range site.Values {
		if v.Field == backlog.FieldResolution && declines(v.Name) {
			w.declined[backlog.ValueID(i)] = true
		}
	}
	for _, v := range site.Versions {
		if v.Released && v.Release > 0 {
			w.releases[release{v.ID, v.Name}] = v.Release
		}
	}
	for i, s := range site.Statuses {
		if i == 0 {
			continue
		}
		source := sourceName(site, s.Source)
		st, why := stage(s, names[source])
		w.stages[i] = st
		if st.handedOver() {
			w.reviews[s.Source] = true
		}
		w.Guess = append(w.Guess, Guess{Source: source, Status: s.Name, Category: s.Category, Stage: st, Why: why})
	}
	for i, t := range site.Types {
		if i > 0 {
			w.kinds[i] = typeKind(t, types)
		}
	}
	return w
}

func sourceName(site *backlog.Site, i int32) string {
	if int(i) < len(site.Sources) {
		return site.Sources[i].Name
	}
	return ""
}
