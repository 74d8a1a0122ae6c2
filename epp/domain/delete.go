package domain

import "github.com/eppkit/eppkit/epp"

// Delete removes a domain (RFC 5731, section 3.2.2). A domain with subordinate
// hosts can't be deleted.
type Delete struct{ Name string }

// XMLName is domain:delete.
func (*Delete) XMLName() epp.Name { return epp.Name{Space: NS, Local: "delete"} }

// Answer says that a delete is answered by its result alone.
func (*Delete) Answer() *epp.NoData { return new(epp.NoData) }

// Fields walks the content of <domain:delete>.
func (m *Delete) Fields(x *epp.Codec) { epp.Label(x, "name", &m.Name) }
