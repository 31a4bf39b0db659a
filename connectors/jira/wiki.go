package jira

import (
	"strings"

	"defacto/backlog"
)

// parseWiki takes Jira's wiki markup apart. It never fails: what is not markup is
// prose. The work is linear in the length of the text.
func parseWiki(s string) backlog.Text { return parseWikiWithin(s, 0) }

// deepestQuote is how deep quotes within quotes are looked into.
const deepestQuote = 4

func parseWikiWithin(s string, depth int) backlog.Text {
	w := wiki{s: s, depth: depth, eol: -1, closing: -1}
	w.parse()
	return w.done()
}

// wiki is a text being parsed. Everything before at is dealt with, save for the
// plain run that began at from.
type wiki struct {
	composer
	s       string
	at      int
	from    int
	depth   int
	table   bool            // the line is a table's row
	eol     int             // the next line's end from at on, once known
	closing int             // the next ']' from at on, once known
	open    map[string]bool // macros known to have no further closing tag
}

// markup are the characters that may mean something.
const markup = "\n\r{}[!\\*_|?:"

func (w *wiki) parse() {
	w.prose = make([]byte, 0, len(w.s))
	w.line()
	for w.at < len(w.s) {
		next := strings.IndexAny(w.s[w.at:], markup)
		if next < 0 {
			w.at = len(w.s)
			break
		}
		w.at += next
		if !w.token() {
			w.at++
		}
	}
	w.flush()
}

// flush writes the plain run up to at.
func (w *wiki) flush() {
	w.words(w.s[w.from:w.at])
	w.from = w.at
}

// drop leaves n bytes out.
func (w *wiki) drop(n int) bool {
	w.flush()
	w.at += n
	w.from = w.at
	return true
}

// token deals with markup at the current place and reports whether there was any.
func (w *wiki) token() bool {
	switch w.s[w.at] {
	case '\n', '\r':
		n := 1
		if strings.HasPrefix(w.s[w.at:], "\r\n") {
			n = 2
		}
		w.drop(n)
		w.newline()
		w.line()
		return true
	case '{':
		return w.macro()
	case '}':
		if strings.HasPrefix(w.s[w.at:], "}}") {
			return w.drop(2)
		}
	case '[':
		return w.bracket()
	case '!':
		return w.image()
	case '\\':
		return w.escape()
	case '*', '_':
		return w.emphasis()
	case '|':
		if w.table {
			w.drop(1)
			w.space()
			return true
		}
	case '?':
		return w.citation()
	case ':':
		return w.address()
	}
	return false
}

// address sets a bare address apart, whose "://" the current place is.
func (w *wiki) address() bool {
	if !strings.HasPrefix(w.s[w.at:], "://") {
		return false
	}
	scheme := schemeBefore(w.s[w.from:w.at])
	n := urlLength(w.s[w.at-scheme:])
	if n == 0 {
		return false
	}
	w.at -= scheme
	w.flush()
	w.link(w.s[w.at : w.at+n])
	w.space()
	return w.skip(n)
}

// skip leaves n bytes out where the run before them has been written.
func (w *wiki) skip(n int) bool {
	w.at += n
	w.from = w.at
	return true
}

// line deals with what only the beginning of a line can mean.
func (w *wiki) line() {
	w.table = false
	rest := w.s[w.at:]
	blanks := len(rest) - len(strings.TrimLeft(rest, " \t"))
	rest = rest[blanks:]
	switch {
	case rest == "":
	case strings.HasPrefix(rest, "bq. "):
		w.drop(blanks + 4)
		end := w.lineEnd()
		w.quoted(w.s[w.at:end])
		w.skip(end - w.at)
	case len(rest) > 4 && rest[0] == 'h' && rest[1] >= '1' && rest[1] <= '6' && rest[2] == '.' && rest[3] == ' ':
		w.drop(blanks + 4)
	case rest[0] == '>':
		w.drop(blanks)
		w.citedLines()
	case rest[0] == '|':
		w.table = true
	case rest[0] == '*' || rest[0] == '#' || rest[0] == '-':
		marks := len(rest) - len(strings.TrimLeft(rest, "*#-"))
		switch after := rest[marks:]; {
		case strings.HasPrefix(after, " "):
			w.drop(blanks + marks)
		case marks >= 4 && (after == "" || after[0] == '\n' || after[0] == '\r'): // a rule
			w.drop(blanks + marks)
		}
	}
}

