package reports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"
)

// jsonText writes indented JSON by hand: the long lists of a report cost a fifth
// of what reflection takes. It spells everything as document does, which a test holds.
type jsonText struct {
	buf   []byte
	depth int
	empty bool // nothing stands in the innermost list or object yet
	err   error
}

func (j *jsonText) open(bracket byte) {
	j.buf = append(j.buf, bracket)
	j.depth++
	j.empty = true
}

func (j *jsonText) close(bracket byte) {
	j.depth--
	if !j.empty {
		j.line()
	}
	j.empty = false
	j.buf = append(j.buf, bracket)
}

func (j *jsonText) line() {
	j.buf = append(j.buf, '\n')
	for range j.depth {
		j.buf = append(j.buf, ' ')
	}
}

// next begins an element of a list.
func (j *jsonText) next() {
	if !j.empty {
		j.buf = append(j.buf, ',')
	}
	j.empty = false
	j.line()
}

// key begins a member of an object; the name is plain.
func (j *jsonText) key(name string) {
	j.next()
	j.buf = append(j.buf, '"')
	j.buf = append(j.buf, name...)
	j.buf = append(j.buf, `": `...)
}

func (j *jsonText) text(key, s string) {
	j.key(key)
	j.quote(s)
}

// some is text for what is left out where it is empty.
func (j *jsonText) some(key, s string) {
	if s != "" {
		j.text(key, s)
	}
}

func (j *jsonText) whole(key string, n int) {
	j.key(key)
	j.buf = strconv.AppendInt(j.buf, int64(n), 10)
}

func (j *jsonText) flag(key string, b bool) {
	j.key(key)
	j.buf = strconv.AppendBool(j.buf, b)
}

func (j *jsonText) when(key string, t time.Time) {
	if y := t.Year(); y < 0 || y > 9999 {
		j.any(key, t) // which says what is wrong with it
		return
	}
	j.key(key)
	j.buf = append(j.buf, '"')
	j.buf = t.AppendFormat(j.buf, time.RFC3339Nano)
	j.buf = append(j.buf, '"')
}

// number writes a rounded number.
func (j *jsonText) number(key string, f float64) {
	round(&f)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		j.any(key, f)
		return
	}
	j.key(key)
	format := byte('f')
	if abs := math.Abs(f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	j.buf = strconv.AppendFloat(j.buf, f, format, -1, 64)
	if n := len(j.buf); format == 'e' && n >= 4 && j.buf[n-4] == 'e' && j.buf[n-2] == '0' { // e-09 is e-9
		j.buf[n-2] = j.buf[n-1]
		j.buf = j.buf[:n-1]
	}
}

// numberOr writes a rounded number or null.
func (j *jsonText) numberOr(key string, f *float64) {
	if f == nil {
		j.key(key)
		j.buf = append(j.buf, "null"...)
		return
	}
	j.number(key, *f)
}

// array writes a list whose elements each writes.
func array[T any](j *jsonText, key string, all []T, each func(*T)) {
	j.key(key)
	j.open('[')
	for i := range all {
		j.next()
		each(&all[i])
	}
	j.close(']')
}

func (j *jsonText) texts(key string, all []string) {
	array(j, key, all, func(s *string) { j.quote(*s) })
}

// quote writes a string that no terminal obeys.
func (j *jsonText) quote(s string) {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			b, err := json.Marshal(s)
			j.fail(err)
			j.buf = append(j.buf, spelledOut(b)...)
			return
		}
	}
	j.buf = append(j.buf, '"')
	j.buf = append(j.buf, s...)
	j.buf = append(j.buf, '"')
}

// any writes a value by reflection: what is rare and short.
func (j *jsonText) any(key string, v any) {
	j.key(key)
	compact, err := json.Marshal(v)
	if err != nil {
		j.fail(err)
		return
	}
	var b bytes.Buffer
	j.fail(json.Indent(&b, compact, string(bytes.Repeat([]byte{' '}, j.depth)), " "))
	j.buf = append(j.buf, spelledOut(b.Bytes())...)
}

func (j *jsonText) fail(err error) {
	if j.err == nil && err != nil {
		j.err = fmt.Errorf("reports: json: %w", err)
	}
}
