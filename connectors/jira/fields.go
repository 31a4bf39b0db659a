package jira

import (
	"fmt"
	"strings"

	"defacto/backlog"
)

// role is what a custom field is for. Its number differs from site to site, its
// name from language to language.
type role uint8

const (
	roleNone role = iota
	roleSprint
	roleRank
	roleEpicLink
	roleEpicName
	roleParentLink
	roleFlagged
	rolePoints
	roleCriteria
	roleTargetStart
	roleTargetEnd
	roleImportID
	roleCount
)

// field is what a change of a field of this role changes.
func (r role) field() backlog.Field {
	switch r {
	case roleSprint:
		return backlog.FieldSprint
	case roleRank:
		return backlog.FieldRank
	case roleEpicLink, roleParentLink:
		return backlog.FieldParent
	case roleFlagged:
		return backlog.FieldFlagged
	case rolePoints:
		return backlog.FieldEstimate
	case roleCriteria:
		return backlog.FieldCriteria
	case roleTargetStart:
		return backlog.FieldTargetStart
	case roleTargetEnd:
		return backlog.FieldTargetEnd
	}
	return backlog.FieldOther
}

// catalogue is what is known of a site's custom fields, and of the types and
// states that issues may name without explaining.
type catalogue struct {
	listed   bool // the site's field list was read: what it does not explain is nothing
	keyed    bool // some custom field holds keys of issues on stories
	roles    map[string]role
	names    map[string]role // lower case, as the site's own language calls them
	statuses map[string]backlog.Status
	types    map[string]backlog.Type
	epics    map[string]bool // types that learning found to be epics
	desks    map[string]bool // by project key: whether customers speak in it
}

func newCatalogue() *catalogue {
	return &catalogue{roles: map[string]role{}, names: map[string]role{}, statuses: map[string]backlog.Status{}, types: map[string]backlog.Type{}, epics: map[string]bool{}, desks: map[string]bool{}}
}

// Fields reads the payload of /rest/api/{2,3}/field: an array, or a page of
// /field/search. From then on custom fields are known by their schema.
func (d *Decoder) Fields(data []byte) error {
	return d.list("fields", data, func() error {
		var id, name, original, custom string
		err := d.r.object(func(member string) error {
			switch member {
			case "id":
				return d.r.into(&id)
			case "name":
				return d.r.into(&name)
			case "untranslatedName":
				return d.r.into(&original)
			case "schema":
				return d.r.object(func(member string) error {
					if member == "custom" {
						return d.r.into(&custom)
					}
					return d.r.skip()
				})
			}
			return d.r.skip()
		})
		if !isCustom(id) {
			return err
		}
		role := roleOfSchema(custom, name, original)
		d.catalogue.listed = true
		d.catalogue.roles[id] = role
		for _, n := range []string{name, original} {
			n = fold(n)
			if d.catalogue.names[n] == roleNone {
				d.catalogue.names[n] = role
			}
		}
		return err
	})
}

func isCustom(id string) bool { return strings.HasPrefix(id, "customfield_") }

