package lineartest

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"defacto/backlog"
)

// teamWords are the states, cycles and issue numbers of one team.
type teamWords struct {
	object Object
	states map[string]Object // by the status' id in the backlog values
	cycles map[string]Object
}

// quiet is how long after an issue was made Linear keeps no history of it.
const quiet = 3 * time.Minute

// encoding turns backlog values into a workspace.
type encoding struct {
	*World
	statuses map[string]backlog.Status
	sprints  map[string]backlog.Sprint
	versions map[string]backlog.Version
	levels   map[string]backlog.Level // by id
	ids      map[string]string        // by key
	epics    map[string]string        // of stories
	spans    map[string][]string      // team keys with a story below a roadmap item
}

// Add puts backlog values of any tracker into the workspace, in the form Linear
// would have recorded them: epics become projects, sprints cycles, versions
// milestones, statuses the states of each team; what happened to an issue in its
// first three minutes leaves no entry; manual order and the history of roadmap
// items leave none at all. Loss counts what has no place. All batches that refer
// to each other belong into one call.
func (w *World) Add(batches ...backlog.Batch) {
	w.mu.Lock()
	defer w.mu.Unlock()
	e := &encoding{
		World: w, statuses: map[string]backlog.Status{}, sprints: map[string]backlog.Sprint{}, versions: map[string]backlog.Version{},
		levels: map[string]backlog.Level{}, ids: map[string]string{}, epics: map[string]string{}, spans: map[string][]string{},
	}
	for i := range batches {
		e.learn(&batches[i])
	}
	for _, level := range []func(backlog.Level) bool{ // what is referred to comes first
		func(l backlog.Level) bool { return l >= backlog.Initiative },
		func(l backlog.Level) bool { return l == backlog.Epic },
		func(l backlog.Level) bool { return l <= backlog.Story },
	} {
		for i := range batches {
			for j := range batches[i].Issues {
				if is := &batches[i].Issues[j]; level(is.Level) {
					e.item(is)
				}
			}
		}
	}
	for i := range batches {
		for j := range batches[i].Issues {
			e.children(&batches[i].Issues[j])
		}
		e.declared(batches[i].Declared)
	}
}

func (e *encoding) learn(b *backlog.Batch) {
	for _, a := range b.Accounts {
		e.account(a)
	}
	for _, s := range b.Scopes {
		t := e.team(s.Key)
		t.object["name"] = s.Name
		if s.Zone != "" {
			t.object["timezone"] = s.Zone
		}
		if s.Lead != "" {
			e.owner(s.Key, s.Lead, Epoch())
		}
	}
	for _, s := range b.Statuses {
		e.statuses[s.ID] = s
	}
	for _, s := range b.Sprints {
		e.sprints[s.ID] = s
	}
	for _, v := range b.Versions {
		e.versions[v.ID] = v
	}
	for i := range b.Issues {
		is := &b.Issues[i]
		e.levels[is.ID], e.ids[is.Key] = is.Level, is.ID
		e.team(is.Scope)
	}
	for i := range b.Issues {
		is := &b.Issues[i]
		up := cmp.Or(e.target(is.Epic), e.target(is.Parent))
		if is.Level <= backlog.Story && up != "" && e.levels[up].OnRoadmap() {
			e.epics[is.ID] = up
			e.spans[up] = append(e.spans[up], is.Scope)
		}
	}
}

// target is the id a Ref points at.
func (e *encoding) target(r backlog.Ref) string { return cmp.Or(r.ID, e.ids[r.Key]) }

