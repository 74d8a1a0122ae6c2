package main

import (
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
)

// This file finds out into which Go field each part of a schema is read: it has a
// document with that part read, and one without, and looks where the values differ.

// A fieldOf is a row of the documentation.
type fieldOf struct {
	xml string // path below the element, as in "ns/hostObj" and "@op"
	*schemaPart
	field string // path below the Go value, as in "NS.HostObj"
	typ   reflect.Type
}

// A mapper reads documents for fieldsOf.
type mapper struct {
	t    *testing.T
	set  *epp.Schema
	rows []fieldOf
}

// fieldsOf are the parts of an element in the order of its schema.
func fieldsOf(t *testing.T, set *epp.Schema, root *schemaPart) []fieldOf {
	x := &mapper{t: t, set: set}
	if root.typ != "" {
		x.row([]*schemaPart{root}, fieldOf{})
	}
	x.parts([]*schemaPart{root}, fieldOf{})
	// A branch of a choice may repeat what another one has.
	seen := map[string]bool{}
	rows := slices.DeleteFunc(x.rows, func(f fieldOf) bool { again := seen[f.xml]; seen[f.xml] = true; return again })
	for i := range rows {
		rows[i].from(rows[i+1:])
	}
	return rows
}

// from finds the field of an element that is none when it is empty: what those of its
// attributes and children have in common.
func (f *fieldOf) from(others []fieldOf) {
	var common []string
	n := 0
	for _, child := range others {
		if f.field != "" || child.field == "" || path.Dir(child.xml) != f.xml {
			continue
		}
		steps := strings.Split(child.field, ".")
		if n++; n == 1 {
			common = steps[:len(steps)-1]
		}
		for i := range common {
			if i >= len(steps) || steps[i] != common[i] {
				common = common[:i]
				break
			}
		}
	}
	f.field += strings.Join(common, ".")
}

func (x *mapper) parts(at []*schemaPart, of fieldOf) {
	for _, p := range at[len(at)-1].parts {
		child := x.row(append(slices.Clone(at), p), of)
		x.parts(append(slices.Clone(at), p), child)
	}
}

// row appends what the last part of a path is in Go.
func (x *mapper) row(at []*schemaPart, of fieldOf) fieldOf {
	p := at[len(at)-1]
	f := fieldOf{schemaPart: p, xml: strings.TrimPrefix(of.xml+"/"+label(p), "/")}
	if len(at) == 1 {
		f.xml = "(text)"
	}
	without, with := x.read(at[:len(at)-1]), x.read(at)
	switch {
	case len(at) == 1: // the text of the element itself
		without = reflect.New(with.Type().Elem())
		if v, ok := x.valueOf(render([]*schemaPart{{kind: 'e', name: p.name}}), p.name); ok {
			without = reflect.ValueOf(v)
		}
		p.occurs = "1"
	case p.kind == '@': // beside whatever text there is
		without = x.read(at[:len(at)-1])
	}
	d := &difference{}
	if d.find(without, with, "", nil); d.path != "" && (d.path == of.field || p.kind == 'e' && x.taken(f, d.path)) {
		d.inside = true // what is around it in Go is nothing of its own when it is empty
		d.find(without, with, "", nil)
	}
	f.field, f.typ = d.path, d.typ
	x.rows = append(x.rows, f)
	return f
}

// taken reports whether an element beside f is read into a field already.
func (x *mapper) taken(f fieldOf, field string) bool {
	return slices.ContainsFunc(x.rows, func(g fieldOf) bool {
		return g.field == field && g.xml != f.xml && g.kind == 'e' && path.Dir(g.xml) == path.Dir(f.xml)
	})
}

func label(p *schemaPart) string {
	switch {
	case p.kind == '@':
		return "@" + p.name.Local
	case p.kind == '*':
		return "(any element)"
	case p.elsewhere:
		return prefixOf(p.name.Space) + ":" + p.name.Local
	}
	return p.name.Local
}

