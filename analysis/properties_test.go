package analysis_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/tools/txtar"

	"defacto/analysis"
	"defacto/backlog"
)

// judgement is everything an audit concluded of one scope and period, with people
// by their names in the history, so that audits of one history told in different
// ways can be compared.
type judgement struct {
	Verdicts  map[string]string // duty or role → its verdict and whom it names
	Shares    map[string]float64
	Structure string
	Match     map[string]string
	Waits     map[string]float64
	Findings  map[string]float64 // code and people → the measured value
}

// judgements reads a report; called translates the names people have in it.
func judgements(r *analysis.Report, called func(string) string) map[string]judgement {
	name := map[string]string{"": "nobody"}
	for _, p := range r.People {
		name[p.ID] = called(p.Name)
		if p.Name == p.ID {
			name[p.ID] = "somebody without a name"
		}
	}
	names := func(ids []string) string {
		var list []string
		for _, id := range ids {
			list = append(list, name[id])
		}
		slices.Sort(list)
		return strings.Join(list, "+")
	}
	out := map[string]judgement{}
	for _, sc := range r.Scopes {
		for _, p := range sc.Periods {
			j := judgement{Verdicts: map[string]string{}, Shares: map[string]float64{}, Structure: p.Structure, Match: map[string]string{}, Waits: map[string]float64{}, Findings: map[string]float64{}}
			for d, t := range p.Duties {
				j.Verdicts[d] = fmt.Sprint(t.Outcome, t.Verdict, t.Words, name[t.Person], names(t.Persons))
				j.Shares[d+" nobody"], j.Shares[d+" units"], j.Shares[d+" n"] = t.Nobody, float64(t.Units), t.NEff
				for _, s := range t.Shares {
					j.Shares[d+" "+name[s.Person]] += s.Share
				}
			}
			for role, x := range p.Roles {
				j.Verdicts[role] = fmt.Sprint(x.Verdict, x.Words, x.Proxy, x.Sensitive)
				if x.Verdict == "single" {
					j.Verdicts[role] += name[x.Person] // who a role leans to may be a tie
				}
				for _, s := range x.People {
					j.Shares[role+" "+name[s.Person]] += s.Score
				}
				j.Match[role] = p.Match[role].Outcome
			}
			w := p.Waits
			j.Waits["questions"], j.Waits["answered"], j.Waits["possible"] = float64(w.Questions), float64(w.Answered), float64(w.Possible)
			if w.MedianHours != nil {
				j.Waits["median"] = *w.MedianHours
			}
			for _, f := range p.Findings {
				v := -1.0
				if f.Measure.Value != nil {
					v = *f.Measure.Value
				}
				key := f.Code + " " + names(f.People) + " " + f.Severity + " " + f.Confidence
				j.Findings[key] = v
			}
			out[sc.Name+" "+p.Period] = j
		}
	}
	return out
}

// retold tells a history anew: with other names, in another order, in several
// batches and with a machine's noise; a period at a time or all at once; with one
// worker, and from snapshots that know no window. No verdict and no number may
// change, and everything cited must be in the store.
func retold(t *testing.T, file string, a *txtar.Archive, h *history, base *audited) {
	t.Helper()
	asIs := func(s string) string { return s }
	want := judgements(base.report, asIs)
	cites(t, base)
	whole := func(_ context.Context, scope int32, _, _ time.Time, _ bool) (*backlog.Snapshot, error) {
		return base.snaps[scope], nil
	}

	one := *h
	one.workers = 1
	sameBytes(t, base.report, one.judge(t, base.site, base.snaps, whole).report)

	one.periods = "2025-Q4..2026-Q2"
	all := judgements(one.judge(t, base.site, base.snaps, whole).report, asIs)
	maps.DeleteFunc(all, func(k string, _ judgement) bool { _, ok := want[k]; return !ok })
	same(t, "all periods at once", want, all)

	if raced && seed(file)%4 != 0 {
		return // a store costs ten times as much there; the run without the detector tells them all
	}
	renamed, back := rename(a)
	o := readHistory(t, renamed)
	o.empty = h.empty
	o.noise()
	got := judgements(o.audit(t, shuffled(rand.New(rand.NewPCG(seed(file), 7)), o.batch())...).report, back)
	for _, m := range []map[string]judgement{want, got} { // that machines made much of it is what a noisy audit should say
		for _, j := range m {
			maps.DeleteFunc(j.Findings, func(k string, _ float64) bool { return strings.HasPrefix(k, "evidence-limited") })
		}
	}
	same(t, "with other names, shuffled, split and noisy", want, got)
}

