package jsonfile

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"defacto/backlog"
)

// chunk is a batch's worth of JSON values, of one file or of many, on their way
// to a decoder.
type chunk struct {
	data  []byte // the values, one after the other
	units []unit
	gaps  []backlog.Gap // of files that cannot be read further

	batch  backlog.Batch // what came of it
	files  []*file       // of the batch's issues
	sites  []string      // which site each of them says it is from, "" for none
	broken []brokenUnit  // and of the values that are none
	ready  chan struct{} // closed when all that is there
}

// unit is one JSON value: an issue, mostly.
type unit struct {
	file     *file
	from, to int // in chunk.data
	number   int // of the line, or of the issue in its file
}

// brokenUnit is a value that is no issue.
type brokenUnit struct {
	file *file
	gap  backlog.Gap
}

// where names a value of a file.
func (f *file) where(number int) string {
	if f.lines {
		return fmt.Sprintf("%s:%d", f.name, number)
	}
	return fmt.Sprintf("%s#%d", f.name, number)
}

// splitter cuts files into chunks.
type splitter struct {
	most  int64
	fresh func() *chunk
	send  func(*chunk) error
	now   *chunk
	file  *file
	pages map[string]*page // by folder
}

// page is the largest total that the search pages of a folder announced.
type page struct {
	total int
	name  string
}

// errStop says that nobody wants more.
var errStop = errors.New("stopped")

// split cuts one file. It fails only where send does: what is wrong with the file
// becomes a gap.
func (s *splitter) split(ctx context.Context, f *file, in *bufio.Reader) error {
	s.file = f
	if f.lines {
		return s.lines(ctx, in)
	}
	return s.document(ctx, in)
}

// flush sends the chunk under way, if there is anything in it.
func (s *splitter) flush() error {
	c := s.now
	if len(c.units) == 0 && len(c.gaps) == 0 {
		return nil
	}
	s.now = s.fresh()
	return s.send(c)
}

