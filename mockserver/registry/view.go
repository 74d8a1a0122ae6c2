package registry

import (
	"encoding/json"
	"fmt"
	"iter"
	"reflect"
	"time"

	"github.com/tidwall/btree"
)

// A View is all that a registry holds at one moment. It does not change; a command
// that reads does so on one View, and never waits for others.
type View struct {
	state  *State
	now    time.Time
	tables []records // by table.n
	links  *btree.BTreeG[link]
	due    *btree.BTreeG[due]
	commit uint64 // counts the changes since the registry was made
}

// A Reader is a *View, or a *Tx, which reads what it has written.
type Reader interface {
	Now() time.Time
	Linked(to Ref, kinds ...string) bool
	Referrers(to Ref, kinds ...string) iter.Seq[Ref]
	view() *View
}

func (v *View) view() *View { return v }

// Now is the registry's time: of a View when it was asked for, of a Tx the one time at
// which all of it happens.
func (v *View) Now() time.Time { return v.now }

// Commit counts the changes before this View.
func (v *View) Commit() uint64 { return v.commit }

// A link is one record's reference to another.
type link struct {
	toTable, fromTable uint8
	to, from           string
}

func linkLess(a, b link) bool {
	switch {
	case a.toTable != b.toTable:
		return a.toTable < b.toTable
	case a.to != b.to:
		return a.to < b.to
	case a.fromTable != b.fromTable:
		return a.fromTable < b.fromTable
	}
	return a.from < b.from
}

// due is when something happens with a record.
type due struct {
	at    int64 // nanoseconds since 1970
	table uint8
	key   string
}

func dueLess(a, b due) bool {
	switch {
	case a.at != b.at:
		return a.at < b.at
	case a.table != b.table:
		return a.table < b.table
	}
	return a.key < b.key
}

func newTree[T any](less func(a, b T) bool) *btree.BTreeG[T] {
	return btree.NewBTreeGOptions(less, btree.Options{NoLocks: true, Degree: treeDegree})
}

// treeDegree makes nodes of up to 31 items. A change copies the nodes on its way: with
// larger ones, such as the 63 that are the default, it copies half as much again.
const treeDegree = 16

// table is a [Table] without its type.
type table struct {
	n     uint8
	name  string
	make  func() Record
	event func(*Tx, Record)       // nil where nothing happens by the clock
	valid func(*Tx, Record) error // nil where every record is
	holds func(*Tx, Record) error // nil where every record may go
	own   bool                    // the registry's own: nobody else puts its records
}

// decode makes a record of its JSON.
func (t *table) decode(doc []byte) (Record, error) {
	r := t.make()
	return r, json.Unmarshal(doc, r)
}

// A Table holds the records of one kind, in the order of their keys.
type Table[R Record] struct{ table }

// NewTable adds a table to a registry that is being made. The name says what a record
// is, such as domain; of an object it is its kind. event is called when a record that
// is [Timed] falls due, with the time at which it does; nil where none does. A name that
// is there twice panics.
func NewTable[R Record](s *State, name string, event func(*Tx, R)) *Table[R] {
	if _, dup := s.byName[name]; dup {
		panic(fmt.Sprintf("registry: there are two tables %q", name))
	}
	typ := reflect.TypeFor[R]().Elem()
	t := &Table[R]{table{n: uint8(len(s.tables)), name: name, make: func() Record {
		return reflect.New(typ).Interface().(R)
	}}}
	if event != nil {
		t.event = func(tx *Tx, r Record) { event(tx, r.(R)) }
	}
	s.addTable(&t.table)
	return t
}

// Name is the table's name.
func (t *Table[R]) Name() string { return t.name }

// Get returns a record, and nil (the zero R) where there is none.
func (t *Table[R]) Get(rd Reader, key string) R {
	r, _ := t.Lookup(rd, key)
	return r
}

// Lookup is [Table.Get] with whether the record is there.
func (t *Table[R]) Lookup(rd Reader, key string) (R, bool) {
	r, ok := rd.view().tables[t.n].Get(key)
	if !ok {
		var none R
		return none, false
	}
	return r.(R), true
}

// Has reports whether there is a record.
func (t *Table[R]) Has(rd Reader, key string) bool {
	_, ok := rd.view().tables[t.n].Get(key)
	return ok
}

// Len is how many records there are.
func (t *Table[R]) Len(rd Reader) int { return rd.view().tables[t.n].Len() }

// All are the records in the order of their keys. The table may not be changed
// meanwhile.
func (t *Table[R]) All(rd Reader) iter.Seq[R] { return t.From(rd, "") }

// From are the records from a key on.
func (t *Table[R]) From(rd Reader, key string) iter.Seq[R] {
	return func(yield func(R) bool) {
		rd.view().tables[t.n].Ascend(key, func(r Record) bool { return yield(r.(R)) })
	}
}

// Prefix are the records whose keys begin with a prefix.
func (t *Table[R]) Prefix(rd Reader, prefix string) iter.Seq[R] {
	return func(yield func(R) bool) {
		for r := range t.From(rd, prefix) {
			if k := r.Key(); len(k) < len(prefix) || k[:len(prefix)] != prefix || !yield(r) {
				return
			}
		}
	}
}

// Put stores a record, in place of the one with its key. What it links to must be
// there by the end of the change, or the change fails.
func (t *Table[R]) Put(tx *Tx, r R) { tx.put(&t.table, r) }

// Delete removes a record, which need not be there. A change that leaves something
// that links to it fails.
func (t *Table[R]) Delete(tx *Tx, key string) { tx.delete(&t.table, key) }

// Linked reports whether a record refers to this one; with kinds, whether one of
// those tables does.
func (v *View) Linked(to Ref, kinds ...string) bool {
	for range v.Referrers(to, kinds...) {
		return true
	}
	return false
}

// Referrers are the records that refer to one, ordered by table and key; with kinds,
// those of these tables. Nothing may be changed meanwhile.
func (v *View) Referrers(to Ref, kinds ...string) iter.Seq[Ref] {
	return func(yield func(Ref) bool) {
		t, ok := v.state.byName[to.Kind]
		if !ok {
			return
		}
		v.links.Ascend(link{toTable: t.n, to: to.Handle}, func(l link) bool {
			if l.toTable != t.n || l.to != to.Handle {
				return false
			}
			from := v.state.tables[l.fromTable].name
			for _, k := range kinds {
				if k == from {
					return yield(Ref{Kind: from, Handle: l.from})
				}
			}
			return len(kinds) > 0 || yield(Ref{Kind: from, Handle: l.from})
		})
	}
}
