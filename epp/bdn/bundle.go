package bdn

import "github.com/eppkit/eppkit/epp"

// Bundle is a bundle of names (RFC 9095, section 5).
type Bundle struct {
	RDN RDN
	BDN []RDN
}

// Fields walks the content of <b-dn:bundle>.
func (m *Bundle) Fields(x *epp.Codec) {
	epp.One(x, "rdn", &m.RDN)
	epp.Each(x, "bdn", &m.BDN)
}

// RDN is a name in A-labels, and in U-labels where the writer says so.
type RDN struct {
	Name   string
	ULabel string
}

// Fields walks the attribute and the name.
func (m *RDN) Fields(x *epp.Codec) {
	if x.OptAttr("uLabel", epp.Token(&m.ULabel)) {
		x.Length("@uLabel", m.ULabel, 1, 255)
	}
	x.Text(epp.Token(&m.Name))
	x.Length("", m.Name, 1, 255)
}

// InfData is the bundle that the domain of an answer to an info belongs to (RFC 9095,
// section 6.1.2).
type InfData struct{ Bundle Bundle }

// XMLName is b-dn:infData.
func (*InfData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "infData"} }

// Fields walks the content of <b-dn:infData>.
func (m *InfData) Fields(x *epp.Codec) { epp.One(x, "bundle", &m.Bundle) }

// Create asks in the create of a domain for its bundle, too (RFC 9095, section 6.2.1).
type Create struct {
	// RDN is the name in U-labels beside that in A-labels; nil leaves that to the
	// domain's create.
	RDN *RDN
}

// XMLName is b-dn:create.
func (*Create) XMLName() epp.Name { return epp.Name{Space: NS, Local: "create"} }

// Fields walks the content of <b-dn:create>.
func (m *Create) Fields(x *epp.Codec) { epp.Maybe(x, "rdn", &m.RDN) }

// CreData is the bundle that a create made (RFC 9095, section 6.2.1).
type CreData struct{ Bundle Bundle }

// XMLName is b-dn:creData.
func (*CreData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "creData"} }

// Fields walks the content of <b-dn:creData>.
func (m *CreData) Fields(x *epp.Codec) { epp.One(x, "bundle", &m.Bundle) }

// DelData is the bundle that a delete removed (RFC 9095, section 6.2.2).
type DelData struct{ Bundle Bundle }

// XMLName is b-dn:delData.
func (*DelData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "delData"} }

// Fields walks the content of <b-dn:delData>.
func (m *DelData) Fields(x *epp.Codec) { epp.One(x, "bundle", &m.Bundle) }

// RenData is the bundle that a renew prolonged (RFC 9095, section 6.2.3).
type RenData struct{ Bundle Bundle }

// XMLName is b-dn:renData.
func (*RenData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "renData"} }

// Fields walks the content of <b-dn:renData>.
func (m *RenData) Fields(x *epp.Codec) { epp.One(x, "bundle", &m.Bundle) }

// TrnData is the bundle that a transfer is about (RFC 9095, section 6.2.4).
type TrnData struct{ Bundle Bundle }

// XMLName is b-dn:trnData.
func (*TrnData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "trnData"} }

// Fields walks the content of <b-dn:trnData>.
func (m *TrnData) Fields(x *epp.Codec) { epp.One(x, "bundle", &m.Bundle) }

// UpData is the bundle that an update changed (RFC 9095, section 6.2.5).
type UpData struct{ Bundle Bundle }

// XMLName is b-dn:upData.
func (*UpData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "upData"} }

// Fields walks the content of <b-dn:upData>.
func (m *UpData) Fields(x *epp.Codec) { epp.One(x, "bundle", &m.Bundle) }
