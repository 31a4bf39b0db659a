package store

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"defacto/backlog"
)

// erasable is a batch in which Ada Okafor is everywhere a person can be.
func erasable() backlog.Batch {
	ada, bo := "712020:ada-0001-okafor", "712020:bo-0002"
	cursor := backlog.Cursor(`{"v":1,"strangers":["` + ada + `","` + bo + `"]}`)
	is := backlog.Issue{
		ID: "1001", Key: "PAY-1", Scope: "PAY", Type: "1", TypeName: "Story", Title: "Refund on cancelling, by Ada Okafor",
		Description: backlog.Text{Prose: "The zebra must be striped", Mentions: []string{bo}, Quotes: []string{"zebra quote"}},
		Criteria:    backlog.Text{Prose: "Given a zebra crossing"},
		Status:      "3", StatusName: "In Progress", Category: backlog.Started,
		Creator: ada, Reporter: ada, Assignee: ada, Created: day(1), Updated: day(9), Labels: []string{"ada-okafor", "blue"},
		History: backlog.HistoryComplete, CommentsRead: true, PromisedChanges: -1, PromisedComments: -1,
		Changes: []backlog.Change{
			{ID: "11", At: day(2), Author: bo, Field: backlog.FieldAssignee, From: bo, FromName: "Bo Lind", To: ada, ToName: "Ada Okafor"},
			{ID: "12", At: day(3), Author: bo, Field: backlog.FieldAssignee, From: ada, FromName: "Ada Okafor-Lind", To: bo, ToName: "Bo Lind"},
			{ID: "13", At: day(4), Author: ada, Field: backlog.FieldSummary, FromName: "Refunds of old", ToName: "Refund on cancelling, by Ada Okafor"},
			{ID: "14", At: day(5), Author: bo, Field: backlog.FieldOther, FieldName: "Approver", To: "Ada Okafor", ToName: "Ada Okafor"},
			{ID: "15", At: day(6), Author: ada, Field: backlog.FieldOther, FieldName: "Note", ToName: "a purple elephant"},
		},
		Comments: []backlog.Comment{
			{ID: "101", At: day(3), Author: ada, Body: backlog.Text{Prose: "Is the giraffe ready?", Code: []string{"giraffe()"}}},
			{ID: "102", At: day(4), Author: bo, Resolver: ada, Resolved: day(5), Body: backlog.Text{Prose: "@Ada Okafor no. Ask ÁDA OKAFOR, Okafor, Ada or ada.okafor@acme.example again", Mentions: []string{ada, "aokafor"}, Links: []string{"https://x.example/u/" + ada}}},
			{ID: "103", At: day(5), Author: bo, Body: backlog.Text{Prose: "Ada Okafor, what now?"}},
			{ID: "1035", At: day(6), Author: bo, Body: backlog.Text{Prose: "Settled with Ada Okafor in the call"}},
		},
	}
	rewritten := backlog.Issue{
		ID: "1002", Key: "PAY-2", Scope: "PAY", Type: "1", TypeName: "Story", Title: "Kept title", Description: backlog.Text{Prose: "Bo's own words"},
		Creator: ada, Reporter: ada, Created: day(1), Updated: day(9), PromisedChanges: -1, PromisedComments: -1, History: backlog.HistoryComplete,
		Changes: []backlog.Change{
			{ID: "21", At: day(2), Author: bo, Field: backlog.FieldDescription, FromName: "the zebra draft", ToName: "Bo's own words", Measure: 100},
			{ID: "22", At: day(3), Author: bo, Field: backlog.FieldSummary, FromName: "giraffe draft", ToName: "Kept title"},
		},
	}
	return backlog.Batch{
		Kind: "jira",
		Accounts: []backlog.Account{
			{ID: ada, Handle: "aokafor", Name: "Ada Okafor", Email: "ada.okafor@acme.example", Active: true, Zone: "Europe/Oslo"},
			{ID: bo, Name: "Bo Lind", Email: "bo@acme.example", Active: true},
		},
		Scopes:   []backlog.Scope{{Key: "PAY", Name: "Payments (Ada Okafor)", Lead: ada}},
		Declared: []backlog.Declaration{{Account: ada, Role: backlog.ProductOwner, Scope: "PAY", Origin: "project-lead"}},
		Issues:   []backlog.Issue{is, rewritten}, Cursor: &cursor,
	}
}

