package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// Blocks that pages show what the program says in: a command's help, or what a
// command says on stdout after a demo.
var (
	helpBlock   = regexp.MustCompile("(?s)(<!-- help of (.+?) -->\n```text\n).*?(```\n)")
	outputBlock = regexp.MustCompile("(?s)(<!-- output of defacto (.+?) -->\n```text\n).*?(```\n)")
)

// rewrite holds a page against what it should say; -update writes that.
func rewrite(t *testing.T, page string, block *regexp.Regexp, says func(what string) string) {
	t.Helper()
	old, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	now := block.ReplaceAllStringFunc(string(old), func(found string) string {
		parts := block.FindStringSubmatch(found)
		return parts[1] + says(parts[2]) + parts[3]
	})
	switch {
	case now == string(old):
	case !*update:
		t.Errorf("%s does not show what the program says: run this test with -update", page)
	default:
		if err := os.WriteFile(page, []byte(now), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestPages holds the pages of docs/commands against the program: every command
// has its help on one, word for word. -update writes it there.
func TestPages(t *testing.T) {
	missing := map[string]bool{}
	p := &program{}
	for _, cmd := range p.root().Commands() {
		for _, leaf := range append(cmd.Commands(), cmd) {
			if !leaf.HasSubCommands() {
				missing[commandName(leaf)] = true
			}
		}
	}
	dir := filepath.Join("..", "..", "docs", "commands")
	pages, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		rewrite(t, page, helpBlock, func(name string) string {
			delete(missing, name)
			return helpOf(t, name)
		})
	}
	for name := range missing {
		t.Errorf("no page in docs/commands shows the help of %q", name)
	}
}

// TestShownOutputs holds the outputs that README and pages show against the program.
func TestShownOutputs(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join("..", "..", "docs", "commands", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "defacto-demo")
	said := sayIn(t, dir, "demo", "--dir", dir)
	for _, page := range append(pages, filepath.Join("..", "..", "README.md")) {
		rewrite(t, page, outputBlock, func(command string) string {
			if command == "demo" {
				return said
			}
			return sayIn(t, dir, argsOf(command)...)
		})
	}
}

// argsOf splits a command as a shell would: quotes hold words together.
func argsOf(command string) []string {
	quoted := false
	words := strings.FieldsFunc(command, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return r == ' ' && !quoted
	})
	for i := range words {
		words[i] = strings.Trim(words[i], `"`)
	}
	return words
}

// sayIn is what a command says with the demo's configuration in a folder.
func sayIn(t *testing.T, dir string, args ...string) string {
	t.Helper()
	getenv := func(name string) string {
		return map[string]string{"DEFACTO_CONFIG": filepath.Join(dir, "defacto.yaml"), "COLUMNS": "100"}[name]
	}
	var out, err strings.Builder
	if code := run(t.Context(), args, getenv, strings.NewReader(""), &out, &err); code != exitDone {
		t.Fatalf("defacto %s exits with %d: %s", strings.Join(args, " "), code, err.String())
	}
	return out.String()
}

// helpOf is what "defacto NAME --help" says without the flags all commands have.
func helpOf(t *testing.T, name string) string {
	t.Helper()
	p := &program{}
	root := p.root()
	cmd, rest, err := root.Find(strings.Fields(name))
	if err != nil || len(rest) > 0 {
		t.Fatalf("no command %q: %v", name, err)
	}
	var text strings.Builder
	cmd.SetOut(&text)
	if err := cmd.Help(); err != nil {
		t.Fatal(err)
	}
	help, _, _ := strings.Cut(text.String(), "\nGlobal Flags:")
	return strings.TrimSpace(help) + "\n"
}

// Every command explains itself, with a group to stand in.
func TestCommandsExplainThemselves(t *testing.T) {
	var visit func(cmd *cobra.Command)
	visit = func(cmd *cobra.Command) {
		if cmd.Short == "" || strings.HasSuffix(cmd.Short, ".") {
			t.Errorf("%s: short help %q", cmd.CommandPath(), cmd.Short)
		}
		if cmd.Run == nil && cmd.RunE == nil {
			t.Errorf("%s does nothing", cmd.CommandPath())
		}
		for _, c := range cmd.Commands() {
			visit(c)
		}
	}
	p := &program{}
	visit(p.root())
}
