package jsonfile_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"defacto/backlog"
	"defacto/connectors"
	"defacto/connectors/jsonfile"
)

var (
	_ connectors.Source  = (*jsonfile.Source)(nil)
	_ connectors.Totaler = (*jsonfile.Source)(nil)
	_ connectors.Dater   = (*jsonfile.Source)(nil)
)

// issue is a small issue of the made-up project MILL.
func issue(n int) string {
	return fmt.Sprintf(`{"id":"%d","key":"MILL-%d","fields":{"summary":"Issue %d","created":"2019-03-01T09:00:00.000-0500","status":{"id":"1","name":"Open"}}}`, 1000+n, n, n)
}

func issues(from, to int) (list []string) {
	for n := from; n < to; n++ {
		list = append(list, issue(n))
	}
	return list
}

func zipped(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(s))
	_ = z.Close()
	return b.String()
}

// folder writes files into a folder of their own.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func open(t *testing.T, opt jsonfile.Options) *jsonfile.Source {
	t.Helper()
	opt.Name = "mill"
	src, err := jsonfile.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// read takes everything a source yields.
func read(t *testing.T, src *jsonfile.Source) (all backlog.Batch, batches int) {
	t.Helper()
	for b, err := range src.Batches(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		join(&all, b)
		batches++
	}
	return all, batches
}

func keys(b backlog.Batch) (list []string) {
	for _, iss := range b.Issues {
		list = append(list, iss.Key)
	}
	return list
}

// TestShapes reads the same three issues in every form they may come in.
func TestShapes(t *testing.T) {
	three := strings.Join(issues(1, 4), ",")
	lines := strings.Join(issues(1, 4), "\n")
	for name, files := range map[string]map[string]string{
		"a page":              {"a.json": `{"startAt":0,"maxResults":50,"total":3,"issues":[` + three + `]}`},
		"a page, late":        {"a.json": `{"names":{"x":"` + strings.Repeat("y", 100_000) + `"},"total":3,"issues":[` + three + `]}`},
		"an indented page":    {"a.json": "\n{\n \"expand\": \"schema\",\n \"issues\" : [\n" + three + "\n ]\n}\n"},
		"two pages":           {"a.json": `{"total":3,"issues":[` + issue(1) + `]}`, "b.json": `{"total":3,"issues":[` + issue(2) + `,` + issue(3) + `]}`},
		"pages and an issue":  {"a.json": `{"total":3,"issues":[` + issue(1) + `,` + issue(2) + `]}`, "c.json": issue(3)},
		"an array":            {"a.json": `[` + three + `]`},
		"single issues":       {"a/1.json": issue(1), "a/2.json": issue(2), "b.json": issue(3)},
		"one after the other": {"a.json": issue(1) + " " + issue(2) + "\n\n" + issue(3)},
		"lines":               {"a.jsonl": lines},
		"lines with an end":   {"a.ndjson": lines + "\n"},
		"windows lines":       {"a.jsonl": strings.ReplaceAll(lines, "\n", "\r\n\r\n") + "\r\n"},
		"a mark":              {"a.jsonl": "\xef\xbb\xbf" + lines},
		"pages in lines":      {"a.jsonl": `{"issues":[` + issue(1) + `,` + issue(2) + `]}` + "\n" + `[` + issue(3) + `]`},
		"gzip":                {"a.jsonl.gz": zipped(lines)},
		"gzip in disguise":    {"a.json": zipped(`[` + three + `]`)},
		"gzip only by name":   {"a.jsonl.gz": lines},
		"gzip twice":          {"a.jsonl.gz": zipped(issue(1)+"\n") + zipped(issue(2)+"\n"+issue(3))},
		"beside other files":  {"a.jsonl": lines, "notes.txt": "x", ".hidden.json": "broken", ".git/x.json": "broken"},
		"beside lists":        {"a.jsonl": lines, "fields.json": "[]", "users.json.gz": zipped(`[{"name":"kim"}]`), "sprints.jsonl": `{"id":1}` + "\n\n" + `{"id":2}`},
	} {
		t.Run(name, func(t *testing.T) {
			src := open(t, jsonfile.Options{Paths: []string{folder(t, files)}})
			b, _ := read(t, src)
			if got := keys(b); !slices.Equal(got, []string{"MILL-1", "MILL-2", "MILL-3"}) {
				t.Errorf("issues %v", got)
			}
			if len(b.Gaps) > 0 {
				t.Errorf("gaps %+v", b.Gaps)
			}
			if src.Total() != 3 {
				t.Errorf("Total() = %d", src.Total())
			}
			if got := src.AsOf().Format("2006-01-02T15:04:05Z07:00"); got != "2019-03-01T14:00:00Z" {
				t.Errorf("AsOf() = %s", got)
			}
		})
	}
}

