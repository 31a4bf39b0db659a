package linear

import (
	"math"
	"testing"
)

// The first three shapes cost what Linear's documentation says they do; the
// next three were refused by the live API, which named their cost.
func TestComplexityAgreesWithLinear(t *testing.T) {
	for _, tc := range []struct {
		query string
		vars  map[string]any
		want  float64
	}{
		{`query { team(id: "x") { issues { nodes { id title createdAt } } } }`, nil, 66},
		{`query { team(id: "x") { issues(first: 10) { nodes { id title createdAt } } } }`, nil, 14},
		{`query { viewer { id name } }`, nil, 2},
		{`{ teams(filter: {key: {eq: $team}}) { nodes { projects(first: 250) { nodes { id name description } } } } }`, nil, 16300},
		{`query T { team(id: $id) { issues(first: 100) { pageInfo { hasNextPage endCursor } nodes { id relations { nodes { type relatedIssue { id } } } } } } }`, nil, 11231},
		{`{ teams(first:20) { nodes { name issues(first:200) { nodes { identifier title priority updatedAt state{type} } } } } }`, nil, 10022},
		{`query($n:Int!$after:String){issues(first: $n, after: $after, filter: {first: {eq: 3}}){nodes{id}}}`, map[string]any{"n": 7, "after": "first: 9"}, 8},
		{`{ a: viewer { id } b: users(last: 3) { edges { node { id } } } ... on Query { viewer { id } } }`, nil, 9},
	} {
		got, err := complexity(tc.query, tc.vars)
		if err != nil || math.Ceil(got-1e-9) != tc.want {
			t.Errorf("%s\ncosts %v (%v), want %v", tc.query, got, err, tc.want)
		}
	}
}

func TestComplexityOfNoQuery(t *testing.T) {
	for _, q := range []string{"", "query", "{ viewer { id ", "{ issues(first: 3"} {
		if c, err := complexity(q, nil); err == nil {
			t.Errorf("%q costs %v", q, c)
		}
	}
}

func FuzzComplexity(f *testing.F) {
	f.Add(`query($n:Int!){issues(first: $n){nodes{id}}}`)
	f.Add(`{ a: b @include(if: $x) { ... on C { d } "e" } }`)
	f.Fuzz(func(t *testing.T, q string) {
		if c, err := complexity(q, map[string]any{"n": 3}); err == nil && (c < 0 || math.IsNaN(c)) {
			t.Errorf("%q costs %v", q, c)
		}
	})
}

func TestFitting(t *testing.T) {
	for _, tc := range []struct {
		each, fixed float64
		most, want  int
	}{{10, 0, 250, 250}, {100, 0, 250, 99}, {100, 9_900, 250, 1}, {0.1, 0, 80, 80}} {
		if got := fitting(tc.each, tc.fixed, tc.most); got != tc.want {
			t.Errorf("fitting(%v, %v, %d) = %d, want %d", tc.each, tc.fixed, tc.most, got, tc.want)
		}
	}
}
