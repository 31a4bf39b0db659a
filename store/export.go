package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"defacto/store/fastscan"
	"defacto/store/parquet"
)

// Formats of an export.
const (
	Parquet = "parquet" // every value as it is, for other programs
	CSV     = "csv"     // for people and their spreadsheets
)

// ErrNoActs says that v_acts was to be exported and nobody has filled it.
var ErrNoActs = errors.New("v_acts has not been filled")

// ErrOccupied says that there is something else where an export should go.
var ErrOccupied = errors.New("there is something there already")

// ExportOptions say what leaves the store, and where to.
type ExportOptions struct {
	Dir     string   // the folder to make
	Format  string   // Parquet or CSV
	Views   []string // nil: all of ExportedViews
	Replace bool     // an earlier export in Dir gives way once the new one is whole
	// Cell makes a text harmless in a spreadsheet; required for CSV. It is asked for
	// texts only, not for numbers and times.
	Cell func(string) string
}

// Exported is what became of one view.
type Exported struct {
	View  string `json:"view"`
	Rows  int64  `json:"rows"`
	Files int    `json:"files"`
}

// manifest stands beside an export's folders. Its name begins as names do that
// readers of such folders skip.
const manifest = "_export.json"

type exportNote struct {
	Schema string     `json:"schema"`
	Format string     `json:"format"`
	Layout int        `json:"layout"` // of the store
	Acts   string     `json:"acts"`   // their stamp
	Views  []Exported `json:"views"`
}

// exportColumn is a column of a view and how it is written.
type exportColumn struct {
	name string
	kind parquet.Kind
}

// exportView says how a view is cut into files: by source where it has one, and by
// the quarter of a time, or of a period's name.
type exportView struct {
	name    string
	source  bool
	quarter string // the column that says it, "" for none
	columns []exportColumn
}

func exportViews() []exportView {
	const text, word, whole, number, flag, at = parquet.Text, parquet.Word, parquet.Int, parquet.Real, parquet.Flag, parquet.Time
	return []exportView{
		{"v_people", false, "", []exportColumn{{"id", text}, {"name", text}, {"kind", word}, {"email", text}, {"zone", word}}},
		{"v_accounts", true, "", []exportColumn{{"person_id", text}, {"account", text}, {"name", text}, {"kind", word}, {"active", flag}}},
		{"v_issues", true, "created_at", []exportColumn{
			{"scope", word},
			{"id", text},
			{"key", text},
			{"type", word},
			{"level", whole},
			{"status", word},
			{"status_category", word},
			{"priority", word},
			{"creator_id", word},
			{"reporter_id", word},
			{"assignee_id", word},
			{"parent_key", word},
			{"created_at", at},
			{"updated_at", at},
			{"resolved_at", at},
			{"deleted", word},
		}},
		{"v_changes", true, "at", []exportColumn{
			{"scope", word},
			{"issue_key", word},
			{"id", text},
			{"ordinal", whole},
			{"at", at},
			{"person_id", word},
			{"account", word},
			{"field", word},
			{"from", word},
			{"to", word},
		}},
		{"v_comments", true, "at", []exportColumn{{"scope", word}, {"issue_key", word}, {"id", text}, {"at", at}, {"person_id", word}, {"account", word}, {"body", text}}},
		{"v_acts", true, "period", []exportColumn{
			{"scope", word},
			{"issue_key", word},
			{"at", at},
			{"person_id", word},
			{"duty", word},
			{"act", word},
			{"weight", number},
			{"level", whole},
			{"event", text},
			{"excluded", word},
			{"period", word},
			{"credit", number},
		}},
		{"v_syncs", true, "started_at", []exportColumn{
			{"started_at", at}, {"finished_at", at}, {"issues", whole}, {"changes", whole}, {"comments", whole}, {"requests", whole}, {"complete", flag}, {"note", text},
		}},
	}
}

// ExportedViews names the views an export can hold, in the order it writes them.
func ExportedViews() []string {
	var names []string
	for _, v := range exportViews() {
		names = append(names, v.name)
	}
	return names
}

