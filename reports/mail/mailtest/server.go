// Package mailtest is a mail server on loopback for tests: with TLS by a
// certificate authority of its own, logins, and every way to fail a sender.
package mailtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"sync"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Stages of a conversation, in their order.
const (
	Hello = "hello"
	Mail  = "mail"  // MAIL came
	Rcpt  = "rcpt"  // RCPT came
	Data  = "data"  // DATA came
	Body  = "body"  // the whole message came
	Taken = "taken" // it is kept, and not answered for yet
)

// ErrDrop makes the server hang up without an answer.
var ErrDrop = errors.New("hang up")

// Options of a server.
type Options struct {
	TLS            string // starttls, implicit, or "" for none
	User, Password string // "" lets everybody in
	// On is called at every stage; its error is the server's answer. Nil accepts everything.
	On func(stage, recipient string) error
}

// Message is one that was taken.
type Message struct {
	From, To string
	Text     []byte
}

// Server is a running server.
type Server struct {
	Host string
	Port int
	CA   []byte // PEM; nil without TLS

	opt    Options
	server *smtp.Server
	mu     sync.Mutex
	taken  []Message
	helos  []string
}

// New starts a server; Close ends it.
func New(opt Options) (*Server, error) {
	s := &Server{opt: opt}
	s.server = smtp.NewServer(smtp.BackendFunc(s.session))
	s.server.Domain = "mail.test"
	s.server.AllowInsecureAuth = opt.TLS == ""
	s.server.ErrorLog = quiet{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	if opt.TLS != "" {
		certificate, ca, err := certify()
		if err != nil {
			return nil, err
		}
		s.CA = ca
		s.server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}}
		if opt.TLS == "implicit" {
			l = tls.NewListener(l, s.server.TLSConfig)
		}
	}
	address := l.Addr().(*net.TCPAddr)
	s.Host, s.Port = address.IP.String(), address.Port
	go func() { _ = s.server.Serve(l) }() // ends with Close
	return s, nil
}

// Close ends the server and every conversation.
func (s *Server) Close() { _ = s.server.Close() }

// Messages returns what was taken, in order.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Message(nil), s.taken...)
}

// Greetings returns how clients named themselves.
func (s *Server) Greetings() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.helos...)
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

type session struct {
	server   *Server
	conn     *smtp.Conn
	loggedIn bool
	from, to string
}

func (s *Server) session(c *smtp.Conn) (smtp.Session, error) {
	s.mu.Lock()
	s.helos = append(s.helos, c.Hostname())
	s.mu.Unlock()
	one := &session{server: s, conn: c}
	return one, one.at(Hello)
}

func (s *session) at(stage string) error {
	if s.server.opt.On == nil {
		return nil
	}
	err := s.server.opt.On(stage, s.to)
	if errors.Is(err, ErrDrop) {
		_ = s.conn.Conn().Close()
	}
	return err
}

func (s *session) AuthMechanisms() []string {
	if s.server.opt.User == "" {
		return nil
	}
	return []string{sasl.Plain}
}

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != s.server.opt.User || password != s.server.opt.Password {
			return errors.New("wrong password")
		}
		s.loggedIn = true
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.server.opt.User != "" && !s.loggedIn {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return s.at(Mail)
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return s.at(Rcpt)
}

func (s *session) Data(r io.Reader) error {
	if err := s.at(Data); err != nil {
		return err
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := s.at(Body); err != nil {
		return err
	}
	s.server.mu.Lock()
	s.server.taken = append(s.server.taken, Message{s.from, s.to, text})
	s.server.mu.Unlock()
	return s.at(Taken)
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

// Reply is a server's answer with a code.
func Reply(code int, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 0, 0}, Message: text}
}

// certify makes an authority and a certificate of it for loopback.
func certify() (tls.Certificate, []byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, nil, fmt.Errorf("make a key: %w", err)
	}
	from := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"}, NotBefore: from, NotAfter: from.AddDate(100, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "localhost"}, NotBefore: from, NotAfter: from.AddDate(100, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"},
	}
	root, err := x509.CreateCertificate(rand.Reader, authority, authority, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, nil, fmt.Errorf("make an authority: %w", err)
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, authority, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, nil, fmt.Errorf("make a certificate: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root}), nil
}
