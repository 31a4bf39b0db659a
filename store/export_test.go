package store

import (
	"context"
	"encoding/csv"
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
	parquetgo "github.com/parquet-go/parquet-go"

	"defacto/backlog"
)

// filled is a store with two sources, several quarters, and acts.
func filled(t *testing.T, dir string) *Store {
	t.Helper()
	s := open(t, filepath.Join(dir, "s.db"), Options{})
	var issues []backlog.Issue
	for n := 1; n <= 40; n++ {
		issues = append(issues, story(n, day(6)))
		issues[n-1].Created = day(float64(1 + 9*n))
	}
	issues[3].Comments[0].Body.Prose = "=HYPERLINK(\"https://evil.example\")"
	save(t, s, "acme", backlog.Batch{Accounts: people(), Issues: append(issues, epic())})
	save(t, s, "other: a/b=c", backlog.Batch{Accounts: people(), Issues: []backlog.Issue{story(1, day(6))}})
	if err := s.Finish(t.Context(), backlog.SyncRun{Source: "acme", Started: day(9), Finished: day(10), AsOf: day(9), Complete: true}, nil); err != nil {
		t.Fatal(err)
	}
	snap := snapshot(t, s, "acme/PAY", Query{})
	acts := func(yield func(backlog.Act) bool) {
		for i := range snap.Items {
			it := &snap.Items[i]
			yield(backlog.Act{Item: it.No, Scope: it.Scope, At: it.Created, Person: it.Creator, Period: "2026-Q3", Name: "create", Weight: .5, Credit: .25, Event: "created"})
		}
	}
	if err := s.SaveActs(t.Context(), snap.Site, acts, "as of then"); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestExport holds every view's Parquet files, read back with parquet-go, to the
// view itself.
func TestExport(t *testing.T) {
	dir := t.TempDir()
	s := filled(t, dir)
	out := filepath.Join(dir, "out")
	list, err := s.Export(t.Context(), ExportOptions{Dir: out, Format: Parquet})
	if err != nil {
		t.Fatal(err)
	}
	for _, done := range list {
		want := table2text(t, s.DB(), `SELECT * FROM `+done.View)
		got := readExport(t, filepath.Join(out, done.View))
		slices.Sort(want)
		slices.Sort(got)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", done.View, d)
		}
		if int(done.Rows) != len(want) || len(want) == 0 {
			t.Errorf("%s: %d rows are told, %d there", done.View, done.Rows, len(want))
		}
	}
	private(t, out)
	var note exportNote
	text, err := os.ReadFile(filepath.Join(out, manifest))
	if err == nil {
		err = json.Unmarshal(text, &note)
	}
	if err != nil || note.Acts != "as of then" || len(note.Views) != 7 {
		t.Errorf("the note is %+v, %v", note, err)
	}
}

