package org

import "github.com/eppkit/eppkit/epp"

// The two forms of postal information (RFC 8543, section 4.1.2).
const (
	Int = "int" // internationalized: 7-bit ASCII alone
	Loc = "loc" // localized: any character
)

// PostalInfo is a name and an address in one form.
type PostalInfo struct {
	Type string // Int or Loc
	Name string
	Addr *Addr
}

// Fields walks the content of <org:postalInfo>.
func (m *PostalInfo) Fields(x *epp.Codec) {
	epp.PostalForm(x, &m.Type)
	epp.PostalLine(x, "name", &m.Name)
	epp.Maybe(x, "addr", &m.Addr)
}

// postalInfo is a child that may occur twice.
func postalInfo(x *epp.Codec, v *[]PostalInfo) {
	epp.Each(x, "postalInfo", v)
	x.AtMost(len(*v), 2, "postalInfo")
}

// Addr is an address (RFC 8543, section 4.1.2).
type Addr = epp.Addr

// Phone is a telephone number.
type Phone = epp.E164