// TestBroken: what cannot be read is named, and everything else comes through.
func TestBroken(t *testing.T) {
	bomb := zipped(strings.Repeat(" ", 17<<20))
	for name, c := range map[string]struct {
		files map[string]string
		want  []string // "where: why", parts of them
		got   int      // issues
	}{
		"a line":           {map[string]string{"a.jsonl": issue(1) + "\n{\"id\":\n" + issue(2)}, []string{"a.jsonl:2: unexpected EOF"}, 2},
		"html":             {map[string]string{"a.jsonl": "<html>\n" + issue(2), "b.json": "<html>"}, []string{"a.jsonl:1: invalid character '<'", "b.json#1: cannot be read further"}, 1},
		"a cut page":       {map[string]string{"a.json": `{"issues":[` + issue(1) + `,` + issue(2)[:60]}, []string{"a.json#2: cannot be read further"}, 1},
		"a cut array":      {map[string]string{"a.json": `[` + issue(1) + `,`}, []string{"a.json#2: cannot be read further"}, 1},
		"something else":   {map[string]string{"a.json": `{"name":"package","version":"1"}`, "b.json": "7"}, []string{"a.json#1: not an issue", "b.json#1: found a number"}, 0},
		"nothing":          {map[string]string{"a.json": "", "b.json": " \n"}, []string{"a.json: the file is empty", "b.json: the file is empty"}, 0},
		"an empty page":    {map[string]string{"a.json": `{"total":0,"issues":[]}`, "b.json": `[]`, "c.jsonl": ""}, nil, 0},
		"a missing page":   {map[string]string{"x/a.json": `{"total":7,"issues":[` + issue(1) + `]}`}, []string{"x/a.json: counted 7 issues"}, 1},
		"a cut gzip":       {map[string]string{"a.jsonl.gz": zipped(issue(1) + "\n" + issue(2) + "\n")[:100]}, []string{"cannot be read further: unexpected EOF"}, -1},
		"a bad gzip":       {map[string]string{"a.jsonl.gz": "\x1f\x8bnonsense"}, []string{"a.jsonl.gz: not gzip after all"}, 0},
		"a bomb":           {map[string]string{"a.jsonl.gz": bomb}, []string{"a.jsonl.gz:1: more than 250 times"}, 0},
		"a bomb in parts":  {map[string]string{"a.jsonl.gz": strings.Repeat(zipped(strings.Repeat(" ", 1<<20)), 20)}, []string{"a.jsonl.gz:1: more than 250 times"}, 0},
		"a bomb in a page": {map[string]string{"a.json": zipped(`{"issues":[` + issue(1) + strings.Repeat(" ", 17<<20) + `]}`)}, []string{"a.json#2: more than 250 times"}, 1},
		"a zip":            {map[string]string{"a.json": "PK\x03\x04\x14\x00../../etc/passwd", "b.jsonl": "PK\x03\x04"}, []string{"a.json#1: invalid character 'P'", "b.jsonl:1: invalid character 'P'"}, 0},
		"deep":             {map[string]string{"a.json": `[` + issue(1) + `,{"id":` + strings.Repeat("[", 20000) + `}]`, "b.jsonl": issue(2) + "\n" + strings.Repeat(`{"fields":`, 20000)}, []string{"a.json#2: exceeded max depth", "b.jsonl:2: exceeded max depth"}, 2},
		"many keys":        {map[string]string{"a.jsonl": strings.Replace(issue(1), `"summary"`, strings.Repeat(`"customfield_1":[{}],"x":1,`, 50000)+`"summary"`, 1)}, nil, 1},
		"a list":           {map[string]string{"a.json": issue(1), "users.json": "<html>", "statuses.jsonl": "{}\n{", "fields.json": "[]"}, []string{"users.json: read the users", "statuses.jsonl:2: read the statuses"}, 1},
		"missing comments": {map[string]string{"a.jsonl": strings.Replace(issue(1), `"summary"`, `"comment":{"total":4},"summary"`, 1) + "\n" + strings.Replace(issue(2), `"summary"`, `"comment":{"total":3},"summary"`, 1)}, []string{"a.jsonl: 2 issues of MILL have fewer comments than the tracker counts, MILL-1 among them"}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			b, _ := read(t, open(t, jsonfile.Options{Paths: []string{folder(t, c.files)}}))
			if c.got >= 0 && len(b.Issues) != c.got {
				t.Errorf("%d issues, want %d", len(b.Issues), c.got)
			}
			if len(b.Gaps) != len(c.want) {
				t.Fatalf("gaps %+v, want %q", b.Gaps, c.want)
			}
			for _, want := range c.want {
				where, why, ok := strings.Cut(want, ": ")
				if !ok {
					where, why = "", want
				}
				if !slices.ContainsFunc(b.Gaps, func(g backlog.Gap) bool {
					return (g.Where == where || strings.Contains(g.Why, where)) && strings.Contains(g.Why, why) && g.Missing != 0
				}) {
					t.Errorf("no gap says %q: %+v", want, b.Gaps)
				}
			}
		})
	}
}

