package config

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// reader walks a YAML tree into a Config and collects what is wrong with it.
type reader struct {
	opt      *Options
	origin   map[*yaml.Node]string // nodes that stand in no file: the variable or flag they came from
	met      map[[2]string]bool    // kind and name of what may stand only once
	mistakes []Mistake
}

// read takes one value; at says where it stands ("sources[0].kind").
type read func(at string, n *yaml.Node)

// key is one key of a mapping and who reads its value.
type key struct {
	name string
	read read
}

func (r *reader) wrong(at string, n *yaml.Node, format string, args ...any) {
	r.add(Mistake{At: at, Problem: fmt.Sprintf(format, args...)}, n)
}

func (r *reader) add(m Mistake, n *yaml.Node) {
	if n != nil {
		m.Line = n.Line
		if from := r.origin[n]; from != "" {
			m.At = from
		}
	}
	r.mistakes = append(r.mistakes, m)
}

// sorted returns the mistakes in the order of the file.
func (r *reader) sorted() []Mistake {
	slices.SortStableFunc(r.mistakes, func(a, b Mistake) int { return cmp.Compare(a.Line, b.Line) })
	return r.mistakes
}

// mapping reads the keys of a mapping, and says which of them had a value. A
// null, as a key without a value gives, is as good as an absent key.
func (r *reader) mapping(at string, n *yaml.Node, keys ...key) map[string]bool {
	seen := map[string]bool{}
	if empty(n) {
		return seen
	}
	if n.Kind != yaml.MappingNode {
		r.wrong(at, n, "%s stands where keys are expected (%s)", kindOf(n), strings.Join(names(keys), ", "))
		return seen
	}
	first := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		name := k.Value
		place := join(at, name)
		j := slices.IndexFunc(keys, func(k key) bool { return k.name == name })
		switch line, twice := first[name]; {
		case k.Kind != yaml.ScalarNode:
			r.wrong(at, k, "%s stands where a key is expected", kindOf(k))
		case j < 0:
			r.wrong(join(at, quoteKey(name)), k, "unknown key%s", DidYouMean(name, names(keys)))
		case twice:
			r.wrong(place, k, "given twice, first on line %d", line)
		case empty(v):
			first[name] = k.Line
		default:
			first[name] = k.Line
			seen[name] = true
			keys[j].read(place, v)
		}
	}
	return seen
}

// need reports keys that had to have a value.
func (r *reader) need(at string, n *yaml.Node, seen map[string]bool, keys ...string) {
	for _, k := range keys {
		if !seen[k] && n.Kind == yaml.MappingNode {
			r.wrong(join(at, k), n, "missing")
		}
	}
}

// list reads the items of a list, each with each.
func (r *reader) list(at string, n *yaml.Node, each read) {
	if n.Kind != yaml.SequenceNode {
		r.wrong(at, n, "%s stands where a list is expected, such as [a, b]", kindOf(n))
		return
	}
	for i, item := range n.Content {
		place := fmt.Sprintf("%s[%d]", at, i)
		if empty(item) {
			r.wrong(place, item, "empty")
			continue
		}
		each(place, item)
	}
}

// scalar returns the text of a single value with references followed.
func (r *reader) scalar(at string, n *yaml.Node) (string, bool) {
	if n.Kind != yaml.ScalarNode {
		r.wrong(at, n, "%s stands where a single value is expected", kindOf(n))
		return "", false
	}
	text, _, err := r.opt.resolve(n.Value)
	if err != nil {
		r.unresolved(at, n, err)
		return "", false
	}
	text = strings.TrimSpace(text)
	if text == "" {
		r.wrong(at, n, "empty")
		return "", false
	}
	return text, true
}

func (r *reader) unresolved(at string, n *yaml.Node, err error) {
	r.add(Mistake{At: at, Problem: strings.TrimSuffix(err.Error(), ": "+errMissing.Error()), Missing: errors.Is(err, errMissing)}, n)
}

func (r *reader) text(into *string) read {
	return r.parsed(func(s string) error { *into = s; return nil })
}

func (r *reader) texts(into *[]string) read { return r.each(into, nil) }

// each reads a list of texts, every one of which must pass the check.
func (r *reader) each(into *[]string, check func(string) error) read {
	return func(at string, n *yaml.Node) {
		r.list(at, n, r.parsed(func(s string) error {
			if check != nil {
				if err := check(s); err != nil {
					return err
				}
			}
			*into = append(*into, s)
			return nil
		}))
	}
}

// parsed reads a single value by a function whose error tells what is wrong with it.
func (r *reader) parsed(take func(string) error) read {
	return r.shown(take, func(s string) string { return s })
}

// address reads a host or URL: people write credentials into them, so no message
// shows more than where it leads.
func (r *reader) address(take func(string) error) read { return r.shown(take, ShownURL) }

// shown is parsed; show says how messages show the value.
func (r *reader) shown(take func(string) error, show func(string) string) read {
	return func(at string, n *yaml.Node) {
		s, ok := r.scalar(at, n)
		if !ok {
			return
		}
		if err := take(s); err != nil {
			// What stands in the file is shown, not what a reference led to.
			r.wrong(at, n, "%s %s", quote(show(n.Value)), err)
		}
	}
}

// checked reads a text that must pass somebody else's check.
func (r *reader) checked(into *string, check func(string) error, problem string) read {
	return r.parsed(func(s string) error {
		*into = s
		if check != nil && check(s) != nil {
			return errors.New(problem)
		}
		return nil
	})
}

func (r *reader) oneOf(into *string, allowed ...string) read {
	return r.parsed(func(s string) error {
		if !slices.Contains(allowed, s) {
			return fmt.Errorf("is none of %s%s", strings.Join(allowed, ", "), DidYouMean(s, allowed))
		}
		*into = s
		return nil
	})
}

func (r *reader) yes(into *bool) read {
	return r.parsed(func(s string) error {
		v, err := strconv.ParseBool(s)
		if err != nil {
			return errors.New("is neither true nor false")
		}
		*into = v
		return nil
	})
}

func (r *reader) whole(into *int, low, high int) read {
	return r.parsed(func(s string) error {
		v, err := strconv.Atoi(s)
		if err != nil || v < low || v > high {
			return fmt.Errorf("is no whole number from %d to %d", low, high)
		}
		*into = v
		return nil
	})
}

// secret reads a reference; a secret that stands in the file is a mistake, and
// no message repeats it.
func (r *reader) secret(into *Secret) read {
	return func(at string, n *yaml.Node) {
		if n.Kind != yaml.ScalarNode {
			r.wrong(at, n, "%s stands where a reference such as ${NAME} is expected", kindOf(n))
			return
		}
		value, isReference, err := r.opt.resolve(n.Value)
		switch {
		case !isReference:
			r.wrong(at, n, "a secret must not stand in the file: write a reference, ${NAME} or ${file:/path}, and take this one as known to others")
		case err != nil:
			r.unresolved(at, n, err)
		default:
			*into = Secret{value}
		}
	}
}

func empty(n *yaml.Node) bool {
	return n.Kind == 0 || n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null"
}

func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a set of keys"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias (*" + n.Value + ")"
	default:
		return "the single value " + quote(n.Value)
	}
}

func names(keys []key) []string {
	s := make([]string, len(keys))
	for i, k := range keys {
		s[i] = k.name
	}
	return s
}

func join(at, name string) string {
	if at == "" || name == "" {
		return at + name
	}
	return at + "." + name
}

// quoteKey shows a key that nobody vouches for.
func quoteKey(s string) string {
	if q := quote(s); q != `"`+s+`"` {
		return q
	}
	return s
}
