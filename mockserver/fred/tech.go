package fred

import (
	"slices"

	"github.com/eppkit/eppkit/mockserver/registry"
)

// maxTechs is how many technical contacts an nsset or a keyset may have; it must have
// one.
const maxTechs = 10

var (
	reasonNoTech      = phrase{"There is no such technical contact", "Takový technický kontakt neexistuje"}
	reasonTwice       = phrase{"The contact is named twice", "Kontakt je uveden dvakrát"}
	reasonTechThere   = phrase{"The contact is a technical contact already", "Kontakt již je technickým kontaktem"}
	reasonTechNot     = phrase{"The contact is not a technical contact", "Kontakt není technickým kontaktem"}
	reasonNoLinks     = phrase{"Nothing may refer to the contact", "Na kontakt nelze odkázat"}
	reasonTechNumbers = phrase{"There must be one to ten technical contacts", "Technických kontaktů musí být jeden až deset"}
)

// techs checks technical contacts that are to be added to those that are there.
func (f *refusal) techs(r *Registry, rd registry.Reader, space string, there, add []string) {
	for i, id := range add {
		handle := upper(id)
		c := r.contacts.Get(rd, handle)
		switch {
		case c == nil:
			f.add(space, "tech", id, reasonNoTech)
		case has(c.Status, linkLocked):
			f.add(space, "tech", id, reasonNoLinks)
		}
		if slices.Contains(there, handle) {
			f.add(space, "tech", id, reasonTechThere)
		}
		if among(handle, add[:i]) {
			f.add(space, "tech", id, reasonTwice)
		}
	}
}

// noTechs checks those that are to be removed.
func (f *refusal) noTechs(space string, there, rem []string) {
	for i, id := range rem {
		handle := upper(id)
		if !slices.Contains(there, handle) {
			f.add(space, "tech", id, reasonTechNot)
		}
		if among(handle, rem[:i]) {
			f.add(space, "tech", id, reasonTwice)
		}
	}
}

// among reports whether a handle in upper case is in a list in any case.
func among(handle string, list []string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return upper(s) == handle })
}

// changedTechs are the techs after a change that was checked. What is removed goes first.
func changedTechs(there, add, rem []string) []string {
	list := slices.DeleteFunc(slices.Clone(there), func(id string) bool { return among(id, rem) })
	return append(list, keptUpper(add)...)
}
