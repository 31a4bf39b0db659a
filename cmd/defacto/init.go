package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"defacto/analysis/workhours"
	"defacto/config"
	"defacto/reports/mail"
)

func initCommand(p *program) *cobra.Command {
	var s setup
	var yes, force, unchecked bool
	cmd := &cobra.Command{
		Use:     "init",
		Short:   "Set up: ask for the tracker, check it, write defacto.yaml",
		GroupID: "read",
		Long: `Init asks which tracker to read, checks the credentials live, lists its projects or teams,
shows what their statuses are taken for, proposes declared roles from leads and project roles, asks for
the calendar and for mail, and writes a commented defacto.yaml that only you can read. What a flag says is not
asked. With --yes nothing is asked at all: every proposal is taken, but for leads, which become comments.

The token is never asked for and never written: the file names the environment variable
that holds it. Nothing is written to a tracker. A file that is there stays, without --force.`,
		Example: `  export JIRA_TOKEN=…
  defacto init
  defacto init --yes --kind jira --url https://acme.atlassian.net --user audit@acme.example --projects PAY,WEB
  defacto init --yes --kind linear --teams ENG --zone Europe/Berlin --holidays DE`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.initialise(cmd.Context(), &interview{asker: newAsker(p), yes: yes, checked: !unchecked, now: p.now()}, s, force)
		},
	}
	f := cmd.Flags()
	f.StringVar(&s.kind, "kind", "", "`KIND` of tracker: jira, linear or files")
	f.StringVar(&s.name, "name", "", "`NAME` of the source, the first half of scopes such as acme/PAY (default from the URL)")
	f.StringVar(&s.url, "url", "", "base `URL` of Jira")
	f.StringVar(&s.user, "user", "", "Jira Cloud: `E-MAIL` of the account the token belongs to")
	f.StringVar(&s.tokenEnv, "token-env", "", "environment `VARIABLE` that holds the token (default JIRA_TOKEN or LINEAR_API_KEY)")
	f.StringVar(&s.auth, "auth", "", "`HOW` the token is sent: basic, scoped, oauth, pat or key (default what fits)")
	f.StringVar(&s.ca, "ca", "", "`FILE` with further certificate authorities")
	f.StringSliceVar(&s.projects, "projects", nil, "Jira: only the projects with these `KEYS`")
	f.StringSliceVar(&s.teams, "teams", nil, "Linear: only the teams with these `KEYS`")
	f.StringArrayVar(&s.paths, "path", nil, "files: `PATH` of an export; may be repeated")
	f.StringSliceVar(&s.acceptance, "acceptance", nil, "`STATUSES` in which work waits to be accepted (default guessed)")
	f.StringSliceVar(&s.waiting, "waiting", nil, "`STATUSES` in which the team waits for somebody's word (default guessed)")
	f.StringVar(&s.zone, "zone", "", "time `ZONE` such as Europe/Berlin (default the tracker's)")
	f.StringVar(&s.days, "days", "", "working `DAYS` (default Mon-Fri)")
	f.StringVar(&s.hours, "hours", "", "working `HOURS` (default 09:00-17:00)")
	f.StringSliceVar(&s.holidays, "holidays", nil, "`COUNTRY` whose holidays count, such as DE or US-CA, or dates")
	f.StringVar(&s.text, "text", "", "what the store keeps of what people wrote: `keep` or features (default keep)")
	f.StringVar(&s.mail.host, "smtp-host", "", "`HOST` of the mail server, where reports are to be mailed")
	f.IntVar(&s.mail.port, "smtp-port", defaultPort, "`PORT` of the mail server")
	f.StringVar(&s.mail.user, "smtp-user", "", "`USER` at the mail server")
	f.StringVar(&s.mail.passwordEnv, "smtp-password-env", "", "environment `VARIABLE` that holds the mail password (default SMTP_PASSWORD)")
	f.StringVar(&s.mail.from, "mail-from", "", "`ADDRESS` reports come from")
	f.StringSliceVar(&s.mail.to, "mail-to", nil, "`ADDRESSES` the quarterly report goes to")
	f.BoolVar(&yes, "yes", false, "ask nothing: take the proposals")
	f.BoolVar(&unchecked, "no-check", false, "write the file without asking the tracker anything")
	f.BoolVar(&force, "force", false, "replace a file that is there")
	return cmd
}

