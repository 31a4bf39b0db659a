package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"defacto/connectors/jira/jiratest"
)

// sync pulls a site from a server in this process, which costs as much as the
// program does: a real one is on other machines, and slower.
func (b *bench) sync(ctx context.Context) error {
	world := jiratest.World(jiratest.Size{Issues: b.server, Histories: 10, Comments: 3})
	srv := jiratest.New(jiratest.Cloud, world, jiratest.Options{})
	defer srv.Close()
	folder, err := os.MkdirTemp(b.dir, "sync-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	conf := filepath.Join(folder, "defacto.yaml")
	text := fmt.Sprintf("store: %s\nsources:\n  - {name: bench, kind: jira, url: %q, token: \"${file:%s}\", projects: [PAY]}\n",
		filepath.Join(folder, "defacto.db"), srv.URL, filepath.Join(folder, "token"))
	if err := os.WriteFile(filepath.Join(folder, "token"), []byte("t0ken-1234"), 0o600); err != nil {
		return err
	}
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		return err
	}
	fmt.Printf("\nSync of %d issues from a server on this machine:\n", b.server)
	for _, name := range []string{"the first", "nothing new"} {
		c, err := b.run(ctx, "sync", "--config", conf, "--quiet")
		if err != nil {
			return err
		}
		line(name, c, "")
	}
	return nil
}
