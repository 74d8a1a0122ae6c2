package registry

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Tables are the names of the registry's tables.
func (s *State) Tables() []string {
	names := make([]string, len(s.tables))
	for i, t := range s.tables {
		names[i] = t.name
	}
	return names
}

// ErrNoRecord is when there is no record of a key, or no table of a name.
var ErrNoRecord = errors.New("registry: there is no such record")

// An EditError is a record that can't be put.
type EditError struct {
	Table  string
	Field  string // the one at fault, or "" for the whole
	Reason string // quotes names, never a secret
}

func (e *EditError) Error() string {
	at := e.Table
	if e.Field != "" {
		at += "." + e.Field
	}
	return "registry: " + at + ": " + e.Reason
}

// CountRecords is how many records a table has, 0 for one that there is not.
func (s *State) CountRecords(table string) int {
	t := s.byName[table]
	if t == nil {
		return 0
	}
	return s.View(nil).tables[t.n].Len()
}

// A RecordDoc is a record as JSON, which holds secrets.
type RecordDoc struct {
	Key   string
	Value json.RawMessage
}

// Record returns a record as JSON. The error is ErrNoRecord.
func (s *State) Record(table, key string) (RecordDoc, error) {
	t := s.byName[table]
	if t == nil {
		return RecordDoc{}, fmt.Errorf("%w: no table %q", ErrNoRecord, table)
	}
	r, ok := s.View(nil).tables[t.n].Get(key)
	if !ok {
		return RecordDoc{}, fmt.Errorf("%w: %s %q", ErrNoRecord, table, key)
	}
	doc, err := json.Marshal(r)
	return RecordDoc{Key: key, Value: doc}, err
}

// Records returns records as JSON, from a key on, at most limit. The error is
// ErrNoRecord where there is no such table.
func (s *State) Records(table, from string, limit int) ([]RecordDoc, error) {
	t := s.byName[table]
	if t == nil {
		return nil, fmt.Errorf("%w: no table %q", ErrNoRecord, table)
	}
	var list []RecordDoc
	var err error
	s.View(nil).tables[t.n].Ascend(from, func(r Record) bool {
		if len(list) == limit {
			return false
		}
		var doc []byte
		if doc, err = json.Marshal(r); err != nil {
			return false
		}
		list = append(list, RecordDoc{Key: r.Key(), Value: doc})
		return true
	})
	return list, err
}

// PutRecord stores a record from its JSON, as the registry's operator would: its rules
// for registrars do not apply, those of the tables do. A field that is not known, or of
// another kind, is an *EditError, and so is a record that refers to what is not there.
func (s *State) PutRecord(table string, doc []byte) (key string, err error) {
	t := s.byName[table]
	if t == nil {
		return "", fmt.Errorf("%w: no table %q", ErrNoRecord, table)
	}
	if t.own {
		return "", errOwn(table)
	}
	r, err := t.strict(doc)
	if err != nil {
		return "", err
	}
	if r.Key() == "" {
		return "", &EditError{Table: table, Reason: "it has no name"}
	}
	err = s.edit(table, func(tx *Tx) error {
		if t.valid != nil {
			if err := t.valid(tx, r); err != nil {
				return err
			}
		}
		tx.put(t, r)
		return nil
	})
	return r.Key(), err
}

// Validate has [State.PutRecord] refuse the records of which f returns an error: those
// that the registry can't bear. f sees the table as it is without the record. The path of
// a *FixtureError becomes the field.
func (t *Table[R]) Validate(f func(rd Reader, r R) error) {
	t.valid = func(tx *Tx, r Record) error { return f(tx, r.(R)) }
}

// Hold has [State.DeleteRecord] refuse to remove the records of which f returns an error,
// beside those that others link to.
func (t *Table[R]) Hold(f func(rd Reader, r R) error) {
	t.holds = func(tx *Tx, r Record) error { return f(tx, r.(R)) }
}

// DeleteRecord removes a record. The error is ErrNoRecord, or an *EditError where others
// refer to it.
func (s *State) DeleteRecord(table, key string) error {
	if _, err := s.Record(table, key); err != nil {
		return err
	}
	t := s.byName[table]
	switch {
	case t == &s.Queue.messages.table:
		return s.edit(table, func(tx *Tx) error {
			s.Queue.remove(tx, s.Queue.messages.Get(tx, key))
			return nil
		})
	case t.own:
		return errOwn(table)
	}
	return s.edit(table, func(tx *Tx) error {
		if r, there := tx.tables[t.n].Get(key); there && t.holds != nil {
			if err := t.holds(tx, r); err != nil {
				return err
			}
		}
		tx.delete(t, key)
		return nil
	})
}

func errOwn(table string) error {
	return &EditError{Table: table, Reason: "the registry alone writes these records"}
}

// edit runs f, and turns what it and the tables refuse into an *EditError.
func (s *State) edit(table string, f func(*Tx) error) error {
	return s.Change(func(tx *Tx) error {
		err := f(tx)
		if e, ok := errors.AsType[*FixtureError](err); ok {
			return &EditError{Table: table, Field: e.Path.String(), Reason: e.Reason}
		}
		if err == nil {
			err = tx.check()
		}
		if err != nil {
			return &EditError{Table: table, Reason: strings.TrimPrefix(err.Error(), "registry: ")}
		}
		return nil
	})
}

// strict decodes a record, and refuses what the record has no place for.
func (t *table) strict(doc []byte) (Record, error) {
	r := t.make()
	d := json.NewDecoder(bytes.NewReader(doc))
	d.DisallowUnknownFields()
	if err := d.Decode(r); err != nil {
		return nil, t.misfit(doc, err)
	}
	if d.InputOffset() != int64(len(doc)) {
		if _, err := d.Token(); err != io.EOF {
			return nil, &EditError{Table: t.name, Reason: "something follows the record"}
		}
	}
	return r, nil
}

// misfit says which field of a record is wrong. Package json names it for some faults
// only, so each field is tried alone.
func (t *table) misfit(doc []byte, cause error) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(doc, &fields); err != nil {
		return &EditError{Table: t.name, Reason: "this is no JSON object"}
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		one, _ := json.Marshal(map[string]json.RawMessage{name: fields[name]})
		d := json.NewDecoder(bytes.NewReader(one))
		d.DisallowUnknownFields()
		err := d.Decode(t.make())
		if err == nil {
			continue
		}
		var typ *json.UnmarshalTypeError
		unknown, is := strings.CutPrefix(err.Error(), "json: unknown field ")
		switch unknown = strings.Trim(unknown, `"`); {
		case is && unknown == name:
			return &EditError{Table: t.name, Field: name, Reason: "there is no such field"}
		case is:
			return &EditError{Table: t.name, Field: name + "." + unknown, Reason: "there is no such field"}
		case errors.As(err, &typ):
			return &EditError{Table: t.name, Field: cmp.Or(typ.Field, name), Reason: "can't be of the kind " + typ.Value}
		}
		return &EditError{Table: t.name, Field: name, Reason: "its value is not of the form that it needs"}
	}
	return &EditError{Table: t.name, Reason: "it is not as a record is: " + strings.TrimPrefix(cause.Error(), "json: ")}
}

// KeyOf is the key that a record has by its JSON. The error is as in PutRecord.
func (s *State) KeyOf(table string, doc []byte) (string, error) {
	t := s.byName[table]
	if t == nil {
		return "", fmt.Errorf("%w: no table %q", ErrNoRecord, table)
	}
	r, err := t.strict(doc)
	if err != nil {
		return "", err
	}
	return r.Key(), nil
}
