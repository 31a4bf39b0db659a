package jira

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"defacto/backlog"
)

// wireHistory is an entry of a changelog as it was sent.
type wireHistory struct {
	id       string
	at       time.Time
	author   string
	machine  bool
	from, to int // its items
}

// wireItem is an item of a history entry as it was sent; null is "".
type wireItem struct {
	field, fieldID, kind       string
	from, to                   string
	fromName, toName           string
	fromAccountID, toAccountID string // a Cloud that migrated its users sends these too
}

// changelog reads an issue's embedded changelog, or a page of one.
func (d *Decoder) changelog() error {
	if err := d.r.must('{', "changelog"); err != nil {
		return err
	}
	if d.r.kind() != '{' {
		return d.r.skip()
	}
	d.wire.hasChangelog = true
	return d.r.object(func(member string) (err error) {
		switch member {
		case "total":
			d.wire.changesTotal, err = d.r.number(-1)
			return err
		case "histories", "values", "changeHistories":
			return d.histories()
		}
		return d.r.skip()
	})
}

// histories reads an array of history entries.
func (d *Decoder) histories() error {
	if err := d.r.must('[', "histories"); err != nil {
		return err
	}
	return d.r.array(d.history)
}

func (d *Decoder) history() error {
	w := &d.wire
	h := wireHistory{from: len(w.items)}
	err := d.r.object(func(member string) (err error) {
		switch member {
		case "id":
			return d.r.textInto(&h.id)
		case "created":
			return d.r.when(&h.at)
		case "author":
			return d.who(&h.author)
		case "historyMetadata":
			h.machine, err = d.r.automation()
			return err
		case "items":
			if err := d.r.must('[', "items"); err != nil {
				return err
			}
			return d.r.array(d.item)
		}
		return d.r.skip()
	})
	h.to = len(w.items)
	w.histories = append(w.histories, h)
	return err
}

func (d *Decoder) item() error {
	var it wireItem
	err := d.r.object(func(member string) error {
		switch member {
		case "field":
			return d.r.into(&it.field)
		case "fieldId":
			return d.r.into(&it.fieldID)
		case "fieldtype":
			return d.r.into(&it.kind)
		case "from":
			return d.r.into(&it.from)
		case "to":
			return d.r.into(&it.to)
		case "fromString":
			return d.r.into(&it.fromName)
		case "toString":
			return d.r.into(&it.toName)
		case "tmpFromAccountId":
			return d.r.into(&it.fromAccountID)
		case "tmpToAccountId":
			return d.r.into(&it.toAccountID)
		}
		return d.r.skip()
	})
	d.wire.items = append(d.wire.items, it)
	return err
}

// automation reads a history entry's metadata and reports whether it names a
// rule, a script or another machine as the one who acted.
func (r *reader) automation() (bool, error) {
	found := false
	look := func(words string, marks ...string) {
		low := strings.ToLower(words)
		for _, m := range marks {
			found = found || strings.Contains(low, m)
		}
	}
	general := []string{"automation", "codebarrel", "scriptrunner", "onresolve", "workflow trigger", "devstatus", "post-function", "postfunction"}
	err := r.object(func(member string) error {
		switch member {
		case "type", "cause":
			if r.kind() == '"' {
				w, err := r.text()
				look(w, general...)
				return err
			}
		}
		if member != "actor" && member != "generator" && member != "cause" {
			return r.skip()
		}
		return r.object(func(member string) error {
			w, err := r.text()
			switch member {
			case "id", "displayName":
				look(w, general...)
			case "type":
				look(w, append(general, "app", "bot", "rule", "system")...)
			}
			return err
		})
	})
	return found, err
}

// addChanges turns the histories read into the issue's changes and reports how
// many entries could not be placed in time.
func (d *Decoder) addChanges(iss *backlog.Issue) (lost int) {
	w := &d.wire
	iss.Changes = slices.Grow(iss.Changes, len(w.items))
	for i := range w.histories {
		h := &w.histories[i]
		switch {
		case h.from == h.to: // an entry without items says nothing, and is not missed
			if w.changesTotal > 0 {
				w.changesTotal--
			}
			continue
		case h.at.IsZero():
			lost++
			continue
		case h.id == "":
			h.id = "at:" + h.at.Format(time.RFC3339Nano) + ":" + h.author
		}
		for n := h.from; n < h.to; n++ {
			iss.Changes = append(iss.Changes, d.change(h, n-h.from, &w.items[n], iss))
		}
	}
	return lost
}

