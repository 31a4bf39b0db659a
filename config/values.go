package config

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/adhocore/gronx"
)

var (
	sourceName  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)
	countryCode = regexp.MustCompile(`^[A-Z]{2}(-[A-Z0-9]{1,3})?$`)
)

func checkName(s string) error {
	if !sourceName.MatchString(s) {
		return errors.New("is no name: letters, digits, . _ - and at most 64 of them")
	}
	return nil
}

// checkURL accepts https everywhere and http where nothing leaves the machine.
// The value may hold credentials, so no error repeats any part of it.
func checkURL(s string) error {
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

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// checkAccount accepts SOURCE:ACCOUNT.
func checkAccount(s string) error {
	source, account, found := strings.Cut(s, ":")
	if !found || checkName(source) != nil || account == "" {
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
	if len(parts) < 2 || checkName(parts[0]) != nil || parts[1] == "" {
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

// parseHours reads "09:00-17:00".
func parseHours(s string) (open, shut time.Duration, err error) {
	from, to, found := strings.Cut(s, "-")
	open, err1 := parseClock(from)
	shut, err2 := parseClock(to)
	if !found || err1 != nil || err2 != nil || open >= shut {
		return 0, 0, errors.New(`are no working hours such as "09:00-17:00"`)
	}
	return open, shut, nil
}

func parseClock(s string) (time.Duration, error) {
	s = strings.TrimSpace(s)
	if s == "24:00" {
		return 24 * time.Hour, nil
	}
	t, err := time.Parse("15:04", s)
	if err != nil {
		return 0, fmt.Errorf("read the time %s: %w", quote(s), err)
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, nil
}

// parseDays reads weekdays: "Mon-Fri", "Sun,Tue-Thu". A range may run over the
// end of the week.
func parseDays(s string) (days [7]bool, err error) {
	for part := range strings.SplitSeq(s, ",") {
		first, last, isRange := strings.Cut(part, "-")
		from, ok := weekday(first)
		to, ok2 := from, ok
		if isRange {
			to, ok2 = weekday(last)
		}
		if !ok || !ok2 {
			return days, errors.New("are no weekdays such as Mon-Fri or Mon,Wed,Fri")
		}
		for d := from; ; d = (d + 1) % 7 {
			days[d] = true
			if d == to {
				break
			}
		}
	}
	return days, nil
}

func weekday(s string) (time.Weekday, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	for d := time.Sunday; d <= time.Saturday; d++ {
		full := strings.ToLower(d.String())
		if s == full || s == full[:3] {
			return d, true
		}
	}
	return 0, false
}
