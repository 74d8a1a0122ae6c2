package opensrs

import (
	"strings"

	"github.com/eppkit/eppkit/authcode"
)

// An Envelope is one XCP document: an OPS_envelope.
type Envelope struct {
	Version string // of the header; "" is written as 0.9
	// Doctype says that a DOCTYPE stands, or is to stand, before the envelope.
	Doctype bool
	Data    Assoc // the data_block
}

// A Value is what an item holds: an associative array or an array where the field is
// not nil, and a text otherwise. Texts may be codes; what prints a Value shows the keys
// alone.
type Value struct {
	Text  authcode.Secret
	Assoc Assoc   // dt_assoc
	Array []Value // dt_array
}

// An Item is one entry of an associative array.
type Item struct {
	Key   string
	Value Value
}

// An Assoc is an associative array: its keys differ. It keeps the order in which its
// items stand in the document.
type Assoc []Item

// Text makes a Value of a text.
func Text(s string) Value { return Value{Text: authcode.Secret(s)} }

// IsText reports whether v is a text.
func (v Value) IsText() bool { return v.Assoc == nil && v.Array == nil }

// Get returns the value of a key; false where there is none.
func (a Assoc) Get(key string) (Value, bool) {
	for _, it := range a {
		if it.Key == key {
			return it.Value, true
		}
	}
	return Value{}, false
}

// Text returns the text of a key as it stands in the document, with all its white
// space, as codes want it; "" where there is none.
func (a Assoc) Text(key string) authcode.Secret {
	v, _ := a.Get(key)
	return v.Text
}

// Word returns the text of a key without the white space around it, as names and
// numbers want it; "" where there is none.
func (a Assoc) Word(key string) string { return strings.TrimSpace(a.Text(key).Reveal()) }

// without returns the items that have none of the keys; nil where there are none.
func (a Assoc) without(keys ...string) Assoc {
	var rest Assoc
items:
	for _, it := range a {
		for _, key := range keys {
			if it.Key == key {
				continue items
			}
		}
		rest = append(rest, it)
	}
	return rest
}
