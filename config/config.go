// Package config turns defacto.yaml and the environment into a valid [Config],
// or into every mistake in them at once, each with its line.
package config

import (
	"strings"
	"time"

	"defacto/backlog"
)

// Config is a checked configuration. Every list may be empty; paths are as the
// program opens them (relative ones start at the file's own folder).
type Config struct {
	Path     string // the file it was read from, "" when there was none
	Store    string
	Sources  []Source
	Roles    []Role
	People   []Person
	Calendar Calendar
	Absences []Absence
	Types    []Type
	Phrases  []Phrases
	Bots     []string // display names (with * as a wildcard), e-mails or SOURCE:ACCOUNT
	Method   []Setting
	Privacy  Privacy
	SMTP     SMTP
	Reports  []Report
}

// Source is a tracker, or a folder of its exports, that sync reads.
type Source struct {
	Name     string
	Kind     string // jira, linear or files
	URL      string // base URL; with kind files the site that links point to
	User     string
	Token    Secret
	Auth     string   // Jira: basic, scoped, oauth or pat; Linear: key or oauth; "": what the rest suggests
	CA       string   // file with further certificate authorities
	Projects []string // of Jira; empty: every visible one
	Teams    []string // of Linear; empty: every visible one
	Paths    []string // of files
	Statuses Statuses
}

// Statuses names the workflow states whose meaning the tracker does not tell;
// what is empty is guessed.
type Statuses struct {
	Acceptance, Waiting, Review, Test, Ready, Backlog, Done []string
}

// Role is a declared role: who is said to be product owner or manager, where and when.
type Role struct {
	Line   int
	Person string // e-mail, display name or SOURCE:ACCOUNT
	Role   backlog.Role
	Scopes []string  // "acme/PAY", "acme/*", "*"
	From   time.Time // zero: always
	Until  time.Time // exclusive; zero: still
}

// Person puts accounts together that the program cannot merge by itself.
type Person struct {
	Line     int
	Name     string
	Accounts []string // SOURCE:ACCOUNT
	Zone     string   // IANA, "" when unknown
}

// Calendar is when people work. The texts passed the checks of [Options].
type Calendar struct {
	Zone     *time.Location
	Days     string   // "Mon-Fri"
	Hours    string   // "09:00-17:00"
	Holidays []string // countries and regions (DE, US-CA), dates, ranges of dates
}

// Absence is a time in which nobody should wait for a person.
type Absence struct {
	Line   int
	Person string // as Role.Person
	From   time.Time
	Until  time.Time // the last day
}

// Type says what the issues of a type are where the tracker's word for it tells
// nothing.
type Type struct {
	Name string
	As   string // story, task, bug, sub-task, epic, initiative or ignore
}

// Phrases adds to one list of the [backlog.Lexicon].
type Phrases struct {
	Kind string // a key of PhraseKinds
	Text []string
}

// Setting is one number of the method.
type Setting struct {
	Key   string
	Value float64
}

// Privacy says how much of people is kept and shown.
type Privacy struct {
	Pseudonyms   bool
	MinimumGroup int
	Text         string // keep or features (bodies are not stored); "": as the store has it
}

// SMTP is the server that reports are sent through; Host is "" when there is none.
type SMTP struct {
	Host     string
	Port     int
	User     string
	Password Secret
	TLS      string // starttls, implicit or none
	CA       string // file with further certificate authorities
}

// Report is one of the named reports.
type Report struct {
	Name       string
	Schedule   string // cron expression in the calendar's zone, "" when only run by hand
	Period     string
	Scopes     []string // empty: all
	Format     string
	From       string
	To         []string
	Pseudonyms bool
}

// PhraseKinds lists the kinds of phrases, in the order docs show them.
func PhraseKinds() []string {
	return []string{"asks", "approves", "rejects", "elsewhere", "acknowledges", "customer-hosts", "criteria", "story-openings"}
}

// Lexicon returns the program's phrases with the configured ones added.
func (c *Config) Lexicon() backlog.Lexicon {
	l := backlog.DefaultLexicon()
	lists := map[string]*[]string{
		"asks": &l.Asks, "approves": &l.Approves, "rejects": &l.Rejects, "elsewhere": &l.Elsewhere,
		"acknowledges": &l.Acknowledges, "customer-hosts": &l.CustomerHosts, "criteria": &l.Criteria, "story-openings": &l.StoryOpenings,
	}
	for _, p := range c.Phrases {
		for _, t := range p.Text {
			*lists[p.Kind] = append(*lists[p.Kind], strings.ToLower(t))
		}
	}
	return l
}

// Source returns the source of that name.
func (c *Config) Source(name string) (Source, bool) {
	for _, s := range c.Sources {
		if s.Name == name {
			return s, true
		}
	}
	return Source{}, false
}
