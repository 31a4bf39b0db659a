package fastscan

import (
	"bytes"
	"database/sql"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// TestTableSame compares what is read from pages with what database/sql reads,
// before and after rows were changed, dropped and pushed in, in the WAL and out of it.
func TestTableSame(t *testing.T) {
	for _, pageSize := range []string{"512", "4096", "65536"} {
		t.Run(pageSize, func(t *testing.T) {
			path, db := database(t, `CREATE TABLE other (id INTEGER PRIMARY KEY) STRICT`)
			for _, q := range []string{
				`PRAGMA journal_mode = DELETE`, `PRAGMA page_size = ` + pageSize, `VACUUM`, `PRAGMA journal_mode = WAL`,
				`CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, x ANY, s TEXT, b BLOB) STRICT`,
			} {
				if _, err := db.Exec(q); err != nil {
					t.Fatal(q, err)
				}
			}
			rng := rand.New(rand.NewPCG(7, 7))
			compareTable(t, path, db, rng)
			insert := func(from, to, step int64) {
				tx, err := db.Begin()
				if err != nil {
					t.Fatal(err)
				}
				for id := from; id < to; id += step {
					n, x, s, b := randomRow(rng)
					if _, err := tx.Exec(`INSERT OR REPLACE INTO t VALUES (?, ?, ?, ?, ?)`, id, n, x, s, b); err != nil {
						t.Fatal(err)
					}
				}
				if err := tx.Commit(); err != nil {
					t.Fatal(err)
				}
			}
			insert(5, 6, 1)
			compareTable(t, path, db, rng)
			insert(-300, 6000, 3)
			compareTable(t, path, db, rng)
			insert(1, 4000, 7)
			insert(math.MaxInt64-20, math.MaxInt64, 1)
			for _, q := range []string{`DELETE FROM t WHERE id BETWEEN 900 AND 2500`, `ALTER TABLE t ADD COLUMN late INTEGER`, `UPDATE t SET late = id WHERE id % 2 = 0`} {
				if _, err := db.Exec(q); err != nil {
					t.Fatal(err)
				}
			}
			compareTable(t, path, db, rng, "late")
			if _, err := db.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
				t.Fatal(err)
			}
			compareTable(t, path, db, rng, "late")
		})
	}
}

func randomRow(rng *rand.Rand) (n, x, s, b any) {
	if rng.IntN(5) > 0 {
		up, down := rng.Int64()>>rng.IntN(64), rng.Int64()>>rng.IntN(64)
		n = up - down
	}
	switch rng.IntN(5) {
	case 0:
		x = rng.Int64N(3)
	case 1:
		x = "uuid-\x00-長" + strings.Repeat("y", rng.IntN(9000))
	case 2:
		x = ""
	case 3:
		x = 1.5
	}
	if rng.IntN(3) > 0 {
		s, b = strings.Repeat("é", rng.IntN(50)), bytes.Repeat([]byte{0, 255}, rng.IntN(50))
	}
	return n, x, s, b
}

