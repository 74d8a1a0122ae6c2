// Package loginsec is the EPP extension for the security of logins: RFC 8807. A client
// adds [LoginSec] to a login, for passwords of any length and to say what software it
// is; a server adds [LoginSecData] to its answer, to warn of what will soon not work.
//
// A client of package client logs in with a long password by [Extend]:
//
//	&client.Credentials{ClID: "REG-EXAMPLE", PW: password, Extend: loginsec.Extend}
package loginsec

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of the extension.
const NS = "urn:ietf:params:xml:ns:epp:loginSec-1.0"

// Elsewhere stands in a login's pw or newPW for the password that is in [LoginSec]. No
// password may be this (RFC 8807, section 3.2).
const Elsewhere epp.Secret = "[LOGIN-SECURITY]"

// Extension is the extension as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.CommandLevel,
		Document: "RFC 8807",
		Elements: []func() epp.Element{epp.Make[LoginSec], epp.Make[LoginSecData]},
	}
}
