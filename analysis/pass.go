package analysis

import (
	"context"
	"fmt"
)

// Meta describes a pass: what it asks, how it counts and what it cannot see.
// Help, reports and docs/method.md all read it here.
type Meta struct {
	Name     string // kebab-case, unique
	Question string // "Who accepts the work?"
	Doc      string // how it counts, and what it cannot see
	Requires []Analyzer
}

// Analyzer is a pass of any result type.
type Analyzer interface {
	About() *Meta
	run(ctx context.Context, in *Input) error
}

// Pass is one step of an audit over one scope and period. Passes are pure: the
// same input gives the same result.
type Pass[R any] struct {
	Meta
	Run func(ctx context.Context, in *Input) (R, error)
}

// About returns the pass's description.
func (p *Pass[R]) About() *Meta { return &p.Meta }

// Result returns what the pass found. Only passes that require it, and what
// runs after all passes, may ask; it panics when the pass has not run, which
// the test of [All] rules out.
func (p *Pass[R]) Result(in *Input) R { return in.results[&p.Meta].(R) }

func (p *Pass[R]) run(ctx context.Context, in *Input) error {
	r, err := p.Run(ctx, in)
	if err != nil {
		return fmt.Errorf("%s: %w", p.Name, err)
	}
	in.results[&p.Meta] = r
	return nil
}

// Validate checks a list of passes: each has a name, a question and a doc, and
// stands after everything it requires.
func Validate(passes []Analyzer) error {
	done := map[*Meta]bool{}
	names := map[string]bool{}
	for _, p := range passes {
		m := p.About()
		switch {
		case m.Name == "" || m.Question == "" || m.Doc == "":
			return fmt.Errorf("pass %q lacks a name, a question or a doc", m.Name)
		case names[m.Name]:
			return fmt.Errorf("pass %q stands twice", m.Name)
		}
		for _, r := range m.Requires {
			if !done[r.About()] {
				return fmt.Errorf("pass %q stands before %q, which it requires", m.Name, r.About().Name)
			}
		}
		names[m.Name], done[m] = true, true
	}
	return nil
}
