package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"defacto/analysis"
	"defacto/backlog"
	"defacto/config"
	"defacto/store"
)

// noteDays is how long an answer stands where nobody says until when.
const noteDays = 180

// answer is what somebody says to a finding.
type answer struct {
	accept, dispute bool
	why, by, until  string
}

func noteCommand(p *program) *cobra.Command {
	var a answer
	cmd := &cobra.Command{
		Use:     "note FINDING",
		Short:   "Answer a finding; the answer stands beside it in every later report",
		GroupID: "ask",
		Long: `Note stores the team's answer to a finding: that it is so, or that it is not, and why. The
answer is shown beside the finding, in the period it is about and in later ones, until the
day named (180 days where none is); then it is asked for again. It never changes a number.

FINDING is the finding's id as reports show it; one from a pseudonymous report will do, and
the person at its end may be left out where only one finding is meant.`,
		Example: `  defacto note acme/PAY/2026-Q3/po-differs --accept --why "Bob stands in" --until 2027-03-31
  defacto note acme/PAY/2026-Q3/slow-answers --dispute --why "We answer in chat" --by "Ann Li"
  defacto note list`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := p.configure(cmd, false)
			if err != nil {
				return err
			}
			return p.note(cmd.Context(), c, args[0], a)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&a.accept, "accept", false, "it is so")
	f.BoolVar(&a.dispute, "dispute", false, "it is not so")
	f.StringVar(&a.why, "why", "", "`TEXT` that says why")
	f.StringVar(&a.by, "by", "", "`NAME` of who answers")
	f.StringVar(&a.until, "until", "", "last `DAY` the answer stands, such as 2027-03-31 (default 180 days from now)")
	cmd.AddCommand(noteList(p))
	return cmd
}

// longestWhy bounds an answer: reports show it whole.
const longestWhy = 2000

// note stores an answer to a finding that is there.
func (p *program) note(ctx context.Context, c *config.Config, id string, a answer) error {
	n := store.Note{Finding: id, Answer: "accept", Why: strings.TrimSpace(a.why), By: a.by, At: p.now().UTC().Truncate(time.Second)}
	if a.dispute {
		n.Answer = "dispute"
	}
	switch {
	case a.accept == a.dispute:
		return usage("an answer is either --accept or --dispute")
	case n.Why == "":
		return usage("--why is missing: an answer says why")
	case len(n.Why) > longestWhy:
		return usage("--why is longer than %d bytes", longestWhy)
	}
	var err error
	if n.Until, err = lastDay(a.until, n.At, c.Calendar.Zone); err != nil {
		return err
	}
	st, err := p.existingStore(ctx, c)
	if err != nil {
		return err
	}
	defer st.Close()
	f, err := p.read(ctx, st, c)
	if err != nil {
		return err
	}
	if n.Finding, err = f.realFinding(ctx, id); err != nil {
		return err
	}
	found, err := p.finding(ctx, c, f, n.Finding)
	if err != nil {
		return err
	}
	n.Finding = found.ID
	if who, err := newDirectory(f.site).find(a.by); err == nil {
		n.By = f.site.People[who].Name
	}
	if err := st.SaveNote(ctx, n); err != nil {
		return err
	}
	verb := map[string]string{"accept": "accepted", "dispute": "disputed"}[n.Answer]
	fmt.Fprintf(p.out, "%s until %s: %s\n", verb, n.Until.Format(time.DateOnly), printable(found.Statement))
	return nil
}

// lastDay is the end of the day an answer stands last.
func lastDay(text string, now time.Time, zone *time.Location) (time.Time, error) {
	day := now.In(zone).AddDate(0, 0, noteDays)
	if text != "" {
		var err error
		if day, err = time.ParseInLocation(time.DateOnly, text, zone); err != nil {
			return time.Time{}, usage("--until is %q: it is a day such as 2027-03-31", text)
		}
	}
	end := time.Date(day.Year(), day.Month(), day.Day(), 23, 59, 59, 0, zone)
	if !end.After(now) {
		return time.Time{}, usage("--until %s has passed", text)
	}
	return end, nil
}

