package main

import (
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"defacto/connectors/jira/jiratest"
	"defacto/reports/mail/mailtest"
	"defacto/store"
)

// victim is a command that is killed while it runs.
type victim struct {
	name    string
	prepare func(dir string)          // what must be there before
	args    []string                  // run in the folder
	store   string                    // whose views must come out right
	settle  func(d *desk) (err error) // between the kill and the next run; nil: nothing
	codes   []int                     // how the next run may end
}

// TestKilled kills defacto with SIGKILL at random moments of an import, a sync, a
// migration, a backup and a mailing. Whenever it was: the store is sound, and the
// next run completes to the views of a run that nobody disturbed. No recipient gets
// a report twice. DEFACTO_KILLS says how often in all; 5 unless told.
func TestKilled(t *testing.T) {
	kills := 5
	if n, err := strconv.Atoi(os.Getenv("DEFACTO_KILLS")); err == nil {
		kills = n
	}
	seed := uint64(time.Now().UnixNano())
	if n, err := strconv.ParseUint(os.Getenv("DEFACTO_KILL_SEED"), 10, 64); err == nil {
		seed = n
	}
	t.Logf("DEFACTO_KILL_SEED=%d", seed)
	random := rand.New(rand.NewPCG(seed, 1))

	world := jiratest.World(jiratest.Size{Projects: []string{"PAY", "WEB"}, Issues: 150, Histories: 6, Comments: 3})
	site := jiratest.New(jiratest.Server, world, jiratest.Options{Token: "good"})
	defer site.Close()
	export := filepath.Join(t.TempDir(), "issues.jsonl")
	var lines []byte
	for _, is := range world.Issues {
		lines = append(append(lines, site.Encoder.Issue(is)...), '\n')
	}
	if err := os.WriteFile(export, lines, 0o600); err != nil {
		t.Fatal(err)
	}
	mails, err := mailtest.New(mailtest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer mails.Close()
	office := newDesk(t, mails, mailtest.Options{}, "to: [ann@acme.example, bob@acme.example]")

	copyOffice := func(dir string) {
		if err := os.CopyFS(dir, os.DirFS(office.dir)); err != nil {
			t.Fatal(err)
		}
	}
	victims := []victim{
		{name: "import", args: []string{"import", export, "--source", "acme"}, store: "defacto.db"},
		{name: "sync", args: []string{"sync"}, store: "defacto.db", prepare: func(dir string) {
			text := fmt.Sprintf("sources:\n  - {name: acme, kind: jira, url: %q, token: \"${TOKEN}\", projects: [PAY, WEB]}\n", site.URL)
			if err := os.WriteFile(filepath.Join(dir, "defacto.yaml"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}},
		{name: "migrate", args: []string{"store", "check"}, store: "defacto.db", prepare: func(dir string) { oldLayout(t, filepath.Join(dir, "defacto.db")) }},
		{name: "backup", args: []string{"store", "backup", "copy.db"}, store: "copy.db", prepare: copyOffice, settle: func(d *desk) error {
			path := filepath.Join(d.dir, "copy.db")
			if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
				return nil // no backup, and none under its name
			}
			d.run(exitDone, "store", "check", "--store", path) // what bears the name is whole
			return os.Remove(path)
		}},
		{name: "send", args: []string{"report", "quarterly", "--send"}, store: "defacto.db", prepare: copyOffice, codes: []int{exitDone, exitFailed}, settle: func(d *desk) error {
			d.release()
			return nil
		}},
	}
	killed := 0
	for i := range victims {
		v := &victims[i]
		desks := 0
		newOne := func() *desk {
			desks++
			d := &desk{t: t, dir: filepath.Join(t.TempDir(), fmt.Sprint(v.name, desks))}
			if err := os.MkdirAll(d.dir, 0o700); err != nil {
				t.Fatal(err)
			}
			if v.prepare != nil {
				v.prepare(d.dir)
			}
			d.env = append(os.Environ(), "TOKEN=good", "HOME="+d.dir, "XDG_CONFIG_HOME="+d.dir, "DEFACTO_STORE="+filepath.Join(d.dir, "defacto.db"))
			if _, err := os.Stat(filepath.Join(d.dir, "defacto.yaml")); err == nil {
				d.env = append(d.env, "DEFACTO_CONFIG="+filepath.Join(d.dir, "defacto.yaml"))
			}
			return d
		}
		var whole time.Duration
		var want map[string]string
		// As many for each, and the rest for the first ones.
		for n := range kills/len(victims) + min(1, max(0, kills%len(victims)-i)) {
			if n == 0 { // one that nobody disturbs
				d := newOne()
				began := time.Now()
				runIn(d, []int{exitDone}, v.args)
				whole = time.Since(began)
				want = viewsOf(t, filepath.Join(d.dir, v.store))
			}
			after := time.Duration(random.Int64N(int64(whole)))
			t.Run(fmt.Sprintf("%s after %s of %s", v.name, after.Round(time.Millisecond), whole.Round(time.Millisecond)), func(t *testing.T) {
				d := newOne()
				d.t = t
				before := arrivals(mails)
				cmd := d.command(v.args...)
				cmd.Dir = d.dir
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				kill := time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
				_ = cmd.Wait()
				kill.Stop()
				if !cmd.ProcessState.Exited() { // else it was done before
					killed++
				}

				if _, err := os.Stat(filepath.Join(d.dir, "defacto.db")); err == nil {
					d.run(exitDone, "store", "check")
				}
				if v.settle != nil {
					if err := v.settle(d); err != nil {
						t.Fatal(err)
					}
				}
				runIn(d, append(v.codes, exitDone), v.args)
				d.run(exitDone, "store", "check")
				if diff := cmp.Diff(want, viewsOf(t, filepath.Join(d.dir, v.store))); diff != "" {
					t.Errorf("the views differ (-undisturbed +killed):\n%s", diff)
				}
				if v.name != "send" {
					return
				}
				for i, to := range []string{"ann@acme.example", "bob@acme.example"} {
					got, state := arrivals(mails)[to]-before[to], d.states()[i]
					if got > 1 || got == 0 && state == store.Sent || state != store.Sent && state != store.Unknown {
						t.Errorf("%s got %d mails and the ledger says %s", to, got, state)
					}
				}
			})
		}
	}
	t.Logf("%d of %d runs were killed before they were done", killed, kills)
	if killed < kills/3 {
		t.Error("too few to say anything")
	}
}

// runIn runs a command in the desk's folder.
func runIn(d *desk, codes []int, args []string) {
	d.t.Helper()
	cmd := d.command(args...)
	cmd.Dir = d.dir
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		d.t.Fatal(err)
	}
	if !slices.Contains(codes, cmd.ProcessState.ExitCode()) {
		d.t.Errorf("defacto %s exits with %d: %s", strings.Join(args, " "), cmd.ProcessState.ExitCode(), out)
	}
}

// oldLayout makes a store as an earlier defacto left it.
func oldLayout(t *testing.T, path string) {
	t.Helper()
	script, err := os.ReadFile(filepath.Join("..", "..", "store", "testdata", "layout-3.sql"))
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(string(script)); err != nil {
		t.Fatal(err)
	}
}

// viewsOf sums up every open view but v_syncs: how many rows, and a hash of them.
func viewsOf(t *testing.T, path string) map[string]string {
	t.Helper()
	st, err := store.Open(t.Context(), path, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	sums := map[string]string{}
	for _, view := range store.ExportedViews() {
		if view == "v_syncs" {
			continue
		}
		rows, err := st.DB().QueryContext(t.Context(), `SELECT * FROM `+view)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for rows.Next() {
			cells, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
			for i := range cells {
				into[i] = &cells[i]
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			lines = append(lines, fmt.Sprintf("%+v", cells))
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
		slices.Sort(lines)
		sums[view] = fmt.Sprintf("%d rows, %x", len(lines), sha256.Sum256([]byte(strings.Join(lines, "\n"))))
	}
	return sums
}
