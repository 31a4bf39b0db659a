package analysis

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"defacto/backlog"
)

// TestPackedSort compares with a stable sort of what the instants belong to.
func TestPackedSort(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for n := range 300 {
		at := make([]uint64, n)
		for i := range at {
			at[i] = uint64(rng.Int64N(40) - 20)
			if n%3 == 0 {
				at[i] = uint64(rng.Int64N(1<<41) - 1<<40)
			}
		}
		want := make([]int, n)
		for i := range want {
			want[i] = i
		}
		slices.SortStableFunc(want, func(i, j int) int { return cmp.Compare(int64(at[i]), int64(at[j])) })
		keys := slices.Clone(at)
		mask, ok := packedSort(keys, nil)
		if !ok {
			t.Fatalf("%d instants of one century do not fit", n)
		}
		for i, k := range keys {
			if int(k&mask) != want[i] {
				t.Fatalf("of %v the %dth is %d, want %d", at, i, k&mask, want[i])
			}
		}
	}
	far := []uint64{0, uint64(math.MaxInt64), 1 << 63}
	if _, ok := packedSort(far, nil); ok || far[0] != 0 {
		t.Error("instants as far apart as can be were packed")
	}
}

// TestEntriesOfAllAges sorts by time however far apart the times are.
func TestEntriesOfAllAges(t *testing.T) {
	list := []entry{{at: math.MaxInt64, item: 1}, {at: math.MinInt64, item: 2}, {at: 0, item: 3}, {at: 0, item: 4}}
	new(sorter).byTime(list)
	for i, want := range []int32{2, 3, 4, 1} {
		if list[i].item != want {
			t.Errorf("the %dth is item %d, want %d", i, list[i].item, want)
		}
	}
}

// TestPresence compares with looking through all events.
func TestPresence(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for range 40 {
		snap := &backlog.Snapshot{Site: &backlog.Site{People: make([]backlog.Person, 9)}}
		who := []bool{false, true, true, false, true, true, true, true, true}
		span := 1 + rng.Int64N(400)*rng.Int64N(2)
		when := func() int64 { return (rng.Int64N(span) - span/3) * day / (1 + rng.Int64N(3)) }
		for range rng.IntN(30) {
			snap.Changes = append(snap.Changes, backlog.Event{Actor: backlog.PersonID(rng.IntN(8)), At: when()})
			snap.Comments = append(snap.Comments, backlog.Remark{Author: backlog.PersonID(rng.IntN(8)), At: when()})
		}
		pr := presenceOf(snap, who)
		for range 60 {
			from := (rng.Int64N(2*span) - span) * day
			to := from + rng.Int64N(span+1)*day
			var want []backlog.PersonID
			see := func(p backlog.PersonID, at int64) {
				if who[p] && at >= from && at < to && !slices.Contains(want, p) {
					want = append(want, p)
				}
			}
			for i := range snap.Changes {
				see(snap.Changes[i].Actor, snap.Changes[i].At)
				see(snap.Comments[i].Author, snap.Comments[i].At)
			}
			got := pr.during(from, to)
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Fatalf("from day %d to %d: %v, want %v", from/day, to/day, got, want)
			}
		}
	}
}

// TestPicks cites the same acts in whatever order they are offered.
func TestPicks(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	var all []pick
	for i := range 60 {
		all = append(all, pick{act{item: int32(rng.IntN(25)), at: int64(rng.IntN(4))}, float32(rng.IntN(3)), i})
	}
	var want picks
	for try := range 50 {
		var got picks
		for _, x := range all {
			if got.wants(x.weight) {
				got.offer(x.a, x.weight, x.listed)
			}
		}
		if try == 0 {
			want = got
		}
		for i := range want {
			if got[i].listed != want[i].listed {
				t.Fatalf("the %dth is act %d, then %d", i, want[i].listed, got[i].listed)
			}
			if i > 0 && got[i].before(&got[i-1]) {
				t.Fatalf("%v stands before %v", got[i-1], got[i])
			}
		}
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	}
}

// TestFirstKeys names the first hundred, each once.
func TestFirstKeys(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	var list firstKeys
	var all []string
	for range 1000 {
		k := string(rune('A'+rng.IntN(26))) + string(rune('a'+rng.IntN(26)))
		list.add(k)
		all = append(all, k)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	if !slices.Equal([]string(list), all[:queried]) {
		t.Errorf("%v, want %v", list, all[:queried])
	}
}
