package host

import "github.com/eppkit/eppkit/epp"

// Delete removes a host (RFC 5732, section 3.2.2). One that a domain delegates to can't
// be deleted.
type Delete struct{ Name string }

// XMLName is host:delete.
func (*Delete) XMLName() epp.Name { return epp.Name{Space: NS, Local: "delete"} }

// Answer says that a delete is answered by its result alone.
func (*Delete) Answer() *epp.NoData { return new(epp.NoData) }

// Fields walks the content of <host:delete>.
func (m *Delete) Fields(x *epp.Codec) { epp.Label(x, "name", &m.Name) }
