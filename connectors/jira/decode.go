package jira

import (
	"bytes"
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"defacto/backlog"
)

// Decoder turns the JSON of Jira's REST API, of any version and product, into
// facts. What a list teaches (fields, statuses, types) is used for the issues
// decoded afterwards. A Decoder is used by one goroutine at a time; see Fork.
type Decoder struct {
	r         *reader
	catalogue *catalogue
	facts     facts
	wire      wireIssue
	fields    map[fieldKey]backlog.Field // answers of the catalogue
	sprints   map[string]string          // changelog's sprint values → ids
	requests  map[string]bool            // names of issue types → whether they are a customer's voice
	votes     *votes                     // what learning has seen, nil where it has not begun

	base   string // of the newest link to an issue: nearly all are alike
	origin string // of the issue decoded last
}

// mostAnswers bounds what a decoder remembers of hostile input.
const mostAnswers = 1 << 15

// NewDecoder returns a decoder that knows no site yet.
func NewDecoder() *Decoder { return newDecoder(newCatalogue()) }

func newDecoder(c *catalogue) *Decoder {
	return &Decoder{r: newReader(), catalogue: c, facts: newFacts(), fields: map[fieldKey]backlog.Field{}, sprints: map[string]string{}, requests: map[string]bool{}}
}

// Fork returns a decoder for another goroutine that knows what d knows of the
// site. From then on neither may be taught: not by a list, not by Settle.
func (d *Decoder) Fork() *Decoder { return newDecoder(d.catalogue) }

// Listed reports whether the site's fields and states were both listed, so that
// nothing needs to be learnt from the issues.
func (d *Decoder) Listed() bool { return d.catalogue.listed && len(d.catalogue.statuses) > 0 }

// wireIssue is what reading an issue gathers before its parts can be joined.
type wireIssue struct {
	iss                         backlog.Issue
	histories                   []wireHistory
	items                       []wireItem
	custom                      []customValue
	values                      []byte // of the custom fields, one after the other
	sprints                     []backlog.Sprint
	epicName                    bool
	hasFields                   bool
	hasChangelog, hasComments   bool
	changesTotal, commentsTotal int
	commentsListed              bool
}

// customValue is a custom field's JSON, kept in wireIssue.values.
type customValue struct {
	id       string
	from, to int
}

func (w *wireIssue) reset() {
	*w = wireIssue{
		histories: w.histories[:0], items: w.items[:0], custom: w.custom[:0], values: w.values[:0], sprints: w.sprints[:0],
		changesTotal: -1, commentsTotal: -1,
	}
	w.iss.PromisedChanges, w.iss.PromisedComments = -1, -1
}

// Issue decodes one issue as search, GET issue and exports send it: its fields,
// and its changelog and comments as far as they are embedded. What it says of
// accounts, projects, sprints and versions is kept for Drain. An error means that
// nothing of this issue can be used.
func (d *Decoder) Issue(data []byte) (backlog.Issue, error) {
	w := &d.wire
	w.reset()
	d.origin = ""
	d.r.open(data)
	if d.r.kind() == 0 {
		_, err := d.r.dec.ReadToken()
		return backlog.Issue{}, fmt.Errorf("issue: %w", err)
	}
	err := d.r.must('{', "issue")
	if err == nil {
		err = d.issue()
	}
	if err == nil {
		err = d.r.end()
	}
	iss := w.iss
	switch {
	case err != nil && iss.Key != "":
		return backlog.Issue{}, fmt.Errorf("issue %s: %w", clip(iss.Key, 40), err)
	case err != nil:
		return backlog.Issue{}, fmt.Errorf("issue: %w", err)
	case iss.ID == "" && iss.Key == "":
		return backlog.Issue{}, fmt.Errorf("not an issue: neither id nor key")
	case !w.hasFields:
		return backlog.Issue{}, fmt.Errorf("issue %s: no fields", clip(cmp.Or(iss.Key, iss.ID), 40))
	}
	iss.ID, iss.Key = cmp.Or(iss.ID, iss.Key), cmp.Or(iss.Key, iss.ID)
	d.join(&iss)
	return iss, nil
}

func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}

