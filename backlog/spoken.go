package backlog

import (
	"fmt"
	"hash/fnv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	spokenMark  = "~" // before what Spoken returns: no name a comment opens with begins so
	spokenRunes = 200 // of a text are looked at
	spokenWords = 16  // of them are kept
	wordLen     = 8
)

// Spoken returns the names a text may speak of ("settled with Rasmus Okoye on Slack"),
// or "": "~" and eight hexadecimal digits for each capitalised (or uncased) word of its
// first 200 characters, 16 words at most, with a dot wherever something stands between
// two of them. The digits are a checksum of the word in lower case, so that what people
// wrote cannot be read in it, and a name that is known can be found: see [SpokenNames].
func Spoken(t Text) string {
	var b strings.Builder
	n, apart := 0, false
	for _, field := range strings.Fields(firstRunes(t.Prose, spokenRunes)) {
		for _, word := range strings.FieldsFunc(field, func(r rune) bool { return !nameRune(r) }) {
			if r, _ := utf8.DecodeRuneInString(word); !unicode.IsLetter(r) || unicode.IsLower(r) || n == spokenWords {
				apart = true
				continue
			}
			if n == 0 {
				b.WriteString(spokenMark)
			} else if apart {
				b.WriteByte('.')
			}
			b.WriteString(spokenWord(word))
			n, apart = n+1, false
		}
		if r, _ := utf8.DecodeLastRuneInString(field); !nameRune(r) {
			apart = true // a comma or a stop ends a name
		}
	}
	return b.String()
}

// nameRune reports whether a letter or a sign may be part of a name's word.
func nameRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || r == '-' || r == '\'' || r == '’'
}

func spokenWord(word string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(strings.ToLower(word))) // never fails
	return fmt.Sprintf("%0*x", wordLen, h.Sum32())
}

// SpokenName returns what stands for a name in what Spoken returns, "" for none.
func SpokenName(name string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(name, func(r rune) bool { return !nameRune(r) }) {
		b.WriteString(spokenWord(word))
	}
	return b.String()
}

// SpokenNames yields what may stand for a name in what Spoken returned: up to three
// words that stand together, the longer ones first, from left to right. Of anything else
// it yields nothing.
func SpokenNames(spoken string) func(yield func(name string) bool) {
	return func(yield func(string) bool) {
		rest, ok := strings.CutPrefix(spoken, spokenMark)
		if !ok {
			return
		}
		for _, run := range strings.Split(rest, ".") {
			for at := 0; at+wordLen <= len(run); at += wordLen {
				for words := 3; words > 0; words-- {
					if end := at + words*wordLen; end <= len(run) && !yield(run[at:end]) {
						return
					}
				}
			}
		}
	}
}

// Unspeak takes the words of a name out of what Spoken returned.
func Unspeak(spoken, name string) string {
	rest, ok := strings.CutPrefix(spoken, spokenMark)
	if !ok {
		return spoken
	}
	gone := map[string]bool{}
	for _, word := range strings.FieldsFunc(name, func(r rune) bool { return !nameRune(r) }) {
		gone[spokenWord(word)] = true
	}
	var runs []string
	for _, run := range strings.Split(rest, ".") {
		kept := ""
		for at := 0; at+wordLen <= len(run); at += wordLen {
			if word := run[at : at+wordLen]; !gone[word] {
				kept += word
			} else if kept != "" {
				runs, kept = append(runs, kept), ""
			}
		}
		if kept != "" {
			runs = append(runs, kept)
		}
	}
	if len(runs) == 0 {
		return ""
	}
	return spokenMark + strings.Join(runs, ".")
}