// setup is what a configuration is written from.
type setup struct {
	kind, name, url, user, tokenEnv, auth, ca string
	projects, teams, paths                    []string
	acceptance, waiting                       []string
	zone, days, hours, text                   string
	holidays                                  []string
	mail                                      setupMail

	sources []tracked
	claims  []claim
	leads   bool // leads count as declared roles
}

type setupMail struct {
	host, user, passwordEnv, from string
	port                          int
	to                            []string
}

// tracked is one source as it was asked for and checked.
type tracked struct {
	config.Source
	tokenEnv    string
	stages      [][2]string // what its statuses were taken for: stage, status
	chosenStage bool        // by somebody, not guessed
	zone        string
}

// interview asks what no flag said.
type interview struct {
	*asker
	yes     bool // nothing: what has a default takes it
	checked bool
	now     time.Time
}

// want fills a value: what a flag said, the answer, or the default. An empty
// default is an answer only where the value may be absent.
func (i *interview) want(value *string, flag, question, otherwise string, absent bool, check func(string) error) error {
	full := func(s string) error {
		switch {
		case s == "" && absent:
			return nil
		case s == "":
			return errors.New("an answer is needed")
		}
		return check(s)
	}
	switch {
	case *value != "":
	case i.yes && otherwise == "" && !absent:
		return usage("--yes needs --%s", flag)
	case i.yes:
		*value = otherwise
	default:
		text, err := i.until(question, otherwise, full)
		*value = text
		return err
	}
	if err := full(*value); err != nil {
		switch flag {
		case "token-env": // who gives the token itself is not shown it again, nor is the log
			return usage("--%s: %w", flag, err)
		case "url":
			return usage("--%s %q: %w", flag, config.ShownURL(*value), err)
		}
		return usage("--%s %q: %w", flag, *value, err)
	}
	return nil
}

// agree asks a question of yes or no; with --yes the default is the answer.
func (i *interview) agree(question string, otherwise bool) (bool, error) {
	if i.yes {
		return otherwise, nil
	}
	return i.asker.yes(question, otherwise)
}

func (i *interview) say(format string, args ...any) error {
	_, err := fmt.Fprintln(i.p.out, printable(fmt.Sprintf(format, args...)))
	return err
}

func (p *program) initialise(ctx context.Context, i *interview, s setup, force bool) error {
	path := p.configPath
	if path == "" {
		path = "defacto.yaml"
	}
	if _, err := os.Stat(path); err == nil && !force {
		return advise(usage("there is a configuration at %s", path), "look at it with defacto doctor; replace it with --force, or name another with --config")
	}
	for more := true; more; {
		if err := p.trackerFor(ctx, i, &s); err != nil {
			return err
		}
		var err error
		if more, err = i.agree("Another tracker as well?", false); err != nil {
			return err
		}
		s.kind, s.name, s.url, s.user, s.tokenEnv, s.auth, s.ca = "", "", "", "", "", "", ""
		s.projects, s.teams, s.paths, s.acceptance, s.waiting = nil, nil, nil, nil, nil
	}
	if err := i.calendar(&s); err != nil {
		return err
	}
	if err := i.privacy(&s); err != nil {
		return err
	}
	if err := i.mail(&s); err != nil {
		return err
	}
	if s.mail.host != "" && i.checked {
		if err := i.reach(ctx, s.mail); err != nil {
			return err
		}
	}
	if err := p.writeConfig(path, s); err != nil {
		return err
	}
	return i.next(path, s)
}

