package contact

import "github.com/eppkit/eppkit/epp"

// PostalInfo is a name and an address, as far as the contact discloses them: any
// part may be absent (postalInfoReadType).
type PostalInfo struct {
	Name string
	Org  *string
	Addr *Addr
}

// Fields walks the content of <contact:postalInfo>.
func (m *PostalInfo) Fields(x *epp.Codec) {
	if x.Opt("name", epp.String(&m.Name)); m.Name != "" {
		x.StringLength("name", m.Name, 1, 255)
	}
	optLine(x, "org", &m.Org)
	epp.Maybe(x, "addr", &m.Addr)
}

// optLine is a child that may be absent or empty, and has at most 255 characters.
func optLine(x *epp.Codec, local string, v **string) {
	if x.Opt(local, epp.OptString(v)); *v != nil {
		x.StringLength(local, **v, 0, 255)
	}
}

// Addr is an address.
type Addr struct {
	Street []string // at most three lines, each of which may be empty
	City   string
	SP     *string // state or province
	PC     *string // postal code
	CC     string  // two letters, as in ISO 3166-1
}

// Fields walks the content of <contact:addr>.
func (m *Addr) Fields(x *epp.Codec) {
	x.Lines("street", &m.Street)
	x.Check(len(m.Street) <= 3, "street", "may occur three times at most")
	for _, line := range m.Street {
		x.StringLength("street", line, 0, 255)
	}
	if x.Opt("city", epp.String(&m.City)); m.City != "" {
		x.StringLength("city", m.City, 1, 255)
	}
	optLine(x, "sp", &m.SP)
	if x.Opt("pc", epp.OptToken(&m.PC)); m.PC != nil {
		x.Length("pc", *m.PC, 0, 16)
	}
	if x.Opt("cc", epp.Token(&m.CC)); m.CC != "" {
		x.Length("cc", m.CC, 2, 2)
	}
}