// lineEnd is where the current line ends.
func (w *wiki) lineEnd() int {
	if w.eol < w.at {
		w.eol = len(w.s)
		if i := strings.IndexByte(w.s[w.at:], '\n'); i >= 0 {
			w.eol = w.at + i
		}
	}
	return w.eol
}

// citedLines sets apart the lines from here on that begin with ">", as mail does.
func (w *wiki) citedLines() {
	var cited strings.Builder
	for w.at < len(w.s) {
		end := w.lineEnd()
		line := strings.TrimLeft(w.s[w.at:end], " \t")
		if !strings.HasPrefix(line, ">") {
			break
		}
		cited.WriteString(strings.TrimLeft(line, "> \t"))
		cited.WriteByte('\n')
		w.at = min(end+1, len(w.s))
	}
	w.from = w.at
	w.quoted(cited.String())
	if w.at < len(w.s) {
		w.line()
	}
}

// quoted parses what somebody else wrote.
func (w *wiki) quoted(s string) {
	if w.depth >= deepestQuote {
		w.quote(backlog.Text{Prose: strings.TrimSpace(s)})
		return
	}
	w.quote(parseWikiWithin(s, w.depth+1))
}

// longestTag bounds a macro's opening tag with its parameters.
const longestTag = 400

// macro deals with {name}, {name:parameters} and {{monospace}}.
func (w *wiki) macro() bool {
	rest := w.s[w.at:]
	if strings.HasPrefix(rest, "{{") {
		return w.drop(2)
	}
	end := strings.IndexByte(rest[:min(len(rest), longestTag)], '}')
	if end < 0 {
		return false
	}
	name := rest[1:end]
	if i := strings.IndexByte(name, ':'); i >= 0 {
		name = name[:i]
	}
	switch strings.ToLower(name) {
	case "code", "noformat", "quote", "adf", "html", "mermaid", "latex", "math":
		return w.enclosed(name, end+1)
	case "color", "panel", "anchor", "toc", "expand", "info", "note", "tip", "warning", "section", "column", "jira", "status",
		"excerpt", "gallery", "multimedia", "csv", "chart", "div", "span", "center", "align", "jiraissues", "loremipsum", "roadmap", "include", "cloak", "deck", "card":
		w.drop(end + 1)
		w.space()
		return true
	}
	return false
}

// enclosed deals with a macro whose content is not prose. Without a closing tag
// only the tag goes.
func (w *wiki) enclosed(name string, tag int) bool {
	content := w.s[w.at+tag:]
	closer := "{" + name + "}"
	end := -1
	if !w.open[name] {
		if end = strings.Index(content, closer); end < 0 {
			if w.open == nil {
				w.open = map[string]bool{}
			}
			w.open[name] = true // and there will be none further on either
		}
	}
	w.drop(tag)
	w.newline()
	if end < 0 {
		return true
	}
	switch strings.ToLower(name) {
	case "quote":
		w.quoted(content[:end])
	case "adf": // what the wiki form cannot say, as JSON: nobody wrote that
	default:
		w.code(content[:end])
	}
	w.skip(end + len(closer))
	w.line()
	return true
}

