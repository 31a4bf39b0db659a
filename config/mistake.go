package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Mistake is one thing that is wrong.
type Mistake struct {
	Line    int    // in the file; 0 when it does not stand there
	At      string // "sources[0].kind", or the name of an environment variable
	Problem string
	// Missing marks a reference whose target is not there now: all is well with
	// the file, and whoever needs no secret may go on.
	Missing bool
}

// String is the mistake as one line.
func (m Mistake) String() string {
	s := m.Problem
	if m.At != "" {
		s = m.At + ": " + s
	}
	if m.Line > 0 {
		s = fmt.Sprintf("line %d: %s", m.Line, s)
	}
	return s
}

// InvalidError holds every mistake found, in the order of their lines.
type InvalidError struct {
	Path     string
	Mistakes []Mistake
}

// mostTold bounds what an error lists: who has more mistakes than that has given
// another file.
const mostTold = 200

// Error lists the mistakes, one a line.
func (e *InvalidError) Error() string {
	var b strings.Builder
	what := "1 mistake"
	if n := len(e.Mistakes); n != 1 {
		what = fmt.Sprintf("%d mistakes", n)
	}
	where := e.Path
	if where == "" {
		where = "the configuration"
	}
	fmt.Fprintf(&b, "%s has %s:", where, what)
	for i, m := range e.Mistakes {
		if i == mostTold {
			fmt.Fprintf(&b, "\n  … and %d more", len(e.Mistakes)-i)
			break
		}
		b.WriteString("\n  " + m.String())
	}
	return b.String()
}

// OnlyMissing reports whether nothing is wrong but that secrets are absent.
func (e *InvalidError) OnlyMissing() bool {
	return !slices.ContainsFunc(e.Mistakes, func(m Mistake) bool { return !m.Missing })
}

// DidYouMean returns "; did you mean x?" where one of the known words is near, else "".
func DidYouMean(word string, known []string) string {
	if len(word) > 40 {
		return "" // nobody mistypes at such length, and distances would cost
	}
	best, distance := "", max(2, len(word)/3)+1
	for _, k := range known {
		if d := levenshtein.ComputeDistance(strings.ToLower(word), strings.ToLower(k)); d < distance {
			best, distance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// quote shows a value from the file, never at length.
func quote(s string) string {
	if r := []rune(s); len(r) > 60 {
		s = string(r[:57]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
