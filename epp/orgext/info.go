package orgext

import "github.com/eppkit/eppkit/epp"

// InfData says in the answer to an info which organizations the object is tied to
// (RFC 8544, section 4.1.2). A client that may not see them finds none.
type InfData struct{ IDs []ID }

// XMLName is orgext:infData.
func (*InfData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "infData"} }

// Fields walks the content of <orgext:infData>.
func (m *InfData) Fields(x *epp.Codec) { epp.Each(x, "id", &m.IDs) }
