package schemas

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/eppkit/eppkit/internal/xmltree"
)

// facets are what a value must keep to.
type facets struct {
	builtin string // the type that the value's is made of
	limits  map[string]string
	values  []string // the only ones, if any
	pattern string
}

// wrongContent words what is wrong with the text of element i. Says is what the
// library has found.
func (x *shapes) wrongContent(t *xmltree.Tree, i int32, says string, secret bool) (Code, string) {
	typ, builtin := x.typeOf(x.declaration(t, i))
	if isEmpty(typ) {
		return Text, "must be empty"
	}
	return x.facets(typ, builtin).wrong(says, t.Nodes[i].Text, secret)
}

// isEmpty reports whether a complex type has no content that is text.
func isEmpty(typ component) bool {
	if typ.doc == nil || typ.local() != "complexType" {
		return false
	}
	_, simple := typ.child("simpleContent")
	return !simple
}

// wrongAttribute is wrongContent for an attribute.
func (x *shapes) wrongAttribute(t *xmltree.Tree, i int32, name, value, says string, secret bool) (Code, string) {
	typ, _ := x.typeOf(x.declaration(t, i))
	typ, builtin := x.typeOf(x.attribute(typ, name, 0))
	return x.facets(typ, builtin).wrong(says, value, secret)
}

// attribute finds the declaration of an attribute in a type.
func (x *shapes) attribute(typ component, name string, depth int) component {
	if typ.doc == nil || depth > deepest {
		return component{}
	}
	for c := range typ.children() {
		var found component
		switch c.local() {
		case "attribute":
			if c.attr("name") == name {
				return c
			}
		case "attributeGroup":
			found = x.attribute(x.attrGroups[c.qname(c.attr("ref"))], name, depth+1)
		case "simpleContent", "complexContent":
			found = x.attribute(c, name, depth+1)
		case "extension", "restriction":
			if found = x.attribute(c, name, depth+1); found.doc == nil {
				found = x.attribute(x.types[c.qname(c.attr("base"))], name, depth+1)
			}
		}
		if found.doc != nil {
			return found
		}
	}
	return component{}
}

// facets collects those of a type and of the types that it is made of.
func (x *shapes) facets(typ component, builtin string) facets {
	f := facets{builtin: builtin, limits: map[string]string{}}
	for depth := 0; typ.doc != nil && depth < deepest; depth++ {
		if c, ok := typ.child("simpleContent"); ok {
			typ = c
		}
		c, ok := typ.child("restriction", "extension")
		if !ok {
			break // a list or a union
		}
		f.take(c)
		base := c.qname(c.attr("base"))
		if base.Space == xsdNS {
			f.builtin = base.Local
			break
		}
		typ = x.types[base]
		if inner, ok := c.child("simpleType"); ok {
			typ = inner
		}
	}
	return f
}

// take takes the facets of a restriction, less those that a type derived from it has
// already.
func (f *facets) take(c component) {
	known := len(f.values) > 0
	for d := range c.children() {
		name, value := d.local(), d.attr("value")
		switch name {
		case "enumeration":
			if !known {
				f.values = append(f.values, value)
			}
		case "pattern":
			if f.pattern == "" {
				f.pattern = value
			}
		default:
			if _, ok := f.limits[name]; !ok {
				f.limits[name] = value
			}
		}
	}
}

// wrong words what the library says of a value.
func (f facets) wrong(says, value string, secret bool) (Code, string) {
	facet, ok := strings.CutSuffix(says, " facet failed")
	if !ok {
		facet = ""
	}
	limit := f.limits[facet]
	switch facet {
	case "length", "minLength", "maxLength":
		return BadLength, f.wrongLength(facet, limit, value)
	case "minInclusive", "maxInclusive", "minExclusive", "maxExclusive":
		return BadRange, quoted(value, secret) + rangeWords[facet] + cmp.Or(limit, "its type allows")
	case "totalDigits", "fractionDigits":
		return BadRange, quoted(value, secret) + " has too many digits, more than " + cmp.Or(limit, "its type allows")
	case "pattern":
		msg := quoted(value, secret) + " does not have the form it must have"
		if f.pattern != "" {
			msg += ", " + f.pattern
		}
		return BadPattern, msg
	case "enumeration":
		msg := quoted(value, secret) + " is not one of the values allowed"
		if len(f.values) > 0 {
			msg += ": " + list(f.values)
		}
		return BadChoice, msg
	}
	kind := kinds[f.builtin]
	if kind == "" {
		kind = "of its type"
	}
	return BadType, quoted(value, secret) + " is not " + kind
}

var rangeWords = map[string]string{
	"minInclusive": " is less than ", "minExclusive": " is not more than ",
	"maxInclusive": " is more than ", "maxExclusive": " is not less than ",
}

// lengthWords say what is wrong, and what would be right.
var lengthWords = map[string][2]string{
	"minLength": {"too short", "at least %s %s required"},
	"maxLength": {"too long", "at most %s %s allowed"},
	"length":    {"of a wrong length", "%s %s required"},
}

// wrongLength tells the length and the limit, and never the value.
func (f facets) wrongLength(facet, limit, value string) string {
	words := lengthWords[facet]
	unit := " characters are"
	switch f.builtin {
	case "hexBinary", "base64Binary":
		return words[0] + ": " + fmt.Sprintf(words[1], limit, "octets are")
	case "string", "normalizedString":
	default:
		value = strings.Join(strings.Fields(value), " ")
	}
	if limit == "1" {
		unit = " character is"
	}
	if limit == "" { // of a type in a list or a union
		return words[0]
	}
	return fmt.Sprintf("%s: %d, where ", words[0], utf8.RuneCountInString(value)) + fmt.Sprintf(words[1], limit, unit[1:])
}

// quoted is a value that may be shown.
func quoted(value string, secret bool) string {
	const most = 80
	value = strings.Join(strings.Fields(value), " ")
	switch {
	case secret || len(value) > most:
		return "the value"
	case value == "":
		return "an empty value"
	}
	return fmt.Sprintf("%q", value)
}

func list(values []string) string {
	const most = 16
	values = slices.Clone(values)
	more := ""
	if n := len(values) - most; n > 0 {
		values, more = values[:most], fmt.Sprintf(" and %d others", n)
	}
	return strings.Join(values, ", ") + more
}

// kinds are the types that every schema has, in words.
var kinds = map[string]string{
	"boolean":            "true, false, 1 or 0",
	"dateTime":           "a date and time as in 2026-03-29T01:30:00Z",
	"date":               "a date as in 2026-03-29",
	"duration":           "a duration as in P1Y6M",
	"decimal":            "a decimal number",
	"integer":            "an integer",
	"positiveInteger":    "a positive integer",
	"nonNegativeInteger": "an integer from 0",
	"byte":               "an integer from -128 to 127",
	"short":              "an integer from -32768 to 32767",
	"int":                "an integer from -2147483648 to 2147483647",
	"long":               "an integer of 64 bits",
	"unsignedByte":       "an integer from 0 to 255",
	"unsignedShort":      "an integer from 0 to 65535",
	"unsignedInt":        "an integer from 0 to 4294967295",
	"unsignedLong":       "an integer from 0 of 64 bits",
	"hexBinary":          "hexadecimal digits in pairs",
	"base64Binary":       "base64",
	"language":           "a language tag as in en-GB",
	"anyURI":             "a URI",
	"QName":              "a name with a declared prefix",
	"ID":                 "a name that may be an ID",
	"NMTOKEN":            "a name token",
}
