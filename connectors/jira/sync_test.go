package jira_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"defacto/backlog"
	"defacto/connectors"
	"defacto/connectors/jira"
	"defacto/connectors/jira/jiratest"
	"defacto/store"
)

// rig is a server, a store, and what connects them.
type rig struct {
	t   *testing.T
	srv *jiratest.Jira
	db  *store.Store
	opt jira.Options
}

// flavours runs a test against both products.
func flavours(t *testing.T, world backlog.Batch, opt jiratest.Options, test func(*rig)) {
	t.Helper()
	for name, flavour := range map[string]jiratest.Flavour{"cloud": jiratest.Cloud, "data center": jiratest.Server} {
		t.Run(name, func(t *testing.T) { test(newRig(t, flavour, world, opt)) })
	}
}

func newRig(t *testing.T, flavour jiratest.Flavour, world backlog.Batch, opt jiratest.Options) *rig {
	t.Helper()
	srv := jiratest.New(flavour, world, opt)
	t.Cleanup(srv.Close)
	r := &rig{t: t, srv: srv}
	path := filepath.Join(t.TempDir(), "defacto.db")
	empty, err := emptyStore()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, empty, 0o600); err != nil {
		t.Fatal(err)
	}
	r.db = r.store(path)
	r.opt = jira.Options{
		Name: "acme", PageSize: 20, URL: srv.URL, Token: "t0ken-1234", Now: srv.Now,
		Sleep: func(ctx context.Context, d time.Duration) error { srv.Advance(d); return ctx.Err() },
	}
	for _, sc := range world.Scopes {
		r.opt.Projects = append(r.opt.Projects, sc.Key)
	}
	return r
}

// emptyStore is the file of a store that holds nothing: making its tables takes
// longer than most of these syncs.
var emptyStore = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "defacto-empty")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "defacto.db")
	db, err := store.Open(context.Background(), path, store.Options{Now: time.Now, Lexicon: backlog.DefaultLexicon()})
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func (r *rig) store(path string) *store.Store {
	r.t.Helper()
	db, err := store.Open(r.t.Context(), path, store.Options{Now: r.srv.Now, Lexicon: backlog.DefaultLexicon()})
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { db.Close() })
	return db
}

func (r *rig) try(full bool) (connectors.Summary, error) {
	r.t.Helper()
	src, err := jira.New(r.opt)
	if err != nil {
		r.t.Fatal(err)
	}
	return connectors.Sync(r.t.Context(), src, r.db, connectors.Options{Full: full, Now: r.srv.Now})
}

func (r *rig) sync() connectors.Summary {
	r.t.Helper()
	sum, err := r.try(false)
	if err != nil {
		r.t.Fatal(err)
	}
	return sum
}

// whole checks that the store holds every visible issue, item and comment exactly
// once, and nothing visible as gone.
func (r *rig) whole() {
	r.t.Helper()
	want := map[string]string{}
	for _, iss := range r.srv.Issues() {
		want[iss.ID] = fmt.Sprintf("%s: %d changes, %d comments", iss.Key, len(iss.Changes), len(iss.Comments))
	}
	if diff := cmp.Diff(want, r.stored("coalesce(deleted, '') = ''")); diff != "" {
		r.t.Errorf("the store differs from what is visible (-visible +stored):\n%s", diff)
	}
}

// stored describes the stored issues under a condition on v_issues.
func (r *rig) stored(where string) map[string]string {
	r.t.Helper()
	changes, comments := map[string]string{}, map[string]string{}
	for _, row := range r.rows("SELECT issue_key, count(*), count(DISTINCT id || ':' || ordinal) FROM v_changes GROUP BY issue_key") {
		changes[row[0]] = row[1]
		if row[1] != row[2] {
			r.t.Errorf("%s: %s changes of %s are stored", row[0], row[1], row[2])
		}
	}
	for _, row := range r.rows("SELECT issue_key, count(*) FROM v_comments GROUP BY issue_key") {
		comments[row[0]] = row[1]
	}
	got := map[string]string{}
	for _, row := range r.rows("SELECT id, key FROM v_issues WHERE " + where) {
		if _, twice := got[row[0]]; twice {
			r.t.Errorf("issue %s is stored twice", row[0])
		}
		got[row[0]] = fmt.Sprintf("%s: %s changes, %s comments", row[1], orZero(changes[row[1]]), orZero(comments[row[1]]))
	}
	return got
}

