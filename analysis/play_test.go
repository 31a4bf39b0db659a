package analysis_test

import (
	"bufio"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"defacto/analysis"
	"defacto/backlog"
)

// history is a test history that has been read: what a tracker would hold, and
// how to audit it. Its language is told by settings and play below.
type history struct {
	periods  string
	asOf     time.Time
	declared []declaration
	show     []string
	accounts map[string]*backlog.Account // by the name the history uses
	absent   map[string]bool             // accounts the tracker no longer knows
	sprints  []backlog.Sprint
	versions []backlog.Version
	statuses []backlog.Status
	types    []backlog.Type
	gaps     []backlog.Gap
	names    analysis.StatusNames
	rules    []analysis.TypeRule
	identity analysis.Identity
	alike    []analysis.Proposal // what the last audit was told may be one person
	method   analysis.Method
	calendar analysis.Calendar
	part     analysis.Part
	scopes   []string // keys of the projects to audit
	workers  int
	empty    []byte // an empty store's file

	issues []*backlog.Issue
	byKey  map[string]*backlog.Issue
	people []string // in order of appearance
	events int
}

// declaration is a role somebody is declared to hold; without an origin the
// configuration says so.
type declaration struct {
	role        backlog.Role
	who, origin string
	from, until time.Time
}

func defaultStatuses() []backlog.Status {
	return []backlog.Status{
		{ID: "1", Name: "Backlog", Category: backlog.Unstarted},
		{ID: "2", Name: "Selected", Category: backlog.Unstarted},
		{ID: "3", Name: "In Progress", Category: backlog.Started},
		{ID: "4", Name: "In Review", Category: backlog.Started},
		{ID: "5", Name: "Acceptance", Category: backlog.Started},
		{ID: "6", Name: "Done", Category: backlog.Completed},
		{ID: "7", Name: "Waiting for Product", Category: backlog.Started},
		{ID: "8", Name: "In Test", Category: backlog.Started},
		{ID: "9", Name: "Won't Do", Category: backlog.Completed},
	}
}

func defaultTypes() []backlog.Type {
	var list []backlog.Type
	for _, n := range []string{"sub-task", "story", "task", "bug", "epic", "initiative"} {
		list = append(list, backlog.Type{ID: n, Name: n, Level: map[string]backlog.Level{"sub-task": -1, "epic": 1, "initiative": 2}[n]})
	}
	return list
}

func readHistory(t testing.TB, a *txtar.Archive) *history {
	t.Helper()
	h := &history{
		periods: "2026-Q1", asOf: day("2026-04-15"), accounts: map[string]*backlog.Account{}, absent: map[string]bool{},
		statuses: defaultStatuses(), types: defaultTypes(), byKey: map[string]*backlog.Issue{}, method: analysis.DefaultMethod(), workers: 2, scopes: []string{"PAY"},
	}
	h.settings(t, section(a, "setting"))
	h.read(t, section(a, "history"))
	h.forget(t, section(a, "setting"))
	for _, f := range a.Files {
		if !slices.Contains([]string{"setting", "history", "want"}, f.Name) {
			t.Fatalf("unknown section %q", f.Name)
		}
	}
	return h
}

func section(a *txtar.Archive, name string) string {
	for _, f := range a.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

func day(s string) time.Time {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return d
}

// words splits a line at blanks, keeping what stands in quotes together.
func words(line string) []string {
	var out []string
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		if line[0] == '"' {
			if end := strings.IndexByte(line[1:], '"'); end >= 0 {
				out, line = append(out, line[1:end+1]), line[end+2:]
				continue
			}
		}
		word, rest, _ := strings.Cut(line, " ")
		out, line = append(out, word), rest
	}
	return out
}

