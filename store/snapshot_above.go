package store

import (
	"context"
	"slices"

	"defacto/backlog"
)

// ancestor is what it takes to find the roadmap item above an issue.
type ancestor struct {
	level        backlog.Level
	parent, epic int64 // issue numbers
}

// ancestorOf says what is above an issue, which need not be in the snapshot.
func (sh *shot) ancestorOf(no int64) (ancestor, error) {
	if i, ok := slices.BinarySearch(sh.numbers, no); ok {
		return sh.itself(i), nil
	}
	if a, ok := sh.lineage[no]; ok || no == 0 {
		return a, nil
	}
	if err := sh.ancestor.Bind(no); err != nil {
		return ancestor{}, err
	}
	defer sh.ancestor.Reset()
	more, err := sh.ancestor.Step()
	if err != nil {
		return ancestor{}, err
	}
	var a ancestor
	if more {
		a = ancestor{sh.level(no, sh.ancestor.Int(0)), lookup(sh.ses.refs, sh.ancestor.Int(1)), lookup(sh.ses.refs, sh.ancestor.Int(2))}
	}
	sh.lineage[no] = a
	return a, nil
}

// itself is ancestorOf for an item of the snapshot.
func (sh *shot) itself(i int) ancestor {
	it := &sh.snap.Items[i]
	return ancestor{it.Level, it.Parent, sh.besides[i].epic}
}

// epics finds the nearest roadmap item above each item: its epic, its parent
// where that is on the roadmap, or what its parent hangs on.
func (sh *shot) epics() error {
	for i := range sh.snap.Items {
		it := &sh.snap.Items[i]
		a := sh.itself(i)
		for range 4 { // deeper than any hierarchy below the roadmap; a circle ends here too
			if a.epic != 0 && a.epic != it.No {
				it.Epic = a.epic
				break
			}
			if a.parent == 0 || a.parent == it.No {
				break
			}
			p, err := sh.ancestorOf(a.parent)
			if err != nil {
				return err
			}
			if p.level.OnRoadmap() {
				it.Epic = a.parent
				break
			}
			a = p
		}
	}
	return nil
}

// above lists the roadmap items the scope hangs on: those any issue of it points
// to, and those above the items read.
func (sh *shot) above(ctx context.Context, pointers map[int64]struct{}) error {
	found := map[int64]struct{}{}
	planned, err := sh.ses.roadmap(ctx, sh.conn)
	if err != nil {
		return err
	}
	for ref := range pointers {
		no := lookup(sh.ses.refs, ref)
		if _, is := planned[no]; is && no != 0 {
			found[no] = struct{}{}
		}
	}
	for i := range sh.snap.Items {
		it := &sh.snap.Items[i]
		if it.Epic != 0 {
			found[it.Epic] = struct{}{}
		}
		for _, no := range it.Above {
			found[no] = struct{}{}
		}
	}
	for no := range found {
		sh.snap.Above = append(sh.snap.Above, no)
	}
	slices.Sort(sh.snap.Above)
	return nil
}