func orZero(n string) string {
	if n == "" {
		return "0"
	}
	return n
}

func (r *rig) rows(query string) [][]string {
	r.t.Helper()
	rows, err := r.db.DB().QueryContext(r.t.Context(), query)
	if err != nil {
		r.t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		r.t.Fatal(err)
	}
	var out [][]string
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			r.t.Fatal(err)
		}
		row := make([]string, len(columns))
		for i, v := range values {
			row[i] = fmt.Sprint(*v.(*any))
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		r.t.Fatal(err)
	}
	return out
}

// views is every open view but v_syncs, as text.
func (r *rig) views() string {
	var b strings.Builder
	for _, view := range []string{"v_people", "v_accounts", "v_issues", "v_changes", "v_comments"} {
		lines := []string{}
		for _, row := range r.rows("SELECT * FROM " + view) {
			lines = append(lines, view+"|"+strings.Join(row, "|"))
		}
		slices.Sort(lines)
		b.WriteString(strings.Join(lines, "\n") + "\n")
	}
	return b.String()
}

// asked counts the requests since the last call by path.
func (r *rig) asked() map[string]int {
	n := map[string]int{}
	for _, req := range r.srv.Requests() {
		n[req.Path]++
	}
	return n
}

func total(n map[string]int) (sum int) {
	for _, k := range n {
		sum += k
	}
	return sum
}

func small() backlog.Batch {
	return jiratest.World(jiratest.Size{Projects: []string{"PAY", "ORDER"}, Issues: 45, Histories: 3, Comments: 2})
}

func TestEverythingArrivesOnce(t *testing.T) {
	flavours(t, small(), jiratest.Options{Zone: "America/New_York"}, func(r *rig) {
		sum := r.sync()
		r.whole()
		if !sum.Run.Complete || len(sum.Gaps) > 0 {
			r.t.Errorf("complete %v, gaps %v", sum.Run.Complete, sum.Gaps)
		}
		asked := r.asked()
		if n := total(asked); n != sum.Run.Requests || n > 26 {
			r.t.Errorf("%d requests arrived, %d counted: %v", n, sum.Run.Requests, asked)
		}
		if sum.Run.AsOf.IsZero() {
			r.t.Error("no as-of")
		}
	})
}

// TestLinksToADesk: a story's link into a service project is one to the market,
// though only the story's project is read, and whatever its words.
func TestLinksToADesk(t *testing.T) {
	world := small()
	world.Scopes = append(world.Scopes, backlog.Scope{ID: "77", Key: "SUP", Name: "Hilfe"})
	story := &world.Issues[3]
	story.Links = []backlog.Link{{Other: backlog.Ref{ID: "7001", Key: "SUP-2197"}}, {Other: backlog.Ref{ID: "7002", Key: "ELSE-1"}}}
	for i, l := range story.Links {
		story.Changes = append(story.Changes, backlog.Change{
			ID: fmt.Sprint(990_000 + i), At: story.Updated, Author: world.Accounts[1].ID, Field: backlog.FieldLink, To: l.Other.Key, ToName: "This issue relates to " + l.Other.Key,
		})
	}
	flavours(t, world, jiratest.Options{}, func(r *rig) {
		r.srv.Encoder.Desks = []string{"SUP"}
		r.opt.Projects = []string{"PAY"}
		src, err := jira.New(r.opt)
		if err != nil {
			r.t.Fatal(err)
		}
		got := map[string]backlog.LinkKind{}
		for b, err := range src.Batches(r.t.Context(), "") {
			if err != nil {
				r.t.Fatal(err)
			}
			for _, iss := range b.Issues {
				for _, l := range iss.Links {
					got[l.Other.Key] = l.Kind
				}
				for _, c := range iss.Changes {
					if c.Field == backlog.FieldLink {
						got[c.ToName] = backlog.LinkKind(c.Measure)
					}
				}
			}
		}
		want := map[string]backlog.LinkKind{
			"ELSE-1": backlog.LinkOther, "This issue relates to ELSE-1": backlog.LinkOther,
			"SUP-2197": backlog.LinkMarket, "This issue relates to SUP-2197": backlog.LinkMarket,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			r.t.Errorf("links (-want +pulled):\n%s", diff)
		}
	})
}

