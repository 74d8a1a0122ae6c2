package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/beevik/etree"
	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/schemas"
)

// This file reads our schemas for the documentation: what may stand in an element, and
// in which order.

// A schemaPart is an attribute or an element of a schema, or a wildcard.
type schemaPart struct {
	kind   byte     // '@', 'e' or '*'
	name   epp.Name // of a wildcard none
	occurs string
	typ    string // of its text, if it has any
	sample string // such a text
	// elsewhere is an element of another namespace, which has a page of its own.
	elsewhere bool
	parts     []*schemaPart
}

// A schemaSet holds the documents of our schemas.
type schemaSet struct {
	files   map[string]string // by namespace, below the module
	globals map[string]map[epp.Name]*etree.Element
	targets map[*etree.Element]string
}

// readSchemas reads those of package schemas, and those that extensions bring along.
func readSchemas(t *testing.T, list []epp.Extension) *schemaSet {
	x := &schemaSet{files: map[string]string{}, globals: map[string]map[epp.Name]*etree.Element{}, targets: map[*etree.Element]string{}}
	for _, o := range schemas.Embedded() {
		file := "schemas/" + o.File
		data, err := os.ReadFile("../../" + file)
		require.NoError(t, err)
		x.add(t, o.Namespace, file, data)
	}
	for _, e := range list {
		if e.XSD != "" && x.files[e.URI] == "" {
			x.add(t, e.URI, fileOfXSD(t, e), []byte(e.XSD))
		}
	}
	return x
}

// fileOfXSD is the file that an extension brings along as its schema.
func fileOfXSD(t *testing.T, e epp.Extension) string {
	require.NotEmpty(t, e.Elements, e.URI)
	names, err := filepath.Glob(filepath.Join(dirOf(reflect.TypeOf(e.Elements[0]()).Elem().PkgPath()), "*.xsd"))
	require.NoError(t, err)
	for _, name := range names {
		if data, err := os.ReadFile(name); err == nil && string(data) == e.XSD {
			return strings.TrimPrefix(filepath.ToSlash(name), "../../")
		}
	}
	require.Fail(t, "no file *.xsd in the folder of the package is its XSD", e.URI)
	return ""
}

func (x *schemaSet) add(t *testing.T, uri, file string, data []byte) {
	doc := etree.NewDocument()
	require.NoError(t, doc.ReadFromBytes(data), file)
	x.files[uri], x.targets[doc.Root()] = file, uri
	for _, e := range doc.Root().ChildElements() {
		kind := strings.TrimPrefix(strings.TrimPrefix(e.Tag, "simple"), "complex") // Type
		if x.globals[kind] == nil {
			x.globals[kind] = map[epp.Name]*etree.Element{}
		}
		x.globals[kind][epp.Name{Space: uri, Local: e.SelectAttrValue("name", "")}] = e
	}
}

func (x *schemaSet) target(e *etree.Element) string {
	for x.targets[e] == "" {
		e = e.Parent()
	}
	return x.targets[e]
}

// qname resolves a name in an attribute of e.
func qname(e *etree.Element, s string) epp.Name {
	prefix, local, ok := strings.Cut(s, ":")
	key := "xmlns:" + prefix
	if !ok {
		key, local = "xmlns", s
	}
	for ; e != nil; e = e.Parent() {
		if a := e.SelectAttr(key); a != nil {
			return epp.Name{Space: a.Value, Local: local}
		}
	}
	return epp.Name{Local: local}
}

// global is the element of a kind that an attribute of e names.
func (x *schemaSet) global(kind string, e *etree.Element, attr string) *etree.Element {
	return x.globals[kind][qname(e, e.SelectAttrValue(attr, ""))]
}

// declaration is the one of an element: the global one, or else the first in a type.
func (x *schemaSet) declaration(name epp.Name) *etree.Element {
	if decl := x.globals["element"][name]; decl != nil {
		return decl
	}
	for doc, target := range x.targets {
		if target == name.Space {
			return doc.FindElement("//element[@name='" + name.Local + "']")
		}
	}
	return nil
}

const deepestPart = 8

// element is a declaration with what is in it.
func (x *schemaSet) element(decl *etree.Element, within string, depth int) *schemaPart {
	p := &schemaPart{kind: 'e', name: epp.Name{Space: x.target(decl), Local: decl.SelectAttrValue("name", "")}}
	if ref := decl.SelectAttrValue("ref", ""); ref != "" {
		p.name = qname(decl, ref)
		decl = x.globals["element"][p.name]
		if p.name.Space != within || decl == nil {
			p.elsewhere = true
			p.name = x.standsFor(p.name)
			return p
		}
	}
	x.content(p, decl, within, depth)
	return p
}

