package contact

import "github.com/eppkit/eppkit/epp"

// Disclose names the data for which a contact wants another treatment than the
// server's policy (RFC 5733, section 2.9).
type Disclose struct {
	// Flag says whether the data named may be disclosed, or must not be.
	Flag bool
	// Name, Org and Addr say in which forms: Int, Loc or both.
	Name, Org, Addr   []IntLoc
	Voice, Fax, Email bool
}

// Fields walks the content of <contact:disclose>.
func (m *Disclose) Fields(x *epp.Codec) {
	x.Attr("flag", epp.Bool(&m.Flag))
	forms(x, "name", &m.Name)
	forms(x, "org", &m.Org)
	forms(x, "addr", &m.Addr)
	x.Flag("voice", &m.Voice)
	x.Flag("fax", &m.Fax)
	x.Flag("email", &m.Email)
}

func forms(x *epp.Codec, local string, v *[]IntLoc) {
	epp.Each(x, local, v)
	x.AtMost(len(*v), 2, local)
}
