package secdns

import "github.com/eppkit/eppkit/epp"

// InfData says which DS data or keys a domain has. It is in an answer only when the
// login asked for the extension, and only for a domain that has any (RFC 5910,
// section 5.1.2).
type InfData struct {
	MaxSigLife int // in seconds; 0 is not stated
	DSData     []DSData
	KeyData    []KeyData
}

// XMLName is secDNS:infData.
func (*InfData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "infData"} }

// Fields walks the content of <secDNS:infData>.
func (m *InfData) Fields(x *epp.Codec) { dsOrKey(x, &m.MaxSigLife, &m.DSData, &m.KeyData) }
