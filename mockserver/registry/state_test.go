package registry

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver"
)

// thing is a record that may lean on others and ring at a time.
type thing struct {
	Name  string    `json:"name"`
	On    []string  `json:"on,omitempty"`
	Ring  time.Time `json:"ring,omitzero"`
	Rings int       `json:"rings,omitempty"`
}

func (m *thing) Key() string    { return m.Name }
func (m *thing) Due() time.Time { return m.Ring }
func (m *thing) Links() []Ref {
	var list []Ref
	for _, on := range m.On {
		list = append(list, Ref{"thing", on})
	}
	return list
}

// things is a registry of things. One that rings does so again after an hour, three
// times, and says so in the log.
type things struct {
	*State
	*Table[*thing]
	log []string
}

func newThings(t testing.TB, clock *Clock) *things {
	s, err := NewState(Options{Clock: clock, Seed: 3}, nil)
	require.NoError(t, err)
	r := &things{State: s}
	r.Table = NewTable(s, "thing", func(tx *Tx, m *thing) {
		r.log = append(r.log, tx.Now().Format("02 15:04 ")+m.Name)
		n := *m
		if n.Rings++; n.Rings == 3 {
			n.Ring = time.Time{}
		} else {
			n.Ring = tx.Now().Add(time.Hour)
		}
		r.Put(tx, &n)
		tx.Count("rings")
		s.Queue.Put(tx, Message{ClID: "REG-A", Text: m.Name + " rings"})
	})
	require.NoError(t, s.Begin(func(*Tx) error { return nil }))
	return r
}

func (r *things) put(t testing.TB, list ...*thing) {
	require.NoError(t, r.Change(func(tx *Tx) error {
		for _, m := range list {
			r.Put(tx, m)
		}
		return nil
	}))
}

func (r *things) names(rd Reader) string {
	var list []string
	for m := range r.All(rd) {
		list = append(list, m.Name)
	}
	return strings.Join(list, " ")
}

func TestAtomic(t *testing.T) {
	r := newThings(t, NewClock(noon))
	r.put(t, &thing{Name: "b"}, &thing{Name: "a"})
	before := r.View(nil)
	failure := errors.New("no")
	require.Equal(t, failure, r.Change(func(tx *Tx) error {
		r.Put(tx, &thing{Name: "c"})
		r.Delete(tx, "a")
		require.Equal(t, "b c", r.names(tx), "it reads what it has written")
		require.Equal(t, uint64(1), tx.Count("n"))
		return failure
	}))
	require.Equal(t, "a b", r.names(r.View(nil)))
	require.Equal(t, before.Commit(), r.View(nil).Commit())

	r.put(t, &thing{Name: "c"})
	require.Equal(t, "a b", r.names(before), "a View does not change")
	require.Equal(t, "a b c", r.names(r.View(nil)))
	require.Equal(t, "a b", r.names(r.View(&mockserver.Exchange{Stale: 1})))
	require.Equal(t, "", r.names(r.View(&mockserver.Exchange{Stale: 1000})), "the oldest there is")
	require.NoError(t, r.Change(func(tx *Tx) error {
		require.Equal(t, uint64(1), tx.Count("n"), "a change that failed took its number back")
		return nil
	}))
	_, err := Do(r.State, func(*Tx) (*thing, error) { return new(thing), failure })
	require.Equal(t, failure, err)
}

func TestLinks(t *testing.T) {
	r := newThings(t, NewClock(noon))
	require.ErrorContains(t, r.Change(func(tx *Tx) error {
		r.Put(tx, &thing{Name: "a", On: []string{"b"}})
		return nil
	}), "thing a refers to thing b, which is not there")
	require.NoError(t, r.Change(func(tx *Tx) error { // in any order
		r.Put(tx, &thing{Name: "a", On: []string{"b", "b"}})
		r.Put(tx, &thing{Name: "b", On: []string{"a"}})
		r.Put(tx, &thing{Name: "bb", On: []string{"b"}})
		return nil
	}))
	b := Ref{"thing", "b"}
	require.Equal(t, []Ref{{"thing", "a"}, {"thing", "bb"}}, slices.Collect(r.View(nil).Referrers(b)))
	require.True(t, r.View(nil).Linked(b, "thing"))
	require.False(t, r.View(nil).Linked(b, "message", "nothing"))
	require.False(t, r.View(nil).Linked(Ref{"nothing", "b"}))
	require.ErrorContains(t, r.Change(func(tx *Tx) error {
		r.Delete(tx, "b")
		return nil
	}), "thing b is gone, and thing a refers to it")
	r.put(t, &thing{Name: "a"}, &thing{Name: "bb"})
	require.False(t, r.View(nil).Linked(b))
	require.NoError(t, r.Change(func(tx *Tx) error {
		r.Delete(tx, "b")
		r.Delete(tx, "b")
		return nil
	}))
	require.False(t, r.View(nil).Linked(Ref{"thing", "a"}))
}

