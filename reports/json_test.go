package reports

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"defacto/analysis"
)

func TestJSONRoundTrip(t *testing.T) {
	for _, name := range fixtures() {
		r := fixture(t, name)
		first := render(t, "json", Options{}, r)
		var back analysis.Report
		if err := json.Unmarshal([]byte(first), &back); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(r, &back, cmpopts.EquateEmpty(), cmpopts.EquateApprox(0, 6e-5), cmpopts.IgnoreUnexported(analysis.PeriodReport{}), spelt()); d != "" {
			t.Errorf("%s does not survive (-was +is):\n%.4000s", name, d)
		}
		if again := render(t, "json", Options{}, &back); again != first {
			t.Errorf("%s written twice differs%s", name, firstDifference(again, first))
		}
	}
}

// TestJSONIsWhatReflectionSpells holds what is written by hand against
// encoding/json, with every field of a report filled: one that is forgotten shows.
func TestJSONIsWhatReflectionSpells(t *testing.T) {
	same := func(name string, r *analysis.Report) {
		t.Helper()
		c := clone(r)
		rounded(c)
		var want strings.Builder
		if err := document(&want, c); err != nil {
			t.Fatal(err)
		}
		if got := render(t, "json", Options{}, r); got != want.String() {
			t.Errorf("%s differs%s", name, firstDifference(got, want.String()))
		}
	}
	for _, name := range fixtures() {
		same(name, fixture(t, name))
	}
	same("nothing", &analysis.Report{})
	same("an empty scope", &analysis.Report{Scopes: []analysis.ScopeReport{{Scope: "a/B"}, {Scope: "a/C"}}})
	rng := rand.New(rand.NewPCG(1, 1))
	for i := range 50 {
		var r analysis.Report
		fill(rng, reflect.ValueOf(&r).Elem())
		same("random report "+strconv.Itoa(i), &r)
	}
}

// fill puts something into every field, and nothing into some.
func fill(rng *rand.Rand, v reflect.Value) {
	texts := []string{"plain", "", "<b>&\"\\", "Zoë 長", "\x1b[31m\u202e\u2028\x7f\x80", "😀\U000e0001"}
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.UnixMilli(rng.Int64N(2e12)).UTC()))
		return
	case analysis.WaitItems:
		var items []analysis.WaitItem
		fill(rng, reflect.ValueOf(&items).Elem())
		v.Set(reflect.ValueOf(analysis.ListWaits(items...)))
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(rng.IntN(2) > 0)
	case reflect.Int:
		v.SetInt(rng.Int64N(2000) - 1000)
	case reflect.Float64:
		v.SetFloat((rng.Float64() - .2) * math.Pow(10, float64(rng.IntN(50)-25)) * float64(rng.IntN(3)))
	case reflect.String:
		v.SetString(texts[rng.IntN(len(texts))])
	case reflect.Pointer:
		if rng.IntN(5) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(rng, v.Elem())
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), rng.IntN(4), 4))
		for i := range v.Len() {
			fill(rng, v.Index(i))
		}
	case reflect.Map:
		if rng.IntN(5) > 0 {
			v.Set(reflect.MakeMap(v.Type()))
		}
		for i := range rng.IntN(3) {
			value := reflect.New(v.Type().Elem()).Elem()
			fill(rng, value)
			if v.IsNil() {
				break
			}
			v.SetMapIndex(reflect.ValueOf("key-"+strconv.Itoa(i)), value)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanSet() {
				fill(rng, f)
			}
		}
	default:
		panic("no idea how to fill a " + v.Type().String())
	}
}

