package lineartest

import (
	"time"
)

// matches evaluates a filter as Linear does: every member must hold; a relation
// that is null matches nothing.
func matches(o Object, filter map[string]any) bool {
	for name, want := range filter {
		if want == nil {
			continue
		}
		switch name {
		case "and", "or":
			list, _ := want.([]any)
			held := 0
			for _, f := range list {
				if sub, _ := f.(map[string]any); matches(o, sub) {
					held++
				}
			}
			if name == "or" && held == 0 || name == "and" && held < len(list) {
				return false
			}
			continue
		}
		sub, _ := want.(map[string]any)
		switch have := o[name].(type) {
		case Object:
			if have == nil || !matches(have, sub) {
				return false
			}
		default:
			if !compares(have, sub) {
				return false
			}
		}
	}
	return true
}

// compares evaluates a comparator on a scalar; on nothing it never holds.
func compares(have any, comparator map[string]any) bool {
	if have == nil {
		return false
	}
	for op, want := range comparator {
		if want == nil {
			continue
		}
		var ok bool
		switch op {
		case "in":
			list, _ := want.([]any)
			for _, v := range list {
				ok = ok || order(have, v) == 0
			}
		case "eq":
			ok = order(have, want) == 0
		case "neq":
			ok = order(have, want) != 0
		case "gte":
			ok = order(have, want) >= 0
		case "gt":
			ok = order(have, want) > 0
		case "lte":
			ok = order(have, want) <= 0
		case "lt":
			ok = order(have, want) < 0
		}
		if !ok {
			return false
		}
	}
	return true
}

// order compares a field with a literal; 2 where they do not compare.
func order(have, want any) int {
	switch h := have.(type) {
	case time.Time:
		s, _ := want.(string)
		t, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return 2
		}
		return h.Compare(t)
	case string:
		s, ok := want.(string)
		switch {
		case !ok:
			return 2
		case h < s:
			return -1
		case h > s:
			return 1
		}
		return 0
	case bool:
		if b, ok := want.(bool); ok && b == h {
			return 0
		}
		return 2
	}
	h, ok := toFloat(have)
	w, ok2 := toFloat(want)
	switch {
	case !ok || !ok2:
		return 2
	case h < w:
		return -1
	case h > w:
		return 1
	}
	return 0
}
