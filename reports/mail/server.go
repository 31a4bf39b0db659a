package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"defacto/config/redact"
)

// Server is how a mail server is reached.
type Server struct {
	Host     string
	Port     int
	User     string // "" sends without logging in
	Password string
	TLS      string        // starttls (required, not merely tried), implicit, or none, on loopback only
	CA       []byte        // further certificate authorities, PEM
	Timeout  time.Duration // for each step of the conversation; 0 means a minute
}

// answerTime is how much longer a server may take to answer for a message: it
// may be scanning it, and whoever hangs up then cannot know what became of it.
const answerTime = 5

// Outcome is what became of an attempt.
type Outcome int

// The outcomes.
const (
	Arrived  Outcome = iota // the server took the message
	Deferred                // it did not, and may later
	Refused                 // it did not, and never will
	Doubtful                // the message was handed over whole and the answer was not seen
)

// client checks the settings and returns what dials.
func (s Server) client(helo string) (*gomail.Client, error) {
	config := &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12}
	if len(s.CA) > 0 {
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM(s.CA) {
			return nil, errors.New("mail: smtp.ca holds no certificate in PEM")
		}
		config.RootCAs = pool
	}
	options := []gomail.Option{
		gomail.WithPort(s.Port), gomail.WithTimeout(s.timeout()), gomail.WithTLSConfig(config),
		gomail.WithHELO(helo), // the machine's own name is nobody's business
	}
	switch s.TLS {
	case "starttls":
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory), gomail.WithDialContextFunc(connect))
	case "implicit":
		options = append(options, gomail.WithSSL())
	case "none":
		if ip := net.ParseIP(s.Host); s.Host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return nil, errors.New("mail: smtp.tls none would send reports readable over the network: use starttls or implicit")
		}
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS), gomail.WithDialContextFunc(connect))
	default:
		return nil, fmt.Errorf("mail: smtp.tls is %q: it is starttls, implicit or none", s.TLS)
	}
	if s.User != "" {
		auth := gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover)
		if s.TLS == "none" {
			auth = gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthCramMD5, gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc)
		}
		options = append(options, gomail.WithUsername(s.User), gomail.WithPassword(s.Password), auth)
	}
	client, err := gomail.NewClient(s.Host, options...)
	if err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	return client, nil
}

// secrets keeps the password out of what a server's answers, which may repeat
// anything, become here.
func (s Server) secrets() *redact.Redactor { return redact.New(s.Password) }

// mostSaid bounds what a server may say in one conversation: all of it is a few
// kilobytes, certificates included.
const mostSaid = 1 << 20

var errTalkative = errors.New("the server says more than 1 MiB and is not listened to further")

// connect dials a connection that ends where a server does not end. With implicit TLS
// the library dials itself, for only then does it know that a password is safe on it:
// whoever answers there has a certificate.
func connect(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &boundedConn{Conn: conn, left: mostSaid}, nil
}

// boundedConn is a connection of which no more than left bytes are read.
type boundedConn struct {
	net.Conn
	left int
}

func (b *boundedConn) Read(p []byte) (int, error) {
	if b.left <= 0 {
		_ = b.Close() // the library does not where a greeting fails
		return 0, errTalkative
	}
	n, err := b.Conn.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

func (s Server) timeout() time.Duration {
	if s.Timeout > 0 {
		return s.Timeout
	}
	return time.Minute
}

// Check dials, secures the connection and logs in, and sends nothing.
func (s Server) Check(ctx context.Context, from Address) error {
	c, err := s.dial(ctx, from)
	if err != nil {
		return err
	}
	_ = c.Quit() // it answered what was asked
	return nil
}

func (s Server) dial(ctx context.Context, from Address) (*smtp.Client, error) {
	client, err := s.client(from.domain())
	if err != nil {
		return nil, err
	}
	c, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return nil, s.secrets().Error(fmt.Errorf("mail: reach %s: %w", client.ServerAddr(), err))
	}
	return c, nil
}

// send hands a message over on an open connection. Until the last line is
// written no server may deliver it; from then on only its answer tells.
func (s Server) send(c *smtp.Client, from, to Address, message []byte) (Outcome, error) {
	o, err := s.converse(c, from, to, message)
	return o, s.secrets().Error(err)
}

func (s Server) converse(c *smtp.Client, from, to Address, message []byte) (Outcome, error) {
	var body io.WriteCloser
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"MAIL", func() error { return c.Mail(from.String()) }},
		{"RCPT", func() error { return c.Rcpt(to.String()) }},
		{"DATA", func() (err error) { body, err = c.Data(); return err }},
		{"the message", func() error { _, err := body.Write(message); return err }},
	} {
		if err := c.UpdateDeadline(s.timeout()); err != nil {
			return Deferred, fmt.Errorf("mail: %s: %w", step.name, err)
		}
		if err := step.do(); err != nil {
			return before(err), fmt.Errorf("mail: %s: %w", step.name, err)
		}
	}
	if err := c.UpdateDeadline(answerTime * s.timeout()); err != nil {
		return Deferred, fmt.Errorf("mail: %w", err)
	}
	err := body.Close()
	var answer *textproto.Error
	switch {
	case err == nil:
		return Arrived, nil
	case errors.As(err, &answer):
		return before(err), fmt.Errorf("mail: the server does not take the message: %w", err)
	default:
		return Doubtful, fmt.Errorf("mail: the server's answer was not seen: %w", err)
	}
}

// before is the outcome of an error before a server took a message: a 5xx is
// its last word, everything else may pass.
func before(err error) Outcome {
	var answer *textproto.Error
	if errors.As(err, &answer) && answer.Code/100 == 5 {
		return Refused
	}
	return Deferred
}