func (e *encoding) account(a backlog.Account) {
	if a.Kind == backlog.CustomerAccount {
		e.put("externalUsers", Object{"id": a.ID, "name": a.Name, "displayName": a.Name, "email": a.Email, "createdAt": Epoch()})
		return
	}
	made := Epoch().Add(time.Duration(len(e.roots["users"])) * time.Minute)
	e.put("users", Object{
		"id": a.ID, "name": a.Name, "displayName": cmp.Or(a.Handle, strings.ToLower(strings.ReplaceAll(a.Name, " ", "."))),
		"email": a.Email, "active": a.Active, "app": a.Kind == backlog.AppAccount, "timezone": orNil(a.Zone), "createdAt": made, "updatedAt": made,
	})
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// user is the object of an account, nil where it is none of the workspace's users.
func (e *encoding) user(id string) any {
	if o := e.byID["users/"+id]; o != nil && id != "" {
		return o
	}
	return nil
}

func (e *encoding) team(key string) *teamWords {
	if t := e.teams[key]; t != nil {
		return t
	}
	made := Epoch().Add(time.Duration(len(e.teams)) * time.Minute)
	t := &teamWords{
		object: Object{"id": "team-" + key, "key": key, "name": key, "timezone": "UTC", "createdAt": made, "updatedAt": made},
		states: map[string]Object{}, cycles: map[string]Object{},
	}
	e.teams[key] = t
	e.put("teams", t.object)
	return t
}

func (e *encoding) owner(team, account string, from time.Time) {
	if e.user(account) == nil {
		return
	}
	e.put("teamMemberships", Object{
		"id": "member-" + team + "-" + account, "owner": true, "user": e.user(account), "team": e.team(team).object,
		"createdAt": from, "updatedAt": from,
	})
}

func (e *encoding) declared(list []backlog.Declaration) {
	for _, d := range list {
		if d.Role == backlog.ProductOwner && d.Account != "" && d.Scope != "" {
			from := d.From
			if from.IsZero() {
				from = Epoch()
			}
			e.owner(d.Scope, d.Account, from)
		} else {
			e.loss["declared "+d.Role.String()]++
		}
	}
}

// state is a team's own state for a status.
func (e *encoding) state(team, id, name string, category backlog.Category) Object {
	if id == "" && name == "" {
		return nil
	}
	t := e.team(team)
	key := cmp.Or(id, name)
	if o := t.states[key]; o != nil {
		return o
	}
	s, ok := e.statuses[id]
	if !ok {
		s = backlog.Status{ID: key, Name: cmp.Or(name, id), Category: category}
	}
	o := Object{
		"id": "state-" + team + "-" + key, "name": s.Name, "type": stateType(s), "position": float64(s.Position), "team": t.object,
		"createdAt": Epoch(), "updatedAt": Epoch(),
	}
	if s.Scope != "" { // a team's own already
		o["id"] = s.ID
	}
	t.states[key] = o
	e.put("workflowStates", o)
	return o
}

// stateType finds the type Linear would give a status of a tracker with three categories.
func stateType(s backlog.Status) string {
	low := strings.ToLower(s.Name)
	switch {
	case s.Category == backlog.Unstarted && (strings.Contains(low, "backlog") || strings.Contains(low, "triage")):
		return "backlog"
	case s.Category == backlog.Completed && (strings.Contains(low, "won't") || strings.Contains(low, "cancel") || strings.Contains(low, "reject")):
		return "canceled"
	case s.Category == backlog.Completed && strings.Contains(low, "duplicate"):
		return "duplicate"
	case s.Category == backlog.CategoryUnknown:
		return "unstarted"
	}
	return s.Category.String()
}

// cycle is a team's own cycle for a sprint; of several ids the newest counts.
func (e *encoding) cycle(team, ids string) Object {
	if ids == "" {
		return nil
	}
	list := strings.Split(ids, ",")
	id := strings.TrimSpace(list[len(list)-1])
	t := e.team(team)
	if o := t.cycles[id]; o != nil {
		return o
	}
	s := e.sprints[id]
	o := Object{
		"id": "cycle-" + team + "-" + id, "name": orNil(s.Name), "number": float64(len(t.cycles) + 1), "team": t.object,
		"startsAt": s.Start, "endsAt": s.End, "completedAt": s.Completed, "createdAt": Epoch(), "updatedAt": Epoch(),
	}
	t.cycles[id] = o
	e.put("cycles", o)
	return o
}

// milestone is a project's milestone for a version; without a project there is none.
func (e *encoding) milestone(project, version string) Object {
	p := e.byID["projects/"+project]
	if version == "" || p == nil {
		if version != "" {
			e.loss["version of an issue without a project"]++
		}
		return nil
	}
	id := project + "-" + version
	if o := e.byID["projectMilestones/"+id]; o != nil {
		return o
	}
	v := e.versions[version]
	o := Object{"id": id, "name": cmp.Or(v.Name, version), "targetDate": date(v.Release), "project": p, "createdAt": Epoch(), "updatedAt": Epoch()}
	e.put("projectMilestones", o)
	return o
}

func (e *encoding) label(name string) string {
	id := "label-" + strings.ToLower(name)
	if e.byID["issueLabels/"+id] == nil {
		e.put("issueLabels", Object{"id": id, "name": name, "createdAt": Epoch(), "updatedAt": Epoch()})
	}
	return id
}

func date(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(time.DateOnly)
}

// priority reads a priority's name in Linear's words or Jira's.
func priority(name string) float64 {
	switch strings.ToLower(name) {
	case "urgent", "highest", "blocker", "critical", "1":
		return 1
	case "high", "major", "2":
		return 2
	case "medium", "normal", "3":
		return 3
	case "low", "lowest", "minor", "trivial", "4":
		return 4
	}
	return 0
}

func (e *encoding) item(is *backlog.Issue) {
	switch {
	case is.Level >= backlog.Initiative:
		e.initiative(is)
	case is.Level == backlog.Epic:
		e.project(is)
	default:
		e.issue(is)
	}
}

// children adds what hangs on an item, now that everything it may refer to is there.
func (e *encoding) children(is *backlog.Issue) {
	root := "issues"
	switch {
	case is.Level >= backlog.Initiative:
		root = "initiatives"
	case is.Level == backlog.Epic:
		root = "projects"
	}
	o := e.byID[root+"/"+is.ID]
	for i := range is.Comments {
		e.comment(&is.Comments[i], root, o)
	}
	if root == "issues" {
		e.parent(is, o)
		e.history(is, o)
		return
	}
	for i := range is.Changes {
		e.roadmapChange(&is.Changes[i], root, o)
	}
	ups := append([]backlog.Ref{is.Parent, is.Epic}, is.Roadmaps...)
	for _, up := range ups {
		i := e.byID["initiatives/"+e.target(up)]
		switch {
		case i == nil:
		case root == "initiatives":
			o["parentInitiative"] = i
		default:
			id, _ := i["id"].(string)
			e.put("initiativeToProjects", Object{"id": id + "-" + is.ID, "initiative": i, "project": o, "createdAt": is.Created, "updatedAt": is.Created})
		}
	}
}

func (e *encoding) parent(is *backlog.Issue, o Object) {
	if p := e.byID["issues/"+e.target(is.Parent)]; p != nil {
		o["parent"] = p
	}
}

func (e *encoding) project(is *backlog.Issue) {
	teams := append([]string{is.Scope}, is.Teams...)
	teams = append(teams, e.spans[is.ID]...)
	slices.Sort(teams)
	var spanned Connection
	for _, key := range slices.Compact(teams) {
		if key != "" {
			spanned = append(spanned, e.team(key).object)
		}
	}
	o := e.planned(is)
	o["content"], o["description"] = source(is.Description), ""
	o["status"] = e.status(projectType(is.Category))
	o["lead"], o["teams"] = e.user(is.Assignee), spanned
	o["startDate"] = date(is.TargetStart)
	o["completedAt"] = is.Resolved
	o["url"] = "https://linear.app/acme/project/" + strings.ToLower(is.Key)
	e.put("projects", o)
}

// projectType is the type of project status for a category.
func projectType(c backlog.Category) string {
	switch c {
	case backlog.Unstarted:
		return "planned"
	case backlog.Started:
		return "started"
	case backlog.Completed:
		return "completed"
	case backlog.Canceled, backlog.Duplicate:
		return "canceled"
	}
	return "backlog"
}

func (e *encoding) status(kind string) Object {
	list, _ := e.organization["projectStatuses"].([]Object)
	for _, s := range list {
		if s["type"] == kind {
			return s
		}
	}
	return list[0]
}

func (e *encoding) initiative(is *backlog.Issue) {
	o := e.planned(is)
	o["description"] = source(is.Description)
	o["status"] = map[backlog.Category]string{
		backlog.Backlog: "Proposed", backlog.Triage: "Proposed", backlog.Unstarted: "Planned", backlog.Started: "Active",
		backlog.Completed: "Completed", backlog.Canceled: "Canceled", backlog.Duplicate: "Canceled", backlog.CategoryUnknown: "Planned",
	}[is.Category]
	o["owner"] = e.user(is.Assignee)
	o["completedAt"] = is.Resolved
	o["url"] = "https://linear.app/acme/initiative/" + strings.ToLower(is.Key)
	e.put("initiatives", o)
}

// planned are the fields projects and initiatives share.
func (e *encoding) planned(is *backlog.Issue) Object {
	target := is.TargetEnd
	if target.IsZero() {
		target = is.Due
	}
	o := Object{
		"id": is.ID, "name": is.Title, "slugId": strings.ToLower(is.Key), "priority": priority(is.Priority),
		"sortOrder": float64(len(e.roots["projects"])), "targetDate": date(target),
		"createdAt": is.Created, "updatedAt": later(is), "trashed": false, "creator": e.user(is.Creator),
	}
	return o
}

// later is when an item last changed.
func later(is *backlog.Issue) time.Time {
	at := is.Updated
	if at.Before(is.Created) {
		at = is.Created
	}
	for i := range is.Changes {
		if t := is.Changes[i].At; t.After(at) {
			at = t
		}
	}
	for i := range is.Comments {
		if t := is.Comments[i].At; t.After(at) {
			at = t
		}
	}
	return at
}

func (e *encoding) issue(is *backlog.Issue) {
	number := 0
	if i := strings.LastIndexByte(is.Key, '-'); i >= 0 {
		number, _ = strconv.Atoi(is.Key[i+1:])
	}
	order, err := strconv.ParseFloat(is.Rank, 64)
	if err != nil {
		order = float64(10 * len(e.roots["issues"]))
	}
	labels := make([]string, 0, len(is.Labels)+1)
	for _, l := range is.Labels {
		labels = append(labels, e.label(l))
	}
	if is.Level == backlog.Story && is.TypeName != "" && is.TypeName != "Issue" {
		if id := e.label(is.TypeName); !slices.Contains(labels, id) {
			labels = append(labels, id)
		}
	}
	at := later(is)
	o := Object{
		"id": is.ID, "identifier": is.Key, "number": float64(number), "title": is.Title, "description": orNil(source(is.Description)),
		"priority": priority(is.Priority), "sortOrder": order, "dueDate": date(is.Due), "createdAt": is.Created, "updatedAt": at,
		"trashed": false, "customerTicketCount": 0.0, "labelIds": labels, "previousIdentifiers": append([]string{}, is.OldKeys...),
		"team": e.team(is.Scope).object, "state": e.state(is.Scope, is.Status, is.StatusName, is.Category),
		"assignee": e.user(is.Assignee), "creator": e.user(is.Creator),
	}
	if is.Estimate != nil {
		o["estimate"] = *is.Estimate
	}
	if x := e.byID["externalUsers/"+is.Creator]; x != nil && is.Creator != "" {
		o["externalUserCreator"] = x
	}
	if is.Reporter != "" && is.Reporter != is.Creator {
		if u := e.user(is.Reporter); u != nil {
			o["asksRequester"] = u
		} else {
			e.loss["reporter from outside"]++
		}
	}
	if is.Machine && e.user(is.Creator) == nil {
		o["botActor"] = Object{"id": "bot-automation", "type": "automation", "name": "Automation"}
	} else if is.Machine {
		o["recurringIssueTemplate"] = Object{"id": "template-1"}
	}
	if p := e.byID["projects/"+e.epics[is.ID]]; p != nil {
		o["project"] = p
	}
	if n := len(is.Sprints); n > 0 {
		if c := e.cycle(is.Scope, is.Sprints[n-1]); c != nil {
			o["cycle"] = c
		}
	}
	if n := len(is.Versions); n > 0 {
		if m := e.milestone(e.epics[is.ID], is.Versions[n-1]); m != nil {
			o["projectMilestone"] = m
		}
	}
	if is.Flagged {
		e.loss["flag"]++
	}
	e.put("issues", o)
}

// roadmapChange keeps what Linear tells of a roadmap item's changes: its updates
// and what customers asked for.
func (e *encoding) roadmapChange(c *backlog.Change, root string, o Object) {
	switch {
	case c.Field == backlog.FieldUpdate:
		u := Object{"id": fmt.Sprintf("%s-%s-%d", root, c.ID, c.Ordinal), "health": cmp.Or(c.To, "onTrack"), "createdAt": c.At, "updatedAt": c.At, "user": e.user(c.Author)}
		if root == "projects" {
			u["project"] = o
			e.put("projectUpdates", u)
		} else {
			u["initiative"] = o
			e.put("initiativeUpdates", u)
		}
	case e.need(c, root, o):
	case e.recorded(c, o):
	default:
		e.loss["history of a roadmap item: "+c.Field.String()]++
	}
}

// need makes a customer's need of a link to a request or of a recorded need.
func (e *encoding) need(c *backlog.Change, root string, o Object) bool {
	if c.Field != backlog.FieldNeed && (c.Field != backlog.FieldLink || backlog.LinkKind(max(c.Measure, 0)) != backlog.LinkMarket) {
		return false
	}
	n := Object{
		"id": fmt.Sprintf("need-%s-%d", c.ID, c.Ordinal), "createdAt": c.At, "updatedAt": c.At, "priority": 0.0, "creator": e.user(c.Author),
		"customer": Object{"id": "customer-" + cmp.Or(c.To, c.ToName, "1"), "name": cmp.Or(c.ToName, "A customer")},
	}
	if root == "projects" {
		n["project"] = o
	} else {
		n["issue"] = o
	}
	e.put("customerNeeds", n)
	return true
}

// recorded puts a change into the history of a roadmap item. Linear does not
// document the form of its records; this is one of those it may have.
func (e *encoding) recorded(c *backlog.Change, o Object) bool {
	property, ok := map[backlog.Field]string{
		backlog.FieldDueDate: "TargetDate", backlog.FieldTargetEnd: "TargetDate", backlog.FieldTargetStart: "StartDate", backlog.FieldStatus: "Status",
		backlog.FieldPriority: "Priority", backlog.FieldAssignee: "LeadId", backlog.FieldSummary: "Name", backlog.FieldDescription: "Description",
		backlog.FieldParent: "InitiativeId",
	}[c.Field]
	if !ok {
		return false
	}
	from, to := orNil(cmp.Or(c.From, c.FromName)), orNil(cmp.Or(c.To, c.ToName))
	switch c.Field {
	case backlog.FieldPriority:
		from, to = priority(cmp.Or(c.FromName, c.From)), priority(cmp.Or(c.ToName, c.To))
	case backlog.FieldStatus:
		from, to = e.status(projectType(e.statuses[c.From].Category))["id"], e.status(projectType(e.statuses[c.To].Category))["id"]
	case backlog.FieldParent:
		from, to = orNil(e.above(c.From, c.FromName)), orNil(e.above(c.To, c.ToName))
	}
	record := Object{
		"id": fmt.Sprintf("%s-%d", c.ID, c.Ordinal), "createdAt": c.At,
		"entries": []any{map[string]any{"actorId": orNil(c.Author), "from" + property: from, "to" + property: to}},
	}
	history, _ := o["history"].(Connection)
	o["history"] = append(history, record)
	return true
}
