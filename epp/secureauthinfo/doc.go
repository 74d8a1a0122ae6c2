// Package secureauthinfo is RFC 9154, which has authInfo set for the time of a
// transfer alone, random and strong, and kept by nobody but as a hash. It is a way
// of using what there is: its namespace has no elements, and is announced to say
// that one keeps to it.
//
// A server that announces it takes an empty authInfo in a create, unsets authInfo in
// an update and after a transfer, validates it in an info, and never tells its value
// (section 3). A client that announces it makes authInfo from a secure source, and
// sets it only while a transfer is in process.
package secureauthinfo

import "github.com/eppkit/eppkit/epp"

// NS is the namespace (RFC 9154, section 3).
const NS = "urn:ietf:params:xml:ns:epp:secure-authinfo-transfer-1.0"

// Extension is the practice as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{URI: NS, Level: epp.CommandLevel, Document: "RFC 9154"}
}
