package contact

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// PanData tells in a queued message how a command ended that was answered with
// [epp.ActionPending] (RFC 5733, section 3.3).
type PanData struct {
	ID       string
	PaResult bool     // whether it was done
	PaTRID   epp.TrID // of the command, not of the message
	PaDate   time.Time
}

// XMLName is contact:panData.
func (*PanData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "panData"} }

// Fields walks the content of <contact:panData>.
func (m *PanData) Fields(x *epp.Codec) {
	epp.Verdict(x, "id", &m.ID, "paResult", &m.PaResult)
	x.Length("id", m.ID, 3, 16)
	epp.One(x, "paTRID", &m.PaTRID)
	x.Elem("paDate", epp.DateTime(&m.PaDate))
}
