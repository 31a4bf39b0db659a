package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"defacto/backlog"
	"defacto/reports/mail/mailtest"
	"defacto/store"
)

// desk is a folder with the demo's store and a configuration that mails through
// a server.
type desk struct {
	t           *testing.T
	dir, config string
	env         []string
}

func newDesk(t *testing.T, s *mailtest.Server, opt mailtest.Options, report string) *desk {
	t.Helper()
	d := &desk{t: t, dir: demoIn(t)}
	d.config = filepath.Join(d.dir, "defacto.yaml")
	text, err := os.ReadFile(d.config)
	if err != nil {
		t.Fatal(err)
	}
	mode, login := "none", ""
	if opt.TLS != "" {
		mode = opt.TLS + ", ca: ca.pem"
		if err := os.WriteFile(filepath.Join(d.dir, "ca.pem"), s.CA, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if opt.User != "" {
		login = `, user: ` + opt.User + `, password: "${SMTP_PASSWORD}"`
	}
	text = fmt.Appendf(text, "calendar: {zone: Europe/Berlin}\nsmtp: {host: %s, port: %d, tls: %s%s}\nreports:\n  - {name: quarterly, scopes: [demo/SHOP], from: 'Défacto <defacto@acme.example>', %s}\n", s.Host, s.Port, mode, login, report)
	if err := os.WriteFile(d.config, text, 0o600); err != nil {
		t.Fatal(err)
	}
	d.env = append(os.Environ(), "DEFACTO_CONFIG="+d.config, "SMTP_PASSWORD="+opt.Password)
	return d
}

// command is a defacto of its own, in a process that can be killed.
func (d *desk) command(args ...string) *exec.Cmd {
	cmd, err := plain.command(args...)
	if err != nil {
		d.t.Fatal(err)
	}
	cmd.Env = d.env
	return cmd
}

func (d *desk) run(want int, args ...string) string {
	d.t.Helper()
	out, err := d.command(args...).CombinedOutput()
	var exit *exec.ExitError
	code := 0
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		d.t.Fatal(err)
	}
	if code != want {
		d.t.Errorf("defacto %s exits with %d, not %d: %s", strings.Join(args, " "), code, want, out)
	}
	return string(out)
}

// states are the ledger's, in the order of recipients.
func (d *desk) states() []string {
	d.t.Helper()
	st, err := store.Open(d.t.Context(), filepath.Join(d.dir, "defacto.db"), store.Options{ReadOnly: true, Lexicon: backlog.DefaultLexicon()})
	if err != nil {
		d.t.Fatal(err)
	}
	defer st.Close()
	rows, err := st.DB().QueryContext(d.t.Context(), `SELECT state FROM delivery ORDER BY id`)
	if err != nil {
		d.t.Fatal(err)
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			d.t.Fatal(err)
		}
		list = append(list, s)
	}
	if err := rows.Err(); err != nil {
		d.t.Fatal(err)
	}
	return list
}

// arrivals counts what each recipient got.
func arrivals(s *mailtest.Server) map[string]int {
	n := map[string]int{}
	for _, m := range s.Messages() {
		n[m.To]++
	}
	return n
}

// hook calls what is set now at every stage.
type hook struct {
	mu sync.Mutex
	on func(stage, recipient string) error
}

func (h *hook) call(stage, recipient string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.on == nil {
		return nil
	}
	return h.on(stage, recipient)
}

func (h *hook) set(on func(stage, recipient string) error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.on = on
}

