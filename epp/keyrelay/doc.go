// Package keyrelay is the EPP mapping for relaying DNSSEC keys through the registry, RFC
// 8063: the gaining registrar of a domain creates a key relay, and the registry puts it
// into the queue of the losing one.
//
// Its types are the elements of urn:ietf:params:xml:ns:keyrelay-1.0 and are called as
// they are: keyrelay:create is [Create].
package keyrelay

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of the mapping.
const NS = "urn:ietf:params:xml:ns:keyrelay-1.0"

// The namespaces that own the content of <keyrelay:authInfo> and <keyrelay:keyData>.
const (
	domainNS = "urn:ietf:params:xml:ns:domain-1.0"
	secDNSNS = "urn:ietf:params:xml:ns:secDNS-1.1"
)

// Extension is the mapping as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.ObjectLevel, // a key relay is an object: sections 2 and 3
		Document: "RFC 8063",
		Elements: []func() epp.Element{
			epp.Make[Create], epp.Make[InfData], epp.Make[KeyRelayData],
		},
	}
}
