package mail

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"image/png"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"defacto/analysis"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const (
	fixtures = "../../testdata/golden/reports"
	golden   = "../../testdata/golden/mail"
)

func fixture(t testing.TB, name string) *analysis.Report {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(fixtures, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var r analysis.Report
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	return &r
}

func options(t testing.TB) Options {
	from, err := ParseAddress("Défacto <defacto@acme.example>")
	if err != nil {
		t.Fatal(err)
	}
	return Options{Report: "quarterly", Period: "2026-Q3", Format: "html", Date: now(), From: from}
}

// compose writes a report to Ann.
func compose(t testing.TB, r *analysis.Report, o Options) []byte {
	t.Helper()
	l, err := Compose(r, o)
	if err != nil {
		t.Fatal(err)
	}
	to, err := ParseAddress("Ann Li <ann@acme.example>")
	if err != nil {
		t.Fatal(err)
	}
	message, err := l.To(to, "0123@acme.example")
	if err != nil {
		t.Fatal(err)
	}
	return message
}

// parts are a message's leaves, by content type.
type part struct {
	kind, name, id string
	data           []byte
}

func read(t testing.TB, message []byte) (netmail.Header, []part) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(message))
	if err != nil {
		t.Fatal(err)
	}
	var parts []part
	var walk func(kind, encoding, disposition, id string, body io.Reader)
	walk = func(kind, encoding, disposition, id string, body io.Reader) {
		media, params, err := mime.ParseMediaType(kind)
		if err != nil {
			t.Fatalf("content type %q: %v", kind, err)
		}
		if strings.HasPrefix(media, "multipart/") {
			for r := multipart.NewReader(body, params["boundary"]); ; {
				p, err := r.NextRawPart()
				if errors.Is(err, io.EOF) {
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				walk(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p.Header.Get("Content-Disposition"), p.Header.Get("Content-Id"), p)
			}
		}
		switch strings.ToLower(encoding) {
		case "quoted-printable":
			body = quotedprintable.NewReader(body)
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, body)
		default:
			t.Errorf("%s is encoded as %q", media, encoding)
		}
		data, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		_, named, _ := mime.ParseMediaType(disposition)
		parts = append(parts, part{media, named["filename"], strings.Trim(id, "<>"), data})
	}
	walk(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), "", "", m.Body)
	return m.Header, parts
}

var boundaries = regexp.MustCompile(`boundary=([0-9a-f]{20,})`)

