package web

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"defacto/analysis"
	"defacto/reports"
)

// element is one start tag of a page.
type element struct {
	name string
	attr map[string]string
}

var raw = regexp.MustCompile(`(?s)<(style|script)>.*?</(style|script)>`)

// read takes a page apart into its elements and its text.
func read(t *testing.T, page string) (elements []element, text string) {
	t.Helper()
	body, ok := strings.CutPrefix(page, "<!doctype html>")
	if !ok {
		t.Fatalf("no doctype: %.100s", page)
	}
	dec := xml.NewDecoder(strings.NewReader(raw.ReplaceAllString(body, "<$1></$1>")))
	dec.Strict, dec.AutoClose, dec.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var words strings.Builder
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return elements, words.String()
		}
		if err != nil {
			t.Fatalf("cannot be read: %v", err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			e := element{tok.Name.Local, map[string]string{}}
			for _, a := range tok.Attr {
				e.attr[a.Name.Local] = a.Value
			}
			elements = append(elements, e)
		case xml.CharData:
			words.Write(tok)
		}
	}
}

// Whatever a tracker's texts hold, a page stays what it is: known elements, one
// script, links to this server or by http, no id twice, everything named.
func TestPagesAreHarmless(t *testing.T) {
	allowed := strings.Fields("html head meta link title style script body a header nav p h1 h2 h3 h4 aside ul li main section table caption thead tbody tr th td br " +
		"bdi span div dl dt dd b figure figcaption details summary code footer form label input select option button svg desc polyline polygon circle rect text")
	for _, name := range []string{"full", "periods", "empty", "hostile"} {
		f := newFake(t, name)
		h := handler(t, f, Options{Loopback: true})
		for _, at := range append(addresses(f.report), "/issue?key="+url.QueryEscape(evil), "/nowhere"+url.PathEscape(evil), "/self?me="+url.QueryEscape(evil), "/?q="+url.QueryEscape(evil), "/scope?scope="+url.QueryEscape(evil)) {
			w := get(h, at)
			if w.Code == http.StatusInternalServerError {
				t.Errorf("%s %s: %d", name, at, w.Code)
				continue
			}
			page := w.Body.String()
			elements, text := read(t, page)
			if strings.Contains(page, "ZgotmplZ") || strings.ContainsAny(text, "\x1b\u202e") {
				t.Errorf("%s %s: hostile text came through", name, at)
			}
			ids, scripts, mains, ones := map[string]bool{}, 0, 0, 0
			for _, e := range elements {
				if !slices.Contains(allowed, e.name) {
					t.Errorf("%s %s: an element %s", name, at, e.name)
				}
				switch e.name {
				case "script":
					scripts++
				case "main":
					mains++
				case "h1":
					ones++
				}
				for k, v := range e.attr {
					switch {
					case strings.HasPrefix(k, "on"), k == "style", k == "src", k == "formaction":
						t.Errorf("%s %s: %s has %s=%.60q", name, at, e.name, k, v)
					case k == "action" && (!strings.HasPrefix(v, "/") || strings.HasPrefix(v, "//")), k == "method" && v != "get":
						t.Errorf("%s %s: a form with %s=%q", name, at, k, v)
					case k == "href" && !local(v):
						t.Errorf("%s %s: a link to %.80q", name, at, v)
					case k == "id":
						if ids[v] {
							t.Errorf("%s %s: two elements are called %s", name, at, v)
						}
						ids[v] = true
					}
				}
			}
			if scripts != 1 || mains != 1 || ones != 1 {
				t.Errorf("%s %s: %d scripts, %d main parts, %d headings", name, at, scripts, mains, ones)
			}
			for _, e := range elements {
				if id := strings.TrimPrefix(e.attr["href"], "#"); id != e.attr["href"] && !ids[id] {
					t.Errorf("%s %s: a link to %s, which is not there", name, at, id)
				}
			}
		}
	}
}

func local(href string) bool {
	if strings.HasPrefix(href, "#") || href == "data:," {
		return true
	}
	u, err := url.Parse(href)
	if err != nil || u.User != nil {
		return false
	}
	return u.Scheme == "http" || u.Scheme == "https" || u.Scheme == "" && u.Host == "" && strings.HasPrefix(href, "/")
}