// add takes the value that ends chunk.data and began at from.
func (s *splitter) add(ctx context.Context, from, number int) error {
	c := s.now
	c.units = append(c.units, unit{s.file, from, len(c.data), number})
	if len(c.units) < batchIssues && len(c.data) < batchBytes {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.flush()
}

func (s *splitter) gap(where string, missing int, why string) {
	s.now.gaps = append(s.now.gaps, backlog.Gap{Where: where, What: "issues", Missing: missing, Why: why})
}

// lines cuts a file with a JSON value a line, however long the lines are.
func (s *splitter) lines(ctx context.Context, in *bufio.Reader) error {
	for number := 1; ; number++ {
		from := len(s.now.data)
		long, err := s.line(in)
		if err != nil && !errors.Is(err, io.EOF) {
			s.now.data = s.now.data[:from]
			s.gap(s.file.where(number), -1, "the file cannot be read further: "+oneLine(err))
			return nil
		}
		switch line := bytes.TrimSpace(s.now.data[from:]); {
		case long:
			s.now.data = s.now.data[:from]
			s.gap(s.file.where(number), 1, fmt.Sprintf("the line is longer than %d MiB", s.most>>20))
		case len(line) == 0:
			s.now.data = s.now.data[:from]
		default:
			if err := s.add(ctx, from, number); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
	}
}

// line appends the next line to the chunk. A line beyond the limit is read to its
// end and dropped, and long is true.
func (s *splitter) line(r *bufio.Reader) (long bool, err error) {
	size := int64(0)
	for {
		part, err := r.ReadSlice('\n')
		size += int64(len(part))
		if size <= s.most {
			s.now.data = append(s.now.data, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return size > s.most, err
		}
	}
}

// sniffed is how much of a document is looked at to see whether it is a page.
const sniffed = 64 << 10

// document cuts a file with one JSON document, or several: each an issue, an
// array of issues, or a search page.
func (s *splitter) document(ctx context.Context, in *bufio.Reader) error {
	limit := &limiter{r: in, most: s.most}
	head, _ := in.Peek(sniffed)
	paged := holdsIssues(head)
	dec := jsontext.NewDecoder(limit, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	number := 0
	element := func() error {
		limit.restart()
		v, err := dec.ReadValue()
		if err != nil {
			return &brokenError{err}
		}
		number++
		if int64(len(v)) > s.most {
			s.gap(s.file.where(number), 1, fmt.Sprintf("the issue is longer than %d MiB", s.most>>20))
			return nil
		}
		from := len(s.now.data)
		s.now.data = append(s.now.data, v...)
		return s.add(ctx, from, number)
	}
	var err error
	for err == nil {
		limit.restart()
		switch k := dec.PeekKind(); {
		case k == '[':
			err = s.array(dec, element)
		case k == '{' && paged && number == 0:
			err = s.page(dec, limit, element)
		default:
			err = element()
		}
	}
	var broken *brokenError
	switch {
	case !errors.As(err, &broken):
		return err
	case errors.Is(broken.err, io.EOF) && number == 0 && len(bytes.TrimSpace(head)) == 0:
		s.gap(s.file.name, -1, "the file is empty")
	case errors.Is(broken.err, io.EOF): // the end, after issues or an empty list of them
	default:
		s.gap(s.file.where(number+1), -1, "the file cannot be read further: "+oneLine(broken.err))
	}
	return nil
}

// brokenError is an error of the document, not of who takes it.
type brokenError struct{ err error }

func (e *brokenError) Error() string { return e.err.Error() }

func (s *splitter) array(dec *jsontext.Decoder, element func() error) error {
	if _, err := dec.ReadToken(); err != nil {
		return &brokenError{err}
	}
	for {
		switch dec.PeekKind() {
		case ']', 0:
			if _, err := dec.ReadToken(); err != nil {
				return &brokenError{err}
			}
			return nil
		}
		if err := element(); err != nil {
			return err
		}
	}
}

// page streams the issues of a search page, so that a page may be of any length.
func (s *splitter) page(dec *jsontext.Decoder, limit *limiter, element func() error) error {
	if _, err := dec.ReadToken(); err != nil {
		return &brokenError{err}
	}
	total := -1
	for dec.PeekKind() == '"' {
		name, err := dec.ReadToken()
		if err != nil {
			return &brokenError{err}
		}
		switch member := name.String(); {
		case member == "issues" && dec.PeekKind() == '[':
			if err := s.array(dec, element); err != nil {
				return err
			}
			continue
		case member == "total" && dec.PeekKind() == '0':
			n, err := dec.ReadToken()
			if err != nil {
				return &brokenError{err}
			}
			if v, err := n.Int(); err == nil && v >= 0 && v < 1<<31 {
				total = int(v)
			}
			continue
		}
		limit.restart()
		if err := dec.SkipValue(); err != nil {
			return &brokenError{err}
		}
	}
	if _, err := dec.ReadToken(); err != nil {
		return &brokenError{err}
	}
	s.promised(total)
	return nil
}

// promised notes a page's total. Pages of one search lie in one folder.
func (s *splitter) promised(total int) {
	if s.pages == nil || total < 0 {
		return
	}
	folder := path.Dir(s.file.name)
	if p := s.pages[folder]; p == nil || p.total < total {
		s.pages[folder] = &page{total, s.file.name}
	}
}

// holdsIssues reports whether a document begins like a search page: an object
// with an array called issues, before anything that only an issue has.
func holdsIssues(head []byte) bool {
	dec := jsontext.NewDecoder(bytes.NewBuffer(head), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if dec.PeekKind() != '{' {
		return false
	}
	if _, err := dec.ReadToken(); err != nil {
		return false
	}
	for dec.PeekKind() == '"' {
		name, err := dec.ReadToken()
		if err != nil {
			return false
		}
		switch member := name.String(); {
		case member == "issues":
			return dec.PeekKind() == '['
		case member == "key", member == "fields", member == "changelog", strings.HasPrefix(member, "customfield_"):
			return false
		}
		if dec.SkipValue() != nil {
			return false
		}
	}
	return false
}

// limiter stops a value that is larger than an issue may be before it fills the
// memory; it counts what is read, which a buffer's length ahead of the value is.
type limiter struct {
	r    io.Reader
	most int64
	n    int64
}

func (l *limiter) restart() { l.n = 0 }

func (l *limiter) Read(p []byte) (int, error) {
	if l.n > l.most+sniffed {
		return 0, fmt.Errorf("a value is larger than %d MiB", l.most>>20)
	}
	n, err := l.r.Read(p)
	l.n += int64(n)
	return n, err
}
