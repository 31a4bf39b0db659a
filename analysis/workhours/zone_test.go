package workhours

import (
	"math/rand/v2"
	"testing"
	"time"
)

// person draws n acts of somebody who works from start to end, seldom outside.
func person(r *rand.Rand, n, start, end, offset int) [24]int {
	var acts [24]int
	for range n {
		local := start + r.IntN(end-start)
		if r.IntN(12) == 0 {
			local = 7 + r.IntN(16)
		}
		acts[((local-offset)%24+24)%24]++
	}
	return acts
}

func TestGuessZone(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	right, sure, sureRight, total := 0, 0, 0, 0
	for offset := -11; offset <= 12; offset++ {
		for _, n := range []int{20, 60, 400} {
			for _, hours := range [][2]int{{8, 16}, {9, 17}, {9, 18}, {10, 18}} {
				g := GuessZone(person(r, n, hours[0], hours[1], offset))
				miss := (int(g.Offset.Hours()) - offset + 36) % 24
				near := miss >= 11 && miss <= 13
				total++
				if near {
					right++
				}
				if g.Confidence >= .8 {
					sure++
					if near {
						sureRight++
					}
				}
			}
		}
	}
	t.Logf("right within an hour %d of %d; of %d confident ones %d", right, total, sure, sureRight)
	if right < total*95/100 || sureRight < sure*97/100 || sure < total/2 {
		t.Errorf("right within an hour %d of %d; of %d confident ones %d", right, total, sure, sureRight)
	}
}

func TestGuessZoneKnowsItsLimits(t *testing.T) {
	if g := GuessZone([24]int{}); g.Confidence != 0 {
		t.Errorf("no acts, yet %+v", g)
	}
	var even [24]int
	for h := range even {
		even[h] = 100
	}
	if g := GuessZone(even); g.Confidence > .25 {
		t.Errorf("a machine that never sleeps has a zone: %+v", g)
	}
	if g := GuessZone([24]int{9: 3}); g.Confidence > .8 {
		t.Errorf("three acts make a zone: %+v", g)
	}
	if g := GuessZone([24]int{9: -3}); g.Confidence != 0 {
		t.Errorf("negative counts make a zone: %+v", g)
	}
}

func TestGuessLocation(t *testing.T) {
	g := Guess{Offset: -5 * time.Hour}
	noon := time.Date(2026, 7, 1, 17, 0, 0, 0, time.UTC).In(g.Location())
	if noon.Hour() != 12 || g.Location().String() != "UTC-5" {
		t.Errorf("17:00 UTC is %v there", noon)
	}
}