func TestManyBroken(t *testing.T) {
	dir := folder(t, map[string]string{"a.jsonl": strings.Repeat("{\n", 1234) + issue(1)})
	b, _ := read(t, open(t, jsonfile.Options{Paths: []string{dir}}))
	missing := 0
	for _, g := range b.Gaps {
		missing += g.Missing
	}
	if len(b.Gaps) != 51 || missing != 1234 || len(b.Issues) != 1 {
		t.Errorf("%d gaps for %d broken lines, %d issues", len(b.Gaps), missing, len(b.Issues))
	}
}

func TestLongValues(t *testing.T) {
	long := strings.Replace(issue(2), "Issue 2", strings.Repeat("long ", 1<<18), 1)
	dir := folder(t, map[string]string{
		"a.jsonl": issue(1) + "\n" + long + "\n" + issue(3), // read on after the long one
		"b.json":  `{"issues":[` + issue(4) + `,` + long + `,` + issue(5) + `]}`,
	})
	b, _ := read(t, open(t, jsonfile.Options{Paths: []string{dir}, MaxIssue: 1 << 20}))
	if got := keys(b); !slices.Equal(got, []string{"MILL-1", "MILL-3", "MILL-4", "MILL-5"}) {
		t.Errorf("issues %v", got)
	}
	if len(b.Gaps) != 2 || b.Gaps[0].Where != "a.jsonl:2" || b.Gaps[1].Where != "b.json#2" {
		t.Errorf("gaps %+v", b.Gaps)
	}
	huge := folder(t, map[string]string{"c.json": `[` + issue(6) + `,{"x":"` + strings.Repeat("x", 8<<20) + `"}]`})
	b, _ = read(t, open(t, jsonfile.Options{Paths: []string{huge}, MaxIssue: 1 << 20}))
	if len(b.Issues) != 1 || len(b.Gaps) != 1 || !strings.Contains(b.Gaps[0].Why, "cannot be read further: ") {
		t.Errorf("of a huge value: %d issues, gaps %+v", len(b.Issues), b.Gaps)
	}
	side := folder(t, map[string]string{"a.jsonl": issue(1), "users.json": `[{"accountId":"` + strings.Repeat("x", 2<<20) + `"}]`})
	b, _ = read(t, open(t, jsonfile.Options{Paths: []string{side}, MaxIssue: 1 << 20}))
	if len(b.Issues) != 1 || len(b.Gaps) != 1 || b.Gaps[0].Where != "users.json" || b.Gaps[0].Why != "it is larger than 1 MiB" {
		t.Errorf("of a huge list: %d issues, gaps %+v", len(b.Issues), b.Gaps)
	}
	b, _ = read(t, open(t, jsonfile.Options{Paths: []string{dir}}))
	if len(b.Issues) != 6 || len(b.Gaps) != 0 {
		t.Errorf("with the usual limit %d issues, gaps %+v", len(b.Issues), b.Gaps)
	}
}

