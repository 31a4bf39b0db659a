package main

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"defacto/reports/mail"
	"defacto/store"
)

// patience is how long the mail server may take for a step of the conversation.
const patience = 15 * time.Second

// mail connects to the mail server and logs in; nothing is sent.
func (x *patient) mail(ctx context.Context) {
	smtp := x.config.SMTP
	if smtp.Host == "" || smtp.User != "" && !smtp.Password.Set() {
		return
	}
	about := fmt.Sprintf("mail: %s:%d", smtp.Host, smtp.Port)
	fail := func(err error, next string) {
		x.failed = append(x.failed, err)
		x.list.add(problem, about, err.Error(), next)
	}
	server := mail.Server{Host: smtp.Host, Port: smtp.Port, User: smtp.User, Password: smtp.Password.Reveal(), TLS: smtp.TLS, Timeout: patience}
	if smtp.CA != "" {
		var err error
		if server.CA, err = mailAuthorities(smtp.CA); err != nil {
			fail(err, "correct smtp.ca")
			return
		}
	}
	sender := "defacto@localhost"
	for _, r := range x.config.Reports {
		sender = cmp.Or(r.From, sender)
	}
	from, err := mail.ParseAddress(sender)
	if err == nil {
		err = server.Check(ctx, from)
	}
	if err != nil {
		fail(err, "check smtp.host, port, tls, user and password with whoever runs the server")
		return
	}
	x.list.add(fine, about, "takes the connection ("+smtp.TLS+")", "")
}

// ledger tells of mail that did not arrive, or may not have.
func (x *patient) ledger(ctx context.Context, st *store.Store) error {
	list, err := st.Undelivered(ctx)
	if err != nil {
		return err
	}
	for _, d := range list {
		about := fmt.Sprintf("report %s to %s", d.Report, d.Recipient)
		switch d.State {
		case store.Unknown:
			x.list.add(problem, about, "it may have arrived: the server's answer was not seen", "ask whether it came; if not, defacto report "+d.Report+" --resend")
		case store.Failed:
			x.list.add(problem, about, "it did not arrive: "+d.Error, "defacto report "+d.Report+" --resend, once that is mended")
		default:
			x.list.add(note, about, "it waits to be sent"+wrapped(": ", d.Error), "defacto schedule sends it")
		}
	}
	return nil
}

// wrapped puts something before a text that is there.
func wrapped(before, text string) string {
	if text == "" {
		return ""
	}
	return before + text
}
