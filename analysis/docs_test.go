package analysis

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestMethodPage holds docs/method.md to the passes' and the settings' own words.
func TestMethodPage(t *testing.T) {
	const page = "../docs/method.md"
	raw, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var passes, keys strings.Builder
	for _, p := range All() {
		m := p.About()
		fmt.Fprintf(&passes, "**%s** (`%s`)\n%s\n\n", m.Question, m.Name, m.Doc)
	}
	keys.WriteString("| key | default | range | meaning |\n|---|---|---|---|\n")
	for _, k := range MethodKeys() {
		fmt.Fprintf(&keys, "| `%s` | %s | %s–%s | %s |\n", k.Key, number(k.Default), number(k.Min), number(k.Max), k.Doc)
	}
	want := fill(fill(string(raw), "passes", passes.String()), "settings", keys.String())
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != string(raw) {
		t.Error("docs/method.md does not say what the passes say: go test ./analysis -run MethodPage -update")
	}
}

// fill puts text between a page's markers.
func fill(page, mark, text string) string {
	open, end := "<!-- "+mark+" -->\n", "<!-- /"+mark+" -->"
	i, j := strings.Index(page, open), strings.Index(page, end)
	if i < 0 || j < i {
		return page
	}
	return page[:i+len(open)] + text + page[j:]
}
