package main

import (
	"fmt"

	"defacto/analysis"
	"defacto/analysis/workhours"
	"defacto/backlog"
	"defacto/config"
)

// method is the configuration's share of an audit's options: everything but
// what to audit.
func method(c *config.Config, site *backlog.Site) (o analysis.Options, doubts []string, err error) {
	o.Method = analysis.DefaultMethod()
	for _, s := range c.Method {
		if err := o.Method.Set(s.Key, s.Value); err != nil {
			return o, nil, usageError{err}
		}
	}
	o.Statuses = map[string]analysis.StatusNames{}
	for _, s := range c.Sources {
		o.Statuses[s.Name] = analysis.StatusNames(s.Statuses)
	}
	for _, t := range c.Types {
		o.Types = append(o.Types, analysis.TypeRule(t))
	}
	o.Declared, doubts = declared(c, site)
	o.Calendar, err = calendar(c)
	if err != nil {
		return o, nil, usageError{err}
	}
	away, more := absences(c, site)
	o.Calendar.Absences = away
	return o, append(doubts, more...), nil
}

// calendar builds the working week; the configuration has checked its texts.
func calendar(c *config.Config) (analysis.Calendar, error) {
	days, err := workhours.ParseDays(c.Calendar.Days)
	if err != nil {
		return analysis.Calendar{}, err
	}
	hours, err := workhours.ParseHours(c.Calendar.Hours)
	if err != nil {
		return analysis.Calendar{}, err
	}
	holidays, err := workhours.ParseHolidays(c.Calendar.Holidays...)
	if err != nil {
		return analysis.Calendar{}, err
	}
	return analysis.Calendar{Zone: c.Calendar.Zone, Week: workhours.NewWeek(days, hours), Holidays: holidays}, nil
}

func absences(c *config.Config, site *backlog.Site) (away map[backlog.PersonID][]workhours.Absence, doubts []string) {
	away = map[backlog.PersonID][]workhours.Absence{}
	people := newDirectory(site)
	for _, a := range c.Absences {
		person, err := people.find(a.Person)
		if err != nil {
			doubts = append(doubts, fmt.Sprintf("The absence on line %d of the configuration is left out: %v.", a.Line, err))
			continue
		}
		away[person] = append(away[person], workhours.Absence{From: a.From, Until: a.Until})
	}
	return away, doubts
}
