package analysis

import (
	"slices"

	"defacto/backlog"
)

// Decide adds what was decided by hand, in the order it was decided, to what the
// configuration says. What was undone does not count. A split takes accounts out
// of the merges decided before it; the configuration's merges stay as they are.
func (how Identity) Decide(decisions []backlog.Decision) Identity {
	out := Identity{Split: slices.Clone(how.Split), Marked: map[string]backlog.AccountKind{}, Bots: how.Bots}
	for key, kind := range how.Marked {
		out.Marked[key] = kind
	}
	var merged []Merge
	for _, d := range decisions {
		if !d.Undone.IsZero() {
			continue
		}
		switch d.Kind {
		case backlog.MergeAccounts, backlog.ForgetPerson:
			merged = append(merged, Merge{Name: d.Name, Accounts: slices.Clone(d.Accounts)})
		case backlog.SplitAccounts:
			for i := range merged {
				merged[i].Accounts = slices.DeleteFunc(merged[i].Accounts, func(key string) bool { return slices.Contains(d.Accounts, key) })
			}
			out.Split = append(out.Split, d.Accounts...)
		case backlog.MarkAccounts:
			for _, key := range d.Accounts {
				out.Marked[key] = d.Mark
			}
		}
	}
	// A name given in defacto.yaml counts more than one given by hand: it is named last.
	out.Merged = append(merged, how.Merged...)
	return out
}
