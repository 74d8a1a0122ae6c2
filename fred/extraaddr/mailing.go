package extraaddr

import "github.com/eppkit/eppkit/epp"

// Mailing is the address for letters.
type Mailing struct{ Addr Addr }

// Fields walks the content of <extra-addr:mailing>.
func (m *Mailing) Fields(x *epp.Codec) { epp.One(x, "addr", &m.Addr) }

// Addr is an address. Its texts have at most 255 characters each, and at least one.
type Addr struct {
	Street []string // one to three lines
	City   string
	SP     string // state or province; may be ""
	PC     string // postal code, at most 16 characters; may be ""
	CC     string // two letters, as in ISO 3166-1
}

// Fields walks the content of <extra-addr:addr>.
func (m *Addr) Fields(x *epp.Codec) {
	x.Lines("street", &m.Street)
	x.NotEmpty(len(m.Street), "street")
	x.AtMost(len(m.Street), 3, "street")
	for _, line := range m.Street {
		x.StringLength("street", line, 1, 255)
	}
	x.Elem("city", epp.String(&m.City))
	x.StringLength("city", m.City, 1, 255)
	if x.Opt("sp", epp.String(&m.SP)) {
		x.StringLength("sp", m.SP, 1, 255)
	}
	x.Sized("pc", &m.PC, 0, 16)
	x.Sized("cc", &m.CC, 2, 2)
}