func compareTable(t *testing.T, path string, db *sql.DB, rng *rand.Rand, late ...string) {
	t.Helper()
	c, err := Open(path, time.Second, false)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Exec(`BEGIN`); err != nil {
		t.Fatal(err)
	}
	tab, err := c.Table("t", append([]string{"b", "id", "n", "x", "s"}, late...)...)
	if err != nil {
		t.Fatal(err)
	}
	added := "0"
	if len(late) > 0 {
		added = "late"
	}
	at := int64(math.MinInt64)
	for try := range 60 {
		if try > 0 {
			at = rng.Int64N(8000) - 1000
			if try%3 == 0 { // moving on by a little
				at = tab.ID() + rng.Int64N(40)
			}
		}
		limit := rng.IntN(300)
		if try == 0 {
			limit = -1
		}
		rows, err := db.Query(`SELECT id, n, x, s, b, `+added+` FROM t WHERE id >= ? ORDER BY id LIMIT ?`, at, limit)
		if err != nil {
			t.Fatal(err)
		}
		if err := tab.MoveTo(at); err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var id int64
			var n, l sql.NullInt64
			var x any
			var s sql.NullString
			var b []byte
			if err := rows.Scan(&id, &n, &x, &s, &b, &l); err != nil {
				t.Fatal(err)
			}
			more, err := tab.Next()
			if err != nil || !more {
				t.Fatalf("from %d: row %d is not there: %v", at, id, err)
			}
			if tab.ID() != id || tab.Int(1) != id || tab.Int(2) != n.Int64 || tab.IsInt(2) != n.Valid || tab.Text(4) != s.String || !bytes.Equal(tab.Blob(0), b) {
				t.Fatalf("row %d differs: %d %d %q %x", id, tab.ID(), tab.Int(2), tab.Text(4), tab.Blob(0))
			}
			number, isNumber := x.(int64)
			text, _ := x.(string)
			if tab.IsInt(3) != isNumber || tab.Int(3) != number || tab.Text(3) != text {
				t.Fatalf("row %d: %v is %d, %q", id, x, tab.Int(3), tab.Text(3))
			}
			if len(late) > 0 && (tab.Int(5) != l.Int64 || tab.IsInt(5) != l.Valid) {
				t.Fatalf("row %d: late is %d, want %d", id, tab.Int(5), l.Int64)
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
		if limit < 0 {
			if more, err := tab.Next(); more || err != nil {
				t.Fatalf("more than there is: %d, %v", tab.ID(), err)
			}
		}
	}
}

// TestTableKeepsItsState reads on in the state its transaction began with.
func TestTableKeepsItsState(t *testing.T) {
	path, db := database(t, `CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER) STRICT`, `INSERT INTO t WITH RECURSIVE s (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM s WHERE v < 20000) SELECT v, v FROM s`)
	c, err := Open(path, time.Second, false)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Exec(`BEGIN`); err != nil {
		t.Fatal(err)
	}
	tab, err := c.Table("t", "n")
	if err != nil {
		t.Fatal(err)
	}
	if err := tab.MoveTo(1); err != nil {
		t.Fatal(err)
	}
	for i := int64(1); i <= 20000; i++ {
		if i == 100 {
			for _, q := range []string{`DELETE FROM t WHERE id % 3 = 0`, `UPDATE t SET n = -1`, `INSERT INTO t WITH RECURSIVE s (v) AS (SELECT 30000 UNION ALL SELECT v + 1 FROM s WHERE v < 60000) SELECT v, 0 FROM s`} {
				if _, err := db.Exec(q); err != nil {
					t.Fatal(err)
				}
			}
		}
		if more, err := tab.Next(); !more || err != nil || tab.ID() != i || tab.Int(0) != i {
			t.Fatalf("row %d is %d: %d, %v", i, tab.ID(), tab.Int(0), err)
		}
	}
	if more, err := tab.Next(); more || err != nil {
		t.Fatalf("a row of later: %d, %v", tab.ID(), err)
	}
}

func TestTableErrors(t *testing.T) {
	path, _ := database(t, `CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER) STRICT`, `CREATE TABLE w (a TEXT PRIMARY KEY, n INTEGER) WITHOUT ROWID`, `INSERT INTO w VALUES ('x', 1)`)
	c, err := Open(path, time.Second, false)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, columns := range [][]string{{"none"}, {"n", "m"}} {
		if _, err := c.Table("t", columns...); err == nil {
			t.Errorf("a table with %v", columns)
		}
	}
	if _, err := c.Table("none", "n"); err == nil {
		t.Error("a table that is not there")
	}
	w, err := c.Table("w", "n")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.MoveTo(0); err == nil {
		t.Error("a table without rowids was read")
	}
}

// noise is a reader of pages of which any number is there, and two hundred are enough.
func noise(data []byte, size int) *Table {
	t, reads := &Table{name: "t"}, 0
	t.read = func(number uint32, buf []byte) ([]byte, error) {
		if reads++; reads > 200 {
			return nil, t.damaged("it has no end")
		}
		from := int(number) % (len(data) / size) * size
		return append(buf[:0], data[from:from+size]...), nil
	}
	return t
}

// FuzzTable reads a database that is noise: errors or nonsense, but no panic and no end of it.
func FuzzTable(f *testing.F) {
	const size = 512
	leaf := make([]byte, size)
	leaf[0], leaf[4] = leafPage, 2
	leaf[8], leaf[10], leaf[11] = 1, 1, 64
	copy(leaf[256:], []byte{9, 1, 5, 0, 1, 13, 12, 15, 7, 'a', 'b'})
	copy(leaf[320:], []byte{0x88, 0, 2, 3, 0, 0x80, 6})
	root := make([]byte, size)
	root[0], root[4], root[11], root[12] = interiorPage, 1, 1, 1
	copy(root[256:], []byte{0, 0, 0, 1, 9})
	f.Add(append(root, leaf...), int64(1))
	f.Add(leaf, int64(-5))
	f.Fuzz(func(t *testing.T, data []byte, at int64) {
		data = append(data, make([]byte, size)...)
		tab := noise(data, size)
		tab.place = []int{rowid, 0, 1, 2, 30}
		for i := range int64(3) {
			if err := tab.MoveTo(at * i); err != nil {
				return
			}
			for range 200 {
				if more, err := tab.Next(); err != nil || !more {
					break
				}
				for col := range tab.place {
					_, _, _, _ = tab.Int(col), tab.IsInt(col), tab.Text(col), tab.Blob(col)
				}
			}
		}
	})
}
