package web

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// chromium is a headless browser of one's own, spoken to over its DevTools pipe:
// messages of JSON, each ended by a zero byte, on its file descriptors 3 and 4.
type chromium struct {
	t    *testing.T
	to   io.Writer
	from *bufio.Reader
	next int

	mu     sync.Mutex
	said   []string // console messages, exceptions and browser log entries
	asked  []string // addresses of requests
	loaded int
	answer map[int]chan reply
}

type reply struct {
	Result json.RawMessage
	Error  *struct{ Message string }
}

// tab is one page of the browser.
type tab struct {
	*chromium
	session string
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
	theirs, ours, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	answers, theirAnswers, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	profile, err := os.MkdirTemp("", "defacto-chromium-*") //nolint:usetesting // t.TempDir fails the test when a helper process still writes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(profile) }) // its helpers may still write: what is left is no failure
	args := []string{
		"--headless=new", "--remote-debugging-pipe", "--user-data-dir=" + profile, "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-default-browser-check", "--hide-scrollbars", "about:blank",
	}
	if os.Geteuid() == 0 {
		args = append(args, "--no-sandbox") // root cannot have one
	}
	cmd := exec.Command(path, args...)
	cmd.ExtraFiles = []*os.File{theirs, theirAnswers}
	if err := cmd.Start(); err != nil {
		t.Skipf("Chromium does not start: %v", err)
	}
	theirs.Close()
	theirAnswers.Close()
	b := &chromium{t: t, to: ours, from: bufio.NewReader(answers), answer: map[int]chan reply{}}
	ended := make(chan struct{})
	go func() { b.listen(); close(ended) }()
	t.Cleanup(func() {
		ours.Close()
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		answers.Close()
		<-ended
	})
	return b
}

// listen hands answers to who waits for them and keeps what the pages say.
func (b *chromium) listen() {
	for {
		raw, err := b.from.ReadBytes(0)
		if err != nil {
			b.mu.Lock()
			for id, wait := range b.answer {
				close(wait)
				delete(b.answer, id)
			}
			b.mu.Unlock()
			return
		}
		var m struct {
			ID     int
			Method string
			Params json.RawMessage
			reply
		}
		if json.Unmarshal(raw[:len(raw)-1], &m) != nil {
			continue
		}
		b.mu.Lock()
		if wait, ok := b.answer[m.ID]; ok && m.ID != 0 {
			delete(b.answer, m.ID)
			wait <- m.reply
		}
		switch m.Method {
		case "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded", "Audits.issueAdded":
			b.said = append(b.said, m.Method+": "+string(m.Params))
		case "Network.requestWillBeSent":
			var r struct{ Request struct{ URL string } }
			if json.Unmarshal(m.Params, &r) == nil {
				b.asked = append(b.asked, r.Request.URL)
			}
		case "Page.loadEventFired":
			b.loaded++
		}
		b.mu.Unlock()
	}
}

// call sends a command and waits for its answer.
func (b *chromium) call(session, method string, params, into any) {
	b.t.Helper()
	b.mu.Lock()
	b.next++
	id, wait := b.next, make(chan reply, 1)
	b.answer[id] = wait
	b.mu.Unlock()
	m := map[string]any{"id": id, "method": method, "params": params}
	if params == nil {
		m["params"] = map[string]any{}
	}
	if session != "" {
		m["sessionId"] = session
	}
	raw, err := json.Marshal(m)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.to.Write(append(raw, 0)); err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
	select {
	case r, ok := <-wait:
		switch {
		case !ok:
			err = errors.New("the browser has ended")
		case r.Error != nil:
			err = errors.New(r.Error.Message)
		case into != nil:
			err = json.Unmarshal(r.Result, into)
		}
	case <-time.After(60 * time.Second):
		err = errors.New("no answer within a minute")
	}
	if err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
}

// tab opens a page of so many pixels in a theme, "light" or "dark".
func (b *chromium) tab(width, height int, theme string) *tab {
	b.t.Helper()
	var target struct{ TargetID string }
	b.call("", "Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var session struct{ SessionID string }
	b.call("", "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &session)
	p := &tab{b, session.SessionID}
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		p.do(domain+".enable", nil, nil)
	}
	p.do("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}, nil)
	p.do("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": theme}}}, nil)
	return p
}

func (p *tab) do(method string, params, into any) {
	p.t.Helper()
	p.call(p.session, method, params, into)
}

// open loads an address and waits until it is there.
func (p *tab) open(address string) {
	p.t.Helper()
	p.mu.Lock()
	before := p.loaded
	p.mu.Unlock()
	p.do("Page.navigate", map[string]any{"url": address}, nil)
	p.await(before)
}

// await waits until more pages than so many have loaded.
func (p *tab) await(before int) {
	p.t.Helper()
	for range 1200 {
		p.mu.Lock()
		there := p.loaded > before
		p.mu.Unlock()
		if there {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	p.t.Fatal("the page does not load")
}

// eval runs an expression in the page and decodes what it comes to.
func (p *tab) eval(expression string, into any) {
	p.t.Helper()
	var r struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	p.do("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &r)
	if r.ExceptionDetails != nil {
		p.t.Fatalf("%.80s: %s %s", expression, r.ExceptionDetails.Text, r.ExceptionDetails.Exception.Description)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(r.Result.Value, into); err != nil {
		p.t.Fatalf("%.80s: %v", expression, err)
	}
}

// press types a key as a keyboard would.
func (p *tab) press(key string, code int) {
	p.t.Helper()
	text := ""
	if key == "Enter" {
		text = "\r"
	}
	for _, kind := range []string{"keyDown", "keyUp"} {
		m := map[string]any{"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "nativeVirtualKeyCode": code}
		if kind == "keyDown" && text != "" {
			m["text"] = text
		}
		p.do("Input.dispatchKeyEvent", m, nil)
	}
}

// picture writes a screenshot of the whole page where SCREENSHOTS names a folder.
func (p *tab) picture(name string) {
	p.t.Helper()
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" {
		return
	}
	var shot struct{ Data string }
	p.do("Page.captureScreenshot", map[string]any{"captureBeyondViewport": true}, &shot)
	data, err := base64.StdEncoding.DecodeString(shot.Data)
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
