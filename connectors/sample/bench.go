package sample

import (
	"context"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"defacto/backlog"
	"defacto/connectors"
)

// The shape of a large site.
const (
	crowdProjects = 200
	crowdPeople   = 5000
	crowdBatch    = 500 // issues in a batch
	crowdCycle    = 40  // every fortieth issue is an epic, the next 39 hang on it
	crowdTexts    = 4096
	crowdZone     = lagos // without summer time, which would cost a third of the time
)

// Crowd is a large made-up site, yielded batch by batch without being held in
// memory: 200 projects of which the first has a tenth of all issues, twelve
// quarters to October 2026, 5,000 people; each issue has ten changes and three
// comments of about 200 bytes. It has no truth of its own beyond each project's
// first person deciding most things. It is not changed after it is made.
type Crowd struct {
	seed     uint64
	issues   int
	from, to int64
	sizes    []int
	people   []crowdPerson
	texts    []string
	statuses []backlog.Status
	kinds    []backlog.Type
	first    []int // number of each project's first issue
}

type crowdPerson struct{ id, name string }

var (
	_ connectors.Source  = (*Crowd)(nil)
	_ connectors.Dater   = (*Crowd)(nil)
	_ connectors.Totaler = (*Crowd)(nil)
)

// Bench makes a site of so many issues, at least one for each of its 200
// projects.
func Bench(seed uint64, issues int) *Crowd {
	words := bankA(0).tracker
	c := &Crowd{
		seed: seed, issues: max(issues, 2*crowdProjects), statuses: words.statuses(), kinds: words.types(),
		from: time.Date(2023, time.October, 1, 0, 0, 0, 0, time.UTC).Unix(),
		to:   time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC).Unix(),
	}
	c.share()
	c.hire()
	c.compose()
	return c
}

// share gives the first project a tenth of the issues, and the others the rest
// in a long tail.
func (c *Crowd) share() {
	weight := func(i int) int { return 1_000_000 / (i + 12) }
	total := 0
	for i := 1; i < crowdProjects; i++ {
		total += weight(i)
	}
	c.sizes = make([]int, crowdProjects)
	c.first = make([]int, crowdProjects)
	c.sizes[0] = c.issues / 10
	left := c.issues - c.sizes[0]
	rest := left
	for i := 1; i < crowdProjects; i++ {
		c.sizes[i] = max(1, left*weight(i)/total)
		rest -= c.sizes[i]
	}
	for i := 1; rest != 0; i = i%(crowdProjects-1) + 1 { // what rounding left over
		step := 1
		if rest < 0 {
			step = -1
		}
		if c.sizes[i]+step > 0 && c.sizes[i]+step < c.sizes[0] {
			c.sizes[i] += step
			rest -= step
		}
	}
	for i := 1; i < crowdProjects; i++ {
		c.first[i] = c.first[i-1] + c.sizes[i-1]
	}
}

// hire makes the people.
func (c *Crowd) hire() {
	d := roll(c.seed, 21)
	given, family := givenNames(), surnames()
	for i := range crowdPeople {
		c.people = append(c.people, crowdPerson{
			id: accountID(d), name: given[i%len(given)] + " " + family[(i/len(given)+i)%len(family)],
		})
	}
}

// compose makes the stock of comments: sentences strung together until they are
// about 200 bytes long, some far longer.
func (c *Crowd) compose() {
	d := roll(c.seed, 22)
	w := englishA()
	var pool []string
	for _, x := range w.product {
		pool = append(pool, strings.ReplaceAll(x.reply, "{f}", "this"))
	}
	pool = append(append(append(pool, w.chatter...), w.roadmap...), w.feedback...)
	for range crowdTexts {
		length := d.spread(185)
		var b strings.Builder
		for b.Len() < length {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(pick(d, pool))
		}
		c.texts = append(c.texts, b.String())
	}
}

// Name is "bench".
func (c *Crowd) Name() string { return "bench" }

// AsOf is the end of the last quarter.
func (c *Crowd) AsOf() time.Time { return instant(c.to) }

// Total is the number of issues Batches yields from the beginning.
func (c *Crowd) Total() int { return c.issues }

// Batches yields the site in batches of at most 500 issues, each with a cursor
// to go on from. An unreadable cursor is an error.
func (c *Crowd) Batches(ctx context.Context, since backlog.Cursor) iter.Seq2[backlog.Batch, error] {
	return func(yield func(backlog.Batch, error) bool) {
		project, offset, err := c.resume(since)
		if err != nil {
			yield(backlog.Batch{}, err)
			return
		}
		if since == "" && !yield(c.head(), nil) {
			return
		}
		for ; project < crowdProjects; project, offset = project+1, 0 {
			for offset < c.sizes[project] {
				if err := ctx.Err(); err != nil {
					yield(backlog.Batch{}, err)
					return
				}
				b := c.batch(project, offset)
				offset += len(b.Issues)
				next := backlog.Cursor(strconv.Itoa(project) + ":" + strconv.Itoa(offset))
				b.Cursor = &next
				if !yield(b, nil) {
					return
				}
			}
		}
	}
}

// resume reads a cursor: "project:offset".
func (c *Crowd) resume(since backlog.Cursor) (project, offset int, err error) {
	if since == "" {
		return 0, 0, nil
	}
	a, b, _ := strings.Cut(string(since), ":")
	project, errA := strconv.Atoi(a)
	offset, errB := strconv.Atoi(b)
	if errA != nil || errB != nil || project < 0 || project >= crowdProjects || offset < 0 || offset > c.sizes[project] {
		return 0, 0, fmt.Errorf("sample: cursor %q is none of this site's", since)
	}
	return project, offset, nil
}