// TestOrder: issues come in the order of the files, in batches that span them.
func TestOrder(t *testing.T) {
	files := map[string]string{}
	var want []string
	for n := range 1300 {
		files[fmt.Sprintf("%02d/%04d.json", n/100, n)] = issue(n)
		want = append(want, fmt.Sprintf("MILL-%d", n))
	}
	files["a.jsonl"] = strings.Join(issues(1300, 4000), "\n")
	for n := 1300; n < 4000; n++ {
		want = append(want, fmt.Sprintf("MILL-%d", n))
	}
	src := open(t, jsonfile.Options{Paths: []string{folder(t, files)}})
	b, batches := read(t, src)
	if !slices.Equal(keys(b), want) {
		t.Error("the issues are not in order")
	}
	if batches != 1+8 || src.Total() != 4000 {
		t.Errorf("%d batches, %d in total", batches, src.Total())
	}
	again, _ := read(t, src)
	if !slices.Equal(keys(again), want) {
		t.Error("a second reading differs")
	}
}

// TestEpicLink: stories hang on their epics without a list of fields, in whatever
// files both lie; where nothing tells which field it is, that is said.
func TestEpicLink(t *testing.T) {
	issue := func(n int, typ, more string) string {
		return fmt.Sprintf(`{"id":"%d","key":"TAA-%d","fields":{"issuetype":{"id":"%s","name":"%[3]s"}%s}}`, n, n, typ, more)
	}
	var stories, epics, bare, plain []string
	for n := range 20 {
		stories = append(stories, issue(100+n, "Story", fmt.Sprintf(`,"customfield_10102":"TAA-%d"`, n%4)))
		plain = append(plain, issue(100+n, "Story", ""))
		bare = append(bare, issue(100+n, "Story", `,"customfield_10102":"TAA-100"`))
	}
	for n := range 4 {
		epics = append(epics, issue(n, "Epic", ""))
	}
	lines := func(list ...[]string) string { return strings.Join(slices.Concat(list...), "\n") }
	for name, c := range map[string]struct {
		files   map[string]string
		hanging int
		gap     string
	}{
		"epics first":           {map[string]string{"a.jsonl": lines(epics), "b.jsonl": lines(stories)}, 20, ""},
		"epics last":            {map[string]string{"a.jsonl": lines(stories), "b.jsonl": lines(epics)}, 20, ""},
		"mixed":                 {map[string]string{"a.jsonl": lines(stories[:7], epics[:2]), "b.jsonl": lines(stories[7:], epics[2:])}, 20, ""},
		"not to be recognised":  {map[string]string{"a.jsonl": lines(bare, epics)}, 0, "none of 20 stories hangs on any of 4 epics"},
		"nothing to recognise":  {map[string]string{"a.jsonl": lines(plain, epics)}, 0, ""},
		"no epics":              {map[string]string{"a.jsonl": lines(bare)}, 0, ""},
		"hardly any story":      {map[string]string{"a.jsonl": lines(bare[:7], epics)}, 0, ""},
		"the list says nothing": {map[string]string{"a.jsonl": lines(stories, epics), "fields.json": `[{"id":"customfield_10102","name":"x"}]`}, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			b, _ := read(t, open(t, jsonfile.Options{Paths: []string{folder(t, c.files)}}))
			hanging := 0
			for _, iss := range b.Issues {
				if !iss.Epic.Zero() {
					hanging++
				}
			}
			if hanging != c.hanging {
				t.Errorf("%d issues hang on an epic, want %d", hanging, c.hanging)
			}
			if c.gap == "" && len(b.Gaps) > 0 || c.gap != "" && (len(b.Gaps) != 1 || b.Gaps[0].What != "epic links" || !strings.Contains(b.Gaps[0].Why, c.gap)) {
				t.Errorf("gaps %+v, want %q", b.Gaps, c.gap)
			}
		})
	}
}

