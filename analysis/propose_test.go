package analysis_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"defacto/analysis"
	"defacto/backlog"
)

func handle(a backlog.AccountInfo, h string) backlog.AccountInfo {
	a.Handle = h
	return a
}

// proposed writes proposals as "likely a + b: reasons / doubts".
func proposed(list []analysis.Proposal) []string {
	var out []string
	for _, p := range list {
		word := "possible"
		if p.Likely {
			word = "likely"
		}
		who := []string{strings.Join(p.A.Accounts, " "), strings.Join(p.B.Accounts, " ")}
		slices.Sort(who)
		out = append(out, fmt.Sprintf("%s %s: %s / %s", word, strings.Join(who, " + "), strings.Join(p.Reasons, "; "), strings.Join(p.Doubts, "; ")))
	}
	return out
}

func TestPropose(t *testing.T) {
	for _, tt := range []struct {
		name     string
		accounts []backlog.AccountInfo
		how      analysis.Identity
		want     []string
	}{
		{name: "nobody"},
		{
			name: "namesakes who overlap", accounts: []backlog.AccountInfo{
				account("a", "Kim Sato", true, "2026-01-01", "2026-03-01"), account("b", "Sato, Kim", true, "2026-02-01", "2026-05-01"),
			},
			want: []string{"possible s:a + s:b: the same name (Sato, Kim) twice at s / both were active at s between 2026-02-01 and 2026-03-01"},
		},
		{
			name: "one name at two trackers", accounts: []backlog.AccountInfo{
				account("a", "Anna Lee", true, "2026-01-01", "2026-03-01"), at(account("b", "anna lee", true, "2026-01-01", "2026-03-01"), "t"),
			},
			want: []string{"likely s:a + t:b: the same name (Anna Lee) at s and at t / "},
		},
		{
			name: "what Identify merges is one already", accounts: []backlog.AccountInfo{
				mail(account("a", "Anna Lee", true, "", ""), "anna@x.example"), at(mail(account("b", "Anna Lee", true, "", ""), "anna@x.example"), "t"),
			},
		},
		{
			name: "an address and a handle", accounts: []backlog.AccountInfo{
				mail(account("a", "A. L.", true, "", ""), "anna.lee@x.example"), at(handle(account("b", "Nana", true, "", ""), "anna.lee"), "t"),
			},
			want: []string{"likely s:a + t:b: the address anna.lee@x.example and the handle anna.lee / "},
		},
		{
			name: "an address and a name", accounts: []backlog.AccountInfo{
				mail(account("a", "AL", true, "", ""), "anna.lee+jira@x.example"), at(account("b", "Anna Lee", true, "", ""), "t"),
			},
			want: []string{"likely s:a + t:b: the address anna.lee+jira@x.example and the name Anna Lee / "},
		},
		{
			name: "shared boxes and short handles are nobody's", accounts: []backlog.AccountInfo{
				mail(account("a", "Ann", true, "", ""), "info@x.example"), mail(account("b", "Ben", true, "", ""), "info@y.example"),
				handle(account("c", "Cy", true, "", ""), "al"), at(handle(account("d", "Di", true, "", ""), "al"), "t"),
			},
		},
		{
			name: "a former user and the one who began then", accounts: []backlog.AccountInfo{
				account("a", "Former user", false, "2025-01-01", "2026-01-05"), account("b", "Anna Lee", true, "2026-01-08", "2026-03-01"),
				account("c", "Ben Ito", true, "2026-02-08", "2026-03-01"),
			},
			want: []string{`possible s:a + s:b: "Former user" ended on 2026-01-05, and the only account that began within a week is this one, on 2026-01-08 / `},
		},
		{
			name: "two began then, so nobody can tell", accounts: []backlog.AccountInfo{
				account("a", "Former user", false, "2025-01-01", "2026-01-05"), account("b", "Anna Lee", true, "2026-01-08", "2026-03-01"),
				account("c", "Ben Ito", true, "2026-01-07", "2026-03-01"),
			},
		},
		{
			name: "two former users are no namesakes", accounts: []backlog.AccountInfo{
				account("a", "Former user", false, "2025-01-01", "2026-01-05"), account("b", "Former user", false, "2025-06-01", "2026-03-05"),
			},
		},
		{
			name: "a name changed by marriage", accounts: []backlog.AccountInfo{
				account("a", "Anna Lee", false, "2025-01-01", "2026-01-05"), account("b", "Anna Ito", true, "2026-01-08", "2026-03-01"),
			},
			want: []string{"possible s:a + s:b: the same first name: one was closed and ended on 2026-01-05, the other began on 2026-01-08 / "},
		},
		{
			name: "who was split off stays so", accounts: []backlog.AccountInfo{
				account("a", "Kim Sato", true, "", ""), account("b", "Kim Sato", true, "", ""),
			},
			how: analysis.Identity{Split: []string{"s:b"}},
		},
		{
			name: "machines are no people", accounts: []backlog.AccountInfo{
				kind(account("a", "Nightly Build", true, "", ""), backlog.AppAccount), at(kind(account("b", "Nightly Build", true, "", ""), backlog.AppAccount), "t"),
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for range 5 {
				people := analysis.Identify(tt.accounts, tt.how)
				rand.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
				if got := proposed(analysis.Propose(people, tt.accounts, tt.how)); !cmp.Equal(got, tt.want) {
					t.Fatal(cmp.Diff(tt.want, got))
				}
			}
		})
	}
}

