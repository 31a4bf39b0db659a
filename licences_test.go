package defacto

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write THIRD_PARTY.txt anew")

// thirdParty is the file that goes with every binary: whose code is in it, and on
// what terms.
const thirdParty = "THIRD_PARTY.txt"

// licences are those a dependency may come under, each told by words of its own.
// All of them let a binary be given away under Apache-2.0 with the text beside it.
var licences = []struct {
	name  string
	words *regexp.Regexp
}{
	{"Apache-2.0", regexp.MustCompile(`Apache License\s+Version 2\.0`)},
	{"MPL-2.0", regexp.MustCompile(`Mozilla Public License,? [Vv]ersion 2\.0`)},
	{"MIT", regexp.MustCompile(`Permission is hereby granted, free of charge`)},
	{"BSD", regexp.MustCompile(`Redistribution and use in source and binary forms`)},
	{"ISC", regexp.MustCompile(`Permission to use, copy, modify, and(/or)? distribute this software`)},
	{"Unlicense", regexp.MustCompile(`This is free and unencumbered software released into the public domain`)},
	{"public domain", regexp.MustCompile(`author disclaims copyright to this source code`)},
}

// refused are words of licences that would bind the whole program.
var refused = regexp.MustCompile(`(?i)GNU (AFFERO |LESSER )?GENERAL PUBLIC LICENSE|Server Side Public License|Business Source License|Commons Clause`)

// licenceFile matches the names such texts go by, at a module's root or beside the
// packages that are used.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|unlicense|patents)|licen[cs]e(\.txt|\.md)?$`)

// TestLicences checks whose code is in the binaries of every platform, and that
// THIRD_PARTY.txt says so. After a change of dependencies:
//
//	go test . -run TestLicences -update
func TestLicences(t *testing.T) {
	modules := map[string][]string{} // name and version → folders
	for _, system := range []string{"linux", "darwin", "windows"} {
		cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{with .Module}}{{if .Version}}{{.Path}} {{.Version}}\t{{.Dir}}\t{{$.Dir}}{{end}}{{end}}", "./cmd/defacto")
		cmd.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
		var problem bytes.Buffer
		cmd.Stderr = &problem
		out, err := cmd.Output()
		if err != nil {
			if system != runtime.GOOS {
				t.Skipf("what %s needs is not downloaded: %s", system, problem.String())
			}
			t.Fatalf("go list: %v: %s", err, problem.String())
		}
		for line := range strings.Lines(string(out)) {
			part := strings.Split(strings.TrimSpace(line), "\t")
			if len(part) != 3 {
				continue
			}
			for _, dir := range part[1:] {
				if !slices.Contains(modules[part[0]], dir) {
					modules[part[0]] = append(modules[part[0]], dir)
				}
			}
		}
	}
	if len(modules) < 20 {
		t.Fatalf("only %d modules: %v", len(modules), modules)
	}
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	modules["the Go standard library and runtime"] = []string{strings.TrimSpace(string(root))}
	var names []string
	for name := range modules {
		names = append(names, name)
	}
	slices.Sort(names)

	var list, texts strings.Builder
	for _, name := range names {
		var kinds []string
		for _, dir := range modules[name] {
			entries, err := os.ReadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				if e.IsDir() || !licenceFile.MatchString(e.Name()) || strings.HasSuffix(e.Name(), ".go") {
					continue
				}
				text, err := os.ReadFile(filepath.Join(dir, e.Name()))
				if err != nil {
					t.Fatal(err)
				}
				if refused.Match(text) && !bytes.Contains(text, []byte("Mozilla Public License")) { // MPL names the GPL as a secondary licence
					t.Errorf("%s: %s holds a licence that binds the whole program", name, e.Name())
				}
				for _, l := range licences {
					if l.words.Match(text) && !slices.Contains(kinds, l.name) {
						kinds = append(kinds, l.name)
					}
				}
				fmt.Fprintf(&texts, "\n==== %s: %s\n\n%s\n", name, e.Name(), strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n")))
			}
		}
		if len(kinds) == 0 {
			t.Errorf("%s comes under no licence on the list of %s", name, "licences_test.go")
		}
		fmt.Fprintf(&list, "%s: %s\n", name, strings.Join(kinds, ", "))
	}
	got := "What defacto's binaries hold besides its own code, and on what terms.\nWritten by `go test . -run TestLicences -update`.\n\n" + list.String() + texts.String()
	if *update {
		if err := os.WriteFile(thirdParty, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(thirdParty)
	if err != nil || string(want) != got {
		t.Errorf("%s is not about the modules of today (%v): go test . -run TestLicences -update", thirdParty, err)
	}
}
