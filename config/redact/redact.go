// Package redact takes secrets out of texts that are about to be told: errors,
// log lines, and what servers answer.
package redact

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strings"
)

// Masked is what stands where a secret stood.
const Masked = "***"

const (
	shortest = 4  // taking out a letter or two would only garble the text
	unlikely = 16 // from here on a text that holds the secret holds it for no other reason
	probed   = 32 // bytes of a form that are looked for first
)

// Redactor knows secrets and the forms they travel in: as they are, escaped for a
// URL, for JSON and for HTML, in hex, and in base64 wherever they begin in what was
// encoded ("user:secret" is the header of a login). The zero value and nil take
// nothing out. It may be used concurrently.
type Redactor struct {
	all, data rules
}

// rules are forms and what takes them out.
type rules struct {
	probes [][]byte
	out    *strings.Replacer
}

// New returns a Redactor for secrets. Those of fewer than four bytes are left alone.
func New(secrets ...string) *Redactor {
	var all, data []string
	for _, s := range secrets {
		if len(s) < shortest {
			continue
		}
		f := forms(s)
		all = append(all, f...)
		if len(s) >= unlikely {
			data = append(data, f...)
		}
	}
	return &Redactor{all: compile(all), data: compile(data)}
}

func compile(list []string) rules {
	if len(list) == 0 {
		return rules{}
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	list = slices.Compact(list) // the longest first: a part must not be taken for the whole
	var r rules
	pairs := make([]string, 0, 2*len(list))
	for _, f := range list {
		pairs = append(pairs, f, Masked)
		r.probes = append(r.probes, []byte(f[:min(len(f), probed)]))
	}
	r.out = strings.NewReplacer(pairs...)
	return r
}

// Text takes the secrets out of a text.
func (r *Redactor) Text(s string) string {
	if r == nil || !r.all.in([]byte(s)) {
		return s
	}
	return r.all.out.Replace(s)
}

// Bytes is Text for bytes; what holds no secret comes back as it is, not copied.
func (r *Redactor) Bytes(b []byte) []byte {
	if r == nil {
		return b
	}
	return r.all.replace(b)
}

// Data is Bytes for facts rather than messages: of the secrets only those of sixteen
// bytes and more are taken out. A password such as "jira" would change what was said.
func (r *Redactor) Data(b []byte) []byte {
	if r == nil {
		return b
	}
	return r.data.replace(b)
}

// Error takes the secrets out of an error's text; its causes stay reachable. nil is nil.
func (r *Redactor) Error(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	if clean := r.Text(text); clean != text {
		return &cleanError{clean, err}
	}
	return err
}

type cleanError struct {
	text  string
	cause error
}

func (e *cleanError) Error() string { return e.text }
func (e *cleanError) Unwrap() error { return e.cause }

func (r rules) replace(b []byte) []byte {
	if !r.in(b) {
		return b
	}
	return []byte(r.out.Replace(string(b)))
}

// in reports whether a form may be in a text: there are many texts, and few of them tell.
func (r rules) in(b []byte) bool {
	return slices.ContainsFunc(r.probes, func(probe []byte) bool { return bytes.Contains(b, probe) })
}

// forms are the ways a secret is written down.
func forms(s string) []string {
	list := []string{s, hex.EncodeToString([]byte(s)), html.EscapeString(s)}
	for _, escaped := range []string{url.QueryEscape(s), url.PathEscape(s), everyByte(s)} {
		list = append(list, escaped, lowerHex(escaped))
	}
	for _, escape := range []bool{true, false} {
		quoted := inJSON(s, escape)
		list = append(list, quoted, strings.ReplaceAll(quoted, "/", `\/`))
	}
	for before := range 3 {
		for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			core := inBase64(e, s, before)
			list = append(list, core, url.QueryEscape(core))
		}
	}
	return slices.DeleteFunc(list, func(f string) bool { return len(f) < shortest })
}

// inBase64 is the part of an encoding that a secret decides alone, where so many
// bytes (modulo 3) stand before it and anything behind it.
func inBase64(e *base64.Encoding, s string, before int) string {
	code := e.EncodeToString(append(make([]byte, before), s...))
	from := (before*8 + 5) / 6
	return code[from : (before+len(s))*8/6]
}

func inJSON(s string, escapeHTML bool) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(escapeHTML)
	if e.Encode(s) != nil {
		return s // a string always encodes
	}
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(b.String()), `"`), `"`)
}

// everyByte escapes what is no letter or digit, as JavaScript's encodeURIComponent
// and its stricter kin do.
func everyByte(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		switch {
		case c >= '0' && c <= '9', c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z':
			b.WriteByte(c)
		default:
			b.WriteString("%" + strings.ToUpper(hex.EncodeToString([]byte{c})))
		}
	}
	return b.String()
}

// lowerHex writes %2f for %2F.
func lowerHex(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:i+3], bytes.ToLower(b[i+1:i+3]))
			i += 2
		}
	}
	return string(b)
}