// head is what all projects share.
func (c *Crowd) head() backlog.Batch {
	b := backlog.Batch{Site: "https://bench.example", Kind: "jira", Statuses: c.statuses, Types: c.kinds}
	for _, p := range c.people {
		b.Accounts = append(b.Accounts, backlog.Account{ID: p.id, Name: p.name, Active: true, Zone: crowdZone.String()})
	}
	return b
}

// key is a project's key.
func (c *Crowd) key(project int) string { return "P" + strconv.Itoa(project+1) }

// batch makes the next issues of a project, and with the first ones the project.
func (c *Crowd) batch(project, offset int) backlog.Batch {
	b := backlog.Batch{Site: "https://bench.example", Kind: "jira"}
	if offset == 0 {
		b.Scopes = []backlog.Scope{{
			ID: strconv.Itoa(20_000 + project), Key: c.key(project), Name: "Project " + strconv.Itoa(project+1),
			Lead: c.member(project, 0).id,
		}}
		for i := range c.sprints() {
			s := backlog.Sprint{ID: c.sprintID(project, i), Name: c.key(project) + " Sprint " + strconv.Itoa(i+1), State: "closed"}
			s.Start, s.End = instant(c.sprintStart(i)), instant(c.sprintStart(i+1)-2*hour)
			s.Completed = s.End
			b.Sprints = append(b.Sprints, s)
		}
		for q := range 12 {
			v := backlog.Version{ID: c.versionID(project, q), Scope: c.key(project), Name: "v" + strconv.Itoa(q+1), Released: true}
			v.Release = instant(c.from + int64(q+1)*13*week)
			b.Versions = append(b.Versions, v)
		}
	}
	end := min(offset+crowdBatch, c.sizes[project])
	b.Issues = make([]backlog.Issue, 0, end-offset)
	for n := offset; n < end; n++ {
		b.Issues = append(b.Issues, c.issue(project, n))
	}
	return b
}

// member returns a project's i-th person; the first is the owner, the second
// the manager, the third the clerk. Larger projects have more people.
func (c *Crowd) member(project, i int) crowdPerson {
	return c.people[(project*25+i)%crowdPeople]
}

func (c *Crowd) crew(project int) int { return min(400, 8+c.sizes[project]/250) }

func (c *Crowd) sprints() int { return int((c.to - c.from) / (2 * week)) }

func (c *Crowd) sprintStart(i int) int64 {
	return firstMonday(c.from) + week + int64(i)*2*week + 10*hour
}

func (c *Crowd) sprintID(project, i int) string { return strconv.Itoa(100_000 + project*100 + i) }

func (c *Crowd) versionID(project, q int) string { return strconv.Itoa(200_000 + project*20 + q) }

func (c *Crowd) issueID(project, n int) string { return strconv.Itoa(1_000_000 + c.first[project] + n) }

// issue makes one issue with its ten changes and three comments.
func (c *Crowd) issue(project, n int) backlog.Issue {
	number := c.first[project] + n
	d := roll(c.seed, uint64(number)<<8|31)
	span := (c.to - c.from - 12*week) / int64(c.sizes[project])
	created := crowdZone.working(c.from + int64(n)*span + d.seconds(0, max(1, span)))
	level := story
	switch {
	case n%crowdCycle == 0:
		level = epic
	case n%20 == 7 || n%20 == 13 || n%20 == 17:
		level = bug
	case n%10 == 9:
		level = task
	}
	typ := c.kinds[level]
	is := backlog.Issue{
		ID: c.issueID(project, n), Key: c.key(project) + "-" + strconv.Itoa(n+1), Scope: c.key(project),
		Type: typ.ID, TypeName: typ.Name, Level: typ.Level,
		Title:       "Item " + strconv.Itoa(n+1) + " of " + c.key(project),
		Description: plainText(c.texts[d.IntN(crowdTexts)]),
		Creator:     c.decider(d, project, level), Created: instant(created),
		History: backlog.HistoryComplete, CommentsRead: true, PromisedComments: 3,
		Changes: make([]backlog.Change, 0, 10), Comments: make([]backlog.Comment, 0, 3),
	}
	is.Reporter = is.Creator
	if n%crowdCycle > 0 {
		above := n - n%crowdCycle
		is.Parent = backlog.Ref{ID: c.issueID(project, above), Key: c.key(project) + "-" + strconv.Itoa(above+1)}
	}
	w := crowdWriter{Crowd: c, d: d, issue: &is, number: number, project: project, at: created}
	if level == epic {
		w.roadmap()
	} else {
		w.work()
	}
	is.PromisedChanges = w.entries
	return is
}

// decider draws who decides: mostly the owner, on the roadmap the manager.
func (c *Crowd) decider(d dice, project int, level kind) string {
	first := 0
	if level == epic {
		first = 1
	}
	switch n := d.IntN(100); {
	case n < 65:
		return c.member(project, first).id
	case n < 75:
		return c.member(project, 1-first).id
	case n < 80:
		return c.member(project, 2).id
	}
	return c.builder(d, project).id
}

// builder draws a developer.
func (c *Crowd) builder(d dice, project int) crowdPerson {
	return c.member(project, 3+d.IntN(c.crew(project)-3))
}
