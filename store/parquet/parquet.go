// Package parquet writes tables as Parquet files, row by row and with little
// memory: a row group is held until it is flushed, and nothing else.
//
// It stands on the format and the encodings of parquet-go and leaves out its
// writer, which would double what the program's dependencies take to compile.
// Tests read every file back with parquet-go's reader.
package parquet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/encoding/rle"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// Kind is what a column holds. Every column may hold NULL.
type Kind uint8

// Kinds of columns.
const (
	Text Kind = iota // UTF-8, every value written out
	Word             // UTF-8, each different value of a row group written once
	Int              // 64 bits, signed
	Real             // 64 bits, floating
	Flag             // true or false
	Time             // milliseconds since 1970, UTC
)

// Column is one column of a file.
type Column struct {
	Name string
	Kind Kind
}

// MaxRows is the most rows a group may hold.
const MaxRows = 1 << 16

// Packer compresses the pages of any number of files, so that hundreds of them can
// be open with the memory of one.
type Packer struct{ zip *zstd.Encoder }

// NewPacker returns a packer that works on the goroutine that asks it to.
func NewPacker() (*Packer, error) {
	zip, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20))
	if err != nil {
		return nil, fmt.Errorf("parquet: %w", err)
	}
	return &Packer{zip}, nil
}

// Writer writes one file. Set the columns of a row that are not NULL, end it with
// Row, and begin the next. It is for one goroutine.
type Writer struct {
	out     io.Writer
	packer  *Packer
	columns []column
	rows    int   // in the row group
	size    int   // bytes the row group holds in memory
	at      int64 // offset in the file
	footer  format.FileMetaData
	err     error // the first failure; everything after it does nothing
}

// column is what a row group holds of one column.
type column struct {
	Column
	filled []byte           // definition levels: 1 where there is a value
	plain  []byte           // the values, or the different ones of a Word
	words  map[string]int32 // Word: value → index
	index  []int32          // Word: the values
	ints   []int64          // Int, Time
	flags  []bool
	min    int64
	max    int64
}

// NewWriter begins a file. Notes are stored beside the table, in their order.
func NewWriter(out io.Writer, packer *Packer, columns []Column, notes ...[2]string) (*Writer, error) {
	w := &Writer{out: out, packer: packer, footer: format.FileMetaData{Version: 1, CreatedBy: "defacto"}}
	w.footer.Schema = append(w.footer.Schema, format.SchemaElement{Name: "row", NumChildren: int32(len(columns))})
	for _, c := range columns {
		w.columns = append(w.columns, column{Column: c, words: map[string]int32{}})
		w.footer.Schema = append(w.footer.Schema, element(c))
		w.footer.ColumnOrders = append(w.footer.ColumnOrders, format.ColumnOrder{TypeOrder: &format.TypeDefinedOrder{}})
	}
	for _, n := range notes {
		w.footer.KeyValueMetadata = append(w.footer.KeyValueMetadata, format.KeyValue{Key: n[0], Value: n[1]})
	}
	w.write([]byte("PAR1"))
	return w, w.err
}

func element(c Column) format.SchemaElement {
	optional, kind := format.Optional, physical(c.Kind)
	e := format.SchemaElement{Name: c.Name, Type: &kind, RepetitionType: &optional}
	switch c.Kind {
	case Text, Word:
		converted := deprecated.UTF8
		e.ConvertedType, e.LogicalType = &converted, &format.LogicalType{UTF8: &format.StringType{}}
	case Time:
		converted := deprecated.TimestampMillis
		e.ConvertedType = &converted
		e.LogicalType = &format.LogicalType{Timestamp: &format.TimestampType{IsAdjustedToUTC: true, Unit: format.TimeUnit{Millis: &format.MilliSeconds{}}}}
	case Int, Real, Flag:
	}
	return e
}

func physical(k Kind) format.Type {
	switch k {
	case Int, Time:
		return format.Int64
	case Real:
		return format.Double
	case Flag:
		return format.Boolean
	case Text, Word:
	}
	return format.ByteArray
}

// Text sets a column of kind Text or Word. Bytes that are no UTF-8 are replaced:
// readers refuse whole files for them.
func (w *Writer) Text(col int, v []byte) {
	if !utf8.Valid(v) {
		v = bytes.ToValidUTF8(v, []byte("\uFFFD"))
	}
	c := w.fill(col)
	if c.Kind == Text {
		w.size += 4 + len(v)
		c.text(v)
		return
	}
	at, known := c.words[string(v)]
	if !known {
		at = int32(len(c.words))
		c.words[string(v)] = at
		w.size += 64 + 2*len(v) // as in the map
		c.text(v)
	}
	c.index = append(c.index, at)
	w.size += 4
}

func (c *column) text(v []byte) {
	c.plain = append(binary.LittleEndian.AppendUint32(c.plain, uint32(len(v))), v...)
}

// Int sets a column of kind Int or Time.
func (w *Writer) Int(col int, v int64) {
	c := w.fill(col)
	if len(c.ints) == 0 {
		c.min, c.max = v, v
	}
	c.min, c.max = min(c.min, v), max(c.max, v)
	c.ints = append(c.ints, v)
	w.size += 8
}

// Real sets a column of kind Real.
func (w *Writer) Real(col int, v float64) {
	c := w.fill(col)
	c.plain = binary.LittleEndian.AppendUint64(c.plain, math.Float64bits(v))
	w.size += 8
}

// Flag sets a column of kind Flag.
func (w *Writer) Flag(col int, v bool) {
	c := w.fill(col)
	c.flags = append(c.flags, v)
	w.size++
}

func (w *Writer) fill(col int) *column {
	c := &w.columns[col]
	c.filled = append(c.filled, 1)
	return c
}