func same(t *testing.T, how string, want, got map[string]judgement) {
	t.Helper()
	if diff := gocmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
		t.Errorf("told %s, the audit changed (-want +got):\n%s", how, diff)
	}
}

func seed(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}

var capital = regexp.MustCompile(`\b[A-Z][a-z]+\b@?`)

// rename gives everybody in a history another name, and returns who they were.
// Machines keep theirs, and so do people known by two accounts: what they are
// called is what those histories are about.
func rename(a *txtar.Archive) (*txtar.Archive, func(string) string) {
	others := map[string]string{
		"Anna": "Zoe", "Bea": "Yuki", "Ben": "Xaver", "Cleo": "Wanda", "Dora": "Vera", "Eve": "Uma", "Lea": "Thea", "Mia": "Sofia", "Sam": "Rolf", "Tim": "Quirin", "Tom": "Paul",
		"Quinn": "Olga", "Rita": "Nele", "Eva": "Mara", "Carl": "Ludo", "Uwe": "Karim", "Vic": "Jan", "Wim": "Ivo", "Xia": "Hana", "Una": "Greta", "Nora": "Frida", "Mover": "Esra",
	}
	back := map[string]string{}
	for was, is := range others {
		back[is] = was
	}
	out := &txtar.Archive{Comment: a.Comment}
	for _, f := range a.Files {
		if f.Name == "want" {
			continue
		}
		text := capital.ReplaceAllStringFunc(string(f.Data), func(s string) string { return cmp.Or(others[s], s) })
		out.Files = append(out.Files, txtar.File{Name: f.Name, Data: []byte(text)})
	}
	return out, func(s string) string {
		return capital.ReplaceAllStringFunc(s, func(w string) string { return cmp.Or(back[w], w) })
	}
}

