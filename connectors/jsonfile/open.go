package jsonfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// A gzip file that swells beyond this many times its size, once it is large, was
// made to do harm: JSON shrinks ten- to fortyfold.
const (
	bombRatio = 250
	bombBytes = 16 << 20
)

var errBomb = errors.New("it unpacks to more than 250 times its size and is not read further")

// opener opens one file after the other with the same buffers, which a million
// small files would otherwise each ask for.
type opener struct {
	read   *atomic.Int64 // bytes taken from the disk; nil: not counted
	packed *bufio.Reader
	plain  *bufio.Reader
	zip    *gzip.Reader
}

func newOpener(read *atomic.Int64) *opener {
	return &opener{read: read, packed: bufio.NewReaderSize(nil, 256<<10), plain: bufio.NewReaderSize(nil, 256<<10)}
}

// open opens a file, unpacking it where it is gzipped, whatever it is called.
// The reader is good until the next open.
func (o *opener) open(f *file) (*bufio.Reader, io.Closer, error) {
	h, err := os.Open(f.path)
	if err != nil {
		return nil, nil, err
	}
	counted := &counter{r: h, total: o.read}
	in := o.packed
	in.Reset(counted)
	if magic, _ := in.Peek(2); string(magic) == "\x1f\x8b" {
		if o.zip == nil {
			o.zip = new(gzip.Reader)
		}
		if err := o.zip.Reset(in); err != nil {
			_ = h.Close() // it was only read from
			return nil, nil, fmt.Errorf("it is not gzip after all: %w", err)
		}
		in = o.plain
		in.Reset(&bombGuard{r: o.zip, packed: counted})
	}
	switch mark, _ := in.Peek(3); {
	case string(mark) == "\xef\xbb\xbf":
		_, _ = in.Discard(3) // they were just seen
	case len(mark) > 1 && (string(mark[:2]) == "\xff\xfe" || string(mark[:2]) == "\xfe\xff"):
		// What PowerShell's > writes is UTF-16.
		return bufio.NewReaderSize(transform.NewReader(in, unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder()), 256<<10), h, nil
	}
	return in, h, nil
}

// counter counts the bytes that pass.
type counter struct {
	r     io.Reader
	n     int64
	total *atomic.Int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if c.total != nil {
		c.total.Add(int64(n))
	}
	return n, err
}

// bombGuard stops a gzip file that unpacks out of all proportion.
type bombGuard struct {
	r      io.Reader
	packed *counter
	n      int64
}

func (g *bombGuard) Read(p []byte) (int, error) {
	n, err := g.r.Read(p)
	g.n += int64(n)
	if g.n > bombBytes && g.n > bombRatio*g.packed.n {
		return 0, errBomb
	}
	return n, err
}

// oneLine makes an error fit a gap: short, and on one line.
func oneLine(err error) string {
	s := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, err.Error())
	if len(s) > 300 {
		s = strings.ToValidUTF8(s[:300], "") + "…"
	}
	return s
}
