package reports

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// longest is how many runes of a statement people are shown; JSON has them all.
const longest = 2000

// sentence is a statement as pages show it: harmless, bounded, its units kept
// beside their numbers.
func sentence(s string, most int) string { return unbroken(clip(clean(s), most)) }

// unbroken keeps a number and the percent sign or the hours behind it on one line.
func unbroken(s string) string {
	if !strings.Contains(s, " %") && !strings.Contains(s, " h") {
		return s
	}
	r := []rune(s)
	for i := 1; i+1 < len(r); i++ {
		unit := r[i+1] == '%' || r[i+1] == 'h' && (i+2 == len(r) || !unicode.IsLetter(r[i+2]))
		if r[i] == ' ' && unit && unicode.IsDigit(r[i-1]) {
			r[i] = '\u00a0'
		}
	}
	return string(r)
}

// clean makes tracker text one harmless line: escape sequences, control
// characters and marks that reorder or hide text go, white space becomes single
// spaces, invalid bytes become U+FFFD. Joiners that scripts and emoji need stay.
func clean(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	space := false
	for s != "" {
		if n := escapeLen(s); n > 0 {
			s = s[n:]
			continue
		}
		r, n := utf8.DecodeRuneInString(s)
		s = s[n:]
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case hidden(r):
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// plain reports whether a text is already as clean would leave it, for the
// common case of printable ASCII.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' || s[i] == ' ' && (i == 0 || i == len(s)-1 || s[i+1] == ' ') {
			return false
		}
	}
	return true
}

// escapeLen returns the length of the terminal escape sequence a text opens
// with, 0 when it opens with none. A string sequence (OSC, DCS, …) that does not
// end soon counts only its introducer, so that no text can vanish behind one.
func escapeLen(s string) int {
	i := 0
	var kind rune
	switch {
	case strings.HasPrefix(s, "\x1b"):
		i = 1
		r, n := utf8.DecodeRuneInString(s[1:])
		if n == 0 || r > '~' {
			return 1
		}
		kind, i = r, i+n
	case strings.HasPrefix(s, "\u009b"):
		kind, i = '[', 2
	case strings.HasPrefix(s, "\u0090"), strings.HasPrefix(s, "\u009d"), strings.HasPrefix(s, "\u009e"), strings.HasPrefix(s, "\u009f"):
		kind, i = ']', 2
	default:
		return 0
	}
	switch kind {
	case '[':
		for i < len(s) && s[i] >= 0x20 && s[i] <= 0x3f {
			i++
		}
		if i < len(s) && s[i] >= 0x40 && s[i] <= 0x7e {
			i++
		}
	case ']', 'P', 'X', '^', '_':
		for j := i; j < min(len(s), i+4096); j++ {
			switch {
			case s[j] == 0x07:
				return j + 1
			case strings.HasPrefix(s[j:], "\x1b\\"):
				return j + 2
			case strings.HasPrefix(s[j:], "\u009c"):
				return j + 2
			}
		}
	}
	return i
}

// hidden reports whether a rune shows nothing but changes what is shown.
func hidden(r rune) bool {
	switch {
	case unicode.IsControl(r):
		return true
	case r == '\u200c', r == '\u200d':
		return false
	case r >= '\u200b' && r <= '\u200f', // zero width space, directional marks
		r >= '\u202a' && r <= '\u202e', // embeddings and overrides
		r >= '\u2060' && r <= '\u206f', // word joiner, isolates
		r == '\u061c', r == '\u180e', r == '\ufeff', r == '\u00ad',
		r >= '\ufff9' && r <= '\ufffb',
		r >= 0xe0000 && r <= 0xe007f:
		return true
	}
	return false
}

// clip shortens a text to so many runes, saying so with an ellipsis.
func clip(s string, runes int) string {
	if len(s) <= runes {
		return s
	}
	n := 0
	for i := range s {
		if n == runes-3 {
			if utf8.RuneCountInString(s[i:]) > 3 {
				return strings.TrimRight(s[:i], " ") + "..."
			}
			return s
		}
		n++
	}
	return s
}

// columns returns how many terminal columns a text takes, whatever the locale.
func columns(s string) int { return twwidth.WidthWithOptions(s, twwidth.Options{}) }

// fit shortens a text to so many terminal columns.
func fit(s string, width int) string {
	if columns(s) <= width {
		return s
	}
	dots := strings.Repeat(".", min(2, width))
	used := len(dots)
	for i, r := range s {
		used += columns(string(r))
		if used > width {
			return strings.TrimRight(s[:i], " ") + dots
		}
	}
	return s
}

// wrap breaks a text into lines of at most width columns, at spaces where there
// are any and inside a word only where it is longer than a line.
func wrap(s string, width int) []string {
	width = max(width, 1)
	var lines []string
	line, used := "", 0
	for _, word := range strings.Fields(s) {
		w := columns(word)
		if line != "" && used+1+w <= width {
			line, used = line+" "+word, used+1+w
			continue
		}
		if line != "" { // which may take no column: a lone accent
			lines = append(lines, line)
		}
		for w > width {
			head := headOf(word, width)
			lines = append(lines, head)
			word, w = word[len(head):], w-columns(head)
		}
		line, used = word, columns(word)
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// headOf returns the longest start of a word that fits the width, never empty.
func headOf(word string, width int) string {
	used := 0
	for i, r := range word {
		used += columns(string(r))
		if used > width && i > 0 {
			return word[:i]
		}
	}
	return word
}