// read is the value of the element at the head of a path.
func (x *mapper) read(at []*schemaPart) reflect.Value {
	if len(at) == 0 {
		return reflect.Value{}
	}
	v, ok := x.valueOf(render(at), at[0].name)
	require.True(x.t, ok, render(at))
	return reflect.ValueOf(v)
}

// valueOf reads an element that stands alone.
func (x *mapper) valueOf(xml string, name epp.Name) (epp.Element, bool) {
	frame := `<epp xmlns="` + epp.NS + `"><response><result code="1000"><msg>Done</msg></result><resData>` + xml +
		`</resData><trID><svTRID>S-1</svTRID></trID></response></epp>`
	if name.Space == epp.NS {
		frame = `<epp xmlns="` + epp.NS + `">` + xml + `</epp>`
	}
	if name.Local == "response" { // it can't be without a result
		frame = strings.Replace(frame, "</response>", `<result code="1000"/></response>`, 1)
	}
	m, err := x.set.Parse([]byte(frame))
	if err != nil && name == new(epp.Command).XMLName() { // nor a command without a verb
		m, err = x.set.Parse([]byte(strings.Replace(frame, "</command>", "<logout/></command>", 1)))
	}
	require.NoError(x.t, err, frame)
	if name.Space == epp.NS {
		return m, true
	}
	e := m.(*epp.Response).ResData[0]
	raw, isRaw := e.(*epp.Raw)
	if isRaw {
		require.NoError(x.t, raw.Err, frame)
	}
	return e, !isRaw
}

// render writes the elements of a path inside each other, with what the last one is.
func render(at []*schemaPart) string {
	p, rest := at[0], at[1:]
	tag := "<" + p.name.Local + ` xmlns="` + p.name.Space + `"`
	content := p.sample
	if len(rest) > 0 && rest[0].kind == '@' {
		tag += " " + rest[0].name.Local + `="` + rest[0].sample + `"`
	} else if len(rest) > 0 && rest[0].kind == '*' { // in a command it is called like that
		content += "<" + p.name.Local + ` xmlns="urn:example:any"/>`
	} else if len(rest) > 0 {
		content = render(rest)
	}
	return tag + ">" + content + "</" + p.name.Local + ">"
}

// A difference is the first one between two values.
type difference struct {
	inside bool // what is in a pointer or a list where the other has none
	path   string
	typ    reflect.Type
}

var isTime = reflect.TypeFor[time.Time]()

func (d *difference) find(a, b reflect.Value, path string, typ reflect.Type) bool {
	found := func() bool { d.path, d.typ = path, typ; return true }
	if !a.IsValid() || !b.IsValid() || a.Type() != b.Type() {
		return found()
	}
	switch b.Kind() {
	case reflect.Pointer, reflect.Interface:
		switch {
		case a.IsNil() && b.IsNil():
			return false
		case a.IsNil() && d.inside && b.Kind() == reflect.Pointer:
			return d.find(reflect.Zero(b.Type().Elem()), b.Elem(), path, typ) || found()
		case a.IsNil() || b.IsNil():
			return found()
		}
		return d.find(a.Elem(), b.Elem(), path, typ)
	case reflect.Struct:
		if b.Type() == isTime {
			return !reflect.DeepEqual(a.Interface(), b.Interface()) && found()
		}
		for i := range b.NumField() {
			f := b.Type().Field(i)
			if !f.IsExported() || f.Name == "Extra" || f.Name == "Frame" {
				continue
			}
			name := path
			if !f.Anonymous {
				name = strings.TrimPrefix(path+"."+f.Name, ".")
			}
			if d.find(a.Field(i), b.Field(i), name, f.Type) {
				return true
			}
		}
		return false
	case reflect.Slice:
		if a.Len() == 0 && b.Len() > 0 && d.inside && b.Index(0).Kind() == reflect.Struct {
			return d.find(reflect.Zero(b.Type().Elem()), b.Index(0), path, typ) || found()
		}
		if a.Len() != b.Len() {
			return found()
		}
		for i := range b.Len() {
			if d.find(a.Index(i), b.Index(i), path, typ) {
				return true
			}
		}
		return false
	}
	return !reflect.DeepEqual(a.Interface(), b.Interface()) && found()
}
