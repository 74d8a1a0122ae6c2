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
	x.Elem("name", epp.Token(&m.Name))
	x.Length("name", m.Name, 1, 255)
	x.List("addr", &m.Addrs)
	for _, a := range m.Addrs {
		x.Length("addr", a, 3, 45)
	}
}

// nameServers are the children <nsset:ns>, at most ten.
func nameServers(x *epp.Codec, v *[]NameServer) {
	epp.Each(x, "ns", v)
	x.Check(len(*v) <= 10, "ns", "may occur ten times at most")
}
