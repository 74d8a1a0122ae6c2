package e164val

import "github.com/eppkit/eppkit/epp"

// Validation is one validation of a domain: the type of <e164val:add>, <e164val:chg>
// and <e164val:inf>.
type Validation struct {
	ID             string // not empty
	ValidationInfo ValidationInfo
}

// Fields walks the attribute and the child.
func (m *Validation) Fields(x *epp.Codec) {
	id(x, &m.ID)
	epp.One(x, "validationInfo", &m.ValidationInfo)
}

// id is an attribute that names a validation.
func id(x *epp.Codec, v *string) {
	x.Attr("id", epp.Token(v))
	x.NotBlank("@id", *v)
}

// ValidationInfo holds what is known of a validation: one element of another namespace.
type ValidationInfo struct{ Info epp.Element }

// XMLName is e164val:validationInfo.
func (*ValidationInfo) XMLName() epp.Name { return epp.Name{Space: NS, Local: "validationInfo"} }

// Fields walks the content of <e164val:validationInfo>.
func (m *ValidationInfo) Fields(x *epp.Codec) {
	x.Any(&m.Info)
	if m.Info != nil {
		space := m.Info.XMLName().Space
		x.Check(space != NS && space != "", "", "may hold an element of another namespace only")
	}
}

// InfData is the validations of a domain, in the answer to an info.
type InfData struct{ Inf []Validation }

// XMLName is e164val:infData.
func (*InfData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "infData"} }

// Fields walks the content of <e164val:infData>.
func (m *InfData) Fields(x *epp.Codec) { epp.Each(x, "inf", &m.Inf) }

// Create gives validations to the domain of a create: at least one.
type Create struct{ Add []Validation }

// XMLName is e164val:create.
func (*Create) XMLName() epp.Name { return epp.Name{Space: NS, Local: "create"} }

// Fields walks the content of <e164val:create>.
func (m *Create) Fields(x *epp.Codec) { add(x, &m.Add) }

// Renew gives validations to the domain of a renew: at least one.
type Renew struct{ Add []Validation }

// XMLName is e164val:renew.
func (*Renew) XMLName() epp.Name { return epp.Name{Space: NS, Local: "renew"} }

// Fields walks the content of <e164val:renew>.
func (m *Renew) Fields(x *epp.Codec) { add(x, &m.Add) }

// Transfer gives validations to the domain of a transfer: at least one.
type Transfer struct{ Add []Validation }

// XMLName is e164val:transfer.
func (*Transfer) XMLName() epp.Name { return epp.Name{Space: NS, Local: "transfer"} }

// Fields walks the content of <e164val:transfer>.
func (m *Transfer) Fields(x *epp.Codec) { add(x, &m.Add) }

func add(x *epp.Codec, v *[]Validation) {
	epp.Each(x, "add", v)
	x.NotEmpty(len(*v), "add")
}

// Update changes the validations of the domain of an update.
type Update struct {
	Add []Validation
	Rem []Rem
	Chg []Validation // each replaces the one of its ID
}

// XMLName is e164val:update.
func (*Update) XMLName() epp.Name { return epp.Name{Space: NS, Local: "update"} }

// Fields walks the content of <e164val:update>.
func (m *Update) Fields(x *epp.Codec) {
	epp.Each(x, "add", &m.Add)
	epp.Each(x, "rem", &m.Rem)
	epp.Each(x, "chg", &m.Chg)
}

// Rem names a validation to remove.
type Rem struct{ ID string }

// Fields walks the attribute.
func (m *Rem) Fields(x *epp.Codec) { id(x, &m.ID) }