// settings reads what the tracker and the audit are like, one setting a line:
//
//	period 2026-Q1 · as-of 2026-04-15 · show acts accept (see tell)
//	declared product-owner Anna [as "project-role: Product Owner"] [from D] [until D]
//	app Robot · customer Carl · inactive Dora · deleted Eve (no account handed in)
//	developer Ben (built six bugs in December) · asker Ben (built three)
//	zone Anna Asia/Tokyo · email Anna a@x · named anna2 "Anna Lee" · bot "Deploy *" · marked Anna app
//	sprint 1 2026-01-05 2026-01-19 · version 1.0 2026-02-01
//	status "In Arbeit" started · type Verbesserung 0 · stage acceptance "In Arbeit" · rule Idee ignore
//	scopes PAY WEB APP (PAY unless said) · plain (a workflow of Backlog, In Progress and Done)
//	method batch_issues 5 · wall · part component Checkout
//	without history [PAY-1] · without comments [PAY-1]
//	gap issues 3 "a page was cut off"
func (h *history) settings(t testing.TB, text string) {
	for _, line := range lines(text) {
		f := words(line)
		switch f[0] {
		case "period":
			h.periods = f[1]
		case "as-of":
			h.asOf = day(f[1])
		case "show":
			h.show = append(h.show, strings.Join(f[1:], " "))
		case "declared":
			h.declare(t, f[1:])
		case "app":
			h.account(f[1]).Kind = backlog.AppAccount
		case "customer":
			h.account(f[1]).Kind = backlog.CustomerAccount
		case "inactive":
			h.account(f[1]).Active = false
		case "deleted":
			h.absent[f[1]] = true
		case "developer":
			h.built(t, f[1], 6)
		case "asker":
			h.built(t, f[1], 3)
		case "zone":
			h.account(f[1]).Zone = f[2]
		case "email":
			h.account(f[1]).Email = f[2]
		case "named":
			h.account(f[1]).Name = f[2]
		case "scopes":
			h.scopes = f[1:]
		case "plain":
			h.statuses = []backlog.Status{h.statuses[0], h.statuses[2], h.statuses[5]}
		case "bot":
			h.identity.Bots = append(h.identity.Bots, f[1])
		case "marked":
			h.identity.Marked = map[string]backlog.AccountKind{"test:" + h.person(f[1]): backlog.ParseAccountKind(f[2])}
		case "sprint":
			end := day(f[3])
			h.sprints = append(h.sprints, backlog.Sprint{ID: f[1], Name: "Sprint " + f[1], State: "closed", Start: day(f[2]), End: end, Completed: end})
		case "version":
			h.versions = append(h.versions, backlog.Version{ID: f[1], Name: f[1], Scope: "PAY", Released: true, Release: day(f[2])})
		case "status":
			h.statuses = append(h.statuses, backlog.Status{ID: "s" + strconv.Itoa(len(h.statuses)), Name: f[1], Category: backlog.ParseCategory(f[2])})
		case "type":
			level, _ := strconv.Atoi(f[2])
			h.types = append(h.types, backlog.Type{ID: f[1], Name: f[1], Level: backlog.Level(level)})
		case "stage":
			list := map[string]*[]string{
				"acceptance": &h.names.Acceptance, "waiting": &h.names.Waiting, "review": &h.names.Review,
				"test": &h.names.Test, "ready": &h.names.Ready, "backlog": &h.names.Backlog, "done": &h.names.Done,
			}[f[1]]
			*list = append(*list, f[2])
		case "rule":
			h.rules = append(h.rules, analysis.TypeRule{Name: f[1], As: f[2]})
		case "method":
			v, err := strconv.ParseFloat(f[2], 64)
			if err == nil {
				err = h.method.Set(f[1], v)
			}
			if err != nil {
				t.Fatalf("%q: %v", line, err)
			}
		case "wall":
			h.calendar.Wall = true
		case "part":
			h.part = analysis.Part{Kind: f[1], Name: f[2]}
		case "gap":
			n, _ := strconv.Atoi(f[2])
			h.gaps = append(h.gaps, backlog.Gap{Where: "issues.jsonl:17", Scope: "PAY", What: f[1], Missing: n, Why: f[3]})
		case "without": // see forget
		default:
			t.Fatalf("setting %q is unknown", line)
		}
	}
}

