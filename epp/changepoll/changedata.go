package changepoll

import (
	"slices"
	"time"

	"github.com/eppkit/eppkit/epp"
)

// The states of a [ChangeData] (RFC 8590, section 2.2).
const (
	Before = "before"
	After  = "after"
)

// ChangeData says what was done to the object that the answer to a poll holds (RFC
// 8590, section 3.1.2).
type ChangeData struct {
	// State is Before or After: whether the object is shown as it was before the
	// operation or as it is after it; "" is After. When a server tells both, the
	// message of before comes first.
	State     string
	Operation Operation
	Date      time.Time // of the operation
	SvTRID    string    // of the operation, as the server named it
	Who       string    // who did it, in words for people
	CaseID    *CaseID
	Reason    *epp.Reason
}

// XMLName is changePoll:changeData.
func (*ChangeData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "changeData"} }

// Fields walks the content of <changePoll:changeData>.
func (m *ChangeData) Fields(x *epp.Codec) {
	if x.OptAttr("state", epp.Token(&m.State)) {
		x.Check(m.State == Before || m.State == After, "@state", "must be before or after")
	}
	epp.One(x, "operation", &m.Operation)
	x.Elem("date", epp.DateTime(&m.Date))
	epp.TRID(x, "svTRID", &m.SvTRID)
	x.Elem("who", epp.String(&m.Who))
	x.StringLength("who", m.Who, 1, 255)
	epp.Maybe(x, "caseId", &m.CaseID)
	epp.Maybe(x, "reason", &m.Reason)
}

// The operations (RFC 8590, section 2.1).
const (
	Create     = "create"
	Delete     = "delete"
	Renew      = "renew"
	Transfer   = "transfer"
	Update     = "update"
	Restore    = "restore"
	AutoRenew  = "autoRenew"
	AutoDelete = "autoDelete"
	AutoPurge  = "autoPurge"
	Custom     = "custom" // Op says which
)

var operations = []string{
	Create, Delete, Renew, Transfer, Update, Restore, AutoRenew, AutoDelete, AutoPurge, Custom,
}

// Operation is what was done.
type Operation struct {
	Name string // one of the constants
	// Op says more: the op of a transfer or a restore, purge for a delete that
	// left nothing, the name of a custom operation.
	Op string
}

// Fields walks the attribute and the text.
func (m *Operation) Fields(x *epp.Codec) {
	x.OptAttr("op", epp.Token(&m.Op))
	x.Text(epp.Token(&m.Name))
	x.Check(slices.Contains(operations, epp.Collapse(m.Name)), "", "is not an operation of RFC 8590")
}

// The types of a [CaseID] besides Custom.
const (
	UDRP = "udrp" // Uniform Domain-Name Dispute-Resolution Policy
	URS  = "urs"  // Uniform Rapid Suspension
)

// CaseID names the case that the change belongs to.
type CaseID struct {
	Type string // UDRP, URS or Custom
	Name string // of a custom type
	ID   string
}

// Fields walks the attributes and the text.
func (m *CaseID) Fields(x *epp.Codec) {
	x.Attr("type", epp.Token(&m.Type))
	x.Check(m.Type == UDRP || m.Type == URS || m.Type == Custom, "@type", "must be udrp, urs or custom")
	x.OptAttr("name", epp.Token(&m.Name))
	x.Text(epp.Token(&m.ID))
}
