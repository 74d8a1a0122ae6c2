package registry

import (
	"encoding"
	"reflect"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// fit finds the first place where a document does not fit the type that it is for:
// a key that is not known or there twice, or a value of another kind. The errors of
// package yaml name Go's types, not all name a line, and some quote the value, which
// may be a password.
func fit(n *yaml.Node, t reflect.Type, at Path) error {
	switch {
	case n.Kind == yaml.DocumentNode:
		return fit(n.Content[0], t, at)
	case n.Kind == yaml.AliasNode:
		return fit(n.Alias, t, at)
	case t.Kind() == reflect.Pointer:
		return fit(n, t.Elem(), at)
	case decodesItself(t), n.Kind == yaml.ScalarNode:
		if err := n.Decode(reflect.New(t).Interface()); err != nil {
			return misfit(n, at, reasonFor(t, err))
		}
		return nil
	case n.Kind == yaml.MappingNode && (t.Kind() == reflect.Struct || t.Kind() == reflect.Map):
		return fitMapping(n, t, at)
	case n.Kind == yaml.SequenceNode && t.Kind() == reflect.Slice:
		for i, item := range n.Content {
			if err := fit(item, t.Elem(), at.With(i)); err != nil {
				return err
			}
		}
		return nil
	}
	return misfit(n, at, reasonFor(t, nil))
}

func fitMapping(n *yaml.Node, t reflect.Type, at Path) error {
	var known map[string]reflect.Type
	if t.Kind() == reflect.Struct {
		known = keys(t)
	}
	seen := make(map[string]bool)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		to := known[key.Value]
		if known == nil {
			to = t.Elem()
		}
		at := at.With(key.Value)
		switch {
		case key.ShortTag() == "!!merge": // one that merges itself would never be done
			return misfit(key, at, "merge keys are not understood")
		case to == nil:
			return misfit(key, at, "there is no such key")
		case seen[key.Value]:
			return misfit(key, at, "is there twice")
		}
		seen[key.Value] = true
		if err := fit(value, to, at); err != nil {
			return err
		}
	}
	return nil
}

// keys are the keys of a struct and the types of their values.
func keys(t reflect.Type) map[string]reflect.Type {
	m := make(map[string]reflect.Type)
	for _, f := range reflect.VisibleFields(t) {
		if key, _, _ := strings.Cut(f.Tag.Get("yaml"), ","); key != "" && key != "-" {
			m[key] = f.Type
		}
	}
	return m
}

var (
	yamlUnmarshaler = reflect.TypeFor[yaml.Unmarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
	timeType        = reflect.TypeFor[time.Time]()
)

func decodesItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(yamlUnmarshaler) || p.Implements(textUnmarshaler)
}

// reasonFor says what a value must be that a type did not take.
func reasonFor(t reflect.Type, err error) string {
	switch {
	case t == timeType:
		return "must be a day or a time, like 2026-01-02 or 2026-01-02T03:04:05Z"
	case decodesItself(t):
		return err.Error()
	}
	switch t.Kind() {
	case reflect.Bool:
		return "must be true or false"
	case reflect.Int:
		return "must be a whole number"
	case reflect.String:
		return "must be a text"
	case reflect.Slice:
		return "must be a list"
	}
	return "must be keys with values"
}

func misfit(n *yaml.Node, at Path, reason string) error {
	return &FixtureError{Line: n.Line, Path: at, Reason: reason}
}