func TestDue(t *testing.T) {
	const want = "01 13:00 a, 01 13:00 b, 01 13:30 c, 01 14:00 a, 01 14:00 b, 01 14:30 c, 01 15:00 a, 01 15:00 b, 01 15:30 c"
	for name, wait := range map[string]func(*things){
		"in one go": func(r *things) { r.Advance(24 * time.Hour) },
		"in steps": func(r *things) {
			for range 24 * 60 {
				r.Advance(time.Minute)
			}
		},
		"when somebody looks": func(r *things) {
			r.Clock.Advance(24 * time.Hour)
			r.View(nil)
		},
		"when somebody changes something": func(r *things) {
			r.Clock.Advance(24 * time.Hour)
			require.NoError(t, r.Change(func(tx *Tx) error {
				require.Equal(t, 3, r.Get(tx, "c").Rings)
				return nil
			}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newThings(t, NewClock(noon))
			r.put(t, &thing{Name: "c", Ring: noon.Add(90 * time.Minute)}, &thing{Name: "b", Ring: noon.Add(time.Hour)},
				&thing{Name: "a", Ring: noon.Add(time.Hour)}, &thing{Name: "d", Ring: noon.Add(48 * time.Hour)})
			wait(r)
			require.Equal(t, want, strings.Join(r.log, ", "))
			require.Equal(t, noon.Add(24*time.Hour), r.View(nil).Now())
			require.Equal(t, 9, r.Queue.Len("REG-A"))
		})
	}
}

// TestDueFarAway is about times that nanoseconds can't tell.
func TestDueFarAway(t *testing.T) {
	r := newThings(t, NewClock(noon))
	day := func(y int) time.Time { return time.Date(y, 12, 31, 0, 0, 0, 0, time.UTC) }
	r.put(t, &thing{Name: "far", Ring: day(2500)}, &thing{Name: "farther", Ring: day(9999)}, &thing{Name: "near", Ring: day(2026)})
	r.Advance(200 * 365 * 24 * time.Hour)
	require.Equal(t, "31 00:00 near, 31 01:00 near, 31 02:00 near", strings.Join(r.log, ", "))
}

// TestDueAndBroken is about what falls due and can't happen: because it does not move on,
// because of a panic, and because it breaks a link. It is logged, and the rest goes on.
func TestDueAndBroken(t *testing.T) {
	for want, broken := range map[string]func(*Table[*thing], *Tx, *thing){
		"falls due again and again at 2026-03-01 13:00:00": func(table *Table[*thing], tx *Tx, m *thing) {
			table.Put(tx, &thing{Name: m.Name, Ring: m.Ring})
		},
		"panic: no bell": func(*Table[*thing], *Tx, *thing) { panic("no bell") },
		"refers to thing none": func(table *Table[*thing], tx *Tx, m *thing) {
			table.Put(tx, &thing{Name: m.Name, On: []string{"none"}})
		},
	} {
		t.Run(want, func(t *testing.T) {
			var log bytes.Buffer
			s, err := NewState(Options{Clock: NewClock(noon), Log: slog.New(slog.NewTextHandler(&log, nil))}, nil)
			require.NoError(t, err)
			var table *Table[*thing]
			table = NewTable(s, "thing", func(tx *Tx, m *thing) {
				if m.Name == "broken" {
					broken(table, tx, m)
					return
				}
				table.Put(tx, &thing{Name: m.Name, Rings: m.Rings + 1})
			})
			require.NoError(t, s.Change(func(tx *Tx) error {
				for name, at := range map[string]time.Duration{"before": 1, "broken": 2, "beside": 2, "after": 3} {
					table.Put(tx, &thing{Name: name, Ring: noon.Add(at * 30 * time.Minute)})
				}
				return nil
			}))
			s.Advance(10 * time.Hour)
			v := s.View(nil)
			for _, name := range []string{"before", "beside", "after"} {
				require.Equal(t, 1, table.Get(v, name).Rings, name)
			}
			require.Equal(t, noon.Add(time.Hour), table.Get(v, "broken").Ring, "it is as it was")
			require.Equal(t, 1, strings.Count(log.String(), "does not happen"), log.String())
			require.Contains(t, log.String(), want)
			require.NoError(t, s.Change(func(tx *Tx) error {
				table.Put(tx, &thing{Name: "broken"})
				return nil
			}), "it goes on")
		})
	}
}

func TestQueueExpires(t *testing.T) {
	r := newThings(t, NewClock(noon))
	r.Queue.TTL = 7 * 24 * time.Hour
	r.Queue.Add("REG-A", "one", nil)
	r.Advance(24 * time.Hour)
	r.Queue.Add("REG-A", "two", nil)
	r.Queue.Add("REG-A/2", "three", nil)
	require.Equal(t, 2, r.Queue.Len("REG-A"))
	r.Advance(6 * 24 * time.Hour)
	require.Equal(t, 1, r.Queue.Len("REG-A"))
	require.Equal(t, "two", r.Queue.first(r.View(nil), "REG-A").Text)
	r.Advance(24 * time.Hour)
	require.Zero(t, r.Queue.Len("REG-A"))
	require.Zero(t, r.Queue.Len("REG-A/2"))
}

func TestSnapshots(t *testing.T) {
	clock := NewClock(noon)
	r := newThings(t, clock)
	r.put(t, &thing{Name: "a", Ring: noon.Add(time.Hour)})
	r.Save("early")
	r.Advance(2 * time.Hour)
	r.put(t, &thing{Name: "b", On: []string{"a"}})
	r.Save("late")
	require.Equal(t, []string{"early", "late"}, r.Snapshots())
	require.NoError(t, r.Restore("early"))
	require.Equal(t, noon, clock.Now())
	require.Equal(t, "a", r.names(r.View(nil)))
	require.Zero(t, r.Queue.Len("REG-A"))
	require.False(t, r.View(nil).Linked(Ref{"thing", "a"}))
	r.Advance(time.Hour)
	require.Equal(t, 1, r.Queue.Len("REG-A"), "time goes on from there")
	require.NoError(t, r.Restore("late"))
	require.Equal(t, 2, r.Get(r.View(nil), "a").Rings)
	require.ErrorIs(t, r.Restore("never"), ErrNoSnapshot)

	require.NoError(t, r.Reset())
	require.Equal(t, "", r.names(r.View(nil)))
	require.Equal(t, noon, clock.Now())
	require.Empty(t, r.Snapshots())
	require.Equal(t, uint64(1), r.NextCommand())
}

// TestSameHistory is about two registries with one seed: what is random is alike, and a
// change that failed between does not matter.
func TestSameHistory(t *testing.T) {
	history := func(fail bool) (texts []string) {
		r := newThings(t, NewClock(noon))
		for range 5 {
			if fail {
				_ = r.Change(func(tx *Tx) error {
					tx.Rand().Text("abcdef", 8)
					return errors.New("no")
				})
			}
			require.NoError(t, r.Change(func(tx *Tx) error {
				texts = append(texts, tx.Rand().Text("abcdef", 8))
				r.Put(tx, &thing{Name: texts[len(texts)-1]})
				return nil
			}))
		}
		return texts
	}
	one := history(false)
	require.Equal(t, one, history(true))
	slices.Sort(one)
	require.Len(t, slices.Compact(one), 5, "each change has its own")
}

// TestStoreAgainstModel walks at random and compares the tables and indices with plain
// maps, also after failures and restores.
func TestStoreAgainstModel(t *testing.T) {
	for seed := range uint64(5) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		r := newThings(t, NewClock(noon))
		model := make(map[string]*thing)
		saved := make(map[string]*thing)
		r.Save("s")
		for step := range 2000 {
			switch name := fmt.Sprintf("t%d", rnd.IntN(30)); rnd.IntN(10) {
			case 0:
				r.Save("s")
				saved = clone(model)
			case 1:
				require.NoError(t, r.Restore("s"))
				model = clone(saved)
			case 2, 3, 4:
				used := false
				for _, m := range model {
					used = used || slices.Contains(m.On, name) && m.Name != name
				}
				err := r.Change(func(tx *Tx) error {
					r.Delete(tx, name)
					return nil
				})
				require.Equal(t, used && model[name] != nil, err != nil, "step %d", step)
				if err == nil {
					delete(model, name)
				}
			default:
				m := &thing{Name: name}
				good := true
				for range rnd.IntN(4) {
					on := fmt.Sprintf("t%d", rnd.IntN(30))
					m.On = append(m.On, on)
					good = good && (model[on] != nil || on == name)
				}
				err := r.Change(func(tx *Tx) error {
					r.Put(tx, m)
					return nil
				})
				require.Equal(t, good, err == nil, "step %d", step)
				if err == nil {
					model[name] = m
				}
			}
			if step%20 == 0 {
				compare(t, r, model)
			}
		}
	}
}

