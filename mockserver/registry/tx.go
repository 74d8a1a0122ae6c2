package registry

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"
)

// A Tx is a change of a registry, of which all happens or nothing. It reads what it
// has written. It belongs to the function that it was given to.
type Tx struct {
	View
	owned   []bool // by table: whether its tree is this Tx's own copy
	indexed bool   // whether links and due are
	changed map[Ref]bool
	rand    *Rand
	fault   error
	dropped bool // something is not due any more, without a change
}

// begin makes a Tx of the latest View. The State's lock is held.
func (s *State) begin(now time.Time) *Tx {
	tx := &Tx{View: *s.current.Load()}
	tx.tables = slices.Clone(tx.tables)
	tx.owned = make([]bool, len(tx.tables))
	tx.now = now
	return tx
}

// own copies what is about to be changed. The copy shares all of its nodes with the
// View's tree, which stays as it is.
func (tx *Tx) own(t *table) {
	if !tx.owned[t.n] {
		tx.tables[t.n], tx.owned[t.n] = tx.tables[t.n].Copy(), true
	}
	if !tx.indexed {
		tx.links, tx.due, tx.indexed = tx.links.Copy(), tx.due.Copy(), true
	}
	if tx.changed == nil {
		tx.changed = make(map[Ref]bool)
	}
}

func (tx *Tx) put(t *table, r Record) {
	tx.own(t)
	old := tx.tables[t.n].Set(r)
	tx.index(t, old, r)
	tx.changed[Ref{t.name, r.Key()}] = true
}

func (tx *Tx) delete(t *table, key string) {
	tx.own(t)
	if old, ok := tx.tables[t.n].Delete(key); ok {
		tx.index(t, old, nil)
		tx.changed[Ref{t.name, key}] = true
	}
}

// index takes what an old record brought out of the indices, and puts in what a new
// one brings; either may be nil.
func (tx *Tx) index(t *table, old, fresh Record) {
	before, after := tx.linksOf(t, old), tx.linksOf(t, fresh)
	for _, l := range before {
		if !slices.Contains(after, l) {
			tx.links.Delete(l)
		}
	}
	for _, l := range after {
		if !slices.Contains(before, l) {
			tx.links.Set(l)
		}
	}
	was, is := dueOf(t, old), dueOf(t, fresh)
	if was != is && was.at != 0 {
		tx.due.Delete(was)
	}
	if is.at != 0 { // also where nothing changed: an event takes its entry out first
		tx.due.Set(is)
	}
}

func (tx *Tx) linksOf(t *table, r Record) []link {
	m, ok := r.(Linked)
	if !ok {
		return nil
	}
	refs := m.Links()
	list := make([]link, 0, len(refs))
	for _, ref := range refs {
		to, known := tx.state.byName[ref.Kind]
		if !known {
			tx.fail("%s %s links to %s, a kind that there is not", t.name, r.Key(), ref)
			continue
		}
		list = append(list, link{toTable: to.n, to: ref.Handle, fromTable: t.n, from: r.Key()})
	}
	return list
}

func dueOf(t *table, r Record) due {
	if m, ok := r.(Timed); ok {
		if at := m.Due(); !at.IsZero() {
			return due{at: nanos(at), table: t.n, key: r.Key()}
		}
	}
	return due{}
}

// nanos are those since 1970, never 0. What is beyond the years that they can tell, 1678
// to 2261, is at the end of them: a domain may well be there until 9999.
func nanos(t time.Time) int64 {
	switch y := t.UTC().Year(); {
	case y > 2261:
		return math.MaxInt64
	case y < 1678:
		return math.MinInt64
	}
	if n := t.UnixNano(); n != 0 {
		return n
	}
	return 1
}

// fail makes the change fail with what must not be.
func (tx *Tx) fail(format string, args ...any) {
	if tx.fault == nil {
		tx.fault = fmt.Errorf("registry: "+format, args...)
	}
}

// check holds the change to what every registry keeps to: whatever is linked to is
// there. It looks at what was changed alone.
func (tx *Tx) check() error {
	for ref := range tx.changed {
		t := tx.state.byName[ref.Kind]
		r, ok := tx.tables[t.n].Get(ref.Handle)
		if !ok {
			for by := range tx.Referrers(ref) {
				tx.fail("%s is gone, and %s refers to it", ref, by)
				break
			}
			continue
		}
		for _, l := range tx.linksOf(t, r) {
			if _, there := tx.tables[l.toTable].Get(l.to); !there {
				tx.fail("%s refers to %s %s, which is not there", ref, tx.state.tables[l.toTable].name, l.to)
			}
		}
	}
	return tx.fault
}

// Count counts something, from 1: the next number of that name. It goes into ROIDs
// and the like. A change that fails takes its numbers back.
func (tx *Tx) Count(name string) uint64 {
	c := &counter{Name: name, N: tx.counted(name) + 1}
	tx.state.counters.Put(tx, c)
	return c.N
}

// counted is the number that Count gave last, 0 where it gave none.
func (tx *Tx) counted(name string) uint64 {
	if c := tx.state.counters.Get(tx, name); c != nil {
		return c.N
	}
	return 0
}

// StartCount makes the next number of a name at least n+1.
func (tx *Tx) StartCount(name string, n uint64) {
	if tx.counted(name) < n {
		tx.state.counters.Put(tx, &counter{Name: name, N: n})
	}
}

// Rand is the randomness of this change, or of what falls due in it. It follows from the
// registry's seed, and from how often there was any before: it is the same whether the
// clock came here in one step or in many, and after a snapshot was restored.
func (tx *Tx) Rand() *Rand {
	if tx.rand == nil {
		tx.rand = newRand(tx.state.opts.Seed, tx.Count("random"))
	}
	return tx.rand
}

// A counter is a number that only grows.
type counter struct {
	Name string `json:"name"`
	N    uint64 `json:"n"`
}

func (c *counter) Key() string { return c.Name }

// changes are what was changed, in the order of tables and keys.
func (tx *Tx) changes() []Ref {
	list := make([]Ref, 0, len(tx.changed))
	for ref := range tx.changed {
		list = append(list, ref)
	}
	slices.SortFunc(list, func(a, b Ref) int {
		return cmp.Or(
			cmp.Compare(tx.state.byName[a.Kind].n, tx.state.byName[b.Kind].n),
			cmp.Compare(a.Handle, b.Handle),
		)
	})
	return list
}
