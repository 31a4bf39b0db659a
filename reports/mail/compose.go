package mail

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"

	"defacto/analysis"
	"defacto/reports"
	"defacto/reports/scene"
)

// Options say for whom and when a report is put into a letter.
type Options struct {
	Report string         // its name
	Period string         // as the subject and the attachment's name spell it
	Format string         // of the attachment
	Zone   *time.Location // of the readers; nil means UTC
	Date   time.Time      // of the message
	From   Address
	Asks   []string // answers that ran out and are asked for again, in sentences
}

// Letter is a message without a recipient.
type Letter struct {
	Subject    string
	from       Address
	date       time.Time
	text, html string
	images     []file
	attachment file
}

type file struct {
	name, kind string
	data       []byte
}

// Compose puts a report into a letter: a summary as text and as HTML below 100 KB,
// and the whole report attached.
func Compose(r *analysis.Report, o Options) (*Letter, error) {
	l := &Letter{from: o.From, date: o.Date}
	if err := l.attach(r, o); err != nil {
		return nil, err
	}
	brief := reports.NewBrief(r, reports.Options{Zone: o.Zone})
	l.Subject = line(o.Report + " " + o.Period + ": " + brief.Headline)
	for _, d := range details() {
		v := newView(brief, d)
		v.Subject, v.Edition, v.Lead, v.Attached = l.Subject, line(o.Report+" "+o.Period), heading(brief.Headline), l.attachment.name
		if err := l.write(v); err != nil {
			return nil, err
		}
		if len(l.html) <= heaviest {
			return l, nil
		}
	}
	return nil, errors.New("mail: the summary cannot be made small enough")
}

// heading begins a headline with a capital.
func heading(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// attach renders the whole report.
func (l *Letter) attach(r *analysis.Report, o Options) error {
	renderer, err := reports.ByName(o.Format, reports.Options{Zone: o.Zone, Width: 120})
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	var b bytes.Buffer
	if err := renderer.Render(&b, r); err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	kinds := map[string][2]string{
		"html": {".html", "text/html; charset=utf-8"}, "json": {".json", "application/json"}, "csv": {".csv", "text/csv; charset=utf-8"},
		"markdown": {".md", "text/markdown; charset=utf-8"}, "table": {".txt", "text/plain; charset=utf-8"},
	}
	kind := kinds[o.Format]
	l.attachment = file{fileName(o.Report+"-"+o.Period) + kind[0], kind[1], b.Bytes()}
	if b.Len() > largeAttachment {
		return l.attachment.zip(l.date)
	}
	return nil
}

// largeAttachment is what a report may weigh before it is compressed: many
// servers refuse messages of ten megabytes, and base64 adds a third.
const largeAttachment = 3 << 20

func (f *file) zip(modified time.Time) error {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: modified})
	if err == nil {
		_, err = w.Write(f.data)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		return fmt.Errorf("mail: compress the report: %w", err)
	}
	*f = file{f.name + ".zip", "application/zip", b.Bytes()}
	return nil
}

// write fills in the templates, and draws what they show.
func (l *Letter) write(v *view) error {
	l.images = nil
	for i := range v.Cards {
		card := &v.Cards[i]
		if card.Forest == nil {
			continue
		}
		data, err := card.Forest.Scene.PNG(2)
		if errors.Is(err, scene.ErrGlyph) {
			continue // the table beside it says the same
		}
		if err != nil {
			return fmt.Errorf("mail: draw a chart: %w", err)
		}
		card.Image = fmt.Sprintf("forest-%d.png", i+1)
		l.images = append(l.images, file{card.Image, "image/png", data})
	}
	var err error
	l.html, l.text, err = v.render()
	return err
}

// To addresses the letter and returns the message as it goes over the wire. id
// is its Message-ID without brackets.
func (l *Letter) To(recipient Address, id string) ([]byte, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(&l.from.address)
	m.ToMailAddress(&recipient.address)
	m.Subject(l.Subject)
	m.SetDateWithValue(l.date)
	m.SetMessageIDWithValue(line(id))
	m.SetGenHeader("Auto-Submitted", "auto-generated") // no holiday replies
	m.SetBodyString(gomail.TypeTextPlain, l.text)
	m.AddAlternativeString(gomail.TypeTextHTML, l.html)
	for _, f := range l.images {
		m.EmbedReadSeeker(f.name, bytes.NewReader(f.data), gomail.WithFileContentType(gomail.ContentType(f.kind)))
	}
	a := l.attachment
	m.AttachReadSeeker(a.name, bytes.NewReader(a.data), gomail.WithFileContentType(gomail.ContentType(a.kind)))
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("mail: write the message: %w", err)
	}
	return b.Bytes(), nil
}

// line makes a text fit for a header: one line, no longer than a reader's list
// shows, without what controls, hides or turns text around.
func line(s string) string {
	const most = 200
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case r == '\u200c' || r == '\u200d': // joiners that scripts and emoji need
			return r
		case unicode.Is(unicode.Cf, r):
			return -1
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))), " ")
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return s
}

// fileName keeps of a name what every file system takes.
func fileName(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r) {
			return r
		}
		return '-'
	}, s)
}
