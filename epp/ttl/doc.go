// Package ttl is the EPP extension for the time to live of the DNS records that a
// registry publishes for a domain or a host: RFC 9803.
package ttl

import "github.com/eppkit/eppkit/epp"

// NS is the namespace of the extension.
const NS = "urn:ietf:params:xml:ns:epp:ttl-1.0"

// Extension is the extension as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.CommandLevel,
		Document: "RFC 9803",
		Elements: []func() epp.Element{
			epp.Make[Create], epp.Make[Update], epp.Make[Info], epp.Make[InfData],
		},
	}
}
