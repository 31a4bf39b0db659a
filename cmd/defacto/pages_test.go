package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// helpBlock is where a page shows a command's help.
var helpBlock = regexp.MustCompile("(?s)(<!-- help of (.+?) -->\n```text\n).*?(```\n)")

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
		old, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		now := helpBlock.ReplaceAllStringFunc(string(old), func(block string) string {
			parts := helpBlock.FindStringSubmatch(block)
			delete(missing, parts[2])
			return parts[1] + helpOf(t, parts[2]) + parts[3]
		})
		if now == string(old) {
			continue
		}
		if !*update {
			t.Errorf("%s does not show the help as it is: run this test with -update", page)
			continue
		}
		if err := os.WriteFile(page, []byte(now), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name := range missing {
		t.Errorf("no page in docs/commands shows the help of %q", name)
	}
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
