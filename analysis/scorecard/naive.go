package scorecard

import (
	"math"
	"time"

	"defacto/backlog"
)

// Naive is what somebody would answer who counts clicks in one scope and period, without
// any rule on what they mean. People are ids of the report, "" for nobody.
type Naive struct {
	Created string                    // who created most issues
	Lead    string                    // the project's lead
	Clicks  [backlog.DutyCount]string // who changed a duty's fields most often
	Roles   [backlog.RoleCount]string // whose clicks are most, over a role's duties by their weights
	// NextComment is the median time on the wall clock from a comment with a question mark to
	// the next by anybody else; 0 without any.
	NextComment time.Duration
}

// Count counts the clicks of one scope in [from, to); weights are the roles' duty weights.
func Count(snap *backlog.Snapshot, from, to time.Time, weights [backlog.RoleCount][backlog.DutyCount]float64) Naive {
	site := snap.Site
	since, until := from.UnixMilli(), to.UnixMilli()
	created := tally{}
	var clicks [backlog.DutyCount]tally
	for d := range clicks {
		clicks[d] = tally{}
	}
	var waits []float64
	for i := range snap.Items {
		it := &snap.Items[i]
		if it.Created >= since && it.Created < until {
			created[it.Creator]++
			if it.Level.OnRoadmap() {
				clicks[backlog.Roadmap][it.Creator]++
			} else {
				clicks[backlog.Write][it.Creator]++
			}
		}
		for _, e := range snap.ChangesOf(it) {
			if d, ok := clicked(site, it, &e); ok && e.At >= since && e.At < until {
				clicks[d][e.Actor]++
			}
		}
		comments := snap.CommentsOf(it)
		for k, m := range comments {
			if m.At < since || m.At >= until || it.Level.OnRoadmap() {
				continue
			}
			clicks[backlog.Answer][m.Author]++
			if !m.Marks.Has(backlog.MarkQuestion) {
				continue
			}
			for _, next := range comments[k+1:] {
				if next.Author != m.Author {
					waits = append(waits, float64(next.At-m.At))
					break
				}
			}
		}
	}
	n := Naive{Created: created.most(site), Lead: site.People[snap.Scope.Lead].ID}
	for d := range clicks {
		n.Clicks[d] = clicks[d].most(site)
	}
	for r := range weights {
		score := tally{}
		for d, w := range weights[r] {
			all := clicks[d].sum()
			for p, k := range clicks[d] {
				score[p] += w * k / max(all, 1)
			}
		}
		n.Roles[r] = score.most(site)
	}
	if m := median(waits); !math.IsNaN(m) {
		n.NextComment = time.Duration(m) * time.Millisecond
	}
	return n
}

// clicked is the duty whose field a change is of, as a list of fields would have it.
func clicked(site *backlog.Site, it *backlog.Item, e *backlog.Event) (backlog.Duty, bool) {
	switch {
	case e.Field == backlog.FieldLink || e.Field == backlog.FieldNeed:
		return backlog.Market, true
	case it.Level.OnRoadmap():
		return backlog.Roadmap, true
	}
	switch e.Field {
	case backlog.FieldRank, backlog.FieldPriority, backlog.FieldSprint, backlog.FieldVersion:
		return backlog.Prioritise, true
	case backlog.FieldStatus:
		return backlog.Accept, site.Statuses[site.Values[e.To].Ref].Category == backlog.Completed
	}
	return 0, false
}

// tally counts by person.
type tally map[backlog.PersonID]float64

func (t tally) sum() float64 {
	all := 0.0
	for p, n := range t {
		if p != backlog.Nobody {
			all += n
		}
	}
	return all
}

// most is the report's id of who has most, "" where nobody has any; the smaller id of two.
func (t tally) most(site *backlog.Site) string {
	best := backlog.Nobody
	for p, n := range t {
		if p != backlog.Nobody && (n > t[best] || n == t[best] && p < best || best == backlog.Nobody) {
			best = p
		}
	}
	if best == backlog.Nobody {
		return ""
	}
	return site.People[best].ID
}