// TestListOfProjectsRefused: the types of other projects are a help, no condition.
func TestListOfProjectsRefused(t *testing.T) {
	flavours(t, small(), jiratest.Options{}, func(r *rig) {
		list := "/project/search"
		if r.srv.Encoder.Flavour == jiratest.Server {
			list = "/api/2/project" // the first of them is the list
		}
		r.srv.Break(list, 0, 1, jiratest.Refuse(403, "no"))
		sum := r.sync()
		r.whole()
		if len(sum.Gaps) != 1 || sum.Gaps[0].What != "projects" {
			r.t.Errorf("gaps %+v", sum.Gaps)
		}
	})
}

func TestEveryFaultIsSurvived(t *testing.T) {
	world := jiratest.World(jiratest.Size{Issues: 25, Histories: 2, Comments: 1})
	search := map[bool]string{true: "search/jql", false: "/search"}
	for name, fault := range map[string]jiratest.Fault{
		"429 with Retry-After":    jiratest.TooMany("17"),
		"429 without Retry-After": jiratest.TooMany(""),
		"429 with zero":           jiratest.TooMany("0"),
		"502 with a page":         jiratest.Page(502, "Bad Gateway"),
		"503":                     jiratest.Page(503, "Maintenance"),
		"500":                     jiratest.Page(500, "Oops"),
		"a cut body":              jiratest.Cut,
		"a dropped connection":    jiratest.Hang,
		"a login page":            jiratest.Page(200, "Log in"),
	} {
		t.Run(name, func(t *testing.T) {
			flavours(t, world, jiratest.Options{}, func(r *rig) {
				r.opt.PageSize = 10
				for skip := range 3 {
					r.srv.Break(search[r.srv.Encoder.Flavour == jiratest.Cloud], skip, 1, fault)
				}
				r.srv.Break("myself", 0, 1, fault)
				sum := r.sync()
				r.whole()
				if !sum.Run.Complete {
					r.t.Errorf("gaps %v", sum.Gaps)
				}
			})
		})
	}
}

func TestShortAndEmptyPages(t *testing.T) {
	flavours(t, small(), jiratest.Options{PageCap: 7, EmptyGap: 3}, func(r *rig) {
		r.sync()
		r.whole()
	})
}

func TestCapsAreOvercome(t *testing.T) {
	world := small()
	big := &world.Issues[5]
	jiratest.AddHistories(big, world.Accounts, 3000-len(big.Changes))
	jiratest.AddComments(big, world.Accounts, 1200-len(big.Comments))
	exact := &world.Issues[9] // as much as is embedded at most, and not more
	jiratest.AddHistories(exact, world.Accounts, 40-len(exact.Changes))
	flavours(t, world, jiratest.Options{}, func(r *rig) {
		sum := r.sync()
		r.whole()
		if !sum.Run.Complete {
			r.t.Errorf("gaps %v", sum.Gaps)
		}
		asked := r.asked()
		if n := asked["/rest/api/2/changelog/bulkfetch"]; n > 1 {
			r.t.Errorf("%d bulk requests", n)
		}
		if n := asked["/rest/api/2/issue/"+big.ID+"/comment"]; n > 12 {
			r.t.Errorf("%d requests for 1200 comments", n)
		}
	})
}

