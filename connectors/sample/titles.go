package sample

import (
	"strconv"
	"strings"
)

// domain is what a team makes: its stories as "title|topic", and the words that
// go with them.
type domain struct {
	stories     []string
	variants    []string // narrow a story down
	epics       []string
	initiatives []string
	containers  []string // epics that gather leftovers
	bugs        []string
	tasks       []string
	roles       []string
	components  []string
}

// titles hands out titles, each once as long as they last.
type titles struct {
	domain *domain
	d      dice
	used   map[string]bool
	turn   int
}

func (t *titles) story() (title, topic string) {
	if t.used == nil {
		t.used = map[string]bool{}
	}
	for range 40 {
		title, topic, _ = strings.Cut(pick(t.d, t.domain.stories), "|")
		if t.turn++; t.turn > len(t.domain.stories)/2 || t.d.chance(.4) {
			title += " " + pick(t.d, t.domain.variants)
		}
		if !t.used[title] {
			break
		}
	}
	t.used[title] = true
	return title, topic
}

func (t *titles) epic() string       { return t.next(t.domain.epics) }
func (t *titles) initiative() string { return t.next(t.domain.initiatives) }
func (t *titles) container() string  { return t.next(t.domain.containers) }

// next hands out each title once and numbers what comes after.
func (t *titles) next(list []string) string {
	if t.used == nil {
		t.used = map[string]bool{}
	}
	for round := 1; ; round++ {
		for _, s := range list {
			if round > 1 {
				s += ", part " + strconv.Itoa(round)
			}
			if !t.used[s] {
				t.used[s] = true
				return s
			}
		}
	}
}

// chore is a bug's or technical task's title and topic.
func (t *titles) chore(d dice, k kind) (title, topic string) {
	list := t.domain.tasks
	if k == bug {
		list = t.domain.bugs
	}
	title = pick(d, list)
	return title, lowerFirst(title)
}

// part is a sub-task's title.
func (t *titles) part(d dice) string {
	return pick(d, []string{
		"Backend: endpoint and validation", "Frontend: form and error states", "Database migration", "Unit and contract tests",
		"Translations", "Feature flag and rollout", "Audit log entry", "Update the API documentation", "Metrics and alerts",
	})
}