func TestJSONHasListsForNothing(t *testing.T) {
	r := &analysis.Report{Scopes: []analysis.ScopeReport{{Periods: []analysis.PeriodReport{{
		Duties:   map[string]*analysis.DutyReport{"write": {}},
		Roles:    map[string]*analysis.RoleReport{"product-owner": {}},
		Declared: map[string][]string{"product-owner": nil},
		Waits:    &analysis.Waits{},
		Findings: []analysis.Finding{{}},
	}}}}}
	var doc map[string]any
	if err := json.Unmarshal([]byte(render(t, "json", Options{}, r)), &doc); err != nil {
		t.Fatal(err)
	}
	allowed := map[string]bool{"note": true, "value": true, "low": true, "high": true, "threshold": true}
	var walk func(path, key string, v any)
	walk = func(path, key string, v any) {
		switch v := v.(type) {
		case nil:
			if !allowed[key] && !strings.HasSuffix(key, "_hours") {
				t.Errorf("%s is null", path)
			}
		case map[string]any:
			for k, c := range v {
				walk(path+"."+k, k, c)
			}
		case []any:
			for _, c := range v {
				walk(path+"[]", key, c)
			}
		}
	}
	walk("", "", doc)
}

func TestJSONRefusesWhatIsNoNumber(t *testing.T) {
	r := fixture(t, "full")
	r.Scopes[0].Periods[0].Duties["write"].NEff = math.NaN()
	if err := (jsonFormat{}).Render(&strings.Builder{}, r); err == nil {
		t.Fatal("a NaN became JSON")
	}
}

func TestRound(t *testing.T) {
	for _, c := range []struct{ in, want float64 }{
		{0, 0},
		{1, 1},
		{0.61234567, 0.6123},
		{0.99999, 1},
		{41.234567, 41.2346},
		{-0.12345, -0.1235},
		{0.000012345, 0.00001235},
		{1e-300, 0},
		{1e300, 1e300},
		{math.Inf(1), math.Inf(1)},
	} {
		got := c.in
		if round(&got); got != c.want {
			t.Errorf("round(%v) = %v, want %v", c.in, got, c.want)
		}
	}
	if n := math.NaN(); true {
		if round(&n); !math.IsNaN(n) {
			t.Error("a NaN was rounded away")
		}
	}
}

// spelt compares lists of questions by what they say.
func spelt() cmp.Option {
	return cmp.Transformer("items", func(l analysis.WaitItems) []analysis.WaitItem {
		var items []analysis.WaitItem
		for item := range l.All() {
			items = append(items, *item)
		}
		return items
	})
}

// TestCloneSharesNothing walks both reports: no pointer, map or list of one may
// be the other's, so a field added later cannot be forgotten in clone.
func TestCloneSharesNothing(t *testing.T) {
	for _, name := range fixtures() {
		r := fixture(t, name)
		c := clone(r)
		if d := cmp.Diff(r, c, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(analysis.PeriodReport{}), spelt()); d != "" {
			t.Fatalf("%s: the copy differs: %.2000s", name, d)
		}
		var walk func(path string, a, b reflect.Value)
		walk = func(path string, a, b reflect.Value) {
			if a.Type() == reflect.TypeFor[analysis.WaitItems]() {
				return // never changed
			}
			switch a.Kind() {
			case reflect.Pointer:
				if a.IsNil() {
					return
				}
				if a.Pointer() == b.Pointer() {
					t.Errorf("%s: %s is shared", name, path)
				}
				walk(path, a.Elem(), b.Elem())
			case reflect.Slice:
				if a.Len() > 0 && a.Pointer() == b.Pointer() {
					t.Errorf("%s: %s is shared", name, path)
				}
				for i := range a.Len() {
					walk(path+"[]", a.Index(i), b.Index(i))
				}
			case reflect.Map:
				if a.Len() > 0 && a.Pointer() == b.Pointer() {
					t.Errorf("%s: %s is shared", name, path)
				}
				for _, k := range a.MapKeys() {
					walk(path+"{}", a.MapIndex(k), b.MapIndex(k))
				}
			case reflect.Struct:
				for i := range a.NumField() {
					if !a.Type().Field(i).IsExported() {
						continue // what no renderer can see
					}
					walk(path+"."+a.Type().Field(i).Name, a.Field(i), b.Field(i))
				}
			}
		}
		walk("report", reflect.ValueOf(r), reflect.ValueOf(c))
	}
}
