package schemas

import (
	"fmt"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/xmltree"
)

// unresolved finds the first reference in schemas to what none of them has. The
// library would say so of a frame, and only when it comes to that place. Schemas
// without a namespace are parts of those that include them, and would have to be
// looked at as such.
func (x *shapes) unresolved(files []file, docs []*schemaDoc) error {
	if x.spaces[""] {
		return nil
	}
	for d, doc := range docs {
		for i := range doc.Nodes[xmltree.Root:] {
			c := component{doc, int32(i) + xmltree.Root}
			for _, a := range doc.AttrsOf(c.i) {
				if a.NS != xmltree.NoSpace {
					continue
				}
				where := x.referredBy(c, a.Local)
				if where == nil {
					continue
				}
				name := c.qname(a.Value)
				if _, ok := where[name]; ok || name.Space == xsdNS || name.Space == xmltree.XMLSpaceURI {
					continue
				}
				line, col := xmltree.Position(doc.Doc, int(doc.Nodes[c.i].Start))
				return fmt.Errorf("schemas: %s:%d:%d: no schema has the %s %s that this refers to",
					files[d].name, line, col, nounOf(c, a.Local), name)
			}
		}
	}
	return nil
}

// referredBy are the components that an attribute of c refers to one of.
func (x *shapes) referredBy(c component, attribute string) map[epp.Name]component {
	switch attribute {
	case "type", "base", "itemType":
		return x.types
	case "substitutionGroup":
		return x.elements
	case "ref":
		switch c.local() {
		case "element":
			return x.elements
		case "group":
			return x.groups
		case "attributeGroup":
			return x.attrGroups
		}
	}
	return nil
}

func nounOf(c component, attribute string) string {
	switch attribute {
	case "ref":
		return c.local()
	case "substitutionGroup":
		return "element"
	}
	return "type"
}