// Row ends a row: columns that were not set are NULL.
func (w *Writer) Row() {
	w.rows++
	w.size += len(w.columns)
	for i := range w.columns {
		if c := &w.columns[i]; len(c.filled) < w.rows {
			c.filled = append(c.filled, 0)
		}
	}
}

// Rows is how many rows wait in memory; at MaxRows they have to be flushed.
func (w *Writer) Rows() int { return w.rows }

// Size is about how many bytes they take there.
func (w *Writer) Size() int { return w.size }

// Flush writes what waits as one row group.
func (w *Writer) Flush() error {
	if w.rows == 0 || w.err != nil {
		return w.err
	}
	group := format.RowGroup{NumRows: int64(w.rows), FileOffset: w.at, Ordinal: int16(len(w.footer.RowGroups))}
	for i := range w.columns {
		chunk, err := w.chunk(&w.columns[i])
		if err != nil {
			w.err = errors.Join(w.err, err)
			return w.err
		}
		group.TotalByteSize += chunk.MetaData.TotalUncompressedSize
		group.TotalCompressedSize += chunk.MetaData.TotalCompressedSize
		group.Columns = append(group.Columns, chunk)
	}
	w.footer.NumRows += int64(w.rows)
	w.footer.RowGroups = append(w.footer.RowGroups, group)
	w.rows, w.size = 0, 0
	return w.err
}

// chunk writes one column of the row group, and empties it.
func (w *Writer) chunk(c *column) (format.ColumnChunk, error) {
	meta := format.ColumnMetaData{
		Type: physical(c.Kind), PathInSchema: []string{c.Name}, Codec: format.Zstd, NumValues: int64(w.rows),
		Encoding: []format.Encoding{format.Plain, format.RLE},
	}
	for _, f := range c.filled {
		if f == 0 {
			meta.Statistics.NullCount++
		}
	}
	levels, err := (&rle.Encoding{BitWidth: 1}).EncodeLevels(nil, c.filled)
	if err != nil {
		return format.ColumnChunk{}, fmt.Errorf("parquet: %w", err)
	}
	body := append(binary.LittleEndian.AppendUint32(nil, uint32(len(levels))), levels...)
	data := &format.DataPageHeader{NumValues: int32(w.rows), Encoding: format.Plain, DefinitionLevelEncoding: format.RLE, RepetitionLevelEncoding: format.RLE}
	start := w.at
	switch c.Kind {
	case Word:
		meta.Encoding = append(meta.Encoding, format.RLEDictionary)
		meta.DictionaryPageOffset = w.at
		w.page(&meta, c.plain, format.PageHeader{
			Type: format.DictionaryPage, DictionaryPageHeader: &format.DictionaryPageHeader{NumValues: int32(len(c.words)), Encoding: format.Plain},
		})
		data.Encoding = format.RLEDictionary
		width := bitsFor(len(c.words))
		body = append(body, byte(width))
		packed, err := (&rle.Encoding{BitWidth: width}).EncodeInt32(nil, c.index)
		if err != nil {
			return format.ColumnChunk{}, fmt.Errorf("parquet: %w", err)
		}
		body = append(body, packed...)
	case Int, Time:
		for _, v := range c.ints {
			body = binary.LittleEndian.AppendUint64(body, uint64(v))
		}
		if len(c.ints) > 0 {
			meta.Statistics.MinValue = binary.LittleEndian.AppendUint64(nil, uint64(c.min))
			meta.Statistics.MaxValue = binary.LittleEndian.AppendUint64(nil, uint64(c.max))
		}
	case Flag:
		packed := make([]byte, (len(c.flags)+7)/8)
		for i, v := range c.flags {
			if v {
				packed[i/8] |= 1 << (i % 8)
			}
		}
		body = append(body, packed...)
	case Text, Real:
		body = append(body, c.plain...)
	}
	meta.DataPageOffset = w.at
	w.page(&meta, body, format.PageHeader{Type: format.DataPage, DataPageHeader: data})
	*c = column{Column: c.Column, words: map[string]int32{}, filled: c.filled[:0], plain: c.plain[:0], index: c.index[:0], ints: c.ints[:0], flags: c.flags[:0]}
	return format.ColumnChunk{FileOffset: start, MetaData: meta}, nil
}

// bitsFor is how many bits tell n values apart, at least one.
func bitsFor(n int) int {
	bits := 1
	for 1<<bits < n {
		bits++
	}
	return bits
}

// page writes one page, compressed.
func (w *Writer) page(meta *format.ColumnMetaData, body []byte, header format.PageHeader) {
	packed := w.packer.zip.EncodeAll(body, nil)
	header.UncompressedPageSize, header.CompressedPageSize = int32(len(body)), int32(len(packed))
	head, err := thrift.Marshal(&thrift.CompactProtocol{}, &header)
	if err != nil {
		w.err = errors.Join(w.err, fmt.Errorf("parquet: %w", err))
		return
	}
	w.write(head)
	w.write(packed)
	meta.TotalUncompressedSize += int64(len(head) + len(body))
	meta.TotalCompressedSize += int64(len(head) + len(packed))
}

func (w *Writer) write(b []byte) {
	if w.err != nil {
		return
	}
	n, err := w.out.Write(b)
	w.at += int64(n)
	w.err = err
}

// Close writes what waits, and the footer. It does not close the file below.
func (w *Writer) Close() error {
	if err := w.Flush(); err != nil {
		return err
	}
	footer, err := thrift.Marshal(&thrift.CompactProtocol{}, &w.footer)
	if err != nil {
		return fmt.Errorf("parquet: %w", err)
	}
	w.write(footer)
	w.write(binary.LittleEndian.AppendUint32(nil, uint32(len(footer))))
	w.write([]byte("PAR1"))
	return w.err
}
