package registry

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	Reason string // quotes no value
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
	r, ok := s.View(nil).tables[t.n].Get(probe(key))
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
	s.View(nil).tables[t.n].Ascend(probe(from), func(r Record) bool {
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
	r, err := t.strict(doc)
	if err != nil {
		return "", err
	}
	if r.Key() == "" {
		return "", &EditError{Table: table, Reason: "it has no name"}
	}
	err = s.edit(table, func(tx *Tx) { tx.put(t, r) })
	return r.Key(), err
}

// DeleteRecord removes a record. The error is ErrNoRecord, or an *EditError where others
// refer to it.
func (s *State) DeleteRecord(table, key string) error {
	if _, err := s.Record(table, key); err != nil {
		return err
	}
	return s.edit(table, func(tx *Tx) { tx.delete(s.byName[table], key) })
}

// edit runs f, and turns what the tables refuse into an *EditError.
func (s *State) edit(table string, f func(*Tx)) error {
	return s.Change(func(tx *Tx) error {
		f(tx)
		if err := tx.check(); err != nil {
			return &EditError{Table: table, Reason: strings.TrimPrefix(err.Error(), "registry: ")}
		}
		return nil
	})
}

// strict decodes a record, and refuses what the record has no place for.
func (t *table) strict(doc []byte) (r Record, err error) {
	r = t.make()
	d := json.NewDecoder(bytes.NewReader(doc))
	d.DisallowUnknownFields()
	if err = d.Decode(r); err == nil {
		if _, more := d.Token(); more != io.EOF {
			return nil, &EditError{Table: t.name, Reason: "something follows the record"}
		}
		return r, nil
	}
	var typ *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch name, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); {
	case unknown:
		return nil, &EditError{Table: t.name, Field: strings.Trim(name, `"`), Reason: "there is no such field"}
	case errors.As(err, &typ):
		return nil, &EditError{Table: t.name, Field: typ.Field, Reason: "must not be a " + typ.Value}
	case errors.As(err, &syntax), errors.Is(err, io.ErrUnexpectedEOF), err == io.EOF:
		return nil, &EditError{Table: t.name, Reason: "this is not JSON"}
	}
	return nil, &EditError{Table: t.name, Reason: "a value is not of its field's form"}
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
