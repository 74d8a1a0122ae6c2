package registry

import (
	"errors"
	"fmt"
	"os"

	"github.com/eppkit/eppkit/internal/yamldoc"
)

// A Path is where in a fixture a value stands: keys and indices, from the top.
type Path yamldoc.Path

// With is the path of something inside.
func (p Path) With(keys ...any) Path { return Path(yamldoc.Path(p).With(keys...)) }

func (p Path) String() string { return yamldoc.Path(p).String() }

// Errorf makes a FixtureError.
func (p Path) Errorf(format string, args ...any) error {
	return &FixtureError{Path: p, Reason: fmt.Sprintf(format, args...)}
}

// A FixtureError is a fixture that contradicts itself.
type FixtureError struct {
	File string // "" when the fixture is not from a file
	Line int    // 0 when it is not from a document
	Path Path
	// Reason quotes names, never a secret.
	Reason string
}

func (e *FixtureError) Error() string {
	at := ""
	if e.File != "" {
		at = fmt.Sprintf("%s:%d: ", e.File, e.Line)
	} else if e.Line != 0 {
		at = fmt.Sprintf("line %d: ", e.Line)
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
	err := decode(doc, f)
	if err == nil {
		err = P(f).Validate()
	}
	if err != nil {
		return nil, located(err, file, doc)
	}
	return f, nil
}

// ParseSeed reads objects that are added to those of a registry, from YAML or JSON, as
// [ParseFixtures] reads fixtures. take checks them and adds them. The error is a
// *FixtureError with the line, or that of take.
func ParseSeed[F any](doc []byte, take func(*F) error) error {
	f := new(F)
	err := decode(doc, f)
	if err == nil {
		err = take(f)
	}
	return located(err, "", doc)
}

// located gives a FixtureError its file and its line.
func located(err error, file string, doc []byte) error {
	if e, ok := errors.AsType[*FixtureError](err); ok {
		e.File = file
		if e.Line == 0 {
			e.Line = yamldoc.Line(doc, yamldoc.Path(e.Path))
		}
	}
	return err
}

// OrDefault returns fixtures that are valid: f, or the built-in ones where it is nil.
func OrDefault[F any, P Fixtures[F]](f P, builtIn func() (P, error)) (P, error) {
	if f == nil {
		return builtIn()
	}
	return f, f.Validate()
}

// decode reads the one document that a file may have.
func decode(doc []byte, v any) error {
	err := yamldoc.Decode(doc, v)
	if e, ok := errors.AsType[*yamldoc.Error](err); ok {
		return &FixtureError{Line: e.Line, Path: Path(e.Path), Reason: e.Reason}
	}
	return err
}
