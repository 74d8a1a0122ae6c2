package domain

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// Which hosts the answer to an [Info] is to list.
const (
	HostsAll         = "all" // the default
	HostsDelegated   = "del"
	HostsSubordinate = "sub"
	HostsNone        = "none"
)

// Info asks for what the registry knows of a domain (RFC 5731, section 3.1.2).
type Info struct {
	Name string
	// Hosts is one of the Hosts constants; "" means all.
	Hosts string
	// AuthInfo shows that the sponsor, or the contact that its ROID names, lets
	// the client see everything.
	AuthInfo *epp.AuthInfo
}

// XMLName is domain:info.
func (*Info) XMLName() epp.Name { return epp.Name{Space: NS, Local: "info"} }

// Answer is domain:infData.
func (*Info) Answer() *InfData { return new(InfData) }

// Fields walks the content of <domain:info>.
func (m *Info) Fields(x *epp.Codec) {
	x.Group("name", func() {
		x.OptAttr("hosts", epp.Token(&m.Hosts))
		x.Check(m.Hosts == "" || m.Hosts == HostsAll || m.Hosts == HostsDelegated ||
			m.Hosts == HostsSubordinate || m.Hosts == HostsNone, "@hosts", "must be all, del, sub or none")
		x.Text(epp.Token(&m.Name))
	})
	epp.Maybe(x, "authInfo", &m.AuthInfo)
}

// InfData is what the registry tells of a domain.
type InfData struct {
	Name       string
	ROID       string
	Status     []epp.Status
	Registrant string
	Contacts   []Contact
	NS         *NameServers
	Hosts      []string // subordinate hosts
	ClID, CrID string   // sponsor and creator
	CrDate     time.Time
	UpID       string // who updated it last
	UpDate     time.Time
	ExDate     time.Time
	TrDate     time.Time
	AuthInfo   *epp.AuthInfo
}

// XMLName is domain:infData.
func (*InfData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "infData"} }

// Fields walks the content of <domain:infData>.
func (m *InfData) Fields(x *epp.Codec) {
	x.Elem("name", epp.Token(&m.Name))
	x.Elem("roid", epp.Token(&m.ROID))
	epp.Each(x, "status", &m.Status)
	x.Opt("registrant", epp.Token(&m.Registrant))
	epp.Each(x, "contact", &m.Contacts)
	epp.Maybe(x, "ns", &m.NS)
	x.List("host", &m.Hosts)
	x.Elem("clID", epp.Token(&m.ClID))
	x.Opt("crID", epp.Token(&m.CrID))
	x.Opt("crDate", epp.DateTime(&m.CrDate))
	x.Opt("upID", epp.Token(&m.UpID))
	x.Opt("upDate", epp.DateTime(&m.UpDate))
	x.Opt("exDate", epp.DateTime(&m.ExDate))
	x.Opt("trDate", epp.DateTime(&m.TrDate))
	epp.Maybe(x, "authInfo", &m.AuthInfo)
}

// Contact ties a contact to a domain in a role.
type Contact struct {
	Type string // admin, billing or tech; may be ""
	ID   string
}

// Fields walks the content of <domain:contact>.
func (m *Contact) Fields(x *epp.Codec) {
	x.OptAttr("type", epp.Token(&m.Type))
	x.Text(epp.Token(&m.ID))
}

// NameServers is a domain's delegation: host objects or host attributes, never
// both (RFC 5731, section 1.1).
type NameServers struct {
	HostObj  []string
	HostAttr []HostAttr
}

// Fields walks the content of <domain:ns>.
func (m *NameServers) Fields(x *epp.Codec) {
	x.List("hostObj", &m.HostObj)
	epp.Each(x, "hostAttr", &m.HostAttr)
	x.Check((len(m.HostObj) == 0) != (len(m.HostAttr) == 0), "",
		"must hold hostObj or hostAttr, and not both")
}

// HostAttr is a name server with its addresses.
type HostAttr struct {
	HostName string
	HostAddr []HostAddr
}

// Fields walks the content of <domain:hostAttr>.
func (m *HostAttr) Fields(x *epp.Codec) {
	x.Elem("hostName", epp.Token(&m.HostName))
	epp.Each(x, "hostAddr", &m.HostAddr)
}

// HostAddr is an address of a name server.
type HostAddr struct {
	IP   string // v4 or v6; "" is v4
	Addr string
}

// Fields walks the content of <domain:hostAddr>.
func (m *HostAddr) Fields(x *epp.Codec) {
	x.OptAttr("ip", epp.Token(&m.IP))
	x.Text(epp.Token(&m.Addr))
}
