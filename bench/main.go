// Command bench measures what defacto costs on a large made-up site, beside what
// limits it: it writes an export, imports and audits it with the program as it is
// built here, and times decoding, inserting and scanning the same data alone.
//
//	go run ./bench -issues 10000,100000,1000000 -dir /var/tmp/bench
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
)

func main() {
	sizes := flag.String("issues", "10000,100000", "how many issues, one `SIZE` after the other")
	dir := flag.String("dir", "", "work in this `FOLDER`; a million issues take 12 GB there (default: a temporary one)")
	keep := flag.Bool("keep", false, "leave the exports and stores in the folder, and use those that are there")
	zip := flag.Bool("gzip", false, "gzip the export")
	repeat := flag.Int("repeat", 3, "time what only reads so many times and take the median")
	program := flag.String("program", "", "measure this `BINARY` (default: build ./cmd/defacto)")
	server := flag.Int("sync", 2000, "sync so many issues from a Jira of cardboard on this machine; 0: none")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	b := bench{dir: *dir, program: *program, keep: *keep, zip: *zip, repeat: max(1, *repeat), server: *server}
	if err := b.all(ctx, *sizes); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type bench struct {
	dir     string
	program string
	keep    bool
	zip     bool
	repeat  int
	server  int
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
	if b.program == "" {
		b.program = filepath.Join(b.dir, "defacto")
		build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", b.program, "./cmd/defacto")
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
	if b.server > 0 {
		return b.sync(ctx)
	}
	return nil
}

// starts times what does nothing.
func (b *bench) starts(ctx context.Context) error {
	fmt.Println("Starting:")
	for _, arg := range []string{"version", "--help"} {
		c, err := b.median(ctx, 11, arg)
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
	spent, err := e.write(ctx, issues)
	if err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	fmt.Printf("\n%d issues, the export %s:\n", issues, megabytes(e.size))
	if spent.wall > 0 {
		line("made in", spent, "")
	}

	path := filepath.Join(folder, "defacto.db")
	took, err := b.build(ctx, path, e.folder)
	if err != nil {
		return err
	}
	decode, err := e.decodeAlone(ctx)
	if err != nil {
		return fmt.Errorf("decode alone: %w", err)
	}
	insert, err := insertAlone(ctx, path, filepath.Join(folder, "alone.db"))
	if err != nil {
		return fmt.Errorf("insert alone: %w", err)
	}
	line("decode alone, one goroutine", decode, "")
	line("insert the rows alone", insert, "")
	limit := decode.wall + insert.wall
	if took.wall > 0 {
		line("import", took, fmt.Sprintf("%.2f × both", took.wall.Seconds()/limit.Seconds()))
	}
	return b.audits(ctx, path)
}

// build imports the export, unless the store is kept from an earlier run.
func (b *bench) build(ctx context.Context, path, export string) (cost, error) {
	if _, err := os.Stat(path); err == nil && b.keep {
		return cost{}, nil
	}
	for _, p := range []string{path, path + "-wal", path + "-shm"} {
		_ = os.Remove(p) // of a run that was broken off
	}
	return b.run(ctx, "import", export, "--source", "bench", "--store", path, "--quiet")
}

// audits times what reads a store.
func (b *bench) audits(ctx context.Context, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	scan, err := b.scanAlone(ctx, path)
	if err != nil {
		return fmt.Errorf("scan alone: %w", err)
	}
	if scan.wall == 0 {
		fmt.Println("  (no sqlite3 shell here to compare with)")
	} else {
		line("sqlite3 shell, changes in order", scan, "")
	}
	for _, a := range []struct {
		name, period, format string
	}{
		{"audit of one quarter", "2026-Q3", "json"},
		{"audit of one quarter as HTML", "2026-Q3", "html"},
		{"audit of all quarters", "all", "json"},
	} {
		c, err := b.median(ctx, b.repeat, "audit", "--store", path, "--period", a.period, "--format", a.format, "-o", os.DevNull, "--quiet")
		if err != nil {
			return err
		}
		note := ""
		if a.period == "all" && scan.wall > 0 {
			note = fmt.Sprintf("%.2f × the shell", c.wall.Seconds()/scan.wall.Seconds())
		}
		line(a.name, c, note)
	}
	fmt.Printf("  the store's file: %s\n", megabytes(info.Size()))
	return nil
}

func line(name string, c cost, note string) {
	memory := ""
	if c.peak > 0 {
		memory = megabytes(c.peak)
	}
	fmt.Printf("  %-34s %9.3f s %9.3f s CPU %10s  %s\n", name, c.wall.Seconds(), c.cpu.Seconds(), memory, note)
}

func megabytes(n int64) string { return fmt.Sprintf("%.0f MiB", float64(n)/(1<<20)) }
