package contact

import "github.com/eppkit/eppkit/epp"

// PostalInfo is a name and an address, as far as the contact discloses them: in an
// [InfData] and a [Chg] any part may be absent.
type PostalInfo struct {
	Name string  // at most 255 characters, as are those of Org
	Org  *string // organization
	Addr *Addr
}

// Fields walks the content of <contact:postalInfo> in an InfData, in which the parts
// of the address may be absent, too (postalInfoReadType).
func (m *PostalInfo) Fields(x *epp.Codec) { m.walk(x, (*Addr).Fields) }

// change is Fields for an update: an address is there as a whole or not at all
// (chgPostalInfoType).
func (m *PostalInfo) change(x *epp.Codec) { m.walk(x, (*Addr).complete) }

// complete is Fields for a new contact (postalInfoType).
func (m *PostalInfo) complete(x *epp.Codec) {
	m.change(x)
	x.NotEmpty(len(m.Name), "name")
	if m.Addr == nil {
		x.NotEmpty(0, "addr")
	}
}

func (m *PostalInfo) walk(x *epp.Codec, addr func(*Addr, *epp.Codec)) {
	if x.Opt("name", epp.String(&m.Name)) {
		x.StringLength("name", m.Name, 1, 255)
	}
	epp.OptPostalLine(x, "org", &m.Org)
	maybe(x, "addr", &m.Addr, addr)
}

// maybe is [epp.Maybe] with another walk than Fields.
func maybe[T any](x *epp.Codec, local string, v **T, walk func(*T, *epp.Codec)) {
	x.OptGroup(local, *v != nil, func() {
		if *v == nil {
			*v = new(T)
		}
		walk(*v, x)
	})
}

// Addr is an address. In a [Create] and a [Chg] only SP may be absent, in an [InfData]
// any part.
type Addr struct {
	Street []string // at most three lines, each of which may be empty
	City   string
	SP     *string // state or province
	PC     *string // postal code, at most 16 characters, or ""
	CC     string  // two letters, as in ISO 3166-1
}

// Fields walks the content of <contact:addr> in an InfData (addrReadType).
func (m *Addr) Fields(x *epp.Codec) {
	x.Lines("street", &m.Street)
	x.AtMost(len(m.Street), 3, "street")
	for _, line := range m.Street {
		x.StringLength("street", line, 0, 255)
	}
	if x.Opt("city", epp.String(&m.City)) {
		x.StringLength("city", m.City, 1, 255)
	}
	epp.OptPostalLine(x, "sp", &m.SP)
	if x.Opt("pc", epp.OptToken(&m.PC)) {
		x.Length("pc", *m.PC, 0, 16)
	}
	x.OptSized("cc", &m.CC, 2, 2)
}

// complete is Fields for an address that is to be stored (addrType).
func (m *Addr) complete(x *epp.Codec) {
	m.Fields(x)
	x.NotEmpty(len(m.Street), "street")
	x.NotEmpty(len(m.City), "city")
	if m.PC == nil {
		x.NotEmpty(0, "pc")
	}
	x.NotEmpty(len(m.CC), "cc")
}
