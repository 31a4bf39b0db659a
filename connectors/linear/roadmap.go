package linear

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"defacto/backlog"
)

// roadmap is what stands above the issues, as one run read it.
type roadmap struct {
	*directory
	initiatives map[string]initiative
	links       []initiativeProject
	updates     map[string][]backlog.Change // by project or initiative
	unread      bool                        // the histories were not given
	blind       bool                        // nor the initiatives
	told        map[string]bool             // whose history this run read
	riddles     map[string]bool             // of whose history not everything was understood
	needs       map[string][]backlog.Change // by issue or project
	comments    map[string][]backlog.Comment
	posted      map[string]string // project or initiative of each update
}

func newRoadmap(d *directory) *roadmap {
	return &roadmap{
		directory: d, initiatives: map[string]initiative{}, updates: map[string][]backlog.Change{}, riddles: map[string]bool{}, told: map[string]bool{},
		needs: map[string][]backlog.Change{}, comments: map[string][]backlog.Comment{}, posted: map[string]string{},
	}
}

// item returns what a remark was made on: a roadmap item, or an issue a text of
// which it quotes; "" where it is neither, or comes with the issue itself.
func (r *roadmap) item(m *remark) string {
	on := cmp.Or(m.ProjectID, m.InitiativeID, r.posted[m.ProjectUpdateID], r.posted[m.InitiativeUpdateID])
	if text := m.DocumentContent; text != nil && m.IssueID == "" {
		on = cmp.Or(on, idOf(text.Project), idOf(text.Initiative), idOf(text.Issue))
		if d := text.Document; d != nil {
			on = cmp.Or(on, idOf(d.Project), idOf(d.Initiative), idOf(d.Issue))
		}
	}
	return on
}

// holds reports whether an id is a project's or an initiative's.
func (r *roadmap) holds(id string) bool {
	_, isProject := r.projects[id]
	_, isInitiative := r.initiatives[id]
	return isProject || isInitiative
}

