package registry

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A Path is where in a fixture a value stands: keys and indices, from the top.
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

// Errorf makes a FixtureError.
func (p Path) Errorf(format string, args ...any) error {
	return &FixtureError{Path: p, Reason: fmt.Sprintf(format, args...)}
}

// A FixtureError is a fixture that contradicts itself.
type FixtureError struct {
	File string // "" when the fixture is not from a file
	Line int    // 0 likewise
	Path Path
	// Reason quotes names, never a secret.
	Reason string
}

func (e *FixtureError) Error() string {
	at := ""
	if e.File != "" {
		at = fmt.Sprintf("%s:%d: ", e.File, e.Line)
	}
	if len(e.Path) > 0 {
		at += e.Path.String() + ": "
	}
	return "registry: " + at + e.Reason
}

// Fixtures are those of one kind of registry, a pointer to the struct F: what its
// fields are named in YAML, and whether they agree.
type Fixtures[F any] interface {
	*F
	// Validate checks that the fixtures are complete and refer to what
	// exists. The error is a *FixtureError.
	Validate() error
}

// ReadFixtures reads fixtures from a YAML file. See [ParseFixtures].
func ReadFixtures[F any, P Fixtures[F]](file string) (*F, error) {
	doc, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("registry: reading fixtures: %w", err)
	}
	return ParseFixtures[F, P](file, doc)
}

// ParseFixtures reads fixtures from YAML and checks them. A key that is not known, a
// value of another kind and a reference to what does not exist are errors, which name
// the file and the line. Aliases are understood, merge keys (<<) are not.
func ParseFixtures[F any, P Fixtures[F]](file string, doc []byte) (*F, error) {
	f := new(F)
	err := decode(file, doc, f)
	if err == nil {
		err = P(f).Validate()
	}
	if fe, ok := errors.AsType[*FixtureError](err); ok {
		fe.File = file
		if fe.Line == 0 {
			fe.Line = lineOf(doc, fe.Path)
		}
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

// OrDefault returns fixtures that are valid: f, or the built-in ones where it is nil.
func OrDefault[F any, P Fixtures[F]](f P, builtIn func() (P, error)) (P, error) {
	if f == nil {
		return builtIn()
	}
	return f, f.Validate()
}

// decode reads the one document that a file may have.
func decode(file string, doc []byte, v any) error {
	d := yaml.NewDecoder(bytes.NewReader(doc))
	var root yaml.Node
	if err := d.Decode(&root); err == io.EOF {
		return &FixtureError{Line: 1, Reason: "the file is empty"}
	} else if err != nil {
		return syntaxError(err)
	}
	var second yaml.Node
	if err := d.Decode(&second); err == nil {
		return &FixtureError{Line: second.Line, Reason: "a second document is not expected"}
	} else if err != io.EOF {
		return syntaxError(err)
	}
	if err := fit(&root, reflect.TypeOf(v).Elem(), nil); err != nil {
		return err
	}
	if err := root.Decode(v); err != nil {
		return syntaxError(err) // such as too many aliases
	}
	return nil
}

// syntaxError takes the line out of an error's text.
func syntaxError(err error) error {
	e := &FixtureError{Line: 1, Reason: strings.TrimPrefix(err.Error(), "yaml: ")}
	if n, text, ok := strings.Cut(strings.TrimPrefix(e.Reason, "line "), ": "); ok {
		if line, err := strconv.Atoi(n); err == nil {
			e.Line, e.Reason = line, text
		}
	}
	return e
}

// lineOf finds the line of what a path leads to in a document that was decoded.
func lineOf(doc []byte, p Path) int {
	var root yaml.Node
	if err := yaml.Unmarshal(doc, &root); err != nil || root.Kind == 0 {
		return 1
	}
	return line(&root, p)
}

// line finds the line of what a path leads to, or of the last thing on the way
// that is there.
func line(n *yaml.Node, p Path) int {
	switch n.Kind {
	case yaml.DocumentNode:
		return line(n.Content[0], p)
	case yaml.AliasNode:
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
