package analysis

import (
	"strings"

	"defacto/backlog"
)

// coverage says what the numbers of a scope and period rest on.
func (in *Input) coverage() Coverage {
	c := Coverage{Notes: []string{}}
	b := in.book
	for _, i := range in.near {
		it, t := &b.snap.Items[i], &b.trails[i]
		if it.Created >= in.to || t.active < in.from || !in.counts(i) {
			continue
		}
		changes, comments := changesWithin(b.snap.ChangesOf(it), in.from, min(in.to, b.asOf+1)), remarksWithin(b.snap.CommentsOf(it), in.from, min(in.to, b.asOf+1))
		if it.Created < in.from && changes == 0 && comments == 0 {
			continue
		}
		c.Issues++
		c.Changes += changes
		c.Comments += comments
		if t.noHistory {
			c.NoHistory++
		}
		c.Missing.Changes += int(it.MissingChanges)
		c.Missing.Comments += int(it.MissingComments)
	}
	source := sourceName(in.Site, in.Scope.Source)
	for _, g := range in.Site.Gaps {
		if g.Source != source || g.Scope != "" && g.Scope != in.Scope.Key {
			continue
		}
		if g.What == "issues" {
			c.Missing.Issues += max(1, g.Missing)
		}
		if g.What != "changes" && g.What != "comments" {
			c.Notes = append(c.Notes, g.Where+": "+g.Why)
		}
	}
	if int(in.Scope.Source) < len(in.Site.Sources) && in.Site.Sources[in.Scope.Source].Kind == "linear" {
		c.Notes = append(c.Notes, "manual order: not-recorded. Linear keeps no trace of who moves an issue in a list, so prioritising rests on priorities, cycles and projects")
	}
	c.Complete = c.Missing.Changes+c.Missing.Comments+c.Missing.Issues == 0 && c.NoHistory == 0
	in.excluded(&c)
	return c
}

// excluded counts what was left out, by reason, and who is left in.
func (in *Input) excluded(c *Coverage) {
	active := make([]bool, len(in.Site.People))
	made := 0
	for _, t := range in.tallies() {
		made += t.made
		c.Excluded.Apps += t.skips[byMachine]
		c.Excluded.NoAuthor += t.skips[noAuthor]
		c.Excluded.RollOver += t.skips[rolledOver]
		for i := range t.acts {
			if a := &t.acts[i]; a.weight > 0 && !active[a.person] {
				active[a.person] = true
				c.ActivePeople++
			}
		}
	}
	c.Excluded.Imported = in.noise.importing
	c.Excluded.BulkSessions = in.noise.batches
	c.Excluded.RuleActors = in.noise.instants
	if made > 0 {
		c.MachineShare = float64(c.Excluded.Apps) / float64(made)
	}
	if active[backlog.Nobody] {
		c.ActivePeople--
	}
	c.Unresolved = in.unresolved(active)
	in.made(c)
	var direct []string
	for _, t := range in.tallies() {
		if t.enough() {
			direct = append(direct, t.Duty.String()+" "+percent(t.Direct))
		}
	}
	if len(direct) > 0 {
		c.Notes = append(c.Notes, "Units with a direct trace: "+strings.Join(direct, ", ")+".")
	}
}

// made says what the stories created in the period are like.
func (in *Input) made(c *Coverage) {
	var stories, imported, technical int
	for _, i := range in.book.created(in.from, in.to) {
		t := &in.book.trails[i]
		if t.omega <= 0 || !in.counts(i) {
			continue
		}
		stories++
		if in.noise.imported[i] {
			imported++
		}
		if t.kind == kindTask && t.omega < .5 {
			technical++
		}
	}
	if stories > 0 {
		c.ImportShare, c.Technical = float64(imported)/float64(stories), float64(technical)/float64(stories)
	}
}

// unresolved counts the people who may be one where both act here.
func (in *Input) unresolved(active []bool) int {
	here := map[string]bool{}
	for p, is := range active {
		if is {
			here[in.Site.People[p].ID] = true
		}
	}
	n := 0
	for i := range in.alike {
		if a := &in.alike[i]; here[a.A.ID] && here[a.B.ID] {
			n++
		}
	}
	return n
}

func changesWithin(list []backlog.Event, from, to int64) int {
	n := 0
	for i := range list {
		if list[i].At >= from && list[i].At < to {
			n++
		}
	}
	return n
}

func remarksWithin(list []backlog.Remark, from, to int64) int {
	n := 0
	for i := range list {
		if list[i].At >= from && list[i].At < to {
			n++
		}
	}
	return n
}
