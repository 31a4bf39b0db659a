package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"defacto/config"
	"defacto/connectors"
)

func TestExitCodes(t *testing.T) {
	auth := &connectors.AuthError{Source: "acme", Reason: "401", Next: "make a new token"}
	partial := &connectors.IncompleteError{Source: "acme", What: "comments", Err: errors.New("cut")}
	for _, test := range []struct {
		name string
		err  error
		want int
		next string
	}{
		{"none", nil, exitDone, ""},
		{"any", errors.New("x"), exitFailed, "run it again"},
		{"usage", usage("x"), exitUsage, "--help"},
		{"configuration", fmt.Errorf("x: %w", &config.InvalidError{}), exitUsage, "correct"},
		{"found", foundError{[]string{"a"}}, exitFound, ""},
		{"auth", fmt.Errorf("sync acme: %w", auth), exitAuth, "make a new token"},
		{"short", shortError{"x"}, exitIncomplete, "v_syncs"},
		{"incomplete", fmt.Errorf("x: %w", partial), exitIncomplete, ""},
		{"limited", &connectors.RateLimitError{Source: "acme"}, exitFailed, "later"},
		{"advice", advise(errors.New("x"), "do this"), exitFailed, "do this"},
		{"auth before failed", failures{errors.New("x"), auth}, exitAuth, ""},
		{"failed before incomplete", failures{shortError{"x"}, errors.New("x")}, exitFailed, ""},
		{"failed before found", failures{foundError{}, errors.New("x")}, exitFailed, ""},
		{"found before incomplete", failures{shortError{"x"}, foundError{}}, exitFound, ""},
		{"usage before failed", failures{errors.New("x"), usage("x")}, exitUsage, ""},
	} {
		var said strings.Builder
		p := &program{err: &said, started: true, name: "audit"}
		if got := p.conclude(t.Context(), test.err); got != test.want {
			t.Errorf("%s: exit %d, want %d", test.name, got, test.want)
		}
		if !strings.Contains(said.String(), test.next) {
			t.Errorf("%s: said %q, want a next step with %q", test.name, said.String(), test.next)
		}
	}
}

func TestInterrupted(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var said strings.Builder
	p := &program{err: &said, started: true, name: "sync"}
	if got := p.conclude(ctx, &connectors.AuthError{}); got != exitInterrupted {
		t.Errorf("exit %d, want %d", got, exitInterrupted)
	}
	if !strings.HasPrefix(said.String(), "defacto sync: interrupted\nnext: ") {
		t.Errorf("said %q", said.String())
	}
}

func TestErrorsDriveNoTerminal(t *testing.T) {
	var said strings.Builder
	p := &program{err: &said, started: true}
	p.conclude(t.Context(), errors.New("a\x1b[2Jb\u009bc\rd"))
	if strings.ContainsAny(said.String(), "\x1b\u009b\r") {
		t.Errorf("said %q", said.String())
	}
}
