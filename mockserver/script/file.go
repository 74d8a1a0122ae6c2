package script

import (
	"errors"
	"fmt"
	"os"

	"github.com/eppkit/eppkit/internal/yamldoc"
)

// Read reads the stubs of a file. See [Parse].
func Read(file string) ([]Stub, error) {
	doc, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("script: reading stubs: %w", err)
	}
	return Parse(file, doc)
}

// Parse reads the stubs of a document, YAML or JSON, in which they are a list under
// "stubs". The error is an *Error: a key that is not known, a value of another kind, or
// a stub that can't be. It names the file, the line and the key.
func Parse(file string, doc []byte) ([]Stub, error) {
	var f struct {
		Stubs []Stub `yaml:"stubs"`
	}
	err := decode(doc, &f)
	if err == nil {
		_, err = new(Set).Add(f.Stubs...)
	}
	return f.Stubs, located(file, doc, err)
}

// ParseStub reads one stub, YAML or JSON, as [Parse] does.
func ParseStub(doc []byte) (Stub, error) {
	var s Stub
	err := decode(doc, &s)
	if err == nil {
		err = s.Validate()
	}
	return s, located("", doc, err)
}

func decode(doc []byte, v any) error {
	err := yamldoc.Decode(doc, v)
	if e, ok := errors.AsType[*yamldoc.Error](err); ok {
		return &Error{Line: e.Line, Field: e.Path.String(), Reason: e.Reason, path: e.Path}
	}
	return err
}

// located is an error with its file and its line.
func located(file string, doc []byte, err error) error {
	if e, ok := errors.AsType[*Error](err); ok {
		e.File = file
		if e.Line == 0 {
			e.Line = yamldoc.Line(doc, e.path)
		}
	}
	return err
}
