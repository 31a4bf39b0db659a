package analysis

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestSortKeys compares with the library's sort, whichever bits the keys differ in.
func TestSortKeys(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for n := range 3 * fewKeys {
		for _, mask := range []uint64{0, 1, 1 << 63, 0xff00, 0xf00f << 40, 1<<63 | 1, rng.Uint64(), 1<<64 - 1} {
			keys := make([]uint64, n)
			for i := range keys {
				keys[i] = rng.Uint64()&mask | 5<<20&^mask
			}
			want := slices.Clone(keys)
			slices.Sort(want)
			var spare []uint64
			if n%2 == 0 {
				spare = make([]uint64, 0, rng.IntN(2*n+1))
			}
			if sortKeys(keys, 0, spare); !slices.Equal(keys, want) {
				t.Fatalf("%d keys that differ in %#x are not sorted", n, mask)
			}
		}
	}
}

// BenchmarkSortKeys sorts instants of three years with their places, by digits and by comparing.
func BenchmarkSortKeys(b *testing.B) {
	for _, n := range []int{32, 64, 128, 256, 1024, 16384, 262144} {
		rng := rand.New(rand.NewPCG(7, 7))
		random := make([]uint64, n)
		for i := range random {
			random[i] = rng.Uint64N(94608000000)<<20 | uint64(i)
		}
		keys, spare := make([]uint64, n), make([]uint64, n)
		for _, by := range []struct {
			name string
			sort func()
		}{
			{"digits", func() { sortKeys(keys, 20, spare) }},
			{"comparing", func() { slices.Sort(keys) }},
		} {
			b.Run(fmt.Sprintf("%s/%d", by.name, n), func(b *testing.B) {
				for b.Loop() {
					copy(keys, random)
					by.sort()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/key")
			})
		}
	}
}