// Every link of every page leads to a page.
func TestLinksLead(t *testing.T) {
	f := newFake(t, "periods")
	for i := range f.explain.Parts {
		f.explain.Parts[i].Scope = f.report.Scopes[0].Scope
	}
	h := handler(t, f, Options{Loopback: true})
	seen := map[string]bool{}
	queue := []string{"/"}
	for len(queue) > 0 && len(seen) < 400 {
		at := queue[0]
		queue = queue[1:]
		if seen[at] {
			continue
		}
		seen[at] = true
		w := get(h, at)
		if w.Code != http.StatusOK {
			t.Errorf("%s: %d", at, w.Code)
		}
		if strings.HasPrefix(at, "/download") {
			continue
		}
		elements, _ := read(t, w.Body.String())
		for _, e := range elements {
			if to := e.attr["href"]; e.name == "a" && strings.HasPrefix(to, "/") {
				queue = append(queue, to)
			}
		}
	}
	if len(seen) < 40 {
		t.Errorf("only %d pages", len(seen))
	}
}

// Each kind of page shows what it is for.
func TestPagesShow(t *testing.T) {
	f := newFake(t, "full")
	h := handler(t, f, Options{Loopback: true})
	s := f.report.Scopes[0]
	p := s.Periods[len(s.Periods)-1]
	finding := p.Findings[0]
	person := f.report.People[0]
	for at, want := range map[string][]string{
		"/":                                       {s.Name, s.Scope, "Product owner", "2026-Q3", "My page"},
		address("/scope", "scope", s.Scope):       {s.Name, "Who does what", "Findings", "What a tracker cannot see", "Take this audit along"},
		address("/finding", "id", finding.ID):     {finding.Statement, "Evidence", "The arithmetic", "share 0.4"},
		address("/person", "id", person.ID):       {person.Name, "Every act"},
		"/issue?key=" + finding.Evidence[0].Issue: {finding.Evidence[0].Issue, "What became of it", "What findings cite of it"},
		"/self":                             {"Where your attention went", "I am"},
		"/self?me=Me+Myself":                {"Me Myself", "8 above story level", "What pulled it to the stories", "Roadmap items gone quiet", "What would give it back", "Earlier periods", "A limit."},
		"/trend?question=accept":            {"Over the quarters", s.Name},
		address("/trend", "scope", s.Scope): {s.Name, "Period by period", "Median wait"},
		"/coverage":                         {"What was read", "What a tracker cannot see", "Settings", f.report.Limits[0]},
		address("/scope", "scope", s.Scope, "token", ""): {s.Name},
	} {
		w := get(h, at)
		_, text := read(t, w.Body.String())
		text = strings.Join(strings.Fields(text), " ")
		for _, words := range want {
			if !strings.Contains(text, strings.Join(strings.Fields(words), " ")) {
				t.Errorf("%s (%d) does not show %q", at, w.Code, words)
			}
		}
	}
	// The self page comes first.
	elements, _ := read(t, get(h, "/").Body.String())
	i := slices.IndexFunc(elements, func(e element) bool { return e.name == "li" })
	if i < 0 || elements[i+1].attr["href"] != "/self" {
		t.Error("the first page named is not one's own")
	}
}

func TestNotThere(t *testing.T) {
	f := newFake(t, "full")
	h := handler(t, f, Options{Loopback: true})
	for at, want := range map[string]int{
		"/nowhere": 404, "/index.html": 404, "/favicon.ico": 404, "/.git/config": 404, "/self/x": 404,
		"/scope": 404, "/scope?scope=acme/NONE": 404, "/scope?scope=acme/NONE/component:X": 404, "/trend?scope=acme/NONE": 404,
		"/finding": 404, "/finding?id=x": 404, "/finding?id=acme/PAY/2026-Q3/no-such": 404, "/finding?id=a/b/c/d/e": 404, "/finding?id=a/b/2026-Q3/": 404,
		"/person": 404, "/person?id=nobody": 404, "/issue": 404, "/issue?key=a/b/c/d": 404, "/self?me=Stranger": 404,
		"/download": 400, "/download?format=exe": 400, "/download?format=table": 400, "/download?format=json&scope=acme/NONE": 404,
	} {
		w := get(h, at)
		if w.Code != want {
			t.Errorf("%s: %d, want %d", at, w.Code, want)
		}
		if got := w.Header().Get("Content-Type"); !strings.HasPrefix(got, "text/html") {
			t.Errorf("%s: a %s", at, got)
		}
	}
}

