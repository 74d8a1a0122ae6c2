package schemas

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/xmltree"
)

// For makes a Validator of exactly what a set speaks, and of the schemas in o.Dirs;
// o.URIs has no effect. A namespace that has another URI in the set (see
// [epp.Extension.At]) is held to its schema under that URI. Of a namespace that this
// package has no schema for, it is the one that the extension brings along; where there
// is none either, anything is valid in the elements that the set has types for.
//
// Compiling takes a while, and tests make many registries that speak the same: without
// Dirs, equal sets have one Validator.
func For(set *epp.Schema, o Options) (*Validator, error) {
	if len(o.Dirs) > 0 {
		return compileFor(set, o)
	}
	key := fmt.Sprint(o.MaxViolations, set.Namespaces())
	if v, ok := compiled.Load(key); ok {
		return v.(*Validator), nil
	}
	v, err := compileFor(set, o)
	if err != nil {
		return nil, err
	}
	kept, _ := compiled.LoadOrStore(key, v)
	return kept.(*Validator), nil
}

// compiled are the Validators of sets, by what they speak. Nobody changes one.
var compiled sync.Map

func compileFor(set *epp.Schema, o Options) (*Validator, error) {
	known, err := embeddedFiles()
	if err != nil {
		return nil, err
	}
	own, err := dirFiles(o.Dirs)
	if err != nil {
		return nil, err
	}
	var uris []string
	var opaque []file
	moved, of := make(map[string]string), make(map[string]string)
	secrets, spoken := make(map[epp.Name]bool), make(map[string]bool)
	for _, n := range set.Namespaces() {
		spoken[n.URI] = true
		for _, local := range n.Secrets {
			secrets[epp.Name{Space: n.URI, Local: local}] = true
		}
		if n.Of != n.URI {
			of[n.URI] = n.Of
		}
		if n.XSD != "" && !has(known, n.Of) {
			f, err := newFile(n.Of, []byte(n.XSD))
			if err != nil {
				return nil, err
			}
			known = append(known, f)
		}
		switch {
		case has(own, n.URI), len(n.Elements) == 0 && !has(known, n.Of):
		case has(known, n.Of):
			uris = append(uris, n.Of)
			if n.Of != n.URI {
				moved[n.Of] = n.URI
			}
		default:
			opaque = append(opaque, opaqueFile(n))
		}
	}
	strange := strangers(own, func(uri string) bool { return has(known, uri) || spoken[uri] })
	known = slices.DeleteFunc(known, func(f file) bool { return has(own, f.target) })
	if known, err = needed(known, own, uris); err != nil {
		return nil, err
	}
	if len(moved) > 0 {
		for i := range known {
			if known[i], err = known[i].move(moved); err != nil {
				return nil, err
			}
		}
	}
	v, err := newValidator(slices.Concat(known, own, opaque), o.MaxViolations)
	if err != nil {
		return nil, err
	}
	v.shapes.of, v.shapes.secrets, v.shapes.strange = of, secrets, strange
	return v, nil
}

// move gives namespaces other URIs, wherever the schema speaks of one.
func (f file) move(moved map[string]string) (file, error) {
	t, err := xmltree.Parse(f.data, xmltree.Limits{})
	if err != nil {
		return f, err
	}
	var out []byte
	from := int32(0)
	for _, a := range t.Attrs {
		named := a.NS == xmltree.NoSpace && (a.Local == "targetNamespace" || a.Local == "namespace")
		if !named && a.NS != xmltree.XMLNSSpace {
			continue
		}
		uris, ok := strings.Fields(a.Value), false // a wildcard may list several
		for i, uri := range uris {
			if to := moved[uri]; to != "" {
				uris[i], ok = to, true
			}
		}
		if ok {
			out = append(append(out, t.Doc[from:a.Start]...), attrText.Replace(strings.Join(uris, " "))...)
			from = a.End
		}
	}
	return newFile(f.name, append(out, t.Doc[from:]...))
}

var attrText = strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;", "'", "&apos;")

// opaqueFile is a schema that says nothing of a namespace but its elements' names.
func opaqueFile(n epp.Namespace) file {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<xs:schema xmlns:xs="%s" targetNamespace="%s" elementFormDefault="qualified">`, xsdNS, attrText.Replace(n.URI))
	for _, name := range n.Elements {
		fmt.Fprintf(&b, `<xs:element name="%s"/>`, name)
	}
	b.WriteString(`</xs:schema>`)
	return file{name: n.URI, data: b.Bytes(), target: n.URI}
}
