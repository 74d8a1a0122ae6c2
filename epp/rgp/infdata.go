package rgp

import (
	"slices"

	"github.com/eppkit/eppkit/epp"
)

// The states of a domain (RFC 3915, section 3.1). PendingDelete is another one than
// the pendingDelete of RFC 5731, which a domain has in all of the last three.
const (
	AddPeriod        = "addPeriod"
	AutoRenewPeriod  = "autoRenewPeriod"
	RenewPeriod      = "renewPeriod"
	TransferPeriod   = "transferPeriod"
	RedemptionPeriod = "redemptionPeriod"
	PendingRestore   = "pendingRestore"
	PendingDelete    = "pendingDelete"
)

var statuses = []string{
	AddPeriod, AutoRenewPeriod, RenewPeriod, TransferPeriod, RedemptionPeriod, PendingRestore, PendingDelete,
}

// InfData says in which grace periods a domain is (RFC 3915, section 4.1.2).
type InfData struct{ RGPStatus []epp.Status }

// XMLName is rgp:infData.
func (*InfData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "infData"} }

// Fields walks the content of <rgp:infData>.
func (m *InfData) Fields(x *epp.Codec) { status(x, &m.RGPStatus) }

// UpData answers a restore request; the answer to a report has none (RFC 3915,
// section 4.2.5).
type UpData struct{ RGPStatus []epp.Status }

// XMLName is rgp:upData.
func (*UpData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "upData"} }

// Fields walks the content of <rgp:upData>.
func (m *UpData) Fields(x *epp.Codec) { status(x, &m.RGPStatus) }

func status(x *epp.Codec, v *[]epp.Status) {
	epp.Each(x, "rgpStatus", v)
	x.NotEmpty(len(*v), "rgpStatus")
	for _, s := range *v {
		x.Check(slices.Contains(statuses, epp.Collapse(s.S)), "rgpStatus", "is not one that the extension has")
	}
}
