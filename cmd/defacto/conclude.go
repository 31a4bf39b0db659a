package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"defacto/config"
	"defacto/connectors"
	"defacto/connectors/jsonfile"
	"defacto/store"
)

// The exit codes. Where several apply, the first of 130, 4, 2, 1, 3, 5 stands.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitFound       = 3
	exitAuth        = 4
	exitIncomplete  = 5
	exitInterrupted = 130
)

// usageError is a command line or a configuration that cannot be followed.
type usageError struct{ error }

func usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// foundError says that a finding named in --fail-on is present.
type foundError struct{ findings []string }

func (e foundError) Error() string { return "found " + strings.Join(e.findings, ", ") }

// shortError says that all is done, and what is known to be missing.
type shortError struct{ what string }

func (e shortError) Error() string { return "done, but incomplete: " + e.what }

// advice is an error with the step that comes next.
type advice struct {
	error
	next string
}

func (a advice) Unwrap() error { return a.error }

func advise(err error, next string) error { return advice{err, next} }

// conclude tells an error to the reader and returns the exit code.
func (p *program) conclude(ctx context.Context, err error) int {
	if err == nil {
		return exitDone
	}
	code := p.exitCode(ctx, err)
	text, next := err.Error(), p.nextStep(code, err)
	if code == exitInterrupted {
		text = "interrupted"
	}
	if p.logFormat == "json" {
		p.log.Error(text, "command", p.name, "next", next, "exit", code)
		return code
	}
	text, next = p.secrets.Text(text), p.secrets.Text(next)
	command := strings.TrimSpace("defacto " + p.name)
	fmt.Fprintf(p.err, "%s: %s\n", command, printable(text))
	if next != "" {
		fmt.Fprintf(p.err, "next: %s\n", printable(next))
	}
	return code
}

func (p *program) exitCode(ctx context.Context, err error) int {
	if ctx.Err() != nil {
		return exitInterrupted
	}
	var several failures
	if !errors.As(err, &several) {
		return p.codeOf(err)
	}
	var codes []int
	for _, one := range several {
		codes = append(codes, p.codeOf(one))
	}
	order := []int{exitAuth, exitUsage, exitFailed, exitFound, exitIncomplete}
	return order[slices.IndexFunc(order, func(code int) bool { return slices.Contains(codes, code) })]
}

func (p *program) codeOf(err error) int {
	var (
		auth    *connectors.AuthError
		invalid *config.InvalidError
		misused usageError
		found   foundError
		short   shortError
		partial *connectors.IncompleteError
		other   *jsonfile.StrangerError
	)
	switch {
	case errors.As(err, &auth):
		return exitAuth
	case errors.As(err, &invalid), errors.As(err, &misused), errors.As(err, &other), !p.started:
		return exitUsage
	case errors.As(err, &found):
		return exitFound
	case errors.As(err, &short), errors.As(err, &partial):
		return exitIncomplete
	default:
		return exitFailed
	}
}

// nextStep says what the reader can do about an error.
func (p *program) nextStep(code int, err error) string {
	var (
		advised advice
		auth    *connectors.AuthError
		invalid *config.InvalidError
		limited *connectors.RateLimitError
		other   *jsonfile.StrangerError
	)
	switch {
	case errors.As(err, &advised):
		return advised.next
	case code == exitInterrupted:
		return "run it again: what was stored stays stored, and it goes on from there"
	case errors.As(err, &auth):
		return auth.Next
	case errors.As(err, &invalid):
		return "correct the lines named; docs/defacto.yaml shows every key"
	case errors.As(err, &other):
		return "import it under a --source of its own, or say with --site that both are one tracker"
	case errors.As(err, &limited):
		return "run it again later: it goes on where it stopped"
	case errors.Is(err, store.ErrNewerSchema):
		return "use the version of defacto that wrote the file, or a newer one"
	case errors.Is(err, store.ErrForeign):
		return "name another file with --store"
	case store.IsFull(err):
		return "make room on that disk and run it again: what was stored before is untouched"
	case errors.Is(err, fs.ErrPermission):
		return "check who may read and write that file"
	case code == exitUsage:
		return strings.TrimSpace("see defacto "+p.name) + " --help"
	case code == exitIncomplete:
		return "what is missing stands in the output and in v_syncs; bring it in with another sync or import"
	case code == exitFailed:
		return "what was stored before is untouched: correct that and run it again"
	default:
		return ""
	}
}

// printable keeps line breaks and drops what could drive a terminal: errors
// repeat what files and servers said.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 {
			return -1
		}
		return r
	}, s)
}
