package store

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"defacto/store/fastscan"
	"defacto/store/parquet"
)

// Bounds of what an export holds at a time.
const (
	exportBytes  = 64 << 20 // rows of all open files
	exportGroup  = 16 << 20 // rows of one
	exportFiles  = 128      // open files
	noPartition  = "__HIVE_DEFAULT_PARTITION__"
	exportChecks = 1 << 12 // rows between two looks at whether to stop
)

// sheet is a file that rows of a view are written to.
type sheet interface {
	add(row *fastscan.Stmt) error // columns count from exportHead
	waiting() (rows, bytes int)   // what it holds in memory
	flush() error
	close() error
}

// The first columns of the query: what decides on the file.
const (
	exportSource = iota
	exportQuarter
	exportHead
)

// partition is what goes into one folder: one file, or several where so many
// folders are filled at once that files have to be closed in between.
type partition struct {
	dir   string
	sheet sheet // nil while closed
	files int
	held  int // bytes
}

// export writes one view.
type exporting struct {
	view   exportView
	dir    string
	opt    ExportOptions
	note   string
	packer *parquet.Packer
	parts  map[string]*partition
	open   []*partition
	held   int
	done   Exported
}

func exportRows(ctx context.Context, conn *fastscan.Conn, v exportView, dir string, opt ExportOptions, note string) (Exported, error) {
	e := &exporting{view: v, dir: dir, opt: opt, note: note, parts: map[string]*partition{}, done: Exported{View: v.name}}
	var err error
	if e.packer, err = parquet.NewPacker(); err != nil {
		return e.done, err
	}
	q, err := conn.Prepare(v.query())
	if err != nil {
		return e.done, err
	}
	defer q.Close()
	for more := true; more; {
		if e.done.Rows%exportChecks == 0 && ctx.Err() != nil {
			err = context.Cause(ctx)
			break
		}
		if more, err = q.Step(); err == nil && more {
			err = e.row(q)
		}
		if err != nil {
			break
		}
	}
	err = errors.Join(err, e.shut())
	if err == nil && len(e.parts) == 0 {
		err = os.MkdirAll(filepath.Join(dir, v.name), 0o700) // an empty view is there, too
	}
	if err != nil {
		return e.done, fmt.Errorf("%s: %w", v.name, err)
	}
	return e.done, nil
}

// query reads the view, led by what decides on the file.
func (v exportView) query() string {
	source, quarter := `''`, `''`
	if v.source {
		source = "source"
	}
	if v.quarter != "" {
		quarter = `"` + v.quarter + `"`
	}
	names := []string{source, quarter}
	for _, c := range v.columns {
		names = append(names, `"`+c.name+`"`)
	}
	return `SELECT ` + strings.Join(names, ", ") + ` FROM ` + v.name
}

func (e *exporting) row(q *fastscan.Stmt) error {
	p, err := e.partition(q)
	if err != nil {
		return err
	}
	if err := p.sheet.add(q); err != nil {
		return err
	}
	e.done.Rows++
	rows, bytes := p.sheet.waiting()
	e.held += bytes - p.held
	p.held = bytes
	if rows >= parquet.MaxRows || bytes >= exportGroup {
		return e.flush(p)
	}
	if e.held >= exportBytes {
		most := p
		for _, o := range e.open {
			if o.held > most.held {
				most = o
			}
		}
		return e.flush(most)
	}
	return nil
}

func (e *exporting) flush(p *partition) error {
	err := p.sheet.flush()
	_, bytes := p.sheet.waiting()
	e.held += bytes - p.held
	p.held = bytes
	return err
}

