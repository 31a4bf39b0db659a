package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"defacto/analysis"
	"defacto/backlog"
)

// store looks at what was brought in.
func (x *patient) store(ctx context.Context) error {
	info, err := os.Stat(x.config.Store)
	if errors.Is(err, fs.ErrNotExist) {
		x.list.add(note, "store", "there is none yet at "+x.config.Store, "bring facts in with defacto sync or defacto import")
		return nil
	}
	st, err := x.existingStore(ctx, x.config)
	if err != nil {
		return err
	}
	defer st.Close()
	f, err := x.read(ctx, st, x.config)
	if err != nil {
		return err
	}
	x.list.add(fine, "store", fmt.Sprintf("%s, %.1f MB: %s of %s", x.config.Store, float64(info.Size())/1e6, count(len(f.site.Scopes), "scope"), count(len(f.site.Sources), "source")), "")
	if info.Mode().Perm()&0o077 != 0 {
		x.list.add(warning, "store", "others may read it, and it holds what people wrote", "chmod 600 "+x.config.Store)
	}
	x.runs(f.site)
	if err := x.coverage(ctx, f); err != nil {
		return err
	}
	x.workflow(f.site)
	if err := x.people(ctx, f); err != nil {
		return err
	}
	x.roles(f.site)
	return x.ledger(ctx, st)
}

// stale is how old a sync may be before doctor mentions it.
const stale = 8 * 24 * time.Hour

// runs looks at the newest sync or import of each source.
func (x *patient) runs(site *backlog.Site) {
	seen := map[string]bool{}
	for _, r := range site.Syncs { // newest first
		if seen[r.Source] {
			continue
		}
		seen[r.Source] = true
		ended := r.Finished.In(x.config.Calendar.Zone).Format("2 Jan 2006 15:04")
		again := "defacto sync " + r.Source
		s, configured := x.config.Source(r.Source)
		if !configured {
			again = "defacto import, with what is new"
		}
		switch {
		case r.Started.After(x.now().Add(time.Minute)):
			x.list.add(warning, r.Source, "it was last read in the future, on "+ended, "set this machine's clock")
		case !r.Complete:
			x.list.add(problem, r.Source, fmt.Sprintf("last read on %s, not everything: %s", ended, r.Note), again)
		case configured && s.Kind != "files" && x.now().Sub(r.Finished) > stale:
			x.list.add(note, r.Source, "last read on "+ended, again)
		default:
			x.list.add(fine, r.Source, fmt.Sprintf("last read on %s, complete: %s, %s, %s", ended, count(r.Issues, "issue"), count(r.Changes, "change"), count(r.Comments, "comment")), "")
		}
	}
	for _, s := range x.config.Sources {
		if !seen[s.Name] {
			x.list.add(note, s.Name, "never read yet", "defacto sync "+s.Name)
		}
	}
}

// coverage says what each scope is short of.
func (x *patient) coverage(ctx context.Context, f *facts) error {
	for _, s := range f.site.Scopes {
		snap, err := f.load(ctx, s.No, time.Time{}, time.Time{}, false)
		if err != nil {
			return err
		}
		n := snap.Count
		var short []string
		for _, m := range []struct {
			count int
			what  string
		}{
			{n.MissingIssues, "missing issue"},
			{n.NoHistory, "issue without any history"},
			{n.ShortHistory, "issue with part of it"},
			{n.MissingChanges, "missing change"},
			{n.ShortComments, "issue short of comments"},
			{n.MissingComments, "missing comment"},
		} {
			if m.count > 0 {
				short = append(short, plural(m.count, m.what))
			}
		}
		have := fmt.Sprintf("%s, %s, %s", count(n.Issues, "issue"), count(n.Changes, "change"), count(n.Comments, "comment"))
		switch {
		case n.NoHistory+n.MissingIssues+n.MissingChanges+n.MissingComments > 0:
			x.list.add(problem, s.Name, have+"; short of "+strings.Join(short, ", "), "defacto sync "+f.site.Sources[s.Source].Name+" --full, or import files with their changelogs and comments")
		case len(short) > 0:
			x.list.add(note, s.Name, have+"; "+strings.Join(short, ", "), "the tracker keeps no more of it")
		default:
			x.list.add(fine, s.Name, have+", complete", "")
		}
	}
	return nil
}

// plural counts things whose first word is the thing.
func plural(n int, what string) string {
	first, rest, _ := strings.Cut(what, " ")
	if first == "missing" {
		return count(n, what)
	}
	return count(n, first) + " " + rest
}

