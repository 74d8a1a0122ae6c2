package registry

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// ErrNoSnapshot is when there is no snapshot of a name.
var ErrNoSnapshot = errors.New("registry: there is no snapshot of this name")

// Save keeps the registry as it is now under a name. An older one of that name is
// replaced. It takes no time and next to no memory.
func (s *State) Save(name string) {
	v := s.View(nil)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.saved[name] = v
}

// Restore brings back what was saved under a name, and the time of then. The error is
// ErrNoSnapshot.
func (s *State) Restore(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.saved[name]
	if v == nil {
		return fmt.Errorf("%w: %q", ErrNoSnapshot, name)
	}
	if err := s.restore(v); err != nil {
		return err
	}
	s.Clock.Set(v.now)
	return nil
}

// restore makes an older View the current one.
func (s *State) restore(v *View) error {
	fresh, now := *v, s.current.Load()
	fresh.commit = now.commit + 1
	if s.keep != nil {
		if err := s.keep(s.keepable(&fresh, changed(now, v))); err != nil {
			return &keepError{err}
		}
	}
	s.publish(&fresh)
	return nil
}

// Reset brings back the registry's beginning: its objects, messages, mail, the numbers
// it counts, and the clock with its pace. Snapshots are dropped.
func (s *State) Reset() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.restore(s.initial); err != nil {
		return err
	}
	if s.keep == nil { // else what was counted is on disk
		s.current.Store(s.initial)
		s.commands.Store(0)
	}
	s.past, s.saved = nil, make(map[string]*View)
	s.Clock.reset(s.started, s.pace)
	return nil
}

// Forget drops a snapshot. The error is ErrNoSnapshot.
func (s *State) Forget(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.saved[name] == nil {
		return fmt.Errorf("%w: %q", ErrNoSnapshot, name)
	}
	delete(s.saved, name)
	return nil
}

// Snapshots are the names under which something was saved, sorted.
func (s *State) Snapshots() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	names := make([]string, 0, len(s.saved))
	for name := range s.saved {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// snapshot is the View of that name; "" is the registry as it is now.
func (s *State) snapshot(name string) (*View, error) {
	if name == "" {
		return s.View(nil), nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.saved[name]; v != nil {
		return v, nil
	}
	return nil, fmt.Errorf("%w: %q", ErrNoSnapshot, name)
}

// A Difference is a record that is not the same in two snapshots.
type Difference struct {
	Ref
	// Before and After are the record's JSON, null where it is not there. They hold
	// secrets.
	Before json.RawMessage `json:"before"`
	After  json.RawMessage `json:"after"`
}

// Diff compares two snapshots, by name; "" is the registry as it is now. The error is
// ErrNoSnapshot.
func (s *State) Diff(from, to string) ([]Difference, error) {
	a, err := s.snapshot(from)
	if err != nil {
		return nil, err
	}
	b, err := s.snapshot(to)
	if err != nil {
		return nil, err
	}
	var list []Difference
	for _, ref := range changed(a, b) {
		n := s.byName[ref.Kind].n
		d := Difference{Ref: ref}
		if d.Before, err = recordJSON(a.tables[n], ref.Handle); err == nil {
			d.After, err = recordJSON(b.tables[n], ref.Handle)
		}
		if err != nil {
			return nil, fmt.Errorf("registry: %s: %w", ref, err)
		}
		if !bytes.Equal(d.Before, d.After) {
			list = append(list, d)
		}
	}
	return list, nil
}

func recordJSON(t records, key string) (json.RawMessage, error) {
	r, ok := t.Get(key)
	if !ok {
		return json.RawMessage("null"), nil
	}
	return json.Marshal(r)
}

// changed are the records that are not the same in two Views, in the order of tables and
// keys.
func changed(a, b *View) []Ref {
	var list []Ref
	for i, t := range a.state.tables {
		x, y := a.tables[i].Iter(), b.tables[i].Iter()
		okX, okY := x.First(), y.First()
		for okX || okY {
			switch {
			case !okY || okX && x.Item().Key() < y.Item().Key():
				list = append(list, Ref{t.name, x.Item().Key()})
				okX = x.Next()
			case !okX || y.Item().Key() < x.Item().Key():
				list = append(list, Ref{t.name, y.Item().Key()})
				okY = y.Next()
			default:
				if x.Item() != y.Item() {
					list = append(list, Ref{t.name, x.Item().Key()})
				}
				okX, okY = x.Next(), y.Next()
			}
		}
		x.Release()
		y.Release()
	}
	return list
}

// HasSnapshot is nil when there is a snapshot of a name, and otherwise ErrNoSnapshot.
func (s *State) HasSnapshot(name string) error {
	_, err := s.snapshot(name)
	return err
}
