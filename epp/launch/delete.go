package launch

import "github.com/eppkit/eppkit/epp"

// Delete says which application the deletion of a domain withdraws (RFC 8334, section
// 3.5).
type Delete struct {
	Phase         Phase
	ApplicationID string
}

// XMLName is launch:delete.
func (*Delete) XMLName() epp.Name { return epp.Name{Space: NS, Local: "delete"} }

// Fields walks the content of <launch:delete>.
func (m *Delete) Fields(x *epp.Codec) { idContainer(x, &m.Phase, &m.ApplicationID) }
