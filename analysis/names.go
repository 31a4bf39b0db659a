package analysis

import (
	"strings"

	"defacto/backlog"
)

// nameIndex finds people by what others call them.
type nameIndex map[string]backlog.PersonID

// ambiguous stands where several people share a name.
const ambiguous backlog.PersonID = -1

func (n nameIndex) add(name string, p backlog.PersonID) {
	name = strings.ToLower(strings.TrimSpace(name))
	if name == "" {
		return
	}
	if o, ok := n[name]; ok && o != p {
		n[name] = ambiguous
		return
	}
	n[name] = p
}

func (n nameIndex) find(name string) backlog.PersonID {
	if p := n[strings.ToLower(name)]; p != ambiguous {
		return p
	}
	return backlog.Nobody
}

// calledNames indexes the full and the first names of everybody who left a trace
// on an issue that lived in the period or the quarter before.
func (in *Input) calledNames() nameIndex {
	if in.called != nil {
		return in.called
	}
	in.called = nameIndex{}
	seen := make([]bool, len(in.Site.People))
	see := func(p backlog.PersonID) {
		if p == backlog.Nobody || seen[p] {
			return
		}
		seen[p] = true
		if in.machine(p) {
			return
		}
		name := in.Site.People[p].Name
		in.called.add(name, p)
		if words := strings.Fields(name); len(words) > 1 {
			in.called.add(words[0], p)
		}
	}
	b, alive := in.book, lives{in.from - lookback, in.to}
	for _, i := range in.near {
		it := &b.snap.Items[i]
		if !alive.has(&b.trails[i], it.Created) {
			continue
		}
		see(it.Creator)
		see(it.Reporter)
		see(it.Assignee)
		for _, c := range b.snap.ChangesOf(it) {
			see(c.Actor)
		}
		for _, m := range b.snap.CommentsOf(it) {
			see(m.Author)
		}
	}
	return in.called
}

// spokenNames indexes the same names by what stands for them in backlog.Spoken.
func (in *Input) spokenNames() map[string]backlog.PersonID {
	if in.spoken == nil {
		in.spoken = map[string]backlog.PersonID{}
		for name, p := range in.calledNames() {
			key := backlog.SpokenName(name)
			if o, ok := in.spoken[key]; ok && o != p {
				p = ambiguous
			}
			in.spoken[key] = p
		}
	}
	return in.spoken
}

// spokenOf is the first person a comment names without mentioning them, other than
// whoever wrote it.
func (f *finder) spokenOf(m *backlog.Remark) backlog.PersonID {
	if m.Lead == 0 {
		return backlog.Nobody
	}
	if p := f.named(m); p != backlog.Nobody && p != m.Author {
		return p
	}
	for name := range backlog.SpokenNames(f.in.book.snap.Leads[m.Lead]) {
		if p := f.in.spokenNames()[name]; p != backlog.Nobody && p != ambiguous && p != m.Author {
			return p
		}
	}
	return backlog.Nobody
}
