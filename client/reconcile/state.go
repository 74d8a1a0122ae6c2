package reconcile

import (
	"slices"
	"time"

	"github.com/eppkit/eppkit/epp"
)

// Values are the fields of an object, or what a command wants of them: texts in
// alphabetical order, written alike on both sides. A field that is not in it is not
// shown; one that is there and has nothing is empty.
type values map[string][]string

// put notes the values of a field. What is "" is none.
func (m values) put(field string, list ...string) {
	list = slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == "" })
	slices.Sort(list)
	m[field] = slices.Compact(list)
}

// some is put unless there are none: such a list in a command asks for nothing.
func (m values) some(field string, list ...string) {
	if len(list) > 0 {
		m.put(field, list...)
	}
}

// optional is put for a value that may be absent, in a command.
func (m values) optional(field string, v *string) {
	if v != nil {
		m.put(field, *v)
	}
}

// A state is an object as an answer shows it.
type state struct {
	there bool // false: the registry says that there is no such object
	full  bool // more than who the sponsor is was shown

	roid                           string
	clID, crID, upID               string
	crDate, upDate, trDate, exDate time.Time
	status                         []string
	rgp                            []string // RFC 3915, where they are shown
	values                         values
}

func (m *state) has(status string) bool { return slices.Contains(m.status, status) }

// A wish is what a create or an update asks for.
type wish struct {
	set      values // the fields are to have these values and no others
	add, rem values
	restore  string // the operation on a deleted domain (RFC 3915), which asks for no value
}

func newWish() *wish { return &wish{set: values{}, add: values{}, rem: values{}} }

func (m *wish) empty() bool { return len(m.set)+len(m.add)+len(m.rem) == 0 }

// fieldAuthInfo is the field whose values are secret.
const fieldAuthInfo = "authInfo"

// compare says of each part of a wish whether a state shows it so.
func (m *wish) compare(st *state) []Field {
	var fields []Field
	each := func(prefix string, all values, holds func(asked, shown []string) bool) {
		for _, name := range sortedKeys(all) {
			f := Field{Name: prefix + name, Asked: all[name], Match: NotShown}
			if shown, ok := st.values[name]; ok && st.full {
				f.Shown, f.Match = shown, Differs
				if holds(f.Asked, shown) {
					f.Match = Agrees
				}
			}
			if name == fieldAuthInfo {
				f.Asked, f.Shown = redact(f.Asked), redact(f.Shown)
			}
			fields = append(fields, f)
		}
	}
	each("", m.set, slices.Equal)
	each("add ", m.add, func(asked, shown []string) bool {
		return !slices.ContainsFunc(asked, func(s string) bool { return !slices.Contains(shown, s) })
	})
	each("rem ", m.rem, func(asked, shown []string) bool {
		return !slices.ContainsFunc(asked, func(s string) bool { return slices.Contains(shown, s) })
	})
	return fields
}

// What is removed goes first, so that what is added as well is there in the end.
func (m *wish) settle() {
	for name, list := range m.rem {
		list = slices.DeleteFunc(list, func(s string) bool { return slices.Contains(m.add[name], s) })
		if len(list) == 0 {
			delete(m.rem, name)
			continue
		}
		m.rem[name] = list
	}
}

func redact(list []string) []string {
	var hidden []string
	for range list {
		hidden = append(hidden, epp.Redacted)
	}
	return hidden
}

func sortedKeys(m values) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// statusesOf are the names alone.
func statusesOf(list []epp.Status) []string {
	var names []string
	for _, s := range list {
		names = append(names, s.S)
	}
	return names
}