func clone(m map[string]*thing) map[string]*thing {
	out := make(map[string]*thing, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

func compare(t *testing.T, r *things, model map[string]*thing) {
	v := r.View(nil)
	require.Equal(t, len(model), r.Len(v))
	want := make(map[string][]string)
	for name, m := range model {
		require.Same(t, m, r.Get(v, name))
		for _, on := range m.On {
			if !slices.Contains(want[on], name) {
				want[on] = append(want[on], name)
			}
		}
	}
	for i := range 30 {
		name := fmt.Sprintf("t%d", i)
		var got []string
		for ref := range v.Referrers(Ref{"thing", name}) {
			got = append(got, ref.Handle)
		}
		slices.Sort(want[name])
		require.Equal(t, want[name], got, name)
	}
}

// TestReadersNeverWait has readers look at Views while others change the registry, for
// the race detector, and that what they see is whole.
func TestReadersNeverWait(t *testing.T) {
	r := newThings(t, NewClock(noon))
	r.put(t, &thing{Name: "x"}, &thing{Name: "y"})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for i := range 300 {
				_ = r.Change(func(tx *Tx) error {
					for _, name := range []string{"x", "y"} {
						n := *r.Get(tx, name)
						n.Rings++
						r.Put(tx, &n)
					}
					r.Put(tx, &thing{Name: fmt.Sprintf("n%d", i)})
					return nil
				})
			}
		})
		wg.Go(func() {
			last := 0
			for range 300 {
				v := r.View(nil)
				x, y := r.Get(v, "x").Rings, r.Get(v, "y").Rings
				require.Equal(t, x, y)
				require.GreaterOrEqual(t, x, last)
				last = x
				r.names(v)
			}
		})
	}
	wg.Wait()
	require.Equal(t, 600, r.Get(r.View(nil), "x").Rings)
}

