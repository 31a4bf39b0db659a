package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"defacto/backlog"
)

// options are those of a program whose environment and files are given.
func options(text string, env, files map[string]string) Options {
	return Options{
		Path:   "defacto.yaml",
		Data:   []byte(text),
		Getenv: func(k string) string { return env[k] },
		ReadFile: func(name string) ([]byte, error) {
			if s, ok := files[name]; ok {
				return []byte(s), nil
			}
			return nil, fs.ErrNotExist
		},
		Method:   []MethodKey{{"slow_hours", .5, 200}, {"weight.write", 0, 1}, {"weight.answer", 0, 1}},
		Formats:  []string{"table", "markdown", "html", "json", "csv"},
		Period:   among("last-quarter", "2026-Q3"),
		Days:     among("Mon-Fri", "Sun-Thu"),
		Hours:    among("09:00-17:00"),
		Holidays: among("DE", "2026-12-24"),
	}
}

// among passes the texts given and no others.
func among(texts ...string) func(string) error {
	return func(s string) error {
		if !slices.Contains(texts, s) {
			return errors.New("not known")
		}
		return nil
	}
}

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestDocumentedFile(t *testing.T) {
	path := filepath.Join("..", "docs", "defacto.yaml")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	opt := options(string(data), map[string]string{"JIRA_TOKEN": "j", "LINEAR_API_KEY": "l", "SMTP_PASSWORD": "s"}, nil)
	opt.Path = path
	got, err := Load(opt)
	if err != nil {
		t.Fatal(err)
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	beside := func(p string) string { return filepath.Join("..", "docs", p) }
	want := &Config{
		Path:  path,
		Store: beside("defacto.db"),
		Sources: []Source{
			{
				Name: "acme", Kind: "jira", URL: "https://acme.atlassian.net", User: "audit@acme.example", Token: Secret{"j"},
				Auth: "basic", CA: beside("certificates/acme.pem"), Projects: []string{"PAY", "WEB"},
				Statuses: Statuses{
					Acceptance: []string{"UAT", "Abnahme"}, Waiting: []string{"Waiting for Product"}, Review: []string{"In Review"},
					Test: []string{"Staging"}, Ready: []string{"Up Next"}, Backlog: []string{"Icebox"}, Done: []string{"Shipped"},
				},
			},
			{Name: "product", Kind: "linear", Token: Secret{"l"}, Teams: []string{"ENG"}},
			{Name: "archive", Kind: "files", URL: "https://old.acme.example", Paths: []string{beside("export/jira")}},
		},
		Roles: []Role{
			{Line: 41, Person: "alice@acme.example", Role: backlog.ProductOwner, Scopes: []string{"acme/PAY"}, From: day("2026-01-01")},
			{Line: 45, Person: "acme:5b10ac8d82e05b22cc7d4ef5", Role: backlog.ProductManager, Scopes: []string{"acme/*"}, Until: day("2026-10-01")},
		},
		People: []Person{{Line: 51, Name: "Alice Ng", Accounts: []string{"acme:5b10ac8d82e05b22cc7d4ef6", "product:9f3c2a7e"}, Zone: "Europe/Berlin"}},
		Calendar: Calendar{
			Zone: berlin, Days: "Mon-Fri", Hours: "09:00-17:00", Holidays: []string{"DE", "2026-12-24"},
		},
		Absences: []Absence{{Line: 62, Person: "alice@acme.example", From: day("2026-08-03"), Until: day("2026-08-21")}},
		Types:    []Type{{"Spike", "task"}},
		Phrases:  []Phrases{{"asks", []string{"need your call on"}}, {"customer-hosts", []string{"support.acme.example"}}},
		Bots:     []string{"Release Robot", "*-ci", "acme:712020:0f1e2d3c"},
		Method:   []Setting{{"slow_hours", 12}, {"weight.answer", .25}},
		Privacy:  Privacy{MinimumGroup: 5, Text: "keep"},
		SMTP:     SMTP{Host: "smtp.acme.example", Port: 587, User: "reports", Password: Secret{"s"}, TLS: "starttls", CA: beside("certificates/mail.pem")},
		Reports: []Report{{
			Name: "quarterly", Schedule: "0 7 2 1,4,7,10 *", Period: "last-quarter", Scopes: []string{"all"}, Format: "html",
			From: "defacto@acme.example", To: []string{"leadership@acme.example"}, Pseudonyms: true,
		}},
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b Secret) bool { return a == b }), cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })); diff != "" {
		t.Errorf("documented file (-want +got):\n%s", diff)
	}
}

