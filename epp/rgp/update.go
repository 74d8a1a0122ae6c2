package rgp

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// The operations of a [Restore].
const (
	OpRequest = "request" // ask for the domain
	OpReport  = "report"  // tell why, as the registry asks for
)

// Update restores a deleted domain (RFC 3915, section 4.2.5). It extends an update of
// the domain that has an add, rem or chg with nothing in it.
type Update struct{ Restore Restore }

// XMLName is rgp:update.
func (*Update) XMLName() epp.Name { return epp.Name{Space: NS, Local: "update"} }

// Fields walks the content of <rgp:update>.
func (m *Update) Fields(x *epp.Codec) { epp.One(x, "restore", &m.Restore) }

// Restore is one of the two steps of a restore.
type Restore struct {
	Op string // OpRequest or OpReport
	// Report belongs to OpReport. The schema lets it be absent; the text does not.
	Report *Report
}

// Fields walks the content of <rgp:restore>.
func (m *Restore) Fields(x *epp.Codec) {
	x.Attr("op", epp.Token(&m.Op))
	x.Check(m.Op == OpRequest || m.Op == OpReport, "@op", "must be request or report")
	epp.Maybe(x, "report", &m.Report)
}

// Report says what was restored and why. Its texts may hold elements of any kind.
type Report struct {
	// PreData and PostData are the registration data before the deletion and
	// after the restore.
	PreData, PostData epp.Mixed
	DelTime           time.Time // of the delete command
	ResTime           time.Time // of the restore request
	ResReason         epp.Msg
	// Statement holds the two declarations that the registry asks for. The schema
	// lets one do.
	Statement []epp.Msg
	// Other supports the statements; nil for nothing.
	Other *epp.Mixed
}

// Fields walks the content of <rgp:report>.
func (m *Report) Fields(x *epp.Codec) {
	epp.One(x, "preData", &m.PreData)
	epp.One(x, "postData", &m.PostData)
	x.Elem("delTime", epp.DateTime(&m.DelTime))
	x.Elem("resTime", epp.DateTime(&m.ResTime))
	epp.One(x, "resReason", &m.ResReason)
	epp.Each(x, "statement", &m.Statement)
	x.NotEmpty(len(m.Statement), "statement")
	x.AtMost(len(m.Statement), 2, "statement")
	epp.Maybe(x, "other", &m.Other)
}
