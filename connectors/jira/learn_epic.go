package jira

import (
	"cmp"
	"maps"
	"slices"

	"defacto/backlog"
)

// Where no change names the Epic Link, its values give it away: on stories, they
// are keys of epics. Epics may come after the stories that name them, so the keys
// of both are kept and compared in the end.

// fewestLinked is how many stories must speak for a field.
const fewestLinked = 3

// mostSampled and mostKinds bound what is kept of keys: of each type's issues and
// each field's values so many, of so many types and fields.
const (
	mostSampled = 1 << 12
	mostKinds   = 1 << 8
)

// sample counts issues by a key, for all keys or for an even share of them: those
// whose hash ends in so many zeros. Which these are depends on the keys alone, not
// on their order.
type sample struct {
	zeros  int
	counts map[uint64]int
}

func newSample() *sample { return &sample{counts: map[uint64]int{}} }

func (s *sample) has(hash uint64) bool { return hash&(1<<s.zeros-1) == 0 }

func (s *sample) add(hash uint64, n int) {
	if !s.has(hash) {
		return
	}
	s.counts[hash] += n
	for len(s.counts) > mostSampled {
		s.thin(s.zeros + 1)
	}
}

func (s *sample) thin(zeros int) {
	if zeros <= s.zeros {
		return
	}
	s.zeros = zeros
	maps.DeleteFunc(s.counts, func(hash uint64, _ int) bool { return !s.has(hash) })
}

func (s *sample) join(o *sample) {
	s.thin(o.zeros)
	for hash, n := range o.counts {
		s.add(hash, n)
	}
}

// total estimates how many issues there are.
func (s *sample) total() int {
	n := 0
	for _, k := range s.counts {
		n += k
	}
	return n << s.zeros
}

// among estimates how many of the issues have a key that is in o as well.
func (s *sample) among(o *sample) int {
	n, zeros := 0, max(s.zeros, o.zeros)
	for hash, k := range s.counts {
		if _, ok := o.counts[hash]; ok { // then it is in the share of both
			n += k
		}
	}
	return n << zeros
}

// pointer is what a custom field's values on stories point at.
type pointer struct {
	values *sample
	astray int // issues whose parent is another issue
}

// epicVotes is what the issues tell of epics and of who names them.
type epicVotes struct {
	levels map[string]backlog.Level // type id, or name where it has none → its level, as far as it is known
	keys   map[string]*sample       // likewise → keys of its issues
	fields map[string]*pointer      // custom field id → its values
}

func newEpicVotes() epicVotes {
	return epicVotes{levels: map[string]backlog.Level{}, keys: map[string]*sample{}, fields: map[string]*pointer{}}
}

// issue notes an issue's key under its type, and on a story the custom fields
// whose values are such keys.
func (v *epicVotes) issue(w *wireIssue) {
	iss := &w.iss
	typ := cmp.Or(iss.Type, iss.TypeName)
	if s := v.ofType(typ); s != nil && iss.Key != "" {
		s.add(keyHash(iss.Key), 1)
		v.levels[typ] = max(v.levels[typ], iss.Level)
	}
	if iss.Level != backlog.Story {
		return
	}
	for _, c := range w.custom {
		raw := w.values[c.from:c.to]
		if !isKey(raw) {
			continue
		}
		f := v.field(c.id)
		if f == nil {
			continue
		}
		key := raw[1 : len(raw)-1]
		f.values.add(keyHash(key), 1)
		if iss.Parent.Key != "" && iss.Parent.Key != string(key) {
			f.astray++
		}
	}
}

// ofType is the sample of a type's keys, nil where there are too many types.
func (v *epicVotes) ofType(id string) *sample {
	s := v.keys[id]
	if s == nil && len(v.keys) < mostKinds {
		s = newSample()
		v.keys[id] = s
	}
	return s
}

// field is what is kept of a custom field, nil where there are too many fields.
func (v *epicVotes) field(id string) *pointer {
	f := v.fields[id]
	if f == nil && len(v.fields) < mostKinds {
		f = &pointer{values: newSample()}
		v.fields[id] = f
	}
	return f
}

func (v *epicVotes) add(o *epicVotes) {
	for id, keys := range o.keys {
		if s := v.ofType(id); s != nil {
			s.join(keys)
			v.levels[id] = max(v.levels[id], o.levels[id])
		}
	}
	for id, p := range o.fields {
		if f := v.field(id); f != nil {
			f.values.join(p.values)
			f.astray += p.astray
		}
	}
}

// link is the field that names an epic on most stories, "" for none: at least nine
// in ten of the issues it points at are epics, and two in three are there at all.
func (v *epicVotes) link(c *catalogue) string {
	epics, others := newSample(), newSample()
	for id, keys := range v.keys {
		if v.levels[id].OnRoadmap() || c.epics[id] {
			epics.join(keys)
		} else {
			others.join(keys)
		}
	}
	best, most := "", 0
	for _, id := range slices.SortedFunc(maps.Keys(v.fields), compareIDs) {
		f := v.fields[id]
		up, down := f.values.among(epics), f.values.among(others)+f.astray
		if c.roles[id] == roleNone && up >= fewestLinked && up >= 9*down && 3*up >= 2*f.values.total() && up > most {
			best, most = id, up
		}
	}
	return best
}

// isKey reports whether a JSON value is a text like an issue's key, "PAY-17".
func isKey(raw []byte) bool {
	n := len(raw)
	if n < 5 || n > longestWord || raw[0] != '"' || !isDigit(raw[n-2]) {
		return false
	}
	i := n - 2
	for isDigit(raw[i]) {
		i--
	}
	if raw[i] != '-' || i < 2 {
		return false
	}
	for _, b := range raw[1:i] {
		if b != '_' && !isDigit(b) && (b|0x20 < 'a' || b|0x20 > 'z') {
			return false
		}
	}
	return true
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// keyHash is FNV-1a with its ends stirred: the same in every run, as what is
// learnt must be.
func keyHash[T string | []byte](key T) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(key) {
		h = (h ^ uint64(key[i])) * 1099511628211
	}
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	return h ^ h>>33
}

// keyed reports whether some custom field holds keys of issues on so many stories
// that it may be the Epic Link.
func (v *epicVotes) keyed() bool {
	for _, f := range v.fields {
		if f.values.total() >= fewestLinked {
			return true
		}
	}
	return false
}

// MissesEpicLink reports whether a custom field that was learnt of may be the Epic
// Link, and neither the list of fields nor anything else tells.
func (d *Decoder) MissesEpicLink() bool {
	if d.catalogue.listed || !d.catalogue.keyed {
		return false
	}
	for _, r := range d.catalogue.roles {
		if r == roleEpicLink {
			return false
		}
	}
	return true
}
