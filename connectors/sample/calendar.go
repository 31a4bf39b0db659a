package sample

import "time"

// Instants inside this package are unix seconds; a minute is the unit of work.
const (
	minute = int64(60)
	hour   = 60 * minute
	day    = 24 * hour
	week   = 7 * day

	opens  = 9 * hour  // everybody works from nine
	closes = 17 * hour // to five, Monday to Friday
)

// summer says how a zone keeps summer time.
type summer uint8

const (
	noSummer summer = iota
	europe          // last Sunday of March to last Sunday of October, at 01:00 UTC
	america         // second Sunday of March to first Sunday of November, at 02:00 local time
)

// zone is a time zone by rule, so that the same seed gives the same bytes
// whatever tz database a machine has.
type zone uint8

const (
	berlin zone = iota
	madrid
	paris
	london
	lisbon
	newYork
	saoPaulo
	tokyo
	shanghai
	kolkata
	lagos
)

// rule returns the zone's IANA name, its seconds east of Greenwich in winter,
// and how it keeps summer time.
func (z zone) rule() (name string, offset int64, kept summer) {
	switch z {
	case madrid:
		return "Europe/Madrid", hour, europe
	case paris:
		return "Europe/Paris", hour, europe
	case london:
		return "Europe/London", 0, europe
	case lisbon:
		return "Europe/Lisbon", 0, europe
	case newYork:
		return "America/New_York", -5 * hour, america
	case saoPaulo:
		return "America/Sao_Paulo", -3 * hour, noSummer
	case tokyo:
		return "Asia/Tokyo", 9 * hour, noSummer
	case shanghai:
		return "Asia/Shanghai", 8 * hour, noSummer
	case kolkata:
		return "Asia/Kolkata", 5*hour + 30*minute, noSummer
	case lagos:
		return "Africa/Lagos", hour, noSummer
	}
	return "Europe/Berlin", hour, europe
}

// String returns the zone's IANA name.
func (z zone) String() string { name, _, _ := z.rule(); return name }

// shift returns the seconds to add to UTC for local time.
func (z zone) shift(t int64) int64 {
	_, offset, kept := z.rule()
	if kept == noSummer {
		return offset
	}
	year := time.Unix(t, 0).UTC().Year()
	var from, until int64
	if kept == europe {
		from = sunday(year, time.April, 0) + hour
		until = sunday(year, time.November, 0) + hour
	} else {
		from = sunday(year, time.March, 2) + 2*hour - offset
		until = sunday(year, time.November, 1) + hour - offset
	}
	if t >= from && t < until {
		return offset + hour
	}
	return offset
}

// sunday returns midnight UTC of the nth Sunday of a month; the 0th is the last
// Sunday of the month before.
func sunday(year int, month time.Month, nth int) int64 {
	first := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
	ahead := (7 - int(first.Weekday())) % 7
	return first.Unix() + int64(ahead+7*(nth-1))*day
}

// local returns the number of the local day and the seconds into it.
func (z zone) local(t int64) (date, second int64) {
	t += z.shift(t)
	return t / day, t % day
}

// at returns the instant of a local day and time.
func (z zone) at(date, second int64) int64 {
	t := date*day + second
	_, offset, _ := z.rule()
	return t - z.shift(t-offset)
}

// workday reports whether a local day is worked: Monday to Friday, but not from
// Christmas Eve to New Year's Day.
func workday(date int64) bool {
	switch (date + 4) % 7 { // day 0 was a Thursday
	case 0, 6:
		return false
	}
	return !shutdown(date)
}

// shutdown reports whether a local day lies in the week everybody is away.
func shutdown(date int64) bool {
	_, month, dom := time.Unix(date*day, 0).UTC().Date()
	return month == time.December && dom >= 24 || month == time.January && dom == 1
}

// working returns the first working instant at or after t.
func (z zone) working(t int64) int64 {
	date, second := z.local(t)
	if workday(date) && second < closes {
		if second >= opens {
			return t
		}
		return z.at(date, opens)
	}
	for date++; !workday(date); date++ {
	}
	return z.at(date, opens)
}

// after returns the instant so many working seconds after t.
func (z zone) after(t, seconds int64) int64 {
	t = z.working(t)
	for {
		date, second := z.local(t)
		left := closes - second
		if seconds < left {
			return t + seconds
		}
		seconds -= left
		t = z.working(z.at(date, closes))
	}
}

// worked returns the working seconds between two instants, 0 where b is not
// after a.
func (z zone) worked(a, b int64) int64 {
	var sum int64
	for a = z.working(a); a < b; {
		date, _ := z.local(a)
		end := z.at(date, closes)
		sum += min(b, end) - a
		a = z.working(end)
	}
	return sum
}

// moment returns a working instant in [lo, hi), or lo where there is none.
func (z zone) moment(d dice, lo, hi int64) int64 {
	total := z.worked(lo, hi)
	if total <= 0 {
		return lo
	}
	return z.after(lo, d.Int64N(total))
}
