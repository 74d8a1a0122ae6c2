package org

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// PanData tells by a poll message what became of a command that was pending (RFC 8543,
// section 4.3).
type PanData struct {
	ID       string
	PaResult bool     // whether the action was approved and completed
	PaTRID   epp.TrID // of the command
	PaDate   time.Time
}

// XMLName is org:panData.
func (*PanData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "panData"} }

// Fields walks the content of <org:panData>.
func (m *PanData) Fields(x *epp.Codec) {
	epp.Verdict(x, "id", &m.ID, "paResult", &m.PaResult)
	x.Length("id", m.ID, 3, 16)
	epp.One(x, "paTRID", &m.PaTRID)
	x.Elem("paDate", epp.DateTime(&m.PaDate))
}
