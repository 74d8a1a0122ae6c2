package mark

import "github.com/eppkit/eppkit/epp"

// What a [Holder] is of a mark.
const (
	HolderOwner    = "owner"
	HolderAssignee = "assignee"
	HolderLicensee = "licensee"
)

// Holder is who holds a mark.
type Holder struct {
	Entitlement string // one of the Holder constants; "" is not stated
	Name        string // "" is not stated
	Org         string // "" is not stated
	Addr        Addr
	Voice, Fax  *E164
	Email       string // "" is not stated
}

// Fields walks the content of <mark:holder>.
func (m *Holder) Fields(x *epp.Codec) {
	if x.OptAttr("entitlement", epp.Token(&m.Entitlement)) {
		x.Check(m.Entitlement == HolderOwner || m.Entitlement == HolderAssignee || m.Entitlement == HolderLicensee,
			"@entitlement", "must be owner, assignee or licensee")
	}
	x.Opt("name", epp.Token(&m.Name))
	x.Opt("org", epp.Token(&m.Org))
	epp.One(x, "addr", &m.Addr)
	epp.Maybe(x, "voice", &m.Voice)
	epp.Maybe(x, "fax", &m.Fax)
	if x.Opt("email", epp.Token(&m.Email)) {
		x.NotBlank("email", m.Email)
	}
}

// What a [Contact] is to a mark.
const (
	ContactOwner      = "owner"
	ContactAgent      = "agent"
	ContactThirdParty = "thirdparty"
)

// Contact is who represents a mark.
type Contact struct {
	Type  string // one of the Contact constants; "" is not stated
	Name  string
	Org   string // "" is not stated
	Addr  Addr
	Voice E164
	Fax   *E164
	Email string
}

// Fields walks the content of <mark:contact>.
func (m *Contact) Fields(x *epp.Codec) {
	if x.OptAttr("type", epp.Token(&m.Type)) {
		x.Check(m.Type == ContactOwner || m.Type == ContactAgent || m.Type == ContactThirdParty,
			"@type", "must be owner, agent or thirdparty")
	}
	x.Elem("name", epp.Token(&m.Name))
	x.Opt("org", epp.Token(&m.Org))
	epp.One(x, "addr", &m.Addr)
	epp.One(x, "voice", &m.Voice)
	epp.Maybe(x, "fax", &m.Fax)
	x.Elem("email", epp.Token(&m.Email))
	x.NotBlank("email", m.Email)
}

// Addr is an address.
type Addr struct {
	Street []string // one to three lines
	City   string
	SP     string // state or province; "" is not stated
	PC     string // postal code, 16 characters at most; "" is not stated
	CC     string // two letters, as in ISO 3166-1
}

// Fields walks the content of <mark:addr>.
func (m *Addr) Fields(x *epp.Codec) {
	x.List("street", &m.Street)
	x.NotEmpty(len(m.Street), "street")
	x.AtMost(len(m.Street), 3, "street")
	x.Elem("city", epp.Token(&m.City))
	x.Opt("sp", epp.Token(&m.SP))
	x.OptSized("pc", &m.PC, 0, 16)
	country(x, "cc", &m.CC)
}

// E164 is a telephone number.
type E164 = epp.E164
