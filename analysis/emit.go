package analysis

import "defacto/backlog"

// emit hands out every act of the period, counted or not.
func (in *Input) emit(out func(backlog.Act) error) error {
	for _, t := range in.tallies() {
		for i := range t.acts {
			a := &t.acts[i]
			b := in.bookOf(a.on)
			it := &b.snap.Items[a.item]
			row := backlog.Act{
				Item: it.No, Scope: in.Scope.No, At: a.at, Person: a.person, Duty: t.Duty, Name: a.kind.String(),
				Weight: float64(a.weight), Level: it.Level, Excluded: a.why.String(),
			}
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
	}
	return nil
}
