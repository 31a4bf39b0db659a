package fastscan

import (
	"bytes"
	"database/sql"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"
)

func database(t *testing.T, statements ...string) (string, *sql.DB) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a %41 #?.db")
	db, err := sql.Open("sqlite", FileURI(path)+"?_journal_mode=WAL")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	for _, q := range statements {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
	return path, db
}

// TestSame compares every row and column with what database/sql reads.
func TestSame(t *testing.T) {
	path, db := database(t, `CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, x ANY, s TEXT, b BLOB) STRICT`)
	rng := rand.New(rand.NewPCG(1, 1))
	for i := range 2000 {
		var n, x, s, b any
		if rng.IntN(5) > 0 {
			n = rng.Int64() >> rng.IntN(64)
			if rng.IntN(2) > 0 {
				n = -n.(int64)
			}
		}
		switch rng.IntN(4) {
		case 0:
			x = int64(math.MaxInt64) - int64(i)
		case 1:
			x = "uuid-\x00-长" + strings.Repeat("y", rng.IntN(9000))
		case 2:
			x = ""
		}
		if rng.IntN(3) > 0 {
			s = strings.Repeat("é", rng.IntN(50))
			b = bytes.Repeat([]byte{0, 255}, rng.IntN(50))
		}
		if _, err := db.Exec(`INSERT INTO t VALUES (?, ?, ?, ?, ?)`, i*3, n, x, s, b); err != nil {
			t.Fatal(err)
		}
	}
	c, err := Open(path, time.Second, false)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	const query = `SELECT id, n, x, s, b FROM t WHERE id BETWEEN ? AND ? ORDER BY id`
	st, err := c.Prepare(query)
	if err != nil {
		t.Fatal(err)
	}
	for _, span := range [][2]int64{{0, 6000}, {300, 301}, {-5, -1}, {2000, 4000}} {
		rows, err := db.Query(query, span[0], span[1])
		if err != nil {
			t.Fatal(err)
		}
		if err := st.Bind(span[0], span[1]); err != nil {
			t.Fatal(err)
		}
		for {
			more, err := st.Step()
			if err != nil {
				t.Fatal(err)
			}
			if next := rows.Next(); next != more {
				t.Fatalf("%v: another row %v, want %v", span, more, next)
			}
			if !more {
				break
			}
			var id int64
			var n sql.NullInt64
			var x any
			var s sql.NullString
			var b []byte
			if err := rows.Scan(&id, &n, &x, &s, &b); err != nil {
				t.Fatal(err)
			}
			if st.Int(0) != id || st.Int(1) != n.Int64 || st.IsNull(1) == n.Valid || st.Text(3) != s.String || st.IsNull(3) == s.Valid || !bytes.Equal(st.Blob(4), b) {
				t.Fatalf("row %d differs: %d %q %x", id, st.Int(1), st.Text(3), st.Blob(4))
			}
			switch x := x.(type) {
			case nil:
				if !st.IsNull(2) || st.IsInt(2) || st.Int(2) != 0 || st.Text(2) != "" {
					t.Fatalf("row %d: not null", id)
				}
			case int64:
				if !st.IsInt(2) || st.Int(2) != x {
					t.Fatalf("row %d: %d, want %d", id, st.Int(2), x)
				}
			case string:
				if st.IsInt(2) || st.Text(2) != x {
					t.Fatalf("row %d: %q, want %q", id, st.Text(2), x)
				}
			default:
				t.Fatalf("row %d: %T", id, x)
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
	}
}

func TestErrors(t *testing.T) {
	path, db := database(t, `CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT`, `INSERT INTO t VALUES (1)`)
	if _, err := Open(filepath.Join(t.TempDir(), "no.db"), time.Second, false); err == nil {
		t.Error("a missing file was opened")
	}
	c, err := Open(path, 50*time.Millisecond, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"", "-- nothing", "SELECT nothing FROM t", "SELEKT"} {
		if _, err := c.Prepare(bad); err == nil {
			t.Errorf("%q was prepared", bad)
		}
	}
	if err := c.Exec(`INSERT INTO t VALUES (2)`); err == nil {
		t.Error("a read-only connection wrote")
	}
	st, err := c.Prepare(`SELECT id FROM t WHERE id = ?`)
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Bind(1, 2); err == nil {
		t.Error("two values were bound to one parameter")
	}
	st.Close()
	st.Close()

	// A reader keeps the state of its first read; another one waits for no writer in WAL mode.
	if err := c.Exec(`BEGIN`); err != nil {
		t.Fatal(err)
	}
	count := func() (n int64) {
		st, err := c.Prepare(`SELECT count(*) FROM t`)
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		if _, err := st.Step(); err != nil {
			t.Fatal(err)
		}
		return st.Int(0)
	}
	before := count()
	if _, err := db.Exec(`INSERT INTO t VALUES (2)`); err != nil {
		t.Fatal(err)
	}
	if n := count(); n != before {
		t.Errorf("%d rows, then %d", before, n)
	}
	if err := c.Exec(`COMMIT`); err != nil {
		t.Fatal(err)
	}
	if n := count(); n != before+1 {
		t.Errorf("%d rows after the transaction", n)
	}
	c.Close()
	c.Close()
}

func TestBusy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rollback.db")
	db, err := sql.Open("sqlite", path) // no WAL: a writer locks readers out
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, q := range []string{`CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT`, `BEGIN EXCLUSIVE`} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	c, err := Open(path, 20*time.Millisecond, false)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Exec(`SELECT * FROM t`); !errors.Is(err, ErrBusy) {
		t.Errorf("got %v", err)
	}
}
