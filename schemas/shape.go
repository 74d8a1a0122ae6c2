package schemas

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/xmltree"
)

// shapes knows what schemas declare, so that a message can say what was expected.
// It judges nothing.
type shapes struct {
	elements, types, groups, attrGroups map[epp.Name]component
	// heads are the elements that others may stand in for (substitution groups).
	heads  map[epp.Name]epp.Name
	spaces map[string]bool

	// What a set of namespaces says, where the schemas are for one.
	of      map[string]string // the namespace in its package of one that has another URI
	secrets map[epp.Name]bool
	strange map[string]bool // of whose values nobody knows which are secret
}

// A component is an element of a schema document: a declaration or a definition. The
// zero component is none.
type component struct {
	doc *schemaDoc
	i   int32
}

type schemaDoc struct {
	*xmltree.Tree
	target    string
	qualified bool // local elements are in the target namespace
}

func newShapes(files []file) (*shapes, error) {
	x := &shapes{
		elements: map[epp.Name]component{}, types: map[epp.Name]component{},
		groups: map[epp.Name]component{}, attrGroups: map[epp.Name]component{},
		heads: map[epp.Name]epp.Name{}, spaces: map[string]bool{},
	}
	kinds := map[string]map[epp.Name]component{
		"element": x.elements, "complexType": x.types, "simpleType": x.types,
		"group": x.groups, "attributeGroup": x.attrGroups,
	}
	docs := make([]*schemaDoc, len(files))
	for i, f := range files {
		t, err := xmltree.Parse(f.data, xmltree.Limits{})
		if err != nil {
			return nil, err
		}
		doc := &schemaDoc{Tree: t, target: f.target}
		doc.qualified = attr(t, xmltree.Root, "elementFormDefault") == "qualified"
		docs[i] = doc
		x.spaces[f.target] = true
		for c := range (component{doc, xmltree.Root}).children() {
			if kind := kinds[c.local()]; kind != nil {
				name := epp.Name{Space: f.target, Local: c.attr("name")}
				kind[name] = c
				if head := c.attr("substitutionGroup"); head != "" {
					x.heads[name] = c.qname(head)
				}
			}
		}
	}
	return x, x.unresolved(files, docs)
}

func (x *shapes) knows(space string) bool { return x.spaces[space] }

func (c component) local() string            { return c.doc.Nodes[c.i].Local }
func (c component) attr(local string) string { return attr(c.doc.Tree, c.i, local) }

func (c component) children() func(yield func(component) bool) {
	return func(yield func(component) bool) {
		for i := c.doc.Nodes[c.i].Child; i != 0; i = c.doc.Nodes[i].Next {
			if !yield(component{c.doc, i}) {
				return
			}
		}
	}
}

// child is the first child of one of these names.
func (c component) child(locals ...string) (component, bool) {
	for d := range c.children() {
		if slices.Contains(locals, d.local()) {
			return d, true
		}
	}
	return component{}, false
}

// qname resolves a name as written in an attribute of c.
func (c component) qname(s string) epp.Name {
	prefix, local, ok := strings.Cut(s, ":")
	if !ok {
		prefix, local = "", s
	}
	for _, b := range c.doc.Scope(c.i) {
		if b.Prefix == prefix {
			return epp.Name{Space: b.URI, Local: local}
		}
	}
	return epp.Name{Local: local}
}

// number is the value of minOccurs or maxOccurs.
func (c component) number(local string) int {
	switch s := c.attr(local); s {
	case "":
		return 1
	case "unbounded":
		return math.MaxInt
	default:
		n, _ := strconv.Atoi(s)
		return n
	}
}

// A particle is what may stand in an element, and how often.
type particle struct {
	kind     byte // 'e' element, 'w' wildcard, 's' sequence, 'c' choice, 'a' all
	min, max int
	name     epp.Name
	decl     component // of an element; or where the particle stands
	parts    []particle
}

const deepest = 32 // types in types: a schema may be as odd as it likes

