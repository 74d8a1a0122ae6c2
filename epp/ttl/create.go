package ttl

import "github.com/eppkit/eppkit/epp"

// Create sets times to live of a new domain or host (RFC 9803, section 2.2.1).
type Create struct{ TTL []TTL }

// XMLName is ttl:create.
func (*Create) XMLName() epp.Name { return epp.Name{Space: NS, Local: "create"} }

// Fields walks the content of <ttl:create>.
func (m *Create) Fields(x *epp.Codec) { ttls(x, &m.TTL) }
