package main

import (
	"slices"
	"strings"
	"testing"

	"defacto/reports"
)

// No format of a pseudonymous report lets a name, an address or an account through.
func TestPseudonymousDemo(t *testing.T) {
	dir := demoIn(t)
	var secrets []string
	for line := range strings.Lines(sayIn(t, dir, "people", "list")) {
		columns := strings.Split(strings.TrimSpace(line), "\t")
		if columns[2] == "app" {
			continue // machines keep their names
		}
		secrets = append(secrets, columns[0], columns[1])
		if columns[3] != "" {
			secrets = append(secrets, columns[3])
		}
		for account := range strings.FieldsSeq(columns[5]) {
			_, id, _ := strings.Cut(account, ":")
			secrets = append(secrets, id)
		}
	}
	if len(secrets) < 100 {
		t.Fatalf("only %d names, addresses and accounts", len(secrets))
	}
	table := strings.Split(sayIn(t, dir, "audit", "--scope", "demo/PAY", "--pseudonyms", "--format", "csv"), "\n")
	column := slices.Index(strings.Split(table[0], ","), "person")
	pseudonym := strings.Split(table[1], ",")[column]
	for _, format := range reports.Names() {
		text := sayIn(t, dir, "audit", "--period", "all", "--pseudonyms", "--format", format)
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				i := strings.Index(text, secret)
				t.Errorf("%s tells %q: …%s…", format, secret, text[max(0, i-80):min(len(text), i+80)])
			}
		}
		if !strings.Contains(text, pseudonym) {
			t.Errorf("%s does not speak of %s", format, pseudonym)
		}
		if again := sayIn(t, dir, "audit", "--period", "all", "--pseudonyms", "--format", format); again != text {
			t.Errorf("%s differs the second time", format)
		}
	}
}
