package registry

import (
	"encoding/binary"

	"github.com/tidwall/btree"
)

// records are a table's, in the order of their keys.
type records struct{ *btree.BTreeG[item] }

// An item is a record, and the beginning of its key as a number. Most comparisons need
// that alone, and are spared two reads of memory that is in no cache where there are a
// million records.
type item struct {
	begin uint64
	Record
}

func newRecords() records { return records{newTree(itemLess)} }

func itemLess(a, b item) bool {
	if a.begin != b.begin {
		return a.begin < b.begin
	}
	return a.Key() < b.Key()
}

func itemOf(r Record) item {
	key := r.Key()
	if len(key) >= 8 {
		return item{binary.BigEndian.Uint64([]byte(key[:8])), r}
	}
	var b [8]byte // a key that ends comes before one that goes on with zeros
	copy(b[:], key)
	return item{binary.BigEndian.Uint64(b[:]), r}
}

// probe is a key to look for.
type probe string

func (p probe) Key() string { return string(p) }

func (t records) Get(key string) (Record, bool) {
	it, ok := t.BTreeG.Get(itemOf(probe(key)))
	return it.Record, ok
}

// Set returns the record that there was.
func (t records) Set(r Record) Record {
	it, _ := t.BTreeG.Set(itemOf(r))
	return it.Record
}

// Load is Set for a key after all others; false where the key is not new.
func (t records) Load(r Record) bool {
	_, twice := t.BTreeG.Load(itemOf(r))
	return !twice
}

// Delete returns the record that there was.
func (t records) Delete(key string) (Record, bool) {
	it, ok := t.BTreeG.Delete(itemOf(probe(key)))
	return it.Record, ok
}

func (t records) Copy() records { return records{t.BTreeG.Copy()} }

func (t records) Scan(f func(Record) bool) {
	t.BTreeG.Scan(func(it item) bool { return f(it.Record) })
}

// Ascend begins at a key.
func (t records) Ascend(key string, f func(Record) bool) {
	t.BTreeG.Ascend(itemOf(probe(key)), func(it item) bool { return f(it.Record) })
}
