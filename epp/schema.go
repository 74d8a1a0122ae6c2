package epp

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/eppkit/eppkit/internal/xmltree"
)

// A Level is one of the three ways in which EPP can be extended (RFC 3735,
// section 2).
type Level uint8

// The levels of extension.
const (
	// ObjectLevel is a kind of object, announced by an objURI.
	ObjectLevel Level = iota + 1
	// CommandLevel adds to commands and responses, announced by an extURI.
	CommandLevel
	// ProtocolLevel adds commands of its own. FRED does not announce its.
	ProtocolLevel
)

// An Extension is everything a program has to know to speak one namespace. It is
// a value: it takes effect in the [Schema] it is given to, and nowhere else.
type Extension struct {
	URI   string
	Level Level
	// Document is where the namespace is defined, as in "RFC 5910".
	Document string
	// Hidden extensions are spoken without being announced.
	Hidden bool
	// Elements make an empty element of each kind that may stand in a
	// command, a response or a message, by means of [Make].
	Elements []func() Element
	// XSD is the namespace's schema document, where package schemas does not
	// carry one: the extension brings it along, embedded from its own folder.
	XSD string
	// Secrets are local names of elements and attributes of the namespace, and of
	// children without one, whose content nobody may see: no log, no journal and no
	// error text shows it. It is for names that do not tell; those that [Secret]
	// lists are hidden in every namespace.
	Secrets []string

	of string // the URI in the names of the elements, where that is not URI
}

// At is the extension for a registry that has a namespace of its own for it: the same
// elements and types, announced, read and written with another URI. What such a
// namespace has beside them is kept in a message's Extra.
func (e Extension) At(uri string) Extension {
	if e.of == "" {
		e.of = e.URI
	}
	e.URI = uri
	return e
}

// Protocol is EPP itself as an extension. Every set has it: it is for registries that
// have another URI even for that, as epp.Protocol().At("urn:example:epp-2.0").
func Protocol() Extension {
	return Extension{URI: NS, Level: ProtocolLevel, Hidden: true, Document: "RFC 5730"}
}

// Make makes an empty element. It is for Extension.Elements, as in
// epp.Make[Check].
func Make[T any, P interface {
	*T
	Element
}]() Element {
	return P(new(T))
}

// A Schema is the set of namespaces that a client or a server speaks. Its methods
// may be called by any number of goroutines.
type Schema struct {
	elements       map[Name]func() Element
	objURI, extURI []string
	moved          []moved
	given          []Extension
	secrets        map[Name]bool // by the namespace in the package, on the wire, and none
}

// moved is a namespace that has another URI in a set than in its package.
type moved struct{ of, uri string }

// sameURIs reports whether two sets write every namespace alike.
func (s *Schema) sameURIs(o *Schema) bool {
	var a, b []moved
	if s != nil {
		a = s.moved
	}
	if o != nil {
		b = o.moved
	}
	return slices.Equal(a, b)
}

// uriOf returns the URI that the set has for a package's namespace.
func (s *Schema) uriOf(space string) string {
	if s != nil {
		for i := range s.moved {
			if s.moved[i].of == space {
				return s.moved[i].uri
			}
		}
	}
	return space
}

// spaceOf returns the namespace of the package for a URI on the wire.
func (s *Schema) spaceOf(uri string) string {
	if s != nil {
		for i := range s.moved {
			if s.moved[i].uri == uri {
				return s.moved[i].of
			}
		}
	}
	return uri
}

// NameOf returns the name that an element has on the wire.
func (s *Schema) NameOf(e Element) Name {
	n := e.XMLName()
	if _, raw := e.(*Raw); !raw {
		n.Space = s.uriOf(n.Space)
	}
	return n
}

