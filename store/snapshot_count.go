package store

import (
	"math"

	"defacto/backlog"
)

// count says how much there is and what is missing, and sets the flags that
// depend on it. Changes and comments are counted inside the window.
func (sh *shot) count() {
	sn := sh.snap
	n := &sn.Count
	n.Issues = len(sn.Items)
	inside := func(at int64) bool { return at >= sh.from && at < sh.to }
	for i := range sn.Items {
		it, p := &sn.Items[i], sh.besides[i]
		if sh.bare != nil && sh.bare[i] {
			continue // nothing of it was looked at
		}
		entries, last := int64(0), int64(math.MinInt64)
		for j, e := range sn.ChangesOf(it) {
			if j == 0 || e.ID != last || e.At != sn.Changes[int(it.ChangeLo)+j-1].At {
				entries++
			}
			last = e.ID
			if inside(e.At) {
				n.Changes++
				if e.Actor == backlog.Nobody {
					n.NoAuthor++
				}
			}
		}
		comments := int64(it.CommentHi - it.CommentLo)
		for _, c := range sn.CommentsOf(it) {
			if inside(c.At) {
				n.Comments++
				if c.Author == backlog.Nobody {
					n.NoAuthor++
				}
			}
		}
		it.History = history(it.History, it.Updated > p.historyAt, entries, p.changes)
		switch it.History {
		case backlog.HistoryNone:
			n.NoHistory++
		case backlog.HistoryShort:
			n.ShortHistory++
		}
		it.MissingChanges = int32(max(0, p.changes-entries))
		it.MissingComments = int32(max(0, p.comments-comments))
		n.MissingChanges += int(it.MissingChanges)
		n.MissingComments += int(it.MissingComments)
		if !p.read || comments < p.comments {
			it.Flags |= backlog.ItemShortComments
			n.ShortComments++
		}
	}
	n.MissingIssues = sh.missingIssues()
}

// history says how much of an issue's history is stored, given what the copy that
// had it said, whether a newer copy had none, and the entries stored and promised.
func history(said backlog.History, outdated bool, entries, promised int64) backlog.History {
	switch {
	case said == backlog.HistoryNone:
		return said
	case outdated || promised > entries:
		return backlog.HistoryShort
	case promised >= 0: // several copies may have completed what each had in part
		return backlog.HistoryComplete
	}
	return said
}

// missingIssues counts the issues gaps name: those of the scope, and those of no
// known scope where its source has no other.
func (sh *shot) missingIssues() int {
	only := map[string]int{}
	for _, sc := range sh.site.Scopes {
		only[sh.site.Sources[sc.Source].Name]++
	}
	sum := 0
	for _, g := range sh.site.Gaps {
		if g.What != "issues" {
			continue
		}
		if sh.q.Scope != 0 {
			source := sh.site.Sources[sh.snap.Scope.Source].Name
			if g.Source != source || g.Scope != sh.snap.Scope.Key && (g.Scope != "" || only[source] > 1) {
				continue
			}
		}
		sum += max(1, g.Missing)
	}
	return sum
}