// bracket deals with [text|target], [target], [~mention] and [^attachment].
func (w *wiki) bracket() bool {
	if w.closing < w.at {
		w.closing = len(w.s)
		if i := strings.IndexByte(w.s[w.at:], ']'); i >= 0 {
			w.closing = w.at + i
		}
	}
	if w.closing == len(w.s) {
		return false
	}
	inner := w.s[w.at+1 : w.closing]
	// The nearest bracket counts; looking only as far as that keeps "[[[[[" linear.
	if i := strings.IndexAny(inner, "[\n"); i >= 0 {
		return false
	}
	parts := strings.Split(inner, "|")
	if last := parts[len(parts)-1]; len(parts) > 1 && strings.HasPrefix(last, "smart-") {
		parts = parts[:len(parts)-1]
	}
	text, target := strings.Join(parts[:len(parts)-1], "|"), strings.TrimSpace(parts[len(parts)-1])
	switch {
	case target == "":
		return false
	case target[0] == '~':
		w.drop(len(inner) + 2)
		if id := strings.TrimPrefix(target[1:], "accountid:"); len(id) <= 255 {
			w.mention(id)
		}
		w.space()
		return true
	case isURL(target):
		w.drop(len(inner) + 2)
		w.visible(text)
		w.link(target)
		if text == "" {
			w.space()
		}
		return true
	case target[0] == '^' && len(parts) == 1:
		w.drop(len(inner) + 2)
		w.space()
		return true
	case len(parts) > 1 && (target[0] == '#' || target[0] == '/' || target[0] == '^' || strings.HasPrefix(target, `\\`)):
		w.drop(len(inner) + 2)
		w.visible(text)
		return true
	}
	return false
}

// visible writes a link's visible text, which may itself be an address, or marked up.
func (w *wiki) visible(s string) {
	s = strings.Trim(s, "*_+")
	w.plain(s)
}

// longestImage bounds an image's name with its parameters.
const longestImage = 300

// image leaves out !picture.png|thumbnail! and its like.
func (w *wiki) image() bool {
	rest := w.s[w.at+1:]
	rest = rest[:min(len(rest), longestImage)]
	end := strings.IndexByte(rest, '!')
	if end < 5 || strings.IndexByte(rest[:end], '\n') >= 0 || rest[0] == ' ' {
		return false
	}
	name, _, _ := strings.Cut(rest[:end], "|")
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 || !isMedia(strings.ToLower(name[dot+1:])) {
		return false
	}
	w.drop(end + 2)
	w.space()
	return true
}

func isMedia(extension string) bool {
	switch extension {
	case "png", "jpg", "jpeg", "gif", "svg", "bmp", "webp", "tif", "tiff", "ico", "heic", "mp4", "mov", "avi", "webm", "wmv", "mpg", "mpeg", "mp3", "wav", "pdf", "swf":
		return true
	}
	return false
}

// escape deals with \* and its like, and with the forced line break \\.
func (w *wiki) escape() bool {
	if w.at+1 >= len(w.s) {
		return false
	}
	switch next := w.s[w.at+1]; {
	case next == '\\':
		w.drop(2)
		w.newline()
		return true
	case strings.IndexByte("*_{}[]!|-+^~?#", next) >= 0:
		w.drop(1)
		w.at++ // the escaped character is plain
		return true
	}
	return false
}

// emphasis leaves out a * or _ that begins or ends a marked passage.
func (w *wiki) emphasis() bool {
	before, after := byte(' '), byte(' ')
	if w.at > 0 {
		before = w.s[w.at-1]
	}
	if w.at+1 < len(w.s) {
		after = w.s[w.at+1]
	}
	begins := !isWordByte(before) && after > ' ' && after != w.s[w.at]
	ends := before > ' ' && !isWordByte(after) && before != w.s[w.at]
	if begins || ends {
		return w.drop(1)
	}
	return false
}

func isWordByte(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= 0x80
}

// citation leaves out the marks of ??a title??, which ask nothing.
func (w *wiki) citation() bool {
	rest := w.s[w.at:]
	if !strings.HasPrefix(rest, "??") || len(rest) < 5 || !isWordByte(rest[2]) || w.at > 0 && isWordByte(w.s[w.at-1]) {
		return false
	}
	rest = rest[2:min(len(rest), longestImage)]
	end := strings.Index(rest, "??")
	if end < 0 || strings.IndexByte(rest[:end], '\n') >= 0 || rest[end-1] == ' ' {
		return false
	}
	w.drop(2)
	w.words(rest[:end])
	return w.skip(end + 2)
}
