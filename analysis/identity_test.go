package analysis_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"defacto/analysis"
	"defacto/backlog"
)

// account is one that was active from the first to the last day given.
func account(id, name string, active bool, first, last string) backlog.AccountInfo {
	a := backlog.AccountInfo{Source: "s", Account: backlog.Account{ID: id, Name: name, Active: active}}
	if first != "" {
		a.First, a.Last = day(first).UnixMilli(), day(last).UnixMilli()
	}
	return a
}

func mail(a backlog.AccountInfo, address string) backlog.AccountInfo {
	a.Email = address
	return a
}

func at(a backlog.AccountInfo, source string) backlog.AccountInfo {
	a.Source = source
	return a
}

func kind(a backlog.AccountInfo, k backlog.AccountKind) backlog.AccountInfo {
	a.Kind = k
	return a
}

// grouped writes people as "kind: account account", sorted.
func grouped(people []backlog.Person) []string {
	var list []string
	for _, p := range people {
		list = append(list, p.Kind.String()+": "+strings.Join(p.Accounts, " "))
	}
	slices.Sort(list)
	return list
}

func TestIdentify(t *testing.T) {
	for _, tt := range []struct {
		name     string
		accounts []backlog.AccountInfo
		how      analysis.Identity
		want     []string
	}{
		{name: "nobody"},
		{
			name: "one address, however it is spelt", accounts: []backlog.AccountInfo{
				mail(account("a", "Anna", true, "", ""), "anna@x.example"), mail(account("b", "A. Lee", true, "", ""), " Anna@X.example "),
			},
			want: []string{"person: s:a s:b"},
		},
		{
			name: "one address at two sources", accounts: []backlog.AccountInfo{
				mail(account("a", "Anna", true, "", ""), "anna@x.example"), at(mail(account("b", "Anna", true, "", ""), "anna@x.example"), "t"),
			},
			want: []string{"person: s:a t:b"},
		},
		{
			name: "no address is no common address", accounts: []backlog.AccountInfo{account("a", "Anna Lee", true, "", ""), account("b", "Ben Ito", true, "", "")},
			want: []string{"person: s:a", "person: s:b"},
		},
		{
			name: "a machine's address is not its owner's", accounts: []backlog.AccountInfo{
				mail(account("a", "Anna", true, "", ""), "team@x.example"), mail(kind(account("b", "Autopilot", true, "", ""), backlog.AppAccount), "team@x.example"),
			},
			want: []string{"app: s:b", "person: s:a"},
		},
		{
			name: "a leaver's new account within a week", accounts: []backlog.AccountInfo{
				account("a", "Anna Lee", false, "2025-01-01", "2026-01-05"), account("b", "Lee, Ánna", true, "2026-01-12", "2026-03-01"),
			},
			want: []string{"person: s:a s:b"},
		},
		{
			name: "after eight days it is somebody else", accounts: []backlog.AccountInfo{
				account("a", "Anna Lee", false, "2025-01-01", "2026-01-05"), account("b", "Anna Lee", true, "2026-01-13", "2026-03-01"),
			},
			want: []string{"person: s:a", "person: s:b"},
		},
		{
			name: "overlapping namesakes", accounts: []backlog.AccountInfo{
				account("a", "Kim Sato", false, "2025-01-01", "2026-01-12"), account("b", "Kim Sato", true, "2026-01-10", "2026-03-01"),
			},
			want: []string{"person: s:a", "person: s:b"},
		},
		{
			name: "a namesake still active", accounts: []backlog.AccountInfo{
				account("a", "Kim Sato", true, "2025-01-01", "2026-01-05"), account("b", "Kim Sato", true, "2026-01-08", "2026-03-01"),
			},
			want: []string{"person: s:a", "person: s:b"},
		},
		{
			name: "first names are no names", accounts: []backlog.AccountInfo{
				account("a", "Kim", false, "2025-01-01", "2026-01-05"), account("b", "Kim", true, "2026-01-08", "2026-03-01"),
			},
			want: []string{"person: s:a", "person: s:b"},
		},
		{
			name: "namesakes at two sources", accounts: []backlog.AccountInfo{
				account("a", "Anna Lee", false, "2025-01-01", "2026-01-05"), at(account("b", "Anna Lee", true, "2026-01-08", "2026-03-01"), "t"),
			},
			want: []string{"person: s:a", "person: t:b"},
		},
		{
			name: "former user and married name are not guessed", accounts: []backlog.AccountInfo{
				account("a", "Former user", false, "2025-01-01", "2026-01-05"), account("b", "Anna Lee-Ito", true, "2026-01-08", "2026-03-01"),
			},
			want: []string{"person: s:a", "person: s:b"},
		},
		{
			name: "merged by hand", accounts: []backlog.AccountInfo{account("a", "Anna Lee", true, "", ""), account("b", "Anna Ito", true, "", "")},
			how: analysis.Identity{Merged: []analysis.Merge{{Name: "Anna", Accounts: []string{"s:a", "s:b", "s:unknown"}}}}, want: []string{"person: s:a s:b"},
		},
		{
			name: "split by hand wins over the address", accounts: []backlog.AccountInfo{
				mail(account("a", "Anna", true, "", ""), "team@x.example"), mail(account("b", "Ben", true, "", ""), "team@x.example"), mail(account("c", "Cleo", true, "", ""), "team@x.example"),
			},
			how: analysis.Identity{Split: []string{"s:b"}}, want: []string{"person: s:a s:c", "person: s:b"},
		},
		{
			name: "the tracker's word on apps and customers", accounts: []backlog.AccountInfo{
				kind(account("a", "Autopilot", true, "", ""), backlog.AppAccount), kind(account("b", "Carl", true, "", ""), backlog.CustomerAccount),
			},
			want: []string{"app: s:a", "customer: s:b"},
		},
		{
			name: "a mark wins over the tracker's word and over the name", accounts: []backlog.AccountInfo{
				kind(account("a", "Anna", true, "", ""), backlog.AppAccount), account("b", "Build Bot", true, "", ""),
			},
			how:  analysis.Identity{Marked: map[string]backlog.AccountKind{"s:a": backlog.PersonAccount, "s:b": backlog.PersonAccount}},
			want: []string{"person: s:a", "person: s:b"},
		},
		{
			name: "a customer's account of a colleague is a colleague", accounts: []backlog.AccountInfo{
				mail(account("a", "Anna", true, "", ""), "anna@x.example"), mail(kind(account("b", "Anna", true, "", ""), backlog.CustomerAccount), "anna@x.example"),
			},
			want: []string{"person: s:a s:b"},
		},
		{
			name: "configured bots by pattern, address and key", accounts: []backlog.AccountInfo{
				account("a", "Deploy 7", true, "", ""), mail(account("b", "Nightly", true, "", ""), "ops@x.example"), account("c", "Weekly", true, "", ""), account("d", "Deployed Anna", true, "", ""),
			},
			how:  analysis.Identity{Bots: []string{"deploy *", "OPS@x.example", "s:c"}},
			want: []string{"app: s:a", "app: s:b", "app: s:c", "person: s:d"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, grouped(analysis.Identify(tt.accounts, tt.how))); diff != "" {
				t.Errorf("people (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMachineNames(t *testing.T) {
	for name, want := range map[string]backlog.AccountKind{
		"Automation for Jira": backlog.AppAccount, "dependabot[bot]": backlog.AppAccount, "Build Bot": backlog.AppAccount, "jenkins": backlog.AppAccount,
		"GitLab integration": backlog.AppAccount, "ASF subversion and git services": backlog.AppAccount, "Hudson": backlog.AppAccount, "system": backlog.AppAccount,
		"deploy service account": backlog.AppAccount, "no-reply": backlog.PersonAccount, "Abbot": backlog.PersonAccount, "Robin Botha": backlog.PersonAccount,
		"Talbot Jenkinson": backlog.PersonAccount, "Cicely": backlog.PersonAccount, "王芳": backlog.PersonAccount, "": backlog.PersonAccount,
	} {
		if got := analysis.Identify([]backlog.AccountInfo{account("a", name, true, "", "")}, analysis.Identity{})[0].Kind; got != want {
			t.Errorf("%q is taken for %s, want %s", name, got, want)
		}
	}
}

// TestIdentifyKeepsEverybody: whatever the accounts, each belongs to exactly one
// person, the order they come in does not matter, ids are distinct, and two that
// only share a name and overlap stay apart.
func TestIdentifyKeepsEverybody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 12).Draw(t, "accounts")
		accounts := make([]backlog.AccountInfo, n)
		for i := range accounts {
			accounts[i] = account(fmt.Sprint(i), rapid.SampledFrom([]string{"Anna Lee", "Lee, Anna", "Kim", "Build Bot", ""}).Draw(t, "name"), rapid.Bool().Draw(t, "active"), "", "")
			accounts[i].Email = rapid.SampledFrom([]string{"", "", "a@x", "A@X"}).Draw(t, "mail")
			accounts[i].First = int64(rapid.IntRange(0, 40).Draw(t, "first")) * 24 * 3600 * 1000
			accounts[i].Last = accounts[i].First + int64(rapid.IntRange(0, 40).Draw(t, "days"))*24*3600*1000
		}
		people := analysis.Identify(accounts, analysis.Identity{})
		owner, ids := map[string]string{}, map[string]bool{}
		for _, p := range people {
			if ids[p.ID] {
				t.Fatalf("two people have the id %s", p.ID)
			}
			ids[p.ID] = true
			for _, a := range p.Accounts {
				if owner[a] != "" {
					t.Fatalf("%s belongs to two people", a)
				}
				owner[a] = p.ID
			}
		}
		if len(owner) != n {
			t.Fatalf("%d of %d accounts belong to somebody", len(owner), n)
		}
		if diff := cmp.Diff(people, analysis.Identify(rapid.Permutation(accounts).Draw(t, "order"), analysis.Identity{})); diff != "" {
			t.Fatalf("another order gives other people:\n%s", diff)
		}
	})
}
