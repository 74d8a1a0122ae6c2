package registry

import (
	"regexp"
	"slices"
)

// A Validator checks a registry's fixtures, list by list, and keeps the first error.
type Validator struct {
	// ROID is the form of a ROID, and ROIDLike an example of it.
	ROID     *regexp.Regexp
	ROIDLike string
	// Err is the first error, a *FixtureError.
	Err error

	clIDs map[string]bool
	seen  map[string]bool // list and name, as in "contacts CID-A"
}

// Check keeps an error unless ok.
func (v *Validator) Check(ok bool, at Path, format string, args ...any) {
	if !ok {
		v.fail(at.Errorf(format, args...))
	}
}

func (v *Validator) fail(err error) {
	if v.Err == nil {
		v.Err = err
	}
}

// Registrars checks the list "registrars", which comes before those that refer to it.
func (v *Validator) Registrars(list []Account) {
	if err := ValidateAccounts(list); err != nil {
		v.fail(err)
	}
	v.clIDs = ClIDs(list)
}

// Messages checks the list "messages".
func (v *Validator) Messages(list []Message) {
	for i, m := range list {
		at := Path{"messages", i}
		v.Check(v.clIDs[m.ClID], at.With("clID"), "there is no registrar %q", m.ClID)
		v.Check(m.Text != "", at, "has no text")
	}
}

// Define checks what all objects have, and lets others refer to this one of a list.
func (v *Validator) Define(list, name string, m *Object, status []string, at Path) {
	v.once(list+" "+name, name, at)
	if err := m.Validate(v.clIDs, at); err != nil {
		v.fail(err)
	}
	if m.ROID != "" {
		v.Check(v.ROID.MatchString(m.ROID), at.With("roid"), "is not like %s", v.ROIDLike)
		v.once("roid "+m.ROID, m.ROID, at.With("roid"))
	}
	for i, s := range m.Status {
		v.Check(slices.Contains(status, s), at.With("status", i),
			"there is no status %q, or the registry sets it by itself", s)
	}
}

func (v *Validator) once(key, name string, at Path) {
	v.Check(!v.seen[key], at, "%s is there twice", name)
	if v.seen == nil {
		v.seen = make(map[string]bool)
	}
	v.seen[key] = true
}

// Refer checks that a list has an object of that name.
func (v *Validator) Refer(list, name string, at Path) {
	v.Check(v.seen[list+" "+name], at, "there is no %s among the %s", name, list)
}
