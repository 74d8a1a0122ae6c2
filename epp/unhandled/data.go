package unhandled

import (
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
)

// Data is what a response holds, with what the server had to put elsewhere as if it
// stood in its place.
type Data struct {
	ResData   []epp.Element // first what is in the response's ResData
	Extension []epp.Element // first what is in the response's Extension
	// Unplaced is what may belong in either: nobody says what its namespace is.
	Unplaced []epp.Element
	// Namespaces are those that the server found missing in the login, each once. A
	// client should learn them, and name them (RFC 9038, section 7.1).
	Namespaces []string
}

// Of reads a response. An object's data belong in ResData and an extension's in
// Extension (RFC 9038, sections 3.1 and 3.2); which of the two a namespace is, the
// server's greeting says, and in default of that the set. Either may be nil. Where
// neither says, a response that still has its ResData lacks an extension, for it holds
// one object alone.
//
// An extValue counts when its reason names the namespace of the element in it, in
// whatever words, and the response succeeded: in one that failed an extValue is about
// the error, and in others a server may have used it to warn. The response is not
// changed. An element that the set has no type for is a [*epp.Raw], as anywhere.
func Of(m *epp.Response, set *epp.Schema, greeting *epp.Greeting) Data {
	d := Data{ResData: slices.Clip(m.ResData), Extension: slices.Clip(m.Extension)}
	if m.Err() != nil {
		return d
	}
	for _, result := range m.Results {
		for _, v := range result.Values {
			if v.Reason == nil || len(v.Value.Elements) != 1 {
				continue
			}
			e := v.Value.Elements[0]
			uri := set.NameOf(e).Space
			if uri == "" || !names(v.Reason.Text, uri) {
				continue
			}
			switch levelOf(uri, m, set, greeting) {
			case epp.ObjectLevel:
				d.ResData = append(d.ResData, e)
			case epp.CommandLevel:
				d.Extension = append(d.Extension, e)
			default:
				d.Unplaced = append(d.Unplaced, e)
			}
			if !slices.Contains(d.Namespaces, uri) {
				d.Namespaces = append(d.Namespaces, uri)
			}
		}
	}
	return d
}

// names reports whether a reason has the URI among its words.
func names(reason, uri string) bool {
	return slices.ContainsFunc(strings.Fields(reason), func(word string) bool {
		return strings.Trim(word, `"'<>().,;:`) == uri
	})
}

// levelOf says what a namespace is, or 0.
func levelOf(uri string, m *epp.Response, set *epp.Schema, greeting *epp.Greeting) epp.Level {
	if greeting == nil {
		greeting = new(epp.Greeting)
	}
	for _, known := range []struct{ obj, ext []string }{
		{greeting.ObjURI, greeting.ExtURI},
		{set.ObjURI(), set.ExtURI()},
	} {
		switch {
		case slices.Contains(known.obj, uri):
			return epp.ObjectLevel
		case slices.Contains(known.ext, uri):
			return epp.CommandLevel
		}
	}
	if len(m.ResData) > 0 {
		return epp.CommandLevel
	}
	return 0
}
