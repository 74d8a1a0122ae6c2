// Package orgext is the EPP extension that ties organizations to an object such as a
// domain, each in a role, RFC 8544.
//
// Its types are the elements of urn:ietf:params:xml:ns:epp:orgext-1.0 and are called
// as they are: orgext:update is [Update]. The organizations themselves are objects of
// package epp/org.
package orgext

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of the extension.
const NS = "urn:ietf:params:xml:ns:epp:orgext-1.0"

// Extension is the extension as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.CommandLevel,
		Document: "RFC 8544",
		Elements: []func() epp.Element{
			epp.Make[InfData], epp.Make[Create], epp.Make[Update],
		},
	}
}

// ID ties an organization in a role (RFC 8544, section 3.1).
type ID struct {
	Role string // the type of one of the organization's roles, such as reseller
	ID   string // of the organization; "" in an [Update] that removes whichever has the role
}

// Fields walks the attribute and the text.
func (m *ID) Fields(x *epp.Codec) {
	x.Attr("role", epp.Token(&m.Role))
	x.Text(epp.Token(&m.ID))
}
