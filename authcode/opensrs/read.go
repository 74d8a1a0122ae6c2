package opensrs

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/eppkit/eppkit/internal/xmltree"
)

// ErrMalformed is in the chain of every error of Read. Their texts quote nothing of the
// document, which may hold a code.
var ErrMalformed = errors.New("malformed XCP")

// What a document may ask for.
const (
	maxSize     = 16 << 20 // octets
	maxElements = 1 << 16
	maxDepth    = 64 // elements; each level of items takes two
)

// Read reads an XCP document. It may have a DOCTYPE, of which nothing is fetched and
// which may declare nothing; there are no entities but those that XML itself has.
// Elements beside those of XCP are passed over around the data block, and refused in
// it.
func Read(doc []byte) (*Envelope, error) {
	if len(doc) > maxSize {
		return nil, malformed("it is larger than %d octets", maxSize)
	}
	doc, doctype, err := bare(doc)
	if err != nil {
		return nil, err
	}
	tree, err := xmltree.Parse(doc, xmltree.Limits{Depth: maxDepth, Elements: maxElements})
	var syntax *xmltree.SyntaxError
	switch {
	case errors.As(err, &syntax):
		// Its words may name an element, and so a part of a code that was not
		// escaped.
		return nil, malformed("it is not XML as it should be at line %d, column %d", syntax.Line, syntax.Column)
	case err != nil:
		return nil, ErrMalformed
	}
	r := reader{tree}
	if r.name(xmltree.Root) != "OPS_envelope" {
		return nil, malformed("it is no OPS_envelope")
	}
	e := &Envelope{Doctype: doctype}
	if version := r.find(xmltree.Root, "header", "version"); version != 0 {
		e.Version = strings.TrimSpace(r.Nodes[version].Text)
	}
	block := r.find(xmltree.Root, "body", "data_block", "dt_assoc")
	if block == 0 {
		return nil, malformed("it has no dt_assoc in a data_block in its body")
	}
	if e.Data, err = r.assoc(block); err != nil {
		return nil, err
	}
	return e, nil
}

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrMalformed, fmt.Sprintf(format, args...))
}

type reader struct{ *xmltree.Tree }

func (r reader) name(i int32) string { return r.Nodes[i].Local }

// find goes down from element i along a path of names; 0 where it ends.
func (r reader) find(i int32, path ...string) int32 {
	for _, name := range path {
		for i = r.Nodes[i].Child; i != 0 && r.name(i) != name; {
			i = r.Nodes[i].Next
		}
		if i == 0 {
			return 0
		}
	}
	return i
}

// items yields the items of an array of either kind with their keys.
func (r reader) items(array int32, each func(key string, v Value) error) error {
	if r.Nodes[array].Text != "" && !xmltree.IsSpace(r.Nodes[array].Text) {
		return malformed("there is text between items")
	}
	for i := r.Nodes[array].Child; i != 0; i = r.Nodes[i].Next {
		if r.name(i) != "item" {
			return malformed("an array has an element that is no item")
		}
		key, ok := r.key(i)
		if !ok {
			return malformed("an item has no key")
		}
		v, err := r.value(i)
		if err != nil {
			return err
		}
		if err := each(key, v); err != nil {
			return err
		}
	}
	return nil
}

func (r reader) key(i int32) (string, bool) {
	for _, a := range r.AttrsOf(i) {
		if a.Local == "key" && a.NS == xmltree.NoSpace {
			return a.Value, true
		}
	}
	return "", false
}

// value is what an item holds.
func (r reader) value(i int32) (Value, error) {
	n := r.Nodes[i]
	switch child := n.Child; {
	case child == 0:
		return Text(n.Text), nil
	case n.Text != "":
		return Value{}, malformed("an item has text beside an element")
	case r.Nodes[child].Next != 0:
		return Value{}, malformed("an item has two values")
	case r.name(child) == "dt_assoc":
		a, err := r.assoc(child)
		return Value{Assoc: a}, err
	case r.name(child) == "dt_array":
		a, err := r.array(child)
		return Value{Array: a}, err
	case r.name(child) == "dt_scalar" && r.Nodes[child].Child == 0:
		return Text(r.Nodes[child].Text), nil
	}
	return Value{}, malformed("an item has an element that is neither dt_assoc nor dt_array")
}

func (r reader) assoc(i int32) (Assoc, error) {
	a, seen := Assoc{}, map[string]bool{}
	return a, r.items(i, func(key string, v Value) error {
		if seen[key] {
			return malformed("a dt_assoc has two items of one key")
		}
		seen[key] = true
		a = append(a, Item{key, v})
		return nil
	})
}

// array puts the items in the order of their keys, which clients that keep them in hash
// tables don't write in order.
func (r reader) array(i int32) ([]Value, error) {
	type entry struct {
		key int
		Value
	}
	var list []entry
	err := r.items(i, func(key string, v Value) error {
		n, err := strconv.ParseUint(key, 10, 31)
		if err != nil {
			return malformed("a dt_array has a key that is no number")
		}
		list = append(list, entry{int(n), v})
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(list, func(a, b entry) int { return cmp.Compare(a.key, b.key) })
	array := make([]Value, len(list))
	for n, it := range list {
		if n > 0 && it.key == list[n-1].key {
			return nil, malformed("a dt_array has two items of one key")
		}
		array[n] = it.Value
	}
	return array, nil
}