// Killed at any stage of the conversation, and started again, nobody gets a
// report twice; where it may have arrived, only a person sends it again.
func TestReportKilled(t *testing.T) {
	var h hook
	opt := mailtest.Options{TLS: "starttls", User: "reports", Password: "good", On: h.call}
	s, err := mailtest.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	to := []string{"ann@acme.example", "bob@acme.example"}
	base := newDesk(t, s, opt, "to: ["+strings.Join(to, ", ")+"]")
	for i, stage := range []string{mailtest.Hello, mailtest.Mail, mailtest.Rcpt, mailtest.Data, mailtest.Body, mailtest.Taken, mailtest.Taken} {
		victim := (i + 1) % len(to)
		t.Run(fmt.Sprintf("%s of message %d", stage, victim+1), func(t *testing.T) {
			d := &desk{t: t, dir: filepath.Join(t.TempDir(), "desk"), env: base.env}
			if err := os.CopyFS(d.dir, os.DirFS(base.dir)); err != nil {
				t.Fatal(err)
			}
			d.env = append(slices.Clone(base.env), "DEFACTO_CONFIG="+filepath.Join(d.dir, "defacto.yaml"))
			before := arrivals(s)
			got := func(i int) int { return arrivals(s)[to[i]] - before[to[i]] }

			cmd := d.command("report", "quarterly", "--send")
			var out bytes.Buffer
			cmd.Stderr = &out
			seen, started := 0, make(chan bool)
			// Before RCPT nobody knows whose turn it is; a connection greets before and after STARTTLS.
			earlier := map[string]int{mailtest.Hello: 2 * victim, mailtest.Mail: victim}[stage]
			h.set(func(at, recipient string) error {
				if at != stage || recipient != "" && recipient != to[victim] {
					return nil
				}
				if seen++; seen <= earlier {
					return nil
				}
				<-started
				return errors.Join(cmd.Process.Kill(), mailtest.ErrDrop)
			})
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			close(started)
			if err := cmd.Wait(); err == nil || cmd.ProcessState.Exited() {
				t.Fatalf("it was not killed: %v, %s", err, out.String())
			}
			h.set(nil)
			if states := d.states(); victim == 1 && states[0] != store.Sent {
				t.Errorf("the first message: %v", states)
			}

			if runtime.GOOS != "linux" { // there it is seen that the killed one is gone
				d.release()
			}
			said := d.run(map[bool]int{true: 1, false: 0}[stage != mailtest.Hello], "report", "quarterly", "--send")
			states := d.states()
			if stage == mailtest.Hello {
				if !slices.Equal(states, []string{store.Sent, store.Sent}) || got(0) != 1 || got(1) != 1 {
					t.Errorf("states %v, arrived %d and %d: %s", states, got(0), got(1), said)
				}
				return
			}
			arrived := map[bool]int{true: 1, false: 0}[stage == mailtest.Taken]
			if states[victim] != store.Unknown || states[1-victim] != store.Sent || got(victim) != arrived || got(1-victim) != 1 {
				t.Errorf("states %v, arrived %d and %d: %s", states, got(0), got(1), said)
			}
			if !strings.Contains(said, "--resend") {
				t.Errorf("it does not say what to do: %s", said)
			}
			if stage == mailtest.Taken {
				d.run(1, "report", "quarterly", "--send") // never by itself
			}
			d.run(0, "report", "quarterly", "--resend")
			if got(victim) != arrived+1 || got(1-victim) != 1 || !slices.Equal(d.states(), []string{store.Sent, store.Sent}) {
				t.Errorf("resent: states %v, arrived %d and %d", d.states(), got(0), got(1))
			}
			if ids := messageIDs(t, s, to[victim]); stage == mailtest.Taken && ids[len(ids)-1] != ids[len(ids)-2] {
				t.Errorf("resent as %v", ids[len(ids)-2:])
			}
		})
	}
}

// release gives the killed one's place free at once, as time would.
func (d *desk) release() {
	d.t.Helper()
	st, err := store.Open(d.t.Context(), filepath.Join(d.dir, "defacto.db"), store.Options{Now: time.Now})
	if err != nil {
		d.t.Fatal(err)
	}
	defer st.Close()
	rows, err := st.DB().QueryContext(d.t.Context(), `SELECT holder FROM lease`)
	if err != nil {
		d.t.Fatal(err)
	}
	defer rows.Close()
	var holders []string
	for rows.Next() {
		var holder string
		if err := rows.Scan(&holder); err != nil {
			d.t.Fatal(err)
		}
		holders = append(holders, holder)
	}
	if err := rows.Err(); err != nil {
		d.t.Fatal(err)
	}
	for _, holder := range holders {
		if err := st.Release(d.t.Context(), "report:quarterly", holder); err != nil {
			d.t.Fatal(err)
		}
	}
}

func messageIDs(t *testing.T, s *mailtest.Server, to string) []string {
	t.Helper()
	var ids []string
	for _, m := range s.Messages() {
		if m.To != to {
			continue
		}
		one, err := mail.ReadMessage(bytes.NewReader(m.Text))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, one.Header.Get("Message-Id"))
	}
	return ids
}

func TestReportSend(t *testing.T) {
	var h hook
	s, err := mailtest.New(mailtest.Options{On: h.call})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	d := newDesk(t, s, mailtest.Options{}, "to: [ann@acme.example, 'Bob <bob@acme.example>', ANN@acme.example]")
	d.env = append(d.env, "DEFACTO_RETRY_FOR=0s")

	h.set(func(stage, recipient string) error {
		switch {
		case stage == mailtest.Rcpt && recipient == "bob@acme.example":
			return mailtest.Reply(451, "greylisted")
		case stage == mailtest.Rcpt:
			return mailtest.Reply(550, "no such\x1b[31m user")
		}
		return nil
	})
	said := d.run(1, "report", "quarterly", "--send")
	if !slices.Equal(d.states(), []string{store.Failed, store.Rendered}) || !strings.Contains(said, "ann@acme.example: failed") || !strings.Contains(said, "greylisted") || strings.Contains(said, "\x1b") {
		t.Errorf("%v: %s", d.states(), said)
	}
	h.set(nil)
	said = d.run(1, "report", "quarterly", "--send")
	if !slices.Equal(d.states(), []string{store.Failed, store.Sent}) || !strings.Contains(said, "next: correct the address") {
		t.Errorf("%v: %s", d.states(), said)
	}
	d.run(0, "report", "quarterly", "--resend")
	d.run(0, "report", "quarterly", "--send") // once a day
	d.run(0, "report", "quarterly", "--resend")
	if n := arrivals(s); n["ann@acme.example"] != 1 || n["bob@acme.example"] != 1 || len(n) != 2 {
		t.Errorf("arrived: %v", n)
	}
	for _, m := range s.Messages() {
		if host, err := os.Hostname(); err != nil || bytes.Contains(m.Text, []byte(host)) && len(host) > 4 || bytes.Contains(m.Text, []byte("go-mail")) {
			t.Errorf("the message tells the machine or the library (%v)", err)
		}
		if m.From != "defacto@acme.example" {
			t.Errorf("from %s", m.From)
		}
	}
}
