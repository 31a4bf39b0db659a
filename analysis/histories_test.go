package analysis_test

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"defacto/analysis"
	"defacto/backlog"
	"defacto/store"
)

var update = flag.Bool("update", false, "write the want sections of the histories anew")

// TestHistories plays every testdata/histories/*.txtar: a history a product
// owner could read, through a real store, against what the audit must say.
func TestHistories(t *testing.T) {
	files, err := filepath.Glob("../testdata/histories/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no histories: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			h := readHistory(t, a)
			got := h.tell(h.audit(t, h.batch()))
			want := section(a, "want")
			if *update {
				for i := range a.Files {
					if a.Files[i].Name == "want" {
						a.Files[i].Data = []byte(got)
					}
				}
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the audit says something else (-want +got):\n%s", diff)
			}
		})
	}
}

func section(a *txtar.Archive, name string) string {
	for _, f := range a.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

// history is a parsed test history.
type history struct {
	periods  string
	asOf     time.Time
	declared []backlog.DeclaredInfo // Person by name in people
	who      []string
	show     []string
	lead     string
	kinds    map[string]backlog.AccountKind
	zones    map[string]string
	sprints  []backlog.Sprint
	versions []backlog.Version
	statuses []backlog.Status
	issues   []*backlog.Issue
	byKey    map[string]*backlog.Issue
	people   []string
	event    int
	role     []backlog.Role
}

var defaultStatuses = []backlog.Status{
	{ID: "1", Name: "Backlog", Category: backlog.Unstarted}, {ID: "2", Name: "Selected", Category: backlog.Unstarted},
	{ID: "3", Name: "In Progress", Category: backlog.Started}, {ID: "4", Name: "In Review", Category: backlog.Started},
	{ID: "5", Name: "Acceptance", Category: backlog.Started}, {ID: "6", Name: "Done", Category: backlog.Completed},
	{ID: "7", Name: "Waiting for Product", Category: backlog.Started}, {ID: "8", Name: "In Test", Category: backlog.Started},
	{ID: "9", Name: "Won't Do", Category: backlog.Completed},
}

func readHistory(t *testing.T, a *txtar.Archive) *history {
	t.Helper()
	h := &history{periods: "2026-Q1", asOf: day("2026-04-15"), kinds: map[string]backlog.AccountKind{}, zones: map[string]string{},
		statuses: defaultStatuses, byKey: map[string]*backlog.Issue{}}
	for _, f := range a.Files {
		switch f.Name {
		case "setting":
			h.settings(t, string(f.Data))
		case "history":
			h.read(t, string(f.Data))
		case "want":
		default:
			t.Fatalf("unknown section %q", f.Name)
		}
	}
	return h
}

func day(s string) time.Time {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return d
}

// settings reads lines such as "period 2026-Q1", "as-of 2026-04-15", "declared
// product-owner Anna", "app Robot", "lead Anna", "show acts accept",
// "sprint 1 2026-01-05 2026-01-19", "version 1.0 2026-02-01".
func (h *history) settings(t *testing.T, text string) {
	for _, line := range lines(text) {
		f := strings.Fields(line)
		switch f[0] {
		case "period":
			h.periods = f[1]
		case "as-of":
			h.asOf = day(f[1])
		case "lead":
			h.lead = f[1]
		case "app":
			h.kinds[f[1]] = backlog.AppAccount
		case "customer":
			h.kinds[f[1]] = backlog.CustomerAccount
		case "zone":
			h.zones[f[1]] = f[2]
		case "declared":
			role, err := backlog.ParseRole(f[1])
			if err != nil {
				t.Fatal(err)
			}
			h.who, h.role = append(h.who, f[2]), append(h.role, role)
		case "show":
			h.show = append(h.show, strings.Join(f[1:], " "))
		case "sprint":
			end := day(f[3])
			h.sprints = append(h.sprints, backlog.Sprint{ID: f[1], Name: "Sprint " + f[1], State: "closed", Start: day(f[2]), End: end, Completed: end})
		case "version":
			h.versions = append(h.versions, backlog.Version{ID: f[1], Name: f[1], Scope: "PAY", Released: true, Release: day(f[2])})
		default:
			t.Fatalf("setting %q is unknown", line)
		}
	}
}

func lines(text string) []string {
	var out []string
	sc := bufio.NewScanner(strings.NewReader(text))
	for sc.Scan() {
		if l := strings.TrimRight(sc.Text(), " \t"); l != "" && !strings.HasPrefix(strings.TrimSpace(l), "#") {
			out = append(out, l)
		}
	}
	return out
}

var repeat = regexp.MustCompile(`^(\d+) times every (\d+) (days?|minutes?|seconds?) from (\S+)(?: (\d\d:\d\d))?:$`)

// read reads events, one a line ("2026-01-05 10:00 Anna creates story PAY-1"), and
// repeated blocks ("12 times every 3 days from 2026-01-05:") whose indented lines
// start with an offset ("+1d 09:00 Ben moves PAY-# to Done"); # counts from 1.
func (h *history) read(t *testing.T, text string) {
	all := lines(text)
	offset := 0
	for i := 0; i < len(all); i++ {
		m := repeat.FindStringSubmatch(all[i])
		if m == nil {
			f := strings.SplitN(all[i], " ", 3)
			at, err := time.Parse("2006-01-02 15:04", f[0]+" "+f[1])
			if err != nil {
				t.Fatalf("%q: %v", all[i], err)
			}
			h.play(t, at, f[2])
			continue
		}
		n, _ := strconv.Atoi(m[1])
		every, _ := strconv.Atoi(m[2])
		unit := map[byte]time.Duration{'d': 24 * time.Hour, 'm': time.Minute, 's': time.Second}[m[3][0]]
		from := day(m[4])
		if m[5] != "" {
			from, _ = time.Parse("2006-01-02 15:04", m[4]+" "+m[5])
		}
		block := i + 1
		for i+1 < len(all) && strings.HasPrefix(all[i+1], " ") {
			i++
		}
		for k := 0; k < n; k++ {
			start := from.Add(time.Duration(k*every) * unit)
			for _, line := range all[block : i+1] {
				f := strings.SplitN(strings.TrimSpace(line), " ", 3)
				days, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(f[0], "+"), "d"))
				if err != nil {
					t.Fatalf("%q: %v", line, err)
				}
				at := start.AddDate(0, 0, days)
				if f[1] != "-" {
					clock, err := time.Parse("15:04", f[1])
					if err != nil {
						t.Fatalf("%q: %v", line, err)
					}
					at = at.Add(time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute)
				}
				h.play(t, at, strings.ReplaceAll(f[2], "#", strconv.Itoa(offset+k+1)))
			}
		}
		offset += n
	}
}

