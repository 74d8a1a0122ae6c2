package fred

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/internal/fredcom"
)

// This file holds the commands that prepare a list of what uses an object. The list
// has what the client sponsors, whoever sponsors the object. The answer says how many
// there are; [GetResults] fetches them.

// DomainsByContact prepares a list of domains of which a contact is the registrant or an administrative contact.
type DomainsByContact struct {
	ID string // handle of the contact
}

// XMLName is fred:domainsByContact.
func (*DomainsByContact) XMLName() epp.Name { return epp.Name{Space: NS, Local: "domainsByContact"} }

// Answer is fred:infoResponse.
func (*DomainsByContact) Answer() *InfoResponse { return new(InfoResponse) }

// Envelope is fred:extcommand.
func (m *DomainsByContact) Envelope(clTRID string) epp.Element {
	return &ExtCommand{Command: m, ClTRID: clTRID}
}

// IsQuery says that preparing the list changes no object.
func (*DomainsByContact) IsQuery() bool { return true }

// Fields walks the content of <fred:domainsByContact>.
func (m *DomainsByContact) Fields(x *epp.Codec) { fredcom.Handle(x, &m.ID) }

// DomainsByNsset prepares a list of domains that use an nsset.
type DomainsByNsset struct {
	ID string // handle of the nsset
}

// XMLName is fred:domainsByNsset.
func (*DomainsByNsset) XMLName() epp.Name { return epp.Name{Space: NS, Local: "domainsByNsset"} }

// Answer is fred:infoResponse.
func (*DomainsByNsset) Answer() *InfoResponse { return new(InfoResponse) }

// Envelope is fred:extcommand.
func (m *DomainsByNsset) Envelope(clTRID string) epp.Element {
	return &ExtCommand{Command: m, ClTRID: clTRID}
}

// IsQuery says that preparing the list changes no object.
func (*DomainsByNsset) IsQuery() bool { return true }

// Fields walks the content of <fred:domainsByNsset>.
func (m *DomainsByNsset) Fields(x *epp.Codec) { fredcom.Handle(x, &m.ID) }

// DomainsByKeyset prepares a list of domains that use a keyset.
type DomainsByKeyset struct {
	ID string // handle of the keyset
}

// XMLName is fred:domainsByKeyset.
func (*DomainsByKeyset) XMLName() epp.Name { return epp.Name{Space: NS, Local: "domainsByKeyset"} }

// Answer is fred:infoResponse.
func (*DomainsByKeyset) Answer() *InfoResponse { return new(InfoResponse) }

// Envelope is fred:extcommand.
func (m *DomainsByKeyset) Envelope(clTRID string) epp.Element {
	return &ExtCommand{Command: m, ClTRID: clTRID}
}

// IsQuery says that preparing the list changes no object.
func (*DomainsByKeyset) IsQuery() bool { return true }

// Fields walks the content of <fred:domainsByKeyset>.
func (m *DomainsByKeyset) Fields(x *epp.Codec) { fredcom.Handle(x, &m.ID) }

// NssetsByContact prepares a list of nssets of which a contact is a technical contact.
type NssetsByContact struct {
	ID string // handle of the contact
}

// XMLName is fred:nssetsByContact.
func (*NssetsByContact) XMLName() epp.Name { return epp.Name{Space: NS, Local: "nssetsByContact"} }

// Answer is fred:infoResponse.
func (*NssetsByContact) Answer() *InfoResponse { return new(InfoResponse) }

// Envelope is fred:extcommand.
func (m *NssetsByContact) Envelope(clTRID string) epp.Element {
	return &ExtCommand{Command: m, ClTRID: clTRID}
}

// IsQuery says that preparing the list changes no object.
func (*NssetsByContact) IsQuery() bool { return true }

// Fields walks the content of <fred:nssetsByContact>.
func (m *NssetsByContact) Fields(x *epp.Codec) { fredcom.Handle(x, &m.ID) }

// KeysetsByContact prepares a list of keysets of which a contact is a technical contact.
type KeysetsByContact struct {
	ID string // handle of the contact
}

// XMLName is fred:keysetsByContact.
func (*KeysetsByContact) XMLName() epp.Name { return epp.Name{Space: NS, Local: "keysetsByContact"} }

// Answer is fred:infoResponse.
func (*KeysetsByContact) Answer() *InfoResponse { return new(InfoResponse) }

// Envelope is fred:extcommand.
func (m *KeysetsByContact) Envelope(clTRID string) epp.Element {
	return &ExtCommand{Command: m, ClTRID: clTRID}
}

// IsQuery says that preparing the list changes no object.
func (*KeysetsByContact) IsQuery() bool { return true }

// Fields walks the content of <fred:keysetsByContact>.
func (m *KeysetsByContact) Fields(x *epp.Codec) { fredcom.Handle(x, &m.ID) }

// NssetsByNs prepares a list of nssets that have a name server.
type NssetsByNs struct {
	Name string // of the name server
}

// XMLName is fred:nssetsByNs.
func (*NssetsByNs) XMLName() epp.Name { return epp.Name{Space: NS, Local: "nssetsByNs"} }

// Answer is fred:infoResponse.
func (*NssetsByNs) Answer() *InfoResponse { return new(InfoResponse) }

// Envelope is fred:extcommand.
func (m *NssetsByNs) Envelope(clTRID string) epp.Element {
	return &ExtCommand{Command: m, ClTRID: clTRID}
}

// IsQuery says that preparing the list changes no object.
func (*NssetsByNs) IsQuery() bool { return true }

// Fields walks the content of <fred:nssetsByNs>.
func (m *NssetsByNs) Fields(x *epp.Codec) {
	epp.Label(x, "name", &m.Name)
}
