package store

import (
	"math"
	"math/rand/v2"
	"testing"
)

// FuzzIdent: an id comes back as it went in, whatever it looks like.
func FuzzIdent(f *testing.F) {
	for _, s := range []string{"", "0", "7", "007", "-1", "+1", "1e3", " 1", "999999999999999999", "9999999999999999999", "5b10ac-uuid", "\xff", "１"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := identText(ident(s)); got != s {
			t.Errorf("%q became %q", s, got)
		}
	})
}

func TestPack(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 10_000 {
		in := changeRow{
			actor: rng.Int64N(math.MaxInt32), ordinal: rng.Int64N(maxOrdinal + 1), measure: rng.Int64N(256) - 128, machine: rng.Int64N(2), field: rng.Int64N(128),
			from: int64(int32(rng.Uint32())), to: int64(int32(rng.Uint32())),
		}
		var out changeRow
		out.unpack(in.pack())
		if out != in {
			t.Fatalf("%+v became %+v", in, out)
		}
	}
}
