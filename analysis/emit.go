package analysis

import "defacto/backlog"

// emit hands out every act of the period, counted or not, and what fell to nobody.
func (in *Input) emit(out func(backlog.Act) error) error {
	for _, t := range in.tallies() {
		credit := t.credits()
		for i := range t.acts {
			a := &t.acts[i]
			b := in.bookOf(a.on)
			row := in.row(t, a.on, a.item)
			row.At, row.Person, row.Name, row.Excluded = a.at, a.person, a.kind.String(), a.why.String()
			row.Weight, row.Credit = float64(a.weight), credit[i]
			switch actKinds[a.kind].source {
			case fromCreation:
				row.Event = "created"
			case fromComment:
				row.Event = "comment:" + b.snap.EventName(b.snap.Comments[a.ref].ID)
			case fromChange:
				row.Event = b.snap.EventName(b.snap.Changes[a.ref].ID)
			}
			if err := out(row); err != nil {
				return err
			}
		}
		for i := range t.units {
			u := &t.units[i]
			if u.nobody <= 0 {
				continue
			}
			row := in.row(t, u.on, u.item)
			row.At, row.Name = u.at, backlog.NobodysPart
			row.Weight, row.Credit = float64(u.nobody), float64(u.weight)*float64(u.nobody)/t.whole(u)
			if err := out(row); err != nil {
				return err
			}
		}
	}
	return nil
}

// row begins an act on an item.
func (in *Input) row(t *Tally, on ground, item int32) backlog.Act {
	it := &in.bookOf(on).snap.Items[item]
	return backlog.Act{Item: it.No, Scope: in.Scope.No, Period: in.Period.Name, Duty: t.Duty, Level: it.Level}
}

// credits is what each act adds to its person's weighted units.
func (t *Tally) credits() []float64 {
	list := make([]float64, len(t.acts))
	for i := range t.units {
		u := &t.units[i]
		all := t.whole(u)
		for a := u.lo; a < u.hi; a++ {
			if w := float64(t.acts[a].weight); w > 0 {
				list[a] = float64(u.weight) * w / all
			}
		}
	}
	return list
}