func TestNothing(t *testing.T) {
	for _, text := range []string{"", "\n", "# nothing\n", "---\n", "null\n", "sources:\nroles:\n", "{}"} {
		c, err := Load(options(text, nil, nil))
		if err != nil {
			t.Errorf("Load(%q): %v", text, err)
			continue
		}
		if c.Store != "defacto.db" || c.Privacy.MinimumGroup != 5 || c.Privacy.Text != "" || c.Calendar.Zone != time.UTC || c.Calendar.Days != "Mon-Fri" {
			t.Errorf("Load(%q) = %+v: not the defaults", text, c)
		}
	}
}

// TestMistakes holds the promise that every mistake is reported at once, each
// with its line.
func TestMistakes(t *testing.T) {
	for _, test := range []struct {
		name, text string
		env        map[string]string
		want       []string
	}{
		{
			name: "all at once",
			text: `store: [a]
sourcse: []
sources:
  - name: acme
    kind: jria
    tokn: x
  - name: acme
    kind: jira
    url: http://acme.example
    token: abcdef
    teams: [X]
roles:
  - {person: a@b.c, role: owner, scopes: [PAY]}
calendar: {zone: Berlin, days: Mon-Fry, hours: 17-9, holidays: [XX, 2026-13-01]}
method: {slow_hours: 9999, slow_hour: 3, weight: {write: x, wrte: 1}}
privacy: {minimum_group: 0, text: none, pseudonyms: maybe}
smtp: {port: 99999, tls: yes}
reports:
  - {name: q, schedule: "61 * * * *", period: someday, format: pdf, to: [x, a@b.c]}
`,
			want: []string{
				`line 1: store: a list stands where a single value is expected`,
				`line 2: sourcse: unknown key; did you mean sources?`,
				`line 5: sources[0].kind: "jria" is none of jira, linear, files; did you mean jira?`,
				`line 6: sources[0].tokn: unknown key; did you mean token?`,
				`line 7: sources[1].name: "acme" is given to a second source`,
				`line 9: sources[1].url: "http://acme.example" is plain http, over which a token could be read: use https`,
				`line 10: sources[1].token: a secret must not stand in the file: write a reference, ${NAME} or ${file:/path}, and take this one as known to others`,
				`line 11: sources[1].teams: means nothing to a source of kind jira`,
				`line 13: roles[0].role: "owner" is neither product-owner nor product-manager`,
				`line 13: roles[0].scopes[0]: "PAY" is no scope such as acme/PAY or acme/*`,
				`line 14: calendar.zone: "Berlin" is no time zone such as Europe/Berlin`,
				`line 14: calendar.days: "Mon-Fry" are no weekdays such as Mon-Fri or Mon,Wed,Fri`,
				`line 14: calendar.hours: "17-9" are no working hours such as "09:00-17:00"`,
				`line 14: calendar.holidays[0]: "XX" is neither a country whose holidays are known, such as DE or US-CA, nor a date such as 2026-12-24`,
				`line 14: calendar.holidays[1]: "2026-13-01" is neither a country whose holidays are known, such as DE or US-CA, nor a date such as 2026-12-24`,
				`line 15: method.slow_hours: "9999" is no number from 0.5 to 200`,
				`line 15: method.slow_hour: no setting of the method; did you mean slow_hours?`,
				`line 15: method.weight.write: "x" is no number from 0 to 1`,
				`line 15: method.weight.wrte: no setting of the method; did you mean weight.write?`,
				`line 16: privacy.minimum_group: "0" is no whole number from 1 to 1000`,
				`line 16: privacy.text: "none" is none of keep, features`,
				`line 16: privacy.pseudonyms: "maybe" is neither true nor false`,
				`line 17: smtp.port: "99999" is no whole number from 1 to 65535`,
				`line 17: smtp.tls: "yes" is none of starttls, implicit, none`,
				`line 17: smtp.host: missing`,
				`line 19: reports[0].schedule: "61 * * * *" is no cron expression of five fields such as 0 7 * * 1`,
				`line 19: reports[0].period: "someday" is no period such as 2026-Q3 or last-quarter`,
				`line 19: reports[0].format: "pdf" is none of table, markdown, html, json, csv`,
				`line 19: reports[0].to[0]: "x" is no e-mail address`,
				`line 19: reports[0].from: missing`,
				`line 19: reports[0].to: smtp.host is missing: no server to send this through`,
			},
		},
		{
			name: "missing keys",
			text: "sources:\n  - {}\n  - {name: a, kind: jira}\n  - {name: b, kind: linear}\n  - {name: c, kind: files}\nroles: [{}]\npeople: [{}]\nabsences: [{}]\ntypes: [{}]\nphrases: [{}]\nreports: [{}]\n",
			want: []string{
				"line 2: sources[0].name: missing", "line 2: sources[0].kind: missing",
				"line 3: sources[1].url: missing", "line 3: sources[1].token: missing", "line 4: sources[2].token: missing", "line 5: sources[3].paths: missing",
				"line 6: roles[0].person: missing", "line 6: roles[0].role: missing", "line 6: roles[0].scopes: missing",
				"line 7: people[0].name: missing", "line 7: people[0].accounts: missing",
				"line 8: absences[0].person: missing", "line 8: absences[0].from: missing", "line 8: absences[0].until: missing",
				"line 9: types[0].name: missing", "line 9: types[0].as: missing", "line 10: phrases[0].kind: missing", "line 10: phrases[0].text: missing",
				"line 11: reports[0].name: missing",
			},
		},
		{
			name: "shapes",
			text: "sources: {acme: x}\nroles: [a, ]\npeople: [~]\nbots: Robot\ncalendar: 5\nmethod: [1]\nprivacy: {text: {a: b}}\nsmtp: {host: h, password: [x]}\n",
			want: []string{
				"line 1: sources: a set of keys stands where a list is expected, such as [a, b]",
				`line 2: roles[0]: the single value "a" stands where keys are expected (person, role, scopes, from, until)`,
				"line 3: people[0]: empty",
				`line 4: bots: the single value "Robot" stands where a list is expected, such as [a, b]`,
				`line 5: calendar: the single value "5" stands where keys are expected (zone, days, hours, holidays)`,
				"line 6: method: a list stands where settings are expected, such as slow_hours: 8",
				"line 7: privacy.text: a set of keys stands where a single value is expected",
				"line 8: smtp.password: a list stands where a reference such as ${NAME} is expected",
				"line 8: smtp: user and password go together: one is missing",
			},
		},
		{
			name: "top level is a list",
			text: "- store: x\n",
			want: []string{"line 1: a list stands where keys are expected (store, sources, roles, people, calendar, absences, types, phrases, bots, method, privacy, smtp, reports)"},
		},
		{name: "no YAML", text: "store: a\nsources: [\n", want: []string{"line 2: this is no YAML: did not find expected node content"}},
		{name: "two documents", text: "store: a\n---\nstore: b\n", want: []string{"line 2: a second document starts here: there must be one"}},
		{name: "twice", text: "store: a\nstore: b\n", want: []string{"line 2: store: given twice, first on line 1"}},
		{name: "alias", text: "bots: &b [x]\nsources: *b\n", want: []string{"line 2: sources: an alias (*b) stands where a list is expected, such as [a, b]"}},
		{name: "control characters", text: "\"a\\e[31m\": 1\n", want: []string{`line 1: "a\x1b[31m": unknown key`}},
		{
			name: "references",
			text: "sources:\n  - {name: a, kind: jira, url: \"${URL}\", token: \"${TOKEN}\"}\n  - {name: b, kind: linear, token: \"${file:/none}\"}\n  - {name: c, kind: linear, token: \"${not a name}\"}\n  - {name: d, kind: linear, token: \"Bearer ${TOKEN}\"}\n",
			env:  map[string]string{"URL": "https://user:pass@acme.example"},
			want: []string{
				`line 2: sources[0].url: "${URL}" carries credentials: put them under user and token`,
				"line 2: sources[0].token: the environment variable TOKEN is not set",
				`line 3: sources[1].token: the file "/none" cannot be read (file does not exist)`,
				`line 4: sources[2].token: "${not a name}" is neither ${NAME} nor ${file:/path}`,
				`line 5: sources[3].token: a secret must not stand in the file: write a reference, ${NAME} or ${file:/path}, and take this one as known to others`,
			},
		},
		{
			name: "spans and accounts",
			text: "roles:\n  - {person: a, role: po, scopes: [a/*, a/B/epic:B-1], from: 2026-02-01, until: 2026-01-01}\npeople:\n  - {name: A, accounts: [\"x:1\"]}\n  - {name: B, accounts: [\"x:1\", nobody]}\n",
			want: []string{
				`line 2: roles[0].scopes[1]: "a/B/epic:B-1" is a part of a scope: roles are declared for whole ones`,
				`line 2: roles[0].until: lies before from`,
				`line 5: people[1].accounts[0]: "x:1" is given to a second account`,
				`line 5: people[1].accounts[1]: "nobody" is no SOURCE:ACCOUNT such as acme:5b10ac8d82e05b22cc7d4ef5`,
			},
		},
		{
			name: "kinds",
			text: "sources:\n  - {name: a, kind: linear, token: \"${T}\", auth: basic, user: u}\n  - {name: b, kind: jira, url: https://x.example, token: \"${T}\", auth: scoped}\n  - {name: c, kind: jira, url: https://x.example, token: \"${T}\", auth: key}\n",
			env:  map[string]string{"T": "t"},
			want: []string{
				"line 2: sources[0].user: means nothing to a source of kind linear",
				`line 2: sources[0].auth: "basic" is Jira's: Linear takes key or oauth`,
				"line 3: sources[1].user: missing: auth scoped takes a user and a token",
				`line 4: sources[2].auth: "key" is Linear's: Jira takes basic, scoped, oauth or pat`,
			},
		},
		{
			name: "environment",
			text: "smtp: {host: h}\n",
			env:  map[string]string{"DEFACTO_SMTP_PORT": "many", "DEFACTO_CALENDAR_ZONE": "Nowhere"},
			want: []string{
				`DEFACTO_CALENDAR_ZONE: "Nowhere" is no time zone such as Europe/Berlin`,
				`DEFACTO_SMTP_PORT: "many" is no whole number from 1 to 65535`,
			},
		},
		{
			name: "credentials in addresses",
			text: "sources:\n  - {name: a, kind: jira, url: \"https://me:abcdef/@?#pass@acme.example/jira\", token: \"${T}\"}\n  - {name: b, kind: jira, url: \"https://abcdef@acme.example\", token: \"${T}\"}\n  - {name: c, kind: jira, url: \"https://acme.example/?token=abcdef\", token: \"${T}\"}\nsmtp: {host: \"me:pass@mail.example\"}\n",
			env:  map[string]string{"T": "t"},
			want: []string{
				`line 2: sources[0].url: "https://***@acme.example/jira" is no URL such as https://acme.atlassian.net`,
				`line 3: sources[1].url: "https://***@acme.example" carries credentials: put them under user and token`,
				`line 4: sources[2].url: "https://acme.example/?***" carries a query or fragment: give the base address alone`,
				`line 5: smtp.host: "***@mail.example" is no host name: no scheme, port or path`,
			},
		},
		{
			name: "password in the clear",
			text: "smtp:\n  host: mail.example\n  tls: none\n  user: u\n  password: ${P}\n",
			env:  map[string]string{"P": "p"},
			want: []string{"line 3: smtp.tls: none would send the password readable over the network: use starttls or implicit"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, err := Load(options(test.text, test.env, nil))
			var invalid *InvalidError
			if !errors.As(err, &invalid) {
				t.Fatalf("Load = %v, %v; want an *InvalidError", c, err)
			}
			var got []string
			for _, m := range invalid.Mistakes {
				got = append(got, m.String())
			}
			slices.Sort(got)
			slices.Sort(test.want)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
			for i := 1; i < len(invalid.Mistakes); i++ {
				if invalid.Mistakes[i].Line < invalid.Mistakes[i-1].Line {
					t.Errorf("mistakes are not in the order of their lines:\n%v", err)
				}
			}
			if strings.Contains(err.Error(), "abcdef") || strings.Contains(err.Error(), "pass@") {
				t.Errorf("a secret is repeated:\n%v", err)
			}
		})
	}
}

