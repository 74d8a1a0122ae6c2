// Package yamldoc reads YAML documents, and JSON ones, which are YAML too, into Go's
// types: strictly, and with errors that say where. The errors of package yaml name Go's
// types, not all name a line, and some quote the value, which may be a password.
package yamldoc

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/eppkit/eppkit/internal/span"
)

// A Path is where in a document a value stands: keys and indices, from the top.
type Path []any

// With is the path of something inside.
func (p Path) With(keys ...any) Path { return append(p[:len(p):len(p)], keys...) }

func (p Path) String() string {
	var b strings.Builder
	for _, k := range p {
		switch k := k.(type) {
		case int:
			fmt.Fprintf(&b, "[%d]", k)
		default:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			fmt.Fprint(&b, k)
		}
	}
	return b.String()
}

// An Error is a document that does not fit what it is for.
type Error struct {
	Line int // from 1
	Path Path
	// Reason quotes names, never a value.
	Reason string
}

func (e *Error) Error() string {
	at := fmt.Sprintf("line %d: ", e.Line)
	if len(e.Path) > 0 {
		at += e.Path.String() + ": "
	}
	return at + e.Reason
}

// Decode reads the one document there may be into what v points to, of which the keys
// are those of the fields' yaml tags. A key that is not known or is there twice, and a
// value of another kind, is an *Error. A time.Duration may be in days, as in 5d. Aliases are understood, merge keys (<<) are not.
func Decode(doc []byte, v any) error {
	if json.Valid(doc) {
		doc = plainJSON(doc)
	}
	d := yaml.NewDecoder(bytes.NewReader(doc))
	var root, second yaml.Node
	switch err := d.Decode(&root); {
	case err == io.EOF, err == nil && len(root.Content) == 0:
		return &Error{Line: 1, Reason: "the document is empty"}
	case err != nil:
		return syntaxError(err)
	}
	if err := d.Decode(&second); err == nil {
		return &Error{Line: second.Line, Reason: "a second document is not expected"}
	} else if err != io.EOF {
		return syntaxError(err)
	}
	c := checker{seen: make(map[use]bool)}
	if err := c.fit(&root, reflect.TypeOf(v).Elem(), nil); err != nil {
		return err
	}
	if err := root.Decode(v); err != nil {
		return syntaxError(err) // such as too many aliases
	}
	return nil
}

// plainJSON writes the escapes out that package yaml does not read: "\/", and pairs of
// surrogates.
func plainJSON(doc []byte) []byte {
	out := make([]byte, 0, len(doc))
	for i := 0; i < len(doc); i++ {
		switch {
		case doc[i] != '\\':
			out = append(out, doc[i])
		case doc[i+1] == '/':
			out = append(out, '/')
			i++
		default:
			if r := utf16.DecodeRune(escaped(doc[i:]), escaped(doc[min(i+6, len(doc)):])); r != utf8.RuneError {
				out = utf8.AppendRune(out, r)
				i += 11
				continue
			}
			out = append(out, doc[i], doc[i+1])
			i++
		}
	}
	return out
}

// escaped is the UTF-16 unit that an escape such as \ud83d begins with, or 0.
func escaped(s []byte) rune {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0
	}
	n, err := strconv.ParseUint(string(s[2:6]), 16, 16)
	if err != nil {
		return 0
	}
	return rune(n)
}

// syntaxError takes the line out of an error's text.
func syntaxError(err error) error {
	e := &Error{Line: 1, Reason: strings.TrimPrefix(err.Error(), "yaml: ")}
	if n, text, ok := strings.Cut(strings.TrimPrefix(e.Reason, "line "), ": "); ok {
		if line, err := strconv.Atoi(n); err == nil {
			e.Line, e.Reason = line, text
		}
	}
	return e
}

// Line finds the line of what a path leads to in a document that was decoded, or of
// the last thing on the way that is there.
func Line(doc []byte, p Path) int {
	var root yaml.Node
	if err := yaml.Unmarshal(doc, &root); err != nil || len(root.Content) == 0 {
		return 1
	}
	return line(root.Content[0], p)
}

func line(n *yaml.Node, p Path) int {
	if n.Kind == yaml.AliasNode {
		return line(n.Alias, p)
	}
	if len(p) == 0 {
		return n.Line
	}
	switch k := p[0].(type) {
	case int:
		if n.Kind == yaml.SequenceNode && k < len(n.Content) {
			return line(n.Content[k], p[1:])
		}
	case string:
		for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == k {
				return line(n.Content[i+1], p[1:])
			}
		}
	}
	return n.Line
}

// A checker finds the first place where a document does not fit its type.
type checker struct {
	// seen are the anchors that aliases led to. To look once is enough, and
	// aliases of aliases would never end, or only after long.
	seen map[use]bool
}

// A use is an anchor's value as one type.
type use struct {
	n *yaml.Node
	t reflect.Type
}

func (c *checker) fit(n *yaml.Node, t reflect.Type, at Path) error {
	switch {
	case n.Kind == yaml.DocumentNode:
		return c.fit(n.Content[0], t, at)
	case n.Kind == yaml.AliasNode:
		if u := (use{n.Alias, t}); !c.seen[u] {
			c.seen[u] = true
			return c.fit(n.Alias, t, at)
		}
		return nil
	case t.Kind() == reflect.Pointer:
		return c.fit(n, t.Elem(), at)
	case t == durationType && n.Kind == yaml.ScalarNode && strings.Contains(n.Value, "d"):
		// Package yaml knows no days; it gets the span as it knows it.
		d, err := span.Parse(n.Value)
		if err != nil {
			return misfit(n, at, reasonFor(t, nil))
		}
		n.Value = d.String()
		return nil
	case decodesItself(t), n.Kind == yaml.ScalarNode:
		if err := n.Decode(reflect.New(t).Interface()); err != nil {
			return misfit(n, at, reasonFor(t, err))
		}
		return nil
	case n.Kind == yaml.MappingNode && (t.Kind() == reflect.Struct || t.Kind() == reflect.Map):
		return c.fitMapping(n, t, at)
	case n.Kind == yaml.SequenceNode && t.Kind() == reflect.Slice:
		for i, item := range n.Content {
			if err := c.fit(item, t.Elem(), at.With(i)); err != nil {
				return err
			}
		}
		return nil
	}
	return misfit(n, at, reasonFor(t, nil))
}

func (c *checker) fitMapping(n *yaml.Node, t reflect.Type, at Path) error {
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
		if err := c.fit(value, to, at); err != nil {
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
	durationType    = reflect.TypeFor[time.Duration]()
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
	case t == durationType:
		return "must be a duration, like 90s, 36h or 5d"
	case decodesItself(t) && err != nil:
		return err.Error()
	}
	switch t.Kind() {
	case reflect.Bool:
		return "must be true or false"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "must be a whole number"
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "must be a whole number that is not negative"
	case reflect.Float32, reflect.Float64:
		return "must be a number"
	case reflect.String:
		return "must be a text"
	case reflect.Slice:
		return "must be a list"
	}
	return "must be keys with values"
}

func misfit(n *yaml.Node, at Path, reason string) error {
	return &Error{Line: n.Line, Path: at, Reason: reason}
}
