package main

import (
	"fmt"
	"strings"

	"defacto/backlog"
)

// directory finds people as configuration and command lines name them.
type directory struct {
	site *backlog.Site
	by   map[string][]backlog.PersonID // id, SOURCE:ACCOUNT, e-mail and name; the last two in lower case
}

func newDirectory(site *backlog.Site) *directory {
	d := &directory{site: site, by: map[string][]backlog.PersonID{}}
	for i := 1; i < len(site.People); i++ {
		p, id := &site.People[i], backlog.PersonID(i)
		names := map[string]bool{p.ID: true, strings.ToLower(p.Email): true, strings.ToLower(p.Name): true}
		for _, account := range p.Accounts {
			names[account] = true
		}
		for name := range names {
			if name != "" {
				d.by[name] = append(d.by[name], id)
			}
		}
	}
	return d
}

// find returns the person meant by an id, SOURCE:ACCOUNT, e-mail or display
// name. The error says that there is nobody, or that there are several and how
// to tell them apart.
func (d *directory) find(name string) (backlog.PersonID, error) {
	found := d.by[name]
	if len(found) == 0 {
		found = d.by[strings.ToLower(name)]
	}
	switch len(found) {
	case 0:
		return backlog.Nobody, fmt.Errorf("the store knows nobody called %q", name)
	case 1:
		return found[0], nil
	}
	var keys []string
	for _, id := range found[:min(len(found), 5)] {
		keys = append(keys, d.site.People[id].Accounts[:1]...)
	}
	return backlog.Nobody, fmt.Errorf("%d people are called %q: name one by an account, such as %s", len(found), name, strings.Join(keys, " or "))
}
