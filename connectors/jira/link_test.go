package jira

import (
	"cmp"
	"fmt"
	"testing"

	"defacto/backlog"
)

// TestDesk: a link into a project in which customers speak is one to the market,
// whatever the link and the other issue's type are called, and however the
// project's type came to be known.
func TestDesk(t *testing.T) {
	story := func(key, other, phrase, typeName string) []byte {
		return fmt.Appendf(nil, `{"id":"1","key":%[1]q,"fields":{"issuelinks":[{"type":{"name":"Relates","inward":%[3]q,"outward":%[3]q},"inwardIssue":{"id":"9","key":%[2]q,"fields":{"issuetype":{"name":%[4]q}}}}]},
			"changelog":{"histories":[{"id":"1","created":1767225600,"items":[{"field":"Link","fieldtype":"jira","to":%[2]q,"toString":"This issue %[3]s %[2]s"}]},
			{"id":"2","created":1767225601,"items":[{"field":"Link","fieldtype":"jira","from":%[2]q,"fromString":"This issue %[3]s %[2]s"}]}]}}`, key, other, phrase, typeName)
	}
	listed := NewDecoder()
	if err := listed.Projects([]byte(`[{"key":"SUP","projectTypeKey":"service_desk"},{"key":"CARE","projectTypeKey":"customer_service"},{"key":"WISH","projectTypeKey":"product_discovery"},{"key":"PAY","projectTypeKey":"software"},{"key":"OLD"}]`)); err != nil {
		t.Fatal(err)
	}
	learnt := NewDecoder()
	learnt.Learn([]byte(`{"id":"9","key":"SUP-9","fields":{"project":{"key":"SUP","projectTypeKey":"service_desk"}}}`))
	learnt.Learn([]byte(`{"id":"1","key":"PAY-1","fields":{"project":{"key":"PAY","projectTypeKey":"software"}}}`))
	learnt.Settle()
	for name, c := range map[string]struct {
		d                         *Decoder
		key, other, phrase, named string
		link, change              backlog.LinkKind // change: as link where it is LinkOther
	}{
		"service desk":            {listed, "PAY-1", "SUP-2197", "relates to", "Serviceanfrage", backlog.LinkMarket, 0},
		"customer service":        {listed, "PAY-1", "CARE-1", "relates to", "Fall", backlog.LinkMarket, 0},
		"product discovery":       {listed, "PAY-1", "WISH-1", "relates to", "Idee", backlog.LinkMarket, 0},
		"it blocks the request":   {listed, "PAY-1", "SUP-1", "blocks", "Vorfall", backlog.LinkMarket, 0},
		"a copy of the request":   {listed, "PAY-1", "SUP-1", "clones", "Vorfall", backlog.LinkClones, backlog.LinkMarket},
		"learnt from the issues":  {learnt, "PAY-1", "SUP-2197", "relates to", "Vorfall", backlog.LinkMarket, 0},
		"within the desk":         {listed, "SUP-1", "SUP-2", "relates to", "Vorfall", backlog.LinkOther, 0},
		"software":                {listed, "SUP-1", "PAY-1", "relates to", "Story", backlog.LinkOther, 0},
		"a project without type":  {listed, "PAY-1", "OLD-1", "relates to", "Story", backlog.LinkOther, 0},
		"nothing but the type":    {NewDecoder(), "PAY-1", "SUP-2197", "relates to", "[System] Service request with approvals", backlog.LinkMarket, 0},
		"the type, in Portuguese": {NewDecoder(), "PAY-1", "SUP-2197", "relates to", "Solicitação de serviço", backlog.LinkMarket, 0},
		"nothing known":           {NewDecoder(), "PAY-1", "SUP-2197", "relates to", "Vorfall", backlog.LinkOther, 0},
	} {
		t.Run(name, func(t *testing.T) {
			iss := decode(t, c.d, story(c.key, c.other, c.phrase, c.named))
			want := int(cmp.Or(c.change, c.link))
			if iss.Links[0].Kind != c.link || iss.Changes[0].Measure != want || iss.Changes[1].Measure != -want {
				t.Errorf("link %d, changes %d and %d; want %d, ±%d", iss.Links[0].Kind, iss.Changes[0].Measure, iss.Changes[1].Measure, c.link, want)
			}
		})
	}
}