// NewSchema makes a set. An extension or an element that is given twice is an
// error.
func NewSchema(exts ...Extension) (*Schema, error) {
	s := &Schema{elements: make(map[Name]func() Element), given: slices.Clone(exts), secrets: make(map[Name]bool)}
	var seen, packages []string
	for i, e := range exts {
		if e.URI == "" {
			return nil, fmt.Errorf("epp: the extension number %d has no URI", i+1)
		}
		if slices.Contains(seen, e.URI) {
			return nil, fmt.Errorf("epp: the extension %q is given twice", e.URI)
		}
		if e.Level < ObjectLevel || e.Level > ProtocolLevel {
			return nil, fmt.Errorf("epp: the extension %q has no Level", e.URI)
		}
		of := cmp.Or(e.of, e.URI)
		if slices.Contains(packages, of) {
			return nil, fmt.Errorf("epp: the namespace %q is given twice, at %q again", of, e.URI)
		}
		seen, packages = append(seen, e.URI), append(packages, of)
		if of != e.URI {
			s.moved = append(s.moved, moved{of, e.URI})
		}
		for _, mk := range e.Elements {
			name := mk().XMLName()
			if name.Space == of {
				name.Space = e.URI
			}
			if _, dup := s.elements[name]; dup {
				return nil, fmt.Errorf("epp: the element %s is given twice", name)
			}
			s.elements[name] = mk
		}
		for _, local := range e.Secrets {
			local = strings.ToLower(local)
			s.secrets[Name{e.URI, local}], s.secrets[Name{of, local}], s.secrets[Name{"", local}] = true, true, true
		}
		switch {
		case e.Hidden:
		case e.Level == ObjectLevel:
			s.objURI = append(s.objURI, e.URI)
		default:
			s.extURI = append(s.extURI, e.URI)
		}
	}
	return s, nil
}

// ObjURI lists the object namespaces to announce, in the order given.
func (s *Schema) ObjURI() []string {
	if s == nil {
		return nil
	}
	return slices.Clone(s.objURI)
}

// ExtURI lists the extension namespaces to announce, in the order given.
func (s *Schema) ExtURI() []string {
	if s == nil {
		return nil
	}
	return slices.Clone(s.extURI)
}

func (s *Schema) newElement(name Name) Element {
	if s == nil {
		return nil
	}
	if mk := s.elements[name]; mk != nil {
		return mk()
	}
	return nil
}

// A decoder is what decoding needs and can use again.
type decoder struct {
	Codec
	tree xmltree.Tree
}

var decoders = sync.Pool{New: func() any { return new(decoder) }}

// free gives a decoder back, without anything that keeps a document alive.
func (d *decoder) free() {
	path := d.path[:cap(d.path)]
	clear(path)
	d.Codec = Codec{path: path[:0]}
	if d.tree.Reset() {
		decoders.Put(d)
	}
}

// Parse reads a message tolerantly: whatever RFC 5730 makes legal, and what peers
// send beyond it, as long as it can be understood. Elements that the set does not
// know are kept as Raw. A nil Schema knows the messages of RFC 5730 alone.
//
// The error is a [*SyntaxError] or a [*FieldError].
func (s *Schema) Parse(frame []byte) (Message, error) { return s.parse(frame, Codec{}) }

// ParseStrict reads a message as Parse does, but refuses what breaks the structure
// of the schema: an order that is not the schema's, a required element that is
// missing, an element or attribute too many.
func (s *Schema) ParseStrict(frame []byte) (Message, error) {
	return s.parse(frame, Codec{strict: true})
}

// ParseRequest is ParseStrict for a server: a greeting or a response is refused
// without a look at what is in it. The error is then ErrNotRequest in a
// [*FieldError].
func (s *Schema) ParseRequest(frame []byte) (Message, error) {
	return s.parse(frame, Codec{strict: true, requests: true})
}

func (s *Schema) parse(frame []byte, how Codec) (Message, error) {
	d := decoders.Get().(*decoder)
	defer d.free()
	if err := d.tree.Parse(frame, xmltree.Limits{}); err != nil {
		return nil, err
	}
	how.set, how.decoding, how.tree, how.path = s, true, &d.tree, d.path[:0]
	d.Codec = how
	return d.message()
}

// A Namespace is one that a set speaks.
type Namespace struct {
	URI string // on the wire
	// Of is the URI in the names of its elements, which differs from URI after
	// [Extension.At].
	Of       string
	Document string
	Elements []string // local names of those that it has types for
	XSD      string   // its schema document, where the extension brings one
	Secrets  []string // of the extension
}

// Namespaces lists what the set speaks, in the order given; EPP itself, which has no
// Elements here, comes first.
func (s *Schema) Namespaces() []Namespace {
	out := []Namespace{{URI: s.uriOf(NS), Of: NS, Document: Protocol().Document}}
	if s == nil {
		return out
	}
	for _, e := range s.given {
		if of := cmp.Or(e.of, e.URI); of != NS {
			n := Namespace{URI: e.URI, Of: of, Document: e.Document, XSD: e.XSD, Secrets: e.Secrets}
			for _, mk := range e.Elements {
				if name := mk().XMLName(); name.Space == of {
					n.Elements = append(n.Elements, name.Local)
				}
			}
			out = append(out, n)
		}
	}
	return out
}
