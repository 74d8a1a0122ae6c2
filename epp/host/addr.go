package host

import "github.com/eppkit/eppkit/epp"

// The versions of an address (RFC 5732, section 2.5).
const (
	V4 = "v4"
	V6 = "v6"
)

// Addr is an address of a host.
type Addr struct {
	IP   string // V4 or V6; "" is V4
	Addr string
}

// Fields walks the content of <host:addr>.
func (m *Addr) Fields(x *epp.Codec) {
	x.OptAttr("ip", epp.Token(&m.IP))
	x.Check(m.IP == "" || m.IP == V4 || m.IP == V6, "@ip", "must be v4 or v6")
	x.Text(epp.Token(&m.Addr))
	x.Length("", m.Addr, 3, 45)
}
