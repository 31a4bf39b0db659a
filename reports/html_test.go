package reports

import (
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// element is one start tag of a page.
type element struct {
	name string
	attr map[string]string
	in   []string // the elements it stands in
}

// parse reads a page strictly: every tag closed, every attribute quoted, no stray
// character. Our templates are written so that a page is as strict as XML, but
// for the doctype, the void elements, and the contents of style and script.
func parse(t *testing.T, page string) (elements []element, text string) {
	t.Helper()
	body, ok := strings.CutPrefix(page, "<!doctype html>")
	if !ok {
		t.Fatal("no doctype")
	}
	for _, raw := range []string{"style", "script"} {
		body = regexp.MustCompile(`(?s)<`+raw+`>.*?</`+raw+`>`).ReplaceAllString(body, "<"+raw+"></"+raw+">")
	}
	body = regexp.MustCompile(`<(meta|link)([^>]*)>`).ReplaceAllString(body, "<$1$2/>")
	dec := xml.NewDecoder(strings.NewReader(body))
	dec.Entity = xml.HTMLEntity
	var stack []string
	var words strings.Builder
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			e := element{tok.Name.Local, map[string]string{}, slices.Clone(stack)}
			for _, a := range tok.Attr {
				e.attr[a.Name.Local] = a.Value
			}
			elements = append(elements, e)
			stack = append(stack, tok.Name.Local)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			words.Write(tok)
		case xml.Comment:
			t.Errorf("a comment: %.80s", tok)
		}
	}
	return elements, words.String()
}

func TestHTMLIsWellFormedAndHarmless(t *testing.T) {
	allowed := strings.Fields("html head meta link title style script body a header p h1 h2 h3 h4 aside ul li main section table thead tbody tr th td " +
		"bdi span div dl dt dd b figure figcaption details summary code footer svg desc polyline polygon circle rect text")
	for _, name := range append(fixtures(), "crowd") {
		r := crowd(t, 7)
		if name != "crowd" {
			r = fixture(t, name)
		}
		elements, _ := parse(t, render(t, "html", Options{}, r))
		ids := map[string]bool{}
		scripts := 0
		for _, e := range elements {
			if !slices.Contains(allowed, e.name) {
				t.Errorf("%s: an element %s", name, e.name)
			}
			if e.name == "script" {
				scripts++
			}
			for k, v := range e.attr {
				switch {
				case strings.HasPrefix(k, "on"), k == "style", k == "src", k == "srcset", k == "action", k == "formaction":
					t.Errorf("%s: %s has %s=%.60q", name, e.name, k, v)
				case k == "href":
					if u, err := url.Parse(v); err != nil || !strings.HasPrefix(v, "#") && v != "data:," && u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
						t.Errorf("%s: a link to %.60q", name, v)
					}
				case k == "id":
					if ids[v] {
						t.Errorf("%s: two elements are called %s", name, v)
					}
					ids[v] = true
				}
			}
		}
		if scripts != 1 {
			t.Errorf("%s: %d scripts", name, scripts)
		}
		for _, e := range elements {
			for _, k := range []string{"aria-labelledby", "href"} {
				for _, id := range strings.Fields(e.attr[k]) {
					if to, local := strings.CutPrefix(id, "#"); (k == "aria-labelledby" || local) && !ids[to] {
						t.Errorf("%s: %s points at %q, which is nowhere", name, k, to)
					}
				}
			}
		}
	}
}

func TestHTMLSaysItsPolicy(t *testing.T) {
	page := render(t, "html", Options{}, fixture(t, "hostile"))
	script := regexp.MustCompile(`(?s)<script>(.*?)</script>`).FindStringSubmatch(page)
	if script == nil {
		t.Fatal("no script")
	}
	elements, _ := parse(t, page)
	i := slices.IndexFunc(elements, func(e element) bool { return e.attr["http-equiv"] == "Content-Security-Policy" })
	if i < 0 {
		t.Fatal("no policy")
	}
	policy := elements[i].attr["content"]
	for _, want := range []string{"default-src 'none'", "script-src '" + scriptHash([]byte(script[1])) + "'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy %q lacks %q", policy, want)
		}
	}
	if strings.Contains(policy, "script-src 'unsafe") {
		t.Errorf("the policy %q lets any script run", policy)
	}
}

func TestHTMLNeedsNothingFromElsewhere(t *testing.T) {
	page := render(t, "html", Options{}, fixture(t, "full"))
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindStringSubmatch(page)
	if style == nil || strings.Contains(style[1], "@import") || strings.Contains(style[1], "url(") {
		t.Error("the style is missing or fetches something")
	}
	if strings.Contains(page, "ZgotmplZ") {
		t.Error("the template engine refused a value")
	}
}

func TestHTMLShowsWhatTheReportSays(t *testing.T) {
	r := fixture(t, "full")
	elements, text := parse(t, render(t, "html", Options{}, r))
	text = strings.ReplaceAll(text, "\u00a0", " ")
	p := r.Scopes[0].Periods[0]
	wants := []string{p.Headline, "412 issues", "61%", "49–73", "Jonas Weber (p6)", "Jonas Weber (p7)", "李晓明", "Disputed by Hanae Sugimoto", "no answer recorded: the period ended"}
	for _, f := range p.Findings {
		wants = append(wants, f.Statement, "defacto explain "+f.ID)
		for _, e := range f.Evidence {
			wants = append(wants, e.Issue, e.Event, e.Why)
		}
	}
	wants = append(wants, r.Limits...)
	for _, w := range wants {
		if !strings.Contains(text, w) {
			t.Errorf("the page does not say %q", w)
		}
	}
	charts := 0
	for _, e := range elements {
		if e.name != "svg" {
			continue
		}
		charts++
		if e.attr["role"] != "img" || e.attr["aria-labelledby"] == "" {
			t.Errorf("a chart without words: %v", e.attr)
		}
	}
	if want := 3 + len(p.Findings); charts != want {
		t.Errorf("%d charts, want %d", charts, want)
	}
}

func TestHTMLLinksOnlyToTheWeb(t *testing.T) {
	for in, want := range map[string]string{
		"https://acme.example/browse/PAY-1": "https://acme.example/browse/PAY-1", "http://x/y?a=b&c#d": "http://x/y?a=b&c#d",
		"javascript:alert(1)": "", "JavaScript://x/%0aalert(1)": "", "data:text/html,x": "", "//evil.example": "", "ftp://x": "", "https://": "",
		"https://u:p@x/": "", "": "", "vbscript:x": "", "https://x/\"><b>": "https://x/%22%3E%3Cb%3E", "java\nscript:alert(1)": "", "https://[::1": "",
	} {
		if got := safeURL(in); got != want {
			t.Errorf("safeURL(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestHTMLFoldsWhatIsMany(t *testing.T) {
	few, _ := parse(t, render(t, "html", Options{}, crowd(t, 3)))
	many, _ := parse(t, render(t, "html", Options{}, crowd(t, 30)))
	folds := func(elements []element) (n int) {
		for _, e := range elements {
			if e.attr["class"] == "fold" {
				n++
			}
		}
		return n
	}
	if folds(few) != 0 || folds(many) != 30 {
		t.Errorf("%d of 3 and %d of 30 scopes are folded", folds(few), folds(many))
	}
}
