package extraaddr

import "github.com/eppkit/eppkit/epp"

// InfData extends contact:infData.
type InfData struct{ Mailing Mailing }

// XMLName is extra-addr:infData.
func (*InfData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "infData"} }

// Fields walks the content of <extra-addr:infData>.
func (m *InfData) Fields(x *epp.Codec) { epp.One(x, "mailing", &m.Mailing) }
