package jsonfile

import (
	"bufio"
	"bytes"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// FuzzSplit cuts hostile files: whatever comes out of a document is whole JSON,
// and nothing of a file of lines is lost but blanks.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{
		`{"total":2,"issues":[{"id":"1"},{"id":"2"}],"names":{}}`, `[{"a":1},2]`, `{"id":"1","key":"K-1","fields":{"issues":[1]}}{"x":1}`,
		"{\"a\":1}\n\n{\"b\"\n", `{"issues":[`, "\xff\xfe", `{"issues":{}}`, "",
	} {
		f.Add([]byte(s), true)
		f.Add([]byte(s), false)
	}
	f.Fuzz(func(t *testing.T, data []byte, lines bool) {
		var chunks []*chunk
		s := splitter{most: 1 << 20, fresh: func() *chunk { return &chunk{} }, send: func(c *chunk) error { chunks = append(chunks, c); return nil }, pages: map[string]*page{}}
		s.now = s.fresh()
		file := &file{name: "f", lines: lines}
		if err := s.split(t.Context(), file, bufio.NewReaderSize(bytes.NewReader(data), 64)); err != nil {
			t.Fatal(err)
		}
		if err := s.flush(); err != nil {
			t.Fatal(err)
		}
		var kept []byte
		for _, c := range chunks {
			for _, u := range c.units {
				value := c.data[u.from:u.to]
				if !lines && !jsontext.Value(value).IsValid(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)) {
					t.Errorf("%s is not JSON: %q", file.where(u.number), value)
				}
				kept = append(kept, bytes.TrimSpace(value)...)
				eachIssue(value, func([]byte) {})
			}
		}
		if lines {
			var want []byte
			for line := range bytes.Lines(data) {
				want = append(want, bytes.TrimSpace(line)...)
			}
			if !bytes.Equal(kept, want) {
				t.Errorf("kept %q of %q", kept, data)
			}
		}
	})
}
