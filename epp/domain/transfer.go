package domain

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// Transfer asks for a domain to change its sponsor, decides about that, or asks how
// it goes (RFC 5731, sections 3.1.3 and 3.2.4). Its subordinate hosts go with it.
type Transfer struct {
	// Op is one of the Transfer constants of package epp, such as
	// [epp.TransferRequest]. It is written around the element, not in it.
	Op   string
	Name string
	// Period is what a request adds to the registration; nil leaves it to the
	// server.
	Period *epp.Period
	// AuthInfo shows that the sponsor, or the contact that its ROID names,
	// agrees. The schema lets it be absent; a request without one is refused.
	AuthInfo *epp.AuthInfo
}

// XMLName is domain:transfer.
func (*Transfer) XMLName() epp.Name { return epp.Name{Space: NS, Local: "transfer"} }

// TransferOp is where Op is.
func (m *Transfer) TransferOp() *string { return &m.Op }

// Answer is domain:trnData.
func (*Transfer) Answer() *TrnData { return new(TrnData) }

// Fields walks the content of <domain:transfer>.
func (m *Transfer) Fields(x *epp.Codec) {
	epp.Label(x, "name", &m.Name)
	epp.Maybe(x, "period", &m.Period)
	epp.Maybe(x, "authInfo", &m.AuthInfo)
}

// TrnData tells how a transfer goes.
type TrnData struct {
	Name     string
	TrStatus string // one of the Tr constants of package epp
	ReID     string // who asked for the transfer
	ReDate   time.Time
	// AcID and AcDate are, while the transfer is pending, who has to answer and
	// by when; afterwards, who did and when.
	AcID   string
	AcDate time.Time
	// ExDate is when the registration expires, if the transfer changes it.
	ExDate time.Time
}

// XMLName is domain:trnData.
func (*TrnData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "trnData"} }

// Fields walks the content of <domain:trnData>.
func (m *TrnData) Fields(x *epp.Codec) {
	epp.Label(x, "name", &m.Name)
	epp.TrStatus(x, &m.TrStatus)
	epp.ClID(x, "reID", &m.ReID)
	x.Elem("reDate", epp.DateTime(&m.ReDate))
	epp.ClID(x, "acID", &m.AcID)
	x.Elem("acDate", epp.DateTime(&m.AcDate))
	x.Opt("exDate", epp.DateTime(&m.ExDate))
}
