package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"hash"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// veil recognises whoever was erased, in ids and in texts, by salted hashes. A nil
// veil hides nobody. It is not safe for concurrent use.
type veil struct {
	mac     hash.Hash
	buffer  []byte
	known   map[[sha256.Size]byte]string // the account that stands in; "" for a name
	longest int                          // words in the longest name
	ids     map[[2]string]string         // what standIn found
}

// erasedName is what a text says in the place of a name.
const erasedName = "a former member"

// erasedText stands for a text in a change, which cannot be told from none otherwise.
const erasedText = "(erased)"

func newVeil(secret string) *veil {
	return &veil{mac: hmac.New(sha256.New, []byte(secret)), known: map[[sha256.Size]byte]string{}, ids: map[[2]string]string{}}
}

// recallVeil reads who was erased; nil where nobody was.
func (w *writer) recallVeil(ctx context.Context) (*veil, error) {
	var v *veil
	err := w.each(ctx, `SELECT f.hash, f.ext, CAST(s.value AS TEXT), COALESCE((SELECT value FROM meta WHERE key = 'forgotten_words'), 0)
		FROM forgotten f JOIN meta s ON s.key = 'secret'`, func(r *sql.Rows) error {
		var sum []byte
		var ext, secret string
		var longest int
		if err := r.Scan(&sum, &ext, &secret, &longest); err != nil {
			return err
		}
		if len(sum) != sha256.Size {
			return errors.New("a hash of the wrong length")
		}
		if v == nil {
			v = newVeil(secret)
			v.longest = longest
		}
		v.known[[sha256.Size]byte(sum)] = ext
		return nil
	})
	return v, err
}

func (v *veil) sum(kind, text string) [sha256.Size]byte {
	v.mac.Reset()
	v.buffer = append(append(append(append(v.buffer[:0], "forget\x00"...), kind...), 0), text...)
	_, _ = v.mac.Write(v.buffer) // a hash's Write does not fail
	v.buffer = v.mac.Sum(v.buffer[:0])
	return [sha256.Size]byte(v.buffer)
}

func (v *veil) knows(kind, text string) bool {
	_, ok := v.known[v.sum(kind, text)]
	return ok
}

// standIn returns the account that stands in for one that was erased.
func (v *veil) standIn(source, id string) (string, bool) {
	if v == nil || id == "" {
		return "", false
	}
	k := [2]string{source, id}
	ext, seen := v.ids[k]
	if !seen {
		ext = v.known[v.sum("id", source+":"+id)]
		v.ids[k] = ext
	}
	return ext, ext != ""
}

// newStandIn names the account that stands in for another.
func (v *veil) newStandIn(source, id string) string {
	sum := v.sum("id", source+":"+id)
	return "former-" + hex.EncodeToString(sum[:6])
}

// standInName is what an account is called that stands in for another.
func standInName(ext string) string {
	code := strings.TrimPrefix(ext, "former-")
	return "A former member (" + code[:min(len(code), 4)] + ")"
}

// addID hides an account's id or handle wherever its source gives one, and in
// texts where it could be no word.
func (v *veil) addID(source, id, ext string) {
	if id == "" {
		return
	}
	v.known[v.sum("id", source+":"+id)] = ext
	if tellingToken(id) {
		v.known[v.sum("token", strings.ToLower(id))] = ""
	}
	clear(v.ids)
}

// tellingToken reports whether a text could be an id or an address, and no word.
func tellingToken(s string) bool { return len(s) >= 6 && strings.ContainsAny(s, "@0123456789") }

// addName hides a name in texts, as people write it: in either order, without what
// stands in brackets, without the names in the middle. One of a single word is
// hidden only behind an @.
func (v *veil) addName(name string) {
	for _, name := range []string{name, brackets.ReplaceAllString(name, " ")} {
		words := spelt(name)
		n := len(words)
		switch {
		case n == 0:
		case n == 1:
			v.known[v.sum("handle", words[0])] = ""
		default:
			v.addWords(words)
			if n > 2 && !unspaced(words[0]) {
				v.addWords([]string{words[0], words[n-1]})
			}
		}
	}
}

var brackets = regexp.MustCompile(`\([^)]*\)|\[[^\]]*\]`)

func (v *veil) addWords(words []string) {
	v.longest = max(v.longest, len(words))
	v.known[v.sum("name", together(words))] = ""
}