func (i *interview) calendar(s *setup) error {
	zone := "UTC"
	for _, t := range s.sources {
		if t.zone != "" {
			zone = t.zone
			break
		}
	}
	if err := i.want(&s.zone, "zone", "Time zone people work in", zone, false, func(text string) error {
		if _, err := time.LoadLocation(text); err != nil || text == "Local" {
			return errors.New("that is no time zone such as Europe/Berlin")
		}
		return nil
	}); err != nil {
		return err
	}
	if err := i.want(&s.days, "days", "Working days", "Mon-Fri", false, func(text string) error { _, err := workhours.ParseDays(text); return err }); err != nil {
		return err
	}
	if err := i.want(&s.hours, "hours", "Working hours", "09:00-17:00", false, func(text string) error { _, err := workhours.ParseHours(text); return err }); err != nil {
		return err
	}
	holidays := strings.Join(s.holidays, ",")
	err := i.want(&holidays, "holidays", "Country whose holidays count, such as DE or US-CA (empty for none)", "", true, func(text string) error {
		_, err := workhours.ParseHolidays(parts(text)...)
		return err
	})
	s.holidays = parts(holidays)
	return err
}

func (i *interview) privacy(s *setup) error {
	return i.want(&s.text, "text", "Keep what people wrote (keep), or only what is computed from it (features)?", "keep", false, func(text string) error {
		if text != "keep" && text != "features" {
			return errors.New("that is keep or features")
		}
		return nil
	})
}

func (i *interview) mail(s *setup) error {
	if s.mail.host == "" {
		if wanted, err := i.agree("Send a report by mail every quarter?", false); err != nil || !wanted {
			return err
		}
	}
	whatever := func(string) error { return nil } // the configuration's own checks follow
	if err := i.want(&s.mail.host, "smtp-host", "Mail server", "", false, whatever); err != nil {
		return err
	}
	port := ""
	if s.mail.port != defaultPort {
		port = strconv.Itoa(s.mail.port)
	}
	err := i.want(&port, "smtp-port", "Port there", strconv.Itoa(defaultPort), false, func(text string) (err error) {
		if s.mail.port, err = strconv.Atoi(text); err != nil || s.mail.port < 1 || s.mail.port > 65535 {
			return errors.New("that is no port")
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := i.want(&s.mail.user, "smtp-user", "User there (empty for none)", "", true, whatever); err != nil {
		return err
	}
	if err := i.want(&s.mail.from, "mail-from", "From address", "", false, whatever); err != nil {
		return err
	}
	to := strings.Join(s.mail.to, ",")
	if err := i.want(&to, "mail-to", "To addresses", "", false, whatever); err != nil {
		return err
	}
	s.mail.to = parts(to)
	if s.mail.user == "" {
		return nil
	}
	return i.want(&s.mail.passwordEnv, "smtp-password-env", "Environment variable with the password", "SMTP_PASSWORD", false, variable)
}

// defaultPort is where a mail server takes mail from programs.
const defaultPort = 587

// reach asks the mail server live; one that does not answer yet stops nobody from
// setting up.
func (i *interview) reach(ctx context.Context, m setupMail) error {
	about := fmt.Sprintf("mail: %s:%d", m.host, m.port)
	password := ""
	if m.user != "" {
		if password = i.p.getenv(m.passwordEnv); password == "" {
			return i.say("%s: not asked, as %s is not set; defacto doctor asks it", about, m.passwordEnv)
		}
	}
	from, err := mail.ParseAddress(m.from)
	if err == nil {
		err = mail.Server{Host: m.host, Port: m.port, User: m.user, Password: password, TLS: m.tls(), Timeout: patience}.Check(ctx, from)
	}
	if err != nil {
		return i.say("%s: %v\n      defacto doctor asks it again", about, err)
	}
	return i.say("%s: takes the connection (%s)", about, m.tls())
}

// next says how to go on.
func (i *interview) next(path string, s setup) error {
	with := ""
	if path != "defacto.yaml" {
		with = " --config " + path
	}
	lines := []string{"wrote " + path, "next: defacto doctor" + with, "      defacto sync" + with, "      defacto audit" + with}
	return i.say("%s", strings.Join(lines, "\n"))
}