// TestBombs: a file that was made to do harm is refused at once, with few words.
func TestBombs(t *testing.T) {
	laughs := "a0: &a0 [x, x]\n"
	for i := range 60 {
		laughs += fmt.Sprintf("a%d: &a%d [*a%d, *a%d]\n", i+1, i+1, i, i)
	}
	var keys strings.Builder
	for i := range 60_000 {
		fmt.Fprintf(&keys, "smpt%d: x\n", i)
	}
	for name, c := range map[string]struct{ text, want string }{
		"long":      {strings.Repeat("#", maxFile+1), "longer than 1048576 bytes"},
		"a string":  {"store: " + strings.Repeat("x", maxFile), "longer than 1048576 bytes"},
		"deep":      {"bots: " + strings.Repeat("[", 100_000), "exceeded max depth of 10000"},
		"deep keys": {strings.Repeat("{a: ", 100_000), "exceeded max depth of 10000"},
		"laughs":    {laughs + "bots: *a60\n", "an alias (*a60) stands where a list is expected"},
		"keys":      {keys.String(), "… and 59800 more"},
		"binary":    {"\x00\x01\x02", "this is no YAML"},
	} {
		start := time.Now()
		_, err := Load(options(c.text, nil, nil))
		if err == nil || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 64<<10 {
			t.Errorf("%s: %.300v, want %q", name, err, c.want)
		}
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s took %s", name, took)
		}
	}
}

