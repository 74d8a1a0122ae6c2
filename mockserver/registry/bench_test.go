package registry

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkRecords is what a command costs in the tables alone, with few records and with
// many: to read one, and to put one that links to three others and is due some day.
func BenchmarkRecords(b *testing.B) {
	for _, n := range []int{10, 200_000} {
		r := newThings(b, NewClock(noon))
		name := func(i int) string { return fmt.Sprintf("t%08d", i*7919%n) }
		thing := func(i, on int) *thing {
			return &thing{Name: name(i), On: []string{name(on), name(on + 1), name(on + 2)}, Ring: noon.Add(time.Duration(i+1) * time.Hour)}
		}
		require.NoError(b, r.Change(func(tx *Tx) error {
			for i := range n {
				r.Put(tx, thing(i, i*31))
			}
			return nil
		}))
		b.Run(fmt.Sprintf("records=%d/get", n), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if r.Get(r.View(nil), name(i)) == nil {
					b.Fatal("it is gone")
				}
			}
		})
		b.Run(fmt.Sprintf("records=%d/put", n), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if err := r.Change(func(tx *Tx) error { r.Put(tx, thing(i, i*17)); return nil }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