// traces are what must be nowhere once Ada is erased.
var traces = []string{"okafor", "ada-0001", "zebra", "giraffe", "purple elephant", "refund", "europe/oslo", "ÁDA", backlog.SpokenName("Okafor")}

// rawTraces lists what of it stands in the store's files, byte by byte.
func rawTraces(t *testing.T, path string) []string {
	t.Helper()
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	var found []string
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, trace := range traces {
			if strings.Contains(strings.ToLower(string(data)), strings.ToLower(trace)) {
				found = append(found, filepath.Base(f)+": "+trace)
			}
		}
	}
	return found
}

func personOf(t *testing.T, s *Store, account string) string {
	t.Helper()
	list, err := s.Accounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(list, func(a backlog.AccountInfo) bool { return a.Key() == account })
	if i < 0 {
		t.Fatalf("no account %s", account)
	}
	return list[i].Person
}

func TestForget(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db")
	s := open(t, path, Options{})
	save(t, s, "acme", erasable())
	gap := backlog.Gap{Where: "role of PAY", Scope: "PAY", What: "roles", Why: "Ada Okafor may not see them"}
	if err := s.Finish(t.Context(), backlog.SyncRun{Source: "acme", Started: day(9), Finished: day(10), AsOf: day(9), Note: gap.Why}, []backlog.Gap{gap}); err != nil {
		t.Fatal(err)
	}
	ada := personOf(t, s, "acme:712020:ada-0001-okafor")
	if err := s.SaveNote(t.Context(), Note{Finding: "acme/PAY/2026-Q3/trees/" + ada, Answer: "accept", Why: "Ada Okafor says so", By: "ada.okafor@acme.example", At: day(9), Until: day(90)}); err != nil {
		t.Fatal(err)
	}
	merge := backlog.Decision{Kind: backlog.MergeAccounts, Accounts: []string{"acme:712020:ada-0001-okafor", "acme:712020:bo-0002"}, Name: "Ada Okafor", Why: "told by Ada Okafor", By: "ada.okafor@acme.example"}
	if _, err := s.Decide(t.Context(), merge); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Publish(t.Context(), Edition{Report: "q", Due: day(9), Made: day(9), Standing: `{"po":"` + ada + `"}`}, []Message{{Recipient: "Ada <ada.okafor@acme.example>", MessageID: "1", Text: []byte("Ada Okafor …")}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Site(t.Context()); err != nil { // a reader that holds the old state
		t.Fatal(err)
	}
	before := snapshot(t, s, "acme/PAY", Query{})

	got, err := s.Forget(t.Context(), ada, "asked for by Ada Okafor", "the works council")
	if err != nil {
		t.Fatal(err)
	}
	if got.Accounts != 1 || got.Comments != 1 || got.Texts == 0 || got.Names == 0 || got.Decision == 0 {
		t.Errorf("erased %+v", got)
	}
	sound(t, s)
	if found := rawTraces(t, path); len(found) > 0 {
		t.Errorf("still there: %v\n%s", found, dump(t, s))
	}
	// What happened stays counted.
	after := snapshot(t, s, "acme/PAY", Query{})
	if a, b := fmt.Sprint(len(before.Items), len(before.Changes), len(before.Comments), before.Count), fmt.Sprint(len(after.Items), len(after.Changes), len(after.Comments), after.Count); a != b {
		t.Errorf("counted %s, before %s", b, a)
	}
	if it := item(t, after, "PAY-1"); it.Creator == backlog.Nobody || it.Flags != item(t, before, "PAY-1").Flags {
		t.Errorf("PAY-1 by %d with %b", it.Creator, it.Flags)
	}
	for _, want := range []string{`SELECT 1 FROM v_issues WHERE key = 'PAY-2'`, `SELECT 1 FROM issue_text WHERE title = 'Kept title' AND description = 'Bo''s own words'`, `SELECT 1 FROM v_comments WHERE body = '@a former member no. Ask a former member, a former member or a former member again'`} {
		if len(table2text(t, s.DB(), want)) != 1 {
			t.Errorf("nothing answers %s:\n%s", want, dump(t, s))
		}
	}

	// A later sync brings nothing back, and says nothing new.
	once := dump(t, s)
	save(t, s, "acme", erasable())
	if err := s.Finish(t.Context(), backlog.SyncRun{Source: "acme", Started: day(9), Finished: day(10), AsOf: day(9), Note: gap.Why}, []backlog.Gap{gap}); err != nil {
		t.Fatal(err)
	}
	if twice := dump(t, s); once != twice {
		t.Errorf("after another sync:\n%s", cmp.Diff(once, twice))
	}
	if found := rawTraces(t, path); len(found) > 0 {
		t.Errorf("brought back: %v", found)
	}
	if _, err := s.Undo(t.Context(), got.Decision, "me"); !errors.Is(err, ErrFinal) {
		t.Errorf("undo of an erasure: %v", err)
	}

	// The same in another process, which reads whom to leave out from the file.
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path, Options{})
	later := erasable()
	later.Issues[0].Updated = day(20)
	later.Issues[0].Comments = append(later.Issues[0].Comments, backlog.Comment{ID: "104", At: day(19), Author: "712020:ada-0001-okafor", Body: backlog.Text{Prose: "another giraffe?"}})
	save(t, s, "acme", later)
	if found := rawTraces(t, path); len(found) > 0 {
		t.Errorf("brought back by another process: %v", found)
	}
	if n := len(table2text(t, s.DB(), `SELECT * FROM v_comments WHERE account LIKE 'former-%'`)); n != 2 {
		t.Errorf("%d comments by a former member, want 2", n)
	}
	if _, err := s.Forget(t.Context(), personOf(t, s, "acme:712020:bo-0002"), "", ""); err != nil {
		t.Errorf("forget the second: %v", err)
	}
	if found := rawTraces(t, path); len(found) > 0 {
		t.Errorf("the second erasure undid the first: %v", found)
	}
}

// TestForgetWhileRead: a reader in another process keeps old pages alive, and that
// is said; once it ended, vacuuming finishes the work.
func TestForgetWhileRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db")
	s := open(t, path, Options{})
	save(t, s, "acme", erasable())
	other := open(t, path, Options{})
	site, err := other.Site(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Forget(t.Context(), personOf(t, s, "acme:712020:ada-0001-okafor"), "", ""); !errors.Is(err, ErrTraces) {
		t.Fatalf("error %v, want ErrTraces", err)
	}
	if strings.Contains(strings.ToLower(dump(t, s)), "okafor") {
		t.Error("the views still show them")
	}
	runtime.KeepAlive(site)
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Vacuum(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if found := rawTraces(t, path); len(found) > 0 {
		t.Errorf("still there: %v", found)
	}
}

// TestForgetFails: where anything goes wrong nobody is erased, not even in part.
func TestForgetFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db")
	s := open(t, path, Options{})
	save(t, s, "acme", erasable())
	before := dump(t, s)
	ada := personOf(t, s, "acme:712020:ada-0001-okafor")
	db, err := sql.Open("sqlite", writerDSN(path)) // the store's own connection is taken
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`CREATE TRIGGER refuse BEFORE INSERT ON decision BEGIN SELECT RAISE(ABORT, 'no'); END`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Forget(t.Context(), ada, "", ""); err == nil {
		t.Fatal("no error")
	}
	if after := dump(t, s); before != after {
		t.Error(cmp.Diff(before, after))
	}
	if rows := table2text(t, s.DB(), `SELECT * FROM forgotten`); len(rows) > 0 {
		t.Errorf("%d hashes are left", len(rows))
	}
}

func TestForgetNobody(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"), Options{})
	save(t, s, "acme", erasable())
	before := dump(t, s)
	if _, err := s.Forget(t.Context(), "pnobody", "", ""); err == nil {
		t.Error("forgot nobody")
	}
	if after := dump(t, s); before != after {
		t.Error(cmp.Diff(before, after))
	}
}

// TestMask: names are found as people write them, and nothing else is.
func TestMask(t *testing.T) {
	v := newVeil("salt")
	v.addName("Ana María Núñez (Contractor)")
	v.addName("王小明")
	v.addName("Zo")
	v.addMail("Ana.Nunez@acme.example")
	v.addHandle("anun")
	v.addID("s", "5b10ac8d82e05b22", "former-1")
	const x = erasedName
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{"Ana María Núñez agrees", x + " agrees"},
		{"ana maria nunez", x},
		{"Nuñez, Ana: yes", x + ": yes"},
		{"Ana can, Núñez cannot", "Ana can, Núñez cannot"},
		{"mail ana.nunez@acme.example.", "mail " + x + "."},
		{"<mailto:ana.nunez@ACME.example>", "<mailto:" + x + ">"},
		{"@anun and anun", "@" + x + " and anun"},
		{"[~anun] [~accountid:5b10ac8d82e05b22]", "[~" + x + "] [~accountid:" + x + "]"},
		{"我觉得王小明说得对", "我觉得" + x + "说得对"},
		{"@zo, zo far", "@" + x + ", zo far"},
		{"Anna Maria Nunezz", "Anna Maria Nunezz"},
		{"\xff\xfe Ana Núñez \x00", "\xff\xfe " + x + " \x00"},
	} {
		if got := v.mask(tt.in); got != tt.want {
			t.Errorf("mask(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
	var nobody *veil
	if nobody.mask("Ana Núñez") != "Ana Núñez" {
		t.Error("a nil veil hides somebody")
	}
}

// FuzzMask: whatever the text, masking ends, leaves no name, and does it once.
func FuzzMask(f *testing.F) {
	for _, s := range []string{"Ada Okafor", "@ada okafor,", "\xffAda\u0301 Okafor", "{\"a\":\"Ada Okafor\"}", "王Ada Okafor王"} {
		f.Add(s)
	}
	v := newVeil("salt")
	v.addName("Ada Okafor")
	f.Fuzz(func(t *testing.T, s string) {
		got := v.mask(s)
		if strings.Contains(got, "Ada Okafor") && !strings.Contains(s, "Ada Okafor") {
			t.Errorf("%q made a name: %q", s, got)
		}
		if again := v.mask(got); again != got {
			t.Errorf("%q: once %q, twice %q", s, got, again)
		}
	})
}

func TestDecisions(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"), Options{})
	save(t, s, "acme", backlog.Batch{Accounts: people()})
	id, err := s.Decide(t.Context(), backlog.Decision{Kind: backlog.MergeAccounts, Accounts: []string{"acme:u2", "acme:u1", "acme:u2"}, Name: "Ada", Why: "asked", By: "me"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Decide(t.Context(), backlog.Decision{Kind: backlog.MarkAccounts, Accounts: []string{"acme:u3"}, Mark: backlog.AppAccount}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Decide(t.Context(), backlog.Decision{Kind: backlog.SplitAccounts, Accounts: []string{"acme:u9"}}); err == nil {
		t.Error("an account that is not there was split off")
	}
	if _, err := s.Undo(t.Context(), id, "you"); err != nil {
		t.Fatal(err)
	}
	for want, no := range map[error]int64{ErrUndone: id, ErrNoDecision: 99} {
		if _, err := s.Undo(t.Context(), no, "you"); !errors.Is(err, want) {
			t.Errorf("undo %d: %v, want %v", no, err, want)
		}
	}
	got, err := s.Decisions(t.Context())
	want := []backlog.Decision{
		{ID: 1, Kind: backlog.MergeAccounts, Accounts: []string{"acme:u1", "acme:u2"}, Name: "Ada", Why: "asked", By: "me", At: now().UTC(), Undone: now().UTC(), UndoneBy: "you"},
		{ID: 2, Kind: backlog.MarkAccounts, Accounts: []string{"acme:u3"}, Mark: backlog.AppAccount, At: now().UTC()},
	}
	if err != nil || !cmp.Equal(got, want) {
		t.Errorf("%v %s", err, cmp.Diff(want, got))
	}
}