// partition returns the open file a row belongs into.
func (e *exporting) partition(q *fastscan.Stmt) (*partition, error) {
	key := string(q.Blob(exportSource)) + "\x00" + quarterOf(q.Blob(exportQuarter))
	p := e.parts[key]
	if p == nil {
		source, quarter, _ := strings.Cut(key, "\x00")
		dir := filepath.Join(e.dir, e.view.name)
		if e.view.source {
			dir = filepath.Join(dir, "source="+hive(source))
		}
		if e.view.quarter != "" {
			dir = filepath.Join(dir, "quarter="+hive(quarter))
		}
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
		p = &partition{dir: dir}
		e.parts[key] = p
	}
	if p.sheet != nil {
		return p, nil
	}
	if len(e.open) >= exportFiles {
		if err := e.shut(); err != nil {
			return nil, err
		}
	}
	p.files++
	e.done.Files++
	path := filepath.Join(p.dir, fmt.Sprintf("part-%04d.%s", p.files, e.opt.Format))
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	if p.sheet, err = e.sheet(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	e.open = append(e.open, p)
	return p, nil
}

// shut finishes all open files.
func (e *exporting) shut() error {
	var errs []error
	for _, p := range e.open {
		errs = append(errs, p.sheet.close())
		p.sheet, p.held = nil, 0
	}
	e.open, e.held = nil, 0
	return errors.Join(errs...)
}

func (e *exporting) sheet(f *os.File) (sheet, error) {
	if e.opt.Format == CSV {
		s := &csvSheet{file: f, columns: e.view.columns, cell: e.opt.Cell, text: make([]string, len(e.view.columns))}
		s.out = csv.NewWriter(f)
		for i, c := range e.view.columns {
			s.text[i] = c.name
		}
		return s, s.out.Write(s.text)
	}
	columns := make([]parquet.Column, len(e.view.columns))
	for i, c := range e.view.columns {
		columns[i] = parquet.Column{Name: c.name, Kind: c.kind}
	}
	s := &parquetSheet{file: f, columns: e.view.columns, buffer: bufio.NewWriter(f)}
	var err error
	s.out, err = parquet.NewWriter(s.buffer, e.packer, columns, [2]string{"defacto.view", e.view.name}, [2]string{"defacto.acts", e.note})
	return s, err
}

// parquetSheet holds every value as the view has it; times become instants and
// 1 and 0 true and false.
type parquetSheet struct {
	file    *os.File
	buffer  *bufio.Writer
	out     *parquet.Writer
	columns []exportColumn
}

func (s *parquetSheet) add(row *fastscan.Stmt) error {
	for i, c := range s.columns {
		from := i + exportHead
		if row.IsNull(from) {
			continue
		}
		switch c.kind {
		case parquet.Text, parquet.Word:
			s.out.Text(i, row.Blob(from))
		case parquet.Int:
			s.out.Int(i, row.Int(from))
		case parquet.Real:
			s.out.Real(i, row.Float(from))
		case parquet.Flag:
			s.out.Flag(i, row.Int(from) != 0)
		case parquet.Time:
			at, err := time.Parse("2006-01-02T15:04:05.000Z", string(row.Blob(from)))
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			s.out.Int(i, at.UnixMilli())
		}
	}
	s.out.Row()
	return nil
}

func (s *parquetSheet) waiting() (rows, bytes int) { return s.out.Rows(), s.out.Size() }

func (s *parquetSheet) flush() error { return s.out.Flush() }

func (s *parquetSheet) close() error {
	return errors.Join(s.out.Close(), s.buffer.Flush(), s.file.Sync(), s.file.Close())
}

// csvSheet holds what a person reads in a spreadsheet: texts that would be taken
// for a formula begin with an apostrophe.
type csvSheet struct {
	file    *os.File
	out     *csv.Writer
	columns []exportColumn
	cell    func(string) string
	text    []string
}

func (s *csvSheet) add(row *fastscan.Stmt) error {
	for i, c := range s.columns {
		switch c.kind {
		case parquet.Text, parquet.Word:
			s.text[i] = s.cell(row.Text(i + exportHead))
		case parquet.Real:
			s.text[i] = ""
			if !row.IsNull(i + exportHead) {
				s.text[i] = strconv.FormatFloat(row.Float(i+exportHead), 'g', -1, 64)
			}
		case parquet.Int, parquet.Flag, parquet.Time:
			s.text[i] = row.Text(i + exportHead)
		}
	}
	return s.out.Write(s.text)
}

func (s *csvSheet) waiting() (rows, bytes int) { return 0, 0 } // a few kilobytes, whatever is written

func (s *csvSheet) flush() error { return nil }

func (s *csvSheet) close() error {
	s.out.Flush()
	return errors.Join(s.out.Error(), s.file.Sync(), s.file.Close())
}

// quarterOf names the quarter of a time, 2026-Q3; a period's name stands for
// itself. Where there is no time it is Hive's word for that.
func quarterOf(at []byte) string {
	if len(at) < len("2026-07-") || at[7] != '-' {
		if len(at) == 0 {
			return noPartition
		}
		return string(at)
	}
	month, err := strconv.Atoi(string(at[5:7]))
	if err != nil || month < 1 || month > 12 {
		return noPartition
	}
	return string(at[:4]) + "-Q" + strconv.Itoa((month+2)/3)
}

// hive escapes a partition's value as Hive, Spark and DuckDB read it: what a path
// could take for something else as % and two digits.
func hive(v string) string {
	if v == "" {
		return noPartition
	}
	var b strings.Builder
	for i := range len(v) {
		c := v[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-' || c == '.' && v != "." && v != ".." {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
