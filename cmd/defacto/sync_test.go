package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"defacto/connectors/jira/jiratest"
)

// An interrupted sync exits with 130, keeps what it has, and the next one goes on.
func TestInterruptedSync(t *testing.T) {
	site := jiratest.New(jiratest.Cloud, jiratest.World(jiratest.Size{Projects: []string{"PAY", "WEB"}, Issues: 30, Histories: 3, Comments: 1}), jiratest.Options{Token: "good", User: "u"})
	defer site.Close()
	dir := t.TempDir()
	path := filepath.Join(dir, "defacto.yaml")
	text := "store: s.db\nsources:\n  - {name: acme, kind: jira, url: \"${URL}\", user: u, token: \"${TOKEN}\"}\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	getenv := func(name string) string { return map[string]string{"URL": site.URL, "TOKEN": "good"}[name] }
	sync := func(ctx context.Context) (code int, stdout, stderr string) {
		var out, err strings.Builder
		code = run(ctx, []string{"sync", "--config", path}, getenv, strings.NewReader(""), &out, &err)
		return code, out.String(), err.String()
	}
	ctx, interrupt := context.WithCancel(t.Context())
	site.Break("search/jql", 1, 1, jiratest.Meanwhile(interrupt))
	code, _, stderr := sync(ctx)
	if code != exitInterrupted || !strings.HasPrefix(stderr, "defacto sync: interrupted\nnext: ") {
		t.Fatalf("exit %d, said %q; want %d", code, stderr, exitInterrupted)
	}
	code, stdout, stderr := sync(t.Context())
	if code != exitDone || !strings.HasPrefix(stdout, "acme: ") {
		t.Errorf("the next sync exits with %d: %s%s", code, stdout, stderr)
	}
	code, stdout, stderr = sync(t.Context())
	if code != exitDone || !strings.Contains(stdout, "nothing new") {
		t.Errorf("the one after exits with %d: %s%s", code, stdout, stderr)
	}
}