func TestOnlyMissing(t *testing.T) {
	text := "sources:\n  - {name: b, kind: linear, token: \"${TOKEN}\"}\n"
	c, err := Load(options(text, nil, nil))
	var invalid *InvalidError
	if !errors.As(err, &invalid) || !invalid.OnlyMissing() || c == nil {
		t.Fatalf("Load = %v, %v; want a configuration and what is missing", c, err)
	}
	if len(c.Sources) != 1 || c.Sources[0].Token.Set() {
		t.Errorf("sources = %+v", c.Sources)
	}
	c, err = Load(options(text+"bots: 3\n", nil, nil))
	if !errors.As(err, &invalid) || invalid.OnlyMissing() || c != nil {
		t.Errorf("Load = %v, %v; want only an error", c, err)
	}
}

func TestSecretFile(t *testing.T) {
	text := "sources:\n  - {name: b, kind: linear, token: \"${file:/run/secrets/linear}\"}\n"
	c, err := Load(options(text, nil, map[string]string{"/run/secrets/linear": "lin_api_x\n"}))
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Sources[0].Token.Reveal(); got != "lin_api_x" {
		t.Errorf("token = %q", got)
	}
	beside := options(strings.ReplaceAll(text, "/run/secrets/linear", "linear.token"), nil, map[string]string{filepath.Join("etc", "linear.token"): "beside"})
	beside.Path = filepath.Join("etc", "defacto.yaml")
	if c, err := Load(beside); err != nil || c.Sources[0].Token.Reveal() != "beside" {
		t.Errorf("a secret beside the configuration: %v", err)
	}
	for name, content := range map[string]string{"empty": "\n", "long": strings.Repeat("x", maxSecretFile+1)} {
		if _, err := Load(options(text, nil, map[string]string{"/run/secrets/linear": content})); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestSecretPrintsNothing(t *testing.T) {
	s := NewSecret("hunter2")
	asJSON, err := json.Marshal(struct{ S Secret }{s})
	if err != nil {
		t.Fatal(err)
	}
	for _, got := range []string{
		fmt.Sprint(s), fmt.Sprintf("%s %v %+v %#v %q %x %d", s, s, s, s, s, s, s), fmt.Sprintf("%+v", struct{ S Secret }{s}),
		string(asJSON), s.LogValue().String(),
	} {
		if strings.Contains(got, "hunter2") || strings.Contains(got, "68756e74") || !strings.Contains(got, "***") {
			t.Errorf("printed as %s", got)
		}
	}
}

func TestPrecedence(t *testing.T) {
	flags := pflag.NewFlagSet("defacto", pflag.ContinueOnError)
	flags.String("store", "flag-default.db", "")
	load := func(text string, env map[string]string) *Config {
		t.Helper()
		opt := options(text, env, nil)
		opt.Path = filepath.Join("folder", "defacto.yaml")
		opt.Flags = map[string]*pflag.Flag{"store": flags.Lookup("store")}
		c, err := Load(opt)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	env := map[string]string{"DEFACTO_STORE": "env.db"}
	if got := load("", nil).Store; got != "defacto.db" {
		t.Errorf("default: %s", got)
	}
	if got := load("store: file.db", nil).Store; got != filepath.Join("folder", "file.db") {
		t.Errorf("file: %s", got)
	}
	if got := load("store: file.db", env).Store; got != "env.db" {
		t.Errorf("environment over file: %s", got)
	}
	if err := flags.Set("store", "flag.db"); err != nil {
		t.Fatal(err)
	}
	if got := load("store: file.db", env).Store; got != "flag.db" {
		t.Errorf("flag over environment: %s", got)
	}
	c := load("smtp:\nprivacy: {pseudonyms: false}", map[string]string{
		"DEFACTO_SMTP_HOST": "mail.example", "DEFACTO_SMTP_TLS": "implicit", "DEFACTO_PRIVACY_PSEUDONYMS": "true", "DEFACTO_CALENDAR_DAYS": "Sun-Thu",
	})
	if c.SMTP.Host != "mail.example" || c.SMTP.Port != 465 || !c.Privacy.Pseudonyms || c.Calendar.Days != "Sun-Thu" {
		t.Errorf("sections from the environment: %+v", c)
	}
}

func TestNamesSurvive(t *testing.T) {
	c, err := Load(options("people:\n  - {name: \"Ada.Lovelace & Co\", accounts: [\"acme:Ada.Lovelace@Example.com\"]}\nsources:\n  - {name: A.b-C, kind: files, paths: [x]}\nmethod: {weight.write: .3, weight: {answer: 0.1}}\n", nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	if p := c.People[0]; p.Name != "Ada.Lovelace & Co" || p.Accounts[0] != "acme:Ada.Lovelace@Example.com" {
		t.Errorf("person = %+v", p)
	}
	if _, ok := c.Source("A.b-C"); !ok {
		t.Errorf("sources = %+v", c.Sources)
	}
	if _, ok := c.Source("a.b-c"); ok {
		t.Error("a source's name lost its capitals")
	}
	if diff := cmp.Diff([]Setting{{"weight.write", .3}, {"weight.answer", .1}}, c.Method); diff != "" {
		t.Errorf("method (-want +got):\n%s", diff)
	}
}

func TestLexicon(t *testing.T) {
	var text strings.Builder
	text.WriteString("phrases:\n")
	for _, k := range PhraseKinds() {
		fmt.Fprintf(&text, "  - {kind: %s, text: [Xyzzy]}\n", k)
	}
	c, err := Load(options(text.String(), nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	l := c.Lexicon()
	for i, list := range [][]string{l.Asks, l.Approves, l.Rejects, l.Elsewhere, l.Acknowledges, l.CustomerHosts, l.Criteria, l.StoryOpenings} {
		if list[len(list)-1] != "xyzzy" {
			t.Errorf("%s: the configured phrase is not there in lower case", PhraseKinds()[i])
		}
	}
}

func FuzzLoad(f *testing.F) {
	sample, err := os.ReadFile(filepath.Join("..", "docs", "defacto.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(sample))
	f.Add("store: [a]\nsources: &x [{name: *x}]\n<<: *x\n? {a: b}\n: c\n")
	f.Add("calendar: {days: 'Fri-Mon', hours: '00:00-24:00', holidays: [[DE]]}\nmethod: {weight: {weight: {a: 1}}}\n")
	f.Add("--- !!binary aGk=\n...\n%YAML 1.1\n---\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Load(options(text, map[string]string{"A": "a", "DEFACTO_SMTP_HOST": "h"}, nil))
		var invalid *InvalidError
		switch {
		case err == nil && c == nil:
			t.Fatal("neither a configuration nor an error")
		case err != nil && !errors.As(err, &invalid):
			t.Fatalf("error of type %T", err)
		case err != nil && len(invalid.Mistakes) == 0:
			t.Fatal("an error without a mistake")
		case err != nil && strings.ContainsFunc(err.Error(), func(r rune) bool { return r < ' ' && r != '\n' }):
			t.Fatalf("control characters in %q", err)
		}
	})
}
