package fastscan

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// Index reads an index whose first column holds whole numbers, straight from its
// pages as [Table] reads a table: the entries with one such number, in order.
type Index struct {
	row
	table *Table // reads pages, and puts long entries together
	root  uint32
	path  []indexNode
	first int64
}

// indexNode is a page on the way to the entry at hand. Entries stand in interior pages
// too, each behind the child with those before it.
type indexNode struct {
	page  []byte
	cells int
	next  int  // cell
	down  bool // its child comes before it
}

// The kinds of pages of an index.
const (
	interiorIndexPage = 0x02
	leafIndexPage     = 0x0a
)

// Index returns an index to read some of its columns; "" is the rowid. There is one
// for the same name and columns, whatever was asked of it before; the connection frees it.
func (c *Conn) Index(name string, columns ...string) (*Index, error) {
	key := fmt.Sprint(name, columns)
	if x := c.indexes[key]; x != nil {
		return x, nil
	}
	x := &Index{row: newRow(len(columns))}
	err := c.rows(`SELECT rootpage FROM sqlite_schema WHERE type = 'index' AND name = '`+name+`'`, func(st *Stmt) {
		x.root = uint32(st.Int(0))
	})
	if err != nil {
		return nil, err
	}
	known := 0
	err = c.rows(`SELECT name, seqno FROM pragma_index_xinfo('`+name+`')`, func(st *Stmt) {
		if i := slices.Index(columns, st.Text(0)); i >= 0 && st.Int(1) < mostColumns {
			x.place[i] = int(st.Int(1))
			known++
		}
	})
	if err != nil {
		return nil, err
	}
	if known < len(columns) || x.root == 0 {
		return nil, fmt.Errorf("there is no index %s with the columns %q", name, columns)
	}
	if x.table, err = c.reader(name); err != nil {
		return nil, err
	}
	if c.indexes == nil {
		c.indexes = map[string]*Index{}
	}
	c.indexes[key] = x
	return x, nil
}

// MoveTo moves before the first entry whose first column is first. Next goes on from
// there as long as it is.
func (x *Index) MoveTo(first int64) error {
	x.path, x.first = x.path[:0], first
	number := x.root
	for {
		n, err := x.enter(number)
		if err != nil {
			return err
		}
		lo, hi := 0, n.cells
		for lo < hi {
			mid := int(uint(lo+hi) >> 1)
			if err := x.read(n, mid); err != nil {
				return err
			}
			if x.numbers[0] < first || x.whole&1 == 0 { // NULL stands before numbers
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		n.next, n.down = lo, false
		if n.page[0] == leafIndexPage {
			return nil
		}
		if number, err = x.child(n); err != nil {
			return err
		}
	}
}

// Next moves to the next entry and reports whether there is one with the number.
func (x *Index) Next() (bool, error) {
	for len(x.path) > 0 {
		n := &x.path[len(x.path)-1]
		if n.down {
			n.down = false
			number, err := x.child(n)
			if err != nil {
				return false, err
			}
			if n, err = x.enter(number); err != nil {
				return false, err
			}
			n.next, n.down = 0, n.page[0] == interiorIndexPage
			continue
		}
		if n.next >= n.cells {
			x.path = x.path[:len(x.path)-1]
			continue
		}
		if err := x.read(n, n.next); err != nil {
			return false, err
		}
		n.next++
		n.down = n.page[0] == interiorIndexPage
		return x.whole&1 != 0 && x.numbers[0] == x.first, nil
	}
	return false, nil
}

// enter reads a page and puts it at the end of the path.
func (x *Index) enter(number uint32) (*indexNode, error) {
	if len(x.path) >= deepest {
		return nil, x.table.damaged("its tree is too deep")
	}
	if len(x.path) < cap(x.path) {
		x.path = x.path[:len(x.path)+1] // with the page it once had
	} else {
		x.path = append(x.path, indexNode{})
	}
	n := &x.path[len(x.path)-1]
	page, err := x.table.read(number, n.page)
	if err != nil {
		return nil, err
	}
	n.page = padded(page)
	if kind := page[0]; kind != interiorIndexPage && kind != leafIndexPage {
		return nil, x.table.damaged(fmt.Sprintf("page %d is no page of an index", number))
	}
	n.cells = int(binary.BigEndian.Uint16(page[3:]))
	if head := n.head(); head+2*n.cells > len(page) {
		return nil, x.table.damaged("a page lists more entries than it has room for")
	}
	return n, nil
}

// head is how long a page's header is.
func (n *indexNode) head() int {
	if n.page[0] == interiorIndexPage {
		return 12
	}
	return 8
}

// child is the page with what stands before the next cell, or behind the last one.
func (x *Index) child(n *indexNode) (uint32, error) {
	if n.next >= n.cells {
		return binary.BigEndian.Uint32(n.page[8:]), nil
	}
	at := int(binary.BigEndian.Uint16(n.page[12+2*n.next:]))
	if at+4 > len(n.page) {
		return 0, x.table.damaged("a child lies outside its page")
	}
	return binary.BigEndian.Uint32(n.page[at:]), nil
}

// read reads a cell.
func (x *Index) read(n *indexNode, cell int) error {
	page, head := n.page, n.head()
	at := int(binary.BigEndian.Uint16(page[head+2*cell:]))
	if head == 12 {
		at += 4 // behind the child
	}
	if at >= len(page) {
		return x.table.damaged("an entry lies outside its page")
	}
	length, bytes := varint(page[at:])
	at += bytes
	most := (len(page)-12)*64/255 - 23
	switch {
	case length < 0 || length > longest:
		return x.table.damaged("an entry has an impossible length")
	case int(length) > most:
		if err := x.table.gather(page, at, int(length), most); err != nil {
			return err
		}
		x.payload = x.table.payload
	case at+int(length) > len(page):
		return x.table.damaged("an entry reaches out of its page")
	default:
		x.payload = page[at : at+int(length)]
	}
	if err := x.parse(); err != nil {
		return x.table.damaged(err.Error())
	}
	if x.count == 0 {
		return x.table.damaged("an entry is empty")
	}
	return nil
}
