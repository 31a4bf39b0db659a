package config

import (
	"errors"
	"net"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/adhocore/gronx"
)

var sourceName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// CheckName says what is wrong with the name of a source or report, nil when it
// may be one.
func CheckName(s string) error {
	switch {
	case !sourceName.MatchString(s):
		return errors.New("is no name: letters, digits, . _ - and at most 64 of them")
	case s == "all":
		return errors.New("is no name: as a scope it means everything")
	default:
		return nil
	}
}

// CheckURL says what is wrong with a tracker's base address. It accepts https
// everywhere and http where nothing leaves the machine. The value may hold
// credentials, so no error repeats any part of it.
func CheckURL(s string) error {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return errors.New("is no URL such as https://acme.atlassian.net")
	case u.User != nil:
		return errors.New("carries credentials: put them under user and token")
	case u.RawQuery != "" || u.Fragment != "":
		return errors.New("carries a query or fragment: give the base address alone")
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return errors.New("is plain http, over which a token could be read: use https")
	}
	return nil
}

// ShownURL is a URL as a message may show it: credentials, query and fragment are
// *** there. It takes any text, as what is no URL has to be shown, too.
func ShownURL(s string) string {
	scheme := ""
	if i := strings.Index(s, "://"); i >= 0 {
		scheme, s = s[:i+len("://")], s[i+len("://"):]
	}
	if i := strings.LastIndexByte(s, '@'); i >= 0 { // first, for a password may hold any of the others
		s = masked + s[i:]
	}
	if i := strings.IndexAny(s, "?#"); i >= 0 {
		s = s[:i+1] + masked
	}
	return scheme + s
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// checkAccount accepts SOURCE:ACCOUNT.
func checkAccount(s string) error {
	source, account, found := strings.Cut(s, ":")
	if !found || CheckName(source) != nil || account == "" {
		return errors.New("is no SOURCE:ACCOUNT such as acme:5b10ac8d82e05b22cc7d4ef5")
	}
	return nil
}

// checkScope accepts SOURCE/KEY, SOURCE/*, the finer SOURCE/KEY/component:NAME
// and SOURCE/KEY/epic:KEY, and * or all.
func checkScope(s string) error {
	if s == "*" || s == "all" {
		return nil
	}
	parts := strings.SplitN(s, "/", 3)
	if len(parts) < 2 || CheckName(parts[0]) != nil || parts[1] == "" {
		return errors.New("is no scope such as acme/PAY or acme/*")
	}
	if len(parts) == 3 {
		kind, name, _ := strings.Cut(parts[2], ":")
		if kind != "component" && kind != "epic" || name == "" {
			return errors.New("is no scope such as acme/PAY/component:Checkout or acme/PAY/epic:PAY-12")
		}
	}
	return nil
}

// checkWholeScope accepts what roles are declared for: scopes, not parts of them.
func checkWholeScope(s string) error {
	if strings.Count(s, "/") > 1 {
		return errors.New("is a part of a scope: roles are declared for whole ones")
	}
	return checkScope(s)
}

func checkCron(s string) error {
	if len(strings.Fields(s)) != 5 || !gronx.IsValid(s) {
		return errors.New("is no cron expression of five fields such as 0 7 * * 1")
	}
	return nil
}

// checkAddress accepts an e-mail address, with or without a name before it.
func checkAddress(s string) error {
	if a, err := mail.ParseAddress(s); err != nil || strings.ContainsAny(a.Address+a.Name, "\r\n") {
		return errors.New("is no e-mail address")
	}
	return nil
}

func checkHost(s string) error {
	if strings.ContainsAny(s, "/:@ \t\r\n") && net.ParseIP(s) == nil {
		return errors.New("is no host name: no scheme, port or path")
	}
	return nil
}

func parseZone(s string) (*time.Location, error) {
	// LoadLocation takes "Local" and "" for the machine's own zone, which would
	// make a report depend on where it is made.
	zone, err := time.LoadLocation(s)
	if err != nil || s == "Local" {
		return nil, errors.New("is no time zone such as Europe/Berlin")
	}
	return zone, nil
}

func parseDay(s string) (time.Time, error) {
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}, errors.New("is no date such as 2026-09-30")
	}
	return day, nil
}
