//go:build unix

package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"defacto/backlog"
	"defacto/store"
)

// TestFilesArePrivate runs whatever writes a file where nothing but the program
// itself keeps others from reading it, and looks at the modes of all there is then.
func TestFilesArePrivate(t *testing.T) {
	dir := t.TempDir()
	demo := demoIn(t)
	for _, copied := range []string{"defacto.db", "defacto.yaml", "report.html"} { // by the test, as files are
		if err := os.Chmod(filepath.Join(demo, copied), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before := syscall.Umask(0) // the harshest: 022 would hide a folder of mode 0777
	defer syscall.Umask(before)
	in := func(name string) string { return filepath.Join(dir, name) }
	config := in("defacto.yaml")
	facts := "sources: [{name: files, kind: files, paths: [facts]}]\n"
	text := fmt.Sprintf("store: %s\nsmtp: {host: 127.0.0.1, port: 1, tls: none}\nreports:\n  - {name: q, scopes: [demo/SHOP], schedule: \"0 7 * * 1\", from: d@acme.example, to: [ann@acme.example]}\n", filepath.Join(demo, "defacto.db"))
	for path, text := range map[string]string{config: text, in("files.yaml"): facts, in("issue.json"): `{"id":"1","key":"A-1","fields":{"summary":"x","created":"2026-07-01T09:00:00.000+0000"}}`} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	given := []string{config, in("files.yaml"), in("issue.json")}
	who := func() string {
		st, err := store.Open(t.Context(), filepath.Join(demo, "defacto.db"), store.Options{ReadOnly: true, Lexicon: backlog.DefaultLexicon()})
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		var id string
		if err := st.DB().QueryRowContext(t.Context(), `SELECT id FROM v_people ORDER BY id`).Scan(&id); err != nil {
			t.Fatal(err)
		}
		return id
	}()
	for _, c := range []struct {
		args  string
		makes []string // files and folders
	}{
		{"import DIR/issue.json --source files --store DIR/new.db", []string{"new.db"}},
		{"audit -o html=DIR/a.html -o json=DIR/a.json -o csv=DIR/a.csv -o markdown=DIR/a.md -o table=DIR/a.txt --scope demo/SHOP", []string{"a.html", "a.json", "a.csv", "a.md", "a.txt"}},
		{"store acts", nil},
		{"store backup DIR/backup.db", []string{"backup.db"}},
		{"store export DIR/parquet", []string{"parquet"}},
		{"store export DIR/sheets --format csv", []string{"sheets"}},
		{"report q --dry-run -o DIR/mails/made", []string{"mails"}},
		{"report q --send", nil}, // nobody is there: the message waits in the ledger
		{"schedule --once --health DIR/health.json", []string{"health.json"}},
		{"init --yes --force --kind files --path DIR/issue.json --name files --no-check --config DIR/made.yaml", []string{"made.yaml"}},
		{"note demo/SHOP/2026-Q3/po-differs --accept --why x", nil},
		{"self --me " + who, nil},
	} {
		args := strings.Fields(strings.ReplaceAll(c.args, "DIR", dir))
		if !slices.Contains(args, "--config") {
			args = append(args, "--config", config)
		}
		var out, errs strings.Builder
		code, err := runQuickly(t, nil, &out, &errs, args...)
		for _, made := range c.makes {
			if _, err := os.Stat(in(made)); err != nil {
				t.Errorf("%s: %v: exit %d: %s%s", c.args, err, code, out.String(), errs.String())
			}
		}
		if code == exitUsage && len(c.makes) > 0 {
			t.Errorf("%s: %v", c.args, err)
		}
	}
	st, err := store.Open(t.Context(), in("open.db"), store.Options{Now: time.Now, Lexicon: backlog.DefaultLexicon()})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if _, err := st.Save(t.Context(), "acme", backlog.Batch{Site: "https://acme.example", Kind: "jira"}); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, root := range []string{dir, demo} {
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err != nil || path == root || slices.Contains(given, path) {
				return err
			}
			info, err := e.Info()
			if err != nil {
				return err
			}
			seen++
			if info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s has mode %v", path, info.Mode())
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, beside := range []string{"open.db-wal", "open.db-shm"} {
		if _, err := os.Stat(in(beside)); err != nil {
			t.Errorf("%s: %v", beside, err)
		}
	}
	if seen < 60 {
		t.Errorf("only %d files and folders", seen)
	}
}
