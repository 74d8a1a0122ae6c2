package nsset

import "github.com/eppkit/eppkit/epp"

// NameServer is a name server of an nsset: the element nsset:ns.
type NameServer struct {
	Name string
	// Addrs are its IP addresses, which a name server has whose name is in a
	// domain that uses the nsset.
	Addrs []string
}

// Fields walks the content of <nsset:ns>.
func (m *NameServer) Fields(x *epp.Codec) {
	epp.Label(x, "name", &m.Name)
	x.SizedList("addr", &m.Addrs, 3, 45)
}

// nameServers are the children <nsset:ns>, at most ten.
func nameServers(x *epp.Codec, v *[]NameServer) {
	epp.Each(x, "ns", v)
	x.AtMost(len(*v), 10, "ns")
}