// TestDesk: a list of projects tells which links lead to customers, though the
// issues there are not imported.
func TestDesk(t *testing.T) {
	story := `{"id":"1","key":"PAY-1","fields":{"issuelinks":[{"type":{"name":"Relates","inward":"relates to","outward":"relates to"},"outwardIssue":{"key":"SUP-2197","fields":{"issuetype":{"name":"Vorfall"}}}}]}}`
	b, _ := read(t, open(t, jsonfile.Options{Paths: []string{folder(t, map[string]string{"a.json": story, "projects.json": `[{"key":"PAY","projectTypeKey":"software"},{"key":"SUP","projectTypeKey":"service_desk"}]`})}}))
	if got := b.Issues[0].Links[0].Kind; got != backlog.LinkMarket {
		t.Errorf("the link is of kind %d, want %d", got, backlog.LinkMarket)
	}
}

// TestTotal estimates where no first pass counted.
func TestTotal(t *testing.T) {
	dir := folder(t, map[string]string{
		"a.jsonl": strings.Join(issues(0, 20_000), "\n"), "fields.json": "[{\"id\":\"customfield_1\",\"name\":\"x\"}]", "statuses.json": `[{"id":"1","name":"Open"}]`,
	})
	src := open(t, jsonfile.Options{Paths: []string{dir}})
	seen := 0
	for b, err := range src.Batches(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		if seen += len(b.Issues); seen > 5000 && (src.Total() < seen/2 || src.Total() > 40_000) {
			t.Errorf("after %d of 20000: %d", seen, src.Total())
		}
	}
	if src.Total() != 20_000 {
		t.Errorf("at the end: %d", src.Total())
	}
}

