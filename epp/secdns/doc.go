// Package secdns is the EPP extension for DNS security, RFC 5910: the DS records of
// a delegation, or the keys that they are made of.
//
// Its types are the elements of urn:ietf:params:xml:ns:secDNS-1.1, which extend the
// commands and answers of a domain, and are called as they are: secDNS:create is
// [Create], secDNS:dsData is [DSData].
//
// A server takes one of two interfaces (section 4): DS data, which may say which key
// it was made of, or key data, of which the server makes the DS data itself. Each
// element holds data of one of the two, never of both.
package secdns

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of the extension.
const NS = "urn:ietf:params:xml:ns:secDNS-1.1"

// Extension is the extension as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.CommandLevel,
		Document: "RFC 5910",
		Elements: []func() epp.Element{
			epp.Make[Create], epp.Make[Update], epp.Make[InfData],
		},
	}
}
