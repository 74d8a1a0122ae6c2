package registry

import (
	"encoding/json"
	"fmt"
)

// Copy is [Table.Lookup] with a copy of the record, which shares nothing with it and may be
// changed.
func (t *Table[R]) Copy(rd Reader, key string) (R, bool) {
	r, ok := t.Lookup(rd, key)
	if !ok {
		return r, false
	}
	doc, err := json.Marshal(r)
	if err != nil {
		panic(fmt.Sprintf("registry: %s %s is no record: %v", t.name, key, err)) // no snapshot could keep it
	}
	c, err := t.decode(doc)
	if err != nil {
		panic(fmt.Sprintf("registry: %s %s is no record: %v", t.name, key, err))
	}
	return c.(R), true
}
