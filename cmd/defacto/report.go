package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"defacto/analysis"
	"defacto/backlog"
	"defacto/config"
	"defacto/reports"
	"defacto/reports/mail"
	"defacto/store"
)

// errand is what is to be done with a named report.
type errand struct {
	dryRun, send, resend bool
	output               string
	patience             time.Duration
}

func reportCommand(p *program) *cobra.Command {
	var e errand
	cmd := &cobra.Command{
		Use:     "report NAME",
		Short:   "Render one of the configured reports, or send it by mail",
		GroupID: "ask",
		Long: `Report makes one of the configuration's named reports from what is in the store: its period,
scopes and format stand there. It writes it to stdout or a file, or sends it by mail: a
summary for a phone, what changed since the last one sent, the whole report attached.

A report goes to each recipient once a day at most. Every message stands in a ledger in the
store, so that one that was interrupted goes on where it stopped and sends nothing twice.
Where the server's answer to a message was not seen, the ledger says unknown, and --resend
sends it again under the same Message-ID when you decide so.`,
		Example: `  defacto report quarterly -o quarterly.html
  defacto report quarterly --dry-run -o mails
  defacto sync && defacto report quarterly --send`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := p.configure(cmd, false)
			if err != nil {
				return err
			}
			return p.report(cmd.Context(), c, args[0], e)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&e.dryRun, "dry-run", false, "write the mails as .eml files, send nothing")
	f.BoolVar(&e.send, "send", false, "send it to its recipients")
	f.BoolVar(&e.resend, "resend", false, "send again what did not arrive, or may not have, of the last one")
	f.StringVarP(&e.output, "output", "o", "", "write to `FILE` (with --dry-run: into this folder)")
	f.DurationVar(&e.patience, "retry-for", 10*time.Minute, "how long to try again where the server says later")
	return cmd
}

func (p *program) report(ctx context.Context, c *config.Config, name string, e errand) error {
	r, err := named(c, name)
	if err != nil {
		return err
	}
	if e.dryRun && (e.send || e.resend) || e.send && e.resend {
		return usage("--dry-run, --send and --resend exclude each other")
	}
	if e.send || e.resend {
		if err := mailable(c, r); err != nil {
			return err
		}
	}
	st, err := p.existingStore(ctx, c)
	if err != nil {
		return err
	}
	defer st.Close()
	switch {
	case e.resend:
		return p.resend(ctx, c, st, r, e.patience)
	case e.send:
		return p.sendToday(ctx, c, st, r, e.patience)
	}
	made, err := p.edition(ctx, c, st, r, p.now())
	if err != nil {
		return err
	}
	if e.dryRun {
		return errors.Join(p.writeMails(ctx, c, st, made, e.output), verdict(made.report, nil))
	}
	to := output{r.Format, "-"}
	if e.output != "" {
		to.path = e.output
	}
	if err := p.write(made.report, reports.Options{Zone: c.Calendar.Zone}, []output{to}); err != nil {
		return err
	}
	return verdict(made.report, nil)
}

// named finds a report of the configuration.
func named(c *config.Config, name string) (config.Report, error) {
	var names []string
	for _, r := range c.Reports {
		if r.Name == name {
			return r, nil
		}
		names = append(names, r.Name)
	}
	if len(names) == 0 {
		return config.Report{}, advise(usage("no report is configured"), "write one under reports into defacto.yaml; docs/defacto.yaml shows how")
	}
	return config.Report{}, usage("no report is called %q; the configuration has %s", name, strings.Join(names, ", "))
}

// mailable says what a report lacks to be sent.
func mailable(c *config.Config, r config.Report) error {
	switch {
	case len(r.To) == 0:
		return advise(usage("the report %s has no recipients", r.Name), "write from and to into its part of the configuration")
	case c.SMTP.User != "" && !c.SMTP.Password.Set():
		return advise(usage("the password of the mail server is absent"), "set what smtp.password in the configuration refers to")
	}
	return nil
}

// edition is a named report made for a due time.
type edition struct {
	config   config.Report
	due      time.Time
	report   *analysis.Report
	period   string
	standing analysis.Standing
}