// private fails where anybody but the owner may read.
func private(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %s", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// readExport reads a view's folder as table2text shows the view.
func readExport(t *testing.T, dir string) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		info, err := file.Stat()
		if err != nil {
			return err
		}
		f, err := parquetgo.OpenFile(file, info.Size())
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		lead := ""
		for _, part := range strings.Split(path, string(filepath.Separator)) {
			if v, found := strings.CutPrefix(part, "source="); found {
				lead = "source=" + strings.NewReplacer("%20", " ", "%2F", "/", "%3A", ":", "%3D", "=").Replace(v) + " "
			}
		}
		fields := f.Schema().Fields()
		r := parquetgo.NewReader(f)
		defer r.Close()
		rows := make([]parquetgo.Row, f.NumRows())
		n, err := r.ReadRows(rows)
		if n != len(rows) {
			return fmt.Errorf("%s: %d of %d rows: %w", path, n, len(rows), err)
		}
		for _, row := range rows {
			names := map[string]string{}
			var order []string
			for i, v := range row {
				name, text := fields[i].Name(), fmt.Sprint(v)
				switch {
				case v.IsNull():
					text = "NULL"
				case fields[i].Type().LogicalType() != nil && fields[i].Type().LogicalType().Timestamp != nil:
					text = time.UnixMilli(v.Int64()).UTC().Format("2006-01-02T15:04:05.000Z")
				case v.Kind() == parquetgo.Boolean:
					text = map[bool]string{true: "1", false: "0"}[v.Boolean()]
				}
				names[name] = text
				order = append(order, name)
			}
			line := lead
			if filepath.Base(dir) == "v_accounts" { // the one view that does not begin with its source
				line = "person_id=" + names["person_id"] + " " + lead
				order = order[1:]
			}
			for _, name := range order {
				line += name + "=" + names[name] + " "
			}
			list = append(list, line)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestExportFolders: a folder for each source and quarter, named so that readers
// of such folders find the columns again, whatever a source is called.
func TestExportFolders(t *testing.T) {
	dir := t.TempDir()
	s := filled(t, dir)
	out := filepath.Join(dir, "out")
	if _, err := s.Export(t.Context(), ExportOptions{Dir: out, Format: CSV, Views: []string{"v_comments", "v_people"}, Cell: func(s string) string { return strings.Replace(s, "=", "'=", 1) }}); err != nil {
		t.Fatal(err)
	}
	var paths []string
	_ = filepath.WalkDir(out, func(path string, d fs.DirEntry, _ error) error {
		if rel, _ := filepath.Rel(out, path); !d.IsDir() {
			paths = append(paths, filepath.ToSlash(rel))
		}
		return nil
	})
	for _, want := range []string{
		"_export.json", "v_people/part-0001.csv", "v_comments/source=acme/quarter=2026-Q3/part-0001.csv",
		"v_comments/source=other%3A%20a%2Fb%3Dc/quarter=2026-Q3/part-0001.csv",
	} {
		if !slices.Contains(paths, want) {
			t.Errorf("no %s among %q", want, paths)
		}
	}
	private(t, out)
	var bodies []string
	for _, p := range paths {
		if !strings.HasPrefix(p, "v_comments/") {
			continue
		}
		f, err := os.Open(filepath.Join(out, p))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(f).ReadAll()
		f.Close()
		if err != nil || strings.Join(rows[0], ",") != "scope,issue_key,id,at,person_id,account,body" {
			t.Fatalf("%s: %v, %v", p, rows, err)
		}
		for _, row := range rows[1:] {
			bodies = append(bodies, row[6])
		}
	}
	if !slices.ContainsFunc(bodies, func(b string) bool { return strings.HasPrefix(b, "'=HYPERLINK") }) {
		t.Errorf("a formula is not defused: %q", bodies)
	}
}

// TestExportWhole: what is in the way stays, and what fails leaves nothing.
func TestExportWhole(t *testing.T) {
	dir := t.TempDir()
	s := filled(t, dir)
	out := filepath.Join(dir, "out")
	opt := ExportOptions{Dir: out, Format: Parquet, Views: []string{"v_issues"}}
	must := func(err, want error) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Fatalf("%v, want %v", err, want)
		}
		if _, err := os.Stat(out + ".part"); err == nil {
			t.Fatal("a part is left")
		}
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Export(stopped, opt)
	must(err, context.Canceled)
	if _, err := os.Stat(out); err == nil {
		t.Fatal("an export that failed is there")
	}
	if err := os.Mkdir(out, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(out, "thesis.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	opt.Replace = true
	_, err = s.Export(t.Context(), opt)
	must(err, ErrOccupied) // nobody's folder but an export gives way
	if err := os.Remove(filepath.Join(out, "thesis.txt")); err != nil {
		t.Fatal(err)
	}
	for i, replace := range []bool{false, true, false} {
		opt.Replace = replace
		_, err := s.Export(t.Context(), opt)
		must(err, map[bool]error{i == 2: ErrOccupied}[true])
	}
	if _, err := os.Stat(out + ".old"); err == nil {
		t.Error("the old export is left")
	}
	other := open(t, filepath.Join(dir, "no-acts.db"), Options{})
	_, err = other.Export(t.Context(), ExportOptions{Dir: filepath.Join(dir, "none"), Format: Parquet})
	must(err, ErrNoActs)
}

// TestExportManyFolders: more folders than files may be open, and more rows than
// are held, still come out whole.
func TestExportManyFolders(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "s.db"), Options{})
	var issues []backlog.Issue
	for n := 1; n <= exportFiles+40; n++ {
		issues = append(issues, story(n, day(6)))
		issues[n-1].Created = time.Date(1970+n/4, time.Month(1+n%4*3), 2, 0, 0, 0, 0, time.UTC)
	}
	save(t, s, "acme", backlog.Batch{Accounts: people(), Issues: append(issues, issues[0])})
	out := filepath.Join(dir, "out")
	list, err := s.Export(t.Context(), ExportOptions{Dir: out, Format: Parquet, Views: []string{"v_issues"}})
	if err != nil {
		t.Fatal(err)
	}
	want := table2text(t, s.DB(), `SELECT * FROM v_issues`)
	got := readExport(t, filepath.Join(out, "v_issues"))
	slices.Sort(want)
	slices.Sort(got)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if list[0].Files <= exportFiles {
		t.Errorf("%d files are fewer than may be open", list[0].Files)
	}
}
