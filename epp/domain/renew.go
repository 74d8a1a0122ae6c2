package domain

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// Renew extends the registration of a domain (RFC 5731, section 3.2.3).
type Renew struct {
	Name string
	// CurExpDate is the day on which the registration expires now. A server
	// refuses another one, so that a renewal that is sent twice is done once.
	CurExpDate time.Time
	// Period is for how long; nil leaves it to the server.
	Period *epp.Period
}

// XMLName is domain:renew.
func (*Renew) XMLName() epp.Name { return epp.Name{Space: NS, Local: "renew"} }

// Answer is domain:renData.
func (*Renew) Answer() *RenData { return new(RenData) }

// Fields walks the content of <domain:renew>.
func (m *Renew) Fields(x *epp.Codec) {
	epp.Label(x, "name", &m.Name)
	x.Elem("curExpDate", epp.Date(&m.CurExpDate))
	epp.Maybe(x, "period", &m.Period)
}

// RenData tells until when a domain is registered now.
type RenData struct {
	Name   string
	ExDate time.Time
}

// XMLName is domain:renData.
func (*RenData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "renData"} }

// Fields walks the content of <domain:renData>.
func (m *RenData) Fields(x *epp.Codec) {
	epp.Label(x, "name", &m.Name)
	x.Opt("exDate", epp.DateTime(&m.ExDate))
}
