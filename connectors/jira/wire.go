package jira

import (
	"bytes"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// reader walks a JSON document value by value. It is lenient about values (a
// number where a text is due is that number's digits, null and what makes no
// sense are the empty value) and strict about syntax.
type reader struct {
	dec     *jsontext.Decoder
	buf     bytes.Buffer
	scratch []byte
	seed    maphash.Seed
	words   [rememberedWords]rememberedWord
}

// rememberedWord is a short text met before, so that names, ids and states are
// not made anew at each of a million meetings. A word whose place is taken just
// drives the other out.
type rememberedWord struct {
	raw  string // as JSON
	word string
}

const (
	longestWord     = 64      // bytes of a text worth remembering
	rememberedWords = 1 << 12 // a power of two
)

func newReader() *reader {
	return &reader{dec: jsontext.NewDecoder(&bytes.Buffer{}), seed: maphash.MakeSeed()}
}

// open starts a document. Repeated names and bad UTF-8 are forgiven: old Jiras
// send both.
func (r *reader) open(data []byte) {
	r.buf = *bytes.NewBuffer(data)
	r.dec.Reset(&r.buf, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// end reports what follows the document, if anything does.
func (r *reader) end() error {
	_, err := r.dec.ReadToken()
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err == nil {
		err = fmt.Errorf("more than one JSON value")
	}
	return err
}

func (r *reader) kind() jsontext.Kind { return r.dec.PeekKind() }

func (r *reader) skip() error { return r.dec.SkipValue() }

// object calls member for every member of an object; member reads the value.
// Anything but an object is skipped.
func (r *reader) object(member func(name string) error) error {
	if r.kind() != '{' {
		return r.skip()
	}
	if _, err := r.dec.ReadToken(); err != nil {
		return err
	}
	for r.kind() == '"' {
		name, err := r.word()
		if err != nil {
			return err
		}
		if err := member(name); err != nil {
			return err
		}
	}
	_, err := r.dec.ReadToken()
	return err
}

// array calls element for every element of an array; element reads it. A single
// value counts as an array of one, null as none.
func (r *reader) array(element func() error) error {
	switch r.kind() {
	case '[':
	case 'n', 0:
		return r.skip()
	default:
		return element()
	}
	if _, err := r.dec.ReadToken(); err != nil {
		return err
	}
	for {
		switch r.kind() {
		case ']', 0:
			_, err := r.dec.ReadToken()
			return err
		}
		if err := element(); err != nil {
			return err
		}
	}
}

// must is array and object's guard where another kind would lose facts: it fails
// unless the next value is of the kind, or null.
func (r *reader) must(kind jsontext.Kind, what string) error {
	got := r.kind()
	if got == kind || got == 'n' || got == 0 {
		return nil
	}
	return fmt.Errorf("%s: found %s where Jira sends %s", what, kindName(got), kindName(kind))
}

func kindName(k jsontext.Kind) string {
	switch k {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a text"
	case '0':
		return "a number"
	}
	return "a true or false"
}

// text reads a text; a number or a truth is its own spelling.
func (r *reader) text() (string, error) {
	switch r.kind() {
	case '{', '[', 'n':
		return "", r.skip()
	}
	v, err := r.dec.ReadValue()
	if err != nil {
		return "", err
	}
	return r.unquote(v), nil
}

// word reads a text that will be met again, and keeps it once.
func (r *reader) word() (string, error) {
	switch r.kind() {
	case '{', '[', 'n':
		return "", r.skip()
	}
	v, err := r.dec.ReadValue()
	if err != nil {
		return "", err
	}
	if len(v) > longestWord {
		return r.unquote(v), nil
	}
	place := &r.words[maphash.Bytes(r.seed, v)%rememberedWords]
	if place.raw != string(v) {
		*place = rememberedWord{string(v), r.unquote(v)}
	}
	return place.word, nil
}

// into reads a word into a variable.
func (r *reader) into(to *string) (err error) {
	*to, err = r.word()
	return err
}

// textInto reads a text into a variable.
func (r *reader) textInto(to *string) (err error) {
	*to, err = r.text()
	return err
}

// unquote returns what a JSON text says, always as UTF-8 and without NUL, which
// SQLite's tools take for the end.
func (r *reader) unquote(v jsontext.Value) string {
	if v.Kind() != '"' {
		return string(v)
	}
	raw := v[1 : len(v)-1]
	if bytes.IndexByte(raw, '\\') < 0 {
		s := string(raw)
		if utf8.ValidString(s) {
			return s
		}
		return strings.ToValidUTF8(s, "\uFFFD")
	}
	// An error would say that bad UTF-8 was replaced, which is wanted.
	r.scratch, _ = jsontext.AppendUnquote(r.scratch[:0], v)
	if bytes.IndexByte(r.scratch, 0) >= 0 {
		return strings.ReplaceAll(string(r.scratch), "\x00", "\uFFFD")
	}
	s := string(r.scratch)
	if cap(r.scratch) > 1<<20 {
		r.scratch = nil // one huge text is no reason to keep its room
	}
	return s
}

// flag reads a truth, also where it is spelled as a text.
func (r *reader) flag() (bool, error) {
	w, err := r.word()
	return w == "true", err
}

// number reads a whole number, missing where there is none.
func (r *reader) number(missing int) (int, error) {
	w, err := r.word()
	if err != nil {
		return missing, err
	}
	return wholeNumber(w, missing), nil
}

// wholeNumber parses a small decimal number; anything else is missing.
func wholeNumber(s string, missing int) int {
	neg := strings.HasPrefix(s, "-")
	digits := strings.TrimPrefix(s, "-")
	if digits == "" || len(digits) > 9 {
		return missing
	}
	n := 0
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return missing
		}
		n = n*10 + int(digits[i]-'0')
	}
	if neg {
		return -n
	}
	return n
}

// named reads an object's name; a bare text is the name.
func (r *reader) named() (name string, err error) {
	if r.kind() != '{' {
		return r.word()
	}
	err = r.object(func(member string) error {
		if member == "name" || member == "value" && name == "" { // an option of a select list has a value
			return r.into(&name)
		}
		return r.skip()
	})
	return name, err
}
