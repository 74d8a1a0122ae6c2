package contact

import "github.com/eppkit/eppkit/epp"

// The two forms of postal information (RFC 5733, section 2.6).
const (
	Int = "int" // internationalized: 7-bit ASCII alone
	Loc = "loc" // localized: any character
)

// IntLoc is one of the two forms, where an element says nothing else.
type IntLoc string

// Fields walks the attribute.
func (m *IntLoc) Fields(x *epp.Codec) { epp.PostalForm(x, (*string)(m)) }

// PostalInfo is a name and an address in one form.
type PostalInfo struct {
	Type string // Int or Loc
	Name string
	Org  *string
	Addr Addr
}

// Fields walks the content of <contact:postalInfo>.
func (m *PostalInfo) Fields(x *epp.Codec) {
	epp.PostalForm(x, &m.Type)
	epp.PostalLine(x, "name", &m.Name)
	epp.OptPostalLine(x, "org", &m.Org)
	epp.One(x, "addr", &m.Addr)
}

// postalInfo is a child that must occur and may twice.
func postalInfo(x *epp.Codec, v *[]PostalInfo) {
	epp.Each(x, "postalInfo", v)
	x.NotEmpty(len(*v), "postalInfo")
	x.AtMost(len(*v), 2, "postalInfo")
}

// Addr is an address.
type Addr = epp.Addr

// Phone is a telephone number (RFC 5733, section 2.5).
type Phone = epp.E164