func (h *history) person(name string) string {
	if name == "nobody" {
		return ""
	}
	if !slices.Contains(h.people, name) {
		h.people = append(h.people, name)
	}
	return "id-" + strings.ToLower(name)
}

var keyed = regexp.MustCompile(`\b(PAY|MAP)-\w+`)

// play applies one event.
func (h *history) play(t *testing.T, at time.Time, text string) {
	who, rest, _ := strings.Cut(text, " ")
	verb, rest, _ := strings.Cut(rest, " ")
	by := h.person(who)
	if verb == "creates" {
		h.create(t, at, by, rest)
		return
	}
	key := keyed.FindString(rest)
	it := h.byKey[key]
	if it == nil {
		t.Fatalf("%q: no such issue", text)
	}
	it.Updated = at
	quoted := ""
	if i := strings.IndexByte(rest, '"'); i >= 0 {
		quoted = strings.TrimSuffix(rest[i+1:], `"`)
	}
	tail := strings.TrimSpace(strings.TrimPrefix(rest[strings.Index(rest, key)+len(key):], " "))
	tail = strings.TrimPrefix(strings.TrimPrefix(tail, "to "), "into ")
	c := backlog.Change{At: at, Author: by}
	switch verb {
	case "comments":
		h.event++
		it.Comments = append(it.Comments, backlog.Comment{ID: strconv.Itoa(900000 + h.event), At: at, Author: by, Body: h.text(quoted)})
		it.PromisedComments = len(it.Comments)
		return
	case "ranks":
		c.Field, c.FieldName, c.ToName, c.Measure = backlog.FieldRank, "Rank", "Ranked higher", 1
	case "prioritises":
		c.Field, c.FieldName, c.To, c.ToName = backlog.FieldPriority, "priority", tail, tail
	case "versions":
		c.Field, c.FieldName, c.To, c.ToName = backlog.FieldVersion, "Fix Version", tail, tail
		it.Versions = append(it.Versions, tail)
	case "schedules":
		last := ""
		if n := len(it.Sprints); n > 0 {
			last = it.Sprints[n-1]
		}
		c.Field, c.FieldName, c.From, c.To, c.ToName = backlog.FieldSprint, "Sprint", last, tail, "Sprint "+tail
		it.Sprints = append(it.Sprints, tail)
	case "moves":
		s := h.status(t, tail)
		c.Field, c.FieldName, c.From, c.FromName, c.To, c.ToName = backlog.FieldStatus, "status", it.Status, it.StatusName, s.ID, s.Name
		it.Status, it.StatusName, it.Category = s.ID, s.Name, s.Category
		if s.Category == backlog.Completed {
			it.Resolved = at
		}
	case "assigns":
		p := h.person(tail)
		c.Field, c.FieldName, c.From, c.To, c.ToName = backlog.FieldAssignee, "assignee", it.Assignee, p, tail
		it.Assignee = p
	case "describes":
		c.Field, c.FieldName, c.FromName, c.ToName = backlog.FieldDescription, "description", it.Description.Prose, quoted
		c.Measure = backlog.Changed(it.Description.Prose, quoted)
		it.Description = backlog.Text{Prose: quoted}
	case "dates":
		c.Field, c.FieldName, c.To, c.ToName = backlog.FieldTargetEnd, "Target end", tail, tail
		it.TargetEnd = day(tail)
	case "hangs":
		c.Field, c.FieldName, c.From, c.FromName, c.To, c.ToName = backlog.FieldParent, "Parent", it.Epic.ID, it.Epic.Key, "i-"+tail, tail
		it.Epic = backlog.Ref{ID: "i-" + tail, Key: tail}
	case "links":
		c.Field, c.FieldName, c.ToName, c.Measure = backlog.FieldLink, "Link", tail, int(backlog.LinkMarket)
	case "flags":
		c.Field, c.FieldName, c.To, c.ToName = backlog.FieldFlagged, "Flagged", "1", "Impediment"
	case "renames":
		c.Field, c.FieldName, c.FromName, c.ToName = backlog.FieldSummary, "summary", it.Title, quoted
		it.Title = quoted
	default:
		t.Fatalf("%q: nobody %s", text, verb)
	}
	h.event++
	c.ID = strconv.Itoa(10000 + h.event)
	it.Changes = append(it.Changes, c)
	it.PromisedChanges = len(it.Changes)
}

