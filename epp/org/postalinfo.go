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
	formOf(x, &m.Type)
	x.Elem("name", epp.String(&m.Name))
	x.StringLength("name", m.Name, 1, 255)
	epp.Maybe(x, "addr", &m.Addr)
}

func formOf(x *epp.Codec, v *string) {
	x.Attr("type", epp.Token(v))
	x.Check(*v == Int || *v == Loc, "@type", "must be int or loc")
}

// postalInfo is a child that may occur twice.
func postalInfo(x *epp.Codec, v *[]PostalInfo) {
	epp.Each(x, "postalInfo", v)
	x.Check(len(*v) <= 2, "postalInfo", "may occur twice at most")
}

// Addr is an address.
type Addr struct {
	Street []string // at most three lines, each of which may be empty
	City   string
	SP     *string // state or province
	PC     *string // postal code
	CC     string  // two letters, as in ISO 3166-1
}

// Fields walks the content of <org:addr>.
func (m *Addr) Fields(x *epp.Codec) {
	x.Lines("street", &m.Street)
	x.Check(len(m.Street) <= 3, "street", "may occur three times at most")
	for _, line := range m.Street {
		x.StringLength("street", line, 0, 255)
	}
	x.Elem("city", epp.String(&m.City))
	x.StringLength("city", m.City, 1, 255)
	if x.Opt("sp", epp.OptString(&m.SP)) {
		x.StringLength("sp", *m.SP, 0, 255)
	}
	if x.Opt("pc", epp.OptToken(&m.PC)) {
		x.Length("pc", *m.PC, 0, 16)
	}
	x.Elem("cc", epp.Token(&m.CC))
	x.Length("cc", m.CC, 2, 2)
}

// Phone is a telephone number.
type Phone struct {
	Number string // as in "+1.7035555555", or ""
	X      string // extension
}

// Fields walks the attribute and the number.
func (m *Phone) Fields(x *epp.Codec) {
	x.OptAttr("x", epp.Token(&m.X))
	x.Text(epp.Token(&m.Number))
	x.Check(epp.IsE164(m.Number), "", "is not a telephone number like +1.7035555555")
}
