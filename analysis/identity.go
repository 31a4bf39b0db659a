package analysis

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"path"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"defacto/backlog"
)

// Identity says how accounts are put together beyond what the accounts
// themselves say.
type Identity struct {
	Merged []Merge  // by configuration or by hand, in that order
	Split  []string // account keys that stay alone whatever the rules say
	// Marked sets the kind of single accounts, by key.
	Marked map[string]backlog.AccountKind
	// Bots are display names (with * as a wildcard), e-mails or account keys of machines.
	Bots []string
}

// Merge puts accounts (by key, "source:id") together.
type Merge struct {
	Name, Zone string // "" leaves the accounts' own
	Accounts   []string
}

// handover is the longest pause between a leaver's last act and their new
// account's first that the name rule accepts.
const handover = 7 * day

// Identify groups accounts into people (METHOD 2.4 rule 1): those merged by
// hand; those with one e-mail; and those with one folded name at one source of
// which one was deactivated and ended at most a week before the other began.
// Overlapping namesakes are never merged. The result is sorted by id and does not
// depend on the accounts' order.
func Identify(accounts []backlog.AccountInfo, how Identity) []backlog.Person {
	accounts = slices.Clone(accounts)
	slices.SortFunc(accounts, func(a, b backlog.AccountInfo) int { return cmp.Compare(a.Key(), b.Key()) })
	g := newGroups(accounts)
	for i := range accounts {
		accounts[i].Kind = how.kind(&accounts[i])
		g.alone[i] = slices.Contains(how.Split, accounts[i].Key())
	}
	for _, m := range how.Merged {
		g.merge(m)
	}
	g.byEmail()
	g.byName()
	people := g.people()
	slices.SortFunc(people, func(a, b backlog.Person) int { return cmp.Compare(a.ID, b.ID) })
	return people
}

// kind says what stands behind an account: a mark by hand, the tracker's word,
// the configured bots, a name only machines have.
func (how *Identity) kind(a *backlog.AccountInfo) backlog.AccountKind {
	if k, ok := how.Marked[a.Key()]; ok {
		return k
	}
	if a.Kind != backlog.PersonAccount {
		return a.Kind
	}
	for _, b := range how.Bots {
		hit, _ := path.Match(strings.ToLower(b), strings.ToLower(a.Name))
		if hit || strings.EqualFold(b, a.Email) && a.Email != "" || b == a.Key() {
			return backlog.AppAccount
		}
	}
	if machineName(a.Name) || machineName(a.Handle) {
		return backlog.AppAccount
	}
	return backlog.PersonAccount
}