func TestDecide(t *testing.T) {
	accounts := []backlog.AccountInfo{
		mail(account("a", "Anna", true, "", ""), "anna@x.example"), mail(account("b", "Anna L.", true, "", ""), "anna@x.example"),
		account("c", "A. Lee", true, "", ""), account("d", "Ben Ito", true, "", ""),
	}
	undone := day("2026-01-02")
	decide := func(kind backlog.DecisionKind, keys ...string) backlog.Decision {
		return backlog.Decision{Kind: kind, Accounts: keys}
	}
	taken := func(d backlog.Decision) backlog.Decision {
		d.Undone = undone
		return d
	}
	mark := decide(backlog.MarkAccounts, "s:d")
	mark.Mark = backlog.AppAccount
	for _, tt := range []struct {
		name      string
		decisions []backlog.Decision
		how       analysis.Identity
		want      []string
	}{
		{name: "nothing", want: []string{"person: s:a s:b", "person: s:c", "person: s:d"}},
		{name: "merged", decisions: []backlog.Decision{decide(backlog.MergeAccounts, "s:a", "s:c")}, want: []string{"person: s:a s:b s:c", "person: s:d"}},
		{name: "merged and taken back", decisions: []backlog.Decision{taken(decide(backlog.MergeAccounts, "s:a", "s:c"))}, want: []string{"person: s:a s:b", "person: s:c", "person: s:d"}},
		{name: "split what a rule merged", decisions: []backlog.Decision{decide(backlog.SplitAccounts, "s:b")}, want: []string{"person: s:a", "person: s:b", "person: s:c", "person: s:d"}},
		{
			name: "split what a hand merged", decisions: []backlog.Decision{decide(backlog.MergeAccounts, "s:c", "s:d"), decide(backlog.SplitAccounts, "s:c")},
			want: []string{"person: s:a s:b", "person: s:c", "person: s:d"},
		},
		{
			name: "split, then merged otherwise", decisions: []backlog.Decision{decide(backlog.SplitAccounts, "s:b"), decide(backlog.MergeAccounts, "s:b", "s:d")},
			want: []string{"person: s:a", "person: s:b s:d", "person: s:c"},
		},
		{name: "marked", decisions: []backlog.Decision{mark}, want: []string{"app: s:d", "person: s:a s:b", "person: s:c"}},
		{name: "erased", decisions: []backlog.Decision{decide(backlog.ForgetPerson, "s:c", "s:d")}, want: []string{"person: s:a s:b", "person: s:c s:d"}},
		{
			name: "the configuration's merges stay", decisions: []backlog.Decision{decide(backlog.SplitAccounts, "s:c")},
			how: analysis.Identity{Merged: []analysis.Merge{{Accounts: []string{"s:c", "s:d"}}}}, want: []string{"person: s:a s:b", "person: s:c s:d"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := grouped(analysis.Identify(accounts, tt.how.Decide(tt.decisions))); !cmp.Equal(got, tt.want) {
				t.Error(cmp.Diff(tt.want, got))
			}
		})
	}
}
