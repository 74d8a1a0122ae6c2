package unhandled

import (
	"slices"

	"github.com/eppkit/eppkit/epp"
)

// notInLogin follows the namespace in the reason (RFC 9038, section 3).
const notInLogin = " not in login services"

// Wrap returns a response as a client may see it who logged in with login: what the set
// announces and the login does not name is moved from ResData and Extension to the first
// result, and all else stays where it is. The set may be moved to URIs of its own; the
// login has those of the wire.
//
// A response that failed is returned as it is: in it, an extValue is about the error.
// So is one in which there is nothing to move. m is never changed. What its Extra has
// inside the elements that are moved does not move with them, and is an error to whoever
// writes the response.
//
// The answer to a poll must be written in this way (section 6). A server that does not
// want to tell data of other answers may drop them instead (section 5).
func Wrap(m *epp.Response, set *epp.Schema, login *epp.Login) *epp.Response {
	announced := append(set.ObjURI(), set.ExtURI()...)
	unhandled := func(e epp.Element) bool {
		uri := set.NameOf(e).Space
		return slices.Contains(announced, uri) &&
			!slices.Contains(login.ObjURI, uri) && !slices.Contains(login.ExtURI, uri)
	}
	if m.Err() != nil || !slices.ContainsFunc(m.ResData, unhandled) && !slices.ContainsFunc(m.Extension, unhandled) {
		return m
	}
	out := *m
	var moved, more []epp.Element
	out.ResData, moved = split(m.ResData, unhandled)
	out.Extension, more = split(m.Extension, unhandled)
	out.Results = slices.Clone(m.Results)
	first := &out.Results[0]
	first.Values = slices.Concat(first.Values, Values(set, append(moved, more...)...))
	return &out
}

// split divides a list without changing it.
func split(list []epp.Element, chosen func(epp.Element) bool) (rest, out []epp.Element) {
	for _, e := range list {
		if chosen(e) {
			out = append(out, e)
		} else {
			rest = append(rest, e)
		}
	}
	return rest, out
}

// Values makes the extValues that hold elements, one for each. The set says which URI
// their namespaces have on the wire; it may be nil.
func Values(set *epp.Schema, elements ...epp.Element) []epp.ErrValue {
	var out []epp.ErrValue
	for _, e := range elements {
		out = append(out, epp.ErrValue{
			Value:  epp.Mixed{Elements: []epp.Element{e}},
			Reason: &epp.Text{Text: set.NameOf(e).Space + notInLogin},
		})
	}
	return out
}
