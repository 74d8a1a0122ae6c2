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
	x.Length("name", m.Name, 1, 255)
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
	epp.Label(x, "name", &m.Name)
	epp.ROID(x, &m.ROID)
	status(x, &m.Status)
	epp.OptClID(x, "registrant", &m.Registrant)
	epp.Each(x, "contact", &m.Contacts)
	epp.Maybe(x, "ns", &m.NS)
	epp.Labels(x, "host", &m.Hosts)
	epp.ClID(x, "clID", &m.ClID)
	epp.OptClID(x, "crID", &m.CrID)
	x.Opt("crDate", epp.DateTime(&m.CrDate))
	epp.OptClID(x, "upID", &m.UpID)
	x.Opt("upDate", epp.DateTime(&m.UpDate))
	x.Opt("exDate", epp.DateTime(&m.ExDate))
	x.Opt("trDate", epp.DateTime(&m.TrDate))
	epp.Maybe(x, "authInfo", &m.AuthInfo)
}

// The roles of a contact (RFC 5731, section 2.2).
const (
	Admin   = "admin"
	Billing = "billing"
	Tech    = "tech"
)

// Contact ties a contact to a domain in a role.
type Contact struct {
	Type string // Admin, Billing or Tech; may be ""
	ID   string
}

// Fields walks the content of <domain:contact>.
func (m *Contact) Fields(x *epp.Codec) {
	x.OptAttr("type", epp.Token(&m.Type))
	x.Check(m.Type == "" || m.Type == Admin || m.Type == Billing || m.Type == Tech,
		"@type", "must be admin, billing or tech")
	x.Text(epp.Token(&m.ID))
	x.Length("", m.ID, 3, 16)
}

// NameServers is a domain's delegation: host objects or host attributes, never
// both (RFC 5731, section 1.1).
type NameServers struct {
	HostObj  []string
	HostAttr []HostAttr
}

// Fields walks the content of <domain:ns>.
func (m *NameServers) Fields(x *epp.Codec) {
	epp.Labels(x, "hostObj", &m.HostObj)
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
	epp.Label(x, "hostName", &m.HostName)
	epp.Each(x, "hostAddr", &m.HostAddr)
}

// The versions of an address (RFC 5732, section 2.5).
const (
	V4 = "v4"
	V6 = "v6"
)

// HostAddr is an address of a name server.
type HostAddr struct {
	IP   string // V4 or V6; "" is V4
	Addr string
}

// Fields walks the content of <domain:hostAddr>.
func (m *HostAddr) Fields(x *epp.Codec) {
	x.OptAttr("ip", epp.Token(&m.IP))
	x.Check(m.IP == "" || m.IP == V4 || m.IP == V6, "@ip", "must be v4 or v6")
	x.Text(epp.Token(&m.Addr))
	x.Length("", m.Addr, 3, 45)
}
