package extraaddr

import "github.com/eppkit/eppkit/epp"

// Create extends contact:create.
type Create struct{ Mailing Mailing }

// XMLName is extra-addr:create.
func (*Create) XMLName() epp.Name { return epp.Name{Space: NS, Local: "create"} }

// Fields walks the content of <extra-addr:create>.
func (m *Create) Fields(x *epp.Codec) { epp.One(x, "mailing", &m.Mailing) }