// noise lets a robot touch, and talk on, every issue: it labels and remarks, an
// hour after the issue was last touched, and again an hour later.
func (h *history) noise() {
	h.account("Robby").Kind = backlog.AppAccount
	robot := h.person("Robby")
	for i, it := range h.issues {
		last := it.Created
		for _, c := range it.Changes {
			last = latest(last, c.At)
		}
		for _, m := range it.Comments {
			last = latest(last, m.At)
		}
		if it.History == backlog.HistoryComplete {
			for k := range 2 {
				it.Changes = append(it.Changes, backlog.Change{
					ID: fmt.Sprint(5_000_000 + 2*i + k), At: last.Add(-time.Duration(k+1) * time.Second), Author: robot,
					Field: backlog.FieldRank, FieldName: "Rank", ToName: "Ranked lower", Measure: -1, Machine: k == 0,
				})
			}
			it.PromisedChanges += 2
		}
		if it.CommentsRead {
			it.Comments = append(it.Comments, backlog.Comment{ID: fmt.Sprint(6_000_000 + i), At: last, Author: robot, Body: backlog.Text{Prose: "Build failed? Looks good to me"}, Machine: true})
			it.PromisedComments = len(it.Comments)
		}
	}
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// shuffled hands a batch in as three, in any order, with everything in them in
// any order, and the first of them twice.
func shuffled(rng *rand.Rand, b backlog.Batch) []backlog.Batch {
	parts := []backlog.Batch{b, {Site: b.Site, Kind: b.Kind, Scopes: b.Scopes}, {Site: b.Site, Kind: b.Kind, Scopes: b.Scopes}}
	parts[0].Issues = nil
	for _, it := range b.Issues {
		it.Changes, it.Comments = slices.Clone(it.Changes), slices.Clone(it.Comments)
		rng.Shuffle(len(it.Changes), func(i, j int) { it.Changes[i], it.Changes[j] = it.Changes[j], it.Changes[i] })
		rng.Shuffle(len(it.Comments), func(i, j int) { it.Comments[i], it.Comments[j] = it.Comments[j], it.Comments[i] })
		k := rng.IntN(3)
		parts[k].Issues = append(parts[k].Issues, it)
	}
	for k := range parts {
		p := &parts[k]
		p.Accounts = slices.Clone(p.Accounts)
		rng.Shuffle(len(p.Issues), func(i, j int) { p.Issues[i], p.Issues[j] = p.Issues[j], p.Issues[i] })
		rng.Shuffle(len(p.Accounts), func(i, j int) { p.Accounts[i], p.Accounts[j] = p.Accounts[j], p.Accounts[i] })
	}
	rng.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	return append(parts, parts[0])
}

// cites holds every event a report cites to the store: it is there, on that
// issue, at that time, by that person.
func cites(t *testing.T, a *audited) {
	t.Helper()
	type cited struct {
		issue, event, person string
		at                   int64
	}
	known := map[cited]bool{}
	for _, s := range a.snaps {
		for i := range s.Items {
			it := &s.Items[i]
			for _, p := range []backlog.PersonID{it.Creator, it.Reporter} {
				known[cited{it.Key, "created", a.site.People[p].ID, it.Created}] = true
			}
			for _, c := range s.ChangesOf(it) {
				known[cited{it.Key, s.EventName(c.ID), a.site.People[c.Actor].ID, c.At}] = true
			}
			for _, m := range s.CommentsOf(it) {
				known[cited{it.Key, "comment:" + s.EventName(m.ID), a.site.People[m.Author].ID, m.At}] = true
			}
		}
	}
	for _, sc := range a.report.Scopes {
		for _, p := range sc.Periods {
			for _, f := range p.Findings {
				for _, e := range slices.Concat(f.Evidence, f.Against) {
					if !known[cited{e.Issue, e.Event, e.Person, e.At.UnixMilli()}] {
						t.Errorf("%s cites %s on %s by %s at %s, which is not in the store", f.Code, e.Event, e.Issue, e.Person, e.At)
					}
				}
				if len(f.Evidence) > 10 || len(f.Against) > 3 || f.Statement == "" || f.Rests == "" {
					t.Errorf("%s: %d events for, %d against, %q, rests on %q", f.Code, len(f.Evidence), len(f.Against), f.Statement, f.Rests)
				}
			}
			for q := range p.Waits.Items.All() {
				if !known[cited{q.Issue, "comment:" + q.Comment, q.AskedBy, q.AskedAt.UnixMilli()}] {
					t.Errorf("the question %s on %s is not in the store", q.Comment, q.Issue)
				}
			}
			for d, x := range p.Duties {
				sum := x.Nobody
				for _, s := range x.Shares {
					sum += s.Share
					if s.Low > s.Share+1e-9 || s.High < s.Share-1e-9 || s.Low < 0 || s.High > 1 {
						t.Errorf("%s: share %v outside its interval %v–%v", d, s.Share, s.Low, s.High)
					}
				}
				if x.Units > 0 && (sum < 1-1e-9 || sum > 1+1e-9) {
					t.Errorf("%s: the shares and nobody add to %v", d, sum)
				}
			}
		}
	}
}

// sameBytes holds two reports to the same bytes.
func sameBytes(t *testing.T, x, y *analysis.Report) {
	t.Helper()
	a, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(y)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) {
		t.Errorf("one worker and two do not give the same bytes:\n%s", gocmp.Diff(string(a), string(b)))
	}
}