var mention = regexp.MustCompile(`@(\w+)`)

func (h *history) text(s string) backlog.Text {
	x := backlog.Text{Prose: s}
	for _, m := range mention.FindAllStringSubmatch(s, -1) {
		x.Mentions = append(x.Mentions, h.person(m[1]))
	}
	return x
}

// create reads "story PAY-1 under PAY-E1 for Cora in sprint 1 described "…"".
func (h *history) create(t *testing.T, at time.Time, by, rest string) {
	f := strings.Fields(rest)
	it := &backlog.Issue{ID: "i-" + f[1], Key: f[1], Scope: strings.Split(f[1], "-")[0], TypeName: f[0], Title: f[1], Creator: by, Reporter: by,
		Status: "1", StatusName: "Backlog", Category: backlog.Unstarted, Created: at, Updated: at, History: backlog.HistoryComplete, CommentsRead: true}
	levels := map[string]backlog.Level{"sub-task": -1, "story": 0, "task": 0, "bug": 0, "epic": 1, "initiative": 2}
	l, ok := levels[f[0]]
	if !ok {
		t.Fatalf("%q is no type", f[0])
	}
	it.Level, it.Type = l, f[0]
	for i := 2; i+1 < len(f); i += 2 {
		switch f[i] {
		case "under":
			it.Epic = backlog.Ref{ID: "i-" + f[i+1], Key: f[i+1]}
		case "for":
			it.Reporter = h.person(f[i+1])
		case "assigned":
			it.Assignee = h.person(f[i+1])
		case "described":
			it.Description.Prose = strings.Trim(strings.Join(f[i+1:], " "), `"`)
			i = len(f)
		}
	}
	h.issues = append(h.issues, it)
	h.byKey[it.Key] = it
}

