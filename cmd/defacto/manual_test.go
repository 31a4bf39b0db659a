package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

var manual = flag.String("manual", "", "write the man pages into this `FOLDER`; SOURCE_DATE_EPOCH dates them")

// TestManual makes the man pages, one for each command. It is also what writes them
// for a release (see docs/release.md): that way their generator is in no binary.
func TestManual(t *testing.T) {
	dir := *manual
	if dir == "" {
		dir = t.TempDir()
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	root := new(program).root()
	root.DisableAutoGenTag = true // it would tell the day
	date := time.Unix(0, 0).UTC() // the generator prefers SOURCE_DATE_EPOCH
	if err := doc.GenManTree(root, &doc.GenManHeader{Section: "1", Source: "defacto", Manual: "defacto", Date: &date}, dir); err != nil {
		t.Fatal(err)
	}
	var check func(cmd *cobra.Command)
	check = func(cmd *cobra.Command) {
		text, err := os.ReadFile(filepath.Join(dir, strings.ReplaceAll(cmd.CommandPath(), " ", "-")+".1"))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{".SH NAME", ".SH SYNOPSIS", strings.Fields(cmd.Short)[0]} {
			if !strings.Contains(string(text), want) {
				t.Errorf("the page of %s has no %q", cmd.CommandPath(), want)
			}
		}
		for _, c := range cmd.Commands() {
			if c.IsAvailableCommand() {
				check(c)
			}
		}
	}
	check(root)
}

// TestCompletions makes the completions of every shell, as a release does.
func TestCompletions(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		var out, err strings.Builder
		if code := run(t.Context(), []string{"completion", shell}, func(string) string { return "" }, strings.NewReader(""), &out, &err); code != exitDone || !strings.Contains(out.String(), "defacto") {
			t.Errorf("%s: %d, %s", shell, code, err.String())
		}
	}
}
