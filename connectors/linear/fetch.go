package linear

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"defacto/connectors"
)

// query sends one document and fills q from the answer. The errors are those of
// the transport; data that came beside an error is in q nevertheless, and the
// error then is an *apiError that says Partial.
func (s *Source) query(ctx context.Context, q any, vars map[string]any) error {
	err := s.api.Query(ctx, q, vars)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case s.wire.partial != nil:
		return s.wire.partial
	}
	var sent *url.Error
	if errors.As(err, &sent) {
		err = sent.Err
	}
	return err
}

// stream reads one root connection to its end.
type stream[Q, T any] struct {
	what string // "users", for errors
	most int    // nodes a page
	vars func(first int, after string) map[string]any
	of   func(*Q) *connection[T]
	// after: where to begin, "" at the beginning.
	after string
	// broken notes a page of a single node that never comes whole, whose rest then
	// is read; without it such a page is an error.
	broken func(error, *connection[T])
}

// start are the variables of its first page.
func (p stream[Q, T]) start() map[string]any { return p.vars(p.most, "") }

// patience with answers that came only in part.
const retries = 2

// errStuck says that a server's pages do not lead on.
var errStuck = errors.New("the server's pages lead nowhere")

// errLacking says that an answer was none to the question.
var errLacking = errors.New("the answer does not hold what was asked for")

// follow returns where the next page begins, "" after the last.
func follow(p page, seen map[string]bool) (string, error) {
	switch {
	case !p.HasNextPage:
		return "", nil
	case p.EndCursor == "":
		return "", fmt.Errorf("%w: there is a next page and no cursor to it", errStuck)
	case seen[p.EndCursor]:
		return "", fmt.Errorf("%w: the cursor %s came twice", errStuck, plain(p.EndCursor))
	}
	seen[p.EndCursor] = true
	return p.EndCursor, nil
}

// each hands over every page of the stream. A page that Linear finds too
// complex is asked for again smaller; one that came only in part again as it
// was, then smaller, until it is a single node.
func (p stream[Q, T]) each(ctx context.Context, s *Source, take func([]T) error) error {
	seen := map[string]bool{p.after: true}
	most, first, failed := p.most, p.most, 0
	for after := p.after; ; {
		var q Q
		err := s.query(ctx, &q, p.vars(first, after))
		if err != nil {
			smaller, again := shrink(err, first, &failed)
			if again {
				if first = smaller; failed == 0 {
					most = smaller // a refusal holds for every page, a broken node for one
				}
				continue
			}
			if p.broken == nil || !alone(err, p.of(&q)) {
				return incomplete(s.opt.Name, p.what, err)
			}
			p.broken(err, p.of(&q))
		} else if !p.of(&q).came() {
			return incomplete(s.opt.Name, p.what, errLacking)
		} else if err := take(p.of(&q).Nodes); err != nil {
			return err
		}
		failed = 0
		if after, err = follow(p.of(&q).PageInfo, seen); err != nil {
			return incomplete(s.opt.Name, p.what, err)
		}
		if after == "" {
			return nil
		}
		first = min(most, first*2)
	}
}

// alone reports whether a page that came only in part is about a single node, so
// that it can be passed over.
func alone[T any](err error, c *connection[T]) bool {
	var api *apiError
	return errors.As(err, &api) && api.Partial && len(c.Nodes) <= 1 && c.PageInfo.EndCursor != ""
}

// shrink says whether and how large a failed page is asked for again.
func shrink(err error, first int, failed *int) (int, bool) {
	var costly *complexError
	var api *apiError
	switch {
	case errors.As(err, &costly) && first > 1:
		n := first / 2
		if costly.Complexity > 0 {
			n = int(float64(first) * costly.Maximum / costly.Complexity * .9)
		}
		return max(1, min(n, first-1)), true
	case errors.As(err, &api) && api.Partial:
		*failed++
		if *failed <= retries {
			return first, true
		}
		if first > 1 {
			return first / 2, true
		}
	}
	return first, false
}

// incomplete says that something came only in part, unless the error says
// enough itself.
func incomplete(source, what string, err error) error {
	var auth *connectors.AuthError
	var limit *connectors.RateLimitError
	if errors.As(err, &auth) || errors.As(err, &limit) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &connectors.IncompleteError{Source: source, What: what, Err: fmt.Errorf("linear: %s: %w", strings.TrimSpace(what), err)}
}
