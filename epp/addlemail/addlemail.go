package addlemail

import "github.com/eppkit/eppkit/epp"

// AddlEmail is the second address of a contact, in a create, an update and the answer to
// an info.
type AddlEmail struct {
	// Email is the address. "" in an update removes it, and in an answer says
	// that there is none.
	Email string
	// Primary says whether it is to be used before the address of the contact
	// itself. Nil is false, and must be there beside an Email of "".
	Primary *bool
}

// XMLName is addlEmail:addlEmail.
func (*AddlEmail) XMLName() epp.Name { return epp.Name{Space: NS, Local: "addlEmail"} }

// Fields walks the content of <addlEmail:addlEmail>.
func (m *AddlEmail) Fields(x *epp.Codec) {
	x.Group("email", func() {
		x.OptAttr("primary", epp.Optional(&m.Primary, epp.Bool))
		x.Text(epp.Token(&m.Email))
	})
}
