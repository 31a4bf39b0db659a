package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// asker puts questions on stdout and reads the answers from stdin, one a line.
type asker struct {
	p  *program
	in *bufio.Reader
}

func newAsker(p *program) *asker {
	return &asker{p, bufio.NewReaderSize(io.LimitReader(p.in, 1<<20), 4096)}
}

// line asks for a line. An empty one takes the default; input that ends before it
// is an error, for nobody is there to ask.
func (a *asker) line(question, otherwise string) (string, error) {
	hint := ""
	if otherwise != "" {
		hint = " [" + otherwise + "]"
	}
	if _, err := fmt.Fprint(a.p.out, printable(question+hint)+": "); err != nil {
		return "", fmt.Errorf("ask: %w", err)
	}
	text, err := a.in.ReadString('\n')
	switch {
	case errors.Is(err, io.EOF) && text == "":
		fmt.Fprintln(a.p.out)
		return "", advise(usage("the input ended at the question %q", question), "answer on a terminal, or use --yes with flags")
	case err != nil && !errors.Is(err, io.EOF):
		return "", fmt.Errorf("read the answer: %w", err)
	}
	if _, ok := terminal(a.p.in); !ok {
		fmt.Fprintln(a.p.out) // nobody pressed return
	}
	if text = strings.TrimSpace(text); text == "" {
		return otherwise, nil
	}
	return text, nil
}

// until asks again, at most five times, until the answer passes a check.
func (a *asker) until(question, otherwise string, check func(string) error) (string, error) {
	for range 5 {
		text, err := a.line(question, otherwise)
		if err != nil {
			return "", err
		}
		if err := check(text); err == nil {
			return text, nil
		} else if _, err := fmt.Fprintf(a.p.out, "  %s\n", printable(err.Error())); err != nil {
			return "", fmt.Errorf("ask: %w", err)
		}
	}
	return "", usage("no answer to %q would do", question)
}

// yes asks a question of yes or no.
func (a *asker) yes(question string, otherwise bool) (bool, error) {
	hint := "y/N"
	if otherwise {
		hint = "Y/n"
	}
	answer, err := a.until(question+" ("+hint+")", "", func(s string) error {
		switch strings.ToLower(s) {
		case "", "y", "yes", "n", "no":
			return nil
		}
		return errors.New("answer y or n")
	})
	if err != nil || answer == "" {
		return otherwise, err
	}
	return strings.HasPrefix(strings.ToLower(answer), "y"), nil
}

// words splits an answer of several, between commas or blanks.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

// parts splits an answer whose parts may hold blanks, between commas.
func parts(text string) []string {
	var list []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}
