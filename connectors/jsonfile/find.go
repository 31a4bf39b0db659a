package jsonfile

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"defacto/connectors/jira"
)

// file is a file to read.
type file struct {
	path  string
	name  string // as it is named in reports
	lines bool   // one JSON value a line
	size  int64
}

// side is a file that is the payload of an endpoint other than search.
type side struct {
	file
	what string
	rank int // the order to read them in: fields explain users, and so on
	read func(*jira.Decoder, []byte) error
}

// find sorts the files below the paths into issues and lists.
func (s *Source) find() error {
	seen := map[string]bool{}
	add := func(path, name string, size int64) bool {
		stem, lines, ok := kindOf(path)
		if !ok {
			return false
		}
		if abs, err := filepath.Abs(path); err == nil {
			if seen[abs] {
				return true
			}
			seen[abs] = true
		}
		f := file{path: path, name: name, lines: lines, size: size}
		if sd, ok := sideOf(stem); ok {
			sd.file = f
			s.sides = append(s.sides, sd)
			return true
		}
		s.issues = append(s.issues, f)
		s.size += size
		return true
	}
	for _, path := range s.opt.Paths {
		info, err := os.Stat(path)
		switch {
		case err != nil:
			return fmt.Errorf("import: %w", err)
		case info.Mode().IsRegular():
			if !add(path, filepath.Base(path), info.Size()) {
				return fmt.Errorf("import %s: not a .json, .jsonl or .ndjson file, gzipped or not", path)
			}
			continue
		case !info.IsDir():
			return fmt.Errorf("import %s: neither a file nor a folder", path)
		}
		err = filepath.WalkDir(path, func(p string, e fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case p != path && strings.HasPrefix(e.Name(), "."):
				if e.IsDir() {
					return fs.SkipDir
				}
				return nil
			case !e.Type().IsRegular():
				return nil
			}
			info, err := e.Info()
			if err != nil {
				return err
			}
			name, err := filepath.Rel(path, p)
			if err != nil {
				name = p
			}
			add(p, filepath.ToSlash(name), info.Size())
			return nil
		})
		if err != nil {
			return fmt.Errorf("import %s: %w", path, err)
		}
	}
	if len(s.issues)+len(s.sides) == 0 {
		return fmt.Errorf("import %s: no .json, .jsonl or .ndjson file there", strings.Join(s.opt.Paths, ", "))
	}
	slices.SortStableFunc(s.sides, func(a, b side) int { return a.rank - b.rank })
	return nil
}

// kindOf reads a file's name: what it is called without its endings, and whether
// it holds a JSON value a line.
func kindOf(path string) (stem string, lines, ok bool) {
	name := strings.ToLower(filepath.Base(path))
	name = strings.TrimSuffix(name, ".gz")
	switch ext := filepath.Ext(name); ext {
	case ".json":
		return strings.TrimSuffix(name, ext), false, true
	case ".jsonl", ".ndjson":
		return strings.TrimSuffix(name, ext), true, true
	}
	return "", false, false
}

// sideOf knows the files that are lists, by the endpoint they are called after.
func sideOf(stem string) (side, bool) {
	switch stem {
	case "fields", "field":
		return side{what: "fields", rank: 0, read: (*jira.Decoder).Fields}, true
	case "statuses", "status":
		return side{what: "statuses", rank: 1, read: (*jira.Decoder).Statuses}, true
	case "issuetypes", "issuetype":
		return side{what: "issue types", rank: 2, read: (*jira.Decoder).IssueTypes}, true
	case "users", "user":
		return side{what: "users", rank: 3, read: (*jira.Decoder).Users}, true
	case "projects", "project":
		return side{what: "projects", rank: 4, read: (*jira.Decoder).Projects}, true
	case "sprints", "sprint":
		return side{what: "sprints", rank: 5, read: (*jira.Decoder).Sprints}, true
	}
	return side{}, false
}
