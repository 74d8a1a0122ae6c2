package domain

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// Renew lets a domain expire later.
type Renew struct {
	Name string
	// CurExpDate is the day on which the domain would expire now, so that a Renew
	// that is sent again is refused.
	CurExpDate time.Time
	Period     *epp.Period // nil is the shortest that the zone has
}

// XMLName is domain:renew.
func (*Renew) XMLName() epp.Name { return epp.Name{Space: NS, Local: "renew"} }

// Answer is domain:renData.
func (*Renew) Answer() *RenData { return new(RenData) }

// Fields walks the content of <domain:renew>.
func (m *Renew) Fields(x *epp.Codec) {
	name(x, &m.Name)
	x.Elem("curExpDate", epp.Date(&m.CurExpDate))
	epp.Maybe(x, "period", &m.Period)
}

// RenData says when a domain that was renewed expires.
type RenData struct {
	Name   string
	ExDate time.Time // a day
}

// XMLName is domain:renData.
func (*RenData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "renData"} }

// Fields walks the content of <domain:renData>.
func (m *RenData) Fields(x *epp.Codec) {
	name(x, &m.Name)
	x.Opt("exDate", epp.Date(&m.ExDate))
}
