package orgext

import "github.com/eppkit/eppkit/epp"

// Create ties the object of a create to organizations, of which there must be one at
// least (RFC 8544, section 4.2.1).
type Create struct{ IDs []ID }

// XMLName is orgext:create.
func (*Create) XMLName() epp.Name { return epp.Name{Space: NS, Local: "create"} }

// Fields walks the content of <orgext:create>.
func (m *Create) Fields(x *epp.Codec) { ids(x, &m.IDs) }

// ids is a child that occurs at least once and ties an organization.
func ids(x *epp.Codec, v *[]ID) {
	epp.Each(x, "id", v)
	x.NotEmpty(len(*v), "id")
}
