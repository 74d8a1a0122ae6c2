package registry

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"slices"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// A registry that was loaded all at once answers as the one that came to the same state
// by changes, and goes on as it does.
func TestBulk(t *testing.T) {
	const n = 20_000
	name := func(i int) string { return fmt.Sprintf("t%05d", (i*7919)%n) } // in no order
	made := newThings(t, NewClock(noon))
	for from := 0; from < n; from += 100 {
		var list []*thing
		for i := from; i < from+100; i++ {
			m := &thing{Name: name(i)}
			if i > 0 {
				m.On = []string{name(i / 2), name(i / 3), name(i / 2)} // one of them twice
			}
			if i%10 == 0 {
				m.Ring = noon.Add(time.Duration(i%700) * time.Minute).Add(time.Minute)
			}
			list = append(list, m)
		}
		made.put(t, list...)
	}
	var doc bytes.Buffer
	z := gzip.NewWriter(&doc)
	require.NoError(t, made.WriteSnapshot(z, ""))
	require.NoError(t, z.Close())
	loaded := newThings(t, NewClock(noon))
	require.NoError(t, loaded.Load(&doc))

	same := func() {
		t.Helper()
		a, b := made.View(nil), loaded.View(nil)
		require.Equal(t, made.Len(a), loaded.Len(b))
		require.Equal(t, slices.Collect(made.All(a)), slices.Collect(loaded.All(b)))
		require.Equal(t, a.links.Items(), b.links.Items())
		require.Equal(t, a.due.Items(), b.due.Items())
		for i := range n {
			require.Equal(t, made.Has(a, name(i)), loaded.Has(b, name(i)))
		}
	}
	same()
	for _, r := range []*things{made, loaded} {
		require.NoError(t, r.Change(func(tx *Tx) error {
			r.Put(tx, &thing{Name: "t00005x", On: []string{name(1)}})
			r.Delete(tx, name(n-1)) // on which nothing is
			return nil
		}))
		require.Error(t, r.Change(func(tx *Tx) error { r.Delete(tx, name(1)); return nil }))
		r.Advance(3 * time.Hour)
	}
	same()
	require.NotEmpty(t, loaded.log)
	require.Equal(t, made.log, loaded.log)
	require.Equal(t, made.Queue.Len("REG-A"), loaded.Queue.Len("REG-A"))
}

// A tree that was made compact is one of its own.
func TestCompact(t *testing.T) {
	tree := newTree(dueLess)
	for i := range 10_000 {
		tree.Load(due{at: int64(i)})
	}
	c := compact(tree)
	require.Equal(t, tree.Items(), c.Items())
	before := tree.Items()
	c.Set(due{at: -1})
	c.Delete(due{at: 5000})
	require.Equal(t, before, tree.Items())
}

// What many records have, each of them has as the same string.
func TestShared(t *testing.T) {
	common := make(shared)
	a, b := string([]byte("REG-A")), string([]byte("REG-A"))
	common.share(&a)
	common.share(&b)
	require.Equal(t, "REG-A", b)
	require.Same(t, unsafe.StringData(a), unsafe.StringData(b))
	m := Object{ClID: "REG-A", CrID: "REG-B", UpID: "REG-C", Status: []string{"clientHold"}}
	var seen []string
	m.Share(func(s *string) { seen = append(seen, *s) })
	require.Equal(t, []string{"REG-A", "REG-B", "REG-C", "clientHold"}, seen)
}

// A record that is not as it should be is refused with what is wrong, wherever it stands,
// and one that is merely written oddly is not.
func TestDecoder(t *testing.T) {
	s := newThings(t, NewClock(noon))
	table := s.byName["thing"]
	var d decoder
	for range 2 {
		for _, bad := range []string{`{"name":"a","nome":"b"}`, `{"name":"a"`, `{"name":1}`, `{"name":"a"}}`, `{"name":"a"} {"name":"b"}`, ``, `7`} {
			_, err := d.decode(table, []byte(bad))
			require.Error(t, err, bad)
		}
		for _, good := range []string{`{"name":"a"}`, `{"name":"a"} `, ` { "name" : "a" }`, `{"name":"b","name":"a"}`, `{"name":"a"}`} {
			r, err := d.decode(table, []byte(good))
			require.NoError(t, err, good)
			require.Equal(t, &thing{Name: "a"}, r, good)
		}
	}
}
