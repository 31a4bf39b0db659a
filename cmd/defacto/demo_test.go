package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// suite runs the tests and clears away what they share.
type suite struct {
	m    *testing.M
	demo *template
}

// Run implements [testscript.TestingM].
func (s suite) Run() int {
	code := s.m.Run()
	if s.demo.dir != "" && os.RemoveAll(s.demo.dir) != nil {
		return max(code, 1)
	}
	return code
}

// template is a demo that was made once, by the command itself; tests that need
// one to start from copy it.
type template struct {
	once sync.Once
	dir  string
	err  error
}

var demo template

// copyTo puts a demo of one's own into a folder.
func (d *template) copyTo(dir string) error {
	d.once.Do(func() {
		if d.dir, d.err = os.MkdirTemp("", "defacto-demo"); d.err != nil {
			return
		}
		var errs strings.Builder
		nothing := func(string) string { return "" }
		if code := run(context.Background(), []string{"demo", "--quiet", "--dir", d.dir}, nothing, strings.NewReader(""), &strings.Builder{}, &errs); code != exitDone {
			d.err = fmt.Errorf("defacto demo exits with %d: %s", code, errs.String())
		}
	})
	if d.err != nil {
		return d.err
	}
	return os.CopyFS(dir, os.DirFS(d.dir))
}

// demoIn is a folder with a demo of the test's own.
func demoIn(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "defacto-demo")
	if err := demo.copyTo(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// demoCopy is a script's demo to start from: "demo" puts it where the command
// would, "demo FOLDER" elsewhere.
func demoCopy(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 1 {
		ts.Fatalf("usage: demo [FOLDER]")
	}
	dir := ts.MkAbs(append(args, "defacto-demo")[0])
	ts.Check(demo.copyTo(dir))
}