func TestStop(t *testing.T) {
	dir := folder(t, map[string]string{"a.jsonl": strings.Join(issues(0, 5000), "\n")})
	src := open(t, jsonfile.Options{Paths: []string{dir}})
	for b, err := range src.Batches(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		if len(b.Issues) > 0 {
			break // leaving early must not hang
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	for _, err := range src.Batches(ctx, "") {
		cancel()
		last = err
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("cancelled, it ended with %v", last)
	}
}

func TestNew(t *testing.T) {
	dir := folder(t, map[string]string{"a.txt": "x", "sub/b.csv": "x", "a.zip": "PK"})
	for name, c := range map[string]struct {
		paths []string
		want  string
	}{
		"nothing there":  {[]string{filepath.Join(dir, "none")}, "no such file"},
		"another kind":   {[]string{filepath.Join(dir, "a.txt")}, "not a .json, .jsonl or .ndjson file"},
		"an archive":     {[]string{filepath.Join(dir, "a.zip")}, "not a .json, .jsonl or .ndjson file"},
		"no issues":      {[]string{dir}, "no .json, .jsonl or .ndjson file there"},
		"no path at all": {nil, "no .json, .jsonl or .ndjson file there"},
	} {
		if _, err := jsonfile.New(jsonfile.Options{Name: "x", Paths: c.paths}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one that says %q", name, err, c.want)
		}
	}
}

// TestSamePathTwice reads a file once, however often it is named.
func TestSamePathTwice(t *testing.T) {
	dir := folder(t, map[string]string{"a.json": issue(1)})
	b, _ := read(t, open(t, jsonfile.Options{Paths: []string{dir, filepath.Join(dir, "a.json"), dir}}))
	if len(b.Issues) != 1 {
		t.Errorf("%d issues", len(b.Issues))
	}
}

func TestSite(t *testing.T) {
	self := strings.Replace(issue(1), `"fields"`, `"self":"https://mill.example/jira/rest/api/2/issue/1001","fields"`, 1)
	dir := folder(t, map[string]string{"a.json": self})
	for given, want := range map[string]string{"": "https://mill.example/jira", "https://given.example": "https://given.example"} {
		last := ""
		for b, err := range open(t, jsonfile.Options{Paths: []string{dir}, Site: given}).Batches(t.Context(), "") {
			if err != nil {
				t.Fatal(err)
			}
			if len(b.Issues) > 0 {
				last = b.Site
			}
		}
		if last != want {
			t.Errorf("given %q: the site is %q, want %q", given, last, want)
		}
	}
}

// TestUTF16 reads what PowerShell's > makes of a tracker's answer.
func TestUTF16(t *testing.T) {
	wide := func(s string, big bool) string {
		b := []byte{0xff, 0xfe}
		if big {
			b = []byte{0xfe, 0xff}
		}
		for _, u := range utf16.Encode([]rune(s)) {
			if big {
				b = append(b, byte(u>>8), byte(u))
			} else {
				b = append(b, byte(u), byte(u>>8))
			}
		}
		return string(b)
	}
	title := strings.Replace(issue(3), "Issue 3", "Mühle 磨坊 𝄞", 1)
	src := open(t, jsonfile.Options{Paths: []string{folder(t, map[string]string{
		"a.json":     wide(`{"issues":[`+issue(1)+`]}`, false),
		"b.jsonl":    wide(issue(2)+"\r\n"+title+"\r\n", true),
		"c.json.gz":  zipped(wide(issue(4), false)),
		"users.json": wide(`[{"accountId":"u1","displayName":"Ünal"}]`, false),
	})}})
	all, _ := read(t, src)
	if len(all.Gaps) > 0 || len(all.Issues) != 4 || all.Issues[2].Title != "Mühle 磨坊 𝄞" {
		t.Errorf("got %d issues, %v", len(all.Issues), all.Gaps)
	}
	if !slices.ContainsFunc(all.Accounts, func(a backlog.Account) bool { return a.Name == "Ünal" }) {
		t.Errorf("the users were not read: %v", all.Accounts)
	}
}

// TestStranger holds that two trackers are not mixed under one name, where the
// same ids are different issues.
func TestStranger(t *testing.T) {
	from := func(n int, site string) string {
		return strings.Replace(issue(n), `"fields"`, fmt.Sprintf(`"self":"https://%s/rest/api/2/issue/%d","fields"`, site, 1000+n), 1)
	}
	one := folder(t, map[string]string{"a.json": from(1, "one.example"), "b.json": issue(2), "c.json": from(3, "one.example")})
	two := folder(t, map[string]string{"d.json": from(1, "two.example")})
	for _, test := range []struct {
		paths       []string
		site, known string
		issues      int
		from        string
	}{
		{[]string{one}, "", "", 3, ""},
		{[]string{one}, "", "https://one.example", 3, ""},
		{[]string{two}, "", "https://one.example", 0, "https://two.example"},
		{[]string{one, two}, "", "", 0, "https://two.example"},
		{[]string{one, two}, "https://given.example", "https://one.example", 4, ""},
	} {
		src := open(t, jsonfile.Options{Paths: test.paths, Site: test.site})
		src.Expect(test.known)
		got, stranger := 0, (*jsonfile.StrangerError)(nil)
		for b, err := range src.Batches(t.Context(), "") {
			if err != nil && !errors.As(err, &stranger) {
				t.Fatal(err)
			}
			got += len(b.Issues)
		}
		if (stranger != nil) != (test.from != "") || stranger != nil && (stranger.Site != test.from || stranger.Known != "https://one.example") || got != test.issues {
			t.Errorf("%+v: %d issues, %v", test, got, stranger)
		}
	}
}