func (d *Decoder) change(h *wireHistory, ordinal int, it *wireItem, iss *backlog.Issue) backlog.Change {
	c := backlog.Change{
		ID: h.id, Ordinal: ordinal, At: h.at, Author: h.author, Machine: h.machine,
		Field: d.field(it), FieldID: it.fieldID, FieldName: it.field,
		From: it.from, To: it.to, FromName: it.fromName, ToName: it.toName,
	}
	switch c.Field {
	case backlog.FieldDescription, backlog.FieldCriteria:
		c.Measure = backlog.Changed(cmp.Or(it.fromName, it.from), cmp.Or(it.toName, it.to))
	case backlog.FieldRank:
		c.Measure = rankMeasure(it.toName)
	case backlog.FieldLink:
		c.Measure = d.linkMeasure(it, iss)
	case backlog.FieldSprint:
		c.From, c.To = d.sprintIDs(it.from), d.sprintIDs(it.to)
	case backlog.FieldAssignee, backlog.FieldReporter:
		c.From, c.To = cmp.Or(it.fromAccountID, it.from), cmp.Or(it.toAccountID, it.to)
		d.facts.account(backlog.Account{ID: c.From, Name: it.fromName, Active: true, Thin: true})
		d.facts.account(backlog.Account{ID: c.To, Name: it.toName, Active: true, Thin: true})
	case backlog.FieldDueDate, backlog.FieldTargetStart, backlog.FieldTargetEnd:
		c.From, c.To = day(it.from, it.fromName), day(it.to, it.toName)
	}
	return c
}

// field finds out which field an item is about, remembering the answer.
func (d *Decoder) field(it *wireItem) backlog.Field {
	if rankMeasure(it.toName) != 0 && it.kind != "jira" {
		return backlog.FieldRank // whatever the field is called here
	}
	k := fieldKey{it.fieldID, it.field, it.kind}
	f, ok := d.fields[k]
	if !ok {
		if len(d.fields) >= mostAnswers {
			clear(d.fields)
		}
		f = d.catalogue.field(k)
		d.fields[k] = f
	}
	return f
}

// rankMeasure is +1 for a move up, −1 for one down, 0 where the words say neither.
func rankMeasure(words string) int {
	switch words {
	case "Ranked higher":
		return 1
	case "Ranked lower":
		return -1
	}
	return 0
}

// sprintIDs normalises a changelog's sprint value, once for each.
func (d *Decoder) sprintIDs(s string) string {
	if strings.IndexByte(s, ',') < 0 {
		return s
	}
	ids, ok := d.sprints[s]
	if !ok {
		if len(d.sprints) >= mostAnswers {
			clear(d.sprints)
		}
		ids = parseSprintIDs(s)
		d.sprints[s] = ids
	}
	return ids
}

// day is a date's machine value: old servers give it as words only.
func day(value, words string) string {
	if value != "" {
		return value
	}
	if t := parseTime(words); !t.IsZero() {
		return t.Format(time.DateOnly)
	}
	return ""
}

// sortChanges puts changes oldest first, whichever way they were sent, and drops
// the entries that were sent twice.
func sortChanges(list []backlog.Change) []backlog.Change {
	order := func(a, b backlog.Change) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		if c := compareIDs(a.ID, b.ID); c != 0 {
			return c
		}
		return a.Ordinal - b.Ordinal
	}
	if !slices.IsSortedFunc(list, order) {
		slices.SortFunc(list, order)
	}
	return slices.CompactFunc(list, func(a, b backlog.Change) bool { return a.ID == b.ID && a.Ordinal == b.Ordinal && a.At.Equal(b.At) })
}

// entries counts the history entries that changes, sorted, belong to.
func entries(list []backlog.Change) int {
	n := 0
	for i := range list {
		if i == 0 || list[i].ID != list[i-1].ID {
			n++
		}
	}
	return n
}

// oldKeys are the keys an issue had before, in order, each once.
func oldKeys(iss *backlog.Issue) []string {
	var keys []string
	for i := range iss.Changes {
		c := &iss.Changes[i]
		if c.Field != backlog.FieldKey {
			continue
		}
		if k := cmp.Or(c.FromName, c.From); k != "" && k != iss.Key && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	return keys
}