func (d *Decoder) issue() error {
	w := &d.wire
	return d.r.object(func(member string) error {
		switch member {
		case "id":
			return d.r.textInto(&w.iss.ID)
		case "key":
			return d.r.textInto(&w.iss.Key)
		case "self":
			return d.self()
		case "fields":
			if err := d.r.must('{', "fields"); err != nil {
				return err
			}
			w.hasFields = d.r.kind() == '{'
			return d.r.object(d.member)
		case "changelog":
			return d.changelog()
		}
		return d.r.skip()
	})
}

// self learns the site's address from an issue's own link.
func (d *Decoder) self() error {
	link, err := d.r.text()
	if err != nil {
		return err
	}
	base, _, ok := strings.Cut(link, "/rest/api/")
	if !ok {
		return nil
	}
	if base != d.base {
		u, err := url.Parse(base)
		if err != nil {
			return nil //nolint:nilerr // a link nobody can follow tells no site, and is no reason to lose the issue
		}
		if u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.Host == "api.atlassian.com" {
			return nil
		}
		d.base = base
	}
	d.origin = d.base
	d.facts.site = cmp.Or(d.facts.site, d.base)
	return nil
}

// Origin returns the address of the site that the issue decoded last names as its
// own, "" where it names none.
func (d *Decoder) Origin() string { return d.origin }

// member reads one of an issue's fields.
func (d *Decoder) member(name string) (err error) {
	w, r := &d.wire, d.r
	iss := &w.iss
	switch name {
	case "summary":
		return r.textInto(&iss.Title)
	case "description":
		iss.Description, err = r.richText()
	case "status":
		var s backlog.Status
		s, err = r.status()
		if s.Category == backlog.CategoryUnknown {
			s.Category = cmp.Or(d.catalogue.statuses[s.ID].Category, factoryStatus(s.ID))
		}
		iss.Status, iss.StatusName, iss.Category = cmp.Or(s.ID, s.Name), s.Name, s.Category
	case "issuetype":
		var t backlog.Type
		t, err = d.issueType()
		iss.Type, iss.TypeName, iss.Level = cmp.Or(t.ID, t.Name), t.Name, t.Level
	case "resolution":
		iss.Resolution, err = r.named()
	case "priority":
		iss.Priority, err = r.named()
	case "creator":
		return d.who(&iss.Creator)
	case "reporter":
		return d.who(&iss.Reporter)
	case "assignee":
		return d.who(&iss.Assignee)
	case "project":
		var s backlog.Scope
		s, _, err = d.project(nil)
		iss.Scope = s.Key
		d.facts.scope(s)
	case "parent":
		iss.Parent, err = r.ref()
	case "epic":
		iss.Epic, err = r.ref()
	case "labels":
		return r.array(func() error { return addWord(r, &iss.Labels) })
	case "components":
		return r.array(func() error {
			name, err := r.named()
			if name != "" {
				iss.Components = append(iss.Components, name)
			}
			return err
		})
	case "fixVersions":
		return r.array(func() error {
			v, err := r.version()
			if v.ID != "" {
				iss.Versions = append(iss.Versions, v.ID)
				d.facts.version(v)
			}
			return err
		})
	case "issuelinks":
		return r.array(func() error {
			l, err := d.link()
			if !l.Other.Zero() {
				iss.Links = append(iss.Links, l)
			}
			return err
		})
	case "sprint", "closedSprints":
		return r.array(d.addSprint)
	case "flagged":
		iss.Flagged, err = r.flag()
	case "created":
		return r.when(&iss.Created)
	case "updated":
		return r.when(&iss.Updated)
	case "resolutiondate":
		return r.when(&iss.Resolved)
	case "duedate":
		return r.when(&iss.Due)
	case "comment":
		return d.comments()
	default:
		if isCustom(name) {
			return d.custom(name)
		}
		return r.skip()
	}
	return err
}

func addWord(r *reader, list *[]string) error {
	w, err := r.word()
	if w != "" {
		*list = append(*list, w)
	}
	return err
}

func (d *Decoder) addSprint() error {
	s, err := d.r.sprint()
	d.wire.sprints = addSprint(d.wire.sprints, s)
	return err
}

