package variant

import (
	"strings"

	"github.com/eppkit/eppkit/epp"
)

// This file is what the schemas and the RFCs say of names. A test holds it to our
// schemas.

const (
	ietf   = "urn:ietf:params:xml:ns:"
	nicCZ  = "http://www.nic.cz/xml/epp/"
	rgp    = ietf + "rgp-1.0"
	secDNS = ietf + "secDNS-1.1"
)

// signed are namespaces of what a signature covers.
var signed = map[string]bool{
	"http://www.w3.org/2000/09/xmldsig#": true,
	ietf + "signedMark-1.0":              true,
	ietf + "mark-1.0":                    true,
	ietf + "verificationCode-1.0":        true,
}

// spaceKnown tells of a namespace in which no text has a prefix in it.
func spaceKnown(uri string) bool {
	return strings.HasPrefix(uri, ietf) || strings.HasPrefix(uri, nicCZ)
}

// names makes a set of names by namespace.
func names(of map[string][]string) map[epp.Name]bool {
	out := make(map[epp.Name]bool)
	for space, locals := range of {
		for _, local := range locals {
			out[epp.Name{Space: space, Local: local}] = true
		}
	}
	return out
}

func set(of ...string) map[string]bool {
	out := make(map[string]bool, len(of))
	for _, s := range of {
		out[s] = true
	}
	return out
}

// mixed are elements that have text and elements side by side.
var mixed = names(map[string][]string{
	epp.NS: {"msg", "value"},
	rgp:    {"preData", "postData", "resReason", "statement", "other"},
})

var dateTimes = names(map[string][]string{
	epp.NS:                       {"absolute", "qDate", "svDate"},
	ietf + "domain-1.0":          {"acDate", "crDate", "exDate", "paDate", "reDate", "trDate", "upDate"},
	ietf + "contact-1.0":         {"acDate", "crDate", "paDate", "reDate", "trDate", "upDate"},
	ietf + "host-1.0":            {"crDate", "paDate", "trDate", "upDate"},
	ietf + "changePoll-1.0":      {"date"},
	ietf + "epp:maintenance-1.0": {"crDate", "end", "start", "upDate"},
	ietf + "epp:org-1.0":         {"crDate", "paDate", "upDate"},
	ietf + "fee-0.12":            {"date", "notAfter"},
	ietf + "keyrelay-1.0":        {"absolute", "crDate"},
	ietf + "launch-1.0":          {"acceptedDate", "notAfter"},
	rgp:                          {"delTime", "resTime"},
	nicCZ + "contact-1.6":        {"crDate", "trDate", "upDate"},
	nicCZ + "domain-1.4":         {"crDate", "trDate", "upDate"},
	nicCZ + "nsset-1.2":          {"crDate", "trDate", "upDate"},
	nicCZ + "keyset-1.3":         {"crDate", "trDate", "upDate"},
	nicCZ + "fred-1.5":           {"periodFrom", "periodTo"},
})

var dateTimeAttrs = set("exDate")

var booleans = names(map[string][]string{
	secDNS:                       {"all"},
	ietf + "epp:maintenance-1.0": {"connection", "implementation"},
	nicCZ + "enumval-1.2":        {"publish"},
	nicCZ + "nsset-1.2":          {"status"},
	nicCZ + "keyset-1.3":         {"status"},
})

var booleanAttrs = set(
	"avail", "exists", "flag", "includeMark", "paResult", "policy", "primary", "refundable", "standard", "urgent",
)

// unordered are elements that may stand in any order beside those of the same name.
// No document promises one. The services of a greeting are not among them, for their
// order may be a preference, and neither are lines of an address.
var unordered = names(map[string][]string{
	ietf + "domain-1.0":   {"cd", "contact", "host", "hostAttr", "hostObj", "status"},
	ietf + "contact-1.0":  {"cd", "postalInfo", "status"},
	ietf + "host-1.0":     {"addr", "cd", "status"},
	rgp:                   {"rgpStatus"},
	secDNS:                {"dsData", "keyData"},
	nicCZ + "domain-1.4":  {"admin", "cd", "status"},
	nicCZ + "contact-1.6": {"cd", "status"},
	nicCZ + "nsset-1.2":   {"addr", "cd", "ns", "status", "tech"},
	nicCZ + "keyset-1.3":  {"cd", "dnskey", "status", "tech"},
})