func TestMissingAuthors(t *testing.T) {
	world := small()
	for i := range world.Issues[3].Changes {
		world.Issues[3].Changes[i].Author = ""
	}
	world.Issues[4].Reporter, world.Issues[4].Creator, world.Issues[4].Assignee = "", "", ""
	world.Issues[6].Comments[0].Author = ""
	world.Issues[7].Comments[0].Author = "somebody-deleted"
	flavours(t, world, jiratest.Options{}, func(r *rig) {
		r.sync()
		r.whole()
	})
}

func TestEditsAndDeletionsWhilePaging(t *testing.T) {
	world := jiratest.World(jiratest.Size{Issues: 120, Histories: 1})
	flavours(t, world, jiratest.Options{PageCap: 20}, func(r *rig) {
		ids := make([]string, 0, len(world.Issues))
		for _, iss := range world.Issues {
			ids = append(ids, iss.ID)
		}
		path := "/search"
		for page := range 5 {
			r.srv.Break(path, page+2, 1, jiratest.Meanwhile(func() {
				r.srv.Advance(time.Minute)
				r.srv.Delete(ids[page*7])     // already read
				r.srv.Delete(ids[page*7+1])   // already read
				r.srv.Delete(ids[100+page*3]) // still to come
				for _, at := range []int{page*7 + 3, 80 + page} {
					r.srv.Edit(ids[at], func(iss *backlog.Issue) { jiratest.AddHistory(iss, world.Accounts[0].ID, 0) })
				}
			}))
		}
		r.sync() // the first two may both be disturbed
		r.srv.Advance(time.Hour)
		r.sync()
		r.srv.Advance(time.Hour)
		sum := r.sync()
		r.whole()
		if n := len(r.stored("deleted = 'deleted'")); n < 5 {
			r.t.Errorf("only %d deletions were noticed", n)
		}
		if !sum.Run.Complete {
			r.t.Errorf("gaps %v", sum.Gaps)
		}
	})
}

func TestIncremental(t *testing.T) {
	world := small()
	for _, zone := range []string{"UTC", "Asia/Kathmandu", "America/Los_Angeles", "Nowhere"} {
		t.Run(zone, func(t *testing.T) {
			opt := jiratest.Options{Zone: zone}
			if zone == "Nowhere" {
				opt.Zone = "UTC"
			}
			flavours(t, world, opt, func(r *rig) {
				if zone == "Nowhere" {
					r.srv.Break("myself", 0, 10, jiratest.Status(200, `{"accountId":"me","displayName":"Me","timeZone":"Mars/Olympus"}`))
				}
				r.sync()
				r.srv.Advance(2 * time.Hour)
				r.asked()
				if sum := r.sync(); sum.Saved.NewIssues != 0 || sum.Saved.NewChanges != 0 {
					r.t.Errorf("a quiet day brought %+v", sum.Saved)
				}
				if asked := r.asked(); total(asked) > 12 && zone != "Nowhere" {
					r.t.Errorf("a quiet day took %d requests: %v", total(asked), asked)
				}
				r.srv.Advance(2 * time.Hour)
				id := world.Issues[17].ID
				r.srv.Edit(id, func(iss *backlog.Issue) {
					jiratest.AddHistory(iss, world.Accounts[2].ID, 0)
					jiratest.AddComment(iss, world.Accounts[3].ID, "done?")
				})
				sum := r.sync()
				r.whole()
				if sum.Saved.NewChanges != 1 || sum.Saved.NewComments != 1 {
					r.t.Errorf("an edit brought %+v", sum.Saved)
				}
			})
		})
	}
}

