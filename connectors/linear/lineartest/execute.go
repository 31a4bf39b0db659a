package lineartest

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// execution runs one document against the world, whose lock it holds.
type execution struct {
	world *World
	vars  map[string]any
	doc   *ast.QueryDocument
	rows  float64 // points charged: for what really came
	fault *Fault
	most  int // nodes of a root connection at once; 0: as many as asked for
	errs  []map[string]any
}

// refusal is an error instead of data.
type refusal struct {
	status        int
	message, kind string
	code          string
	presentable   string
}

func (r *refusal) Error() string { return r.message }

func (e *execution) run() (map[string]any, *refusal) {
	out := map[string]any{}
	for _, s := range e.doc.Operations[0].SelectionSet {
		f, ok := s.(*ast.Field)
		if !ok {
			return nil, invalid("fragments are not served here")
		}
		v, err := e.root(f)
		if err != nil {
			return nil, err
		}
		out[f.Alias] = v
	}
	return out, nil
}

func invalid(message string) *refusal {
	return &refusal{status: 400, message: message, kind: "graphql error", code: "GRAPHQL_VALIDATION_FAILED"}
}

func (e *execution) root(f *ast.Field) (any, *refusal) {
	w := e.world
	switch f.Name {
	case "organization":
		return e.object(w.organization, f.SelectionSet)
	case "viewer":
		return e.object(w.viewer, f.SelectionSet)
	case "issue", "project", "initiative":
		id, _ := e.argument(f, "id").(string)
		o := w.byID[f.Name+"s/"+id]
		if o == nil {
			return nil, &refusal{status: 200, message: "Entity not found: Issue", kind: "invalid input", code: "INPUT_ERROR", presentable: "Could not find referenced Issue."}
		}
		return e.object(o, f.SelectionSet)
	}
	if kind := w.refused[f.Name]; kind != "" {
		code := strings.ToUpper(strings.ReplaceAll(kind, " ", "_"))
		return nil, &refusal{status: 200, message: "Not for you", kind: kind, code: code}
	}
	list := w.roots[f.Name]
	by := "createdAt"
	if o, _ := e.argument(f, "orderBy").(string); o != "" {
		by = o
	}
	key := f.Name
	if by == "createdAt" { // the order most ask for is kept
		if _, ok := w.sorted[key]; !ok {
			w.sorted[key] = newestFirst(list, by)
		}
		list = w.sorted[key]
	} else {
		list = newestFirst(list, by)
	}
	return e.connection(f, list, by, e.most)
}

func newestFirst(list []Object, by string) []Object {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b Object) int { return before(a, b, by) })
	return list
}

// before orders newest first, and by id within a moment.
func before(a, b Object, by string) int {
	at, _ := a[by].(time.Time)
	bt, _ := b[by].(time.Time)
	if c := bt.Compare(at); c != 0 {
		return c
	}
	ai, _ := a["id"].(string)
	bi, _ := b["id"].(string)
	return strings.Compare(bi, ai)
}

// connection serves a page of a sorted list, of at most so many nodes; 0: of as
// many as are asked for.
func (e *execution) connection(f *ast.Field, list []Object, by string, most int) (any, *refusal) {
	first, refused := e.pageSize(f)
	if refused != nil {
		return nil, refused
	}
	if most > 0 {
		first = min(first, most)
	}
	archived, _ := e.argument(f, "includeArchived").(bool)
	disabled, _ := e.argument(f, "includeDisabled").(bool)
	filter, _ := e.argument(f, "filter").(map[string]any)
	after, _ := e.argument(f, "after").(string)
	var edge Object
	if after != "" {
		if edge = e.locate(f.Name, after, list); edge == nil {
			return nil, &refusal{status: 200, message: "Argument Validation Error", kind: "invalid input", code: "INVALID_INPUT", presentable: "after must be a valid cursor"}
		}
	}
	from := 0
	if edge != nil {
		from, _ = slices.BinarySearchFunc(list, edge, func(a, b Object) int { return before(a, b, by) })
		if from < len(list) && list[from]["id"] == edge["id"] {
			from++
		}
	}
	var nodes []Object
	more := false
	for _, o := range list[from:] {
		if !archived && o["archivedAt"] != nil && o["archivedAt"] != (time.Time{}) {
			continue
		}
		if active, is := o["active"].(bool); is && !active && !disabled && f.Name == "users" {
			continue
		}
		if !matches(o, filter) {
			continue
		}
		if len(nodes) == first {
			more = true
			break
		}
		nodes = append(nodes, o)
	}
	return e.page(f, nodes, more)
}

