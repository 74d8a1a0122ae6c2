package contact

import "github.com/eppkit/eppkit/epp"

// Disclose names the data for which a contact wants another treatment than the
// registry's policy.
type Disclose struct {
	// Flag says whether the data named may be disclosed, or must not be.
	Flag bool

	Addr                                       bool // never in a [Create]
	Voice, Fax, Email, VAT, Ident, NotifyEmail bool
}

// Fields walks the content of <contact:disclose>.
func (m *Disclose) Fields(x *epp.Codec) {
	x.Attr("flag", epp.Bool(&m.Flag))
	x.Flag("addr", &m.Addr)
	x.Flag("voice", &m.Voice)
	x.Flag("fax", &m.Fax)
	x.Flag("email", &m.Email)
	x.Flag("vat", &m.VAT)
	x.Flag("ident", &m.Ident)
	x.Flag("notifyEmail", &m.NotifyEmail)
}