func TestOpenIssuesAreReadAgain(t *testing.T) {
	flavours(t, small(), jiratest.Options{}, func(r *rig) {
		r.sync()
		id := r.srv.Encoder.IssueIDs()[4]
		r.srv.Quietly(id, func(iss *backlog.Issue) {
			updated := iss.Updated
			jiratest.AddHistory(iss, iss.Creator, 1)
			iss.Updated = updated
		})
		r.srv.Advance(26 * time.Hour)
		if sum := r.sync(); sum.Saved.NewChanges != 1 {
			r.t.Errorf("a rank move that left no mark: %+v", sum.Saved)
		}
		r.whole()
	})
}

func TestDeletedMovedAndHidden(t *testing.T) {
	world := small()
	flavours(t, world, jiratest.Options{}, func(r *rig) {
		r.sync()
		r.srv.Advance(time.Hour)
		deleted, moved, within, hidden := world.Issues[3].ID, world.Issues[4].ID, world.Issues[5].ID, world.Issues[6].ID
		r.srv.Delete(deleted)
		r.srv.Edit(moved, func(iss *backlog.Issue) { iss.Scope, iss.Key = "ELSEWHERE", "ELSEWHERE-1" })
		r.srv.Edit(within, func(iss *backlog.Issue) { iss.Scope, iss.Key = "ORDER", "ORDER-900" })
		r.srv.Hide(hidden, true)
		r.sync()
		got := map[string]string{}
		for _, row := range r.rows("SELECT id, deleted FROM v_issues WHERE deleted <> ''") {
			got[row[0]] = row[1]
		}
		if diff := cmp.Diff(map[string]string{deleted: "deleted", moved: "moved", hidden: "deleted"}, got); diff != "" {
			r.t.Errorf("marked (-want +got):\n%s", diff)
		}
		if rows := r.rows("SELECT scope FROM v_issues WHERE id = '" + within + "'"); len(rows) != 1 || rows[0][0] != "acme/ORDER" {
			r.t.Errorf("the issue moved within is in %v", rows)
		}
		r.srv.Advance(time.Hour)
		r.srv.Hide(hidden, false)
		r.sync()
		if rows := r.rows("SELECT count(*) FROM v_issues WHERE deleted <> '' AND id = '" + hidden + "'"); rows[0][0] != "0" {
			r.t.Error("an issue that came back still counts as gone")
		}
	})
}

func TestProjectThatVanishes(t *testing.T) {
	flavours(t, small(), jiratest.Options{}, func(r *rig) {
		r.sync()
		r.srv.Advance(time.Hour)
		r.srv.Hide("PAY", true)
		sum := r.sync()
		if len(sum.Gaps) != 1 || sum.Gaps[0].Missing != 45 || sum.Gaps[0].Scope != "PAY" {
			r.t.Errorf("gaps %+v", sum.Gaps)
		}
		if n := len(r.stored("deleted = 'invisible'")); n != 45 {
			r.t.Errorf("%d issues marked", n)
		}
		r.srv.Advance(time.Hour)
		r.srv.Hide("PAY", false)
		r.sync()
		r.whole()
	})
}

func TestFullReadsEverythingAndForgetsNothing(t *testing.T) {
	world := small()
	flavours(t, world, jiratest.Options{}, func(r *rig) {
		r.sync()
		r.srv.Advance(time.Hour)
		r.srv.Delete(world.Issues[8].ID)
		sum, err := r.try(true)
		if err != nil {
			r.t.Fatal(err)
		}
		if sum.Saved.Issues != 89 {
			r.t.Errorf("%d issues read again", sum.Saved.Issues)
		}
		r.whole()
		if n := len(r.stored("deleted = 'deleted'")); n != 1 {
			r.t.Errorf("%d deletions known", n)
		}
	})
}

func TestExpiredToken(t *testing.T) {
	flavours(t, small(), jiratest.Options{}, func(r *rig) {
		r.sync()
		r.srv.Break("/project/", 1, 1, jiratest.Meanwhile(r.srv.Expire))
		r.srv.Advance(time.Hour)
		_, err := r.try(false)
		var refused *connectors.AuthError
		if !errors.As(err, &refused) || refused.Next == "" || refused.Source != "acme" {
			r.t.Fatalf("got %v", err)
		}
		if n := len(r.stored("coalesce(deleted, '') = ''")); n != 90 {
			r.t.Errorf("%d issues left", n)
		}
	})
}

