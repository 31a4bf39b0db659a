// Package sample makes up organisations whose truth is known.
//
// For every story, question and roadmap item it first draws who really decides:
// writes, prioritises, accepts, answers, shapes the roadmap, brings the market
// in. Only then it makes the traces such decisions leave in a tracker, and last
// it damages the traces: decisions typed by a clerk, given aloud, closed by
// whoever built it, re-ranked in bulk, signed by a rule. The [Truth] reports the
// decisions, never the traces, so that it can prove an analysis wrong.
//
// Everything follows from a seed: the same seed gives the same bytes on every
// platform. Nothing here reads a clock.
package sample

import (
	"context"
	"iter"
	"time"

	"defacto/backlog"
	"defacto/connectors"
)

// Org is a made-up organisation: a source like any other, and its truth. It is
// not changed after it is made; its methods may be used by several goroutines.
type Org struct {
	name   string
	seed   uint64
	asOf   int64
	people []*member
	teams  []*team
}

var (
	_ connectors.Source  = (*Org)(nil)
	_ connectors.Dater   = (*Org)(nil)
	_ connectors.Totaler = (*Org)(nil)
)

// Name is the source's name: "demo", or "sample" for single teams.
func (o *Org) Name() string { return o.name }

// AsOf is the instant after which nothing has happened yet.
func (o *Org) AsOf() time.Time { return instant(o.asOf) }

// Total is the number of issues Batches yields from the beginning.
func (o *Org) Total() int {
	n := 0
	for _, t := range o.teams {
		n += len(t.list)
	}
	return n
}

// Batches yields the organisation: first its people and words, then each team's
// issues. After its own cursor there is nothing more.
func (o *Org) Batches(ctx context.Context, since backlog.Cursor) iter.Seq2[backlog.Batch, error] {
	return func(yield func(backlog.Batch, error) bool) {
		end := backlog.Cursor(o.AsOf().Format(time.RFC3339))
		if since == end {
			return
		}
		head := backlog.Batch{Accounts: records(o.people), Statuses: o.teams[0].statuses, Types: o.teams[0].types}
		if !yield(o.stamp(head), nil) {
			return
		}
		for i, t := range o.teams {
			if err := ctx.Err(); err != nil {
				yield(backlog.Batch{}, err)
				return
			}
			b := o.stamp(t.batch())
			if i == len(o.teams)-1 {
				b.Cursor = &end
			}
			if !yield(b, nil) {
				return
			}
		}
	}
}

// stamp says where a batch comes from.
func (o *Org) stamp(b backlog.Batch) backlog.Batch {
	b.Site, b.Kind = "https://larkspur.example", "jira"
	return b
}

// Declared lists who is said to hold which role: what the organisation's
// configuration would say (Configured), and what its tracker says.
func (o *Org) Declared() []Declared {
	var list []Declared
	for _, t := range o.teams {
		list = append(list, t.declared...)
	}
	return list
}

// Truth works out what really happened.
func (o *Org) Truth() Truth {
	truth := Truth{Seed: o.seed, AsOf: o.AsOf(), People: truthPeople(o.people)}
	for _, t := range o.teams {
		truth.Scopes = append(truth.Scopes, t.judge(o.asOf))
	}
	stretch(truth.Scopes)
	return truth
}

// assemble puts teams together; people they share stand once.
func assemble(name string, seed uint64, asOf int64, teams []*team) *Org {
	o := &Org{name: name, seed: seed, asOf: asOf, teams: teams}
	known := map[*member]bool{}
	for _, t := range teams {
		for _, m := range t.members {
			if !known[m] {
				known[m] = true
				o.people = append(o.people, m)
			}
		}
	}
	return o
}
