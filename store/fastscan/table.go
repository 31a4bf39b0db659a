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
	root   uint32
	unused int    // bytes at the end of every page
	path   []node // the interior pages above the leaf, the root first
	leaf   node
	cell   int // the next one of the leaf

	row
	id      int64
	moved   bool   // to id, since the last MoveTo
	spilled []byte // a payload gathered from several pages
}

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
	t := &Table{row: newRow(len(columns)), name: name}
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
	if err := t.open(c); err != nil {
		return nil, err
	}
	if c.tables == nil {
		c.tables = map[string]*Table{}
	}
	c.tables[key] = t
	return t, nil
}

// reader is a Table for its pages alone.
func (c *Conn) reader(name string) (*Table, error) {
	t := &Table{name: name}
	return t, t.open(c)
}

// open gets ready to read pages.
func (t *Table) open(c *Conn) (err error) {
	if t.pages, err = c.Prepare(`SELECT data FROM sqlite_dbpage WHERE pgno = ?`); err != nil {
		return err
	}
	const unusedAtEnd = 20 // in the header of the file
	head, err := t.fetch(1, nil)
	if err != nil {
		t.pages.Close()
		return err
	}
	t.unused, t.read = int(head[unusedAtEnd]), t.fetch
	return nil
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
	if err := t.parse(); err != nil {
		return false, t.damaged(err.Error())
	}
	return true, nil
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

// ID is the row's INTEGER PRIMARY KEY.
func (t *Table) ID() int64 { return t.id }
