package domain

import (
	"fmt"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/internal/fredcom"
)

// Transfer makes the client the sponsor of a domain, at once. The domain expires when
// it would have, and its contacts keep their sponsors.
type Transfer struct {
	Op   string // epp.TransferRequest; FRED refuses the others
	Name string
	// AuthInfo is that of the domain, of its registrant or of one of its
	// administrative contacts; at most 300 characters.
	AuthInfo epp.Secret
}

// Format leaves out the secret, as that of [epp.AuthInfo] does.
func (m Transfer) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "domain.Transfer(%s %s)", m.Op, m.Name) }

// XMLName is domain:transfer.
func (*Transfer) XMLName() epp.Name { return epp.Name{Space: NS, Local: "transfer"} }

// TransferOp returns the field that says which operation is meant.
func (m *Transfer) TransferOp() *string { return &m.Op }

// Answer says that a transfer is answered by its result alone.
func (*Transfer) Answer() *epp.NoData { return new(epp.NoData) }

// Fields walks the content of <domain:transfer>.
func (m *Transfer) Fields(x *epp.Codec) {
	name(x, &m.Name)
	fredcom.AuthInfo(x, &m.AuthInfo)
}

// TrnData is the poll message that another client has become a domain's sponsor.
type TrnData struct {
	Name   string
	TrDate time.Time // a day
	ClID   string    // the new sponsor
}

// XMLName is domain:trnData.
func (*TrnData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "trnData"} }

// Fields walks the content of <domain:trnData>.
func (m *TrnData) Fields(x *epp.Codec) {
	name(x, &m.Name)
	x.Elem("trDate", epp.Date(&m.TrDate))
	epp.ClID(x, "clID", &m.ClID)
}
