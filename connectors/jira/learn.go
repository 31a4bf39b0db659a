package jira

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"defacto/backlog"
)

// Where no field list came with the issues, their changelogs tell which custom
// field is which: Cloud's by naming the field's id beside its name, Data Center's
// because a field's value today is what its last change made it. The Epic Link is
// also known by what it points at. Votes are counted over all issues, so that their order does not matter. On the way the
// states are met that no issue is in any more.

// votes is what learning has counted.
type votes struct {
	named   map[string]map[role]int // field id → role its changes are named for
	agree   map[pair]int            // field and role: last change's value = today's
	differ  map[pair]int
	parents map[string]int            // type id → issues whose own history names an epic's children
	types   map[string]int            // type id → issues
	current map[string]bool           // ids of states some issue is in
	former  map[string]map[string]int // ids of states in changes → their names
	desks   map[string]bool           // by project key: whether customers speak in it
	epics   epicVotes
}

type pair struct {
	id   string
	role role
}

func newVotes() *votes {
	return &votes{
		named: map[string]map[role]int{}, agree: map[pair]int{}, differ: map[pair]int{}, parents: map[string]int{}, types: map[string]int{},
		current: map[string]bool{}, former: map[string]map[string]int{}, desks: map[string]bool{}, epics: newEpicVotes(),
	}
}

// Learn looks at an issue for what it tells of the site's custom fields. What it
// learns counts once Settle has been called. Broken issues teach nothing.
func (d *Decoder) Learn(data []byte) {
	if d.votes == nil {
		d.votes = newVotes()
	}
	d.wire.reset()
	d.r.open(data)
	if d.r.kind() != '{' || d.lesson() != nil {
		return
	}
	v, w := d.votes, &d.wire
	var last [roleCount]struct {
		at    *wireHistory
		item  *wireItem
		known bool
	}
	epicParent := false
	for i := range w.histories {
		h := &w.histories[i]
		for n := h.from; n < h.to; n++ {
			it := &w.items[n]
			epicParent = epicParent || it.field == "Epic Child"
			if it.field == "status" {
				v.state(it.from, it.fromName)
				v.state(it.to, it.toName)
			}
			r := d.roleOfItem(it)
			if r == roleNone {
				continue
			}
			if isCustom(it.fieldID) {
				v.name(it.fieldID, r)
				continue
			}
			l := &last[r]
			if !l.known || l.at.at.Before(h.at) || l.at.at.Equal(h.at) && compareIDs(l.at.id, h.id) <= 0 {
				l.at, l.item, l.known = h, it, true
			}
		}
	}
	if len(v.current) < mostAnswers {
		v.current[w.iss.Status] = true
	}
	if len(v.types) < mostAnswers {
		v.types[w.iss.Type]++
		if epicParent {
			v.parents[w.iss.Type]++
		}
	}
	if !d.catalogue.listed {
		v.epics.issue(w)
	}
	for r, l := range last {
		if l.known {
			d.compare(role(r), l.item)
		}
	}
}

// lesson reads as much of an issue as learning needs.
func (d *Decoder) lesson() error {
	return d.r.object(func(member string) error {
		switch member {
		case "key":
			return d.r.textInto(&d.wire.iss.Key)
		case "fields":
			return d.r.object(func(name string) (err error) {
				switch {
				case name == "issuetype":
					var t backlog.Type
					t, err = d.issueType()
					d.wire.iss.Type, d.wire.iss.TypeName, d.wire.iss.Level = t.ID, t.Name, t.Level
					return err
				case name == "parent":
					d.wire.iss.Parent, err = d.r.ref()
					return err
				case name == "status":
					var s backlog.Status
					s, err = d.r.status()
					d.wire.iss.Status = s.ID
					return err
				case name == "project":
					return d.lessonOfProject()
				case isCustom(name):
					return d.custom(name)
				}
				return d.r.skip()
			})
		case "changelog":
			return d.r.object(func(member string) error {
				if member != "histories" && member != "values" {
					return d.r.skip()
				}
				return d.histories()
			})
		}
		return d.r.skip()
	})
}

// lessonOfProject learns the type of the project an issue is in.
func (d *Decoder) lessonOfProject() error {
	s, kind, err := d.project(nil)
	if s.Key != "" && kind != "" && len(d.votes.desks) < mostAnswers {
		d.votes.desks[s.Key] = d.votes.desks[s.Key] || isDesk(kind)
	}
	return err
}

// roleOfItem is the role a changelog item's field has by its name or value.
func (d *Decoder) roleOfItem(it *wireItem) role {
	if it.kind == "jira" {
		return roleNone
	}
	if rankMeasure(it.toName) != 0 {
		return roleRank
	}
	return roleOfName(fold(it.field))
}

// compare votes for every custom field whose value is what the item left.
func (d *Decoder) compare(r role, it *wireItem) {
	if it.to == "" && it.toName == "" {
		return
	}
	w := &d.wire
	for _, c := range w.custom {
		d.r.open(w.values[c.from:c.to])
		if d.r.kind() == '{' || d.r.kind() == '[' {
			continue
		}
		value, _ := d.r.text() // valid JSON when it was read
		p := pair{c.id, r}
		if len(d.votes.agree)+len(d.votes.differ) >= mostAnswers {
			return
		}
		if sameValue(r, value, it) {
			d.votes.agree[p]++
		} else {
			d.votes.differ[p]++
		}
	}
}

