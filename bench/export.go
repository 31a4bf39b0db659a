package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"github.com/klauspost/compress/gzip"
	"golang.org/x/sync/errgroup"

	"defacto/backlog"
	"defacto/connectors/jira"
	"defacto/connectors/jira/jiratest"
	"defacto/connectors/sample"
)

// seed makes the same site every time.
const seed = 1

// export is a folder of Jira's REST JSON: an issue a line, and the lists beside.
type export struct {
	folder string
	zip    bool
	size   int64
}

func (e *export) path() string {
	name := filepath.Join(e.folder, "issues.jsonl")
	if e.zip {
		name += ".gz"
	}
	return name
}

// write makes the export, unless it is there, without holding the site in memory.
func (e *export) write(ctx context.Context, issues int) (cost, error) {
	if info, err := os.Stat(e.path()); err == nil {
		e.size = info.Size()
		return cost{}, nil
	}
	if err := os.MkdirAll(e.folder, 0o700); err != nil {
		return cost{}, err
	}
	var watch stopwatch
	watch.start()
	part := e.path() + ".part"
	f, err := os.Create(part)
	if err != nil {
		return cost{}, err
	}
	out := bufio.NewWriterSize(f, 1<<20)
	var to io.WriteCloser = nopCloser{out}
	if e.zip {
		if to, err = gzip.NewWriterLevel(out, gzip.BestSpeed); err != nil {
			return cost{}, err
		}
	}
	err = errors.Join(e.issues(ctx, to, issues), to.Close(), out.Flush(), f.Close())
	if err != nil {
		return cost{}, err
	}
	if err := os.Rename(part, e.path()); err != nil {
		return cost{}, err
	}
	watch.stop()
	info, err := os.Stat(e.path())
	if err != nil {
		return cost{}, err
	}
	e.size = info.Size()
	return watch.total, nil
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// issues writes an issue a line, and the lists. As many batches as there are
// processors are encoded at once; they are written in order.
func (e *export) issues(ctx context.Context, out io.Writer, issues int) error {
	var common backlog.Batch
	var enc *jiratest.Encoder
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0) + 1) // one of them writes
	encoded := make(chan chan []byte, runtime.GOMAXPROCS(0))
	g.Go(func() error {
		for lines := range encoded {
			select {
			case b := <-lines:
				if _, err := out.Write(b); err != nil {
					return err
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for b, err := range sample.Bench(seed, issues).Batches(ctx, "") {
		if err != nil {
			return errors.Join(err, g.Wait())
		}
		if len(b.Accounts) > 0 {
			common = b
			if err := e.lists(jiratest.NewEncoder(jiratest.Cloud, common)); err != nil {
				return err
			}
		}
		if len(b.Scopes) > 0 {
			world := common
			world.Scopes, world.Sprints, world.Versions = b.Scopes, b.Sprints, b.Versions
			enc = jiratest.NewEncoder(jiratest.Cloud, world)
		}
		lines, enc := make(chan []byte, 1), enc
		select {
		case encoded <- lines:
		case <-ctx.Done():
		}
		g.Go(func() error {
			var buf bytes.Buffer
			for i := range b.Issues {
				buf.Write(enc.Issue(b.Issues[i]))
				buf.WriteByte('\n')
			}
			lines <- buf.Bytes()
			return nil
		})
	}
	close(encoded)
	return g.Wait()
}

// lists writes what lies beside the issues.
func (e *export) lists(enc *jiratest.Encoder) error {
	for name, data := range map[string][]byte{
		"fields.json": enc.Fields(), "statuses.json": enc.Statuses(), "issuetypes.json": enc.Types(), "users.json": enc.Users(),
	} {
		if err := os.WriteFile(filepath.Join(e.folder, name), data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// decodeAlone decodes every line into the connector's own structs, on one
// goroutine, and keeps nothing. Reading the file is not counted.
func (e *export) decodeAlone(ctx context.Context) (cost, error) {
	f, err := os.Open(e.path())
	if err != nil {
		return cost{}, err
	}
	defer f.Close()
	var in io.Reader = f
	if e.zip {
		if in, err = gzip.NewReader(f); err != nil {
			return cost{}, err
		}
	}
	dec := jira.NewDecoder()
	for name, read := range map[string]func(*jira.Decoder, []byte) error{
		"fields.json": (*jira.Decoder).Fields, "statuses.json": (*jira.Decoder).Statuses, "issuetypes.json": (*jira.Decoder).IssueTypes,
	} {
		data, err := os.ReadFile(filepath.Join(e.folder, name))
		if err != nil {
			return cost{}, err
		}
		if err := read(dec, data); err != nil {
			return cost{}, err
		}
	}
	var watch stopwatch
	lines := bufio.NewReaderSize(in, 1<<20)
	var some []byte // whole lines
	for {
		some = some[:0]
		var end error
		for len(some) < 8<<20 && end == nil {
			var part []byte
			part, end = lines.ReadSlice('\n')
			some = append(some, part...)
			if errors.Is(end, bufio.ErrBufferFull) {
				end = nil
			}
		}
		if end != nil && !errors.Is(end, io.EOF) {
			return cost{}, end
		}
		if n := len(some); n > 0 && some[n-1] != '\n' {
			rest, err := lines.ReadBytes('\n')
			if err != nil && !errors.Is(err, io.EOF) {
				return cost{}, err
			}
			some = append(some, rest...)
		}
		watch.start()
		for line := range bytes.Lines(some) {
			if _, err := dec.Issue(line); err != nil {
				return cost{}, err
			}
		}
		var kept backlog.Batch
		dec.Drain(&kept)
		watch.stop()
		if end != nil {
			return watch.total, ctx.Err()
		}
	}
}
