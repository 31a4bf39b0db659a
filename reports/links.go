package reports

// Links says where the pages of a server lead from the parts of a report. A
// function that is nil, or answers "", leaves plain text.
type Links struct {
	Scope   func(scope, period string) string
	Finding func(id string) string
	Person  func(id, scope, period string) string
	Issue   func(key, scope, period string) string
}

// place is where on a server's pages something is shown; the zero place leads
// nowhere.
type place struct {
	links         Links
	scope, period string
}

func (p place) person(id string) string {
	if p.links.Person == nil || id == "" {
		return ""
	}
	return p.links.Person(id, p.scope, p.period)
}

func (p place) issue(key string) string {
	if p.links.Issue == nil || key == "" {
		return ""
	}
	return p.links.Issue(key, p.scope, p.period)
}

func (p place) finding(id string) string {
	if p.links.Finding == nil {
		return ""
	}
	return p.links.Finding(id)
}

func (p place) page(scope, period string) string {
	if p.links.Scope == nil {
		return ""
	}
	return p.links.Scope(scope, period)
}