// ref reads a reference to another issue: an object with id and key, or a bare key.
func (r *reader) ref() (backlog.Ref, error) {
	var ref backlog.Ref
	if r.kind() != '{' {
		w, err := r.text()
		if isNumber(w) {
			ref.ID = w
		} else {
			ref.Key = w
		}
		return ref, err
	}
	err := r.object(func(member string) error {
		switch member {
		case "id":
			return r.textInto(&ref.ID)
		case "key":
			return r.textInto(&ref.Key)
		case "data": // Cloud's Parent Link wraps the issue
			if r.kind() == '{' {
				var err error
				ref, err = r.ref()
				return err
			}
		}
		return r.skip()
	})
	return ref, err
}

// version reads a fix version.
func (r *reader) version() (backlog.Version, error) {
	var v backlog.Version
	if r.kind() != '{' {
		return v, r.skip()
	}
	err := r.object(func(member string) (err error) {
		switch member {
		case "id":
			return r.into(&v.ID)
		case "name":
			return r.into(&v.Name)
		case "released":
			v.Released, err = r.flag()
			return err
		case "releaseDate":
			return r.when(&v.Release)
		}
		return r.skip()
	})
	return v, err
}

// custom keeps a custom field's value for later: which field it is may depend on
// what the changelog, further down, says.
func (d *Decoder) custom(id string) error {
	if d.r.kind() == 'n' {
		return d.r.skip()
	}
	role, known := d.catalogue.roles[id]
	if role == roleNone && (known || d.catalogue.listed) {
		return d.r.skip()
	}
	v, err := d.r.dec.ReadValue()
	if err != nil {
		return err
	}
	const longest = 64 << 10 // nothing that has to be recognised by its form is longer
	if role == roleNone && len(v) > longest {
		return nil
	}
	w := &d.wire
	from := len(w.values)
	w.values = append(w.values, v...)
	w.custom = append(w.custom, customValue{id, from, len(w.values)})
	return nil
}

// join puts together what only the whole document tells.
func (d *Decoder) join(iss *backlog.Issue) {
	w := &d.wire
	if iss.Scope == "" {
		iss.Scope = scopeOfKey(iss.Key)
		d.facts.scope(backlog.Scope{Key: iss.Scope})
	}
	for _, v := range iss.Versions {
		known := d.facts.versions[v]
		known.Scope = iss.Scope
		d.facts.versions[v] = known
	}
	d.joinLinks(iss)
	d.joinCustom(iss)
	if w.epicName && iss.Level == backlog.Story {
		iss.Level = backlog.Epic
	}
	slices.SortStableFunc(w.sprints, bySprintTime)
	for _, s := range w.sprints {
		iss.Sprints = append(iss.Sprints, s.ID)
		d.facts.sprint(s)
	}
	d.joinHistory(iss)
	d.joinComments(iss)
	d.joinEpic(iss)
}

// scopeOfKey is the project an issue's key begins with.
func scopeOfKey(key string) string {
	if i := strings.LastIndexByte(key, '-'); i > 0 {
		return key[:i]
	}
	return key
}

// joinHistory adds the embedded changes and says how complete they are.
func (d *Decoder) joinHistory(iss *backlog.Issue) {
	w := &d.wire
	if !w.hasChangelog {
		return
	}
	lost := d.addChanges(iss)
	iss.Changes = sortChanges(iss.Changes)
	have := entries(iss.Changes)
	iss.PromisedChanges = w.changesTotal
	if lost > 0 && iss.PromisedChanges < have+lost {
		iss.PromisedChanges = have + lost
	}
	switch {
	case iss.PromisedChanges <= have:
		iss.History = backlog.HistoryComplete
	case have > 0:
		iss.History = backlog.HistoryShort
	}
	iss.OldKeys = oldKeys(iss)
}

