package launch

import "github.com/eppkit/eppkit/epp"

// Update says which application an update of a domain changes (RFC 8334, section 3.4).
type Update struct {
	Phase         Phase
	ApplicationID string
}

// XMLName is launch:update.
func (*Update) XMLName() epp.Name { return epp.Name{Space: NS, Local: "update"} }

// Fields walks the content of <launch:update>.
func (m *Update) Fields(x *epp.Codec) { idContainer(x, &m.Phase, &m.ApplicationID) }
