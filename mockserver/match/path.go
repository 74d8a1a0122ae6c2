package match

import (
	"fmt"
	"strings"

	"github.com/beevik/etree"
)

// A Path finds something in a [Frame]; the package comment says how it is written. It
// may be used by any number of goroutines.
type Path struct {
	path etree.Path
	attr string // of the element found, or ""
}

// ParsePath reads a path. One that ends with "/@" and a name is to an attribute.
func ParsePath(s string) (p Path, err error) {
	defer func() {
		if v := recover(); v != nil { // package etree panics at some that are no path
			err = fmt.Errorf("%q is not a path", s)
		}
	}()
	elements := s
	if i := strings.LastIndex(s, "/@"); i > 0 && !strings.ContainsAny(s[i:], "]'\"") {
		elements, p.attr = s[:i], s[i+len("/@"):]
		if p.attr == "" {
			return p, fmt.Errorf("%q is not a path: it names no attribute", s)
		}
	}
	if p.path, err = etree.CompilePath(elements); err != nil {
		return p, fmt.Errorf("%q is not a path: %s", s, strings.TrimPrefix(err.Error(), "etree: "))
	}
	return p, nil
}

// In returns the text of the first element, or of its attribute, that the path leads
// to; false when there is none, or when the document is not well-formed.
func (p Path) In(f *Frame) (string, bool) {
	doc, err := f.Tree()
	if err != nil {
		return "", false
	}
	for _, el := range doc.FindElementsPath(p.path) {
		if p.attr == "" {
			return el.Text(), true
		}
		if a := el.SelectAttr(p.attr); a != nil {
			return a.Value, true
		}
	}
	return "", false
}