// standsFor is an element that is no abstract one.
func (x *schemaSet) standsFor(name epp.Name) epp.Name {
	decl := x.globals["element"][name]
	if decl == nil || decl.SelectAttrValue("abstract", "") != "true" {
		return name
	}
	var out []epp.Name
	for other, e := range x.globals["element"] {
		if s := e.SelectAttrValue("substitutionGroup", ""); s != "" && qname(e, s) == name {
			out = append(out, x.standsFor(other))
		}
	}
	slices.SortFunc(out, func(a, b epp.Name) int { return strings.Compare(a.Local, b.Local) })
	if len(out) == 0 {
		return name
	}
	return out[0]
}

// content adds to p what the type of a declaration lets it hold.
func (x *schemaSet) content(p *schemaPart, decl *etree.Element, within string, depth int) {
	if name := decl.SelectAttrValue("type", ""); name != "" {
		if q := qname(decl, name); q.Space == "http://www.w3.org/2001/XMLSchema" {
			p.typ, p.sample = builtin(q.Local)
		} else if typ := x.globals["Type"][q]; typ != nil {
			x.typ(p, typ, within, depth)
		}
		return
	}
	if p.kind == '@' {
		p.typ, p.sample = "text", "w" // unless there is a type
	}
	for _, c := range decl.ChildElements() {
		x.typ(p, c, within, depth)
	}
}

// typ adds to p what a type lets it hold.
func (x *schemaSet) typ(p *schemaPart, typ *etree.Element, within string, depth int) {
	if depth > deepestPart {
		return
	}
	if typ.Tag == "simpleType" {
		p.typ, p.sample = x.simple(typ)
		return
	}
	if typ.SelectAttrValue("mixed", "") == "true" {
		p.typ, p.sample = "text and elements", "w"
	}
	x.inside(p, typ, within, "1", depth)
}

// inside adds attributes and children; occurs is what a group around them says.
func (x *schemaSet) inside(p *schemaPart, of *etree.Element, within, occurs string, depth int) {
	for _, c := range of.ChildElements() {
		switch c.Tag {
		case "simpleContent", "complexContent":
			x.inside(p, c, within, occurs, depth)
		case "extension", "restriction":
			base := qname(c, c.SelectAttrValue("base", ""))
			if typ := x.globals["Type"][base]; typ != nil && (c.Tag == "extension" || of.Tag == "simpleContent") {
				x.typ(p, typ, within, depth+1)
			} else if of.Tag == "simpleContent" {
				p.typ, p.sample = builtin(base.Local)
			}
			x.inside(p, c, within, occurs, depth)
		case "attribute":
			a := &schemaPart{kind: '@', name: epp.Name{Local: c.SelectAttrValue("name", qname(c, c.SelectAttrValue("ref", "")).Local)}, occurs: "0..1"}
			if use := c.SelectAttrValue("use", ""); use == "required" {
				a.occurs = "1"
			} else if use == "prohibited" || c.SelectAttrValue("ref", "") != "" {
				continue
			}
			x.content(a, c, within, depth)
			at := 0
			for at < len(p.parts) && p.parts[at].kind == '@' {
				at++
			}
			p.parts = slices.Insert(p.parts, at, a)
		case "attributeGroup":
			x.inside(p, x.global("attributeGroup", c, "ref"), within, occurs, depth)
		case "element":
			if depth < deepestPart {
				child := x.element(c, within, depth+1)
				child.occurs = both(occurs, times(c))
				p.parts = append(p.parts, child)
			}
		case "any":
			p.parts = append(p.parts, &schemaPart{kind: '*', occurs: both(occurs, times(c))})
		case "sequence", "all":
			x.inside(p, c, within, both(occurs, times(c)), depth)
		case "choice":
			x.inside(p, c, within, both(both(occurs, times(c)), either), depth)
		case "group":
			x.inside(p, x.global("group", c, "ref"), within, both(occurs, times(c)), depth)
		}
	}
}

const either = "either"

// times says how often a particle may come.
func times(e *etree.Element) string {
	least, most := e.SelectAttrValue("minOccurs", "1"), e.SelectAttrValue("maxOccurs", "1")
	switch {
	case least == most:
		return least
	case most == "unbounded":
		return least + "..*"
	}
	return least + ".." + most
}

