package fault

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/eppkit/eppkit/internal/span"
	"github.com/eppkit/eppkit/internal/yamldoc"
)

// file is what a document of faults holds.
type file struct {
	Faults []Fault `yaml:"faults"`
}

// A FileError is a document of faults that can't be used.
type FileError struct {
	Line int // from 1
	// Field is where, as in "faults[2].match.xpath"; "" for the whole document.
	Field  string
	Reason string // without values from the document
}

func (e *FileError) Error() string {
	at := fmt.Sprintf("fault: line %d: ", e.Line)
	if e.Field != "" {
		at += e.Field + ": "
	}
	return at + e.Reason
}

// Parse reads faults from YAML or JSON, where they are a list under "faults", and
// checks them. The error is a [*FileError]: a key that is not known, a value of another
// kind, a fault that is not complete, an ID that is there twice.
func Parse(doc []byte) ([]Fault, error) {
	var f file
	if err := yamldoc.Decode(doc, &f); err != nil {
		return nil, fileError(err)
	}
	if err := NewSet(Options{}).AddAll(f.Faults); err != nil {
		var bad *Error
		errors.As(err, &bad)
		return nil, &FileError{lineOf(doc, bad.Field), "faults" + bad.Field, bad.Reason}
	}
	return f.Faults, nil
}

func fileError(err error) error {
	var bad *yamldoc.Error
	if errors.As(err, &bad) {
		return &FileError{bad.Line, bad.Path.String(), bad.Reason}
	}
	return err
}

// lineOf finds the line of a field such as "[2].match.xpath".
func lineOf(doc []byte, field string) int {
	index, rest, _ := strings.Cut(strings.TrimPrefix(field, "["), "].")
	n, err := strconv.Atoi(index)
	if err != nil {
		return 1
	}
	path := yamldoc.Path{"faults", n}
	for key := range strings.SplitSeq(rest, ".") {
		path = path.With(key)
	}
	return yamldoc.Line(doc, path)
}

// plain is a Fault without methods.
type plain Fault

// spans are a fault's durations as JSON has them, in the form that files have, too.
type spans struct {
	For   string `json:"for,omitempty"`
	Delay string `json:"delay,omitempty"`
}

func (f *Fault) spans() spans { return spans{written(f.For), written(f.Delay)} }

func written(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return span.String(d)
}

// MarshalJSON writes what UnmarshalJSON reads; durations are as in "1m30s" or "5d".
func (f Fault) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		plain
		spans
	}{plain(f), f.spans()})
}

// UnmarshalJSON reads a fault. A key that is not known, or a value of another kind, is
// an [*Error]. It does not check the fault as [Fault.Validate] does.
func (f *Fault) UnmarshalJSON(doc []byte) error {
	var p plain
	if err := yamldoc.Decode(doc, &p); err != nil {
		var bad *yamldoc.Error
		if errors.As(err, &bad) {
			return &Error{bad.Path.String(), bad.Reason}
		}
		return err
	}
	*f = Fault(p)
	return nil
}

// MarshalJSON writes the fault, and with it what became of it.
func (s Status) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		plain
		spans
		Matched int  `json:"matched"`
		Fired   int  `json:"fired"`
		Expired bool `json:"expired"`
	}{plain(s.Fault), s.spans(), s.Matched, s.Fired, s.Expired})
}
