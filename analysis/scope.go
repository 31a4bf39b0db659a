package analysis

import (
	"slices"
	"strings"

	"defacto/backlog"
)

// counts reports whether an issue belongs to the part of the scope looked at.
func (in *Input) counts(i int32) bool {
	it := &in.book.snap.Items[i]
	switch in.Part.Kind {
	case "":
		return true
	case "component":
		return slices.ContainsFunc(it.Components, func(c string) bool { return strings.EqualFold(c, in.Part.Name) })
	case "epic":
		if it.Epic == 0 {
			return false
		}
		e, ok := in.road.places[it.Epic]
		return ok && in.road.snap.Items[e].Key == in.Part.Name
	}
	return false
}

// unseen counts the story-level issues created in the period whose history was
// not obtained: what they went through cannot be known.
func (in *Input) unseen() int {
	n := 0
	for _, i := range in.book.created(in.from, in.to) {
		if t := &in.book.trails[i]; t.noHistory && t.omega > 0 && in.counts(i) {
			n++
		}
	}
	return n
}

// rollsOver reports whether a sprint change carries an issue over.
func (in *Input) rollsOver(e *backlog.Event) bool {
	s := sweeper{snap: in.book.snap, roll: int64(in.Method.RollOverDays * float64(day))}
	return s.rollsOver(e)
}

// releasedOn reports whether a version was set on the day it was released: that
// is book-keeping.
func (in *Input) releasedOn(e *backlog.Event) bool {
	v := in.Site.Values[e.To]
	released := in.flow.releases[release{v.Raw, v.Name}]
	return released > 0 && e.At >= released-day && e.At <= released+2*day
}

// membership lists the roadmap items that count in a scope: its own, those with
// a story of the scope below them now or at some change, and what stands above those.
func (in *Input) membership() []int32 {
	scope, own, road := in.Scope, in.book, in.road
	is := make([]bool, len(road.snap.Items))
	var list []int32
	var mark func(no int64)
	mark = func(no int64) {
		i, ok := road.places[no]
		if !ok || is[i] {
			return
		}
		is[i] = true
		list = append(list, i)
		it := &road.snap.Items[i]
		mark(it.Parent)
		mark(it.Epic)
		for _, a := range it.Above {
			mark(a)
		}
	}
	switch in.Part.Kind {
	case "": // everything that is, or was, of the scope
		for _, i := range road.ofScope[scope.No] {
			mark(road.snap.Items[i].No)
		}
		for _, no := range own.snap.Above {
			mark(no)
		}
		alive := lives{in.from - lookback, in.to}
		for _, i := range own.moved {
			it := &own.snap.Items[i]
			if !alive.has(&own.trails[i], it.Created) {
				continue
			}
			for _, e := range own.snap.ChangesOf(it) {
				if e.Field == backlog.FieldParent {
					mark(own.snap.Site.Values[e.From].Ref)
					mark(own.snap.Site.Values[e.To].Ref)
				}
			}
		}
	case "epic":
		for i := range road.snap.Items {
			if it := &road.snap.Items[i]; it.Key == in.Part.Name {
				mark(it.No)
			}
		}
	}
	if in.Part.Kind != "" {
		for i := range own.snap.Items {
			if in.counts(int32(i)) {
				mark(own.snap.Items[i].Epic)
			}
		}
	}
	slices.Sort(list)
	return list
}

// planned reports whether a story hangs on the roadmap: on a roadmap item that
// has something above it, a date or a version, or that is itself an initiative.
// found is false where the item it hangs on is not in the store.
func (in *Input) planned(it *backlog.Item) (planned, found bool) {
	if it.Epic == 0 {
		return false, true
	}
	i, ok := in.road.places[it.Epic]
	if !ok {
		return false, false
	}
	e := &in.road.snap.Items[i]
	return e.Level >= backlog.Initiative || e.Epic != 0 || e.Parent != 0 || len(e.Above) > 0 ||
		e.Due != 0 || e.TargetEnd != 0 || e.Flags&backlog.ItemVersioned != 0, true
}
