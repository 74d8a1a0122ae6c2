package allocationtoken

import "github.com/eppkit/eppkit/epp"

// Info asks that the answer to an info hold the object's token (RFC 8495, section
// 3.1.2).
type Info struct{}

// XMLName is allocationToken:info.
func (*Info) XMLName() epp.Name { return epp.Name{Space: NS, Local: "info"} }

// Fields does nothing: the element is empty.
func (*Info) Fields(*epp.Codec) {}