func TestStrangerIsNotToldThatAllIsGone(t *testing.T) {
	flavours(t, small(), jiratest.Options{}, func(r *rig) {
		r.sync()
		r.srv.Advance(time.Hour)
		r.srv.Break("/search", 0, 99, jiratest.Status(200, `{"issues":[],"total":0}`))
		r.srv.Break("myself", 1, 99, jiratest.Refuse(401, "Client must be authenticated to access this resource."))
		_, err := r.try(false)
		var refused *connectors.AuthError
		if !errors.As(err, &refused) {
			r.t.Errorf("got %v", err)
		}
		r.whole()
	})
}

func TestHostileAnswers(t *testing.T) {
	for name, body := range map[string]string{
		"odd issues":   `{"issues":[null,1,"x",[],{},{"id":"10001"},{"id":{"a":1},"fields":{}},{"id":"<script>","key":"\u001b[31m","fields":{"summary":1,"comment":[]}}],"total":8}`,
		"no issues":    `{"issues":{"a":1},"total":"many","nextPageToken":7}`,
		"another page": `{"values":[]}`,
		"an array":     `[[[[]]]]`,
		"deep":         `{"issues":[` + strings.Repeat(`{"id":`, 500) + `1` + strings.Repeat(`}`, 500) + `]}`,
	} {
		t.Run(name, func(t *testing.T) {
			flavours(t, jiratest.World(jiratest.Size{Issues: 5}), jiratest.Options{}, func(r *rig) {
				r.srv.Break("/search", 0, 4, jiratest.Status(200, body))
				for range 4 {
					sum, err := r.try(false)
					for _, g := range sum.Gaps {
						if strings.ContainsAny(g.Where+g.Why, "\x1b\n") {
							r.t.Errorf("control characters in %+v", g)
						}
					}
					if err != nil && strings.Contains(err.Error(), "\x1b") {
						r.t.Error(err)
					}
				}
				r.srv.Advance(30 * time.Hour) // a day later all is well
				r.sync()
				r.whole()
			})
		})
	}
}

func TestRefusedCredentials(t *testing.T) {
	for name, fault := range map[string]jiratest.Fault{
		"wrong":   jiratest.Refuse(401, "Client must be authenticated to access this resource."),
		"captcha": jiratest.Status(403, "{}", "X-Seraph-LoginReason", "AUTHENTICATION_DENIED"),
		"expired": jiratest.Status(200, `{"accountId":null}`, "X-Seraph-LoginReason", "AUTHENTICATED_FAILED"),
	} {
		t.Run(name, func(t *testing.T) {
			flavours(t, small(), jiratest.Options{}, func(r *rig) {
				r.srv.Break("myself", 0, 5, fault)
				_, err := r.try(false)
				var refused *connectors.AuthError
				if !errors.As(err, &refused) || refused.Next == "" {
					r.t.Fatalf("got %v", err)
				}
				if asked := r.asked(); asked["/rest/api/2/myself"] != 1 {
					r.t.Errorf("asked %v", asked)
				}
				if strings.Contains(err.Error(), r.opt.Token) {
					r.t.Error("the token is in the error")
				}
			})
		})
	}
}