// workflow says what statuses were taken for, and why.
func (x *patient) workflow(site *backlog.Site) {
	names := map[string]analysis.StatusNames{}
	for _, s := range x.config.Sources {
		names[s.Name] = analysis.StatusNames(s.Statuses)
	}
	var types []analysis.TypeRule
	for _, t := range x.config.Types {
		types = append(types, analysis.TypeRule(t))
	}
	guesses := analysis.NewWorkflow(site, names, types).Guess
	for _, s := range site.Sources {
		own := slices.DeleteFunc(slices.Clone(guesses), func(g analysis.Guess) bool { return g.Source != s.Name || g.Status == "" })
		x.list = append(x.list, stageRemarks(s.Name, own, names[s.Name])...)
	}
}

// stageRemarks tells what a source's statuses were taken for.
func stageRemarks(source string, own []analysis.Guess, names analysis.StatusNames) (list remarks) {
	for _, stage := range []analysis.Stage{analysis.StageAcceptance, analysis.StageReview, analysis.StageTest, analysis.StageWaiting, analysis.StageUnknown} {
		var taken []string
		for _, g := range own {
			if text := g.Status + " (" + g.Why + ")"; g.Stage == stage && !slices.Contains(taken, text) {
				taken = append(taken, text)
			}
		}
		about, key := source+": statuses", stage.String()
		switch {
		case stage == analysis.StageUnknown && len(taken) > 0:
			list.add(warning, about, "what these mean is unknown: "+several(taken), "name them under statuses of the source in defacto.yaml")
		case stage == analysis.StageUnknown:
		case len(taken) > 0:
			list.add(fine, about, key+": "+several(taken), "where that is wrong, name them under statuses."+key)
		case stage == analysis.StageAcceptance && len(own) > 0:
			list.add(note, about, "none is taken for acceptance, so whoever closes a story counts as accepting it", "if one is, name it under statuses.acceptance")
		}
	}
	for _, name := range slices.Concat(names.Acceptance, names.Waiting, names.Review, names.Test, names.Ready, names.Backlog, names.Done) {
		if len(own) > 0 && !slices.ContainsFunc(own, func(g analysis.Guess) bool {
			return strings.EqualFold(strings.TrimSpace(g.Status), strings.TrimSpace(name))
		}) {
			list.add(warning, source+": statuses", fmt.Sprintf("there is no status %q", name), "correct it in defacto.yaml")
		}
	}
	return list
}

// several names the first dozen of many.
func several(names []string) string {
	const shown = 12
	if len(names) <= shown {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:shown], ", "), len(names)-shown)
}

// people looks at who is who.
func (x *patient) people(ctx context.Context, f *facts) error {
	kinds, accounts := map[backlog.AccountKind]int{}, map[string]bool{}
	for _, person := range f.site.People[1:] {
		kinds[person.Kind]++
		for _, key := range person.Accounts {
			accounts[key] = true
		}
	}
	x.list.add(fine, "people", fmt.Sprintf("%s, %s, %s; %s", count(kinds[backlog.PersonAccount], "person"), count(kinds[backlog.AppAccount], "machine"),
		count(kinds[backlog.CustomerAccount], "customer"), count(len(accounts), "account")), "")
	found, err := f.proposals(ctx, x.config)
	if err != nil {
		return err
	}
	if len(found) > 0 {
		x.list.add(note, "people", fmt.Sprintf("%s of people who may be one, such as %s and %s: %s", count(len(found), "pair"), faceOf(found[0].A), faceOf(found[0].B), strings.Join(found[0].Reasons, "; ")), "defacto people duplicates")
	}
	for _, merged := range x.config.People {
		for _, key := range merged.Accounts {
			if !accounts[key] {
				x.list.add(warning, "people", fmt.Sprintf("line %d gives %s the account %s, which the store does not know", merged.Line, merged.Name, key), "correct it, or sync first")
			}
		}
	}
	return nil
}

// roles passes on what is wrong with the declared roles; what is only good to know is counted.
func (x *patient) roles(site *backlog.Site) {
	list, _ := checkRoles(x.config, site, x.now())
	quiet := 0
	for _, r := range list {
		switch {
		case r.grade == problem, r.grade == warning, r.grade == fine:
			x.list = append(x.list, r)
		default:
			quiet++
		}
	}
	if quiet > 0 {
		x.list.add(note, "roles", count(quiet, "remark")+" on declared roles", "defacto roles check")
	}
}
