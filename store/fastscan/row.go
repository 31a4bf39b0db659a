package fastscan

import (
	"encoding/binary"
	"errors"
	"math"
)

// row is a record of a table or an index, and the columns asked for.
type row struct {
	place   []int // of the columns asked for
	payload []byte
	numbers [mostColumns + 1]int64 // 0 for what is none. The last one is the rowid
	whole   uint64                 // which columns are numbers, a bit each
	texts   [mostColumns]text      // of the columns that have bytes
	count   int                    // of the row's columns
}

// text is where the bytes of a column lie in the payload.
type text struct{ start, end int }

// mostColumns is how many columns a table may have; rowid is the place of the id.
const (
	mostColumns = 64
	rowid       = mostColumns
)

// newRow is a row of columns whose places are not known yet.
func newRow(columns int) row {
	r := row{place: make([]int, columns)}
	for i := range r.place {
		r.place[i] = math.MaxInt
	}
	return r
}

// parse reads the numbers of the payload and finds its texts. All of them: nearly all
// are asked for, and asking again what each one is costs more than reading it.
func (r *row) parse() error {
	p := r.payload
	size, at := varint(p)
	if size < int64(at) || size > int64(len(p)) {
		return errors.New("a row has no header")
	}
	wide := p[:len(p)+padding]
	end, body, n := int(size), int(size), 0
	r.whole = 0
	for at < end {
		serial := int64(p[at])
		if serial < 0x80 {
			at++
		} else {
			var bytes int
			serial, bytes = varint(p[at:])
			at += bytes
			if serial > 2*longest+13 {
				return errors.New("a column has an impossible length")
			}
		}
		if n == mostColumns {
			return errors.New("a row has more columns than its table")
		}
		if serial < 12 {
			f := &forms[serial&15]
			r.numbers[n] = int64(binary.BigEndian.Uint64(wide[body:]))>>f.shift&f.mask | f.is
			r.whole |= f.whole << n
			r.texts[n] = text{}
			body += f.width
		} else {
			r.numbers[n] = 0
			r.texts[n] = text{body, body + int((serial-12)/2)}
			body = r.texts[n].end
		}
		n++
		if body > len(p) {
			return errors.New("a row's columns reach out of it")
		}
	}
	for i := n; i < r.count; i++ { // the last row had more
		r.numbers[i], r.texts[i] = 0, text{}
	}
	r.count = n
	return nil
}

// form is how a column that is no text lies in a row, by its serial type.
type form struct {
	width int
	shift uint  // from eight bytes to the column's own
	mask  int64 // 0 where they are no whole number
	is    int64 // the number, where it takes no bytes
	whole uint64
}

var forms = [16]form{
	1: {width: 1, shift: 56, mask: -1, whole: 1}, 2: {width: 2, shift: 48, mask: -1, whole: 1}, 3: {width: 3, shift: 40, mask: -1, whole: 1},
	4: {width: 4, shift: 32, mask: -1, whole: 1}, 5: {width: 6, shift: 16, mask: -1, whole: 1}, 6: {width: 8, mask: -1, whole: 1},
	7: {width: 8}, 8: {whole: 1}, 9: {is: 1, whole: 1},
}

// padded makes sure of some room behind a slice, so that a number at its end can be
// read as the first of eight bytes.
func padded(b []byte) []byte { return append(b, make([]byte, padding)...)[:len(b)] }

const padding = 8

// varint reads a number of one to nine bytes; what is cut off counts as 0.
func varint(b []byte) (int64, int) {
	var v uint64
	for i := 0; i < 8; i++ {
		if i >= len(b) {
			return 0, i
		}
		v = v<<7 | uint64(b[i]&0x7f)
		if b[i] < 0x80 {
			return int64(v), i + 1
		}
	}
	if len(b) < 9 {
		return 0, 8
	}
	return int64(v<<8 | uint64(b[8])), 9
}

// Int returns a column as a whole number; what is none is 0.
func (r *row) Int(col int) int64 { return r.numbers[r.place[col]] }

// IsInt reports whether the column holds a whole number.
func (r *row) IsInt(col int) bool { return r.place[col] == rowid || r.whole>>r.place[col]&1 != 0 }

// Text returns a text column as a string of its own; what is none is "".
func (r *row) Text(col int) string { return string(r.Blob(col)) }

// Blob returns the bytes of a text or a blob until the next row; what is none is empty.
func (r *row) Blob(col int) []byte {
	if r.place[col] == rowid {
		return nil
	}
	at := r.texts[r.place[col]]
	return r.payload[at.start:at.end]
}
