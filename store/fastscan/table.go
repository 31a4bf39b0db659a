package fastscan

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Table reads a rowid table's rows straight from the pages of its B-tree, which
// SQLite hands out through the virtual table sqlite_dbpage: three times quicker
// than a statement, because a row costs no call into the engine. The pages are
// those of the connection's transaction, so that it sees what statements see.
//
// Columns are counted from 0 as they were asked for. One added to the table after
// a row was written is NULL there. The layout is that of
// https://sqlite.org/fileformat2.html.
type Table struct {
	pages  *Stmt
	read   func(number uint32, buf []byte) ([]byte, error) // a page
	name   string
	place  []int // of the columns asked for
	root   uint32
	unused int    // bytes at the end of every page
	path   []node // the interior pages above the leaf, the root first
	leaf   node
	cell   int // the next one of the leaf

	id      int64
	moved   bool // to id, since the last MoveTo
	payload []byte
	spilled []byte                 // a payload gathered from several pages
	numbers [mostColumns + 1]int64 // the row's; 0 for what is none. The last one is the rowid
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

// node is a page of a B-tree. An interior one leads to children, each with the
// largest rowid below it.
type node struct {
	page     []byte
	cells    int
	keys     []int64
	children []uint32
}

// The kinds of pages of a table.
const (
	interiorPage = 0x05
	leafPage     = 0x0d
)

// Table returns a table to read some of its columns. There is one for the same
// name and columns, whatever was asked of it before; the connection frees it.
func (c *Conn) Table(name string, columns ...string) (*Table, error) {
	key := name + "(" + strings.Join(columns, ",") + ")"
	if t := c.tables[key]; t != nil {
		return t, nil
	}
	t := &Table{name: name, place: make([]int, len(columns))}
	for i := range t.place {
		t.place[i] = math.MaxInt
	}
	err := c.rows(`SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = '`+name+`'`, func(st *Stmt) {
		t.root = uint32(st.Int(0))
	})
	if err != nil {
		return nil, err
	}
	err = c.rows(`SELECT name, cid, pk FROM pragma_table_info('`+name+`')`, func(st *Stmt) {
		if i := slices.Index(columns, st.Text(0)); i >= 0 && st.Int(1) < mostColumns {
			t.place[i] = int(st.Int(1))
			if st.Int(2) != 0 {
				t.place[i] = rowid
			}
		}
	})
	if err != nil {
		return nil, err
	}
	if i := slices.Index(t.place, math.MaxInt); i >= 0 || t.root == 0 {
		return nil, fmt.Errorf("there is no table %s with the columns %v", name, columns)
	}
	if t.pages, err = c.Prepare(`SELECT data FROM sqlite_dbpage WHERE pgno = ?`); err != nil {
		return nil, err
	}
	const unusedAtEnd = 20 // in the header of the file
	head, err := t.fetch(1, nil)
	if err != nil {
		t.pages.Close()
		return nil, err
	}
	t.unused, t.read = int(head[unusedAtEnd]), t.fetch
	if c.tables == nil {
		c.tables = map[string]*Table{}
	}
	c.tables[key] = t
	return t, nil
}

// rows calls row for each row of a query.
func (c *Conn) rows(query string, row func(*Stmt)) error {
	st, err := c.Prepare(query)
	if err != nil {
		return err
	}
	defer st.Close()
	for {
		more, err := st.Step()
		if err != nil || !more {
			return err
		}
		row(st)
	}
}

// damaged says that a page does not hold what it should.
func (t *Table) damaged(what string) error {
	return fmt.Errorf("read %s: the database is damaged: %s", t.name, what)
}

// fetch reads a page into buf.
func (t *Table) fetch(number uint32, buf []byte) ([]byte, error) {
	if err := t.pages.Bind(int64(number)); err != nil {
		return nil, err
	}
	more, err := t.pages.Step()
	if err != nil {
		return nil, err
	}
	if !more {
		return nil, t.damaged(fmt.Sprintf("page %d is not there", number))
	}
	buf = append(buf[:0], t.pages.Blob(0)...)
	t.pages.Reset()
	if len(buf) < 512 {
		return nil, t.damaged(fmt.Sprintf("page %d is cut short", number))
	}
	return buf[:len(buf)-t.unused], nil
}

// MoveTo moves before the first row whose rowid is at least id. Moving on by a
// little is cheap.
func (t *Table) MoveTo(id int64) error {
	t.moved = false
	if n := t.leaf.cells; n > 0 && len(t.path) > 0 {
		if first, last := t.key(0), t.key(n-1); first <= id && id <= last {
			return t.seekLeaf(id)
		}
	}
	depth := len(t.path) // up to the page that leads there
	for depth > 1 {
		n := &t.path[depth-1]
		if len(n.keys) > 0 && n.keys[0] < id && id <= n.keys[len(n.keys)-1] {
			break
		}
		depth--
	}
	t.path = t.path[:depth]
	if depth == 0 {
		return t.descend(t.root, id)
	}
	return t.follow(id)
}

// follow goes down from the innermost interior page.
func (t *Table) follow(id int64) error {
	n := &t.path[len(t.path)-1]
	i, _ := slices.BinarySearch(n.keys, id)
	n.cells = i + 1 // where to go on
	return t.descend(n.children[i], id)
}

// What bounds the way through a damaged file: a real tree has far fewer levels,
// and SQLite makes no longer rows.
const (
	deepest = 24
	longest = 1_000_000_000
)

func (t *Table) descend(number uint32, id int64) error {
	var err error
	for {
		if t.leaf.page, err = t.read(number, t.leaf.page); err != nil {
			t.leaf.cells = 0
			return err
		}
		t.leaf.page = padded(t.leaf.page)
		switch t.leaf.page[0] {
		case leafPage:
			t.leaf.cells, t.cell = int(binary.BigEndian.Uint16(t.leaf.page[3:])), 0
			if 8+2*t.leaf.cells > len(t.leaf.page) || t.leaf.cells == 0 && len(t.path) > 0 {
				t.leaf.cells = 0
				return t.damaged("a page lists an impossible number of rows")
			}
			return t.seekLeaf(id)
		case interiorPage:
			if len(t.path) >= deepest {
				return t.damaged("its tree is too deep")
			}
			if err := t.enter(); err != nil {
				return err
			}
			n := &t.path[len(t.path)-1]
			i, _ := slices.BinarySearch(n.keys, id)
			n.cells = i + 1
			number = n.children[i]
		default:
			return t.damaged(fmt.Sprintf("page %d is no page of a table", number))
		}
	}
}

// enter takes the interior page just read into the path.
func (t *Table) enter() error {
	page := t.leaf.page
	cells := int(binary.BigEndian.Uint16(page[3:]))
	if 12+2*cells > len(page) {
		return t.damaged("a page lists more children than it has room for")
	}
	if len(t.path) < cap(t.path) {
		t.path = t.path[:len(t.path)+1] // with the lists it once had
	} else {
		t.path = append(t.path, node{})
	}
	n := &t.path[len(t.path)-1]
	n.keys, n.children = n.keys[:0], n.children[:0]
	for i := range cells {
		at := int(binary.BigEndian.Uint16(page[12+2*i:]))
		if at+5 > len(page) {
			return t.damaged("a child lies outside its page")
		}
		key, _ := varint(page[at+4:])
		n.keys, n.children = append(n.keys, key), append(n.children, binary.BigEndian.Uint32(page[at:]))
	}
	last := int64(math.MaxInt64)
	if depth := len(t.path); depth > 1 {
		above := &t.path[depth-2]
		last = above.keys[above.cells-1]
	}
	n.keys, n.children = append(n.keys, last), append(n.children, binary.BigEndian.Uint32(page[8:]))
	return nil
}

// seekLeaf moves to the first cell of the leaf that is not before id.
func (t *Table) seekLeaf(id int64) error {
	lo, hi := 0, t.leaf.cells
	for lo < hi {
		if mid := int(uint(lo+hi) >> 1); t.key(mid) < id {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	t.cell = lo
	return nil
}

// key is the rowid of a cell of the leaf.
func (t *Table) key(cell int) int64 {
	at := int(binary.BigEndian.Uint16(t.leaf.page[8+2*cell:]))
	if at >= len(t.leaf.page) {
		return math.MaxInt64
	}
	_, n := varint(t.leaf.page[at:])
	key, _ := varint(t.leaf.page[min(at+n, len(t.leaf.page)):])
	return key
}

// Next moves to the next row and reports whether there is one.
func (t *Table) Next() (bool, error) {
	for t.cell >= t.leaf.cells {
		more, err := t.nextLeaf()
		if err != nil || !more {
			return false, err
		}
	}
	page := t.leaf.page
	at := int(binary.BigEndian.Uint16(page[8+2*t.cell:]))
	t.cell++
	if at >= len(page) {
		return false, t.damaged("a row lies outside its page")
	}
	length, n := varint(page[at:])
	at += n
	id, n := varint(page[min(at, len(page)):])
	at += n
	if id <= t.id && t.moved {
		return false, t.damaged("its rows are not in order")
	}
	t.id, t.moved = id, true
	if length < 0 || length > longest {
		return false, t.damaged("a row has an impossible length")
	}
	if most := len(page) - 35; int(length) > most {
		if err := t.gather(page, at, int(length), most); err != nil {
			return false, err
		}
	} else if at+int(length) > len(page) {
		return false, t.damaged("a row reaches out of its page")
	} else {
		t.payload = page[at : at+int(length)]
	}
	t.numbers[rowid] = id
	return true, t.parse()
}

// nextLeaf moves to the leaf after this one.
func (t *Table) nextLeaf() (bool, error) {
	for len(t.path) > 0 {
		n := &t.path[len(t.path)-1]
		if n.cells < len(n.children) {
			n.cells++
			return true, t.descend(n.children[n.cells-1], math.MinInt64)
		}
		t.path = t.path[:len(t.path)-1]
	}
	t.leaf.cells, t.cell = 0, 0
	return false, nil
}

// gather puts a payload together that is too long for its page.
func (t *Table) gather(page []byte, at, length, most int) error {
	usable := len(page)
	least := (usable-12)*32/255 - 23
	local := least + (length-least)%(usable-4)
	if local > most {
		local = least
	}
	if at+local+4 > len(page) {
		return t.damaged("a row reaches out of its page")
	}
	t.spilled = append(t.spilled[:0], page[at:at+local]...)
	next := binary.BigEndian.Uint32(page[at+local:])
	var err error
	var more []byte
	for len(t.spilled) < length {
		if more, err = t.read(next, more); err != nil {
			return err
		}
		part := more[4:]
		t.spilled = append(t.spilled, part[:min(len(part), length-len(t.spilled))]...)
		next = binary.BigEndian.Uint32(more)
	}
	t.spilled = padded(t.spilled)
	t.payload = t.spilled
	return nil
}

// padded makes sure of some room behind a slice, so that a number at its end can be
// read as the first of eight bytes.
func padded(b []byte) []byte { return append(b, make([]byte, padding)...)[:len(b)] }

const padding = 8

// parse reads the numbers of the payload and finds its texts. All of them: nearly all
// are asked for, and asking again what each one is costs more than reading it.
func (t *Table) parse() error {
	p := t.payload
	size, at := varint(p)
	if size < int64(at) || size > int64(len(p)) {
		return t.damaged("a row has no header")
	}
	wide := p[:len(p)+padding]
	end, body, n := int(size), int(size), 0
	t.whole = 0
	for at < end {
		serial := int64(p[at])
		if serial < 0x80 {
			at++
		} else {
			var bytes int
			serial, bytes = varint(p[at:])
			at += bytes
			if serial > 2*longest+13 {
				return t.damaged("a column has an impossible length")
			}
		}
		if n == mostColumns {
			return t.damaged("a row has more columns than its table")
		}
		if serial < 12 {
			f := &forms[serial&15]
			t.numbers[n] = int64(binary.BigEndian.Uint64(wide[body:]))>>f.shift&f.mask | f.is
			t.whole |= f.whole << n
			t.texts[n] = text{}
			body += f.width
		} else {
			t.numbers[n] = 0
			t.texts[n] = text{body, body + int((serial-12)/2)}
			body = t.texts[n].end
		}
		n++
		if body > len(p) {
			return t.damaged("a row's columns reach out of it")
		}
	}
	for i := n; i < t.count; i++ { // the last row had more
		t.numbers[i], t.texts[i] = 0, text{}
	}
	t.count = n
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

// ID is the row's INTEGER PRIMARY KEY.
func (t *Table) ID() int64 { return t.id }

// Int returns a column as a whole number; what is none is 0.
func (t *Table) Int(col int) int64 { return t.numbers[t.place[col]] }

// IsInt reports whether the column holds a whole number.
func (t *Table) IsInt(col int) bool { return t.place[col] == rowid || t.whole>>t.place[col]&1 != 0 }

// Text returns a text column as a string of its own; what is none is "".
func (t *Table) Text(col int) string { return string(t.Blob(col)) }

// Blob returns the bytes of a text or a blob until the next row; what is none is empty.
func (t *Table) Blob(col int) []byte {
	if t.place[col] == rowid {
		return nil
	}
	at := t.texts[t.place[col]]
	return t.payload[at.start:at.end]
}