func (h *history) status(t *testing.T, name string) backlog.Status {
	for _, s := range h.statuses {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("no status %q", name)
	return backlog.Status{}
}

func (h *history) batch() backlog.Batch {
	b := backlog.Batch{Site: "https://pay.example", Kind: "jira", Scopes: []backlog.Scope{{Key: "PAY", Name: "Payments"}, {Key: "MAP", Name: "Roadmap"}},
		Statuses: h.statuses, Sprints: h.sprints, Versions: h.versions}
	for _, n := range []string{"sub-task", "story", "task", "bug", "epic", "initiative"} {
		level := map[string]backlog.Level{"sub-task": -1, "epic": 1, "initiative": 2}[n]
		b.Types = append(b.Types, backlog.Type{ID: n, Name: n, Level: level})
	}
	for _, p := range h.people {
		b.Accounts = append(b.Accounts, backlog.Account{ID: "id-" + strings.ToLower(p), Name: p, Kind: h.kinds[p], Active: true, Zone: h.zones[p]})
	}
	for _, it := range h.issues {
		b.Issues = append(b.Issues, *it)
	}
	return b
}

// audit takes the batches through a store and audits scope test/PAY.
func (h *history) audit(t *testing.T, batches ...backlog.Batch) *analysis.Report {
	t.Helper()
	ctx := context.Background()
	s, err := store.Open(ctx, filepath.Join(t.TempDir(), "test.db"), store.Options{Lexicon: backlog.DefaultLexicon(), Now: func() time.Time { return h.asOf }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, b := range batches {
		if _, err := s.Save(ctx, "test", b); err != nil {
			t.Fatal(err)
		}
	}
	accounts, err := s.Accounts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SavePeople(ctx, analysis.Identify(accounts, analysis.Identity{})); err != nil {
		t.Fatal(err)
	}
	site, err := s.Site(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return h.report(t, site, func(ctx context.Context, scope int32, from, to time.Time, components bool) (*backlog.Snapshot, error) {
		return s.Snapshot(ctx, site, store.Query{Scope: scope, From: from, To: to, Components: components})
	})
}

func (h *history) report(t *testing.T, site *backlog.Site, load analysis.Load) *analysis.Report {
	t.Helper()
	periods, err := backlog.ParsePeriods(h.periods, day("2025-10-01"), h.asOf, h.asOf)
	if err != nil {
		t.Fatal(err)
	}
	o := analysis.Options{Periods: periods, AsOf: h.asOf, Method: analysis.DefaultMethod(), Workers: 2}
	for _, sc := range site.Scopes {
		if sc.Key == "PAY" {
			o.Targets = append(o.Targets, analysis.Target{Scope: sc})
		}
	}
	for i, name := range h.who {
		for p := range site.People {
			if site.People[p].Name == name {
				o.Declared = append(o.Declared, backlog.DeclaredInfo{Person: backlog.PersonID(p), Role: h.role[i], Scope: "test/PAY", Origin: analysis.Configured})
			}
		}
	}
	r, err := analysis.Audit(context.Background(), site, load, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// tell writes what an audit found in lines a product owner could check.
func (h *history) tell(r *analysis.Report) string {
	var b strings.Builder
	name := map[string]string{"": "nobody"}
	for _, p := range r.People {
		name[p.ID] = p.Name
	}
	for _, sc := range r.Scopes {
		for _, p := range sc.Periods {
			fmt.Fprintf(&b, "%s: %s\n", p.Period, p.Headline)
			for _, d := range backlog.Duties() {
				t := p.Duties[d.String()]
				fmt.Fprintf(&b, "%s: %s", d, t.Verdict)
				if t.Outcome != analysis.Measured {
					fmt.Fprintf(&b, " (%s)\n", t.Outcome)
					continue
				}
				fmt.Fprintf(&b, ", %d units;", t.Units)
				for _, s := range t.Shares {
					fmt.Fprintf(&b, " %s %.2f", name[s.Person], s.Share)
				}
				fmt.Fprintf(&b, " nobody %.2f\n", t.Nobody)
			}
			for _, role := range []string{"product-owner", "product-manager"} {
				x := p.Roles[role]
				fmt.Fprintf(&b, "%s: %s", role, x.Verdict)
				if x.Person != "" {
					fmt.Fprintf(&b, " %s", name[x.Person])
				}
				fmt.Fprintf(&b, "; %s\n", p.Match[role].Outcome)
			}
			fmt.Fprintf(&b, "structure: %s\n", p.Structure)
			w := p.Waits
			fmt.Fprintf(&b, "waits: %s, %d questions, %d answered, %d open, %d possible", w.Outcome, w.Questions, w.Answered, w.Open, w.Possible)
			if w.MedianHours != nil {
				fmt.Fprintf(&b, ", median %.1f h", *w.MedianHours)
			}
			b.WriteByte('\n')
			for _, f := range p.Findings {
				fmt.Fprintf(&b, "finding: %s (%s, %s): %s [%d events]\n", f.Code, f.Severity, f.Confidence, f.Statement, len(f.Evidence))
			}
		}
	}
	return b.String()
}
