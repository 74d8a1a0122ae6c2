package contact

import (
	"fmt"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/internal/fredcom"
)

// Transfer makes the client the sponsor of a contact, at once.
type Transfer struct {
	Op       string // epp.TransferRequest; FRED refuses the others
	ID       string
	AuthInfo epp.Secret // at most 300 characters
}

// Format leaves out the secret, as that of [epp.AuthInfo] does.
func (m Transfer) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "contact.Transfer(%s %s)", m.Op, m.ID) }

// XMLName is contact:transfer.
func (*Transfer) XMLName() epp.Name { return epp.Name{Space: NS, Local: "transfer"} }

// TransferOp returns the field that says which operation is meant.
func (m *Transfer) TransferOp() *string { return &m.Op }

// Answer says that a transfer is answered by its result alone.
func (*Transfer) Answer() *epp.NoData { return new(epp.NoData) }

// Fields walks the content of <contact:transfer>.
func (m *Transfer) Fields(x *epp.Codec) {
	fredcom.Handle(x, &m.ID)
	fredcom.AuthInfo(x, &m.AuthInfo)
}

// TrnData is the poll message that another client has become a contact's sponsor.
type TrnData struct {
	ID     string
	TrDate time.Time // a day
	ClID   string    // the new sponsor
}

// XMLName is contact:trnData.
func (*TrnData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "trnData"} }

// Fields walks the content of <contact:trnData>.
func (m *TrnData) Fields(x *epp.Codec) {
	fredcom.Handle(x, &m.ID)
	x.Elem("trDate", epp.Date(&m.TrDate))
	epp.ClID(x, "clID", &m.ClID)
}
