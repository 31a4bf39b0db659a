package jiratest

import (
	"fmt"
	"strings"
	"time"
)

// query is the part of JQL this server understands: conditions joined by AND, one
// pair of them by OR in brackets, and an order.
type query struct {
	match   func(*document) bool
	bounded bool
}

// reserved are words JQL takes for its own unless they are quoted.
var reserved = map[string]bool{"as": true, "in": true, "is": true, "not": true, "or": true, "by": true, "and": true, "empty": true, "null": true, "order": true}

// parse reads JQL, with times in the zone of the caller's profile.
func parse(jql string, zone *time.Location) (query, error) {
	p := &parser{tokens: tokenize(jql), zone: zone}
	q, err := p.or()
	if err != nil {
		return q, err
	}
	if p.take("order") {
		if !p.take("by") || !p.ordering() {
			return q, fmt.Errorf("Error in the JQL Query: expecting an order by created, key but got '%s'.", p.peek())
		}
	}
	if p.peek() != "" {
		return q, fmt.Errorf("Error in the JQL Query: Expecting operator but got '%s'.", p.peek())
	}
	return q, nil
}

// ordering reads what follows ORDER BY: the server knows creation, then key, and
// gives the same where the newest update is asked for.
func (p *parser) ordering() bool {
	if p.take("updated") {
		return p.take("desc")
	}
	return p.take("created") && p.take("asc") && p.take(",") && p.take("key") && p.take("asc")
}

type parser struct {
	tokens []token
	pos    int
	zone   *time.Location
}

type token struct {
	text   string
	quoted bool
}

func tokenize(s string) []token {
	var out []token
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == ' ':
			i++
		case c == '"':
			var b strings.Builder
			for i++; i < len(s) && s[i] != '"'; i++ {
				if s[i] == '\\' && i+1 < len(s) {
					i++
				}
				b.WriteByte(s[i])
			}
			i++
			out = append(out, token{b.String(), true})
		case strings.IndexByte("(),", c) >= 0:
			out = append(out, token{string(c), false})
			i++
		case strings.IndexByte("=<>!", c) >= 0:
			j := i
			for j < len(s) && strings.IndexByte("=<>!", s[j]) >= 0 {
				j++
			}
			out = append(out, token{s[i:j], false})
			i = j
		default:
			j := i
			for j < len(s) && strings.IndexByte(" \"(),=<>!", s[j]) < 0 {
				j++
			}
			out = append(out, token{s[i:j], false})
			i = j
		}
	}
	return out
}

func (p *parser) peek() string {
	if p.pos < len(p.tokens) {
		return p.tokens[p.pos].text
	}
	return ""
}

func (p *parser) take(word string) bool {
	if p.pos < len(p.tokens) && !p.tokens[p.pos].quoted && strings.EqualFold(p.peek(), word) {
		p.pos++
		return true
	}
	return false
}

func (p *parser) value() (string, error) {
	if p.pos >= len(p.tokens) {
		return "", fmt.Errorf("Error in the JQL Query: Expecting either a value, list or function before the end of the query.")
	}
	t := p.tokens[p.pos]
	if !t.quoted && reserved[strings.ToLower(t.text)] {
		return "", fmt.Errorf("Error in the JQL Query: '%s' is a reserved JQL word. You must surround it in quotation marks to use it in a query.", t.text)
	}
	p.pos++
	return t.text, nil
}

func (p *parser) or() (query, error) {
	left, err := p.and()
	for err == nil && p.take("or") {
		var right query
		right, err = p.and()
		a, b := left.match, right.match
		left = query{func(d *document) bool { return a(d) || b(d) }, left.bounded && right.bounded}
	}
	return left, err
}

func (p *parser) and() (query, error) {
	left, err := p.term()
	for err == nil && p.take("and") {
		var right query
		right, err = p.term()
		a, b := left.match, right.match
		left = query{func(d *document) bool { return a(d) && b(d) }, left.bounded || right.bounded}
	}
	return left, err
}

func (p *parser) term() (query, error) {
	if p.take("(") {
		q, err := p.or()
		if err == nil && !p.take(")") {
			err = fmt.Errorf("Error in the JQL Query: Expecting ')'.")
		}
		return q, err
	}
	field, err := p.value()
	if err != nil {
		return query{}, err
	}
	op := p.peek()
	p.pos++
	switch strings.ToLower(op) {
	case "in":
		return p.list(field)
	case "is":
		return p.empty(field)
	}
	v, err := p.value()
	if err != nil {
		return query{}, err
	}
	return p.compare(field, op, v)
}

func (p *parser) list(field string) (query, error) {
	if !p.take("(") {
		return query{}, fmt.Errorf("Error in the JQL Query: Expecting '('.")
	}
	want := map[string]bool{}
	for !p.take(")") {
		v, err := p.value()
		if err != nil {
			return query{}, err
		}
		want[v] = true
		p.take(",")
	}
	if strings.EqualFold(field, "id") {
		return query{func(d *document) bool { return want[d.issue.ID] }, true}, nil
	}
	return query{func(d *document) bool { return want[d.issue.Key] || want[d.issue.Scope] }, true}, nil
}

func (p *parser) empty(field string) (query, error) {
	not := p.take("not")
	if !p.take("empty") {
		return query{}, fmt.Errorf("Error in the JQL Query: Expecting EMPTY.")
	}
	if n, ok := strings.CutPrefix(field, "cf["); ok {
		field = "customfield_" + strings.TrimSuffix(n, "]")
	}
	return query{func(d *document) bool {
		v, ok := d.fields[field]
		return (ok && string(v) != "null") == not
	}, true}, nil
}

func (p *parser) compare(field, op, v string) (query, error) {
	switch strings.ToLower(field) + op {
	case "project=":
		return query{func(d *document) bool { return d.issue.Scope == v || projectID(d) == v }, true}, nil
	case "statusCategory!=", "statuscategory!=":
		return query{func(d *document) bool { return d.issue.Category.Open() }, true}, nil
	case "created>=", "updated>=":
		at, err := time.ParseInLocation("2006-01-02 15:04", v, p.zone)
		if err != nil {
			return query{}, fmt.Errorf("Date value '%s' for field '%s' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.", v, field)
		}
		if strings.EqualFold(field, "created") {
			return query{func(d *document) bool { return !d.issue.Created.Before(at) }, true}, nil
		}
		return query{func(d *document) bool { return !d.issue.Updated.Before(at) }, true}, nil
	}
	return query{}, fmt.Errorf("Field '%s' does not exist or you do not have permission to view it.", field)
}

func projectID(d *document) string {
	raw := string(d.fields["project"])
	_, rest, _ := strings.Cut(raw, `"id":"`)
	id, _, _ := strings.Cut(rest, `"`)
	return id
}
