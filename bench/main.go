// Command bench measures what defacto costs on a large made-up site, beside what
// limits it: it writes an export, imports and audits it with the program as it is
// built here, and times decoding, inserting and scanning the same data alone.
// docs/scale.md says what the figures mean.
//
//	go run ./bench -issues 10000,100000,1000000 -dir bench-site
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

func main() {
	sizes := flag.String("issues", "10000,100000", "how many issues, one `SIZE` after the other")
	dir := flag.String("dir", "", "work in this `FOLDER`; a million issues take 12 GB there (default: a temporary one)")
	keep := flag.Bool("keep", false, "leave the exports and stores in the folder, and use those that are there")
	zip := flag.Bool("gzip", false, "gzip the export")
	repeat := flag.Int("repeat", 3, "time what only reads so many times and take the best")
	program := flag.String("program", "", "measure this `BINARY` (default: build ./cmd/defacto)")
	server := flag.Int("sync", 2000, "sync so many issues from a Jira of cardboard on this machine; 0: none")
	flag.Usage = usage
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "bench: %q is no flag; see go run ./bench -h\n", flag.Arg(0))
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	b := bench{dir: *dir, program: *program, keep: *keep, zip: *zip, repeat: max(1, *repeat), server: *server}
	if err := b.all(ctx, *sizes); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func usage() {
	fmt.Fprint(flag.CommandLine.Output(), `Bench makes up a site (200 projects of which the first has a tenth of all issues, 12
quarters, 5,000 people; 10 changes and 3 comments an issue), exports it as Jira's REST
JSON, imports and audits it with defacto, and times beside it what limits that: decoding
the same JSON alone, inserting the same rows alone, the sqlite3 shell scanning the changes.

A figure is the time on the clock, the processor's time and the peak of memory. What only
reads is timed several times in turn with its baseline; the best of each counts.

  go run ./bench                                  10,000 and 100,000 issues, some minutes
  go run ./bench -issues 1000000 -dir bench-site  a million: 12 GB, a quarter of an hour
  go run ./bench -issues 1000000 -dir bench-site -keep    leaves the export and the store
  ... and again: measures the audits of that store alone

`)
	flag.PrintDefaults()
}

type bench struct {
	dir     string
	program string
	keep    bool
	zip     bool
	repeat  int
	server  int
	sizes   []measured
}

// measured is what one size cost, by row of the table.
type measured struct {
	issues int
	rows   map[string]cost
}

func (b *bench) all(ctx context.Context, sizes string) error {
	if b.dir == "" {
		dir, err := os.MkdirTemp("", "defacto-bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		b.dir = dir
	}
	dir, err := filepath.Abs(b.dir) // the program runs there
	if err != nil {
		return err
	}
	b.dir = dir
	if err := os.MkdirAll(b.dir, 0o700); err != nil {
		return err
	}
	if b.program == "" {
		b.program = filepath.Join(b.dir, "defacto")
		build := exec.CommandContext(ctx, "go", "build", "-o", b.program, "./cmd/defacto")
		if out, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("build the program: %w\n%s", err, out)
		}
	}
	if err := b.starts(ctx); err != nil {
		return err
	}
	for size := range strings.SplitSeq(sizes, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(size))
		if err != nil {
			return fmt.Errorf("-issues: %w", err)
		}
		if err := b.site(ctx, n); err != nil {
			return fmt.Errorf("%d issues: %w", n, err)
		}
	}
	b.growth()
	if b.server > 0 {
		return b.sync(ctx)
	}
	return nil
}

