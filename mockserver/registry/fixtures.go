package registry

import (
	"bytes"
	"errors"
	"fmt"
	"io"
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
	return fmt.Sprintf("registry: %s%s: %s", at, e.Path, e.Reason)
}

// DecodeFixtures reads a YAML document strictly into v, which then checks itself. A
// key that v does not have is an error. Errors name the file and the line.
func DecodeFixtures(file string, doc []byte, v interface{ Validate() error }) error {
	d := yaml.NewDecoder(bytes.NewReader(doc))
	d.KnownFields(true)
	if err := d.Decode(v); err != nil {
		if err == io.EOF {
			return fmt.Errorf("registry: %s: the file is empty", file)
		}
		return fmt.Errorf("registry: %s: %w", file, err)
	}
	if err := d.Decode(new(yaml.Node)); err != io.EOF {
		return fmt.Errorf("registry: %s: a second document is not expected", file)
	}
	err := v.Validate()
	if fe, ok := errors.AsType[*FixtureError](err); ok {
		var root yaml.Node
		if err := yaml.Unmarshal(doc, &root); err != nil {
			return fmt.Errorf("registry: %s: %w", file, err)
		}
		fe.File, fe.Line = file, line(&root, fe.Path)
	}
	return err
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
