package fred

import (
	"strings"

	"github.com/eppkit/eppkit/epp"
)

// CreditInfo asks how much credit the client has left.
type CreditInfo struct{}

// XMLName is fred:creditInfo.
func (*CreditInfo) XMLName() epp.Name { return epp.Name{Space: NS, Local: "creditInfo"} }

// Answer is fred:resCreditInfo.
func (*CreditInfo) Answer() *ResCreditInfo { return new(ResCreditInfo) }

// Envelope is fred:extcommand.
func (m *CreditInfo) Envelope(clTRID string) epp.Element {
	return &ExtCommand{Command: m, ClTRID: clTRID}
}

// IsQuery says that asking for it changes nothing.
func (*CreditInfo) IsQuery() bool { return true }

// Fields has nothing to walk, and passes over content, which the schema allows.
func (*CreditInfo) Fields(x *epp.Codec) { x.IgnoreContent() }

// ResCreditInfo is the client's credit in each zone it may register in.
type ResCreditInfo struct{ ZoneCredit []ZoneCredit }

// XMLName is fred:resCreditInfo.
func (*ResCreditInfo) XMLName() epp.Name { return epp.Name{Space: NS, Local: "resCreditInfo"} }

// Fields walks the content of <fred:resCreditInfo>.
func (m *ResCreditInfo) Fields(x *epp.Codec) { epp.Each(x, "zoneCredit", &m.ZoneCredit) }

// ZoneCredit is an amount for one zone.
type ZoneCredit struct {
	Zone string // as in "cz"
	// Credit is a decimal number of at most ten digits, two of them after the
	// point. It is a string so that it is never rounded.
	Credit string
}

// Fields walks the content of <fred:zoneCredit>, and of the others of its type.
func (m *ZoneCredit) Fields(x *epp.Codec) {
	epp.Label(x, "zone", &m.Zone)
	amount(x, "credit", &m.Credit)
}

// LowCreditData is the poll message that the client's credit in a zone has fallen below
// a limit.
type LowCreditData struct {
	Zone          string
	Limit, Credit ZoneCredit
}

// XMLName is fred:lowCreditData.
func (*LowCreditData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "lowCreditData"} }

// Fields walks the content of <fred:lowCreditData>.
func (m *LowCreditData) Fields(x *epp.Codec) {
	epp.Label(x, "zone", &m.Zone)
	epp.One(x, "limit", &m.Limit)
	epp.One(x, "credit", &m.Credit)
}

// amount is a child that holds an amount of money (amountType).
func amount(x *epp.Codec, local string, v *string) {
	x.Elem(local, epp.Decimal(v))
	x.Check(isAmount(*v), local, "may have ten digits at most, two of them after the point")
}

// isAmount counts the digits of a decimal number that matter.
func isAmount(s string) bool {
	whole, fraction, _ := strings.Cut(strings.TrimLeft(s, "+-"), ".")
	whole, fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	return len(fraction) <= 2 && len(whole)+len(fraction) <= 10
}
