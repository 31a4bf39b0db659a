package reports

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"defacto/analysis"
)

// TestJSONIsDocumented holds docs/json.md to the fields there are.
func TestJSONIsDocumented(t *testing.T) {
	doc := readDoc(t, "json.md")
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(typ reflect.Type) {
		switch typ.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			walk(typ.Elem())
		case reflect.Struct:
			if seen[typ] || typ.PkgPath() == "time" {
				return
			}
			seen[typ] = true
			for i := range typ.NumField() {
				f := typ.Field(i)
				name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
				if name == "" || name == "-" {
					continue
				}
				if !strings.Contains(doc, "`"+name+"`") {
					t.Errorf("docs/json.md does not speak of `%s` (%s.%s)", name, typ.Name(), f.Name)
				}
				walk(f.Type)
			}
		}
	}
	walk(reflect.TypeFor[analysis.Report]())
}

// TestReportsAreDocumented holds docs/reports.md to the formats and columns there are.
func TestReportsAreDocumented(t *testing.T) {
	doc := readDoc(t, "reports.md")
	for _, name := range Names() {
		if !strings.Contains(doc, "`"+name+"`") {
			t.Errorf("docs/reports.md does not speak of the format %s", name)
		}
	}
	for _, c := range csvColumns() {
		if c = strings.TrimPrefix(c, "pm_"); !strings.Contains(doc, c) {
			t.Errorf("docs/reports.md does not speak of the column %s", c)
		}
	}
}

func readDoc(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile("../docs/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