// joinEpic settles what is above the issue: the epic is left out where it is the
// parent, and taken from the last change where no field says it.
func (d *Decoder) joinEpic(iss *backlog.Issue) {
	if iss.Epic.Zero() && iss.Parent.Zero() && iss.Level == backlog.Story && iss.History == backlog.HistoryComplete {
		for i := len(iss.Changes) - 1; i >= 0; i-- {
			if c := &iss.Changes[i]; c.Field == backlog.FieldParent {
				iss.Epic = backlog.Ref{ID: c.To, Key: c.ToName}
				break
			}
		}
	}
	same := iss.Epic.Key != "" && iss.Epic.Key == iss.Parent.Key || iss.Epic.ID != "" && iss.Epic.ID == iss.Parent.ID
	if same {
		iss.Epic = backlog.Ref{}
	}
}

// joinCustom reads the custom fields kept: by role where the role is known, else
// by the form of the value.
func (d *Decoder) joinCustom(iss *backlog.Issue) {
	w := &d.wire
	// In the order of their numbers, so that of two of a kind always the same one counts.
	slices.SortFunc(w.custom, func(a, b customValue) int { return cmp.Or(len(a.id)-len(b.id), strings.Compare(a.id, b.id)) })
	for _, c := range w.custom {
		value := w.values[c.from:c.to]
		role := d.catalogue.roles[c.id]
		if role == roleNone {
			role = roleOfValue(value)
		}
		if role != roleNone {
			d.r.open(value)
			d.customRole(iss, role) // the value was valid JSON when it was read
		}
	}
}

func (d *Decoder) customRole(iss *backlog.Issue, role role) {
	w, r := &d.wire, d.r
	switch role {
	case roleSprint:
		_ = r.array(d.addSprint)
	case roleRank:
		v, _ := r.text()
		if isRank(v) {
			iss.Rank = v // of two, the newer one is in use
		}
	case roleEpicLink:
		if ref, _ := r.ref(); !ref.Zero() && iss.Epic.Zero() {
			iss.Epic = ref
		}
	case roleParentLink:
		if ref, _ := r.ref(); !ref.Zero() && iss.Parent.Zero() {
			iss.Parent = ref
		}
	case roleEpicName:
		v, _ := r.text()
		w.epicName = v != ""
	case roleFlagged:
		_ = r.array(func() error {
			iss.Flagged = true
			return r.skip()
		})
	case rolePoints:
		v, _ := r.text()
		if n, err := strconv.ParseFloat(v, 64); err == nil && iss.Estimate == nil && n >= 0 && n < 1e9 {
			iss.Estimate = &n
		}
	case roleCriteria:
		t, _ := r.richText()
		if !t.Empty() {
			iss.Criteria = t
		}
	case roleTargetStart:
		_ = r.when(&iss.TargetStart)
	case roleTargetEnd:
		_ = r.when(&iss.TargetEnd)
	case roleImportID:
		v, _ := r.text()
		iss.Imported = v != ""
	}
}

// roleOfValue recognises the few custom fields whose values have a form that
// nothing else has: ranks, sprints, flags.
func roleOfValue(v []byte) role {
	switch {
	case len(v) < 4:
	case v[0] == '"':
		if isRank(string(v[1 : len(v)-1])) {
			return roleRank
		}
	case v[0] == '[' || v[0] == '{':
		if bytes.Contains(v, []byte(sprintMark)) || looksLikeSprint(v) {
			return roleSprint
		}
		if bytes.Contains(v, []byte(`"Impediment"`)) {
			return roleFlagged
		}
	}
	return roleNone
}

// looksLikeSprint reports whether a value holds sprint objects: nothing else has
// a state and a board.
func looksLikeSprint(v []byte) bool {
	has := func(name string) bool { return bytes.Contains(v, []byte(name)) }
	return has(`"id"`) && has(`"state"`) && has(`"name"`) && (has(`"boardId"`) || has(`"originBoardId"`) || has(`"startDate"`) || has(`"goal"`))
}

// isRank recognises Jira's order values: "0|100c28:" or "1|hzzzzz:i".
func isRank(s string) bool {
	if len(s) < 4 || len(s) > 255 || s[0] < '0' || s[0] > '2' || s[1] != '|' {
		return false
	}
	colons := 0
	for _, c := range []byte(s[2:]) {
		switch {
		case c == ':':
			colons++
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z':
		default:
			return false
		}
	}
	return colons == 1
}
