package registry

import (
	"encoding/json"
	"errors"
	"strings"

	"go.yaml.in/yaml/v3"
)

// An Act is something that a registry's own staff does and no registrar can, such as to
// decide what waits for it: data, by which a control offers it. A registry has a list of
// its acts.
type Act struct {
	// Name is of lower-case letters and hyphens. Registries of different kinds do not
	// have different acts of one name.
	Name string
	Says string // what it does, for people
	// Body and Answer are values of the types of what it takes, by its yaml tags, and of
	// what it tells, by its json tags; Answer is nil where that is nothing.
	Body, Answer any
	// Do does it. decode fills what it is given, a pointer to a Body, and its error is
	// that of Do. So is a *FixtureError or an *EditError for a body that makes no sense;
	// any other says why the registry can't do it as it is now.
	Do func(decode func(any) error) (answer any, err error)
}

// NewAct makes an Act of a function. answer is nil where it tells nothing.
func NewAct[B any](name, says string, answer any, do func(*B) (any, error)) Act {
	return Act{Name: name, Says: says, Body: *new(B), Answer: answer, Do: func(decode func(any) error) (any, error) {
		body := new(B)
		if err := decode(body); err != nil {
			return nil, err
		}
		return do(body)
	}}
}

// Fields are some of a record's, by their names in its JSON. null is for one that is not
// there.
type Fields map[string]json.RawMessage

// UnmarshalYAML reads the fields as they would be in JSON.
func (f *Fields) UnmarshalYAML(n *yaml.Node) error {
	wrong := errors.New("must be fields of a record with values") // that of package yaml quotes some
	var values map[string]any
	if n.Decode(&values) != nil {
		return wrong
	}
	*f = make(Fields)
	for name, v := range values {
		doc, err := json.Marshal(v)
		if err != nil {
			return wrong
		}
		(*f)[name] = doc
	}
	return nil
}

// Amend returns a copy of a record with these fields in place of those that it has. Nothing
// is put. The error is an *EditError: for a field that is not known, or of another kind, and
// for another key.
func (t *Table[R]) Amend(r R, fields Fields) (R, error) {
	var none R
	doc, err := json.Marshal(r)
	if err != nil {
		return none, err
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(doc, &all); err != nil {
		return none, err
	}
	for name, value := range fields {
		for have := range all {
			if strings.EqualFold(have, name) { // as package json reads names
				delete(all, have)
			}
		}
		all[name] = value
	}
	if doc, err = json.Marshal(all); err != nil {
		return none, err
	}
	next, err := t.strict(doc)
	if err != nil {
		return none, err
	}
	if next.Key() != r.Key() {
		return none, &EditError{Table: t.name, Reason: "it must not get another name"}
	}
	return next.(R), nil
}