func TestWaysToAuthenticate(t *testing.T) {
	for name, tc := range map[string]struct {
		flavour    jiratest.Flavour
		user, auth string
		gateway    bool
	}{
		"cloud, basic":        {jiratest.Cloud, "me@acme.example", "", false},
		"cloud, scoped":       {jiratest.Cloud, "me@acme.example", jira.AuthScoped, true},
		"cloud, oauth":        {jiratest.Cloud, "", jira.AuthOAuth, true},
		"data center, pat":    {jiratest.Server, "", "", false},
		"data center, basic":  {jiratest.Server, "me", jira.AuthBasic, false},
		"data center, by pat": {jiratest.Server, "", jira.AuthPAT, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, tc.flavour, small(), jiratest.Options{Token: "t0ken-1234", User: tc.user})
			r.opt.User, r.opt.Auth = tc.user, tc.auth
			if tc.gateway {
				r.opt.Gateway = r.srv.URL
			}
			r.sync()
			r.whole()
		})
	}
	t.Run("a scoped token is recognised", func(t *testing.T) {
		r := newRig(t, jiratest.Cloud, small(), jiratest.Options{Token: "t0ken-1234", User: "me@acme.example"})
		r.opt.User, r.opt.Gateway = "me@acme.example", r.srv.URL
		r.srv.Break("myself", 0, 1, jiratest.Refuse(401, "Unauthorized; scope does not match"))
		r.sync()
		r.whole()
	})
}

func TestRolesAreDeclared(t *testing.T) {
	world := small()
	opt := jiratest.Options{
		RoleActors: map[string][]string{"Product Owner": {world.Accounts[2].ID}, "Developers": {world.Accounts[3].ID}},
		Owners:     map[string]string{},
	}
	for i := range 20 {
		opt.Owners[world.Issues[i+10].ID] = world.Accounts[4].ID
	}
	flavours(t, world, opt, func(r *rig) {
		src, err := jira.New(r.opt)
		if err != nil {
			r.t.Fatal(err)
		}
		roles, names, gaps, err := src.Declared(r.t.Context())
		if err != nil || len(gaps) > 0 {
			r.t.Fatalf("%v, gaps %v", err, gaps)
		}
		got := map[string]bool{}
		for _, d := range roles {
			got[fmt.Sprintf("%s %s: %s%s", d.Scope, d.Origin, names[d.Account], d.Group)] = true
		}
		for _, want := range []string{
			"PAY project-lead: " + world.Accounts[0].Name, "ORDER project-lead: " + world.Accounts[0].Name,
			"PAY project-role: Product Owner: " + world.Accounts[2].Name, "PAY project-role: Product Owner: jira-users",
			"PAY field: Product Owner: ", "PAY/component:api component-lead: " + world.Accounts[0].Name,
		} {
			if !slices.ContainsFunc(roles, func(d backlog.Declaration) bool {
				return strings.HasPrefix(fmt.Sprintf("%s %s: %s%s", d.Scope, d.Origin, names[d.Account], d.Group), want)
			}) {
				r.t.Errorf("%q is missing from %v", want, got)
			}
		}
		for d := range got {
			if strings.Contains(d, "Developers") {
				r.t.Errorf("%s is no product role", d)
			}
		}
	})
}

func TestHiddenRolesAreNoBadCredentials(t *testing.T) {
	world := small()
	opt := jiratest.Options{HideRoles: true, NoAgile: true, RoleActors: map[string][]string{"Product Owner": {world.Accounts[2].ID}}}
	flavours(t, world, opt, func(r *rig) {
		sum := r.sync()
		r.whole()
		if len(sum.Gaps) != 2 || sum.Gaps[0].What != "roles" || sum.Run.Complete {
			r.t.Errorf("gaps %+v", sum.Gaps)
		}
	})
}

func TestServerThatCannotGiveOneHistory(t *testing.T) {
	world := jiratest.World(jiratest.Size{Issues: 20, Histories: 2})
	t.Run("cloud", func(t *testing.T) {
		r := newRig(t, jiratest.Cloud, world, jiratest.Options{})
		r.srv.Break("search/jql", 1, 6, jiratest.Page(500, "boom")) // three attempts of two sizes
		sum := r.sync()
		r.whole()
		if !sum.Run.Complete {
			t.Errorf("gaps %v", sum.Gaps)
		}
	})
	t.Run("data center", func(t *testing.T) {
		r := newRig(t, jiratest.Server, world, jiratest.Options{})
		r.srv.Break("/search", 1, 9, jiratest.Page(500, "boom")) // 20, 5, 1, and then bare
		sum := r.sync()
		if len(r.stored("1")) != 20 || sum.Run.Complete || len(sum.Gaps) == 0 || sum.Gaps[0].What != "changes" {
			t.Errorf("%d issues, gaps %+v", len(r.stored("1")), sum.Gaps)
		}
	})
}

