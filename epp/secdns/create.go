package secdns

import "github.com/eppkit/eppkit/epp"

// Create gives a new domain its DS data or keys (RFC 5910, section 5.2.1).
type Create struct {
	MaxSigLife int // wanted, in seconds; 0 is not stated
	DSData     []DSData
	KeyData    []KeyData
}

// XMLName is secDNS:create.
func (*Create) XMLName() epp.Name { return epp.Name{Space: NS, Local: "create"} }

// Fields walks the content of <secDNS:create>.
func (m *Create) Fields(x *epp.Codec) { dsOrKey(x, &m.MaxSigLife, &m.DSData, &m.KeyData) }
