package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"defacto/reports"
)

// unfold opens everything a page can open.
const unfold = `document.querySelectorAll("details").forEach(d => d.open = true)`

// site is a server over a fixture, and at most two pages of every kind on it.
func site(t *testing.T, name string, o Options) (base string, pages []string) {
	t.Helper()
	f := newFake(t, name)
	f.explain.Parts[0].Scope, f.explain.Parts[1].Scope = f.report.Scopes[0].Scope, f.report.Scopes[0].Scope
	h := handler(t, f, o)
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	kinds := map[string]int{}
	for _, at := range addresses(f.report) {
		path, _, _ := strings.Cut(at, "?")
		if kinds[path]++; kinds[path] <= 2 && get(h, at).Code == http.StatusOK {
			pages = append(pages, at)
		}
	}
	return srv.URL, pages
}

// file is a report's one HTML file, as a leader would open it from a mail.
func file(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name+".html")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	renderer, err := reports.ByName("html", reports.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := renderer.Render(out, fixture(t, name)); err != nil {
		t.Fatal(err)
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// Every page, in both themes and on a phone: nothing on the console, no request
// to anybody else, nothing to scroll sideways to.
func TestInTheBrowser(t *testing.T) {
	b := openChromium(t)
	for _, name := range []string{"periods", "hostile"} {
		base, pages := site(t, name, Options{Loopback: true})
		for _, view := range []struct {
			width int
			theme string
		}{{360, "light"}, {1280, "dark"}} {
			p := b.tab(view.width, 900, view.theme)
			for i, at := range pages {
				p.open(base + at)
				p.fits(at, view.width)
				p.run(unfold)
				p.fits(at+" unfolded", view.width)
				p.picture(fmt.Sprintf("%s-%02d-%s-%d", name, i, view.theme, view.width))
			}
		}
		b.quiet(base)
		p := b.tab(360, 900, "dark")
		at := file(t, name)
		p.open(at)
		p.fits(at, 360)
		p.run(unfold)
		p.fits(at, 360)
		b.quiet(at)
	}
}

// fits fails the test where a page is wider than its window.
func (p *tab) fits(at string, width int) {
	p.t.Helper()
	if wide := eval[int](p, "document.documentElement.scrollWidth"); wide > width {
		what := eval[[]string](p, fmt.Sprintf(`[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > %d).slice(0, 5).map(e => e.tagName + "." + e.className + ": " + e.textContent.trim().slice(0, 40))`, width))
		p.t.Errorf("%s is %d wide in a window of %d: %s", at, wide, width, strings.Join(what, "; "))
	}
}

// Findings open and close by keyboard, with scripts on and off.
func TestFindingsByKeyboard(t *testing.T) {
	b := openChromium(t)
	base, _ := site(t, "full", Options{Loopback: true})
	scope := address("/scope", "scope", fixture(t, "full").Scopes[0].Scope)
	for _, at := range []string{base + scope, file(t, "full")} {
		for _, scripts := range []bool{true, false} {
			p := b.tab(1280, 900, "light")
			p.scripts(scripts)
			p.open(at)
			focused := ""
			for i := 0; i < 80 && focused == ""; i++ {
				p.do(chromedp.KeyEvent(kb.Tab))
				focused = eval[string](p, `document.activeElement.closest(".finding > summary") ? document.activeElement.parentElement.id : ""`)
			}
			if focused == "" {
				t.Fatalf("%s: no finding is reached by the tab key", at)
			}
			count := `document.querySelectorAll(".finding[open]").length`
			for _, want := range []int{1, 0, 1} {
				p.do(chromedp.KeyEvent(kb.Enter))
				if open := eval[int](p, count); open != want {
					t.Errorf("%s, scripts %t: %d findings stand open, want %d", at, scripts, open, want)
				}
			}
			if !eval[bool](p, fmt.Sprintf(`document.getElementById(%q).querySelector(".inside").checkVisibility()`, focused)) {
				t.Errorf("%s, scripts %t: an open finding shows nothing", at, scripts)
			}
		}
		b.quiet(at[:strings.Index(at, "/")+2])
	}
}

// One button opens all, one way through the filter needs no script.
func TestComforts(t *testing.T) {
	b := openChromium(t)
	base, _ := site(t, "periods", Options{Loopback: true})
	r := fixture(t, "periods")
	p := b.tab(1280, 900, "light")
	p.scripts(false)
	p.open(base + "/")
	p.run(`document.querySelector("input[name=q]").focus()`)
	p.leads(typed(r.Scopes[0].Scope), chromedp.KeyEvent(kb.Enter))
	if rows := eval[int](p, `document.querySelectorAll(".scopes tbody tr").length`); rows != 1 {
		t.Errorf("the filter leaves %d scopes", rows)
	}
	b.quiet(base)
}

// A browser that opens the address with the token stays let in.
func TestTokenInTheBrowser(t *testing.T) {
	b := openChromium(t)
	const token = "a-token-long-enough"
	base, _ := site(t, "full", Options{Token: token})
	p := b.tab(1280, 900, "light")
	p.open(base + "/coverage?token=" + token)
	// The page leads on by itself.
	p.do(chromedp.WaitVisible(chromedp.CSS("h1")))
	at, heading := eval[string](p, "location.href"), eval[string](p, `document.querySelector("h1").textContent`)
	if at != base+"/coverage" || heading != "What all this rests on" {
		t.Errorf("the browser is at %s: %q", at, heading)
	}
	if cookie := eval[string](p, "document.cookie"); cookie != "" {
		t.Errorf("scripts see the cookie %q", cookie)
	}
	p.open(base + "/")
	if heading := eval[string](p, `document.querySelector("h1").textContent`); heading != "Who really runs this backlog" {
		t.Errorf("the next page says %q", heading)
	}
	b.quiet(base)
}

// violation is what axe-core finds against an element.
type violation struct {
	ID, Impact string
	Nodes      []string
}

// Axe-core finds nothing serious in any page, in either theme.
func TestAxe(t *testing.T) {
	script := axe(t)
	b := openChromium(t)
	base, pages := site(t, "periods", Options{Loopback: true})
	for _, view := range []struct {
		width int
		theme string
	}{{360, "dark"}, {1280, "light"}} {
		p := b.tab(view.width, 900, view.theme)
		for _, at := range append([]string{file(t, "periods")}, pages...) {
			if strings.HasPrefix(at, "/") {
				at = base + at
			}
			p.open(at)
			p.run(unfold)
			p.run(script)
			for _, v := range eval[[]violation](p, `axe.run().then(r => r.violations.map(v => ({id: v.id, impact: v.impact, nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + " " + (n.any[0]?.message ?? ""))})))`) {
				say := t.Logf
				if v.Impact == "serious" || v.Impact == "critical" {
					say = t.Errorf
				}
				say("%s, %s, %d wide: %s (%s): %s", at, view.theme, view.width, v.ID, v.Impact, strings.Join(v.Nodes, "\n"))
			}
		}
	}
}

// axe is axe-core's source, from the file AXE_CORE names or where npm put it.
func axe(t *testing.T) string {
	t.Helper()
	path := os.Getenv("AXE_CORE")
	if path == "" {
		out, err := exec.Command("npm", "root", "--global").Output()
		if err != nil {
			t.Skip("axe-core is not installed: there is no npm")
		}
		path = filepath.Join(strings.TrimSpace(string(out)), "axe-core", "axe.min.js")
	}
	source, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("axe-core is not installed (npm install --global axe-core, or name axe.min.js in AXE_CORE): %v", err)
	}
	return string(source)
}
