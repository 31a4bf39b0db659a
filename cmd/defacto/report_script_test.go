package main

import (
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"

	"defacto/reports/mail/mailtest"
)

// mailServer starts a mail server on loopback and puts its port into the
// variable named: "mailserver PORT". Then "mails 2" holds that two arrived.
func mailServer(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: mailserver VARIABLE")
	}
	s, err := mailtest.New(mailtest.Options{})
	ts.Check(err)
	ts.Defer(s.Close)
	ts.Setenv(args[0], strconv.Itoa(s.Port))
	*ts.Value(mailKey{}).(**mailtest.Server) = s
}

// mailKey finds a script's mail server among its values.
type mailKey struct{}

// mails holds how many messages arrived so far.
func mails(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: mails COUNT")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	s := *ts.Value(mailKey{}).(**mailtest.Server)
	if s == nil {
		ts.Fatalf("no mail server was started")
	}
	if got := len(s.Messages()); got != want {
		ts.Fatalf("%d messages arrived, want %d", got, want)
	}
}
