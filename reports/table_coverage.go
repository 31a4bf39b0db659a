package reports

import (
	"strings"

	"github.com/fatih/color"

	"defacto/analysis"
)

func (t *audit) coverage(p *analysis.PeriodReport) {
	t.head("what this rests on")
	for _, s := range coverageSentences(&p.Coverage) {
		t.text(s, 0)
	}
}

// manyTechnical is the share of technical stories worth saying (METHOD 2.4 rule 8).
const manyTechnical = .3

// coverageSentences says what was read, what is missing and what was left out.
func coverageSentences(c *analysis.Coverage) []string {
	read := count(c.Issues, "issue", "issues") + ", " + count(c.Changes, "change", "changes") + ", " + count(c.Comments, "comment", "comments")
	if c.ActivePeople > 0 {
		read += ", " + count(c.ActivePeople, "active person", "active people")
	}
	if c.Complete {
		read += "; complete as far as the tracker tells."
	} else {
		read += "; not complete."
	}
	out := []string{read}
	if s := named([]part{{c.Missing.Issues, "issue", "issues"}, {c.Missing.Changes, "change", "changes"}, {c.Missing.Comments, "comment", "comments"}}); s != "" {
		out = append(out, "Missing: "+s+".")
	}
	if c.NoHistory > 0 {
		out = append(out, "Without a history: "+count(c.NoHistory, "issue", "issues")+".")
	}
	left := named([]part{
		{c.Excluded.Apps, "act of a machine", "acts of machines"},
		{c.Excluded.RuleActors, "act of a rule under a person's name", "acts of rules under a person's name"},
		{c.Excluded.Imported, "act of an import", "acts of an import"},
		{c.Excluded.RollOver, "sprint roll-over", "sprint roll-overs"},
		{c.Excluded.NoAuthor, "act nobody signs", "acts nobody signs"},
	})
	if left != "" {
		out = append(out, "Left out: "+left+".")
	}
	if c.Excluded.BulkSessions > 0 {
		out = append(out, "Weighed down: "+count(c.Excluded.BulkSessions, "bulk edit", "bulk edits")+".")
	}
	if c.MachineShare > 0 {
		out = append(out, "Machines made "+inWords(c.MachineShare)+" of the acts.")
	}
	if c.ImportShare > 0 {
		out = append(out, "Of the stories created, "+inWords(c.ImportShare)+" came with an import.")
	}
	if c.Technical > manyTechnical {
		out = append(out, "Technical stories: "+inWords(c.Technical)+" of those created are tasks without a word about the product; they hardly count.")
	}
	if c.Unresolved > 0 {
		out = append(out, "Of the people here, "+count(c.Unresolved, "pair", "pairs")+" may be one person: defacto people duplicates.")
	}
	for _, n := range c.Notes {
		out = append(out, clip(clean(n), 600))
	}
	return out
}

type part struct {
	n         int
	one, many string
}

func named(parts []part) string {
	var words []string
	for _, p := range parts {
		if p.n > 0 {
			words = append(words, count(p.n, p.one, p.many))
		}
	}
	return strings.Join(words, ", ")
}

// limits closes the audit: what a tracker cannot see, and the settings that are
// not the method's own.
func (t *audit) limits() {
	if len(t.report.Limits) > 0 {
		t.line("")
		t.rule("=", "━")
		t.line(t.paint("WHAT A TRACKER CANNOT SEE", color.Bold))
		for _, l := range t.report.Limits {
			t.hanging("- ", 2, clip(clean(l), longest))
		}
	}
	if len(t.report.Settings) > 0 {
		t.head("settings that differ from the defaults")
		for _, s := range t.report.Settings {
			t.hanging("- ", 2, settingSentence(s))
		}
	}
}

func settingSentence(s analysis.Setting) string {
	return clip(clean(s.Key), 80) + ": " + clip(clean(s.Value), 200) + " (default " + clip(clean(s.Default), 200) + ")"
}
