package contact

import "github.com/eppkit/eppkit/epp"

// The kinds of identity document.
const (
	IdentOP       = "op"       // identity card
	IdentPassport = "passport" // passport
	IdentMPSV     = "mpsv"     // number given by the Ministry of Labour and Social Affairs
	IdentICO      = "ico"      // company number
	IdentBirthday = "birthday" // date of birth
)

// Ident is a number that identifies a person or a company.
type Ident struct {
	Type string // one of the Ident constants
	Text string // at most 32 characters
}

// Fields walks the attribute and the number.
func (m *Ident) Fields(x *epp.Codec) {
	x.Attr("type", epp.Token(&m.Type))
	m.kind(x)
	m.number(x)
}

// change is Fields for an update, in which the attribute may be absent.
func (m *Ident) change(x *epp.Codec) {
	if x.OptAttr("type", epp.Token(&m.Type)) {
		m.kind(x)
	}
	m.number(x)
}

func (m *Ident) kind(x *epp.Codec) {
	switch m.Type {
	case IdentOP, IdentPassport, IdentMPSV, IdentICO, IdentBirthday:
	default:
		x.Check(false, "@type", "must be op, passport, mpsv, ico or birthday")
	}
}

func (m *Ident) number(x *epp.Codec) {
	x.Text(epp.Token(&m.Text))
	x.Length("", m.Text, 0, 32)
}
