package jsonfile

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"defacto/backlog"
)

// tally gathers what issues lack, a line a file and project rather than one an
// issue, and counts.
type tally struct {
	short map[shortKey]*shortfall
	got   map[string]int // issues by folder
	bad   map[string]int // broken values by file

	epics, stories, hanging int // issues above the story level, at it, and of these those that hang on another
}

type shortKey struct{ file, scope, what string }

type shortfall struct {
	issues, missing int
	example         string
}

func newTally() *tally {
	return &tally{short: map[shortKey]*shortfall{}, got: map[string]int{}, bad: map[string]int{}}
}

// issue counts an issue and notes its missing history entries and comments.
func (t *tally) issue(file string, iss *backlog.Issue) {
	t.got[path.Dir(file)]++
	switch {
	case iss.Level.OnRoadmap():
		t.epics++
	case iss.Level == backlog.Story:
		t.stories++
		if !iss.Epic.Zero() || !iss.Parent.Zero() {
			t.hanging++
		}
	}
	t.lack(shortKey{file, iss.Scope, "changes"}, iss, iss.PromisedChanges-entries(iss.Changes))
	t.lack(shortKey{file, iss.Scope, "comments"}, iss, iss.PromisedComments-len(iss.Comments))
}

func (t *tally) lack(k shortKey, iss *backlog.Issue, missing int) {
	if missing <= 0 {
		return
	}
	f := t.short[k]
	if f == nil {
		f = &shortfall{example: iss.Key}
		t.short[k] = f
	}
	f.issues++
	f.missing += missing
}

// entries counts the history entries of changes, which are sorted.
func entries(list []backlog.Change) int {
	n := 0
	for i := range list {
		if i == 0 || list[i].ID != list[i-1].ID {
			n++
		}
	}
	return n
}

// namedPerFile is how many broken values of a file are named one by one.
const namedPerFile = 50

// broken counts a broken value and reports whether it is to be named.
func (t *tally) broken(file string) bool {
	t.bad[file]++
	return t.bad[file] <= namedPerFile
}

// gaps are what was gathered, in a fixed order.
func (t *tally) gaps(pages map[string]*page) []backlog.Gap {
	var list []backlog.Gap
	for _, file := range slices.Sorted(maps.Keys(t.bad)) {
		if more := t.bad[file] - namedPerFile; more > 0 {
			list = append(list, backlog.Gap{Where: file, What: "issues", Missing: more, Why: fmt.Sprintf("%d more broken issues in this file, after the %d named", more, namedPerFile)})
		}
	}
	keys := slices.SortedFunc(maps.Keys(t.short), func(a, b shortKey) int {
		return cmp.Or(strings.Compare(a.file, b.file), strings.Compare(a.scope, b.scope), strings.Compare(a.what, b.what))
	})
	for _, k := range keys {
		list = append(list, t.short[k].gap(k))
	}
	for _, folder := range slices.Sorted(maps.Keys(pages)) {
		if p, got := pages[folder], t.got[folder]; got < p.total {
			list = append(list, backlog.Gap{Where: p.name, What: "issues", Missing: p.total - got, Why: fmt.Sprintf("the search counted %d issues, and its folder holds %d", p.total, got)})
		}
	}
	return list
}

// fewestStories is how many must hang on nothing before that is strange: below it
// an audit says nothing of them either.
const fewestStories = 8

// unlinked is the gap that there are epics, and nothing tells which of the fields
// says what belongs to them: false where none is missed.
func (t *tally) unlinked(missed bool) (backlog.Gap, bool) {
	if !missed || t.epics == 0 || t.hanging > 0 || t.stories < fewestStories {
		return backlog.Gap{}, false
	}
	return backlog.Gap{Where: "fields.json", What: "epic links", Missing: -1, Why: fmt.Sprintf(
		"there is none, and the issues do not tell which field is the Epic Link: none of %d stories hangs on any of %d epics; save the answer of /rest/api/2/field beside the issues as fields.json and import again", t.stories, t.epics)}, true
}

func (f *shortfall) gap(k shortKey) backlog.Gap {
	what := k.what
	if what == "changes" {
		what = "history entries"
	}
	why := fmt.Sprintf("%d issues of %s have fewer %s than the tracker counts, %s among them", f.issues, k.scope, what, f.example)
	if f.issues == 1 {
		why = fmt.Sprintf("%s has fewer %s than the tracker counts", f.example, what)
	}
	return backlog.Gap{Where: k.file, Scope: k.scope, What: k.what, Missing: f.missing, Why: why}
}
