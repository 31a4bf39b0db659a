package jira

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"defacto/backlog"
)

// richText reads a description or comment in either form: wiki markup as a text,
// or an ADF document as an object.
func (r *reader) richText() (backlog.Text, error) {
	if r.kind() == '{' {
		return r.adf()
	}
	s, err := r.text()
	if err != nil || s == "" {
		return backlog.Text{}, err
	}
	return parseWiki(s), nil
}

// composer puts a [backlog.Text] together: prose with single spaces and line
// breaks, everything else set apart.
type composer struct {
	text  backlog.Text
	prose []byte
	gap   byte // what is due before the next word: 0, ' ' or '\n'
	links map[string]bool
	names map[string]bool
}

// words appends prose, collapsing blanks and leaving out control characters.
func (c *composer) words(s string) {
	from := 0
	for i := 0; i < len(s); i++ {
		b := s[i]
		if plainByte(b) {
			continue
		}
		width := 1
		switch {
		case b == '\n':
			c.run(s[from:i])
			c.gap = '\n'
		case b == ' ' && i > from && i+1 < len(s) && plainByte(s[i+1]): // a single blank inside a run is part of it
			continue
		case b == ' ' || b == '\t' || b == '\r':
			c.run(s[from:i])
			c.space()
		case b >= 0xc2: // the first bytes of the blanks and marks beyond ASCII
			r, n := utf8.DecodeRuneInString(s[i:])
			blank := unicode.IsSpace(r)
			if !blank && !invisible(r) {
				i += n - 1
				continue
			}
			width = n
			c.run(s[from:i])
			if blank {
				c.space()
			}
		default:
			c.run(s[from:i])
		}
		i += width - 1
		from = i + 1
	}
	c.run(s[from:])
}

// plainByte reports whether b is no blank or control character, nor the first
// byte of one beyond ASCII.
func plainByte(b byte) bool {
	return b > ' ' && b != 0x7f && (b < 0xc2 || b > 0xe3 || b > 0xc2 && b < 0xe1)
}

// invisible reports whether r is a C1 control, a zero-width blank or a mark of
// direction. The joiners stay: scripts and emoji need them.
func invisible(r rune) bool {
	return r >= 0x80 && r <= 0x9f || r == '\u200b' || r == '\u200e' || r == '\u200f' || r >= '\u202a' && r <= '\u202e' || r >= '\u2060' && r <= '\u2069'
}

func (c *composer) run(s string) {
	if s == "" {
		return
	}
	if c.gap != 0 && len(c.prose) > 0 {
		c.prose = append(c.prose, c.gap)
	}
	c.gap = 0
	c.prose = append(c.prose, s...)
}

func (c *composer) space() {
	if c.gap == 0 {
		c.gap = ' '
	}
}

func (c *composer) newline() { c.gap = '\n' }

// plain appends prose in which addresses may stand bare: they become links.
func (c *composer) plain(s string) {
	from := 0
	for i := 0; i < len(s); {
		colon := strings.Index(s[i:], "://")
		if colon < 0 {
			break
		}
		i += colon + 3
		start := i - 3 - schemeBefore(s[from:i-3])
		if n := urlLength(s[start:]); n > 0 {
			c.words(s[from:start])
			c.link(s[start : start+n])
			c.space()
			from = start + n
			i = from
		}
	}
	c.words(s[from:])
}

// schemeBefore is the length of the scheme that s, which "://" follows, ends with.
func schemeBefore(s string) int {
	for _, scheme := range []string{"https", "http", "ftp"} {
		if strings.HasSuffix(s, scheme) {
			return len(scheme)
		}
	}
	return 0
}

func (c *composer) link(url string) {
	if url == "" || c.links[url] {
		return
	}
	if c.links == nil {
		c.links = map[string]bool{}
	}
	c.links[url] = true
	c.text.Links = append(c.text.Links, url)
}

func (c *composer) mention(account string) {
	if account == "" || c.names[account] {
		return
	}
	if c.names == nil {
		c.names = map[string]bool{}
	}
	c.names[account] = true
	if len(c.prose) == 0 && len(c.text.Mentions) == 0 {
		c.text.Addressed = true
	}
	c.text.Mentions = append(c.text.Mentions, account)
}

func (c *composer) code(s string) {
	if s = strings.Trim(s, "\r\n"); strings.TrimSpace(s) != "" {
		c.text.Code = append(c.text.Code, s)
	}
	c.newline()
}

// quote sets somebody else's words apart: whom they mention, this author does not.
func (c *composer) quote(t backlog.Text) {
	if t.Prose != "" {
		c.text.Quotes = append(c.text.Quotes, t.Prose)
	}
	c.text.Quotes = append(c.text.Quotes, t.Quotes...)
	c.text.Code = append(c.text.Code, t.Code...)
	for _, l := range t.Links {
		c.link(l)
	}
	c.newline()
}

func (c *composer) done() backlog.Text {
	c.text.Prose = string(c.prose)
	return c.text
}

// urlLength is the length of the address that s begins with, 0 for none. What
// ends a sentence does not belong to it, nor a bracket it did not open.
func urlLength(s string) int {
	scheme := 0
	for _, p := range []string{"https://", "http://", "ftp://"} {
		if strings.HasPrefix(s, p) {
			scheme = len(p)
			break
		}
	}
	if scheme == 0 {
		return 0
	}
	end, opened := scheme, 0
scan:
	for end < len(s) {
		switch b := s[end]; {
		case b <= ' ' || b == '<' || b == '>' || b == '"' || b == '|' || b == '{' || b == '}' || b == '[' || b == ']' || b == '^' || b == '`' || b == 0x7f:
			break scan
		case b == '\\' && end+1 < len(s) && s[end+1] == '\\':
			break scan
		case b == '(':
			opened++
		case b == ')':
			if opened == 0 {
				break scan
			}
			opened--
		case b == 0xe3 || b == 0xef: // full-width and CJK punctuation ends it, as a blank would
			r, n := utf8.DecodeRuneInString(s[end:])
			if strings.ContainsRune("，。、；：！？（）「」『』【】《》　", r) {
				break scan
			}
			end += n
			continue
		}
		end++
	}
	for end > scheme && strings.IndexByte(".,;:!?'*_", s[end-1]) >= 0 {
		end--
	}
	if end == scheme {
		return 0
	}
	return end
}

// isURL reports whether a link's target leads to a page.
func isURL(s string) bool {
	return strings.HasPrefix(s, "mailto:") || strings.HasPrefix(s, "www.") || slices.Contains([]string{"http", "https", "ftp", "ftps", "file", "ssh", "git", "svn", "smb"}, scheme(s))
}

// scheme is what stands before "://", in lower case.
func scheme(s string) string {
	head := s[:min(len(s), 9)]
	if i := strings.Index(head, ":/"); i > 0 {
		return strings.ToLower(head[:i])
	}
	return ""
}
