package analysis

import (
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