// both is how often what has b comes in what has a. It is for people: exact where one of
// them is 1, and else the wider.
func both(a, b string) string {
	switch {
	case a == "1" || a == b:
		return b
	case b == "1":
		return a
	case strings.HasPrefix(a, either) && strings.HasPrefix(b, either):
		return a
	case a == either || b == either:
		return either + ", " + strings.TrimPrefix(strings.Replace(a+b, either, "", 1), ", ")
	case strings.HasPrefix(a, either):
		return a
	}
	least, _, _ := strings.Cut(a, "..")
	if other, _, _ := strings.Cut(b, ".."); other < least {
		least = other
	}
	_, most, ok := strings.Cut(a, "..")
	if _, other, also := strings.Cut(b, ".."); !ok || also && other == "*" {
		most = other
	}
	return least + ".." + most
}

// simple says in words what a simple type is, and gives a text of it.
func (x *schemaSet) simple(typ *etree.Element) (words, sample string) {
	r := typ.SelectElement("restriction")
	if r == nil {
		union := typ.SelectElement("union")
		if names := strings.Fields(union.SelectAttrValue("memberTypes", "")); len(names) > 0 {
			return x.union(union, names)
		}
		return x.simple(union.SelectElement("simpleType"))
	}
	if inner := r.SelectElement("simpleType"); inner != nil {
		words, sample = x.simple(inner)
	} else {
		words, sample = x.named(r, r.SelectAttrValue("base", ""))
	}
	facet := func(name string) string {
		if e := r.SelectElement(name); e != nil {
			return e.SelectAttrValue("value", "")
		}
		return ""
	}
	var enum []string
	for _, e := range r.SelectElements("enumeration") {
		enum = append(enum, "`"+e.SelectAttrValue("value", "")+"`")
	}
	if len(enum) > 0 {
		sample = strings.Trim(enum[0], "`")
		if n := len(enum); n > 6 {
			enum = append(enum[:4], fmt.Sprintf("… (%d)", n))
		}
		return strings.Join(enum, ", "), sample
	}
	// A restriction of a restriction keeps the bounds that it does not change.
	base, bounds, _ := strings.Cut(words, ", ")
	least, most := facet("minLength"), facet("maxLength")
	if n := facet("length"); n != "" {
		return base + ", " + n + " long", sample
	}
	if least+most != "" {
		if before, after, ok := strings.Cut(strings.TrimSuffix(bounds, " long"), " to "); ok {
			least, most = cmp.Or(least, before), cmp.Or(most, after)
		}
		least = cmp.Or(least, after(bounds, "at least "))
		most = cmp.Or(most, after(bounds, "at most "))
		return base + ", " + span(least, most) + " long", sample
	}
	if s := span(facet("minInclusive"), facet("maxInclusive")); s != "" {
		words = base + ", " + s
		if n := facet("minInclusive"); n != "" && n != "0" {
			sample = n
		}
	}
	return words, sample
}

// after is what follows a prefix, up to the next word.
func after(s, prefix string) string {
	rest, ok := strings.CutPrefix(s, prefix)
	if !ok {
		return ""
	}
	rest, _, _ = strings.Cut(rest, " ")
	return rest
}

func span(least, most string) string {
	switch {
	case least == "" && most == "":
		return ""
	case most == "":
		return "at least " + least
	case least == "":
		return "at most " + most
	}
	return fmt.Sprintf("%s to %s", least, most)
}

// union says what one of several types is; that of nothing comes last.
func (x *schemaSet) union(at *etree.Element, names []string) (words, sample string) {
	last := ""
	var all []string
	for _, name := range names {
		w, s := x.named(at, name)
		if strings.HasSuffix(w, ", 0 long") {
			last = ", or empty"
			continue
		}
		all = append(all, w)
		sample = cmp.Or(sample, s)
	}
	return strings.Join(all, " or ") + last, sample
}

func (x *schemaSet) named(at *etree.Element, name string) (words, sample string) {
	q := qname(at, name)
	if typ := x.globals["Type"][q]; typ != nil && typ.Tag == "simpleType" {
		return x.simple(typ)
	} else if typ != nil {
		p := new(schemaPart)
		x.typ(p, typ, "", deepestPart)
		return p.typ, p.sample
	}
	return builtin(q.Local)
}

// samplesOf are texts of the types that every schema has; those of the others are a word.
var samplesOf = map[string]string{
	"boolean": "1", "date": "2025-02-03", "dateTime": "2025-02-03T04:05:06Z", "duration": "P3D",
	"hexBinary": "0A", "base64Binary": "AAAA", "language": "fi", "decimal": "1.50",
	"gYear": "2025", "time": "04:05:06",
}

func builtin(name string) (words, sample string) {
	if s, ok := samplesOf[name]; ok {
		return name, s
	}
	for _, number := range []string{"nt", "nteger", "ong", "hort", "yte"} {
		if strings.HasSuffix(name, number) {
			return name, "1"
		}
	}
	if name == "anyType" {
		return "anything", ""
	}
	return name, "w"
}
