package defacto

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the path every package of ours begins with.
const module = "defacto/"

// allowed says which of our packages each of our packages may import. A package
// that does not stand here may not exist.
var allowed = map[string][]string{
	"backlog": {},

	"connectors":                   {"backlog", "config/redact"},
	"connectors/jira":              {"backlog", "connectors"},
	"connectors/jira/jiratest":     {"backlog", "connectors/jira"},
	"connectors/linear":            {"backlog", "connectors"},
	"connectors/linear/lineartest": {"backlog", "connectors/linear"},
	"connectors/jsonfile":          {"backlog", "connectors", "connectors/jira"}, // shares Jira's wire decoding
	"connectors/sample":            {"backlog", "connectors"},

	"store":          {"backlog", "store/fastscan", "store/parquet"},
	"store/fastscan": {},
	"store/parquet":  {},

	"analysis":            {"backlog", "analysis/statistics", "analysis/workhours"},
	"analysis/scorecard":  {"backlog", "analysis", "analysis/statistics", "connectors/sample"},
	"analysis/statistics": {"backlog"},
	"analysis/workhours":  {"backlog"},

	"reports":               {"backlog", "analysis", "reports/scene"},
	"reports/scene":         {},
	"reports/mail":          {"backlog", "analysis", "reports", "reports/scene", "config/redact"},
	"reports/mail/mailtest": {},
	"reports/web":           {"backlog", "analysis", "reports"},

	"config":        {"backlog", "config/redact"},
	"config/redact": {},
}

// composers are the programs: they may import everything, and nobody them.
var composers = []string{"cmd/defacto", "bench"}

// forbidden are calls that reach out of the program. They belong to composers,
// which hand clocks and environments to whoever needs them.
var forbidden = map[string][]string{
	"time": {"Now", "Since", "Until"},
	"os":   {"Getenv", "LookupEnv", "Environ", "Exit"},
}

// TestImports holds the table of the house: data flows one way.
func TestImports(t *testing.T) {
	eachFile(t, func(t *testing.T, dir, path string, file *ast.File) {
		if slices.Contains(composers, dir) {
			return
		}
		may, known := allowed[dir]
		if !known {
			t.Errorf("%s: the package %s is not in the table of imports_test.go: say what it may import", path, dir)
			return
		}
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			ours, isOurs := strings.CutPrefix(name, module)
			if isOurs && !slices.Contains(may, ours) {
				t.Errorf("%s: %s must not import %s", path, dir, ours)
			}
		}
	})
}

// TestDoorway holds that nothing happens on import, and that the clock, the
// environment and the exit are touched in one place only.
func TestDoorway(t *testing.T) {
	eachFile(t, func(t *testing.T, dir, path string, file *ast.File) {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: an init function runs before anybody asked", path)
			}
		}
		if slices.Contains(composers, dir) {
			return
		}
		names := localNames(file)
		ast.Inspect(file, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := selector.X.(*ast.Ident); ok && slices.Contains(forbidden[names[x.Name]], selector.Sel.Name) {
				t.Errorf("%s: %s.%s belongs to %s, which hands it in", path, names[x.Name], selector.Sel.Name, composers[0])
			}
			return true
		})
	})
}

// localNames maps what a file calls its imports to their paths.
func localNames(file *ast.File) map[string]string {
	names := map[string]string{}
	for _, spec := range file.Imports {
		path := strings.Trim(spec.Path.Value, `"`)
		name := path[strings.LastIndex(path, "/")+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = path
	}
	return names
}

// eachFile parses every file of ours that is part of the program; tests may do
// as they like.
func eachFile(t *testing.T, check func(t *testing.T, dir, path string, file *ast.File)) {
	t.Helper()
	packages := 0
	last := ""
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != "." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata"):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		dir := filepath.ToSlash(filepath.Dir(path))
		if dir != last {
			packages, last = packages+1, dir
		}
		check(t, dir, path, file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if packages < 2 {
		t.Fatalf("only %d packages seen: is this the root of the module?", packages)
	}
}
