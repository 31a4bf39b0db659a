package jira

import "defacto/backlog"

// Projects reads projects with their leads and versions: an array, a page of
// /project/search, or one project. Who leads a project is declared its product
// owner, for want of a better word in Jira. Their types tell which links lead to
// customers.
func (d *Decoder) Projects(data []byte) error {
	return d.list("projects", data, func() error {
		var versions []backlog.Version
		s, kind, err := d.project(&versions)
		d.catalogue.typed(s.Key, kind)
		d.facts.scope(s)
		for _, v := range versions {
			v.Scope = s.Key
			d.facts.version(v)
		}
		if s.Key != "" && s.Lead != "" {
			d.facts.declared = append(d.facts.declared, backlog.Declaration{Account: s.Lead, Role: backlog.ProductOwner, Scope: s.Key, Origin: "project-lead"})
		}
		return err
	})
}

// typed notes a project's type, its projectTypeKey; "" says nothing.
func (c *catalogue) typed(key, projectType string) {
	if key != "" && projectType != "" {
		c.desks[key] = isDesk(projectType)
	}
}

// project reads a project and its type; its versions are kept where there is room
// for them.
func (d *Decoder) project(versions *[]backlog.Version) (s backlog.Scope, kind string, err error) {
	r := d.r
	if r.kind() != '{' {
		err = r.into(&s.Key)
		return s, "", err
	}
	err = r.object(func(member string) error {
		switch member {
		case "id":
			return r.into(&s.ID)
		case "key":
			return r.into(&s.Key)
		case "name":
			return r.into(&s.Name)
		case "lead":
			return d.who(&s.Lead)
		case "projectTypeKey":
			return r.into(&kind)
		case "versions":
			if versions == nil {
				break
			}
			return r.array(func() error {
				v, err := r.version()
				*versions = append(*versions, v)
				return err
			})
		}
		return r.skip()
	})
	return s, kind, err
}

// Users reads user records: an array, or a page of /user/bulk.
func (d *Decoder) Users(data []byte) error {
	return d.list("users", data, func() error {
		a, err := d.r.account()
		d.facts.account(a)
		return err
	})
}

// Sprints reads sprint records: an array, or a page of /board/ID/sprint.
func (d *Decoder) Sprints(data []byte) error {
	return d.list("sprints", data, func() error {
		s, err := d.r.sprint()
		d.facts.sprint(s)
		return err
	})
}