// content is the particle of a complex type.
func (x *shapes) content(typ component, depth int) []particle {
	if typ.doc == nil || depth > deepest {
		return nil
	}
	var out []particle
	for c := range typ.children() {
		switch c.local() {
		case "complexContent":
			return x.content(c, depth+1)
		case "extension":
			out = append(x.content(x.types[c.qname(c.attr("base"))], depth+1), x.content(c, depth+1)...)
		case "restriction":
			return x.content(c, depth+1)
		default:
			out = x.particles(out, c, depth+1)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return []particle{{kind: 's', min: 1, max: 1, parts: out}}
}

// particles appends what c is, if it is a particle.
func (x *shapes) particles(out []particle, c component, depth int) []particle {
	p := particle{min: c.number("minOccurs"), max: c.number("maxOccurs"), decl: c}
	of := c
	switch c.local() {
	case "element":
		p.kind = 'e'
		p.name = epp.Name{Local: c.attr("name")}
		if ref := c.attr("ref"); ref != "" {
			p.name = c.qname(ref)
			p.decl = x.elements[p.name]
		} else if c.attr("form") == "qualified" || c.doc.qualified && c.attr("form") == "" {
			p.name.Space = c.doc.target
		}
		return append(out, p)
	case "any":
		p.kind = 'w'
		return append(out, p)
	case "sequence", "choice", "all":
		p.kind = c.local()[0]
	case "group":
		if of = x.groups[c.qname(c.attr("ref"))]; of.doc == nil {
			return out
		}
		p.kind = 's'
	default:
		return out
	}
	if depth <= deepest {
		for d := range of.children() {
			p.parts = x.particles(p.parts, d, depth+1)
		}
	}
	return append(out, p)
}

// typeOf is the type of an element or an attribute: a definition, or the name of one
// of those that every schema has.
func (x *shapes) typeOf(decl component) (typ component, builtin string) {
	if decl.doc == nil {
		return component{}, ""
	}
	if s := decl.attr("type"); s != "" {
		name := decl.qname(s)
		if name.Space == xsdNS {
			return component{}, name.Local
		}
		return x.types[name], ""
	}
	typ, own := decl.child("complexType", "simpleType")
	if head := decl.attr("substitutionGroup"); head != "" && !own {
		return x.typeOf(x.elements[decl.qname(head)])
	}
	return typ, ""
}

// declaration is that of element i of a frame.
func (x *shapes) declaration(t *xmltree.Tree, i int32) component {
	if i == 0 {
		return component{}
	}
	name := nameOf(t, i)
	if parent := t.Nodes[i].Parent; parent != 0 {
		typ, _ := x.typeOf(x.declaration(t, parent))
		if p := find(x.content(typ, 0), name); p != nil {
			return p.decl
		}
	}
	return x.elements[name]
}

func find(parts []particle, name epp.Name) *particle {
	for i := range parts {
		p := &parts[i]
		if p.kind == 'e' && p.name == name {
			return p
		}
		if p := find(p.parts, name); p != nil {
			return p
		}
	}
	return nil
}

func nameOf(t *xmltree.Tree, i int32) epp.Name {
	n := &t.Nodes[i]
	return epp.Name{Space: t.SpaceURI(n.NS), Local: n.Local}
}

// after lists what may follow some children of element i of a frame.
func (x *shapes) after(t *xmltree.Tree, i int32, have []epp.Name) []string {
	typ, _ := x.typeOf(x.declaration(t, i))
	w := walker{shapes: x, have: have}
	w.sequence(x.content(typ, 0), 0, func(int) {})
	return w.next
}

// A walker goes every way through a content model along the children that are there,
// and notes what could come next.
type walker struct {
	*shapes
	have  []epp.Name
	next  []string
	steps int
}

const mostSteps = 20_000

// sequence goes through parts one after another, from child at on.
func (w *walker) sequence(parts []particle, at int, then func(at int)) {
	if len(parts) == 0 {
		then(at)
		return
	}
	w.times(&parts[0], 0, at, func(at int) { w.sequence(parts[1:], at, then) })
}

// times goes through p as often as it may come, n times so far.
func (w *walker) times(p *particle, n, at int, then func(at int)) {
	if w.steps++; w.steps > mostSteps {
		return
	}
	if n < p.max {
		w.once(p, at, func(next int) {
			switch {
			case next > at:
				w.times(p, n+1, next, then)
			case n < p.min: // of nothing there is always enough
				then(next)
			}
		})
	}
	if n >= p.min {
		then(at)
	}
}

func (w *walker) once(p *particle, at int, then func(at int)) {
	switch p.kind {
	case 's':
		w.sequence(p.parts, at, then)
	case 'c', 'a':
		for i := range p.parts {
			w.times(&p.parts[i], 0, at, then)
		}
	default:
		switch {
		case at == len(w.have):
			w.note(p)
		case p.kind == 'w' && w.have[at].Space != p.name.Space || w.have[at] == p.name || w.heads[w.have[at]] == p.name:
			then(at + 1)
		}
	}
}

func (w *walker) note(p *particle) {
	s := "an element of another namespace"
	if p.kind == 'e' {
		s = w.qualified(p.name.Space, p.name.Local)
	}
	if !slices.Contains(w.next, s) {
		w.next = append(w.next, s)
	}
}
