package connectors_test

import (
	"context"
	"errors"
	"testing"

	"defacto/backlog"
	"defacto/connectors"
)

func TestHanding(t *testing.T) {
	broken := errors.New("broken")
	three := func(hand func(backlog.Batch) error) error {
		for _, site := range []string{"a", "b", "c"} {
			if err := hand(backlog.Batch{Site: site}); err != nil {
				return err
			}
		}
		return broken
	}
	take := func(ctx context.Context, most int) (sites string, err error) {
		for b, e := range connectors.Handing(ctx, three) {
			sites, err = sites+b.Site, e
			if len(sites) == most {
				break
			}
		}
		return sites, err
	}
	if sites, err := take(t.Context(), 2); sites != "ab" || err != nil {
		t.Errorf("a reader that wants two gets %q, %v", sites, err)
	}
	if sites, err := take(t.Context(), 9); sites != "abc" || !errors.Is(err, broken) {
		t.Errorf("a reader that wants all gets %q, %v", sites, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := take(ctx, 9); !errors.Is(err, context.Canceled) {
		t.Errorf("an interrupted passage ends with %v", err)
	}
}
