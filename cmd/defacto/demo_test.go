package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
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
	flag.Parse()
	if raced && !testing.Short() {
		stop, err := plain.build()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer stop()
	}
	code := s.m.Run()
	if s.demo.dir != "" && os.RemoveAll(s.demo.dir) != nil {
		return max(code, 1)
	}
	return code
}

// binary is the program as it is released. Where the race detector is on, processes of
// their own run it: SQLite is Go here, and ten times as slow under the detector, which
// watches the same code in the tests of every package.
type binary struct{ path string }

var plain binary

// build makes the program, with the flags CI builds it with.
func (b *binary) build() (stop func(), err error) {
	dir, err := os.MkdirTemp("", "defacto-plain")
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "defacto")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	cmd := exec.Command("go", "build", "-trimpath", "-o", path, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build the program: %w: %s", err, out)
	}
	b.path = path
	return func() { os.RemoveAll(dir) }, nil
}

// command is the program in a process of its own.
func (b *binary) command(args ...string) (*exec.Cmd, error) {
	path := b.path
	if path == "" {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		path = self
	}
	cmd := exec.Command(path)
	cmd.Args = append([]string{"defacto"}, args...)
	return cmd, nil
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