func TestKeptIsHidden(t *testing.T) {
	k := struct{ AuthInfo Kept }{"hush-hush"}
	require.NotContains(t, fmt.Sprintf("%v %+v %#v %s", k, k, k, k.AuthInfo), "hush")
	b, err := json.Marshal(k)
	require.NoError(t, err)
	require.Contains(t, string(b), "hush-hush", "a snapshot needs it")
}

func TestDuration(t *testing.T) {
	for in, want := range map[string]string{"5d": "5d", "48h": "2d", "90m": "1h30m0s", "0": "0s", "0d": "0s", "4d12h": "108h0m0s"} {
		d, err := ParseDuration(in)
		require.NoError(t, err, in)
		require.Equal(t, want, d.String())
	}
	for _, in := range []string{"", "5", "-1h", "d", "1.5d", "99999d9", "-3d", "70000d"} {
		_, err := ParseDuration(in)
		require.Error(t, err, in)
	}
}

func BenchmarkChange(b *testing.B) {
	for _, n := range []int{10, 10_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			r := newThings(b, NewClock(noon))
			require.NoError(b, r.Change(func(tx *Tx) error {
				for i := range n {
					r.Put(tx, &thing{Name: fmt.Sprintf("thing-%07d", i)})
				}
				return nil
			}))
			i := 0
			for b.Loop() {
				i = (i + 7919) % n
				r.put(b, &thing{Name: fmt.Sprintf("thing-%07d", i)})
			}
		})
	}
}

func BenchmarkGet(b *testing.B) {
	for _, n := range []int{10, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			r := newThings(b, NewClock(noon))
			require.NoError(b, r.Change(func(tx *Tx) error {
				for i := range n {
					r.Put(tx, &thing{Name: fmt.Sprintf("thing-%07d", i)})
				}
				return nil
			}))
			i := 0
			for b.Loop() {
				i = (i + 7919) % n
				r.Get(r.View(nil), fmt.Sprintf("thing-%07d", i))
			}
		})
	}
}
