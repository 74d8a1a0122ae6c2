package ttl

import "github.com/eppkit/eppkit/epp"

// Update changes times to live (RFC 9803, section 2.2.2). A type of record that it does
// not name keeps its own.
type Update struct{ TTL []TTL }

// XMLName is ttl:update.
func (*Update) XMLName() epp.Name { return epp.Name{Space: NS, Local: "update"} }

// Fields walks the content of <ttl:update>.
func (m *Update) Fields(x *epp.Codec) { ttls(x, &m.TTL) }
