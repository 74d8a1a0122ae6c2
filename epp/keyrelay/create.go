package keyrelay

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// Create relays keys to the registrar of a domain (RFC 8063, section 3.2.1).
type Create struct {
	Name         string       // of the domain
	AuthInfo     epp.AuthInfo // of the domain
	KeyRelayData []KeyRelayData
}

// XMLName is keyrelay:create.
func (*Create) XMLName() epp.Name { return epp.Name{Space: NS, Local: "create"} }

// Answer says that the create of a key relay is answered by its result alone.
func (*Create) Answer() *epp.NoData { return new(epp.NoData) }

// Fields walks the content of <keyrelay:create>.
func (m *Create) Fields(x *epp.Codec) { relay(x, &m.Name, &m.AuthInfo, &m.KeyRelayData) }

// relay walks what a create and the message about it have in common.
func relay(x *epp.Codec, name *string, authInfo *epp.AuthInfo, data *[]KeyRelayData) {
	epp.Label(x, "name", name)
	x.Group("authInfo", func() { x.In(domainNS, func() { authInfo.Fields(x) }) })
	epp.Each(x, "keyRelayData", data)
	x.NotEmpty(len(*data), "keyRelayData")
}

// InfData tells the registrar of a domain by a poll message that keys were relayed to
// it (RFC 8063, section 3.1.2).
type InfData struct {
	Name         string
	AuthInfo     epp.AuthInfo
	KeyRelayData []KeyRelayData
	CrDate       time.Time
	ReID         string // who relayed them
	AcID         string // who should act
}

// XMLName is keyrelay:infData.
func (*InfData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "infData"} }

// Fields walks the content of <keyrelay:infData>.
func (m *InfData) Fields(x *epp.Codec) {
	relay(x, &m.Name, &m.AuthInfo, &m.KeyRelayData)
	x.Elem("crDate", epp.DateTime(&m.CrDate))
	epp.ClID(x, "reID", &m.ReID)
	epp.ClID(x, "acID", &m.AcID)
}