func TestFilter(t *testing.T) {
	f := newFake(t, "periods")
	s, err := New(f, Options{})
	if err != nil || s == nil {
		t.Fatal(err)
	}
	pages, err := reports.NewPages(nil, links())
	if err != nil {
		t.Fatal(err)
	}
	srv := &server{pages: pages}
	r := f.report
	everything := srv.choose(r, "", "", "")
	if len(everything) != len(r.Scopes) {
		t.Fatalf("%d of %d scopes without a filter", len(everything), len(r.Scopes))
	}
	if got := srv.choose(r, " "+strings.ToUpper(r.Scopes[0].Scope)+" ", "", ""); len(got) != 1 || got[0] != 0 {
		t.Errorf("by name: %v", got)
	}
	if got := srv.choose(r, "no scope is called so", "", ""); len(got) != 0 {
		t.Errorf("by no name: %v", got)
	}
	for i := range r.Scopes {
		p := newest(&r.Scopes[i])
		if p == nil {
			continue
		}
		if got := slices.Contains(srv.choose(r, "", "loud", ""), i); got != (loud(p) > 0) {
			t.Errorf("%s: loud %t", r.Scopes[i].Scope, got)
		}
		if got := slices.Contains(srv.choose(r, "", "gaps", ""), i); got == p.Coverage.Complete {
			t.Errorf("%s: gaps %t", r.Scopes[i].Scope, got)
		}
		if po := p.Roles["product-owner"]; po != nil && po.Person != "" {
			if got := srv.choose(r, srv.pages.Names(r)[po.Person], "", ""); !slices.Contains(got, i) {
				t.Errorf("%s is not found by its owner", r.Scopes[i].Scope)
			}
		}
	}
	last := 1 << 30
	for _, i := range srv.choose(r, "", "", "findings") {
		n := -1
		if p := newest(&r.Scopes[i]); p != nil {
			n = 1000*loud(p) + len(p.Findings)
		}
		if n > last {
			t.Errorf("%s stands below quieter ones", r.Scopes[i].Scope)
		}
		last = n
	}
}

