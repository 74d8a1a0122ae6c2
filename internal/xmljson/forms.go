package xmljson

import (
	_ "embed"
	"strings"
	"sync"
)

// A name is that of an element.
type name struct{ space, local string }

// A form is what the schema says of an element in its place.
type form struct {
	many bool // it may stand there several times
	text bool // it has neither attributes nor children
}

// forms are those of the children that an element may have; nil where the element
// has no schema. Of the zero name they are those of all elements that may stand
// anywhere.
type forms map[name]map[name]form

// table is made from the schemas in the folder schemas/xsd. A line "= URI" begins a
// namespace. Any other is an element of it, or "." for the elements that may stand
// anywhere, and the children: with "=" behind those that are a text, and "+" behind
// those that there may be several of. A child of another namespace has that in braces.
//
//go:generate go test . -run TestTable -write
//go:embed forms.txt
var table string

// schemaForms are the forms that the table holds.
var schemaForms = sync.OnceValue(func() forms { return readForms(table) })

func readForms(table string) forms {
	all := forms{{}: {}}
	space := ""
	for line := range strings.Lines(table) {
		words := strings.Fields(line)
		if words[0] == "=" {
			space = words[1]
			continue
		}
		parent := name{space, words[0]}
		if words[0] == "." {
			parent = name{}
		}
		if all[parent] == nil {
			all[parent] = map[name]form{}
		}
		for _, w := range words[1:] {
			w, many := strings.CutSuffix(w, "+")
			w, text := strings.CutSuffix(w, "=")
			child := name{space, w}
			if uri, local, ok := strings.Cut(w, "}"); ok {
				child = name{uri[1:], local}
			}
			all[parent][child] = form{many: many, text: text}
		}
	}
	return all
}

// of is what is known of a child in an element; known says whether its own schema is.
func (f forms) of(parent, child name) (is form, known bool) {
	siblings, hasSchema := f[parent]
	if is, known = siblings[child]; known {
		return is, true
	}
	is, known = f[name{}][child]
	is.many = !hasSchema
	return is, known
}