// edition makes a report and compares it with the one sent before that due time.
func (p *program) edition(ctx context.Context, c *config.Config, st *store.Store, r config.Report, due time.Time) (*edition, error) {
	f, err := p.read(ctx, st, c)
	if err != nil {
		return nil, err
	}
	q := question{period: r.Period, scopes: r.Scopes, pseudonyms: r.Pseudonyms || c.Privacy.Pseudonyms}
	report, err := p.measure(ctx, c, f, q)
	if err != nil {
		return nil, err
	}
	e := &edition{config: r, due: due, report: report, period: coverOf(report), standing: report.Standing(q.pseudonyms)}
	last, found, err := st.Newest(ctx, r.Name, due, true)
	if err != nil || !found {
		return e, err
	}
	var before analysis.Standing
	if err := json.Unmarshal([]byte(last.Standing), &before); err != nil {
		return nil, fmt.Errorf("read what the report of %s said: %w", last.Due.Format(time.DateOnly), err)
	}
	report.ChangedSince = e.standing.Since(before)
	if !q.pseudonyms {
		introduce(report, f)
	}
	return e, nil
}

// introduce adds those to a report's people whom only the comparison speaks of.
func introduce(r *analysis.Report, f *facts) {
	if r.ChangedSince == nil {
		return
	}
	for _, c := range r.ChangedSince.Changes {
		_, suffix, _ := strings.Cut(c.Finding, "/"+c.Name+"/")
		ids := []string{suffix}
		if c.From != nil {
			ids = append(ids, c.From.Person)
		}
		for _, id := range ids {
			i := slices.IndexFunc(f.site.People, func(p backlog.Person) bool { return p.ID == id })
			if i > 0 && !slices.ContainsFunc(r.People, func(p analysis.Person) bool { return p.ID == id }) {
				r.People = append(r.People, analysis.Person{ID: id, Name: f.site.People[i].Name, Kind: f.site.People[i].Kind.String(), Accounts: f.site.People[i].Accounts})
			}
		}
	}
	slices.SortFunc(r.People, func(a, b analysis.Person) int { return strings.Compare(a.ID, b.ID) })
}

// coverOf names what a report covers: its period, or the first and the last.
func coverOf(r *analysis.Report) string {
	if len(r.Scopes) == 0 || len(r.Scopes[0].Periods) == 0 {
		return ""
	}
	periods := r.Scopes[0].Periods
	if len(periods) == 1 {
		return periods[0].Period
	}
	return periods[0].Period + ".." + periods[len(periods)-1].Period
}

// messages puts an edition into a message for each recipient.
func (p *program) messages(ctx context.Context, c *config.Config, st *store.Store, e *edition) ([]store.Message, error) {
	if len(e.config.To) == 0 {
		return nil, mailable(c, e.config)
	}
	from, err := mail.ParseAddress(e.config.From)
	if err != nil {
		return nil, usageError{err}
	}
	secret, err := st.Secret(ctx)
	if err != nil {
		return nil, err
	}
	letter, err := mail.Compose(e.report, mail.Options{
		Report: e.config.Name, Period: e.period, Format: e.config.Format, Zone: c.Calendar.Zone, Date: p.now().In(c.Calendar.Zone), From: from,
	})
	if err != nil {
		return nil, err
	}
	var list []store.Message
	for _, text := range e.config.To {
		to, err := mail.ParseAddress(text)
		if err != nil {
			return nil, usageError{err}
		}
		if slices.ContainsFunc(list, func(m store.Message) bool { return strings.EqualFold(m.Recipient, to.String()) }) {
			continue // named twice
		}
		id := mail.ID(secret, e.config.Name, e.due, to, from)
		message, err := letter.To(to, id)
		if err != nil {
			return nil, err
		}
		list = append(list, store.Message{Recipient: to.String(), MessageID: id, Hash: mail.Hash(message), Text: message})
	}
	return list, nil
}

// writeMails writes an edition's messages into a folder.
func (p *program) writeMails(ctx context.Context, c *config.Config, st *store.Store, e *edition, dir string) error {
	messages, err := p.messages(ctx, c, st, e)
	if err != nil {
		return err
	}
	if dir != "" {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return fmt.Errorf("make a folder for the mails: %w", err)
		}
	}
	for _, m := range messages {
		path := filepath.Join(dir, e.config.Name+"-"+safeName(m.Recipient)+".eml")
		if err := writeFile(path, m.Text); err != nil {
			return fmt.Errorf("write a mail: %w", err)
		}
		fmt.Fprintf(p.out, "wrote %s\n", printable(path))
	}
	return nil
}

// safeName makes a file's name of an address.
func safeName(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("@.+_-", r) {
			return r
		}
		return '_'
	}, s)
}
