package jira

import "time"

// The latest time taken for real, 9999-12-31T23:59:59Z in unix milliseconds.
const lastMillisecond = 253402300799999

// parseTime reads the ways Jira writes an instant or a day: ISO 8601 with any
// number of fraction digits and an offset of +0000, +00:00, Z or none (UTC), a
// day alone, "2012-09-28 00:00:00.0", or unix seconds or milliseconds. It
// returns the zero time where s is none of them.
func parseTime(s string) time.Time {
	if len(s) >= 10 && s[4] == '-' && s[7] == '-' {
		return parseCalendar(s)
	}
	return parseEpoch(s)
}

func parseEpoch(s string) time.Time {
	if len(s) < 6 || len(s) > 15 {
		return time.Time{}
	}
	n := int64(0)
	for i := range len(s) {
		if s[i] == '.' && i > 0 { // seconds with a fraction
			break
		}
		if s[i] < '0' || s[i] > '9' {
			return time.Time{}
		}
		n = n*10 + int64(s[i]-'0')
	}
	switch {
	case n > lastMillisecond:
		return time.Time{}
	case n >= 1e11: // as seconds, that would be the year 5138
		return time.UnixMilli(n).UTC()
	}
	return time.Unix(n, 0).UTC()
}

func parseCalendar(s string) time.Time {
	year, ok1 := digits(s, 0, 4)
	month, ok2 := digits(s, 5, 2)
	day, ok3 := digits(s, 8, 2)
	if !ok1 || !ok2 || !ok3 || month < 1 || month > 12 || day < 1 || day > 31 || year < 1 {
		return time.Time{}
	}
	if len(s) == 10 {
		return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	}
	hour, ok1 := digits(s, 11, 2)
	minute, ok2 := digits(s, 14, 2)
	if !ok1 || !ok2 || hour > 24 || minute > 59 || s[10] != 'T' && s[10] != ' ' || s[13] != ':' {
		return time.Time{}
	}
	at, second := 16, 0
	if len(s) > 16 && s[16] == ':' {
		if second, ok1 = digits(s, 17, 2); !ok1 || second > 60 {
			return time.Time{}
		}
		at = 19
	}
	nano := 0
	if at < len(s) && (s[at] == '.' || s[at] == ',') {
		unit := 100_000_000
		for at++; at < len(s) && s[at] >= '0' && s[at] <= '9'; at++ {
			nano += int(s[at]-'0') * unit
			unit /= 10
		}
	}
	offset, ok := parseOffset(s[at:])
	if !ok {
		return time.Time{}
	}
	return time.Date(year, time.Month(month), day, hour, minute, second, nano, time.UTC).Add(-offset)
}

// parseOffset reads "", "Z", "+0530", "+05:30" or "-05".
func parseOffset(s string) (time.Duration, bool) {
	if s == "" || s == "Z" || s == "z" {
		return 0, true
	}
	if s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	hours, ok := digits(s, 1, 2)
	if !ok {
		return 0, false
	}
	minutes := 0
	switch len(s) {
	case 3:
	case 5:
		minutes, ok = digits(s, 3, 2)
	case 6:
		minutes, ok = digits(s, 4, 2)
		ok = ok && s[3] == ':'
	default:
		return 0, false
	}
	d := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if s[0] == '-' {
		d = -d
	}
	return d, ok
}

// digits reads n decimal digits of s from byte i on.
func digits(s string, i, n int) (int, bool) {
	if i+n > len(s) {
		return 0, false
	}
	v := 0
	for _, c := range []byte(s[i : i+n]) {
		if c < '0' || c > '9' {
			return 0, false
		}
		v = v*10 + int(c-'0')
	}
	return v, true
}

// when reads a time.
func (r *reader) when(to *time.Time) error {
	w, err := r.text()
	*to = parseTime(w)
	return err
}
