package linear

import (
	"fmt"
	"strconv"
	"strings"
	"text/scanner"
)

// Linear's rules on how much one query may ask for.
const (
	maxComplexity = 10_000 // of one query, refused before it runs
	maxPage       = 250    // the largest first:
	defaultPage   = 50     // of a connection without first: or last:
)

// budget is what this connector spends on one query: a little below the limit,
// for the schema may have learned to charge for something since.
const budget = 9_950

// complexity computes what Linear will charge a query for, by the documented
// formula: 0.1 for a scalar, 1 for an object, and a connection multiplies all
// below it by the first: or last: it was given, or 50, whatever it then returns.
// Connections and the operation are free; nodes and pageInfo are objects. Linear
// rounds up. variables gives the values of $names used as page sizes.
func complexity(query string, variables map[string]any) (float64, error) {
	p := &costing{vars: variables}
	p.Init(strings.NewReader(query))
	p.Mode = scanner.ScanIdents | scanner.ScanInts | scanner.ScanFloats | scanner.ScanStrings
	p.Error = func(*scanner.Scanner, string) {}
	for p.next() != '{' { // the operation's name and variables
		if p.tok == scanner.EOF {
			return 0, fmt.Errorf("linear: %q is no query", query)
		}
		if p.tok == '(' {
			p.arguments()
		}
	}
	cost, _ := p.selection()
	if p.unfinished {
		return 0, fmt.Errorf("linear: the query ends early: %q", query)
	}
	return cost, nil
}

// costing walks a query's text.
type costing struct {
	scanner.Scanner
	tok        rune
	vars       map[string]any
	unfinished bool
}

func (p *costing) next() rune {
	p.tok = p.Scan()
	return p.tok
}

// selection sums up what stands between braces, the opening one read already,
// and says whether it is that of a connection.
func (p *costing) selection() (sum float64, connection bool) {
	for p.next() != '}' {
		switch p.tok {
		case scanner.EOF:
			p.unfinished = true
			return sum, connection
		case '.', '@': // a fragment's dots or a directive: its words are not fields
			p.word()
		case '{': // a fragment's selection
			below, c := p.selection()
			sum, connection = sum+below, connection || c
		case scanner.Ident:
			if name := p.TokenText(); name == "nodes" || name == "edges" {
				connection = true
			}
			sum += p.field()
		}
	}
	return sum, connection
}

// word skips the rest of "... on Type" and "@include(if: $x)".
func (p *costing) word() {
	for p.Peek() == '.' {
		p.next()
	}
	if p.next(); p.TokenText() == "on" {
		p.next()
	}
	if p.skipSpace(); p.Peek() == '(' {
		p.next()
		p.arguments()
	}
}

// field costs one field whose name was read.
func (p *costing) field() float64 {
	size := defaultPage
	p.skipSpace()
	if p.Peek() == ':' { // the name was an alias
		p.next()
		p.next()
		p.skipSpace()
	}
	if p.Peek() == '(' {
		p.next()
		if n, ok := p.arguments(); ok {
			size = n
		}
		p.skipSpace()
	}
	if p.Peek() != '{' {
		return .1
	}
	p.next()
	below, connection := p.selection()
	if connection {
		return float64(size) * below
	}
	return 1 + below
}

func (p *costing) skipSpace() {
	for r := p.Peek(); r == ' ' || r == '\n' || r == '\t' || r == '\r'; r = p.Peek() {
		p.Next()
	}
}

// arguments skips what stands between parentheses, the opening one read
// already, and returns the page size asked for at its top.
func (p *costing) arguments() (size int, ok bool) {
	name := ""
	for depth := 1; depth > 0; {
		switch p.next() {
		case scanner.EOF:
			p.unfinished = true
			return size, ok
		case '(', '{', '[':
			depth++
		case ')', '}', ']':
			depth--
		case '$':
			p.next()
			if n, known := p.vars[p.TokenText()]; known && depth == 1 && (name == "first" || name == "last") {
				if v, err := strconv.Atoi(fmt.Sprint(n)); err == nil {
					size, ok = v, true
				}
			}
		case scanner.Int:
			if v, err := strconv.Atoi(p.TokenText()); err == nil && depth == 1 && (name == "first" || name == "last") {
				size, ok = v, true
			}
		case scanner.Ident:
			name = p.TokenText()
		}
	}
	return size, ok
}

// fitting returns the largest page, at most most, for which a query whose cost
// grows by each per node stays within the budget when fixed is spent already.
func fitting(each, fixed float64, most int) int {
	return max(1, min(most, int((budget-fixed)/each)))
}