func TestDownloads(t *testing.T) {
	f := newFake(t, "full")
	h := handler(t, f, Options{Loopback: true})
	for _, format := range formats() {
		w := get(h, "/download?format="+format.name)
		renderer, err := reports.ByName(format.name, reports.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var want bytes.Buffer
		if err := renderer.Render(&want, f.report); err != nil {
			t.Fatal(err)
		}
		if w.Code != 200 || !bytes.Equal(w.Body.Bytes(), want.Bytes()) {
			t.Errorf("%s: %d, and not what the renderer writes", format.name, w.Code)
		}
		if w.Header().Get("Content-Type") != format.kind || w.Header().Get("Content-Disposition") != "attachment; filename=defacto-"+latest(f.report)+"."+format.ending {
			t.Errorf("%s: %q, %q", format.name, w.Header().Get("Content-Type"), w.Header().Get("Content-Disposition"))
		}
	}
	one := address("/download", "format", "json", "scope", f.report.Scopes[0].Scope)
	var r analysis.Report
	if err := json.Unmarshal(get(h, one).Body.Bytes(), &r); err != nil || len(r.Scopes) != 1 {
		t.Errorf("one scope: %d scopes, %v", len(r.Scopes), err)
	}
	if _, err := csv.NewReader(get(h, "/download?format=csv").Body).ReadAll(); err != nil {
		t.Errorf("csv: %v", err)
	}
}

func TestFileName(t *testing.T) {
	for in, want := range map[string]string{
		"defacto-2026-Q3-acme/PAY": "defacto-2026-Q3-acme-PAY", "../../etc/passwd": "etc-passwd", "a\r\nSet-Cookie: x": "a--Set-Cookie--x", strings.Repeat("ä", 200): "",
	} {
		if got := fileName(in); got != want {
			t.Errorf("%.40q: %q, want %q", in, got, want)
		}
	}
}

func TestFind(t *testing.T) {
	f := newFake(t, "full")
	h := handler(t, f, Options{Loopback: true})
	person := f.report.People[0]
	for of, want := range map[string]string{
		"PAY-12": "/issue?key=PAY-12", person.Name: "/person?id=" + person.ID, strings.ToUpper(person.Name): "/person?id=" + person.ID, person.ID: "/person?id=" + person.ID,
		"acme/PAY/2026-Q3/po-differs/p1": "/finding?id=acme%2FPAY%2F2026-Q3%2Fpo-differs%2Fp1", "": "/", "//evil.example": "/issue?key=%2F%2Fevil.example",
	} {
		w := get(h, "/find?of="+url.QueryEscape(of))
		if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || got != want {
			t.Errorf("%q: %d to %s, want %s", of, w.Code, got, want)
		}
	}
}

func TestPlace(t *testing.T) {
	for id, want := range map[string][2]string{
		"acme/PAY/2026-Q3/po-differs/p1":                     {"acme/PAY", "2026-Q3"},
		"acme/PAY/2026-Q3/po-vacant":                         {"acme/PAY", "2026-Q3"},
		"acme/PAY/component:A/B/2026-07-01..2026-07-31/x/p1": {"acme/PAY/component:A/B", "2026-07-01..2026-07-31"},
		"acme/PAY/component:2025/2026-Q3/po-differs/p1":      {"acme/PAY/component:2025", "2026-Q3"},
		"acme/2026/2026-Q3/po-differs/p1":                    {"acme/2026", "2026-Q3"},
		"acme/PAY/all/po-differs":                            {}, "acme/PAY": {}, "": {}, "////": {}, "acme/PAY/nothing/x/y": {},
	} {
		scope, period, ok := place(id)
		if scope != want[0] || period != want[1] || ok != (want[0] != "") {
			t.Errorf("%q: %q %q %t", id, scope, period, ok)
		}
	}
}

func FuzzPlace(f *testing.F) {
	f.Add("acme/PAY/2026-Q3/po-differs/p1")
	f.Add("a/b/component:x/2026/2026-Q3/c")
	f.Fuzz(func(t *testing.T, id string) {
		scope, period, ok := place(id)
		if ok && !strings.HasPrefix(id, scope+"/"+period+"/") {
			t.Errorf("%q: %q %q", id, scope, period)
		}
	})
}

// With pseudonyms the pages say so, and what would give somebody away is withheld.
func TestWithheld(t *testing.T) {
	f := newFake(t, "full")
	f.explain = nil // refuses
	h := handler(t, f, Options{Loopback: true, Pseudonyms: true})
	finding := f.report.Scopes[0].Periods[0].Findings[0]
	for _, at := range []string{address("/finding", "id", finding.ID), address("/person", "id", f.report.People[0].ID), "/issue?key=" + finding.Evidence[0].Issue} {
		w := get(h, at)
		if body := w.Body.String(); w.Code != 200 || !strings.Contains(body, "The single acts are withheld.") || !strings.Contains(body, "People carry pseudonyms here") {
			t.Errorf("%s: %d", at, w.Code)
		}
	}
}

// Many readers of many pages, for the race detector.
func TestConcurrentReaders(t *testing.T) {
	f := newFake(t, "periods")
	h := handler(t, f, Options{Loopback: true})
	all := append(addresses(f.report), "/download?format=json", "/download?format=html", "/find?of=PAY-1")
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for i := range all {
				at := all[(i+worker*7)%len(all)]
				if w := get(h, at); w.Code >= 500 {
					t.Errorf("%s: %d", at, w.Code)
				}
				if i%10 == 0 {
					f.change(fmt.Sprint(worker, i))
				}
			}
		})
	}
	wg.Wait()
}