// sameValue compares a field's value with what a change of such a field left.
func sameValue(r role, value string, it *wireItem) bool {
	switch r {
	case rolePoints:
		a, err1 := strconv.ParseFloat(value, 64)
		b, err2 := strconv.ParseFloat(it.toName, 64)
		return err1 == nil && err2 == nil && a == b && a != 0 // zero is what many a counter says
	case roleTargetStart, roleTargetEnd:
		t := parseTime(value)
		return !t.IsZero() && t.Equal(parseTime(cmp.Or(it.to, it.toName)))
	case roleEpicLink, roleParentLink, roleCriteria, roleImportID:
		return value == it.toName
	}
	return false // sprints, ranks and flags are known by their form
}

// Settle takes what d and the others have learnt as true of the site. The others
// are forks of d; none of them may be in use.
func (d *Decoder) Settle(others ...*Decoder) {
	all := newVotes()
	for _, o := range append([]*Decoder{d}, others...) {
		if o.votes != nil {
			all.add(o.votes)
		}
		o.votes = nil
		if o != d {
			o.facts = newFacts() // what was met on the way comes again
		}
	}
	if !d.catalogue.listed {
		all.settle(d.catalogue)
	}
	for key, desk := range all.desks {
		if _, listed := d.catalogue.desks[key]; !listed {
			d.catalogue.desks[key] = desk
		}
	}
	clear(d.fields)
	for _, s := range all.formerStates() {
		if _, listed := d.catalogue.statuses[s.ID]; !listed {
			d.facts.statuses[s.ID] = s
		}
	}
}

// formerStates are the states that changes speak of though no issue is in them
// any more. Of their categories only those of Jira's first states are known.
func (v *votes) formerStates() []backlog.Status {
	var list []backlog.Status
	for id, names := range v.former {
		if v.current[id] {
			continue
		}
		best := ""
		for _, name := range slices.Sorted(maps.Keys(names)) {
			if best == "" || names[name] > names[best] {
				best = name
			}
		}
		list = append(list, backlog.Status{ID: id, Name: best, Category: factoryStatus(id), Thin: true})
	}
	return list
}

func (v *votes) name(id string, r role) {
	if v.named[id] == nil {
		if len(v.named) >= mostAnswers {
			return
		}
		v.named[id] = map[role]int{}
	}
	v.named[id][r]++
}

func (v *votes) state(id, name string) {
	if id == "" || name == "" {
		return
	}
	if v.former[id] == nil {
		if len(v.former) >= mostAnswers {
			return
		}
		v.former[id] = map[string]int{}
	}
	if len(v.former[id]) < mostAnswers {
		v.former[id][name]++
	}
}

func (v *votes) add(o *votes) {
	for id, roles := range o.named {
		if v.named[id] == nil {
			v.named[id] = map[role]int{}
		}
		sum(v.named[id], roles)
	}
	sum(v.agree, o.agree)
	sum(v.differ, o.differ)
	sum(v.parents, o.parents)
	sum(v.types, o.types)
	v.epics.add(&o.epics)
	for key, desk := range o.desks {
		v.desks[key] = v.desks[key] || desk
	}
	maps.Copy(v.current, o.current)
	for id, names := range o.former {
		if v.former[id] == nil {
			v.former[id] = map[string]int{}
		}
		sum(v.former[id], names)
	}
}

func sum[K comparable](to, from map[K]int) {
	for k, n := range from {
		to[k] += n
	}
}

func (v *votes) settle(c *catalogue) {
	for id, roles := range v.named {
		best := roleNone
		for _, r := range slices.Sorted(maps.Keys(roles)) {
			if best == roleNone || roles[r] > roles[best] {
				best = r
			}
		}
		c.roles[id] = best
	}
	for r := roleNone + 1; r < roleCount; r++ {
		if id := v.best(r); id != "" && c.roles[id] == roleNone {
			c.roles[id] = r
		}
	}
	for t, n := range v.parents {
		c.epics[t] = t != "" && 5*n >= v.types[t] // most epics have had a child sometime; a story rarely has
	}
	for _, r := range c.roles {
		if r == roleEpicLink {
			return
		}
	}
	c.keyed = v.epics.keyed()
	if id := v.epics.link(c); id != "" {
		c.roles[id] = roleEpicLink
	}
}

// best is the field that most often holds what the last change of a role left,
// where it does so at least twice as often as not.
func (v *votes) best(r role) string {
	var ids []string
	for p, n := range v.agree {
		if p.role == r && n >= 2*v.differ[p] {
			ids = append(ids, p.id)
		}
	}
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(v.agree[pair{b, r}]-v.agree[pair{a, r}], compareIDs(a, b))
	})
	if len(ids) == 0 {
		return ""
	}
	return ids[0]
}