// starts times what does nothing.
func (b *bench) starts(ctx context.Context) error {
	fmt.Printf("On %d processors, %s/%s, %s\n\n", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	fmt.Println("Starting:")
	for _, arg := range []string{"version", "--help"} {
		c, err := best(11, func() (cost, error) { return b.run(ctx, arg) })
		if err != nil {
			return err
		}
		line("defacto "+arg, c, "")
	}
	return nil
}

// site measures one size.
func (b *bench) site(ctx context.Context, issues int) error {
	folder := filepath.Join(b.dir, strconv.Itoa(issues))
	e := export{folder: filepath.Join(folder, "export"), zip: b.zip}
	if !b.keep {
		defer os.RemoveAll(folder)
	}
	b.sizes = append(b.sizes, measured{issues, map[string]cost{}})
	path := filepath.Join(folder, "defacto.db")
	if _, err := os.Stat(path); err == nil && b.keep {
		fmt.Printf("\n%d issues, the store of an earlier run:\n", issues)
		return b.audits(ctx, path)
	}
	spent, err := e.write(ctx, issues)
	if err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	fmt.Printf("\n%d issues, the export %s:\n", issues, megabytes(e.size))
	if spent.wall > 0 {
		line("made in", spent, "")
	}
	decode, err := e.decodeAlone(ctx)
	if err != nil {
		return fmt.Errorf("decode alone: %w", err)
	}
	took, err := b.build(ctx, path, e.folder)
	if err != nil {
		return err
	}
	insert, err := insertAlone(ctx, path, filepath.Join(folder, "alone.db"))
	if err != nil {
		return fmt.Errorf("insert alone: %w", err)
	}
	b.row("decode alone, one goroutine", decode, "")
	b.row("insert the rows alone", insert, "")
	b.row("import", took, fmt.Sprintf("%.2f × both (at most 1.8)", took.wall.Seconds()/(decode.wall+insert.wall).Seconds()))
	return b.audits(ctx, path)
}

// build imports the export into a new store.
func (b *bench) build(ctx context.Context, path, export string) (cost, error) {
	for _, p := range []string{path, path + "-wal", path + "-shm"} {
		_ = os.Remove(p) // of a run that was broken off
	}
	part := path + ".part"
	c, err := b.run(ctx, "import", export, "--source", "bench", "--store", part, "--quiet")
	if err != nil {
		return c, err
	}
	return c, os.Rename(part, path) // whole, for a later run with -keep
}

// audits times what reads a store, in turn with the shell.
func (b *bench) audits(ctx context.Context, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	asked := []struct{ name, period, format string }{
		{oneQuarter, "2026-Q3", "table"},
		{"audit of one quarter as HTML", "2026-Q3", "html"},
		{allQuarters, "all", "table"},
		{"audit of all quarters as JSON", "all", "json"},
	}
	runs := map[string]cost{}
	keep := func(name string, c cost) {
		if before, ok := runs[name]; ok {
			c = better(before, c)
		}
		runs[name] = c
	}
	for range b.repeat {
		c, err := b.scanAlone(ctx, path)
		if err != nil {
			return fmt.Errorf("scan alone: %w", err)
		}
		keep(shellScan, c)
		for _, a := range asked {
			c, err := b.run(ctx, "audit", "--store", path, "--period", a.period, "--format", a.format, "-o", os.DevNull, "--quiet")
			if err != nil {
				return err
			}
			keep(a.name, c)
		}
	}
	scan := runs[shellScan]
	if scan.wall == 0 {
		fmt.Println("  (no sqlite3 shell here to compare with)")
	} else {
		b.row(shellScan, scan, "")
	}
	for _, a := range asked {
		note := ""
		if a.name == allQuarters && scan.wall > 0 {
			note = fmt.Sprintf("%.2f × the shell (at most 1.2)", runs[a.name].wall.Seconds()/scan.wall.Seconds())
		}
		b.row(a.name, runs[a.name], note)
	}
	fmt.Printf("  the store's file: %s\n", megabytes(info.Size()))
	return nil
}

// The rows others speak of.
const (
	shellScan   = "sqlite3 shell, changes in order"
	oneQuarter  = "audit of one quarter"
	allQuarters = "audit of all quarters"
)

// growth says how much more each row took than at the size before.
func (b *bench) growth() {
	for i := 1; i < len(b.sizes); i++ {
		before, now := b.sizes[i-1], b.sizes[i]
		fmt.Printf("\nFrom %d to %d issues the time grew:\n", before.issues, now.issues)
		for _, name := range []string{"import", oneQuarter, allQuarters, shellScan} {
			a, ok := before.rows[name]
			if z := now.rows[name]; ok && z.wall > 0 && a.wall > 0 {
				fmt.Printf("  %-34s %9.1f-fold %9.1f-fold CPU\n", name, z.wall.Seconds()/a.wall.Seconds(), z.cpu.Seconds()/max(a.cpu.Seconds(), 1e-3))
			}
		}
	}
}

// row writes a line of the size being measured, and keeps it.
func (b *bench) row(name string, c cost, note string) {
	b.sizes[len(b.sizes)-1].rows[name] = c
	line(name, c, note)
}

func line(name string, c cost, note string) {
	memory := ""
	if c.peak > 0 {
		memory = megabytes(c.peak)
	}
	fmt.Printf("  %-34s %9.3f s %9.3f s CPU %10s  %s\n", name, c.wall.Seconds(), c.cpu.Seconds(), memory, note)
}

func megabytes(n int64) string { return fmt.Sprintf("%.0f MiB", float64(n)/(1<<20)) }
