package contact

import "github.com/eppkit/eppkit/epp"

// Delete removes a contact (RFC 5733, section 3.2.2). One that another object names
// can't be deleted.
type Delete struct{ ID string }

// XMLName is contact:delete.
func (*Delete) XMLName() epp.Name { return epp.Name{Space: NS, Local: "delete"} }

// Answer says that a delete is answered by its result alone.
func (*Delete) Answer() *epp.NoData { return new(epp.NoData) }

// Fields walks the content of <contact:delete>.
func (m *Delete) Fields(x *epp.Codec) { epp.ClID(x, "id", &m.ID) }
