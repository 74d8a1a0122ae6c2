package keyset

import (
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/internal/fredcom"
)

// Transfer makes the client the sponsor of a keyset. It takes effect at once.
type Transfer struct {
	Op       string // epp.TransferRequest; FRED refuses the other operations
	ID       string
	AuthInfo epp.Secret // of the keyset or of one of its technical contacts
}

// XMLName is keyset:transfer.
func (*Transfer) XMLName() epp.Name { return epp.Name{Space: NS, Local: "transfer"} }

// Answer says that a transfer is answered by its result alone.
func (*Transfer) Answer() *epp.NoData { return new(epp.NoData) }

// TransferOp returns Op, which the command around the element holds.
func (m *Transfer) TransferOp() *string { return &m.Op }

// Fields walks the content of <keyset:transfer>.
func (m *Transfer) Fields(x *epp.Codec) {
	epp.Label(x, "id", &m.ID)
	fredcom.AuthInfo(x, &m.AuthInfo)
}

// TrnData is the poll message that a keyset was transferred away.
type TrnData struct {
	ID     string
	TrDate time.Time // a day: midnight in UTC
	ClID   string    // the new sponsor
}

// XMLName is keyset:trnData.
func (*TrnData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "trnData"} }

// Fields walks the content of <keyset:trnData>.
func (m *TrnData) Fields(x *epp.Codec) {
	fredcom.Handle(x, &m.ID)
	x.Elem("trDate", epp.Date(&m.TrDate))
	epp.ClID(x, "clID", &m.ClID)
}
