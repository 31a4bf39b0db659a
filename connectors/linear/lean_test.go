package linear

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWithoutNulls(t *testing.T) {
	for in, want := range map[string]string{
		`{"a":null}`:                         `{}`,
		`{"a":null,"b":1}`:                   `{"b":1}`,
		`{"b":1,"a":null}`:                   `{"b":1}`,
		`{"b":1,"a":null,"c":[null,2]}`:      `{"b":1,"c":[null,2]}`,
		`{"a" : null , "b" : {"c": null } }`: `{ "b" : {} }`,
		`{"s":"\"x\":null","n":"null"}`:      `{"s":"\"x\":null","n":"null"}`,
		`["a",null]`:                         `["a",null]`,
		`{"a":nu`:                            `{"a":nu`,
		`{"a`:                                `{"a`,
		`null`:                               `null`,
		``:                                   ``,
	} {
		if got := string(withoutNulls([]byte(in))); got != want {
			t.Errorf("%s became %s", in, got)
		}
	}
}

// FuzzWithoutNulls holds that what is decoded is the same without the nulls.
func FuzzWithoutNulls(f *testing.F) {
	f.Add(`{"a":null,"b":[{"c":null},null,{"d":"\\\"","e":null}],"f":null}`)
	f.Fuzz(func(t *testing.T, in string) {
		var before any
		if json.Unmarshal([]byte(in), &before) != nil {
			withoutNulls([]byte(in))
			return
		}
		once, err := json.Marshal(before) // no member twice, as GraphQL has it
		if err != nil {
			t.Fatal(err)
		}
		var after any
		if err := json.Unmarshal(withoutNulls(once), &after); err != nil {
			t.Fatalf("%q: %v", in, err)
		}
		if d := cmp.Diff(bare(before), after); d != "" {
			t.Errorf("%q: %s", in, d)
		}
	})
}

// bare takes the nulls out of a decoded value.
func bare(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			if inner == nil {
				delete(v, k)
			} else {
				v[k] = bare(inner)
			}
		}
	case []any:
		for i := range v {
			v[i] = bare(v[i])
		}
	}
	return v
}
