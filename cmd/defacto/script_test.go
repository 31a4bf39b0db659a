package main

import (
	"context"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"defacto/connectors/jira/jiratest"
	"defacto/reports/mail/mailtest"
)

var update = flag.Bool("update", false, "write what the program says into the scripts")

// TestMain makes the program itself a command of the scripts: they enter by the
// same door as anybody.
func TestMain(m *testing.M) {
	testscript.Main(suite{m, &demo}, map[string]func(){
		"defacto": func() {
			os.Exit(run(context.Background(), os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr))
		},
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("..", "..", "testdata", "script"),
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", filepath.Join(env.WorkDir, "home"))
			env.Setenv("XDG_CONFIG_HOME", filepath.Join(env.WorkDir, "home", "config"))
			if plain.path != "" {
				env.Setenv("PATH", filepath.Dir(plain.path)+string(os.PathListSeparator)+env.Getenv("PATH"))
			}
			env.Values[mailKey{}] = new(*mailtest.Server)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "demo": demoCopy, "jira": jiraServer, "linear": linearServer(t), "both": bothTrackers(t), "fill": fill, "mailserver": mailServer, "mails": mails},
	})
}

// exits runs a command and compares its exit code: "exits 2 defacto audit".
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARGUMENT…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	got := 0
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("run %s: %v", args[1], err)
	}
	if got != want {
		ts.Fatalf("%s exits with %d, not with %d", args[1], got, want)
	}
}

// jiraServer starts a Jira on loopback that takes user@acme.example with the token
// "good", and puts its address into the variable named: "jira URL". The words
// after that make it another: data-center takes the token alone, roles has people
// in the project role Product Owner, and poor shows the token neither roles nor
// boards.
func jiraServer(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: jira VARIABLE [data-center] [roles] [poor]")
	}
	world := jiratest.World(jiratest.Size{Issues: 12, Histories: 4, Comments: 2})
	opt, flavour := jiratest.Options{User: "user@acme.example", Token: "good"}, jiratest.Cloud
	for _, word := range args[1:] {
		switch word {
		case "data-center":
			flavour, opt.User = jiratest.Server, ""
		case "roles":
			opt.RoleActors = map[string][]string{"Product Owner": {world.Accounts[2].ID}, "Developers": {world.Accounts[3].ID}}
		case "poor":
			opt.HideRoles, opt.NoAgile = true, true
		default:
			ts.Fatalf("jira: no kind of server is called %s", word)
		}
	}
	site := jiratest.New(flavour, world, opt)
	ts.Defer(site.Close)
	ts.Setenv(args[0], site.URL)
}
