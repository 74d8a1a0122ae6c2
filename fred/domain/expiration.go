package domain

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// ImpendingExpData is the poll message that a domain is about to expire.
type ImpendingExpData struct {
	Name   string
	ExDate time.Time // the day it will
}

// XMLName is domain:impendingExpData.
func (*ImpendingExpData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "impendingExpData"} }

// Fields walks the content of <domain:impendingExpData>.
func (m *ImpendingExpData) Fields(x *epp.Codec) { expiry(x, &m.Name, &m.ExDate) }

// ExpData is the poll message that a domain has expired.
type ExpData struct {
	Name   string
	ExDate time.Time // the day it did
}

// XMLName is domain:expData.
func (*ExpData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "expData"} }

// Fields walks the content of <domain:expData>.
func (m *ExpData) Fields(x *epp.Codec) { expiry(x, &m.Name, &m.ExDate) }

// DNSOutageData is the poll message that an expired domain was taken out of the zone.
type DNSOutageData struct {
	Name   string
	ExDate time.Time // the day it expired
}

// XMLName is domain:dnsOutageData.
func (*DNSOutageData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "dnsOutageData"} }

// Fields walks the content of <domain:dnsOutageData>.
func (m *DNSOutageData) Fields(x *epp.Codec) { expiry(x, &m.Name, &m.ExDate) }

// expiry is what the messages about the end of a domain hold.
func expiry(x *epp.Codec, domain *string, exDate *time.Time) {
	name(x, domain)
	x.Elem("exDate", epp.Date(exDate))
}
