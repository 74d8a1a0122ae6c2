package domain

import (
	"fmt"
	"io"

	"github.com/eppkit/eppkit/epp"
)

// Update changes a domain (RFC 5731, section 3.2.5). At least one of Add, Rem and
// Chg must be there, unless the command is extended; an empty one counts, and some
// extensions ask for one.
type Update struct {
	Name     string
	Add, Rem *AddRem
	Chg      *Chg
}

// XMLName is domain:update.
func (*Update) XMLName() epp.Name { return epp.Name{Space: NS, Local: "update"} }

// Answer says that an update is answered by its result alone.
func (*Update) Answer() *epp.NoData { return new(epp.NoData) }

// Fields walks the content of <domain:update>.
func (m *Update) Fields(x *epp.Codec) {
	epp.Label(x, "name", &m.Name)
	epp.Maybe(x, "add", &m.Add)
	epp.Maybe(x, "rem", &m.Rem)
	epp.Maybe(x, "chg", &m.Chg)
}

// AddRem is what an [Update] adds or removes.
type AddRem struct {
	// NS are name servers. To remove one its addresses are not needed.
	NS       *NameServers
	Contacts []Contact
	// Status may be those that begin with client. To remove one its text
	// does not matter.
	Status []epp.Status
}

// Fields walks the content of <domain:add> and <domain:rem>.
func (m *AddRem) Fields(x *epp.Codec) {
	epp.Maybe(x, "ns", &m.NS)
	epp.Each(x, "contact", &m.Contacts)
	status(x, &m.Status)
}

// Chg is what an [Update] replaces.
type Chg struct {
	// Registrant is the new one: nil leaves it as it is, "" removes it.
	Registrant *string
	AuthInfo   *AuthInfoChg // nil leaves it as it is
}

// Fields walks the content of <domain:chg>.
func (m *Chg) Fields(x *epp.Codec) {
	if x.Opt("registrant", epp.OptToken(&m.Registrant)); m.Registrant != nil {
		x.Length("registrant", *m.Registrant, 0, 16)
	}
	epp.Maybe(x, "authInfo", &m.AuthInfo)
}

// AuthInfoChg is a domain's new authInfo, as [epp.AuthInfo], or that it is to have
// none. A PW of "" without an Ext unsets it too (RFC 9154, section 5.2).
type AuthInfoChg struct {
	PW   epp.Secret
	ROID string
	Ext  epp.Element
	Null bool // beside none of the others
}

// Format leaves out the secret, as that of [epp.AuthInfo] does.
func (m AuthInfoChg) Format(f fmt.State, _ rune) {
	io.WriteString(f, "domain.AuthInfoChg("+epp.Redacted+")")
}

// Unsets reports whether the domain is to have no authInfo.
func (m *AuthInfoChg) Unsets() bool { return m.Null || m.PW == "" && m.Ext == nil }

// Fields walks the content of <domain:authInfo> in <domain:chg>.
func (m *AuthInfoChg) Fields(x *epp.Codec) {
	a := epp.AuthInfo{PW: m.PW, ROID: m.ROID, Ext: m.Ext}
	x.Check(!m.Null || a == (epp.AuthInfo{}), "", "must hold null alone, or a pw or an ext")
	x.Flag("null", &m.Null)
	if m.Null {
		return
	}
	a.Fields(x)
	if x.Decoding() { // writing changes nothing: a message may be written by several at once
		m.PW, m.ROID, m.Ext = a.PW, a.ROID, a.Ext
	}
}