func (h *history) declare(t testing.TB, f []string) {
	role, err := backlog.ParseRole(f[0])
	if err != nil {
		t.Fatal(err)
	}
	d := declaration{role: role, who: f[1]}
	for i := 2; i+1 < len(f); i += 2 {
		switch f[i] {
		case "as":
			d.origin = f[i+1]
		case "from":
			d.from = day(f[i+1])
		case "until":
			d.until = day(f[i+1])
		}
	}
	h.person(d.who)
	h.declared = append(h.declared, d)
}

// built lets somebody have built so many bugs in the quarter before: they are no
// stories, but who builds them is a developer.
func (h *history) built(t testing.TB, who string, n int) {
	for i := range n {
		key := fmt.Sprintf("PAY-%s%d", who, i+1)
		at := day("2025-12-01").AddDate(0, 0, 2*i)
		h.play(t, at.Add(9*time.Hour), "Quentin creates bug "+key+" assigned "+who)
		h.play(t, at.Add(10*time.Hour), who+" moves "+key+" to In Progress")
		h.play(t, at.Add(15*time.Hour), who+" moves "+key+" to Done")
	}
}

// forget drops what was not obtained.
func (h *history) forget(t testing.TB, text string) {
	for _, line := range lines(text) {
		f := words(line)
		if f[0] != "without" {
			continue
		}
		for _, it := range h.issues {
			if len(f) > 2 && it.Key != f[2] {
				continue
			}
			switch f[1] {
			case "history":
				it.Changes, it.History, it.PromisedChanges = nil, backlog.HistoryNone, -1
			case "comments":
				it.Comments, it.CommentsRead, it.PromisedComments = nil, false, -1
			default:
				t.Fatalf("%q: without what?", line)
			}
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

var repeat = regexp.MustCompile(`^(\d+) times every (\d+) (days?|hours?|minutes?|seconds?) from (\S+)(?: (\d\d:\d\d))?(?: counting from (\d+))?:$`)

// read reads events, one a line ("2026-01-05 10:00 Anna creates story PAY-1"), and
// repeated blocks ("12 times every 3 days from 2026-01-05:") whose indented lines
// start with an offset ("+1d 09:00 Ben moves PAY-# to Done", "+0d - …" at the
// block's own time). # is the round; it runs on from block to block unless one
// says "counting from 1". {Anna|Ben|Cleo} takes turns.
func (h *history) read(t testing.TB, text string) {
	all := lines(text)
	next := 1
	for i := 0; i < len(all); i++ {
		m := repeat.FindStringSubmatch(all[i])
		if m == nil {
			f := strings.SplitN(all[i], " ", 3)
			h.play(t, day(f[0]).Add(clock(t, f[1])), f[2])
			continue
		}
		n, _ := strconv.Atoi(m[1])
		every, _ := strconv.Atoi(m[2])
		unit := map[byte]time.Duration{'d': 24 * time.Hour, 'h': time.Hour, 'm': time.Minute, 's': time.Second}[m[3][0]]
		from := day(m[4])
		if m[5] != "" {
			from = from.Add(clock(t, m[5]))
		}
		if m[6] != "" {
			next, _ = strconv.Atoi(m[6])
		}
		block := i + 1
		for i+1 < len(all) && strings.HasPrefix(all[i+1], " ") {
			i++
		}
		for k := range n {
			start := from.Add(time.Duration(k*every) * unit)
			for _, line := range all[block : i+1] {
				f := strings.SplitN(strings.TrimSpace(line), " ", 3)
				days, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(f[0], "+"), "d"))
				if err != nil || len(f) < 3 {
					t.Fatalf("%q: %v", line, err)
				}
				at := start.AddDate(0, 0, days)
				if f[1] != "-" {
					at = at.Truncate(24 * time.Hour).Add(clock(t, f[1]))
				}
				h.play(t, at, turns(strings.ReplaceAll(f[2], "#", strconv.Itoa(next+k)), k))
			}
		}
		next += n
	}
}

// clock reads 09:00 or 09:00:05.
func clock(t testing.TB, s string) time.Duration {
	at, err := time.Parse("15:04", s)
	if err != nil {
		at, err = time.Parse(time.TimeOnly, s)
	}
	if err != nil {
		t.Fatalf("%q is no time of day", s)
	}
	return time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute + time.Duration(at.Second())*time.Second
}

var turn = regexp.MustCompile(`\{([^{}]*\|[^{}]*)\}`)

func turns(line string, k int) string {
	return turn.ReplaceAllStringFunc(line, func(s string) string {
		list := strings.Split(s[1:len(s)-1], "|")
		return list[k%len(list)]
	})
}

// person is the id of the account behind a name.
func (h *history) person(name string) string {
	if name == "nobody" {
		return ""
	}
	return h.account(name).ID
}

func (h *history) account(name string) *backlog.Account {
	if h.accounts[name] == nil {
		h.people = append(h.people, name)
		h.accounts[name] = &backlog.Account{ID: "id-" + strings.ToLower(name), Name: name, Active: true}
	}
	return h.accounts[name]
}

var keyed = regexp.MustCompile(`\b(PAY|MAP|WEB|APP)-\w+`)

// play applies one event: who, a verb, an issue, and what the verb takes.
//
//	creates story PAY-1 [under PAY-E1] [for Cora] [assigned Ben] [from import|template] [cloned PAY-0] [split PAY-0] [described "…"]
//	comments PAY-1 "@Anna which one? https://…" · replies PAY-1 "…" (to the last comment by somebody else)
//	ranks PAY-1 · prioritises PAY-1 High · versions PAY-1 1.0 · estimates PAY-1 5 · components PAY-1 Checkout
//	schedules PAY-1 into 1 · unschedules PAY-1 · assigns PAY-1 to Ben (or nobody)
//	moves PAY-1 to In Progress [as "Won't Fix"] [taking it] (who moves it is assigned with the same click) · flags PAY-1 · unflags PAY-1
//	describes PAY-1 "…" · renames PAY-1 "…" · labels PAY-1 customer · hangs PAY-1 PAY-E1
//	dates PAY-E1 2026-06-01 · links PAY-1 SUP-1 (a service desk's request) · unlinks PAY-1 SUP-1 · updates PAY-E1 "on track"
//
// A change that ends in "by automation" is one the tracker itself calls so.
func (h *history) play(t testing.TB, at time.Time, text string) {
	t.Helper()
	machine := strings.HasSuffix(text, " by automation")
	text = strings.TrimSuffix(text, " by automation")
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
	args := words(rest[strings.Index(rest, key)+len(key):])
	if len(args) > 0 && (args[0] == "to" || args[0] == "into") {
		args = args[1:]
	}
	said := ""
	if i := strings.IndexByte(rest, '"'); i >= 0 {
		said = strings.TrimSuffix(rest[i+1:], `"`)
	}
	tail := strings.Join(args, " ")
	c := backlog.Change{At: at, Author: by, Machine: machine}
	h.events++
	switch verb {
	case "comments", "replies":
		m := backlog.Comment{ID: strconv.Itoa(900000 + h.events), At: at, Author: by, Body: h.text(said), Machine: machine}
		for i := len(it.Comments) - 1; verb == "replies" && i >= 0 && m.Parent == ""; i-- {
			if it.Comments[i].Author != by {
				m.Parent = it.Comments[i].ID
			}
		}
		it.Comments = append(it.Comments, m)
		it.PromisedComments = len(it.Comments)
		return
	case "ranks":
		c.Field, c.FieldName, c.ToName, c.Measure = backlog.FieldRank, "Rank", "Ranked higher", 1
	case "prioritises":
		c.Field, c.FieldName, c.From, c.FromName, c.To, c.ToName = backlog.FieldPriority, "priority", it.Priority, it.Priority, tail, tail
		it.Priority = tail
	case "versions":
		c.Field, c.FieldName, c.To, c.ToName = backlog.FieldVersion, "Fix Version", tail, tail
		it.Versions = append(it.Versions, tail)
	case "unversions":
		c.Field, c.FieldName, c.From, c.FromName = backlog.FieldVersion, "Fix Version", tail, tail
		it.Versions = nil
	case "estimates":
		c.Field, c.FieldName, c.To, c.ToName = backlog.FieldEstimate, "Story Points", tail, tail
	case "components":
		c.Field, c.FieldName, c.To, c.ToName = backlog.FieldComponent, "Component", tail, tail
		it.Components = append(it.Components, tail)
	case "schedules", "unschedules":
		c.Field, c.FieldName, c.To = backlog.FieldSprint, "Sprint", tail
		if tail != "" {
			c.ToName = "Sprint " + tail
		}
		if n := len(it.Sprints); n > 0 {
			c.From, c.FromName = it.Sprints[n-1], "Sprint "+it.Sprints[n-1]
		}
		if verb == "schedules" {
			it.Sprints = append(it.Sprints, tail)
		}
	case "moves":
		tail, taking := strings.CutSuffix(tail, " taking it")
		name, resolution, _ := strings.Cut(tail, " as ")
		s := h.status(t, name)
		c.Field, c.FieldName, c.From, c.FromName, c.To, c.ToName = backlog.FieldStatus, "status", it.Status, it.StatusName, s.ID, s.Name
		it.Status, it.StatusName, it.Category = s.ID, s.Name, s.Category
		it.Resolved = time.Time{}
		if s.Category == backlog.Completed {
			it.Resolved = at
		}
		if resolution != "" {
			it.Resolution = resolution
			r := c
			r.ID, r.Ordinal, r.Field, r.FieldName, r.From, r.FromName, r.To, r.ToName = strconv.Itoa(10000+h.events), 1, backlog.FieldResolution, "resolution", "", "", "r-"+resolution, resolution
			it.Changes = append(it.Changes, r)
		}
		if taking {
			a := c
			a.ID, a.Ordinal, a.Field, a.FieldName, a.From, a.FromName, a.To, a.ToName = strconv.Itoa(10000+h.events), 2, backlog.FieldAssignee, "assignee", it.Assignee, it.Assignee, by, who
			it.Assignee = by
			it.Changes = append(it.Changes, a)
		}
	case "assigns":
		c.Field, c.FieldName, c.From, c.To, c.ToName = backlog.FieldAssignee, "assignee", it.Assignee, h.person(tail), tail
		it.Assignee = c.To
	case "describes":
		c.Field, c.FieldName, c.FromName, c.ToName = backlog.FieldDescription, "description", it.Description.Prose, said
		c.Measure = backlog.Changed(it.Description.Prose, said)
		it.Description = backlog.Text{Prose: said}
	case "renames":
		c.Field, c.FieldName, c.FromName, c.ToName = backlog.FieldSummary, "summary", it.Title, said
		it.Title = said
	case "dates":
		c.Field, c.FieldName, c.To, c.ToName = backlog.FieldTargetEnd, "Target end", tail, tail
		it.TargetEnd = day(tail)
	case "hangs":
		c.Field, c.FieldName, c.From, c.FromName, c.To, c.ToName = backlog.FieldParent, "Parent", it.Epic.ID, it.Epic.Key, "i-"+tail, tail
		it.Epic = backlog.Ref{ID: "i-" + tail, Key: tail}
	case "links", "unlinks":
		c.Field, c.FieldName, c.ToName, c.Measure = backlog.FieldLink, "Link", tail, int(backlog.LinkMarket)
		if verb == "unlinks" {
			c.Measure = -c.Measure
		}
	case "labels":
		c.Field, c.FieldName, c.FromName, c.ToName = backlog.FieldLabels, "labels", strings.Join(it.Labels, " "), strings.Join(append(it.Labels, tail), " ")
		c.From, c.To = c.FromName, c.ToName
		it.Labels = append(it.Labels, tail)
	case "updates":
		c.Field, c.FieldName, c.ToName = backlog.FieldUpdate, "update", said
	case "flags":
		c.Field, c.FieldName, c.To, c.ToName = backlog.FieldFlagged, "Flagged", "1", "Impediment"
	case "unflags":
		c.Field, c.FieldName, c.From, c.FromName = backlog.FieldFlagged, "Flagged", "1", "Impediment"
	default:
		t.Fatalf("%q: nobody %s", text, verb)
	}
	c.ID = strconv.Itoa(10000 + h.events)
	it.Changes = append(it.Changes, c)
	ids := map[string]bool{}
	for _, x := range it.Changes {
		ids[x.ID] = true
	}
	it.PromisedChanges = len(ids)
}

var (
	mention = regexp.MustCompile(`@(\w+)`)
	link    = regexp.MustCompile(`https?://\S+`)
	quote   = regexp.MustCompile(`>[^<]*<`) // ">which currency?<" quotes somebody
)

// text takes apart what somebody wrote, as a connector would.
func (h *history) text(s string) backlog.Text {
	x := backlog.Text{Links: link.FindAllString(s, -1), Quotes: quote.FindAllString(s, -1)}
	x.Prose = strings.TrimSpace(quote.ReplaceAllString(link.ReplaceAllString(s, ""), ""))
	for _, m := range mention.FindAllStringSubmatch(s, -1) {
		if id := h.person(m[1]); !slices.Contains(x.Mentions, id) {
			x.Mentions = append(x.Mentions, id)
		}
	}
	return x
}

func (h *history) create(t testing.TB, at time.Time, by, rest string) {
	f := words(rest)
	it := &backlog.Issue{
		ID: "i-" + f[1], Key: f[1], Scope: strings.Split(f[1], "-")[0], TypeName: f[0], Title: f[1], Creator: by, Reporter: by,
		Status: "1", StatusName: "Backlog", Category: backlog.Unstarted, Created: at, Updated: at, History: backlog.HistoryComplete, CommentsRead: true,
	}
	i := slices.IndexFunc(h.types, func(x backlog.Type) bool { return x.Name == f[0] })
	if i < 0 {
		t.Fatalf("%q is no type", f[0])
	}
	it.Level, it.Type = h.types[i].Level, h.types[i].ID
	for i := 2; i+1 < len(f); i += 2 {
		switch f[i] {
		case "under":
			it.Epic = backlog.Ref{ID: "i-" + f[i+1], Key: f[i+1]}
		case "for":
			it.Reporter = h.person(f[i+1])
		case "assigned":
			it.Assignee = h.person(f[i+1])
		case "cloned":
			it.Links = append(it.Links, backlog.Link{Kind: backlog.LinkClones, Name: "clones", Other: backlog.Ref{Key: f[i+1]}})
		case "split":
			it.Links = append(it.Links, backlog.Link{Kind: backlog.LinkSplitFrom, Name: "split from", Other: backlog.Ref{Key: f[i+1]}})
		case "from":
			it.Imported, it.Machine = f[i+1] == "import", f[i+1] == "template"
		case "described":
			it.Description.Prose = f[i+1]
		default:
			t.Fatalf("create %q: %q?", rest, f[i])
		}
	}
	if h.byKey[it.Key] != nil {
		t.Fatalf("%s is created twice", it.Key)
	}
	h.issues = append(h.issues, it)
	h.byKey[it.Key] = it
}

func (h *history) status(t testing.TB, name string) backlog.Status {
	for _, s := range h.statuses {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("no status %q", name)
	return backlog.Status{}
}

// batch is the whole history as a connector would hand it in.
func (h *history) batch() backlog.Batch {
	b := backlog.Batch{
		Site: "https://pay.example", Kind: "jira", Scopes: []backlog.Scope{{Key: "PAY", Name: "Payments"}, {Key: "MAP", Name: "Roadmap"}, {Key: "WEB", Name: "Shop"}, {Key: "APP", Name: "App"}},
		Statuses: h.statuses, Sprints: h.sprints, Versions: h.versions, Types: h.types,
	}
	for _, p := range h.people {
		if !h.absent[p] {
			b.Accounts = append(b.Accounts, *h.accounts[p])
		}
	}
	for _, it := range h.issues {
		b.Issues = append(b.Issues, *it)
	}
	for _, d := range h.declared {
		if d.origin != "" {
			b.Declared = append(b.Declared, backlog.Declaration{Account: h.person(d.who), Role: d.role, Scope: "PAY", Origin: d.origin, From: d.from, Until: d.until})
		}
	}
	return b
}
