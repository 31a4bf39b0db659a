package jira_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"defacto/backlog"
	"defacto/connectors"
	"defacto/connectors/jira"
	"defacto/connectors/jira/jiratest"
	"defacto/store"
)

// The helper process is this test binary, told by its environment what to sync.
const (
	helperURL   = "DEFACTO_TEST_JIRA_URL"
	helperStore = "DEFACTO_TEST_STORE"
)

// TestHelperSync is no test: it is the process that gets killed.
func TestHelperSync(t *testing.T) {
	if os.Getenv(helperURL) == "" {
		t.Skip("only run by TestKilledAtAnyMoment")
	}
	db, err := store.Open(t.Context(), os.Getenv(helperStore), store.Options{Now: time.Now, Lexicon: backlog.DefaultLexicon()})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	src, err := jira.New(jira.Options{Name: "acme", URL: os.Getenv(helperURL), Token: "t0ken-1234", Now: time.Now, Projects: []string{"PAY", "ORDER"}, PageSize: 5})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := connectors.Sync(t.Context(), src, db, connectors.Options{Now: time.Now}); err != nil {
		t.Fatal(err)
	}
}

// helper runs a sync in a process of its own. kill, when given, is told how to
// end it at once.
func helper(t *testing.T, url, path string, kill func(func())) (killed bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHelperSync$")
	cmd.Env = append(os.Environ(), helperURL+"="+url, helperStore+"="+path)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	var running atomic.Pointer[os.Process]
	if kill != nil {
		kill(func() {
			if p := running.Load(); p != nil {
				_ = p.Kill()
			}
		})
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	running.Store(cmd.Process)
	err := cmd.Wait()
	if err != nil && kill == nil {
		t.Fatalf("sync in a process of its own: %v\n%s", err, &out)
	}
	return !cmd.ProcessState.Exited()
}

// TestKilledAtAnyMoment kills a sync with SIGKILL at random moments, syncs again,
// and wants the views of a store nobody disturbed.
func TestKilledAtAnyMoment(t *testing.T) {
	world := jiratest.World(jiratest.Size{Projects: []string{"PAY", "ORDER"}, Issues: 20, Histories: 2, Comments: 1})
	jiratest.AddHistories(&world.Issues[11], world.Accounts, 60) // one issue over the cap
	world.Issues[13].Comments[0].Body.Mentions = []string{world.Accounts[5].ID}
	moments := rand.New(rand.NewPCG(7, 11))
	for name, flavour := range map[string]jiratest.Flavour{"cloud": jiratest.Cloud, "data center": jiratest.Server} {
		t.Run(name, func(t *testing.T) {
			undisturbed, _ := lives(t, flavour, world, nil, nil)
			kills := 0
			for trial := range 5 { // of two products: ten moments
				at, late := moments.IntN(12), time.Duration(moments.IntN(12))*time.Millisecond
				if trial%2 == 0 {
					at *= 2 // the first sync takes more requests
				}
				t.Run(fmt.Sprintf("request %d and %s", at, late), func(t *testing.T) {
					kill := func(srv *jiratest.Jira) func(func()) {
						return func(now func()) {
							srv.Break("", at, 1, jiratest.Meanwhile(func() { time.AfterFunc(late, now) }))
						}
					}
					var first, second func(*jiratest.Jira) func(func())
					if trial%2 == 0 {
						first = kill
					} else {
						second = kill
					}
					views, killed := lives(t, flavour, world, first, second)
					if killed {
						kills++
					}
					if diff := cmp.Diff(undisturbed, views); diff != "" {
						t.Errorf("the views differ (-undisturbed +killed):\n%s", diff)
					}
				})
			}
			if kills < 2 {
				t.Errorf("only %d of 5 syncs were killed before they ended", kills)
			}
		})
	}
}

// lives syncs, lets the tracker live on, syncs again, and returns the views. Where
// a kill is given, a sync that meets it comes before the one that is let through.
func lives(t *testing.T, flavour jiratest.Flavour, world backlog.Batch, first, second func(*jiratest.Jira) func(func())) (views string, killed bool) {
	t.Helper()
	r := newRig(t, flavour, world, jiratest.Options{Now: time.Now()})
	r.db.Close()
	path := filepath.Join(t.TempDir(), "killed.db")
	if first != nil {
		killed = helper(t, r.srv.URL, path, first(r.srv))
	}
	helper(t, r.srv.URL, path, nil)
	r.srv.Advance(2 * time.Hour)
	for i, iss := range world.Issues {
		switch {
		case i%9 == 4:
			r.srv.Edit(iss.ID, func(iss *backlog.Issue) {
				iss.Updated = world.Issues[0].Created.AddDate(1, 0, 0) // the same in every life
				jiratest.AddHistory(iss, world.Accounts[1].ID, 0)
			})
		case i%17 == 8:
			r.srv.Delete(iss.ID)
		}
	}
	if second != nil {
		killed = helper(t, r.srv.URL, path, second(r.srv))
	}
	helper(t, r.srv.URL, path, nil)
	r.db = r.store(path)
	return r.views(), killed
}