// machineName recognises names no human has.
func machineName(name string) bool {
	low := strings.ToLower(name)
	if strings.Contains(low, "[bot]") || strings.HasPrefix(low, "automation for ") {
		return true
	}
	words := strings.FieldsFunc(low, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, w := range words {
		switch w {
		case "bot", "robot", "automation", "jenkins", "hudson", "dependabot", "renovate", "buildbot", "scriptrunner", "webhook", "webhooks", "zapier", "workato", "gitlab", "github", "bitbucket", "svn", "subversion", "sonarqube", "statuspage", "pagerduty", "noreply":
			return true
		}
	}
	return strings.Contains(low, "service account") || strings.Contains(low, "qa bot") || low == "system" || low == "ci"
}

// groups is a union of accounts.
type groups struct {
	accounts []backlog.AccountInfo
	parent   []int
	alone    []bool
	byKey    map[string]int
	names    map[int]Merge // the configured name of a group, by any member
}

func newGroups(accounts []backlog.AccountInfo) *groups {
	g := &groups{accounts: accounts, parent: make([]int, len(accounts)), alone: make([]bool, len(accounts)), byKey: map[string]int{}, names: map[int]Merge{}}
	for i := range accounts {
		g.parent[i] = i
		g.byKey[accounts[i].Key()] = i
	}
	return g
}

func (g *groups) root(i int) int {
	for g.parent[i] != i {
		g.parent[i] = g.parent[g.parent[i]]
		i = g.parent[i]
	}
	return i
}

// union keeps the smaller index as root, so that the order is always the same.
func (g *groups) union(i, j int) {
	a, b := g.root(i), g.root(j)
	if a > b {
		a, b = b, a
	}
	g.parent[b] = a
}

func (g *groups) merge(m Merge) {
	first := -1
	for _, key := range m.Accounts {
		i, ok := g.byKey[key]
		if !ok {
			continue
		}
		g.names[i] = m
		if first < 0 {
			first = i
			continue
		}
		g.union(first, i)
	}
}

func (g *groups) byEmail() {
	seen := map[string]int{}
	for i := range g.accounts {
		mail := strings.ToLower(strings.TrimSpace(g.accounts[i].Email))
		if mail == "" || g.alone[i] || g.accounts[i].Kind == backlog.AppAccount {
			continue
		}
		if j, ok := seen[mail]; ok {
			g.union(j, i)
		} else {
			seen[mail] = i
		}
	}
}

func (g *groups) byName() {
	seen := map[string][]int{}
	for i := range g.accounts {
		name := fold(g.accounts[i].Name)
		if name == "" || !strings.Contains(name, " ") || g.alone[i] || g.accounts[i].Kind != backlog.PersonAccount {
			continue
		}
		key := g.accounts[i].Source + "\x00" + name
		for _, j := range seen[key] {
			if g.succeeds(i, j) || g.succeeds(j, i) {
				g.union(i, j)
			}
		}
		seen[key] = append(seen[key], i)
	}
}

// succeeds reports whether account b took over where account a, deactivated, ended.
func (g *groups) succeeds(a, b int) bool {
	x, y := &g.accounts[a], &g.accounts[b]
	return !x.Active && x.Last > 0 && y.First > x.Last && y.First-x.Last <= handover
}

// fold makes two spellings of one name equal: case, accents, order of a comma.
func fold(name string) string {
	if last, first, ok := strings.Cut(name, ","); ok {
		name = first + " " + last
	}
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func (g *groups) people() []backlog.Person {
	members := map[int][]int{}
	var roots []int
	for i := range g.accounts {
		r := g.root(i)
		if members[r] == nil {
			roots = append(roots, r)
		}
		members[r] = append(members[r], i)
	}
	taken := map[string]bool{}
	people := make([]backlog.Person, 0, len(roots))
	for _, r := range roots {
		people = append(people, g.person(members[r], taken))
	}
	return people
}

// person makes one person of accounts, ordered by key.
func (g *groups) person(of []int, taken map[string]bool) backlog.Person {
	p := backlog.Person{Kind: backlog.CustomerAccount}
	var newest int64 = -1
	machine := false
	for _, i := range of {
		a := &g.accounts[i]
		p.Accounts = append(p.Accounts, a.Key())
		p.Active = p.Active || a.Active
		p.Email = cmp.Or(p.Email, a.Email)
		p.Zone = cmp.Or(p.Zone, a.Zone)
		if a.Name != "" && a.Last > newest { // names change; the account in use says the present one
			p.Name, newest = a.Name, a.Last
		}
		switch a.Kind {
		case backlog.AppAccount:
			machine = true
		case backlog.PersonAccount:
			p.Kind = backlog.PersonAccount
		}
	}
	if machine {
		p.Kind = backlog.AppAccount
	}
	for _, i := range of {
		if m, ok := g.names[i]; ok {
			p.Name, p.Zone = cmp.Or(m.Name, p.Name), cmp.Or(m.Zone, p.Zone)
		}
	}
	p.ID = personID(p.Accounts[0], taken)
	return p
}

// personID derives a person's id from their smallest account key.
func personID(key string, taken map[string]bool) string {
	sum := sha256.Sum256([]byte(key))
	long := "p" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))
	n := 9
	for taken[long[:n]] {
		n++
	}
	taken[long[:n]] = true
	return long[:n]
}
