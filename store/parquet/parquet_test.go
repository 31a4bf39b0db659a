package parquet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	reader "github.com/parquet-go/parquet-go"
)

// readBack reads a file with parquet-go: rows of values, NULL as nil, and the sizes of the row groups.
func readBack(t *testing.T, file []byte) (rows [][]any, groups []int64) {
	t.Helper()
	f, err := reader.OpenFile(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range f.RowGroups() {
		groups = append(groups, g.NumRows())
		r := g.Rows()
		buffer := make([]reader.Row, 7)
		for {
			n, err := r.ReadRows(buffer)
			for _, row := range buffer[:n] {
				values := make([]any, len(row))
				for i, v := range row {
					switch {
					case v.IsNull():
					case v.Kind() == reader.ByteArray:
						values[i] = string(v.ByteArray())
					case v.Kind() == reader.Int64:
						values[i] = v.Int64()
					case v.Kind() == reader.Double:
						values[i] = v.Double()
					case v.Kind() == reader.Boolean:
						values[i] = v.Boolean()
					}
				}
				rows = append(rows, values)
			}
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return rows, groups
}

// TestReadBack writes every kind, with and without NULL, over several row groups,
// and reads the same rows back with somebody else's reader.
func TestReadBack(t *testing.T) {
	for _, size := range []int{0, 1, 2, 255, 1000} {
		for _, every := range []int{1, 3, 1 << 30} { // which rows are NULL: all, some, none
			t.Run(fmt.Sprint(size, " rows, NULL every ", every), func(t *testing.T) {
				var file bytes.Buffer
				packer, err := NewPacker()
				if err != nil {
					t.Fatal(err)
				}
				w, err := NewWriter(&file, packer, []Column{{"word", Word}, {"text", Text}, {"int", Int}, {"real", Real}, {"flag", Flag}, {"time", Time}}, [2]string{"as_of", "then"})
				if err != nil {
					t.Fatal(err)
				}
				var want [][]any
				for i := range size {
					row := make([]any, 6)
					if (i+1)%every != 0 {
						word, text := fmt.Sprint("w", i%17), fmt.Sprint("Zürich 日本 ", i)
						row = []any{word, text, int64(i) - 500, float64(i) / 3, i%5 == 0, int64(i) * 1000}
						w.Text(0, []byte(word))
						w.Text(1, []byte(text))
						w.Int(2, int64(i)-500)
						w.Real(3, float64(i)/3)
						w.Flag(4, i%5 == 0)
						w.Int(5, int64(i)*1000)
					}
					w.Row()
					want = append(want, row)
					if w.Rows() == 300 {
						if err := w.Flush(); err != nil {
							t.Fatal(err)
						}
						if w.Rows() != 0 || w.Size() != 0 {
							t.Fatalf("after a flush %d rows of %d bytes wait", w.Rows(), w.Size())
						}
					}
				}
				if err := w.Close(); err != nil {
					t.Fatal(err)
				}
				got, groups := readBack(t, file.Bytes())
				if d := cmp.Diff(want, got); d != "" {
					t.Error(d)
				}
				if len(groups) != (size+299)/300 {
					t.Errorf("row groups %d", groups)
				}
				f, err := reader.OpenFile(bytes.NewReader(file.Bytes()), int64(file.Len()))
				if err != nil {
					t.Fatal(err)
				}
				if v, _ := f.Lookup("as_of"); v != "then" {
					t.Errorf("the note is %q", v)
				}
				for _, c := range f.Root().Columns() {
					if c.Name() == "time" && c.Type().String() != "TIMESTAMP(isAdjustedToUTC=true,unit=MILLIS)" {
						t.Errorf("time is %s", c.Type())
					}
				}
			})
		}
	}
}

// TestNoUTF8: a reader refuses a whole file for one bad byte, so none is written.
func TestNoUTF8(t *testing.T) {
	var file bytes.Buffer
	packer, err := NewPacker()
	if err != nil {
		t.Fatal(err)
	}
	w, err := NewWriter(&file, packer, []Column{{"text", Text}, {"word", Word}})
	if err != nil {
		t.Fatal(err)
	}
	w.Text(0, []byte("a\xffb"))
	w.Text(1, []byte("\xc3("))
	w.Row()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	got, _ := readBack(t, file.Bytes())
	if d := cmp.Diff([][]any{{"a\uFFFDb", "\uFFFD("}}, got); d != "" {
		t.Error(d)
	}
}

type full struct{ room int }

func (f *full) Write(b []byte) (int, error) {
	if f.room -= len(b); f.room < 0 {
		return 0, io.ErrShortWrite
	}
	return len(b), nil
}

// TestDiskFull: wherever the disk fills up, the writer says so.
func TestDiskFull(t *testing.T) {
	packer, err := NewPacker()
	if err != nil {
		t.Fatal(err)
	}
	whole := &full{1 << 20}
	write := func(disk io.Writer) error {
		w, err := NewWriter(disk, packer, []Column{{"text", Text}})
		if err == nil {
			w.Text(0, []byte("something"))
			w.Row()
			err = w.Close()
		}
		return err
	}
	if err := write(whole); err != nil {
		t.Fatal(err)
	}
	for room := range 1<<20 - whole.room {
		if err := write(&full{room}); err == nil {
			t.Errorf("with room for %d bytes there is no error", room)
		}
	}
}
