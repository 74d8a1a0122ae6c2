package contact

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// Transfer asks for a contact to change its sponsor, decides about that, or asks how
// it goes (RFC 5733, sections 3.1.3 and 3.2.4).
type Transfer struct {
	// Op is one of the Transfer constants of package epp, such as
	// [epp.TransferRequest]. It is written around the element, not in it.
	Op string
	ID string
	// AuthInfo shows that the sponsor agrees. The schema lets it be absent; a
	// request without one is refused.
	AuthInfo *epp.AuthInfo
}

// XMLName is contact:transfer.
func (*Transfer) XMLName() epp.Name { return epp.Name{Space: NS, Local: "transfer"} }

// TransferOp is where Op is.
func (m *Transfer) TransferOp() *string { return &m.Op }

// Answer is contact:trnData.
func (*Transfer) Answer() *TrnData { return new(TrnData) }

// Fields walks the content of <contact:transfer>.
func (m *Transfer) Fields(x *epp.Codec) {
	epp.ClID(x, "id", &m.ID)
	epp.Maybe(x, "authInfo", &m.AuthInfo)
}

// TrnData tells how a transfer goes.
type TrnData struct {
	ID       string
	TrStatus string // one of the Tr constants of package epp
	ReID     string // who asked for the transfer
	ReDate   time.Time
	// AcID and AcDate are, while the transfer is pending, who has to answer and
	// by when; afterwards, who did and when.
	AcID   string
	AcDate time.Time
}

// XMLName is contact:trnData.
func (*TrnData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "trnData"} }

// Fields walks the content of <contact:trnData>.
func (m *TrnData) Fields(x *epp.Codec) {
	epp.ClID(x, "id", &m.ID)
	epp.TrStatus(x, &m.TrStatus)
	epp.ClID(x, "reID", &m.ReID)
	x.Elem("reDate", epp.DateTime(&m.ReDate))
	epp.ClID(x, "acID", &m.AcID)
	x.Elem("acDate", epp.DateTime(&m.AcDate))
}
