package web

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// chromium is a headless browser of one's own, and what its pages said and asked for.
type chromium struct {
	t   *testing.T
	ctx context.Context

	mu    sync.Mutex
	said  []string // console messages, exceptions and browser log entries
	asked []string // addresses of requests
}

// tab is one page of the browser.
type tab struct {
	*chromium
	ctx context.Context
}

// openChromium starts a browser, or skips the test where none is installed.
func openChromium(t *testing.T) *chromium {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser is slow to start")
	}
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("no Chromium is installed")
	}
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path)}
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // root cannot have one
	}
	limited, stop := context.WithTimeout(t.Context(), 8*time.Minute)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(limited, chromedp.WithAllocatorOptions(options...))
	t.Cleanup(end)
	b := &chromium{t: t, ctx: ctx}
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	return b
}

// tab opens a page of so many pixels in a theme, "light" or "dark".
func (b *chromium) tab(width, height int, theme string) *tab {
	b.t.Helper()
	ctx, end := chromedp.NewContext(b.ctx)
	b.t.Cleanup(end)
	p := &tab{b, ctx}
	if err := chromedp.Listen(ctx, b.note); err != nil {
		b.t.Fatal(err)
	}
	mobile := chromedp.EmulateLandscape
	if width < 500 {
		mobile = chromedp.EmulateMobile
	}
	p.do(
		chromedp.EmulateViewport(int64(width), int64(height), mobile),
		tell(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}}),
	)
	return p
}

// note keeps what a page says and asks for.
func (b *chromium) note(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		for _, a := range e.Args {
			b.said = append(b.said, fmt.Sprintf("%s: %s %s", e.Type, a.Description, a.Value))
		}
	case *runtime.EventExceptionThrown:
		b.said = append(b.said, (&chromedp.ExceptionError{ExceptionDetails: e.ExceptionDetails}).Error())
	case *log.EventEntryAdded:
		b.said = append(b.said, fmt.Sprintf("%s: %s (%s)", e.Entry.Level, e.Entry.Text, e.Entry.URL))
	case *network.EventRequestWillBeSent:
		b.asked = append(b.asked, e.Request.URL)
	}
}

// tell makes a step of a command whose answer nobody needs.
func tell[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, command, params)
		return err
	})
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

// open loads an address and waits until it is there.
func (p *tab) open(address string) {
	p.t.Helper()
	p.do(chromedp.Navigate(address))
}

// leads takes steps and waits until the page they lead to has loaded.
func (p *tab) leads(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if _, err := chromedp.Run(p.ctx, chromedp.WaitEvent(cdppage.LoadEventFired, nil, chromedp.Steps(steps...))); err != nil {
		p.t.Fatal(err)
	}
}

// scripts switches the page's own scripts on or off.
func (p *tab) scripts(on bool) {
	p.t.Helper()
	p.do(tell(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on}))
}

// typed is a step that enters a text where the focus is.
func typed(text string) chromedp.Action[chromedp.Void] {
	return tell(input.InsertText, input.InsertTextParams{Text: text})
}

// run runs an expression in the page.
func (p *tab) run(expression string) {
	p.t.Helper()
	p.do(chromedp.Evaluate[chromedp.Void](expression))
}

// eval is what an expression in the page comes to.
func eval[T any](p *tab, expression string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%.80s: %v", expression, err)
	}
	return v
}

// picture writes a screenshot of the whole page where SCREENSHOTS names a folder.
func (p *tab) picture(name string) {
	p.t.Helper()
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" {
		return
	}
	data, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(fmt.Sprintf("%s/%s.png", dir, name), data, 0o600)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

// quiet fails the test with what the pages said, or asked of anybody but the
// server.
func (b *chromium) quiet(origin string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.said {
		b.t.Errorf("the console says %.400s", s)
	}
	for _, a := range b.asked {
		if !strings.HasPrefix(a, origin) && !strings.HasPrefix(a, "data:") && a != "about:blank" {
			b.t.Errorf("a request to %s", a)
		}
	}
	if len(b.asked) == 0 {
		b.t.Error("no request was seen at all")
	}
	b.said, b.asked = nil, nil
}
