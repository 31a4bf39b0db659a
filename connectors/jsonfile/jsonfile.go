// Package jsonfile reads Jira's issues from files: what the REST API sent, saved
// as search pages, as single issues or one issue a line, gzipped or not. It needs
// no credentials and no network.
package jsonfile

import (
	"context"
	"iter"
	"sync/atomic"
	"time"

	"defacto/backlog"
	"defacto/connectors/jira"
)

// Options say what to read. Paths is required.
type Options struct {
	Name  string   // the source's name in scopes
	Site  string   // the tracker's base URL for links; "" takes it from the issues' own
	Paths []string // files, and folders that are searched through

	MaxIssue int64 // bytes of JSON an issue may have; default 256 MiB
}

// The sizes of a batch: it ends with whichever comes first.
const (
	batchIssues = 500
	batchBytes  = 8 << 20

	defaultMaxIssue = 256 << 20
)

// Source reads files. It implements [connectors.Source], [connectors.Totaler] and
// [connectors.Dater], and is used by one goroutine at a time.
type Source struct {
	opt    Options
	issues []file
	sides  []side

	size    int64 // of all files of issues, as they lie on the disk
	read    atomic.Int64
	counted int // issues, where a first pass counted them
	yielded int
	newest  time.Time
	known   string // where the source's issues were from before, "" where that is not known
	site    string // where they are from, as far as they say
}

// New looks through the paths. It fails where one cannot be read, or where there
// is nothing to import in any of them.
func New(opt Options) (*Source, error) {
	if opt.MaxIssue <= 0 {
		opt.MaxIssue = defaultMaxIssue
	}
	s := &Source{opt: opt}
	if err := s.find(); err != nil {
		return nil, err
	}
	return s, nil
}

// Expect says where the source's issues were from so far: where Options.Site is not
// given, [Source.Batches] ends with a *[StrangerError] at the first of another site.
func (s *Source) Expect(site string) { s.known = site }

// Name returns the source's name.
func (s *Source) Name() string { return s.opt.Name }

// Total estimates how many issues there are: exactly where a first pass was
// needed, else from the share of the bytes read. It is 0 before the first batch.
func (s *Source) Total() int {
	read := s.read.Load()
	if s.counted > 0 || read == 0 {
		return s.counted
	}
	return int(float64(s.yielded) * float64(s.size) / float64(read))
}

// AsOf returns the newest time the issues read so far speak of: a change, a
// comment, an update. It is zero where they speak of none. The files' own times
// do not count, so that the same files always give the same answer.
func (s *Source) AsOf() time.Time { return s.newest }

// Batches yields what the files hold, in the order of their names: first the
// lists beside the issues, then the issues. There is no cursor: files are read
// whole, and a store that knows them already changes nothing. What is broken is a
// gap with its file and line, and the rest goes on.
//
// Where no lists of fields and statuses lie beside the issues, they are read
// twice: a first pass finds out which custom field is which.
func (s *Source) Batches(ctx context.Context, _ backlog.Cursor) iter.Seq2[backlog.Batch, error] {
	return func(yield func(backlog.Batch, error) bool) {
		s.yielded, s.counted, s.newest, s.site = 0, 0, time.Time{}, s.known
		s.read.Store(0)
		dec := jira.NewDecoder()
		first := backlog.Batch{Site: s.opt.Site, Gaps: s.readSides(dec)}
		if !dec.Listed() {
			n, err := s.learn(ctx, dec)
			if err != nil {
				yield(backlog.Batch{}, err)
				return
			}
			s.counted = n
		}
		dec.Drain(&first)
		if !yield(first, nil) {
			return
		}
		s.decode(ctx, dec, yield)
	}
}

// note keeps the newest time of an issue.
func (s *Source) note(iss *backlog.Issue) {
	latest := func(t time.Time) {
		if t.After(s.newest) {
			s.newest = t
		}
	}
	latest(iss.Created)
	latest(iss.Updated)
	latest(iss.Resolved)
	if n := len(iss.Changes); n > 0 { // both are sorted
		latest(iss.Changes[n-1].At)
	}
	if n := len(iss.Comments); n > 0 {
		latest(iss.Comments[n-1].At)
	}
}