func (v *veil) addMail(address string) {
	if address != "" {
		v.known[v.sum("token", strings.ToLower(strings.TrimSpace(address)))] = ""
	}
}

func (v *veil) addHandle(handle string) {
	if handle != "" {
		v.known[v.sum("handle", strings.ToLower(handle))] = ""
	}
}

// mask puts "a former member" in the place of whatever names somebody erased.
func (v *veil) mask(text string) string {
	if v == nil || text == "" {
		return text
	}
	return v.maskNames(v.maskTokens(text))
}

func (v *veil) masks(list []string) []string {
	if v == nil {
		return list
	}
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = v.mask(s)
	}
	return out
}

// A token is what stands between spaces, brackets and the parts of an address: a
// mail address, a handle, an id.
var (
	tokens       = regexp.MustCompile(`[^\s\[\](){}<>,;"'|!?/=&#]+`)
	tokenPrefix  = regexp.MustCompile(`^(?i:mailto:|accountid:|@|~)+`)
	quotedTokens = regexp.MustCompile(`"[^"\\]{1,200}"`)
)

func (v *veil) maskTokens(text string) string {
	var b strings.Builder
	done := 0
	for _, at := range tokens.FindAllStringIndex(text, -1) {
		token := text[at[0]:at[1]]
		start := at[0] + len(tokenPrefix.FindString(token))
		bare := strings.TrimRight(text[start:at[1]], ".:*_")
		addressed := start > 0 && strings.IndexByte("@~=", text[start-1]) >= 0
		if tellingToken(bare) && v.knows("token", strings.ToLower(bare)) || addressed && v.knows("handle", strings.ToLower(bare)) {
			b.WriteString(text[done:start])
			b.WriteString(erasedName)
			done = start + len(bare)
		}
	}
	return b.String() + text[done:]
}

func (v *veil) maskNames(text string) string {
	if v.longest < 2 {
		return v.maskHandles(text)
	}
	spans := wordSpans(text)
	folded := make([]string, len(spans))
	for i, s := range spans {
		folded[i] = foldWord(text[s[0]:s[1]])
	}
	var b strings.Builder
	done := 0
	for i := 0; i < len(spans); i++ {
		for n := min(v.longest, len(spans)-i); n >= 2; n-- {
			if v.knows("name", together(folded[i:i+n])) {
				b.WriteString(text[done:spans[i][0]])
				b.WriteString(erasedName)
				done = spans[i+n-1][1]
				i += n - 1
				break
			}
		}
	}
	b.WriteString(text[done:])
	return v.maskHandles(b.String())
}

var handles = regexp.MustCompile(`@[\pL\pN]+`)

// maskHandles hides names of one word behind an @.
func (v *veil) maskHandles(text string) string {
	return handles.ReplaceAllStringFunc(text, func(h string) string {
		if v.knows("handle", foldWord(h[1:])) {
			return "@" + erasedName
		}
		return h
	})
}

// maskQuoted replaces the ids of those erased in a source's JSON.
func (v *veil) maskQuoted(source, text string) string {
	if v == nil {
		return text
	}
	return quotedTokens.ReplaceAllStringFunc(text, func(q string) string {
		if ext, ok := v.standIn(source, q[1:len(q)-1]); ok {
			return `"` + ext + `"`
		}
		return q
	})
}

// spelt returns a name's words, folded.
func spelt(name string) []string {
	var words []string
	for _, s := range wordSpans(name) {
		if w := foldWord(name[s[0]:s[1]]); w != "" {
			words = append(words, w)
		}
	}
	return words
}

// together makes one key of words, whichever order they come in.
func together(words []string) string {
	if len(words) == 2 {
		return min(words[0], words[1]) + " " + max(words[0], words[1])
	}
	return strings.Join(slices.Sorted(slices.Values(words)), " ")
}

func foldWord(word string) string {
	if isASCII(word) {
		return strings.ToLower(word)
	}
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(word))
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// wordSpans finds a text's words. Scripts that put no spaces between words have
// one for each character.
func wordSpans(text string) [][2]int {
	var spans [][2]int
	open := false
	for i, r := range text {
		end := i + utf8.RuneLen(r)
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai):
			spans, open = append(spans, [2]int{i, end}), false
		case r == utf8.RuneError, !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r):
			open = false
		case open:
			spans[len(spans)-1][1] = end
		default:
			spans, open = append(spans, [2]int{i, end}), true
		}
	}
	return spans
}

func unspaced(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
}
