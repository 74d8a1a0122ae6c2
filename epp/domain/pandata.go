package domain

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// PanData tells in a queued message how a command ended that was answered with
// [epp.ActionPending] (RFC 5731, section 3.3).
type PanData struct {
	Name     string
	PaResult bool     // whether it was done
	PaTRID   epp.TrID // of the command, not of the message
	PaDate   time.Time
}

// XMLName is domain:panData.
func (*PanData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "panData"} }

// Fields walks the content of <domain:panData>.
func (m *PanData) Fields(x *epp.Codec) {
	epp.Verdict(x, "name", &m.Name, "paResult", &m.PaResult)
	x.Length("name", m.Name, 1, 255)
	epp.One(x, "paTRID", &m.PaTRID)
	x.Elem("paDate", epp.DateTime(&m.PaDate))
}
