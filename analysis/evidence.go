package analysis

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"

	"defacto/backlog"
)

// Every claim cites at most so many events for and against it.
const (
	citedFor     = 10
	citedAgainst = 3
	queried      = 100 // issues a query names
)

func sentence(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// id is a person's stable id, "" for nobody.
func (in *Input) id(p backlog.PersonID) string {
	if p == backlog.Nobody {
		return ""
	}
	in.mark(p)
	return in.Site.People[p].ID
}

// mark says that the report speaks of somebody.
func (in *Input) mark(p backlog.PersonID) { in.used[p] = in.used[p] || p != backlog.Nobody }

// name is what readers call a person.
func (in *Input) name(p backlog.PersonID) string {
	if p == backlog.Nobody {
		return "nobody"
	}
	if n := in.Site.People[p].Name; n != "" {
		return n
	}
	return in.Site.People[p].ID
}

func (in *Input) names(people []backlog.PersonID) string {
	list := make([]string, len(people))
	for i, p := range people {
		list[i] = in.name(p)
	}
	return enumerate(list)
}

func enumerate(list []string) string {
	switch len(list) {
	case 0:
		return "nobody"
	case 1:
		return list[0]
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}

func (in *Input) ids(people []backlog.PersonID) []string {
	list := make([]string, len(people))
	for i, p := range people {
		list[i] = in.id(p)
	}
	return list
}

// url links to an issue in its tracker, "" where the site is not known.
func (in *Input) url(it *backlog.Item) string {
	return link(in.Site.Sources, it.Source, it.Level, it.Key)
}

func link(sources []backlog.SourceInfo, source int32, level backlog.Level, key string) string {
	if int(source) >= len(sources) {
		return ""
	}
	s := &sources[source]
	base := strings.TrimRight(s.Site, "/")
	switch {
	case base == "":
		return ""
	case s.Kind == "linear" && level >= backlog.Initiative:
		return base + "/initiative/" + url.PathEscape(key)
	case s.Kind == "linear" && level >= backlog.Epic:
		return base + "/project/" + url.PathEscape(key)
	case s.Kind == "linear":
		return base + "/issue/" + url.PathEscape(key)
	}
	return base + "/browse/" + url.PathEscape(key)
}

// cite turns an act into evidence.
func (in *Input) cite(a *act) Evidence {
	b := in.bookOf(a.on)
	it := &b.snap.Items[a.item]
	e := Evidence{Issue: it.Key, URL: in.url(it), At: time.UnixMilli(a.at).UTC(), Person: in.id(a.person), Weight: float64(a.weight), Why: a.why.String()}
	switch actKinds[a.kind].source {
	case fromCreation:
		e.Event, e.What = "created", "created"
	case fromComment:
		e.Event, e.What = "comment:"+b.snap.EventName(b.snap.Comments[a.ref].ID), "comment"
	case fromChange:
		in.citeChange(b, a.ref, &e)
	}
	return e
}

func (in *Input) citeChange(b *book, ref int32, e *Evidence) {
	c := &b.snap.Changes[ref]
	e.Event, e.What = b.snap.EventName(c.ID), c.Field.String()
	e.From, e.To = in.value(c.From), in.value(c.To)
}

func (in *Input) value(v backlog.ValueID) string {
	if v <= 0 || int(v) >= len(in.Site.Values) {
		return ""
	}
	if x := &in.Site.Values[v]; x.Name != "" {
		return x.Name
	}
	return in.Site.Values[v].Raw
}

// proof picks the evidence for a claim about people in one duty: their heaviest
// acts, one an issue, the newest first among equals. Without people it picks the
// units that fell to nobody.
func (in *Input) proof(t *Tally, people ...backlog.PersonID) []Evidence {
	best := make(picks, 0, citedFor+1)
	for i := len(t.units) - 1; i >= 0; i-- { // most are listed by time: the newest first leaves little to push out
		u := &t.units[i]
		if len(people) == 0 {
			if w := u.weight * u.nobody; u.nobody > 0 && best.wants(w) {
				best.offer(in.absent(t, u), w, i)
			}
			continue
		}
		for k := u.lo; k < u.hi; k++ {
			if a := &t.acts[k]; a.weight > 0 && slices.Contains(people, a.person) {
				best.offer(*a, u.weight*a.weight, int(k))
			}
		}
	}
	list := make([]Evidence, len(best))
	for i := range best {
		list[i] = in.cite(&best[i].a)
	}
	return list
}

// picks are the acts to cite, the best first: the heaviest, then the newest, then
// the first listed; one of each issue.
type picks []pick

type pick struct {
	a      act
	weight float32
	listed int
}

func (x *pick) before(y *pick) bool {
	switch {
	case x.weight != y.weight:
		return x.weight > y.weight
	case x.a.at != y.a.at:
		return x.a.at > y.a.at
	}
	return x.listed < y.listed
}

// wants reports whether an act of such a weight may be among the best.
func (p picks) wants(weight float32) bool {
	return len(p) < citedFor || weight >= p[citedFor-1].weight
}

// offer takes an act in if it is among the best.
func (p *picks) offer(a act, weight float32, listed int) {
	list, x := *p, pick{a, weight, listed}
	if len(list) == citedFor && !x.before(&list[citedFor-1]) {
		return
	}
	if old := slices.IndexFunc(list, func(y pick) bool { return y.a.item == a.item }); old >= 0 {
		if !x.before(&list[old]) {
			return
		}
		list = slices.Delete(list, old, old+1)
	}
	at := slices.IndexFunc(list, func(y pick) bool { return x.before(&y) })
	if at < 0 {
		at = len(list)
	}
	list = slices.Insert(list, at, x)
	*p = list[:min(len(list), citedFor)]
}

// absent is the event that shows where an act was due and is missing: the close
// of an unaccepted story, the commitment of an unprioritised one, the question
// without an answer.
func (in *Input) absent(t *Tally, u *unit) act {
	b := in.bookOf(u.on)
	tr := &b.trails[u.item]
	a := act{at: u.at, item: u.item, kind: actCreate, on: u.on}
	switch t.Duty {
	case backlog.Accept:
		a.kind, a.ref = actDone, tr.doneBy
	case backlog.Prioritise:
		a.kind, a.ref = actMove, tr.commitBy
	case backlog.Answer:
		a.kind = actAnswer
		it := &b.snap.Items[u.item]
		for c := it.CommentLo; c < it.CommentHi; c++ {
			if b.snap.Comments[c].At == u.at {
				a.ref, a.person = c, b.snap.Comments[c].Author
			}
		}
		return a
	}
	if a.kind != actCreate {
		a.person = b.snap.Changes[a.ref].Actor
	}
	return a
}

// firstKeys are as many keys as a query names: the first of all that were added, in order, each once.
type firstKeys []string

func (f *firstKeys) add(key string) {
	list := *f
	if len(list) == queried && key >= list[queried-1] {
		return
	}
	if at, known := slices.BinarySearch(list, key); !known {
		list = slices.Insert(list, at, key)
		*f = list[:min(len(list), queried)]
	}
}

// query lists issues in the tracker's own search, the first hundred of them.
func (in *Input) query(keys []string) string {
	var first firstKeys
	for _, k := range keys {
		first.add(k)
	}
	if len(first) == 0 {
		return ""
	}
	keys = first
	kind, site := "", ""
	if s := in.Scope.Source; int(s) < len(in.Site.Sources) {
		kind, site = in.Site.Sources[s].Kind, strings.TrimRight(in.Site.Sources[s].Site, "/")
	}
	linear := kind == "linear" && site != ""
	for i, k := range keys {
		if linear {
			keys[i] = url.QueryEscape(k)
		} else {
			keys[i] = inJQL(k)
		}
	}
	if linear {
		return site + "/search?q=" + strings.Join(keys, "+")
	}
	return "key in (" + strings.Join(keys, ", ") + ")"
}

// inJQL is a key as a query may have it: one that looks like a key stands as it is;
// what came in a file may be anything, and is quoted so that it cannot end its string.
func inJQL(key string) string {
	if project, number, ok := strings.Cut(key, "-"); ok && madeOf(project, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") && madeOf(number, "0123456789") {
		return key
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range strings.ToValidUTF8(key, "\ufffd") {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029':
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// madeOf reports whether a text has these characters and no others, and one at least.
func madeOf(s, characters string) bool { return s != "" && strings.Trim(s, characters) == "" }

// keys lists the issues of a duty's units that somebody has a part in, the first
// hundred of them; without people those that fell to nobody.
func (in *Input) keys(t *Tally, people ...backlog.PersonID) []string {
	var list firstKeys
	for i := range t.units {
		u := &t.units[i]
		hit := len(people) == 0 && u.nobody > 0
		for k := u.lo; k < u.hi && !hit; k++ {
			hit = t.acts[k].weight > 0 && slices.Contains(people, t.acts[k].person)
		}
		if hit {
			list.add(in.bookOf(u.on).snap.Items[u.item].Key)
		}
	}
	return list
}

// nameOf is the name of a person by id.
func (in *Input) nameOf(id string) string {
	for i := range in.Site.People {
		if i > 0 && in.Site.People[i].ID == id {
			return in.name(backlog.PersonID(i))
		}
	}
	return id
}

// dayOf writes an instant as a day: "12 May 2026".
func dayOf(at int64) string { return time.UnixMilli(at).UTC().Format("2 January 2006") }

func sqrt(v float64) float64 { return math.Sqrt(v) }

// plural writes a count of things: "1 item", "3 items".
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