func fold(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// roleOfSchema reads a field's schema.custom, "com.pyxis.greenhopper.jira:gh-sprint".
// Fields of the general kinds go by their names.
func roleOfSchema(custom, name, original string) role {
	_, kind, _ := strings.Cut(custom, ":")
	switch kind {
	case "gh-sprint":
		return roleSprint
	case "gh-lexo-rank", "gh-global-rank":
		return roleRank
	case "gh-epic-link":
		return roleEpicLink
	case "gh-epic-label":
		return roleEpicName
	case "jsw-story-points":
		return rolePoints
	case "jpo-custom-field-parent":
		return roleParentLink
	case "jpo-custom-field-baseline-start":
		return roleTargetStart
	case "jpo-custom-field-baseline-end":
		return roleTargetEnd
	case "importid":
		return roleImportID
	}
	for _, n := range []string{original, name} {
		if r := roleOfName(fold(n)); fits(r, kind) {
			return r
		}
	}
	return roleNone
}

// fits reports whether a field of a general kind may have a role by its name.
func fits(r role, kind string) bool {
	switch r {
	case roleNone:
		return false
	case rolePoints:
		return kind == "float" || kind == ""
	case roleTargetStart, roleTargetEnd:
		return kind == "datepicker" || kind == "datetime" || kind == ""
	case roleFlagged:
		return kind == "multicheckboxes" || kind == ""
	case roleCriteria:
		return true
	}
	return kind == ""
}

// roleOfName knows what Jira calls its own fields in the languages it ships, in
// lower case. It is asked only where no schema answers.
func roleOfName(name string) role {
	switch name {
	case "":
		return roleNone
	case "sprint", "sprints", "スプリント", "스프린트", "спринт", "冲刺", "衝刺", "迭代":
		return roleSprint
	case "rank", "rang", "rank (obsolete)", "rang (veraltet)", "global rank", "classement", "classificação", "clasificación", "rango", "ranking", "ランク", "순위", "ранг", "排名", "排序", "等级":
		return roleRank
	case "epic link", "epic-link", "epic-verknüpfung", "epos-verknüpfung", "lien epic", "lien d'epic", "lien d'épopée", "enlace de epic", "enlace de épica", "link do epic", "link épico", "エピック リンク", "エピックリンク", "에픽 링크", "史诗链接", "长篇故事链接", "эпик-ссылка", "ссылка на эпик":
		return roleEpicLink
	case "epic name", "epic-name", "epos-name", "nom de l'epic", "nombre de epic", "エピック名", "에픽 이름", "史诗名称", "长篇故事名称", "название эпика":
		return roleEpicName
	case "parent link", "übergeordneter link", "lien parent", "enlace padre", "親リンク", "상위 링크", "父链接", "родительская ссылка":
		return roleParentLink
	case "flagged", "markiert", "gekennzeichnet", "marqué", "marcado", "marcada", "フラグ付き", "플래그 지정됨", "已标记", "标记", "помечено":
		return roleFlagged
	case "story points", "story point", "story-points", "storypoints", "story point estimate", "story-point-schätzung", "points de story", "points d'effort", "puntos de historia", "pontos de história", "ストーリー ポイント", "ストーリーポイント", "스토리 포인트", "故事点", "故事点数", "стори поинты":
		return rolePoints
	case "target start", "start date", "startdatum", "zielstart", "geplanter start", "date de début", "fecha de inicio", "data de início", "開始日", "시작 날짜", "开始日期", "дата начала":
		return roleTargetStart
	case "target end", "end date", "target date", "enddatum", "zielende", "geplantes ende", "date de fin", "fecha de finalización", "data de término", "終了日", "종료 날짜", "结束日期", "дата окончания":
		return roleTargetEnd
	case "external issue id":
		return roleImportID
	}
	for _, heading := range backlog.DefaultLexicon().Criteria {
		if name == heading && name != "definition of done" {
			return roleCriteria
		}
	}
	return roleNone
}

// systemField knows Jira's own fields by id and by the names changelogs use.
func systemField(name string) (backlog.Field, bool) {
	switch name {
	case "summary":
		return backlog.FieldSummary, true
	case "description":
		return backlog.FieldDescription, true
	case "status":
		return backlog.FieldStatus, true
	case "resolution":
		return backlog.FieldResolution, true
	case "priority":
		return backlog.FieldPriority, true
	case "assignee":
		return backlog.FieldAssignee, true
	case "reporter":
		return backlog.FieldReporter, true
	case "fixversions", "fix version", "fix version/s", "fix versions":
		return backlog.FieldVersion, true
	case "parent", "parent issue", "issueparentassociation":
		return backlog.FieldParent, true
	case "duedate", "due date":
		return backlog.FieldDueDate, true
	case "labels":
		return backlog.FieldLabels, true
	case "components", "component", "component/s":
		return backlog.FieldComponent, true
	case "issuelinks", "link", "remoteissuelink":
		return backlog.FieldLink, true
	case "issuetype", "issue type", "type":
		return backlog.FieldType, true
	case "project":
		return backlog.FieldProject, true
	case "key":
		return backlog.FieldKey, true
	case "attachment":
		return backlog.FieldAttachment, true
	}
	return backlog.FieldOther, false
}

// fieldKey is what a changelog item says about which field it is.
type fieldKey struct{ id, name, kind string }

// field finds out which field a changelog item is about: by the id's schema, else
// by the site's own names, else by the names Jira ships.
func (c *catalogue) field(k fieldKey) backlog.Field {
	name := fold(k.name)
	if isCustom(k.id) {
		if r, ok := c.roles[k.id]; ok {
			return r.field()
		}
		return roleOfName(name).field()
	}
	if f, ok := systemField(strings.ToLower(k.id)); ok {
		return f
	}
	if k.kind != "custom" {
		if f, ok := systemField(name); ok {
			return f
		}
	}
	if k.kind == "jira" {
		return backlog.FieldOther
	}
	if r, ok := c.names[name]; ok {
		return r.field()
	}
	return roleOfName(name).field()
}

// Statuses reads the payload of /rest/api/{2,3}/status, or a page of
// /statuses/search.
func (d *Decoder) Statuses(data []byte) error {
	return d.list("statuses", data, func() error {
		s, err := d.r.status()
		if s.ID != "" {
			d.catalogue.statuses[s.ID] = s
			d.facts.statuses[s.ID] = s
		}
		return err
	})
}

// IssueTypes reads the payload of /rest/api/{2,3}/issuetype.
func (d *Decoder) IssueTypes(data []byte) error {
	return d.list("issueTypes", data, func() error {
		t, err := d.issueType()
		if t.ID != "" {
			d.catalogue.types[t.ID] = t
			d.facts.types[t.ID] = t
		}
		return err
	})
}

// issueType reads an issue type with its level: what the site says, else by the
// sub-task flag, else an epic where the type is called one in some language.
func (d *Decoder) issueType() (backlog.Type, error) {
	var t backlog.Type
	var level string
	subtask := false
	if d.r.kind() != '{' {
		err := d.r.into(&t.Name)
		t.Level = d.catalogue.level(t)
		return t, err
	}
	err := d.r.object(func(member string) (err error) {
		switch member {
		case "id":
			return d.r.into(&t.ID)
		case "name":
			return d.r.into(&t.Name)
		case "subtask":
			subtask, err = d.r.flag()
			return err
		case "hierarchyLevel":
			return d.r.into(&level)
		}
		return d.r.skip()
	})
	switch n := wholeNumber(level, -100); {
	case n >= -1 && n <= 100:
		t.Level = backlog.Level(n)
	case subtask:
		t.Level = backlog.SubTask
	default:
		t.Level = d.catalogue.level(t)
	}
	return t, err
}

// level is the level of a type that says nothing of its own.
func (c *catalogue) level(t backlog.Type) backlog.Level {
	if known, ok := c.types[t.ID]; ok && t.ID != "" {
		return known.Level
	}
	if c.epics[t.ID] {
		return backlog.Epic
	}
	switch fold(t.Name) {
	case "epic", "epos", "épica", "epica", "épopée", "epik", "eepos", "эпик", "エピック", "에픽", "史诗", "長篇故事", "长篇故事", "史诗故事", "大型工作":
		return backlog.Epic
	case "initiative", "initiativ", "iniciativa", "iniziativa", "инициатива", "イニシアチブ", "이니셔티브", "举措", "计划":
		return backlog.Initiative
	}
	return backlog.Story
}

// list reads a payload that is an array, a single object, or a page that wraps
// an array as "values" or under the payload's own name.
func (d *Decoder) list(name string, data []byte, element func() error) error {
	wrap := func(err error) error {
		if err != nil {
			return fmt.Errorf("read the %s: %w", name, err)
		}
		return nil
	}
	d.r.open(data)
	switch k := d.r.kind(); {
	case k == 0:
		_, err := d.r.dec.ReadToken()
		return wrap(err)
	case k != '[' && k != '{':
		return wrap(fmt.Errorf("found %s where Jira sends an array", kindName(k)))
	case k == '[':
		if err := d.r.array(element); err != nil {
			return wrap(err)
		}
		return wrap(d.r.end())
	}
	pages := false
	err := d.r.object(func(member string) error {
		if d.r.kind() == '[' && (member == "values" || member == name) {
			pages = true
			return d.r.array(element)
		}
		return d.r.skip()
	})
	if err != nil || pages {
		return wrap(err)
	}
	d.r.open(data)
	return wrap(element())
}