func TestWarningsAreGaps(t *testing.T) {
	r := newRig(t, jiratest.Cloud, jiratest.World(jiratest.Size{Issues: 5}), jiratest.Options{})
	r.srv.Break("search/jql", 1, 1, jiratest.Status(200, `{"issues":[],"warnings":[{"code":"CLAUSE_LIMIT_EXCEEDED"}]}`))
	sum := r.sync()
	r.whole() // the census finds what the truncated answer left out
	if len(sum.Gaps) != 1 || !strings.Contains(sum.Gaps[0].Why, "CLAUSE_LIMIT_EXCEEDED") || sum.Run.Complete {
		t.Errorf("gaps %+v", sum.Gaps)
	}
}

func TestPagesThatLeadInACircle(t *testing.T) {
	r := newRig(t, jiratest.Cloud, jiratest.World(jiratest.Size{Issues: 5}), jiratest.Options{})
	r.srv.Break("search/jql", 1, 9, jiratest.Status(200, `{"issues":[],"nextPageToken":"again"}`))
	_, err := r.try(false)
	var incomplete *connectors.IncompleteError
	if !errors.As(err, &incomplete) {
		t.Errorf("got %v", err)
	}
}

func TestPromisesNotKept(t *testing.T) {
	world := jiratest.World(jiratest.Size{Issues: 5, Histories: 2})
	world.Issues[1].Changes = nil
	jiratest.AddHistories(&world.Issues[1], world.Accounts, 60)
	r := newRig(t, jiratest.Cloud, world, jiratest.Options{})
	id := world.Issues[1].ID
	r.srv.Break("bulkfetch", 0, 1, jiratest.Status(200, `{"issueChangeLogs":[]}`))
	r.srv.Break("/issue/"+id+"/changelog", 0, 9, jiratest.Refuse(403, "no"))
	sum := r.sync()
	if len(sum.Gaps) != 1 || sum.Gaps[0].Missing < 20 || sum.Gaps[0].Where != world.Issues[1].Key {
		t.Errorf("gaps %+v", sum.Gaps)
	}
}

func TestCheck(t *testing.T) {
	world := small()
	opt := jiratest.Options{HideRoles: true, NoAgile: true, RoleActors: map[string][]string{"Product Owner": {world.Accounts[2].ID}}}
	flavours(t, world, opt, func(r *rig) {
		r.opt.Projects = []string{"PAY", "NOPE"}
		src, err := jira.New(r.opt)
		if err != nil {
			r.t.Fatal(err)
		}
		d, err := src.Check(r.t.Context())
		if err != nil {
			r.t.Fatal(err)
		}
		verdicts := map[string]jira.Verdict{}
		for _, c := range d.Checks {
			verdicts[c.Name] = c.Verdict
			if c.Verdict != jira.Fine && c.Next == "" {
				r.t.Errorf("%s says no next step", c.Name)
			}
		}
		want := map[string]jira.Verdict{
			"credentials": jira.Fine, "clock": jira.Fine, "custom fields": jira.Fine, "project PAY": jira.Fine, "project NOPE": jira.Problem,
			"roles of PAY": jira.Warning, "boards": jira.Warning, "comments": jira.Fine,
		}
		if diff := cmp.Diff(want, verdicts); diff != "" {
			r.t.Errorf("verdicts (-want +got):\n%s", diff)
		}
		if len(d.Projects) != 2 || len(d.Statuses) != 4 || len(d.Fields) < 7 {
			r.t.Errorf("%d projects, %d statuses, fields %v", len(d.Projects), len(d.Statuses), d.Fields)
		}
	})
}
