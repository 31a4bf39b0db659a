package mail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"defacto/reports/mail/mailtest"
)

func now() time.Time { return time.Date(2026, 10, 2, 7, 0, 0, 0, time.UTC) }

func address(t *testing.T, text string) Address {
	t.Helper()
	a, err := ParseAddress(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func serve(t *testing.T, opt mailtest.Options) *mailtest.Server {
	t.Helper()
	s, err := mailtest.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// book is a ledger in memory; fail makes the nth write fail, as a full disk or
// a killed process would.
type book struct {
	state  map[int64]string
	why    map[int64]string
	writes int
	fail   int
}

var errBook = errors.New("the disk is full")

func newBook(items []Item) *book {
	b := &book{state: map[int64]string{}, why: map[int64]string{}, fail: -1}
	for _, i := range items {
		b.state[i.ID] = "rendered"
	}
	return b
}

func (b *book) write() error {
	b.writes++
	if b.writes-1 == b.fail {
		return errBook
	}
	return nil
}

func (b *book) Claim(_ context.Context, id int64) (bool, error) {
	if err := b.write(); err != nil || b.state[id] != "rendered" {
		return false, err
	}
	b.state[id] = "sending"
	return true, nil
}

func (b *book) Settle(_ context.Context, id int64, o Outcome, why string, _ time.Time) error {
	if err := b.write(); err != nil {
		return err
	}
	b.state[id], b.why[id] = o.String(), why
	if o == Deferred {
		b.state[id] = "rendered"
	}
	return nil
}

func itemsTo(t *testing.T, recipients ...string) []Item {
	var items []Item
	for i, r := range recipients {
		items = append(items, Item{ID: int64(i + 1), To: address(t, r), Message: []byte("Subject: hello\r\n\r\n.\r\nto " + r + "\r\n")})
	}
	return items
}

func courier(t *testing.T, s *mailtest.Server, opt mailtest.Options, l Ledger) Courier {
	mode := opt.TLS
	if mode == "" {
		mode = "none"
	}
	return Courier{
		Server: Server{Host: s.Host, Port: s.Port, TLS: mode, User: opt.User, Password: opt.Password, CA: s.CA, Timeout: 5 * time.Second},
		From:   address(t, "Defacto <defacto@acme.example>"), Ledger: l, Now: now,
	}
}

func TestDelivery(t *testing.T) {
	to := []string{"ann@acme.example", "bob@acme.example", "cyd@acme.example"}
	second := func(stage string, answer error) func(string, string) error {
		return func(at, recipient string) error {
			if at == stage && recipient == to[1] {
				return answer
			}
			return nil
		}
	}
	for _, c := range []struct {
		name  string
		opt   mailtest.Options
		state string // of the second message; the others arrive
		why   string
		taken int
	}{
		{"plain on loopback", mailtest.Options{}, "sent", "", 3},
		{"login without TLS on loopback", mailtest.Options{User: "u", Password: "p"}, "sent", "", 3},
		{"STARTTLS and a login", mailtest.Options{TLS: "starttls", User: "u", Password: "p"}, "sent", "", 3},
		{"implicit TLS and a login", mailtest.Options{TLS: "implicit", User: "u", Password: "p"}, "sent", "", 3},
		{"a recipient is refused", mailtest.Options{On: second(mailtest.Rcpt, mailtest.Reply(550, "no such user"))}, "refused", "no such user", 2},
		{"a recipient is deferred", mailtest.Options{On: second(mailtest.Rcpt, mailtest.Reply(451, "greylisted"))}, "rendered", "greylisted", 2},
		{"the message is deferred", mailtest.Options{On: second(mailtest.Body, mailtest.Reply(452, "full"))}, "rendered", "full", 2},
		{"the message is refused", mailtest.Options{On: second(mailtest.Body, mailtest.Reply(554, "spam"))}, "refused", "spam", 2},
		{"dropped at RCPT", mailtest.Options{TLS: "starttls", On: second(mailtest.Rcpt, mailtest.ErrDrop)}, "rendered", "RCPT", 2},
		{"dropped after the message", mailtest.Options{On: second(mailtest.Body, mailtest.ErrDrop)}, "unknown", "not seen", 2},
		{"dropped after it was taken", mailtest.Options{TLS: "implicit", On: second(mailtest.Taken, mailtest.ErrDrop)}, "unknown", "not seen", 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			items := itemsTo(t, to...)
			b, s := newBook(items), serve(t, c.opt)
			results, err := courier(t, s, c.opt, b).Deliver(t.Context(), items)
			if err != nil || len(results) != 3 {
				t.Fatalf("%d results, %v", len(results), err)
			}
			if b.state[1] != "sent" || b.state[3] != "sent" || b.state[2] != c.state || !strings.Contains(b.why[2], c.why) {
				t.Errorf("states %v, why %q", b.state, b.why[2])
			}
			if (Errors(results) == nil) != (c.state == "sent") {
				t.Errorf("errors: %v", Errors(results))
			}
			taken := s.Messages()
			if len(taken) != c.taken {
				t.Fatalf("%d messages were taken, want %d", len(taken), c.taken)
			}
			if got := string(taken[0].Text); got != string(items[0].Message) || taken[0].From != "defacto@acme.example" || taken[0].To != to[0] {
				t.Errorf("taken: %+v", taken[0])
			}
			for _, name := range s.Greetings() {
				if name != "acme.example" {
					t.Errorf("the machine gives its name away: %q", name)
				}
			}
			// Whatever happened, what arrived or may have is not sent again.
			if _, err := courier(t, s, mailtest.Options{TLS: c.opt.TLS, User: c.opt.User, Password: c.opt.Password}, b).Deliver(t.Context(), items); err != nil {
				t.Fatal(err)
			}
			for i, r := range to {
				n := 0
				for _, m := range s.Messages() {
					if m.To == r {
						n++
					}
				}
				if n > 1 {
					t.Errorf("message %d arrived %d times", i+1, n)
				}
			}
		})
	}
}

func TestServerTrouble(t *testing.T) {
	for _, c := range []struct {
		name, why string
		opt       mailtest.Options
		change    func(*Server)
	}{
		{"a wrong password", "AUTH", mailtest.Options{TLS: "starttls", User: "u", Password: "p"}, func(s *Server) { s.Password = "q" }},
		{"a server nobody vouches for", "certificate", mailtest.Options{TLS: "starttls"}, func(s *Server) { s.CA = nil }},
		{"a server without STARTTLS", "STARTTLS", mailtest.Options{}, func(s *Server) { s.TLS = "starttls" }},
		{"nobody there", "reach 127.0.0.1:1", mailtest.Options{}, func(s *Server) { s.Port = 1 }},
		{"no certificate", "PEM", mailtest.Options{}, func(s *Server) { s.CA = []byte("x") }},
		{"readable over the network", "readable", mailtest.Options{}, func(s *Server) { s.Host = "192.0.2.1" }},
		{"no such protection", "tls", mailtest.Options{}, func(s *Server) { s.TLS = "tls" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			items := itemsTo(t, "ann@acme.example")
			b, s := newBook(items), serve(t, c.opt)
			post := courier(t, s, c.opt, b)
			c.change(&post.Server)
			results, err := post.Deliver(t.Context(), items)
			if err != nil || len(results) != 1 || results[0].Outcome != Deferred || b.state[1] != "rendered" || !strings.Contains(b.why[1], c.why) {
				t.Errorf("%+v, %v, state %q, why %q", results, err, b.state[1], b.why[1])
			}
			if want := now().Add(30 * time.Second); !results[0].Retry.Equal(want) {
				t.Errorf("retry at %v, want %v", results[0].Retry, want)
			}
			if strings.Contains(b.why[1], "q\"") || strings.Contains(strings.ToLower(b.why[1]), "password: ") {
				t.Errorf("the ledger tells a secret: %q", b.why[1])
			}
			if err := post.Server.Check(t.Context(), post.From); err == nil {
				t.Error("the check finds nothing")
			}
		})
	}
	s := serve(t, mailtest.Options{TLS: "starttls", User: "u", Password: "p"})
	if err := courier(t, s, mailtest.Options{TLS: "starttls", User: "u", Password: "p"}, nil).Server.Check(t.Context(), address(t, "a@b.example")); err != nil {
		t.Errorf("check: %v", err)
	}
	if n := len(s.Messages()); n > 0 {
		t.Errorf("the check sent %d messages", n)
	}
}

// A server that does not stop talking is not listened to for ever, wherever it begins.
func TestTalkativeServer(t *testing.T) {
	for name, first := range map[string]string{"a line": "220 ", "lines": "220-x\r\n", "after the greeting": "220 x\r\n250-"} {
		t.Run(name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			said := make(chan int, 1)
			go func() {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				defer conn.Close()
				n, more := 0, []byte(strings.Repeat("250-yes\r\n", 1000))
				if name == "a line" {
					more = bytes.Repeat([]byte("x"), 9000)
				}
				_, err = conn.Write([]byte(first))
				for err == nil && n < 64<<20 {
					var k int
					k, err = conn.Write(more)
					n += k
				}
				said <- n
			}()
			at := l.Addr().(*net.TCPAddr)
			s := Server{Host: "127.0.0.1", Port: at.Port, TLS: "none", Timeout: 20 * time.Second}
			if err := s.Check(t.Context(), address(t, "a@b.example")); err == nil || !strings.Contains(err.Error(), "more than 1 MiB") && name != "lines" {
				t.Error(err)
			}
			if n := <-said; n >= 64<<20 {
				t.Errorf("%d bytes were listened to", n)
			}
		})
	}
}

// A ledger that cannot be written to stops everything; what was in hand is never
// sent a second time.
func TestLedgerFails(t *testing.T) {
	for fail := range 6 {
		items := itemsTo(t, "ann@acme.example", "bob@acme.example", "cyd@acme.example")
		b, s := newBook(items), serve(t, mailtest.Options{})
		b.fail = fail
		if _, err := courier(t, s, mailtest.Options{}, b).Deliver(t.Context(), items); !errors.Is(err, errBook) {
			t.Errorf("write %d fails: %v", fail, err)
		}
		after := len(s.Messages())
		if want := fail/2 + fail%2; after != want {
			t.Errorf("write %d fails: %d messages, want %d", fail, after, want)
		}
		if _, err := courier(t, s, mailtest.Options{}, b).Deliver(t.Context(), items); err != nil {
			t.Fatal(err)
		}
		var to []string
		for _, m := range s.Messages() {
			to = append(to, m.To)
		}
		slices.Sort(to)
		if want := slices.Compact(slices.Clone(to)); len(want) != len(to) {
			t.Errorf("write %d fails: %v", fail, to)
		}
	}
}

func TestGivesUp(t *testing.T) {
	items := itemsTo(t, "ann@acme.example")
	opt := mailtest.Options{On: func(stage, _ string) error {
		if stage == mailtest.Rcpt {
			return mailtest.Reply(451, "later")
		}
		return nil
	}}
	b, s := newBook(items), serve(t, opt)
	var waited time.Duration
	for n := 1; ; n++ {
		results, err := courier(t, s, opt, b).Deliver(t.Context(), items)
		if err != nil || len(results) != 1 {
			t.Fatal(results, err)
		}
		items[0].Attempts = results[0].Attempts
		if results[0].Outcome == Refused {
			if n != mostAttempts || !strings.Contains(b.why[1], "given up after 12 attempts") {
				t.Errorf("given up after %d: %s", n, b.why[1])
			}
			break
		}
		waited += results[0].Retry.Sub(now())
	}
	if waited < 18*time.Hour || waited > 30*time.Hour {
		t.Errorf("tried for %v, want about a day", waited)
	}
}

func TestInterrupted(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	opt := mailtest.Options{On: func(stage, _ string) error {
		if stage == mailtest.Data {
			stop() // a message in hand is finished
		}
		return nil
	}}
	items := itemsTo(t, "ann@acme.example", "bob@acme.example")
	b, s := newBook(items), serve(t, opt)
	results, err := courier(t, s, opt, b).Deliver(ctx, items)
	if err != nil || len(results) != 1 || b.state[1] != "sent" || b.state[2] != "rendered" {
		t.Errorf("%v, %v, %v", results, err, b.state)
	}
	if n := len(s.Messages()); n != 1 {
		t.Errorf("%d messages", n)
	}
}

func TestAddress(t *testing.T) {
	for text, want := range map[string]string{
		"ann@acme.example": "acme.example", "Ann Li <ann@acme.example>": "acme.example", "ann@bücher.example": "localhost", `"a@b"@acme.example`: "acme.example",
	} {
		if got := address(t, text).domain(); got != want {
			t.Errorf("domain of %s: %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{"", "ann", "ann@acme.example\r\nBcc: all@acme.example", "a@b.example, c@d.example", "<>"} {
		if a, err := ParseAddress(text); err == nil {
			t.Errorf("%q is an address: %v", text, a)
		}
	}
	from, a, b := address(t, "d@acme.example"), address(t, "ann@acme.example"), address(t, "bob@acme.example")
	ids := map[string]bool{}
	for _, id := range []string{ID("s", "q", now(), a, from), ID("s", "q", now(), b, from), ID("s", "r", now(), a, from), ID("t", "q", now(), a, from), ID("s", "q", now().Add(time.Hour), a, from)} {
		ids[id] = true
		if !strings.HasSuffix(id, "@acme.example") || len(id) != 32+len("@acme.example") {
			t.Errorf("id %q", id)
		}
	}
	if len(ids) != 5 || !ids[ID("s", "q", now(), address(t, "Ann <ann@acme.example>"), from)] {
		t.Error(fmt.Sprint("ids are not told apart, or not the same again: ", ids))
	}
}
