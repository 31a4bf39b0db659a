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
)

// A gzip file that swells beyond this many times its size, once it is large, was
// made to do harm: JSON shrinks ten- to fortyfold.
const (
	bombRatio = 250
	bombBytes = 64 << 20
)

var errBomb = errors.New("it unpacks to more than 250 times its size and is not read further")

// input is an open file, unpacked.
type input struct {
	*bufio.Reader
	file *os.File
}

// Close releases the file. Nothing was written: an error would mean nothing.
func (in *input) Close() { _ = in.file.Close() }

// open opens a file, unpacking it where it is gzipped, whatever it is called.
// The bytes taken from the disk are added to read.
func (f file) open(read *atomic.Int64) (*input, error) {
	h, err := os.Open(f.path)
	if err != nil {
		return nil, err
	}
	counted := &counter{r: h, total: read}
	raw := bufio.NewReaderSize(counted, 256<<10)
	in := &input{Reader: raw, file: h}
	if magic, _ := raw.Peek(2); string(magic) == "\x1f\x8b" {
		unpacked, err := gzip.NewReader(raw)
		if err != nil {
			_ = h.Close()
			return nil, fmt.Errorf("it is not gzip after all: %w", err)
		}
		in.Reader = bufio.NewReaderSize(&bombGuard{r: unpacked, packed: counted}, 256<<10)
	}
	if mark, _ := in.Peek(3); string(mark) == "\xef\xbb\xbf" {
		_, _ = in.Discard(3)
	}
	return in, nil
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
