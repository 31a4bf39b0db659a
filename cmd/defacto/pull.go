package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"defacto/connectors"
	"defacto/store"
)

// pull copies a source into the store, showing how far it is, and says what came
// and what did not.
func (p *program) pull(ctx context.Context, st *store.Store, src connectors.Source, full bool) error {
	report, end := p.progress(src.Name())
	sum, err := connectors.Sync(ctx, src, st, connectors.Options{Full: full, Progress: report, Now: p.now})
	end()
	p.log.Info("pulled", "source", src.Name(), "issues", sum.Saved.Issues, "changes", sum.Saved.Changes, "comments", sum.Saved.Comments,
		"requests", sum.Run.Requests, "seconds", sum.Run.Finished.Sub(sum.Run.Started).Seconds(), "complete", sum.Run.Complete)
	if err == nil || sum.Saved.Issues > 0 {
		if _, err := fmt.Fprintf(p.out, "%s: %s\n", printable(src.Name()), tally(sum)); err != nil {
			return fmt.Errorf("write the result: %w", err)
		}
	}
	p.gaps(sum)
	if err != nil {
		return err
	}
	if len(sum.Gaps) > 0 {
		return shortError{fmt.Sprintf("%s did not give everything (%s)", src.Name(), count(len(sum.Gaps), "gap"))}
	}
	return nil
}

// tally says what came and what of it is new.
func tally(sum connectors.Summary) string {
	s := sum.Saved
	text := fmt.Sprintf("%s, %s, %s", count(s.Issues, "issue"), count(s.Changes, "change"), count(s.Comments, "comment"))
	var news []string
	for _, n := range []struct {
		count int
		what  string
	}{{s.NewIssues, "new issue"}, {s.UpdatedIssues, "updated issue"}, {s.NewChanges, "new change"}, {s.NewComments, "new comment"}} {
		if n.count > 0 {
			news = append(news, count(n.count, n.what))
		}
	}
	if len(news) == 0 {
		return text + "; nothing new"
	}
	return text + "; " + strings.Join(news, ", ")
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// gaps tells what a source could not give. All of it stands in the store; a
// terminal gets the first of it.
func (p *program) gaps(sum connectors.Summary) {
	const shown = 20
	for i, g := range sum.Gaps {
		if i == shown {
			p.tell("… and %d more", len(sum.Gaps)-shown)
			return
		}
		missing := g.What
		if g.Missing > 0 {
			missing = count(g.Missing, strings.TrimSuffix(g.What, "s"))
		}
		p.tell("not obtained: %s: %s: %s", g.Where, missing, g.Why)
	}
}

// failures are the errors of several sources, told together.
type failures []error

func (f failures) Error() string { return errors.Join(f...).Error() }

// Unwrap gives every one of them.
func (f failures) Unwrap() []error { return f }
