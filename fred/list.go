package fred

import "github.com/eppkit/eppkit/epp"

// This file holds the commands that prepare a list of everything that the client
// sponsors. The answer says how many there are; [GetResults] fetches them.

// ListContacts prepares a list of the client's contacts.
type ListContacts struct{}

// XMLName is fred:listContacts.
func (*ListContacts) XMLName() epp.Name { return epp.Name{Space: NS, Local: "listContacts"} }

// Answer is fred:infoResponse.
func (*ListContacts) Answer() *InfoResponse { return new(InfoResponse) }

// Envelope is fred:extcommand.
func (m *ListContacts) Envelope(clTRID string) epp.Element {
	return &ExtCommand{Command: m, ClTRID: clTRID}
}

// IsQuery says that preparing the list changes no object.
func (*ListContacts) IsQuery() bool { return true }

// Fields has nothing to walk, and passes over content, which the schema allows.
func (*ListContacts) Fields(x *epp.Codec) { x.IgnoreContent() }

// ListDomains prepares a list of the client's domains.
type ListDomains struct{}

// XMLName is fred:listDomains.
func (*ListDomains) XMLName() epp.Name { return epp.Name{Space: NS, Local: "listDomains"} }

// Answer is fred:infoResponse.
func (*ListDomains) Answer() *InfoResponse { return new(InfoResponse) }

// Envelope is fred:extcommand.
func (m *ListDomains) Envelope(clTRID string) epp.Element {
	return &ExtCommand{Command: m, ClTRID: clTRID}
}

// IsQuery says that preparing the list changes no object.
func (*ListDomains) IsQuery() bool { return true }

// Fields has nothing to walk, and passes over content, which the schema allows.
func (*ListDomains) Fields(x *epp.Codec) { x.IgnoreContent() }

// ListNssets prepares a list of the client's nssets.
type ListNssets struct{}

// XMLName is fred:listNssets.
func (*ListNssets) XMLName() epp.Name { return epp.Name{Space: NS, Local: "listNssets"} }

// Answer is fred:infoResponse.
func (*ListNssets) Answer() *InfoResponse { return new(InfoResponse) }

// Envelope is fred:extcommand.
func (m *ListNssets) Envelope(clTRID string) epp.Element {
	return &ExtCommand{Command: m, ClTRID: clTRID}
}

// IsQuery says that preparing the list changes no object.
func (*ListNssets) IsQuery() bool { return true }

// Fields has nothing to walk, and passes over content, which the schema allows.
func (*ListNssets) Fields(x *epp.Codec) { x.IgnoreContent() }

// ListKeysets prepares a list of the client's keysets.
type ListKeysets struct{}

// XMLName is fred:listKeysets.
func (*ListKeysets) XMLName() epp.Name { return epp.Name{Space: NS, Local: "listKeysets"} }

// Answer is fred:infoResponse.
func (*ListKeysets) Answer() *InfoResponse { return new(InfoResponse) }

// Envelope is fred:extcommand.
func (m *ListKeysets) Envelope(clTRID string) epp.Element {
	return &ExtCommand{Command: m, ClTRID: clTRID}
}

// IsQuery says that preparing the list changes no object.
func (*ListKeysets) IsQuery() bool { return true }

// Fields has nothing to walk, and passes over content, which the schema allows.
func (*ListKeysets) Fields(x *epp.Codec) { x.IgnoreContent() }

// InfoResponse says how long the list is that a command prepared.
type InfoResponse struct{ Count uint64 }

// XMLName is fred:infoResponse.
func (*InfoResponse) XMLName() epp.Name { return epp.Name{Space: NS, Local: "infoResponse"} }

// Fields walks the content of <fred:infoResponse>.
func (m *InfoResponse) Fields(x *epp.Codec) { x.Elem("count", epp.Uint(&m.Count)) }
