package registry

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/tidwall/btree"
)

// A bulk fills an empty registry. Its indices are made at the end, in their order, which
// takes a small part of the time that it takes to keep them while records come.
type bulk struct {
	tx    *Tx
	links map[linkTo][]linkFrom
	dues  []due
	n     int // of the records
}

type linkTo struct {
	table uint8
	key   string
}

type linkFrom struct {
	table uint8
	key   string
}

func newBulk(s *State, h fileHeader) *bulk {
	tx := &Tx{View: View{state: s, now: h.Time.UTC(), commit: h.Commit, links: newTree(linkLess), due: newTree(dueLess)}}
	for range s.tables {
		tx.tables = append(tx.tables, newRecords())
	}
	return &bulk{tx: tx, links: make(map[linkTo][]linkFrom)}
}

// add is put for a record of some line of a file.
func (b *bulk) add(line int, t *table, r Record) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &FileError{Line: line, Reason: fmt.Sprintf("the record can't be understood: %v", v)}
		}
	}()
	if !b.put(t, r) {
		return &FileError{Line: line, Reason: "a record of table " + t.name + " is there twice"}
	}
	return nil
}

// put stores a record; false where there is one with its key. The order of keys is the
// fastest.
func (b *bulk) put(t *table, r Record) bool {
	if !b.tx.tables[t.n].Load(r) {
		return false
	}
	b.n++
	for _, l := range b.tx.linksOf(t, r) {
		to := linkTo{l.toTable, l.to}
		b.links[to] = append(b.links[to], linkFrom{l.fromTable, l.from})
	}
	if d := dueOf(t, r); d.at != 0 {
		b.dues = append(b.dues, d)
	}
	return true
}

// finish makes the indices. The error says what is linked to and not there.
func (b *bulk) finish() error {
	tx := b.tx
	targets := make([]linkTo, 0, len(b.links))
	for to := range b.links {
		targets = append(targets, to)
	}
	slices.SortFunc(targets, func(x, y linkTo) int { return cmp.Or(cmp.Compare(x.table, y.table), cmp.Compare(x.key, y.key)) })
	order := func(x, y linkFrom) int { return cmp.Or(cmp.Compare(x.table, y.table), cmp.Compare(x.key, y.key)) }
	for _, to := range targets {
		target, there := tx.tables[to.table].Get(to.key)
		from := b.links[to]
		if !there {
			tx.fail("%s %s refers to %s %s, which is not there",
				tx.state.tables[from[0].table].name, from[0].key, tx.state.tables[to.table].name, to.key)
			break
		}
		if !slices.IsSortedFunc(from, order) {
			slices.SortFunc(from, order)
		}
		for _, f := range slices.Compact(from) {
			tx.links.Load(link{to.table, f.table, target.Key(), f.key}) // with the target's own string
		}
	}
	slices.SortFunc(b.dues, func(x, y due) int {
		return cmp.Or(cmp.Compare(x.at, y.at), cmp.Compare(x.table, y.table), cmp.Compare(x.key, y.key))
	})
	for _, d := range b.dues {
		tx.due.Load(d)
	}
	tx.links, tx.due = compact(tx.links), compact(tx.due)
	for i, t := range tx.tables {
		tx.tables[i] = records{compact(t.BTreeG)}
	}
	return tx.fault
}

// compact is a tree without the room that its nodes were split from: where items come in
// their order that is half of it. A node that is copied takes no more than it has.
func compact[T any](t *btree.BTreeG[T]) *btree.BTreeG[T] {
	c := t.Copy()
	c.ScanMut(func(T) bool { return true }) // copies each node
	return c
}