// finding looks a finding up by auditing the scope and period its id names. The
// last part may be left out where that leaves one finding.
func (p *program) finding(ctx context.Context, c *config.Config, f *facts, id string) (*analysis.Finding, error) {
	scope, period, rest, ok := splitFinding(id)
	if !ok {
		return nil, usage("%q is no finding's id such as acme/PAY/2026-Q3/po-differs", id)
	}
	q := question{period: period, scopes: []string{scope}}
	if code, _, _ := strings.Cut(rest, "/"); code == "po-stretched" {
		q.scopes = nil // it is about several scopes
	}
	o, _, err := p.options(ctx, c, f, q)
	if err != nil {
		return nil, err
	}
	report, err := analysis.Audit(ctx, f.site, f.load, o)
	if err != nil {
		return nil, err
	}
	var there []string
	var begun []*analysis.Finding
	for i := range report.Scopes {
		for j := range report.Scopes[i].Periods {
			for k := range report.Scopes[i].Periods[j].Findings {
				one := &report.Scopes[i].Periods[j].Findings[k]
				if one.ID == id {
					return one, nil
				}
				if strings.HasPrefix(one.ID, id+"/") {
					begun = append(begun, one)
				}
				there = append(there, one.ID)
			}
		}
	}
	if len(begun) == 1 {
		return begun[0], nil
	}
	if len(there) == 0 {
		return nil, usage("there is no finding in %s in %s", scope, period)
	}
	return nil, usage("there is no finding %s; in that period there are %s", id, few(there))
}

// splitFinding takes an id apart: SCOPE/PERIOD/CODE[/SUFFIX].
func splitFinding(id string) (scope, period, rest string, ok bool) {
	parts := strings.Split(id, "/")
	codes := findingCodes()
	for at := len(parts) - 1; at >= max(3, len(parts)-2); at-- {
		if slices.Contains(codes, parts[at]) {
			return strings.Join(parts[:at-1], "/"), parts[at-1], strings.Join(parts[at:], "/"), true
		}
	}
	return "", "", "", false
}

// notes are the stored answers by the ids of the findings they stand beside: in
// the period they were given for, and in later ones unless one was given for
// those. Of several to one finding the last counts.
func (f *facts) notes(ctx context.Context, o analysis.Options) (map[string]*analysis.Note, error) {
	stored, err := f.store.Notes(ctx)
	if err != nil {
		return nil, err
	}
	notes := map[string]*analysis.Note{}
	for _, exact := range []bool{false, true} {
		for _, n := range stored {
			scope, name, rest, ok := splitFinding(n.Finding)
			if !ok {
				continue
			}
			given, err := backlog.ParsePeriods(name, time.Time{}, time.Time{}, time.Time{})
			if err != nil {
				continue // a period of a kind there no longer is
			}
			for _, p := range o.Periods {
				if exact == (p.Name == name) && !p.From.Before(given[0].From) {
					notes[scope+"/"+p.Name+"/"+rest] = &analysis.Note{Answer: n.Answer, Why: n.Why, By: n.By, At: n.At, Until: n.Until, Expired: o.AsOf.After(n.Until)}
				}
			}
		}
	}
	return notes, nil
}

func noteList(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the answers given, those that have run out first",
		Long: `List shows every finding somebody answered with the answer that counts: whether it stands,
or has run out and is asked for again.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := p.configure(cmd, false)
			if err != nil {
				return err
			}
			return p.listNotes(cmd.Context(), c)
		},
	}
}

func (p *program) listNotes(ctx context.Context, c *config.Config) error {
	st, err := p.existingStore(ctx, c)
	if err != nil {
		return err
	}
	defer st.Close()
	stored, err := st.Notes(ctx)
	if err != nil {
		return err
	}
	last := map[string]store.Note{}
	for _, n := range stored {
		last[n.Finding] = n
	}
	var asked, standing [][]string
	for _, n := range stored {
		if last[n.Finding] != n {
			continue
		}
		row := []string{n.Finding, n.Answer, "", n.Until.In(c.Calendar.Zone).Format(time.DateOnly), n.By, n.Why}
		if p.now().After(n.Until) {
			row[2] = "asked again"
			asked = append(asked, row)
			continue
		}
		row[2] = "stands"
		standing = append(standing, row)
	}
	return p.list([]string{"finding", "answer", "state", "until", "by", "why"}, append(asked, standing...))
}