// Export writes the open views as they are at one moment into a new folder: a
// folder for each view, in it one for each source and quarter as Hive names them,
// in those the files. Rows stand in the order the store has them. The folder
// appears whole or not at all, readable by its owner only. It holds some 64 MiB of
// rows at a time, however large the store is. Errors wrap ErrNoActs or ErrOccupied
// where they apply.
func (s *Store) Export(ctx context.Context, opt ExportOptions) ([]Exported, error) {
	list, err := s.export(ctx, opt)
	if err != nil {
		return nil, fmt.Errorf("export to %s: %w", opt.Dir, err)
	}
	return list, nil
}

func (s *Store) export(ctx context.Context, opt ExportOptions) ([]Exported, error) {
	views, err := opt.views()
	if err != nil {
		return nil, err
	}
	dir := filepath.Clean(opt.Dir)
	if err := vacant(dir, opt.Replace); err != nil {
		return nil, err
	}
	conn, err := fastscan.Open(s.path, busyTimeout, s.immutable)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if err := conn.Exec(`BEGIN`); err != nil { // all views at one moment
		return nil, err
	}
	note := exportNote{Schema: "defacto.export/1", Format: opt.Format, Layout: schemaVersion, Views: []Exported{}}
	if note.Acts, err = actsStamp(conn); err != nil {
		return nil, err
	}
	if note.Acts == "" && slices.ContainsFunc(views, func(v exportView) bool { return v.name == "v_acts" }) {
		return nil, ErrNoActs
	}

	part := dir + ".part"
	if err := vacant(part, true); err != nil { // of an export that was killed
		return nil, err
	}
	err = os.RemoveAll(part)
	if err == nil {
		err = os.MkdirAll(part, 0o700)
	}
	if err == nil {
		err = note.write(part) // so that it is known as ours, if this is where it ends
	}
	for _, v := range views {
		if err != nil {
			break
		}
		var done Exported
		done, err = exportRows(ctx, conn, v, part, opt, note.Acts)
		note.Views = append(note.Views, done)
	}
	if err == nil {
		err = note.write(part)
	}
	if err == nil {
		err = install(part, dir)
	}
	if err != nil {
		return nil, errors.Join(cause(err), os.RemoveAll(part))
	}
	return note.Views, nil
}

func (opt ExportOptions) views() ([]exportView, error) {
	switch {
	case opt.Dir == "":
		return nil, errors.New("no folder is named")
	case opt.Format != Parquet && opt.Format != CSV:
		return nil, fmt.Errorf("the format %q is neither %s nor %s", opt.Format, Parquet, CSV)
	case opt.Format == CSV && opt.Cell == nil:
		return nil, errors.New("nothing makes texts safe for spreadsheets")
	}
	all := exportViews()
	if opt.Views == nil {
		return all, nil
	}
	for _, name := range opt.Views {
		if !slices.Contains(ExportedViews(), name) {
			return nil, fmt.Errorf("there is no view %q: the views are %s", name, strings.Join(ExportedViews(), ", "))
		}
	}
	return slices.DeleteFunc(all, func(v exportView) bool { return !slices.Contains(opt.Views, v.name) }), nil
}

// vacant reports whether a folder can be made: there is none, an empty one, or an
// export that may go.
func vacant(dir string, replace bool) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return cause(err)
	case len(entries) == 0:
		return nil
	}
	if _, err := os.Stat(filepath.Join(dir, manifest)); err != nil {
		return fmt.Errorf("%w, and no export", ErrOccupied)
	}
	if !replace {
		return ErrOccupied
	}
	return nil
}

// install puts a finished export into its place.
func install(part, dir string) error {
	old := dir + ".old"
	if err := vacant(old, true); err != nil {
		return err
	}
	err := os.RemoveAll(old)
	if err == nil {
		err = os.Rename(dir, old)
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.Rename(part, dir); err != nil {
		return errors.Join(err, os.Rename(old, dir))
	}
	return os.RemoveAll(old)
}

func (n exportNote) write(dir string) error {
	text, err := json.MarshalIndent(n, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(dir, manifest)
	if err := os.WriteFile(path, append(text, '\n'), 0o600); err != nil {
		return err
	}
	return durable(path)
}

func actsStamp(conn *fastscan.Conn) (string, error) {
	q, err := conn.Prepare(`SELECT CAST(value AS TEXT) FROM meta WHERE key = 'acts'`)
	if err != nil {
		return "", err
	}
	defer q.Close()
	if more, err := q.Step(); err != nil || !more {
		return "", err
	}
	return q.Text(0), nil
}
