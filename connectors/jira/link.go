package jira

import (
	"cmp"
	"strings"

	"defacto/backlog"
)

// link reads one of an issue's links.
func (d *Decoder) link() (backlog.Link, error) {
	r := d.r
	var l backlog.Link
	var kind, inward, outward, otherType string
	isOutward := false
	other := func(out bool) error {
		isOutward = out
		return r.object(func(member string) error {
			switch member {
			case "id":
				return r.textInto(&l.Other.ID)
			case "key":
				return r.textInto(&l.Other.Key)
			case "fields":
				return r.object(func(member string) (err error) {
					if member == "issuetype" {
						otherType, err = r.named()
						return err
					}
					return r.skip()
				})
			}
			return r.skip()
		})
	}
	err := r.object(func(member string) error {
		switch member {
		case "type":
			return r.object(func(member string) error {
				switch member {
				case "name":
					return r.into(&kind)
				case "inward":
					return r.into(&inward)
				case "outward":
					return r.into(&outward)
				}
				return r.skip()
			})
		case "outwardIssue":
			return other(true)
		case "inwardIssue":
			return other(false)
		}
		return r.skip()
	})
	l.Name = cmp.Or(inward, kind)
	if isOutward {
		l.Name = cmp.Or(outward, kind)
	}
	l.Kind = linkKind(l.Name)
	if l.Kind == backlog.LinkOther && (marketLink(kind) || marketLink(l.Name) || d.marketType(otherType)) {
		l.Kind = backlog.LinkMarket
	}
	return l, err
}

// linkKind reads a link's words as a sentence about this issue: "clones",
// "is cloned by". Which of a type's two descriptions is the inward one differs
// from site to site, so the words decide.
func linkKind(words string) backlog.LinkKind {
	w := strings.ToLower(words)
	switch {
	case strings.Contains(w, "clone"):
		for _, passive := range []string{"cloned by", "cloned as", "cloned into", "cloned to", "has clone"} {
			if strings.Contains(w, passive) {
				return backlog.LinkClonedBy
			}
		}
		return backlog.LinkClones
	case strings.Contains(w, "split"):
		if strings.Contains(w, "split from") || strings.Contains(w, "split by") || strings.Contains(w, "split off") {
			return backlog.LinkSplitFrom
		}
		return backlog.LinkSplitTo
	case strings.Contains(w, "blocked by"):
		return backlog.LinkBlockedBy
	case strings.Contains(w, "blocks"), strings.Contains(w, "is blocking"):
		return backlog.LinkBlocks
	}
	return backlog.LinkOther
}

// marketLink recognises the names of links that tie work to a customer's request,
// a service desk or an idea.
func marketLink(name string) bool {
	w := strings.ToLower(name)
	for _, part := range []string{"customer", "client request", "feedback", "service desk", "servicedesk", "service request", "support ticket", "idea", "insight", "polaris", "voice of", "requested by", "kunde"} {
		if strings.Contains(w, part) {
			return true
		}
	}
	return false
}

// marketType recognises the types of issue that are a customer's voice,
// remembering the answer.
func (d *Decoder) marketType(name string) bool {
	market, ok := d.requests[name]
	if !ok {
		switch fold(name) {
		case "idea", "customer request", "support", "feedback", "customer feedback", "insight":
			market = true
		default:
			market = backlog.IsRequest(name)
		}
		if len(d.requests) >= mostAnswers {
			clear(d.requests)
		}
		d.requests[name] = market
	}
	return market
}

// joinLinks finds the links to a customer's project, whatever they are called. A
// copy or a part stays one: that it came so says how it was written.
func (d *Decoder) joinLinks(iss *backlog.Issue) {
	for i := range iss.Links {
		switch l := &iss.Links[i]; l.Kind {
		case backlog.LinkOther, backlog.LinkBlocks, backlog.LinkBlockedBy:
			if d.fromDesk(l.Other.Key, iss.Scope) {
				l.Kind = backlog.LinkMarket
			}
		}
	}
}

// fromDesk reports whether a key is of a project in which customers speak, seen
// from another project.
func (d *Decoder) fromDesk(key, scope string) bool {
	if len(d.catalogue.desks) == 0 || key == "" {
		return false
	}
	project := scopeOfKey(key)
	return project != scope && d.catalogue.desks[project]
}

// isDesk reports whether a project's type, its projectTypeKey, is one of those in
// which customers speak: service projects and Jira Product Discovery's ideas.
func isDesk(projectType string) bool {
	switch projectType {
	case "service_desk", "customer_service", "product_discovery":
		return true
	}
	return false
}

// marketTool recognises a customer system in the words of a link to outside:
// This issue links to "Ticket 17 (Zendesk)".
func marketTool(words string) bool {
	w := strings.ToLower(words)
	for _, tool := range []string{"zendesk", "intercom", "help scout", "helpscout", "freshdesk", "salesforce", "productboard", "canny", "uservoice", "hubspot", "servicenow", "gong.io"} {
		if strings.Contains(w, tool) {
			return true
		}
	}
	return false
}

// linkMeasure reads a changelog's link item: the kind of the link that came, or
// its negative where it went. A link to a customer's project is one to the market,
// whatever its words.
func (d *Decoder) linkMeasure(it *wireItem, iss *backlog.Issue) int {
	words, key, sign := it.toName, it.to, 1
	if it.toName == "" && it.to == "" {
		words, key, sign = it.fromName, it.from, -1
	}
	if strings.EqualFold(it.field, "RemoteIssueLink") {
		if marketTool(words) {
			return sign * int(backlog.LinkMarket)
		}
		return 0
	}
	if d.fromDesk(key, iss.Scope) {
		return sign * int(backlog.LinkMarket)
	}
	words = strings.TrimSuffix(words, key)
	words = strings.TrimPrefix(strings.TrimPrefix(words, "This issue "), "This work item ")
	if k := linkKind(words); k != backlog.LinkOther {
		return sign * int(k)
	}
	if marketLink(words) {
		return sign * int(backlog.LinkMarket)
	}
	for i := range iss.Links { // the type's name stands only in the issue's own links
		if l := &iss.Links[i]; l.Kind == backlog.LinkMarket && l.Other.Key == key && key != "" {
			return sign * int(backlog.LinkMarket)
		}
	}
	return 0
}