// batch puts projects and initiatives into the normal form: issues of level epic
// and initiative, in the first of the teams they span.
func (r *roadmap) batch() backlog.Batch {
	b := backlog.Batch{Types: []backlog.Type{
		{ID: "project", Name: "Project", Level: backlog.Epic},
		{ID: "initiative", Name: "Initiative", Level: backlog.Initiative},
	}}
	for _, s := range r.org.ProjectStatuses {
		b.Statuses = append(b.Statuses, backlog.Status{ID: s.ID, Name: s.Name, Category: projectCategory(s.Type), Position: int(s.Position)})
	}
	for _, s := range []string{"Proposed", "Planned", "Active", "Completed", "Canceled"} {
		b.Statuses = append(b.Statuses, backlog.Status{ID: "initiative:" + s, Name: s, Category: initiativeCategory(s)})
	}
	above := map[string][]string{} // initiatives of each project
	below := map[string][]string{} // projects of each initiative
	for _, l := range r.links {
		above[l.Project.ID] = append(above[l.Project.ID], l.Initiative.ID)
		below[l.Initiative.ID] = append(below[l.Initiative.ID], l.Project.ID)
	}
	for _, id := range slices.Sorted(maps.Keys(r.projects)) {
		p := r.projects[id]
		if teams := r.teamsOf(p); len(teams) > 0 {
			b.Issues = append(b.Issues, r.project(&p, teams, above[id]))
			b.Declared = append(b.Declared, r.lead(&p, teams)...)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(r.milestones)) {
		m := r.milestones[id]
		teams := r.teamsOf(r.projects[m.Project.ID])
		if len(teams) > 0 {
			due := day(m.TargetDate)
			b.Versions = append(b.Versions, backlog.Version{ID: m.ID, Scope: teams[0], Name: m.Name, Release: due})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(r.initiatives)) {
		i := r.initiatives[id]
		if teams := r.spanned(id, below, map[string]bool{}); len(teams) > 0 {
			b.Issues = append(b.Issues, r.initiative(&i, teams))
			b.Declared = append(b.Declared, r.owner(&i, teams)...)
		}
	}
	return b
}

// teamsOf are the keys of a project's teams that are read, sorted.
func (r *roadmap) teamsOf(p project) []string {
	var keys []string
	for _, t := range p.Teams.Nodes {
		if t.Key != "" && r.reads(t.Key) {
			keys = append(keys, t.Key)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// spanned are the teams of an initiative: those of its projects and of the
// initiatives below it. One without any belongs to its owner's teams, else to all.
func (r *roadmap) spanned(id string, below map[string][]string, seen map[string]bool) []string {
	keys := r.projectsTeams(id, below, seen)
	i := r.initiatives[id]
	if len(keys) == 0 {
		for _, t := range r.members {
			if who := t.User.ID; who != "" && (who == idOf(i.Owner) || who == idOf(i.Creator)) {
				keys = append(keys, r.teams[t.Team.ID].Key)
			}
		}
	}
	if len(keys) == 0 {
		for _, t := range r.teams {
			keys = append(keys, t.Key)
		}
	}
	keys = slices.DeleteFunc(keys, func(k string) bool { return k == "" || !r.reads(k) })
	slices.Sort(keys)
	return slices.Compact(keys)
}

func (r *roadmap) projectsTeams(id string, below map[string][]string, seen map[string]bool) []string {
	if seen[id] {
		return nil
	}
	seen[id] = true
	var keys []string
	for _, p := range below[id] {
		keys = append(keys, r.teamsOf(r.projects[p])...)
	}
	for _, child := range r.initiatives {
		if idOf(child.ParentInitiative) == id {
			keys = append(keys, r.projectsTeams(child.ID, below, seen)...)
		}
	}
	return keys
}

func (r *roadmap) project(p *project, teams, above []string) backlog.Issue {
	status := r.projectStatus(p.Status.ID)
	out := backlog.Issue{
		ID: p.ID, Key: slug(p.URL, p.SlugID), Scope: teams[0], Teams: teams[1:],
		Type: "project", TypeName: "Project", Level: backlog.Epic,
		Title: p.Name, Description: markdown(strings.TrimSpace(p.Description + "\n\n" + p.Content)),
		Status: p.Status.ID, StatusName: status.Name, Category: projectCategory(status.Type),
		Priority: priorityName(p.Priority), Rank: number(p.SortOrder), Assignee: idOf(p.Lead), Creator: idOf(p.Creator),
		Created: p.CreatedAt, Updated: p.UpdatedAt, Resolved: p.CompletedAt,
		TargetStart: day(p.StartDate), TargetEnd: day(p.TargetDate),
		Machine: p.LastAppliedTemplate != nil && p.Creator == nil,
	}
	if out.Resolved.IsZero() {
		out.Resolved = p.CanceledAt
	}
	if p.ConvertedFromIssue != nil {
		out.Links = []backlog.Link{{Kind: backlog.LinkOther, Name: "converted from issue", Other: backlog.Ref{ID: p.ConvertedFromIssue.ID}}}
	}
	slices.Sort(above)
	for i, id := range slices.Compact(above) {
		if i == 0 {
			out.Parent = backlog.Ref{ID: id}
		} else {
			out.Roadmaps = append(out.Roadmaps, backlog.Ref{ID: id})
		}
	}
	r.finish(&out)
	return out
}

func (r *roadmap) projectStatus(id string) projectStatus {
	for _, s := range r.org.ProjectStatuses {
		if s.ID == id {
			return s
		}
	}
	return projectStatus{}
}

func (r *roadmap) initiative(i *initiative, teams []string) backlog.Issue {
	out := backlog.Issue{
		ID: i.ID, Key: slug(i.URL, i.SlugID), Scope: teams[0], Teams: teams[1:],
		Type: "initiative", TypeName: "Initiative", Level: backlog.Initiative,
		Title: i.Name, Description: markdown(i.Description),
		Status: "initiative:" + i.Status, StatusName: i.Status, Category: initiativeCategory(i.Status),
		Priority: priorityName(i.Priority), Rank: number(i.SortOrder), Assignee: idOf(i.Owner), Creator: idOf(i.Creator),
		Created: i.CreatedAt, Updated: i.UpdatedAt, Resolved: i.CompletedAt,
		TargetEnd: day(i.TargetDate), Parent: backlog.Ref{ID: idOf(i.ParentInitiative)},
	}
	r.finish(&out)
	return out
}

// finish adds what hangs on a roadmap item.
func (r *roadmap) finish(out *backlog.Issue) {
	out.Reporter = out.Creator
	out.Changes = append(slices.Clone(r.updates[out.ID]), r.needs[out.ID]...)
	out.Comments = r.comments[out.ID]
	out.History, out.PromisedChanges, out.PromisedComments, out.CommentsRead = backlog.HistoryComplete, -1, -1, true
	switch {
	case r.unread || r.riddles[out.ID]:
		out.History = backlog.HistoryShort
	case !r.told[out.ID]: // nothing happened since: what was told before stands
		out.History = backlog.HistoryNone
	}
}

// lead declares who leads a project that is not over, in all its teams.
func (r *roadmap) lead(p *project, teams []string) []backlog.Declaration {
	if p.Lead == nil || !p.ArchivedAt.IsZero() || p.Trashed || !projectCategory(r.projectStatus(p.Status.ID).Type).Open() {
		return nil
	}
	return declare(p.Lead.ID, "project-lead", teams)
}

func (r *roadmap) owner(i *initiative, teams []string) []backlog.Declaration {
	if i.Owner == nil || !i.ArchivedAt.IsZero() || i.Trashed || !initiativeCategory(i.Status).Open() {
		return nil
	}
	return declare(i.Owner.ID, "initiative-owner", teams)
}

func declare(account, origin string, teams []string) []backlog.Declaration {
	var list []backlog.Declaration
	for _, t := range teams {
		list = append(list, backlog.Declaration{Account: account, Role: backlog.ProductManager, Scope: t, Origin: origin})
	}
	return list
}

// slug is how Linear's own address names a project or initiative: the last part
// of it, after /project/ or /initiative/.
func slug(address, otherwise string) string {
	for _, kind := range []string{"/project/", "/initiative/"} {
		if _, rest, ok := strings.Cut(address, kind); ok {
			if rest, _, _ = strings.Cut(rest, "/"); rest != "" {
				return rest
			}
		}
	}
	return otherwise
}

// trashed lists the items that were thrown away.
func (r *roadmap) trashed(at time.Time) []backlog.Absence {
	var list []backlog.Absence
	for _, id := range slices.Sorted(maps.Keys(r.projects)) {
		if r.projects[id].Trashed {
			list = append(list, backlog.Absence{ID: id, State: "deleted", At: at})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(r.initiatives)) {
		if r.initiatives[id].Trashed {
			list = append(list, backlog.Absence{ID: id, State: "deleted", At: at})
		}
	}
	return list
}