func (e *execution) page(f *ast.Field, nodes []Object, more bool) (any, *refusal) {
	out := map[string]any{}
	for _, s := range f.SelectionSet {
		part, ok := s.(*ast.Field)
		if !ok {
			return nil, invalid("fragments are not served here")
		}
		switch part.Name {
		case "nodes":
			list := make([]any, 0, len(nodes))
			for i, o := range nodes {
				v, err := e.object(o, part.SelectionSet)
				if err != nil {
					return nil, err
				}
				if e.fault.breaks(f.Name, o) {
					e.errs = append(e.errs, map[string]any{
						"message": "Internal server error", "path": []any{f.Name, "nodes", i, "history"},
						"extensions": map[string]any{"type": "internal error", "code": "INTERNAL_SERVER_ERROR"},
					})
					v.(map[string]any)["history"] = map[string]any{"nodes": []any{}, "pageInfo": map[string]any{"hasNextPage": false, "endCursor": nil}}
				}
				list = append(list, v)
			}
			out["nodes"] = list
		case "pageInfo":
			end := any(nil)
			if len(nodes) > 0 {
				end = cursorOf(f.Name, nodes[len(nodes)-1])
			}
			switch {
			case e.fault.is(StuckCursor) && f.Name == "issues":
				more, end = true, "stuck"
			case e.fault.is(MissingCursor) && f.Name == "issues":
				more, end = true, nil
			}
			info, err := e.object(Object{"hasNextPage": more, "endCursor": end}, part.SelectionSet)
			if err != nil {
				return nil, err
			}
			out["pageInfo"] = info
		}
	}
	return out, nil
}

// cursorOf is as uneven as Linear's cursors: packed for most, bare for comments.
func cursorOf(root string, o Object) string {
	id, _ := o["id"].(string)
	if root == "comments" {
		return id
	}
	return base64.StdEncoding.EncodeToString([]byte(root + "\x00" + id))
}

// locate finds where a cursor points, also where that object was deleted since.
func (e *execution) locate(root, cursor string, list []Object) Object {
	id := cursor
	if root != "comments" {
		b, err := base64.StdEncoding.DecodeString(cursor)
		if err != nil {
			return nil
		}
		_, id, _ = strings.Cut(string(b), "\x00")
	}
	for _, found := range []Object{e.world.byID[root+"/"+id], e.world.left[root+"/"+id]} {
		if found != nil {
			return found
		}
	}
	for _, o := range list {
		if o["id"] == id {
			return o
		}
	}
	return nil
}

func (e *execution) pageSize(f *ast.Field) (int, *refusal) {
	for _, name := range []string{"first", "last"} {
		v := e.argument(f, name)
		if v == nil {
			continue
		}
		n, ok := toFloat(v)
		if !ok || n < 1 || n > 250 {
			return 0, &refusal{
				status: 200, message: "Argument Validation Error", kind: "invalid input", code: "INVALID_INPUT",
				presentable: fmt.Sprintf("%s must not be greater than 250", name),
			}
		}
		return int(n), nil
	}
	return 50, nil
}

// object resolves a selection on an object.
func (e *execution) object(o Object, set ast.SelectionSet) (any, *refusal) {
	e.rows++
	out := make(map[string]any, len(set))
	for _, s := range set {
		f, ok := s.(*ast.Field)
		if !ok {
			return nil, invalid("fragments are not served here")
		}
		v, err := e.field(o, f)
		if err != nil {
			return nil, err
		}
		out[f.Alias] = v
	}
	return out, nil
}

func (e *execution) field(o Object, f *ast.Field) (any, *refusal) {
	switch v := o[f.Name].(type) {
	case Connection:
		by := "createdAt"
		if f.Name == "stateHistory" {
			by = "startedAt"
		}
		return e.connection(f, newestFirst(v, by), by, 0)
	case Object:
		if v == nil {
			return nil, nil
		}
		return e.object(v, f.SelectionSet)
	case []Object:
		list := make([]any, 0, len(v))
		for _, item := range v {
			got, err := e.object(item, f.SelectionSet)
			if err != nil {
				return nil, err
			}
			list = append(list, got)
		}
		return list, nil
	case time.Time:
		e.rows += .1
		if v.IsZero() {
			return nil, nil
		}
		return v.UTC().Format("2006-01-02T15:04:05.000Z"), nil
	case nil:
		if len(f.SelectionSet) == 0 {
			e.rows += .1
		} else if isConnection(f) { // an issue nobody gave a history
			return e.page(f, nil, false)
		}
		return nil, nil
	default:
		e.rows += .1
		return v, nil
	}
}

func isConnection(f *ast.Field) bool {
	return slices.ContainsFunc(f.SelectionSet, func(s ast.Selection) bool {
		part, ok := s.(*ast.Field)
		return ok && (part.Name == "nodes" || part.Name == "edges")
	})
}

// argument evaluates an argument, nil where it is absent or null.
func (e *execution) argument(f *ast.Field, name string) any {
	a := f.Arguments.ForName(name)
	if a == nil {
		return nil
	}
	return e.value(a.Value)
}

func (e *execution) value(v *ast.Value) any {
	switch v.Kind {
	case ast.Variable:
		return e.vars[v.Raw]
	case ast.ObjectValue:
		m := map[string]any{}
		for _, c := range v.Children {
			m[c.Name] = e.value(c.Value)
		}
		return m
	case ast.ListValue:
		list := make([]any, 0, len(v.Children))
		for _, c := range v.Children {
			list = append(list, e.value(c.Value))
		}
		return list
	case ast.IntValue, ast.FloatValue:
		var f float64
		if _, err := fmt.Sscan(v.Raw, &f); err != nil {
			return nil
		}
		return f
	case ast.BooleanValue:
		return v.Raw == "true"
	case ast.NullValue:
		return nil
	}
	return v.Raw
}

func toFloat(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case int:
		return float64(v), true
	}
	return 0, false
}
