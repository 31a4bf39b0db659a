package jsonfile

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"defacto/backlog"
)

// shortfalls gathers what issues lack, a line a file and project rather than one
// an issue.
type shortfalls struct {
	short map[shortKey]*shortfall
	bad   map[string]int // broken values by file
	more  map[string]int // those beyond the ones named
}

type shortKey struct{ file, scope, what string }

type shortfall struct {
	issues, missing int
	example         string
}

func newShortfalls() *shortfalls {
	return &shortfalls{short: map[shortKey]*shortfall{}, bad: map[string]int{}, more: map[string]int{}}
}

// look notes an issue's missing history entries and comments.
func (t *shortfalls) look(file string, iss *backlog.Issue) {
	t.lack(shortKey{file, iss.Scope, "changes"}, iss, iss.PromisedChanges-entries(iss.Changes))
	t.lack(shortKey{file, iss.Scope, "comments"}, iss, iss.PromisedComments-len(iss.Comments))
}

func (t *shortfalls) lack(k shortKey, iss *backlog.Issue, missing int) {
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

// broken lets the first broken values of a file through and counts the others.
func (t *shortfalls) broken(file string, gaps []backlog.Gap) []backlog.Gap {
	room := max(0, namedPerFile-t.bad[file])
	t.bad[file] += len(gaps)
	if len(gaps) > room {
		t.more[file] += len(gaps) - room
		gaps = gaps[:room]
	}
	return gaps
}

// gaps are what was gathered, in a fixed order.
func (t *shortfalls) gaps(pages map[string]*promise) []backlog.Gap {
	var list []backlog.Gap
	for _, file := range slices.Sorted(maps.Keys(t.more)) {
		list = append(list, backlog.Gap{Where: file, What: "issues", Missing: t.more[file], Why: fmt.Sprintf("%d more broken issues in this file, after the %d named", t.more[file], namedPerFile)})
	}
	keys := slices.SortedFunc(maps.Keys(t.short), func(a, b shortKey) int {
		return cmp.Or(strings.Compare(a.file, b.file), strings.Compare(a.scope, b.scope), strings.Compare(a.what, b.what))
	})
	for _, k := range keys {
		f := t.short[k]
		what := k.what
		if what == "changes" {
			what = "history entries"
		}
		why := fmt.Sprintf("%d issues of %s have fewer %s than the tracker counts, %s among them", f.issues, k.scope, what, f.example)
		if f.issues == 1 {
			why = fmt.Sprintf("%s has fewer %s than the tracker counts", f.example, what)
		}
		list = append(list, backlog.Gap{Where: k.file, Scope: k.scope, What: k.what, Missing: f.missing, Why: why})
	}
	for _, folder := range slices.Sorted(maps.Keys(pages)) {
		if p := pages[folder]; p.got < p.total {
			list = append(list, backlog.Gap{Where: p.name, What: "issues", Missing: p.total - p.got, Why: fmt.Sprintf("the search counted %d issues, and its pages here hold %d", p.total, p.got)})
		}
	}
	return list
}