func TestGolden(t *testing.T) {
	for _, c := range []struct {
		file, fixture string
		change        func(*analysis.Report, *Options)
	}{
		{"full.eml", "full", nil},
		{"periods.eml", "periods", func(r *analysis.Report, _ *Options) { r.ChangedSince = changed(r) }},
		{"hostile.eml", "hostile", func(r *analysis.Report, _ *Options) {
			r.Scopes[0].Periods[0].Findings[0].Note = &analysis.Note{Answer: "accept", Why: "x\r\nBcc: evil@example.com\r\n", Expired: true}
		}},
		{"empty.eml", "empty", func(r *analysis.Report, _ *Options) { r.ChangedSince = &analysis.ChangedSince{AsOf: now()} }},
	} {
		t.Run(c.file, func(t *testing.T) {
			r, o := fixture(t, c.fixture), options(t)
			if c.change != nil {
				c.change(r, &o)
			}
			l, err := Compose(r, o)
			if err != nil {
				t.Fatal(err)
			}
			// The page itself has golden files of its own, and pixels may differ between machines.
			l.attachment.data = []byte("the whole report\n")
			for i := range l.images {
				l.images[i].data = []byte("a picture")
			}
			message, err := l.To(address(t, "Ann Li <ann@acme.example>"), "0123@acme.example")
			if err != nil {
				t.Fatal(err)
			}
			for i, b := range boundaries.FindAllSubmatch(message, -1) {
				message = bytes.ReplaceAll(message, b[1], fmt.Appendf(nil, "boundary-%d", i+1))
			}
			path := filepath.Join(golden, c.file)
			if *update {
				if err := os.WriteFile(path, message, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(message, want) {
				t.Errorf("%s differs from the golden file (run with -update and look at the change)", c.file)
			}
		})
	}
}

// changed compares a report with itself, misremembered.
func changed(r *analysis.Report) *analysis.ChangedSince {
	before := r.Standing(false)
	before.AsOf = before.AsOf.AddDate(0, -3, 0)
	s := &before.Scopes[0]
	s.Roles["product-owner"] = analysis.Held{Verdict: "vacant"}
	s.Duties["accept"] = analysis.Held{Verdict: "single", Person: r.People[0].ID}
	s.Findings = append(s.Findings[min(1, len(s.Findings)):], "po-vacant", "slow-answers/"+r.People[0].ID)
	before.Scopes = append(before.Scopes, analysis.ScopeStanding{Scope: "acme/GONE", Period: "2026-Q2"})
	return r.Standing(false).Since(before)
}

func TestMessage(t *testing.T) {
	header, parts := read(t, compose(t, fixture(t, "full"), options(t)))
	want := map[string]string{
		"Message-Id": "<0123@acme.example>", "To": `"Ann Li" <ann@acme.example>`, "Auto-Submitted": "auto-generated", "Mime-Version": "1.0",
		"Date": "Fri, 02 Oct 2026 07:00:00 +0000",
	}
	for name, value := range want {
		if got := header[name]; len(got) != 1 || got[0] != value {
			t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
	for _, name := range []string{"User-Agent", "X-Mailer", "Bcc", "Cc"} {
		if header.Get(name) != "" {
			t.Errorf("%s: %q", name, header.Get(name))
		}
	}
	if subject, err := new(mime.WordDecoder).DecodeHeader(header.Get("Subject")); err != nil || !strings.HasPrefix(subject, "quarterly 2026-Q3: ") {
		t.Errorf("subject %q, %v", subject, err)
	}
	var kinds []string
	images := map[string]bool{}
	for _, p := range parts {
		kinds = append(kinds, p.kind)
		switch p.kind {
		case "image/png":
			images[p.id] = true
			if _, err := png.Decode(bytes.NewReader(p.data)); err != nil {
				t.Error(err)
			}
		case "text/html":
			if p.name != "" && (p.name != "quarterly-2026-Q3.html" || !bytes.Contains(p.data, []byte("<!doctype html>"))) {
				t.Errorf("attached: %q", p.name)
			}
		}
	}
	if kinds[0] != "text/plain" || kinds[1] != "text/html" || kinds[len(kinds)-1] != "text/html" || len(images) == 0 {
		t.Errorf("parts %v", kinds)
	}
	for _, cid := range regexp.MustCompile(`src="cid:([^"]+)"`).FindAllSubmatch(parts[1].data, -1) {
		if !images[string(cid[1])] {
			t.Errorf("the mail shows %s, which is not in it", cid[1])
		}
		delete(images, string(cid[1]))
	}
	if len(images) > 0 {
		t.Errorf("nobody shows %v", images)
	}
}

// A report too large for mail servers comes compressed.
func TestLargeReport(t *testing.T) {
	r := crowd(t, 200)
	o := options(t)
	l, err := Compose(r, o)
	if err != nil {
		t.Fatal(err)
	}
	if l.attachment.name != "quarterly-2026-Q3.html.zip" || len(l.attachment.data) > 4<<20 {
		t.Fatalf("attached: %s of %d bytes", l.attachment.name, len(l.attachment.data))
	}
	z, err := zip.NewReader(bytes.NewReader(l.attachment.data), int64(len(l.attachment.data)))
	if err != nil || len(z.File) != 1 || z.File[0].Name != "quarterly-2026-Q3.html" {
		t.Fatal(z, err)
	}
	f, err := z.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if page, err := io.ReadAll(f); err != nil || !bytes.Contains(page, []byte("Team number 200")) {
		t.Errorf("%d bytes, %v", len(page), err)
	}
}

// TestHarmless holds what mail programs do badly, and what a tracker's text must not do.
func TestHarmless(t *testing.T) {
	hostile := fixture(t, "hostile")
	evil := "x\r\nBcc: evil@example.com\r\n\r\n<script>alert(1)</script>\u202e=HYPERLINK(1)\x1b[31m\x00" + strings.Repeat("long ", 2000)
	for i := range hostile.Scopes {
		hostile.Scopes[i].Name = evil
		for j := range hostile.Scopes[i].Periods {
			p := &hostile.Scopes[i].Periods[j]
			p.Headline = evil
			for k := range p.Findings {
				p.Findings[k].Statement, p.Findings[k].Advice = evil, evil
				for n := range p.Findings[k].Evidence {
					p.Findings[k].Evidence[n].URL = "javascript:alert(1)"
				}
			}
		}
	}
	for i := range hostile.People {
		hostile.People[i].Name = evil
	}
	hostile.ChangedSince = changed(hostile)
	for name, r := range map[string]*analysis.Report{"full": fixture(t, "full"), "periods": fixture(t, "periods"), "hostile": hostile, "crowd": crowd(t, 200)} {
		t.Run(name, func(t *testing.T) {
			message := compose(t, r, options(t))
			header, parts := read(t, message)
			for name := range header {
				switch name {
				case "Auto-Submitted", "Date", "Message-Id", "Mime-Version", "Subject", "From", "To", "Content-Type":
				default:
					t.Errorf("header %s: %q", name, header.Get(name))
				}
			}
			for i, l := range strings.Split(string(message), "\r\n") {
				if len(l) > 998 || strings.ContainsAny(l, "\r\n\x00") {
					t.Errorf("line %d has %d bytes, or a bare line break: %.80q", i+1, len(l), l)
					break
				}
			}
			text, page := string(parts[0].data), string(parts[1].data)
			if len(page) > 100<<10 {
				t.Errorf("%d bytes of HTML", len(page))
			}
			if strings.ContainsAny(text, "\x1b\x00\u202e") || strings.ContainsAny(page, "\x1b\x00\u202e") {
				t.Error("control characters")
			}
			checkHTML(t, page)
		})
	}
}

// checkHTML holds a mail's HTML to what mail programs keep.
func checkHTML(t *testing.T, page string) {
	t.Helper()
	allowed := map[string]bool{}
	for tag := range strings.FieldsSeq("html head meta title body div table tbody tr td th h1 h2 h3 p span br a img b") {
		allowed[tag] = true
	}
	dec := xml.NewDecoder(strings.NewReader(page))
	dec.Strict, dec.AutoClose, dec.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	cell := ""
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		switch n := token.(type) {
		case xml.StartElement:
			cell = ""
			if !allowed[n.Name.Local] {
				t.Errorf("element %s", n.Name.Local)
			}
			for _, a := range n.Attr {
				checkAttribute(t, n.Name.Local, a.Name.Local, a.Value)
				if a.Name.Local == "style" && (n.Name.Local == "td" || n.Name.Local == "th") {
					cell = a.Value
				}
			}
		case xml.EndElement:
			cell = ""
		case xml.CharData:
			if cell != "" && strings.TrimSpace(string(n)) != "" && !strings.Contains(cell, "font-") {
				t.Errorf("a cell without a font: %.40q", n)
			}
		}
	}
}

func checkAttribute(t *testing.T, element, name, value string) {
	t.Helper()
	switch {
	case strings.HasPrefix(name, "on"), name == "class", name == "id":
		t.Errorf("%s has %s", element, name)
	case name == "href" && !strings.HasPrefix(value, "https://") && !strings.HasPrefix(value, "http://"):
		t.Errorf("a link to %q", value)
	case name == "src" && !strings.HasPrefix(value, "cid:"):
		t.Errorf("an image from %q", value)
	case name == "width" && !strings.HasSuffix(value, "%") && (len(value) > 3 || value > "600"):
		t.Errorf("%s is %s wide", element, value)
	case strings.Contains(value, "ZgotmplZ"):
		t.Errorf("%s: a value the template refused", name)
	}
}

func crowd(t testing.TB, scopes int) *analysis.Report {
	r := fixture(t, "periods")
	from := r.Scopes
	r.Scopes = nil
	for i := range scopes {
		s := from[i%len(from)]
		s.Scope, s.Name = fmt.Sprintf("acme/TEAM%03d", i+1), fmt.Sprintf("Team number %d", i+1)
		s.Periods = s.Periods[len(s.Periods)-1:]
		r.Scopes = append(r.Scopes, s)
	}
	return r
}

// Whatever a header is given, it stays one header.
func FuzzHeaders(f *testing.F) {
	f.Add("quarterly", "Ann\r\nBcc: x@y.example", "x\r\n.\r\nMAIL FROM:<z>")
	f.Add("\x00", "\u2028", "=?utf-8?q?=0D=0A?=")
	f.Fuzz(func(t *testing.T, report, period, id string) {
		o := options(t)
		o.Report, o.Period = report, period
		l, err := Compose(&analysis.Report{}, o)
		if err != nil {
			t.Fatal(err)
		}
		message, err := l.To(o.From, id)
		if err != nil {
			t.Fatal(err)
		}
		m, err := netmail.ReadMessage(bytes.NewReader(message))
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Header) != 8 {
			t.Errorf("headers %v", m.Header)
		}
	})
}
