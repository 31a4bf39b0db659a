package fastscan

import (
	"database/sql"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// TestIndexSame compares what is read from an index's pages with what database/sql
// reads, for every number there is and some there are not.
func TestIndexSame(t *testing.T) {
	for _, pageSize := range []string{"512", "4096"} {
		t.Run(pageSize, func(t *testing.T) {
			path, db := database(t, `PRAGMA journal_mode = DELETE`, `PRAGMA page_size = `+pageSize, `VACUUM`, `PRAGMA journal_mode = WAL`,
				`CREATE TABLE t (id INTEGER PRIMARY KEY, scope INTEGER, at INTEGER, name TEXT) STRICT`, `CREATE INDEX t_scope ON t (scope, at, name)`)
			rng := rand.New(rand.NewPCG(3, 3))
			tx, err := db.Begin()
			if err != nil {
				t.Fatal(err)
			}
			for id := range 4000 {
				var scope any = rng.IntN(12)*rng.IntN(3) - 3
				if rng.IntN(20) == 0 {
					scope = nil
				}
				name := strings.Repeat("x", rng.IntN(9))
				if rng.IntN(50) == 0 {
					name = strings.Repeat("long", rng.IntN(2000))
				}
				if _, err := tx.Exec(`INSERT INTO t VALUES (?, ?, ?, ?)`, id, scope, rng.Int64()>>rng.IntN(64), name); err != nil {
					t.Fatal(err)
				}
			}
			if err := tx.Commit(); err != nil {
				t.Fatal(err)
			}
			compareIndex(t, path, db)
			if _, err := db.Exec(`DELETE FROM t WHERE id % 5 < 2 OR scope = 4`); err != nil {
				t.Fatal(err)
			}
			compareIndex(t, path, db)
			if _, err := db.Exec(`DELETE FROM t`); err != nil {
				t.Fatal(err)
			}
			compareIndex(t, path, db)
		})
	}
}

func compareIndex(t *testing.T, path string, db *sql.DB) {
	t.Helper()
	c, err := Open(path, time.Second, false)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	x, err := c.Index("t_scope", "name", "", "at", "scope")
	if err != nil {
		t.Fatal(err)
	}
	for _, scope := range []int64{3, math.MinInt64, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 22, 23, math.MaxInt64, 0} {
		var want, got []string
		rows, err := db.Query(`SELECT id, at, name FROM t WHERE scope = ? ORDER BY at, name, id`, scope)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var id, at int64
			var name string
			if err := rows.Scan(&id, &at, &name); err != nil {
				t.Fatal(err)
			}
			want = append(want, fmt.Sprint(scope, id, at, name))
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		if err := x.MoveTo(scope); err != nil {
			t.Fatal(err)
		}
		for {
			more, err := x.Next()
			if err != nil {
				t.Fatal(err)
			}
			if !more {
				break
			}
			got = append(got, fmt.Sprint(x.Int(3), x.Int(1), x.Int(2), x.Text(0)))
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("of %d there are %d entries, want %d", scope, len(got), len(want))
		}
	}
}

func TestIndexErrors(t *testing.T) {
	path, _ := database(t, `CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER) STRICT`, `CREATE INDEX t_n ON t (n)`)
	c, err := Open(path, time.Second, false)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Index("t_n", "m"); err == nil {
		t.Error("an index with a column it does not have")
	}
	if _, err := c.Index("t", "n"); err == nil {
		t.Error("a table read as an index")
	}
}

// FuzzIndex reads an index that is noise: errors or nonsense, but no panic and no end of it.
func FuzzIndex(f *testing.F) {
	const size = 512
	leaf := make([]byte, size)
	leaf[0], leaf[4] = leafIndexPage, 2
	leaf[8], leaf[10], leaf[11] = 1, 1, 64
	copy(leaf[256:], []byte{5, 3, 1, 1, 7, 9})
	copy(leaf[320:], []byte{0x85, 0, 3, 1, 1, 7, 9})
	root := make([]byte, size)
	root[0], root[4], root[11], root[12] = interiorIndexPage, 1, 1, 1
	copy(root[256:], []byte{0, 0, 0, 1, 5, 3, 1, 1, 7, 8})
	f.Add(append(root, leaf...), int64(7))
	f.Add(leaf, int64(-5))
	f.Fuzz(func(t *testing.T, data []byte, first int64) {
		data = append(data, make([]byte, size)...)
		x := &Index{row: row{place: []int{rowid, 0, 1, 30}}, table: noise(data, size)}
		for i := range int64(3) {
			if err := x.MoveTo(first * i); err != nil {
				return
			}
			for range 200 {
				if more, err := x.Next(); err != nil || !more {
					break
				}
				for col := range x.place {
					_, _, _, _ = x.Int(col), x.IsInt(col), x.Text(col), x.Blob(col)
				}
			}
		}
	})
}
