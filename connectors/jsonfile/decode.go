package jsonfile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/go-json-experiment/json/jsontext"

	"defacto/backlog"
	"defacto/connectors/jira"
)

// The files are cut into chunks by one goroutine, the chunks worked on by as many
// as there are processors, and what comes of them taken up in order. Only some
// chunks are on their way at a time, so that memory does not depend on the files.

// run sends every chunk of every file through work, which gets a decoder of its
// own per goroutine, and hands the chunks to take in order.
func (s *Source) run(ctx context.Context, decoders []*jira.Decoder, pages map[string]*page, work func(*jira.Decoder, *chunk), take func(*chunk) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel(errStop)

	jobs := make(chan *chunk)
	order := make(chan *chunk, 2*len(decoders))
	spare := make(chan *chunk, 3*len(decoders)+2)
	cut := splitter{
		most: s.opt.MaxIssue, pages: pages,
		fresh: func() *chunk {
			select {
			case c := <-spare:
				*c = chunk{data: c.data[:0], units: c.units[:0], files: c.files[:0], sites: c.sites[:0]}
				return c
			default:
				return &chunk{}
			}
		},
		send: func(c *chunk) error {
			c.ready = make(chan struct{})
			select {
			case order <- c:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
			select {
			case jobs <- c:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
			return nil
		},
	}
	running.Go(func() {
		defer close(order)
		defer close(jobs)
		if err := s.cut(ctx, &cut); err != nil {
			cancel(err)
		}
	})
	for _, dec := range decoders {
		running.Go(func() {
			for c := range jobs {
				work(dec, c)
				close(c.ready)
			}
		})
	}
	for c := range order {
		select {
		case <-c.ready:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		if err := take(c); err != nil {
			return err
		}
		if cap(c.data) > 4*batchBytes {
			c.data = nil // one huge issue is no reason to keep its room
		}
		select {
		case spare <- c:
		default:
		}
	}
	return context.Cause(ctx)
}

// cut sends the chunks of every file.
func (s *Source) cut(ctx context.Context, cut *splitter) error {
	cut.now = cut.fresh()
	files := newOpener(&s.read)
	for i := range s.issues {
		f := &s.issues[i]
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		in, h, err := files.open(f)
		if err != nil {
			cut.gap(f.name, -1, oneLine(err))
			continue
		}
		err = cut.split(ctx, f, in)
		_ = h.Close() // it was only read from
		if err != nil {
			return err
		}
	}
	return cut.flush()
}

// forks returns a decoder per processor, all of which know what dec knows.
func forks(dec *jira.Decoder) []*jira.Decoder {
	list := make([]*jira.Decoder, runtime.GOMAXPROCS(0))
	for i := range list {
		list[i] = dec.Fork()
	}
	return list
}

// learn finds out which custom field is which and counts the issues.
func (s *Source) learn(ctx context.Context, dec *jira.Decoder) (int, error) {
	var n atomic.Int64
	decoders := forks(dec)
	err := s.run(ctx, decoders, nil,
		func(d *jira.Decoder, c *chunk) {
			for _, u := range c.units {
				eachIssue(c.data[u.from:u.to], func(data []byte) {
					d.Learn(data)
					n.Add(1)
				})
			}
		},
		func(*chunk) error { return nil })
	dec.Settle(decoders...)
	s.read.Store(0)
	return int(n.Load()), err
}

// decode yields every chunk as a batch.
func (s *Source) decode(ctx context.Context, dec *jira.Decoder, yield func(backlog.Batch, error) bool) {
	pages := map[string]*page{}
	tally := newTally()
	err := s.run(ctx, forks(dec), pages,
		func(d *jira.Decoder, c *chunk) { decodeChunk(d, c, s.opt.Site) },
		func(c *chunk) error {
			for i := range c.batch.Issues {
				if err := s.stranger(c, i); err != nil {
					return err
				}
				s.note(&c.batch.Issues[i])
				tally.issue(c.files[i].name, &c.batch.Issues[i])
			}
			for _, b := range c.broken {
				if tally.broken(b.file.name) {
					c.batch.Gaps = append(c.batch.Gaps, b.gap)
				}
			}
			c.batch.Gaps = append(c.batch.Gaps, c.gaps...)
			s.yielded += len(c.batch.Issues)
			if !yield(c.batch, nil) {
				return errStop
			}
			return nil
		})
	switch {
	case errors.Is(err, errStop):
		return
	case err != nil:
		yield(backlog.Batch{}, err)
		return
	}
	gaps := tally.gaps(pages)
	if gap, ok := tally.unlinked(dec.MissesEpicLink()); ok {
		gaps = append(gaps, gap)
	}
	if len(gaps) > 0 {
		yield(backlog.Batch{Site: s.opt.Site, Kind: "jira", Gaps: gaps}, nil)
	}
}

// stranger fails where an issue says it is from another site than those before it,
// or than what the store has of this source: the same ids are other issues there.
func (s *Source) stranger(c *chunk, i int) error {
	switch at := c.sites[i]; {
	case s.opt.Site != "" || at == "" || at == s.site:
		return nil
	case s.site == "":
		s.site = at
		return nil
	default:
		return &StrangerError{Source: s.opt.Name, File: c.files[i].name, Issue: c.batch.Issues[i].Key, Site: at, Known: s.site}
	}
}

// StrangerError says that files hold the issues of two trackers.
type StrangerError struct {
	Source, File, Issue string
	Site, Known         string // where the issue is from, and the source's other issues
}

// Error says which file and issue it is.
func (e *StrangerError) Error() string {
	return fmt.Sprintf("%s: issue %s is from %s, but source %s is %s", e.File, e.Issue, e.Site, e.Source, e.Known)
}

// decodeChunk decodes a chunk's values.
func decodeChunk(d *jira.Decoder, c *chunk, site string) {
	c.batch = backlog.Batch{Site: site, Issues: make([]backlog.Issue, 0, len(c.units))}
	for _, u := range c.units {
		eachIssue(c.data[u.from:u.to], func(data []byte) {
			iss, err := d.Issue(data)
			if err != nil {
				gap := backlog.Gap{Where: u.file.where(u.number), What: "issues", Missing: 1, Why: oneLine(err)}
				c.broken = append(c.broken, brokenUnit{u.file, gap})
				return
			}
			c.batch.Issues = append(c.batch.Issues, iss)
			c.files = append(c.files, u.file)
			c.sites = append(c.sites, d.Origin())
		})
	}
	d.Drain(&c.batch)
}

// eachIssue calls do with the issue a value is, or with those in it where it is a
// page or an array.
func eachIssue(value []byte, do func([]byte)) {
	array := bytes.HasPrefix(value, []byte("["))
	if !array && !holdsIssues(value) {
		do(value)
		return
	}
	dec := jsontext.NewDecoder(bytes.NewBuffer(value), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	inside := array
	for {
		if !inside {
			t, err := dec.ReadToken()
			if err != nil {
				do(value) // the decoder says what is wrong with it
				return
			}
			inside = t.Kind() == '"' && dec.StackDepth() == 1 && t.String() == "issues" && dec.PeekKind() == '['
			continue
		}
		break
	}
	if _, err := dec.ReadToken(); err != nil {
		do(value)
		return
	}
	for dec.PeekKind() != ']' {
		v, err := dec.ReadValue()
		if err != nil {
			do(value)
			return
		}
		do(v)
	}
}
